"""Further bands: limits on the figures of a network, each as a limit on a sum of integers.

    excess(S) = max(0, sum of amounts[i] over i in S  -  limit)

A maximum `m` of a sum, a mean or a share is

    sum of amounts[i]                     no more than  m * scale
    sum of amounts[i] - m * scale * base[i]     no more than  0

with the amounts of the figure, and a minimum is the same with all signs turned. Where `m * scale`
is no whole number, all is multiplied by its denominator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.profile import FigureAbove, FigureBand, FigureBelow
from pcn_group.geography.travel import TravelTable
from pcn_group.region.figures import Figure

__all__ = ["UNLIMITED", "FigureLimit", "figure_limits", "figure_text"]

Int = NDArray[np.int64]

UNLIMITED = 2**61
"""More than any network exceeds a limit by."""

_LARGEST_SUM = 2**48
"""What the amounts of a region stay under, whatever their signs. With their price they stay under
2^61, so that sums of both fit into 64 bits."""


@dataclass(frozen=True, eq=False)
class FigureLimit:
    """One side of a further band.

    Attributes
    ----------
    key
        What the configuration calls it, such as `profile.bands.over_75.min`.
    figure
        By practice, in the order of the problem.
    side
        Whether networks are not to be below it, or not above it.
    at
        The value of the figure.
    allowed
        By how much a network may exceed it all the same, in units of `unit`.
    price
        What a network pays for each whole unit of the figure (of a mean or share: and patient) by
        which it exceeds it, in units of cost; parts of a unit of cost are dropped.
    avoid
        Whether it gives way once it is proven that no plan keeps it.
    """

    key: str
    figure: Figure
    side: Literal["min", "max"]
    at: Fraction
    allowed: int = 0
    price: int = 0
    avoid: bool = False

    @cached_property
    def unit(self) -> int:
        """How many units of `amounts` are one of the figure."""
        return self.figure.scale * self._at_scale.denominator

    @cached_property
    def amounts(self) -> Int:
        """What each practice adds: int64 (n,)."""
        at, figure = self._at_scale, self.figure
        over = (
            at.denominator * amount - at.numerator * base
            for amount, base in zip(figure.amounts.tolist(), figure.base.tolist(), strict=True)
        )
        return np.array([self._sign * each for each in over], dtype=np.int64)

    @cached_property
    def limit(self) -> int:
        """What the amounts of a network are not to exceed."""
        return self._sign * self._at_scale.numerator if self.figure.adds == "sum" else 0

    @property
    def most(self) -> int:
        """What the amounts of a network may not exceed at any price."""
        return min(self.limit + self.allowed, UNLIMITED)

    @property
    def rate(self) -> Fraction:
        """What a network pays for each unit of its excess."""
        return Fraction(self.price, self.unit)

    @property
    def largest_excess(self) -> int:
        """What the networks of no plan exceed it by in all."""
        return self._largest_excess(self.amounts)

    @property
    def _at_scale(self) -> Fraction:
        return self.at * self.figure.scale

    @property
    def _sign(self) -> int:
        return 1 if self.side == "max" else -1

    def excess(self, members: Iterable[int]) -> int:
        """Return by how much a network exceeds it, in units of `unit`."""
        inside = np.fromiter(members, dtype=np.int64)
        return max(0, int(self.amounts[inside].sum()) - self.limit)

    def in_figure(self, excess: int) -> float:
        """Return an excess in units of the figure; of a mean or share, of it and of patients."""
        return float(Fraction(excess, self.unit))

    def cost(self, members: Iterable[int]) -> int:
        """Return what a network pays for exceeding it."""
        return self.price * self.excess(members) // self.unit

    def told(self, members: Iterable[int]) -> str:
        """Return the figure of a network beside the limit, in a few words."""
        value = self.figure.value(members)
        if value is None:
            return f"{self.figure.title} unknown"
        side = "under" if value < self.at else "over"
        away = f"{figure_text(abs(value - self.at))} {side} {figure_text(self.at)}"
        return f"{self.figure.title} {figure_text(value)}, {away}"

    def worst(self, practices: Int) -> int:
        """Return what the networks of some practices pay at the most in all."""
        excess = self._largest_excess(self.amounts[practices])
        return self.price * min(excess, self.allowed * len(practices)) // self.unit

    def _largest_excess(self, amounts: Int) -> int:
        return int(np.maximum(amounts, 0).sum()) + max(0, -self.limit) * len(amounts)

    def within(self, practices: Int) -> FigureLimit:
        """Return the same for some practices only, renumbered in this order."""
        figure = self.figure
        some = replace(figure, amounts=figure.amounts[practices], base=figure.base[practices])
        return replace(self, figure=some)

    def grouped(self, units: Sequence[Sequence[int]]) -> FigureLimit:
        """Return the same for units that are several practices each."""
        figure = self.figure
        amounts, base = (
            np.array([values[list(unit)].sum() for unit in units], dtype=np.int64)
            for values in (figure.amounts, figure.base)
        )
        return replace(self, figure=replace(figure, amounts=amounts, base=base))


def figure_limits(
    bands: Iterable[FigureBand], figures: Iterable[Figure], travel: TravelTable
) -> tuple[FigureLimit, ...]:
    """Return the limits of further bands, in order of the bands, a minimum before a maximum.

    A side that has a price is two of them: what networks pay beyond, and where that ends.

    Raises
    ------
    InputError
        Where amounts or prices are too large to be told apart in 64 bits.
    """
    by_name = {figure.name: figure for figure in figures}
    limits = tuple(
        limit for band in bands for limit in _limits_of(band, by_name[band.figure], travel)
    )
    _refuse_large_sums(limits)
    return limits


def _limits_of(band: FigureBand, figure: Figure, travel: TravelTable) -> Iterator[FigureLimit]:
    """Return the limits of one band; values count as they are written: 27.3 is 273 tenths."""
    key = f"profile.bands.{figure.name}"
    if band.min is not None:
        at = Fraction(str(band.min))
        limit = FigureLimit(f"{key}.min", figure, "min", at, avoid=band.below == "avoid")
        if isinstance(band.below, FigureBelow):
            price, floor = travel.price(band.below.price), Fraction(str(band.below.floor))
            yield replace(limit, price=price, allowed=UNLIMITED)
            limit = FigureLimit(f"{key}.below.floor", figure, "min", floor)
        yield limit
    if band.max is not None:
        at = Fraction(str(band.max))
        limit = FigureLimit(f"{key}.max", figure, "max", at, avoid=band.above == "avoid")
        if isinstance(band.above, FigureAbove):
            price, ceiling = travel.price(band.above.price), Fraction(str(band.above.ceiling))
            yield replace(limit, price=price, allowed=UNLIMITED)
            limit = FigureLimit(f"{key}.above.ceiling", figure, "max", ceiling)
        yield limit


def _refuse_large_sums(limits: Iterable[FigureLimit]) -> None:
    faults = []
    for limit in limits:
        at, figure = limit.at * limit.figure.scale, limit.figure
        # In plain integers, since this is about what 64 bits do not hold.
        amounts = sum(abs(amount) for amount in figure.amounts.tolist()) * at.denominator
        amounts += abs(at.numerator) * max(len(figure.amounts), sum(figure.base.tolist()))
        if amounts >= _LARGEST_SUM or limit.price * amounts >= UNLIMITED:
            problem = (
                f"adds up to {amounts:,} units of 1/{figure.scale * at.denominator:,}, "
                "and with its price that is more than can be told apart"
            )
            remedy = "Round the figure to fewer decimals, or set a lower price."
            faults.append(Fault(limit.key, problem, remedy))
    if faults:
        raise InputError(faults)


def figure_text(value: Fraction) -> str:
    """Return a value to three decimals, or as many as it takes to be seen."""
    if 0 < abs(value) < Fraction(1, 1000):
        return f"{float(value):.2g}"
    return f"{float(value):,.3f}".rstrip("0").rstrip(".")
