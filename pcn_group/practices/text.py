"""Reading a CSV file as text, with the line number of every row.

Everything stays text, because a code such as `00L` or a name such as `NA` is not what a
spreadsheet or a type guess would make of it. The standard library's reader is used rather than
pandas' because it knows the line a record starts on and which rows have a cell too many.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pcn_group.errors import Fault, InputError
from pcn_group.practices.table import Source

__all__ = ["TextTable", "key", "read_text_table"]

_SAVE_AS = "Save it as CSV UTF-8 (in Excel: File, Save As, 'CSV UTF-8 (Comma delimited)')."
_SHOWN = 60


@dataclass(frozen=True)
class TextTable:
    """A CSV file as text.

    Attributes
    ----------
    label
        What faults call the file.
    source
        The file as it was read.
    header_row
        The line of the header.
    cells
        Every well-formed row, its index the line number; white space around and runs of it inside
        a cell are reduced.
    faults
        What is wrong with the rows that are not in `cells`.
    notes
        Blank rows that were set aside.
    """

    label: str
    source: Source
    header_row: int
    cells: pd.DataFrame
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The headings as `key` compares them."""
        return frozenset(key(name) for name in self.cells.columns)

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
        """Give the headings that are empty, or the same as another."""
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


def key(heading: str) -> str:
    """Give a heading in the spelling in which headings are compared: `List size` is `list_size`."""
    return heading.casefold().replace(" ", "_")


def read_text_table(path: Path, label: str) -> TextTable:
    """Read a CSV file as text.

    Parameters
    ----------
    path
        The file.
    label
        What faults call it.

    Raises
    ------
    InputError
        If there is no table in it: not there, not readable, not UTF-8, not CSV, or empty.
    """
    data = _bytes(path, label)
    records = _records(label, _text(label, data))
    filled = [(line, cells) for line, cells in records if any(cells)]
    if not filled:
        remedy = "Give a CSV file with a header and one row per practice."
        raise InputError([Fault(label, "is empty", remedy)])
    (header_line, header), *rows = filled
    if not rows:
        remedy = "Give one row per practice below the header."
        raise InputError([Fault(label, "has a header but no rows", remedy)])
    width = _width(header, rows)
    good = {line: cells[:width] for line, cells in rows if _fits(cells, width)}
    return TextTable(
        label=label,
        source=Source(path.name, hashlib.sha256(data).hexdigest(), len(rows)),
        header_row=header_line,
        cells=pd.DataFrame.from_dict(good, orient="index", columns=header[:width], dtype=str),
        faults=tuple(_ragged(label, *row, width) for row in rows if row[0] not in good),
        notes=_blank_rows(label, len(records) - len(filled)),
    )


def _bytes(path: Path, label: str) -> bytes:
    remedy = "Check the path: give a CSV file that exists and that you may read."
    if path.is_dir():
        raise InputError([Fault(label, "is a folder, not a file", remedy)])
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError([Fault(label, "does not exist", remedy)]) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError([Fault(label, f"cannot be read: {reason}", remedy)]) from error


def _text(label: str, data: bytes) -> str:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError([Fault(label, "is a workbook or an archive, not a CSV file", _SAVE_AS)])
    if _looks_like_utf_16(data):
        raise InputError([Fault(label, "is UTF-16 text, not UTF-8", _SAVE_AS)])
    if b"\0" in data:
        row = data.count(b"\n", 0, data.index(b"\0")) + 1
        remedy = "The file is damaged or not text: export it again."
        raise InputError([Fault(label, "contains NUL bytes", remedy, row=row)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        line = data[start : start + _SHOWN].splitlines()[0]
        value = line.decode("cp1252", errors="replace")
        problem = "is not UTF-8 text (perhaps Windows-1252)"
        raise InputError([Fault(label, problem, _SAVE_AS, row=row, value=value)]) from error


def _looks_like_utf_16(data: bytes) -> bool:
    """Whether there is a byte-order mark of UTF-16, or nearly every other byte is zero."""
    start = data[:2000]
    zeros = max(start[0::2].count(0), start[1::2].count(0))
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or (zeros > 1 and zeros > len(start) * 0.4)


def _records(label: str, text: str) -> list[tuple[int, list[str]]]:
    """Give the records with the line each starts on; empty lines are none."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records = []
    line = 1
    try:
        for cells in reader:
            if cells:
                records.append((line, [" ".join(cell.split()) for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        remedy = 'Close the quotation mark, and double each one inside quotes ("").'
        problem = f"has quotation marks that do not pair up ({error})"
        raise InputError([Fault(label, problem, remedy, row=line)]) from error
    return records


def _width(header: list[str], rows: list[tuple[int, list[str]]]) -> int:
    """Give the number of columns, less those at the end with neither name nor content."""
    width = len(header)
    while not header[width - 1] and not any(any(cells[width - 1 : width]) for _, cells in rows):
        width -= 1
    return width


def _fits(cells: list[str], width: int) -> bool:
    """Whether a row has the header's cells; a spreadsheet may have added empty ones."""
    return len(cells) >= width and not any(cells[width:])


def _ragged(label: str, line: int, cells: list[str], width: int) -> Fault:
    remedy = "Put a value that contains a comma in quotation marks."
    if len(cells) < width:
        remedy = "Complete the row: a cell without a value still needs its comma."
    problem = f"has {len(cells)} cells where the header has {width}"
    return Fault(label, problem, remedy, row=line, value=",".join(cells)[:_SHOWN])


def _blank_rows(label: str, count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"{label}: {count} row{'s' if count != 1 else ''} with nothing but commas set aside.",)
