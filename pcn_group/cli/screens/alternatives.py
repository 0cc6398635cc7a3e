"""What a person sees of other good plans: the plans, what they agree on, and what is open."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pcn_group.base.wording import listed, plural
from pcn_group.output.data.alternatives import plan_rows
from pcn_group.studies.alternatives import Alternatives, Pair

__all__ = ["show_alternatives"]

_SHOWN = 10
"""Plans, groups and open pairs shown; the files have them all."""


def show_alternatives(found: Alternatives, out: Path) -> None:
    """Print the plans, how many there are, what they agree on, and where the files are."""
    # Piped, rich would take the width of whatever terminal is about.
    console = Console(width=None if sys.stdout.isatty() else 80, highlight=False, markup=False)
    console.print(_plans(found))
    console.print()
    for line in (*_how_many(found), *_agreed(found)):
        console.print(line, soft_wrap=not console.is_terminal)
    if any(pair.verdict == "open" for pair in found.pairs):
        console.print()
        console.print(_open_pairs(found))
    console.print(f"Written to {out}", soft_wrap=True)


def _plans(found: Alternatives) -> Table:
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
            f"{row.mean:.2f}",
            f"{row.networks:,}",
            f"{row.patients_moved:,}",
        )
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
        yield f"  {listed(core)}"
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
    table.add_column(plural(len(pairs), "open pair"), no_wrap=True)
    table.add_column("in best", no_wrap=True)
    for heading in (f"price, patient-{unit}", "over best", "pairs alike"):
        table.add_column(heading, justify="right", no_wrap=True)
    for cost, alike in islice(groupby(sorted(pairs, key=_otherwise), _otherwise), _SHOWN):
        first, *others = alike
        table.add_row(
            f"{first.first} and {first.second}",
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
