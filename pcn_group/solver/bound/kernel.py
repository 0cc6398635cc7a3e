"""The compiled inner loop: connected sets of small reduced cost, enumerated around one hub.

Every connected set that holds the hub is reached once: take a practice of the frontier, first with
it inside, then with it shut out for good. A branch is left as soon as even its best fractional
completion (a knapsack over the practices still free, under the size rule) is above the threshold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import njit
from pcn_group.solver.bound.cuts import CutDualTable
from pcn_group.solver.bound.kernel_columns import (
    Enumerated,
    empty_buffer,
    enumerated,
    is_over,
    is_wanted,
    recorded,
)
from pcn_group.solver.bound.kernel_state import (
    COUNT,
    END,
    FREE,
    LEVEL,
    POLL,
    SHUT,
    SIZE,
    KernelState,
    Request,
    best_completion,
    count_out,
    join,
    link,
    may_be_hub,
    pay,
    started,
    unlink,
)
from pcn_group.solver.model.instance import Region

__all__ = ["enumerate_hub"]

Int = NDArray[np.int64]


@njit(cache=True, nogil=True)
def enumerate_hub(region: Region, hub: int, request: Request, watch: Int) -> Enumerated:
    """Find the networks whose best hub is `hub` and whose reduced cost is at most the threshold.

    It gives up once `watch[0]` is set, or `watch[1]`, what all hubs together have found so far, is
    more than the request allows.
    """
    cut_duals, threshold, keep = request.cut_duals, request.threshold, request.keep
    state, buffer = started(region, hub, request), empty_buffer()
    now, nodes, complete = state.now, 1, True
    root_bound = best_completion(region, state) if may_be_hub(region, hub) else np.inf
    descend = arrived = root_bound <= threshold + state.slack
    while True:
        if arrived and is_wanted(region, hub, state, threshold):
            threshold, buffer = recorded(region, hub, state, keep, threshold, buffer)
        if descend and now[LEVEL] < now[END] and now[COUNT] < region.max_practices:
            _take_in(region, cut_duals, state)
            arrived = True
        elif _shut_out(region, cut_duals, state):
            arrived = False
        else:
            break
        descend = (
            now[SIZE] <= region.largest
            and best_completion(region, state) <= threshold + state.slack
        )
        arrived = arrived and descend
        nodes += 1
        if (nodes & POLL) == 0 and is_over(request, state, nodes, watch):
            complete = False
            break
    return enumerated(state, buffer, nodes, root_bound, complete, watch)


@njit(cache=True, nogil=True, inline="always")
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
    unlink(state.follower, state.leader, practice)
    join(region, cut_duals, state, practice)


@njit(cache=True, nogil=True, inline="always")
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
            count_out(now, state.reduced, region.weights, practice)
            pay(cut_duals, now, state.paid, practice, -1)
            state.status[practice] = SHUT
            state.came_in[level] = False
            return True
        # It had both: make it free again, and the frontier as it was.
        now[LEVEL] = level
        state.status[practice] = FREE
        link(state.follower, state.leader, practice)
        frontier[level] = frontier[state.swapped[level]]
        frontier[state.swapped[level]] = practice
    return False
