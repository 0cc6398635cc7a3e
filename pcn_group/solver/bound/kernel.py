"""The compiled inner loops: connected sets of small reduced cost, enumerated around one hub.

Every connected set that holds the hub is reached once: take a practice of the frontier, first with
it inside, then with it shut out for good. A branch is left as soon as even its best fractional
completion (a knapsack over the practices still free, under the size rule) is above the threshold.

Regions with must-link and cannot-link rules have a loop of their own, since the other is faster
without all this, and most regions have no such rules. There a practice that comes in brings those
that it must be with: they count as inside from then on, but are owed until the set has grown to
where they are. Those that it cannot be with are barred. When it is shut out, so are those that must
be with it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper, kernel
from pcn_group.solver.bound.cuts import CutDualTable
from pcn_group.solver.bound.kernel_begin import begin, may_be_hub
from pcn_group.solver.bound.kernel_columns import has_room, is_over, is_wanted, record, tell
from pcn_group.solver.bound.kernel_state import (
    ARRIVED,
    BARRED,
    BOUND,
    COUNT,
    DEBT,
    DESCEND,
    END,
    FREE,
    INSIDE,
    LEVEL,
    NODES,
    OWED,
    POLL,
    SHUT,
    SIZE,
    SLACK,
    THRESHOLD,
    KernelState,
    Request,
    best_completion,
    count_in,
    count_out,
    grow,
    join,
    link,
    pay,
    unlink,
)
from pcn_group.solver.instance import Region

__all__ = ["CUT_SHORT", "DONE", "FULL", "Marks", "empty_marks", "enumerate_hub", "enumerate_linked"]

DONE, CUT_SHORT, FULL = range(3)
"""How an enumeration ends."""

Int = NDArray[np.int64]


@kernel
def enumerate_hub(
    region: Region, hub: int, request: Request, state: KernelState, watch: Int
) -> int:
    """Find the networks whose best hub is `hub` and whose reduced cost is at most the threshold.

    It gives up once `watch[0]` is set, or `watch[1]`, what all hubs together have found so far, is
    more than the request allows.

    Returns
    -------
    int
        `DONE`, `CUT_SHORT`, or `FULL`: called again with more room, it goes on where it was.
    """
    now, cut_duals = state.now, request.cut_duals
    if now[NODES] == 0:
        begin(region, hub, request, state)
        if may_be_hub(region, hub):
            state.bounds[BOUND] = best_completion(region, state)
            is_promising = state.bounds[BOUND] <= now[THRESHOLD] + state.bounds[SLACK]
            now[DESCEND] = now[ARRIVED] = is_promising
    while True:
        if now[ARRIVED] and is_wanted(region, hub, state):
            if not has_room(state):
                return FULL
            record(region, hub, state, request.keep)
        if now[DESCEND] and now[LEVEL] < now[END] and now[COUNT] < region.max_practices:
            _take_in(region, cut_duals, state)
            now[ARRIVED] = True
        elif _shut_out(region, cut_duals, state):
            now[ARRIVED] = False
        else:
            tell(now, watch)
            return DONE
        now[DESCEND] = (
            now[SIZE] <= region.largest
            and best_completion(region, state) <= now[THRESHOLD] + state.bounds[SLACK]
        )
        now[ARRIVED] &= now[DESCEND]
        now[NODES] += 1
        if (now[NODES] & POLL) == 0 and is_over(request, now, watch):
            return CUT_SHORT


@helper
def _take_in(region: Region, cut_duals: CutDualTable, state: KernelState) -> None:
    """Decide on the most attractive practice of the frontier: inside, first."""
    now, frontier, reduced, weights = state.now, state.frontier, state.reduced, region.weights
    level, end = now[LEVEL], now[END]
    best = level
    for p in range(level + 1, end):
        a, b = frontier[p], frontier[best]
        if reduced[a] * weights[b] < reduced[b] * weights[a]:
            best = p
    practice = frontier[best]
    frontier[best] = frontier[level]
    frontier[level] = practice
    state.swapped[level] = best
    state.ends[level] = end
    state.came_in[level] = True
    now[LEVEL] += 1
    unlink(region, state, practice)
    join(region, cut_duals, state, practice)


@helper
def _shut_out(region: Region, cut_duals: CutDualTable, state: KernelState) -> bool:
    """Go back to the last practice that was taken in, and shut it out; False if there is none."""
    now, frontier, seen = state.now, state.frontier, state.seen
    while now[LEVEL] > 0:
        level = now[LEVEL] - 1
        practice = frontier[level]
        if state.came_in[level]:
            for p in range(state.ends[level], now[END]):
                seen[frontier[p]] = False
            now[END] = state.ends[level]
            count_out(region, state, practice)
            pay(cut_duals, now, state.paid, practice, -1)
            state.status[practice] = SHUT
            state.came_in[level] = False
            return True
        # It had both: make it free again, and the frontier as it was.
        now[LEVEL] = level
        state.status[practice] = FREE
        link(region, state, practice)
        frontier[level] = frontier[state.swapped[level]]
        frontier[state.swapped[level]] = practice
    return False


class Marks(NamedTuple):
    """What to undo decisions by: when a practice was barred, and what was owed when it came in.

    `barred` is the level at which a practice was barred, `was_owed` whether the one decided on at a
    level was. `queue`, `reached` and `stamp` are for searching the region.
    """

    barred: Int
    was_owed: NDArray[np.bool_]
    queue: Int
    reached: Int
    stamp: Int


def empty_marks(practices: int) -> Marks:
    """Return the marks of an enumeration that has not begun."""
    return Marks(
        barred=np.full(practices, -1),
        was_owed=np.zeros(practices, np.bool_),
        queue=np.empty(practices, np.int64),
        reached=np.zeros(practices, np.int64),
        stamp=np.zeros(1, np.int64),
    )


@kernel
def enumerate_linked(
    region: Region, hub: int, request: Request, state: KernelState, marks: Marks, watch: Int
) -> int:
    """Find the networks that `enumerate_hub` would, of those that keep the rules."""
    now, cut_duals = state.now, request.cut_duals
    if now[NODES] == 0:
        begin(region, hub, request, state)
        if may_be_hub(region, hub):
            _bring(region, cut_duals, state, marks, region.anchors[hub])
            state.bounds[BOUND] = best_completion(region, state)
            is_promising = state.bounds[BOUND] < np.inf and _is_worth_it(region, state, marks)
            now[DESCEND] = now[ARRIVED] = is_promising
    while True:
        if now[ARRIVED] and now[DEBT] == 0 and is_wanted(region, hub, state):
            if not has_room(state):
                return FULL
            record(region, hub, state, request.keep)
        position = _next(region, state) if now[DESCEND] else -1
        if position >= 0:
            _take_in_linked(region, cut_duals, state, marks, position)
            now[ARRIVED] = True
        elif _shut_out_linked(region, cut_duals, state, marks):
            now[ARRIVED] = False
        else:
            tell(now, watch)
            return DONE
        now[DESCEND] = _is_worth_it(region, state, marks)
        now[ARRIVED] &= now[DESCEND]
        now[NODES] += 1
        if (now[NODES] & POLL) == 0 and is_over(request, now, watch):
            return CUT_SHORT


@helper
def _is_worth_it(region: Region, state: KernelState, marks: Marks) -> bool:
    """Whether this set, or one that extends it, may be a network under the threshold."""
    return (
        state.now[SIZE] <= region.largest
        and best_completion(region, state) <= state.now[THRESHOLD] + state.bounds[SLACK]
        and _may_be_whole(region, state, marks)
    )


@helper
def _may_be_whole(region: Region, state: KernelState, marks: Marks) -> bool:
    """Whether the practices owed can still be reached, and are not too many."""
    now, status, queue = state.now, state.status, marks.queue
    if now[COUNT] > region.max_practices:
        return False
    if now[DEBT] == 0:
        return True
    marks.stamp[0] += 1
    stamp, reached = marks.stamp[0], marks.reached
    reached[state.inside[0]] = stamp
    queue[0] = state.inside[0]
    head, tail, owed = 0, 1, now[DEBT]
    while head < tail and owed > 0:
        i = queue[head]
        head += 1
        for e in range(region.link_start[i], region.link_start[i + 1]):
            j = region.links[e]
            if status[j] <= OWED and reached[j] != stamp:
                reached[j] = stamp
                queue[tail] = j
                tail += 1
                owed -= status[j] == OWED
    return owed == 0


@helper
def _next(region: Region, state: KernelState) -> int:
    """Return where on the frontier to go on: an owed practice, the most attractive, or -1."""
    now, frontier, reduced, weights = state.now, state.frontier, state.reduced, region.weights
    best = -1
    for p in range(now[LEVEL], now[END]):
        a = frontier[p]
        if state.status[a] == OWED:
            return p
        if state.status[a] == FREE:
            b = frontier[best]
            if best < 0 or reduced[a] * weights[b] < reduced[b] * weights[a]:
                best = p
    return best if now[COUNT] < region.max_practices else -1


@helper
def _take_in_linked(
    region: Region, cut_duals: CutDualTable, state: KernelState, marks: Marks, position: int
) -> None:
    """Decide on a practice of the frontier: inside, first."""
    now, frontier = state.now, state.frontier
    level = now[LEVEL]
    practice = frontier[position]
    frontier[position] = frontier[level]
    frontier[level] = practice
    state.swapped[level] = position
    state.ends[level] = now[END]
    state.came_in[level] = True
    marks.was_owed[level] = state.status[practice] == OWED
    now[LEVEL] += 1
    if marks.was_owed[level]:
        state.status[practice] = INSIDE
        now[DEBT] -= 1
        grow(now, frontier, state.status, state.seen, region.link_start, region.links, practice)
    else:
        unlink(region, state, practice)
        _count_in(region, cut_duals, state, practice, INSIDE)
        grow(now, frontier, state.status, state.seen, region.link_start, region.links, practice)
        _bring(region, cut_duals, state, marks, practice)


@helper
def _shut_out_linked(
    region: Region, cut_duals: CutDualTable, state: KernelState, marks: Marks
) -> bool:
    """Go back to the last practice that was taken in, and shut it out; False if there is none."""
    now, frontier, seen = state.now, state.frontier, state.seen
    while now[LEVEL] > 0:
        level = now[LEVEL] - 1
        practice = frontier[level]
        group, group_end = region.must_link_start[practice], region.must_link_start[practice + 1]
        if state.came_in[level]:
            for p in range(state.ends[level], now[END]):
                seen[frontier[p]] = False
            now[END] = state.ends[level]
            state.came_in[level] = False
            if not marks.was_owed[level]:
                _send_away(region, cut_duals, state, marks, practice)
                _count_out(region, cut_duals, state, practice)
                state.status[practice] = SHUT
                _bar(region, state, marks, region.must_link, group, group_end)
                return True
        # It had both, or there was no choice: undo it, and the frontier as it was.
        if marks.was_owed[level]:
            state.status[practice] = OWED
            now[DEBT] += 1
        else:
            _unbar(region, state, marks, region.must_link, group, group_end)
            state.status[practice] = FREE
            link(region, state, practice)
        now[LEVEL] = level
        frontier[level] = frontier[state.swapped[level]]
        frontier[state.swapped[level]] = practice
    return False


@helper
def _bring(
    region: Region, cut_duals: CutDualTable, state: KernelState, marks: Marks, practice: int
) -> None:
    """Count as owed the practices that must be with one that came in; bar those that cannot."""
    for e in range(region.must_link_start[practice], region.must_link_start[practice + 1]):
        m = region.must_link[e]
        unlink(region, state, m)
        _count_in(region, cut_duals, state, m, OWED)
        state.now[DEBT] += 1
    start, end = region.cannot_link_start[practice], region.cannot_link_start[practice + 1]
    _bar(region, state, marks, region.cannot_link, start, end)


@helper
def _send_away(
    region: Region, cut_duals: CutDualTable, state: KernelState, marks: Marks, practice: int
) -> None:
    """Undo `_bring`."""
    start, end = region.cannot_link_start[practice], region.cannot_link_start[practice + 1]
    _unbar(region, state, marks, region.cannot_link, start, end)
    start, end = region.must_link_start[practice], region.must_link_start[practice + 1]
    for e in range(end - 1, start - 1, -1):
        m = region.must_link[e]
        state.now[DEBT] -= 1
        _count_out(region, cut_duals, state, m)
        state.status[m] = FREE
        link(region, state, m)


@helper
def _bar(
    region: Region, state: KernelState, marks: Marks, practices: Int, start: int, end: int
) -> None:
    """Bar those of some practices that are free, as part of the last decision."""
    for e in range(start, end):
        j = practices[e]
        if state.status[j] == FREE:
            state.status[j] = BARRED
            marks.barred[j] = state.now[LEVEL]
            unlink(region, state, j)


@helper
def _unbar(
    region: Region, state: KernelState, marks: Marks, practices: Int, start: int, end: int
) -> None:
    """Undo `_bar`."""
    for e in range(end - 1, start - 1, -1):
        j = practices[e]
        if state.status[j] == BARRED and marks.barred[j] == state.now[LEVEL]:
            state.status[j] = FREE
            link(region, state, j)


@helper
def _count_in(
    region: Region, cut_duals: CutDualTable, state: KernelState, practice: int, status: int
) -> None:
    """Count a practice as inside, or as owed, and pay its cut duals."""
    state.status[practice] = status
    count_in(region, state, practice)
    pay(cut_duals, state.now, state.paid, practice, 1)


@helper
def _count_out(region: Region, cut_duals: CutDualTable, state: KernelState, practice: int) -> None:
    """Undo `_count_in` for the practice that was counted last."""
    count_out(region, state, practice)
    pay(cut_duals, state.now, state.paid, practice, -1)
