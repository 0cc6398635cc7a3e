"""Reading text with separators (CSV and its kin): whole as a sheet, or piece by piece.

Everything stays text, because a code such as `00L` or a name such as `NA` is not what a
spreadsheet or a type guess would make of it. The standard library's reader has the say: it knows
the line a record starts on and which rows have a cell too many. Of a large file pandas reads those
pieces in which every line is one row of the right width, twice as fast.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

import pandas as pd

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.tables.sheets import (
    Content,
    Sheet,
    access_faults,
    cut_off,
    fits,
    ragged,
    reduced,
    spaced_words,
)

__all__ = ["Stream", "open_text"]

_PEEK = 1 << 16
_BLOCK = 3 << 20
_PIECE_CELLS = 4_000_000
_MOST_FAULTS = 50

_CODECS = {
    "UTF-8": "utf-8-sig",
    "UTF-16": "utf-16",
    "UTF-16 LE": "utf-16-le",
    "UTF-16 BE": "utf-16-be",
    "Windows-1252": "cp1252",
}
_EXPORT = "Export it again as CSV UTF-8 (in Excel: File, Save As, 'CSV UTF-8 (Comma delimited)')."
_MARKUP = re.compile(r"\s*<(?:[!?]|[a-z]+[\s>])", re.IGNORECASE)
_JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[{"\]])')
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
_QUOTED = re.compile(r'"[^"]*"')
_LETTERS = 16
"""How many bytes are looked at to tell UTF-16 without its mark."""

_END = "\x01"
"""Put behind each line, so that its place tells how many cells pandas found in the line."""


@dataclass(frozen=True)
class Stream:
    """A large CSV text, read piece by piece, of which only some columns are wanted.

    Attributes
    ----------
    label
        What faults call it.
    headings
        As in the file, white space reduced.
    header_row, body_row
        The line the header starts on, and the line after it.
    separator
        What stands between cells.
    content
        The text's bytes.
    """

    label: str
    headings: tuple[str, ...]
    header_row: int
    body_row: int
    separator: str = field(repr=False)
    content: Content = field(repr=False)

    def chunks(
        self, columns: Sequence[str], *, may_lack_end: bool = False
    ) -> Iterator[pd.DataFrame]:
        """Return some columns of all rows as text, white space reduced, in pieces.

        Parameters
        ----------
        columns
            The headings of those wanted; where several columns have a heading, the first is meant.
        may_lack_end
            Whether the last line may have no end: else the text counts as cut off there.

        Yields
        ------
        pandas.DataFrame
            The columns in the order asked for, empty where there is no value. The index is the
            number of the line a row starts on.

        Raises
        ------
        InputError
            On reaching what cannot be read, or rows of another width than the header.
        """
        places = [self.headings.index(column) for column in columns]
        texts = _texts(self.content, may_lack_end=may_lack_end)
        pieces = _after(self.body_row - 1, _by_lines(self.label, texts))
        row = self.body_row
        for piece in pieces:
            cells = self._regular(piece, places)
            if cells is None:
                tables = self._irregular(chain([piece], pieces), row, places)
                yield from (table.set_axis(list(columns), axis="columns") for table in tables)
                return
            rows = pd.RangeIndex(row, row + len(cells))
            row += len(cells)
            yield cells.set_axis(rows).set_axis(list(columns), axis="columns")

    def _regular(self, text: str, places: Sequence[int]) -> pd.DataFrame | None:
        """Read lines with pandas, unless one of them is no row, or not of the header's width."""
        lines, count = _marked(text, self.separator)
        if count < 0 or _END in text:
            return None
        width = len(self.headings)
        try:
            cells = pd.read_csv(
                io.BytesIO(lines.encode()),
                sep=self.separator,
                header=None,
                names=range(width + 1),
                usecols=[*places, width],
                index_col=False,
                dtype=object,
                na_filter=False,
                skip_blank_lines=False,
            )
        except pd.errors.ParserError:
            return None
        if len(cells) != count or (cells[width] != _END).any():
            return None
        found = pd.DataFrame({i: _reduced(cells[place]) for i, place in enumerate(places)})
        # Such a row may be blank, or not: its other cells were not read.
        return None if (found == "").all(axis="columns").any() else found

    def _irregular(
        self, pieces: Iterable[str], row: int, places: Sequence[int]
    ) -> Iterator[pd.DataFrame]:
        """Read the rest of the text from a line on, record by record."""
        width = len(self.headings)
        records = _records(self.label, _lines(pieces), self.separator, row)
        while some := list(islice(records, max(1, _PIECE_CELLS // width))):
            rows = {lines.start: [reduced(cell) for cell in cells] for lines, cells in some}
            rows = {line: cells for line, cells in rows.items() if any(cells)}
            faults = [
                ragged(self.label, line, cells, width)
                for line, cells in rows.items()
                if not fits(cells, width)
            ]
            if len(faults) > _MOST_FAULTS:
                more = f"has {len(faults) - _MOST_FAULTS:,} more rows like the one above"
                faults[_MOST_FAULTS:] = [Fault(self.label, more, faults[-1].remedy)]
            if faults:
                raise InputError(faults)
            if rows:
                wanted = [[cells[place] for place in places] for cells in rows.values()]
                index = pd.Index(list(rows), dtype=int)
                yield pd.DataFrame(wanted, index=index, columns=range(len(places)), dtype=object)


def open_text(content: Content, is_streamed: Callable[[Sequence[str]], bool]) -> Sheet | Stream:
    """Open a text with separators.

    Parameters
    ----------
    content
        The text's bytes.
    is_streamed
        Tells by the cells of the first row whether only some columns of a large file are wanted.

    Returns
    -------
    Sheet or Stream
        All rows, or what gives them piece by piece.

    Raises
    ------
    InputError
        If it is empty, no text with separators, or too large to be read whole.
    """
    head = _head(content)
    separator = _separator(head)
    lines, headings = _first_row(content.label, head, separator)
    while headings and not headings[-1]:  # a spreadsheet may have added empty columns
        headings = headings[:-1]
    if is_streamed(headings):
        return Stream(content.label, headings, lines.start, lines.stop, separator, content)
    return _sheet(content, separator)


def _sheet(content: Content, separator: str) -> Sheet:
    data = content.whole()
    decoder = _Decoder(content.label, data)
    text = decoder.text(data, is_last=True)
    if text.count(separator) + _line_ends(text) > limits.CELLS:
        problem = f"has more than {limits.CELLS:,} cells, the most that are read whole"
        remedy = "Check that it is the file you mean; if so, cut it down to what is needed."
        raise limits.TooMuchError([Fault(content.label, problem, remedy)])
    blank, rows, spaced = 0, [], dict[tuple[int, str], str]()
    blocks = (text[start : start + _BLOCK] for start in range(0, len(text), _BLOCK))
    ends = _lines(_by_lines(content.label, blocks))
    for lines, raw in _records(content.label, ends, separator):
        cells = [reduced(cell) for cell in raw]
        if any(cells):
            rows.append((lines.start, cells))
            spaced |= spaced_words(lines.start, raw)
        else:
            blank += 1
    if not rows:
        remedy = "Give a table: a header, and the rows below it."
        raise InputError([Fault(content.label, "is empty", remedy)])
    notes = []
    if decoder.windows_row is not None:
        how = f"not UTF-8, read as Windows-1252 (first at row {decoder.windows_row})"
        notes.append(f"{content.label}: {how}: check the names.")
    if separator != ",":
        notes.append(f"{content.label}: separated by {_SEPARATORS[separator]}.")
    return Sheet(
        label=content.label,
        rows=rows,
        blank=blank,
        is_cut=_line_ends(text) > 0 and not text.endswith(("\n", "\r")),
        notes=tuple(notes),
        spaced=spaced,
    )


def _head(content: Content) -> str:
    """Return the start of a text, so much that the first line is in it."""
    with access_faults(content.label), content.open() as file:
        data = file.read(_PEEK)
        while not _line_ends(data.decode("latin-1")) and len(data) < limits.LINE:
            more = file.read(_PEEK)
            if not more:
                break
            data += more
    text = _Decoder(content.label, data).text(data)
    for pattern, what in ((_MARKUP, "a web page or other markup"), (_JSON, "JSON")):
        if pattern.match(text):
            remedy = "Download the table itself, as CSV."
            value = reduced(text[:60])
            raise InputError([Fault(content.label, f"is {what}, no table", remedy, value=value)])
    return text


def _first_row(label: str, head: str, separator: str) -> tuple[range, tuple[str, ...]]:
    """Return the cells of the first row that is not blank; none if it has a fault."""
    try:
        for lines, cells in _records(label, io.StringIO(head, newline=""), separator):
            headings = tuple(reduced(cell) for cell in cells)
            if any(headings):
                return lines, headings
    except InputError:
        pass  # reading the whole will say what is wrong
    return range(1, 2), ()


def _separator(head: str) -> str:
    """Return what separates cells: commas, unless the first rows clearly use something else."""
    lines = [
        line
        for line in _QUOTED.sub("", head).splitlines()
        if any(mark in line for mark in _SEPARATORS)
    ][:2]
    mark = max(_SEPARATORS, key=lines[0].count) if lines else ","
    return mark if all(mark in line for line in lines) else ","


def _records(
    label: str, lines: Iterable[str], separator: str, row: int = 1
) -> Iterator[tuple[range, list[str]]]:
    """Return the records with the lines each takes; empty lines are none."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    start = row
    try:
        for cells in reader:
            stop = row + reader.line_num
            if cells:
                yield range(start, stop), cells
            start = stop
    except csv.Error as error:
        remedy = 'Close the quotation mark, and double each one inside quotes ("").'
        problem = f"has quotation marks that do not pair up ({error})"
        raise InputError([Fault(label, problem, remedy, row=start)]) from error


def _texts(content: Content, *, may_lack_end: bool) -> Iterator[str]:
    """Decode a text in blocks, and refuse one that ends in the middle of a line."""
    end = ""
    with access_faults(content.label), content.open() as file:
        block = file.read(_BLOCK)
        decoder = _Decoder(content.label, block)
        while block:
            text = decoder.text(block)
            yield text
            end = text[-1:] or end
            block = file.read(_BLOCK)
        text = decoder.text(b"", is_last=True)
        yield text
    if not may_lack_end and (text[-1:] or end) not in ("\n", "\r", ""):
        raise InputError([cut_off(content.label)])


def _by_lines(label: str, texts: Iterable[str]) -> Iterator[str]:
    """Cut a text between lines instead of anywhere."""
    rest = ""
    for text in texts:
        rest += text
        end = rest.rfind("\n") + 1 or rest.rfind("\r", 0, -1) + 1
        if end:
            yield rest[:end]
            rest = rest[end:]
        if len(rest) > limits.LINE:
            problem = f"has a line of more than {limits.LINE:,} characters"
            raise InputError([Fault(label, problem, _EXPORT)])
    if rest:
        yield rest


def _after(count: int, pieces: Iterable[str]) -> Iterator[str]:
    """Leave out the first lines of a text."""
    pieces = iter(pieces)
    while count and (piece := next(pieces, "")):
        lines = io.StringIO(piece, newline="")
        while count and lines.readline():
            count -= 1
        if rest := lines.read():
            yield rest
    yield from pieces


def _marked(text: str, separator: str) -> tuple[str, int]:
    """Put a last cell with the mark in each line, and count the lines; -1 if ends of lines vary."""
    end = next((end for end in ("\r\n", "\n") if end in text), "\r")
    marked_end = f"{separator}{_END}\n"
    if not text.endswith(end):
        text += end
    marked = text.replace(end, marked_end)
    count = (len(marked) - len(text)) // (len(marked_end) - len(end))
    return marked, -1 if "\r" in marked or marked.count("\n") != count else count


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from io.StringIO(text, newline="")


def _line_ends(text: str) -> int:
    return text.count("\n") or text.count("\r")


def _reduced(cells: pd.Series[str]) -> Iterable[str]:
    """Reduce the white space of many cells, most of which need none of it."""
    text = _END.join(cells)
    is_padded = f" {_END}" in text or f"{_END} " in text
    is_plain = not is_padded and "'" not in text and reduced(text) == text
    return cells if is_plain else [reduced(cell) for cell in cells]


def _encoding_of(start: bytes) -> str:
    """Tell UTF-16 by its mark, or by the half of its bytes that is empty in plain headings."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    first = start[:_LETTERS]
    if len(first) == _LETTERS and not any(first[1::2]) and all(first[::2]):
        return "UTF-16 LE"
    if len(first) == _LETTERS and not any(first[::2]) and all(first[1::2]):
        return "UTF-16 BE"
    return "UTF-8"


class _Decoder:
    """Decodes a text in blocks: UTF-16, else UTF-8, or Windows-1252 for want of it.

    Parameters
    ----------
    label
        What faults call the text.
    start
        Its first bytes.

    Attributes
    ----------
    windows_row
        The first line that only Windows-1252 explains.
    """

    def __init__(self, label: str, start: bytes) -> None:
        self.windows_row: int | None = None
        self._label = label
        self._row = 1
        self._is_ascii = True
        self._encoding = _encoding_of(start)
        self._decoder = codecs.getincrementaldecoder(_CODECS[self._encoding])()

    def text(self, block: bytes, *, is_last: bool = False) -> str:
        """Decode the next block."""
        try:
            text = self._decoder.decode(block, is_last)
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            row = self._row + _line_ends(before.decode("latin-1"))
            # A letter that is UTF-8 speaks against Windows-1252: it would be read as two others.
            if self._encoding != "UTF-8" or not (self._is_ascii and before.isascii()):
                raise self._fault(f"has bytes that are not {self._encoding} text", row) from error
            self.windows_row = row
            self._encoding = "Windows-1252"
            self._decoder = codecs.getincrementaldecoder(_CODECS[self._encoding])()
            return self.text(error.object, is_last=is_last)
        if "\0" in text:
            row = self._row + _line_ends(text[: text.index("\0")])
            raise self._fault("contains NUL bytes", row)
        self._row += _line_ends(text)
        self._is_ascii = self._is_ascii and text.isascii()
        return text

    def _fault(self, problem: str, row: int) -> InputError:
        remedy = f"The file is damaged or not text. {_EXPORT}"
        return InputError([Fault(self._label, problem, remedy, row=row)])
