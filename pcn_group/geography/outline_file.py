"""Whether a file of outlines is one that can be read to its end, told before GDAL opens it.

GDAL opens far more than GeoJSON and GeoPackage, and some of that names other files, or commands. A
GeoPackage is a database, whose views, computed columns and pages that lead to one another may go on
for ever.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError

__all__ = ["refuse_endless"]

_DATABASE = b"SQLite format 3\0"
_JOURNAL = slice(18, 20)
"""Whether changes are kept in a file beside it: a copy in memory has none."""

_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"
_COMMAND = b"gdal_streamed_alg"
_EXPORT = "Export the polygons to a GeoPackage or GeoJSON of their own."
_INDEX = re.compile(r"create\s+virtual\s+table\s.*\susing\s+rtree\s*\(", re.IGNORECASE | re.DOTALL)
_COMPUTED = (2, 3)
_MOST_STEPS = 20_000_000
"""Of the database's machine, for one question."""


def refuse_endless(path: Path, remedy: str) -> None:
    """Stop where a file of outlines is none, or may have no end.

    Parameters
    ----------
    remedy
        What to do if it is something else.

    Raises
    ------
    InputError
        With what is wrong.
    """
    try:
        data = limits.read_whole(path, limits.OUTLINE)
    except OSError as error:
        fault = Fault(str(path), f"cannot be read: {error.strerror}", remedy)
        raise InputError([fault]) from error
    problem: str | None = "is neither GeoJSON nor GeoPackage"
    if data.startswith(_DATABASE):
        problem, remedy = _fault_of_database(data), _EXPORT
    elif data.lstrip(_BEFORE_JSON).startswith(b"{") and _COMMAND not in data:
        problem, remedy = _too_many(data.count(b'"geometry"')), _EXPORT
    if problem is not None:
        raise InputError([Fault(path.name, problem, remedy)])


def _too_many(shapes: int) -> str | None:
    if shapes <= limits.SHAPES:
        return None
    return f"has more than {limits.SHAPES:,} shapes, the most that are read"


def _fault_of_database(data: bytes) -> str | None:
    """Return what keeps a GeoPackage from being read, if anything."""
    database = sqlite3.connect(":memory:")
    try:
        database.deserialize(data[: _JOURNAL.start] + b"\1\1" + data[_JOURNAL.stop :])
        database.execute("pragma trusted_schema = off")
        database.set_progress_handler(lambda: True, _MOST_STEPS)
        tables = database.execute("select type, name, sql from sqlite_master").fetchall()
        if any(_is_computed(database, *table) for table in tables):
            return "has tables that are computed, which may have no end"
        # Pages that are parts of one another would be gone through again and again.
        (state,) = database.execute("pragma quick_check(1)").fetchone()
        if state != "ok":
            return f"is damaged: {' '.join(state.split())}"
        layers = database.execute("select table_name, column_name from gpkg_geometry_columns")
        return next(filter(None, (_fault_of_layer(database, *layer) for layer in layers)), None)
    except (sqlite3.Error, MemoryError, TypeError, ValueError) as error:
        return f"is no GeoPackage: {error}"
    finally:
        database.close()


def _is_computed(database: sqlite3.Connection, kind: str, name: str, sql: str | None) -> bool:
    """Whether something in a database is neither rows nor an index of places."""
    if kind == "view":
        return True
    if kind != "table":
        return False
    if re.match(r"create\s+virtual", sql or "", re.IGNORECASE):
        return _INDEX.match(sql or "") is None
    columns = database.execute(f"pragma table_xinfo({_quoted(name)})")
    return any(hidden in _COMPUTED for *_, hidden in columns)


def _fault_of_layer(database: sqlite3.Connection, table: str, column: str) -> str | None:
    place, shapes = _quoted(table), limits.SHAPES
    # A default that is long stands in each row for itself.
    rows = f"select length({_quoted(column)}) as size from {place} limit {shapes + 1}"  # noqa: S608
    count, size = database.execute(f"select count(*), total(size) from ({rows})").fetchone()  # noqa: S608
    if size > limits.OUTLINE:
        return f"has shapes of more than {limits.megabytes(limits.OUTLINE)}"
    return _too_many(count)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
