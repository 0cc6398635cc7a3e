"""The British National Grid: where in Great Britain people live, and degrees put on it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = [
    "GRID",
    "GRID_EAST",
    "GRID_NORTH",
    "LATITUDES",
    "LONGITUDES",
    "in_grid",
    "inhabited",
    "looks_like_km",
    "looks_swapped",
    "on_grid",
    "to_grid",
]

GRID = "EPSG:27700"
"""British National Grid, in metres: what every easting and northing is on"""

GRID_WITH_SHIFT = (
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m"
)
"""The same with its shift to WGS 84 spelt out (EPSG:1314, good to 2 m), so that a machine with
the optional OSTN15 grid gives the same metres as one without."""


Points = NDArray[np.float64]
Mask = NDArray[np.bool_]

GRID_EAST = (0.0, 700_000.0)
GRID_NORTH = (0.0, 1_300_000.0)
LATITUDES = (49.0, 61.0)
LONGITUDES = (-9.0, 2.0)

_BAND_KM = 50
_INHABITED_KM = np.array(
    [
        (80, 290), (170, 570), (210, 640), (190, 650), (170, 650), (210, 660), (210, 660),
        (220, 560), (320, 550), (300, 530), (200, 500), (190, 450), (120, 430), (110, 410),
        (90, 370), (50, 400), (60, 420), (70, 420), (90, 340), (130, 350), (320, 380),
        (340, 430), (390, 460), (410, 470), (450, 470), (700, 0),
    ]
)  # fmt: skip
"""Least and greatest easting of any postcode, for each 50 km of northing, rounded outwards.

From the ONS Postcode Directory, November 2025. The last entry is the empty north.
"""

_FEWEST_TO_COMPARE = 4
_LEAST_REACH = 10_000.0


def in_grid(points: Points) -> Mask:
    """Tell which points (easting, northing) are on the National Grid and not its origin."""
    east, north = points.T
    inside: Mask = (east >= GRID_EAST[0]) & (east <= GRID_EAST[1])
    inside &= (north >= GRID_NORTH[0]) & (north <= GRID_NORTH[1])
    inside &= east + north > 0
    return inside


def looks_swapped(points: Points) -> Mask:
    """Tell which points make sense only with easting and northing exchanged.

    Such a point is off the grid, or where nobody lives, while its mirror image is not; or it is far
    from the others and its mirror image among them. Around Manchester and Leeds, where easting and
    northing are alike, a whole region swapped cannot be told; a region invented at sea is left
    alone.
    """
    mirrored = points[:, ::-1]
    off = ~in_grid(points) & in_grid(mirrored)
    peopled = inhabited(points)
    astray = off | (~peopled & inhabited(mirrored))
    if astray.mean() > 0.5:
        return astray
    if peopled.mean() <= 0.5:
        astray = off
    return astray | _stray_unless_mirrored(points)


def looks_like_km(points: Points) -> bool:
    """Tell whether points are in kilometres: all are about where nobody lives, and not so then."""
    return len(points) > 1 and bool(np.all(~inhabited(points) & inhabited(1000 * points)))


def inhabited(points: Points) -> Mask:
    """Tell which points are as far east and west as postcodes are that far north."""
    inside = in_grid(points)
    band = np.where(inside, points[:, 1] // (_BAND_KM * 1000), len(_INHABITED_KM) - 1)
    west, east = 1000 * _INHABITED_KM[band.astype(int).clip(max=len(_INHABITED_KM) - 1)].T
    inside &= (points[:, 0] >= west) & (points[:, 0] <= east)
    return inside


def _stray_unless_mirrored(points: Points) -> Mask:
    if len(points) < _FEWEST_TO_COMPARE:
        return np.zeros(len(points), dtype=bool)
    centre = np.median(points, axis=0)
    distance = np.hypot(*(points - centre).T)
    mirrored = np.hypot(*(points[:, ::-1] - centre).T)
    reach = max(float(np.median(distance)), _LEAST_REACH)
    stray: Mask = (distance > 4 * reach) & (mirrored < distance / 4)
    return stray


def to_grid(
    latitude: pd.Series[float], longitude: pd.Series[float]
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return easting and northing for degrees, to the metre: the two datums fit no better."""
    if latitude.empty:
        return latitude, longitude
    degrees = [np.asarray(each, dtype=np.float64) for each in (longitude, latitude)]
    east, north = np.rint(on_grid(*degrees))
    return pd.Series(east, index=latitude.index), pd.Series(north, index=latitude.index)


def on_grid(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> Points:
    """Return eastings and northings (2, n) for degrees, not rounded."""
    from pyproj import Transformer  # noqa: PLC0415 - slow to import, and seldom needed

    transformer = Transformer.from_crs("EPSG:4326", GRID_WITH_SHIFT, always_xy=True)
    return np.array(transformer.transform(longitude, latitude))
