"""A curve as a drawing: a point for each plan, between two axes with round numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["CurveChart", "Point", "curve_chart"]

_WIDTH, _HEIGHT = 960, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 110, 28, 58
"""Room around what is between the axes; to the right for the label of the last point"""

_BEFORE, _BEYOND = 0.03, 0.08
"""How far the axes go before the least and beyond the most, as shares of it"""

_TICKS = 6
"""Of an axis, about"""

_NEAR = 0.07
"""Points meet that differ by less than this share of all that the axes show"""


@dataclass(frozen=True)
class Point:
    """A plan on the curve.

    Attributes
    ----------
    x, y
        Where it is.
    is_proven
        Whether it is drawn filled.
    label
        What stands beside it.
    is_below
        Whether that is below it and to the left, since the point before it is near.
    told
        What is said of it.
    """

    x: float
    y: float
    is_proven: bool
    label: str
    is_below: bool
    told: str


@dataclass(frozen=True)
class CurveChart:
    """A curve, drawn.

    Attributes
    ----------
    width, height
        Of the drawing.
    left, right, top, floor
        Where the axes are.
    points
        In the order of the curve.
    across, up
        The ticks of both axes: where each is, and its number.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    floor: int
    points: tuple[Point, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]


def curve_chart(
    values: Sequence[tuple[float, float]],
    labels: Sequence[str],
    told: Sequence[str],
    is_proven: Sequence[bool],
) -> CurveChart:
    """Draw a curve.

    Parameters
    ----------
    values
        What the curve is against, and the mean travel, of each plan.
    labels, told, is_proven
        As in `Point`.
    """
    most = max(amount for amount, _ in values) or 1.0
    low, high = min(mean for _, mean in values), max(mean for _, mean in values)
    room = _BEYOND * (high - low or high or 1.0)
    right, floor = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    first, last = -_BEFORE * most, (1 + _BEYOND) * most
    least, top = low - room, high + room
    across = (right - _LEFT) / (last - first)
    up = (floor - _TOP) / (top - least)
    places = [
        (round(_LEFT + across * (amount - first), 1), round(floor - up * (mean - least), 1))
        for amount, mean in values
    ]
    return CurveChart(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=right,
        top=_TOP,
        floor=floor,
        points=tuple(
            Point(x, y, *rest)
            for (x, y), rest in zip(
                places, zip(is_proven, labels, _below(values), told, strict=True), strict=True
            )
        ),
        across=tuple(
            (round(_LEFT + across * (tick - first), 1), words)
            for tick, words in _ticks(max(first, 0), last)
        ),
        up=tuple(
            (round(floor - up * (tick - least), 1), words) for tick, words in _ticks(least, top)
        ),
    )


def _below(values: Sequence[tuple[float, float]]) -> list[bool]:
    """Say which labels go below: that of the second of two points that nearly meet."""
    near = [_NEAR * (max(every) - min(every)) for every in zip(*values, strict=True)]
    below = [False]
    for before, here in pairwise(values):
        meet = all(abs(b - a) <= n for a, b, n in zip(before, here, near, strict=True))
        below.append(meet and not below[-1])
    return below


def _ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Return round numbers between two, about `_TICKS` of them, with their words."""
    rough = (high - low) / _TICKS
    tenth = 10.0 ** math.floor(math.log10(rough))
    step = next(tenth * each for each in (1, 2, 5, 10) if tenth * each >= rough)
    decimals = max(0, -math.floor(math.log10(step)))
    first, last = math.ceil(low / step), math.floor(high / step)
    return [(k * step, f"{k * step:,.{decimals}f}") for k in range(first, last + 1)]
