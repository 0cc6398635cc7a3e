"""Travel from every practice to every possible hub: straight line, or the user's own matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["TravelTable"]

_STEPS = {"km": 1000, "minutes": 60}


@dataclass(frozen=True)
class TravelTable:
    """Travel between practices.

    Attributes
    ----------
    values
        float64 (n, n): from practice `i` (row) to hub `h` (column), in metres or seconds.
    unit
        What reports use: `km` (values are metres) or `minutes` (values are seconds).
    """

    values: NDArray[np.float64]
    unit: Literal["km", "minutes"]

    def steps(self, amount: float) -> float:
        """Convert kilometres to metres, or minutes to seconds."""
        return amount * _STEPS[self.unit]

    def price(self, amount: float) -> int:
        """Convert a price per patient in the reporting unit to an integer in the small one."""
        return round(self.steps(amount))

    def report(self, amount: float) -> float:
        """Convert metres to kilometres, or seconds to minutes."""
        return amount / _STEPS[self.unit]
