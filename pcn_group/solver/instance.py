"""A problem laid out for the compiled kernels: the practices that can share a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcn_group.problem import FORBIDDEN, Problem

__all__ = ["Instance", "lay_out"]

Int = NDArray[np.int64]


@dataclass(frozen=True)
class Instance:
    """The practices that are not oversize, renumbered 0..n-1, as contiguous arrays.

    Attributes
    ----------
    problem
        What this was laid out from.
    practices
        int64 (n,): position of each in `Problem.codes`.
    weights, cost
        int64 (n,) and (n, n), as in `Problem`.
    link_start, links
        Neighbours in compressed rows: those of `i` are `links[link_start[i]:link_start[i + 1]]`.
    hinge_at, hinge_below, hinge_above
        The size penalty's terms, int64, one entry per hinge.
    max_networks
        K: no plan has more networks than this.
    """

    problem: Problem
    practices: Int
    weights: Int
    cost: Int
    link_start: Int
    links: Int
    hinge_at: Int
    hinge_below: Int
    hinge_above: Int
    max_networks: int

    @property
    def size(self) -> int:
        """How many practices there are."""
        return len(self.practices)

    def neighbours(self, practice: int) -> Int:
        """Give the neighbours of a practice, in the instance's numbering."""
        return self.links[self.link_start[practice] : self.link_start[practice + 1]]

    def network_cost(self, members: Sequence[int]) -> int:
        """Give the cost of a network, as `Problem.network_cost`."""
        inside = list(members)
        travel = int(self.cost[np.ix_(inside, inside)].sum(axis=0).min())
        return travel + self.problem.size.penalty(int(self.weights[inside].sum()))

    def typical_rate(self) -> float:
        """Give the median cost per patient of going to the nearest neighbour, 1 at the least."""
        rates = [
            self.cost[i, self.neighbours(i)].min() / self.weights[i]
            for i in range(self.size)
            if len(self.neighbours(i))
        ]
        positive = [rate for rate in rates if 0 < rate < FORBIDDEN / self.weights.max()]
        return float(np.median(positive)) if positive else 1.0

    def cost_ceiling(self) -> int:
        """Give a cost no plan can exceed: every practice at its worst, every network's worst size."""
        worst = int(np.where(self.cost < FORBIDDEN, self.cost, 0).max(axis=1).sum())
        rule = self.problem.size
        total = int(self.weights.sum())
        sizes = {max(1, rule.smallest), min(rule.largest, total)}  # a convex penalty peaks at an end
        return worst + self.max_networks * max(rule.penalty(size) for size in sizes)

    def in_problem(self, members: Sequence[int] | Int) -> tuple[int, ...]:
        """Translate members to sorted positions in `Problem.codes`."""
        return tuple(sorted(self.practices[list(members)].tolist()))


def lay_out(problem: Problem) -> Instance:
    """Lay a problem out for the kernels, oversize practices left aside."""
    aside = set(problem.oversize)
    practices = np.array([i for i in range(len(problem.codes)) if i not in aside], dtype=np.int64)
    position = {int(practice): k for k, practice in enumerate(practices)}
    rows = [
        [position[j] for j in problem.neighbours[int(i)] if j in position] for i in practices
    ]
    weights = problem.weights[practices]
    hinges = problem.size.hinges
    return Instance(
        problem=problem,
        practices=practices,
        weights=np.ascontiguousarray(weights),
        cost=np.ascontiguousarray(problem.cost[np.ix_(practices, practices)]),
        link_start=np.cumsum([0, *map(len, rows)], dtype=np.int64),
        links=np.array([j for row in rows for j in row], dtype=np.int64),
        hinge_at=np.array([hinge.at for hinge in hinges], dtype=np.int64),
        hinge_below=np.array([hinge.below for hinge in hinges], dtype=np.int64),
        hinge_above=np.array([hinge.above for hinge in hinges], dtype=np.int64),
        max_networks=min(len(practices), int(weights.sum()) // max(1, problem.size.smallest)),
    )
