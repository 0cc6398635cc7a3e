"""Reading back the tables that a command wrote: damaged ones are a fault of the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError

__all__ = ["Kinds", "column_ending", "optional", "read_back", "refuse_damaged"]

Kinds = Mapping[str, Callable[[str], object]]
"""By column, what makes sense of a cell: raises ValueError where it cannot."""


def optional(text: str) -> float | None:
    """Make sense of a number that may be missing."""
    return float(text) if text else None


def read_back(path: Path, again: str) -> str:
    """Return the text of a file.

    Parameters
    ----------
    again
        How to have it written again, in one sentence.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        most = limits.PLAIN if path.suffix == ".json" else limits.WHOLE
        return limits.read_whole(path, most).decode("utf-8")
    except (OSError, ValueError) as error:
        raise InputError([Fault(str(path), f"cannot be read: {error}", again)]) from error


def refuse_damaged(path: Path, text: str, kinds: Kinds, again: str) -> None:
    """Stop where a CSV table is not as it was written.

    Parameters
    ----------
    path, text
        The file, and what it holds.
    kinds
        The columns it must have, and what is in them.
    again
        As for `read_back`.

    Raises
    ------
    InputError
        With the columns that are missing, or else every cell that makes no sense.
    """
    rows = csv.DictReader(io.StringIO(text))
    missing = [name for name in kinds if name not in (rows.fieldnames or ())]
    faults = [Fault(str(path), "has no such column", again, 1, name) for name in missing]
    for number, row in enumerate(rows if not missing else (), start=2):
        for name, kind in kinds.items():
            try:
                kind(row[name] or "")
            except ValueError:
                faults.append(Fault(str(path), "is damaged", again, number, name, row[name]))
    if faults:
        raise InputError(faults)


def column_ending(text: str, start: str) -> str:
    """Return the unit that a table has in the heading of a column: what follows `start`, if any."""
    header = next(csv.reader(io.StringIO(text)), [])
    return next((name.removeprefix(start) for name in header if name.startswith(start)), "")
