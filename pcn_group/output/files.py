"""Writing a file so that a killed run leaves the old one or the new one, never half of one."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pcn_group.errors import Fault, InputError

__all__ = [
    "Kind",
    "in_the_way",
    "is_temporary",
    "refuse_existing",
    "refuse_foreign",
    "remove",
    "write_atomically",
]

_ELSEWHERE = "Choose another place with --out."

_TEMPORARY = re.compile(r"\..+\.[0-9]+\.tmp")


@dataclass(frozen=True)
class Kind:
    """What a command writes into a folder of its own.

    Attributes
    ----------
    problem
        What to say of a folder that holds something else.
    is_file, is_folder
        Whether it writes a file, or a folder, of this name.
    is_whole
        Whether a folder is what an earlier run left: names alone prove nothing.
    """

    problem: str
    is_file: Callable[[str], bool]
    is_whole: Callable[[Path], bool]
    is_folder: Callable[[str], bool] = lambda _: False


def refuse_existing(*paths: Path, overwrite: bool) -> None:
    """Stop before any work is done where a file to write is already there, or cannot be written.

    Parameters
    ----------
    paths
        The files to write.
    overwrite
        Whether the user allowed them to be replaced.

    Raises
    ------
    InputError
        With every one that exists and may not be replaced, is a folder, or cannot be written.
    """
    faults: list[Fault] = []
    for path in paths:
        if path.is_dir():
            remedy = "Name a file, for example practices.csv inside it."
            faults.append(Fault(str(path), "is a folder, not a file", remedy))
        elif path.exists() and not overwrite:
            remedy = "Choose another name with --out, or allow it to be replaced with --overwrite."
            faults.append(Fault(str(path), "is already there", remedy))
        else:
            faults += in_the_way(path.parent, [path.name])
    if faults:
        raise InputError(dict.fromkeys(faults))


def refuse_foreign(folder: Path, kind: Kind, *, overwrite: bool) -> None:
    """Stop before any work is done where a folder holds what no earlier run put there.

    Parameters
    ----------
    folder
        The folder to write; it need not exist.
    overwrite
        Whether the user allowed it to hold something else.

    Raises
    ------
    InputError
        If it is a file or inside one, or cannot be written; if it holds something else, unless
        `overwrite`; and in any case for what is in the way of its files.
    """
    if faults := in_the_way(folder, ()):
        raise InputError(faults)
    names = sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []
    names = [name for name in names if not is_temporary(name)]
    faults = in_the_way(folder, filter(kind.is_file, names))
    foreign = [name for name in names if not (kind.is_file(name) or kind.is_folder(name))]
    if not foreign and names and not kind.is_whole(folder):
        foreign = names
    if foreign and not overwrite:
        remedy = "Choose another folder with --out, or allow it with --overwrite."
        faults.append(Fault(str(folder), kind.problem, remedy, value=foreign[0]))
    if faults:
        raise InputError(faults)


def in_the_way(folder: Path, names: Iterable[str]) -> list[Fault]:
    """Give what keeps files from being written into a folder, which need not exist.

    Asked before anything is removed, so that no run stops half-way at what could be known.

    Parameters
    ----------
    names
        Of the files.
    """
    there = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    if there.exists() and not there.is_dir():
        return [Fault(str(there), "is a file, not a folder", _ELSEWHERE)]
    if not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        return [Fault(str(there), "is a folder that you may not write to", _ELSEWHERE)]
    return [fault for name in names if (fault := _obstacle(folder / name)) is not None]


def _obstacle(path: Path) -> Fault | None:
    """Say why a file cannot be written where it is to be, or that it can."""
    if path.is_dir():
        remedy = "Move it away, or choose another place with --out."
        return Fault(str(path), "is a folder, and a file of this name is to be written", remedy)
    if path.is_file():
        try:
            path.open("r+b").close()  # another program may hold it, as Excel does
        except OSError as error:
            remedy = "Close it where it is open, or choose another place with --out."
            return Fault(str(path), f"cannot be written: {error.strerror}", remedy)
    return None


def write_atomically(path: Path, content: str | bytes) -> None:
    r"""Write bytes, or text as UTF-8 with `\n` line ends, under a temporary name first.

    Folders on the way to it are made. The temporary file is in the same folder, so that moving it
    into place is one step of the file system.

    Raises
    ------
    InputError
        If the file cannot be written there.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.write(content.encode("utf-8") if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())  # else a power cut may leave the new name and no content
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def remove(path: Path) -> None:
    """Remove a file that is to be written again, if it is there.

    Raises
    ------
    InputError
        If it cannot be removed, or is a folder.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> InputError:
    remedy = "Choose another place with --out, or free the one given."
    return InputError([Fault(str(path), f"cannot be written: {error.strerror}", remedy)])


def is_temporary(name: str) -> bool:
    """Whether a file is what a killed run left of one it was writing."""
    return _TEMPORARY.fullmatch(name) is not None
