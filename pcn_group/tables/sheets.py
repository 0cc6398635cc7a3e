"""What an input file consists of: bytes that can be opened again, and the tables found in them.

Also CSV that a spreadsheet shows as it is, instead of taking names for formulas.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import IO, Protocol

import pandas as pd

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError

__all__ = [
    "Content",
    "Pieces",
    "Sheet",
    "access_faults",
    "cut_off",
    "fits",
    "key",
    "ragged",
    "reduced",
    "safe_csv",
    "safe_files",
    "spaced_words",
    "unmarked",
]

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_MARKED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def unmarked(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from working it out."""
    return cell[1:] if _MARKED.match(cell) else cell


def safe_csv(text: str) -> str:
    """Return a CSV table with an apostrophe before each cell that is a formula to a spreadsheet.

    Numbers are none, even negative ones.
    """
    safe = io.StringIO()
    writer = csv.writer(safe, lineterminator="\n")
    for row in csv.reader(io.StringIO(text, newline="")):
        writer.writerow(f"'{cell}" if _is_formula(cell) else cell for cell in row)
    return safe.getvalue()


def safe_files(files: Mapping[str, str], *, excel_safe: bool) -> dict[str, str]:
    """Return the texts of files by name, the CSV tables safe for a spreadsheet if that is asked."""
    return {
        name: safe_csv(text) if excel_safe and name.endswith(".csv") else text
        for name, text in files.items()
    }


def _is_formula(cell: str) -> bool:
    return _FORMULA.match(cell) is not None and _NUMBER.fullmatch(cell) is None


_CHECK_PATH = "Check the path: give a file that exists and that you may read."
_DAMAGED = "Download it or copy it again."
_SHOWN = 60


@dataclass(frozen=True)
class Content:
    """The bytes of a file, or of a member of an archive.

    Attributes
    ----------
    label
        What faults call it.
    size
        How many bytes it says it has.
    open
        Opens it for reading from the start.
    """

    label: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]

    def start(self, length: int) -> bytes:
        """Return the first bytes."""
        with access_faults(self.label), self.open() as file:
            return file.read(length)

    def whole(self) -> bytes:
        """Return all bytes, unless there are far too many.

        Raises
        ------
        InputError
            If there are more than `limits.WHOLE`, or they cannot be read.
        """
        limits.refuse_longer(self.label, self.size, limits.WHOLE)
        with access_faults(self.label), self.open() as file:
            return limits.within(file, self.label, limits.WHOLE)


@dataclass(frozen=True)
class Sheet:
    """One table of an input file as text: a CSV file, a member of an archive, a worksheet.

    Attributes
    ----------
    label
        What faults call it: `list.csv`, `lists.zip: list.csv`, `ePCN.xlsx, sheet PCN Details`.
    rows
        Every row that is not blank, with the number of the line it starts on (in a worksheet the
        row's number); white space around and runs of it inside a cell are reduced.
    blank
        How many rows of a text have nothing but separators.
    is_cut
        Whether a text's last line has no line end although others have.
    notes
        How it had to be read, one sentence each.
    is_worksheet
        Whether it is from a workbook, where empty cells at the end of a row are not written.
    is_hidden
        Whether its workbook does not show it.
    spaced
        Cells of one word with white space around it, as the file has them: by line and word.
    """

    label: str
    rows: list[tuple[int, list[str]]]
    blank: int = 0
    is_cut: bool = False
    notes: tuple[str, ...] = ()
    is_worksheet: bool = False
    is_hidden: bool = False
    spaced: Mapping[tuple[int, str], str] = field(default_factory=dict)


class Pieces(Protocol):
    """A table of which only some columns are wanted, given in pieces: a `Stream`, or the like."""

    @property
    def label(self) -> str:
        """What faults call it."""

    @property
    def headings(self) -> tuple[str, ...]:
        """As in the file, white space reduced."""

    def chunks(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Return some columns of all rows as text, indexed by line number, in pieces."""


def reduced(cell: str) -> str:
    """Return a cell without white space around it, one space for each run inside, and unmarked."""
    return unmarked(" ".join(cell.split()))


def spaced_words(line: int, raw: Sequence[object]) -> dict[tuple[int, str], str]:
    """Return the cells of a row that are a word with white space around it, for `Sheet.spaced`."""
    texts = ((text, text.split()) for text in raw if isinstance(text, str))
    return {(line, words[0]): text for text, words in texts if len(words) == 1 and words[0] != text}


def key(heading: str) -> str:
    """Return a heading in the spelling in which they are compared: `List size?` is `list_size`."""
    return re.sub(r"[\W_]+", "_", heading.casefold()).strip("_")


def fits(cells: Sequence[str], width: int) -> bool:
    """Tell whether a row has the header's cells; a spreadsheet may have added empty ones."""
    return len(cells) >= width and not any(cells[width:])


def ragged(label: str, line: int, cells: Sequence[str], width: int) -> Fault:
    """Return the fault of a row that does not fit."""
    remedy = "Put a value that contains the separator in quotation marks."
    if len(cells) < width:
        remedy = "Complete the row: a cell without a value still needs its separator."
    problem = f"has {len(cells)} cells where the header has {width}"
    return Fault(label, problem, remedy, row=line, value=",".join(cells)[:_SHOWN])


def cut_off(label: str) -> Fault:
    """Return the fault of a text whose last line has no end."""
    remedy = "Download it again; if all of it is there, end its last line."
    return Fault(label, "is cut off in the middle of a line", remedy)


@contextmanager
def access_faults(label: str) -> Iterator[None]:
    """Turn what goes wrong in reaching a file, or a member of an archive, into a fault."""
    try:
        yield
    except FileNotFoundError as error:
        raise InputError([Fault(label, "does not exist", _CHECK_PATH)]) from error
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError) as error:
        raise InputError([Fault(label, "is a damaged archive", _DAMAGED)]) from error
    except RuntimeError as error:  # encrypted, or packed in a way that is not implemented
        problem, remedy = f"cannot be unpacked: {error}", "Unpack it and give what is in it."
        raise InputError([Fault(label, problem, remedy)]) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError([Fault(label, f"cannot be read: {reason}", _CHECK_PATH)]) from error
