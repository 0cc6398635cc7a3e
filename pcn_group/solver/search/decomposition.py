"""A plan of a large region by decomposition, and a large neighbourhood search that improves it.

Practices that share a network of the fractional plan are of one part. Most parts are a single whole
network already; each of the others is a small region, and searched like one. A part without a plan
is joined with those around it. Afterwards, neighbourhoods around the networks that cost the most
above the duals of their members are searched again, whatever part they came from.

Parts have no practice in common, nor have neighbourhoods that are searched at once. Which those are
hangs on no clock and no number of threads, and so neither does the plan.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from heapq import nlargest

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.search.state import Networks

__all__ = ["AT_ONCE", "Begin", "Neighbourhoods", "Solve", "plan_by_decomposition"]

Int = NDArray[np.int64]
Shares = NDArray[np.float64]
Solve = Callable[[Instance, Networks | None], Networks | None]
"""Return the best plan it can find of a small region, starting from one if there is one."""

Found = Callable[[], Networks | None]
Begin = Callable[[Found], Found]
"""Begin a search, now or once its result is asked for; return what returns that."""

_LARGEST_PART = 500
"""Practices in a part: one that grows beyond is given up."""
AT_ONCE = 32
"""Neighbourhoods that are searched at once, whether there are as many threads or not."""
_LOOKED_AT = 30
"""Networks that are looked at for one whose neighbourhood is free."""
_NEIGHBOURHOOD = 90
"""Practices in a neighbourhood, or a few more."""


def _when_asked(search: Found) -> Found:
    return search


def plan_by_decomposition(
    instance: Instance,
    used: Columns,
    shares: Shares,
    solve: Solve,
    stopped: Callable[[], bool],
    begin: Begin = _when_asked,
) -> Networks | None:
    """Make a plan from the networks of a fractional plan; None where some part has none.

    Parameters
    ----------
    used, shares
        The networks of the fractional plan, and how much of each is in it.
    solve
        Searches a part.
    stopped
        Whether time is up.
    """
    parts = _Parts.made_of(instance, used, shares)
    planned = parts.whole(used)

    def searched(label: int) -> Networks | None:
        if stopped():
            return None
        return _solved(instance, parts.members[label], parts.allowed[:, label], None, solve)

    while waiting := parts.largest_first(parts.members.keys() - planned.keys()):
        if len(parts.members[waiting[0]]) > _LARGEST_PART:
            return None
        begun = [(label, begin(partial(searched, label))) for label in waiting]
        planned |= {label: plan for label, found in begun if (plan := found()) is not None}
        for label in waiting:
            if label in planned or label not in parts.members:
                continue
            if stopped() or not (joined := parts.join_around(label)):
                return None
            planned = {each: plan for each, plan in planned.items() if each not in joined}
    return tuple(sorted(network for networks in planned.values() for network in networks))


@dataclass(frozen=True)
class _Parts:
    """Parts of a region that have no practice in common.

    Attributes
    ----------
    of
        int64 (n,): the part of each practice.
    members
        The practices of each part.
    allowed
        int64 (k, parts): what each part may come to of each limit on the plan.
    """

    instance: Instance
    of: Int
    members: dict[int, Int]
    allowed: Int

    @classmethod
    def made_of(cls, instance: Instance, used: Columns, shares: Shares) -> _Parts:
        """Divide a region so that networks of a fractional plan are of one part each."""
        inside, region, n = used.matrix(instance.size), instance.region, instance.size
        must_link = csr_matrix(
            (np.ones(len(region.must_link)), region.must_link, region.must_link_start), (n, n)
        )
        count, part = connected_components(inside @ inside.T + must_link, directed=False)
        members = {label: np.flatnonzero(part == label) for label in range(count)}
        return cls(instance, part, members, _apportioned(instance, used, shares, part))

    def largest_first(self, labels: Collection[int]) -> list[int]:
        """Return parts in the order of their size: the largest take longest."""
        return sorted(labels, key=lambda label: (-len(self.members[label]), label))

    def whole(self, used: Columns) -> dict[int, Networks]:
        """Return the plans of parts that are one network of the fractional plan."""
        owner = self.of[used.members[used.starts[:-1]]]
        is_only = np.bincount(owner)[owner] == 1
        fits = (self.instance.limits.amounts(used) <= self.allowed[:, owner]).all(axis=0)
        whole: dict[int, Networks] = {}
        for k in np.flatnonzero(is_only & fits).tolist():
            network, label = tuple(sorted(used.members_of(k).tolist())), int(owner[k])
            if len(network) == len(self.members[label]) and self.instance.allows(network):
                whole[label] = (network,)
        return whole

    def join_around(self, label: int) -> set[int]:
        """Join a part with those around it, which are no parts any more; return which.

        The smallest come first, and all but the first only if there is room for them.
        """
        beside = {int(self.of[j]) for j in _beside(self.instance, self.members[label])} - {label}
        size, joined = len(self.members[label]), set[int]()
        for other in reversed(self.largest_first(beside)):
            size += len(self.members[other])
            if joined and size > _NEIGHBOURHOOD:
                break
            joined.add(other)
            self.of[self.members.pop(other)] = label
            self.allowed[:, label] += self.allowed[:, other]
        self.members[label] = np.flatnonzero(self.of == label)
        return joined


def _apportioned(instance: Instance, used: Columns, shares: Shares, part: Int) -> Int:
    """Return what each part (columns) may come to of each limit on the plan (rows).

    As much as it has of the fractional plan, rounded so that all together are no more than whole.
    """
    amounts = np.zeros((len(instance.limits), int(part.max()) + 1))
    where = part[used.members[used.starts[:-1]]]
    for own, each in zip(amounts, instance.limits.amounts(used) * shares, strict=True):
        np.add.at(own, where, each)
    return np.diff(np.rint(np.cumsum(amounts, axis=1)), axis=1, prepend=0).astype(np.int64)


@dataclass(frozen=True)
class _Begun:
    """The search of a neighbourhood.

    Attributes
    ----------
    labels
        Of its networks.
    granted
        What they may come to of each limit on the plan.
    found
        Waits for its better networks; None where there are none.
    """

    labels: frozenset[int]
    granted: Int
    found: Found


class Neighbourhoods:
    """A plan that is improved neighbourhood by neighbourhood.

    A neighbourhood is some network and those around it. The networks that cost the most above the
    duals of their members come first: nowhere else can more be gained.
    """

    def __init__(
        self,
        instance: Instance,
        plan: Networks,
        solve: Solve,
        begin: Begin = _when_asked,
        at_once: int = 1,
    ) -> None:
        """Start from a plan; so many neighbourhoods are searched at once."""
        self._instance, self._solve, self._begin, self._at_once = instance, solve, begin, at_once
        self._networks: dict[int, tuple[int, ...]] = {}
        self._costs: dict[int, int] = {}
        self._owner = np.empty(instance.size, dtype=np.int64)
        self._fresh = 0
        self._settled: set[tuple[int, ...]] = set()
        self._begun: deque[_Begun] = deque()
        for network in plan:
            self._add(network)

    @property
    def plan(self) -> Networks:
        """The plan as it is now."""
        return tuple(sorted(self._networks.values()))

    def _add(self, network: tuple[int, ...]) -> None:
        self._networks[self._fresh] = network
        self._costs[self._fresh] = self._instance.network_cost(network)
        self._owner[list(network)] = self._fresh
        self._fresh += 1

    def improve(self, duals: Int) -> Iterator[bool]:
        """Search one after the other, until none is left to try.

        Further ones are begun before a result is waited for, and are under way if one stops here
        and goes on later, under other duals.

        Yields
        ------
        After each, whether the plan is better.
        """
        while True:
            while len(self._begun) < self._at_once and (next_one := self._next(duals)):
                self._begun.append(next_one)
            if not self._begun:
                return
            yield self._take_over(self._begun.popleft())

    def _next(self, duals: Int) -> _Begun | None:
        """Begin where most can be gained among what is not being searched; None if nowhere."""
        busy = frozenset[int]().union(*(begun.labels for begun in self._begun))
        above = (
            (self._costs[label] - int(duals[list(network)].sum()), network, label)
            for label, network in self._networks.items()
            if network not in self._settled and label not in busy
        )
        for _, network, centre in nlargest(_LOOKED_AT, above):
            labels = _neighbourhood(self._instance, self._networks, self._owner, centre)
            if busy.isdisjoint(labels):
                self._settled.add(network)
                return self._search(frozenset(labels), busy)
        return None

    def _search(self, labels: frozenset[int], busy: frozenset[int]) -> _Begun:
        """Begin to search a neighbourhood, which may have of each limit what nobody else has."""
        limits, before = self._instance.limits, tuple(self._networks[k] for k in sorted(labels))
        others = [self._networks[k] for k in self._networks.keys() - labels - busy]
        granted = limits.totals - limits.amounts_of(others)
        granted = granted - sum(begun.granted for begun in self._begun)
        practices = np.sort(np.concatenate([np.array(network) for network in before]))
        search = partial(_solved, self._instance, practices, granted, before, self._solve)
        return _Begun(labels, granted, self._begin(search))

    def _take_over(self, begun: _Begun) -> bool:
        found = begun.found()
        before = sum(self._costs[label] for label in begun.labels)
        if found is None or sum(map(self._instance.network_cost, found)) >= before:
            return False
        for label in begun.labels:
            del self._networks[label], self._costs[label]
        for network in found:
            self._add(network)
        return True


def _neighbourhood(
    instance: Instance, networks: dict[int, tuple[int, ...]], owner: Int, centre: int
) -> list[int]:
    """Return networks around one, ring by ring, until they hold enough practices."""
    neighbourhood, held = [centre], len(networks[centre])
    for label in neighbourhood:
        for j in _beside(instance, networks[label]):
            other = int(owner[j])
            if held < _NEIGHBOURHOOD and other not in neighbourhood:
                neighbourhood.append(other)
                held += len(networks[other])
    return neighbourhood


def _beside(instance: Instance, practices: Sequence[int] | Int) -> list[int]:
    """Return the neighbours of these practices, in order."""
    region = instance.region
    return sorted(
        {
            int(j)
            for i in practices
            for j in region.links[region.link_start[i] : region.link_start[i + 1]]
        }
    )


def _solved(
    instance: Instance, practices: Int, allowed: Int, plan: Networks | None, solve: Solve
) -> Networks | None:
    """Search some practices as a region of their own, all in the numbering of the whole.

    Parameters
    ----------
    allowed
        What their networks may come to of each limit on the plan.
    """
    part = _part(instance, practices, allowed)
    position = {int(practice): k for k, practice in enumerate(practices)}
    own = None
    if plan is not None:
        own = tuple(sorted(tuple(sorted(position[i] for i in network)) for network in plan))
    found = solve(part, own)
    if found is None:
        return None
    return tuple(tuple(practices[list(network)].tolist()) for network in found)


def _part(instance: Instance, practices: Int, allowed: Int) -> Instance:
    """Build the instance of some practices as a region of their own.

    They are those of whole networks, so that groups that are together are in it or not.
    """
    problem, chosen = instance.problem, instance.practices[practices]
    position = {int(practice): k for k, practice in enumerate(chosen)}
    cost, sites = problem.among(chosen)
    return build_instance(
        replace(
            problem,
            codes=tuple(problem.codes[i] for i in chosen),
            weights=problem.weights[chosen],
            cost=cost,
            sites=sites,
            neighbours=tuple(
                tuple(position[j] for j in problem.neighbours[i] if j in position) for i in chosen
            ),
            together=tuple(
                tuple(position[i] for i in group)
                for group in problem.together
                if all(i in position for i in group)
            ),
            apart=tuple(
                (position[i], position[j])
                for i, j in problem.apart
                if i in position and j in position
            ),
            fixed=(),
            plan_limits=instance.limits.within(practices, allowed),
            alignment=problem.alignment and problem.alignment.within(chosen),
            figure_limits=tuple(limit.within(chosen) for limit in problem.figure_limits),
        )
    )
