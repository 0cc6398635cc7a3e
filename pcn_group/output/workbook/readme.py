"""The first sheet: what the workbook is, and how to read and check it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from pcn_group.funding.budget import Budget, YearBudget
from pcn_group.output.workbook.sheets import FIRST_ROW, TOTALS, Cell, Formula, Sheet

__all__ = ["READ_ME", "read_me_rows"]

READ_ME = "Read me"
"""The name of the sheet."""

Row = tuple[Cell, Cell]

_TO_CHANGE = (
    "Yellow cells may be changed, and all else follows: rates (up to 5 decimals), what counts, "
    "the patients above which a network counts as two, and lists (up to 2 decimals). Who is in "
    "which network, the months and the years are fixed: write another workbook for those. Rows may "
    "be filtered, not sorted: formulas refer to rows in succession."
)
_ROUNDING = (
    "A region's amount under a line is the rate times all its units, rounded to the penny, a half "
    "up. It is shared by largest remainder: each network gets what it is exactly due, rounded down "
    "to the penny; the pennies left go, one each, to those that lost the largest fraction, of "
    "equal ones to the first by identifier. Practices share their network's amount likewise. "
    "Months have equal pence, the odd ones in the first months. All this is worked out in whole "
    "numbers: a hundredth of a unit is due pence_numerator / pence_denominator pence."
)
_COUNTED = (
    "Totals count the lines that have TRUE in Rates under counted. Rates has the source of each "
    "line; confirmed is FALSE where the rate could not be found there."
)


def read_me_rows(
    budget: Budget, growth: Fraction, sheets: Sequence[tuple[Sheet, int]]
) -> Iterator[Row]:
    """Return the rows of the sheet: a heading or nothing, and what there is to say.

    Parameters
    ----------
    growth
        Of the lists in a year.
    sheets
        Those with figures, and how many rows of values each has: one at least.
    """
    first, last = budget.years[0].year, budget.years[-1].year
    last_row = FIRST_ROW + dict(sheets)[TOTALS] - 1
    yield "Budgets", first if first == last else f"{first} to {last}"
    yield "Paid in all, GBP", Formula(TOTALS.at("amount_gbp", last_row), budget.total)
    yield "All differences, GBP", Formula(_differences(sheets), 0)
    yield None, "Every difference must be 0.00; a cell where it is not is red."
    yield None, None
    for k, (sheet, _) in enumerate(sheets):
        yield "Sheets" if not k else None, f"{sheet.name}: {sheet.about}"
    yield None, None
    yield "To change", _TO_CHANGE
    yield "Rounding", _ROUNDING
    yield "Counted", _COUNTED
    yield from _counting(budget)
    yield from _lists(budget, growth)


def _differences(sheets: Sequence[tuple[Sheet, int]]) -> str:
    """Add up all differences, whichever way they are."""
    spans = [
        sheet.span_at(column.heading, (FIRST_ROW, FIRST_ROW + count - 1))
        for sheet, count in sheets
        for column in sheet.columns
        if column.kind == "check"
    ]
    return "+".join(f"SUMPRODUCT(ABS({span}))" for span in spans)


def _counting(budget: Budget) -> Iterator[Row]:
    """Say what totals leave out, and why."""
    for year in budget.years:
        aside = [payment.line.name for payment in year.regions if not payment.counted]
        if aside:
            yield None, f"{year.year}, shown but not counted: {', '.join(dict.fromkeys(aside))}."
        if year.left_out:
            yield None, f"{year.year}, left out, {year.why_left_out}."


def _lists(budget: Budget, growth: Fraction) -> Iterator[Row]:
    """Say how lists grow, and who is in no network."""
    percent = f"{float(100 * growth):g} %"
    first = budget.years[0]
    if len(budget.years) > 1:
        yield (
            "Growth",
            (
                f"Lists grow by {percent} a year from {first.year} on, in each region as a whole, "
                "shared by largest remainder. The sheet Practices has the lists of each year "
                "as values; beds stay as they are."
            ),
        )
    if first.unpaid:
        yield "Paid nothing", _unpaid(first)


def _unpaid(year: YearBudget) -> str:
    patients = sum(member.registered for member in year.unpaid)
    return (
        f"Practices in no network: {len(year.unpaid):,}, with {patients:,} patients. Practices "
        "has them without a network_id."
    )
