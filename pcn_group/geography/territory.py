"""The land of a region as it is drawn: around its practices, as far as the coast.

A region has no boundaries but where its practices are. So its land ends some way beyond the
outermost of them, or at an outline that the user gave, and always at the sea.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, KDTree

from pcn_group.config.model import Adjacency
from pcn_group.geography.land import land_parts
from pcn_group.geography.outline import read_outline
from pcn_group.geography.shapes import alpha_shape, in_a_line, land_within
from pcn_group.geography.ways import OFF_LAND

__all__ = ["nearby_land", "territory"]

Sites = NDArray[np.float64]

_MARGIN, _LEAST_MARGIN = 0.03, 500
"""Land beyond the outermost practices: a share of the longer side of where they are, at least some
metres"""

_NEARBY, _LEAST_NEARBY = 0.5, 25_000
"""How far land is drawn that only an outline has, likewise: it may be of the whole country."""

_APART = 25_000
"""Practices farther from all others than this, in metres, have land of their own: nobody else is
drawn between them"""

_HEADLAND = 15_000
"""How far beyond the margin land is the region's if nothing but the sea is behind it, in metres"""

_STRIP = 1_200
"""Half as wide as a strip of coast beyond the margin that is the region's too, in metres"""

_ISLET = 10_000_000
"""Islands up to this, in square metres, are of the region that is as near"""

_DISC = 250
"""Land around a practice in the water, or outside the outline, and on its way ashore, in metres"""

_TOUCHING = 1.0
"""Metres between what touches"""


def territory(
    sites: Sites, table: pd.DataFrame, groups: Sequence[Sequence[int]], rules: Adjacency
) -> shapely.Geometry:
    """Return the land to divide among sites; every one is properly inside.

    Parameters
    ----------
    sites
        float64 (n, 2): the distinct places of the table.
    table
        With `practice_code`, and `easting` and `northing` in metres (EPSG:27700).
    groups
        The sites of each region. Land between regions is drawn where their sites are close.
    rules
        Name the outline and the land, if the user gave any.

    Raises
    ------
    InputError
        As `read_outline`.
    """
    points = shapely.points(sites)
    land = nearby_land(sites, table, rules)
    if rules.outline is not None:
        beyond = max(_LEAST_NEARBY, _NEARBY * _longer(sites))
        shape = land_within(_around(sites, beyond), read_outline(rules.outline, table))
        whole = shape if land is None else land_within(shape, land)
    else:
        shape = shapely.union_all([*_shapes(sites, groups), *_between(sites, groups)])
        whole = shape if land is None else _ashore(shape, land, points)
    shapely.prepare(whole)
    outside = points[~shapely.contains_properly(whole, points)]
    piers = shapely.shortest_line(outside, whole)
    return shapely.union_all([whole, *shapely.buffer(piers, _DISC)])


def nearby_land(sites: Sites, table: pd.DataFrame, rules: Adjacency) -> shapely.Geometry | None:
    """Return the land around sites, or None where none of them is near any.

    Parameters
    ----------
    sites, table, rules
        As for `territory`.

    Raises
    ------
    InputError
        As `read_outline`.
    """
    parts = land_parts(rules, table)
    far = shapely.STRtree(parts).query_nearest(shapely.points(sites), return_distance=True)[1]
    if far.min() > OFF_LAND:
        return None
    reach = 2 * max(_LEAST_NEARBY, _longer(sites))
    return shapely.union_all(shapely.clip_by_rect(parts, *_around(sites, reach).bounds))


def _longer(sites: Sites) -> float:
    return float(np.ptp(sites, axis=0).max())


def _around(sites: Sites, metres: float) -> shapely.Geometry:
    """Return the box with so many metres around all sites."""
    (west, south), (east, north) = sites.min(axis=0) - metres, sites.max(axis=0) + metres
    return shapely.box(west, south, east, north)


def _shapes(sites: Sites, groups: Sequence[Sequence[int]]) -> list[shapely.Geometry]:
    """Return a shape around the sites of each group, one for each part that is far from others."""
    shapes = []
    for group in groups:
        own = sites[list(group)]
        near = KDTree(own).sparse_distance_matrix(KDTree(own), _APART)
        parts = connected_components(near, directed=False)[1]
        for number in range(parts.max() + 1):
            part = own[parts == number]
            hull = shapely.multipoints(part).convex_hull
            shape = hull if in_a_line(part) else alpha_shape(part)
            shapes.append(shape.buffer(max(_LEAST_MARGIN, _MARGIN * _longer(part))))
    return shapes


def _between(sites: Sites, groups: Sequence[Sequence[int]]) -> NDArray[np.object_]:
    """Return the land between groups whose sites are close to each other, as triangles."""
    if len(groups) < 2 or in_a_line(sites):
        return np.array([], dtype=object)
    group_of = np.empty(len(sites), dtype=np.int64)
    for number, group in enumerate(groups):
        group_of[list(group)] = number
    corners = Delaunay(sites).simplices
    triangles = sites[corners]
    longest = np.linalg.norm(triangles - np.roll(triangles, 1, axis=1), axis=2).max(axis=1)
    is_between = np.ptp(group_of[corners], axis=1) > 0
    close: NDArray[np.object_] = shapely.polygons(triangles[is_between & (longest <= _APART)])
    return close


def _ashore(
    shape: shapely.Geometry, land: shapely.Geometry, points: NDArray[np.object_]
) -> shapely.Geometry:
    """Return the part of a shape on land, and the headlands beyond it.

    The far shore of an estuary is left out, where nobody has a practice. Small islands are not.
    Where the land has nothing near, as off an island that it does not have, the shape stays.
    """
    ashore = _polygons(shapely.intersection(shape, land))
    inhabited = np.unique(shapely.STRtree(ashore).query(points, "dwithin", OFF_LAND)[1])
    own = shapely.union_all(ashore[inhabited])
    rest = _polygons(shapely.difference(land, own))
    shapely.prepare(own)
    is_headland = shapely.dwithin(rest, own, _TOUCHING)
    is_islet = shapely.area(rest) <= _ISLET
    is_near = shapely.covers(own.buffer(_HEADLAND), rest)
    inland = rest[~is_near]
    strips = _polygons(
        shapely.difference(
            shapely.union_all(inland),
            shapely.union_all(shapely.buffer(shapely.buffer(inland, -_STRIP), _STRIP)),
        )
    )
    strips = strips[shapely.dwithin(strips, own, _TOUCHING)]
    afloat = [
        part
        for part in _polygons(shape)
        if not shapely.dwithin(own, points[shapely.intersects(part, points)], OFF_LAND).any()
    ]
    beyond = rest[is_near & (is_headland | is_islet)]
    return shapely.union_all([own, *beyond, *strips, *afloat])


def _polygons(shape: shapely.Geometry) -> NDArray[np.object_]:
    parts = shapely.get_parts(shape)
    polygons: NDArray[np.object_] = parts[
        shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    ]
    return polygons
