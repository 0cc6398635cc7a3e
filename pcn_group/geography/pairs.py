"""Reading a user's tables about pairs of practices: travel matrices and neighbour lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from pcn_group.base.errors import Fault
from pcn_group.tables.codes import in_one_form
from pcn_group.tables.columns import column_pieces

__all__ = ["faulty_rows", "read_pairs"]

_SHOWN = 50


def read_pairs(path: Path, columns: Sequence[str], codes: Sequence[str]) -> pd.DataFrame:
    """Read the rows of a table whose first two columns both name practices of the region.

    A national file is normal, so other rows are dropped, a piece at a time: one of all English
    practices has 44 million rows.

    Parameters
    ----------
    path
        The file.
    columns
        The columns needed, as for `read_columns`; the first two hold practice codes.
    codes
        The practices of the region.

    Returns
    -------
    pandas.DataFrame
        The columns as text, codes in one form, indexed by line number.

    Raises
    ------
    InputError
        For a file that cannot be read as such a table.
    """
    return pd.concat(_of_region(chunk, columns, codes) for chunk in column_pieces(path, columns))


def faulty_rows(rows: pd.DataFrame, fault: Callable[[int, pd.Series[str]], Fault]) -> list[Fault]:
    """Return a fault for each row, and after the first fifty only how many more there are."""
    faults = [fault(int(str(line)), row) for line, row in rows.head(_SHOWN).iterrows()]
    if len(rows) > _SHOWN:
        more = f"has {len(rows) - _SHOWN:,} more faults like the one above"
        faults.append(Fault(faults[-1].source, more, faults[-1].remedy))
    return faults


def _of_region(chunk: pd.DataFrame, columns: Sequence[str], codes: Sequence[str]) -> pd.DataFrame:
    first, second = columns[:2]
    rows = chunk.assign(**{name: in_one_form(chunk[name]) for name in (first, second)})
    return rows[rows[first].isin(codes) & rows[second].isin(codes)]
