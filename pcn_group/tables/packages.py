"""Opening zip files, be they archives or workbooks, of which the list of members has a limit."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from zipfile import ZipFile

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.tables.sheets import Content, access_faults

__all__ = ["open_package"]

_ENTRY = 1_000
"""Bytes of the list of members for each of them: far above the usual names and times."""

_END = (b"PK\x05\x06", "<12xI", 22)
_END_64 = (b"PK\x06\x06", "<40xQ", 56)
"""Of the records at the end that say how long the list is: mark, format, length."""

_IN_OTHER_RECORD = 0xFFFFFFFF
_LONGEST_TAIL = 22 + 0xFFFF + 56 + 20


@contextmanager
def open_package(content: Content) -> Iterator[ZipFile]:
    """Open a zip file for reading, unless its list of members is too long.

    Raises
    ------
    InputError
        If there are more than `limits.MEMBERS`, or it cannot be read.
    """
    with access_faults(content.label), content.open() as file:
        # The list is read whole, so its length is looked at before.
        if _length_of_list(file) > limits.MEMBERS * _ENTRY:
            raise _too_many(content.label, "far too many")
        with ZipFile(file) as package:
            if (count := len(package.infolist())) > limits.MEMBERS:
                raise _too_many(content.label, f"{count:,}")
            yield package


def _too_many(label: str, count: str) -> InputError:
    problem = f"has {count} members; at most {limits.MEMBERS:,} are read"
    return InputError([Fault(label, problem, "Unpack it and give the files that are needed.")])


def _length_of_list(file: IO[bytes]) -> int:
    """Return how many bytes the list of members says it has, 0 where that cannot be seen."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_TAIL))
    tail = file.read()
    file.seek(0)
    lengths = list[int]()
    for mark, form, length in (_END, _END_64):
        at = tail.rfind(mark)
        if at >= 0 and at + length <= len(tail):
            lengths += struct.unpack_from(form, tail, at)
    return max((length for length in lengths if length != _IN_OTHER_RECORD), default=0)
