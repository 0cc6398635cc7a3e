"""Figures that are columns of tables of practices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pcn_group.base.errors import Fault
from pcn_group.base.wording import listed
from pcn_group.config.profile import ProfileFigure
from pcn_group.practices.layouts import Recognised
from pcn_group.practices.profile.figures import MILLION, as_rows
from pcn_group.practices.profile.source import Source, figure_numbers, numbers_of
from pcn_group.practices.rows import Rows
from pcn_group.tables.findings import Account

__all__ = ["OWN", "counted", "figures_accounts", "of_columns", "of_own_columns"]

OWN = ("list_size", "weighted_list_size", "adjusted_list_size", "care_home_beds")
"""The columns with numbers that every table of practices may have."""

_KINDS = ("practices", "weights", "figures")
_ALONE = ("figures", "registers", "practice_figures")
_ALL = "about no practice by itself"


def of_own_columns(figure: ProfileFigure, column: str, cells: pd.DataFrame) -> Source | None:
    """Return a figure that is one of the columns `OWN`; faults in these are told elsewhere.

    Parameters
    ----------
    column
        Which of them.
    cells
        All practices, with the column and `list_size` as text.
    """
    numbers, _ = figure_numbers(cells[column])
    if numbers.empty:
        return None
    codes = cells.loc[numbers.index, "practice_code"]
    sizes = _sizes(cells).loc[numbers.index]
    return Source(column, counted(figure, codes, numbers, sizes))


def of_columns(
    figure: ProfileFigure, column: str, found: Recognised, lists: Mapping[str, int]
) -> Source | None:
    """Return a figure that is a column of tables of practices; None where no table has it.

    Parameters
    ----------
    column
        What the heading means, by `figure_columns`.
    lists
        Patients by practice. Rows about other practices are left aside.
    """
    tables = [
        named
        for kind in _KINDS
        for named in found.of(kind)
        if column in named.table.headings(named.names)
    ]
    if not tables:
        return None
    rows = Rows.from_tables(tables, (column,))
    rows = rows.where(rows.cells["practice_code"].isin([*lists]))
    numbers, faults = numbers_of(rows, column)
    faults += _differing(rows, column, numbers)
    codes = rows.cells.loc[numbers.index, "practice_code"]
    first = codes[~codes.duplicated()]
    numbers = numbers[first.index]
    sizes = first.map(lists)
    faults += _uncountable(figure, rows, column, numbers, sizes)
    label = listed(named.table.label for named in tables)
    return Source(label, counted(figure, first, numbers, sizes), tuple(faults))


def counted(
    figure: ProfileFigure, codes: pd.Series[str], numbers: pd.Series[int], sizes: pd.Series[int]
) -> pd.DataFrame:
    """Return what practices with these numbers add to a figure, and for how many patients."""
    patients = [int(size) for size in sizes]
    millionths = numbers.tolist()
    if figure.adds == "mean":
        millionths = [n * size for n, size in zip(millionths, patients, strict=True)]
    return as_rows(figure.name, codes.tolist(), millionths, patients)


def figures_accounts(found: Recognised) -> list[Account]:
    """Return what became of the rows of tables that have nothing but figures."""
    tables = [named for kind in _ALONE for named in found.of(kind)]
    rows = [Rows.from_tables([named]).cells["practice_code"] for named in tables]
    return [
        Account.of(named.table.label, codes, ("" if code else _ALL for code in codes))
        for named, codes in zip(tables, rows, strict=True)
    ]


def _sizes(cells: pd.DataFrame) -> pd.Series[int]:
    numbers, _ = figure_numbers(cells["list_size"])
    return numbers.reindex(cells.index, fill_value=0) // MILLION


def _differing(rows: Rows, column: str, numbers: pd.Series[int]) -> list[Fault]:
    """Return a fault for each row with another number than an earlier one of its practice."""
    cells = rows.cells.loc[numbers.index].assign(number=numbers)
    faults = []
    again = cells[cells["practice_code"].duplicated(keep=False)]
    for _, own in again.groupby("practice_code"):
        first = own.iloc[0]
        other = rows.cells.index.isin(own.index[own["number"] != first["number"]])
        problem = f"is another number than in {first['source']}, row {first['row']}"
        mask = pd.Series(other, rows.cells.index)
        faults += rows.faults(mask, (column,), problem, "Keep one of the two.")
    return faults


def _uncountable(
    figure: ProfileFigure,
    rows: Rows,
    column: str,
    numbers: pd.Series[int],
    sizes: Sequence[int] | pd.Series[int],
) -> list[Fault]:
    """Return a fault for each share that counts fewer than no patients, or more than there are."""
    if figure.adds != "share":
        return []
    most = pd.Series([MILLION * int(size) for size in sizes], index=numbers.index, dtype=object)
    wrong = rows.cells.index.isin(numbers.index[(numbers < 0) | (numbers > most)])
    return rows.faults(
        pd.Series(wrong, rows.cells.index),
        (column,),
        f"is no count of the practice's patients, of which {figure.name} is the share",
        "Give a count, or say adds: mean where it is a rate or a percentage.",
    )
