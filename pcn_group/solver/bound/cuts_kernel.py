"""The compiled loops of cuts: what columns pay for them, and the search for those violated."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper, kernel

__all__ = ["CANDIDATES", "STARTS", "CutDualTable", "CutRoom", "charge", "search_around"]

Int = NDArray[np.int64]
Real = NDArray[np.float64]

CANDIDATES = 24
"""How many practices a cut around one practice is chosen from."""
STARTS = 3
"""How often the shares of each pattern are placed anew around each practice."""
_VIOLATION = 0.02
"""How far above its limit a fractional plan must be for a cut to be worth having."""
_ROUNDING = 1e-9


class CutDualTable(NamedTuple):
    """Cut duals by practice, for the kernels.

    The cuts that practice `i` has a share in are `of[start[i]:start[i + 1]]`, indices of `amounts`
    and `wholes`, with `shares` beside them.
    """

    start: Int
    of: Int
    shares: Int
    wholes: Int
    amounts: Int


@kernel
def charge(
    starts: Int,
    members: NDArray[np.int32],
    duals: Int,
    cut_duals: CutDualTable,
    paid: Int,
    result: Int,
) -> None:
    """Take duals off the costs of columns in `result`, and add cut duals.

    Parameters
    ----------
    paid
        Zeros, one for each cut, before and after.
    """
    for s in range(len(result)):
        for e in range(starts[s], starts[s + 1]):
            i = members[e]
            result[s] -= duals[i]
            for t in range(cut_duals.start[i], cut_duals.start[i + 1]):
                k = cut_duals.of[t]
                paid[k] += cut_duals.shares[t]
                if paid[k] >= cut_duals.wholes[k]:
                    paid[k] -= cut_duals.wholes[k]
                    result[s] += cut_duals.amounts[k]
        for e in range(starts[s], starts[s + 1]):
            i = members[e]
            for t in range(cut_duals.start[i], cut_duals.start[i + 1]):
                paid[cut_duals.of[t]] = 0


class CutRoom(NamedTuple):
    """Room for the search around a practice.

    `near` are the practices that a cut is chosen from, `local` where each is among them; `inside`
    which of them each network holds, and `shares` its share; `placed` which has each share of the
    pattern, `sums` what those add up to in each network, and `wholes` how many wholes each sum has.
    `weight`, zeros before and after, and `touched` are for finding those near.
    """

    weight: Real
    touched: Int
    near: Int
    local: Int
    inside: NDArray[np.bool_]
    shares: Real
    sums: Int
    placed: Int
    wholes: Int


@kernel
def search_around(  # noqa: PLR0913, PLR0917 - compiled code takes no keywords
    starts: Int,
    members: NDArray[np.int32],
    values: Real,
    row_start: Int,
    row_columns: Int,
    around: Int,
    pattern: Int,
    whole: int,
    room: CutRoom,
    rows: Int,
    excess: Real,
) -> int:
    """Search around each practice for a placing of the pattern's shares that is violated.

    It writes into `rows` the practices in the order of the pattern, and into `excess` by how much
    each placing is violated; and returns how many there are.
    """
    near, placed, size = room.near, room.placed, len(pattern)
    limit = 0
    for a in range(size):
        limit += pattern[a]
    limit //= whole
    found, random = 0, 12345
    for c in range(len(around)):
        count = _find_near(starts, members, values, row_start, row_columns, around[c], room)
        if count < size:
            continue
        networks = _find_beside(starts, members, values, row_start, row_columns, room, count)
        for _ in range(STARTS):
            placed[0] = 0
            for a in range(1, size):
                is_taken = True
                while is_taken:
                    random = (random * 1103515245 + 12345) % 2147483648
                    placed[a] = random // 65536 % count
                    is_taken = _holds(placed, a, placed[a])
            random = (random * 1103515245 + 12345) % 2147483648
            a = random // 65536 % size
            placed[0], placed[a] = placed[a], placed[0]
            total = _improve(room, networks, count, pattern)
            if total > limit + _VIOLATION:
                for b in range(size):
                    rows[found, b] = near[placed[b]]
                excess[found] = total - limit
                found += 1
    return found


@helper
def _holds(some: Int, count: int, value: int) -> bool:
    held = False
    for a in range(count):
        held |= some[a] == value
    return held


@helper
def _find_near(
    starts: Int,
    members: NDArray[np.int32],
    values: Real,
    row_start: Int,
    row_columns: Int,
    centre: int,
    room: CutRoom,
) -> int:
    """Find the practices most often in a practice's fractional networks, and then in theirs.

    It writes them into `room.near`, the practice first, and returns how many there are.
    """
    near, weight, touched = room.near, room.weight, room.touched
    near[0] = centre
    weight[centre] = -1.0
    filled = 1
    for ring in range(2):
        others = 0
        for a in range(1 if ring == 0 else filled):
            for e in range(row_start[near[a]], row_start[near[a] + 1]):
                s = row_columns[e]
                for m in range(starts[s], starts[s + 1]):
                    j = members[m]
                    if weight[j] == 0.0:
                        touched[others] = j
                        others += 1
                    weight[j] += values[s] if weight[j] >= 0.0 else 0.0
        filled = _take_most(near, filled, weight, touched, others)
    for a in range(filled):
        weight[near[a]] = 0.0
    return filled


@helper
def _take_most(near: Int, filled: int, weight: Real, touched: Int, count: int) -> int:
    """Add the practices of the most weight, while there is room; return how many are near then.

    Those have a weight below zero in the end, and the others none.
    """
    best = 0
    while filled < CANDIDATES and best >= 0:
        best = -1
        for a in range(count):
            j = touched[a]
            if weight[j] > 0.0 and (best < 0 or weight[j] > weight[best]):
                best = j
        if best >= 0:
            near[filled] = best
            filled += 1
            weight[best] = -1.0
    for a in range(count):
        weight[touched[a]] = min(weight[touched[a]], 0.0)
    return filled


@helper
def _find_beside(  # noqa: C901 - three loops over the same networks
    starts: Int,
    members: NDArray[np.int32],
    values: Real,
    row_start: Int,
    row_columns: Int,
    room: CutRoom,
    count: int,
) -> int:
    """Write down which of the practices near each network holds that holds two or more of them.

    Return how many such networks there are.
    """
    near, local, inside = room.near, room.local, room.inside
    for a in range(count):
        local[near[a]] = a
    found = 0
    for a in range(count):
        for e in range(row_start[near[a]], row_start[near[a] + 1]):
            s = row_columns[e]
            first, held = count, 0
            for m in range(starts[s], starts[s + 1]):
                place = local[members[m]]
                if place >= 0:
                    held += 1
                    first = min(first, place)
            if first != a or held < 2:  # it comes once, with the first practice it holds
                continue
            for b in range(count):
                inside[found, b] = False
            for m in range(starts[s], starts[s + 1]):
                place = local[members[m]]
                if place >= 0:
                    inside[found, place] = True
            room.shares[found] = values[s]
            found += 1
    for a in range(count):
        local[near[a]] = -1
    return found


@helper
def _improve(room: CutRoom, networks: int, near: int, pattern: Int) -> float:
    """Put other practices in place of those chosen while the networks count more; return the count.

    `placed` is changed: the position in `inside` of the practice that has each share.
    """
    inside, sums, placed = room.inside, room.sums, room.placed
    for s in range(networks):
        sums[s] = 0
    for a in range(len(pattern)):
        _add(sums, inside, networks, placed[a], pattern[a])
    count, before = _count(room, networks, 0, 0), -1.0
    while count > before + _ROUNDING:
        before = count
        for a in range(len(pattern)):
            _add(sums, inside, networks, placed[a], -pattern[a])
            best = placed[a]
            for j in range(near):
                total = _count(room, networks, j, pattern[a])
                if total > count + _ROUNDING and not _holds(placed, len(pattern), j):
                    count, best = total, j
            placed[a] = best
            _add(sums, inside, networks, best, pattern[a])
    return count


@helper
def _add(sums: Int, inside: NDArray[np.bool_], networks: int, place: int, share: int) -> None:
    """Give a practice a share of the pattern."""
    for s in range(networks):
        sums[s] += share if inside[s, place] else 0


@helper
def _count(room: CutRoom, networks: int, place: int, share: int) -> float:
    """Return how often the networks count once a practice has a share more."""
    inside, sums, wholes, shares = room.inside, room.sums, room.wholes, room.shares
    total = 0.0
    for s in range(networks):
        total += shares[s] * wholes[sums[s] + (share if inside[s, place] else 0)]
    return total
