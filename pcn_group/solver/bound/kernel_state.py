"""The kernel state: the set of an enumeration, what it costs, and the least it can come to.

Shared by the kernel for regions without rules about practices, and the one for those with such
rules.

What is inlined takes the arrays it needs, not the whole state: numba would copy every array of the
state for each such call, and count the copies, which makes the kernels slower by half.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import njit
from pcn_group.region.problem import FORBIDDEN
from pcn_group.solver.bound.cuts import CutDualTable
from pcn_group.solver.instance import Region

__all__ = [
    "BARRED",
    "COUNT",
    "DEBT",
    "END",
    "FILLED",
    "FOUND",
    "FREE",
    "INSIDE",
    "LEVEL",
    "OWED",
    "POLL",
    "SHUT",
    "SIZE",
    "TOLD",
    "UNLIMITED",
    "VALUE",
    "KernelState",
    "Request",
    "best_completion",
    "count_in",
    "count_out",
    "grow",
    "join",
    "link",
    "may_be_hub",
    "pay",
    "size_penalty",
    "started",
    "unlink",
]

Int = NDArray[np.int64]

_ROUNDING = 2.0**-51
"""What a step of floating-point arithmetic may lose, as a share of what is added up."""

UNLIMITED = 2**62

FREE, INSIDE, OWED, SHUT, BARRED = 0, 1, 2, 3, 5
"""Where a practice is. Those that may still be put on the frontier are even."""
POLL = 8191
"""Nodes between two looks at the limits, as a bit mask."""

COUNT, SIZE, VALUE, END, LEVEL, TOLD, DEBT, FOUND, FILLED = range(9)
"""Where `KernelState.now` keeps: practices inside, their patients, their reduced cost with the cut
duals paid, the frontier's end, how many practices of the frontier are decided on, how many networks
found have been reported, how many practices that count as inside are not reached yet, how many
networks are found, and how far the pool's members are filled."""


class Request(NamedTuple):
    """What is asked of a pricing.

    Attributes
    ----------
    duals, cut_duals
        As in a certificate, in the instance's numbering.
    threshold
        Networks with a reduced cost of at most this are wanted.
    keep
        0 for all of them; otherwise for each hub only so many, the least.
    most, node_limit
        Where to cut enumerations short: networks found by all hubs, nodes visited by one.
    limit_duals
        One for each limit on a plan, or none; what they come to is in the kernels' threshold.
    """

    duals: Int
    cut_duals: CutDualTable
    threshold: int
    keep: int = 0
    most: int = UNLIMITED
    node_limit: int = UNLIMITED
    limit_duals: Int = np.zeros(0, np.int64)


class KernelState(NamedTuple):
    """Where an enumeration stands: a set, what is shut out, and how to undo each decision.

    The free practices are a linked list by reduced cost per patient, so that taking one out and
    putting it back cost nothing; entry `n` of `follower` is its head. The frontier holds the
    practices decided on, in order, and then those that are next to the set. Costs are integers, but
    bounds are not: `slack` is more than rounding can take off one.
    """

    reduced: Int
    follower: Int
    leader: Int
    status: NDArray[np.int8]
    inside: Int
    frontier: Int
    seen: NDArray[np.bool_]
    paid: Int
    came_in: NDArray[np.bool_]
    swapped: Int
    ends: Int
    now: Int
    slack: float


@njit(cache=True, nogil=True)
def may_be_hub(region: Region, hub: int) -> bool:
    """Whether there may be networks around this hub at all."""
    if region.near_start[hub] == region.near_start[hub + 1]:
        return False
    return region.cost[hub, hub] < FORBIDDEN and region.weights[hub] <= region.largest


@njit(cache=True, nogil=True)
def started(region: Region, hub: int, request: Request) -> KernelState:
    """Start with the hub alone. Only practices near it are looked at."""
    duals, cut_duals = request.duals, request.cut_duals
    n = len(region.weights)
    near = region.near[region.near_start[hub] : region.near_start[hub + 1]]
    state = KernelState(
        np.empty(n, np.int64),
        np.empty(n + 1, np.int64),
        np.empty(n + 1, np.int64),
        np.full(n, SHUT, np.int8),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.zeros(n, np.bool_),
        np.zeros(len(cut_duals.amounts), np.int64),
        np.empty(n, np.bool_),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.zeros(9, np.int64),
        _slack(region, hub, near, duals, cut_duals),
    )
    rates = np.empty(len(near))
    for k in range(len(near)):
        i = near[k]
        state.reduced[i] = region.cost[i, hub] - duals[i]
        rates[k] = state.reduced[i] / region.weights[i]
    last = n
    for k in np.argsort(rates, kind="mergesort"):
        i = near[k]
        if i != hub:
            state.status[i] = FREE
            state.follower[last] = i
            state.leader[i] = last
            last = i
    state.follower[last] = -1
    state.seen[hub] = True
    join(region, cut_duals, state, hub)
    return state


@njit(cache=True, nogil=True)
def _slack(region: Region, hub: int, near: Int, duals: Int, cut_duals: CutDualTable) -> float:
    """Return one, and more where so much is added up that rounding is felt."""
    most = float(cut_duals.amounts.sum())
    patients = 0.0
    for i in near:
        most += abs(float(region.cost[i, hub] - duals[i]))
        patients += float(region.weights[i])
    patients = min(patients, float(region.largest))
    for k in range(len(region.hinges)):
        most += float(region.hinges[k, 0]) * float(region.hinges[k, 1])
        most += patients * float(region.hinges[k, 2])
    return 1.0 + most * len(near) * _ROUNDING


@njit(cache=True, nogil=True, inline="always")
def join(region: Region, cut_duals: CutDualTable, state: KernelState, practice: int) -> None:
    """Put a practice inside, pay its cut duals, and put its neighbours on the frontier."""
    now, status = state.now, state.status
    status[practice] = INSIDE
    count_in(now, state.inside, state.reduced, region.weights, practice)
    pay(cut_duals, now, state.paid, practice, 1)
    grow(now, state.frontier, status, state.seen, region.link_start, region.links, practice)


@njit(cache=True, nogil=True, inline="always")
def count_in(now: Int, inside: Int, reduced: Int, weights: Int, practice: int) -> None:
    """Count a practice as inside, without its cut duals."""
    inside[now[COUNT]] = practice
    now[COUNT] += 1
    now[SIZE] += weights[practice]
    now[VALUE] += reduced[practice]


@njit(cache=True, nogil=True, inline="always")
def count_out(now: Int, reduced: Int, weights: Int, practice: int) -> None:
    """Undo `count_in` for the practice that was counted last."""
    now[COUNT] -= 1
    now[SIZE] -= weights[practice]
    now[VALUE] -= reduced[practice]


@njit(cache=True, nogil=True, inline="always")
def grow(
    now: Int,
    frontier: Int,
    status: NDArray[np.int8],
    seen: NDArray[np.bool_],
    link_start: Int,
    links: Int,
    practice: int,
) -> None:
    """Put the neighbours of a practice that came inside on the frontier."""
    end = now[END]
    for e in range(link_start[practice], link_start[practice + 1]):
        j = links[e]
        if (status[j] & 1) == 0 and not seen[j]:
            seen[j] = True
            frontier[end] = j
            end += 1
    now[END] = end


@njit(cache=True, nogil=True, inline="always")
def unlink(follower: Int, leader: Int, practice: int) -> None:
    """Take a practice out of the list of free ones."""
    before, after = leader[practice], follower[practice]
    follower[before] = after
    if after >= 0:
        leader[after] = before


@njit(cache=True, nogil=True, inline="always")
def link(follower: Int, leader: Int, practice: int) -> None:
    """Put the practice that was last taken out of the list back where it was."""
    before, after = leader[practice], follower[practice]
    follower[before] = practice
    if after >= 0:
        leader[after] = practice


@njit(cache=True, nogil=True, inline="always")
def pay(cut_duals: CutDualTable, now: Int, paid: Int, practice: int, step: int) -> None:
    """Add a practice's shares in cuts (1) or take them off (-1), with what is paid by the whole.

    `paid` keeps the part of a whole that is left over: a share is less than a whole, so it goes
    past one at most.
    """
    of, shares, wholes = cut_duals.of, cut_duals.shares, cut_duals.wholes
    for t in range(cut_duals.start[practice], cut_duals.start[practice + 1]):
        k = of[t]
        rest = paid[k] + step * shares[t]
        if rest >= wholes[k]:
            rest -= wholes[k]
            now[VALUE] += cut_duals.amounts[k]
        elif rest < 0:
            rest += wholes[k]
            now[VALUE] -= cut_duals.amounts[k]
        paid[k] = rest


@njit(cache=True, nogil=True, inline="always")
def best_completion(region: Region, state: KernelState) -> float:
    """Bound the reduced cost of every set that extends this one with free practices.

    Free practices come in ascending reduced cost per patient. The size penalty is convex, so the
    best fractional completion takes them greedily while one more patient pays, and must go on
    until the smallest size is reached.
    """
    reduced, follower, weights = state.reduced, state.follower, region.weights
    smallest, largest = float(region.smallest), float(region.largest)
    size, value = float(state.now[SIZE]), float(state.now[VALUE])
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
    """Return what the size penalty says of one more patient, and up to which size."""
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
    """Return the size penalty: an integer for an integer size."""
    hinges = region.hinges
    total = size * 0
    for k in range(len(hinges)):
        over = size - hinges[k, 0]
        total += over * hinges[k, 2] if over >= 0 else -over * hinges[k, 1]
    return total
