"""The practice table that every later stage works from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

__all__ = ["OPTIONAL_COLUMNS", "REQUIRED_COLUMNS", "Practices", "Source"]

REQUIRED_COLUMNS = ("practice_code", "practice_name", "list_size", "easting", "northing")
OPTIONAL_COLUMNS = (
    "region_code",
    "local_authority",
    "current_network",
    "current_network_name",
    "weighted_list_size",
    "adjusted_list_size",
)


@dataclass(frozen=True)
class Source:
    """An input file as it was read.

    Attributes
    ----------
    name
        File name without folders, so that a summary does not depend on where a file lay.
    sha256
        Of the file's bytes, lower-case hexadecimal.
    rows
        Rows of data read from it, header excluded.
    """

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Practices:
    """A validated region.

    Attributes
    ----------
    table
        One row per practice, sorted by `practice_code`, index 0..n-1, with all of
        `REQUIRED_COLUMNS` and `OPTIONAL_COLUMNS`. `list_size` is int64 (1 or more); `easting` and
        `northing` are float64 metres on EPSG:27700; the text columns are str, empty where unknown;
        `weighted_list_size` and `adjusted_list_size` are float64, NaN where unknown.
    sources
        The files it was read from, in order of name.
    notes
        Oddities that did not stop the run, one sentence each, for the user to read.
    """

    table: pd.DataFrame
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
