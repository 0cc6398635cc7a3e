"""The compiled kernels: whether numba's cache has them, or can have them; and compiling all.

The first run on a machine compiles for a while, and two processes are done in half the time: a
second one compiles for the cache all but the longest kernels, which this one does meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from pcn_group.base.jit import cache_folder, is_kept
from pcn_group.config.model import Search
from pcn_group.region.problem import Problem, SizeRule
from pcn_group.solver.assignment.search import assign, may_be_for
from pcn_group.solver.bound.cuts import (
    Cut,
    CutDualTable,
    cut_dual_table,
    reduced_costs,
    violated_cuts,
)
from pcn_group.solver.bound.kernel import enumerate_hub, enumerate_linked
from pcn_group.solver.bound.pricing import Pricer, Request
from pcn_group.solver.bound.relaxation import Proof
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.near_optimal.enumeration import Plans, farthest_first, list_partitions
from pcn_group.solver.search.anneal import anneal
from pcn_group.solver.search.set_partitioning import Node
from pcn_group.solver.search.state import Effort
from pcn_group.verify.bound import compile_verifier

__all__ = [
    "can_be_kept",
    "compile_kernels",
    "compile_listing",
    "compile_once",
    "compile_rest",
    "is_first_run",
]


def can_be_kept() -> bool:
    """Whether there is a folder for numba's cache, so that later runs need not compile again."""
    return cache_folder(enumerate_hub) is not None


def is_first_run(problem: Problem | None = None) -> bool:
    """Whether kernels are still to be compiled that numba's cache then has for later runs.

    Parameters
    ----------
    problem
        As for `compile_kernels`.
    """
    is_whole = is_kept(enumerate_hub) and (
        not _has_pair_rules(problem) or is_kept(enumerate_linked)
    )
    return can_be_kept() and not is_whole


def _has_pair_rules(problem: Problem | None) -> bool:
    return problem is None or bool(problem.together or problem.apart)


def compile_kernels(problem: Problem | None = None) -> None:
    """Run the kernels once on three practices, so that no time limit pays for compiling.

    Parameters
    ----------
    problem
        Without rules about pairs of practices it does not need the kernel for those, nor without
        large networks those of the engine for them. Without a problem all are run.
    """
    compile_once(
        has_pair_rules=_has_pair_rules(problem),
        is_for_large=problem is None or may_be_for(problem),
        is_first=is_first_run(problem),
    )


@cache
def compile_once(*, has_pair_rules: bool, is_for_large: bool, is_first: bool) -> None:
    """Do so, once in a process: many questions are answered by many searches."""
    with _second_process(is_for_large) if is_first else contextlib.nullcontext():
        instance = _three_practices()
        _compile_enumeration(instance)
        if has_pair_rules:
            _compile_enumeration(build_instance(replace(instance.problem, apart=((0, 2),))))
    compile_rest(is_for_large=is_for_large)


@contextlib.contextmanager
def _second_process(is_for_large: bool) -> Iterator[None]:  # noqa: FBT001 - its only argument
    """Have a second process compile the rest meanwhile; if there is none, this one has to."""
    process = _begun(
        "from pcn_group.solver.compiled import compile_rest; "
        f"compile_rest(is_for_large={is_for_large})"
    )
    if process is None:
        yield
        return
    with process:
        try:
            yield
        except BaseException:
            process.kill()
            raise


def _begun(program: str) -> subprocess.Popen[bytes] | None:
    """Return a process that runs a program, unless there is no core for it, or no Python."""
    if (os.cpu_count() or 1) < 2 or not sys.executable:
        return None
    silent = subprocess.DEVNULL
    command = [sys.executable, "-c", program]
    try:
        return subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent)  # noqa: S603 - our own words
    except OSError:
        return None


def _three_practices() -> Instance:
    return build_instance(
        Problem(
            codes=("A", "B", "C"),
            weights=np.array([1, 1, 1]),
            cost=np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]]),
            neighbours=((1,), (0, 2), (1,)),
            size=SizeRule(1, 3, 1, 3),
            max_practices=3,
        )
    )


def _compile_enumeration(instance: Instance) -> None:
    pricer = Pricer(instance, workers=1, deadline=time.monotonic() + 3600)
    try:
        pricer.price(Request(np.zeros(3, dtype=np.int64), _cut_duals(), 10))
    finally:
        pricer.close()


def _cut_duals() -> CutDualTable:
    return cut_dual_table(3, [Cut((0, 1, 2), (1, 1, 1), 2)], np.array([1]))


def compile_rest(*, is_for_large: bool) -> None:
    """Run all kernels of a search once but those that list candidates, which take the longest.

    Parameters
    ----------
    is_for_large
        Whether the engine for large networks is to be compiled as well.
    """
    duals, columns = np.zeros(3, dtype=np.int64), Columns.of([[0, 1], [1, 2]], [1, 1])
    reduced_costs(columns.starts, columns.members, columns.costs, duals, _cut_duals())
    violated_cuts(columns, np.array([0.5, 0.5]), 3, (), 1)
    instance = _three_practices()
    anneal(instance, 2, 1, np.zeros(1, dtype=np.int64))
    _two_plans()
    compile_verifier()
    if is_for_large:
        assign(instance, Effort.starting_now(Search()), lambda _: None)


def compile_listing() -> None:
    """Do the same for what compares the plans that are listed."""
    farthest_first(_two_plans().labels, np.array([1, 1]), 2)


def _two_plans() -> Plans:
    nothing = np.zeros(0, dtype=np.int64)
    node = Node(Columns.of([[0], [1], [0, 1]], [1, 1, 1]), Proof(np.array([1, 0]), (), nothing))
    return list_partitions(node, 2, 2, most=2, effort=100).plans
