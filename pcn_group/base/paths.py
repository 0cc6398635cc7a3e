"""What is at a path that a user named, and what a file there holds."""

from __future__ import annotations

import hashlib
import re
import stat
from pathlib import Path
from typing import Literal

from pcn_group.base.errors import (
    Fault,
    InputError,
)

__all__ = [
    "SHAPEFILE",
    "begins_with",
    "desktop_file",
    "encoded",
    "holds",
    "sha256_of",
    "shapefile_parts",
    "what_is_at",
]

SHAPEFILE = b"\0\0\x27\x0a"
"""How the shapes of a shapefile begin"""

_PARTS = (".cpg", ".dbf", ".prj", ".shp", ".shx")
"""The files of a shapefile that say what is in it; others only make it quicker to search."""

_DESKTOP = {
    ".ds_store": "what macOS keeps of how a folder is shown",
    "thumbs.db": "what Windows keeps of how a folder is shown",
    "desktop.ini": "what Windows keeps of how a folder is shown",
    "icon\r": "what macOS keeps of how a folder is shown",
}

_BESIDE = (
    (re.compile(r"~\$(.+)"), "what Excel keeps beside a workbook as long as it is open"),
    (re.compile(r"\.~lock\.(.+)#"), "what LibreOffice keeps beside a file as long as it is open"),
    (re.compile(r"\._(.+)"), "what macOS keeps beside a file"),
)
"""Names of files beside others, in which the name of the other is, and what they are."""


def desktop_file(name: str) -> tuple[str, str] | None:
    """Say what a file is that a system or an office program made, not the user.

    Parameters
    ----------
    name
        Of the file, without folders.

    Returns
    -------
    tuple or None
        What it is, as a clause, and the name of the file it is beside, if it is beside one.
    """
    if what := _DESKTOP.get(name.lower()):
        return what, ""
    found = ((pattern.fullmatch(name), what) for pattern, what in _BESIDE)
    return next(((match[1], what)[::-1] for match, what in found if match), None)


def what_is_at(path: Path) -> Literal["file", "folder"] | None:
    """Say what a path leads to; None for nothing, and whatever is no folder is a file.

    `Path.exists` and its like raise where they are not allowed to look, or a name is too long.

    Raises
    ------
    InputError
        If it cannot be told.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        problem = f"cannot be looked at: {error.strerror}"
        remedy = "Check the path and your rights to it, or choose another place."
        raise InputError([Fault(str(path), problem, remedy)]) from error
    return "folder" if stat.S_ISDIR(mode) else "file"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, lower-case hexadecimal; OSError if it cannot be read.

    That of a shapefile is of all its files together, one after the other in order of suffix.
    """
    digest = hashlib.sha256()
    parts = shapefile_parts(path).values() if begins_with(path, SHAPEFILE) else (path,)
    for part in parts:
        with part.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()


def shapefile_parts(path: Path) -> dict[str, Path]:
    """Return the files that a shapefile has, by suffix, those of the same name beside it."""
    beside = {
        each.suffix.lower(): each
        for each in path.parent.iterdir()
        if each.stem == path.stem and each.is_file()
    }
    return {suffix: beside[suffix] for suffix in _PARTS if suffix in beside}


def begins_with(path: Path, head: bytes) -> bool:
    """Whether there is a file that begins so."""
    try:
        with path.open("rb") as file:
            return file.read(len(head)) == head
    except OSError:
        return False


def holds(path: Path, content: str | bytes) -> bool:
    """Whether there is a file with just this content."""
    wanted = encoded(content)
    try:
        with path.open("rb") as file:
            return file.read(len(wanted) + 1) == wanted
    except OSError:
        return False


def encoded(content: str | bytes) -> bytes:
    """Return the bytes of a file.

    What is no letter, as in a file's name that is not UTF-8, is escaped as in JSON.
    """
    return content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
