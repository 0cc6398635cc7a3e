"""`pcn-group compare`: plans side by side, and who moves where between them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pcn_group.base.lookup import told
from pcn_group.base.wording import listed, plural
from pcn_group.cli.options import beside_a_plan, loudness

if TYPE_CHECKING:
    from pcn_group.output.data.rows_of_several import ComparedRow
    from pcn_group.plan.compare import Comparison
    from pcn_group.plan.inputs import PlanInputs
    from pcn_group.plan.money import Money
    from pcn_group.plan.moves import Moves
    from pcn_group.plan.placed import PlacedPlan
    from pcn_group.region.region import Region

__all__ = ["command"]


@click.command("compare")
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True)
@beside_a_plan
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write the comparison there as CSV files.",
)
@click.option(
    "--overwrite", is_flag=True, help="Write into the folder even if it holds other files."
)
@loudness
def command(
    plans: tuple[str, ...],
    inputs: PlanInputs,
    out: Path | None,
    *,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compare plans side by side, and show which practices move from the first to each other.

    PLAN is a folder that solve wrote, a groupings.csv (made by hand, it needs only practice_code
    and network_id), or the word "current" for the networks of today. All plans are about one
    region, and all are judged by the same rules: those of --config, else those of the first plan
    that solve wrote, else the defaults, with what --set changes. The practices are those of
    --practices, else those of that plan, else of the first groupings.csv that has list sizes and
    places.
    """
    if len(plans) < 2:
        raise click.UsageError("Name two plans or more.")
    from pcn_group.output.data.comparison import (
        comparison_json,
        refuse_foreign_files,
        write_comparison,
    )
    from pcn_group.plan.compare import compare_plans
    from pcn_group.plan.placed import open_plans

    if out is not None:
        refuse_foreign_files(out, overwrite=overwrite)
    region, placed = open_plans(plans, inputs)
    comparison = compare_plans(region, placed)
    if out is not None:
        write_comparison(out, comparison)
    if as_json:
        click.echo(json.dumps(comparison_json(comparison), indent=2))
    elif not quiet:
        _show_comparison(comparison, out)


def _show_money(console: Console, comparison: Comparison, number: int) -> None:
    """Print what the first plan and another one pay, what is more or less, and to whom."""
    from pcn_group.funding.budget import NO_YEAR

    first, plan = comparison.plans[0], comparison.plans[number]
    before, money = comparison.figures[0].money, comparison.figures[number].money
    if before is None or money is None:
        console.print(NO_YEAR, soft_wrap=not console.is_terminal, markup=False)
        return
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(f"money, {money.year}", no_wrap=True)
    for heading in (first.name, plan.name, "difference"):
        table.add_column(Text(heading, overflow="fold"), justify="right", min_width=12)
    for row in (*_money_lines(before, money), *_heads(before, money)):
        table.add_row(*row)
    if table.row_count:
        console.print(table)
    for line in _money_told(before, money):
        console.print(line, soft_wrap=not console.is_terminal)


def _money_lines(before: Money, money: Money) -> Iterator[tuple[str, ...]]:
    from pcn_group.plan.change import changes

    for change in changes(before, money):
        if change.follows is None and not (before.is_known or money.is_known):
            continue
        name = change.shown.line if change.follows else "in all"
        yield (
            name if change.shown.counted else f"{name}, not counted",
            *_amounts(*change.amounts),
        )


def _heads(before: Money, money: Money) -> Iterator[tuple[str, ...]]:
    """Say what there is for each patient, and in which networks that is least and most."""
    from pcn_group.plan.money import pounds_a_head

    if not (before.is_known or money.is_known):
        return
    yield "  a head", *_amounts(pounds_a_head(before.in_all), pounds_a_head(money.in_all))
    for words, old, new in (
        ("  least a head", before.least, money.least),
        ("  most a head", before.most, money.most),
    ):
        yield words, *_amounts(pounds_a_head(old), pounds_a_head(new))
        yield "    in network", old.code, new.code, ""
        yield "    of patients", f"{old.patients:,}", f"{new.patients:,}", ""


def _money_told(before: Money, money: Money) -> Iterator[str]:
    """Say which year the money is of and without what, and what the difference follows."""
    from pcn_group.plan.change import FOLLOWS, split

    remarks = dict.fromkeys(each.remark for each in (before, money) if each.remark)
    yield f"Money of {money.told}{''.join(f', {remark}' for remark in remarks)}."
    if before.paid_per_network or money.paid_per_network:
        yield _per_network(before, money)
    more = money.in_all.amount - before.in_all.amount
    parts = [
        f"{_signed(part)} follows {FOLLOWS[name]}"
        for name, part in split(before, money).items()
        if part
    ]
    if parts:
        yield f"Of the difference of {_signed(more)}, {', '.join(parts)}."
    if not money.is_known:
        yield from money.without


def _signed(more: Decimal) -> str:
    sign = "+" if more > 0 else "-" if more < 0 else ""
    return f"{sign}£{abs(more):,}"


def _amounts(old: Decimal, new: Decimal) -> tuple[str, str, str]:
    return f"£{old:,}", f"£{new:,}", _signed(new - old)


def _per_network(before: Money, money: Money) -> str:
    """Say why more networks cost more."""
    told = (
        f"£{each.paid_per_network:,} to {plural(each.count, 'network')}" for each in (before, money)
    )
    return f"Paid per network, whatever its size: {', '.join(told)}."


_SHOWN = 10
"""Moves shown for each pair of plans; `moves.csv` has them all."""

_ONLY_WHERE_KNOWN = {"share_aligned", "patients_misaligned", "neighbourhoods_unserved"}
"""Figures that need a map: without one nothing is said of them"""

_FIGURE, _PLAN = 27, 13
"""Least widths of the column of what a figure is, and of a plan's: so 80 characters have four."""


def _show_comparison(comparison: Comparison, out: Path | None) -> None:
    """Print the figures, what to know about them, the moves, and where the files are."""
    from pcn_group.cli.screens.credit import show_attribution
    from pcn_group.output.data.comparison import plan_rows

    # Piped, rich would take the width of whatever terminal is about.
    console = Console(width=None if sys.stdout.isatty() else 80, highlight=False, markup=False)
    rows = plan_rows(comparison)
    money = comparison.figures[0].money
    year = "" if money is None else money.year
    at_once = max(1, (console.width - _FIGURE) // _PLAN)
    for start in range(0, len(rows), at_once):
        shown = rows[start : start + at_once]
        width = (console.width - _FIGURE) // len(shown) - 1
        console.print(_figures(comparison.region, shown, year, width))
        console.print()
    size = comparison.region.problem.size
    console.print(
        f"All plans are judged by the same rules; the band is {size.band_min:,} to "
        f"{size.band_max:,} patients.",
        soft_wrap=not console.is_terminal,
    )
    for number, plan in enumerate(comparison.plans):
        for note in comparison.notes(number):
            console.print(f"Note: {plan.name}: {note}.", soft_wrap=not console.is_terminal)
    first, *others = comparison.plans
    for number, (plan, moves) in enumerate(zip(others, comparison.moves[1:], strict=True)):
        if number:
            console.print()
        told = comparison.on_two_levels(number + 1)
        for line in [f"{told}."] if told else _told(first, plan, moves):
            console.print(line, soft_wrap=not console.is_terminal)
        if moves.flows:
            console.print(_flows(comparison, number + 1))
        if len(moves.flows) > _SHOWN:
            more = f"And {plural(len(moves.flows) - _SHOWN, 'more move')}"
            where = "--out writes them all" if out is None else "all are in moves.csv"
            console.print(f"{more}; {where}.", soft_wrap=True)
        console.print()
        _show_money(console, comparison, number + 1)
    show_attribution(comparison.region.configuration)
    if out is not None:
        console.print(f"Written to {out}", soft_wrap=True)


def _figures(region: Region, rows: list[ComparedRow], year: str, width: int) -> Table:
    """Lay out some plans: a row for each figure, a column for each plan, no wider than `width`."""
    from pcn_group.plan.profile import figure_words

    table = _table()
    table.add_column("", no_wrap=True, min_width=_FIGURE - 1)
    for row in rows:
        heading = Text(row.plan, overflow="fold")
        table.add_column(heading, justify="right", min_width=_PLAN - 1, max_width=width)
    for words, name, written in _lines(region.travel.unit, year):
        values = [getattr(row, name) for row in rows]
        if name in _ONLY_WHERE_KNOWN and values == [None] * len(values):
            continue
        table.add_row(words, *("-" if value is None else written(value) for value in values))
    for figure in region.figures:
        table.add_row(figure.title)
        for words, name in (("lowest", "lowest"), ("highest", "highest"), ("apart", "between")):
            values = [getattr(row, name)[figure.name] for row in rows]
            table.add_row(f"  {words}", *(figure_words(figure.adds, each) for each in values))
    return table


def _lines(unit: str, year: str) -> Iterator[tuple[str, str, Callable[[Any], str]]]:
    """Return each figure in words, its name in a row, and how its value is written."""
    from pcn_group.cli.screens.fit import percent

    yield "practices in a network", "practices", _count
    yield "practices in none", "practices_in_no_network", _count
    yield "patients in a network", "patients", _count
    yield "networks", "networks", _count
    yield "  in the band", "networks_in_band", _count
    yield "  under it", "networks_under_band", _count
    yield "  over it", "networks_over_band", _count
    yield "  share in the band", "share_in_band", "{:.1%}".format
    yield "  not contiguous", "networks_not_contiguous", _count
    yield "  in several authorities", "networks_across_authorities", _count
    yield "local authorities", "local_authorities", _count
    yield "enclaves", "enclaves", _count
    yield "rules broken", "rules_broken", _count
    yield f"cost, patient-{unit}", "cost", "{:,.1f}".format
    yield f"mean {unit} to the hub", "mean", "{:,.2f}".format
    yield f"longest {unit} to the hub", "max", "{:,.2f}".format
    yield "patients aligned", "share_aligned", percent
    yield "  misaligned", "patients_misaligned", _count
    yield "neighbourhoods unserved", "neighbourhoods_unserved", _count
    yield (
        f"budget, {year}" if year else "budget",
        "budget_gbp",
        lambda pounds: f"£{float(pounds):,.0f}",
    )
    yield "  a head", "budget_per_head_gbp", "£{}".format
    yield "  least of a network", "least_network_per_head_gbp", "£{}".format
    yield "  most of a network", "most_network_per_head_gbp", "£{}".format
    yield "patients moved from first", "patients_moved", _count
    yield "practices moved", "practices_moved", _count


def _told(first: PlacedPlan, plan: PlacedPlan, moves: Moves) -> Iterator[str]:
    """Say in a few lines what becomes of the first plan's networks."""
    what = "nothing moves"
    if moves.practices:
        verb = "moves" if moves.practices == 1 else "move"
        what = (
            f"{plural(moves.practices, 'practice')} of {plural(moves.patients, 'patient')} {verb}"
        )
    unchanged = f"{plural(moves.unchanged, 'network')} unchanged"
    yield f"From {first.name} to {plan.name}: {what}; {unchanged}."
    gone = [match.first for match in moves.matches if match.first and match.second is None]
    new = [match.second for match in moves.matches if match.second and match.first is None]
    if gone:
        yield f"Not continued: {listed(map(first.told, gone))}."
    if new:
        yield f"New: {listed(map(plan.told, new))}."


def _flows(comparison: Comparison, number: int) -> Table:
    """Lay out the moves to a plan, each with what it is from, what it is to, and whose it is."""
    first, plan, moves = comparison.plans[0], comparison.plans[number], comparison.moves[number]
    units = comparison.region.units
    names = dict(zip(units["practice_code"], units["practice_name"], strict=True))
    codes = comparison.region.problem.codes
    continues = moves.continues
    table = _table()
    table.add_column("from", overflow="fold", ratio=3)
    table.add_column("to", overflow="fold", ratio=3)
    table.add_column("patients", justify="right", no_wrap=True)
    table.add_column("practices", overflow="fold", ratio=4)
    for flow in moves.flows[:_SHOWN]:
        before = continues.get(flow.destination)
        to = plan.told(flow.destination)
        if before is not None and before != flow.destination:
            to += f" (was {before})"
        practices = ", ".join(told(codes[i], names) for i in flow.members)
        table.add_row(
            Text(first.told(flow.origin)), Text(to), _count(flow.patients), Text(practices)
        )
    return table


def _table() -> Table:
    return Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))


def _count(number: int) -> str:
    return f"{number:,}"
