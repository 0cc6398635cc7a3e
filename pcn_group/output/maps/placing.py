"""Where things go on a map: numbers clear of what else is drawn, circles so that none is hidden."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

__all__ = ["label_places", "stacked"]

_STEPS = 40
"""Places tried across each area, and as many up"""


def label_places(
    areas: Sequence[shapely.Geometry],
    circles: NDArray[np.float64],
    radii: NDArray[np.float64],
    radius: float,
) -> NDArray[np.float64]:
    """Return a place for a label in each area: float64 (m, 2).

    It is one with room for the label, clear of the area's border, of circles and of labels already
    placed, as near to the middle as can be; where there is no such place, the one with most room.
    The areas with the least room choose first.

    Parameters
    ----------
    areas
        Polygons or multipolygons, in any unit of length.
    circles, radii
        Where circles are, float64 (n, 2), and how large, float64 (n,).
    radius
        Of a label.
    """
    tried = [_grid(area) for area in areas]
    room = [
        np.minimum(
            shapely.distance(area.boundary, shapely.points(points)),
            _room(points, circles, radii),
        )
        for area, points in zip(areas, tried, strict=True)
    ]
    places = np.empty((len(areas), 2))
    order = sorted(range(len(areas)), key=lambda k: (room[k].max(), k))
    for number, k in enumerate(order):
        placed = places[order[:number]]
        clear = np.minimum(room[k], _room(tried[k], placed, np.full(number, radius)))
        middle = shapely.get_coordinates(shapely.centroid(areas[k]))
        from_middle = np.linalg.norm(tried[k] - middle, axis=1)
        places[k] = tried[k][np.lexsort((from_middle, -np.minimum(clear, 1.2 * radius)))[0]]
    return places


def _grid(area: shapely.Geometry) -> NDArray[np.float64]:
    """Return points all over the largest part of an area: float64 (k, 2)."""
    part = max(shapely.get_parts(area), key=lambda part: part.area)
    west, south, east, north = part.bounds
    x, y = np.meshgrid(np.linspace(west, east, _STEPS), np.linspace(south, north, _STEPS))
    points = np.column_stack([x.ravel(), y.ravel()])
    shapely.prepare(part)
    inside: NDArray[np.float64] = points[shapely.contains_xy(part, points)]
    return inside if len(inside) else shapely.get_coordinates(shapely.point_on_surface(part))


def _room(
    points: NDArray[np.float64], circles: NDArray[np.float64], radii: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far each of the points (k, 2) is from the nearest of the circles: float64 (k,).

    A circle is the nearest to none of the points if it is further from their middle than another
    by more than they are apart. So only few are measured, however many there are in all.
    """
    if not len(circles):
        return np.full(len(points), np.inf)
    low, high = points.min(axis=0), points.max(axis=0)
    from_middle = np.linalg.norm(circles - (low + high) / 2, axis=1) - radii
    near = from_middle <= from_middle.min() + np.linalg.norm(high - low)
    room: NDArray[np.float64] = (cdist(points, circles[near]) - radii[near]).min(axis=1)
    return room


def stacked(
    places: NDArray[np.float64], radii: NDArray[np.float64], is_hub: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the order to draw circles in, and which of them lie within the circle of a hub.

    Practices come first, the larger ones beneath, then the hubs, which nothing may cover. Last come
    the practices that a hub would hide: they are to be drawn as rings, so that hub and practice are
    both seen.

    Parameters
    ----------
    places, radii
        Of the circles, float64 (n, 2) and (n,), in the same unit.
    is_hub
        bool (n,).

    Returns
    -------
    order, is_ring
        intp (n,), and bool (n,) in the order of `places`.
    """
    is_ring = np.zeros(len(radii), dtype=bool)
    others = np.flatnonzero(~is_hub)
    if len(others):
        tree = KDTree(places[others])
        for hub in np.flatnonzero(is_hub):
            near = others[tree.query_ball_point(places[hub], radii[hub])]
            apart = np.linalg.norm(places[near] - places[hub], axis=1)
            is_ring[near[apart + radii[near] <= radii[hub]]] = True
    order = np.lexsort((-radii, np.where(is_ring, 2, is_hub)))
    return order, is_ring
