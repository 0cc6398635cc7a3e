"""`pcn-group tradeoff`: what a step away from the least travel costs, and what it buys."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pcn_group.base.progress import gap_percent
from pcn_group.cli.drawing import draw_several, draws_too
from pcn_group.cli.options import (
    AS_ONE,
    by_column,
    input_files,
    loudness,
    plan_folder,
    regions,
    rules,
    search_effort,
    search_given,
)

if TYPE_CHECKING:
    from pcn_group import Configuration, Practices
    from pcn_group.base.progress import Where
    from pcn_group.studies.aligned_curve import AlignedCurve
    from pcn_group.studies.spread_curve import SpreadCurve
    from pcn_group.studies.tradeoff import (
        BandCurve,
        CurvePoint,
        ExceptionalNetwork,
        MovesCurve,
    )

__all__ = ["command"]

_AGAINST = ("band", "moves", "neighbourhoods")
"""What a curve may be against, beside a figure of the profile."""

_EXIT_CODES = """\b
Exit codes:
  0  done
  2  unusable input, configuration or arguments; nothing was written
  4  proven: no plan satisfies the rules
  5  no plan was found within the time limit
"""


@click.command("tradeoff", epilog=_EXIT_CODES)
@input_files
@click.option(
    "--against",
    metavar="AMOUNT",
    required=True,
    help="Against what: band (patients outside it), moves (patients who move from today's "
    "networks), neighbourhoods (patients who live in another one than their network serves), or "
    "the name of a figure of the profile (how far networks differ in it).",
)
@regions(AS_ONE)
@by_column
@rules
@click.option(
    "--floor",
    type=click.IntRange(min=1),
    metavar="N",
    help="Against the band: fewest patients of any network; by default half of the minimum.",
)
@click.option(
    "--ceiling",
    type=click.IntRange(min=1),
    metavar="N",
    help="Against the band: most patients of any network; by default 1.5 times the maximum.",
)
@click.option(
    "--points",
    type=click.IntRange(min=2),
    default=8,
    show_default=True,
    metavar="N",
    help="Most plans on the curve.",
)
@plan_folder("tradeoff")
@draws_too
@search_effort
@loudness
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    inputs: tuple[Path, ...],
    against: str,
    region: tuple[str, ...],
    by: str,
    config: Path | None,
    settings: tuple[str, ...],
    floor: int | None,
    ceiling: int | None,
    points: int,
    out: Path,
    time_limit: float | None,
    workers: int | None,
    *,
    overwrite: bool,
    draws: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Show what moving away from least travel costs, and what it buys.

    Against the band, each step brings more patients into networks inside it: the curve runs from
    the plan of least travel, whatever the sizes of its networks between floor and ceiling, to the
    one with as few patients outside as possible. Beside it stands what each exception is worth, and
    how densely people live there. Against moves, each step leaves more patients in the networks of
    today: the curve runs from the best plan to the one that moves the fewest. Against
    neighbourhoods, each step has more patients in networks that serve where they live: the curve
    runs to the plan that fits best. Each plan on these curves is proven the best at its price per
    patient: no plan with as few costs less. Against a figure that is a mean or a share, each step
    brings networks nearer to the region's: no plan with as small a difference costs less. INPUT is
    as for solve.
    """
    if against != "band" and (floor is not None or ceiling is not None):
        raise click.UsageError("--floor and --ceiling are for --against band.")
    from json import dumps

    from pcn_group import load_configuration, read_practices
    from pcn_group.base.extras import refuse_missing
    from pcn_group.cli.screens.run import Progress
    from pcn_group.config.uses import refuse_unused
    from pcn_group.output.data import curves as output
    from pcn_group.plan.inputs import PlanInputs
    from pcn_group.studies.spread_curve import refuse_figure
    from pcn_group.studies.tradeoff import limits_on_size, up_to
    from pcn_group.tables.sheets import safe_files

    search = search_given(time_limit=time_limit, workers=workers)
    configuration = load_configuration(config, settings, search)
    kind = against if against in _AGAINST else "figure"
    refuse_unused(f"tradeoff --against {kind}", configuration, settings)
    if kind == "figure":
        refuse_figure(configuration, against)
    if draws:
        refuse_missing("report", "--report")
    limits = limits_on_size(configuration.band, floor, ceiling)
    if ceiling is not None:
        configuration = up_to(configuration, ceiling)
    output.refuse_foreign_curve(out, overwrite=overwrite)
    practices = read_practices(inputs, region, by=by, rules=configuration)
    with Progress(silent=quiet or as_json) as progress:
        curve = _curve(against, practices, configuration, limits, points, progress.tell)
    safe = configuration.output.excel_safe
    output.write_curve(out, safe_files(output.curve_files(curve), excel_safe=safe))
    if as_json:
        click.echo(dumps({**output.curve_json(curve), "out": str(out)}))
    elif not quiet:
        _show_curve(curve, out)
    if draws:
        # A map of neighbourhoods is in no file of the curve.
        lists = PlanInputs(inputs, region, by) if against == "neighbourhoods" else PlanInputs()
        draw_several(out, lists, tell=not (quiet or as_json))


def _curve(
    against: str,
    practices: Practices,
    configuration: Configuration,
    limits: tuple[int, int],
    points: int,
    on_progress: Callable[[Where], None],
) -> BandCurve | MovesCurve | AlignedCurve | SpreadCurve:
    """Find the curve against what was asked for."""
    from pcn_group.studies.aligned_curve import aligned_curve
    from pcn_group.studies.spread_curve import spread_curve
    from pcn_group.studies.tradeoff import band_curve, moves_curve

    if against == "band":
        return band_curve(practices, configuration, limits, points, on_progress)
    if against == "moves":
        return moves_curve(practices, configuration, points, on_progress)
    if against == "neighbourhoods":
        return aligned_curve(practices, configuration, points, on_progress)
    return spread_curve(practices, configuration, against, points, on_progress)


_SHOWN = 12
"""Exceptions shown, from the last plan backwards; `exceptions.csv` has them all."""


def _show_curve(curve: BandCurve | MovesCurve | AlignedCurve | SpreadCurve, out: Path) -> None:
    """Print a curve, what is known of it, and where the files are."""
    from pcn_group.cli.screens.credit import show_attribution
    from pcn_group.studies.aligned_curve import AlignedCurve
    from pcn_group.studies.spread_curve import SpreadCurve
    from pcn_group.studies.tradeoff import MovesCurve

    # Piped, rich would take the width of whatever terminal is about.
    console = Console(width=None if sys.stdout.isatty() else 80, highlight=False, markup=False)
    if isinstance(curve, MovesCurve):
        console.print(_moves_points(curve))
        console.print()
        console.print(_moves_verdict(curve), soft_wrap=not console.is_terminal)
    elif isinstance(curve, AlignedCurve):
        console.print(_aligned_points(curve))
        console.print()
        console.print(_aligned_verdict(curve), soft_wrap=not console.is_terminal)
    elif isinstance(curve, SpreadCurve):
        console.print(_spread_points(curve))
        console.print()
        console.print(_spread_verdict(curve), soft_wrap=not console.is_terminal)
    else:
        _show_band_curve(curve, console)
    show_attribution(curve.region.configuration)
    console.print(f"Written to {out}", soft_wrap=True)


def _moves_points(curve: MovesCurve) -> Table:
    amounts = ((f"{each.patients_moved:,}", f"{each.practices_moved:,}") for each in curve.points)
    return _amounts_and_costs(curve, ("patients moved", "practices"), amounts)


def _moves_verdict(curve: MovesCurve) -> str:
    last = curve.points[-1].patients_moved
    if last > curve.fewest:
        return f"It is proven that no plan moves fewer than {curve.fewest:,} patients."
    return f"Proven: no plan that keeps the rules moves fewer than {last:,} patients."


def _aligned_points(curve: AlignedCurve) -> Table:
    from pcn_group.cli.screens.fit import percent

    amounts = ((f"{each.misaligned:,}", percent(each.share)) for each in curve.points)
    return _amounts_and_costs(curve, ("misaligned", "aligned"), amounts)


def _amounts_and_costs(
    curve: MovesCurve | AlignedCurve,
    headings: tuple[str, str],
    amounts: Iterable[tuple[str, str]],
) -> Table:
    unit = curve.region.travel.unit
    table = _table(
        "plan", f"price {unit}", *headings, "networks", f"patient-{unit}", f"mean {unit}", "proof"
    )
    for number, (point, some) in enumerate(zip(curve.points, amounts, strict=True), start=1):
        table.add_row(
            str(number),
            _price(point),
            *some,
            f"{len(point.networks):,}",
            f"{point.cost:,.0f}",
            f"{point.mean_travel:,.2f}",
            _proof(point),
        )
    return table


def _aligned_verdict(curve: AlignedCurve) -> str:
    last = curve.points[-1].misaligned
    if last > curve.fewest:
        return f"It is proven that no plan has fewer than {curve.fewest:,} misaligned patients."
    return f"Proven: no plan that keeps the rules has fewer than {last:,} misaligned patients."


def _spread_points(curve: SpreadCurve) -> Table:
    unit, places = curve.region.travel.unit, curve.places
    headings = ("plan", "spread", "lowest", "highest", "networks", f"patient-{unit}")
    table = _table(*headings, f"mean {unit}", "proof")
    for number, point in enumerate(curve.points, start=1):
        figures = (point.spread, point.lowest, point.highest)
        table.add_row(
            str(number),
            *(f"{figure:,.{places}f}" for figure in figures),
            f"{len(point.networks):,}",
            f"{point.cost:,.0f}",
            f"{point.mean_travel:,.2f}",
            _proof(point),
        )
    return table


def _spread_verdict(curve: SpreadCurve) -> str:
    places = curve.places
    region = f"{curve.figure.title} is {curve.value:,.{places}f} in the region"
    if not curve.within:
        return f"{region}."
    return f"{region}. Proven: no plan has all networks within {curve.within:,.{places}f} of that."


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
            _price(point),
            f"{point.short:,}",
            f"{point.above:,}",
            f"{len(point.exceptions):,} of {len(point.networks):,}",
            f"{point.cost:,.0f}",
            f"{point.mean_travel:,.2f}",
            f"{point.max_travel:,.2f}",
            _proof(point),
        )
    return table


def _price(point: CurvePoint) -> str:
    return "highest" if point.price is None else f"{point.price:,.2f}"


def _proof(point: CurvePoint) -> str:
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
