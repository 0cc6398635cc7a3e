"""The order in which circles of practices are drawn, so that none hides another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

__all__ = ["stacked"]


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
