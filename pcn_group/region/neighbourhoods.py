"""The neighbourhoods of a region, and how many patients of each practice live in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Neighbourhoods"]


@dataclass(frozen=True)
class Neighbourhoods:
    """The neighbourhoods of a region and how many patients of each practice live in them.

    Attributes
    ----------
    codes
        Ascending.
    names
        In the order of the codes; empty where not known.
    patients
        int64 (n, A): the registered patients of each practice, in the order of the table, that live
        in each neighbourhood. What they are short of the list size lives in no neighbourhood, and
        never counts as misaligned.
    by
        `residents`: patients are counted by LSOA. `practices`: all patients count where the
        practice stands.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    patients: NDArray[np.int64]
    by: Literal["residents", "practices"]

    def within(self, practices: NDArray[np.int64]) -> Neighbourhoods:
        """Return the same for some practices only, in this order."""
        return replace(self, patients=self.patients[practices])
