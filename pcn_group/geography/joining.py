"""The compiled joining of ways in two stages: most of the work where there are crossings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import kernel

__all__ = ["join_ways"]

Real = NDArray[np.float64]

_BLOCK = 512
"""Ends looked at together: what leads to them stays in the processor's cache."""


@kernel
def join_ways(first: Real, second: Real, metres: Real) -> None:
    """Shorten ways by those that lead over a stop.

    Parameters
    ----------
    first, second
        float64 (k, m) and (m, n): the ways to each stop, and on from there.
    metres
        float64 (k, n): the ways known before, and afterwards the shortest of all.
    """
    count, ends = metres.shape
    stops = len(second)
    for begin in range(0, ends, _BLOCK):
        end = min(begin + _BLOCK, ends)
        for i in range(count):
            for stop in range(stops):
                so_far = first[i, stop]
                if so_far == np.inf:
                    continue
                for j in range(begin, end):
                    way = so_far + second[stop, j]
                    metres[i, j] = min(metres[i, j], way)
