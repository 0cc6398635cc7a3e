"""Sites, their Voronoi cells, and the shape around them: what cells and areas are made of."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Delaunay

__all__ = ["alpha_shape", "in_a_line", "land_within", "sites_of", "voronoi_cells"]


def sites_of(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the distinct points to the metre, and the number of the one that each point is at."""
    sites, site_of = np.unique(np.rint(points), axis=0, return_inverse=True)
    return sites, site_of


def in_a_line(sites: NDArray[np.float64]) -> bool:
    """Tell whether sites lie in a line, within some metres, or are one or two."""
    hull = shapely.multipoints(sites).convex_hull
    return bool(hull.area <= hull.length)


def voronoi_cells(
    sites: NDArray[np.float64], clip: shapely.Geometry
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the parts of the clipped cells of two or more sites, and the site of each part.

    Cells that lie within the clip keep their edges as they are, to the last bit.
    """
    points = shapely.points(sites)
    cells = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=clip)
    # GEOS has been seen to return a cell that crosses itself.
    cells = _polygons(shapely.make_valid(shapely.get_parts(cells)))[0]
    cells = cells[shapely.STRtree(cells).query(points, predicate="intersects")[1]]
    is_whole = np.zeros(len(cells), dtype=bool)
    is_whole[shapely.STRtree(cells).query(clip, predicate="contains_properly")] = True
    cells[~is_whole] = shapely.intersection(cells[~is_whole], clip)
    return _polygons(cells)


def _polygons(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the polygons that shapes are made of, without lines and points, and whose each is."""
    parts, shape_of = shapely.get_parts(shapes, return_index=True)
    has_area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    return parts[has_area], shape_of[has_area]


def alpha_shape(sites: NDArray[np.float64]) -> shapely.Geometry:
    """Return the tightest single polygon without holes around all sites, which are not in a line.

    After Edelsbrunner, Kirkpatrick and Seidel, "On the shape of a set of points in the plane", IEEE
    Transactions on Information Theory 29 (1983): peel off the Delaunay triangles, those with the
    largest circumcircles first, as long as one polygon remains.
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
