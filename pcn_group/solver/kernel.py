"""The compiled inner loop: connected sets of small reduced cost, enumerated around one hub.

Every connected set that holds the hub is reached once: take a practice of the frontier, first with
it inside, then with it shut out for good. A branch is left as soon as even its best fractional
completion (a knapsack over the practices still free, under the size rule) is above the threshold.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from pcn_group.problem import FORBIDDEN
from pcn_group.solver.cuts import TollTable
from pcn_group.solver.instance import Region

__all__ = ["enumerate_hub", "reduced_costs", "size_penalty"]

Int = NDArray[np.int64]

_SLACK = 1.0
"""Safety of the floating-point bound: costs are integers, rounding errors stay far under one."""

_FREE, _INSIDE, _SHUT = 0, 1, 2
_POLL = 8191
"""Nodes between two looks at the limits, as a bit mask."""

_COUNT, _SIZE, _VALUE, _END, _LEVEL, _TOLD = 0, 1, 2, 3, 4, 5
"""Where `Walk.now` keeps: practices inside, their patients, their reduced cost with the tolls paid,
the frontier's end, how many practices of the frontier are decided on, and how many networks found
have been told of."""


class _Walk(NamedTuple):
    """Where an enumeration stands: a set, what is shut out, and how to undo each decision.

    The free practices are a linked list by reduced cost per patient, so that taking one out and
    putting it back cost nothing; entry `n` of `follower` is its head. The frontier holds the
    practices decided on, in order, and then those that are next to the set.
    """

    reduced: Int
    follower: Int
    leader: Int
    state: NDArray[np.int8]
    inside: Int
    frontier: Int
    seen: NDArray[np.bool_]
    paid: Int
    came_in: NDArray[np.bool_]
    swapped: Int
    ends: Int
    now: Int


@njit(cache=True, nogil=True)
def enumerate_hub(  # noqa: PLR0913, PLR0917 - compiled code takes no keywords
    region: Region,
    hub: int,
    duals: Int,
    tolls: TollTable,
    threshold: int,
    keep: int,
    node_limit: int,
    most: int,
    watch: Int,
) -> tuple[NDArray[np.int32], Int, Int, Int, int, float, bool]:
    """Find the networks whose best hub is `hub` and whose reduced cost is at most `threshold`.

    Parameters
    ----------
    keep
        0 to find all of them; otherwise only the `keep` of least reduced cost.
    node_limit
        Give up once so many nodes are visited.
    most, watch
        Give up once `watch[0]` is set, or `watch[1]`, what all hubs together have found so far, is
        more than `most`.

    Returns
    -------
    members, lengths, costs, reduced costs, nodes visited, root bound, whether complete
    """
    walk = _start(region, hub, duals, tolls)
    now = walk.now
    members = np.empty(1024, np.int32)
    # Where each column begins among the members, how many it has, its cost, its reduced cost.
    columns = np.empty((4, 128), np.int64)
    found, filled, nodes = 0, 0, 1
    complete = True
    root_bound = _best_completion(region, walk) if _may_be_hub(region, hub) else np.inf
    descend = arrived = root_bound <= threshold + _SLACK
    while True:
        if arrived and region.smallest <= now[_SIZE] <= region.largest:
            total = now[_VALUE] + size_penalty(region, now[_SIZE])
            if total <= threshold and _is_best_hub(region, hub, walk):
                count = now[_COUNT]
                if keep == 0 or found < keep:
                    column, start = found, filled
                    found, filled = found + 1, filled + count
                    columns, members = _room(columns, found, members, filled)
                else:
                    column = columns[3, :keep].argmax()
                    start = columns[0, column]
                    if columns[1, column] < count:  # the old place is too short
                        start, filled = filled, filled + count
                        columns, members = _room(columns, found, members, filled)
                members[start : start + count] = walk.inside[:count]
                cost = _total(region, hub, walk) + size_penalty(region, now[_SIZE])
                columns[:, column] = (start, count, cost, total)
                if found == keep:
                    threshold = min(threshold, columns[3, :keep].max() - 1)
        if descend and now[_LEVEL] < now[_END] and now[_COUNT] < region.max_practices:
            _take_in(region, tolls, walk)
            descend = arrived = (
                now[_SIZE] <= region.largest
                and _best_completion(region, walk) <= threshold + _SLACK
            )
        elif _shut_out(region, tolls, walk):
            arrived = False
            descend = _best_completion(region, walk) <= threshold + _SLACK
        else:
            break
        nodes += 1
        if (nodes & _POLL) == 0 and (_told(now, found, watch) > most or nodes > node_limit):
            complete = False
            break
    _told(now, found, watch)
    packed = _packed(members, columns[:, :found])
    return (packed, columns[1, :found].copy(), columns[2, :found].copy(),
            columns[3, :found].copy(), nodes, root_bound, complete)  # fmt: skip


@njit(cache=True, nogil=True)
def reduced_costs(
    starts: Int, members: NDArray[np.int32], costs: Int, duals: Int, tolls: TollTable
) -> Int:
    """Give the reduced cost of every column of a pool, tolls included: int64, one per column."""
    result = costs.copy()
    paid = np.zeros(len(tolls.amounts), np.int64)
    for s in range(len(costs)):
        for i in members[starts[s] : starts[s + 1]]:
            result[s] -= duals[i]
            for t in range(tolls.start[i], tolls.start[i + 1]):
                k = tolls.of[t]
                paid[k] += tolls.shares[t]
                if paid[k] >= tolls.wholes[k]:
                    paid[k] -= tolls.wholes[k]
                    result[s] += tolls.amounts[k]
        for i in members[starts[s] : starts[s + 1]]:
            for k in tolls.of[tolls.start[i] : tolls.start[i + 1]]:
                paid[k] = 0
    return result


@njit(cache=True, nogil=True)
def _told(now: Int, found: int, watch: Int) -> int:
    """Tell what was found since the last time; give what all hubs have found, endless if stopped.

    Threads may tell at once, and then something is forgotten: who takes the results counts again.
    """
    watch[1] += found - now[_TOLD]
    now[_TOLD] = found
    return watch[1] if watch[0] == 0 else np.iinfo(np.int64).max


@njit(cache=True, nogil=True)
def _may_be_hub(region: Region, hub: int) -> bool:
    return region.cost[hub, hub] < FORBIDDEN and region.weights[hub] <= region.largest


@njit(cache=True, nogil=True)
def _start(region: Region, hub: int, duals: Int, tolls: TollTable) -> _Walk:
    """Start with the hub alone. Nobody but the practices near it is looked at."""
    n = len(region.weights)
    near = region.near[region.near_start[hub] : region.near_start[hub + 1]]
    walk = _Walk(
        np.empty(n, np.int64),
        np.empty(n + 1, np.int64),
        np.empty(n + 1, np.int64),
        np.full(n, _SHUT, np.int8),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.zeros(n, np.bool_),
        np.zeros(len(tolls.amounts), np.int64),
        np.empty(n, np.bool_),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.zeros(6, np.int64),
    )
    rates = np.empty(len(near))
    for k in range(len(near)):
        i = near[k]
        walk.reduced[i] = region.cost[i, hub] - duals[i]
        rates[k] = walk.reduced[i] / region.weights[i]
    last = n
    for k in np.argsort(rates, kind="mergesort"):
        i = near[k]
        if i != hub:
            walk.state[i] = _FREE
            walk.follower[last] = i
            walk.leader[i] = last
            last = i
    walk.follower[last] = -1
    walk.seen[hub] = True
    _join(region, tolls, walk, hub)
    return walk


@njit(cache=True, nogil=True, inline="always")
def _join(region: Region, tolls: TollTable, walk: _Walk, practice: int) -> None:
    """Put a practice inside, pay its tolls, and put its neighbours on the frontier."""
    now, state, seen, frontier, links = walk.now, walk.state, walk.seen, walk.frontier, region.links
    state[practice] = _INSIDE
    walk.inside[now[_COUNT]] = practice
    now[_COUNT] += 1
    now[_SIZE] += region.weights[practice]
    now[_VALUE] += walk.reduced[practice]
    _pay(tolls, walk, practice, 1)
    end = now[_END]
    for e in range(region.link_start[practice], region.link_start[practice + 1]):
        j = links[e]
        if state[j] == _FREE and not seen[j]:
            seen[j] = True
            frontier[end] = j
            end += 1
    now[_END] = end


@njit(cache=True, nogil=True, inline="always")
def _pay(tolls: TollTable, walk: _Walk, practice: int, step: int) -> None:
    """Add a practice's shares in tolls (1) or take them off (-1), and what is paid by the whole.

    `paid` keeps the part of a whole that is left over: a share is less than a whole, so it goes
    past one at most.
    """
    of, shares, wholes, paid = tolls.of, tolls.shares, tolls.wholes, walk.paid
    for t in range(tolls.start[practice], tolls.start[practice + 1]):
        k = of[t]
        rest = paid[k] + step * shares[t]
        if rest >= wholes[k]:
            rest -= wholes[k]
            walk.now[_VALUE] += tolls.amounts[k]
        elif rest < 0:
            rest += wholes[k]
            walk.now[_VALUE] -= tolls.amounts[k]
        paid[k] = rest


@njit(cache=True, nogil=True, inline="always")
def _take_in(region: Region, tolls: TollTable, walk: _Walk) -> None:
    """Decide on the most attractive practice of the frontier: inside, first."""
    now, frontier, reduced, weights = walk.now, walk.frontier, walk.reduced, region.weights
    level, end = now[_LEVEL], now[_END]
    best = level
    for p in range(level + 1, end):
        a, b = frontier[p], frontier[best]
        if reduced[a] * weights[b] < reduced[b] * weights[a]:
            best = p
    practice = frontier[best]
    frontier[best] = frontier[level]
    frontier[level] = practice
    walk.swapped[level] = best
    walk.ends[level] = end
    walk.came_in[level] = True
    now[_LEVEL] += 1
    before, after = walk.leader[practice], walk.follower[practice]
    walk.follower[before] = after
    if after >= 0:
        walk.leader[after] = before
    _join(region, tolls, walk, practice)


@njit(cache=True, nogil=True, inline="always")
def _shut_out(region: Region, tolls: TollTable, walk: _Walk) -> bool:
    """Go back to the last practice that was taken in, and shut it out; False if there is none."""
    now, frontier, seen = walk.now, walk.frontier, walk.seen
    while now[_LEVEL] > 0:
        level = now[_LEVEL] - 1
        practice = frontier[level]
        if walk.came_in[level]:
            for p in range(walk.ends[level], now[_END]):
                seen[frontier[p]] = False
            now[_END] = walk.ends[level]
            now[_COUNT] -= 1
            now[_SIZE] -= region.weights[practice]
            now[_VALUE] -= walk.reduced[practice]
            _pay(tolls, walk, practice, -1)
            walk.state[practice] = _SHUT
            walk.came_in[level] = False
            return True
        # It had both: make it free again, and the frontier as it was.
        now[_LEVEL] = level
        walk.state[practice] = _FREE
        before, after = walk.leader[practice], walk.follower[practice]
        walk.follower[before] = practice
        if after >= 0:
            walk.leader[after] = practice
        frontier[level] = frontier[walk.swapped[level]]
        frontier[walk.swapped[level]] = practice
    return False


@njit(cache=True, nogil=True, inline="always")
def _best_completion(region: Region, walk: _Walk) -> float:
    """Bound the reduced cost of every set that extends this one with free practices.

    Free practices come in ascending reduced cost per patient. The size penalty is convex, so the
    best fractional completion takes them greedily while one more patient pays, and must go on
    until the smallest size is reached.
    """
    reduced, follower, weights = walk.reduced, walk.follower, region.weights
    smallest, largest = float(region.smallest), float(region.largest)
    size, value = float(walk.now[_SIZE]), float(walk.now[_VALUE])
    item = follower[len(weights)]
    while item >= 0 and size < largest:
        room = float(weights[item])
        rate = reduced[item] / room
        while room > 0.0 and size < largest:
            slope, end = 0.0, smallest
            if size >= smallest:
                slope, end = _slope(region, size)
                if rate + slope >= 0.0:
                    return value + size_penalty(region, size)
            part = min(room, end - size)
            value += rate * part
            size += part
            room -= part
        item = follower[item]
    if size < smallest:
        return np.inf
    return value + size_penalty(region, size)


@njit(cache=True, nogil=True, inline="always")
def _slope(region: Region, size: float) -> tuple[float, float]:
    """Give what the size penalty says of one more patient, and up to which size."""
    hinges = region.hinges
    slope, end = 0.0, float(region.largest)
    for k in range(len(hinges)):
        if size < hinges[k, 0]:
            slope -= hinges[k, 1]
            end = min(end, float(hinges[k, 0]))
        else:
            slope += hinges[k, 2]
    return slope, end


@njit(cache=True, nogil=True)
def size_penalty(region: Region, size: float) -> float:
    """Give the size penalty: an integer for an integer size."""
    hinges = region.hinges
    total = size * 0
    for k in range(len(hinges)):
        over = size - hinges[k, 0]
        total += over * hinges[k, 2] if over >= 0 else -over * hinges[k, 1]
    return total


@njit(cache=True, nogil=True, inline="always")
def _is_best_hub(region: Region, hub: int, walk: _Walk) -> bool:
    """Whether no other member has a smaller total, or an equal one and a smaller index."""
    own = _total(region, hub, walk)
    for a in range(walk.now[_COUNT]):
        other = walk.inside[a]
        if other != hub:
            total = _total(region, other, walk)
            if total < own or (total == own and other < hub):
                return False
    return True


@njit(cache=True, nogil=True, inline="always")
def _total(region: Region, hub: int, walk: _Walk) -> int:
    """Give what the members cost with this hub, their size aside."""
    cost, inside = region.cost, walk.inside
    total = 0
    for a in range(walk.now[_COUNT]):
        total += cost[inside[a], hub]
    return total


@njit(cache=True, nogil=True)
def _room(
    columns: Int, found: int, members: NDArray[np.int32], filled: int
) -> tuple[Int, NDArray[np.int32]]:
    """Make room for so many columns and members."""
    if found > columns.shape[1]:
        wider = np.empty((4, 2 * found), np.int64)
        wider[:, : columns.shape[1]] = columns
        columns = wider
    if filled > len(members):
        longer = np.empty(2 * filled, np.int32)
        longer[: len(members)] = members
        members = longer
    return columns, members


@njit(cache=True, nogil=True)
def _packed(members: NDArray[np.int32], columns: Int) -> NDArray[np.int32]:
    """Give the members column after column, without what was given up between them."""
    packed = np.empty(columns[1].sum(), np.int32)
    filled = 0
    for column in range(columns.shape[1]):
        start, count = columns[0, column], columns[1, column]
        packed[filled : filled + count] = members[start : start + count]
        filled += count
    return packed
