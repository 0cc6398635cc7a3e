"""How much of a file is read. Every limit is here, and docs/data.md lists them.

A small file may unpack, or spell out by reference, to more than any machine holds. So what a file
comes to is told before memory is spent on it, and above its limit the file is refused. Each limit
has room to spare for the largest official files.
"""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import IO

from pcn_group.base.errors import Fault, InputError

__all__ = [
    "ARCHIVE",
    "CELLS",
    "FILE",
    "LINE",
    "MEMBERS",
    "NODES",
    "OUTLINE",
    "PLAIN",
    "SHAPES",
    "WHOLE",
    "WORKBOOK",
    "YAML",
    "TooMuchError",
    "megabytes",
    "read_whole",
    "refuse_longer",
    "within",
]

FILE = 4_000_000_000
"""Bytes of one file, or of one member of an archive: what is read piece by piece may be as long."""

ARCHIVE = 8_000_000_000
"""Bytes that the tables of an archive unpack to, those of archives in it included."""

MEMBERS = 1_000
"""Members of an archive or parts of a workbook; a postcode directory has some two hundred."""

WHOLE = 200_000_000
"""Bytes of a text that is read whole, and characters in the cells of a workbook."""

WORKBOOK = 1_000_000_000
"""Bytes that the parts of a workbook unpack to."""

CELLS = 10_000_000
"""Cells of a text that is read whole; of a workbook, from the first to the last of each sheet."""

LINE = 4_000_000
"""Characters of one line of a text that is read piece by piece."""

YAML = 300_000
"""Bytes of a configuration or a tariff."""

NODES = 50_000
"""Keys and values in a configuration or a tariff, each alias counted as all that it stands for."""

PLAIN = 20_000_000
"""Bytes of a JSON file, such as the summary of a plan."""

OUTLINE = 100_000_000
"""Bytes of an outline."""

SHAPES = 100_000
"""Shapes of an outline."""

_BLOCK = 1 << 20
_SIZE = "Check that it is the file you mean; if so, cut it down to what is needed."


class TooMuchError(InputError):
    """A file is larger than is read; what else is with it is not looked at any more."""


def megabytes(count: float) -> str:
    """Return a number of bytes in words."""
    return f"{count / 1e6:,.0f} MB"


def refuse_longer(label: str, size: int, most: int) -> None:
    """Stop with an InputError where a file says that it has more bytes than are read of it."""
    if size > most:
        problem = f"is too large ({megabytes(size)}; at most {megabytes(most)} are read)"
        raise TooMuchError([Fault(label, problem, _SIZE)])


def within(file: IO[bytes], label: str, most: int) -> bytes:
    """Return all that a file has, of which it need not say beforehand how much that is.

    Raises
    ------
    InputError
        If there are more than `most` bytes: a device or a pipe may have no end.
    """
    read = io.BytesIO()
    while block := file.read(_BLOCK):
        read.write(block)
        if read.tell() > most:
            problem = f"has no end in the {megabytes(most)} that are read at most"
            raise TooMuchError([Fault(label, problem, _SIZE)])
    return read.getvalue()


def read_whole(path: Path, most: int) -> bytes:
    """Return the bytes of a file that a user named.

    Raises
    ------
    InputError
        If there are more than `most`.
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):
            refuse_longer(path.name, status.st_size, most)
        return within(file, path.name, most)
