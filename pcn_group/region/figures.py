"""The figures of a profile, by practice, so that those of a network are sums of integers.

    figure(S) = sum of amounts[i] over i in S  /  scale                       (sums)
    figure(S) = sum of amounts[i] over i in S  /  (scale * sum of base[i])    (means, shares)

So a limit on a mean is one on a sum: `figure(S) <= b` is `sum of amounts[i] - b * scale * base[i]`
no more than 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.profile import Profile, ProfileFigure

__all__ = ["Figure", "figures_of"]

Int = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Figure:
    """One figure of the units of a region, in the order of its problem.

    Attributes
    ----------
    name, title
        What files and pages call it.
    adds
        How a network's figure comes from these.
    better
        Which way is better off; None for neither.
    amounts
        int64 (n,): what each practice adds, in units of 1/scale. Of a mean, its patients times
        their figure; of a share, the patients that are counted.
    base
        int64 (n,): of a mean and of a share, the patients that it is known for; zeros of a sum.
    scale
        A power of ten.
    """

    name: str
    title: str
    adds: Literal["sum", "mean", "share"]
    better: Literal["low", "high"] | None
    amounts: Int
    base: Int
    scale: int = 1

    def value(self, members: Iterable[int]) -> Fraction | None:
        """Return the figure of a network; None of a mean or share where nobody's is known."""
        inside = np.fromiter(members, dtype=np.int64)
        amount = Fraction(int(self.amounts[inside].sum()), self.scale)
        if self.adds == "sum":
            return amount
        patients = int(self.base[inside].sum())
        return amount / patients if patients else None


def figures_of(profile: Profile, units: pd.DataFrame) -> tuple[Figure, ...]:
    """Return the figures of a profile by unit.

    Parameters
    ----------
    units
        As `units` returns them, in the order of the problem.

    Raises
    ------
    InputError
        Where no column has the heading of a figure.
    """
    absent = [each for each in profile.figures if each.heading not in units]
    if absent:
        problem, remedy = "is in no table of the input", "Correct the heading, or leave it out."
        raise InputError(
            [Fault("profile.figures", problem, remedy, value=each.heading) for each in absent]
        )
    return tuple(_figure(each, units) for each in profile.figures)


def _figure(rules: ProfileFigure, units: pd.DataFrame) -> Figure:
    """Count a column in whole units of its last decimal."""
    known = units[rules.heading].notna().to_numpy()
    decimals = [Decimal(str(value)) for value in units[rules.heading].fillna(0)]
    places = max((-int(value.normalize().as_tuple().exponent) for value in decimals), default=0)
    scale = 10 ** max(places, 0)
    amounts = np.array([int(value * scale) for value in decimals], dtype=np.int64)
    patients = units["list_size"].to_numpy(dtype=np.int64) * known
    if rules.adds == "mean":
        amounts = amounts * patients
    base = np.zeros_like(patients) if rules.adds == "sum" else patients
    return Figure(rules.name, rules.title, rules.adds, rules.better, amounts, base, scale)
