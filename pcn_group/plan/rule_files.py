"""The files that the rules of a stored plan name, found again wherever the plan is looked at.

A plan says no more of where they are than their names, and their folders where these were inside
the one it was made in. They are looked for in the plan's folder, in the one around it, beside the
files of practices that are given, and in the working directory: of several of one name the one that
the plan was made with is taken, by its SHA-256, else the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.files import what_is_at
from pcn_group.config.model import Configuration

__all__ = ["with_found_files"]

_MONEY = "funding."
"""What only a budget needs: the plan can be judged without."""


def with_found_files(
    configuration: Configuration, summary: Mapping[str, Any], plan: Path, inputs: Sequence[Path]
) -> Configuration:
    """Return the rules of a plan with the paths at which their files are.

    Parameters
    ----------
    configuration, summary
        As the plan has them.
    plan
        Its folder.
    inputs
        The files of practices that are given.

    Raises
    ------
    InputError
        With every file that is not found, but for tariffs: their paths are left as they are.
    """
    digests, found, faults = dict(_digests(summary)), {}, []
    places = [plan, plan.parent, *(path.parent for path in inputs), Path()]
    for key, path in configuration.files().items():
        options = [
            place / name for name in dict.fromkeys((path, Path(path.name))) for place in places
        ]
        there = [option for option in dict.fromkeys(options) if what_is_at(option) == "file"]
        same = (option for option in there if _sha256(option) == digests.get(key))
        found[key] = next(same, there[0] if there else path)
        if not there and not key.startswith(_MONEY):
            problem = f"names {path.name} for {key}, which is not found"
            remedy = f"Put it into {plan} or beside that, or give other rules with --config."
            faults.append(Fault("summary.json", problem, remedy))
    if faults:
        raise InputError(faults)
    return configuration.with_files(found)


def _digests(summary: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rows = summary.get("rule_files")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("key"), str):
            yield row["key"], str(row.get("sha256"))


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:  # what reads it says so
        return ""
