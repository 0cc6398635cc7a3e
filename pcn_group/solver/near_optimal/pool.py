"""Every network that a plan within a tolerance of the best can use, and every such plan.

The certificate of the best plan's bound says which: the reduced costs of a plan's networks add up
to at most what the plan costs above the bound, and none is negative, so none is more than that.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.errors import NoPlanInTimeError
from pcn_group.region.problem import Problem
from pcn_group.solver.band_levels import FigureLevel, Settled, SizeLevel, levels_of, limits_at
from pcn_group.solver.bound.cuts import Cut
from pcn_group.solver.bound.pricing import Pricer
from pcn_group.solver.bound.relaxation import Proof
from pcn_group.solver.columns import Columns, Limit
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.near_optimal.enumeration import Plans, list_partitions
from pcn_group.solver.search.expansion import POOL_LIMIT
from pcn_group.solver.search.search import search
from pcn_group.solver.search.set_partitioning import Node, tightened
from pcn_group.solver.search.state import Effort, Networks
from pcn_group.solver.solution import Solution
from pcn_group.verify.certificate import Certificate

__all__ = ["MOST_PLANS", "Listed", "Pool", "every_plan", "open_pool"]

Int = NDArray[np.int64]

MOST_PLANS, _EFFORT = 10_000, 100_000_000
"""Where a list of all plans ends unfinished: plans, and columns looked at (a second or two)."""


@dataclass(frozen=True)
class Pool:
    """All networks that plans within a tolerance of the best can use.

    Costs are in the terms of the search: without the networks of every plan, and with the price of
    exceptions where the band is relaxed.

    Attributes
    ----------
    instance
        What is grouped; the practices in a network of every plan are not in it.
    node
        The networks as columns, and what bounds the plans made of them.
    best
        The best plan.
    limit
        What a plan within the tolerance costs at the most.
    tolerance
        The tolerance, as a share of the best cost: that asked for, or the first half, quarter and
        so on of it that few enough networks are within.
    excess
        What costs here are above those of the whole plan as people know it.
    relaxed
        Where bands are relaxed, those sides, and what a plan may have beyond each in all.
    """

    instance: Instance
    node: Node
    best: Plans
    limit: int
    tolerance: Fraction
    excess: int
    relaxed: Settled

    @property
    def cost(self) -> int:
        """Cost of the best plan."""
        return int(self.best.costs[0])

    def limits(self, columns: Columns) -> list[Limit]:
        """Return what plans made of these columns may have at most in all."""
        outside = limits_at(self.instance, self.relaxed)
        return [*self.instance.limits.on(columns), *outside(columns)]

    def whole_cost(self, cost: int) -> int:
        """Return a plan's cost as people know it."""
        return int(cost) - self.excess

    def whole_plan(self, label: Int) -> Networks:
        """Return a plan as networks of the problem, those of every plan among them."""
        inside = (np.flatnonzero(label == first) for first in np.unique(label))
        aside = self.instance.problem.aside
        return tuple(sorted([*aside, *(self.instance.in_problem(each) for each in inside)]))


@dataclass(frozen=True)
class Listed:
    """Plans within a tolerance.

    Attributes
    ----------
    plans
        The best one first; then by cost, if they are all.
    reach
        All plans that cost this or less, in the terms of the pool, are among them.
    complete
        Whether these are all within the tolerance.
    """

    plans: Plans
    reach: int
    complete: bool


def open_pool(problem: Problem, solution: Solution, tolerance: Fraction, effort: Effort) -> Pool:
    """List the networks that a plan can use whose cost is within a tolerance of the best plan's.

    Parameters
    ----------
    problem
        What was solved.
    solution
        The best plan, proven, with its certificate.
    tolerance
        A share of the best cost.

    Raises
    ------
    NoPlanInTimeError
        If time ran out, or the networks are too many even for the best plan alone.
    """
    if solution.status != "optimal" or solution.certificate is None:
        raise NoPlanInTimeError(
            "The search ended before its plan was proven the best, so it is not known how much "
            "more than the best any plan costs. Allow more with --time-limit."
        )
    instance = build_instance(solution.problem)
    best = _best(instance, solution)
    if solution.certificate.tree is None:
        proof = _proof(solution.certificate, instance)
    else:
        proof = _proof_by_networks(instance, best, effort)
    cost = int(best.costs[0])
    pricer = Pricer(instance, effort.workers, effort.deadline)
    try:
        while (
            columns := _listed(pricer, instance, proof, cost + _more(solution, tolerance))
        ) is None:
            if pricer.is_stopped():
                raise NoPlanInTimeError(
                    "The search ended before all networks were listed that a plan within the "
                    "tolerance can use. Allow more with --time-limit."
                )
            if _more(solution, tolerance) == 0:
                raise NoPlanInTimeError(
                    "The certificate is too far from the best plan: more than "
                    f"{POOL_LIMIT:,} networks could be in other plans as good."
                )
            tolerance /= 2
        limit = cost + _more(solution, tolerance)
        node = tightened(instance, Node(columns, proof), limit, pricer.is_stopped)
    finally:
        pricer.close()
    return Pool(
        instance=instance,
        node=node,
        best=best,
        limit=limit,
        tolerance=tolerance,
        excess=cost - solution.cost,
        relaxed=_relaxed(problem, solution),
    )


def every_plan(pool: Pool, most: int = MOST_PLANS, until: float = math.inf) -> Listed:
    """List all plans within the tolerance, as far as a fixed effort and `most` plans go.

    Where that is not far enough, all within a half, a quarter and so on of it are among them.
    Once the clock is at `until`, what is known by then is left as it is.
    """
    plans, reach = pool.best, pool.limit
    while True:
        found = list_partitions(
            pool.node,
            pool.instance.size,
            reach,
            limits=pool.limits(pool.node.columns),
            most=most,
            effort=_EFFORT,
        )
        plans = plans.joined(found.plans)
        if found.complete:
            return Listed(plans, reach, complete=reach == pool.limit)
        if reach == pool.cost or time.monotonic() > until:
            return Listed(plans, pool.cost - 1, complete=False)
        reach = (pool.cost + reach) // 2


def _more(solution: Solution, tolerance: Fraction) -> int:
    """Return how much more than the best plan a plan within a tolerance may cost."""
    return int(tolerance * solution.cost)


def _listed(pricer: Pricer, instance: Instance, proof: Proof, limit: int) -> Columns | None:
    """List all networks that a plan of this cost can use; None where they are too many."""
    if instance.size == 0:
        return Columns.of([], [])
    priced = pricer.price(proof.request(limit - proof.bound, most=POOL_LIMIT))
    return priced.columns if priced.complete and len(priced.columns) <= POOL_LIMIT else None


def _proof(certificate: Certificate, instance: Instance) -> Proof:
    """Return a certificate in the instance's numbering."""
    place = {int(practice): k for k, practice in enumerate(instance.practices)}
    return Proof(
        duals=certificate.duals[instance.practices],
        cuts=tuple(
            Cut(tuple(place[i] for i in cut_dual.practices), cut_dual.shares, cut_dual.whole)
            for cut_dual in certificate.cut_duals
        ),
        cut_duals=np.array([cut_dual.amount for cut_dual in certificate.cut_duals], dtype=np.int64),
        limits=instance.limits,
        limit_duals=np.array(certificate.limit_duals, dtype=np.int64),
    )


def _proof_by_networks(instance: Instance, best: Plans, effort: Effort) -> Proof:
    """Prove again that a plan is the best: a tree says nothing of which other networks are good."""
    labels = best.labels[0]
    start = tuple(tuple(np.flatnonzero(labels == each).tolist()) for each in np.unique(labels))
    outcome = search(instance, effort, lambda _: None, start=start)
    if not outcome.proven or outcome.proof is None:
        raise NoPlanInTimeError(
            "With so many practices in a network there are too many networks to list, so it is not "
            "known which plans cost little more than the best."
        )
    return outcome.proof


def _best(instance: Instance, solution: Solution) -> Plans:
    """Return the best plan in the instance's numbering and terms."""
    place = {int(practice): k for k, practice in enumerate(instance.practices)}
    networks = [[place[i] for i in each] for each in solution.networks if each[0] in place]
    costs = [instance.network_cost(members) for members in networks]
    return Plans.one(Columns.of(networks, costs), instance.size)


def _relaxed(problem: Problem, solution: Solution) -> Settled:
    """Return the sides that gave way, with what the best plan has beyond each."""
    if not solution.relaxed:
        return ()
    size = problem.size
    totals = {SizeLevel(smallest=size.smallest): solution.short}
    totals[SizeLevel(largest=size.largest)] = solution.above
    return [
        (level, solution.further[level.number] if isinstance(level, FigureLevel) else totals[level])
        for level in levels_of(problem)
    ]
