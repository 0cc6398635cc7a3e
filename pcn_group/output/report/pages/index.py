"""The page of a batch: every region, the plans beside the networks of today, and what adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd

from pcn_group.base.wording import plural
from pcn_group.output.data.statuses import STATUSES, gap_percent
from pcn_group.output.report.facts.facts import Row
from pcn_group.output.report.figures.index_chart import PLAN, TODAY, share_chart
from pcn_group.output.report.figures.index_map import CLASSES, UNKNOWN, region_figures
from pcn_group.output.report.html.document import Document, render
from pcn_group.output.report.html.markup import (
    Cell,
    Column,
    TableRow,
    decimals,
    figure,
    page_of,
    percent,
    table,
    text,
    tiles,
    without_empty,
)
from pcn_group.output.report.html.panel import section

__all__ = ["Country", "index_html"]


@dataclass(frozen=True)
class Country:
    """What came of all regions.

    Attributes
    ----------
    regions, rollups
        The rows of `summary.csv` and `rollups.csv`.
    land
        Of each region, in the same order; EPSG:27700.
    band
        Fewest and most patients.
    unit
        Of travel.
    version
        Of the program.
    """

    regions: tuple[Row, ...]
    rollups: tuple[Row, ...]
    land: gpd.GeoSeries
    band: tuple[int, int]
    unit: str
    version: str

    @property
    def every(self) -> Row:
        """What all regions add up to."""
        return self.rollups[0]


def index_html(country: Country) -> str:
    """Return the page of all regions: the same outcome gives the same bytes."""
    title = f"{plural(len(country.regions), 'region')}: networks of practices"
    parts = {
        "chart": ("Networks in the band: today and in the plans", share_chart(country.regions)),
        "regions": ("Regions", _regions(country)),
        "without": ("Regions without a plan", _without(country.regions)),
        "nhs": ("NHS regions", _rollups(country, "nhs_region", "The NHS regions")),
        "icbs": ("Integrated care boards", _rollups(country, "icb", "The ICBs, or STPs")),
    }
    parts = {name: part for name, part in parts.items() if part[1]}
    short = {"chart": "In the band"}
    document = Document(
        title=title,
        header=_header(country, title),
        main=_maps() + "".join(section(name, *part) for name, part in parts.items()),
        contents={"map": "Maps"}
        | {name: short.get(name, heading) for name, (heading, _) in parts.items()},
        data={
            "figures": region_figures(country.regions, country.land, country.unit),
            "pages": [
                page_of(row["region_code"]) if row["networks"] else None for row in country.regions
            ],
        },
        footer=f"Made by pcn-group {country.version}. The areas on the maps are what is nearest to "
        "each region's practices; they are no boundaries.",
        scripts=("index.js",),
        styles=("several.css",),
    )
    return render(document, ".")


def _header(country: Country, title: str) -> str:
    every, low, high = country.every, *country.band
    figures = [
        ("Regions", figure(every["regions"]), _planned(every)),
        ("Patients", figure(every["patients"]), f"{figure(every['practices'])} practices"),
        ("Networks", figure(every["networks"]), f"{figure(every['current_networks'])} today"),
        ("In the band", percent(every[PLAN]), _today(every)),
        ("Mean travel", every[f"mean_{country.unit}"], f"{country.unit} to the hub, per patient"),
        ("Budget", f"£{figure(every['budget_gbp'])}", "a year"),
    ]
    return (
        f'<h1>{text(title)}</h1><p class="verdict">{text(_verdict(country))}</p>'
        f"<p>The band is {low:,} to {high:,} patients.</p>{tiles(figures)}"
    )


def _planned(every: Row) -> str:
    without = int(every["regions_without_plan"])
    return f"{without:,} without a plan" if without else "all with a plan"


def _today(every: Row) -> str:
    share = percent(every[TODAY])
    return f"{share} today" if share else ""


def _verdict(country: Country) -> str:
    """Say in two sentences what the plans change."""
    every = country.every
    if not every[PLAN]:
        return "No region has a plan."
    inside = sum(row[PLAN] == "1.0" for row in country.regions)
    words = f"In the plans {percent(every[PLAN])} of networks are inside the band"
    regions = plural(len(country.regions), "region")
    if not every[TODAY]:
        return f"{words}; in {inside:,} of {regions} all are."
    before = sum(row[TODAY] == "1.0" for row in country.regions)
    return (
        f"Today {percent(every[TODAY])} of networks are inside the band, in the "
        f"plans {percent(every[PLAN])}. All networks are inside in {before:,} of "
        f"{regions} today, in {inside:,} in the plans."
    )


def _maps() -> str:
    key = "".join(
        f'<span><span class="swatch" style="background:{colour}"></span>{text(words)}</span>'
        for colour, words in (*(each[1:] for each in CLASSES), UNKNOWN)
    )
    sides = "".join(
        f'<div class="side"><h3>{heading}</h3><div class="canvas" id="{name}" role="img" '
        f'aria-label="Map of the regions: share of networks in the band, {words}. '
        'The table of regions has the figures."></div></div>'
        for name, heading, words in (
            ("today", "Today", "today"),
            ("plans", "In the plans", "in the plans"),
        )
    )
    return f"""
<section id="map" aria-labelledby="map-title">
<h2 id="map-title">Maps</h2>
<div class="sides">{sides}
<p class="classes"><b>Share of networks in the band</b> {key}</p>
</div>
<noscript><p>The maps need JavaScript; the tables below have all that they show.</p></noscript>
</section>"""


def _regions(country: Country) -> str:
    columns = [
        Column("Region"),
        Column("Name"),
        Column("Practices", is_number=True),
        Column("Patients", is_number=True),
        *_common_columns(country),
        Column("Proof", is_drawn=True),
    ]
    rows = [
        (
            f' data-sought="{text(row["region_code"])} {text(row["region_name"])}"',
            (
                Cell(_link(row), row["region_code"]),
                Cell(text(row["region_name"])),
                Cell(figure(row["practices"])),
                Cell(figure(row["patients"])),
                *_common_cells(country, row),
                _proof(row),
            ),
        )
        for row in country.regions
    ]
    return f"""
<p class="filter"><label for="filter">Find a region</label>
<input type="search" id="filter" autocomplete="off" spellcheck="false" placeholder="Code or name">
<span id="filtered" role="status" aria-live="polite"></span></p>
{_dense("The regions; each leads to its own page", columns, rows)}"""


def _proof(row: Row) -> Cell:
    """Say how near the best a plan is proven to be, or that there is none."""
    if not row["gap"]:
        return Cell(text(STATUSES[row["status"]]), "1")
    within = f"within {gap_percent(float(row['gap']), row['status'])}"
    return Cell("best" if row["status"] == "optimal" else within, row["gap"])


def _link(row: Row) -> str:
    code = text(row["region_code"])
    return f'<a href="{page_of(row["region_code"])}">{code}</a>' if row["networks"] else code


def _common_columns(country: Country) -> list[Column]:
    headings = ("Networks", "Today", "In the band", "Today", "Exceptions")
    more = (f"Mean {country.unit}", "Budget")
    return [Column(heading, is_number=True) for heading in (*headings, *more)]


def _common_cells(country: Country, row: Row) -> list[Cell]:
    """Return the figures that regions and roll-ups have, the plan beside today."""
    budget = row["budget_gbp"]
    return [
        Cell(figure(row["networks"])),
        Cell(figure(row["current_networks"])),
        *(Cell(percent(row[key]), row[key]) for key in (PLAN, TODAY)),
        Cell(figure(row["exceptions"])),
        Cell(decimals(row[f"mean_{country.unit}"], 3)),
        Cell(f"£{figure(budget)}" if budget else "", budget),
    ]


def _without(rows: Sequence[Row]) -> str:
    found = [
        (
            "",
            (
                Cell(text(row["region_code"])),
                Cell(text(row["region_name"])),
                Cell(text(STATUSES[row["status"]])),
                Cell(text(row["reason"])),
            ),
        )
        for row in rows
        if not row["networks"]
    ]
    columns = [Column("Region"), Column("Name"), Column("What came of it"), Column("Reason")]
    if not found:
        return ""
    return table("Regions without a plan, with reasons", *without_empty(columns, found))


def _rollups(country: Country, level: str, caption: str) -> str:
    columns = [
        Column("Code"),
        Column("Name"),
        Column("Regions", is_number=True),
        Column("Patients", is_number=True),
        *_common_columns(country),
    ]
    rows = [
        (
            "",
            (
                Cell(text(row["code"])),
                Cell(text(row["name"])),
                Cell(figure(row["regions"])),
                Cell(figure(row["patients"])),
                *_common_cells(country, row),
            ),
        )
        for row in country.rollups
        if row["level"] == level
    ]
    return _dense(caption, columns, rows) if rows else ""


def _dense(caption: str, columns: list[Column], rows: Sequence[TableRow]) -> str:
    """Return a table of many columns, with room for names where there are any."""
    kind = "dense named" if any(cells[1].content for _, cells in rows) else "dense"
    return table(caption, *without_empty(columns, rows), is_sortable=True, kind=kind)
