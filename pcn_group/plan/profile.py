"""The profile of a plan: the figures of its networks, and how far these are apart.

All of it is exact until it is written: figures are fractions, and the squares of spreads are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from pcn_group.region.figures import Figure

__all__ = [
    "FigureProfile",
    "NetworkFigure",
    "figure_words",
    "percentile",
    "profile_of",
]


@dataclass(frozen=True)
class NetworkFigure:
    """A figure of a network.

    Attributes
    ----------
    value
        None where it is known of nobody.
    known
        For how many patients it is known.
    rank
        How many per cent of the networks have less, those that have as much counted as half, the
        network itself among them; None where the value is.
    """

    value: Fraction | None
    known: int
    rank: Fraction | None


@dataclass(frozen=True)
class FigureProfile:
    """A figure across the networks of a plan.

    Attributes
    ----------
    figure
        By practice.
    networks
        Of each network, in the order of the plan.
    region
        Of all practices of the region.
    between, within
        The squares of two spreads. Between networks: of means and shares the mean squared distance
        of a network from all networks together, by the patients it is known for; of sums that of
        networks from their mean. Within networks: of means and shares that of practices from their
        network, likewise by patients; a sum has none. The two add up to that of practices from all
        networks together.
    """

    figure: Figure
    networks: tuple[NetworkFigure, ...]
    region: Fraction | None
    between: Fraction | None
    within: Fraction | None

    @property
    def values(self) -> list[Fraction]:
        """The figures that are known, the lowest first."""
        return sorted(own.value for own in self.networks if own.value is not None)

    @property
    def p10(self) -> Fraction | None:
        """The tenth percentile of the networks."""
        return percentile(self.values, Fraction(1, 10))

    @property
    def p90(self) -> Fraction | None:
        """The ninetieth."""
        return percentile(self.values, Fraction(9, 10))

    @property
    def ratio(self) -> Fraction | None:
        """P90/P10; None where the tenth percentile is not above nothing."""
        low, high = self.p10, self.p90
        return None if low is None or high is None or low <= 0 else high / low


def profile_of(
    figures: Sequence[Figure],
    networks: Sequence[Sequence[int]],
    inside: Sequence[int] | None = None,
) -> tuple[FigureProfile, ...]:
    """Return the profile of a plan, figure by figure.

    Parameters
    ----------
    networks
        The positions of the practices of each network.
    inside
        Those of the region; all of them unless given.
    """
    return tuple(_across(figure, networks, inside) for figure in figures)


def figure_words(adds: str, value: Decimal | None) -> str:
    """Return a figure as one reads it: a share in per cent, a mean to two decimals, a sum whole."""
    if value is None:
        return "not known"
    return f"{value:.1%}" if adds == "share" else f"{value:,.{0 if adds == 'sum' else 2}f}"


def percentile(values: Sequence[Fraction], share: Fraction) -> Fraction | None:
    """Return a percentile of ascending values, between two of them in proportion.

    Parameters
    ----------
    share
        From 0, the lowest value, to 1, the highest.
    """
    if not values:
        return None
    place = share * (len(values) - 1)
    below = floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


def _across(
    figure: Figure, networks: Sequence[Sequence[int]], inside: Sequence[int] | None
) -> FigureProfile:
    values = [_known_value(figure, members) for members in networks]
    known = [int(figure.known[list(members)].sum()) for members in networks]
    there = [value for value in values if value is not None]
    own = tuple(
        NetworkFigure(value, patients, None if value is None else _rank(value, there))
        for value, patients in zip(values, known, strict=True)
    )
    within = None if figure.adds == "sum" else _within(figure, networks)
    everybody = _known_value(figure, range(len(figure.amounts)) if inside is None else inside)
    return FigureProfile(figure, own, everybody, _between(figure, networks), within)


def _known_value(figure: Figure, members: Sequence[int]) -> Fraction | None:
    """Return the figure of practices together; None where it is known of nobody."""
    return figure.value(members) if figure.known[list(members)].any() else None


def _rank(value: Fraction, values: Sequence[Fraction]) -> Fraction:
    less = sum(other < value for other in values)
    same = sum(other == value for other in values)
    return Fraction(100 * (2 * less + same), 2 * len(values))


def _between(figure: Figure, networks: Sequence[Sequence[int]]) -> Fraction | None:
    every = [(_known_value(figure, members), members) for members in networks]
    there = [(value, members) for value, members in every if value is not None]
    if not there:
        return None
    if figure.adds == "sum":
        mean = sum((value for value, _ in there), Fraction(0)) / len(there)
        return sum(((value - mean) ** 2 for value, _ in there), Fraction(0)) / len(there)
    mean = figure.value([i for _, members in there for i in members]) or Fraction(0)
    weights = [int(figure.base[list(members)].sum()) for _, members in there]
    squares = [w * (value - mean) ** 2 for w, (value, _) in zip(weights, there, strict=True)]
    return sum(squares, Fraction(0)) / sum(weights)


def _within(figure: Figure, networks: Sequence[Sequence[int]]) -> Fraction | None:
    squares, patients = Fraction(0), 0
    for members in networks:
        mean = figure.value(members)
        for i in members:
            own = figure.value([i])
            if mean is not None and own is not None:
                weight = int(figure.base[i])
                squares += weight * (own - mean) ** 2
                patients += weight
    return squares / patients if patients else None
