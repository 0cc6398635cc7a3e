"""The columns that an enumeration finds: recorded as they come up, packed at the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper
from pcn_group.solver.bound.kernel_state import (
    BOUND,
    COUNT,
    FILLED,
    FOUND,
    INSIDE,
    NODES,
    SIZE,
    SLACK,
    THRESHOLD,
    TOLD,
    VALUE,
    KernelState,
    Request,
    figure_pay,
    is_beyond,
    size_penalty,
)
from pcn_group.solver.instance import Region

__all__ = [
    "Enumerated",
    "enumerated",
    "has_room",
    "is_over",
    "is_wanted",
    "record",
    "tell",
    "with_more_room",
]

Int = NDArray[np.int64]


class Enumerated(NamedTuple):
    """The networks found around one hub.

    Attributes
    ----------
    members, lengths
        The practices of all networks, one after the other, and how many each has.
    costs, reduced
        Of each network.
    bound
        No network around the hub has a smaller reduced cost.
    complete
        Whether the enumeration was not cut short.
    """

    members: NDArray[np.int32]
    lengths: Int
    costs: Int
    reduced: Int
    nodes: int
    bound: float
    complete: bool


@helper
def is_best_hub(region: Region, hub: int, state: KernelState) -> bool:
    """Whether no other hub has a smaller total, or an equal one and a smaller index."""
    own = _total(region.cost, hub, state)
    for a in range(state.now[COUNT]):
        if _comes_before(region, state.inside[a], hub, own, state):
            return False
    for other in range(len(region.weights), len(region.anchors)):
        is_there = state.status[region.anchors[other]] == INSIDE
        has_room_for_it = is_there and state.now[SIZE] <= region.room[other]
        if has_room_for_it and _comes_before(region, other, hub, own, state):
            return False
    return True


@helper
def _comes_before(region: Region, other: int, hub: int, own: int, state: KernelState) -> bool:
    """Whether another hub is better than one whose total is known."""
    if other == hub:
        return False
    total = _total(region.cost, other, state)
    return total < own or (total == own and other < hub)


@helper
def _total(cost: Int, hub: int, state: KernelState) -> int:
    """Return what the members cost with this hub, their size aside."""
    total = 0
    for a in range(state.now[COUNT]):
        total += cost[state.inside[a], hub]
    return total


@helper
def is_wanted(region: Region, hub: int, state: KernelState) -> bool:
    """Whether the set that is inside is a network of this hub with a small enough reduced cost."""
    size = state.now[SIZE]
    return (
        region.smallest <= size <= region.largest
        and state.now[VALUE] + _penalty(region, state) <= state.now[THRESHOLD]
        and not is_beyond(region.figure_limits, state.sums)
        and is_best_hub(region, hub, state)
        and (region.serves < 0 or _served(region.elsewhere, state) == region.serves)
    )


@helper
def _penalty(region: Region, state: KernelState) -> float:
    """Return what the set that is inside pays for its size and its figures."""
    return size_penalty(region.hinges, state.now[SIZE]) + figure_pay(
        region.figure_limits, state.sums
    )


@helper
def _served(elsewhere: Int, state: KernelState) -> int:
    """Return the neighbourhood that most patients of the set live in, the first of equals."""
    served, fewest = -1, np.iinfo(np.int64).max
    for area in range(elsewhere.shape[1]):
        patients = 0
        for a in range(state.now[COUNT]):
            patients += elsewhere[state.inside[a], area]
        if patients < fewest:
            served, fewest = area, patients
    return served


@helper
def has_room(state: KernelState) -> bool:
    """Whether one more network can be recorded."""
    now = state.now
    return now[FOUND] < state.columns.shape[1] and now[FILLED] + now[COUNT] <= len(state.members)


@helper
def record(region: Region, hub: int, state: KernelState, keep: int) -> None:
    """Record the set that is inside.

    Once there are `keep` networks it takes the place of the most expensive, and the threshold
    falls; with 0 there are never enough.
    """
    now, columns = state.now, state.columns
    count, column, start = now[COUNT], now[FOUND], now[FILLED]
    if keep == 0 or column < keep:
        now[FOUND] += 1
    else:
        column = _most_expensive(columns, keep)
        if columns[1, column] >= count:  # otherwise the old place is too short
            start = columns[0, column]
    if start == now[FILLED]:
        now[FILLED] += count
    for a in range(count):
        state.members[start + a] = state.inside[a]
    penalty = _penalty(region, state)
    columns[0, column], columns[1, column] = start, count
    columns[2, column] = _total(region.cost, hub, state) + penalty
    columns[3, column] = now[VALUE] + penalty
    if now[FOUND] == keep:
        now[THRESHOLD] = min(now[THRESHOLD], columns[3, _most_expensive(columns, keep)] - 1)


@helper
def _most_expensive(columns: Int, count: int) -> int:
    """Return which of the first columns has the largest reduced cost, the first of equals."""
    most = 0
    for column in range(1, count):
        if columns[3, column] > columns[3, most]:
            most = column
    return most


@helper
def is_over(request: Request, now: Int, watch: Int) -> bool:
    """Whether the enumeration is to be cut short: too many nodes or networks, or out of time."""
    return tell(now, watch) > request.most or now[NODES] > request.node_limit


@helper
def tell(now: Int, watch: Int) -> int:
    """Report what was found; return what all hubs have found, or endlessly many once stopped.

    Threads may report at once, and then some is lost: whoever reads the results counts again.
    """
    watch[1] += now[FOUND] - now[TOLD]
    now[TOLD] = now[FOUND]
    return watch[1] if watch[0] == 0 else np.iinfo(np.int64).max


def with_more_room(state: KernelState) -> KernelState:
    """Return a state with the networks that it has found, and room for as many again."""
    columns, members = state.columns, state.members
    return state._replace(
        columns=np.concatenate((columns, np.empty_like(columns)), axis=1),
        members=np.concatenate((members, np.empty_like(members))),
    )


def enumerated(state: KernelState, *, complete: bool) -> Enumerated:
    """Return the networks that an enumeration has found, packed column after column."""
    starts, lengths, costs, reduced = state.columns[:, : state.now[FOUND]].copy()
    offsets = np.cumsum(lengths) - lengths
    positions = np.repeat(starts - offsets, lengths) + np.arange(lengths.sum())
    return Enumerated(
        state.members[positions],
        lengths,
        costs,
        reduced,
        int(state.now[NODES]),
        float(state.bounds[BOUND] - state.bounds[SLACK]),
        complete,
    )
