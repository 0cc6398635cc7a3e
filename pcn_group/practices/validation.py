"""What can be wrong with practices beside their location: codes, lists and other columns."""

from __future__ import annotations

from pcn_group.errors import Fault
from pcn_group.practices.numbers import decimals, whole_numbers
from pcn_group.practices.rows import Rows

__all__ = ["LARGEST_LIST", "faults_of"]

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
_CODES = (
    "practice_code",
    "region_code",
    "icb_code",
    "nhs_region_code",
    "local_authority",
    "current_network",
)


def faults_of(rows: Rows) -> list[Fault]:
    """Give every fault in codes and numbers other than coordinates."""
    return [
        *_empty_or_twice(rows),
        *_mangled_codes(rows),
        *_list_sizes(rows),
        *_other_sizes(rows, "weighted_list_size"),
        *_other_sizes(rows, "adjusted_list_size"),
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


def _mangled_codes(rows: Rows) -> list[Fault]:
    remedy = "Export it again with the column as text; a spreadsheet took the code for a number."
    faults = []
    for column in _CODES:
        mangled = rows.cells[column].str.lower().str.fullmatch(_MANGLED).astype(bool)
        problem = "was rewritten by a spreadsheet"
        faults += rows.faults(mangled, (column,), problem, remedy)
    return faults


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
