"""What came of a search, in words."""

from __future__ import annotations

import math

__all__ = ["STATUSES", "UNSETTLED", "gap_percent"]


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
