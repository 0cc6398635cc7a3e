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
    return region.cost[hub, hub] < FORBIDDEN and region.weights[hub] <= region.largest


@helper
def begin(region: Region, hub: int, request: Request, state: KernelState) -> None:
    """Begin with the hub alone. Only practices near it are looked at."""
    start, end, n = region.near_start[hub], region.near_start[hub + 1], len(region.weights)
    reduced, now = state.reduced, state.now
    for e in range(start, end):
        i = region.near[e]
        reduced[i] = region.cost[i, hub] - request.duals[i]
        state.shifted[i] = reduced[i]
        state.inside[e - start] = i
    for _ in range(min(_ROUNDS, len(state.multipliers))):
        for k in range(len(state.multipliers)):
            _choose_multiplier(region, hub, state, k)
    _sort_by_rate(state.inside, end - start, state.shifted, region.weights)
    last = n
    for k in range(end - start):
        i = state.inside[k]
        if i != hub:
            state.status[i] = FREE
            state.follower[last] = i
            state.leader[i] = last
            last = i
            for m in range(len(state.lowest)):
                state.lowest[m] += min(0, region.amounts[i, m])
    state.follower[last] = -1
    state.seen[hub] = True
    state.bounds[SLACK] = _slack(region, hub, state, request.cut_duals.amounts)
    state.bounds[BOUND] = np.inf
    now[NODES] = 1
    now[THRESHOLD] = request.threshold
    join(region, request.cut_duals, state, hub)


@helper
def _sort_by_rate(practices: Int, count: int, shifted: Float, weights: Int) -> None:
    """Sort practices by shifted cost per patient, those of equal rates by number: Shell's sort."""
    gap = 1
    while 3 * gap < count:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(gap, count):
            i, at = practices[k], k
            rate = shifted[i] / weights[i]
            while at >= gap:
                other = practices[at - gap]
                its_rate = shifted[other] / weights[other]
                if its_rate < rate or (its_rate == rate and other < i):
                    break
                practices[at] = other
                at -= gap
            practices[at] = i
        gap //= 3


@helper
def _slack(region: Region, hub: int, state: KernelState, amounts: Int) -> float:
    """Return one, one for each price that is rounded down, and what other rounding may come to."""
    start, end = region.near_start[hub], region.near_start[hub + 1]
    most = patients = 0.0
    for k in range(len(amounts)):
        most += amounts[k]
    for e in range(start, end):
        i = region.near[e]
        most += abs(float(state.reduced[i])) + abs(state.shifted[i])
        patients += float(region.weights[i])
    patients = min(patients, float(region.largest))
    for k in range(len(region.hinges)):
        most += float(region.hinges[k, 0]) * float(region.hinges[k, 1])
        most += patients * float(region.hinges[k, 2])
    most += _largest_pay(region, state, start, end)
    return 1.0 + len(state.multipliers) + most * (end - start) * _ROUNDING


@helper
def _largest_pay(region: Region, state: KernelState, start: int, end: int) -> float:
    """Return what networks around a hub pay at the most for their figures, in bounds as well."""
    most = 0.0
    for k in range(len(region.figure_limits)):
        rate = float(region.figure_limits[k, 2]) / float(region.figure_limits[k, 3])
        amounts = abs(float(region.figure_limits[k, 0]))
        for e in range(start, end):
            amounts += abs(float(region.amounts[region.near[e], k]))
        most += amounts * max(rate, state.multipliers[k])
    return most


@helper
def _choose_multiplier(region: Region, hub: int, state: KernelState, k: int) -> None:
    """Choose what a unit of a limit costs in bounds, so that the bound around the hub is high.

    Any choice gives a bound, up to the price of the limit. A set in part that is best at a choice
    says on which side of the best choice it is: too low, if the set is beyond the limit.
    """
    price, units = region.figure_limits[k, 2], region.figure_limits[k, 3]
    top = price / units if price > 0 else np.inf
    _shift(region, hub, state, k, 0.0)
    if _beyond(region, hub, state, k) <= 0.0:
        return
    low, high = 0.0, min(top, _typical_multiplier(region, hub, state, k))
    for _ in range(_DOUBLINGS):
        _shift(region, hub, state, k, high)
        if high >= top or _beyond(region, hub, state, k) <= 0.0:
            break
        low, high = high, min(top, 4.0 * high)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        _shift(region, hub, state, k, middle)
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
def _shift(region: Region, hub: int, state: KernelState, k: int, multiplier: float) -> None:
    """Set a multiplier, and shift reduced costs by all of them."""
    state.multipliers[k] = multiplier
    for e in range(region.near_start[hub], region.near_start[hub + 1]):
        i = region.near[e]
        shifted = float(state.reduced[i])
        for m in range(len(state.multipliers)):
            shifted += state.multipliers[m] * region.amounts[i, m]
        state.shifted[i] = shifted


@helper
def _beyond(region: Region, hub: int, state: KernelState, k: int) -> float:
    """Return by how much the best set around a hub, its last practice in part, exceeds a limit."""
    weights, shifted = region.weights, state.shifted
    count = region.near_start[hub + 1] - region.near_start[hub]
    _sort_by_rate(state.inside, count, shifted, weights)
    size = float(weights[hub])
    beyond = float(region.amounts[hub, k] - free_of_charge(region.figure_limits, k))
    for p in range(count):
        i = state.inside[p]
        end = float(region.largest if shifted[i] < 0.0 else region.smallest)
        if i == hub or size >= end:
            continue
        part = min(float(weights[i]), end - size)
        beyond += region.amounts[i, k] * (part / weights[i])
        size += part
    return beyond
