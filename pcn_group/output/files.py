"""Writing a file so that a killed run leaves the old one or the new one, never half of one."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from pcn_group.errors import Fault, InputError

__all__ = ["is_temporary", "refuse_existing", "refuse_foreign", "remove", "write_atomically"]

_TEMPORARY = re.compile(r"\..+\.[0-9]+\.tmp")


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Stop before any work is done where the file to write is already there.

    Parameters
    ----------
    path
        The file to write.
    overwrite
        Whether the user allowed it to be replaced.

    Raises
    ------
    InputError
        If it exists and may not be replaced, or is a folder.
    """
    if path.is_dir():
        remedy = "Name a file, for example practices.csv inside it."
        raise InputError([Fault(str(path), "is a folder, not a file", remedy)])
    if path.exists() and not overwrite:
        remedy = "Choose another name with --out, or allow it to be replaced with --overwrite."
        raise InputError([Fault(str(path), "is already there", remedy)])


def refuse_foreign(
    folder: Path,
    problem: str,
    is_own: Callable[[str], bool],
    is_whole: Callable[[Path], bool],
    *,
    overwrite: bool,
) -> None:
    """Stop before any work is done where a folder holds what no earlier run put there.

    Parameters
    ----------
    folder
        The folder to write; it need not exist.
    problem
        What to say where it holds something else.
    is_own
        Whether an earlier run can have written a file or folder of this name.
    is_whole
        Whether the folder is what an earlier run left: names alone prove nothing.
    overwrite
        Whether the user allowed it.

    Raises
    ------
    InputError
        If it is a file or inside one, or holds something else, unless `overwrite`.
    """
    there = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    if there.exists() and not there.is_dir():
        remedy = "Choose another folder with --out."
        raise InputError([Fault(str(there), "is a file, not a folder", remedy)])
    if overwrite or not folder.exists():
        return
    remedy = "Choose another folder with --out, or allow it with --overwrite."
    names = sorted(entry.name for entry in folder.iterdir() if not is_temporary(entry.name))
    foreign = [name for name in names if not is_own(name)]
    if not foreign and names and not is_whole(folder):
        foreign = names
    if foreign:
        raise InputError([Fault(str(folder), problem, remedy, value=foreign[0])])


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
