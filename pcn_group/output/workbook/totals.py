"""What is paid in all, beside the sums of networks, practices and months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pcn_group.funding.budget import Budget, YearBudget
from pcn_group.funding.tariff import months_of
from pcn_group.funding.totals import TOTAL, Total
from pcn_group.output.workbook.cells import FIRST_ROW, Cell, Formula, Span, summed
from pcn_group.output.workbook.lists import head
from pcn_group.output.workbook.places import Places
from pcn_group.output.workbook.regions import by_line
from pcn_group.output.workbook.sheets import (
    BUDGETS,
    CASH_FLOW,
    MONTHS,
    NETWORKS,
    PRACTICE_PAYMENTS,
    RATES,
    REGIONS,
    TOTALS,
)

__all__ = ["total_rows"]

Row = Sequence[Cell]

_NOTHING = Decimal("0.00")


def total_rows(budget: Budget, places: Places) -> Iterator[Row]:
    """Return the sums of each year, by line and of those that count, and last that of all years."""
    row, in_all = FIRST_ROW, []
    for year in budget.years:
        months = _by_month(year)
        lines = (row, row + len(year.lines) - 1) if year.lines else None
        for total in by_line(year, "all", places):
            paid = months[total.line]
            if total.line == TOTAL:
                in_all.append(TOTALS.here("amount_gbp", row))
                yield _year_in_all(total, row, places, paid, lines)
            else:
                yield _line(total, row, places, paid)
            row += 1
    blank: Row = (None,) * 3
    yield ("all years", TOTAL, *blank, Formula(summed(in_all), budget.total))


def _by_month(year: YearBudget) -> Mapping[str, Mapping[str, Decimal]]:
    """Add up what is paid by line and month, and under all lines that count."""
    paid: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: _NOTHING))
    for payment in year.networks:
        for month, amount in payment.by_month:
            paid[payment.line.name][month] += amount
            if payment.counted:
                paid[TOTAL][month] += amount
    return paid


def _line(total: Total, row: int, places: Places, paid: Mapping[str, Decimal]) -> Row:
    key = total.year, total.line
    regions, networks = places.regions_under[key], places.payments_under[key]
    practices = places.practices_under.get(key)
    months = [summed([CASH_FLOW.span_at(month, networks)]) for month in MONTHS]
    return (
        *key,
        Formula(summed([REGIONS.span_at("units", regions)]), total.units),
        Formula(f"SUM({REGIONS.span_at('patients', regions)})", total.patients),
        Formula(RATES.at("counted", places.rate[key]), total.counted),
        Formula(summed([REGIONS.span_at("amount_gbp", regions)]), total.amount),
        *_compared(total, row, summed([BUDGETS.span_at("amount_gbp", networks)])),
        *_of_practices(total, row, practices),
        *_monthly(total, row, months, paid),
    )


def _year_in_all(
    total: Total, row: int, places: Places, paid: Mapping[str, Decimal], lines: Span | None
) -> Row:
    regions = places.regions_under[total.year, TOTAL]
    networks = NETWORKS.span_at("counted_gbp", places.networks_under[total.year])
    return (
        total.year,
        TOTAL,
        None,
        Formula(f"SUM({REGIONS.span_at('patients', regions)})", total.patients),
        total.counted,
        Formula(summed([REGIONS.span_at("amount_gbp", regions)]), total.amount),
        *_compared(total, row, summed([networks])),
        None,
        None,
        *_monthly(total, row, [_counted_in(month, lines) for month in MONTHS], paid),
    )


def _counted_in(month: str, lines: Span | None) -> str:
    """Add up the lines that count in a month; where there is no line it is 0."""
    if lines is None:
        return "0"
    return f"ROUND(SUMPRODUCT(--{TOTALS.span('counted', lines)},{TOTALS.span(month, lines)}),2)"


def _compared(total: Total, row: int, networks: str) -> Row:
    """Return what there is a head, the sum of networks, and the difference."""
    amount, patients = TOTALS.here("amount_gbp", row), TOTALS.here("patients", row)
    return (
        head(amount, patients, total.amount, total.patients),
        Formula(networks, total.amount - total.difference),
        _less("networks_gbp", row, total.difference),
    )


def _of_practices(total: Total, row: int, practices: Span | None) -> Row:
    if practices is None:
        return None, None
    text = summed([PRACTICE_PAYMENTS.span_at("amount_gbp", practices)])
    return Formula(text, total.amount), _less("practices_gbp", row, _NOTHING)


def _monthly(
    total: Total, row: int, months: Sequence[str], paid: Mapping[str, Decimal]
) -> Iterator[Cell]:
    """Return the sum of the months, the difference, and the months."""
    first, last = (TOTALS.here(month, row) for month in (MONTHS[0], MONTHS[-1]))
    yield Formula(summed([f"{first}:{last}"]), sum(paid.values(), _NOTHING))
    yield _less("months_gbp", row, total.amount - sum(paid.values(), _NOTHING))
    for text, month in zip(months, months_of(total.year), strict=True):
        yield Formula(text, paid.get(month, _NOTHING))


def _less(parts: str, row: int, value: Decimal) -> Formula:
    return Formula(f"ROUND({TOTALS.here('amount_gbp', row)}-{TOTALS.here(parts, row)},2)", value)
