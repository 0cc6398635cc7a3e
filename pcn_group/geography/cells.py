"""The land around each practice: Voronoi cells, clipped to the region's outline.

All geometry is done on sites, the distinct addresses, to the metre.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from libpysal.cg import voronoi_frames
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from pcn_group.geography.outline import read_outline

__all__ = ["alpha_shape", "cell_areas", "in_a_line", "land_within", "sites_of", "voronoi_cells"]


def cell_areas(table: pd.DataFrame, outline: Path | None) -> NDArray[np.float64]:
    """Return the land of each practice in square kilometres: float64 (n,).

    Practices at one address share its cell by their patients. There is no land, and so only zeros,
    where all sites lie in a line.

    Parameters
    ----------
    table
        With `easting` and `northing` in metres (EPSG:27700), and `list_size`.
    outline
        A file with the region's land, to clip cells to beside the alpha shape.

    Raises
    ------
    InputError
        As `read_outline`.
    """
    sites, site_of = sites_of(table[["easting", "northing"]].to_numpy(dtype=np.float64))
    land = read_outline(outline, table) if outline is not None else None
    if in_a_line(sites):
        return np.zeros(len(table))
    cells = voronoi_cells(sites, land_within(alpha_shape(sites), land))
    metres = cells.area.reindex(range(len(sites)), fill_value=0.0).to_numpy()
    patients = table["list_size"].to_numpy(dtype=np.float64)
    shares = patients / np.bincount(site_of, weights=patients)[site_of]
    areas: NDArray[np.float64] = metres[site_of] * shares / 1e6
    return areas


def sites_of(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the distinct points to the metre, and the number of the one that each point is at."""
    sites, site_of = np.unique(np.rint(points), axis=0, return_inverse=True)
    return sites, site_of


def in_a_line(sites: NDArray[np.float64]) -> bool:
    """Tell whether sites lie in a line, within some metres, or are one or two."""
    hull = shapely.multipoints(sites).convex_hull
    return bool(hull.area <= hull.length)


def voronoi_cells(sites: NDArray[np.float64], clip: shapely.Geometry) -> gpd.GeoSeries:
    """Return the clipped cells of two or more sites, by site; one may be in several parts."""
    return voronoi_frames(sites, clip=clip, return_input=False, as_gdf=False)


def alpha_shape(sites: NDArray[np.float64]) -> shapely.Geometry:
    """Return the tightest single polygon without holes around all sites, which are not in a line.

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


def land_within(shape: shapely.Geometry, outline: shapely.Geometry | None) -> shapely.Geometry:
    """Return the land of an outline inside a shape; without an outline, all of the shape.

    Both count, since an outline may be of the whole country, and cells at the edge of the region
    would meet far outside it.
    """
    if outline is None:
        return shape
    parts = shapely.get_parts(shapely.intersection(outline, shape))
    return shapely.union_all(parts[shapely.area(parts) > 0])
