"""The kernel state: the set of an enumeration, what it costs, and the least it can come to.

Shared by the kernel for regions without rules about practices, and the one for those with such
rules.

All of it is in arrays, so that an enumeration can be taken up again where it stopped for want of
room.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper
from pcn_group.solver.bound.cuts import CutDualTable
from pcn_group.solver.instance import Region

__all__ = [
    "ARRIVED",
    "BARRED",
    "BOUND",
    "COUNT",
    "DEBT",
    "DESCEND",
    "END",
    "FILLED",
    "FOUND",
    "FREE",
    "INSIDE",
    "LEVEL",
    "NODES",
    "OWED",
    "POLL",
    "SHIFT",
    "SHUT",
    "SIZE",
    "SLACK",
    "THRESHOLD",
    "TOLD",
    "UNLIMITED",
    "VALUE",
    "KernelState",
    "Request",
    "best_completion",
    "count_in",
    "count_out",
    "empty_state",
    "figure_pay",
    "free_of_charge",
    "grow",
    "is_beyond",
    "join",
    "link",
    "pay",
    "size_penalty",
    "slope_at",
    "unlink",
]

Int = NDArray[np.int64]

UNLIMITED = 2**62

FREE, INSIDE, OWED, SHUT, BARRED = 0, 1, 2, 3, 5
"""Where a practice is. Those that may still be put on the frontier are even."""
POLL = 8191
"""Nodes between two looks at the limits, as a bit mask."""

(
    COUNT, SIZE, VALUE, END, LEVEL, TOLD, DEBT, FOUND, FILLED, NODES, THRESHOLD, ARRIVED, DESCEND,
    SHIFT,
) = range(14)  # fmt: skip
"""Where `KernelState.now` keeps: practices inside, their patients, their reduced cost with the cut
duals paid, the frontier's end, how many practices of the frontier are decided on, how many networks
found have been reported, how many practices that count as inside are not reached yet, how many
networks are found, how far their members are filled, the sets and exclusions visited, the largest
reduced cost wanted, whether a set has just been reached, and whether to extend it."""

SLACK, BOUND = range(2)
"""Where `KernelState.bounds` keeps: more than rounding can take off a bound, and the bound on all
sets."""


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

    The free practices are a linked list by cost per patient, so that taking one out and putting it
    back cost nothing; entry `n` of `follower` is its head. With limits on figures or separators
    there are two: one by reduced `costs`, and one by what they are with the `multipliers`, of which
    each says what a unit of a sum costs, and with the `shifts` of separators: a network that keeps
    the limit, and is connected, costs no more by that. The frontier holds the practices decided on,
    in order, and then those that are next to the set. Costs are integers, but bounds are not.

    `worth` and `label` are for finding separators; where these are not asked for, the first is
    empty, and all shifts are 0.

    `sums` has for each limit on figures what is inside, and `lowest` what it would be if all free
    practices came in that lower it, and nobody else.

    `columns` has for each network found where it begins among `members`, how many it has, its cost,
    and its reduced cost.
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
    bounds: NDArray[np.float64]
    sums: Int
    lowest: Int
    multipliers: NDArray[np.float64]
    costs: NDArray[np.float64]
    shifts: Int
    worth: Int
    label: NDArray[np.int8]
    columns: Int
    members: NDArray[np.int32]


def empty_state(
    region: Region, cut_duals: CutDualTable, *, with_separators: bool = False
) -> KernelState:
    """Return the state of an enumeration that has not begun, with room for a few networks."""
    n, limits = len(region.weights), len(region.figure_limits)
    lists = 2 if limits or with_separators else 1
    return KernelState(
        reduced=np.empty(n, np.int64),
        follower=np.empty((lists, n + 1), np.int64),
        leader=np.empty((lists, n + 1), np.int64),
        status=np.full(n, SHUT, np.int8),
        inside=np.empty(n, np.int64),
        frontier=np.empty(n, np.int64),
        seen=np.zeros(n, np.bool_),
        paid=np.zeros(len(cut_duals.amounts), np.int64),
        came_in=np.empty(n, np.bool_),
        swapped=np.empty(n, np.int64),
        ends=np.empty(n, np.int64),
        now=np.zeros(14, np.int64),
        bounds=np.empty(2),
        sums=np.zeros(limits, np.int64),
        lowest=np.zeros(limits, np.int64),
        multipliers=np.zeros(limits),
        costs=np.empty((lists, n)),
        shifts=np.zeros(n, np.int64),
        worth=np.empty(n if with_separators else 0, np.int64),
        label=np.empty(n, np.int8),
        columns=np.empty((4, 128), np.int64),
        members=np.empty(1024, np.int32),
    )


@helper
def join(region: Region, cut_duals: CutDualTable, state: KernelState, practice: int) -> None:
    """Put a practice inside, pay its cut duals, and put its neighbours on the frontier."""
    now, status = state.now, state.status
    status[practice] = INSIDE
    count_in(region, state, practice)
    pay(cut_duals, now, state.paid, practice, 1)
    grow(now, state.frontier, status, state.seen, region.link_start, region.links, practice)


@helper
def count_in(region: Region, state: KernelState, practice: int) -> None:
    """Count a practice as inside, without its cut duals."""
    now = state.now
    state.inside[now[COUNT]] = practice
    now[COUNT] += 1
    now[SIZE] += region.weights[practice]
    now[VALUE] += state.reduced[practice]
    now[SHIFT] += state.shifts[practice]
    for k in range(len(state.sums)):
        state.sums[k] += region.amounts[practice, k]
        state.lowest[k] += region.amounts[practice, k]


@helper
def count_out(region: Region, state: KernelState, practice: int) -> None:
    """Undo `count_in` for the practice that was counted last."""
    now = state.now
    now[COUNT] -= 1
    now[SIZE] -= region.weights[practice]
    now[VALUE] -= state.reduced[practice]
    now[SHIFT] -= state.shifts[practice]
    for k in range(len(state.sums)):
        state.sums[k] -= region.amounts[practice, k]
        state.lowest[k] -= region.amounts[practice, k]


@helper
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


@helper
def unlink(region: Region, state: KernelState, practice: int) -> None:
    """Take a practice out of the lists of free ones."""
    for which in range(len(state.costs)):
        before, after = state.leader[which, practice], state.follower[which, practice]
        state.follower[which, before] = after
        if after >= 0:
            state.leader[which, after] = before
    for k in range(len(state.lowest)):
        state.lowest[k] -= min(0, region.amounts[practice, k])


@helper
def link(region: Region, state: KernelState, practice: int) -> None:
    """Put the practice that was last taken out of the lists back where it was."""
    for which in range(len(state.costs)):
        before, after = state.leader[which, practice], state.follower[which, practice]
        state.follower[which, before] = practice
        if after >= 0:
            state.leader[which, after] = practice
    for k in range(len(state.lowest)):
        state.lowest[k] += min(0, region.amounts[practice, k])


@helper
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


@helper
def best_completion(region: Region, state: KernelState) -> float:
    """Bound the reduced cost of every set that extends this one with free practices."""
    if is_beyond(region.figure_limits, state.lowest):
        return np.inf
    best = -np.inf
    for which in range(len(state.costs) - 1, -1, -1):
        best = max(best, _completion(region, state, which))
        if best > state.now[THRESHOLD] + state.bounds[SLACK]:
            return best
    return best


@helper
def _completion(region: Region, state: KernelState, which: int) -> float:
    """Return the bound by one of the lists.

    Free practices come in ascending cost per patient. The size penalty is convex, so the best
    fractional completion takes them greedily while one more patient pays, and must go on until the
    smallest size is reached.
    """
    costs, follower, weights = state.costs, state.follower, region.weights
    smallest, largest = float(region.smallest), float(region.largest)
    size, value = float(state.now[SIZE]), float(state.now[VALUE])
    if which == 1:
        value += float(state.now[SHIFT])
    value += _least_figure_pay(region.figure_limits, state, which)
    item = follower[which, len(weights)]
    while item >= 0 and size < largest:
        room = float(weights[item])
        rate = costs[which, item] / room
        while room > 0.0 and size < largest:
            slope, end = 0.0, smallest
            if size >= smallest:
                slope, end = slope_at(region.hinges, float(region.largest), size)
                if rate + slope >= 0.0:
                    return value + size_penalty(region.hinges, size)
            part = min(room, end - size)
            value += rate * part
            size += part
            room -= part
        item = follower[which, item]
    if size < smallest:
        return np.inf
    return value + size_penalty(region.hinges, size)


@helper
def slope_at(hinges: Int, largest: float, size: float) -> tuple[float, float]:
    """Return what the size penalty says of one more patient, and up to which size."""
    slope, end = 0.0, largest
    for k in range(len(hinges)):
        if size < hinges[k, 0]:
            slope -= hinges[k, 1]
            end = min(end, float(hinges[k, 0]))
        else:
            slope += hinges[k, 2]
    return slope, end


@helper
def size_penalty(hinges: Int, size: float) -> float:
    """Return the size penalty: an integer for an integer size."""
    total = size * 0
    for k in range(len(hinges)):
        over = size - hinges[k, 0]
        total += over * hinges[k, 2] if over >= 0 else -over * hinges[k, 1]
    return total


@helper
def is_beyond(figure_limits: Int, sums: Int) -> bool:
    """Whether a sum is more than is allowed at any price."""
    beyond = False
    for k in range(len(figure_limits)):
        beyond |= sums[k] > figure_limits[k, 1]
    return beyond


@helper
def figure_pay(figure_limits: Int, sums: Int) -> int:
    """Return what sums cost that are beyond their limits."""
    total = 0
    for k in range(len(figure_limits)):
        over = max(0, sums[k] - figure_limits[k, 0])
        total += figure_limits[k, 2] * over // figure_limits[k, 3]
    return total


@helper
def _least_figure_pay(figure_limits: Int, state: KernelState, which: int) -> float:
    """Return the least that figures cost: by their multipliers, or what cannot be avoided."""
    total = 0.0
    for k in range(len(figure_limits)):
        if which == 1 and state.multipliers[k] > 0.0:
            total += state.multipliers[k] * (state.sums[k] - free_of_charge(figure_limits, k))
        else:
            over = max(0, state.lowest[k] - figure_limits[k, 0])
            total += figure_limits[k, 2] * over // figure_limits[k, 3]
    return total


@helper
def free_of_charge(figure_limits: Int, k: int) -> int:
    """Return the sum from which a limit has its price, or else is forbidden."""
    return figure_limits[k, 0] if figure_limits[k, 2] > 0 else figure_limits[k, 1]
