"""Early plans by simulated annealing: practices move between neighbouring networks, or swap.

Fast, and without proof: it gives the exact search a plan to beat and columns to start from, and an
answer where the time limit is short.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import njit
from pcn_group.solver.bound.kernel_state import size_penalty
from pcn_group.solver.instance import Instance, Region

__all__ = ["AnnealedPlan", "anneal"]

Int = NDArray[np.int64]

_MOVES_PER_PRACTICE = 5_000
_MOST_MOVES = 3_000_000
_STEPS = 20
"""Times that the fine rises and the stop flag is looked at."""
_HOTTEST, _COOLING = 0.5, 0.01
"""First temperature, in typical journeys of a practice; the last one is this share of it."""
_FIRST_FINE, _LAST_FINE = 1.0, 300.0
"""What a patient outside a hard limit costs, in typical journeys."""
_SWAPS = 0.3
"""Share of the moves that are swaps."""
_NONE = np.int64(-1)
"""No practice. Not a literal, for each of which numba would compile a function anew."""


@dataclass(frozen=True)
class AnnealedPlan:
    """A partition into connected networks, which may miss the hard limits.

    Attributes
    ----------
    networks
        Practices of each network, ascending, in the instance's numbering.
    deviation
        Patients outside the hard size limits, practices above the limit on them, and must-link and
        cannot-link rules broken, in all.
    cost
        Its cost, where nothing deviates.
    """

    networks: tuple[tuple[int, ...], ...]
    deviation: int
    cost: int


def anneal(instance: Instance, networks: int, seed: int, stop: Int) -> AnnealedPlan:
    """Partition an instance into about so many networks at little cost.

    Parameters
    ----------
    networks
        How many to start with; moves can empty a network but not open one.
    seed
        Of the random moves.
    stop
        int64 (1,): the run ends early, with what it has, once this is not zero.
    """
    random = np.random.default_rng(seed)
    owner = _anneal(_guiding(instance), networks, instance.typical_rate(), random, stop)
    problem, rule = instance.problem, instance.problem.size
    groups = [np.flatnonzero(owner == label) for label in np.unique(owner)]
    groups.sort(key=lambda group: int(group[0]))
    sizes = [int(instance.weights[group].sum()) for group in groups]
    return AnnealedPlan(
        networks=tuple(tuple(group.tolist()) for group in groups),
        deviation=sum(max(0, rule.smallest - s) + max(0, s - rule.largest) for s in sizes)
        + sum(max(0, len(group) - problem.max_practices) for group in groups)
        + instance.pair_violations(owner),
        cost=sum(instance.network_cost(group.tolist()) for group in groups),
    )


def _guiding(instance: Instance) -> Region:
    """Return the region with costs that misaligned patients are part of.

    As if a network served the neighbourhood that its hub would serve alone: it never costs less.
    """
    region, alignment = instance.region, instance.limits.alignment
    if alignment is None or alignment.price == 0:
        return region
    elsewhere = alignment.elsewhere[:, alignment.elsewhere.argmin(axis=1)]
    return region._replace(cost=region.cost + alignment.price * elsewhere)


class _State(NamedTuple):
    """Networks as lists of members, with what is needed to price a move quickly.

    `held[k]` is how many members network `k` has; `total[h]` what the network of `h` would cost
    with `h` as its hub; `travel[k]` what it costs with its best hub. `mark`, `queue` and `stamp`
    are for searching a network.
    """

    owner: Int
    members: Int
    place: Int
    held: Int
    size: Int
    total: Int
    travel: Int
    mark: Int
    queue: Int
    stamp: Int


@njit(cache=True, nogil=True)
def _anneal(
    region: Region, networks: int, rate: float, random: np.random.Generator, stop: Int
) -> Int:
    """Anneal; return the network of each practice."""
    n = len(region.weights)
    state = _build_state(region, _grow(region, networks))
    moves = min(_MOVES_PER_PRACTICE * n, _MOST_MOVES)
    hottest = _HOTTEST * rate * region.weights.mean()
    best_owner = state.owner.copy()
    best = current = np.inf
    fine = 0.0
    for move in range(moves):
        share = move / moves
        if move % (moves // _STEPS) == 0:
            # The fine rises, so the plan at hand has another price and the best is sought anew.
            if stop[0] != 0:
                break
            fine = rate * (_FIRST_FINE + (_LAST_FINE - _FIRST_FINE) * share)
            current = _whole_price(region, state, fine)
            best = np.inf
        i = random.integers(0, n)
        degree = region.link_start[i + 1] - region.link_start[i]
        if degree == 0:
            continue
        j = region.links[region.link_start[i] + random.integers(0, degree)]
        if state.owner[i] == state.owner[j]:
            continue
        temperature = hottest * _COOLING**share
        tolerated = -temperature * np.log(1.0 - random.random())
        if random.random() < _SWAPS:
            current += _try_swap(region, state, i, j, fine, tolerated)
        else:
            current += _try_move(region, state, i, state.owner[j], fine, tolerated)
        if current < best and share > 0.5:
            best = current
            best_owner[:] = state.owner
    return best_owner if best < np.inf else state.owner


@njit(cache=True, nogil=True)
def _whole_price(region: Region, state: _State, fine: float) -> float:
    """Return what a plan is worth at a fine: travel, prices of sizes, fines."""
    total = 0.0
    for k in range(len(state.held)):
        total += state.travel[k] + _price(region, state.size[k], state.held[k], fine)
    if region.has_pair_rules:
        for i in range(len(state.owner)):
            total += fine * _violation(region, state, i, state.owner[i]) / 2  # a pair counts twice
    return total


@njit(cache=True, nogil=True)
def _grow(region: Region, networks: int) -> Int:
    """Start: far-apart seeds, then always the smallest network takes its nearest neighbour."""
    n = len(region.weights)
    owner = np.full(n, -1, np.int64)
    size = np.zeros(n, np.int64)
    seeds = np.zeros(n, np.int64)
    far = np.full(n, np.iinfo(np.int64).max)
    for k in range(networks):
        seed = 0 if k == 0 else np.where(owner < 0, far, -1).argmax()
        seeds[k], owner[seed], size[k] = seed, k, region.weights[seed]
        far = np.minimum(far, region.cost[:, seed])
    growing = np.arange(n) < networks
    opened = networks
    while (owner < 0).any():
        if not growing.any():
            # What is left is cut off from every seed: a network of its own.
            seed = (owner < 0).argmax()
            seeds[opened], owner[seed], size[opened] = seed, opened, region.weights[seed]
            growing[opened] = True
            opened += 1
            continue
        k = np.where(growing, size, np.iinfo(np.int64).max).argmin()
        nearest = _nearest_outside(region, owner, k, seeds[k])
        if nearest < 0:
            growing[k] = False
        else:
            owner[nearest] = k
            size[k] += region.weights[nearest]
    return owner


@njit(cache=True, nogil=True)
def _nearest_outside(region: Region, owner: Int, network: int, seed: int) -> int:
    """Return the practice in no network that is next to this one and nearest to its seed, or -1."""
    nearest = -1
    for i in np.flatnonzero(owner == network):
        for j in region.links[region.link_start[i] : region.link_start[i + 1]]:
            if owner[j] < 0 and (nearest < 0 or region.cost[j, seed] < region.cost[nearest, seed]):
                nearest = j
    return nearest


@njit(cache=True, nogil=True)
def _build_state(region: Region, owner: Int) -> _State:
    n, networks = len(owner), owner.max() + 1
    state = _State(
        owner,
        np.empty((networks, n), np.int64),
        np.empty(n, np.int64),
        np.zeros(networks, np.int64),
        np.zeros(networks, np.int64),
        np.zeros(n, np.int64),
        np.zeros(networks, np.int64),
        np.zeros(n, np.int64),
        np.empty(n, np.int64),
        np.zeros(1, np.int64),
    )
    for i in range(n):
        k = owner[i]
        _put(state, i, k)
        state.size[k] += region.weights[i]
    for k in range(networks):
        for h in state.members[k, : state.held[k]]:
            state.total[h] = _total_around(region, state, k, h, _NONE)
        state.travel[k] = _least_total(region, state, k, _NONE, _NONE)
    return state


@njit(cache=True, nogil=True)
def _put(state: _State, practice: int, network: int) -> None:
    """Write a practice into a network's list of members."""
    state.owner[practice] = network
    state.place[practice] = state.held[network]
    state.members[network, state.held[network]] = practice
    state.held[network] += 1


@njit(cache=True, nogil=True)
def _try_move(
    region: Region, state: _State, i: int, target: int, fine: float, tolerated: float
) -> float:
    """Move a practice to a network next to it, if that is tolerable; return the change of price."""
    source = state.owner[i]
    change = _change(region, state, source, i, _NONE, fine)
    change += _change(region, state, target, _NONE, i, fine)
    if region.has_pair_rules:
        before, after = _violation(region, state, i, source), _violation(region, state, i, target)
        change += fine * (after - before)
    if change > tolerated:
        return 0.0
    state.owner[i] = target
    left = state.held[source] - 1
    if left > 0:
        last = state.members[source, left]
        start = last if last != i else state.members[source, 0]
        if _reached(region, state, start) != left:
            state.owner[i] = source
            return 0.0
    _book(region, state, source, i, _NONE)
    _book(region, state, target, _NONE, i)
    last = state.members[source, left]
    state.members[source, state.place[i]] = last
    state.place[last] = state.place[i]
    state.held[source] = left
    _put(state, i, target)
    return change


@njit(cache=True, nogil=True)
def _try_swap(
    region: Region, state: _State, i: int, j: int, fine: float, tolerated: float
) -> float:
    """Let two neighbours change networks, if tolerable; return the change of price."""
    a, b = state.owner[i], state.owner[j]
    change = _change(region, state, a, i, j, fine) + _change(region, state, b, j, i, fine)
    if region.has_pair_rules:
        if _are_related(region, i, j):
            return 0.0  # they are with or without each other as before, which is not what is added
        change += fine * (_violation(region, state, i, b) - _violation(region, state, i, a))
        change += fine * (_violation(region, state, j, a) - _violation(region, state, j, b))
    if change > tolerated:
        return 0.0
    state.owner[i], state.owner[j] = b, a
    if _reached(region, state, i) != state.held[b] or _reached(region, state, j) != state.held[a]:
        state.owner[i], state.owner[j] = a, b
        return 0.0
    _book(region, state, a, i, j)
    _book(region, state, b, j, i)
    state.members[a, state.place[i]] = j
    state.members[b, state.place[j]] = i
    state.place[i], state.place[j] = state.place[j], state.place[i]
    return change


@njit(cache=True, nogil=True, inline="always")
def _change(
    region: Region, state: _State, network: int, leaving: int, joining: int, fine: float
) -> float:
    """Return what a network's price changes by when one leaves and one joins, or `_NONE`."""
    size, count = state.size[network], state.held[network]
    new_size, new_count = size, count
    if leaving >= 0:
        new_size -= region.weights[leaving]
        new_count -= 1
    if joining >= 0:
        new_size += region.weights[joining]
        new_count += 1
    travel = _least_total(region, state, network, leaving, joining) - state.travel[network]
    return travel + _price(region, new_size, new_count, fine) - _price(region, size, count, fine)


@njit(cache=True, nogil=True)
def _book(region: Region, state: _State, network: int, leaving: int, joining: int) -> None:
    """Book a change on a network's travel, totals and size, before its members change."""
    state.travel[network] = _least_total(region, state, network, leaving, joining)
    cost, total, members = region.cost, state.total, state.members
    if joining >= 0:
        state.size[network] += region.weights[joining]
        total[joining] = _total_around(region, state, network, joining, leaving)
    if leaving >= 0:
        state.size[network] -= region.weights[leaving]
    for a in range(state.held[network]):
        h = members[network, a]
        if h != leaving:
            if leaving >= 0:
                total[h] -= cost[leaving, h]
            if joining >= 0:
                total[h] += cost[joining, h]


@njit(cache=True, nogil=True, inline="always")
def _total_around(region: Region, state: _State, network: int, hub: int, leaving: int) -> int:
    """Return what a network costs around a hub, inside or joining, once one leaves."""
    total = region.cost[hub, hub]
    for a in range(state.held[network]):
        i = state.members[network, a]
        if i != leaving and i != hub:  # noqa: PLR1714 - a set is slow in compiled code
            total += region.cost[i, hub]
    return total


@njit(cache=True, nogil=True, inline="always")
def _least_total(region: Region, state: _State, network: int, leaving: int, joining: int) -> int:
    """Return the best hub's total once one practice leaves a network and one joins, or `_NONE`."""
    members, cost = state.members, region.cost
    best = np.iinfo(np.int64).max
    if joining >= 0:
        best = _total_around(region, state, network, joining, leaving)
    for a in range(state.held[network]):
        h = members[network, a]
        if h == leaving:
            continue
        total = state.total[h]
        if leaving >= 0:
            total -= cost[leaving, h]
        if joining >= 0:
            total += cost[joining, h]
        best = min(best, total)
    return best if best < np.iinfo(np.int64).max else 0


@njit(cache=True, nogil=True, inline="always")
def _price(region: Region, size: int, count: int, fine: float) -> float:
    """Price a network's size: its penalty, and a fine for breaking a hard limit."""
    if count == 0:
        return 0.0
    outside = max(0, region.smallest - size) + max(0, size - region.largest)
    outside += region.smallest * max(0, count - region.max_practices)
    return size_penalty(region, size) + fine * outside


@njit(cache=True, nogil=True)
def _violation(region: Region, state: _State, i: int, network: int) -> int:
    """Return the patients of the must-link and cannot-link rules that a practice would break.

    Both practices of each rule count.
    """
    patients = 0
    for m in region.must_link[region.must_link_start[i] : region.must_link_start[i + 1]]:
        if state.owner[m] != network:
            patients += region.weights[i] + region.weights[m]
    for r in region.cannot_link[region.cannot_link_start[i] : region.cannot_link_start[i + 1]]:
        if state.owner[r] == network:
            patients += region.weights[i] + region.weights[r]
    return patients


@njit(cache=True, nogil=True)
def _are_related(region: Region, i: int, j: int) -> bool:
    must_link = region.must_link[region.must_link_start[i] : region.must_link_start[i + 1]]
    cannot_link = region.cannot_link[region.cannot_link_start[i] : region.cannot_link_start[i + 1]]
    return (must_link == j).any() or (cannot_link == j).any()


@njit(cache=True, nogil=True, inline="always")
def _reached(region: Region, state: _State, start: int) -> int:
    """Count the members of a practice's network that can be reached from it inside the network."""
    links, link_start, owner, mark, queue = (
        region.links, region.link_start, state.owner, state.mark, state.queue,
    )  # fmt: skip
    state.stamp[0] += 1
    stamp, network = state.stamp[0], owner[start]
    mark[start] = stamp
    queue[0] = start
    head, tail = 0, 1
    while head < tail:
        v = queue[head]
        head += 1
        for e in range(link_start[v], link_start[v + 1]):
            j = links[e]
            if owner[j] == network and mark[j] != stamp:
                mark[j] = stamp
                queue[tail] = j
                tail += 1
    return tail
