"""What is at a path that a user named, if it can be seen at all."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Literal

from pcn_group.base.errors import Fault, InputError

__all__ = ["desktop_file", "what_is_at"]

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
