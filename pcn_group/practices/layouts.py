"""Telling the layouts of input files by their headings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pcn_group.errors import Fault
from pcn_group.practices.coordinates import COORDINATE_KINDS
from pcn_group.practices.official import LIST_HEADER, LIST_NAMES, MAP_HEADER, partial_counts
from pcn_group.practices.rows import LAYOUT, listed, plural
from pcn_group.practices.text import TextTable, key

__all__ = ["EXPECTED", "Recognised", "recognise"]

EXPECTED = (
    "Give a practices.csv (practice_code, practice_name, list_size and a location), or "
    "gp-reg-pat-prac-all.csv and gp-reg-pat-prac-map.csv of Patients Registered at a GP Practice."
)

_NAMES = {column: column for column in LAYOUT}
_NEEDED = ("practice_code", "practice_name", "list_size")
_SHOWN = 12


@dataclass
class Recognised:
    """Input files by layout.

    Attributes
    ----------
    lists
        Tables of practices, each with what its headings mean.
    maps
        Official practice maps.
    faults, notes
        Files that are neither, headings missing or ambiguous; rows and columns set aside.
    """

    lists: list[tuple[TextTable, Mapping[str, str]]] = field(default_factory=list)
    maps: list[TextTable] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def recognise(tables: list[TextTable]) -> Recognised:
    """Sort tables by layout."""
    found = Recognised()
    for table in tables:
        found.notes += table.notes
        if not _is_known(table):
            found.faults.append(_unknown_layout(table))
        elif unclear := table.unclear_headings():
            found.faults += unclear
        elif table.keys >= MAP_HEADER:
            found.maps.append(table)
        elif table.keys >= LIST_HEADER:
            _add_official_list(found, table)
        else:
            found.lists.append((table, _NAMES))
            found.faults += _missing_columns(table)
            found.notes += _unused_columns(table)
    return found


def _is_known(table: TextTable) -> bool:
    """Whether the headings are official, or near enough to a practices.csv to name what lacks."""
    official = table.keys >= MAP_HEADER or table.keys >= LIST_HEADER
    return official or "practice_code" in table.keys or len(table.keys & set(_NEEDED)) > 1


def _add_official_list(found: Recognised, table: TextTable) -> None:
    partial = partial_counts(table)
    found.lists.append((replace(table, cells=table.cells[~partial]), LIST_NAMES))
    if partial.any():
        count = plural(int(partial.sum()), "row")
        why = "not a practice's whole list (TYPE GP, SEX and AGE ALL)"
        found.notes.append(f"{table.label}: {count} set aside: {why}.")


def _unknown_layout(table: TextTable) -> Fault:
    headings = [str(heading) for heading in table.cells.columns]
    shown = listed((heading[:30] for heading in headings), _SHOWN)
    remedy = EXPECTED
    if len(headings) == 1 and any(mark in headings[0] for mark in ";|"):
        remedy = "Save it with commas between the values."
    return Fault(table.label, f"is no table of practices: its columns are {shown}", remedy)


def _missing_columns(table: TextTable) -> list[Fault]:
    remedy = f"Add it, or rename yours: the file has {listed(table.cells.columns, _SHOWN)}."
    faults = [
        Fault(table.label, "is missing", remedy, column=column)
        for column in _NEEDED
        if column not in table.keys
    ]
    if not any(set(kind) <= table.keys for kind in COORDINATE_KINDS):
        remedy = "Add easting and northing, or latitude and longitude, or postcode."
        faults.append(Fault(table.label, "has no columns for a location", remedy))
    return faults


def _unused_columns(table: TextTable) -> list[str]:
    unused = [name for name in table.cells.columns if key(name) not in _NAMES]
    if not unused:
        return []
    return [f"{table.label}: {plural(len(unused), 'column')} not used: {listed(unused, _SHOWN)}."]
