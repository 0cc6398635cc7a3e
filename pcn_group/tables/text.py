"""Tables of text: a sheet whose columns have names, with the line number of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.tables.footers import body_of
from pcn_group.tables.opening import Sheet
from pcn_group.tables.sheets import fits, key, ragged

__all__ = ["InOnePiece", "TextTable"]


@dataclass(frozen=True)
class TextTable:
    """A sheet with named columns.

    Attributes
    ----------
    label
        What faults call it.
    rows
        How many rows of data it has, those with a fault included.
    header_row
        The line of the header; 0 where there is none.
    cells
        Every well-formed row, its index the line number.
    faults
        What is wrong with the rows that are not in `cells`.
    notes
        How it had to be read, and blank rows that were set aside.
    aside
        How many rows were set aside because they are none of the table, by reason.
    odd_totals
        A clause for each total among those that is not the sum of the rows.
    spaced
        As for `Sheet`.
    """

    label: str
    rows: int
    header_row: int
    cells: pd.DataFrame
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    aside: Mapping[str, int] = field(default_factory=dict)
    odd_totals: tuple[str, ...] = ()
    spaced: Mapping[tuple[int, str], str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        sheet: Sheet,
        *,
        header_at: int = 0,
        columns: Sequence[str] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> TextTable:
        """Name the columns of a sheet.

        Parameters
        ----------
        sheet
            The sheet.
        header_at
            Which of its rows is the header, counted from 0; those above it are set aside.
        columns
            What the columns are, in order, where the sheet has no header.
        names
            What headings mean, as for `headings`: it tells rows from notes and totals.

        Raises
        ------
        InputError
            If it has no rows below the header.
        """
        if columns is None:
            header_row, header = sheet.rows[header_at]
            rows = sheet.rows[header_at + 1 :]
            width = _width(header, rows)
        else:
            header_row, header, rows, width = 0, list(columns), sheet.rows, len(columns)
        body = body_of([key(heading) for heading in header], rows, names or {})
        rows = body.rows
        if not rows:
            remedy = "Give the rows below the header."
            raise InputError([Fault(sheet.label, "has a header but no rows", remedy)])
        if sheet.is_worksheet:
            rows = [(line, cells + [""] * (width - len(cells))) for line, cells in rows]
        good = [(line, cells[:width]) for line, cells in rows if fits(cells, width)]
        bad = [(line, cells) for line, cells in rows if not fits(cells, width)]
        return cls(
            label=sheet.label,
            rows=len(rows),
            header_row=header_row,
            cells=pd.DataFrame(
                [cells for _, cells in good],
                index=pd.Index([line for line, _ in good], dtype=int),
                columns=header[:width],
                dtype=str,
            ),
            faults=tuple(ragged(sheet.label, *row, width) for row in bad),
            notes=(*sheet.notes, *_blank_rows(sheet)),
            aside=body.aside,
            odd_totals=body.odd_totals,
            spaced=sheet.spaced,
        )

    @property
    def keys(self) -> frozenset[str]:
        """The headings as `key` compares them."""
        return frozenset(self.keys_in_order)

    @property
    def keys_in_order(self) -> tuple[str, ...]:
        """The same, column by column."""
        return tuple(key(name) for name in self.cells.columns)

    def headings(self, names: Mapping[str, str]) -> dict[str, str]:
        """Find columns: for each name of ours the file's heading, where it has one.

        Parameters
        ----------
        names
            What headings mean: from the `key` of a heading to the name of ours.
        """
        return {
            names[key(heading)]: heading for heading in self.cells.columns if key(heading) in names
        }

    def unclear_headings(self) -> list[Fault]:
        """Return the headings that are empty, or the same as another."""
        faults = []
        headings = [key(name) for name in self.cells.columns]
        for name, count in Counter(headings).items():
            if not name:
                problem = f"column {headings.index('') + 1} has no name"
                remedy = "Name the column, or remove it."
                faults.append(Fault(self.label, problem, remedy, row=self.header_row))
            elif count > 1:
                problem, remedy = f"names {count} columns", "Keep one, or rename the others."
                faults.append(Fault(self.label, problem, remedy, row=self.header_row, column=name))
        return faults


@dataclass(frozen=True)
class InOnePiece:
    """A table that was read whole, such as a worksheet, where one in pieces is expected."""

    table: TextTable

    @property
    def label(self) -> str:
        """What faults call it."""
        return self.table.label

    @property
    def headings(self) -> tuple[str, ...]:
        """The names of all columns."""
        return tuple(self.table.cells.columns)

    def chunks(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Return some columns; where several have a heading, the first is meant."""
        yield self.table.cells.iloc[:, [self.headings.index(column) for column in columns]]


def _width(header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> int:
    """Return the number of columns, less those at the end with neither name nor content."""
    widths = (_filled(cells[: len(header)]) for _, cells in rows)
    return max([_filled(header), *widths])


def _filled(cells: Sequence[str]) -> int:
    """Return the number of cells up to the last that has something."""
    return next((place for place in range(len(cells), 0, -1) if cells[place - 1]), 0)


def _blank_rows(sheet: Sheet) -> tuple[str, ...]:
    if not sheet.blank:
        return ()
    rows = f"{sheet.blank} row{'s' if sheet.blank != 1 else ''}"
    return (f"{sheet.label}: {rows} with nothing but commas set aside.",)
