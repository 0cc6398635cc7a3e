"""What a person sees of a budget: lines and totals, what is not counted, who is not paid."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console, JustifyMethod
from rich.table import Table

from pcn_group.base.wording import listed
from pcn_group.funding.budget import NO_YEAR, Budget, YearBudget
from pcn_group.funding.tariff import TariffLine
from pcn_group.funding.totals import TOTAL, Total, overall

__all__ = ["budget_lines", "show_budget"]

_JUSTIFIED: dict[str, JustifyMethod] = {
    "rate": "right",
    "a": "left",
    "units": "right",
    "amount": "right",
    "a head": "right",
    "confirmed": "left",
}
"""The columns after the names of the lines"""

_SPARED = ((), ("a head",), ("a head", "a"))
"""Which columns a terminal does without, rather than cut numbers short: the first that fits"""

_SHOWN = 10

_WIDE = 1_000
"""Characters: more than any table needs"""


def budget_lines(budget: Budget) -> Iterator[str]:
    """Tell a plan's budget in sentences: what counts, what does not, and what is left out."""
    if not budget.years:
        yield NO_YEAR
    for year in budget.years:
        sums = [total for total in overall(year) if total.line != TOTAL]
        counted = ", ".join(f"{total.line} £{total.amount:,}" for total in sums if total.counted)
        paid = f"£{year.total:,} ({counted})" if counted else "none"
        yield f"Budget {budget.told}: {paid}{year.remarked}."
        yield from _not_counted(year)


def show_budget(budget: Budget, notes: tuple[str, ...], out: Path) -> None:
    """Print a table for each year, what is not counted, who is not paid and where the files are."""
    # Piped, rich would take the width of whatever terminal is about.
    console = Console(width=None if sys.stdout.isatty() else _WIDE)

    def tell(line: str) -> None:
        console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)

    for year in budget.years:
        console.print(_table(year, console))
        for line in (*_not_counted(year), *_unpaid(year)):
            tell(line)
        console.print()
    tell(f"{budget.told}: £{budget.total:,} in all{budget.remarked}.")
    for line in (*notes, f"Written to {out}"):
        tell(line)


def _table(year: YearBudget, console: Console) -> Table:
    """Return the lines of a year, with as many columns as fit: what is paid is never cut short."""
    lines = {line.name: line for line in year.lines}
    rows = [_row(total, lines.get(total.line)) for total in overall(year)]
    tables = [_columns(year, rows, spared) for spared in _SPARED]
    anywhere = console.options.update_width(_WIDE)
    fitting = (t for t in tables if console.measure(t, options=anywhere).maximum <= console.width)
    return next(fitting, tables[-1])


def _columns(year: YearBudget, rows: Sequence[Mapping[str, str]], spared: Collection[str]) -> Table:
    """Return a table of all columns but those spared; only names of lines are folded."""
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(year.year, overflow="fold")
    shown = [heading for heading in _JUSTIFIED if heading not in spared]
    for heading in shown:
        table.add_column(heading, justify=_JUSTIFIED[heading], no_wrap=True)
    for row in rows:
        table.add_row(row["line"], *(row[heading] for heading in shown))
    return table


def _row(total: Total, line: TariffLine | None) -> dict[str, str]:
    """Return what there is to say of a line, or of all that count, by column."""
    return {
        "line": "in all" if line is None else line.name,
        "rate": "" if line is None else f"£{line.rate_gbp:,}",
        "a": "" if line is None else line.unit,
        "units": "" if total.units is None else f"{total.units:,}",
        "amount": f"£{total.amount:,}",
        "a head": "" if total.per_head is None else f"£{total.per_head}",
        "confirmed": "" if line is None else "yes" if line.confirmed else "no",
    }


def _not_counted(year: YearBudget) -> Iterator[str]:
    """Say which lines totals leave out, and which are not there at all."""
    aside = [total for total in overall(year) if not total.counted]
    if aside:
        told = ", ".join(f"{total.line} £{total.amount:,}" for total in aside)
        yield f"Shown, but not counted, since not confirmed: {told}."
    yield from year.without


def _unpaid(year: YearBudget) -> Iterator[str]:
    """Say who is in no network, so that the lists add up."""
    paid = [member for member in year.members if member.network_id]
    patients = sum(member.registered for member in paid)
    networks = len({(member.region_code, member.network_id) for member in paid})
    yield f"{networks:,} networks, {len(paid):,} practices, {patients:,} patients."
    if year.unpaid:
        codes = [f"{member.practice_code} ({member.practice_name})" for member in year.unpaid]
        yield (
            f"Paid nothing, in no network: {listed(codes, _SHOWN)}, with "
            f"{sum(member.registered for member in year.unpaid):,} patients."
        )
