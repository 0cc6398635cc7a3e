"""What a folder holds that was named as a plan and is none, and what to name instead."""

from __future__ import annotations

from pathlib import Path

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.files import what_is_at

__all__ = ["GROUPINGS", "RECORDS", "refuse_no_plan"]

GROUPINGS = "groupings.csv"
"""What makes a folder a plan."""

RECORDS = ".batch"
"""In the folder of a batch: what is kept of its regions."""

_KINDS = (
    (RECORDS, "holds a batch, not one plan", f"*/{GROUPINGS}"),
    ("curve.csv", "holds a trade-off, not one plan", "plan-*.csv"),
    ("togetherness.csv", "holds alternatives, not one plan", f"plan-*/{GROUPINGS}"),
    ("budgets.csv", "holds a budget, not a plan", None),
    ("comparison.csv", "holds a comparison, not a plan", None),
    ("comparison.html", "holds a comparison, not a plan", None),
    ("report.html", "holds pictures of a plan, not the plan", None),
)
"""What each kind of folder has, what to say of it, and where the plans in it are, if it has any"""


def refuse_no_plan(path: Path, *, may_be_batch: bool = False) -> None:
    """Stop where what a user named as a plan is none: say what it holds, and what to name.

    Parameters
    ----------
    path
        What the user named. A file is left to its reader.
    may_be_batch
        Whether a batch will do, all its regions together.

    Raises
    ------
    InputError
        If it does not exist or cannot be looked at, or is a folder without a `groupings.csv`, or
        with that of a batch.
    """
    there = what_is_at(path)
    if there is None:
        raise InputError([Fault(str(path), "does not exist", "Check the path.")])
    if there == "file":
        return
    is_batch = what_is_at(path / RECORDS) == "folder" and not may_be_batch
    if is_batch or not what_is_at(path / GROUPINGS):
        raise InputError([_fault(path)])


def _fault(folder: Path) -> Fault:
    for name, problem, plans in _KINDS:
        if (folder / name).exists():
            remedy = _naming_one(folder, plans) if plans else "Name the plan it was made of."
            return Fault(str(folder), problem, remedy)
    remedy = f"Name a folder that solve wrote, or a {GROUPINGS}."
    return Fault(str(folder), f"holds no plan: there is no {GROUPINGS} in it", remedy)


def _naming_one(folder: Path, pattern: str) -> str:
    """Have one of the plans in a folder named: the file, or the folder that is one."""
    plans = [
        path.parent if path.name == GROUPINGS else path for path in sorted(folder.glob(pattern))
    ]
    return f"Name one plan in it{f', such as {plans[0]}' if plans else ''}."
