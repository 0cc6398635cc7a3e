"""Postcode directories as the ONS publishes them: the ONSPD and the NSPL, of any release.

They have a row for each postcode, closed ones too, and some fifty columns whose names changed over
the years. Only the rows of wanted postcodes are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.practices.coordinates import to_grid
from pcn_group.practices.postcodes import no_points
from pcn_group.tables.numbers import decimals
from pcn_group.tables.sheets import Pieces, key

__all__ = ["FromDirectories", "is_directory", "look_up_in"]

_POSTCODE = ("pcds", "pcd", "pcd2", "pcd7", "pcd8")
_GRID = (("oseast1m", "osnrth1m"), ("east1m", "north1m"))
_DEGREES = ("lat", "long")
_AUTHORITY = re.compile(r"(?:os)?laua|lad[0-9]{2}cd")
_TERMINATED = "doterm"
_YEAR_MONTH = re.compile(r"^([0-9]{4})([0-9]{2})$")


@dataclass(frozen=True)
class FromDirectories:
    """What directories say of the wanted postcodes.

    Attributes
    ----------
    points
        As `locate_postcodes` gives them, with the year and month of closing in `terminated`.
    rows
        For the label of each directory how many rows were read, and how many of them used.
    sources
        Indexed as `points`: the label of the directory that says so.
    """

    points: pd.DataFrame
    rows: Mapping[str, tuple[int, int]]
    sources: pd.Series[str]


@dataclass(frozen=True)
class _Columns:
    """Which headings of a directory say what; None where none does."""

    postcode: str
    place: tuple[str, str]
    is_degrees: bool
    authority: str | None
    terminated: str | None

    @property
    def all(self) -> list[str]:
        """Every heading that is needed."""
        optional = (self.authority, self.terminated)
        return [self.postcode, *self.place, *(heading for heading in optional if heading)]


def is_directory(headings: Sequence[str]) -> bool:
    """Tell whether a file with these headings is a postcode directory."""
    return _columns(headings) is not None


def look_up_in(directories: Sequence[Pieces], postcodes: Iterable[str]) -> FromDirectories:
    """Return what directories say of some postcodes.

    Where several have a postcode, the first counts, but a live one before a closed one.

    Parameters
    ----------
    directories
        Files whose headings `is_directory` accepts.
    postcodes
        Compact ones.

    Raises
    ------
    InputError
        With what keeps each of the directories from being read.
    """
    wanted = frozenset(postcodes)
    parts = [no_points().assign(source="")]
    read: dict[str, int] = {}
    faults: list[Fault] = []
    for directory in directories:
        try:
            points, read[directory.label] = _wanted_rows(directory, wanted)
        except InputError as error:
            faults += error.faults
            continue
        parts.append(points.assign(source=directory.label))
    if faults:
        raise InputError(faults)
    points = pd.concat([part for part in parts if not part.empty] or parts[:1])
    points = points.iloc[(points["terminated"] != "").argsort(kind="stable")]
    points = points[~points.index.duplicated()]
    sources = points.pop("source").astype(str)
    used = sources.value_counts()
    rows = {label: (count, int(used.get(label, 0))) for label, count in read.items()}
    return FromDirectories(points, rows, sources)


def _columns(headings: Sequence[str]) -> _Columns | None:
    by_key = {key(heading): heading for heading in reversed(headings)}
    postcode = next((name for name in _POSTCODE if name in by_key), None)
    place = next((pair for pair in (*_GRID, _DEGREES) if by_key.keys() >= set(pair)), None)
    if postcode is None or place is None:
        return None
    # Of several years' codes the latest.
    authority = max(filter(_AUTHORITY.fullmatch, by_key), default="")
    return _Columns(
        postcode=by_key[postcode],
        place=(by_key[place[0]], by_key[place[1]]),
        is_degrees=place == _DEGREES,
        authority=by_key.get(authority),
        terminated=by_key.get(_TERMINATED),
    )


def _wanted_rows(directory: Pieces, wanted: frozenset[str]) -> tuple[pd.DataFrame, int]:
    """Return the points of a directory's wanted postcodes, and the number of all its rows."""
    columns = _columns(directory.headings)
    if columns is None:
        raise ValueError(directory.label)
    count = 0
    # Plain tuples: small frames kept between large ones that come and go take up their room.
    kept: list[tuple[str, ...]] = []
    for chunk in directory.chunks(columns.all):
        count += len(chunk)
        # What `compact` gives, but all in one text: one by one is slow for millions.
        codes = "\n".join(chunk[columns.postcode]).upper().replace(" ", "").split("\n")
        rows = chunk.assign(**{columns.postcode: codes})[[code in wanted for code in codes]]
        kept += rows.itertuples(index=False, name=None)
    return _points(pd.DataFrame(kept, columns=columns.all, dtype=object), columns), count


def _points(rows: pd.DataFrame, columns: _Columns) -> pd.DataFrame:
    rows = rows.reset_index(drop=True)
    first, second = (decimals(rows[heading]) for heading in columns.place)
    if columns.is_degrees:
        known = (first < 90) & second.notna()  # 99.999999 stands for unknown
        easting, northing = to_grid(first[known], second[known])
    else:
        known = (first > 0) & (second > 0)
        easting, northing = first[known], second[known]
    points = pd.DataFrame({"easting": easting, "northing": northing}).reindex(rows.index)
    authority, closed = (
        rows[heading] if heading else "" for heading in (columns.authority, columns.terminated)
    )
    points = points.assign(local_authority=authority, terminated=closed)
    points["terminated"] = points["terminated"].str.replace(_YEAR_MONTH, r"\1-\2", regex=True)
    return points.set_axis(pd.Index(rows[columns.postcode], name="postcode"))
