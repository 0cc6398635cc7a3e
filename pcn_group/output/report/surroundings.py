"""Land and towns as traces of plotly: what lies beneath a map of a page and over it.

A page has them once, however many maps it has.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from pcn_group.output.maps.backdrop import Backdrop, TownName, beside
from pcn_group.output.maps.colours import COAST, TOWN
from pcn_group.output.report.rings import escaped, rings

__all__ = ["FINEST", "TYPICAL", "name_in_the_middle", "named_towns", "surroundings"]

TYPICAL = 600
"""The longer side of a map in pixels, to keep what is written clear of the rest"""

_LETTER, _LINE, _SIZE = 6.4, 14, 11
"""Room for a letter, for a line, and the size of letters, in pixels"""

_LAND = "rgba(250,249,244,0.72)"
"""Lets the sea through, which is darker on a dark page"""

_AROUND, FINEST = 1.0, 0.7
"""How far land goes beyond what is shown at first, as a share of the longer side of that; and how
much it is simplified, in pixels"""

_POSITIONS = {
    "right": "middle right",
    "left": "middle left",
    "above": "top center",
    "below": "bottom center",
}

NOWHERE = (np.empty((0, 2)), np.empty(0))
"""No circles"""


def named_towns(
    backdrop: Backdrop,
    shown: Iterable[shapely.Geometry],
    circles: tuple[NDArray[np.float64], NDArray[np.float64]] = NOWHERE,
) -> tuple[TownName, ...]:
    """Choose the towns that a map names.

    Parameters
    ----------
    backdrop
        Has the towns.
    shown
        All that is in sight at first.
    circles
        The practices: their places, and their radii in pixels.
    """
    view = shapely.GeometryCollection([*shown]).bounds
    pixel = max(view[2] - view[0], view[3] - view[1]) / TYPICAL
    names = backdrop.towns["name"].tolist()
    sizes = np.array([[_LETTER * len(name), _LINE] for name in names]).reshape(-1, 2)
    places = shapely.get_coordinates(backdrop.towns.geometry)
    return beside(names, places, pixel * sizes, view, (circles[0], pixel * circles[1]))


def name_in_the_middle(name: str, place: tuple[float, float], pixel: float) -> TownName:
    """Return a name that is written over a place, with what it covers, in metres."""
    (x, y), wide, high = place, pixel * _LETTER * len(name), pixel * _LINE
    box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return TownName(name, place, "above", box)


def surroundings(
    backdrop: Backdrop, shown: Iterable[shapely.Geometry], named: Iterable[TownName]
) -> dict[str, Any]:
    """Return what the scripts of a page put beneath its maps and over them.

    Parameters
    ----------
    backdrop
        Has the land.
    shown
        As for `named_towns`.
    named
        The towns that are named.
    """
    land, towns = _land(backdrop, shown), [*named]
    above = {
        "meta": {"layer": "towns"},
        "x": [round(town.place[0]) for town in towns],
        "y": [round(town.place[1]) for town in towns],
        "mode": "markers+text",
        "marker": {"size": 4, "color": TOWN},
        "text": [f"<i>{escaped(town.name)}</i>" for town in towns],
        "textposition": [_POSITIONS[town.side] for town in towns],
        "textfont": {"size": _SIZE, "color": TOWN},
        "hoverinfo": "skip",
    }
    return {"below": land, "above": [above] if towns else []}


def _land(backdrop: Backdrop, shown: Iterable[shapely.Geometry]) -> list[dict[str, Any]]:
    west, south, east, north = shapely.GeometryCollection([*shown]).bounds
    longer = max(east - west, north - south)
    beyond = _AROUND * longer
    box = (west - beyond, south - beyond, east + beyond, north + beyond)
    parts = shapely.get_parts(shapely.clip_by_rect(backdrop.land.geometry.to_numpy(), *box))
    simple = shapely.simplify(parts, FINEST * longer / TYPICAL)
    x, y = rings(simple[shapely.area(simple) > 0])
    if not x:
        return []
    return [
        {
            "meta": {"layer": "land"},
            "x": x,
            "y": y,
            "mode": "lines",
            "line": {"color": COAST, "width": 0.7},
            "fill": "toself",
            "fillcolor": _LAND,
            "hoverinfo": "skip",
        }
    ]
