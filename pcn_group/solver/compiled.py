"""The compiled kernels: whether numba's cache has them, or can have them; and compiling all."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from pcn_group.base.jit import cache_folder, is_kept
from pcn_group.config.model import Search
from pcn_group.region.problem import Problem, SizeRule
from pcn_group.solver.assignment.search import assign, is_for
from pcn_group.solver.bound.cuts import Cut, cut_dual_table, reduced_costs, violated_cuts
from pcn_group.solver.bound.kernel import enumerate_hub, enumerate_linked
from pcn_group.solver.bound.pricing import Pricer, Request
from pcn_group.solver.bound.relaxation import Proof
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import build_instance
from pcn_group.solver.near_optimal.enumeration import farthest_first, list_partitions
from pcn_group.solver.search.anneal import anneal
from pcn_group.solver.search.set_partitioning import Node
from pcn_group.solver.search.state import Effort

__all__ = ["can_be_kept", "compile_kernels", "compile_listing", "is_first_run"]


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
    instance = build_instance(
        Problem(
            codes=("A", "B", "C"),
            weights=np.array([1, 1, 1]),
            cost=np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]]),
            neighbours=((1,), (0, 2), (1,)),
            size=SizeRule(1, 3, 1, 3),
            max_practices=3,
        )
    )
    duals = np.zeros(3, dtype=np.int64)
    cut_duals = cut_dual_table(3, [Cut((0, 1, 2), (1, 1, 1), 2)], np.array([1]))
    instances = [instance]
    if _has_pair_rules(problem):
        instances.append(build_instance(replace(instance.problem, apart=((0, 2),))))
    for some in instances:
        pricer = Pricer(some, workers=1, deadline=time.monotonic() + 3600)
        try:
            pricer.price(Request(duals, cut_duals, 10))
        finally:
            pricer.close()
    columns = Columns.of([[0, 1], [1, 2]], [1, 1])
    reduced_costs(columns.starts, columns.members, columns.costs, duals, cut_duals)
    violated_cuts(columns, np.array([0.5, 0.5]), 3, (), 1)
    anneal(instance, 2, 1, np.zeros(1, dtype=np.int64))
    if problem is None or is_for(build_instance(problem)):
        assign(instance, Effort.starting_now(Search()), lambda _: None)


def compile_listing() -> None:
    """Do the same for what lists plans and compares them."""
    nothing = np.zeros(0, dtype=np.int64)
    node = Node(Columns.of([[0], [1], [0, 1]], [1, 1, 1]), Proof(np.array([1, 0]), (), nothing))
    plans = list_partitions(node, 2, 2, most=2, effort=100).plans
    farthest_first(plans.labels, np.array([1, 1]), 2)
