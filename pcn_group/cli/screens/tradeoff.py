"""What a person sees of a trade-off curve: the plans, and the exceptions that are worth most."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pcn_group.output.data.statuses import gap_percent
from pcn_group.studies.tradeoff import (
    BandCurve,
    BandPoint,
    ExceptionalNetwork,
    MovesCurve,
    MovesPoint,
)

__all__ = ["show_curve"]

_SHOWN = 12
"""Exceptions shown, from the last plan backwards; `exceptions.csv` has them all."""


def show_curve(curve: BandCurve | MovesCurve, out: Path) -> None:
    """Print a curve, what is known of it, and where the files are."""
    # Piped, rich would take the width of whatever terminal is about.
    console = Console(width=None if sys.stdout.isatty() else 80, highlight=False, markup=False)
    if isinstance(curve, MovesCurve):
        console.print(_moves_points(curve))
        console.print()
        console.print(_moves_verdict(curve), soft_wrap=not console.is_terminal)
    else:
        _show_band_curve(curve, console)
    console.print(f"Written to {out}", soft_wrap=True)


def _moves_points(curve: MovesCurve) -> Table:
    unit = curve.region.travel.unit
    table = _table(
        "plan", f"price {unit}", "patients moved", "practices", "networks",
        f"patient-{unit}", f"mean {unit}", "proof",
    )  # fmt: skip
    for number, point in enumerate(curve.points, start=1):
        table.add_row(
            str(number),
            "highest" if point.price is None else f"{point.price:.2f}",
            f"{point.patients_moved:,}",
            f"{point.practices_moved:,}",
            f"{len(point.networks):,}",
            f"{point.cost:,.0f}",
            f"{point.mean_travel:.2f}",
            _proof(point),
        )
    return table


def _moves_verdict(curve: MovesCurve) -> str:
    last = curve.points[-1].patients_moved
    if last > curve.fewest:
        return f"It is proven that no plan moves fewer than {curve.fewest:,} patients."
    return f"Proven: no plan that keeps the rules moves fewer than {last:,} patients."


def _show_band_curve(curve: BandCurve, console: Console) -> None:
    """Print the curve, its most valuable exceptions, and what both mean."""
    console.print(_points(curve))
    console.print()
    for line in _verdict(curve):
        console.print(line, soft_wrap=not console.is_terminal)
    judged = [
        (number, each)
        for number, point in reversed(list(enumerate(curve.points, start=1)))
        for each in point.exceptions
        if each.status or point is curve.points[-1]
    ]
    if judged:
        console.print()
        console.print(_exceptions(curve, judged[:_SHOWN]))
        more = sum(len(point.exceptions) for point in curve.points) - len(judged[:_SHOWN])
        if more:
            console.print(f"And {more:,} more, in exceptions.csv.")
        console.print()
        for line in _meaning(curve):
            console.print(line, soft_wrap=not console.is_terminal)


def _points(curve: BandCurve) -> Table:
    unit = curve.region.travel.unit
    table = _table(
        "plan", f"price {unit}", "short", "above", "outside",
        f"patient-{unit}", f"mean {unit}", f"max {unit}", "proof",
    )  # fmt: skip
    for number, point in enumerate(curve.points, start=1):
        table.add_row(
            str(number),
            "highest" if point.price is None else f"{point.price:.2f}",
            f"{point.short:,}",
            f"{point.above:,}",
            f"{len(point.exceptions):,} of {len(point.networks):,}",
            f"{point.cost:,.0f}",
            f"{point.mean_travel:.2f}",
            f"{point.max_travel:.2f}",
            _proof(point),
        )
    return table


def _proof(point: BandPoint | MovesPoint) -> str:
    return "best" if point.status == "optimal" else f"gap {gap_percent(point.gap, point.status)}"


def _verdict(curve: BandCurve) -> Iterator[str]:
    """Say what was allowed, and what is known of the last plan."""
    last, size = curve.points[-1], curve.region.problem.size
    outside = last.short + last.above
    yield (
        f"The band is {size.band_min:,} to {size.band_max:,} patients; no network was to have "
        f"fewer than {curve.smallest:,} or more than {curve.largest:,}."
    )
    if outside and curve.fewest_proven:
        yield f"Proven: every plan has at least {outside:,} patients outside the band."
    elif outside:
        yield "The search ended before the proof that no plan has fewer patients outside the band."


def _exceptions(curve: BandCurve, found: Iterable[tuple[int, ExceptionalNetwork]]) -> Table:
    table = _table(
        "plan", "network", "patients", "outside", "per km²", "worth", "without: further", "outside"
    )
    for number, each in found:
        further = None
        if each.cost_without is not None:
            further = each.cost_without - curve.points[number - 1].cost
        table.add_row(
            str(number),
            Text(each.network.network_id),
            f"{each.network.patients:,}",
            f"{each.short + each.above:,}",
            _figure(each.density),
            "needed" if each.status == "infeasible" else _figure(each.worth),
            _figure(further),
            _figure(each.outside_without),
        )
    return table


def _meaning(curve: BandCurve) -> Iterator[str]:
    """Say what the figures of exceptions are."""
    unit = curve.region.travel.unit
    yield (
        f"Worth: the patient-{unit} that the best plan at the same price costs more if the "
        "network's practices must be in networks in the band. Without: how much further that plan "
        "travels, and its patients outside the band."
    )
    if curve.density is not None:
        yield (
            f"Per km²: patients on the land of the network's practices; "
            f"{curve.density:,.0f} in the whole region."
        )


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _table(*headings: str) -> Table:
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for heading in headings:
        justify: Literal["left", "right"] = "left" if heading in {"network", "proof"} else "right"
        table.add_column(heading, justify=justify, no_wrap=True)
    return table
