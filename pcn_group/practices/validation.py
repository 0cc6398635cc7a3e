"""What can be wrong with practices beside their location: codes, lists and other columns."""

from __future__ import annotations

import pandas as pd

from pcn_group.errors import Fault
from pcn_group.practices.numbers import decimals, whole_numbers
from pcn_group.practices.rows import Rows

__all__ = ["CODES", "LARGEST_LIST", "REWRITTEN", "faults_of", "rewritten", "rewritten_codes"]

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
        r"#+|#(?:ref|value|name|div/0|num|null)[!?]|#n/a",
        r"=.*",
    )
)
CODES = (
    "practice_code",
    "region_code",
    "icb_code",
    "nhs_region_code",
    "local_authority",
    "current_network",
)
"""The columns that hold codes."""

REWRITTEN = (
    "was rewritten by a spreadsheet",
    "Export it again with the column as text; a spreadsheet took the code for a number.",
)
"""What is wrong with such a code, and what to do about it."""


def faults_of(rows: Rows) -> list[Fault]:
    """Give every fault in codes and numbers other than coordinates."""
    return [
        *_empty_or_twice(rows),
        *rewritten_codes(rows),
        *_list_sizes(rows),
        *_other_sizes(rows, "weighted_list_size"),
        *_other_sizes(rows, "adjusted_list_size"),
        *_beds(rows),
    ]


def _empty_or_twice(rows: Rows) -> list[Fault]:
    column = ("practice_code",)
    empty = rows.has(*column) & ~rows.given(*column)
    faults = rows.faults(empty, column, "is empty", "Give the practice's ODS code.")
    given = rows.cells[rows.given(*column)]
    again = given.duplicated("practice_code", keep=False)
    for _, twins in given[again].groupby("practice_code"):
        first = twins.iloc[0]
        problem = f"is the code of another row too ({first['source']}, row {first['row']})"
        later = rows.given(*column) & rows.cells.index.isin(twins.index[1:])
        remedy = "Keep one row of the practice, or correct the code."
        faults += rows.faults(later, column, problem, remedy)
    return faults


def rewritten(codes: pd.Series[str], *, official: bool = False) -> pd.Series[bool]:
    """Tell the codes that a spreadsheet took for numbers or dates, or whose formula went wrong.

    Parameters
    ----------
    codes
        Codes.
    official
        Whether they are ODS codes, all of which have a letter.
    """
    pattern = rf"{_MANGLED}|[0-9]+" if official else _MANGLED
    return codes.str.lower().str.fullmatch(pattern).astype(bool)


def rewritten_codes(rows: Rows, *, official: bool = False) -> list[Fault]:
    """Give the codes of all columns that a spreadsheet has rewritten."""
    return [
        fault
        for column in CODES
        for fault in rows.faults(
            rewritten(rows.cells[column], official=official), (column,), *REWRITTEN
        )
    ]


def _list_sizes(rows: Rows) -> list[Fault]:
    column = ("list_size",)
    size = whole_numbers(rows.cells["list_size"])
    given = rows.given(*column)
    number = "Give the number of registered patients."
    checks = (
        (rows.has(*column) & ~given, "is empty", number),
        (given & size.isna(), "is not a whole number", f"{number[:-1]}, as digits."),
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
    wrong = rows.given(column) & ~beds.between(0, LARGEST_LIST)
    remedy = "Give the number of care home beds, as digits, or leave it empty."
    return rows.faults(wrong, (column,), "is not a number of beds", remedy)
