"""Loads and compiles all that a region needs: for processes to be forked from, or to find done."""

from __future__ import annotations

from pcn_group.pipeline import compile_all

compile_all()
