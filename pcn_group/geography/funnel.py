"""The compiled funnel: the shortest lines between places, through the triangles between them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper, kernel

__all__ = ["measure_ways"]

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


@kernel
def measure_ways(  # noqa: PLR0913, PLR0917 - compiled code takes no keywords
    part_of: Whole,
    parent: Whole,
    depth: Whole,
    gates: Real,
    places: Real,
    at: Whole,
    sleeve: Real,
    chain: Real,
    metres: Real,
) -> None:
    """Write down the ways from the first places, at their triangles, to the others.

    Parameters
    ----------
    sleeve, chain
        Room for the gates of the longest way, and for the corners that it may turn at.
    metres
        float64 (starts, ends), infinite: where there is no way it stays so.
    """
    count, ends = metres.shape
    for i in range(count):
        for j in range(ends):
            a, b = at[i], at[count + j]
            if part_of[a] == part_of[b]:
                length = _fill(sleeve, a, b, parent, depth, gates)
                metres[i, j] = _shortest(places, i, count + j, sleeve, length, chain)


@helper
def _fill(sleeve: Real, a: int, b: int, parent: Whole, depth: Whole, gates: Real) -> int:
    """Write down the gates between two triangles, the left end first, and return how many."""
    up, down = 0, len(sleeve)
    while a != b:
        if depth[a] >= depth[b]:
            for k in range(4):
                sleeve[up, k] = gates[a, k]
            up += 1
            a = parent[a]
        else:
            down -= 1
            for k in range(4):
                sleeve[down, k] = gates[b, (k + 2) % 4]
            b = parent[b]
    count = up + len(sleeve) - down
    for place in range(up, count):
        for k in range(4):
            sleeve[place, k] = sleeve[down + place - up, k]
    return count


@helper
def _shortest(places: Real, start: int, end: int, sleeve: Real, count: int, chain: Real) -> float:
    """Return the length of the shortest line between two places through all gates.

    What can be seen from the apex, where the line is settled so far, lies between two chains of
    corners, which bend away from each other: the left one goes down to `low`, the right one up to
    `high`.
    """
    low = apex = high = len(chain) // 2
    chain[apex, 0], chain[apex, 1] = places[start, 0], places[start, 1]
    settled = 0.0
    for gate in range(count):
        for side in (0, 2):
            x, y = sleeve[gate, side], sleeve[gate, side + 1]
            if gate > 0 and x == sleeve[gate - 1, side] and y == sleeve[gate - 1, side + 1]:
                continue
            if side == 0:
                low, apex, more = _narrow(chain, low, apex, high, -1, x, y)
            else:
                high, apex, more = _narrow(chain, high, apex, low, 1, x, y)
            settled += more
    low, apex, more = _narrow(chain, low, apex, high, -1, places[end, 0], places[end, 1])
    for k in range(low, apex):
        more += _length(chain, k, k + 1)
    return settled + more


@helper
def _narrow(
    chain: Real, last: int, apex: int, other: int, step: int, x: float, y: float
) -> tuple[int, int, float]:
    """Add a corner to the chain that ends at `last`; it takes away those that it makes needless.

    They may be the whole chain and the beginning of the other one, on which the apex moves on.

    Parameters
    ----------
    step
        From each corner of the chain to the next: -1 for the left one, 1 for the right one.

    Returns
    -------
    tuple
        The end of the chain, the apex, and how far that has moved.
    """
    settled = 0.0
    while last != apex and step * _turn(chain, last - step, last, x, y) >= 0:
        last -= step
    if last == apex:
        while apex != other and step * _turn(chain, apex, apex - step, x, y) > 0:
            settled += _length(chain, apex, apex - step)
            apex -= step
        last = apex
    last += step
    chain[last, 0], chain[last, 1] = x, y
    return last, apex, settled


@helper
def _turn(chain: Real, a: int, b: int, x: float, y: float) -> float:
    """Return more than zero where the way from a by b to a place turns left."""
    across = (chain[b, 0] - chain[a, 0]) * (y - chain[b, 1])
    return across - (chain[b, 1] - chain[a, 1]) * (x - chain[b, 0])


@helper
def _length(chain: Real, a: int, b: int) -> float:
    across, up = chain[b, 0] - chain[a, 0], chain[b, 1] - chain[a, 1]
    return math.sqrt(across * across + up * up)
