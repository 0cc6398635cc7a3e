"""Rules about pairs of practices, as the search needs them: who must be together, and who apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.problem import FORBIDDEN, Problem

__all__ = ["PairRules", "pair_rules_of"]

Int = NDArray[np.int64]


@dataclass(frozen=True)
class PairRules:
    """Must-link and cannot-link rules, in an instance's numbering.

    Attributes
    ----------
    groups
        Practices in one network each, ascending; no practice is in two of them.
    pairs
        Practices that must not be in one network, both ways round, extended to all of their
        groups. A practice that can be in no network, because part of its group is aside, is paired
        with itself.
    """

    groups: tuple[tuple[int, ...], ...]
    pairs: frozenset[tuple[int, int]]

    def must_link(self, practices: int) -> list[list[int]]:
        """Return for each practice the others of its group."""
        rows: list[list[int]] = [[] for _ in range(practices)]
        for group in self.groups:
            for i in group:
                rows[i] = [j for j in group if j != i]
        return rows

    def cannot_link(self, practices: int) -> list[list[int]]:
        """Return for each practice those that must not be in one network with it."""
        rows: list[list[int]] = [[] for _ in range(practices)]
        for i, j in sorted(self.pairs):
            rows[i].append(j)
        return rows

    def forbid(self, cost: Int) -> None:
        """Forbid hubs that a practice can never have because of the rules.

        No allowed network costs anything else by this, so `cost` may be changed in place.
        """
        for i, j in self.pairs:
            cost[i, j] = FORBIDDEN
            if i == j:
                cost[i] = FORBIDDEN
        for group in self.groups:
            inside = np.array(group)
            shut = np.flatnonzero((cost[inside] >= FORBIDDEN).any(axis=0))
            cost[np.ix_(inside, shut)] = FORBIDDEN

    def near(
        self, start: Int, near: Int, anchors: Int, weights: Int, largest: int
    ) -> tuple[Int, Int]:
        """Leave out practices near a hub whose group is too large, or not all near.

        Parameters
        ----------
        start, near, anchors
            As in `Region`. Nothing is near a hub whose anchor's group is not, not even the anchor.
        """
        counts = np.zeros(len(anchors), dtype=np.int64)
        kept = []
        for hub, anchor in enumerate(anchors.tolist()):
            inside = np.zeros(len(weights), dtype=np.bool_)
            inside[near[start[hub] : start[hub + 1]]] = True
            for group in self.groups:
                members = np.array(group)
                patients = weights[members].sum() + (0 if anchor in group else weights[anchor])
                if not inside[members].all() or patients > largest:
                    inside[members] = False
            kept.append(np.flatnonzero(inside) if inside[anchor] else near[:0])
            counts[hub] = len(kept[-1])
        return np.concatenate(([0], np.cumsum(counts))), np.concatenate(kept)


def pair_rules_of(problem: Problem, position: Mapping[int, int]) -> PairRules:
    """Return the rules about practices that are not aside.

    Parameters
    ----------
    position
        The number in the instance of each practice of the problem that is not aside.
    """
    here = (tuple(position[i] for i in group if i in position) for group in problem.together)
    inside = tuple(zip(here, map(len, problem.together), strict=True))
    groups = tuple(group for group, count in inside if len(group) == count)
    group_of = {i: group for group in groups for i in group}
    pairs = {(i, i) for group, count in inside if len(group) < count for i in group}
    for pair in problem.apart:
        if all(i in position for i in pair):
            a, b = (position[i] for i in pair)
            for i in group_of.get(a, (a,)):
                pairs |= {both for j in group_of.get(b, (b,)) for both in ((i, j), (j, i))}
    return PairRules(groups, frozenset(pairs))
