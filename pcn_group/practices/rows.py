"""The practices of all input files under one set of column names, and what can be wrong with them.

They are still text. Where practices are is judged elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.base.codes import ZERO, ZERO_OR_NONE
from pcn_group.base.errors import Fault
from pcn_group.practices.table import LOCATING_COLUMNS, OPTIONAL_COLUMNS, REQUIRED_COLUMNS
from pcn_group.tables.codes import (
    CODES,
    distinct,
    errors_in,
    with_codes_in_one_form,
    without_errors,
)
from pcn_group.tables.findings import Finding
from pcn_group.tables.numbers import (
    AMBIGUOUS,
    ambiguous,
    as_dates,
    decimals,
    two_days,
    whole_numbers,
)
from pcn_group.tables.text import TextTable

__all__ = [
    "AGAIN",
    "LARGEST_LIST",
    "LAYOUT",
    "REWRITTEN",
    "Copies",
    "Mask",
    "Named",
    "Rows",
    "faults_of",
    "faults_of_codes",
    "find_copies",
    "is_no_code",
    "mistaken",
    "repeated",
    "stacked",
]

LAYOUT = (*REQUIRED_COLUMNS, *LOCATING_COLUMNS, *OPTIONAL_COLUMNS)
"""Every column that a `practices.csv` may have."""

Mask = NDArray[np.bool_]
"""Which rows are meant: true or false for each, in order."""

_MAY_BE_EMPTY = ("practice_name", *(name for name in OPTIONAL_COLUMNS if name != "region_code"))


@dataclass(frozen=True)
class Named:
    """A table with what its headings mean: from the `key` of each to our name of the column."""

    table: TextTable
    names: Mapping[str, str]


@dataclass(frozen=True)
class Rows:
    """Practices as text.

    Attributes
    ----------
    cells
        Index 0..n-1; the columns of `LAYOUT`, codes in one form, empty where a file does not have
        them; `source` and `row`, the label of the file and the line number in it; and `written`,
        the practice's code as the file writes it.
    headings
        For each label what that file calls those of the columns that it has.
    findings
        What was read otherwise than the files have it.
    """

    cells: pd.DataFrame
    headings: Mapping[str, Mapping[str, str]]
    findings: tuple[Finding, ...] = ()

    @classmethod
    def from_tables(cls, tables: Sequence[Named], more: Sequence[str] = ()) -> Rows:
        """Stack tables under our column names.

        Parameters
        ----------
        tables
            Each with what its headings mean.
        more
            Columns to have beside those of `LAYOUT`.
        """
        headings = {named.table.label: named.table.headings(named.names) for named in tables}
        columns = (*LAYOUT, *more)
        frames: list[pd.DataFrame] = []
        findings: list[Finding] = []
        for named in tables:
            table = named.table
            found = headings[table.label]
            lines = table.cells.index.tolist()
            texts: dict[str, str | Sequence[str]] = {
                name: table.cells[found[name]].tolist() if name in found else "" for name in columns
            }
            codes = texts["practice_code"] or [""] * len(lines)
            codes = [
                table.spaced.get((line, code), code)
                for line, code in zip(lines, codes, strict=True)
            ]
            texts |= {"practice_code": codes, "source": table.label, "row": [*map(str, lines)]}
            texts["written"] = codes
            bare, errors = without_errors(pd.DataFrame(texts, dtype=str), _MAY_BE_EMPTY)
            tidy, respelt = with_codes_in_one_form(bare)
            frames.append(tidy)
            findings += [*errors, *respelt]
        nothing = [pd.DataFrame(columns=[*columns, "source", "row", "written"], dtype=str)]
        return cls(stacked(frames or nothing), headings, tuple(findings))

    def has(self, *columns: str) -> Mask:
        """Tell for each row whether its file has all of these columns."""
        complete = [label for label, names in self.headings.items() if set(columns) <= set(names)]
        mask: Mask = self.cells["source"].isin(complete).to_numpy()
        return mask

    def given(self, column: str) -> Mask:
        """Tell for each row whether it has a value in the column."""
        mask: Mask = self.cells[column].to_numpy() != ""
        return mask

    def where(self, mask: pd.Series[bool] | Mask) -> Rows:
        """Return the rows of a mask, indexed afresh."""
        return replace(self, cells=self.cells[mask].reset_index(drop=True))

    def faults(
        self, mask: pd.Series[bool] | Mask, columns: tuple[str, ...], problem: str, remedy: str
    ) -> list[Fault]:
        """Return a fault for each row of a mask, about its cells in the columns."""
        if not mask.any():
            return []
        wrong = self.cells[mask]
        as_written = ["written" if column == "practice_code" else column for column in columns]
        values = wrong[as_written].agg(", ".join, axis="columns")
        return [
            Fault(
                source=label,
                problem=problem,
                remedy=remedy,
                row=int(row),
                column=", ".join(self.headings[label].get(column, column) for column in columns),
                value=value,
            )
            for label, row, value in zip(wrong["source"], wrong["row"], values, strict=True)
        ]


def faults_of_dates(
    rows: Rows, column: str, cells: pd.Series[str], remedy: str
) -> tuple[pd.Series[str], list[Fault]]:
    """Return cells of a column as ISO dates, and the faults of those that are none, or two."""
    dates, unclear = as_dates(cells), two_days(cells)
    wrong = (cells != "") & (dates == "") & ~unclear
    return dates, [
        *rows.faults(wrong, (column,), "is not a date", remedy),
        *rows.faults(unclear, (column,), "may be either of two days", remedy),
    ]


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of frames with the same columns below each other, indexed afresh."""
    filled = [frame for frame in frames if not frame.empty] or [*frames[:1]]
    if len(filled) > 1:
        return pd.concat(filled, ignore_index=True)
    return filled[0].reset_index(drop=True)


AGAIN = "counted in another file already"
_FEW = 3
"""So many practices that two files have are told row by row: more, and the files are versions."""


@dataclass(frozen=True)
class Copies:
    """Rows about practices that a file before has.

    Attributes
    ----------
    again
        Those that say the same.
    refused
        Those of files that say something else of many practices, for each of which there is one of
        the faults.
    """

    again: Mask
    refused: Mask
    faults: list[Fault]


def find_copies(rows: Rows, counted: pd.Series[bool] | Mask, values: Sequence[str] = ()) -> Copies:
    """Find rows that say again what another file says, and files that are versions of another.

    Parameters
    ----------
    rows
        Of files of one kind.
    counted
        The rows that would count: a practice should have one.
    values
        The columns that tell a version from a copy; all of them unless given.
    """
    cells = rows.cells
    again, refused = (np.zeros(len(cells), dtype=np.bool_) for _ in range(2))
    if len(distinct(cells["source"])) < 2:  # as nearly always
        return Copies(again, refused, [])
    own = cells[counted & rows.given("practice_code")]
    first = own.drop_duplicates("practice_code").set_index("practice_code")
    theirs = first.loc[own["practice_code"]].set_axis(own.index)
    elsewhere = own["source"] != theirs["source"]
    values = list(values) or [*own.columns.drop(["practice_code", "source", "row", "written"])]
    same = elsewhere & (own[values] == theirs[values]).all(axis="columns")
    faults = []
    versions = own[elsewhere & ~same].assign(first=theirs["source"])
    for (label, before), some in versions.groupby(["source", "first"]):
        if len(some) <= _FEW:
            continue
        refused[some.index] = True
        code = some["practice_code"].iloc[0]
        problem = f"says something else of {len(some):,} practices than {before}, such as {code}"
        remedy = "Keep one of the two: they do not say which is the later."
        faults.append(Fault(str(label), problem, remedy))
    again[own.index] = same
    return Copies(again, refused, faults)


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


def repeated(rows: Rows, among: pd.Series[bool] | Mask, problem: str, remedy: str) -> list[Fault]:
    """Return a fault for each row whose practice an earlier one of these rows has, naming that.

    Parameters
    ----------
    among
        The rows to look at; each has a code.
    """
    if rows.cells.loc[among, "practice_code"].is_unique:
        return []
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
    texts = distinct(codes)
    rewritten = rf"{_MANGLED}|[0-9]+" if official else _MANGLED
    for pattern, told in ((rewritten, REWRITTEN), ("#+", _NARROW), ("=.*", _FORMULA)):
        if wrong := {text for text in texts if re.fullmatch(pattern, text.lower())}:
            yield codes.isin(wrong), *told
    if errors := errors_in(codes):
        yield codes.isin(errors), *_ERROR


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
    networks = rows.cells["current_network"]
    zeros = networks.isin({network for network in distinct(networks) if ZERO.fullmatch(network)})
    return faults + rows.faults(zeros, ("current_network",), *ZERO_OR_NONE)


def _list_sizes(rows: Rows) -> list[Fault]:
    column = ("list_size",)
    size = whole_numbers(rows.cells["list_size"]).to_numpy()
    unclear = ambiguous(rows.cells["list_size"]).to_numpy()
    given = rows.given(*column)
    number = "Give the number of registered patients."
    checks = (
        (rows.has(*column) & ~given, "is empty", number),
        (unclear, *AMBIGUOUS),
        (given & np.isnan(size) & ~unclear, "is not a whole number", f"{number[:-1]}, as digits."),
        (size < 0, "is negative", number),
        (size == 0, "is zero", "Remove the row if the practice has closed; else correct it."),
        (size > LARGEST_LIST, "is more than any practice has", "Correct it."),
    )
    return [fault for mask, *text in checks for fault in rows.faults(mask, column, *text)]


def _other_sizes(rows: Rows, column: str) -> list[Fault]:
    size = decimals(rows.cells[column]).to_numpy()
    wrong = rows.given(column) & ~_is_possible(size)
    remedy = "Give a plain number of patients, or leave it empty."
    return rows.faults(wrong, (column,), "is not a number of patients", remedy)


def _beds(rows: Rows) -> list[Fault]:
    column = "care_home_beds"
    beds = whole_numbers(rows.cells[column]).to_numpy()
    unclear = ambiguous(rows.cells[column]).to_numpy()
    wrong = rows.given(column) & ~_is_possible(beds) & ~unclear
    remedy = "Give the number of care home beds, as digits, or leave it empty."
    faults = rows.faults(wrong, (column,), "is not a number of beds", remedy)
    return faults + rows.faults(unclear, (column,), *AMBIGUOUS)


def _is_possible(size: NDArray[np.floating]) -> Mask:
    mask: Mask = (size >= 0) & (size <= LARGEST_LIST)
    return mask
