"""Groups of practices that are together as one practice, where that changes nothing.

A group that is together, contiguous by itself and has one practice at most that may be a hub is in
a network as a whole, and costs with each hub what its practices cost in all. So the search need not
know that it is many: networks grouped into larger ones are a few dozen units, and not the hundreds
of their practices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.search.state import Networks
from pcn_group.verify.certificate import Certificate

__all__ = ["Contraction", "contraction_of"]


@dataclass(frozen=True)
class Contraction:
    """A problem whose practices are units: groups as one, and all other practices.

    Attributes
    ----------
    original, problem
        In practices, and in units. A unit has the code of its first practice.
    units
        The practices of each, ascending, in order of their first.
    """

    original: Problem
    problem: Problem
    units: Networks

    def contracted(self, networks: Networks) -> Networks:
        """Return a plan in units."""
        unit_of = {i: number for number, unit in enumerate(self.units) for i in unit}
        return tuple(tuple(sorted({unit_of[i] for i in network})) for network in networks)

    def expanded(self, networks: Networks) -> Networks:
        """Return a plan of units in practices."""
        return tuple(sorted(map(self.spelled_out, networks)))

    def spelled_out(self, network: Sequence[int]) -> tuple[int, ...]:
        """Return the practices of some units, ascending."""
        return tuple(sorted(i for number in network for i in self.units[number]))

    def under_bands_of(self, problem: Problem) -> Problem:
        """Return the problem in practices, under the bands of one in units."""
        limits = zip(self.original.figure_limits, problem.figure_limits, strict=True)
        return replace(
            self.original,
            size=problem.size,
            figure_limits=tuple(
                replace(own, allowed=other.allowed, price=other.price) for own, other in limits
            ),
        )

    def certified(self, certificate: Certificate | None) -> Certificate | None:
        """Return a proof about units in practices.

        The practices of a unit share its dual by their patients, which makes the proof quick to
        check, and the first of them has its shares in cuts.
        """
        if certificate is None:
            return None
        weights = self.original.weights
        duals = np.zeros_like(weights)
        for unit, dual in zip(map(list, self.units), certificate.duals.tolist(), strict=True):
            duals[unit] = dual // weights[unit].sum() * weights[unit]
            duals[unit[0]] += dual - duals[unit].sum()
        cut_duals = tuple(
            replace(
                cut_dual, practices=tuple(self.units[number][0] for number in cut_dual.practices)
            )
            for cut_dual in certificate.cut_duals
        )
        return replace(certificate, duals=duals, cut_duals=cut_duals)


def contraction_of(problem: Problem) -> Contraction | None:
    """Contract every group for which that is exact; None where there is none."""
    if problem.max_practices < len(problem.codes):
        return None  # units hide how many practices there are
    if any(limit.areas is not None for limit in problem.plan_limits):
        return None  # and in which areas
    if problem.alignment is not None:
        return None  # and where their patients live
    aside = {i for network in problem.aside for i in network}
    groups = [group for group in problem.together if _is_one(problem, group, aside)]
    if not groups:
        return None
    grouped = {i for group in groups for i in group}
    others = [(i,) for i in range(len(problem.codes)) if i not in grouped]
    units = tuple(sorted([*groups, *others]))
    return Contraction(problem, _in_units(problem, units, groups), units)


def _is_one(problem: Problem, group: Sequence[int], aside: set[int]) -> bool:
    """Whether a group may as well be one practice."""
    size, inside = problem.size, set(group)
    most = size.largest if size.alone_above is None else size.alone_above
    hubs = sum(int(problem.cost[i, i]) < FORBIDDEN for i in group)
    return (
        hubs <= 1
        and inside.isdisjoint(aside)
        and int(problem.weights[list(group)].sum()) <= most  # else it would stand alone
        and not any(inside.issuperset(pair) for pair in problem.apart)
        and _is_contiguous(problem, inside)
    )


def _is_contiguous(problem: Problem, inside: set[int]) -> bool:
    reached, frontier = set[int](), {min(inside)}
    while frontier:
        reached |= frontier
        frontier = {j for i in frontier for j in problem.neighbours[i] if j in inside} - reached
    return reached == inside


def _in_units(problem: Problem, units: Networks, groups: Sequence[tuple[int, ...]]) -> Problem:
    unit_of = {i: number for number, unit in enumerate(units) for i in unit}
    beside = [
        {unit_of[j] for i in unit for j in problem.neighbours[i]} - {number}
        for number, unit in enumerate(units)
    ]
    # The one practice of each that may be the hub; where none may, the first, which may not.
    hubs = [min(unit, key=lambda i: (problem.cost[i, i] >= FORBIDDEN, i)) for unit in units]
    hubs += range(len(problem.codes), len(problem.codes) + len(problem.sites))
    cost = np.add.reduceat(
        problem.cost[:, hubs][[i for unit in units for i in unit]],
        np.cumsum([0, *map(len, units[:-1])]),
    )
    return replace(
        problem,
        codes=tuple(problem.codes[unit[0]] for unit in units),
        weights=np.array([problem.weights[list(unit)].sum() for unit in units], dtype=np.int64),
        cost=np.minimum(cost, FORBIDDEN),
        neighbours=tuple(tuple(sorted(others)) for others in beside),
        max_practices=len(units),
        together=_renumbered((g for g in problem.together if g not in groups), unit_of),
        apart=tuple(sorted({_pair(unit_of[a], unit_of[b]) for a, b in problem.apart})),
        fixed=_renumbered(problem.fixed, unit_of),
        figure_limits=tuple(limit.grouped(units) for limit in problem.figure_limits),
        sites=tuple(replace(site, anchor=unit_of[site.anchor]) for site in problem.sites),
    )


def _renumbered(sets: Iterable[Sequence[int]], unit_of: Mapping[int, int]) -> Networks:
    return tuple(sorted(tuple(sorted(unit_of[i] for i in members)) for members in sets))


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
