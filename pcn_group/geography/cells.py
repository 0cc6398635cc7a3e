"""The land around each practice: Voronoi cells, clipped to the region's outline.

All geometry is done on sites, the distinct addresses, to the metre.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio.errors
import shapely
from libpysal.cg import voronoi_frames
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from pcn_group.errors import Fault, InputError
from pcn_group.geography.outline_file import refuse_endless
from pcn_group.practices.coordinates import GRID

__all__ = ["alpha_shape", "cell_areas", "in_a_line", "read_outline", "sites_of", "voronoi_cells"]

# Published boundaries are simplified by up to some hundred metres, and a practice on the coast may
# fall outside; one farther away belongs to another place or another map projection.
_OUTLINE_SLACK = 1000


def cell_areas(table: pd.DataFrame, outline: Path | None) -> NDArray[np.float64]:
    """Give the land of each practice in square kilometres: float64 (n,).

    Practices at one address share its cell by their patients. There is no land, and so only zeros,
    where all sites lie in a line, unless there is an outline.

    Parameters
    ----------
    table
        With `easting` and `northing` in metres (EPSG:27700), and `list_size`.
    outline
        A file with the region's land; None clips cells to the alpha shape.

    Raises
    ------
    InputError
        As `read_outline`.
    """
    sites, site_of = sites_of(table[["easting", "northing"]].to_numpy(dtype=np.float64))
    if outline is None and in_a_line(sites):
        return np.zeros(len(table))
    clip = alpha_shape(sites) if outline is None else read_outline(outline, table)
    cells = voronoi_cells(sites, clip) if len(sites) > 1 else gpd.GeoSeries([clip])
    metres = cells.area.reindex(range(len(sites)), fill_value=0.0).to_numpy()
    patients = table["list_size"].to_numpy(dtype=np.float64)
    shares = patients / np.bincount(site_of, weights=patients)[site_of]
    areas: NDArray[np.float64] = metres[site_of] * shares / 1e6
    return areas


def sites_of(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give the distinct points to the metre, and the number of the one that each point is at."""
    sites, site_of = np.unique(np.rint(points), axis=0, return_inverse=True)
    return sites, site_of


def in_a_line(sites: NDArray[np.float64]) -> bool:
    """Tell whether sites lie in a line, within some metres, or are one or two."""
    hull = shapely.multipoints(sites).convex_hull
    return bool(hull.area <= hull.length)


def voronoi_cells(sites: NDArray[np.float64], clip: shapely.Geometry) -> gpd.GeoSeries:
    """Give the clipped cells of two or more sites, by site; one may be in several parts."""
    return voronoi_frames(sites, clip=clip, return_input=False, as_gdf=False)


def alpha_shape(sites: NDArray[np.float64]) -> shapely.Geometry:
    """Give the tightest single polygon without holes around all sites, which are not in a line.

    After Edelsbrunner, Kirkpatrick and Seidel, "On the shape of a set of points in the plane", IEEE
    Transactions on Information Theory 29 (1983): peel off the Delaunay triangles, those with the
    largest circumcircles first, as long as one polygon remains. libpysal's own takes four seconds
    to compile in every run.
    """
    corners = sites[Delaunay(sites).simplices]
    sides = corners - np.roll(corners, 1, axis=1)
    areas = np.abs(sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]) / 2
    corners, sides, areas = corners[areas > 0], sides[areas > 0], areas[areas > 0]
    # Rounded, so that circles of one size go together.
    radii = (np.linalg.norm(sides, axis=2).prod(axis=1) / (4 * areas)).round(6)
    triangles, points = shapely.polygons(corners), shapely.points(sites)
    shape = shapely.multipoints(sites).convex_hull
    for radius in np.unique(radii)[::-1]:
        tighter = shapely.coverage_union_all(triangles[radii <= radius])
        if tighter.geom_type != "Polygon" or tighter.interiors:
            break
        if not shapely.covers(tighter, points).all():
            break
        shape = tighter
    return shape


def read_outline(path: Path, table: pd.DataFrame) -> shapely.Geometry:
    """Read the land of a region; InputError where it is unusable, or practices are outside it."""
    remedy = "Give polygons as GeoJSON or GeoPackage, with their coordinate reference system."
    refuse_endless(path, remedy)
    try:
        frame = gpd.read_file(path, columns=[])
    except pyogrio.errors.DataSourceError as error:
        problem = f"cannot be read: {error}"
        raise InputError([Fault(str(path), problem, remedy)]) from error
    shapes = frame.geometry if isinstance(frame, gpd.GeoDataFrame) else gpd.GeoSeries()
    if shapes.crs is None:
        raise InputError([Fault(path.name, "has no coordinate reference system", remedy)])
    if not shapes.geom_type.isin(["Polygon", "MultiPolygon"]).any():
        raise InputError([Fault(path.name, "has no polygons", remedy)])
    shapes = shapes[shapes.geom_type.isin(["Polygon", "MultiPolygon"])]
    outline = shapes.to_crs(GRID).make_valid().union_all()
    faults = _practices_outside(outline, table, path.name)
    if faults:
        raise InputError(faults)
    return outline


def _practices_outside(outline: shapely.Geometry, table: pd.DataFrame, source: str) -> list[Fault]:
    metres = shapely.distance(outline, shapely.points(table[["easting", "northing"]].to_numpy()))
    far = table.assign(metres=metres)[metres > _OUTLINE_SLACK]
    remedy = "Give an outline of the whole region, or correct the practice's location."
    return [
        Fault(source, f"leaves practice {code} {distance / 1000:.0f} km outside", remedy)
        for code, distance in zip(far["practice_code"], far["metres"], strict=True)
    ]
