"""What can be wrong with practices beside their location: codes, lists and other columns."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pcn_group.base.codes import ZERO, ZERO_OR_NONE
from pcn_group.base.errors import Fault
from pcn_group.practices.rows import Rows
from pcn_group.tables.codes import CODES, errors_in
from pcn_group.tables.numbers import AMBIGUOUS, ambiguous, decimals, whole_numbers

__all__ = [
    "LARGEST_LIST",
    "REWRITTEN",
    "faults_of",
    "faults_of_codes",
    "is_no_code",
    "mistaken",
    "repeated",
]

LARGEST_LIST = 1_000_000
"""Ten times the largest list in England: more is a slip of the keyboard."""

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_MANGLED = "|".join(
    (
        r"[0-9](?:\.[0-9]+)?e[+-][0-9]+",  # 8.10E+05, once 810E3
        r"[0-9]+\.0+",
        rf"[0-9]{{1,2}}[-/ ]{_MONTH}(?:[-/ ][0-9]{{2,4}})?",  # 01-Mar, once MAR01
        rf"{_MONTH}[-/ ][0-9]{{2,4}}",
        r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: .*)?",
    )
)
REWRITTEN = (
    "was rewritten by a spreadsheet",
    "Export it again with the column as text; a spreadsheet took the code for a number or a date.",
)
"""What is wrong with a code that is a number or a date, and what to do about it."""

_NARROW = (
    "is what a spreadsheet shows where a column is too narrow",
    "Widen the column, and export it again.",
)
_FORMULA = ("is a formula, not what it gives", "Export it again with values instead of formulas.")
_ERROR = (
    "is an error of a spreadsheet, not a code",
    "Correct the formula, which may have looked up what is not there, or write the code.",
)


def faults_of(rows: Rows) -> list[Fault]:
    """Return every fault in codes and numbers other than coordinates."""
    return [
        *_empty_or_twice(rows),
        *faults_of_codes(rows),
        *_list_sizes(rows),
        *_other_sizes(rows, "weighted_list_size"),
        *_other_sizes(rows, "adjusted_list_size"),
        *_beds(rows),
    ]


def _empty_or_twice(rows: Rows) -> list[Fault]:
    column = ("practice_code",)
    empty = rows.has(*column) & ~rows.given(*column)
    faults = rows.faults(empty, column, "is empty", "Give the practice's ODS code.")
    remedy = "Keep one row of the practice, or correct the code."
    return faults + repeated(rows, rows.given(*column), "is the code of another row too", remedy)


def repeated(rows: Rows, among: pd.Series[bool], problem: str, remedy: str) -> list[Fault]:
    """Return a fault for each row whose practice an earlier one of these rows has, naming that.

    Parameters
    ----------
    among
        The rows to look at; each has a code.
    """
    faults = []
    given = rows.cells[among]
    again = given.duplicated("practice_code", keep=False)
    for _, twins in given[again].groupby("practice_code"):
        first = twins.iloc[0]
        where = f"{first['source']}, row {first['row']}"
        if (twins["written"] != first["written"]).any():
            where += f": {first['written']!r}"
        later = pd.Series(rows.cells.index.isin(twins.index[1:]), rows.cells.index)
        faults += rows.faults(later, ("practice_code",), f"{problem} ({where})", remedy)
    return faults


def mistaken(
    codes: pd.Series[str], *, official: bool = False
) -> Iterator[tuple[pd.Series[bool], str, str]]:
    """Return which codes are none, with what is wrong and what to do about it, kind by kind.

    Parameters
    ----------
    codes
        Codes in one form.
    official
        Whether they are ODS codes, all of which have a letter.
    """
    rewritten = rf"{_MANGLED}|[0-9]+" if official else _MANGLED
    for pattern, told in ((rewritten, REWRITTEN), ("#+", _NARROW), ("=.*", _FORMULA)):
        yield codes.str.lower().str.fullmatch(pattern).astype(bool), *told
    yield errors_in(codes), *_ERROR


def is_no_code(codes: pd.Series[str], *, official: bool = False) -> pd.Series[bool]:
    """Tell the codes that are none, as `mistaken` has them."""
    wrong = pd.Series(data=False, index=codes.index)
    for mask, *_ in mistaken(codes, official=official):
        wrong |= mask
    return wrong


def faults_of_codes(rows: Rows, *, official: bool = False) -> list[Fault]:
    """Return the faults of codes of all columns, but of those that are empty or there twice."""
    faults = [
        fault
        for column in CODES
        for wrong, problem, remedy in mistaken(rows.cells[column], official=official)
        for fault in rows.faults(wrong, (column,), problem, remedy)
    ]
    zeros = rows.cells["current_network"].str.fullmatch(ZERO.pattern).astype(bool)
    return faults + rows.faults(zeros, ("current_network",), *ZERO_OR_NONE)


def _list_sizes(rows: Rows) -> list[Fault]:
    column = ("list_size",)
    size = whole_numbers(rows.cells["list_size"])
    unclear = ambiguous(rows.cells["list_size"])
    given = rows.given(*column)
    number = "Give the number of registered patients."
    checks = (
        (rows.has(*column) & ~given, "is empty", number),
        (unclear, *AMBIGUOUS),
        (given & size.isna() & ~unclear, "is not a whole number", f"{number[:-1]}, as digits."),
        (size < 0, "is negative", number),
        (size == 0, "is zero", "Remove the row if the practice has closed; else correct it."),
        (size > LARGEST_LIST, "is more than any practice has", "Correct it."),
    )
    return [fault for mask, *text in checks for fault in rows.faults(mask, column, *text)]


def _other_sizes(rows: Rows, column: str) -> list[Fault]:
    size = decimals(rows.cells[column])
    wrong = rows.given(column) & ~size.between(0, LARGEST_LIST)
    remedy = "Give a plain number of patients, or leave it empty."
    return rows.faults(wrong, (column,), "is not a number of patients", remedy)


def _beds(rows: Rows) -> list[Fault]:
    column = "care_home_beds"
    beds = whole_numbers(rows.cells[column])
    unclear = ambiguous(rows.cells[column])
    wrong = rows.given(column) & ~beds.between(0, LARGEST_LIST) & ~unclear
    remedy = "Give the number of care home beds, as digits, or leave it empty."
    faults = rows.faults(wrong, (column,), "is not a number of beds", remedy)
    return faults + rows.faults(unclear, (column,), *AMBIGUOUS)
