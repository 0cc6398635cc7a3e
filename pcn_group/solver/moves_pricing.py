"""Moves at a price: candidates that pay for travel, and for what moves from the networks of today.

A network of a plan can continue a network of today, and no two continue the same one. So a network
of today is one more thing to be covered, beside the practices: by the network that continues it, or
by none at no cost. A candidate is a set of practices with one network of today at the most. If
that one is known, each practice of another pays for its move whatever the hub: its dual is smaller
by that. So candidates are priced once for each network of today, and once for none.

Where moves are all that counts, a hub means nothing, and each candidate would be found from every
one of its practices. There it is found from one only: its first of the network of today that it
continues. Only whether it has a permitted hub at all is asked, once it is found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.problem import FORBIDDEN, Problem, free_of_cost
from pcn_group.region.today import NOWHERE, Today, continued
from pcn_group.solver.bound.pricing import Enumerated, Priced, Pricer, Request
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance, Region, build_instance
from pcn_group.solver.plan_limits import Kind

__all__ = [
    "MovesInstance",
    "MovesPricer",
    "build_moves_instance",
    "build_moves_only_instance",
    "rooted",
]

Int = NDArray[np.int64]

_ANYTHING = -(2**50)
"""A bound on reduced costs where nothing was enumerated."""


@dataclass(frozen=True)
class MovesInstance(Instance):
    """An instance in which what moves has a price.

    The items to cover are its practices, then the networks of today, then the networks of every
    plan, which may continue one of today's as well.

    Attributes
    ----------
    today
        In the instance's numbering.
    price
        Of each that moves, in units of travel.
    aside
        int64 (networks, networks of today): what each network of every plan has of today's.
    regions
        Where candidates are enumerated that continue each network of today, and at last none.
    hubs
        The region with the hubs that practices may have, where the others do not say.
    """

    today: Today
    price: int
    aside: Int
    regions: tuple[Region, ...]
    hubs: Region | None = None

    @property
    def size(self) -> int:
        """How many items there are."""
        return len(self.practices) + self.today.count + len(self.aside)

    @property
    def weights(self) -> Int:
        """What each item stands for, in patients or the like."""
        of_today = self.today.totals() + self.aside.sum(axis=0)
        others = np.concatenate((of_today, self.aside.sum(axis=1)))
        return np.concatenate((self.region.weights, np.maximum(others, 1)))

    @property
    def ceiling(self) -> int:
        """Return a cost that no plan exceeds, one in which every practice moves."""
        return super().ceiling + self.price * int(self.today.amounts.sum() + self.aside.sum())

    def network_cost(self, members: Sequence[int]) -> int:
        """Return the cost of a network that continues none of today's: travel, size and moves."""
        return super().network_cost(members) + self._moves(self.today.shares(members), NOWHERE)

    def columns_of(self, networks: Sequence[Sequence[int]]) -> Columns:
        """Return a plan as columns: each network with what it continues, for fewest moves."""
        first = len(self.practices) + self.today.count
        sets = [*map(list, networks), *([first + k] for k in range(len(self.aside)))]
        shares = np.array([self.today.shares(members) for members in networks], dtype=np.int64)
        shares = np.concatenate((shares.reshape(len(networks), self.today.count), self.aside))
        labels = continued(shares)
        costs = [self._moves(*each) for each in zip(shares, labels, strict=True)]
        for k, members in enumerate(networks):
            costs[k] += super().network_cost(members)
        left = sorted({*range(self.today.count)}.difference(labels))
        items = [
            [*members, *self._item(label)] for members, label in zip(sets, labels, strict=True)
        ]
        return Columns.of([*items, *map(self._item, left)], [*costs, *([0] * len(left))])

    def others(self) -> Columns:
        """Return the columns that hold no practice.

        Networks of today that none continues, and networks of every plan with what they continue.
        """
        first = len(self.practices) + self.today.count
        sets = [self._item(label) for label in range(self.today.count)]
        costs = [0] * len(sets)
        for k, shares in enumerate(self.aside):
            for label in (NOWHERE, *np.flatnonzero(shares).tolist()):
                sets.append([first + k, *self._item(label)])
                costs.append(self._moves(shares, label))
        return Columns.of(sets, costs)

    def have_hubs(self, networks: Columns) -> NDArray[np.bool_]:
        """Tell of each network whether all its practices may have one of them as the hub."""
        if self.hubs is None:
            return np.ones(len(networks), dtype=np.bool_)
        region, n = self.hubs, len(self.practices)
        inside = networks.below(n).matrix(n).toarray()
        kept_out = (region.cost >= FORBIDDEN).T.astype(np.float64) @ inside
        may_be = (inside[region.anchors] > 0) & (region.room[:, None] >= region.weights @ inside)
        has: NDArray[np.bool_] = ((kept_out == 0) & may_be).any(axis=0)
        return has

    def _moves(self, shares: Int, label: int) -> int:
        """Return what moves cost where this is held of each network of today, and one continued."""
        stays = 0 if label == NOWHERE else int(shares[label])
        return self.price * (int(shares.sum()) - stays)

    def _item(self, label: int) -> list[int]:
        return [] if label == NOWHERE else [len(self.practices) + label]


def build_moves_instance(problem: Problem, today: Today, price: int) -> MovesInstance:
    """Build the instance of a problem with a price on what moves.

    Parameters
    ----------
    today
        In the problem's numbering.
    price
        Of each that moves, in units of travel.
    """
    plain = build_instance(problem)
    aside = np.array([today.shares(members) for members in problem.aside], dtype=np.int64)
    return MovesInstance(
        problem=problem,
        practices=plain.practices,
        region=plain.region,
        max_networks=plain.max_networks,
        limits=plain.limits,
        figure_limits=plain.figure_limits,
        today=today.of(plain.practices),
        price=price,
        aside=aside.reshape(len(problem.aside), today.count),
        regions=(plain.region,) * (today.count + 1),
    )


def build_moves_only_instance(problem: Problem, today: Today) -> MovesInstance:
    """Build an instance in which each that moves costs one, and nothing else does."""
    built = build_moves_instance(free_of_cost(problem), today, price=1)
    labels = built.today.labels
    roots = [
        *(labels == label for label in range(today.count)),
        np.ones_like(labels, dtype=np.bool_),
    ]
    return replace(
        built,
        regions=tuple(rooted(built.region, some) for some in roots),
        hubs=build_instance(problem).region,
    )


def rooted(region: Region, roots: NDArray[np.bool_]) -> Region:
    """Let networks be found from the first of their roots only, and not at all without one."""
    rows = []
    for hub in range(len(roots)):
        inside = np.zeros(len(roots), dtype=np.bool_)
        inside[region.near[region.near_start[hub] : region.near_start[hub + 1]]] = roots[hub]
        inside[:hub] &= ~roots[:hub]
        # A practice is out where one that must be with it is.
        owner = np.repeat(np.arange(len(roots)), np.diff(region.must_link_start))
        inside[owner[~inside[region.must_link]]] = False
        rows.append(np.flatnonzero(inside) if inside[hub] else np.flatnonzero(inside[:0]))
    return region._replace(
        cost=np.tile(np.where(roots, 0, 1), (len(roots), 1)),
        near_start=np.cumsum([0, *map(len, rows)], dtype=np.int64),
        near=np.concatenate(rows),
    )


class _Found(NamedTuple):
    """What one hub found of networks that continue one network of today, or none."""

    hub: int
    label: int
    kind: Kind
    networks: Enumerated


class MovesPricer(Pricer):
    """Enumerates the candidates of an instance in which what moves has a price."""

    def __init__(self, instance: Instance, workers: int, deadline: float) -> None:
        super().__init__(instance, workers, deadline)
        if not isinstance(instance, MovesInstance):
            raise TypeError("candidates of an instance in which moves have no price")
        self._moves = instance
        self._others = instance.others()
        labels, tasks = instance.today.labels, _tasks(instance)
        own = labels[instance.region.anchors]
        self._likely = [task for task in tasks if task[1] == own[task[0]]]
        self._unlikely = [task for task in tasks if task[1] != own[task[0]]]
        self._last_duals = np.zeros(0, dtype=np.int64)

    def price(self, request: Request) -> Priced:
        """Enumerate the candidates with a reduced cost of at most the request's threshold.

        With `keep`, so many for each hub and network of today; and if there are any that continue
        the network of their hub, only those, with nothing said of the others. Asked again with the
        same duals it looks everywhere.
        """
        today, n = self._moves.today, len(self._moves.practices)
        owed = self._moves.price * today.amounts * (today.labels != NOWHERE)
        duals, kinds = request.duals, [*self._moves.limits.kinds(request.limit_duals)]
        asked_before = np.concatenate((duals, request.limit_duals))
        is_first = not np.array_equal(asked_before, self._last_duals)
        self._last_duals = asked_before

        def one(task: tuple[Kind, tuple[int, int]]) -> _Found:
            kind, (hub, label) = task
            dual = kind.left_of(duals[:n] - np.where(today.labels == label, 0, owed))
            own = -kind.pays if label == NOWHERE else int(duals[n + label]) - kind.pays
            asked = request._replace(duals=dual, threshold=request.threshold + own)
            region = self.narrowed(self._moves.regions[label], kind)
            found = self.enumerated(region, asked, hub)
            found = found._replace(reduced=found.reduced - own, bound=found.bound - own)
            return _Found(hub, label, kind, found)

        self._watch[1] = 0
        found = self.in_parallel(one, product(kinds, self._likely))
        is_whole = not (
            request.keep and is_first and any(len(each.networks.reduced) for each in found)
        )
        if is_whole:
            found += self.in_parallel(one, product(kinds, self._unlikely))
        return self._priced(found, request, is_whole=is_whole)

    def _priced(self, found: list[_Found], request: Request, *, is_whole: bool) -> Priced:
        """Put together what was found, and the columns without practices."""
        duals = request.duals
        least = np.full(self._moves.size, 0 if is_whole else _ANYTHING, dtype=np.int64)
        anchors = self._moves.region.anchors
        for each in found:
            whole = int(each.networks.reduced.min(initial=0))
            floor = whole if each.networks.complete else min(0, math.floor(each.networks.bound))
            anchor = anchors[each.hub]
            least[anchor] = min(least[anchor], floor)
        others = self._others
        reduced = others.costs - np.add.reduceat(duals[others.members], others.starts[:-1])
        np.minimum.at(least, others.members[others.starts[1:] - 1], reduced)
        wanted = reduced <= request.threshold
        networks = self._columns(found)
        valid = self._moves.have_hubs(networks) & self._are_of_their_kinds(networks, found)
        of_networks = np.concatenate([each.networks.reduced for each in found])
        nodes = sum(each.networks.nodes for each in found)
        self.nodes += nodes
        return Priced(
            columns=networks.take(valid).joined(others.take(wanted)),
            reduced=np.concatenate((of_networks[valid], reduced[wanted])),
            least=least,
            complete=is_whole and all(each.networks.complete for each in found),
            nodes=nodes,
        )

    def _are_of_their_kinds(self, networks: Columns, found: list[_Found]) -> NDArray[np.bool_]:
        """Tell which networks are of the kind that they were found as, and as that alone."""
        areas = [each.kind.area for each in found if each.kind.area is not None]
        if not areas:
            return np.ones(len(networks), dtype=np.bool_)
        counts = [len(each.networks.costs) for each in found]
        own: NDArray[np.bool_] = np.repeat(areas, counts) == self._moves.limits.area_of(
            networks.below(len(self._moves.practices))
        )
        return own

    def _columns(self, found: list[_Found]) -> Columns:
        """Return what was found as columns, with what each continues and what its moves cost."""
        today, n = self._moves.today, len(self._moves.practices)
        members = np.concatenate([each.networks.members for each in found])
        lengths = np.concatenate([each.networks.lengths for each in found])
        costs = np.concatenate([each.networks.costs for each in found])
        label = np.repeat(
            [each.label for each in found], [len(each.networks.costs) for each in found]
        )
        owner = np.repeat(np.arange(len(costs)), lengths)
        moving = (today.labels[members] != NOWHERE) & (today.labels[members] != label[owner])
        moved = np.zeros(len(costs), dtype=np.int64)
        np.add.at(moved, owner[moving], today.amounts[members[moving]])
        items, ends = (n + label).astype(np.int32), np.cumsum(lengths)
        continues = label != NOWHERE
        columns = Columns.packed(
            np.insert(members, ends[continues], items[continues]),
            lengths + continues,
            costs + self._moves.price * moved,
        )
        return replace(columns, costs=columns.costs + self._moves.limits.prices(columns))


def _tasks(instance: MovesInstance) -> list[tuple[int, int]]:
    """Return each hub with each network of today that one around it can continue, and with none."""
    labels, tasks = instance.today.labels, []
    for label in (NOWHERE, *range(instance.today.count)):
        region = instance.regions[label]
        for hub in range(len(region.anchors)):
            near = region.near[region.near_start[hub] : region.near_start[hub + 1]]
            if len(near) and (label == NOWHERE or (labels[near] == label).any()):
                tasks.append((hub, label))
    return tasks
