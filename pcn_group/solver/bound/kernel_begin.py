"""How an enumeration begins: practices in order, multipliers for limits on figures, and rounding.

A network that keeps a limit on a figure costs no more if a unit of the sum costs something, as long
as what is allowed is free. So reduced costs may be shifted by a multiplier for each limit, and what
is found for them is a bound: Lagrangian relaxation, with multipliers of each hub's own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper
from pcn_group.region.problem import FORBIDDEN
from pcn_group.solver.bound.kernel_separators import (
    charge_separators,
    shift_costs,
    sort_by_rate,
)
from pcn_group.solver.bound.kernel_state import (
    BOUND,
    FREE,
    NODES,
    SLACK,
    THRESHOLD,
    KernelState,
    Request,
    free_of_charge,
    join,
    slope_at,
)
from pcn_group.solver.instance import Region

__all__ = ["begin", "may_be_hub"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]

_ROUNDING = 2.0**-51
"""What a step of floating-point arithmetic may lose, as a share of what is added up."""
_ROUNDS, _DOUBLINGS, _HALVINGS = 2, 12, 6
"""How often several multipliers are chosen in turn, and how each one is looked for."""


@helper
def may_be_hub(region: Region, hub: int) -> bool:
    """Whether there may be networks around this hub at all."""
    if region.near_start[hub] == region.near_start[hub + 1]:
        return False
    anchor = region.anchors[hub]
    return bool(region.cost[anchor, hub] < FORBIDDEN) and region.weights[anchor] <= region.largest


@helper
def begin(region: Region, hub: int, request: Request, state: KernelState) -> None:
    """Begin with the hub's anchor alone. Only practices near the hub are looked at."""
    anchor = region.anchors[hub]
    start, end = region.near_start[hub], region.near_start[hub + 1]
    reduced, now = state.reduced, state.now
    for e in range(start, end):
        i = region.near[e]
        reduced[i] = region.cost[i, hub] - request.duals[i]
        state.inside[e - start] = i
        for which in range(len(state.costs)):
            state.costs[which, i] = reduced[i]
    # Before multipliers and after: those for a best set that is torn apart would be of no use.
    charge_separators(region, hub, state)
    if len(state.multipliers) > 0:
        _choose_multipliers(region, hub, state)
        charge_separators(region, hub, state)
    for which in range(len(state.costs)):
        _list_free(region, hub, state, which)
    for k in range(len(state.lowest)):
        for e in range(start, end):
            if region.near[e] != anchor:
                state.lowest[k] += min(0, region.amounts[region.near[e], k])
    state.seen[anchor] = True
    state.bounds[SLACK] = _slack(region, hub, state, request.cut_duals.amounts)
    state.bounds[BOUND] = np.inf
    now[NODES] = 1
    now[THRESHOLD] = request.threshold
    join(region, request.cut_duals, state, anchor)


@helper
def _list_free(region: Region, hub: int, state: KernelState, which: int) -> None:
    """Set all practices near a hub free, and list them."""
    count, last = region.near_start[hub + 1] - region.near_start[hub], len(region.weights)
    sort_by_rate(state.inside, count, state.costs, which, region.weights)
    for k in range(count):
        i = state.inside[k]
        if i != region.anchors[hub]:
            state.status[i] = FREE
            state.follower[which, last] = i
            state.leader[which, i] = last
            last = i
    state.follower[which, last] = -1


@helper
def _slack(region: Region, hub: int, state: KernelState, amounts: Int) -> float:
    """Return one, one for each price that is rounded down, and what other rounding may come to."""
    start, end = region.near_start[hub], region.near_start[hub + 1]
    most = patients = 0.0
    for k in range(len(amounts)):
        most += float(amounts[k])
    for e in range(start, end):
        i = region.near[e]
        for which in range(len(state.costs)):
            most += abs(float(state.costs[which, i]))
        patients += float(region.weights[i])
    patients = min(patients, float(region.largest))
    for k in range(len(region.hinges)):
        most += float(region.hinges[k, 0]) * float(region.hinges[k, 1])
        most += patients * float(region.hinges[k, 2])
    most += _largest_pay(region, state, start, end)
    return 1.0 + len(state.multipliers) + most * float(end - start) * _ROUNDING


@helper
def _largest_pay(region: Region, state: KernelState, start: int, end: int) -> float:
    """Return what networks around a hub pay at the most for their figures, in bounds as well."""
    most: float = 0.0
    for k in range(len(region.figure_limits)):
        rate = float(region.figure_limits[k, 2]) / float(region.figure_limits[k, 3])
        amounts = abs(float(region.figure_limits[k, 0]))
        for e in range(start, end):
            amounts += abs(float(region.amounts[region.near[e], k]))
        most += amounts * max(rate, float(state.multipliers[k]))
    return most


@helper
def _choose_multipliers(region: Region, hub: int, state: KernelState) -> None:
    """Choose one after the other, and again where they depend on each other."""
    for _ in range(min(_ROUNDS, len(state.multipliers))):
        for k in range(len(state.multipliers)):
            _choose_multiplier(region, hub, state, k)


@helper
def _choose_multiplier(region: Region, hub: int, state: KernelState, k: int) -> None:
    """Choose what a unit of a limit costs in bounds, so that the bound around the hub is high.

    Any choice gives a bound, up to the price of the limit. A set in part that is best at a choice
    says on which side of the best choice it is: too low, if the set is beyond the limit.
    """
    price, units = region.figure_limits[k, 2], region.figure_limits[k, 3]
    top = price / units if price > 0 else np.inf
    _set_multiplier(region, hub, state, k, 0.0)
    if _beyond(region, hub, state, k) <= 0.0:
        return
    low, high = 0.0, min(top, _typical_multiplier(region, hub, state, k))
    for _ in range(_DOUBLINGS):
        _set_multiplier(region, hub, state, k, high)
        if high >= top or _beyond(region, hub, state, k) <= 0.0:
            break
        low, high = high, min(top, 4.0 * high)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        _set_multiplier(region, hub, state, k, middle)
        if _beyond(region, hub, state, k) > 0.0:
            low = middle
        else:
            high = middle


@helper
def _typical_multiplier(region: Region, hub: int, state: KernelState, k: int) -> float:
    """Return what makes amounts count about as much as costs."""
    costs = amounts = 1.0
    for e in range(region.near_start[hub], region.near_start[hub + 1]):
        i = region.near[e]
        costs += abs(float(state.reduced[i]))
        amounts += abs(float(region.amounts[i, k]))
    return 0.25 * costs / amounts


@helper
def _set_multiplier(
    region: Region, hub: int, state: KernelState, k: int, multiplier: float
) -> None:
    state.multipliers[k] = multiplier
    shift_costs(region, hub, state)


@helper
def _beyond(region: Region, hub: int, state: KernelState, k: int) -> float:
    """Return by how much the best set around a hub, its last practice in part, exceeds a limit."""
    weights, costs, anchor = region.weights, state.costs, region.anchors[hub]
    count = region.near_start[hub + 1] - region.near_start[hub]
    sort_by_rate(state.inside, count, costs, 1, weights)
    size, largest = float(weights[anchor]), float(region.largest)
    beyond = float(region.amounts[anchor, k] - free_of_charge(region.figure_limits, k))
    for p in range(count):
        i = state.inside[p]
        room = 0.0 if i == anchor else float(weights[i])
        while room > 0.0 and size < largest:
            slope, end = 0.0, float(region.smallest)
            if size >= end:
                slope, end = slope_at(region.hinges, largest, size)
                if costs[1, i] / weights[i] + slope >= 0.0:
                    return beyond
            part = min(room, end - size)
            beyond += region.amounts[i, k] * (part / weights[i])
            size += part
            room -= part
    return beyond
