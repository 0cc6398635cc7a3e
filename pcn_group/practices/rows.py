"""The practices of all input files under one set of column names, still as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pcn_group.base.errors import Fault
from pcn_group.practices.table import LOCATING_COLUMNS, OPTIONAL_COLUMNS, REQUIRED_COLUMNS
from pcn_group.tables.codes import with_codes_in_one_form, without_errors
from pcn_group.tables.findings import Finding
from pcn_group.tables.text import TextTable

__all__ = ["AGAIN", "LAYOUT", "Copies", "Named", "Rows", "find_copies"]

LAYOUT = (*REQUIRED_COLUMNS, *LOCATING_COLUMNS, *OPTIONAL_COLUMNS)
"""Every column that a `practices.csv` may have."""

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
        frames = [pd.DataFrame(columns=[*columns, "source", "row", "written"])]
        findings: list[Finding] = []
        for named in tables:
            table = named.table
            found = headings[table.label]
            frame = pd.DataFrame(index=table.cells.index)
            for column in columns:
                frame[column] = table.cells[found[column]] if column in found else ""
            frame = frame.assign(source=table.label, row=table.cells.index.astype(str))
            frame["practice_code"] = [
                table.spaced.get((int(line), code), code)
                for line, code in zip(frame["row"], frame["practice_code"], strict=True)
            ]
            bare, errors = without_errors(frame, _MAY_BE_EMPTY)
            tidy, respelt = with_codes_in_one_form(bare)
            frames.append(tidy.assign(written=frame["practice_code"]))
            findings += [*errors, *respelt]
        cells = pd.concat(frames, ignore_index=True).astype(str)
        return cls(cells, headings, tuple(findings))

    def has(self, *columns: str) -> pd.Series[bool]:
        """Tell for each row whether its file has all of these columns."""
        complete = [label for label, names in self.headings.items() if set(columns) <= set(names)]
        return self.cells["source"].isin(complete)

    def given(self, column: str) -> pd.Series[bool]:
        """Tell for each row whether it has a value in the column."""
        return self.cells[column] != ""

    def where(self, mask: pd.Series[bool]) -> Rows:
        """Return the rows of a mask, indexed afresh."""
        return replace(self, cells=self.cells[mask].reset_index(drop=True))

    def faults(
        self, mask: pd.Series[bool], columns: tuple[str, ...], problem: str, remedy: str
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

    again: pd.Series[bool]
    refused: pd.Series[bool]
    faults: list[Fault]


def find_copies(rows: Rows, counted: pd.Series[bool], values: Sequence[str] = ()) -> Copies:
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
    own = cells[counted & rows.given("practice_code")]
    first = own.drop_duplicates("practice_code").set_index("practice_code")
    theirs = first.loc[own["practice_code"]].set_axis(own.index)
    elsewhere = own["source"] != theirs["source"]
    values = list(values) or [*own.columns.drop(["practice_code", "source", "row", "written"])]
    same = elsewhere & (own[values] == theirs[values]).all(axis="columns")
    refused = pd.Series(data=False, index=cells.index)
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
    again = pd.Series(data=False, index=cells.index)
    again[own.index] = same
    return Copies(again, refused, faults)
