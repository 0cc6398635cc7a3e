"""Places other than practices: sites that may be hubs, and branch surgeries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.model import Configuration
from pcn_group.practices.coordinates import COORDINATE_KINDS, locate, unlocated
from pcn_group.practices.directories import locate_postcodes
from pcn_group.practices.rows import LARGEST_LIST, Rows
from pcn_group.tables.columns import read_columns
from pcn_group.tables.numbers import whole_numbers

__all__ = ["HubPlace", "read_branches", "read_hub_sites"]

_LOCATING = tuple(column for kind in COORDINATE_KINDS for column in kind)


@dataclass(frozen=True)
class HubPlace:
    """A place that is no practice and may be a hub.

    Attributes
    ----------
    code, name
        In the file; without a name the code is the name.
    easting, northing
        Metres on EPSG:27700.
    capacity
        The most patients of a network whose hub it is; None for any number.
    """

    code: str
    name: str
    easting: float
    northing: float
    capacity: int | None


def read_hub_sites(path: Path) -> tuple[HubPlace, ...]:
    """Read sites: `site_code`, a location, and if there are any `site_name` and `capacity`.

    Returns
    -------
    tuple of HubPlace
        In order of code.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    rows = _rows(path, "site_code", ("site_name", "capacity"))
    codes, capacity = rows.cells["site_code"], whole_numbers(rows.cells["capacity"])
    unusable = rows.given("capacity") & ~capacity.between(1, LARGEST_LIST).to_numpy()
    remedy = "Give the most patients its network may have, as digits, or leave it empty."
    faults = [
        *rows.faults(codes == "", ("site_code",), "is empty", "Give the site a code."),
        *_twice(rows),
        *rows.faults(unusable, ("capacity",), "is no number of patients", remedy),
    ]
    points = _located(rows, faults)
    return tuple(
        HubPlace(code, name or code, *point, None if np.isnan(most) else int(most))
        for code, name, point, most in sorted(
            zip(codes, rows.cells["site_name"], points, capacity, strict=True)
        )
    )


def read_branches(path: Path) -> pd.DataFrame:
    """Read branch surgeries: `practice_code` of whose each is, and a location.

    Returns
    -------
    pandas.DataFrame
        `practice_code`, `easting` and `northing` (metres on EPSG:27700), sorted.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    rows = _rows(path, "practice_code", ())
    codes = rows.cells["practice_code"]
    remedy = "Give the code of the practice whose branch it is."
    points = _located(rows, rows.faults(codes == "", ("practice_code",), "is empty", remedy))
    branches = pd.DataFrame(points, columns=["easting", "northing"]).assign(practice_code=codes)
    return branches.sort_values(["practice_code", "easting", "northing"], ignore_index=True)


def _rows(path: Path, code: str, more: tuple[str, ...]) -> Rows:
    """Read a table with a code and a location, as practices are read."""
    columns = (code, *more, *_LOCATING)
    found = read_columns(path, (code,), columns[1:])
    cells = found.assign(source=path.name, row=[*map(str, found.index)], written=found[code])
    has = {name: name for name in columns if (cells[name] != "").any() or name == code}
    if not any(set(kind) <= has.keys() for kind in COORDINATE_KINDS):
        raise InputError([unlocated(path.name, Configuration())])
    return Rows(cells.reset_index(drop=True), {path.name: has})


def _twice(rows: Rows) -> Iterator[Fault]:
    codes = rows.cells["site_code"]
    again = (codes != "") & codes.duplicated()
    yield from rows.faults(again, ("site_code",), "is there twice", "Keep one row of it.")


def _located(rows: Rows, faults: list[Fault]) -> list[tuple[float, float]]:
    """Return where each row is; raise its faults with those that were found before."""
    located = locate(rows, locate_postcodes)
    every = [*faults, *located.faults]
    if every:
        raise InputError(every)
    easting, northing = (located.points[name].tolist() for name in ("easting", "northing"))
    return [*zip(easting, northing, strict=True)]
