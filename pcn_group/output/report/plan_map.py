"""The map of a plan as a plotly figure: plain values, drawn by plotly.js on the page.

Axes are metres (EPSG:27700). Every trace names its layer in `meta`; the script of the page finds it
there, and draws the ways to the hubs itself. What is said of practices that are pointed at, and how
large they are, is so on all maps. Practices and networks are told by their positions in the rows of
the CSV files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from pcn_group.base.wording import plural
from pcn_group.geography.areas import network_areas
from pcn_group.output.data.rows import GroupingRow, NetworkRow
from pcn_group.output.maps.backdrop import TownName
from pcn_group.output.maps.colours import FOUND, INK, NEIGHBOURHOOD, OUTSIDE, TODAY
from pcn_group.output.maps.layers import MapLayers, borders
from pcn_group.output.maps.placing import label_places, stacked
from pcn_group.output.report.facts import Facts
from pcn_group.output.report.rings import escaped, rings
from pcn_group.output.report.surroundings import (
    FINEST,
    TYPICAL,
    name_in_the_middle,
    named_towns,
    surroundings,
)
from pcn_group.region.region import Region

__all__ = [
    "MOST",
    "areas_of_today",
    "diameters",
    "map_figure",
    "map_layout",
    "map_surroundings",
    "practice_words",
    "shared",
]

_PAPER = "#ffffff"
"""Of borders, and of practices"""

_LABEL = 9
"""Half the size of a label in pixels, to keep labels clear"""

_FILLS = {"hub": INK, "practice": _PAPER, "ring": "rgba(0,0,0,0)"}
"""Of circles; through a ring one sees the hub around it"""

_RING = 5
"""How much wider than a hub the ring around it is, in pixels"""

_AROUND = 0.025
"""Empty room around a map, as a share of its longer side"""

Trace = dict[str, Any]


def map_figure(
    facts: Facts, layers: MapLayers, region: Region, numbers: Sequence[int] | None = None
) -> dict[str, Any]:
    """Draw a plan.

    Parameters
    ----------
    facts
        What the page says.
    layers
        What there is to draw, in the same order.
    region
        The region.
    numbers
        Of the networks, from 0; by default they are counted.
    """
    shapes = layers.networks.geometry
    numbers = range(len(shapes)) if numbers is None else numbers
    west, south, east, north = shapes.total_bounds
    pixel = max(east - west, north - south) / TYPICAL
    named = _named_neighbourhoods(layers, pixel)
    traces = [
        *_areas(facts, layers, numbers),
        *_exceptions(layers),
        _outlines("today", areas_of_today(region), color=TODAY, width=2.5),
        *_borders(layers, pixel),
        _lines("neighbours", layers.neighbours.geometry, color=INK, width=1, dash="2px,2px"),
        _drawn("ways", [], [], {"color": INK, "width": 1}),
        _practices(facts, pixel),
        *_hubs_outside(facts),
        *_names(named),
        _labels(layers, numbers, pixel, named),
        _found(),
    ]
    return {"data": traces, "layout": map_layout(_shown(layers))}


def map_surroundings(layers: MapLayers) -> dict[str, Any]:
    """Return what lies beneath the map of a plan, and the names of towns over it."""
    return surroundings(layers.backdrop, _shown(layers), _named_towns(layers))


def _shown(layers: MapLayers) -> list[shapely.Geometry]:
    """Return all that is in sight: practices in no network are outside all areas."""
    return [*layers.networks.geometry, *layers.practices.geometry]


def _named_towns(layers: MapLayers) -> tuple[TownName, ...]:
    return named_towns(layers.backdrop, _shown(layers), _circles(layers))


def _circles(layers: MapLayers) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where practices are, and their radii in pixels."""
    places = shapely.get_coordinates(layers.practices.geometry)
    return places, diameters(layers.practices["list_size"]) / 2


def _areas(facts: Facts, layers: MapLayers, numbers: Sequence[int]) -> Iterable[Trace]:
    """Draw the land of each network, hatched where it is outside the band."""
    colours = layers.networks["colour"]
    for number, (row, area) in enumerate(
        zip(facts.networks, layers.networks.geometry, strict=True)
    ):
        x, y = rings([area])
        trace = {
            "meta": {"layer": "areas", "network": number},
            "x": x,
            "y": y,
            "mode": "lines",
            "line": {"color": _PAPER, "width": 1.5},
            "fill": "toself",
            "fillcolor": colours.iloc[number],
            "hoveron": "fills",
            "hoverinfo": "text",
            "text": _about_network(numbers[number], row),
        }
        if not row.in_band:
            hatch = {"shape": "/", "size": 9, "solidity": 0.12, "fgcolor": OUTSIDE}
            trace["fillpattern"] = {**hatch, "bgcolor": colours.iloc[number]}
        yield trace


def _about_network(number: int, row: NetworkRow) -> str:
    """Say what an area is, in the HTML that plotly understands."""
    lines = [
        f"<b>{number + 1}</b> {escaped(row.network_name)} ({escaped(row.network_id)})",
        f"{row.patients:,} patients, {plural(row.practices, 'practice')}",
    ]
    return "<br>".join([*lines, "outside the band"] if row.exception else lines)


def _exceptions(layers: MapLayers) -> Iterable[Trace]:
    """Draw a line around each network outside the band."""
    for number in np.flatnonzero(~layers.networks["in_band"].to_numpy()).tolist():
        outline = _outlines(
            "exceptions", layers.networks.geometry.iloc[[number]], color=OUTSIDE, width=2.5
        )
        outline["meta"]["network"] = number
        yield outline


def _borders(layers: MapLayers, pixel: float) -> Iterable[Trace]:
    """Draw the borders of neighbourhoods."""
    shapes = layers.neighbourhoods.geometry.to_numpy()
    if len(shapes):
        lines = borders(shapely.coverage_simplify(shapes, FINEST * pixel))
        yield _lines("neighbourhoods", lines, color=NEIGHBOURHOOD, width=2, dash="6px,3px")


def _names(named: Sequence[TownName]) -> Iterable[Trace]:
    """Write the names of neighbourhoods."""
    if named:
        yield {
            "meta": {"layer": "neighbourhoods"},
            "x": [round(name.place[0]) for name in named],
            "y": [round(name.place[1]) for name in named],
            "mode": "text",
            "text": [f"<b><i>{escaped(name.name)}</i></b>" for name in named],
            "textfont": {"size": 11, "color": NEIGHBOURHOOD},
            "hoverinfo": "skip",
        }


def _named_neighbourhoods(layers: MapLayers, pixel: float) -> tuple[TownName, ...]:
    """Place the names of neighbourhoods, clear of the practices and of the names of towns."""
    rows = layers.neighbourhoods
    view = shapely.box(*layers.networks.total_bounds)
    seen = shapely.intersection(rows.geometry.to_numpy(), view)
    circles, radii = _covered(layers, pixel, _named_towns(layers))
    places = label_places(list(seen), circles, radii, 2 * _LABEL * pixel)
    names = [
        name or code
        for code, name in zip(rows["neighbourhood"], rows["neighbourhood_name"], strict=True)
    ]
    return tuple(
        name_in_the_middle(name, (x, y), pixel)
        for name, (x, y) in zip(names, places.tolist(), strict=True)
    )


def _covered(
    layers: MapLayers, pixel: float, names: Iterable[TownName]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return circles that cover practices and names: places and radii in metres."""
    circles, radii = _circles(layers)
    written = [(circles, pixel * radii), *(name.circles for name in names)]
    return np.vstack([at for at, _ in written]), np.concatenate([r for _, r in written])


def areas_of_today(region: Region) -> gpd.GeoSeries:
    """Return the areas of the networks of today; of none where they are unknown."""
    today = region.units["current_network"].to_numpy(dtype=object)
    members = [np.flatnonzero(today == label).tolist() for label in sorted(set(today) - {""})]
    rules = region.configuration.adjacency
    return network_areas(region.units, members, rules) if members else gpd.GeoSeries([])


def _outlines(layer: str, areas: Iterable[shapely.Geometry], **line: float | str) -> Trace:
    x, y = rings(areas)
    return _drawn(layer, x, y, line)


def _lines(layer: str, lines: Iterable[shapely.Geometry], **line: float | str) -> Trace:
    x: list[int | None] = []
    y: list[int | None] = []
    for way in lines:
        metres = np.rint(shapely.get_coordinates(way)).astype(int)
        x += [*metres[:, 0].tolist(), None]
        y += [*metres[:, 1].tolist(), None]
    return _drawn(layer, x, y, line)


def _drawn(layer: str, x: list[int | None], y: list[int | None], line: Trace) -> Trace:
    return {
        "meta": {"layer": layer},
        "x": x,
        "y": y,
        "mode": "lines",
        "line": line,
        "hoverinfo": "skip",
        "visible": layer not in {"today", "neighbours"},
    }


def _practices(facts: Facts, pixel: float) -> Trace:
    """Draw circles: hubs are filled, and a practice within one is a ring."""
    rows = facts.practices
    sizes = diameters([row.list_size for row in rows])
    is_hub = np.array([row.is_hub for row in rows])
    places = [_place(row) for row in rows]
    order, is_ring = stacked(np.array(places, dtype=np.float64), pixel / 2 * sizes, is_hub)
    words = practice_words(facts)
    looks = np.where(is_hub, "hub", np.where(is_ring, "ring", "practice"))[order].tolist()
    return {
        "meta": {"layer": "practices"},
        "x": [places[k][0] for k in order],
        "y": [places[k][1] for k in order],
        "customdata": order.tolist(),
        "mode": "markers",
        "marker": {
            "size": sizes[order].tolist(),
            "color": [_FILLS[look] for look in looks],
            "opacity": 1,
            "line": {"color": [INK if look == "practice" else _PAPER for look in looks]}
            | {"width": 1.2},
        },
        "hoverinfo": "text",
        "hovertext": [words[k] for k in order],
    }


def _hubs_outside(facts: Facts) -> Iterable[Trace]:
    """Draw a ring around the hub of each network outside the band.

    The circle of a practice that is a network of its own may cover all of its area.
    """
    sizes = diameters([row.list_size for row in facts.practices])
    hubs = {row.network_id: k for k, row in enumerate(facts.practices) if row.is_hub}
    for number, network in enumerate(facts.networks):
        if not network.in_band:
            hub = hubs[network.network_id]
            x, y = _place(facts.practices[hub])
            yield {
                "meta": {"layer": "exceptions", "network": number},
                "x": [x],
                "y": [y],
                "mode": "markers",
                "marker": {
                    "symbol": "circle-open",
                    "size": sizes[hub] + _RING,
                    "color": OUTSIDE,
                    "opacity": 1,
                    "line": {"width": 2.5},
                },
                "hoverinfo": "skip",
            }


def _labels(
    layers: MapLayers, numbers: Sequence[int], pixel: float, named: Sequence[TownName]
) -> Trace:
    """Write the number of each network, clear of the practices and of all names."""
    circles, radii = _covered(layers, pixel, [*_named_towns(layers), *named])
    places = label_places(list(layers.networks.geometry), circles, radii, _LABEL * pixel)
    return {
        "meta": {"layer": "labels"},
        "x": [round(x) for x, _ in places],
        "y": [round(y) for _, y in places],
        "mode": "text",
        "text": [f"<b>{number + 1}</b>" for number in numbers],
        "textfont": {"size": 12, "color": INK},
        "hoverinfo": "skip",
    }


def _found() -> Trace:
    """Return the ring around the practice that is searched, which is nowhere yet."""
    ring = {"symbol": "circle-open", "size": 34, "color": FOUND, "line": {"width": 4}}
    return {
        "meta": {"layer": "found"},
        "x": [],
        "y": [],
        "mode": "markers",
        "marker": ring,
        "hoverinfo": "skip",
    }


def map_layout(everything: Iterable[shapely.Geometry]) -> dict[str, Any]:
    """Return the rest of a figure, with all of this in sight."""
    west, south, east, north = shapely.GeometryCollection([*everything]).bounds
    room = _AROUND * max(east - west, north - south)
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    return {
        "xaxis": {**hidden, "range": [west - room, east + room]},
        "yaxis": {
            **hidden,
            "range": [south - room, north + room],
            "scaleanchor": "x",
            "scaleratio": 1,
        },
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": "pan",
        "hoverlabel": {
            "bgcolor": _PAPER,
            "bordercolor": "#444444",
            "font": {"color": INK, "size": 13, "family": "system-ui, sans-serif"},
            "align": "left",
        },
    }


def _place(row: GroupingRow) -> tuple[int, int]:
    return round(row.easting), round(row.northing)


MOST = 6
"""Practices at one place that are told one by one"""

_LONGEST_OF_SEVERAL = 40
"""Letters of a name beside others"""


def practice_words(facts: Facts, notes: Mapping[str, str] | None = None) -> list[str]:
    """Say for each practice what it is, and what else is at its place: one hides the others.

    Parameters
    ----------
    facts
        What the page says.
    notes
        A last line for some, by code.
    """
    rows = facts.practices
    told = notes or {}
    ends = [f"<br>{told[code]}" if (code := row.practice_code) in told else "" for row in rows]
    return shared(
        [(row.easting, row.northing) for row in rows],
        [_alone(facts, row) + end for row, end in zip(rows, ends, strict=True)],
        [_one_of_several(facts, row) + end for row, end in zip(rows, ends, strict=True)],
    )


def shared(places: Sequence[Hashable], alone: Sequence[str], brief: Sequence[str]) -> list[str]:
    """Return the words for each practice: its own, or those of all that are at its place.

    Parameters
    ----------
    places
        Where each is.
    alone
        What is said of one that is alone at its place.
    brief
        What is said of one of several. Of many the first are told; all have the same words.
    """
    at: defaultdict[Hashable, list[int]] = defaultdict(list)
    for k, place in enumerate(places):
        at[place].append(k)
    words = {place: _together([brief[k] for k in own]) for place, own in at.items()}
    return [alone[k] if len(at[place]) == 1 else words[place] for k, place in enumerate(places)]


def _together(brief: Sequence[str]) -> str:
    left_out = len(brief) - MOST
    more = [f"and {left_out:,} more"] if left_out > 0 else []
    return "<br>".join([f"{len(brief):,} practices at this place", *brief[:MOST], *more])


def _alone(facts: Facts, row: GroupingRow) -> str:
    lines = [
        f"<b>{escaped(row.practice_code)}</b> {escaped(row.practice_name)}",
        f"{row.list_size:,} patients",
    ]
    if not row.network_id:
        return "<br>".join([*lines, "in no network"])
    lines.append(f"in {escaped(row.network_name)} ({escaped(row.network_id)})")
    return "<br>".join([*lines, _to_hub(facts, row)])


def _one_of_several(facts: Facts, row: GroupingRow) -> str:
    where = "in no network"
    if row.network_id:
        where = f"in {escaped(row.network_id)}, {_to_hub(facts, row)}"
    code, name = escaped(row.practice_code), escaped(row.practice_name, _LONGEST_OF_SEVERAL)
    return f"<b>{code}</b> {name}<br>{row.list_size:,} patients, {where}"


def _to_hub(facts: Facts, row: GroupingRow) -> str:
    to_hub = f"{row.to_hub} {facts.unit} to the hub"
    return f"the hub, {to_hub}" if row.is_hub else to_hub


_LARGEST, _SMALLEST = 26, 6
"""Of the largest list, and the least there is, in pixels"""


def diameters(lists: ArrayLike) -> NDArray[np.float64]:
    """Return diameters in pixels, to the tenth: areas are as the lists are, but for the least."""
    sizes = np.asarray(lists, dtype=np.float64)
    fitting: NDArray[np.float64] = _LARGEST * np.sqrt(sizes / sizes.max())
    return fitting.clip(_SMALLEST).round(1)
