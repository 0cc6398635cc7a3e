"""Multipliers for limits on figures, which make the plain checker's bounds on networks higher.

Of a network that keeps a limit, `sum of amounts - limit` is not above zero, and of one that has a
price to pay it is no more than what that comes to, if a unit costs no more. So with any multiplier
`m` for each limit, at most its price,

    reduced(S)  ≥  sum of (value[i] + m * amount[i]) over i in S  -  m * limit  + ...

and what the right side is at least is a bound on the left. Which multipliers are of use is looked
for here, by any means: that the bound holds rests on the rounding in `shifted` alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.figure_limits import FigureLimit
from pcn_group.region.problem import Problem

__all__ = ["multipliers_for", "shifted"]

Ints = NDArray[np.int64]

_PARTS = 1024
"""Multipliers are whole numbers of parts of this size."""
_LARGEST_SUM = 2**60
"""What multipliers may add to a sum in the search, which 64 bits then hold."""
_STEPS = 12
"""How often each is halved to find the best."""


def shifted(
    problem: Problem, values: Ints, near: Sequence[int], multipliers: Sequence[int]
) -> tuple[Ints, int]:
    """Return what practices near a hub add with the multipliers, and what is to be added once.

    Everything is rounded down.
    """
    added, once = values.copy(), 0
    for limit, parts in zip(problem.figure_limits, multipliers, strict=True):
        if parts:
            for i in near:
                added[i] += parts * int(limit.amounts[i]) // _PARTS
            # What is paid is rounded down as well.
            once -= -(-parts * _free(limit) // _PARTS) + (1 if limit.price else 0)
    return added, once


def multipliers_for(problem: Problem, anchor: int, near: Sequence[int], values: Ints) -> list[int]:
    """Choose a multiplier for each limit, in parts: none where the best set keeps it anyway."""
    chosen = [0] * len(problem.figure_limits)
    for k, limit in enumerate(problem.figure_limits):
        top = _most(problem, limit)
        if not _is_beyond(problem, anchor, near, values, chosen, k):
            continue
        low, high = 0, min(top, 1)
        while high < top:
            chosen[k] = high
            if not _is_beyond(problem, anchor, near, values, chosen, k):
                break
            low, high = high, min(top, 4 * high)
        for _ in range(_STEPS):
            chosen[k] = (low + high) // 2
            if _is_beyond(problem, anchor, near, values, chosen, k):
                low = chosen[k]
            else:
                high = chosen[k]
        chosen[k] = high
    return chosen


def _most(problem: Problem, limit: FigureLimit) -> int:
    """Return the largest multiplier that its price allows, and sums of 64 bits."""
    amounts = sum(abs(int(amount)) for amount in limit.amounts) + abs(_free(limit)) + 1
    times = (len(problem.codes) + sum(map(int, problem.weights))) * len(problem.figure_limits)
    most = _LARGEST_SUM * _PARTS // (amounts * times)
    return min(most, int(limit.rate * _PARTS)) if limit.price else most


def _free(limit: FigureLimit) -> int:
    """Return the sum from which a limit has its price, or else is forbidden."""
    return limit.limit if limit.price else limit.most


def _is_beyond(
    problem: Problem,
    anchor: int,
    near: Sequence[int],
    values: Ints,
    multipliers: Sequence[int],
    k: int,
) -> bool:
    """Whether the best set around a hub is beyond a limit, whatever else it is."""
    worth = values.astype(np.float64)
    for limit, parts in zip(problem.figure_limits, multipliers, strict=True):
        worth += limit.amounts * (parts / _PARTS)
    others = np.array([i for i in near if i != anchor], dtype=np.int64)
    weights, limit = problem.weights[others], problem.figure_limits[k]
    order = np.argsort(worth[others] / weights, kind="stable")
    others, weights = others[order], weights[order]
    room = np.where(worth[others] < 0, problem.size.largest, problem.size.smallest)
    before = int(problem.weights[anchor]) + np.cumsum(weights) - weights
    share = np.clip((room - before) / weights, 0, 1)
    amount = float(limit.amounts[anchor]) + float(share @ limit.amounts[others])
    return amount > _free(limit)
