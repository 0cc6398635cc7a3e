"""How lists have grown, and what is to be built: the inputs of a forecast."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.model import Configuration
from pcn_group.config.successors import successor_of
from pcn_group.practices.grid import in_grid, to_grid
from pcn_group.practices.kinds import is_streamed
from pcn_group.practices.layouts import recognise
from pcn_group.practices.lists import read_lists
from pcn_group.practices.rows import faults_of
from pcn_group.tables.columns import read_columns, repeated_practices
from pcn_group.tables.numbers import as_dates, decimals, whole_numbers
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
    """Read the lists of an earlier day: an official file of lists, or a table with `list_date`.

    Raises
    ------
    InputError
        With every fault of the file, and where it does not say of which day its lists are.
    """
    found = recognise([open_input(path, path.name, is_streamed)], Configuration())
    if not found.of("list") and not found.of("ages"):
        return _own_extract(path)
    lists = read_lists(found)
    rows = lists.rows
    about = {
        heading
        for own in rows.headings.values()
        for name, heading in own.items()
        if name in {"practice_code", "list_size"}
    }
    faults = [*found.faults, *lists.faults]
    faults += [fault for fault in faults_of(rows) if fault.column in about]
    faults += [] if lists.date else [_of_no_day(path)]
    if faults:
        raise InputError(faults)
    sizes = whole_numbers(rows.cells["list_size"]).astype(int)
    patients = dict(zip(rows.cells["practice_code"], sizes.tolist(), strict=True))
    return Extract(path.name, lists.date, patients)


def _own_extract(path: Path) -> Extract:
    """Read any table with codes, lists and their day."""
    rows = read_columns(path, ("practice_code", "list_size"), ("list_date",))
    sizes, days = whole_numbers(rows["list_size"]), as_dates(rows["list_date"])
    is_empty = rows["practice_code"] == ""
    checks = (
        ("practice_code", is_empty, "is empty", "Give the practice's code."),
        ("list_size", ~(sizes > 0), "is no number of patients", "Give it as digits."),
        ("list_date", (rows["list_date"] != "") & (days == ""), "is no date", "Give 2021-01-31."),
    )
    faults = [*_faults(path, rows, checks), *repeated_practices(rows[~is_empty], path.name)]
    if not faults and not days.max():
        faults.append(_of_no_day(path))
    if faults:
        raise InputError(faults)
    patients = dict(zip(rows["practice_code"], sizes.astype(int).tolist(), strict=True))
    return Extract(path.name, days.max(), patients)


def _of_no_day(path: Path) -> Fault:
    remedy = "Add a column list_date with it, such as 2021-01-01."
    return Fault(path.name, "does not say of which day its lists are", remedy)


def _faults(
    path: Path, rows: pd.DataFrame, checks: Iterable[tuple[str, pd.Series[bool], str, str]]
) -> Iterator[Fault]:
    """Return a fault for each cell that fails a check: column, which rows, problem and remedy."""
    for column, wrong, problem, remedy in checks:
        for row, cell in rows.loc[wrong, column].items():
            yield Fault(path.name, problem, remedy, int(str(row)), column, cell)


_FASTEST = 0.2
"""Growth a year beyond which a rate is more likely per cent without the sign."""


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
    is_empty = rows["practice_code"] == ""
    remedy = "Give a share of the list each year, from -20% to 20%: 0.012 or 1.2%."
    checks = (
        ("practice_code", is_empty, "is empty", "Give the practice's code."),
        (
            "growth",
            ~rates.between(-_FASTEST, _FASTEST),
            "is no growth that a list can have",
            remedy,
        ),
    )
    faults = [*_faults(path, rows, checks), *repeated_practices(rows[~is_empty], path.name)]
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
    faults = [*_faults(path, rows, checks)]
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
    points[np.isnan(points).any(axis=1)] = 0.0
    return points
