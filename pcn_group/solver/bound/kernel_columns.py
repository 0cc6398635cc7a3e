"""The columns that an enumeration finds: recorded as they come up, packed at the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import njit
from pcn_group.solver.bound.kernel_state import (
    COUNT,
    FILLED,
    FOUND,
    SIZE,
    TOLD,
    VALUE,
    KernelState,
    Request,
    size_penalty,
)
from pcn_group.solver.instance import Region

__all__ = [
    "ColumnBuffer",
    "Enumerated",
    "empty_buffer",
    "enumerated",
    "is_over",
    "is_wanted",
    "recorded",
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


class ColumnBuffer(NamedTuple):
    """Networks found so far, in arrays with room for more.

    `columns` has for each network where it begins among the members, how many it has, its cost, and
    its reduced cost.
    """

    columns: Int
    members: NDArray[np.int32]


@njit(cache=True, nogil=True)
def empty_buffer() -> ColumnBuffer:
    """Return a buffer with room for a few networks."""
    return ColumnBuffer(np.empty((4, 128), np.int64), np.empty(1024, np.int32))


@njit(cache=True, nogil=True, inline="always")
def is_best_hub(region: Region, hub: int, state: KernelState) -> bool:
    """Whether no other member has a smaller total, or an equal one and a smaller index."""
    own = _total(region, hub, state)
    for a in range(state.now[COUNT]):
        other = state.inside[a]
        if other != hub:
            total = _total(region, other, state)
            if total < own or (total == own and other < hub):
                return False
    return True


@njit(cache=True, nogil=True, inline="always")
def _total(region: Region, hub: int, state: KernelState) -> int:
    """Return what the members cost with this hub, their size aside."""
    cost, inside = region.cost, state.inside
    total = 0
    for a in range(state.now[COUNT]):
        total += cost[inside[a], hub]
    return total


@njit(cache=True, nogil=True)
def _with_room(
    columns: Int, found: int, members: NDArray[np.int32], filled: int
) -> tuple[Int, NDArray[np.int32]]:
    """Make room for so many columns and members."""
    if found > columns.shape[1]:
        wider = np.empty((4, 2 * found), np.int64)
        wider[:, : columns.shape[1]] = columns
        columns = wider
    if filled > len(members):
        longer = np.empty(2 * filled, np.int32)
        longer[: len(members)] = members
        members = longer
    return columns, members


@njit(cache=True, nogil=True, inline="always")
def is_wanted(region: Region, hub: int, state: KernelState, threshold: int) -> bool:
    """Whether the set that is inside is a network of this hub with a small enough reduced cost."""
    size = state.now[SIZE]
    return (
        region.smallest <= size <= region.largest
        and state.now[VALUE] + size_penalty(region, size) <= threshold
        and is_best_hub(region, hub, state)
        and (region.serves < 0 or _served(region, state) == region.serves)
    )


@njit(cache=True, nogil=True)
def _served(region: Region, state: KernelState) -> int:
    """Return the neighbourhood that most patients of the set live in, the first of equals."""
    sums = np.zeros(region.elsewhere.shape[1], np.int64)
    for a in range(state.now[COUNT]):
        sums += region.elsewhere[state.inside[a]]
    return int(sums.argmin())


@njit(cache=True, nogil=True, inline="always")
def recorded(
    region: Region, hub: int, state: KernelState, keep: int, threshold: int, buffer: ColumnBuffer
) -> tuple[int, ColumnBuffer]:
    """Record the set that is inside.

    Once there are `keep` networks it takes the place of the most expensive; with 0 there are never
    enough.

    Returns
    -------
    The threshold and the buffer as they are now.
    """
    now = state.now
    columns, members = buffer.columns, buffer.members
    count = now[COUNT]
    if keep == 0 or now[FOUND] < keep:
        column, start = now[FOUND], now[FILLED]
        now[FOUND] += 1
    else:
        column = columns[3, :keep].argmax()
        start = columns[0, column]
        if columns[1, column] < count:  # the old place is too short
            start = now[FILLED]
    if start == now[FILLED]:
        now[FILLED] += count
        columns, members = _with_room(columns, now[FOUND], members, now[FILLED])
    members[start : start + count] = state.inside[:count]
    penalty = size_penalty(region, now[SIZE])
    cost, reduced = _total(region, hub, state) + penalty, now[VALUE] + penalty
    columns[:, column] = (start, count, cost, reduced)
    if now[FOUND] == keep:
        threshold = min(threshold, columns[3, :keep].max() - 1)
    return threshold, ColumnBuffer(columns, members)


@njit(cache=True, nogil=True)
def is_over(request: Request, state: KernelState, nodes: int, watch: Int) -> bool:
    """Whether the enumeration is to be cut short: too many nodes or networks, or out of time."""
    return _told(state.now, watch) > request.most or nodes > request.node_limit


@njit(cache=True, nogil=True)
def _told(now: Int, watch: Int) -> int:
    """Report what was found; return what all hubs have found, or endlessly many once stopped.

    Threads may report at once, and then some is lost: whoever reads the results counts again.
    """
    watch[1] += now[FOUND] - now[TOLD]
    now[TOLD] = now[FOUND]
    return watch[1] if watch[0] == 0 else np.iinfo(np.int64).max


@njit(cache=True, nogil=True)
def enumerated(
    state: KernelState,
    buffer: ColumnBuffer,
    nodes: int,
    root_bound: float,
    complete: bool,  # noqa: FBT001 - compiled code takes no keywords
    watch: Int,
) -> Enumerated:
    """Report the last networks found, and return all of them, packed column after column."""
    _told(state.now, watch)
    columns = buffer.columns[:, : state.now[FOUND]]
    packed = np.empty(columns[1].sum(), np.int32)
    filled = 0
    for column in range(columns.shape[1]):
        start, count = columns[0, column], columns[1, column]
        packed[filled : filled + count] = buffer.members[start : start + count]
        filled += count
    return Enumerated(
        packed, columns[1].copy(), columns[2].copy(), columns[3].copy(), nodes,
        root_bound - state.slack, complete,
    )  # fmt: skip
