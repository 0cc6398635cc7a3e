"""Writing files so that a killed run leaves old ones or new ones, never half of one."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pcn_group.base.errors import (
    Fault,
    IncompleteError,
    InputError,
    PcnGroupError,
    UnwrittenError,
)
from pcn_group.base.paths import desktop_file, encoded, what_is_at

__all__ = [
    "Kind",
    "in_the_way",
    "is_ignored",
    "is_temporary",
    "refuse_existing",
    "refuse_foreign",
    "refuse_links",
    "remove",
    "write_all",
    "write_atomically",
]


_PLACES: tuple[Callable[[], str | Path], ...] = (tempfile.gettempdir, Path.home, Path.cwd)
"""Where there may be room; each may be missing."""


def _keep_elsewhere(contents: Mapping[Path, bytes], root: Path) -> Path | None:
    """Write files into a new folder wherever there is room, and return it; None if there is none.

    Below it they lie as they would below the root, so that a plan's folder is one there too.
    """
    for place in _PLACES:
        with contextlib.suppress(OSError, RuntimeError):  # RuntimeError: nobody's home
            folder = Path(tempfile.mkdtemp(prefix="pcn-group-", dir=place()))
            try:
                for path, content in contents.items():
                    copy = folder / path.relative_to(root)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    copy.write_bytes(content)
            except OSError:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                return folder
    return None


_ELSEWHERE = "Choose another place with --out."
_MOVE = "Move it away, or choose another place with --out."
_UNLINK = "Remove the link, or choose another place with --out."

_LINKED = "its folder is a link, and nothing is written outside the folder"

_TEMPORARY = re.compile(r"\..+\.[0-9]+\.tmp")

_LOCKS = (".~lock.{}#", "~${}")
"""What LibreOffice and Excel put beside a file, by its name, as long as it is open in them"""


_HELD = (5, 32, 33)
"""What Windows says of a file that another program has open: denied, shared, locked"""

_NOT_THERE = (3, 206)
"""What it says of a path that leads nowhere, or is too long"""

_LONGEST = 259
"""Characters in a path, unless whoever looks after the computer has allowed more"""

_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds to wait for it, one after the other"""


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


def refuse_existing(named: Path, *beside: Path, overwrite: bool) -> None:
    """Stop before any work is done where a file to write is already there, or cannot be written.

    Parameters
    ----------
    named
        The file that the user named.
    beside
        Files of other names that go into the same folder.
    overwrite
        Whether the user allowed them to be replaced.

    Raises
    ------
    InputError
        With every one that exists and may not be replaced, is a folder, or cannot be written.
    """
    faults: list[Fault] = []
    for path in (named, *beside):
        try:
            there = what_is_at(path)
        except InputError as error:
            faults += error.faults
            continue
        if there == "folder":
            remedy = "Name a file inside it." if path == named else _MOVE
            faults.append(Fault(str(path), "is a folder, not a file", remedy))
        elif path == named and path.is_symlink() and (path.is_file() or there is None):
            remedy = f"Name the file it leads to: {path.resolve()}."
            faults.append(Fault(str(path), "is a link, and a file would take its place", remedy))
        elif path.is_file() and not overwrite:
            choice = "name" if path == named else "folder"
            remedy = (
                f"Choose another {choice} with --out, or allow it to be replaced with --overwrite."
            )
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
    try:
        names = sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []
        names = [name for name in names if not is_ignored(name)]
        faults = in_the_way(folder, filter(kind.is_file, names))
        foreign = [name for name in names if not (kind.is_file(name) or kind.is_folder(name))]
        if not foreign and names and not kind.is_whole(folder):
            foreign = names
    except OSError as error:  # of something inside
        problem = f"cannot be looked at: {error.strerror}"
        raise InputError([Fault(str(error.filename or folder), problem, _ELSEWHERE)]) from error
    if foreign and not overwrite:
        remedy = "Choose another folder with --out, or allow it with --overwrite."
        faults.append(Fault(str(folder), kind.problem, remedy, value=foreign[0]))
    if faults:
        raise InputError(faults)


def refuse_links(folders: Iterable[Path]) -> None:
    """Stop where a folder inside that of the user is a link: it may lead anywhere.

    Raises
    ------
    InputError
        With every one that is.
    """
    problem = "is a link, and nothing is written outside the folder"
    if faults := [Fault(str(each), problem, _UNLINK) for each in folders if each.is_symlink()]:
        raise InputError(faults)


def in_the_way(folder: Path, names: Iterable[str]) -> list[Fault]:
    """Return what keeps files from being written into a folder, which need not exist.

    Asked before anything is removed, so that no run stops half-way at what could be known.

    Parameters
    ----------
    names
        Of the files.
    """
    try:
        way = (folder, *folder.parents)
        there = next(place for place in way if what_is_at(place) or place.is_symlink())
        if what_is_at(there) is None:
            return [Fault(str(there), "is a link that leads nowhere", _UNLINK)]
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
        return Fault(str(path), "is a folder, and a file of this name is to be written", _MOVE)
    for lock in (path.with_name(form.format(path.name)) for form in _LOCKS):
        if what_is_at(lock):
            remedy = f"Close it there; if it is not open, remove {lock.name}."
            return Fault(str(path), "is open in another program", remedy)
    return _irreplaceable(path) if there else None


def _irreplaceable(path: Path) -> Fault | None:
    """Say why a file that is there cannot be replaced, or that it can."""
    if not path.is_file():
        return Fault(str(path), "is a device or a pipe, which no file can replace", _ELSEWHERE)
    if path.is_symlink():  # what it leads to stays as it is
        return None
    if not os.access(path, os.W_OK):
        remedy = "Allow it, or choose another place with --out."
        return Fault(str(path), "is a file that you may not write to", remedy)
    try:
        path.open("r+b").close()  # another program may hold it, as Excel does
    except OSError as error:
        remedy = "Close it where it is open, or choose another place with --out."
        return Fault(str(path), f"cannot be written: {error.strerror}", remedy)
    return None


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write one file as `write_all` does: the old one stays if that fails.

    Raises
    ------
    UnwrittenError
        If the file cannot be written there.
    """
    write_all({path: content})


def write_all(
    contents: Mapping[Path, str | bytes],
    *,
    old: Iterable[Path] = (),
    root: Path | None = None,
    with_them: Mapping[Path, str | bytes] | None = None,
) -> None:
    r"""Write files that belong together: bytes, or text as UTF-8 with `\n` line ends.

    All are written under temporary names first, so that a full disk spoils nothing. Then what is
    old is removed, and each is moved into place in the order given: one step of the file system, as
    the temporary file is in the same folder. Folders on the way are made. A link in the place of a
    file is replaced; one in the place of a folder below the root is a failure.

    Parameters
    ----------
    old
        Files that are not true any more beside the new ones, in the order in which they go.
    root
        The folder that nothing is written outside of; by default that which all files are in.
    with_them
        Files that are not to be written, but to be kept with the others where these cannot be.

    Raises
    ------
    UnwrittenError
        If one cannot be written there: all is as it was, and the new files are kept elsewhere.
    IncompleteError
        If some could be moved into place, or removed, and another could not: likewise kept.
    PcnGroupError
        If they cannot be kept elsewhere either.
    """
    data = {path: encoded(content) for path, content in contents.items()}
    temporaries = {path: path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in data}
    root = root or Path(os.path.commonpath([path.parent for path in data]))
    made: list[Path] = []
    path, is_changed = Path(), False
    try:
        try:
            for path, content in data.items():
                if path.parent != root and path.parent.is_symlink():
                    raise OSError(errno.ELOOP, _LINKED)
                made += [each for each in (path.parent, *path.parent.parents) if not each.exists()]
                _write(temporaries[path], content)
            for path in filter(os.path.lexists, old):
                path.unlink()
                is_changed = True
            for path, temporary in temporaries.items():
                _move(temporary, path)
                is_changed = True
        finally:
            for temporary in temporaries.values():
                with contextlib.suppress(OSError):  # then it was never written
                    temporary.unlink()
            for folder in sorted(made, reverse=True):
                with contextlib.suppress(OSError):  # then it has files, as it should
                    folder.rmdir()
    except OSError as error:
        told = f"{path}: cannot be written: {_reason(error, temporaries.get(path, path))}."
        data |= {beside: encoded(content) for beside, content in (with_them or {}).items()}
        raise _unwritten(told, data, root, is_changed=is_changed) from error


def _reason(error: OSError, temporary: Path) -> str:
    """Say why a file could not be written; a path too long for Windows leads nowhere, it says."""
    length = len(str(temporary.absolute()))
    if getattr(error, "winerror", None) in _NOT_THERE and length > _LONGEST:
        return f"its path has {length} characters, and this Windows takes {_LONGEST}"
    return str(error.strerror)


def _unwritten(
    told: str, contents: Mapping[Path, bytes], root: Path, *, is_changed: bool
) -> PcnGroupError:
    """Keep elsewhere what cannot be written, and return the error that says where."""
    if is_changed:
        told += " The files with it are incomplete."
    kept = _keep_elsewhere(contents, root)
    if kept is not None:
        told += f" The folder {kept} holds what was to be written."
    elif not is_changed:
        return PcnGroupError(f"{told} Nor is there room to keep it elsewhere: it is lost.")
    return IncompleteError(told) if is_changed else UnwrittenError(told)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # left by a killed run, or a link to who knows where
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # else a power cut may leave the new name and no content


def _move(temporary: Path, path: Path) -> None:
    """Move a file into place, with patience for who only looks at it.

    On Windows a virus scanner, an index or what keeps a share in step opens every new file for a
    moment, and meanwhile nobody may move it.
    """
    for pause in _PAUSES:
        try:
            temporary.replace(path)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
            time.sleep(pause)
        else:
            return
    temporary.replace(path)


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
        remedy = "Choose another place with --out, or free the one given."
        fault = Fault(str(path), f"cannot be removed: {error.strerror}", remedy)
        raise InputError([fault]) from error


def is_temporary(name: str) -> bool:
    """Whether a file is what a killed run left of one it was writing."""
    return _TEMPORARY.fullmatch(name) is not None


def is_ignored(name: str) -> bool:
    """Whether a file is nobody's content: a killed run left it, or a desktop or office program."""
    return is_temporary(name) or desktop_file(name) is not None
