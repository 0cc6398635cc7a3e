"""Tables of text: a sheet whose columns have names, with the line number of every row.

What stands among the rows and is none is set aside: notes, totals, the headings once more.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.tables.numbers import whole_number
from pcn_group.tables.opening import Sheet
from pcn_group.tables.sheets import fits, key, ragged

__all__ = ["AGAIN", "NOTE", "TOTAL", "Body", "InOnePiece", "TextTable", "body_of"]

Row = tuple[int, list[str]]
"""The number of a line, and its cells."""

NOTE = "a note, not a row of the table"
TOTAL = "a total or an average of other rows"
AGAIN = "the headings once more"

_CODES = ("practice_code", "area_code", "from", "to", "neighbour_code")
"""Our names of the columns that say what a row is about."""

_FIGURES = ("list_size", "patients")
"""Our names of the columns that a total adds up."""

_MARK = re.compile(
    r"(?:©|\(c\)|\*|†|https?://|www\.|contains (?:public|os|royal|national|parliament)"
    r"|(?:data )?(?:sources?|notes?|n\.?b\.?|copyright|footnotes?|contact|licen[cs]e"
    r"|(?:last )?updated|(?:prepared|produced|extracted|published)(?: by| on)?)\b[^,;:]{0,30}:"
    r"|copyright\b|end of (?:report|data|table|file|worksheet)\b)",
    re.IGNORECASE,
)
"""How a text begins that is a note wherever it stands."""

_TOTAL = re.compile(
    r"(?:(?:grand|overall|sub)[ -]?)?totals?:?|sum|england|e92000001|overall|all practices"
    r"|.{1,60} totals?:?"
    r"|totals? (?:for|of|all|patients|practices|list)\b.{0,60}",
    re.IGNORECASE,
)
_AVERAGE = re.compile(r"(?:average|mean|median|count|min(?:imum)?|max(?:imum)?):?", re.IGNORECASE)
_TITLE = re.compile(
    r"(?:foot)?notes?|sources?|key|caveats?|disclaimer|definitions?|contacts?", re.IGNORECASE
)
"""Words above notes."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_YEARS = range(1900, 2101)


@dataclass(frozen=True)
class Body:
    """The rows of a table.

    Attributes
    ----------
    rows
        Those that are rows.
    aside
        How many others there were, by reason.
    odd_totals
        A clause for each total that is not the sum of the rows it may stand for.
    """

    rows: list[Row]
    aside: dict[str, int] = field(default_factory=dict)
    odd_totals: tuple[str, ...] = ()


def body_of(header: Sequence[str], rows: Sequence[Row], names: Mapping[str, str]) -> Body:
    """Return the rows of a table without notes, totals and repeated headings.

    Parameters
    ----------
    header
        The headings, in the spelling in which they are compared.
    rows
        Everything below them.
    names
        From headings to our names of columns; where none says what a row is about, all are rows.
    """
    codes = [i for i, heading in enumerate(header) if names.get(heading) in _CODES]
    if not codes:
        return Body(list(rows))
    figures = [i for i, heading in enumerate(header) if names.get(heading) in _FIGURES][:1]
    without_notes = rows[: _first_note(rows, codes)]
    kept = [row for row in without_notes if not _is_header(row[1], header)]
    totals = [row for row in kept if _is_total(row[1], codes)]
    data = [row for row in kept if row not in totals] if totals else kept
    if figures and not totals and _is_sum(data, codes, figures[0]):
        totals, data = data[-1:], data[:-1]
    counts = {
        NOTE: len(rows) - len(without_notes),
        AGAIN: len(without_notes) - len(kept),
        TOTAL: len(totals),
    }
    aside = {reason: count for reason, count in counts.items() if count}
    return Body(data, aside, _odd_totals(data, totals, figures))


def _first_note(rows: Sequence[Row], codes: Collection[int]) -> int:
    """Return where the notes below a table begin.

    A text without a mark is a note only below one that is, or below an empty line.
    """
    first = place = len(rows)
    while place and not _may_be_data(rows[place - 1][1], codes):
        place -= 1
        line, cells = rows[place]
        has_gap = place > 0 and line - rows[place - 1][0] > 1
        if _is_total(cells, codes):
            continue
        if _is_note(cells, codes):
            first = place
        elif not _may_be_note(cells):
            break
        elif has_gap:
            first = place
    return first


def _may_be_data(cells: Sequence[str], codes: Collection[int]) -> bool:
    """Tell whether there is anything that could be a code where codes stand."""
    there = [cells[i] for i in codes if i < len(cells) and cells[i]]
    return any(not _is_prose(cell) and not _sums_up(cell) for cell in there)


def _is_note(cells: Sequence[str], codes: Collection[int]) -> bool:
    """Tell a row that is a note by itself: a marked text, or nothing but words for a code."""
    filled = [i for i, cell in enumerate(cells) if cell]
    first = filled[0]
    is_marked = _MARK.match(cells[first]) is not None
    if len(filled) == 1:
        return is_marked or (first in codes and _is_prose(cells[first]))
    return is_marked and (first == 0 or first in codes)


def _may_be_note(cells: Sequence[str]) -> bool:
    """Tell words from the first column on, which commas may have cut up, without any figures."""
    filled = [cell for cell in cells if cell]
    numbers = map(whole_number, filled[1:])
    return (
        cells[0] != ""
        and _is_prose(cells[0])
        and all(n in _YEARS for n in numbers if not math.isnan(n))
    )


def _is_prose(cell: str) -> bool:
    """Tell words from a code, which may have a blank in it by mistake."""
    is_several = len(cell.split()) > 1 and _WORD.search(cell) is not None
    return is_several or bool(_MARK.match(cell) or _TITLE.fullmatch(cell))


def _sums_up(cell: str) -> bool:
    return bool(_TOTAL.fullmatch(cell) or _AVERAGE.fullmatch(cell))


def _is_header(cells: Sequence[str], header: Sequence[str]) -> bool:
    return key(cells[0]) == header[0] and [*map(key, cells)][: len(header)] == list(header)


def _is_total(cells: Sequence[str], codes: Collection[int]) -> bool:
    """Tell a row that says it is a total, or the like, and has no code."""
    if _may_be_data(cells, codes):
        return False
    own = [cells[i] for i in codes if i < len(cells)]
    if len([cell for cell in cells if cell]) < 2:  # a formula, say, that has not been worked out
        return any(map(_sums_up, own))
    texts = [cell for cell in cells if _WORD.search(cell)]
    return any(map(_sums_up, [*own, *texts[:2]]))


def _is_sum(rows: Sequence[Row], codes: Collection[int], figure: int) -> bool:
    """Tell whether the last row has no code, and the sum of all others."""
    if len(rows) < 3 or any(rows[-1][1][i : i + 1] != [""] for i in codes):
        return False
    *others, last = _numbers(rows, figure)
    return last > 0 and last == sum(others)


def _odd_totals(
    data: Sequence[Row], totals: Sequence[Row], figures: Sequence[int]
) -> tuple[str, ...]:
    """Say which totals are the sum neither of all rows nor of those since the total before."""
    if not totals or not figures:
        return ()
    numbers = dict(zip((line for line, _ in data), _numbers(data, figures[0]), strict=True))
    found, start = [], 0
    for (line, cells), figure in zip(totals, _numbers(totals, figures[0]), strict=True):
        above = sum(number for row, number in numbers.items() if start < row < line)
        start = line
        every = sum(numbers.values())
        is_average = any(_AVERAGE.fullmatch(cell) for cell in cells)
        if not (is_average or math.isnan(figure) or figure in (above, every)):
            found.append(f"{figure:,.0f} in row {line}, and the rows add up to {every:,.0f}")
    return tuple(found)


def _numbers(rows: Sequence[Row], figure: int) -> list[float]:
    return [whole_number(cells[figure]) if figure < len(cells) else math.nan for _, cells in rows]


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
