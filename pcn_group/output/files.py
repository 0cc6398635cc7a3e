"""Writing files so that a killed run leaves old ones or new ones, never half of one."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pcn_group.errors import Fault, IncompleteError, InputError
from pcn_group.practices.places import desktop_file, what_is_at

__all__ = [
    "Kind",
    "in_the_way",
    "is_ignored",
    "is_temporary",
    "refuse_existing",
    "refuse_foreign",
    "remove",
    "write_all",
    "write_atomically",
]

_ELSEWHERE = "Choose another place with --out."

_OUT_OF_THE_WAY = "Move it away, or choose another place with --out."

_TEMPORARY = re.compile(r"\..+\.[0-9]+\.tmp")

_LOCKS = (".~lock.{}#", "~${}")
"""What LibreOffice and Excel put beside a file, by its name, as long as it is open in them"""


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
        The files to write. The first is what the user named, and the others go beside it under
        names of their own.
    overwrite
        Whether the user allowed them to be replaced.

    Raises
    ------
    InputError
        With every one that exists and may not be replaced, is a folder, or cannot be written.
    """
    faults: list[Fault] = []
    for path in paths:
        is_named = path == paths[0]
        try:
            there = what_is_at(path)
        except InputError as error:
            faults += error.faults
            continue
        if there == "folder":
            remedy = "Name a file inside it." if is_named else _OUT_OF_THE_WAY
            faults.append(Fault(str(path), "is a folder, not a file", remedy))
        elif there and not overwrite:
            another = "name" if is_named else "folder"  # its name is always the same
            remedy = f"Choose another {another} with --out, or have it replaced with --overwrite."
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
    names = [name for name in names if not is_ignored(name)]
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
    try:
        there = next((place for place in (folder, *folder.parents) if what_is_at(place)), folder)
        if what_is_at(there) == "file":
            return [Fault(str(there), "is a file, not a folder", _ELSEWHERE)]
        if not os.access(there, os.R_OK | os.W_OK | os.X_OK):
            return [Fault(str(there), "is a folder that you may not write to", _ELSEWHERE)]
        return [fault for name in names if (fault := _obstacle(folder / name)) is not None]
    except InputError as error:
        return list(error.faults)


def _obstacle(path: Path) -> Fault | None:
    """Say why a file cannot be written where it is to be, or that it can."""
    there = what_is_at(path)
    if there == "folder":
        return Fault(
            str(path), "is a folder, and a file of this name is to be written", _OUT_OF_THE_WAY
        )
    for lock in (path.with_name(form.format(path.name)) for form in _LOCKS):
        if what_is_at(lock):
            remedy = f"Close it there; if it is not open, remove {lock.name}."
            return Fault(str(path), "is open in another program", remedy)
    if there == "file":
        try:
            path.open("r+b").close()  # another program may hold it, as Excel does
        except OSError as error:
            remedy = "Close it where it is open, or choose another place with --out."
            return Fault(str(path), f"cannot be written: {error.strerror}", remedy)
    return None


def write_atomically(path: Path, content: str | bytes) -> None:
    r"""Write one file as `write_all` does: the old one stays if that fails.

    Raises
    ------
    InputError
        If the file cannot be written there.
    """
    write_all({path: content})


def write_all(contents: Mapping[Path, str | bytes], *, old: Iterable[Path] = ()) -> None:
    r"""Write files that belong together: bytes, or text as UTF-8 with `\n` line ends.

    All are written under temporary names first, so that a full disk spoils nothing. Then what is
    old is removed, and each is moved into place in the order given: one step of the file system, as
    the temporary file is in the same folder. Folders on the way are made.

    Parameters
    ----------
    old
        Files that are not true any more beside the new ones, in the order in which they go.

    Raises
    ------
    InputError
        If one cannot be written there: all is as it was.
    IncompleteError
        If some could be moved into place, or removed, and another could not.
    """
    temporaries = {path: path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in contents}
    try:
        for path, content in contents.items():
            try:
                _write(temporaries[path], content)
            except OSError as error:
                raise _unwritable(path, error) from error
        _put_in_place(temporaries, old)
    finally:
        for temporary in temporaries.values():
            with contextlib.suppress(OSError):  # then it was never written
                temporary.unlink()


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())  # else a power cut may leave the new name and no content


def _put_in_place(temporaries: Mapping[Path, Path], old: Iterable[Path]) -> None:
    path, is_changed = Path(), False
    try:
        for path in filter(os.path.lexists, old):
            path.unlink()
            is_changed = True
        for path, temporary in temporaries.items():
            temporary.replace(path)
            is_changed = True
    except OSError as error:
        if is_changed:
            raise IncompleteError(str(path), str(error.strerror)) from error
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


def is_ignored(name: str) -> bool:
    """Whether a file is nobody's content: a killed run left it, or a desktop or office program."""
    return is_temporary(name) or desktop_file(name) is not None
