"""Plans without costs: whether there is any, which is far less to ask than which is the cheapest.

A price of travel is what a bound rises from, and where no plan keeps the rules it has to rise above
what any plan could cost before that is known. Without costs the first bound above nothing will do.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pcn_group.base.progress import OnProgress, Progress
from pcn_group.region.alignment import Alignment
from pcn_group.region.problem import FORBIDDEN, Problem, free_of_cost
from pcn_group.solver.bound.relaxation import Proof
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.moves_pricing import rooted
from pcn_group.solver.search.search import Outcome, search
from pcn_group.solver.search.state import ANY_PLAN, Effort

__all__ = ["any_plan", "costless", "multiplied"]


def costless(problem: Problem, alignment: Alignment | None) -> Instance:
    """Return an instance in which nothing costs but what this alignment says.

    Where any practice may be the hub of any other, hubs mean nothing. There a network is found from
    its first practice only.
    """
    free = replace(free_of_cost(problem), alignment=alignment)
    cost = np.where(problem.cost < FORBIDDEN, 0, FORBIDDEN)
    if cost[:, : len(problem.codes)].any():
        return build_instance(replace(free, cost=cost, sites=problem.sites))
    instance = build_instance(free)
    if instance.size == 0:
        return instance
    everyone = np.ones(len(instance.practices), dtype=np.bool_)
    return replace(instance, region=rooted(instance.region, everyone))


def any_plan(problem: Problem, effort: Effort, on_progress: OnProgress) -> Outcome:
    """Find some plan that keeps the rules, or prove that there is none."""
    alignment = problem.alignment and replace(problem.alignment, price=0)
    return search(
        costless(problem, alignment),
        replace(effort, gap=ANY_PLAN),
        lambda _: on_progress(Progress("first plans", None, None)),
        is_part=True,
    )


def multiplied(proof: Proof, beyond: int) -> Proof:
    """Return a proof that nothing is free of cost, as one that nothing costs `beyond` or less.

    What no candidate undercuts without costs, none does with them, however often it is taken.
    """
    times = beyond // proof.bound + 1
    return replace(
        proof,
        duals=times * proof.duals,
        cut_duals=times * proof.cut_duals,
        limit_duals=times * proof.limit_duals,
    )
