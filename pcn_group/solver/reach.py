"""The compiled search for the practices that can be in one network with a hub."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper, kernel
from pcn_group.region.problem import FORBIDDEN

__all__ = ["ReachRoom", "reach"]

Int = NDArray[np.int64]


class ReachRoom(NamedTuple):
    """Room for the search, which may begin once `patients` are all too many.

    `patients` are those on the least way to each practice; `passed[t]` is the last hub from which a
    way went on from one of the twins `t`; `reached` are the practices found. `sizes` and `ends` are
    a heap of ways, the one with the fewest patients first.
    """

    patients: Int
    passed: Int
    reached: Int
    sizes: Int
    ends: Int


@kernel
def reach(  # noqa: PLR0913, PLR0917 - compiled code takes no keywords
    weights: Int,
    cost: Int,
    link_start: Int,
    links: Int,
    twins: Int,
    largest: int,
    hub: int,
    anchor: int,
    room: ReachRoom,
) -> int:
    """Find the practices to which a way with no more than the largest number of patients leads.

    The ways begin at the anchor of the hub. The practices are written into `room.reached`; what is
    returned is how many there are. Of twins the one with the shortest way leads wherever the others
    do, and no farther round.
    """
    patients, reached = room.patients, room.reached
    found, waiting = 1, 1
    reached[0] = room.ends[0] = anchor
    patients[anchor] = room.sizes[0] = weights[anchor]
    while waiting > 0:
        size, i = room.sizes[0], room.ends[0]
        waiting -= 1
        _sift_down(room.sizes, room.ends, waiting)
        if size > patients[i] or room.passed[twins[i]] == hub:
            continue
        room.passed[twins[i]] = hub
        for e in range(link_start[i], link_start[i + 1]):
            j = links[e]
            longer = size + weights[j]
            if longer < patients[j] and cost[j, hub] < FORBIDDEN:
                if patients[j] > largest:
                    reached[found] = j
                    found += 1
                patients[j] = longer
                _sift_up(room.sizes, room.ends, waiting, longer, j)
                waiting += 1
    for k in range(found):
        patients[reached[k]] = largest + 1
    return found


@helper
def _sift_up(sizes: Int, ends: Int, count: int, size: int, end: int) -> None:
    """Put a way on a heap of so many."""
    at = count
    while at > 0:
        parent = (at - 1) // 2
        if sizes[parent] <= size:
            break
        sizes[at], ends[at] = sizes[parent], ends[parent]
        at = parent
    sizes[at], ends[at] = size, end


@helper
def _sift_down(sizes: Int, ends: Int, count: int) -> None:
    """Take the first way off a heap that then has so many: put the last one where it belongs."""
    size, end, at = sizes[count], ends[count], 0
    while True:
        child = 2 * at + 1
        if child + 1 < count and sizes[child + 1] < sizes[child]:
            child += 1
        if child >= count or sizes[child] >= size:
            break
        sizes[at], ends[at] = sizes[child], ends[child]
        at = child
    sizes[at], ends[at] = size, end
