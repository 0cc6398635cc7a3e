"""Reading some columns of a table that a user made: a plan, rules, neighbours, a travel matrix.

Any table is good enough that is good enough for practices: CSV with whatever separator, a workbook,
or an archive with one of them; headings in any spelling; titles above and notes below.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pcn_group.base.codes import UNALLOCATED, ZERO, ZERO_OR_NONE
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import listed
from pcn_group.tables.codes import as_networks, in_one_form
from pcn_group.tables.opening import Sheet, Stream, open_input
from pcn_group.tables.sheets import key
from pcn_group.tables.text import TextTable

__all__ = ["Meaning", "column_pieces", "meaning_of", "read_columns", "repeated_practices"]

_ALSO: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "practice_code": (
        ("ods_code", "practice_ods_code", "gp_practice_code", "gp_code"),
        ("organisation_code", "org_code", "partner_organisation_code"),
        ("code", "practice", "gp_practice"),
    ),
    "practice_name": (
        ("gp_practice_name", "organisation_name", "partner_name", "surgery_name"),
        ("name", "practice", "gp_practice", "surgery"),
    ),
    "list_size": (
        ("number_of_patients", "registered_patients", "total_patients", "practice_list_size"),
        ("patients", "total_all"),
    ),
    "postcode": (("post_code", "practice_postcode", "gp_practice_postcode"),),
    "easting": (("eastings", "oseast1m"), ("x",)),
    "northing": (("northings", "osnrth1m"), ("y",)),
    "latitude": (("lat",),),
    "longitude": (("long", "lon", "lng"),),
    "region_code": (("ccg_code", "sub_icb_location_code"),),
    "region_name": (("ccg_name", "sub_icb_location_name"),),
    "icb_code": (("stp_code",),),
    "icb_name": (("stp_name",),),
    "current_network": (("pcn_code",),),
    "current_network_name": (("pcn_name",),),
    "network_id": (("pcn_code", "pcn_id", "network_code"), ("pcn", "network")),
    "code": (("network_id", "network_code", "pcn_code", "practice_code"),),
    "name": (("network_name", "pcn_name"),),
    "neighbour_code": (("neighbour_practice_code", "neighbor_code"), ("neighbour", "neighbor")),
    "from": (
        ("from_code", "from_practice", "origin_code"),
        ("predecessor_code", "predecessor", "origin"),
    ),
    "to": (
        ("to_code", "to_practice", "destination_code"),
        ("successor_code", "successor", "destination"),
    ),
    "value": (("travel_time", "travel_distance"), ("distance", "duration", "time", "travel")),
    "rule": (("rule_type",),),
    "group": (("group_id", "group_number", "group_name"),),
}
"""By our name, in the spelling in which headings are compared: each rank only where none before
it is there."""


@dataclass(frozen=True)
class Meaning:
    """What the headings of a table mean.

    Attributes
    ----------
    names
        From headings, in the spelling in which they are compared, to our names.
    unclear
        For our names that several headings could mean: those headings.
    """

    names: Mapping[str, str]
    unclear: Mapping[str, tuple[str, ...]]

    def has(self, columns: Collection[str]) -> bool:
        """Tell whether all of these columns are there, though it may be unclear which they are."""
        return set(columns) <= {*self.names.values(), *self.unclear}

    def faults(self, label: str, row: int) -> list[Fault]:
        """Return a fault for each column that two headings could mean."""
        return [
            Fault(
                label,
                f"could be {' or '.join(headings)}",
                f"Rename the column that is meant to {name}.",
                row,
                name,
            )
            for name, headings in self.unclear.items()
        ]


def meaning_of(keys: Sequence[str], wanted: Sequence[str]) -> Meaning:
    """Find columns by their headings.

    A column that has our name is the one, whatever else there is. A heading means one thing: the
    first that is wanted.

    Parameters
    ----------
    keys
        The headings, in the spelling in which they are compared.
    wanted
        Our names of the columns to find.
    """
    names = {name: name for name in wanted if name in keys}
    unclear: dict[str, tuple[str, ...]] = {}
    for name in wanted:
        if name in names:
            continue
        for rank in _ALSO.get(name, ()):
            there = tuple(also for also in rank if also in keys and also not in names)
            if len(there) > 1:
                unclear[name] = there
            elif there:
                names[there[0]] = name
            if there:
                break
    return Meaning(names, unclear)


_TOP_ROWS = 20
"""How far down headings are looked for."""

_LARGE = 10_000_000
"""From how many bytes on a text is read in pieces."""


def read_columns(
    path: Path, columns: Sequence[str], more: Sequence[str] = (), *, may_be_empty: bool = False
) -> pd.DataFrame:
    """Read some columns of a table as text, with the line numbers as index.

    Codes are in one form, those of practices beside as `written`. No network is empty, however the
    file says so.

    Parameters
    ----------
    path
        The file.
    columns
        Our names of the columns that must be there. Headings may be spelled otherwise.
    more
        Columns that may be missing: then they are empty.
    may_be_empty
        Whether there may be no rows.

    Raises
    ------
    InputError
        If it is no such table, with every row that is broken, or where a network may be one or
        none.
    """
    rows = pd.concat(column_pieces(path, columns, more))
    if rows.empty and not may_be_empty:
        problem, remedy = "has a header but no rows", "Give the rows below the header."
        raise InputError([Fault(path.name, problem, remedy)])
    tidy = rows.apply(lambda column: _in_one_form(column, path.name))
    return tidy.assign(written=rows["practice_code"]) if "practice_code" in rows else tidy


def repeated_practices(rows: pd.DataFrame, source: str) -> list[Fault]:
    """Return a fault for each row whose practice is in an earlier one, naming both.

    Parameters
    ----------
    rows
        As `read_columns` gives them, with `practice_code` and no empty ones.
    source
        The file.
    """
    first: dict[str, tuple[int, str]] = {}
    faults = []
    for row, code, written in zip(
        rows.index.tolist(), rows["practice_code"], rows["written"], strict=True
    ):
        before, spelling = first.setdefault(code, (row, written))
        if before != row:
            where = f"row {before}" if spelling == written else f"row {before}: {spelling!r}"
            problem, remedy = f"is there twice ({where})", "Keep one row of it."
            faults.append(Fault(source, problem, remedy, row, "practice_code", written))
    return faults


def _in_one_form(cells: pd.Series[str], source: str) -> pd.Series[str]:
    """Bring a column of codes or networks to one form, and leave any other as it is."""
    if str(cells.name).endswith("_code"):
        return in_one_form(cells)
    if cells.name != "network_id":
        return cells
    networks = as_networks(cells)
    zeros = networks.index[networks.str.fullmatch(ZERO.pattern)].tolist()
    if zeros:
        raise InputError(
            Fault(source, *ZERO_OR_NONE, row, "network_id", cells[row]) for row in zeros
        )
    return networks.mask(networks == UNALLOCATED, "")


def column_pieces(
    path: Path, columns: Sequence[str], more: Sequence[str] = ()
) -> Iterator[pd.DataFrame]:
    """Read some columns of a table as `read_columns`, a large text in pieces."""
    label = path.name if os.path.isfile(path) else str(path)  # noqa: PTH113 - never raises
    is_large = os.path.isfile(path) and path.stat().st_size > _LARGE  # noqa: PTH113

    def is_streamed(headings: Sequence[str]) -> bool:
        meaning = meaning_of([*map(key, headings)], columns)
        return is_large and meaning.has(columns) and not meaning.unclear

    try:
        opened = open_input(path, label, is_streamed)
    except InputError as error:
        raise InputError(_with_remedy(fault, columns) for fault in error.faults) from error
    table, at = _only([*opened.streams, *opened.sheets], label, columns)
    if isinstance(table, Stream):
        keys = [*map(key, table.headings)]
        found = _found(table.label, keys, table.header_row, columns, more)
        headings = [table.headings[keys.index(heading)] for heading in found]
        for chunk in table.chunks(headings, may_lack_end=True):
            chunk.columns = pd.Index(list(found.values()))
            yield chunk.reindex(columns=[*columns, *more], fill_value="")
    else:
        yield _of_sheet(table, at, columns, more)


def _of_sheet(sheet: Sheet, at: int, columns: Sequence[str], more: Sequence[str]) -> pd.DataFrame:
    row, cells = sheet.rows[at]
    keys = [*map(key, cells)]
    found = _found(sheet.label, keys, row, columns, more)
    if len(sheet.rows) == at + 1:
        return pd.DataFrame(columns=[*columns, *more], dtype=str)
    table = TextTable.of(sheet, header_at=at, names=found)
    if table.faults:
        raise InputError(table.faults)
    named = table.cells.iloc[:, [keys.index(heading) for heading in found]]
    named.columns = pd.Index(list(found.values()))
    return named.reindex(columns=[*columns, *more], fill_value="")


def _found(
    label: str, keys: Sequence[str], row: int, columns: Sequence[str], more: Sequence[str]
) -> dict[str, str]:
    """Return what the headings mean that are wanted, from heading to our name."""
    meaning = meaning_of(keys, [*columns, *more])
    faults = [*_missing(label, keys, row, columns, meaning), *meaning.faults(label, row)]
    faults += [
        Fault(label, f"names {keys.count(heading)} columns", "Keep one of them.", row, name)
        for heading, name in meaning.names.items()
        if keys.count(heading) > 1
    ]
    if faults:
        raise InputError(faults)
    return dict(meaning.names)


def _missing(
    label: str, keys: Sequence[str], row: int, columns: Sequence[str], meaning: Meaning
) -> list[Fault]:
    has = listed(heading for heading in keys if heading)
    remedy = f"{_wanted(columns)} This one has {has}."
    return [
        Fault(label, "has no such column", remedy, row, name)
        for name in columns
        if not meaning.has([name])
    ]


def _only(
    tables: Sequence[Sheet | Stream], label: str, columns: Sequence[str]
) -> tuple[Sheet | Stream, int]:
    """Return the one table that has the columns, and which of its rows is the header.

    Of the sheets of a workbook a hidden one counts only if no other has them, and of two with the
    same rows the first. Where none has them the first is as good as any to say what it lacks.
    """
    found: list[tuple[Sheet | Stream, int]] = []
    for table in tables:
        at = 0 if isinstance(table, Stream) else _header_at(table, columns)
        if at is not None and not _is_among(table, [other for other, _ in found]):
            found.append((table, at))
    shown = [some for some in found if not _is_hidden(some[0])] or found
    if len(shown) > 1:
        problem = f"holds such a table {len(shown)} times: {listed(t.label for t, _ in shown)}"
        remedy = "Keep the one that is meant, or save it as a file of its own."
        raise InputError([Fault(label, problem, remedy)])
    return shown[0] if shown else (tables[0], 0)


def _header_at(sheet: Sheet, columns: Sequence[str]) -> int | None:
    for at, (_, cells) in enumerate(sheet.rows[:_TOP_ROWS]):
        if meaning_of([*map(key, cells)], columns).has(columns):
            return at
    return None


def _is_hidden(table: Sheet | Stream) -> bool:
    return isinstance(table, Sheet) and table.is_hidden


def _is_among(table: Sheet | Stream, others: Sequence[Sheet | Stream]) -> bool:
    """Tell whether a sheet has the same rows as one before it."""
    if not isinstance(table, Sheet):
        return False
    rows = [cells for _, cells in table.rows]
    return any(
        isinstance(other, Sheet) and [cells for _, cells in other.rows] == rows for other in others
    )


def _with_remedy(fault: Fault, columns: Sequence[str]) -> Fault:
    """Say of an empty file what would be in it."""
    return replace(fault, remedy=_wanted(columns)) if fault.problem == "is empty" else fault


def _wanted(columns: Sequence[str]) -> str:
    return f"Give a table with a header and the columns {', '.join(columns)}."
