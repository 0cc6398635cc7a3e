"""Where a run stands, for display."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

__all__ = ["OnProgress", "Progress", "Stage", "Where"]


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
    "curve",
    "without",
    "check",
    "alternatives",
    "pairs",
]


@dataclass(frozen=True)
class Progress:
    """Where a search stands, for display. Costs are in the problem's integers."""

    stage: Stage
    cost: int | None
    bound: int | None


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Where:
    """Where a run stands, for display.

    Attributes
    ----------
    cost, bound
        Of the best plan so far and of any plan, in patient-`unit`; None where unknown.
    """

    stage: Stage
    unit: str = ""
    cost: float | None = None
    bound: float | None = None
