"""A problem as the compiled kernels need it: arrays of the practices that can share a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from pcn_group.region.figure_limits import FigureLimit
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.columns import Columns
from pcn_group.solver.pair_rules import pair_rules_of
from pcn_group.solver.plan_limits import PlanLimits
from pcn_group.solver.reach import ReachRoom, reach

__all__ = [
    "Instance",
    "Region",
    "build_instance",
]


Int = NDArray[np.int64]


class Region(NamedTuple):
    """What the kernels see: contiguous int64 arrays, practices numbered 0..n-1.

    Attributes
    ----------
    weights, cost
        (n,) and (n, h), as in `Problem`.
    anchors
        (h,): the practice that a network with each hub has. The first n are the practices.
    room
        (h,): the most patients of a network with each hub.
    link_start, links
        Neighbours in compressed rows: those of `i` are `links[link_start[i]:link_start[i + 1]]`.
    near_start, near
        The practices that can be in one network with each hub, its anchor included: compressed
        rows, ascending.
    hinges
        (k, 3): the size penalty's terms, each size, price below it, price above it.
    smallest, largest, max_practices
        Hard limits on a network.
    must_link_start, must_link
        The practices that must be in one network with each practice, itself left out: compressed
        rows.
    cannot_link_start, cannot_link
        The practices that must not be in one network with each practice, or with any that it must
        be with: compressed rows.
    has_pair_rules
        Whether there are any such rules.
    elsewhere
        (n, A), as in `Alignment`; without a column where nothing hangs on it.
    serves
        The neighbourhood that networks must serve; -1 for any.
    amounts
        (n, k): what each practice adds to each limit on figures.
    figure_limits
        (k, 4): the sum that each is on, the most at any price, and what so many units beyond the
        sum cost: (limit, most, price, units).
    """

    weights: Int
    cost: Int
    anchors: Int
    room: Int
    link_start: Int
    links: Int
    near_start: Int
    near: Int
    hinges: Int
    smallest: int
    largest: int
    max_practices: int
    must_link_start: Int
    must_link: Int
    cannot_link_start: Int
    cannot_link: Int
    has_pair_rules: bool
    elsewhere: Int
    serves: int
    amounts: Int
    figure_limits: Int


@dataclass(frozen=True)
class Instance:
    """The practices that are not in a network aside, renumbered 0..n-1.

    Attributes
    ----------
    problem
        The problem it is built from.
    practices
        int64 (n,): position of each in `Problem.codes`.
    region
        The same as arrays.
    max_networks
        K: no plan has more networks than this.
    limits
        What the networks of a plan may come to in all, and what their misaligned patients cost.
    figure_limits
        Those of further bands.
    """

    problem: Problem
    practices: Int
    region: Region
    max_networks: int
    limits: PlanLimits
    figure_limits: tuple[FigureLimit, ...]

    @property
    def size(self) -> int:
        """How many items a plan covers: its practices, and in some instances more after them."""
        return len(self.practices)

    @property
    def weights(self) -> Int:
        """Patients of each practice."""
        return self.region.weights

    @property
    def patients(self) -> int:
        """Patients of them all."""
        return int(self.region.weights.sum())

    @property
    def ceiling(self) -> int:
        """Return a cost that no plan exceeds."""
        return self.problem.cost_ceiling()

    def network_cost(self, members: Sequence[int]) -> int:
        """Return the cost of a network, as `Problem.network_cost`."""
        size = int(self.weights[list(members)].sum())
        cost = self.least_travel(members) + self.problem.size.penalty(size)
        cost += sum(limit.cost(members) for limit in self.figure_limits if limit.price)
        alignment = self.limits.alignment
        return cost + (alignment.price * alignment.misaligned(members) if alignment else 0)

    def columns_of(self, networks: Sequence[Sequence[int]]) -> Columns:
        """Return the networks of a plan as columns that cover every item."""
        return Columns.of(networks, [self.network_cost(members) for members in networks])

    def least_travel(self, members: Sequence[int]) -> int:
        """Return what a network costs with its best hub, its size aside."""
        inside, region = list(members), self.region
        if not self.has_sites:
            return int(region.cost[np.ix_(inside, inside)].sum(axis=0).min())
        is_hub = np.isin(region.anchors, inside) & (region.room >= region.weights[inside].sum())
        return int(region.cost[np.ix_(inside, is_hub)].sum(axis=0).min(initial=FORBIDDEN))

    @property
    def has_sites(self) -> bool:
        """Whether there are hubs that are no practices."""
        return len(self.region.anchors) > len(self.practices)

    @cached_property
    def cost_of_place(self) -> Int:
        """What each practice costs with the cheapest hub in the area of each: int64 (n, n)."""
        region = self.region
        if not self.has_sites:
            return region.cost
        cost = region.cost[:, : len(self.practices)].copy()
        for hub in range(len(self.practices), len(region.anchors)):
            place = region.anchors[hub]
            cost[:, place] = np.minimum(cost[:, place], region.cost[:, hub])
        return cost

    def is_contiguous(self, members: Sequence[int]) -> bool:
        """Whether a chain of neighbours inside leads from each member to each other one."""
        region, left = self.region, set(members)
        edge = [left.pop()]
        while edge and left:
            i = edge.pop()
            found = left.intersection(
                region.links[region.link_start[i] : region.link_start[i + 1]].tolist()
            )
            left -= found
            edge += found
        return not left

    def keeps_pair_rules(self, members: Sequence[int]) -> bool:
        """Whether a network keeps the must-link and cannot-link rules of its members."""
        region, inside = self.region, set(members)
        if not region.has_pair_rules:
            return True
        return all(
            inside.issuperset(
                region.must_link[region.must_link_start[i] : region.must_link_start[i + 1]]
            )
            and inside.isdisjoint(
                region.cannot_link[region.cannot_link_start[i] : region.cannot_link_start[i + 1]]
            )
            for i in members
        )

    def allows(self, members: Sequence[int]) -> bool:
        """Whether a connected set keeps the hard limits."""
        problem = self.problem
        return (
            problem.size.allows(int(self.weights[list(members)].sum()))
            and len(members) <= problem.max_practices
            and self.least_travel(members) < FORBIDDEN
            and self.keeps_pair_rules(members)
            and all(limit.excess(members) <= limit.allowed for limit in self.figure_limits)
        )

    def pair_violations(self, owner: Int) -> int:
        """Count the must-link and cannot-link rules that are broken, each from both of its sides.

        Parameters
        ----------
        owner
            int64 (n,): the network of each practice.
        """
        region, everyone = self.region, np.arange(len(self.practices))
        must_link = (
            owner[region.must_link] != owner[np.repeat(everyone, np.diff(region.must_link_start))]
        )
        cannot_link = (
            owner[region.cannot_link]
            == owner[np.repeat(everyone, np.diff(region.cannot_link_start))]
        )
        return int(must_link.sum() + cannot_link.sum())

    def typical_rate(self) -> float:
        """Return the median cost per patient of going to the nearest neighbour, 1 at the least."""
        region = self.region
        rates = [
            self.cost_of_place[i, region.links[start:end]].min() / region.weights[i]
            for i, (start, end) in enumerate(
                zip(region.link_start[:-1], region.link_start[1:], strict=True)
            )
            if end > start
        ]
        positive = [rate for rate in rates if 0 < rate < FORBIDDEN / region.weights.max()]
        return max(float(np.median(positive)), 1.0) if positive else 1.0

    def parts(self) -> list[Int]:
        """Return the connected parts, each as its practices in ascending order."""
        region, n = self.region, len(self.practices)
        rows = np.repeat(np.arange(n), np.diff(region.link_start))
        graph = csr_matrix((np.ones(len(rows)), (rows, region.links)), (n, n))
        count, part = connected_components(graph, directed=False)
        return [np.flatnonzero(part == label) for label in range(count)]

    def indivisible_parts(self) -> list[Int]:
        """Return the parts whose patients no whole number of networks can hold.

        So many networks of the smallest size would be too many patients, and so many of the
        largest too few: where that is so for every number, there is no plan.
        """
        rule = self.problem.size
        smallest = max(1, rule.smallest)
        indivisible = []
        for part in self.parts():
            patients = int(self.weights[part].sum())
            if (patients // smallest) * rule.largest < patients:
                indivisible.append(part)
        return indivisible

    def in_problem(self, members: Sequence[int] | Int) -> tuple[int, ...]:
        """Translate members to sorted positions in `Problem.codes`; other items are left out."""
        n = len(self.practices)
        return tuple(sorted(self.practices[[i for i in members if i < n]].tolist()))


def build_instance(problem: Problem) -> Instance:
    """Build the instance of a problem, without the networks that are in every plan."""
    aside = {i for network in problem.aside for i in network}
    practices = np.array([i for i in range(len(problem.codes)) if i not in aside], dtype=np.int64)
    position = {int(practice): k for k, practice in enumerate(practices)}
    weights = np.ascontiguousarray(problem.weights[practices])
    cost, sites = problem.among(practices)
    anchors = np.array([*range(len(practices)), *(s.anchor for s in sites)], dtype=np.int64)
    rule = problem.size
    room = np.full(len(anchors), rule.largest)
    for hub, site in enumerate(sites, start=len(practices)):
        if site.capacity is not None:
            room[hub] = min(rule.largest, site.capacity)
    link_start, links = _rows(
        [[position[j] for j in problem.neighbours[int(i)] if j in position] for i in practices]
    )
    rules = pair_rules_of(problem, position)
    rules.forbid(cost)
    near_start, near = _within_reach(weights, cost, anchors, room, link_start, links)
    if rules.groups:
        near_start, near = rules.near(near_start, near, anchors, weights, rule.largest)
    limits = PlanLimits.of(problem, practices)
    figure_limits = tuple(limit.within(practices) for limit in problem.figure_limits)
    amounts = [limit.amounts for limit in figure_limits]
    must_link_start, must_link = _rows(rules.must_link(len(practices)))
    cannot_link_start, cannot_link = _rows(rules.cannot_link(len(practices)))
    region = Region(
        weights=weights,
        cost=cost,
        anchors=anchors,
        room=room,
        link_start=link_start,
        links=links,
        near_start=near_start,
        near=near,
        hinges=np.array(
            [(hinge.at, hinge.below, hinge.above) for hinge in rule.hinges], dtype=np.int64
        ).reshape(-1, 3),
        smallest=rule.smallest,
        largest=rule.largest,
        max_practices=problem.max_practices,
        must_link_start=must_link_start,
        must_link=must_link,
        cannot_link_start=cannot_link_start,
        cannot_link=cannot_link,
        has_pair_rules=bool(len(must_link) or len(cannot_link)),
        elsewhere=np.zeros((len(practices), 0), dtype=np.int64)
        if limits.alignment is None
        else np.ascontiguousarray(limits.alignment.elsewhere),
        serves=-1,
        amounts=np.array(amounts, dtype=np.int64)
        .reshape(len(figure_limits), len(practices))
        .T.copy(),
        figure_limits=np.array(
            [(each.limit, each.most, *each.rate.as_integer_ratio()) for each in figure_limits],
            dtype=np.int64,
        ).reshape(-1, 4),
    )
    return Instance(
        problem=problem,
        practices=practices,
        region=region,
        max_networks=min(len(practices), int(weights.sum()) // max(1, rule.smallest)),
        limits=limits,
        figure_limits=figure_limits,
    )


def _rows(rows: Sequence[Sequence[int]]) -> tuple[Int, Int]:
    """Put rows into compressed form: where each starts, and all one after the other."""
    start = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return start, np.array([i for row in rows for i in row], dtype=np.int64)


def _twins(link_start: Int, links: Int) -> Int:
    """Return one number to practices with the same neighbours, themselves among them.

    All practices at one address are: there may be thousands.
    """
    numbers: dict[bytes, int] = {}
    rows = (links[start:end] for start, end in pairwise(link_start.tolist()))
    around = (np.insert(row, np.searchsorted(row, i), i).tobytes() for i, row in enumerate(rows))
    return np.array([numbers.setdefault(key, len(numbers)) for key in around], dtype=np.int64)


def _within_reach(
    weights: Int, cost: Int, anchors: Int, most: Int, link_start: Int, links: Int
) -> tuple[Int, Int]:
    """Return for each hub the practices that a network around it can hold, in compressed rows.

    A network that holds both holds all practices on some way between them, so the way with the
    fewest patients must not have too many.
    """
    n, twins = len(weights), _twins(link_start, links)
    room = ReachRoom(
        patients=np.empty(n, np.int64),
        passed=np.full(n, -1),
        reached=np.empty(n, np.int64),
        sizes=np.empty(len(links) + 1, np.int64),
        ends=np.empty(len(links) + 1, np.int64),
    )
    rows, before = [], -1
    for hub, (anchor, largest) in enumerate(zip(anchors.tolist(), most.tolist(), strict=True)):
        if largest != before:
            room.patients.fill(largest + 1)
            before = largest
        count = reach(weights, cost, link_start, links, twins, largest, hub, anchor, room)
        rows.append(np.sort(room.reached[:count]))
    return np.cumsum([0, *map(len, rows)]), np.concatenate([*rows, room.reached[:0]])
