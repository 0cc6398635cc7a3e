"""Which row of which sheet has what: all that formulas need to refer to one another."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from pcn_group.funding.budget import Budget, Payment, YearBudget
from pcn_group.funding.members import Member
from pcn_group.funding.totals import TOTAL, totals_of
from pcn_group.output.workbook.sheets import FIRST_ROW, Span

__all__ = ["Places"]

Key = TypeVar("Key", bound=Hashable)


class Places:
    """The rows of a budget's workbook.

    Budgets go by year, line, region and network, so that the networks among which an amount is
    shared are rows in succession; and so are the practices among which a network's is shared.

    Attributes
    ----------
    members
        Of each year in the order of the rows of Practices.
    networks, practices, regions
        The payments in the order of the rows of Budgets, Practice payments and Regions. Regions
        have, after the lines of a year, rows of the sum of those that count, with no payment: a
        year with none of the lines asked for has these alone.
    totals
        Of all levels, by year.
    rate
        The row by year and line.
    member
        By year and practice.
    members_of
        The rows by year, region and network.
    network
        The row by year, region and network.
    networks_in, networks_under
        The rows of Networks by year and region, and by year.
    payment
        The row of Budgets, and of Cash flow, by year, line, region and network.
    payments_in, payments_under
        The rows of these by year, line and region, and by year and line.
    practices_of, practices_under
        The rows of Practice payments by year, line, region and network, and by year and line.
    region
        The row of Regions by year, line and region.
    regions_under
        The rows of Regions by year and line.
    """

    def __init__(self, budget: Budget) -> None:
        years = budget.years
        self.totals = {year.year: totals_of(year) for year in years}
        self.members = [(year.year, m) for year in years for m in sorted(year.members, key=_place)]
        self.networks = [p for year in years for p in _by_line(year, year.networks)]
        self.practices = [p for year in years for p in _by_line(year, year.practices)]
        self.rate = _row((year.year, line.name) for year in years for line in year.lines)
        self.member = _row((year, member.practice_code) for year, member in self.members)
        self.members_of = _rows((y, m.region_code, m.network_id) for y, m in self.members)
        self.network = _row(key for key in self.members_of if key[2])
        self.networks_in = _rows((year, region) for year, region, _ in self.network)
        self.networks_under = _rows(year for year, _, _ in self.network)
        self.payment = _row(_of_network(p) for p in self.networks)
        self.payments_in = _rows(_of_region(p) for p in self.networks)
        self.payments_under = _rows((p.year, p.line.name) for p in self.networks)
        self.practices_of = _rows(_of_network(p) for p in self.practices)
        self.practices_under = _rows((p.year, p.line.name) for p in self.practices)
        self.region = _row(
            (year.year, line, region)
            for year in years
            for line in (*(line.name for line in year.lines), TOTAL)
            for region in sorted({m.region_code for m in year.members if m.network_id})
        )
        self.regions_under = _rows((year, line) for year, line, _ in self.region)


def _place(member: Member) -> tuple[str, str, str]:
    return member.region_code, member.network_id, member.practice_code


def _by_line(year: YearBudget, payments: Sequence[Payment]) -> list[Payment]:
    """Put payments, sorted by region, network and practice, in the order of the lines first."""
    order = {line.name: number for number, line in enumerate(year.lines)}
    return sorted(payments, key=lambda payment: order[payment.line.name])


def _of_network(payment: Payment) -> tuple[str, str, str, str]:
    return payment.year, payment.line.name, payment.region_code, payment.network_id


def _of_region(payment: Payment) -> tuple[str, str, str]:
    return payment.year, payment.line.name, payment.region_code


def _row(keys: Iterable[Key]) -> dict[Key, int]:
    return {key: row for row, key in enumerate(keys, FIRST_ROW)}


def _rows(keys: Iterable[Key]) -> dict[Key, Span]:
    """Return first and last row of each key; equal ones are in succession."""
    rows: dict[Key, Span] = {}
    for row, key in enumerate(keys, FIRST_ROW):
        first, _ = rows.get(key, (row, row))
        rows[key] = first, row
    return rows
