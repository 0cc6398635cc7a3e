"""`pcn-group alternatives`: other good plans, and what all of them agree on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pcn_group.base.wording import listed, plural
from pcn_group.cli.drawing import draw_several, draws_too
from pcn_group.cli.options import (
    beside_a_plan,
    loudness,
    plan_folder,
    search_given,
    share,
    time_limit,
)

if TYPE_CHECKING:
    from pcn_group.plan.inputs import PlanInputs
    from pcn_group.studies.alternatives import Alternatives, Pair

__all__ = ["command"]


_EXIT_CODES = """\b
Exit codes:
  0  done; every network is in the band, practices too large for one aside
  2  unusable input, configuration or arguments; nothing was written
  3  done, with exceptions: networks outside the band, each with its reason
  4  proven: no plan satisfies the rules
  5  no plan, or no proof that it is the best, within the time limit
"""


@click.command("alternatives", epilog=_EXIT_CODES)
@click.argument("plan", metavar="PLAN")
@click.option(
    "--within",
    callback=share,
    default="1%",
    show_default=True,
    metavar="SHARE",
    help="How much more than the best plan a plan may cost.",
)
@click.option(
    "--count",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="The most plans to write, the best among them.",
)
@beside_a_plan
@plan_folder("alternatives")
@draws_too
@time_limit
@loudness
def command(  # noqa: PLR0913 - one parameter per option
    plan: str,
    within: Fraction,
    count: int,
    inputs: PlanInputs,
    out: Path,
    time_limit: float | None,
    *,
    overwrite: bool,
    draws: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Find other good plans, and what all of them agree on.

    PLAN gives the region and the rules: a folder that solve wrote, a groupings.csv, or the word
    "current" for the networks of today. The best plan is found again. The output holds all plans
    within the tolerance if there are few, or else plans that differ as much as possible; and for
    each pair of practices the least cost of a plan that puts them together, and of one that keeps
    them apart.
    """
    from json import dumps

    from pcn_group.base.extras import refuse_missing
    from pcn_group.cli.screens.run import Progress
    from pcn_group.output.data.alternatives import (
        alternatives_json,
        refuse_foreign_alternatives,
        write_alternatives,
    )
    from pcn_group.plan.case import open_inputs
    from pcn_group.plan.inputs import PlanInputs
    from pcn_group.studies.alternatives import find_alternatives

    if draws:
        refuse_missing("report", "--report")
    refuse_foreign_alternatives(out, overwrite=overwrite)
    practices, rules = open_inputs(plan, inputs)
    search = rules.search.model_copy(update=search_given(time_limit=time_limit))
    rules = rules.model_copy(update={"search": search})
    with Progress(silent=quiet or as_json) as progress:
        found = find_alternatives(practices, rules, within, count, progress.tell)
    write_alternatives(out, found)
    if as_json:
        click.echo(dumps({**alternatives_json(found), "out": str(out)}))
    elif not quiet:
        _show_alternatives(found, out)
    if draws:
        draw_several(out, PlanInputs(), tell=not (quiet or as_json))
    return 0 if found.keeps_the_band else 3


_SHOWN = 10
"""Plans, groups and open pairs shown; the files have them all."""


def _show_alternatives(found: Alternatives, out: Path) -> None:
    """Print the plans, how many there are, what they agree on, and where the files are."""
    from pcn_group.cli.screens.credit import show_attribution

    # Piped, rich would take the width of whatever terminal is about.
    console = Console(width=None if sys.stdout.isatty() else 80, highlight=False, markup=False)
    console.print(_plans(found))
    console.print()
    if found.best.region.figures:
        console.print(_apart(found))
        console.print()
    for line in (*_how_many(found), *_agreed(found)):
        console.print(line, soft_wrap=not console.is_terminal)
    if any(pair.verdict == "open" for pair in found.pairs):
        console.print()
        console.print(_open_pairs(found))
    show_attribution(found.best.region.configuration)
    console.print(f"Written to {out}", soft_wrap=True)


def _plans(found: Alternatives) -> Table:
    from pcn_group.output.data.alternatives import plan_rows

    unit = found.best.region.travel.unit
    table = _table()
    table.add_column("plan", no_wrap=True)
    for heading in (f"patient-{unit}", "over best", f"mean {unit}", "networks", "patients moved"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in plan_rows(found)[:_SHOWN]:
        table.add_row(
            row.plan,
            f"{row.cost:,.1f}",
            f"{row.over_best:.2%}",
            f"{row.mean:,.2f}",
            f"{row.networks:,}",
            f"{row.patients_moved:,}",
        )
    return table


def _apart(found: Alternatives) -> Table:
    """Lay out how far the networks of each plan are apart in each figure."""
    from pcn_group.output.data.alternatives import plan_rows
    from pcn_group.plan.profile import figure_words

    table = _table()
    table.add_column("networks apart in", no_wrap=True)
    for figure in found.best.region.figures:
        table.add_column(figure.title, justify="right", overflow="fold")
    for row in plan_rows(found)[:_SHOWN]:
        spreads = (figure_words(f.adds, row.between[f.name]) for f in found.best.region.figures)
        table.add_row(row.plan, *spreads)
    return table


def _how_many(found: Alternatives) -> Iterator[str]:
    """Say how many plans there are, and which of them are given."""
    within = f"{100 * float(found.within):g}%"
    given = len(found.plans)
    if found.within < found.asked:
        yield (
            "Plans within the tolerance asked for could use too many networks to list. All that "
            f"follows is about {within}."
        )
    of_best = f"within {within} of the best plan"
    if found.best.solution.relaxed:
        of_best += ", with as few patients outside the band"
    if not found.are_all:
        travel = found.best.region.travel
        yield (
            f"There are more plans than can be listed {of_best}; {found.known:,} are known, among "
            f"them all that cost at most {travel.to_unit(found.all_to):,.1f} patient-{travel.unit}."
        )
    elif found.known == 1:
        yield f"Proven: no other plan is {of_best}."
    else:
        yield f"Proven: there are {found.known:,} plans {of_best}, and no others."
    if given < found.known:
        which = "" if found.are_all else " of those known"
        yield f"Given are {given:,}{which}, each as different as possible from those before it."
    if given > _SHOWN:
        yield f"Shown are the first {_SHOWN}; alternatives.csv has them all."


def _agreed(found: Alternatives) -> Iterator[str]:
    """Say who is together in all plans within the tolerance."""
    inside, practices = sum(map(len, found.cores)), len(found.best.region.table)
    unsettled = sum(not pair.is_settled for pair in found.pairs)
    yield (
        f"Together in all of them{', as far as is settled' if unsettled else ''}: {inside:,} of "
        f"{plural(practices, 'practice')}, in {plural(len(found.cores), 'group')}."
    )
    for core in found.cores[:_SHOWN]:
        yield f"  {listed(found.told(code) for code in core)}"
    if len(found.cores) > _SHOWN:
        yield f"  and {plural(len(found.cores) - _SHOWN, 'more group')}, in summary.json."
    if unsettled:
        yield f"Not settled in time: {plural(unsettled, 'pair')}. Allow more with --time-limit."


def _open_pairs(found: Alternatives) -> Table:
    """Lay out what it costs to decide otherwise than the best plan, the least first.

    Pairs of one price are together in a row, which names the first: mostly one plan decides them.
    """
    best, travel = found.best.solution.cost, found.best.region.travel
    to_unit, unit = travel.to_unit, travel.unit
    pairs = [pair for pair in found.pairs if pair.verdict == "open"]
    table = _table()
    table.add_column(plural(len(pairs), "open pair"), overflow="fold")
    table.add_column("in best", no_wrap=True)
    for heading in (f"price, patient-{unit}", "over best", "pairs alike"):
        table.add_column(heading, justify="right", no_wrap=True)
    for cost, alike in islice(groupby(sorted(pairs, key=_otherwise), _otherwise), _SHOWN):
        first, *others = alike
        table.add_row(
            f"{found.told(first.first)} and {found.told(first.second)}",
            "together" if first.in_best else "apart",
            f"{to_unit(cost - best):,.1f}",
            f"{found.over_best(cost):.2%}",
            f"{len(others):,}",
        )
    return table


def _otherwise(pair: Pair) -> int:
    return pair.otherwise or 0  # an open pair has a cost both ways


def _table() -> Table:
    return Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
