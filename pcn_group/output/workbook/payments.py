"""What networks and practices are paid, by formulas that share amounts to the penny.

A part is exactly due `exact_numerator / pence_denominator` pence. It gets the whole pence of that.
The parts with the largest remainders, of equal ones the first, get one penny more, as many as there
are pennies to share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from pcn_group.funding.budget import Payment
from pcn_group.funding.tariff import months_of
from pcn_group.funding.totals import TOTAL
from pcn_group.output.workbook.lists import Places, head
from pcn_group.output.workbook.sheets import (
    BUDGETS,
    CASH_FLOW,
    FIRST_ROW,
    MONTHS,
    NETWORKS,
    PRACTICE_PAYMENTS,
    PRACTICES,
    RATES,
    REGIONS,
    Cell,
    Formula,
    Sheet,
    Span,
    summed,
)

__all__ = ["budget_rows", "cash_flow_rows", "exactly_due", "practice_payment_rows"]

Row = Sequence[Cell]


def budget_rows(places: Places) -> Iterator[Row]:
    """Return the payments of networks."""
    totals = {
        (total.year, total.line, total.region_code, total.code): total
        for totals in places.totals.values()
        for total in totals
        if total.level == "network" and total.line != TOTAL
    }
    ranks = _ranks(places.networks, places.payments_in.values())
    for row, (payment, rank) in enumerate(zip(places.networks, ranks, strict=True), FIRST_ROW):
        year, line, region, network = key = _key(payment)
        rate = places.rate[year, line]
        in_networks = places.network[year, region, network]
        amount, counted = BUDGETS.here("amount_gbp", row), BUDGETS.here("counted", row)
        patients, total = BUDGETS.here("patients", row), totals[key]
        parts = _parts(payment, row, places)
        to_share = REGIONS.at("pennies_to_share", places.region[year, line, region])
        yield (
            *key,
            places.names[year, region, network],
            payment.line.paid_to,
            payment.line.per,
            Formula(_units(payment, in_networks, rate), payment.units),
            Formula(RATES.at("rate_gbp", rate), payment.line.rate_gbp),
            Formula(f"{BUDGETS.here('pence', row)}/100", payment.amount),
            Formula(RATES.at("counted", rate), payment.counted),
            Formula(f"IF({counted},{amount},0)", payment.amount if payment.counted else Decimal(0)),
            Formula(NETWORKS.at("registered", in_networks), total.patients),
            head(amount, patients, total.amount, total.patients),
            *_shared(BUDGETS, payment, rate, row, places.payments_in[key[:3]], rank, to_share),
            Formula(parts, total.amount - total.difference),
            Formula(f"ROUND({amount}-{BUDGETS.here('parts_gbp', row)},2)", total.difference),
        )


def _units(payment: Payment, row: int, rate: int) -> str:
    """Say what a network is paid for, from its row in Networks."""
    line = payment.line
    if line.per != "network":
        return NETWORKS.at(line.per, row)
    if line.doubled_above is None:
        return "1"
    return f"IF({NETWORKS.at('registered', row)}>{RATES.at('doubled_above', rate)},2,1)"


def _parts(payment: Payment, row: int, places: Places) -> str:
    """Add up what an amount consists of: those of practices, or else of months."""
    if payment.line.paid_to == "practices":
        span = places.practices_of[_key(payment)]
        return summed([PRACTICE_PAYMENTS.span_at("amount_gbp", span)])
    return CASH_FLOW.at("year_gbp", row)


def practice_payment_rows(places: Places) -> Iterator[Row]:
    """Return the payments of practices."""
    sheet = PRACTICE_PAYMENTS
    ranks = _ranks(places.practices, places.practices_of.values())
    for row, (payment, rank) in enumerate(zip(places.practices, ranks, strict=True), FIRST_ROW):
        key, line = _key(payment), payment.line
        rate, span = places.rate[payment.year, line.name], places.practices_of[key]
        whole = BUDGETS.at("pence", places.payment[key])
        to_share = f"{whole}-SUM({sheet.span('whole_pence', span)})"
        lists = PRACTICES.at(line.per, places.member[payment.year, payment.practice_code])
        yield (
            *key,
            places.names[payment.year, payment.region_code, payment.network_id],
            payment.practice_code,
            line.per,
            Formula(lists, payment.units),
            Formula(RATES.at("rate_gbp", rate), line.rate_gbp),
            Formula(f"{sheet.here('pence', row)}/100", payment.amount),
            Formula(RATES.at("counted", rate), payment.counted),
            *_shared(sheet, payment, rate, row, span, rank, to_share),
        )


def _shared(
    sheet: Sheet, payment: Payment, rate: int, row: int, span: Span, rank: int, to_share: str
) -> Row:
    """Return the columns that decide the pence of one part.

    Parameters
    ----------
    rate
        The row of the line in Rates.
    span
        The rows of all parts of the same whole.
    rank
        By remainder.
    to_share
        A formula for how many parts get a penny more.
    """
    exact = exactly_due(payment)
    whole, remainder = divmod(exact, _denominator(payment))
    over = RATES.at("pence_denominator", rate)
    here = {name: sheet.here(name, row) for name in ("exact_numerator", "whole_pence", "remainder")}
    own, until = here["remainder"], sheet.span("remainder", (span[0], row))
    return (
        Formula(
            f"ROUND(100*{sheet.here('units', row)},0)*{RATES.at('pence_numerator', rate)}", exact
        ),
        Formula(f"INT({here['exact_numerator']}/{over})", whole),
        Formula(f"{here['exact_numerator']}-{over}*{here['whole_pence']}", remainder),
        Formula(
            f"RANK({own},{sheet.span('remainder', span)})+COUNTIF({until},{own})-1",
            rank,
        ),
        Formula(
            f"{here['whole_pence']}+IF({sheet.here('rank', row)}<={to_share},1,0)",
            int(payment.amount * 100),
        ),
    )


def exactly_due(payment: Payment) -> int:
    """Return what a payment is exactly in pence, times the denominator of the line's rate."""
    return int(payment.units * 100) * payment.line.rate_in(payment.year).numerator


def _denominator(payment: Payment) -> int:
    return payment.line.rate_in(payment.year).denominator


def _ranks(payments: Sequence[Payment], spans: Iterable[Span]) -> Iterator[int]:
    """Rank the remainders, the largest first, of equal ones the first, in each span of rows."""
    for first, last in spans:
        parts = payments[first - FIRST_ROW : last - FIRST_ROW + 1]
        remainders = [exactly_due(part) % _denominator(part) for part in parts]
        order = sorted(range(len(parts)), key=lambda k: (-remainders[k], k))
        rank_of = {k: rank for rank, k in enumerate(order, 1)}
        yield from (rank_of[k] for k in range(len(parts)))


def cash_flow_rows(places: Places) -> Iterator[Row]:
    """Return the payments of networks in equal pence a month, the odd ones in the first months."""
    for row, payment in enumerate(places.networks, FIRST_ROW):
        line = payment.line
        rate = places.rate[payment.year, line.name]
        months = [CASH_FLOW.here(month, row) for month in MONTHS]
        yield (
            *_key(payment),
            places.names[payment.year, payment.region_code, payment.network_id],
            line.paid_to,
            line.cash,
            Formula(RATES.at("counted", rate), payment.counted),
            Formula(RATES.at("months_paid", rate), len(payment.by_month)),
            Formula(BUDGETS.at("pence", row), int(payment.amount * 100)),
            *_months(payment, row),
            Formula(summed([f"{months[0]}:{months[-1]}"]), payment.amount),
        )


def _months(payment: Payment, row: int) -> Iterator[Cell]:
    pence, count = CASH_FLOW.here("pence", row), CASH_FLOW.here("months_paid", row)
    paid = {month: (k, amount) for k, (month, amount) in enumerate(payment.by_month, 1)}
    for month in months_of(payment.year):
        if month in paid:
            number, amount = paid[month]
            more = f"IF(MOD({pence},{count})>={number},1,0)"
            yield Formula(f"(INT({pence}/{count})+{more})/100", amount)
        else:
            yield None


def _key(payment: Payment) -> tuple[str, str, str, str]:
    return payment.year, payment.line.name, payment.region_code, payment.network_id
