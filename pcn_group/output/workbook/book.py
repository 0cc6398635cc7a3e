"""The workbook of a budget as bytes: the only place that knows the format of spreadsheets.

Its first sheet says what the workbook is, and how to read and check it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from textwrap import wrap
from typing import Any, TypeAlias

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.extras import refuse_missing
from pcn_group.funding.budget import Budget, YearBudget
from pcn_group.funding.tariff import year_paid_by
from pcn_group.output.workbook.audit import audit_rows
from pcn_group.output.workbook.lists import Places, network_rows, practice_rows, rate_rows
from pcn_group.output.workbook.payments import (
    budget_rows,
    cash_flow_rows,
    exactly_due,
    practice_payment_rows,
)
from pcn_group.output.workbook.sheets import (
    AUDIT,
    BUDGETS,
    CASH_FLOW,
    FIRST_ROW,
    ICBS,
    NETWORKS,
    PRACTICE_PAYMENTS,
    PRACTICES,
    RATES,
    REGIONS,
    TOTALS,
    Cell,
    Column,
    Formula,
    Kind,
    Sheet,
    Value,
)
from pcn_group.output.workbook.totals import icb_rows, region_rows, total_rows

__all__ = [
    "budget_workbook",
]

Book: TypeAlias = Any
Page: TypeAlias = Any
Format: TypeAlias = Any

_NUMBERS: dict[Kind, str] = {
    "flag": '"TRUE";;"FALSE"',  # where truth values are numbers, as in LibreOffice
    "whole": "#,##0",
    "units": "#,##0.00",
    "rate": "£#,##0.00###",
    "pounds": "£#,##0.00",
    "per_head": "£#,##0.0000",
    "exact": "#,##0.00000",
    "check": "0.00",
}

_LONGEST = 10**14 - 1

_CREATED = datetime(2019, 4, 1, tzinfo=UTC)
"""The same whenever it is made, so that the same budget gives the same bytes."""


def budget_workbook(budget: Budget, growth: Fraction) -> bytes:
    """Return a budget as an XLSX workbook whose formulas work it out again from rates and lists.

    Parameters
    ----------
    growth
        Of the lists in a year, which the budget was made with.

    Raises
    ------
    InputError
        If the package that writes workbooks is not installed, or an amount needs longer numbers
        than spreadsheets work with exactly.
    """
    file = io.BytesIO()
    book = _open(file)
    _refuse_long_numbers(budget)
    places = Places(budget)
    sheets: list[tuple[Sheet, list[Sequence[Cell]]]] = [
        (RATES, list(rate_rows(budget, places))),
        (PRACTICES, list(practice_rows(places))),
        (NETWORKS, list(network_rows(budget, places))),
        (BUDGETS, list(budget_rows(places))),
        (PRACTICE_PAYMENTS, list(practice_payment_rows(places))),
        (CASH_FLOW, list(cash_flow_rows(places))),
        (REGIONS, list(region_rows(budget, places))),
        (ICBS, list(icb_rows(budget, places))),
        (TOTALS, list(total_rows(budget, places))),
        (AUDIT, list(audit_rows(budget, places))),
    ]
    sheets = [(sheet, rows) for sheet, rows in sheets if rows]
    counts = [(sheet, len(rows)) for sheet, rows in sheets]
    _write_read_me(book, list(_read_me_rows(budget, growth, counts)))
    for sheet, rows in sheets:
        _write(book, sheet, rows)
    book.close()
    return file.getvalue()


def _open(file: io.BytesIO) -> Book:
    refuse_missing("excel", "--workbook")
    import xlsxwriter  # noqa: PLC0415 - an extra may be absent

    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"title": "Network budgets", "created": _CREATED})
    book.set_calc_mode("auto")
    return book


def _refuse_long_numbers(budget: Budget) -> None:
    long = dict.fromkeys(
        f"{payment.line.name} of {payment.year}"
        for year in budget.years
        for payment in year.networks
        if exactly_due(payment) > _LONGEST
    )
    problem = "needs numbers of more than 14 digits, which spreadsheets round"
    remedy = "Give its rate with fewer decimals, or leave out --workbook."
    if faults := [Fault(name, problem, remedy) for name in long]:
        raise InputError(faults)


def _write_read_me(book: Book, rows: Sequence[Sequence[Cell]]) -> None:
    page = book.add_worksheet(_READ_ME)
    heading = book.add_format({"bold": True, "valign": "top"})
    text = book.add_format(
        {"text_wrap": True, "align": "left", "valign": "top", "num_format": "#,##0.00"}
    )
    page.set_column(0, 0, 22)
    page.set_column(1, 1, _READ_ME_WIDTH)
    for number, (first, second) in enumerate(rows):
        page.set_row(number, _height([(second, _READ_ME_WIDTH)]))
        _put(page, number, 0, first, heading)
        _put(page, number, 1, second, text)
    _print_setup(page)


def _write(book: Book, sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> None:
    page = book.add_worksheet(sheet.name)
    headings = {
        is_number: book.add_format(
            {"bold": True, "text_wrap": True, "bottom": 1, "valign": "top", **_side(is_number)}
        )
        for is_number in (False, True)
    }
    formats = [_format(book, column) for column in sheet.columns]
    widths = [
        _width(column, [row[number] for row in rows]) for number, column in enumerate(sheet.columns)
    ]
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, widths[number])
        page.write_string(0, number, column.heading, headings[column.kind in _NUMBERS])
    page.set_row(0, 2 * _LINE_HEIGHT)  # below the heading is the button of the filter
    wrapped = [(number, widths[number]) for number, each in enumerate(sheet.columns) if each.wraps]
    for row, cells in enumerate(rows, 1):
        page.set_row(row, _height([(cells[number], width) for number, width in wrapped]))
        for number, cell in enumerate(cells):
            _put(page, row, number, cell, formats[number])
    page.freeze_panes(1, sheet.fixed)
    page.autofilter(0, 0, len(rows), len(sheet.columns) - 1)
    _mark_differences(book, page, sheet, len(rows))
    page.repeat_rows(0)
    page.repeat_columns(0, sheet.fixed - 1)
    _print_setup(page, -(-sum(widths) // _ACROSS))


_LINE_HEIGHT = 15
"""Points of a line of text."""


def _width(column: Column, cells: Sequence[Cell]) -> int:
    """Return the characters across: a column of names is as wide as they are, within reason."""
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0) + 2
    fits = column.wraps and longest <= column.width * 3 // 2
    return max(column.width, longest) if fits else column.width


def _side(is_number: bool) -> dict[str, Any]:  # noqa: FBT001 - one of two sides
    """Set numbers to the right, under their heading, and text apart from the number before it."""
    return {"align": "right"} if is_number else {"align": "left", "indent": 1}


def _height(texts: Sequence[tuple[Cell, int]]) -> int:
    """Return the points of a row whose texts are wrapped at widths in characters."""
    lines = (
        len(wrap(text, width)) for text, width in texts if isinstance(text, str) and len(text) > 1
    )
    return _LINE_HEIGHT * max(1, *lines, 1)


def _format(book: Book, column: Column) -> Format:
    properties: dict[str, Any] = {"valign": "top", **_side(column.kind in _NUMBERS)}
    if column.kind in _NUMBERS:
        properties["num_format"] = _NUMBERS[column.kind]
    if column.wraps:
        properties["text_wrap"] = True
    if column.entered:
        properties["bg_color"] = "#FFF2CC"
    return book.add_format(properties)


def _mark_differences(book: Book, page: Page, sheet: Sheet, count: int) -> None:
    red = book.add_format({"bg_color": "#C00000", "font_color": "#FFFFFF"})
    for number, column in enumerate(sheet.columns):
        if column.kind == "check":
            rule = {"type": "cell", "criteria": "!=", "value": 0, "format": red}
            page.conditional_format(1, number, count, number, rule)


def _put(page: Page, row: int, column: int, cell: Cell, form: Format) -> None:
    """Write a cell; text is text, even where it looks like a formula, an address or a number."""
    if isinstance(cell, Formula):
        page.write_formula(row, column, f"={cell.text}", form, _plain(cell.value))
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, form)
    elif isinstance(cell, str):
        page.write_string(row, column, cell, form)
    elif cell is not None:
        page.write_number(row, column, _plain(cell), form)
    else:
        page.write_blank(row, column, None, form)


def _plain(value: Value) -> str | float | None:
    return float(value) if isinstance(value, Decimal) else value


_ACROSS = 200
"""Characters on A4 across that one can still read."""


def _print_setup(page: Page, pages_across: int = 1) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(pages_across, 0)
    page.set_footer("&L&A&RPage &P of &N")


_READ_ME = "Read me"
"""The name of the sheet."""

_READ_ME_WIDTH = 110

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


def _read_me_rows(
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
    last_row = FIRST_ROW + dict(sheets)[TOTALS] - 1
    yield "Budgets", f"{budget.told}{budget.remarked}"
    yield "Paid in all, GBP", Formula(TOTALS.at("amount_gbp", last_row), budget.total)
    sums = [(sheet, count) for sheet, count in sheets if sheet is not AUDIT]
    yield "All differences, GBP", Formula(_differences(sums), 0)
    yield None, "Every difference must be 0.00; a cell where it is not is red."
    audited = [(AUDIT, dict(sheets)[AUDIT])]
    yield "From the CSV files, GBP", Formula(_differences(audited), 0)
    yield None, "The totals here less those of budget_totals.csv: 0.00 until an entry is changed."
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
        for sentence in year.without:
            yield None, f"{year.year}: {sentence}"


def _lists(budget: Budget, growth: Fraction) -> Iterator[Row]:
    """Say how lists grow, and who is in no network."""
    percent = f"{float(100 * growth):g} %"
    first = budget.years[0]
    if len(budget.years) > 1 or growth:
        base = year_paid_by(budget.list_date) if budget.list_date else first.year
        yield (
            "Growth",
            (
                f"Lists grow by {percent} a year from {base} on, in each region as a whole, "
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


# XlsxWriter has no types.
