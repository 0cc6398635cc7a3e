"""Practices attached to another one, and the units that the search sees instead.

The list of a prison, a university or a service for homeless people may be attached to that of the
nearest practice, its host. It then counts as part of the host: the host with all that is attached
to it is a unit, of all their patients, at the host's place and with the host's network of today.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.config.model import Data

__all__ = ["attach_atypical", "hosts", "unit_catchments", "unit_numbers", "units"]

_SIZES = ("list_size", "weighted_list_size", "adjusted_list_size", "care_home_beds")


def attach_atypical(table: pd.DataFrame, rules: Data) -> pd.DataFrame:
    """Say which practices are attached to which.

    With `atypical: attach` every practice of fewer than `atypical_below` patients is attached to
    the nearest one that has as many, in a straight line, the first by code of equally near ones.
    Where no practice has as many, there is nothing to attach to.

    Parameters
    ----------
    table
        A region's `Practices.table`.
    rules
        The `data` section of the configuration.

    Returns
    -------
    pandas.DataFrame
        The same table with the column `attached_to`: the code of the host, nearly always empty.
    """
    attached_to = pd.Series("", index=table.index, dtype="str")
    small = (table["list_size"] < rules.atypical_below).to_numpy()
    if rules.atypical == "attach" and not small.all():
        codes = table.loc[~small, "practice_code"].to_numpy()
        points = _millimetres(table)
        attached_to[small] = codes[_nearest(points[small], points[~small])]
    return table.assign(attached_to=attached_to)


def hosts(table: pd.DataFrame) -> pd.Series[str]:
    """Return the code of the practice that each one counts with: its host, or itself.

    Parameters
    ----------
    table
        A `Practices.table`; without the column `attached_to` every practice counts for itself.
    """
    codes = table["practice_code"]
    is_attached = table["attached_to"] != "" if "attached_to" in table else None
    if is_attached is None or not is_attached.any():
        return codes
    return table["attached_to"].where(is_attached, codes)


def unit_numbers(table: pd.DataFrame) -> NDArray[np.int64]:
    """Return the position in `units` of the unit that each practice is in: int64 (n,)."""
    host_of = hosts(table)
    own = table["practice_code"][host_of == table["practice_code"]]
    numbers: NDArray[np.int64] = pd.Index(own).get_indexer(pd.Index(host_of))
    return numbers


def units(table: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each practice that is attached to no other, with its unit's patients.

    Parameters
    ----------
    table
        A `Practices.table`.

    Returns
    -------
    pandas.DataFrame
        In the layout of `Practices.table`, sorted by code, index 0..m-1. List sizes and
        beds are those of the unit; but for the registered list they are unknown unless known for
        every practice of the unit. `practices` (int64) is how many practices the unit has.
    """
    numbers = unit_numbers(table)
    own = table[hosts(table) == table["practice_code"]].reset_index(drop=True)
    sums = pd.DataFrame({name: np.bincount(numbers, weights=table[name]) for name in _SIZES})
    sums["list_size"] = sums["list_size"].astype(np.int64)
    return own.assign(**sums, practices=np.bincount(numbers))


def unit_catchments(catchments: pd.DataFrame | None, table: pd.DataFrame) -> pd.DataFrame | None:
    """Return the patients of each unit by area: those of attached practices go to their hosts.

    A host that is missing stays so, since the few patients attached to it would stand for all.

    Parameters
    ----------
    catchments
        A `Practices.catchments`; None stays None.
    table
        The `Practices.table`.
    """
    host_of = dict(zip(table["practice_code"], hosts(table), strict=True))
    if catchments is None or all(code == host for code, host in host_of.items()):
        return catchments
    codes = catchments["practice_code"].map(lambda code: host_of.get(code, code))
    moved = catchments.assign(practice_code=codes)
    areas = moved[codes.isin(catchments["practice_code"])].groupby(["practice_code", "area_code"])
    totals = areas.agg({"patients": "sum", "easting": "first", "northing": "first"})
    return totals.reset_index()[list(catchments.columns)]


def _millimetres(table: pd.DataFrame) -> NDArray[np.int64]:
    """Return coordinates (n, 2) as written to files, so that equally near is exactly that."""
    metres = table[["easting", "northing"]].to_numpy(dtype=np.float64)
    millimetres: NDArray[np.int64] = np.rint(1000 * metres).astype(np.int64)
    return millimetres


def _nearest(points: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each of the points (k, 2) the first of the nearest of the others (m, 2)."""
    east, north = (np.subtract.outer(points[:, axis], others[:, axis]) for axis in (0, 1))
    nearest: NDArray[np.int64] = (east**2 + north**2).argmin(axis=1)
    return nearest
