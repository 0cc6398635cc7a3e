"""What the worksheets of a workbook would take, counted before they are read.

The compiled reader lays every worksheet out as a rectangle from its first cell to its last, gives
each cell that refers to a shared text a copy of its own, and ends the process where memory does not
suffice. So here the cells are gone through one by one, and nothing of them is kept but the count.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.limits import TooMuchError
from pcn_group.tables.workbook_records import (
    DamagedError,
    binary_sheets,
    count_binary_sheet,
    read_binary_texts,
)

__all__ = ["AS_CSV", "Tally", "count_package"]

AS_CSV = "Open it and save the sheet that is needed as CSV UTF-8."
_CUT = "Delete what is far below or far right of the table, or save it as CSV UTF-8."
_BLOCK = 1 << 18
_LONGEST_TAG = 1 << 22
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_SHARED_TEXTS = ("sharedstrings.xml", "sharedstrings.bin")
_CELLS = ("table-cell", "covered-table-cell")


class Tally:
    """Counts what the worksheets of a workbook would take.

    Parameters
    ----------
    label
        What faults call the workbook.
    """

    def __init__(self, label: str) -> None:
        self._label = label
        self._before = 0  # cells of the sheets before this one
        self._characters = 0
        self._rows: tuple[int, int] | None = None
        self._columns = (0, 0)

    def begin_sheet(self) -> None:
        """Begin the next worksheet."""
        self._before += self._area
        self._rows = None

    def add(
        self, rows: tuple[int, int], columns: tuple[int, int], characters: int, copies: int = 1
    ) -> None:
        """Add cells: the first and last of their rows and columns, and the text in each copy.

        Raises
        ------
        InputError
            If that is more than is read of a workbook.
        """
        if self._rows is None:
            self._rows, self._columns = rows, columns
        else:
            self._rows = min(self._rows[0], rows[0]), max(self._rows[1], rows[1])
            self._columns = min(self._columns[0], columns[0]), max(self._columns[1], columns[1])
        self._characters += characters * copies
        if self._before + self._area > limits.CELLS:
            problem = "has cells too far apart: its worksheets have "
            problem += f"{self._before + self._area:,} from the first to the last, and at most "
            problem += f"{limits.CELLS:,} are read"
            raise TooMuchError([Fault(self._label, problem, _CUT)])
        if self._characters > limits.WHOLE:
            problem = f"has cells with texts of more than {limits.WHOLE:,} characters together"
            raise TooMuchError([Fault(self._label, problem, AS_CSV)])

    @property
    def _area(self) -> int:
        if self._rows is None:
            return 0
        (top, bottom), (left, right) = self._rows, self._columns
        return (bottom - top + 1) * (right - left + 1)


def count_package(label: str, package: ZipFile) -> None:
    """Count what the worksheets of an xlsx, xlsm, xlsb or ods file would take.

    Raises
    ------
    InputError
        If that is more than is read of a workbook.
    DamagedError
        If what the reader would read is no worksheet.
    """
    parts = package.infolist()
    size = sum(part.file_size for part in parts)
    if size > limits.WORKBOOK:
        problem = f"unpacks to {limits.megabytes(size)}"
        problem += f"; at most {limits.megabytes(limits.WORKBOOK)} are read"
        raise TooMuchError([Fault(label, problem, AS_CSV)])
    tally, texts = Tally(label), list[int]()
    sheets = _sheets(package)
    is_binary = any(_last(part.filename) == "workbook.bin" for part in parts)
    for part in parts:
        if _last(part.filename) in _SHARED_TEXTS:
            texts += _shared_texts(label, package, part)
    for part in parts:
        name = _last(part.filename)
        tally.begin_sheet()
        with package.open(part) as file:
            if name == "content.xml":
                _parse(file, _OpenDocument(tally))
            elif name in sheets and is_binary:
                count_binary_sheet(file.read(), tally.add, texts)
            elif name in sheets:
                _parse(file, _Worksheet(tally, texts))


def _sheets(package: ZipFile) -> set[str]:
    """Return the names, without folders and in lower case, of the parts that are worksheets.

    How the reader finds a part by a name that is spelled differently is its own affair.
    """
    identifiers, targets = set[str](), list[tuple[str, str]]()

    def see(tag: str, attributes: dict[str, str]) -> None:
        plain = {_local(key): value for key, value in attributes.items()}
        if tag == "sheet":
            identifiers.add(plain.get("id", ""))
        elif tag == "Relationship":
            targets.append((plain.get("Id", ""), _last(plain.get("Target", ""))))

    for part in package.infolist():
        name = _last(part.filename)
        with package.open(part) as file:
            if name in ("workbook.xml", "workbook.xml.rels", "workbook.bin.rels"):
                _parse(file, _Tags(see))
            elif name == "workbook.bin":
                identifiers |= binary_sheets(file.read())
    return {target for identifier, target in targets if identifier in identifiers}


def _shared_texts(label: str, package: ZipFile, part: ZipInfo) -> list[int]:
    """Return the lengths of the texts that cells refer to."""
    lengths = _Texts(label)
    with package.open(part) as file:
        if part.filename.lower().endswith(".bin"):
            read_binary_texts(file.read(), lengths.add)
        else:
            _parse(file, lengths)
    return lengths.found


class _Handler:
    """What is told of the tags and the text of a part in XML."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a tag and its attributes."""

    def end(self, tag: str) -> None:
        """Take the end of a tag."""

    def text(self, text: str) -> None:
        """Take a piece of text."""


class _Tags(_Handler):
    """Passes on tags, and nothing else."""

    def __init__(self, see: Callable[[str, dict[str, str]], None]) -> None:
        self._see = see

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Pass a tag on."""
        self._see(tag, attributes)


class _Texts(_Handler):
    """The lengths of shared texts."""

    def __init__(self, label: str) -> None:
        self._label = label
        self.found: list[int] = []

    def add(self, length: int) -> None:
        """Add a text."""
        self.found.append(length)
        if len(self.found) > limits.CELLS:
            problem = f"has more than {limits.CELLS:,} texts"
            raise TooMuchError([Fault(self._label, problem, AS_CSV)])

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - of `_Handler`
        """Begin a text."""
        if tag == "si":
            self.add(0)

    def text(self, text: str) -> None:
        """Lengthen the text."""
        if self.found:
            self.found[-1] += len(text)


class _Worksheet(_Handler):
    """The cells of a worksheet of an xlsx file that have a value."""

    def __init__(self, tally: Tally, texts: list[int]) -> None:
        self._tally, self._texts = tally, texts
        self._row = self._column = 0
        self._rows = self._cells = 0  # seen so far: names of places may not be read as here
        self._kind: str | None = None
        self._value: list[str] | None = None  # of the cell, from its first value on
        self._is_cell = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a row, a cell or a value."""
        if tag == "c":
            self._is_cell, self._value, self._kind = True, None, attributes.get("t")
            self._cells += 1
            if place := attributes.get("r"):
                self._row, self._column = _place(place)
        elif tag == "row":
            self._row = int(attributes.get("r", self._row))
            self._rows, self._cells = self._rows + 1, 0
        elif tag in ("v", "is") and self._is_cell and self._value is None:
            self._value = []

    def text(self, text: str) -> None:
        """Take a piece of a value."""
        if self._value is not None:
            self._value.append(text)

    def end(self, tag: str) -> None:
        """Count the cell that ends."""
        if tag == "c":
            if self._value is not None:
                text = "".join(self._value)
                length = self._shared(text) if self._kind == "s" else len(text)
                rows = self._row, max(self._row, self._rows)
                columns = self._column, max(self._column, self._cells)
                self._tally.add(rows, columns, length)
            self._is_cell, self._value = False, None
            self._column += 1
        elif tag == "row":
            self._row, self._column = self._row + 1, 0

    def _shared(self, number: str) -> int:
        place = int(number) if number.strip() else -1
        return self._texts[place] if 0 <= place < len(self._texts) else 0


class _OpenDocument(_Handler):
    """The cells of all worksheets of an ods file that have a value; rows and cells may repeat."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._row = self._column = 0
        self._rows = self._cells = 1
        self._last_filled, self._row_characters = 0, 0
        self._is_filled, self._characters = False, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a sheet, a row, a cell or a paragraph."""
        plain = {_local(key): value for key, value in attributes.items()}
        if tag == "table":
            self._tally.begin_sheet()
            self._row = 0
        elif tag == "table-row":
            self._rows = int(plain.get("number-rows-repeated", 1))
            self._column = self._last_filled = self._row_characters = 0
        elif tag in _CELLS:
            self._cells = int(plain.get("number-columns-repeated", 1))
            self._is_filled = "value-type" in plain
            self._characters = len(plain.get("string-value", ""))
        elif tag == "p":
            self._is_filled = True

    def text(self, text: str) -> None:
        """Take a piece of a paragraph."""
        self._characters += len(text)

    def end(self, tag: str) -> None:
        """Count the row that ends."""
        if tag in _CELLS:
            self._column += self._cells
            if self._is_filled:
                self._last_filled = self._column
                self._row_characters += self._characters * self._cells
            self._is_filled, self._characters = False, 0
        elif tag == "table-row":
            if self._last_filled:
                # Laid out from the first column and row on, whatever is empty before.
                rows = (0, self._row + self._rows - 1)
                columns = (0, self._last_filled - 1)
                self._tally.add(rows, columns, self._row_characters, self._rows)
            self._row += self._rows


def _parse(file: IO[bytes], handler: _Handler) -> None:
    """Go through a part in XML.

    Raises
    ------
    DamagedError
        If it is not well-formed, or has what no workbook has.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: handler.start(_local(tag), attributes)
    parser.EndElementHandler = lambda tag: handler.end(_local(tag))
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    fed = 0
    try:
        while block := file.read(_BLOCK):
            parser.Parse(block)
            fed += len(block)
            if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                raise DamagedError("has an endless tag")
        parser.Parse(b"", True)  # noqa: FBT003 - takes no keywords
    except InputError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DamagedError(f"has a part that is no XML: {error}") from error


def _refuse_doctype(*_: object) -> None:
    """Refuse definitions of texts: they may stand for one another again and again."""
    raise DamagedError("has a document type")


def _place(text: str) -> tuple[int, int]:
    """Return the row and the column of a cell from a name such as `B7`."""
    match = _PLACE.fullmatch(text.upper())
    if match is None:
        raise DamagedError(f"has a cell at {text[:20]!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


@lru_cache
def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _last(name: str) -> str:
    return re.split(r"[/\\]", name.lower())[-1]
