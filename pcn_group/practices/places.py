"""What is at a path that a user named, if it can be seen at all."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Literal

from pcn_group.errors import Fault, InputError

__all__ = ["what_is_at"]


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
