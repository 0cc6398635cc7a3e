"""Contiguity in the bounds of an enumeration: practices pay for the way to the hub.

Around a hub, the best set of practices, whether connected or not, may have some that are far away:
they are worth more than they cost, and what lies between is not. Take such a cluster, and the
practices next to it on the hub's side: its separator. A network with a practice of the cluster has
one of the separator as well, since it is connected. So it costs no less if something is added to
the cost of the practice, and taken off that of each practice of the separator: Lagrangian
relaxation of `x[i] <= sum of x[j] over the separator`.

How much is found by dual ascent, as for Steiner trees (Wong, 1984): a cluster pays its separator
until it is worth nothing, or until a practice of the separator costs no more than it is worth. That
one then is part of the cluster, and the cluster around it goes on, until all that is worth
something is connected with the hub.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper
from pcn_group.solver.bound.kernel_state import KernelState, slope_at
from pcn_group.solver.instance import Region

__all__ = ["charge_separators", "shift_costs", "sort_by_rate"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]

_FAR, _NEAR, _REACHED, _CLUSTER, _BESIDE, _HUB_SIDE, _SEPARATOR = range(7)
"""Where a practice is: not near the hub; near it; connected with it by what is worth something; in
the cluster at hand; next to that; connected with the hub around that; both."""

_LARGEST_WORTH = 2.0**52
"""What practices near a hub may be worth in all: more would leave 64 bits, and is left as it is."""


@helper
def charge_separators(region: Region, hub: int, state: KernelState) -> None:
    """Shift costs so that what is worth something is connected, if the state has separators."""
    if len(state.worth) == 0 or not _set_worth(region, hub, state):
        return
    while True:
        first = _first_apart(region, hub, state)
        if first < 0:
            break
        worth = _mark_cluster(region, state, first)
        _charge(region, hub, state, min(worth, _mark_separator(region, hub, state)))
    shift_costs(region, hub, state)


@helper
def shift_costs(region: Region, hub: int, state: KernelState) -> None:
    """Shift reduced costs by separators and multipliers, as the second list has them."""
    for e in range(region.near_start[hub], region.near_start[hub + 1]):
        i = region.near[e]
        shifted = float(state.reduced[i] + state.shifts[i])
        for m in range(len(state.multipliers)):
            shifted += state.multipliers[m] * region.amounts[i, m]
        state.costs[1, i] = shifted


@helper
def sort_by_rate(practices: Int, count: int, costs: Float, which: int, weights: Int) -> None:
    """Sort practices by cost per patient, those of equal rates by number: Shell's sort."""
    gap = 1
    while 3 * gap < count:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(gap, count):
            i, at = practices[k], k
            rate = costs[which, i] / weights[i]
            while at >= gap:
                other = practices[at - gap]
                its_rate = costs[which, other] / weights[other]
                if its_rate < rate or (its_rate == rate and other < i):
                    break
                practices[at] = other
                at -= gap
            practices[at] = i
        gap //= 3


@helper
def _set_worth(region: Region, hub: int, state: KernelState) -> bool:
    """Set what each practice is worth beyond its cost; False if that is too much to count with."""
    for i in range(len(state.label)):
        state.label[i] = _FAR
    rate, total = _critical_rate(region, hub, state), 0.0
    for e in range(region.near_start[hub], region.near_start[hub + 1]):
        i = region.near[e]
        worth = rate * region.weights[i] - state.costs[1, i]
        total += abs(worth)
        if total >= _LARGEST_WORTH:
            return False
        state.worth[i] = int(np.floor(worth))
    state.worth[region.anchors[hub]] = 0
    return True


@helper
def _critical_rate(region: Region, hub: int, state: KernelState) -> float:
    """Return what a patient may cost in the best set around a hub, connected or not."""
    weights, costs, anchor = region.weights, state.costs, region.anchors[hub]
    count = region.near_start[hub + 1] - region.near_start[hub]
    sort_by_rate(state.inside, count, costs, 1, weights)
    size, largest, rate = float(weights[anchor]), float(region.largest), 0.0
    for p in range(count):
        i = state.inside[p]
        if i == anchor:
            continue
        room, rate = float(weights[i]), float(costs[1, i] / weights[i])
        while room > 0.0:
            slope, end = 0.0, float(region.smallest)
            if size >= end:
                slope, end = slope_at(region.hinges, largest, size)
                if rate + slope >= 0.0:
                    return -slope if room == weights[i] else rate
            part = min(room, end - size)
            if part <= 0.0:
                return rate
            size += part
            room -= part
    return rate


@helper
def _first_apart(region: Region, hub: int, state: KernelState) -> int:
    """Return the first practice that is worth something and not connected with the hub, or -1."""
    start, end = region.near_start[hub], region.near_start[hub + 1]
    label, queue, anchor = state.label, state.frontier, region.anchors[hub]
    for e in range(start, end):
        label[region.near[e]] = _NEAR
    label[anchor], queue[0] = _REACHED, anchor
    head, tail = 0, 1
    while head < tail:
        i = queue[head]
        head += 1
        for e in range(region.link_start[i], region.link_start[i + 1]):
            j = region.links[e]
            if label[j] == _NEAR and state.worth[j] >= 0:
                label[j], queue[tail] = _REACHED, j
                tail += 1
    for e in range(start, end):
        i = region.near[e]
        if label[i] == _NEAR and state.worth[i] > 0:
            return int(i)
    return -1


@helper
def _mark_cluster(region: Region, state: KernelState, first: int) -> int:
    """Mark the cluster of a practice, and what is next to it; return what the cluster is worth."""
    label, queue, worth = state.label, state.frontier, state.worth
    label[first], queue[0] = _CLUSTER, first
    head, tail, total = 0, 1, 0
    while head < tail:
        i = queue[head]
        head += 1
        total += worth[i]
        for e in range(region.link_start[i], region.link_start[i + 1]):
            j = region.links[e]
            if label[j] == _NEAR and worth[j] >= 0:
                label[j], queue[tail] = _CLUSTER, j
                tail += 1
            elif label[j] == _NEAR:
                label[j] = _BESIDE
    return total


@helper
def _mark_separator(region: Region, hub: int, state: KernelState) -> int:
    """Mark what is next to the cluster on the hub's side; return the least that it lacks in worth.

    Where a cluster cannot be reached at all there is no separator, and nothing limits it.
    """
    label, queue, anchor = state.label, state.frontier, region.anchors[hub]
    label[anchor], queue[0] = _HUB_SIDE, anchor
    head, tail, least = 0, 1, np.iinfo(np.int64).max
    while head < tail:
        i = queue[head]
        head += 1
        for e in range(region.link_start[i], region.link_start[i + 1]):
            j = region.links[e]
            if _NEAR <= label[j] <= _REACHED:
                label[j], queue[tail] = _HUB_SIDE, j
                tail += 1
            elif label[j] == _BESIDE:
                label[j] = _SEPARATOR
                least = min(least, -state.worth[j])
    return least


@helper
def _charge(region: Region, hub: int, state: KernelState, amount: int) -> None:
    """Take an amount from the worth of the cluster, and add it to each of its separator."""
    worth, shifts, left = state.worth, state.shifts, amount
    for e in range(region.near_start[hub], region.near_start[hub + 1]):
        i = region.near[e]
        if state.label[i] == _SEPARATOR:
            worth[i] += amount
            shifts[i] -= amount
        elif state.label[i] == _CLUSTER:
            part = min(worth[i], left)
            worth[i] -= part
            shifts[i] += part
            left -= part
