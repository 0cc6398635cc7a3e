"""How lists have grown, and what is to be built: the inputs of a forecast."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.model import Data
from pcn_group.config.successors import successor_of
from pcn_group.practices.grid import in_grid, to_grid
from pcn_group.practices.kinds import is_streamed
from pcn_group.practices.layouts import recognise
from pcn_group.practices.lists import read_lists
from pcn_group.practices.rows import faults_of
from pcn_group.tables.columns import read_columns, repeated_practices
from pcn_group.tables.numbers import decimals, whole_numbers
from pcn_group.tables.opening import open_input

__all__ = ["Extract", "Site", "read_extract", "read_homes", "read_rates", "years_between"]

_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Extract:
    """The lists of an earlier day.

    Attributes
    ----------
    source
        The file.
    day
        ISO date.
    patients
        By practice code.
    """

    source: str
    day: str
    patients: Mapping[str, int]

    def by_successor(self, successors: Mapping[str, str], known: Collection[str]) -> Extract:
        """Return the lists with the patients of practices that have closed at their successors'."""
        patients: dict[str, int] = {}
        for code, count in self.patients.items():
            heir = successor_of(code, successors, known)
            patients[heir] = patients.get(heir, 0) + count
        return replace(self, patients=patients)


@dataclass(frozen=True)
class Site:
    """New homes: who will live there, where, and from which year on.

    Attributes
    ----------
    name
        In the file.
    people
        How many of them will be registered.
    year
        The calendar year by the end of which all of them are.
    easting, northing
        Metres on EPSG:27700.
    """

    name: str
    people: int
    year: int
    easting: float
    northing: float


def years_between(earlier: str, later: str) -> float:
    """Return the years from one ISO date to another."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days / _DAYS_A_YEAR


def read_extract(path: Path) -> Extract:
    """Read the lists of an earlier day: a `practices.csv`, or an official file of lists.

    Raises
    ------
    InputError
        With every fault of the file, and where it has no lists or does not say of which day.
    """
    found = recognise([open_input(path, path.name, is_streamed)], Data())
    lists = read_lists(found)
    rows = lists.rows
    faults = [*found.faults, *lists.faults]
    if rows.cells.empty and not faults:
        problem, remedy = "has no lists of patients", "Give a practices.csv, or a file of lists."
        faults.append(Fault(path.name, problem, remedy))
    sizes = whole_numbers(rows.cells["list_size"])
    faults += [fault for fault in faults_of(rows) if fault.column in {None, *_told(rows.headings)}]
    if not faults and not lists.date:
        remedy = "Add a column list_date with it, such as 2021-01-01."
        faults.append(Fault(path.name, "does not say of which day its lists are", remedy))
    if faults:
        raise InputError(faults)
    patients = dict(zip(rows.cells["practice_code"], sizes.astype(int).tolist(), strict=True))
    return Extract(path.name, lists.date, patients)


def _told(headings: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Return the headings of codes and lists: a forecast wants nothing else of an extract."""
    for own in headings.values():
        yield from (own[name] for name in ("practice_code", "list_size") if name in own)


def read_rates(path: Path) -> dict[str, float]:
    """Read the yearly growth of practices: `practice_code` and `growth`, such as 0.012 or 1.2%.

    Practices without a value are left out.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    rows = read_columns(path, ("practice_code", "growth"))
    rows = rows[rows["growth"] != ""]
    percent = rows["growth"].str.endswith("%")
    rates = decimals(rows["growth"].str.removesuffix("%").str.strip())
    rates = rates.mask(percent, rates / 100)
    remedy = "Give a share of the list each year, from -0.5 to 0.5: 0.012 or 1.2%."
    faults = [
        Fault(path.name, "is no growth that a list can have", remedy, int(str(row)), "growth", cell)
        for row, cell in rows["growth"][~rates.between(-0.5, 0.5)].items()
    ]
    faults += [
        Fault(path.name, "is empty", "Give the practice's code.", int(str(row)), "practice_code")
        for row in rows.index[rows["practice_code"] == ""]
    ]
    faults += repeated_practices(rows[rows["practice_code"] != ""], path.name)
    if faults:
        raise InputError(faults)
    return dict(zip(rows["practice_code"], rates.tolist(), strict=True))


_GRID, _DEGREES = ("easting", "northing"), ("latitude", "longitude")


def read_homes(path: Path) -> tuple[Site, ...]:
    """Read sites of new homes: `site`, `people`, `year`, and `easting` and `northing` or degrees.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    rows = read_columns(path, ("site", "people", "year"), (*_GRID, *_DEGREES))
    people, year = whole_numbers(rows["people"]), whole_numbers(rows["year"])
    points = _points(rows)
    known = in_grid(points)
    checks = (
        ("people", people.isna() | (people < 0), "is no number of people", "Give it as digits."),
        ("year", ~year.between(1990, 2100), "is no year", "Give it as four digits."),
        ("easting", pd.Series(~known, rows.index), "is no place in Great Britain", _PLACE),
    )
    faults = [
        Fault(path.name, problem, remedy, int(str(row)), column, cell)
        for column, wrong, problem, remedy in checks
        for row, cell in rows.loc[wrong, column].items()
    ]
    if faults:
        raise InputError(faults)
    columns = (rows["site"], people.astype(int), year.astype(int), *points.T.tolist())
    return tuple(Site(*each) for each in zip(*columns, strict=True))


_PLACE = "Give easting and northing in metres, or latitude and longitude in degrees."


def _points(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return eastings and northings (n, 2); what is no number is not in the grid."""
    numbers = {name: decimals(rows[name]) for name in (*_GRID, *_DEGREES)}
    points = np.column_stack([numbers[name] for name in _GRID])
    degrees = np.isnan(points).any(axis=1)
    for name in _DEGREES:
        degrees &= numbers[name].notna().to_numpy()
    if degrees.any():
        latitude, longitude = (numbers[name][degrees] for name in _DEGREES)
        points[degrees] = np.column_stack(to_grid(latitude, longitude))
    known: NDArray[np.float64] = np.nan_to_num(points)
    return known
