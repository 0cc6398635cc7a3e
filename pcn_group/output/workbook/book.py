"""The workbook of a budget as bytes: the only place that knows the format of spreadsheets."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from pcn_group.base.errors import Fault, InputError
from pcn_group.funding.budget import Budget
from pcn_group.output.workbook.lists import network_rows, practice_rows, rate_rows
from pcn_group.output.workbook.payments import (
    budget_rows,
    cash_flow_rows,
    exactly_due,
    practice_payment_rows,
)
from pcn_group.output.workbook.places import Places
from pcn_group.output.workbook.readme import READ_ME, read_me_rows
from pcn_group.output.workbook.sheets import (
    BUDGETS,
    CASH_FLOW,
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

__all__ = ["budget_workbook"]

# XlsxWriter has no types.
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
    ]
    sheets = [(sheet, rows) for sheet, rows in sheets if rows]
    counts = [(sheet, len(rows)) for sheet, rows in sheets]
    _write_read_me(book, list(read_me_rows(budget, growth, counts)))
    for sheet, rows in sheets:
        _write(book, sheet, rows)
    book.close()
    return file.getvalue()


def _open(file: io.BytesIO) -> Book:
    try:
        import xlsxwriter  # noqa: PLC0415 - an extra may be absent
    except ImportError as error:
        remedy = 'Run: pip install "pcn-group[excel]".'
        raise InputError(
            [Fault("--workbook", "needs a package that is not installed", remedy)]
        ) from error
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
    page = book.add_worksheet(READ_ME)
    heading = book.add_format({"bold": True, "valign": "top"})
    text = book.add_format(
        {"text_wrap": True, "align": "left", "valign": "top", "num_format": "#,##0.00"}
    )
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 110)
    for number, (first, second) in enumerate(rows):
        _put(page, number, 0, first, heading)
        _put(page, number, 1, second, text)
    _print_setup(page)


def _write(book: Book, sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> None:
    page = book.add_worksheet(sheet.name)
    heading = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
    formats = [_format(book, column) for column in sheet.columns]
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width)
        page.write_string(0, number, column.heading, heading)
    for row, cells in enumerate(rows, 1):
        for number, cell in enumerate(cells):
            _put(page, row, number, cell, formats[number])
    page.freeze_panes(1, sheet.fixed)
    page.autofilter(0, 0, len(rows), len(sheet.columns) - 1)
    _mark_differences(book, page, sheet, len(rows))
    page.repeat_rows(0)
    _print_setup(page)


def _format(book: Book, column: Column) -> Format:
    properties: dict[str, Any] = {}
    if column.kind in _NUMBERS:
        properties["num_format"] = _NUMBERS[column.kind]
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


def _print_setup(page: Page) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&RPage &P of &N")
