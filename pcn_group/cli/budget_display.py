"""What a person sees of a budget: lines and totals, what is not counted, who is not paid."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pcn_group.funding.budget import Budget, YearBudget
from pcn_group.funding.tariff import COLUMNS, Basis, TariffLine
from pcn_group.funding.totals import TOTAL, overall

__all__ = ["budget_lines", "show_budget"]

_UNITS: dict[Basis, str] = {
    "registered": "patient",
    "weighted": "weighted patient",
    "adjusted": "adjusted patient",
    "bed": "bed",
    "network": "network",
}

_SHOWN = 10


def budget_lines(budget: Budget) -> Iterator[str]:
    """Tell a plan's budget in sentences: what counts, what does not, and what is left out."""
    for year in budget.years:
        sums = [total for total in overall(year) if total.line != TOTAL]
        counted = ", ".join(f"{total.line} £{total.amount:,}" for total in sums if total.counted)
        yield f"Budget {year.year}: £{year.total:,} ({counted or 'nothing counts'})."
        yield from _not_counted(year)


def show_budget(budget: Budget, notes: tuple[str, ...], out: Path) -> None:
    """Print a table for each year, what is not counted, who is not paid and where the files are."""
    # Piped, rich would take the width of whatever terminal is about.
    console = Console() if sys.stdout.isatty() else Console(width=100)

    def tell(line: str) -> None:
        console.print(line, highlight=False, markup=False, soft_wrap=not console.is_terminal)

    for year in budget.years:
        console.print(_table(year))
        for line in (*_not_counted(year), *_unpaid(year)):
            tell(line)
        console.print()
    if len(budget.years) > 1:
        tell(f"{budget.years[0].year} to {budget.years[-1].year}: £{budget.total:,} in all.")
    for line in (*notes, f"Written to {out}"):
        tell(line)


def _table(year: YearBudget) -> Table:
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(year.year, no_wrap=True)
    table.add_column("rate", justify="right", no_wrap=True)
    table.add_column("a", no_wrap=True)
    for heading in ("units", "amount", "a head"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("confirmed", no_wrap=True)
    lines = {line.name: line for line in year.lines}
    for total in overall(year):
        line = lines.get(total.line)
        table.add_row(
            "in all" if line is None else line.name,
            "" if line is None else f"£{line.rate_gbp:,}",
            "" if line is None else _unit(line),
            f"{total.units:,}" if total.units is not None else "",
            f"£{total.amount:,}",
            f"£{total.per_head}",
            "" if line is None else "yes" if line.confirmed else "no",
        )
    return table


def _unit(line: TariffLine) -> str:
    return _UNITS[line.per] + (" a month" if line.rate_is_for == "month" else "")


def _not_counted(year: YearBudget) -> Iterator[str]:
    """Say which lines totals leave out, and which are not there at all."""
    aside = [total for total in overall(year) if not total.counted]
    if aside:
        told = ", ".join(f"{total.line} £{total.amount:,}" for total in aside)
        yield f"Shown, but not counted, since not confirmed: {told}."
    if year.left_out:
        told = ", ".join(f"{line.name} (by {COLUMNS[line.per]})" for line in year.left_out)
        yield f"Left out, since registered lists do not settle it: {told}."


def _unpaid(year: YearBudget) -> Iterator[str]:
    """Say who is in no network, so that the lists add up."""
    paid = [member for member in year.members if member.network_id]
    patients = sum(member.registered for member in paid)
    networks = len({(member.region_code, member.network_id) for member in paid})
    yield f"{networks:,} networks, {len(paid):,} practices, {patients:,} patients."
    if year.unpaid:
        codes = [member.practice_code for member in year.unpaid]
        more = f" and {len(codes) - _SHOWN:,} more" if len(codes) > _SHOWN else ""
        yield (
            f"Paid nothing, in no network: {', '.join(codes[:_SHOWN])}{more}, with "
            f"{sum(member.registered for member in year.unpaid):,} patients."
        )
