"""What regions, ICBs and all are paid, each beside what its networks add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from pcn_group.funding.budget import Budget, YearBudget
from pcn_group.funding.members import half_up
from pcn_group.funding.tariff import TariffLine, months_of
from pcn_group.funding.totals import TOTAL, Level, Total, icbs_of
from pcn_group.output.workbook.lists import Places, head
from pcn_group.output.workbook.payments import exactly_due
from pcn_group.output.workbook.sheets import (
    BUDGETS,
    CASH_FLOW,
    FIRST_ROW,
    ICBS,
    MONTHS,
    NETWORKS,
    PRACTICE_PAYMENTS,
    RATES,
    REGIONS,
    TOTALS,
    Cell,
    Formula,
    Sheet,
    Span,
    summed,
)

__all__ = ["by_line", "icb_rows", "region_rows", "total_rows"]

Row = Sequence[Cell]


def region_rows(budget: Budget, places: Places) -> Iterator[Row]:
    """Return the payments of regions, and after each year the sums that count."""
    for year in budget.years:
        lines = {line.name: line for line in year.lines}
        for total in by_line(year, "region", places):
            if total.line == TOTAL:
                yield _region_in_all(year, total, places)
            else:
                yield _region_line(lines[total.line], total, places)


def by_line(year: YearBudget, level: Level, places: Places) -> list[Total]:
    """Return the totals of a level, which come by place, in the order of the lines first."""
    order = {line: number for number, line in enumerate([*(n.name for n in year.lines), TOTAL])}
    totals = (total for total in places.totals[year.year] if total.level == level)
    return sorted(totals, key=lambda total: order[total.line])


def _region_line(line: TariffLine, total: Total, places: Places) -> Row:
    """Work out a region's amount: the rate times all units, to the penny, a half up.

    In integers that no spreadsheet rounds: the networks' whole pence, and as many pennies as their
    remainders come to.
    """
    key = (total.year, total.line, total.code)
    row, rate, span = places.region[key], places.rate[key[:2]], places.payments_in[key]
    to_share = REGIONS.here("pennies_to_share", row)
    return (
        *key,
        Formula(summed([BUDGETS.span_at("units", span)]), total.units),
        _patients(total, places),
        Formula(RATES.at("counted", rate), total.counted),
        Formula(f"(SUM({BUDGETS.span_at('whole_pence', span)})+{to_share})/100", total.amount),
        _counted(REGIONS, total, row),
        _head(REGIONS, total, row),
        *_rounding(line, total, row, rate),
        _to_share(line, places, key),
        *_networks(REGIONS, total, row, [BUDGETS.span_at("amount_gbp", span)]),
    )


def _region_in_all(year: YearBudget, total: Total, places: Places) -> Row:
    row = places.region[total.year, total.line, total.code]
    lines = [places.region[total.year, line.name, total.code] for line in year.lines]
    networks = NETWORKS.span_at("counted_gbp", places.networks_in[total.year, total.code])
    return (
        total.year,
        total.line,
        total.code,
        None,
        _patients(total, places),
        total.counted,
        Formula(summed([REGIONS.here("counted_gbp", each) for each in lines]), total.amount),
        _counted(REGIONS, total, row),
        _head(REGIONS, total, row),
        None,
        None,
        None,
        *_networks(REGIONS, total, row, [networks]),
    )


def _rounding(line: TariffLine, total: Total, row: int, rate: int) -> Row:
    """Return the rate times the units as a spreadsheet has it, and the difference of the amount."""
    factors = [RATES.at(name, rate) for name in ("rate_gbp", "months_paid", "months_of_rate")]
    exact = line.rate_in(total.year) * Fraction(total.units or 0)
    here = {name: REGIONS.here(name, row) for name in ("units", "amount_gbp", "rate_times_units")}
    return (
        Formula(f"{factors[0]}*{factors[1]}/{factors[2]}*{here['units']}", float(exact)),
        Formula(
            f"ROUND({here['amount_gbp']}-{here['rate_times_units']},5)",
            round(float(Fraction(total.amount) - exact), 5),
        ),
    )


def _to_share(line: TariffLine, places: Places, key: tuple[str, str, str]) -> Formula:
    first, last = span = places.payments_in[key]
    over = RATES.at("pence_denominator", places.rate[key[:2]])
    payments = places.networks[first - FIRST_ROW : last - FIRST_ROW + 1]
    denominator = line.rate_in(key[0]).denominator
    remainders = sum(exactly_due(payment) % denominator for payment in payments)
    text = f"INT((2*SUM({BUDGETS.span_at('remainder', span)})+{over})/(2*{over}))"
    return Formula(text, half_up(remainders, denominator))


def _patients(total: Total, places: Places) -> Formula:
    span = places.networks_in[total.year, total.code]
    return Formula(f"SUM({NETWORKS.span_at('registered', span)})", total.patients)


def icb_rows(budget: Budget, places: Places) -> Iterator[Row]:
    """Return the sums of the regions of each ICB."""
    row = FIRST_ROW
    for year in budget.years:
        inside: dict[str, list[str]] = defaultdict(list)
        for region, (_, icb) in icbs_of(year.members).items():
            inside[icb].append(region)
        for total in by_line(year, "icb", places):
            keys = [(total.year, total.line, region) for region in inside[total.code]]
            yield _icb(total, row, [places.region[key] for key in keys if key in places.region])
            row += 1


def _icb(total: Total, row: int, regions: Sequence[int]) -> Row:
    def refer(heading: str) -> list[str]:
        return [REGIONS.at(heading, region) for region in regions]

    return (
        total.year,
        total.line,
        total.code,
        None if total.units is None else Formula(summed(refer("units")), total.units),
        Formula(summed(refer("patients")), total.patients),
        Formula(refer("counted")[0], total.counted),
        Formula(summed(refer("amount_gbp")), total.amount),
        _counted(ICBS, total, row),
        _head(ICBS, total, row),
        *_networks(ICBS, total, row, refer("networks_gbp")),
    )


def _counted(sheet: Sheet, total: Total, row: int) -> Formula:
    text = f"IF({sheet.here('counted', row)},{sheet.here('amount_gbp', row)},0)"
    return Formula(text, total.amount if total.counted else Decimal("0.00"))


def _head(sheet: Sheet, total: Total, row: int) -> Formula:
    amount, patients = sheet.here("amount_gbp", row), sheet.here("patients", row)
    return head(amount, patients, total.amount, total.patients)


def _networks(sheet: Sheet, total: Total, row: int, references: Sequence[str]) -> Row:
    """Return what networks add up to, and the difference."""
    amount, networks = sheet.here("amount_gbp", row), sheet.here("networks_gbp", row)
    return (
        Formula(summed(references), total.amount - total.difference),
        Formula(f"ROUND({amount}-{networks},2)", total.difference),
    )


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
                in_year = _year_in_all(total, row, places, paid, lines)
                yield (*in_year, year.remark or None)
            else:
                yield (*_line(total, row, places, paid), None)
            row += 1
    blank: Row = (None,) * 3
    in_all_years = ("all years", TOTAL, *blank, Formula(summed(in_all), budget.total))
    rest: Row = (None,) * (len(TOTALS.columns) - len(in_all_years) - 1)
    yield (*in_all_years, *rest, budget.remark or None)


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
