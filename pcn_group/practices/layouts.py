"""Telling the layouts of input files by their content: the headings, or the shape of the rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pcn_group.base.codes import one_form
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import listed, plural
from pcn_group.config.model import Configuration, Neighbourhoods
from pcn_group.practices.coordinates import COORDINATE_KINDS, unlocated
from pcn_group.practices.directories import is_directory
from pcn_group.practices.kinds import (
    NEEDED,
    PUBLISHED,
    WEIGHTS,
    Names,
    figure_columns,
    is_streamed,
    kind_of,
)
from pcn_group.practices.rows import LAYOUT, Named
from pcn_group.tables.columns import meaning_of
from pcn_group.tables.opening import Opened, Sheet
from pcn_group.tables.sheets import Pieces, cut_off, key
from pcn_group.tables.text import InOnePiece, TextTable

__all__ = ["EXPECTED", "Recognised", "recognise"]

EXPECTED = (
    "Give a practices.csv (practice_code, practice_name, list_size and a location), or official "
    "files: docs/data.md lists those that are recognised."
)

_HEADLESS_FIELDS: Mapping[str, Mapping[int, str]] = {
    "register": {
        0: "practice_code",
        1: "practice_name",
        9: "postcode",
        11: "closed",
        12: "status",
        14: "region_code",
        25: "setting",
    },
    "memberships": {
        0: "practice_code",
        1: "practice_name",
        2: "region_code",
        4: "current_network",
        5: "current_network_name",
        6: "network_region",
        8: "start",
        9: "end",
    },
    "networks": {0: "current_network", 1: "current_network_name"},
}
"""What the columns of files without headings are, by position."""
_CODE = r"[A-Z][A-Z0-9]{2,5}"
_NETWORK_CODE = r"U[0-9]{5}"
_DAY = r"(?:[0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})"
_HEADLESS = {
    "register": {0: _CODE, 9: "[A-Z0-9 ]*", 10: f"(?:{_DAY})?", 12: "[ACDP]", 25: "[0-9]*"},
    "memberships": {0: _CODE, 4: _NETWORK_CODE, 8: _DAY, 9: f"(?:{_DAY})?"},
    "networks": {0: _NETWORK_CODE, 4: _DAY, 5: f"(?:{_DAY})?"},
}
"""What cells of files without headings look like, by position."""

_TOP_ROWS = 20
"""How far down headings are looked for: published workbooks have a title above them."""
_LOOKED_AT = 50
_MOSTLY = 0.8
"""Of the rows looked at: a few may be broken, which is then told row by row."""
_DIGITS = re.compile("[0-9]{3}")
"""What codes, dates and numbers have, and headings have not."""

_SHOWN = 12

_ABOUT_NETWORKS = {
    "networks": "about a network: its members say the same",
    "adjusted": "about a network: shared among its members",
}
"""Why rows are about no practice, by the kind of table."""


@dataclass
class Recognised:
    """Input files by layout.

    Attributes
    ----------
    tables
        By kind: `practices` (a practices.csv), `list`, `ages`, `map`, `register`, `memberships`,
        `centroids`, `weights`, `adjusted` (populations by network), `neighbourhoods` (a map as a
        table), `lookup` (of LSOAs in MSOAs or wards, or in LSOAs of another year), `registers`
        (prevalence by practice), `figures` (columns of practices), `area_figures`,
        `practice_figures` (as a plan keeps them); in the order given.
    areas, directories
        Patients by area, and postcode directories.
    maps
        Where maps of neighbourhoods are: files of shapes, and of tables.
    shapes
        The former: with a table they may be the areas that it is about.
    beside
        Rows that are in no table, by label and reason: blank ones, titles, sheets not recognised.
    odd_totals
        Totals that are not the sum of the rows: label, and a clause.
    faults, notes
        Files that are none of these, headings missing or ambiguous; columns and sheets set aside.
    """

    tables: dict[str, list[Named]] = field(default_factory=dict)
    areas: list[Pieces] = field(default_factory=list)
    directories: list[Pieces] = field(default_factory=list)
    maps: list[Path] = field(default_factory=list)
    shapes: list[Path] = field(default_factory=list)
    beside: list[tuple[str, str, int]] = field(default_factory=list)
    odd_totals: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Named]:
        """Return the tables of a kind."""
        return self.tables.get(kind, [])


def recognise(files: Sequence[Opened], rules: Configuration) -> Recognised:
    """Sort the tables of all files by layout.

    Parameters
    ----------
    files
        The input, opened.
    rules
        They may name the columns of weighted lists, of figures and of a map.
    """
    of_maps, figures = rules.neighbourhoods, figure_columns(rules.profile)
    found = Recognised()
    asked: dict[str, str | None] = {name: getattr(rules.data, name) for name in WEIGHTS}
    weights = {key(heading): name for name, heading in asked.items() if heading is not None}
    weights = {h: name for h, name in PUBLISHED.items() if asked[name] is None} | weights
    seen: dict[_Rows, str] = {}
    for file in files:
        found.notes += file.notes
        if file.has_shapes:
            found.maps.append(file.path)
            found.shapes.append(file.path)
            continue
        for stream in file.streams:
            (found.directories if is_directory(stream.headings) else found.areas).append(stream)
        told = {sheet.label: _told(sheet, weights, of_maps, figures) for sheet in file.sheets}
        if any(own is not None and own.kind == "neighbourhoods" for own in told.values()):
            found.maps.append(file.path)
        if not any(told.values()) and not file.streams:
            found.faults += [_unknown_layout(sheet) for sheet in file.sheets]
            continue
        for sheet in file.sheets:
            own = told[sheet.label]
            if own is None or (reason := _beside_others(own, told.values(), seen)):
                reason = "no table known here" if own is None else reason
                found.notes.append(f"{sheet.label}: {reason}, set aside.")
                found.beside.append((sheet.label, reason, len(sheet.rows)))
            else:
                seen[_content(sheet)] = sheet.label
                _take(found, own, weights, rules)
    found.faults += _weight_faults(found, asked, weights)
    return found


@dataclass(frozen=True)
class _Told:
    """What a sheet is told to be.

    Attributes
    ----------
    sheet
        The sheet.
    kind
        Of `Recognised.tables`; empty for one that is given in pieces.
    names
        What headings mean, or the names of all columns where there are no headings.
    top
        How many rows are above the headings, or above all rows where there are no headings.
    is_sure
        Whether it has what a table of the kind needs: others are only near enough to name what is
        missing.
    """

    sheet: Sheet
    kind: str
    names: Names | Sequence[str]
    top: int
    is_sure: bool = True


_Rows = tuple[tuple[str, ...], ...]


def _content(sheet: Sheet) -> _Rows:
    return tuple(tuple(cells) for _, cells in sheet.rows)


def _beside_others(own: _Told, others: Iterable[_Told | None], seen: Mapping[_Rows, str]) -> str:
    """Say why a table counts less than others of its workbook, or than any before it."""
    sheets = [told for told in others if told is not None and told is not own]
    if not own.is_sure and any(told.is_sure for told in sheets):
        return "no table known here"
    if own.sheet.is_hidden and any(
        told.kind == own.kind and told.is_sure and not told.sheet.is_hidden for told in sheets
    ):
        return "hidden, and another sheet holds such a table"
    same = seen.get(_content(own.sheet))
    return f"the same rows as in {same}" if same else ""


def _told(sheet: Sheet, weights: Names, of_maps: Neighbourhoods, figures: Names) -> _Told | None:
    """Tell what a sheet is, if it is anything known."""
    if register := _headless(sheet, "register"):
        return register
    for at, (_, cells) in enumerate(sheet.rows[:_TOP_ROWS]):
        keys = [key(cell) for cell in cells]
        kind, names = kind_of(keys, weights, of_maps, figures)
        if kind or is_streamed(cells):
            is_sure = kind != "practices" or set(NEEDED) <= set(names.values())
            return _Told(sheet, kind, names, at, is_sure)
    found = (_headless(sheet, kind) for kind in _HEADLESS)
    return next((told for told in found if told is not None), None)


def _take(found: Recognised, told: _Told, weights: Names, rules: Configuration) -> None:
    """Add a sheet as what it is."""
    sheet, names = told.sheet, told.names
    if not isinstance(names, Mapping):
        titles = max(0, told.top - 1)
        found.beside.append((sheet.label, "above the headings", titles))
        _add(found, replace(sheet, rows=sheet.rows[told.top :]), told.kind, names, rules)
        return
    found.beside.append((sheet.label, "above the headings", told.top))
    keys = [key(cell) for cell in sheet.rows[told.top][1]]
    found.faults += [
        _taken(sheet, heading, name)
        for heading, name in weights.items()
        if heading in keys and names.get(heading, name) not in WEIGHTS
    ]
    _add(found, sheet, told.kind, _with_weights(names, weights, keys), rules, told.top)


def _with_weights(names: Names, weights: Names, keys: Collection[str]) -> Names:
    """Add the columns of weighted lists, which count before others that are called so."""
    asked = {name for heading, name in weights.items() if heading in keys}
    return {h: name for h, name in names.items() if name not in asked} | dict(weights)


def _headless(sheet: Sheet, kind: str) -> _Told | None:
    """Tell whether a sheet is of a kind that has no headings, though someone may have added them.

    Above the rows there may be headings and titles, which have no code, date or number in them.
    """
    shapes = _HEADLESS[kind]
    top = next(
        (
            at
            for at, (_, cells) in enumerate(sheet.rows[:_TOP_ROWS])
            if not _is_above(cells, shapes)
        ),
        0,
    )
    rows = [cells for _, cells in sheet.rows[top : top + _LOOKED_AT]]
    if sum(_has_shape(cells, shapes) for cells in rows) <= _MOSTLY * len(rows):
        return None
    named = _HEADLESS_FIELDS[kind]
    width = max(len(cells) for cells in rows)
    return _Told(sheet, kind, [named.get(i, f"column {i + 1}") for i in range(width)], top)


def _is_above(cells: Sequence[str], shapes: Mapping[int, str]) -> bool:
    return not _has_shape(cells, shapes) and not any(_DIGITS.search(cell) for cell in cells)


def _has_shape(cells: Sequence[str], shapes: Mapping[int, str]) -> bool:
    return len(cells) > max(shapes) and all(
        re.fullmatch(shape, one_form(cells[i])) for i, shape in shapes.items()
    )


def _add(
    found: Recognised,
    sheet: Sheet,
    kind: str,
    names: Names | Sequence[str],
    rules: Configuration,
    header_at: int = 0,
) -> None:
    """Add a sheet as a table of a kind: by what headings mean, or by the names of all columns."""
    try:
        if isinstance(names, Mapping):
            table = TextTable.of(sheet, header_at=header_at, names=names)
        else:
            columns, names = names, {name: name for name in names}
            table = TextTable.of(sheet, columns=columns, names=names)
    except InputError as error:
        found.faults += error.faults
        return
    named = Named(table, names)
    found.beside += [(sheet.label, "blank", sheet.blank)]
    found.beside += [(sheet.label, reason, count) for reason, count in table.aside.items()]
    found.odd_totals += [(sheet.label, total) for total in table.odd_totals]
    found.notes += sheet.notes
    found.faults += table.faults
    if sheet.is_cut and kind == "practices":  # some editors do not end the last line
        found.notes.append(f"{sheet.label}: its last line has no end; is it all there?")
    elif sheet.is_cut:
        found.faults.append(cut_off(sheet.label))
    if not kind:
        whole = InOnePiece(table)
        (found.directories if is_directory(whole.headings) else found.areas).append(whole)
        return
    if kind in _ABOUT_NETWORKS:
        found.beside.append((sheet.label, _ABOUT_NETWORKS[kind], table.rows))
    if kind == "networks":
        return
    unclear = _unclear_headings(named, kind)
    found.faults += unclear
    if kind == "practices":
        found.faults += _missing_columns(table, rules)
        found.notes += _unused_columns(table, named.names)
    if not unclear:
        found.tables.setdefault(kind, []).append(named)


def _unclear_headings(named: Named, kind: str) -> list[Fault]:
    """Return what keeps the columns of a table from being told apart."""
    table = named.table
    unclear = table.unclear_headings()
    if kind == "practices":
        meaning = meaning_of(table.keys_in_order, LAYOUT)
        return [*unclear, *meaning.faults(table.label, table.header_row)]
    own = [fault for fault in unclear if fault.column in named.names]
    return [*own, *_beyond_headings(table)]


def _taken(sheet: Sheet, heading: str, name: str) -> Fault:
    """Refuse a column of weighted lists that is something else already."""
    problem = f"is the heading of another thing in {sheet.label}"
    return Fault(f"data.{name}", problem, "Name the column of weighted lists.", value=heading)


def _beyond_headings(table: TextTable) -> list[Fault]:
    """Refuse cells right of all headings: a comma in a number may have moved them there."""
    if table.cells.columns[-1]:
        return []
    remedy = "Name the column, or put a value that contains a comma in quotation marks."
    return [
        Fault(table.label, "has a cell right of the last heading", remedy, row, value=cell)
        for row, cell in zip(table.cells.index.tolist(), table.cells.iloc[:, -1], strict=True)
        if cell
    ][:1]


def _unknown_layout(sheet: Sheet) -> Fault:
    if not sheet.rows:
        return Fault(sheet.label, "is empty", EXPECTED)
    headings = [heading[:30] for heading in sheet.rows[0][1]]
    problem = f"is no table known here: its columns are {listed(headings, _SHOWN)}"
    return Fault(sheet.label, problem, EXPECTED)


def _missing_columns(table: TextTable, rules: Configuration) -> list[Fault]:
    meaning = meaning_of(table.keys_in_order, LAYOUT)
    remedy = f"Add it, or rename yours: the file has {listed(table.cells.columns, _SHOWN)}."
    faults = [
        Fault(table.label, "is missing", remedy, column=column)
        for column in NEEDED
        if not meaning.has([column])
    ]
    if rules.needs_places and not any(meaning.has(kind) for kind in COORDINATE_KINDS):
        faults.append(unlocated(table.label, rules))
    return faults


def _unused_columns(table: TextTable, names: Names) -> list[str]:
    unused = [name for name in table.cells.columns if key(name) not in names]
    if not unused:
        return []
    return [f"{table.label}: {plural(len(unused), 'column')} not used: {listed(unused, _SHOWN)}."]


def _weight_faults(
    found: Recognised, asked: Mapping[str, str | None], weights: Names
) -> list[Fault]:
    """Return the columns of weighted lists that no table has, or that are to be two things."""
    there = {h for some in found.tables.values() for named in some for h in named.table.keys}
    faults = []
    for name, heading in asked.items():
        if heading is not None and weights[key(heading)] != name:
            problem = f"is the heading that data.{weights[key(heading)]} has too"
            remedy = "Name one column for each, or leave one of them out."
            faults.append(Fault(f"data.{name}", problem, remedy, value=heading))
        elif heading is not None and key(heading) not in there:
            problem = "is the heading of no column in the input"
            remedy = "Give the file that has the column, or correct the heading."
            faults.append(Fault(f"data.{name}", problem, remedy, value=heading))
    return faults
