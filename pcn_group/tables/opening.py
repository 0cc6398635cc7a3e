"""Opening input files of whatever kind: CSV, workbooks, and archives of either."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.paths import SHAPEFILE, desktop_file, sha256_of
from pcn_group.base.wording import listed
from pcn_group.tables.delimited import Stream, open_text
from pcn_group.tables.packages import open_package
from pcn_group.tables.sheets import Content, Sheet, access_faults
from pcn_group.tables.workbooks import read_workbook

__all__ = ["Opened", "Sheet", "Stream", "open_input", "shapefiles_in"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TABLES = {
    b"%PDF": "a PDF document",
    b"{\\rtf": "a text document",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_SQLITE = b"SQLite format 3\0"
_GEOJSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{.*"type"\s*:\s*"Feature', re.DOTALL)
_HEAD = 1 << 16
"""How many bytes are looked at to tell a map."""

_TABLES = {".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".zip"}
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ENCRYPTED = 0x1
_EXPECTED = "Give a CSV file, a workbook, or a zip archive of such files."
_UNPACK = "Unpack it and give the files that are needed."
_BLOCK = 1 << 20
_SHOWN = 5
_PARTS = "multi_csv"
"""The folder in which a postcode directory comes a second time, cut up by postcode area."""


@dataclass(frozen=True)
class Opened:
    """An input file.

    Attributes
    ----------
    name
        Its name without folders.
    sha256
        Of its bytes, lower-case hexadecimal; of a shapefile, of those of all its files.
    sheets
        The tables that were read.
    streams
        Those that are to be read piece by piece.
    notes
        What of an archive was left aside.
    path
        Where it is.
    has_shapes
        Whether it has shapes (GeoJSON, GeoPackage or shapefile) instead of tables; they are not
        read.
    """

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    streams: tuple[Stream, ...]
    notes: tuple[str, ...] = ()
    path: Path = Path()
    has_shapes: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """What its tables are called."""
        return tuple(sheet.label for sheet in self.sheets) + tuple(s.label for s in self.streams)


def open_input(path: Path, label: str, is_streamed: Callable[[Sequence[str]], bool]) -> Opened:
    """Open a file and read what is in it, apart from large texts.

    Parameters
    ----------
    path
        A CSV file, a workbook, or a zip archive of such files. It is told by its content.
    label
        What faults call it.
    is_streamed
        Tells by the cells of the first row whether only some columns of a CSV text are wanted; it
        is then not read yet.

    Raises
    ------
    InputError
        With every fault that keeps a table from being read.
    """
    if fault := _no_input(path, label):
        raise InputError([fault])
    content = _content(path, label)
    sha256 = _sha256(content, path)
    if _has_shapes(content):
        return Opened(path.name, sha256, (), (), path=path, has_shapes=True)
    found = _Found(is_streamed)
    found.add(content)
    if found.faults:
        raise InputError(found.faults)
    return Opened(
        name=path.name,
        sha256=sha256,
        sheets=tuple(found.sheets),
        streams=tuple(found.streams),
        notes=tuple(found.notes),
        path=path,
    )


def _sha256(content: Content, path: Path) -> str:
    """Return the SHA-256 of a file, of a shapefile with the files beside it."""
    with access_faults(content.label), content.open() as file:
        if content.start(len(SHAPEFILE)) == SHAPEFILE:
            return sha256_of(path)
        digest = hashlib.sha256()
        while block := file.read(_BLOCK):
            digest.update(block)
            limits.refuse_longer(content.label, file.tell(), limits.FILE)
    return digest.hexdigest()


def _has_shapes(content: Content) -> bool:
    start = content.start(_HEAD)
    if start.startswith((_SQLITE, SHAPEFILE)) or _GEOJSON.match(start) is not None:
        return True
    return start.startswith(_ZIP) and bool(shapefiles_in(content))


def shapefiles_in(content: Content) -> list[str]:
    """Return the shapefiles of an archive that has no tables; none of what is no archive."""
    try:
        with open_package(content) as package:
            members = [member for member in package.infolist() if not _is_hidden(member)]
    except (InputError, NotImplementedError):
        return []
    if any(_suffix(member) in _TABLES for member in members):
        return []
    return sorted(member.filename for member in members if _suffix(member) == ".shp")


class _Found:
    """The tables found so far in a file and, if it is an archive, in its members.

    Parameters
    ----------
    is_streamed
        As for `open_input`.
    """

    def __init__(self, is_streamed: Callable[[Sequence[str]], bool]) -> None:
        self._is_streamed = is_streamed
        self.sheets: list[Sheet] = []
        self.streams: list[Stream] = []
        self.notes: list[str] = []
        self.faults: list[Fault] = []
        self._unpacked = self._held = 0
        self._cells = 0
        self._is_full = False

    def add(self, content: Content, depth: int = 0) -> None:
        """Add the tables of a file, or what is wrong with it.

        Parameters
        ----------
        content
            Its bytes.
        depth
            How many archives it is in.
        """
        try:
            start = content.start(8)
            if start.startswith(_ZIP):
                self._add_package(content, depth)
            elif start.startswith(_OLE2):
                self._add_sheets(content.label, read_workbook(content))
            else:
                self._add_text(content, start)
        except InputError as error:
            self._is_full = self._is_full or isinstance(error, limits.TooMuchError)
            self.faults += error.faults

    def _add_text(self, content: Content, start: bytes) -> None:
        for mark, what in _NOT_TABLES.items():
            if start.startswith(mark):
                raise InputError([Fault(content.label, f"is {what}", _EXPECTED)])
        table = open_text(content, self._is_streamed)
        if isinstance(table, Stream):
            self.streams.append(table)
        else:
            self._add_sheets(content.label, [table])

    def _add_sheets(self, label: str, sheets: Sequence[Sheet]) -> None:
        self._cells += sum(len(cells) for sheet in sheets for _, cells in sheet.rows)
        if self._cells > limits.CELLS:
            problem = f"has tables of more than {limits.CELLS:,} cells together"
            raise limits.TooMuchError([Fault(label, problem, _UNPACK)])
        self.sheets += sheets

    def _add_package(self, content: Content, depth: int) -> None:
        """Add the tables of a zip file, be it a workbook or an archive."""
        if depth:
            # Held in memory: to go back in a member is to unpack it again from its start.
            self._held += content.size
            limits.refuse_longer(content.label, self._held, limits.WHOLE)
            content = _held(content.label, content.whole())
        with open_package(content) as package:
            members = package.infolist()
            if any(not name or "\0" in name for name in (m.orig_filename for m in members)):
                raise BadZipFile
            names = {member.filename for member in members}
            kind = b""
            if "mimetype" in names:
                with package.open("mimetype") as file:
                    kind = file.read(len(_ODS))
        is_office = "[Content_Types].xml" in names
        if kind.startswith(_ODS) or (is_office and any(name.startswith("xl/") for name in names)):
            self._add_sheets(content.label, read_workbook(content))
        elif kind or is_office:
            raise InputError([Fault(content.label, "is a document without tables", _EXPECTED)])
        elif depth > 1:
            problem = "is an archive in an archive in an archive"
            raise InputError([Fault(content.label, problem, _UNPACK)])
        else:
            self._add_archive(content, members, depth)

    def _add_archive(self, archive: Content, members: Sequence[ZipInfo], depth: int) -> None:
        """Add the tables of an archive's members, and note what is left aside."""
        files = [member for member in members if not member.is_dir() and not _is_hidden(member)]
        tables = [member for member in files if _suffix(member) in _TABLES]
        parts = [member for member in tables if _PARTS in member.filename.lower().split("/")]
        others = [member.filename for member in files if member not in tables]
        streams_before = len(self.streams)
        if not tables:
            raise InputError([Fault(archive.label, "is an archive without tables", _EXPECTED)])
        with open_package(archive) as package:
            for member in tables:
                if member not in parts:
                    self._add_member(archive, package, member, depth)
            if parts and len(self.streams) > streams_before:
                aside = (
                    f"the folder {_PARTS} ({len(parts):,} files) left aside: the same rows again"
                )
                self.notes.append(f"{archive.label}: {aside}.")
            else:
                for member in parts:
                    self._add_member(archive, package, member, depth)
        if others:
            some = ", ".join(others[:_SHOWN]) + (", ..." if len(others) > _SHOWN else "")
            self.notes.append(f"{archive.label}: left aside, being no tables: {some}.")

    def _add_member(self, archive: Content, package: ZipFile, member: ZipInfo, depth: int) -> None:
        if self._is_full:
            return
        label = f"{archive.label}: {member.filename}"
        if member.flag_bits & _ENCRYPTED:
            self.faults.append(Fault(label, "is protected by a password", _UNPACK))
            return
        problem, most = "", limits.megabytes(limits.FILE)
        self._unpacked += member.file_size
        if member.file_size > limits.FILE:
            problem = f"unpacks to {limits.megabytes(member.file_size)}; at most {most} are read"
        elif self._unpacked > limits.ARCHIVE:
            label = archive.label
            problem = f"unpacks to more than {limits.megabytes(limits.ARCHIVE)}"
        if problem:
            self._is_full = True
            self.faults.append(Fault(label, problem, _UNPACK))
            return
        content = Content(label, member.file_size, lambda: package.open(member))
        self.add(content, depth + 1)
        if self.streams and self.streams[-1].content is content:
            # Read when the package is closed again.
            later = replace(content, open=lambda: _unpacked(archive, member))
            self.streams[-1] = replace(self.streams[-1], content=later)


def _no_input(path: Path, label: str) -> Fault | None:
    """Say of a file that nobody made that it is no input."""
    told = desktop_file(path.name)
    if told is None:
        return None
    what, other = told
    remedy = f"Leave it out: give {other} instead." if other else "Leave it out."
    return Fault(label, f"is {what}, not a file of yours", remedy)


_NAMED = 8
"""How many files of a folder are named."""


def _content(path: Path, label: str) -> Content:
    with access_faults(label):
        if path.is_file():
            size = path.stat().st_size
            limits.refuse_longer(label, size, limits.FILE)
            return Content(label, size, lambda: path.open("rb"))
        if path.is_dir():
            raise InputError([_folder(path, label)])
        with path.open("rb") as file:  # a pipe, which cannot be opened twice
            return _held(label, limits.within(file, label, limits.WHOLE))


def _folder(path: Path, label: str) -> Fault:
    names = sorted(each.name for each in path.iterdir() if each.is_file())
    remedy = f"Name the files that you mean: {listed(names, _NAMED)}." if names else "It is empty."
    return Fault(label, "is a folder, not a file", remedy)


def _held(label: str, data: bytes) -> Content:
    return Content(label, len(data), lambda: io.BytesIO(data))


@contextmanager
def _unpacked(archive: Content, member: ZipInfo) -> Iterator[IO[bytes]]:
    with archive.open() as file, ZipFile(file) as package, package.open(member) as unpacked:
        yield unpacked


def _suffix(member: ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()


def _is_hidden(member: ZipInfo) -> bool:
    """Whether a member is what a system keeps beside files."""
    path = PurePosixPath(member.filename)
    is_systems = desktop_file(path.name) is not None or path.name.startswith(".")
    return is_systems or "__MACOSX" in path.parts
