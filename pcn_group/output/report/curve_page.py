"""The page of a trade-off curve: the plans on it as points, and the map of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pcn_group.base.progress import gap_percent
from pcn_group.output.data.curves import StoredCurve, read_curve
from pcn_group.output.data.rows_of_several import (
    AlignedPointRow,
    BandPointRow,
    MovesPointRow,
    SpreadPointRow,
)
from pcn_group.output.report.curve_chart import CurveChart, curve_chart
from pcn_group.output.report.document import Document, render
from pcn_group.output.report.plan_page import Drawn, boxes_of_several, drawn
from pcn_group.output.report.words import heading
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.placed import open_plans

__all__ = ["Curve", "curve_html", "open_curve"]

CurveRow = BandPointRow | MovesPointRow | AlignedPointRow | SpreadPointRow

_WORDS = {
    BandPointRow: "patients outside the band",
    MovesPointRow: "patients who move",
    AlignedPointRow: "misaligned patients",
}
"""What a curve of such rows is against"""


@dataclass(frozen=True)
class Curve:
    """A curve as `tradeoff` wrote it, with its plans.

    Attributes
    ----------
    stored
        Its tables.
    plans
        Of each row.
    """

    stored: StoredCurve
    plans: tuple[Drawn, ...]

    @property
    def unit(self) -> str:
        """Of travel."""
        return self.plans[0].facts.unit

    @property
    def rows(self) -> Sequence[CurveRow]:
        """The rows of `curve.csv`."""
        return self.stored.rows

    @property
    def is_of_a_figure(self) -> bool:
        """Whether it is against how far networks differ in a figure of the profile."""
        return isinstance(self.rows[0], SpreadPointRow)

    @property
    def words(self) -> str:
        """What it is against."""
        first = self.rows[0]
        if isinstance(first, SpreadPointRow):
            return f"difference in {first.figure}"
        return _WORDS[type(first)]


def _amount(row: CurveRow) -> float:
    """Return how many patients move, or are misaligned, or outside the band; or the spread."""
    if isinstance(row, SpreadPointRow):
        return row.spread
    if isinstance(row, MovesPointRow):
        return row.patients_moved
    if isinstance(row, AlignedPointRow):
        return row.patients_misaligned
    return row.patients_short + row.patients_above


def open_curve(folder: Path, inputs: PlanInputs) -> Curve:
    """Read a curve and place its plans.

    Raises
    ------
    InputError
        As `read_curve` and `open_plans`.
    """
    stored = read_curve(folder)
    region, plans = open_plans([str(folder / row.plan) for row in stored.rows], inputs)
    return Curve(stored, tuple(drawn(region, plan) for plan in plans))


def curve_html(curve: Curve) -> str:
    """Return the page of a curve: the same curve gives the same bytes."""
    facts, ground = curve.plans[0].facts, curve.plans[0].ground
    document = Document(
        template="curve.html",
        title=heading(facts, f"travel against {curve.words}"),
        version=facts.version,
        attribution=facts.attribution,
        values={
            "curve": curve,
            "verdict": _verdict(curve),
            "chart": _chart(curve),
            "proofs": ["best" if row.status == "optimal" else _gap(row) for row in curve.rows],
            "layers": list(boxes_of_several(curve.plans)),
            "credit": curve.plans[0].layers.backdrop.credit,
            "numbers": {row.plan: k for k, row in enumerate(curve.rows, start=1)},
        },
        data={
            "ground": ground.data(),
            "drawn": [plan.data(ground) for plan in curve.plans],
        },
        scripts=("plan_map.js", "plan_view.js", "curve.js"),
        styles=("several.css",),
    )
    return render(document)


def _verdict(curve: Curve) -> str:
    """Say in a sentence from where to where the curve goes."""
    first, last = curve.rows[0], curve.rows[-1]
    proven = sum(row.status == "optimal" for row in curve.rows)
    standing = "each" if proven == len(curve.rows) else f"{proven:,} of them"
    ways = [f"{row.mean:,.3f} {curve.unit}" for row in (first, last)]
    if isinstance(first, SpreadPointRow):
        return (
            f"{len(curve.rows):,} plans, from {ways[0]} per patient with networks up to "
            f"{_figure(_amount(first))} from the region's {first.figure} to {ways[1]} with "
            f"{_figure(_amount(last))}; {standing} proven the best of those as near."
        )
    return (
        f"{len(curve.rows):,} plans, from {ways[0]} per patient with {_amount(first):,} "
        f"{curve.words} to {ways[1]} with {_amount(last):,}; {standing} proven the best at its "
        "price."
    )


def _figure(value: float) -> str:
    """Return a figure of a network as it is told on the page."""
    return f"{value:.4g}"


def _chart(curve: Curve) -> CurveChart:
    return curve_chart(
        values=[(_amount(row), row.mean) for row in curve.rows],
        labels=[_label(curve, row) for row in curve.rows],
        told=[
            f"Plan {k}: {row.mean:,.3f} {curve.unit} per patient, {_told(row)} {curve.words}, "
            f"{_label(curve, row)}"
            for k, row in enumerate(curve.rows, start=1)
        ],
        is_proven=[row.status == "optimal" for row in curve.rows],
    )


def _told(row: CurveRow) -> str:
    amount = _amount(row)
    return _figure(amount) if isinstance(row, SpreadPointRow) else f"{amount:,}"


def _label(curve: Curve, row: CurveRow) -> str:
    """Say the price of a plan, or what it costs more than the first, and the proof."""
    if isinstance(row, SpreadPointRow):
        more = row.cost / curve.rows[0].cost - 1
        words = f"+{100 * more:.1f}%" if more else "least travel"
    else:
        words = "highest price" if row.price is None else f"{row.price:,.3f} {curve.unit}"
    return words if row.status == "optimal" else f"{words}, {_gap(row)}"


def _gap(row: CurveRow) -> str:
    return f"gap {gap_percent(row.gap, row.status)}"
