"""The land of practices and of networks, as drawn: every place belongs to the nearest practice.

These areas are for pictures. They are not boundaries of responsibility: patients of a place may be
registered with any practice. They differ from the cells that make neighbours in where they end:
some way beyond the outermost practices, so that these stand inside their areas.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import Delaunay, KDTree

from pcn_group.geography.outline import read_outline
from pcn_group.practices.grid import GRID

__all__ = [
    "alpha_shape",
    "cell_areas",
    "in_a_line",
    "land_within",
    "network_areas",
    "practice_areas",
    "sites_of",
    "voronoi_cells",
]


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
    parts, owner = voronoi_cells(sites, land_within(alpha_shape(sites), land))
    metres = np.bincount(owner, weights=shapely.area(parts), minlength=len(sites))
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


def voronoi_cells(
    sites: NDArray[np.float64], clip: shapely.Geometry
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the parts of the clipped cells of two or more sites, and the site of each part.

    Only cells that the border of the clip cuts are clipped, so that all others keep their edges as
    they are, to the last bit.
    """
    points = shapely.points(sites)
    cells = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=clip)
    # GEOS has been seen to return a cell that crosses itself.
    cells = _polygons(shapely.make_valid(shapely.get_parts(cells)))[0]
    cells = cells[shapely.STRtree(cells).query(points, predicate="intersects")[1]]
    cut = shapely.STRtree(cells).query(clip.boundary, predicate="intersects")
    cells[cut] = shapely.intersection(cells[cut], clip)
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


_MARGIN, _LEAST_MARGIN = 0.03, 500
"""Land beyond the outermost practices: a share of the region's longer side, at least some metres"""

_NEARBY, _LEAST_NEARBY = 0.5, 25_000
"""How far land is drawn that only an outline has, likewise: it may be of the whole country."""

_DISC = 250
"""Land around a practice outside the outline, in metres"""

_GRID = 0.001
"""Borders meet on a grid of millimetres"""


def practice_areas(table: pd.DataFrame, outline: Path | None) -> gpd.GeoSeries:
    """Return the land nearest to each practice.

    Practices at one address have the same area. All areas together are the outline, so far as it
    is nearby, with a disc around any practice outside it; without an outline the alpha shape,
    widened.

    Parameters
    ----------
    table
        With `easting` and `northing` in metres (EPSG:27700).
    outline
        A file with the region's land.

    Returns
    -------
    geopandas.GeoSeries
        A polygon or multipolygon for each row, with its index; EPSG:27700.

    Raises
    ------
    InputError
        As `read_outline`.
    """
    sites, site_of = _sites(table)
    faces, owner = _faces(sites, _land(sites, table, outline), [])
    areas = _dissolved(faces, owner, len(sites))
    return gpd.GeoSeries(areas[site_of], index=table.index, crs=GRID)


def network_areas(
    table: pd.DataFrame, networks: Sequence[Sequence[int]], outline: Path | None
) -> gpd.GeoSeries:
    """Return the land of each network: that of its practices, in one.

    The land of an address with practices of several networks is cut into sectors that meet there,
    equally wide, each as far as possible on the side where the rest of its network is nearest.
    The areas have no land in common. Each covers its practices' places, to the metre.

    Parameters
    ----------
    table, outline
        As for `practice_areas`.
    networks
        The positions in the table of the members of each. The land of rows in no network is in no
        area.

    Returns
    -------
    geopandas.GeoSeries
        A polygon or multipolygon for each network; EPSG:27700.

    Raises
    ------
    InputError
        As `read_outline`.
    """
    sites, site_of = _sites(table)
    left_out = sorted(set(range(len(table))).difference(*networks))
    residents = _residents(site_of, [*networks, left_out])
    sectors = {
        site: _sectors(site, there, sites, residents)
        for site, there in enumerate(residents)
        if len(there) > 1
    }
    land = _land(sites, table, outline)
    reach = 2 * shapely.MultiPoint(shapely.get_coordinates(land)).envelope.length
    cuts = [
        shapely.LineString([sites[site], sites[site] + reach * _unit(angle)])
        for site, (starts, _) in sectors.items()
        for angle in starts
    ]
    faces, owner = _faces(sites, land, cuts)
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    network_of = np.array([min(there) for there in residents])[owner]
    for face in np.flatnonzero(np.isin(owner, list(sectors))):
        starts, order = sectors[int(owner[face])]
        angle = _angle(inside[face] - sites[owner[face]])
        network_of[face] = order[int(np.searchsorted(starts, angle, side="right")) - 1]
    areas = _dissolved(faces, network_of, len(networks))
    return gpd.GeoSeries(areas, crs=GRID)


def _sites(table: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    return sites_of(table[["easting", "northing"]].to_numpy(dtype=np.float64))


def _land(
    sites: NDArray[np.float64], table: pd.DataFrame, outline: Path | None
) -> shapely.Geometry:
    """Return all the land there is to divide; every site is properly inside."""
    points, together = shapely.points(sites), shapely.multipoints(sites)
    west, south, east, north = together.bounds
    longer = max(east - west, north - south)
    if outline is not None:
        beyond = max(_LEAST_NEARBY, _NEARBY * longer)
        nearby = shapely.box(west - beyond, south - beyond, east + beyond, north + beyond)
        land = land_within(nearby, read_outline(outline, table))
        outside = points[~shapely.contains_properly(land, points)]
        return shapely.union_all([land, *shapely.buffer(outside, _DISC)])
    shape = together.convex_hull if in_a_line(sites) else alpha_shape(sites)
    return shape.buffer(max(_LEAST_MARGIN, _MARGIN * longer))


def _faces(
    sites: NDArray[np.float64], land: shapely.Geometry, cuts: Sequence[shapely.Geometry]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cut the land along the lines between sites, and along others; give faces and their sites.

    One network of lines, meeting in points of a grid, bounds all faces. So they share their borders
    exactly, and what is dissolved from them neither overlaps nor leaves gaps.
    """
    between = shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=land, only_edges=True)
    lines = shapely.union_all([between, land.boundary, *cuts], grid_size=_GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = shapely.point_on_surface(faces)
    shapely.prepare(land)
    on_land = shapely.contains(land, inside)
    owner = KDTree(sites).query(shapely.get_coordinates(inside[on_land]))[1]
    return faces[on_land], owner


def _dissolved(
    faces: NDArray[np.object_], owner: NDArray[np.int64], count: int
) -> NDArray[np.object_]:
    """Join the faces of each owner."""
    areas = [shapely.coverage_union_all(faces[owner == k]) for k in range(count)]
    ordered: NDArray[np.object_] = shapely.normalize(np.array(areas, dtype=object))
    return ordered


def _residents(
    site_of: NDArray[np.int64], networks: Sequence[Sequence[int]]
) -> tuple[frozenset[int], ...]:
    """Return the numbers of the networks that have practices at each site."""
    residents: list[set[int]] = [set() for _ in range(site_of.max() + 1)]
    for number, members in enumerate(networks):
        for member in members:
            residents[site_of[member]].add(number)
    return tuple(frozenset(there) for there in residents)


def _sectors(
    site: int,
    there: frozenset[int],
    sites: NDArray[np.float64],
    residents: Sequence[frozenset[int]],
) -> tuple[NDArray[np.float64], list[int]]:
    """Return where each sector around a site starts, ascending angles, and the network it is for.

    Networks follow one another as the directions of their nearest other sites do, and the sectors
    are turned so that these are, on average, in their middles.
    """
    towards: dict[int, float] = {}
    for number in sorted(there):
        others = [k for k, also in enumerate(residents) if number in also and k != site]
        if others:
            steps = sites[others] - sites[site]
            towards[number] = _angle(steps[np.linalg.norm(steps, axis=1).argmin()])
    for number in sorted(there - set(towards)):
        towards[number] = _widest_gap(sorted(towards.values()))
    order = sorted(there, key=lambda number: (towards[number], number))
    width = 2 * np.pi / len(order)
    steps = [_unit(towards[number] - k * width) for k, number in enumerate(order)]
    turn = _angle(np.sum(steps, axis=0)) - width / 2
    starts = (turn + width * np.arange(len(order))) % (2 * np.pi)
    first = int(starts.argmin())
    return np.roll(starts, -first), order[first:] + order[:first]


def _widest_gap(angles: Sequence[float]) -> float:
    """Return the middle of the widest gap between ascending angles."""
    if not angles:
        return 0.0
    gaps = [b - a for a, b in itertools.pairwise([*angles, angles[0] + 2 * np.pi])]
    widest = int(np.argmax(gaps))
    return float((angles[widest] + gaps[widest] / 2) % (2 * np.pi))


def _angle(step: NDArray[np.float64]) -> float:
    return float(np.arctan2(step[1], step[0]) % (2 * np.pi))


def _unit(angle: float) -> NDArray[np.float64]:
    return np.array([np.cos(angle), np.sin(angle)])
