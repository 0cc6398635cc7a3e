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

__all__ = ["LAYOUT", "Named", "Rows"]

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
