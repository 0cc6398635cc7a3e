"""LSOAs of 2011 and of 2021: telling which a file is about, and getting from one to the other.

Nearly all kept their code. Those that changed in 2021 were divided, or put together with others,
and got new codes, all of which come after the last one of 2011.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

import pandas as pd

from pcn_group.practices.layouts import Recognised
from pcn_group.practices.map_columns import area_columns, area_year
from pcn_group.practices.rows import Named
from pcn_group.tables.codes import in_one_form
from pcn_group.tables.sheets import key

__all__ = ["YEARS", "area_changes", "carried_over", "is_of_other_year", "year_apart"]

YEARS = (2011, 2021)
_LAST_OF_2011 = "E01033768"
_ENGLISH = "E01"
_TABLES = ("lookup", "centroids", "area_figures")


def year_apart(
    areas: Collection[str], headings: Sequence[str], homes: Collection[str]
) -> int | None:
    """Return the year of a table of areas where patients are counted in areas of the other one.

    None where they are not, or where nothing says so: areas that kept their code are of both years.

    Parameters
    ----------
    areas
        The codes of the table.
    headings
        Its headings; that of the codes may name the year.
    homes
        The codes that patients are counted in.
    """
    columns = area_columns(headings)
    told = area_year(key(columns[0])) if columns else None
    if any(map(_is_new, homes)):
        is_earlier = told == YEARS[0] or (told is None and not any(map(_is_new, areas)))
        return YEARS[0] if is_earlier else None
    return YEARS[1] if any(map(_is_new, areas)) else None


def is_of_other_year(code: str, year: int) -> bool:
    """Whether a code that LSOAs of a year lack can be one of the other: Welsh ones can not.

    Parameters
    ----------
    year
        The one whose LSOAs lack it.
    """
    return code.startswith(_ENGLISH) and _is_new(code) == (year == 2011)


def _is_new(code: str) -> bool:
    return code.startswith(_ENGLISH) and code > _LAST_OF_2011


def area_changes(found: Recognised) -> pd.DataFrame:
    """Return which LSOAs of 2011 and 2021 have ground in common, by all tables with both codes."""
    pairs = [pd.DataFrame({year: [] for year in YEARS}, dtype=str)]
    for kind in _TABLES:
        pairs += [_pairs(named) for named in found.of(kind)]
    return pd.concat(pairs).drop_duplicates().reset_index(drop=True)


def _pairs(named: Named) -> pd.DataFrame:
    cells = named.table.cells
    by_year = {area_year(key(name)): name for name in area_columns([*cells.columns])}
    if not {*YEARS} <= by_year.keys():
        return pd.DataFrame({year: [] for year in YEARS}, dtype=str)
    both = pd.DataFrame({year: in_one_form(cells[by_year[year]]) for year in YEARS})
    return both[(both != "").all(axis="columns")]


def carried_over(values: Mapping[str, int], changes: pd.DataFrame, year: int) -> dict[str, int]:
    """Return values of the LSOAs of one year for those of the other.

    A part of one that was divided has its value; one that was put together has the mean of theirs,
    each counting alike, as LSOAs are of about one size. Halves are rounded to the even one.

    Parameters
    ----------
    values
        By code of an LSOA, in whole numbers.
    changes
        As `area_changes` gives them.
    year
        The one whose LSOAs have values.
    """
    (other,) = {*YEARS} - {year}
    known = changes[changes[year].isin([*values])]
    carried = {
        str(code): round(Fraction(sum(values[part] for part in parts), len(parts)))
        for code, parts in known.groupby(other)[year]
    }
    changed = {*known[year]}
    return {code: value for code, value in values.items() if code not in changed} | carried
