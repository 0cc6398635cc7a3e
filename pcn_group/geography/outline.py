"""Reading a region's land from a file of polygons, in whichever coordinates it says they are."""

from __future__ import annotations

import re
import sqlite3
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import shapely

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import listed
from pcn_group.practices.grid import GRID
from pcn_group.tables.shapefiles import is_shapefile, opened_shapefile

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["read_outline", "read_polygons", "read_shapes"]

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


def _refuse_endless(path: Path, remedy: str) -> None:
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
    problem: str | None = "is neither GeoJSON, GeoPackage nor shapefile"
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


_SLACK = 1000
"""Metres that a practice may be outside. Published boundaries are simplified by up to some hundred,
so one on the coast may be; one farther away belongs to another place or another map projection."""

_TYPES = {
    "polygons": ("Polygon", "MultiPolygon"),
    "lines": ("LineString", "MultiLineString", "LinearRing"),
}
"""What a file may be asked for, and what that is called there"""

_BRITAIN = shapely.box(-9, 49, 3, 62)
"""Longitude and latitude."""


def read_outline(path: Path, table: pd.DataFrame) -> shapely.Geometry:
    """Return the land of a region, on the British National Grid.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage or shapefile.
    table
        With `practice_code`, and `easting` and `northing` in metres (EPSG:27700).

    Raises
    ------
    InputError
        Where the file is unusable, its coordinates are not what it says, or practices are outside.
    """
    outline: shapely.Geometry = read_shapes(path, "polygons").make_valid().union_all()
    faults = [*_practices_outside(outline, table, path.name)]
    if faults:
        raise InputError(faults)
    return outline


def read_shapes(path: Path, what: Literal["polygons", "lines"]) -> gpd.GeoSeries:
    """Return the polygons or the lines of a file, on the British National Grid.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage or shapefile.
    what
        Is read; all else in the file is left aside.

    Raises
    ------
    InputError
        Where the file is unusable, or its coordinates are not what it says.
    """
    return _on_grid(path, what).geometry


def read_polygons(path: Path, layer: str) -> gpd.GeoDataFrame:
    """Return the polygons of a file with what it says of each; what is none is an empty one.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage or shapefile.
    layer
        Of several, the one that is read.

    Raises
    ------
    InputError
        As `read_shapes`, and if there are several layers and none is that one.
    """
    return _on_grid(path, "polygons", layer)


def _on_grid(path: Path, what: str, layer: str | None = None) -> gpd.GeoDataFrame:
    """Read shapes; with what the file says of each if a layer is named."""
    remedy = (
        f"Give {what} as GeoJSON, GeoPackage or shapefile, with their coordinate reference system."
    )
    frame = _features(path, what, remedy, layer)
    misread = [*_misread(frame.geometry, path.name, remedy)]
    if misread:
        raise InputError(misread)
    return frame.set_geometry(frame.geometry.to_crs(GRID).force_2d())


def _features(path: Path, what: str, remedy: str, layer: str | None) -> gpd.GeoDataFrame:
    import geopandas as gpd  # noqa: PLC0415 - slow to import, and few commands read outlines
    from pyogrio.errors import DataLayerError, DataSourceError  # noqa: PLC0415 - likewise

    try:
        if is_shapefile(path):
            with opened_shapefile(path) as shapes_at:
                frame = _read(shapes_at, None if layer is None else shapes_at.stem)
        else:
            _refuse_endless(path, remedy)
            frame = _read(path, None if layer is None else _layer(path, layer))
    except (DataSourceError, DataLayerError, OSError) as error:
        problem = f"cannot be read: {str(error).partition(';')[0].rstrip('.')}"
        raise InputError([Fault(str(path), problem, remedy)]) from error
    except (ValueError, shapely.errors.GEOSException) as error:
        problem = f"has a shape that is none: {' '.join(str(error).split())}"
        raise InputError([Fault(path.name, problem, remedy)]) from error
    shapes = frame.geometry if isinstance(frame, gpd.GeoDataFrame) else gpd.GeoSeries()
    is_asked = shapes.geom_type.isin(_TYPES[what])
    if not isinstance(frame, gpd.GeoDataFrame) or not is_asked.any():
        raise InputError([Fault(path.name, f"has no {what}", remedy)])
    if layer is None:
        frame = frame[is_asked]
    else:
        frame = frame.set_geometry(shapes.where(is_asked, shapely.Polygon()))
    if frame.is_empty.all():
        raise InputError([Fault(path.name, f"has no {what} but empty ones", remedy)])
    if frame.crs is None:
        raise InputError([Fault(path.name, "has no coordinate reference system", remedy)])
    return frame


def _read(path: Path, layer: str | None) -> gpd.GeoDataFrame:
    import geopandas as gpd  # noqa: PLC0415 - as above

    if layer is None:
        return gpd.read_file(path, columns=[])
    with warnings.catch_warnings():
        # Of a property with numbers and words it says so, and leaves them as they are.
        warnings.filterwarnings("ignore", "Could not parse column")
        return gpd.read_file(path, layer=layer)


def _layer(path: Path, wanted: str) -> str:
    """Return the only layer of a file, or the one that is wanted of several."""
    import pyogrio  # noqa: PLC0415 - as above

    names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    if len(names) > 1 and wanted not in names:
        remedy = f"Export the one that is meant, or call it {wanted}."
        raise InputError([Fault(path.name, f"has several layers: {listed(names, 8)}", remedy)])
    return names[0] if len(names) == 1 else wanted


def _misread(shapes: gpd.GeoSeries, source: str, remedy: str) -> Iterator[Fault]:
    """Say where coordinates cannot be what the file says; one that says nothing means degrees."""
    west, south, east, north = shapes.total_bounds
    fits_degrees = max(-west, east) <= 360 and max(-south, north) <= 90
    shown = f"such as {west:,.6g} {south:,.6g}"
    if not np.isfinite(shapes.total_bounds).all():
        yield Fault(source, "has coordinates that are no numbers", remedy)
    elif shapes.crs.is_geographic and not fits_degrees:
        remedy = (
            "Say which grid they are on. In GeoJSON the British National Grid is "
            '"crs": {"type": "name", "properties": {"name": "EPSG:27700"}}, beside "features".'
        )
        yield Fault(source, f"has coordinates in metres, {shown}, and does not say so", remedy)
    elif not shapes.crs.is_geographic and fits_degrees:
        problem = f"has coordinates in degrees, {shown}, and says that they are on a grid"
        remedy = "Give longitude and latitude as EPSG:4326."
        yield Fault(source, f"{problem} ({shapes.crs.name})", remedy)
    elif shapes.crs.is_geographic and _BRITAIN.covers(shapely.box(south, west, north, east)):
        problem = f"has latitude before longitude, {shown}"
        yield Fault(source, problem, "Give longitude first, as GeoJSON has it.")


def _practices_outside(
    outline: shapely.Geometry, table: pd.DataFrame, source: str
) -> Iterator[Fault]:
    places = shapely.points(table[["easting", "northing"]].to_numpy(dtype=np.float64))
    metres = shapely.distance(outline, places)
    far = table.assign(metres=metres)[~(metres <= _SLACK)]
    if len(far) == len(table) > 1:
        problem = f"leaves all practices outside, the nearest by {metres.min() / 1000:,.0f} km"
        remedy = "Give an outline of this region, in the coordinates that the file says."
        yield Fault(source, problem, remedy)
        return
    remedy = "Give an outline of the whole region, or correct the practice's location."
    for code, distance in zip(far["practice_code"], far["metres"], strict=True):
        problem = f"leaves practice {code} {distance / 1000:.0f} km outside"
        yield Fault(source, problem, remedy)
