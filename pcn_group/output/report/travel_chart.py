"""The distribution of travel: patients by distance to the hub, as a chart of bars."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from pcn_group.output.report.facts import Facts

__all__ = ["TravelChart", "bins", "travel_chart"]

_STEPS = (0.1, 0.2, 0.25, 0.5, *(step * 10**power for power in range(6) for step in (1, 2, 2.5, 5)))
_MOST_BINS = 16
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 760, 276, 20, 42, 34

_LETTER = 6.4
"""The width of a digit above a bar, in the units of the drawing"""


def bins(facts: Facts) -> list[tuple[float, float, int]]:
    """Return the patients from each distance up to the next, in steps of a round width.

    The bars are so few that a number of six digits has room above each.
    """
    travel = [
        (float(row.to_hub), row.list_size) for row in facts.practices if row.to_hub is not None
    ]
    farthest = max((to_hub for to_hub, _ in travel), default=0.0)
    width = next(step for step in _STEPS if farthest < step * _MOST_BINS)
    # 0.3 / 0.1 is a little less than 3.
    edges = [round(k * width, 6) for k in range(int(round(farthest / width, 6)) + 2)]
    return [
        (low, high, sum(size for to_hub, size in travel if low <= to_hub < high))
        for low, high in pairwise(edges)
    ]


@dataclass(frozen=True)
class Bar:
    """The patients from one distance up to the next.

    Attributes
    ----------
    low, high
        The distances.
    patients
        How many there are.
    x, width, height
        Where it is drawn, and how large.
    has_room
        Whether the number of patients fits above it.
    """

    low: float
    high: float
    patients: int
    x: float
    width: float
    height: float
    has_room: bool


@dataclass(frozen=True)
class TravelChart:
    """Patients by distance to the hub, drawn.

    Attributes
    ----------
    width, height
        Of the drawing.
    left, right, floor
        Where the axis is.
    bars
        In the order of the distances; without gaps.
    mean
        Where the mean is.
    """

    width: int
    height: int
    left: int
    right: int
    floor: int
    bars: tuple[Bar, ...]
    mean: float


def travel_chart(facts: Facts) -> TravelChart:
    """Draw patients by distance to the hub."""
    found = bins(facts)
    each = (_WIDTH - 2 * _LEFT) / len(found)
    floor = _HEIGHT - _BOTTOM
    most = max((patients for _, _, patients in found), default=0) or 1
    return TravelChart(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=_WIDTH - _LEFT,
        floor=floor,
        bars=tuple(
            Bar(
                low=low,
                high=high,
                patients=patients,
                x=_LEFT + k * each,
                width=each,
                height=(floor - _TOP) / most * patients,
                has_room=len(f"{patients:,}") * _LETTER <= each,
            )
            for k, (low, high, patients) in enumerate(found)
        ),
        mean=_LEFT + facts.mean_travel / found[-1][1] * (_WIDTH - 2 * _LEFT),
    )
