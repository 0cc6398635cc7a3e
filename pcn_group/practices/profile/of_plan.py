"""The figures of practices as a plan keeps them, so that it can be judged by itself."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pcn_group.config.profile import ProfileFigure
from pcn_group.practices.layouts import Recognised
from pcn_group.practices.profile.figures import MILLION, Everyone, as_rows
from pcn_group.practices.profile.source import Source, numbers_of
from pcn_group.practices.rows import Rows

__all__ = ["everyone_of_plan", "of_plan"]

_MORE = ("figure", "column", "adds", "amount", "patients_known", "patients")


def of_plan(figure: ProfileFigure, found: Recognised, lists: Mapping[str, int]) -> Source | None:
    """Return a figure that a plan keeps; None where it does not, or adds it otherwise."""
    tables = found.of("practice_figures")
    rows = _rows_of(figure, found)
    rows = rows.where(rows.cells["practice_code"].isin([*lists]))
    if rows.cells.empty:
        return None
    amounts, faults = numbers_of(rows, "amount")
    patients, wrong = numbers_of(rows, "patients_known")
    twice = rows.cells["practice_code"].duplicated()
    faults += wrong + rows.faults(
        twice, ("practice_code",), "has a second row of this figure", "Keep one of them."
    )
    both = amounts.index.intersection(patients.index)
    codes = rows.cells.loc[both, "practice_code"]
    known = [int(n) // MILLION for n in patients[both]]
    own = as_rows(figure.name, codes.tolist(), amounts[both].tolist(), known)
    return Source(tables[0].table.label, own, tuple(faults))


def everyone_of_plan(figure: ProfileFigure, found: Recognised) -> tuple[Everyone, int] | None:
    """Return what all practices of the plan's input add to a figure, and their patients."""
    rows = _rows_of(figure, found)
    rows = rows.where(rows.cells["practice_code"] == "")
    numbers = [numbers_of(rows, column)[0] for column in ("amount", "patients_known", "patients")]
    if not all(len(column) == 1 for column in numbers):
        return None
    amount, known, patients = (int(column.iloc[0]) for column in numbers)
    return Everyone(amount, known // MILLION), patients // MILLION


def _rows_of(figure: ProfileFigure, found: Recognised) -> Rows:
    rows = Rows.from_tables(found.of("practice_figures"), _MORE)
    own = pd.Series(data=True, index=rows.cells.index)
    for column, value in (
        ("figure", figure.name),
        ("column", figure.heading),
        ("adds", figure.adds),
    ):
        own &= rows.cells[column] == value
    return rows.where(own)
