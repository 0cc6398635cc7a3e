"""The land of a synthetic region as a file: its coast and its inlet, for ways to lead round it."""

from __future__ import annotations

import json

import numpy as np
import shapely

from pcn_group.practices.grid import GRID
from pcn_group.practices.sample.region import make_land

__all__ = ["sample_land"]

_STEPS = 200
"""Along the coast"""


def sample_land(practices: int, seed: int) -> str:
    """Return the land of the region that `make_sample` makes, as GeoJSON in whole metres."""
    land = make_land(np.random.default_rng([seed, practices]), practices)
    north = np.linspace(0, 1, _STEPS + 1)
    coast = np.column_stack([land.coast(north), north])
    axis, head = land.inlet
    half = land.opening * (1 - head)
    inlet = shapely.Polygon([(head, axis), (1, axis - half), (1, axis + half)])
    whole = shapely.Polygon([(0, 0), *coast.tolist(), (0, 1)])
    parts = shapely.get_parts(whole.difference(inlet)).tolist()
    rings = [
        [np.rint(land.to_grid(shapely.get_coordinates(part) * land.side)).astype(int).tolist()]
        for part in parts
    ]
    shape = {"type": "MultiPolygon", "coordinates": rings}
    crs = {"type": "name", "properties": {"name": GRID}}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    collection = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
    return json.dumps(collection, separators=(",", ":")) + "\n"
