"""Reading practices: any mix of files in, one clean table or every fault out."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from pcn_group.errors import Fault, InputError
from pcn_group.practices.coordinates import Located, locate
from pcn_group.practices.layouts import EXPECTED, recognise
from pcn_group.practices.numbers import decimals, whole_numbers
from pcn_group.practices.official import PracticeMap
from pcn_group.practices.postcodes import compact, locate_postcodes, remembered_postcodes
from pcn_group.practices.rows import Rows, listed, plural
from pcn_group.practices.table import (
    OPTIONAL_COLUMNS,
    REGION_COLUMNS,
    REQUIRED_COLUMNS,
    Practices,
    Source,
)
from pcn_group.practices.text import TextTable, read_text_table
from pcn_group.practices.validation import faults_of

__all__ = ["ALL", "read_practices", "read_regions"]

ALL = "all"
"""The region that is all of the input."""


@dataclass(frozen=True)
class _Input:
    """All files, read and joined but not yet judged.

    Attributes
    ----------
    rows
        With the region of each practice in `region_code`.
    by
        The column the regions were taken from.
    faults, notes
        What was found on the way here.
    """

    rows: Rows
    by: str
    practice_map: PracticeMap
    sources: tuple[Source, ...]
    faults: list[Fault]
    notes: list[str]


def read_practices(
    paths: Sequence[Path],
    region: str | None = None,
    *,
    by: str = "region_code",
    several_regions: bool = False,
) -> Practices:
    """Read, join, validate and locate the practices of one region.

    Parameters
    ----------
    paths
        A `practices.csv`, official list-size files and practice maps, in any mix and order; told
        apart by their headers.
    region
        Keep only the practices of this region; `all` takes the whole input as one region.
    by
        Which of `REGION_COLUMNS` says what region a practice is in.
    several_regions
        Whether several regions may be read at once where `region` is None.

    Raises
    ------
    InputError
        With every fault found, each with file, row, column, value and remedy.
    """
    given = _read(paths, by)
    rows, faults, notes = _of_region(given, region, several_regions=several_regions)
    if faults:
        raise _error([*faults, *given.faults])
    located = locate(rows, locate_postcodes)
    faults = [*given.faults, *faults_of(rows), *located.faults]
    if faults:
        raise _error(faults)
    practices = _practices(given, rows, located, notes)
    if region != ALL:
        return practices
    return replace(practices, table=practices.table.assign(region_code=ALL, region_name=""))


def read_regions(paths: Sequence[Path], *, by: str = "region_code") -> dict[str, Practices]:
    """Read the practices of every region at once.

    Parameters
    ----------
    paths, by
        As for `read_practices`.

    Returns
    -------
    dict
        In order of code. Each region is exactly what `read_practices` gives for it.

    Raises
    ------
    InputError
        With every fault of every region.
    """
    given = _read(paths, by)
    rows = given.rows.where(given.rows.given("region_code"))
    codes = sorted(set(rows.cells["region_code"]))
    faults = given.faults + faults_of(rows)
    if not codes:
        raise _error([_no_regions(by), *faults])
    look_up = remembered_postcodes(compact(rows.cells["postcode"]))
    regions = {}
    for code in codes:
        own, _, notes = _of_region(given, code, several_regions=False)
        located = locate(own, look_up)
        faults += located.faults
        if not faults:
            regions[code] = _practices(given, own, located, notes)
    if faults:
        raise _error(list(dict.fromkeys(faults)))
    return regions


def _read(paths: Sequence[Path], by: str) -> _Input:
    if by not in REGION_COLUMNS:
        remedy = f"Choose one of {listed(REGION_COLUMNS)}."
        raise _error([Fault("--by", "is no column that regions can be told by", remedy, value=by)])
    tables, faults = _read_all(paths)
    found = recognise(tables)
    practice_map = PracticeMap(found.maps)
    faults += [*found.faults, *practice_map.faults]
    rows = practice_map.fill(Rows.from_tables(found.lists))
    if rows.cells.empty:
        raise _error(faults or [_no_practices(found.maps)])
    name = REGION_COLUMNS[by]
    names = rows.cells[name] if name else ""
    cells = rows.cells.assign(region_code=rows.cells[by], region_name=names)
    sources = tuple(table.source for table in tables)
    return _Input(replace(rows, cells=cells), by, practice_map, sources, faults, found.notes)


def _practices(given: _Input, rows: Rows, located: Located, region_notes: list[str]) -> Practices:
    notes = [*given.notes, *region_notes, *given.practice_map.notes(rows, given.by)]
    notes += [*located.notes, *_unnamed(rows)]
    elsewhere = frozenset(given.rows.cells["practice_code"]) - set(rows.cells["practice_code"])
    return Practices(_table(rows, located.points), given.sources, tuple(notes), elsewhere)


def _error(faults: list[Fault]) -> InputError:
    """Put faults in the order in which a user mends a file."""
    return InputError(sorted(faults, key=lambda fault: (fault.source, fault.row or 0)))


def _read_all(paths: Sequence[Path]) -> tuple[list[TextTable], list[Fault]]:
    """Read the files; faults call a file by its name, or by its path where names are alike."""
    names = Counter(path.name for path in paths)
    tables: dict[str, TextTable] = {}
    faults: list[Fault] = []
    for path in paths:
        label = path.name if names[path.name] == 1 else str(path)
        try:
            table = read_text_table(path, label)
        except InputError as error:
            faults += error.faults
            continue
        faults += table.faults
        twin = tables.setdefault(table.source.sha256, table)
        if twin is not table:
            problem = f"has the same content as {twin.label}"
            faults.append(Fault(label, problem, "Give each file once."))
    return sorted(tables.values(), key=lambda table: (table.source.name, table.label)), faults


def _no_practices(maps: list[TextTable]) -> Fault:
    if maps:
        remedy = "Give gp-reg-pat-prac-all.csv of the same publication as well."
        return Fault(maps[0].label, "is a practice map, without list sizes", remedy)
    return Fault("input", "has no practices", EXPECTED)


def _no_regions(by: str) -> Fault:
    remedy = "Fill it in, or choose another column with --by."
    if by == "local_authority":
        remedy = "Run prepare on the input: it fills the column in from postcodes."
    return Fault("input", "does not say which practices are in which region", remedy, column=by)


def _of_region(
    given: _Input, region: str | None, *, several_regions: bool
) -> tuple[Rows, list[Fault], list[str]]:
    """Keep the rows of a region; without one, make sure that there is only one."""
    rows = given.rows
    if region == ALL:
        return rows, [], []
    codes = sorted(set(rows.cells["region_code"]) - {""})
    unknown = ~rows.given("region_code")
    count = plural(int(unknown.sum()), "practice")
    column = "" if given.by == "region_code" else f" ({given.by})"
    notes = [f"{count} without a region code{column}."] if unknown.any() and codes else []
    if region is None:
        if len(codes) < 2 or several_regions:
            return rows, [], notes
        remedy = f"Choose one with --region: {listed(codes)}."
        return rows, [Fault("input", f"holds {len(codes):,} regions", remedy)], notes
    if region in codes:
        notes = [f"{note[:-1]} left out." for note in notes]
        return rows.where(rows.cells["region_code"] == region), [], notes
    near = difflib.get_close_matches(region.upper(), codes, n=3, cutoff=0.5)
    remedy = f"Did you mean {' or '.join(near)}? " if near else ""
    remedy += f"The input has {listed(codes)}." if codes else "The input has no region codes."
    return rows, [Fault("--region", "is not in the input", remedy, value=region)], notes


def _unnamed(rows: Rows) -> list[str]:
    codes = sorted(rows.cells.loc[~rows.given("practice_name"), "practice_code"])
    if not codes:
        return []
    which = f"{plural(len(codes), 'practice')} without a name ({listed(codes, 5)})"
    return [f"{which}: the code stands for it."]


def _table(rows: Rows, points: pd.DataFrame) -> pd.DataFrame:
    """Turn faultless text into the practice table."""
    table = rows.cells.assign(easting=points["easting"], northing=points["northing"])
    table["list_size"] = whole_numbers(rows.cells["list_size"]).astype(np.int64)
    for column in ("weighted_list_size", "adjusted_list_size"):
        table[column] = decimals(rows.cells[column]).round(3)
    for column, stand_in in (
        ("practice_name", rows.cells["practice_code"]),
        ("local_authority", points["local_authority"]),
    ):
        table[column] = table[column].where(table[column] != "", stand_in)
    table = table[[*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS]]
    return table.sort_values("practice_code", ignore_index=True)
