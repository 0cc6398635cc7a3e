"""The sheets that the others start from: rates, practices, and what networks have of each basis.

And which row of which sheet has what: all that formulas need to refer to one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

from pcn_group.funding.budget import Budget, Payment, YearBudget
from pcn_group.funding.members import Member
from pcn_group.funding.tariff import COLUMNS, Basis, TariffLine, month_range, months_of
from pcn_group.funding.totals import TOTAL, per_head, totals_of
from pcn_group.output.workbook.sheets import (
    BUDGETS,
    FIRST_ROW,
    NETWORKS,
    PRACTICES,
    RATES,
    Cell,
    Formula,
    Span,
    Value,
    summed,
)

__all__ = ["Places", "head", "network_rows", "practice_rows", "rate_rows"]

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
    names
        Of networks, by year, region and network.
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
        self.names = {
            (year.year, m.region_code, m.network_id): m.network_name
            for year in years
            for m in year.members
        }
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


Row = Sequence[Cell]

_DECIMALS = 100_000
"""Rates have up to five decimals."""


def rate_rows(budget: Budget, places: Places) -> Iterator[Row]:
    """Return the lines of all years, with what a hundredth of a unit is due in pence, reduced."""
    for year in budget.years:
        counts = {payment.line.name: payment.counted for payment in year.regions}
        for line in year.lines:
            row, due = places.rate[year.year, line.name], line.rate_in(year.year)
            whole = f"ROUND({RATES.here('rate_gbp', row)}*{_DECIMALS},0)"
            times = f"{whole}*{RATES.here('months_paid', row)}"
            over = f"{_DECIMALS}*{RATES.here('months_of_rate', row)}"
            months = line.months_in(year.year)
            yield (
                year.year,
                line.name,
                line.description,
                line.rate_gbp,
                line.per,
                line.doubled_above,
                line.paid_to,
                f"{months[0]}..{months[-1]}",
                len(months),
                _months_of_rate(line, year.year),
                line.recurrent,
                line.cash,
                line.confirmed,
                counts.get(line.name, line.confirmed),
                Formula(f"{times}/GCD({times},{over})", due.numerator),
                Formula(f"{over}/GCD({times},{over})", due.denominator),
                line.source,
                line.note or None,
            )


def _months_of_rate(line: TariffLine, year: str) -> int:
    if line.rate_is_for == "month":
        return 1
    return len(months_of(year) if line.months is None else month_range(line.months))


def practice_rows(places: Places) -> Iterator[Row]:
    """Return all practices in all years."""
    for year, m in places.members:
        yield (
            year,
            m.region_code,
            m.icb_code,
            m.network_id,
            m.network_name,
            m.practice_code,
            m.practice_name,
            *(m.units(basis) for basis in COLUMNS),
        )


def network_rows(budget: Budget, places: Places) -> Iterator[Row]:
    """Return what networks have, and their payments that count added up."""
    for year in budget.years:
        inside: dict[tuple[str, str], list[Member]] = defaultdict(list)
        for member in year.members:
            inside[member.region_code, member.network_id].append(member)
        paid = {
            (total.region_code, total.code): total.amount
            for total in places.totals[year.year]
            if total.level == "network" and total.line == TOTAL
        }
        for (region, network), amount in paid.items():
            members = inside[region, network]
            yield _network_row(year, (region, network), members, amount, places)


def _network_row(
    year: YearBudget,
    place: tuple[str, str],
    members: Sequence[Member],
    amount: Decimal,
    places: Places,
) -> Row:
    key = (year.year, *place)
    row, span = places.network[key], places.members_of[key]
    payments = [places.payment[year.year, line.name, *place] for line in year.lines]
    patients = sum(member.registered for member in members)
    return (
        *key,
        members[0].network_name,
        Formula(f"ROWS({PRACTICES.span_at('registered', span)})", len(members)),
        *(_units(members, basis, PRACTICES.span_at(basis, span)) for basis in COLUMNS),
        Formula(summed([BUDGETS.at("counted_gbp", each) for each in payments]), amount),
        head(NETWORKS.here("counted_gbp", row), NETWORKS.here("registered", row), amount, patients),
    )


def _units(members: Sequence[Member], basis: Basis, span: str) -> Cell:
    """Add up what the practices have; nothing where it is not known of all of them."""
    units = [found for member in members if (found := member.units(basis)) is not None]
    return Formula(summed([span]), sum(units)) if len(units) == len(members) else None


def head(amount: str, patients: str, pounds: Decimal, number: int) -> Formula:
    """Divide an amount by patients, to four decimals, a half up: worked out in integers."""
    pence = f"ROUND(100*{amount},0)"
    text = f'IF({patients}=0,"",INT((200*{pence}+{patients})/(2*{patients}))/10000)'
    value: Value = per_head(pounds, number)
    return Formula(text, "" if value is None else value)
