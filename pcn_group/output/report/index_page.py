"""The page of a batch: every region, the plans beside the networks of today, and what adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd

from pcn_group.base.progress import STATUSES, gap_percent
from pcn_group.base.wording import plural
from pcn_group.output.data.rows import RegionRow, RollupRow
from pcn_group.output.maps.backdrop import Backdrop
from pcn_group.output.report.document import (
    Document,
    figure,
    page_of,
    percent,
    render,
    thousandths,
    whole_pounds,
)
from pcn_group.output.report.ground import backdrop_data, shapes_data
from pcn_group.output.report.regions_map import CLASSES, UNKNOWN, regions_data, share_chart

__all__ = ["Country", "index_html"]


@dataclass(frozen=True)
class Country:
    """What came of all regions.

    Attributes
    ----------
    regions, rollups
        The rows of `summary.csv` and `rollups.csv`.
    land
        Of each region, in the same order; EPSG:27700. None where practices have no places.
    backdrop
        Land and towns around them; None as well.
    band
        Fewest and most patients.
    unit
        Of travel.
    version
        Of the program.
    budget_of
        The year of the budget and the day of its lists; empty where there is none.
    attribution
        As a `Document` has it.
    """

    regions: tuple[RegionRow, ...]
    rollups: tuple[RollupRow, ...]
    land: gpd.GeoSeries | None
    backdrop: Backdrop | None
    band: tuple[int, int]
    unit: str
    version: str
    budget_of: str
    attribution: str = ""

    @property
    def every(self) -> RollupRow:
        """What all regions add up to."""
        return self.rollups[0]


@dataclass(frozen=True)
class _Cell:
    """A cell: its words, what it is sorted by where that is another thing, and where it leads."""

    words: str
    key: str | None = None
    address: str = ""


@dataclass(frozen=True)
class _Line:
    """A row of a table: a cell for each column, and what it is found by."""

    cells: Sequence[_Cell]
    sought: str = ""


@dataclass(frozen=True)
class _Table:
    """A table of regions, or of what they add up to: places with code and name.

    Attributes
    ----------
    headings
        Of each column, with its class.
    rows
        Of all places.
    """

    headings: Sequence[tuple[str, str]]
    rows: Sequence[_Line]

    @classmethod
    def of(cls, headings: Sequence[tuple[str, str]], rows: Sequence[_Line]) -> _Table:
        """Leave out the columns that have nothing in any row."""
        kept = [k for k in range(len(headings)) if any(row.cells[k].words for row in rows)]
        return cls(
            [headings[k] for k in kept],
            [replace(row, cells=[row.cells[k] for k in kept]) for row in rows],
        )

    @property
    def classes(self) -> list[str]:
        """The class of each column."""
        return [kind for _, kind in self.headings]

    @property
    def has_names(self) -> bool:
        """Whether any place has a name."""
        return any(heading == "Name" for heading, _ in self.headings)


def index_html(country: Country) -> str:
    """Return the page of all regions: the same outcome gives the same bytes."""
    document = Document(
        template="index.html",
        title=f"{plural(len(country.regions), 'region')}: networks of practices",
        version=country.version,
        attribution=country.attribution,
        values={
            "country": country,
            "credit": "" if country.backdrop is None else country.backdrop.credit,
            "verdict": _verdict(country),
            "key_figures": _key_figures(country),
            "classes": [*(each[1:] for each in CLASSES), UNKNOWN],
            "chart": share_chart(country.regions),
            "regions": _regions(country),
            "without": _without(country.regions),
            "nhs": _rollups(country, "nhs_region"),
            "icbs": _rollups(country, "icb"),
        },
        data=_maps(country),
        scripts=("index.js",) if country.land is None else ("region_maps.js", "index.js"),
        styles=("several.css",),
    )
    return render(document)


def _maps(country: Country) -> dict[str, Any]:
    """Return what the scripts read of maps; nothing where there are none."""
    if country.land is None or country.backdrop is None:
        return {}
    return {
        "ground": {
            **backdrop_data(country.backdrop, list(country.land)),
            "cells": shapes_data(country.land),
        },
        "region-map": regions_data(country.regions, country.unit),
    }


def _key_figures(country: Country) -> list[tuple[str, str, str]]:
    """Return the figures that stand out: what each is, its value, and a note."""
    every = country.every
    return [
        ("Regions", figure(every.regions), _planned(every)),
        ("Patients", figure(every.patients), f"{figure(every.practices)} practices"),
        ("Networks", figure(every.networks), f"{figure(every.current_networks)} today"),
        ("In the band", percent(every.share_in_band), _today(every)),
        ("Mean travel", figure(every.mean), f"{country.unit} to the hub, per patient"),
        _budget(country),
    ]


def _budget(country: Country) -> tuple[str, str, str]:
    if country.every.budget_gbp is None:
        return ("Budget", "none", "lists without a date")
    told = ", ".join(each for each in (country.budget_of, country.every.budget_remark) if each)
    return ("Budget", whole_pounds(country.every.budget_gbp), told)


def _planned(every: RollupRow) -> str:
    without = every.regions_without_plan
    return f"{without:,} without a plan" if without else "all with a plan"


def _today(every: RollupRow) -> str:
    share = percent(every.current_share_in_band)
    return f"{share} today" if share else ""


def _verdict(country: Country) -> str:
    """Say in two sentences what the plans change."""
    every = country.every
    if every.share_in_band is None:
        return "No region has a plan."
    inside = sum(row.share_in_band == 1 for row in country.regions)
    words = f"In the plans {percent(every.share_in_band)} of networks are inside the band"
    regions = plural(len(country.regions), "region")
    if every.current_share_in_band is None:
        return f"{words}; in {inside:,} of {regions} all are."
    before = sum(row.current_share_in_band == 1 for row in country.regions)
    return (
        f"Today {percent(every.current_share_in_band)} of networks are inside the band, in the "
        f"plans {percent(every.share_in_band)}. All networks are inside in {before:,} of "
        f"{regions} today, in {inside:,} in the plans."
    )


def _regions(country: Country) -> _Table:
    headings = [
        ("Region", ""),
        ("Name", ""),
        ("Practices", "number"),
        ("Patients", "number"),
        *_common_headings(country),
        ("Proof", "drawn"),
    ]
    rows = [
        _Line(
            (
                _Cell(
                    row.region_code,
                    key=row.region_code,
                    address=page_of(row.region_code) if row.networks else "",
                ),
                _Cell(row.region_name),
                _Cell(figure(row.practices)),
                _Cell(figure(row.patients)),
                *_common_cells(row),
                _proof(row),
            ),
            sought=f"{row.region_code} {row.region_name}",
        )
        for row in country.regions
    ]
    return _Table.of(headings, rows)


def _proof(row: RegionRow) -> _Cell:
    """Say how near the best a plan is proven to be, or that there is none."""
    if row.gap is None:
        return _Cell(STATUSES[row.status], "1")
    within = f"within {gap_percent(row.gap, row.status)}"
    return _Cell("best" if row.status == "optimal" else within, str(row.gap))


def _common_headings(country: Country) -> list[tuple[str, str]]:
    headings = ("Networks", "Today", "In the band", "Today", "Exceptions")
    more = (f"Mean {country.unit}", "Budget")
    return [(heading, "number") for heading in (*headings, *more)]


def _common_cells(row: RegionRow | RollupRow) -> list[_Cell]:
    """Return the figures that regions and roll-ups have, the plan beside today."""
    return [
        _Cell(figure(row.networks)),
        _Cell(figure(row.current_networks)),
        *(
            _Cell(percent(share), _text(share))
            for share in (row.share_in_band, row.current_share_in_band)
        ),
        _Cell(figure(row.exceptions)),
        _Cell(thousandths(row.mean)),
        _Cell(
            "" if row.budget_gbp is None else f"£{figure(row.budget_gbp)}", _text(row.budget_gbp)
        ),
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _without(rows: Sequence[RegionRow]) -> _Table:
    headings = ("Region", "Name", "What came of it", "Reason")
    found = [
        _Line(
            (
                _Cell(row.region_code),
                _Cell(row.region_name),
                _Cell(STATUSES[row.status]),
                _Cell(row.reason),
            )
        )
        for row in rows
        if not row.networks
    ]
    return _Table.of([(heading, "") for heading in headings], found)


def _rollups(country: Country, level: str) -> _Table:
    headings = [
        ("Code", ""),
        ("Name", ""),
        ("Regions", "number"),
        ("Patients", "number"),
        *_common_headings(country),
    ]
    rows = [
        _Line(
            (
                _Cell(row.code),
                _Cell(row.name),
                _Cell(figure(row.regions)),
                _Cell(figure(row.patients)),
                *_common_cells(row),
            )
        )
        for row in country.rollups
        if row.level == level
    ]
    return _Table.of(headings, rows)
