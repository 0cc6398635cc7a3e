"""The page of a trade-off curve: the plans on it as points, and the map of each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pcn_group.output.data.curves import read_curve
from pcn_group.output.data.statuses import gap_percent
from pcn_group.output.report.facts.facts import Row, csv_rows
from pcn_group.output.report.facts.words import heading
from pcn_group.output.report.html.document import Document, render
from pcn_group.output.report.html.markup import Cell, Column, figure, table, text, travel_or_count
from pcn_group.output.report.html.panel import section
from pcn_group.output.report.pages.several import Drawn, drawn, plan_view
from pcn_group.plan.compare import open_plans
from pcn_group.plan.inputs import PlanInputs

__all__ = ["Curve", "curve_html", "open_curve"]

_LINE, _CHOSEN, _PAPER = "#2b8cbe", "#e31a1c", "#ffffff"
"""Seen on a light page and on a dark one"""

_NEAR = 0.07
"""Points meet that differ by less than this share of all that the axes show"""


@dataclass(frozen=True)
class Curve:
    """A curve as `tradeoff` wrote it, with its plans.

    Attributes
    ----------
    rows, exceptions
        The rows of `curve.csv` and `exceptions.csv`; no exceptions against what moves.
    plans
        Of each row.
    """

    rows: tuple[Row, ...]
    exceptions: tuple[Row, ...]
    plans: tuple[Drawn, ...]

    @property
    def unit(self) -> str:
        """Of travel."""
        return next(name.removeprefix("price_") for name in self.rows[0] if "price_" in name)

    @property
    def is_about_moves(self) -> bool:
        """Whether it is against patients who move, and not against those outside the band."""
        return "patients_moved" in self.rows[0]

    @property
    def words(self) -> str:
        """What it is against."""
        return "patients who move" if self.is_about_moves else "patients outside the band"

    def amount(self, row: Row) -> int:
        """Return how many patients move, or are outside the band."""
        if self.is_about_moves:
            return int(row["patients_moved"])
        return int(row["patients_short"]) + int(row["patients_above"])

    def price(self, row: Row) -> str:
        """Return the price of each of these patients, at which a plan is the best."""
        return row[f"price_{self.unit}"]


def open_curve(folder: Path, inputs: PlanInputs) -> Curve:
    """Read a curve and place its plans.

    Raises
    ------
    InputError
        As `read_curve` and `open_plans`.
    """
    texts = read_curve(folder)
    rows = csv_rows(texts["curve.csv"])
    region, plans = open_plans([str(folder / row["plan"]) for row in rows], inputs)
    return Curve(
        rows=rows,
        exceptions=csv_rows(texts.get("exceptions.csv", "")),
        plans=tuple(drawn(region, plan) for plan in plans),
    )


def curve_html(curve: Curve) -> str:
    """Return the page of a curve: the same curve gives the same bytes."""
    facts = curve.plans[0].facts
    title = heading(facts, f"travel against {curve.words}")
    parts = {
        "plans": ("Plans on the curve", _plans(curve)),
        "map": ("The plan chosen", plan_view(curve.plans)),
        "exceptions": ("What exceptions are worth", _exceptions(curve)),
    }
    parts = {name: part for name, part in parts.items() if part[1]}
    document = Document(
        title=title,
        header=_header(curve, title),
        main=_chart_section(curve) + "".join(section(name, *part) for name, part in parts.items()),
        contents={"chart": "Curve"} | {name: heading for name, (heading, _) in parts.items()},
        data={
            "curve-figure": curve_figure(curve),
            "drawn": [plan.data() for plan in curve.plans],
        },
        footer=f"Made by pcn-group {facts.version}.",
        scripts=("plan_view.js", "curve.js"),
        styles=("several.css",),
    )
    return render(document)


def _header(curve: Curve, title: str) -> str:
    first, last = curve.rows[0], curve.rows[-1]
    mean = f"mean_{curve.unit}"
    proven = sum(row["status"] == "optimal" for row in curve.rows)
    standing = "each" if proven == len(curve.rows) else f"{proven:,} of them"
    verdict = (
        f"{len(curve.rows):,} plans, from {first[mean]} {curve.unit} per patient with "
        f"{curve.amount(first):,} {curve.words} to {last[mean]} {curve.unit} with "
        f"{curve.amount(last):,}; {standing} proven the best at its price."
    )
    return f'<h1>{text(title)}</h1><p class="verdict">{text(verdict)}</p>'


def _chart_section(curve: Curve) -> str:
    meaning = (
        f"Beside each point is its price: if every one of the {curve.words} counts as so many "
        f"{curve.unit} of travel, no plan is better than this one. Where the line is steep, "
        "having fewer of them costs much. A filled point is proven, one that is not has its gap "
        "beside it. Click a point to see its plan."
    )
    return f"""
<section id="chart" aria-labelledby="chart-title">
<h2 id="chart-title">Curve</h2>
<div class="plot" id="curve" role="img"
 aria-label="Mean travel against {curve.words}. The table below has the figures."></div>
<p>{text(meaning)}</p>
</section>"""


def curve_figure(curve: Curve) -> dict[str, Any]:
    """Draw the curve as a plotly figure: a ring around the point chosen, and the points."""
    mean = f"mean_{curve.unit}"
    points = {
        "x": [curve.amount(row) for row in curve.rows],
        "y": [float(row[mean]) for row in curve.rows],
        "mode": "lines+markers+text",
        "line": {"color": _LINE, "width": 2},
        "marker": {
            "size": 11,
            "color": [_LINE if row["status"] == "optimal" else _PAPER for row in curve.rows],
            "line": {"color": _LINE, "width": 2},
        },
        "text": [_label(curve, row) for row in curve.rows],
        "textposition": _sides(curve),
        "hoverinfo": "text",
        "hovertext": [
            f"<b>Plan {k}</b><br>{row[mean]} {curve.unit} per patient<br>"
            f"{curve.amount(row):,} {curve.words}<br>{_label(curve, row)}"
            for k, row in enumerate(curve.rows, start=1)
        ],
        "cliponaxis": False,
    }
    ring = {"symbol": "circle-open", "size": 22, "color": _CHOSEN, "line": {"width": 3}}
    chosen = {"x": [], "y": [], "mode": "markers", "marker": ring, "hoverinfo": "skip"}
    return {"data": [chosen, points], "layout": _layout(curve)}


def _sides(curve: Curve) -> list[str]:
    """Say where labels go: off the curve, and below it for the second of two that nearly meet."""
    points = [(curve.amount(row), float(row[f"mean_{curve.unit}"])) for row in curve.rows]
    near = [_NEAR * (max(values) - min(values)) for values in zip(*points, strict=True)]
    sides = ["top right"]
    for before, here in pairwise(points):
        meet = all(abs(b - a) <= n for a, b, n in zip(before, here, near, strict=True))
        sides.append("bottom left" if meet and sides[-1] == "top right" else "top right")
    return sides


def _label(curve: Curve, row: Row) -> str:
    """Say the price and the proof of a plan."""
    price = curve.price(row)
    words = f"{price} {curve.unit}" if price else "highest price"
    return words if row["status"] == "optimal" else f"{words}, {_gap(row)}"


def _layout(curve: Curve) -> dict[str, Any]:
    most = max(1, *map(curve.amount, curve.rows))
    axis = {"zeroline": False, "fixedrange": True, "tickformat": ",", "automargin": True}
    return {
        "xaxis": {
            **axis,
            "title": {"text": curve.words.capitalize(), "font": {"size": 13}},
            "range": [-0.03 * most, 1.08 * most],
        },
        "yaxis": {
            **axis,
            "title": {"text": f"Mean {curve.unit} per patient", "font": {"size": 13}},
            "tickformat": ".2~f",
        },
        "margin": {"l": 70, "r": 100, "t": 30, "b": 60},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "hoverlabel": {
            "bgcolor": _PAPER,
            "font": {"color": "#000000", "size": 13},
            "align": "left",
        },
        "font": {"family": "system-ui, sans-serif", "size": 13},
    }


def _gap(row: Row) -> str:
    return f"gap {gap_percent(float(row['gap']), row['status'])}"


def _plans(curve: Curve) -> str:
    unit = curve.unit
    own = (
        {"patients_moved": "Patients moved", "practices_moved": "Practices moved"}
        if curve.is_about_moves
        else {"patients_short": "Short", "patients_above": "Above", "exceptions": "Exceptions"}
    )
    named = {
        **own,
        "networks": "Networks",
        f"cost_patient_{unit}": f"Patient-{unit}",
        f"mean_{unit}": f"Mean {unit}",
        f"max_{unit}": f"Longest {unit}",
    }
    columns = [
        Column("Plan", is_number=True),
        Column(f"Price, {unit}", is_number=True),
        *(Column(heading, is_number=True) for heading in named.values()),
        Column("Proof"),
    ]
    rows = [
        (
            f' data-plan="{number}"',
            (
                Cell(f'<button type="button" class="pick">{number + 1}</button>', str(number)),
                Cell(text(curve.price(row)) or "highest", curve.price(row) or "1e99"),
                *(Cell(travel_or_count(key, row[key]), row[key]) for key in named),
                Cell("best" if row["status"] == "optimal" else _gap(row)),
            ),
        )
        for number, row in enumerate(curve.rows)
    ]
    return table("The plans on the curve, each in its own file", columns, rows, is_sortable=True)


def _exceptions(curve: Curve) -> str:
    """Return the networks outside the band and what each buys, plan by plan."""
    unit = curve.unit
    named = {
        "patients": "Patients",
        "patients_short": "Short",
        "patients_above": "Above",
        "patients_per_km2": "Patients per km²",
        f"worth_patient_{unit}": f"Worth, patient-{unit}",
    }
    columns = [
        Column("Plan", is_number=True),
        Column("Network"),
        Column("Named after"),
        *(Column(heading, is_number=True) for heading in named.values()),
    ]
    number = {row["plan"]: k for k, row in enumerate(curve.rows, start=1)}
    rows = [
        (
            "",
            (
                Cell(str(number[row["plan"]])),
                Cell(text(row["network_id"])),
                Cell(text(row["network_name"])),
                *(Cell(_known(key, row)) for key in named),
            ),
        )
        for row in curve.exceptions
    ]
    if not rows:
        return ""
    meaning = (
        f"Worth: how many patient-{unit} the best plan at the same price costs more if the "
        "practices of the network must be in networks in the band. It is worked out for the plans "
        "with the fewest exceptions."
    )
    caption = "Networks outside the band, plan by plan"
    return f"<p>{text(meaning)}</p>{table(caption, columns, rows, is_sortable=True, kind='dense')}"


def _known(key: str, row: Row) -> str:
    if key.startswith("worth_") and row["status"] == "infeasible":
        return "needed"
    return figure(row[key])
