"""The tables about the figures of a plan's networks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

import pandas as pd

from pcn_group.output.data.profile_rows import (
    PRACTICE_FIGURES,
    PROFILE,
    SPREAD,
    PracticeFigureRow,
    ProfileRow,
    SpreadRow,
)
from pcn_group.plan.network import Network
from pcn_group.plan.profile import FigureProfile, profile_of
from pcn_group.practices.profile.figures import MILLION
from pcn_group.region.region import Region

__all__ = [
    "apart",
    "exact",
    "profile_rows",
    "profile_tables",
    "rooted",
    "spread_row",
    "spread_rows",
]

_PLACES = 6


def profile_tables(region: Region, networks: Sequence[Network]) -> dict[str, str]:
    """Return the text of the tables by name; of none where the rules name no figures."""
    if not region.figures:
        return {}
    return {
        "profile.csv": PROFILE.csv(profile_rows(region, networks)),
        "profile_spread.csv": SPREAD.csv(spread_rows(region, networks)),
        "practice_figures.csv": PRACTICE_FIGURES.csv(_practice_rows(region)),
    }


def profile_rows(region: Region, networks: Sequence[Network]) -> tuple[ProfileRow, ...]:
    """Return a row for each figure and network, in their orders, and for region and input."""
    own = [row for each in _profiles(region, networks) for row in _rows(region, networks, each)]
    return tuple(own)


def spread_rows(region: Region, networks: Sequence[Network]) -> tuple[SpreadRow, ...]:
    """Return a row for each figure."""
    code, name = (_only(region.units[name]) for name in ("region_code", "region_name"))
    labels = [network.network_id for network in networks]
    return tuple(
        replace(
            spread_row(each, labels),
            code=code,
            name=name,
            input=exact(each.figure.everyone) if _has_others(region) else None,
        )
        for each in _profiles(region, networks)
    )


def spread_row(profile: FigureProfile, labels: Sequence[str]) -> SpreadRow:
    """Return how far the networks of a region are apart in a figure.

    Parameters
    ----------
    labels
        The identifiers of the networks.
    """
    figure, values = profile.figure, [own.value for own in profile.networks]
    lowest, highest = min(profile.values, default=None), max(profile.values, default=None)
    return SpreadRow(
        level="region",
        code="",
        name="",
        figure=figure.name,
        label=figure.title,
        adds=figure.adds,
        region=exact(profile.region),
        input=exact(figure.everyone),
        lowest=exact(lowest),
        lowest_network="" if lowest is None else labels[values.index(lowest)],
        highest=exact(highest),
        highest_network="" if highest is None else labels[values.index(highest)],
        p10=exact(profile.p10),
        p90=exact(profile.p90),
        p90_p10=exact(profile.ratio),
        between=rooted(profile.between),
        within=rooted(profile.within),
    )


def apart(region: Region, networks: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Return how far the networks of a plan are apart, by the fields of rows about several plans.

    Parameters
    ----------
    networks
        The positions of the practices of each network.
    """
    every = profile_of(region.figures, networks)
    return {
        "lowest": {each.figure.name: exact(min(each.values, default=None)) for each in every},
        "highest": {each.figure.name: exact(max(each.values, default=None)) for each in every},
        "between": {each.figure.name: rooted(each.between) for each in every},
    }


def _profiles(region: Region, networks: Sequence[Network]) -> tuple[FigureProfile, ...]:
    return profile_of(region.figures, [network.members for network in networks])


def _rows(
    region: Region, networks: Sequence[Network], profile: FigureProfile
) -> Iterator[ProfileRow]:
    codes, figure = region.units["region_code"], profile.figure

    def row(
        level: str, value: Fraction | None, patients: int, known: int, **more: object
    ) -> ProfileRow:
        about = {"network_id": "", "network_name": "", "region_code": "", "percentile": None}
        return ProfileRow(
            level=level,
            figure=figure.name,
            label=figure.title,
            adds=figure.adds,
            better=figure.better or "",
            value=exact(value),
            patients=patients,
            patients_known=known,
            **{**about, **more},  # type: ignore[arg-type]
        )

    for network, own in zip(networks, profile.networks, strict=True):
        yield row(
            "network",
            own.value,
            network.patients,
            own.known,
            network_id=network.network_id,
            network_name=network.name,
            region_code=codes.iloc[network.hub],
            percentile=exact(own.rank),
        )
    patients, known = int(region.problem.weights.sum()), int(figure.known.sum())
    yield row("region", profile.region, patients, known, region_code=_only(codes))
    if _has_others(region):
        told = region.practices.figures
        everyone = told.everyone[figure.name]
        yield row("input", figure.everyone, told.registered, everyone.patients)


def _only(cells: pd.Series[str]) -> str:
    """Return what all cells have; nothing where they differ."""
    each = {*cells}
    return each.pop() if len(each) == 1 else ""


def _has_others(region: Region) -> bool:
    """Whether the input has practices outside the region."""
    return region.practices.figures.registered > int(region.problem.weights.sum())


def _practice_rows(region: Region) -> Iterator[PracticeFigureRow]:
    rules = {figure.name: figure for figure in region.configuration.profile.figures}
    told = region.practices.figures
    sizes = dict(zip(region.table["practice_code"], region.table["list_size"], strict=True))

    def row(code: str, name: str, millionths: int, known: int, patients: int) -> PracticeFigureRow:
        figure = rules[name]
        amount = exact(Fraction(millionths, MILLION)) or Decimal(0)
        heading, adds = figure.heading, figure.adds
        return PracticeFigureRow(code, name, heading, adds, amount, known, patients)

    for name, everyone in sorted(told.everyone.items()):
        if name in rules:
            yield row("", name, everyone.millionths, everyone.patients, told.registered)
    for code, name, millionths, known in told.rows.itertuples(index=False, name=None):
        if name in rules:
            yield row(code, name, millionths, known, int(sizes[code]))


def exact(value: Fraction | None) -> Decimal | None:
    """Return a fraction to six decimals, halves to the even one, without zeros at the end."""
    return None if value is None else _decimal(round(value * 10**_PLACES))


def rooted(square: Fraction | None) -> Decimal | None:
    """Return the root of a fraction to six decimals."""
    if square is None:
        return None
    twice = isqrt(4 * square.numerator * 10 ** (2 * _PLACES) // square.denominator)
    return _decimal((twice + 1) // 2)


def _decimal(whole: int) -> Decimal:
    """Return so many millionths as a plain decimal."""
    text = f"{Decimal(whole).scaleb(-_PLACES):f}"
    return Decimal(text.rstrip("0").rstrip("."))
