"""What lies around and beneath a map: land and sea, and the names of some towns.

The towns are those of Great Britain with 5,000 inhabitants and more: `towns.csv`, which
`data/towns/make.py` makes of data of GeoNames (geonames.org), licensed under CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pcn_group.config.model import Adjacency
from pcn_group.geography.territory import nearby_land
from pcn_group.practices.grid import GRID

__all__ = [
    "TOWNS",
    "Backdrop",
    "Box",
    "TownName",
    "backdrop_of",
    "beside",
    "overlap",
    "towns",
]

TOWNS = Path(__file__).with_name("towns.csv")

Box = tuple[float, float, float, float]
"""West, south, east, north"""

_LAND = "Land: ONS, OGL v3, contains OS data © Crown copyright and database right 2024"
_TOWNS = "Towns: GeoNames, CC BY 4.0"

_ROOM = 0.1
"""How far around practices towns are looked for, as a share of the longer side"""

_MOST, _APART = 14, 0.06
"""Towns named on a map, and the least distance between any two as a share of its longer side"""

_SIDES = {"right": (1, 0), "left": (-1, 0), "above": (0, 1), "below": (0, -1)}
"""Where a name is beside its town, in the order of preference"""


@dataclass(frozen=True)
class Backdrop:
    """What lies around and beneath a map, on EPSG:27700.

    Attributes
    ----------
    land
        A row for each piece of land in and around the region; none where none is known.
    towns
        `name` and place of each town in sight, the largest first.
    credit
        Where these are from; empty where there are none.
    """

    land: gpd.GeoDataFrame
    towns: gpd.GeoDataFrame
    credit: str


@cache
def towns() -> pd.DataFrame:
    """Return `name`, `easting` and `northing` of each town, the largest first."""
    return pd.read_csv(TOWNS, keep_default_na=False)


def backdrop_of(table: pd.DataFrame, rules: Adjacency) -> Backdrop:
    """Return what lies around practices.

    Parameters
    ----------
    table
        With `practice_code`, and `easting` and `northing` in metres (EPSG:27700).
    rules
        Name the land, if the user gave any.

    Raises
    ------
    InputError
        As `read_outline`.
    """
    sites = table[["easting", "northing"]].to_numpy(dtype=np.float64)
    land = nearby_land(sites, table, rules)
    room = _ROOM * np.ptp(sites, axis=0).max()
    (west, south), (east, north) = sites.min(axis=0) - room, sites.max(axis=0) + room
    every = towns()
    inside = every[every["easting"].between(west, east) & every["northing"].between(south, north)]
    credit = [_LAND] if land is not None and rules.land is None else []
    credit += [_TOWNS] if len(inside) else []
    return Backdrop(
        land=gpd.GeoDataFrame(geometry=shapely.get_parts([] if land is None else land), crs=GRID),
        towns=gpd.GeoDataFrame(
            {"name": inside["name"].to_numpy(dtype=object)},
            geometry=gpd.points_from_xy(inside["easting"], inside["northing"], crs=GRID),
        ),
        credit=f"{'. '.join(credit)}." if credit else "",
    )


@dataclass(frozen=True)
class TownName:
    """A town that is named on a map.

    Attributes
    ----------
    name
        Of the town.
    place
        Where the town is, in the unit of the map.
    side
        Where its name is beside it: `right`, `left`, `above` or `below`.
    box
        What the name covers.
    """

    name: str
    place: tuple[float, float]
    side: str
    box: Box

    @property
    def circles(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Circles that cover the name: their places, float64 (k, 2), and radii, float64 (k,)."""
        west, south, east, north = self.box
        radius = (north - south) / 2
        count = max(2, int(np.ceil((east - west) / radius)))
        x = np.linspace(west + radius, max(east - radius, west + radius), count)
        places = np.column_stack([x, np.full(count, (south + north) / 2)])
        return places, np.full(count, radius)


def beside(
    names: Sequence[str],
    places: NDArray[np.float64],
    sizes: NDArray[np.float64],
    view: Box,
    circles: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> tuple[TownName, ...]:
    """Choose which towns are named, and on which side: the largest, well apart.

    No name covers another, and each is as clear of circles as can be.

    Parameters
    ----------
    names, places
        Of the towns, the largest first: float64 (n, 2).
    sizes
        Width and height of each name, float64 (n, 2).
    view
        What is in sight: all of a name is.
    circles
        Where circles are, float64 (m, 2), and how large, float64 (m,).
    """
    west, south, east, north = view
    apart = _APART * max(east - west, north - south)
    chosen: list[TownName] = []
    for name, place, size in zip(names, places, sizes, strict=True):
        if len(chosen) == _MOST:
            break
        if any(np.hypot(*(place - other.place)) < apart for other in chosen):
            continue
        boxes = {side: _box(place, size, _SIDES[side]) for side in _SIDES}
        free = {
            side: _covered(box, *circles)
            for side, box in boxes.items()
            if _within(box, view)
            and _within((*place - size[1] / 2, *place + size[1] / 2), view)
            and not any(overlap(box, other.box) for other in chosen)
        }
        if free:
            side = min(free, key=lambda side: (free[side], [*_SIDES].index(side)))
            chosen.append(TownName(name, (float(place[0]), float(place[1])), side, boxes[side]))
    return tuple(chosen)


def _box(place: Iterable[float], size: Iterable[float], side: tuple[int, int]) -> Box:
    """Return what a name beside a town covers, with half a letter between them."""
    (x, y), (wide, high) = place, size
    x += side[0] * (wide + high / 2) / 2
    y += side[1] * high
    return (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _within(box: Box, view: Box) -> bool:
    return box[0] >= view[0] and box[1] >= view[1] and box[2] <= view[2] and box[3] <= view[3]


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes have more than a border in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _covered(box: Box, places: NDArray[np.float64], radii: NDArray[np.float64]) -> float:
    """Return how much of circles a name covers, about: the sum of their radii where they meet."""
    nearest = places.clip(box[:2], box[2:])
    is_met = np.hypot(*(places - nearest).T) < radii
    return float(radii[is_met].sum().round(9))
