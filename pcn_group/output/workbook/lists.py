"""The sheets that the others start from: rates, practices, and what networks have of each basis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pcn_group.funding.budget import Budget, YearBudget
from pcn_group.funding.members import Member
from pcn_group.funding.tariff import COLUMNS, Basis, TariffLine, month_range, months_of
from pcn_group.funding.totals import TOTAL, per_head
from pcn_group.output.workbook.places import Places
from pcn_group.output.workbook.sheets import (
    BUDGETS,
    NETWORKS,
    PRACTICES,
    RATES,
    Cell,
    Formula,
    Value,
    summed,
)

__all__ = ["head", "network_rows", "practice_rows", "rate_rows"]

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
