"""The problem in integers: all that the solver and the independent check see of a region.

A network is a connected set of practices. Its cost is

    cost(S) = min over hubs h of S of  sum of c[i, h] over i in S   +   g(patients of S)

with integer `c` and a convex, piecewise linear, integer `g`, so costs are compared exactly. The
hubs of `S` are its practices, and the sites in their areas that have room for it (`HubSite`). Where
misaligned patients have a price, what those of `S` pay is added (`Alignment`), and so is what `S`
pays for being outside further bands (`FigureLimit`).
The assignment-to-centre cost is that of Hess et al., "Nonpartisan political redistricting by
computer", Operations Research 13 (1965). The rules of a region come here by position.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.alignment import Alignment
from pcn_group.region.figure_limits import FigureLimit
from pcn_group.region.plan_limits import PlanLimit

__all__ = [
    "FORBIDDEN",
    "Hinge",
    "HubSite",
    "Problem",
    "SizeRule",
    "free_of_cost",
]


FORBIDDEN = 2**48
"""A cost no network may contain: more than any plan costs, and 32,767 of them add up in 64 bits.

Floating-point numbers tell costs apart to this size and well beyond, and so do sums of thousands of
them in 64 bits. A region whose worst plan could cost as much is refused.
"""


@dataclass(frozen=True)
class Hinge:
    """A price per patient on each side of a size: `below * (at - W)+  +  above * (W - at)+`."""

    at: int
    below: int
    above: int


@dataclass(frozen=True)
class SizeRule:
    """Which network sizes are allowed, and what they cost.

    Attributes
    ----------
    band_min, band_max
        The band: a network outside it is an exception.
    smallest, largest
        Hard limits on the patients of a network.
    hinges
        The terms of the size penalty `g`.
    avoid_below, avoid_above
        Whether a side of the band gives way once it is proven that no plan keeps it.
    alone_above
        Practices with more patients than this stand alone; None means more than `largest`.
    """

    band_min: int
    band_max: int
    smallest: int
    largest: int
    hinges: tuple[Hinge, ...] = ()
    avoid_below: bool = False
    avoid_above: bool = False
    alone_above: int | None = None

    def allows(self, patients: int) -> bool:
        """Whether a network may have this many patients."""
        return self.smallest <= patients <= self.largest

    def penalty(self, patients: int) -> int:
        """Return `g(patients)`: what a network of this size pays beside travel."""
        return sum(
            hinge.below * max(0, hinge.at - patients) + hinge.above * max(0, patients - hinge.at)
            for hinge in self.hinges
        )

    def to_json(self) -> dict[str, object]:
        """Return the rule as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SizeRule:
        """Read a rule back; TypeError or KeyError where the values are not one."""
        hinges = tuple(Hinge(**hinge) for hinge in values["hinges"])
        return cls(**{**values, "hinges": hinges})


@dataclass(frozen=True)
class HubSite:
    """A place that is no practice and may be the hub of a network.

    Attributes
    ----------
    code
        Of the site.
    anchor
        The practice in whose area it lies: it may be the hub of that practice's network alone.
    capacity
        The most patients that a network may have whose hub it is; None for any number.
    """

    code: str
    anchor: int
    capacity: int | None = None


@dataclass(frozen=True)
class Problem:
    """A region as integers and rules.

    Attributes
    ----------
    codes
        Practice codes in sorted order; every index below is a position in it.
    weights
        int64 (n,): patients of each practice.
    cost
        int64 (n, n + m): `cost[i, h]` of practice `i` in a network whose hub is `h`, `FORBIDDEN`
        where not allowed: first the practices as hubs, then the sites. In patient-metres
        (patient-seconds where travel is in minutes). `cost[i, i]` is what the patients of a hub
        travel to it: zero where travel is from practice to practice. It is `FORBIDDEN` where `i`
        may not be a hub at all.
    neighbours
        For each practice the sorted indices of its neighbours.
    size
        The band, hard limits and size penalty.
    max_practices
        The most practices a network may hold.
    together
        Groups in one network each, ascending; no practice is in two of them.
    apart
        Pairs that are never in one network, ascending.
    fixed
        Networks that are part of every plan as they are, ascending; no practice is in two of them.
    plan_limits
        What the networks of a plan may come to in all, those of every plan among them.
    alignment
        Who lives where, and the price of misaligned patients; None where nothing hangs on it.
    figure_limits
        Those of further bands, which networks aside need not keep.
    sites
        The m places that are no practices and may be hubs.
    """

    codes: tuple[str, ...]
    weights: NDArray[np.int64]
    cost: NDArray[np.int64]
    neighbours: tuple[tuple[int, ...], ...]
    size: SizeRule
    max_practices: int
    together: tuple[tuple[int, ...], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    fixed: tuple[tuple[int, ...], ...] = ()
    plan_limits: tuple[PlanLimit, ...] = ()
    alignment: Alignment | None = None
    figure_limits: tuple[FigureLimit, ...] = ()
    sites: tuple[HubSite, ...] = ()

    @property
    def anchors(self) -> NDArray[np.int64]:
        """The practice that a network with each hub has: int64 (n + m,)."""
        anchors = [*range(len(self.codes)), *(site.anchor for site in self.sites)]
        return np.array(anchors, dtype=np.int64)

    @property
    def oversize(self) -> tuple[int, ...]:
        """Practices with more patients than a network may have: each stands alone, listed.

        Those in a network that is fixed are not among them.
        """
        size = self.size
        most = size.largest if size.alone_above is None else size.alone_above
        kept = {i for network in self.fixed for i in network}
        return tuple(i for i in np.flatnonzero(self.weights > most).tolist() if i not in kept)

    @property
    def aside(self) -> tuple[tuple[int, ...], ...]:
        """The networks of every plan, whatever the rules say: those fixed, oversize ones alone.

        They pay for their travel and misaligned patients, and nothing for bands.
        """
        return (*self.fixed, *((i,) for i in self.oversize))

    def hub(self, members: Iterable[int]) -> int:
        """Return the hub of a network: a column of `cost`, of least total, the first of equals."""
        inside = np.sort(np.fromiter(members, dtype=np.int64))
        hubs = self._hubs(inside)
        return int(hubs[self.cost[np.ix_(inside, hubs)].sum(axis=0).argmin()])

    def hub_practice(self, members: Iterable[int]) -> int:
        """Return the practice that is the hub of a network, or in whose area that lies."""
        return int(self.anchors[self.hub(members)])

    @property
    def hub_codes(self) -> tuple[str, ...]:
        """The codes of practices and sites, in the order of the columns of `cost`."""
        return (*self.codes, *(site.code for site in self.sites))

    def _hubs(self, inside: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what may be the hub of a network, ascending: columns of `cost`."""
        if not self.sites:
            return inside
        patients, members = int(self.weights[inside].sum()), set(inside.tolist())
        sites = [
            len(self.codes) + k
            for k, site in enumerate(self.sites)
            if site.anchor in members and (site.capacity is None or patients <= site.capacity)
        ]
        return np.concatenate((inside, np.array(sites, dtype=np.int64)))

    def among(self, practices: NDArray[np.int64]) -> tuple[NDArray[np.int64], tuple[HubSite, ...]]:
        """Return costs and sites of a region of some practices, renumbered in this order."""
        position = {int(practice): k for k, practice in enumerate(practices)}
        kept = [k for k, site in enumerate(self.sites) if site.anchor in position]
        columns = np.concatenate((practices, len(self.codes) + np.array(kept, dtype=np.int64)))
        sites = (self.sites[k] for k in kept)
        return (
            np.ascontiguousarray(self.cost[np.ix_(practices, columns)]),
            tuple(replace(site, anchor=position[site.anchor]) for site in sites),
        )

    def cost_ceiling(self) -> int:
        """Return a cost no plan exceeds: every practice and every size at its worst."""
        alone = sum(self.network_cost(network) for network in self.aside)
        apart = [i for network in self.aside for i in network]
        shared = np.setdiff1d(np.arange(len(self.codes)), apart)
        cost, _ = self.among(shared)
        worst = int(np.where(cost < FORBIDDEN, cost, 0).max(axis=1, initial=0).sum())
        if self.alignment is not None:
            worst += self.alignment.price * self.alignment.within(shared).worst
        patients = int(self.weights[shared].sum())
        # The penalty is convex, so it peaks at an end.
        ends = {max(1, self.size.smallest), min(self.size.largest, patients)}
        sizes = len(shared) * max(self.size.penalty(size) for size in ends)
        # Nor are more patients above a size than there are, or more short of it than all of it.
        outside = (h.below * h.at * len(shared) + h.above * patients for h in self.size.hinges)
        further = sum(limit.worst(shared) for limit in self.figure_limits)
        return alone + worst + min(sizes, sum(outside)) + further

    def network_cost(self, members: Iterable[int]) -> int:
        """Return the cost of a network; one that is aside pays nothing for bands."""
        inside = np.sort(np.fromiter(members, dtype=np.int64))
        cost = int(self.cost[np.ix_(inside, self._hubs(inside))].sum(axis=0).min())
        if self.alignment is not None:
            cost += self.alignment.price * self.alignment.misaligned(inside)
        if tuple(inside.tolist()) in self.aside:
            return cost
        cost += sum(limit.cost(inside) for limit in self.figure_limits if limit.price)
        return cost + self.size.penalty(int(self.weights[inside].sum()))

    def in_bands(self, members: Collection[int]) -> bool:
        """Whether a network is inside the band and every further one."""
        patients = int(self.weights[list(members)].sum())
        return self.size.band_min <= patients <= self.size.band_max and not any(
            limit.excess(members) for limit in self.figure_limits
        )

    def with_size(self, size: SizeRule) -> Problem:
        """Return the same region under another size rule."""
        return replace(self, size=size)

    @property
    def may_give_way(self) -> bool:
        """Whether some band may, once it is proven that no plan keeps all."""
        size = self.size
        return (
            size.avoid_below or size.avoid_above or any(each.avoid for each in self.figure_limits)
        )

    def firm(self) -> Problem:
        """Return the same region under bands that do not give way."""
        return replace(
            self,
            size=replace(self.size, avoid_below=False, avoid_above=False),
            figure_limits=tuple(replace(limit, avoid=False) for limit in self.figure_limits),
        )


def free_of_cost(problem: Problem) -> Problem:
    """Return the same region in which nothing costs anything, whichever practice is the hub."""
    return replace(
        problem,
        cost=np.zeros((len(problem.codes), len(problem.codes)), dtype=np.int64),
        sites=(),
        size=replace(problem.size, hinges=()),
        alignment=problem.alignment and replace(problem.alignment, price=0),
        figure_limits=tuple(replace(limit, price=0) for limit in problem.figure_limits),
    )
