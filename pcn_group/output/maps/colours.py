"""Colours for the networks of a plan: neighbours differ, for colour-blind eyes too.

The colours are the scheme "light" of Paul Tol, "Colour Schemes", technical note
SRON/EPS/TN/09-002 (2021), made for areas with black labels and reasonably distinct in normal and
colour-blind vision. Left out are its grey, which is for what is in no network, and its olive, which
is the nearest to another.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

__all__ = [
    "COAST",
    "FOUND",
    "GREY",
    "INK",
    "LAND",
    "NEIGHBOURHOOD",
    "OUTSIDE",
    "PALETTE",
    "SEA",
    "SHADES",
    "TODAY",
    "TOWN",
    "UNKNOWN",
    "matched_colours",
    "network_colours",
]

PALETTE = (
    "#77aadd",
    "#ee8866",
    "#eedd88",
    "#ffaabb",
    "#44bb99",
    "#bbcc33",
    "#99ddff",
)
"""Fills, in the order of preference; light, so that they want a border on white"""

INK = "#000000"
"""What is readable on every one of them, on a light page and on a dark one"""

GREY = "#5c5c5c"
"""What is beside the point, on white"""

TODAY, OUTSIDE, FOUND = "#4a1486", "#a50f15", "#a0006e"
"""Lines on a map: the networks of today, and what moves from them; what is outside the band; the
practice searched. Dark, so that they are seen on every fill, and on the land around a map.
"""

NEIGHBOURHOOD = "#00441b"
"""Borders and names of neighbourhoods, as dark"""

SEA, LAND, COAST, TOWN = "#d6e5ef", "#f4f2ec", "#a9b4ba", "#3c4650"
"""What lies around the networks, paler than any of them, and the names of towns"""

SHADES = ("#fdf0a8", "#c2dd88", "#7cc49a", "#4a9fb0", "#3a6ea5")
"""Fills of networks by a figure, from least to most: each darker than the one before it, so that
colour-blind eyes and grey paper keep their order"""

UNKNOWN = "#d9d9d9"
"""Of a network whose figure is not known"""

_APART = 1.0
"""Areas nearer than this, in metres, touch: they also do in a corner"""


def network_colours(areas: gpd.GeoSeries) -> tuple[str, ...]:
    """Return a colour of `PALETTE` for each area, such that areas that touch differ.

    After Brélaz, "New methods to color the vertices of a graph", Communications of the ACM 22
    (1979): next is always the area with the most colours around it. It takes, of the colours not
    around it, the one least used so far. Only where all are around it, as they hardly ever can be
    on a map, does it take the one least used of all.

    Parameters
    ----------
    areas
        As `geography.areas.network_areas` gives them.
    """
    return tuple(PALETTE[k] for k in _coloured(_touching(areas), len(PALETTE)))


def matched_colours(maps: Sequence[tuple[gpd.GeoSeries, Sequence[int]]]) -> tuple[str, ...]:
    """Return a colour for each number, the same on all maps, as `network_colours` does for one map.

    Parameters
    ----------
    maps
        The areas of each, and their numbers from 0: what has the same number on several maps is the
        same thing, and those that touch on any of them differ.
    """
    count = 1 + max(number for _, numbers in maps for number in numbers)
    touching: list[set[int]] = [set() for _ in range(count)]
    for areas, numbers in maps:
        for number, around in zip(numbers, _touching(areas), strict=True):
            touching[number] |= {numbers[j] for j in around}
    return tuple(PALETTE[k] for k in _coloured(touching, len(PALETTE)))


def _touching(areas: gpd.GeoSeries) -> list[set[int]]:
    touching: list[set[int]] = [set() for _ in range(len(areas))]
    pairs = areas.sindex.query(areas.geometry, predicate="dwithin", distance=_APART)
    for i, j in np.transpose(pairs).tolist():
        if i != j:
            touching[i].add(j)
    return touching


def _coloured(neighbours: Sequence[set[int]], count: int) -> list[int]:
    """Return the number of a colour for each; neighbours differ where they can."""
    colours: dict[int, int] = {}
    used = [0] * count
    around: list[set[int]] = [set() for _ in neighbours]
    while len(colours) < len(neighbours):
        waiting = [i for i in range(len(neighbours)) if i not in colours]
        chosen = max(waiting, key=lambda i: (len(around[i]), len(neighbours[i]), -i))
        free = [k for k in range(count) if k not in around[chosen]] or list(range(count))
        colour = min(free, key=lambda k: (used[k], k))
        colours[chosen] = colour
        used[colour] += 1
        for i in neighbours[chosen]:
            around[i].add(colour)
    return [colours[i] for i in range(len(neighbours))]
