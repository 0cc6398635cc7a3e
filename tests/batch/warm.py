"""Loads and compiles all that a region needs, for processes to be forked from."""

from __future__ import annotations

from pcn_group.batch.work import compile_kernels

compile_kernels()
