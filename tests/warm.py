"""Loads and compiles all that a region needs: for processes to be forked from, or to find done."""

from __future__ import annotations

from pcn_group.batch.work import compile_kernels
from pcn_group.geography.mesh import compile_ways
from pcn_group.solver.compiled import compile_listing
from pcn_group.verify.bound import compile_verifier

compile_kernels()
compile_listing()
compile_ways()
compile_verifier()
