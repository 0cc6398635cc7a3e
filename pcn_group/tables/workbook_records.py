"""What the worksheets of binary workbooks would take: xlsb, and the xls of Excel 5 to 2003.

Both are records, each with its kind and length. The layouts are Microsoft's, published as MS-XLSB
and MS-XLS.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from pcn_group.base import limits

__all__ = [
    "AddCells",
    "DamagedError",
    "binary_sheets",
    "count_binary_sheet",
    "count_old_workbook",
    "read_binary_texts",
]


class DamagedError(Exception):
    """A part of a workbook is nothing that a program for workbooks has written."""


class AddCells(Protocol):
    """Adds cells to a tally."""

    def __call__(self, rows: tuple[int, int], columns: tuple[int, int], characters: int, /) -> None:
        """Take the first and last of their rows and columns, and how much text is in them."""


# --- xlsb ---

_ROW = 0
_BLANK = 1
_TEXT_CELLS = (6, 8)
_SHARED_TEXT_CELL = 7
_LAST_KIND_OF_CELL = 11
_SHARED_TEXT = 19
_SHEET = 156
_ANNOUNCED = 159
"""Says how many shared texts come: the reader reserves memory for them."""


def binary_sheets(part: bytes) -> set[str]:
    """Return the identifiers of the worksheets from the part that lists them."""
    found = set()
    for kind, data in _short_records(part):
        if kind == _SHEET and len(data) >= 12:
            (length,) = struct.unpack_from("<I", data, 8)
            found.add(data[12 : 12 + 2 * length].decode("utf-16-le", "replace"))
    return found


def read_binary_texts(part: bytes, add: Callable[[int], None]) -> None:
    """Return `add` the length of each shared text."""
    for kind, data in _short_records(part):
        if kind == _SHARED_TEXT:
            add(_length(data, 1))
        elif kind == _ANNOUNCED:
            _refuse_announced(max(struct.unpack_from("<2I", data.ljust(8, b"\0"))))


def count_binary_sheet(part: bytes, add: AddCells, texts: Sequence[int]) -> None:
    """Count the cells of a worksheet that have a value."""
    row = 0
    for kind, data in _short_records(part):
        if kind == _ROW and len(data) >= 4:
            (row,) = struct.unpack_from("<I", data)
        elif _BLANK < kind <= _LAST_KIND_OF_CELL and len(data) >= 4:
            (column,) = struct.unpack_from("<I", data)
            characters = 0
            if kind in _TEXT_CELLS:
                characters = _length(data, 8)
            elif kind == _SHARED_TEXT_CELL:
                place = _length(data, 8)
                characters = texts[place] if place < len(texts) else 0
            add((row, row), (column, column), characters)


def _short_records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Go through records whose kind and length take as many bytes as they need."""
    at, end = 0, len(part)
    while at + 1 < end:
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (part[at] & 0x7F) << 7
            at += 1
        length = 0
        for shift in (0, 7, 14, 21):
            if at == end:
                return
            byte = part[at]
            at += 1
            length |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
        yield kind, part[at : at + length]
        at += length


def _length(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0]) if len(data) >= at + 4 else 0


def _refuse_announced(count: int) -> None:
    """Refuse a number of things, told before they come, for which memory would be reserved."""
    if count > limits.CELLS:
        raise DamagedError(f"announces {count:,} values; at most {limits.CELLS:,} are read")


# --- xls ---

_END = 0x000A
_CONTINUED = 0x003C
_WORKSHEET = 0x0085
_ANNOUNCED_TEXTS = 0x00FC
_DIMENSIONS = 0x0200
_NUMBERS, _SHARED_LABEL, _LABEL, _FORMULA, _RESULT = 0x00BD, 0x00FD, 0x0204, 0x0006, 0x0207
_CELLS = (_NUMBERS, _SHARED_LABEL, _LABEL, _FORMULA, 0x0203, 0x0205, 0x027E)


def count_old_workbook(stream: bytes, begin_sheet: Callable[[], None], add: AddCells) -> None:
    """Count the cells of all worksheets of an old workbook that have a value.

    Raises
    ------
    DamagedError
        If it announces more than it can have, or its sheets lie across one another.
    """
    texts, places = _texts_and_places(stream)
    left = len(stream)
    for place in places:
        begin_sheet()
        at = (0, 0)
        for kind, pieces in _long_records(stream, place):
            data = pieces[0]
            left -= 4 + sum(map(len, pieces))
            if left < 0:
                raise DamagedError("has worksheets that lie across one another")
            if kind == _DIMENSIONS:
                _refuse_announced(_area(data))
            elif kind in _CELLS and len(data) >= 6:
                row, column = at = struct.unpack_from("<2H", data)
                (last,) = struct.unpack_from("<H", data, len(data) - 2)
                columns = (column, max(column, last) if kind == _NUMBERS else column)
                add((row, row), columns, _characters(kind, data, texts))
            elif kind == _RESULT and len(data) >= 2:  # the text that the last formula came to
                row, column = at
                add((row, row), (column, column), struct.unpack_from("<H", data)[0])


def _texts_and_places(stream: bytes) -> tuple[list[int], list[int]]:
    """Return the lengths of shared texts, and where the worksheets begin."""
    texts, places = list[int](), list[int]()
    for kind, pieces in _long_records(stream, 0):
        if kind == _WORKSHEET:
            places.append(_length(pieces[0], 0))
        elif kind == _ANNOUNCED_TEXTS:
            _refuse_announced(_length(pieces[0], 4))
            texts += _lengths_of_texts([pieces[0][8:], *pieces[1:]])
    if len(places) > limits.MEMBERS:
        raise DamagedError(f"has {len(places):,} worksheets")
    return texts, places


def _characters(kind: int, data: bytes, texts: Sequence[int]) -> int:
    """Return the length of the text in a cell."""
    if kind == _LABEL and len(data) >= 8:
        return int(struct.unpack_from("<H", data, 6)[0])
    place = _length(data, 6)
    return texts[place] if kind == _SHARED_LABEL and place < len(texts) else 0


def _area(dimensions: bytes) -> int:
    """Return how many cells a worksheet says it has: the reader reserves memory for them."""
    form = "<2I2H" if len(dimensions) == 14 else "<4H"
    top, bottom, left, right = struct.unpack_from(form, dimensions.ljust(14, b"\0"))
    return int(max(0, bottom - top + 1) * max(0, right - left + 1))


def _long_records(stream: bytes, at: int) -> Iterator[tuple[int, list[bytes]]]:
    """Go through the records of a section: the kind, and the data with what continues it."""
    kind, pieces = -1, list[bytes]()
    while at + 4 <= len(stream):
        next_kind, length = struct.unpack_from("<2H", stream, at)
        data = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if next_kind == _CONTINUED and pieces:
            pieces.append(data)
            continue
        if pieces:
            yield kind, pieces
        if next_kind == _END:
            return
        kind, pieces = next_kind, [data]
    if pieces:
        yield kind, pieces


def _lengths_of_texts(pieces: Sequence[bytes]) -> list[int]:
    """Return the lengths of shared texts.

    One may go on in the next piece, which then begins with a byte that says how wide its letters
    are there.
    """
    found, cursor = list[int](), _Cursor(pieces)
    while (head := cursor.take(3)) is not None:
        letters, flags = struct.unpack("<HB", head)
        found.append(letters)
        _refuse_announced(len(found))
        formats = cursor.number("<H") if flags & 0x08 else 0
        extra = cursor.number("<I") if flags & 0x04 else 0
        cursor.skip_letters(letters, 2 if flags & 0x01 else 1)
        cursor.skip(4 * formats + extra)
    return found


class _Cursor:
    """A place in pieces that follow one another."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces, self._piece, self._at = pieces, 0, 0

    def take(self, length: int) -> bytes | None:
        """Return so many bytes, None where there are not so many in a piece."""
        self._advance()
        if self._piece == len(self._pieces):
            return None
        data = self._pieces[self._piece][self._at : self._at + length]
        self._at += length
        return data if len(data) == length else None

    def number(self, form: str) -> int:
        """Return a number, 0 where there is none."""
        data = self.take(struct.calcsize(form))
        return int(struct.unpack(form, data)[0]) if data is not None else 0

    def skip(self, length: int) -> None:
        """Pass over bytes, whatever pieces they are in."""
        while length > 0 and self._advance():
            step = min(length, len(self._pieces[self._piece]) - self._at)
            self._at, length = self._at + step, length - step

    def skip_letters(self, letters: int, width: int) -> None:
        """Pass over letters of one or two bytes."""
        while letters > 0 and self._advance():
            if self._at == 0 and self._piece > 0:
                width, self._at = 1 + (self._pieces[self._piece][0] & 0x01), 1
            here = min(letters, (len(self._pieces[self._piece]) - self._at) // width)
            self._at, letters = self._at + here * width, letters - here
            if letters:
                self._at = len(self._pieces[self._piece])

    def _advance(self) -> bool:
        """Go on to the next piece with anything left, and tell whether there is one."""
        while self._piece < len(self._pieces) and self._at >= len(self._pieces[self._piece]):
            self._piece, self._at = self._piece + 1, 0
        return self._piece < len(self._pieces)
