"""The compiled inner loop where rules say who is in one network with whom, and who is not.

As in `kernel`, every connected set that holds the hub is reached once. A practice that comes in
brings its mates: they count as inside from then on, but are owed until the set has grown to where
they are. Its rivals are barred. When it is shut out, so are its mates.

Apart from `kernel`, since that one is faster without all this, and most regions have no such rules.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import njit
from pcn_group.solver.bound.cuts import TollTable
from pcn_group.solver.bound.kernel_state import (
    COUNT,
    DEBT,
    END,
    FREE,
    INSIDE,
    LEVEL,
    POLL,
    SHUT,
    SIZE,
    VALUE,
    Walk,
    best_completion,
    is_best_hub,
    may_be_hub,
    packed,
    pay,
    recorded,
    size_penalty,
    started,
    told,
)
from pcn_group.solver.model.instance import Region

__all__ = ["enumerate_ruled"]

Int = NDArray[np.int64]

OWED, BARRED = 2, 5
"""Where a practice is, beside free, inside and shut out. Those that may still be put on the
frontier are even."""


class _Marks(NamedTuple):
    """What to undo decisions by: when a practice was barred, and what was owed when it came in.

    `barred` is the level at which a practice was barred, `was_owed` whether the one decided on at a
    level was. `queue` is room to walk the region in.
    """

    barred: Int
    was_owed: NDArray[np.bool_]
    queue: Int


@njit(cache=True, nogil=True)
def enumerate_ruled(  # noqa: PLR0913, PLR0917 - compiled code takes no keywords
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
    walk, marks = started(region, hub, duals, tolls), _marks(len(region.weights))
    if may_be_hub(region, hub):
        _bring(region, tolls, walk, marks, hub)
    now = walk.now
    members = np.empty(1024, np.int32)
    # Where each column begins among the members, how many it has, its cost, its reduced cost.
    columns = np.empty((4, 128), np.int64)
    found, filled, nodes = 0, 0, 1
    complete = True
    root_bound = best_completion(region, walk) if may_be_hub(region, hub) else np.inf
    descend = arrived = root_bound < np.inf and _is_worth_it(region, walk, marks, threshold)
    while True:
        if arrived and now[DEBT] == 0 and region.smallest <= now[SIZE] <= region.largest:
            total = now[VALUE] + size_penalty(region, now[SIZE])
            if total <= threshold and is_best_hub(region, hub, walk):
                found, filled, columns, members = recorded(
                    region, hub, walk, total, keep, found, filled, columns, members
                )
                if found == keep:
                    threshold = min(threshold, columns[3, :keep].max() - 1)
        position = _next(region, walk) if descend else -1
        if position >= 0:
            _take_in(region, tolls, walk, marks, position)
            descend = arrived = _is_worth_it(region, walk, marks, threshold)
        elif _shut_out(region, tolls, walk, marks):
            descend, arrived = _is_worth_it(region, walk, marks, threshold), False
        else:
            break
        nodes += 1
        if (nodes & POLL) == 0 and (told(now, found, watch) > most or nodes > node_limit):
            complete = False
            break
    told(now, found, watch)
    return (packed(members, columns[:, :found]), columns[1, :found].copy(),
            columns[2, :found].copy(), columns[3, :found].copy(), nodes, root_bound - walk.slack,
            complete)  # fmt: skip


@njit(cache=True, nogil=True, inline="always")
def _is_worth_it(region: Region, walk: Walk, marks: _Marks, threshold: int) -> bool:
    """Whether this set, or one that extends it, may be a network under the threshold."""
    return (
        walk.now[SIZE] <= region.largest
        and best_completion(region, walk) <= threshold + walk.slack
        and _may_be_whole(region, walk, marks)
    )


@njit(cache=True, nogil=True)
def _may_be_whole(region: Region, walk: Walk, marks: _Marks) -> bool:
    """Whether those who are owed can still be reached, and are not too many."""
    now, state, queue = walk.now, walk.state, marks.queue
    if now[COUNT] > region.max_practices:
        return False
    if now[DEBT] == 0:
        return True
    reached = np.zeros(len(state), np.bool_)
    reached[walk.inside[0]] = True
    queue[0] = walk.inside[0]
    head, tail, owed = 0, 1, now[DEBT]
    while head < tail and owed > 0:
        i = queue[head]
        head += 1
        for j in region.links[region.link_start[i] : region.link_start[i + 1]]:
            if state[j] <= OWED and not reached[j]:
                reached[j] = True
                queue[tail] = j
                tail += 1
                owed -= state[j] == OWED
    return owed == 0


@njit(cache=True, nogil=True)
def _marks(practices: int) -> _Marks:
    return _Marks(
        np.full(practices, -1), np.zeros(practices, np.bool_), np.empty(practices, np.int64)
    )


@njit(cache=True, nogil=True)
def _next(region: Region, walk: Walk) -> int:
    """Return where on the frontier to go on: an owed practice, the most attractive, or -1."""
    now, frontier, reduced, weights = walk.now, walk.frontier, walk.reduced, region.weights
    best = -1
    for p in range(now[LEVEL], now[END]):
        a = frontier[p]
        if walk.state[a] == OWED:
            return p
        if walk.state[a] == FREE:
            b = frontier[best]
            if best < 0 or reduced[a] * weights[b] < reduced[b] * weights[a]:
                best = p
    return best if now[COUNT] < region.max_practices else -1


@njit(cache=True, nogil=True)
def _take_in(region: Region, tolls: TollTable, walk: Walk, marks: _Marks, position: int) -> None:
    """Decide on a practice of the frontier: inside, first."""
    now, frontier = walk.now, walk.frontier
    level = now[LEVEL]
    practice = frontier[position]
    frontier[position] = frontier[level]
    frontier[level] = practice
    walk.swapped[level] = position
    walk.ends[level] = now[END]
    walk.came_in[level] = True
    marks.was_owed[level] = walk.state[practice] == OWED
    now[LEVEL] += 1
    if marks.was_owed[level]:
        walk.state[practice] = INSIDE
        now[DEBT] -= 1
        _grow(region, walk, practice)
    else:
        _unlink(walk, practice)
        _count_in(region, tolls, walk, practice, INSIDE)
        _grow(region, walk, practice)
        _bring(region, tolls, walk, marks, practice)


@njit(cache=True, nogil=True)
def _shut_out(region: Region, tolls: TollTable, walk: Walk, marks: _Marks) -> bool:
    """Go back to the last practice that was taken in, and shut it out; False if there is none."""
    now, frontier, seen = walk.now, walk.frontier, walk.seen
    while now[LEVEL] > 0:
        level = now[LEVEL] - 1
        practice = frontier[level]
        mates = region.mates[region.mate_start[practice] : region.mate_start[practice + 1]]
        if walk.came_in[level]:
            for p in range(walk.ends[level], now[END]):
                seen[frontier[p]] = False
            now[END] = walk.ends[level]
            walk.came_in[level] = False
            if not marks.was_owed[level]:
                _send_away(region, tolls, walk, marks, practice)
                _count_out(region, tolls, walk, practice)
                walk.state[practice] = SHUT
                _bar(walk, marks, mates)
                return True
        # It had both, or there was no choice: undo it, and the frontier as it was.
        if marks.was_owed[level]:
            walk.state[practice] = OWED
            now[DEBT] += 1
        else:
            _unbar(walk, marks, mates)
            walk.state[practice] = FREE
            _link(walk, practice)
        now[LEVEL] = level
        frontier[level] = frontier[walk.swapped[level]]
        frontier[walk.swapped[level]] = practice
    return False


@njit(cache=True, nogil=True)
def _bring(region: Region, tolls: TollTable, walk: Walk, marks: _Marks, practice: int) -> None:
    """Count the mates of a practice that came in as owed, and bar its rivals."""
    for m in region.mates[region.mate_start[practice] : region.mate_start[practice + 1]]:
        _unlink(walk, m)
        _count_in(region, tolls, walk, m, OWED)
        walk.now[DEBT] += 1
    _bar(
        walk, marks, region.rivals[region.rival_start[practice] : region.rival_start[practice + 1]]
    )


@njit(cache=True, nogil=True)
def _send_away(region: Region, tolls: TollTable, walk: Walk, marks: _Marks, practice: int) -> None:
    """Undo that."""
    _unbar(
        walk, marks, region.rivals[region.rival_start[practice] : region.rival_start[practice + 1]]
    )
    for m in region.mates[region.mate_start[practice] : region.mate_start[practice + 1]][::-1]:
        walk.now[DEBT] -= 1
        _count_out(region, tolls, walk, m)
        walk.state[m] = FREE
        _link(walk, m)


@njit(cache=True, nogil=True)
def _bar(walk: Walk, marks: _Marks, practices: Int) -> None:
    """Bar those of these practices that are free, as part of the last decision."""
    for j in practices:
        if walk.state[j] == FREE:
            walk.state[j] = BARRED
            marks.barred[j] = walk.now[LEVEL]
            _unlink(walk, j)


@njit(cache=True, nogil=True)
def _unbar(walk: Walk, marks: _Marks, practices: Int) -> None:
    """Undo that."""
    for j in practices[::-1]:
        if walk.state[j] == BARRED and marks.barred[j] == walk.now[LEVEL]:
            walk.state[j] = FREE
            _link(walk, j)


@njit(cache=True, nogil=True, inline="always")
def _count_in(region: Region, tolls: TollTable, walk: Walk, practice: int, state: int) -> None:
    """Count a practice as inside, or as owed, and pay its tolls."""
    now = walk.now
    walk.state[practice] = state
    walk.inside[now[COUNT]] = practice
    now[COUNT] += 1
    now[SIZE] += region.weights[practice]
    now[VALUE] += walk.reduced[practice]
    pay(tolls, walk, practice, 1)


@njit(cache=True, nogil=True, inline="always")
def _count_out(region: Region, tolls: TollTable, walk: Walk, practice: int) -> None:
    """Undo that."""
    now = walk.now
    now[COUNT] -= 1
    now[SIZE] -= region.weights[practice]
    now[VALUE] -= walk.reduced[practice]
    pay(tolls, walk, practice, -1)


@njit(cache=True, nogil=True, inline="always")
def _grow(region: Region, walk: Walk, practice: int) -> None:
    """Put the neighbours of a practice that came inside on the frontier."""
    now, state, seen, frontier, links = walk.now, walk.state, walk.seen, walk.frontier, region.links
    end = now[END]
    for e in range(region.link_start[practice], region.link_start[practice + 1]):
        j = links[e]
        if (state[j] & 1) == 0 and not seen[j]:
            seen[j] = True
            frontier[end] = j
            end += 1
    now[END] = end


@njit(cache=True, nogil=True, inline="always")
def _unlink(walk: Walk, practice: int) -> None:
    """Take a practice out of the list of free ones."""
    before, after = walk.leader[practice], walk.follower[practice]
    walk.follower[before] = after
    if after >= 0:
        walk.leader[after] = before


@njit(cache=True, nogil=True, inline="always")
def _link(walk: Walk, practice: int) -> None:
    """Put the practice that was last taken out of the list back where it was."""
    before, after = walk.leader[practice], walk.follower[practice]
    walk.follower[before] = practice
    if after >= 0:
        walk.leader[after] = practice
