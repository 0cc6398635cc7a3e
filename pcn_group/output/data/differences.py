"""A table that a plan has, compared cell by cell with what solve would have written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation

__all__ = ["KEYS", "rows_of", "table_differences"]

KEYS = {
    "groupings.csv": ("practice_code",),
    "networks.csv": ("network_id",),
    "budgets.csv": ("region_code", "network_id", "financial_year", "funding_line", "paid_to"),
    "practice_budgets.csv": (
        "region_code",
        "network_id",
        "practice_code",
        "financial_year",
        "funding_line",
    ),
    "budget_totals.csv": ("level", "region_code", "code", "financial_year", "funding_line"),
    "cash_flow.csv": ("region_code", "network_id", "funding_line", "paid_to", "month"),
    "adjacency.csv": ("practice_code", "neighbour_code"),
    "travel.csv": ("from", "to"),
    "data_report.csv": ("finding", "practice_code", "file", "detail"),
}
"""What a row of each table is about."""

Row = Mapping[str, str]


def table_differences(name: str, there: str, right: str) -> Iterator[tuple[str, str]]:
    """Compare a table with what it should be, whatever the order of its rows.

    Columns that only one of the two has are left alone: other versions have others.

    Parameters
    ----------
    name
        Of the file; one of `KEYS`.
    there, right
        Its text, and what solve would have written.

    Yields
    ------
    tuple of str
        For each cell that differs, and each row that is missing or too many, where it is and what
        is wrong, as a clause.
    """
    keys, wanted = KEYS[name], rows_of(right)
    left: dict[tuple[str, ...], list[Row]] = {}
    for row in wanted:
        left.setdefault(_key(row, keys), []).append(row)
    strangers = []
    for number, row in enumerate(rows_of(there), start=2):
        same = left.get(_key(row, keys))
        if same:
            yield from _cells(name, number, row, same.pop(0))
        else:
            strangers.append((number, row))
    missing = [row for rows in left.values() for row in rows]
    # A row whose key was changed stands where another is missing.
    for (number, row), other in zip(strangers, missing, strict=False):
        yield from _cells(name, number, row, other)
    for number, row in strangers[len(missing) :]:
        yield f"{name}, row {number}", f"is one too many: there is none about {_named(row, keys)}"
    for row in missing[len(strangers) :]:
        yield name, f"has no row about {_named(row, keys)}"


def rows_of(text: str) -> list[Row]:
    """Return the rows of a table, all values as text; of a damaged one, those before the damage."""
    rows: list[Row] = []
    with suppress(csv.Error):
        rows.extend(csv.DictReader(io.StringIO(text, newline=""), restval=""))
    return rows


def _key(row: Row, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.get(key) or "" for key in keys)


def _named(row: Row, keys: Sequence[str]) -> str:
    return " ".join(part for part in _key(row, keys) if part) or "nothing"


def _cells(name: str, number: int, row: Row, other: Row) -> Iterator[tuple[str, str]]:
    for column, right in other.items():
        there = row.get(column)
        if there is not None and not _is_same(there, right):
            where = f"{name}, row {number}, column {column}"
            yield where, f"says {there or 'nothing'}, and {right or 'nothing'} is right"


def _is_same(there: str, right: str) -> bool:
    """Whether two cells say the same: a spreadsheet writes numbers and flags its own way."""
    if there == right or there.lower() == right.lower() in {"true", "false"}:
        return True
    if any(cell[:1] == "0" and cell[1:2] not in {"", "."} for cell in (there, right)):
        return False  # a code
    try:
        one, other = Decimal(there), Decimal(right)
    except InvalidOperation:
        return False
    return one.is_finite() and one == other
