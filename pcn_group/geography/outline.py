"""Reading a region's land from a file of polygons, in whichever coordinates it says they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio.errors
import shapely

from pcn_group.base.errors import Fault, InputError
from pcn_group.geography.outline_file import refuse_endless
from pcn_group.practices.coordinates import GRID

__all__ = ["read_outline"]

_SLACK = 1000
"""Metres that a practice may be outside. Published boundaries are simplified by up to some hundred,
so one on the coast may be; one farther away belongs to another place or another map projection."""

_POLYGONS = ["Polygon", "MultiPolygon"]

_REMEDY = "Give polygons as GeoJSON or GeoPackage, with their coordinate reference system."

_BRITAIN = shapely.box(-9, 49, 3, 62)
"""Longitude and latitude."""


def read_outline(path: Path, table: pd.DataFrame) -> shapely.Geometry:
    """Return the land of a region, on the British National Grid.

    Parameters
    ----------
    path
        GeoJSON or GeoPackage.
    table
        With `practice_code`, and `easting` and `northing` in metres (EPSG:27700).

    Raises
    ------
    InputError
        Where the file is unusable, its coordinates are not what it says, or practices are outside.
    """
    shapes = _polygons(path)
    misread = [*_misread(shapes, path.name)]
    if misread:
        raise InputError(misread)
    outline: shapely.Geometry = shapes.to_crs(GRID).force_2d().make_valid().union_all()
    faults = [*_practices_outside(outline, table, path.name)]
    if faults:
        raise InputError(faults)
    return outline


def _polygons(path: Path) -> gpd.GeoSeries:
    refuse_endless(path, _REMEDY)
    try:
        frame = gpd.read_file(path, columns=[])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError) as error:
        problem = f"cannot be read: {str(error).partition(';')[0].rstrip('.')}"
        raise InputError([Fault(str(path), problem, _REMEDY)]) from error
    except (ValueError, shapely.errors.GEOSException) as error:
        problem = f"has a shape that is none: {' '.join(str(error).split())}"
        raise InputError([Fault(path.name, problem, _REMEDY)]) from error
    shapes = frame.geometry if isinstance(frame, gpd.GeoDataFrame) else gpd.GeoSeries()
    if not isinstance(frame, gpd.GeoDataFrame) or not shapes.geom_type.isin(_POLYGONS).any():
        raise InputError([Fault(path.name, "has no polygons", _REMEDY)])
    shapes = shapes[shapes.geom_type.isin(_POLYGONS)]
    if shapes.is_empty.all():
        raise InputError([Fault(path.name, "has no polygons but empty ones", _REMEDY)])
    if shapes.crs is None:
        raise InputError([Fault(path.name, "has no coordinate reference system", _REMEDY)])
    return shapes


def _misread(shapes: gpd.GeoSeries, source: str) -> Iterator[Fault]:
    """Say where coordinates cannot be what the file says; one that says nothing means degrees."""
    west, south, east, north = shapes.total_bounds
    fits_degrees = max(-west, east) <= 360 and max(-south, north) <= 90
    shown = f"such as {west:,.6g} {south:,.6g}"
    if not np.isfinite(shapes.total_bounds).all():
        yield Fault(source, "has coordinates that are no numbers", _REMEDY)
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
