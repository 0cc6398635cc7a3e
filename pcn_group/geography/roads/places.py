"""Practices on the roads: how far they are from them, and from each other along them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.geography.roads.network import Floats, Roads
from pcn_group.geography.roads.search import Spots, nearest_spots, to_rim, ways_between
from pcn_group.geography.roads.storage import read_roads

__all__ = ["OnRoads", "place_on_roads"]

_NAMED = 50


@dataclass(frozen=True)
class OnRoads:
    """Practices on the roads.

    Attributes
    ----------
    spots
        Where each practice is on them.
    to_rim
        float64 (n,): how many metres it is from each to where the file of roads ends.
    farthest
        How many metres a place may be from the nearest road.
    """

    roads: Roads
    spots: Spots
    to_rim: Floats
    farthest: float

    def spots_of(self, places: Floats) -> Spots:
        """Return the spots on roads for other places."""
        return nearest_spots(self.roads, places, self.farthest)

    def seconds(self, starts: Spots | None = None) -> Floats:
        """Return how long it takes to each practice, from other spots or from each practice."""
        return ways_between(self.roads, starts or self.spots, self.spots, "seconds")

    def metres(self) -> Floats:
        """Return how far it is along the shortest way between practices."""
        return ways_between(self.roads, self.spots, self.spots, "metres")


def place_on_roads(path: Path, table: pd.DataFrame, farthest_km: float) -> OnRoads:
    """Return practices on the roads of a file.

    Parameters
    ----------
    path
        Made by `pcn-group roads`.
    table
        With `practice_code`, and `easting` and `northing` in metres (EPSG:27700).
    farthest_km
        How far a practice may be from the nearest road.

    Raises
    ------
    InputError
        As `read_roads`, and with every practice that is too far from any road.
    """
    roads, places = read_roads(path), table[["easting", "northing"]].to_numpy(dtype=np.float64)
    spots = nearest_spots(roads, places, 1000 * farthest_km)
    lost = table["practice_code"][~spots.is_found]
    remedy = (
        "Make the file of extracts that cover the whole region, correct where the practice is, or "
        "raise travel.snap_max."
    )
    faults = [
        Fault(path.name, f"has no road within {farthest_km:g} km of practice {code}", remedy)
        for code in lost[:_NAMED]
    ]
    if len(lost) > _NAMED:
        problem = f"is as far from {len(lost) - _NAMED:,} practices more"
        faults.append(Fault(path.name, problem, remedy))
    if faults:
        raise InputError(faults)
    return OnRoads(roads, spots, to_rim(roads, places), 1000 * farthest_km)
