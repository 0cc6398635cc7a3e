"""Reading practices: any mix of files in, one clean table or every fault out."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from pcn_group.errors import Fault, InputError
from pcn_group.practices.coordinates import locate
from pcn_group.practices.layouts import EXPECTED, recognise
from pcn_group.practices.numbers import decimals, whole_numbers
from pcn_group.practices.official import PracticeMap
from pcn_group.practices.rows import Rows, listed, plural
from pcn_group.practices.table import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, Practices
from pcn_group.practices.text import TextTable, read_text_table
from pcn_group.practices.validation import faults_of

__all__ = ["read_practices"]


def read_practices(
    paths: Sequence[Path], region: str | None = None, *, several_regions: bool = False
) -> Practices:
    """Read, join, validate and locate the practices of one region.

    Parameters
    ----------
    paths
        A `practices.csv`, official list-size files and practice maps, in any mix and order; told
        apart by their headers.
    region
        Keep only the practices of this region code.
    several_regions
        Whether several regions may be read at once where `region` is None.

    Raises
    ------
    InputError
        With every fault found, each with file, row, column, value and remedy.
    """
    tables, faults = _read_all(paths)
    found = recognise(tables)
    practice_map = PracticeMap(found.maps)
    faults += [*found.faults, *practice_map.faults]
    rows = practice_map.fill(Rows.from_tables(found.lists))
    if rows.cells.empty:
        raise _error(faults or [_no_practices(found.maps)])
    rows, region_faults, region_notes = _of_region(rows, region, several_regions=several_regions)
    if region_faults:
        raise _error([*region_faults, *faults])
    located = locate(rows)
    faults += [*faults_of(rows), *located.faults]
    if faults:
        raise _error(faults)
    notes = [*found.notes, *region_notes, *practice_map.notes(rows), *located.notes]
    notes += _unnamed(rows)
    sources = tuple(table.source for table in tables)
    return Practices(_table(rows, located.points), sources, tuple(notes))


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


def _of_region(
    rows: Rows, region: str | None, *, several_regions: bool
) -> tuple[Rows, list[Fault], list[str]]:
    """Keep the rows of a region; without one, make sure that there is only one."""
    codes = sorted(set(rows.cells["region_code"]) - {""})
    unknown = ~rows.given("region_code")
    count = plural(int(unknown.sum()), "practice")
    notes = [f"{count} without a region code."] if unknown.any() and codes else []
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
