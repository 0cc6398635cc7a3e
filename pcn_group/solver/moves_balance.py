"""Moves against cost: the best plan at a price on each that moves, and the plan that moves fewest.

At a price the best plan is found and proven by the usual search. The plan that moves the fewest is
the best one at a price above all costs, where integers have room for that, as they do where
practices are counted: those are often equals, and costs say which to look at first. Where patients
are counted it is found with moves alone to pay for; of all candidates that such plans can use, few
as they are, the cheapest one is then made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.progress import OnProgress, Progress
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.region.today import Today
from pcn_group.solver.bound.pricing import Pricer
from pcn_group.solver.bound.relaxation import Proof
from pcn_group.solver.columns import Columns, Limit
from pcn_group.solver.convex_hull import STEEPEST, Evaluation, Point
from pcn_group.solver.instance import build_instance
from pcn_group.solver.moves_pricing import (
    MovesInstance,
    MovesPricer,
    build_moves_instance,
    build_moves_only_instance,
)
from pcn_group.solver.near_optimal.equals import EQUALS_EFFORT, first_of_equals
from pcn_group.solver.search.expansion import POOL_LIMIT
from pcn_group.solver.search.search import search
from pcn_group.solver.search.set_partitioning import (
    Budget,
    Node,
    Verdict,
    best_partition,
    tightened,
)
from pcn_group.solver.search.state import Effort, Networks

__all__ = ["Balance", "Plan"]

Int = NDArray[np.int64]
Plan = Point[Networks]
"""A plan by its networks in the problem's numbering, its cost without a price on moves, and by how
many move."""

_SOLVABLE, _SOLVE_EFFORT = 40_000, 200.0
"""The most columns that CP-SAT is given at once, and its effort on them."""


class _Candidates:
    """Plans of a region without a price on moves, made of all candidates within reach of a proof.

    Attributes
    ----------
    plain
        The instance in which moves have no price.
    aside
        What the networks of every plan cost.
    """

    def __init__(self, problem: Problem, today: Today, effort: Effort) -> None:
        self._problem, self._today, self._effort = problem, today, effort
        self.plain = build_instance(problem)
        self.aside = sum(problem.network_cost(network) for network in problem.aside)

    def point(self, networks: Networks) -> Plan:
        """Describe a plan, given without the networks of every plan."""
        plan = tuple(sorted((*self._problem.aside, *networks)))
        cost = sum(self._problem.network_cost(network) for network in plan)
        return Point(plan, cost, self._today.moved_in_all(plan))

    def in_instance(self, point: Plan | None) -> Networks | None:
        if point is None:
            return None
        position = {int(practice): k for k, practice in enumerate(self.plain.practices)}
        plan = (network for network in point.plan if network not in self._problem.aside)
        return tuple(tuple(sorted(position[i] for i in network)) for network in plan)

    def is_out_of_time(self) -> bool:
        return self._effort.seconds_left <= 0

    def pool(self, instance: MovesInstance, proof: Proof, reach: int) -> Columns | None:
        """Return all candidates within reach of a proof; None where too many, or no time."""
        pricer = MovesPricer(instance, self._effort.workers, self._effort.deadline)
        try:
            priced = pricer.price(proof.request(reach, most=POOL_LIMIT))
        finally:
            pricer.close()
        return priced.columns if priced.complete and len(priced.columns) <= _SOLVABLE else None

    def plain_costs(self, columns: Columns) -> Int:
        """Return what columns cost without a price on moves."""
        networks = columns.below(len(self.plain.practices))
        members = (networks.members_of(k).tolist() for k in range(len(networks)))
        costs = (self.plain.network_cost(some) if some else 0 for some in members)
        return np.fromiter(costs, dtype=np.int64, count=len(networks))

    def best(
        self, instance: MovesInstance, node: Node, limits: Sequence[Limit], best: Plan
    ) -> tuple[Plan, bool]:
        """Solve set partitioning over some columns, with a limit on what moves.

        Parameters
        ----------
        node
            The columns, at what they cost without a price on moves, and duals that help.
        limits
            On what moves.
        best
            The best plan known.

        Returns
        -------
        The cheaper one of `best` and the plan found, and whether none of these is cheaper.
        """
        if len(node.columns) == 0:
            return best, True
        partition = best_partition(
            node.columns,
            instance.size,
            node.proof.duals,
            node.proof.cuts,
            Budget(self._effort.seconds_left, _SOLVE_EFFORT),
            cost_at_most=best.cost - self.aside - 1,
            limits=limits,
        )
        if partition.chosen is not None:
            best = self._made_of(instance, node.columns.take(np.array(partition.chosen)))
        return best, partition.verdict in {Verdict.BEST, Verdict.NONE}

    def first(
        self,
        instance: MovesInstance,
        node: Node,
        cost: int,
        limits: Sequence[Limit],
    ) -> Plan | None:
        """Return the first by rule of the plans that are as good as the best; None if unsettled.

        Parameters
        ----------
        node, cost, limits
            The columns of those plans, what they cost at most by these, and what else they keep.
        """
        budget = Budget(self._effort.seconds_left, EQUALS_EFFORT)
        chosen = first_of_equals(node, instance.size, cost, limits, budget, instance.in_problem)
        return None if chosen is None else self._made_of(instance, node.columns.take(chosen))

    def _made_of(self, instance: MovesInstance, columns: Columns) -> Plan:
        taken = columns.below(len(instance.practices))
        sets = (taken.members_of(k).tolist() for k in range(len(taken)))
        return self.point(tuple(instance.in_problem(members) for members in sets if members))


class Balance:
    """A region's plans by cost and by how many move, as far as they are known.

    Attributes
    ----------
    problem
        The region.
    evaluations
        What is known, by price.
    firsts
        Plans that are known to be the first by rule of those that cost and move as little.
    is_infeasible
        Whether it is proven that there is no plan.
    """

    def __init__(
        self, problem: Problem, today: Today, effort: Effort, on_progress: OnProgress
    ) -> None:
        self.problem, self._today = problem, today
        self._effort, self._on_progress = effort, on_progress
        self._candidates = _Candidates(problem, today, effort)
        self._proofs: dict[int, Proof | None] = {}
        self.evaluations: dict[int, Evaluation[Networks]] = {}
        self.firsts: set[Networks] = set()
        self.is_infeasible = False

    def bound(self, moved: int) -> int:
        """Return what no plan that moves so many, or fewer, costs less than."""
        return max(
            (evaluation.bound - price * moved for price, evaluation in self.evaluations.items()),
            default=0,
        )

    def at(self, price: int) -> Evaluation[Networks]:
        """Find the best plan at a price on each that moves, starting from the best one known."""
        if price * int(self._today.amounts.sum()) > STEEPEST:
            return Evaluation(price, None, 0)
        if price not in self.evaluations:
            known = [
                evaluation.point
                for evaluation in self.evaluations.values()
                if evaluation.point is not None
            ]
            start = min(known, key=lambda point: point.at(price), default=None)
            self.evaluations[price] = self._searched(price, start)
        return self.evaluations[price]

    def _searched(self, price: int, start: Plan | None) -> Evaluation[Networks]:
        instance = (
            build_moves_instance(self.problem, self._today, price)
            if price
            else self._candidates.plain
        )

        def tell(progress: Progress) -> None:
            if price:  # its costs say nothing to a reader
                self._on_progress(Progress("moves", None, None))
                return
            cost, bound = (
                None if value is None else value + self._candidates.aside
                for value in (progress.cost, progress.bound)
            )
            self._on_progress(replace(progress, cost=cost, bound=bound))

        outcome = search(
            instance,
            self._effort,
            tell,
            start=self._candidates.in_instance(start),
            is_part=price > 0,  # else a large region would be divided as if moves had no price
            pricer=MovesPricer if price else Pricer,
        )
        self._proofs[price] = outcome.proof
        self.is_infeasible |= outcome.infeasible
        bound = outcome.bound + self._candidates.aside
        if outcome.networks is None:
            return Evaluation(price, None, bound)
        point = self._candidates.point(tuple(map(instance.in_problem, outcome.networks)))
        if outcome.is_first:
            self.firsts.add(point.plan)
        return Evaluation(price, point, min(bound, point.at(price)))

    def fewest(self, start: Plan) -> tuple[Plan, int, bool]:
        """Find the plan that moves the fewest, and the cheapest of those.

        Return it, the fewest that any plan moves, and whether it is proven the cheapest that moves
        as few.

        Parameters
        ----------
        start
            Any plan.
        """
        if len(self._candidates.plain.practices) == 0:
            return start, start.amount, True  # there is one plan
        ceiling = self.problem.cost_ceiling()
        if (ceiling + 1) * int(self._today.amounts.sum()) < FORBIDDEN:
            return self._fewest_at(ceiling + 1, start, ceiling)
        return self._fewest_alone(start)

    def _fewest_at(self, price: int, start: Plan, ceiling: int) -> tuple[Plan, int, bool]:
        """Find the plan that moves the fewest at a price above all that a plan costs."""
        found = self.at(price)
        best = found.point or start
        fewest = max(0, -((ceiling - found.bound) // price))
        return best, fewest, best.at(price) == found.bound

    def _fewest_alone(self, start: Plan) -> tuple[Plan, int, bool]:
        """Find the plan that moves the fewest with moves alone to pay for."""
        instance = build_moves_only_instance(self.problem, self._today)
        outcome = search(
            instance,
            self._effort,
            lambda _: self._on_progress(Progress("moves", None, None)),
            start=self._candidates.in_instance(start),
            is_part=True,
            pricer=MovesPricer,
        )
        best = self._candidates.point(tuple(map(instance.in_problem, outcome.networks or ())))
        if not outcome.proven or outcome.proof is None:
            return best, outcome.bound, False
        columns = self._candidates.pool(instance, outcome.proof, best.amount - outcome.proof.bound)
        if columns is None:
            return best, best.amount, False
        moved = dict(zip(columns.keys(), columns.costs.tolist(), strict=True))
        plainly = replace(columns, costs=self._candidates.plain_costs(columns))
        node = Node(plainly, Proof.of_nothing(instance))
        node = tightened(
            instance, node, best.cost - self._candidates.aside, self._candidates.is_out_of_time
        )
        keys = node.columns.keys()
        amounts = np.array([moved[key] for key in keys], dtype=np.int64)
        limits = [*instance.limits.on(node.columns), Limit(amounts, best.amount)]
        cheapest, proven = self._candidates.best(instance, node, limits, best)
        if proven:
            cost = cheapest.cost - self._candidates.aside
            first = self._candidates.first(instance, node, cost, limits)
            cheapest = self._note_first(first, cheapest)
        return cheapest, best.amount, proven

    def cheapest(self, most: int, best: Plan) -> tuple[Plan, int]:
        """Find the cheapest plan that moves no more than `most`; return it and its bound.

        A plan that is cheaper and moves no more is this near to the proof at a price, and so are
        all of its networks: set partitioning over those finds it.

        Parameters
        ----------
        best
            A plan that moves no more.
        """
        prices = [price for price in self.evaluations if price > 0] or [1]
        price = max(prices, key=lambda price: self.at(price).bound - price * most)
        proof, bound = self._proofs[price], min(self.bound(most), best.cost)
        if proof is None:
            return best, bound
        instance = build_moves_instance(self.problem, self._today, price)
        limit = best.cost - self._candidates.aside + price * most
        columns = self._candidates.pool(instance, proof, limit - proof.bound)
        if columns is None:
            return best, bound
        node = tightened(instance, Node(columns, proof), limit, self._candidates.is_out_of_time)
        plain = self._candidates.plain_costs(node.columns)
        moved = Limit((node.columns.costs - plain) // price, most)
        limits = [*instance.limits.on(node.columns), moved]
        if bound < best.cost:
            plainly = replace(node, columns=replace(node.columns, costs=plain))
            best, proven = self._candidates.best(instance, plainly, limits, best)
            if not proven:
                return best, bound
        cost = best.cost - self._candidates.aside
        limits.append(Limit(plain, cost))
        first = self._candidates.first(instance, node, cost + price * most, limits)
        best = self._note_first(first, best)
        return best, best.cost

    def _note_first(self, first: Plan | None, best: Plan) -> Plan:
        """Return the first by rule of the best plans; the one at hand if that is unsettled."""
        if first is None:
            return best
        self.firsts.add(first.plan)
        return first
