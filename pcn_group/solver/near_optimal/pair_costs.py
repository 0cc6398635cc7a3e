"""Pair costs: what the best plan costs that has two practices together, or has them apart.

Every plan that is met says something about every pair. What no plan has said is settled pair by
pair: of the networks that a plan with the pair together, or apart, can use, the best plan is made.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcn_group.solver.columns import Columns
from pcn_group.solver.near_optimal.enumeration import Plans, list_partitions
from pcn_group.solver.near_optimal.pool import Listed, Pool
from pcn_group.solver.search.set_partitioning import Budget, Node, Verdict, best_partition, relaxed

__all__ = ["NONE", "PairCosts", "pair_costs"]

Int = NDArray[np.int64]
Pair = tuple[int, int]

NONE = -1
"""Stands for the cost of a plan where none is within the tolerance."""

_MOST_PLANS = 300
"""Better and better plans that one look for the best may meet."""
_TRIES = ((0, 1_000_000), (1, 50_000_000), (100, 200_000_000))
"""How the best plan of a pair is looked for before CP-SAT is asked: after so many rounds of linear
programming and cuts on the columns that it could use, by looking at so many of them. That takes a
few hundredths of a second, a second, and four at the most; most pairs need only the first."""
_CP_EFFORT = 1e6


@dataclass(frozen=True)
class PairCosts:
    """Least costs of plans, by pair of practices of the problem.

    Attributes
    ----------
    together, apart
        int64 (n, n), symmetric: the least cost of a plan with the pair together, and apart; `NONE`
        where every such plan is above the tolerance.
    unsettled
        Pairs `i < j` of which one of the two was not settled in time: there may be a cheaper plan.
    plans
        The best plan, and those met on the way, in the terms of the pool.
    """

    together: Int
    apart: Int
    unsettled: frozenset[Pair]
    plans: Plans


def pair_costs(pool: Pool, listed: Listed, deadline: float) -> PairCosts:
    """Settle for each pair the least cost together and apart.

    Parameters
    ----------
    listed
        Plans of the pool. If these are all, they say everything.
    deadline
        On `time.monotonic`'s clock.
    """
    work = _Work(pool, listed, deadline)
    unsettled = frozenset[Pair]() if listed.complete else work.settle()
    practices = pool.instance.practices
    return PairCosts(
        *work.in_problem(),
        frozenset((int(practices[i]), int(practices[j])) for i, j in unsettled),
        pool.best.joined(*work.plans),
    )


class _Work:
    """What is known so far, in the terms of the pool: costs above its limit where nothing is.

    Attributes
    ----------
    floors
        int64: no plan that uses a column and is not listed costs less.
    holds
        bool (n, columns): which columns hold each practice.
    """

    def __init__(self, pool: Pool, listed: Listed, deadline: float) -> None:
        self.pool, self.deadline = pool, deadline
        n, columns, proof = pool.instance.size, pool.node.columns, pool.node.proof
        self.together = np.full((n, n), pool.limit + 1)
        self.apart = np.full((n, n), pool.limit + 1)
        self.plans: list[Plans] = []
        self.holds = columns.matrix(n).toarray() > 0
        reduced = proof.reduced(columns)
        self.floors = np.maximum(proof.bound + reduced, listed.reach + 1)
        self._note(listed.plans)

    def in_problem(self) -> tuple[Int, Int]:
        """Return the costs together and apart for all practices of the problem, labelled.

        A practice in a network of every plan is together with its members, apart from all others.
        """
        pool = self.pool
        label = np.empty(len(pool.instance.problem.codes), dtype=np.int64)
        for number, network in enumerate(pool.whole_plan(pool.best.labels[0])):
            label[list(network)] = number
        inside = np.ix_(pool.instance.practices, pool.instance.practices)
        same, best = label[:, None] == label[None, :], pool.whole_cost(pool.cost)
        together, apart = np.where(same, best, NONE), np.where(same, NONE, best)
        for values, found in ((together, self.together), (apart, self.apart)):
            values[inside] = np.where(found > pool.limit, NONE, found - pool.excess)
        return together, apart

    def settle(self) -> frozenset[Pair]:
        """Settle all pairs that some column holds; return those that time was too short for."""
        inside = self.pool.node.columns.matrix(self.pool.instance.size)
        shared = np.triu((inside @ inside.T).toarray(), 1)
        pairs = [(int(i), int(j)) for i, j in zip(*np.nonzero(shared), strict=True)]
        # First those together in the best plan: which always are follows from them. Then by the
        # columns that hold both, since what is found about many says the most about others.
        label = self.pool.best.labels[0]
        pairs.sort(key=lambda pair: (label[pair[0]] != label[pair[1]], -shared[pair]))
        unsettled = []
        for i, j in pairs:
            both, one = self.holds[i] & self.holds[j], self.holds[i] != self.holds[j]
            done = [
                self._settle_one(self.together, (i, j), serving=both, allowed=~one),
                self._settle_one(self.apart, (i, j), serving=one, allowed=~both),
            ]
            if not all(done):
                unsettled.append((i, j))
        return frozenset(unsettled)

    def _note(self, plans: Plans) -> None:
        """Take note of what plans say about every pair."""
        for label, cost in zip(plans.labels, plans.costs, strict=True):
            same = label[:, None] == label[None, :]
            np.minimum(self.together, cost, out=self.together, where=same)
            np.minimum(self.apart, cost, out=self.apart, where=~same)

    def _meet(self, plans: Plans) -> None:
        self._note(plans)
        self.plans.append(plans)

    def _settle_one(
        self, values: Int, pair: Pair, *, serving: NDArray[np.bool_], allowed: NDArray[np.bool_]
    ) -> bool:
        """Settle the least cost of a plan with a pair together, or apart; False for want of time.

        Parameters
        ----------
        values
            `together` or `apart`.
        serving
            The columns of which such a plan uses one at least.
        allowed
            The columns that it can use.
        """
        most = int(values[pair]) - 1
        if most < self.floors[serving].min(initial=most + 1):
            return True
        floor = self._least(self.pool.node.columns.take(allowed & (self.floors <= most)), most)
        if floor is not None:
            self.floors[serving] = np.maximum(self.floors[serving], floor)
        return floor is not None

    def _least(self, columns: Columns, most: int) -> int | None:
        """Find and meet the best plan of some columns that costs at most so much.

        Return their bound: the cost of the best, or `most + 1`; None where time ran out.
        """
        pool, node = self.pool, Node(columns, self.pool.node.proof)
        for rounds, effort in _TRIES:
            if self._is_late():
                return None
            if rounds:
                node = relaxed(pool.instance, node, most, self._is_late, rounds)
            found = list_partitions(
                node,
                pool.instance.size,
                most,
                limits=pool.limits(node.columns),
                most=_MOST_PLANS,
                effort=effort,
                best_only=True,
            )
            self._meet(found.plans)
            most = int(min(found.plans.costs - 1, default=most))
            if found.complete:
                return most + 1
        return self._best_partition(node, most)

    def _best_partition(self, node: Node, most: int) -> int | None:
        """Find the same by CP-SAT, when the columns are too many to try them all."""
        pool = self.pool
        partition = best_partition(
            node.columns,
            pool.instance.size,
            node.proof.duals,
            node.proof.cuts,
            Budget(max(0.0, self.deadline - time.monotonic()), _CP_EFFORT),
            cost_at_most=most,
            limits=pool.limits(node.columns),
        )
        if partition.chosen is not None:
            chosen = node.columns.take(np.array(partition.chosen))
            self._meet(Plans.one(chosen, pool.instance.size))
            most = int(chosen.costs.sum()) - 1
        return most + 1 if partition.verdict in {Verdict.BEST, Verdict.NONE} else None

    def _is_late(self) -> bool:
        return time.monotonic() > self.deadline
