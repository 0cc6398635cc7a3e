"""A synthetic region a year later: a practice has closed, two are one, and lists have grown.

It rests on nothing but the region itself, so that the same region has the same next year.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["make_next_year"]

_GROWTH = 1.01
_LEAST_LIST = 1_000
"""Practices with fewer patients are odd ones, such as prisons: none of them closes."""
_TO_NEAREST = 3
"""How many practices around it those of a practice that closes go to."""


def make_next_year(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a region a year later, and who has taken over from whom.

    The smallest practice closes, and its patients go to the three nearest. Of the two practices
    that are nearest to each other, and in different networks if any such pair is in one building,
    the smaller goes into the larger. Then every list is 1 % longer, and of the same day a year
    later.

    Parameters
    ----------
    table
        As `make_sample` makes it, with five practices or more.

    Returns
    -------
    tuple
        The practices, and a table with the columns `from` and `to`.
    """
    lists = table["list_size"].to_numpy().copy()
    points = table[["easting", "northing"]].to_numpy(dtype=float)
    metres = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    closing = int(np.where(lists >= _LEAST_LIST, lists, np.iinfo(np.int64).max).argmin())
    heirs = np.argsort(metres[closing], kind="stable")
    heirs = heirs[heirs != closing][:_TO_NEAREST]
    lists[heirs] += lists[closing] // _TO_NEAREST
    lists[heirs[0]] += lists[closing] % _TO_NEAREST
    smaller, larger = _merging(metres, lists, table["current_network"].to_numpy(), closing)
    lists[larger] += lists[smaller]
    later = table.assign(
        list_size=np.rint(lists * _GROWTH).astype(np.int64),
        list_date=[f"{int(day[:4]) + 1}{day[4:]}" for day in table["list_date"]],
    )
    codes = table["practice_code"]
    successors = pd.DataFrame({"from": [codes[smaller]], "to": [codes[larger]]})
    return later.drop(index=[closing, smaller]).reset_index(drop=True), successors


def _merging(metres: np.ndarray, lists: np.ndarray, networks: np.ndarray, but: int) -> list[int]:
    """Return two practices near each other, that with the smaller list first."""
    one, other = np.triu_indices(len(lists), k=1)
    others = (one != but) & (other != but)
    one, other = one[others], other[others]
    first = np.lexsort((networks[one] == networks[other], metres[one, other]))[0]
    return sorted((int(one[first]), int(other[first])), key=lambda i: (lists[i], -i))
