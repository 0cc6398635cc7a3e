"""Practices that several files of one kind have: copies of a file, and versions of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pcn_group.base.errors import Fault
from pcn_group.practices.rows import Rows

__all__ = ["AGAIN", "Copies", "find_copies"]

AGAIN = "counted in another file already"
_FEW = 3
"""So many practices that two files have are told row by row: more, and the files are versions."""


@dataclass(frozen=True)
class Copies:
    """Rows about practices that a file before has.

    Attributes
    ----------
    again
        Those that say the same.
    refused
        Those of files that say something else of many practices, for each of which there is one of
        the faults.
    """

    again: pd.Series[bool]
    refused: pd.Series[bool]
    faults: list[Fault]


def find_copies(rows: Rows, counted: pd.Series[bool], values: Sequence[str] = ()) -> Copies:
    """Find rows that say again what another file says, and files that are versions of another.

    Parameters
    ----------
    rows
        Of files of one kind.
    counted
        The rows that would count: a practice should have one.
    values
        The columns that tell a version from a copy; all of them unless given.
    """
    cells = rows.cells
    own = cells[counted & rows.given("practice_code")]
    first = own.drop_duplicates("practice_code").set_index("practice_code")
    theirs = first.loc[own["practice_code"]].set_axis(own.index)
    elsewhere = own["source"] != theirs["source"]
    values = list(values) or [*own.columns.drop(["practice_code", "source", "row", "written"])]
    same = elsewhere & (own[values] == theirs[values]).all(axis="columns")
    refused = pd.Series(data=False, index=cells.index)
    faults = []
    versions = own[elsewhere & ~same].assign(first=theirs["source"])
    for (label, before), some in versions.groupby(["source", "first"]):
        if len(some) <= _FEW:
            continue
        refused[some.index] = True
        code = some["practice_code"].iloc[0]
        problem = f"says something else of {len(some):,} practices than {before}, such as {code}"
        remedy = "Keep one of the two: they do not say which is the later."
        faults.append(Fault(str(label), problem, remedy))
    again = pd.Series(data=False, index=cells.index)
    again[own.index] = same
    return Copies(again, refused, faults)
