"""Files that are folders of files: zip archives, and the compound files that old workbooks are.

The list of members has a limit. The compiled reader trusts what a compound file says about itself,
and a chain of sectors may lead round and round. So the stream with the workbook is taken out here,
where nothing is trusted, and given to the reader in a file that has nothing else. The layout is
Microsoft's, published as MS-CFB.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO
from zipfile import ZipFile

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.tables.sheets import Content, access_faults

__all__ = ["open_package", "put_in", "take_out"]

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTORS = {9: 512, 12: 4096}
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_ENTRY = 128
_SMALL = 64
_CUTOFF = 4096
"""Streams shorter than this are in small sectors, which are in the stream of the root."""


def take_out(data: bytes, names: Sequence[str]) -> tuple[str, bytes] | None:
    """Return the first of some streams that a compound file has, and its name."""
    file = _Compound(data)
    entries = {name: (start, size) for name, start, size in file.entries()}
    for name in names:
        if name in entries:
            return name, file.stream(*entries[name])
    return None


def put_in(name: str, stream: bytes) -> bytes:
    """Return a compound file that has this stream and nothing else."""
    size = _SECTORS[12]
    stream = stream.ljust(_CUTOFF, b"\0")
    count = -(-len(stream) // size)
    tables = -(-(count + 2) // (size // 4 - 1))
    # The tables come first, then the directory, a sector for short streams, and the stream.
    table = array("I", [_TABLE] * tables + [_END, _END])
    table.extend(range(tables + 3, tables + 2 + count))
    table.append(_END)
    table.extend([_FREE] * (tables * size // 4 - len(table)))
    head = MARK + bytes(16) + struct.pack("<5H6x", 0x3E, 4, 0xFFFE, 12, 6)
    head += struct.pack("<9I", 1, tables, tables, 0, _CUTOFF, _END, 0, _END, 0)
    head += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, tables + 1, size, 1)
    directory += _entry(name, 2, tables + 2, len(stream))
    parts = (head, table.tobytes(), directory, b"\0", stream)
    return b"".join(part.ljust(-(-len(part) // size) * size, b"\0") for part in parts)


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    text = name.encode("utf-16-le")
    links = struct.pack("<HBB3I36x", len(text) + 2, kind, 1, _FREE, _FREE, child)
    return text.ljust(64, b"\0") + links + struct.pack("<IQ", start, size)


class _Compound:
    """A compound file, read so that nothing in it leads anywhere but to an end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        data = data.ljust(512, b"\0")
        self._size = _SECTORS.get(struct.unpack_from("<H", data, 30)[0], 512)
        self._directory, _, _, small_table = struct.unpack_from("<4I", data, 48)
        numbers = list(struct.unpack_from("<109I", data, 76))
        (more,) = struct.unpack_from("<I", data, 68)
        seen = set[int]()
        while more not in seen and (sector := self._sector(more)):
            seen.add(more)
            *some, more = array("I", sector)
            numbers += some
        self._table = array("I")
        for number in dict.fromkeys(numbers):
            self._table.frombytes(self._sector(number))
        self._small_table = array("I", b"".join(map(self._sector, self._chain(small_table))))
        entries = list(self.entries())
        root = entries[0] if entries else ("", _END, 0)
        self._small = b"".join(map(self._sector, self._chain(root[1])))

    def entries(self) -> Iterator[tuple[str, int, int]]:
        """Go through the names in the file, each with first sector and size."""
        directory = b"".join(map(self._sector, self._chain(self._directory)))
        for at in range(0, len(directory), _ENTRY):
            entry = directory[at : at + _ENTRY]
            name = entry[:64].decode("utf-16-le", "replace").partition("\0")[0]
            start, size = struct.unpack_from("<2I", entry, 116)
            yield name, start, size

    def stream(self, start: int, size: int) -> bytes:
        """Return the bytes of a stream."""
        if size >= _CUTOFF:
            return b"".join(map(self._sector, self._chain(start)))[:size]
        found = bytearray()
        for number in _follow(start, self._small_table):
            found += self._small[number * _SMALL : (number + 1) * _SMALL]
        return bytes(found[:size])

    def _chain(self, start: int) -> Iterator[int]:
        return _follow(start, self._table)

    def _sector(self, number: int) -> bytes:
        """Return a sector, empty where the file has no such sector as a whole."""
        sector = self._data[(number + 1) * self._size : (number + 2) * self._size]
        return sector if len(sector) == self._size else b""


def _follow(start: int, table: Sequence[int]) -> Iterator[int]:
    """Go along a chain, at most as far as the table is long."""
    for _ in range(len(table)):
        if start >= len(table):
            return
        yield start
        start = table[start]


_ENTRY_OF_LIST = 1_000
"""Bytes of the list of members for each of them: far above the usual names and times."""

_RECORD = (b"PK\x05\x06", "<12xI", 22)
_RECORD_64 = (b"PK\x06\x06", "<40xQ", 56)
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
        if _length_of_list(file) > limits.MEMBERS * _ENTRY_OF_LIST:
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
    for mark, form, length in (_RECORD, _RECORD_64):
        at = tail.rfind(mark)
        if at >= 0 and at + length <= len(tail):
            lengths += struct.unpack_from(form, tail, at)
    return max((length for length in lengths if length != _IN_OTHER_RECORD), default=0)
