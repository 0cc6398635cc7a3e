"""Where a run stands, for display, and what came of it in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["STATUSES", "UNSETTLED", "OnProgress", "Progress", "Stage", "Where", "gap_percent"]

Stage = Literal[
    "geography",
    "compile",
    "first plans",
    "bound",
    "parts",
    "windows",
    "proof",
    "exceptions",
    "moves",
    "misaligned",
    "curve",
    "without",
    "check",
    "alternatives",
    "pairs",
    "who else",
]


@dataclass(frozen=True)
class Progress:
    """Where a search stands, for display. Costs are in the problem's integers.

    Attributes
    ----------
    networks
        The best plan so far, as positions in the problem, where it is known.
    """

    stage: Stage
    cost: int | None
    bound: int | None
    networks: Sequence[Sequence[int]] | None = None


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Where:
    """Where a run stands, for display.

    Attributes
    ----------
    cost, bound
        Of the best plan so far and of any plan, in patient-`unit`; None where unknown.
    prices
        What of the cost is not travel; None where there are no prices, or it is unknown.
    """

    stage: Stage
    unit: str = ""
    cost: float | None = None
    bound: float | None = None
    prices: float | None = None


STATUSES = {
    "optimal": "proven best",
    "within_gap": "within the gap asked for",
    "feasible": "with a plan, not proven best",
    "infeasible": "proven to have no plan",
    "no_plan_in_time": "without a plan in time",
    "failed": "failed",
}
"""By `status`, the best first"""


UNSETTLED = (
    "Other plans may cost as little: which of them comes first by rule was not settled in time or "
    "effort."
)
"""Of a plan that is the best, but not known to be the first of those that are."""


def gap_percent(gap: float, status: str) -> str:
    """Return (cost - bound) / cost in per cent, rounded up: a claim is never more than is proven.

    What is not proven best is within more than nothing.
    """
    hundredths = math.ceil(round(gap * 10_000, 2))
    if status != "optimal":
        hundredths = max(hundredths, 1)
    return f"{hundredths / 100:.2f}%"
