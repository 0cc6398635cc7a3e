"""The map of a plan, with its key, as a picture for slides and papers: A4 across, PNG and SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.patheffects import Stroke
from numpy.typing import NDArray

from pcn_group.base.wording import plural
from pcn_group.geography.roads.storage import attribution
from pcn_group.output.maps.backdrop import Backdrop, Box, TownName, beside
from pcn_group.output.maps.colours import COAST, GREY, INK, LAND, NEIGHBOURHOOD, OUTSIDE, SEA, TOWN
from pcn_group.output.maps.key import Key
from pcn_group.output.maps.layers import SCHEME, MapLayers, borders
from pcn_group.output.maps.placing import label_places, stacked
from pcn_group.output.maps.sheet import Sheet, length, settled, shortened, traced, wrapped
from pcn_group.plan.case import Case

__all__ = ["map_for_paper", "map_pictures"]

_WIDE, _HIGH, _PIXELS = 11.69, 8.27, 1600
"""A4 across in inches, and how many pixels wide"""

_ON_PAPER, _LOWEST, _HIGHEST, _PRINTED, _SIGNS = 6.69, 3.6, 7.2, 300, 0.75
"""Of the map on a page of text: 17 cm wide in inches, the least and greatest height of the map
itself, pixels an inch, and the height of the signs below it"""

_MARGIN, _HEAD, _FOOT, _KEY = 0.4, 0.9, 0.5, 3.75
"""The outer margin, the heights of head and foot, the width of the key, in inches"""

_COVERED, _SMALLEST, _GREATEST = 0.045, 0.022, 0.115
"""The share of the land that circles take, and the least and greatest radius in inches"""

_LABEL, _LEAST_LABEL, _ROOMY = 7.5, 4.5, 60
"""Numbers on the map in points, the least they are, and how many networks have room for them"""

_TOWN_LETTERS, _CREDIT, _AROUND = 7.0, 5.5, 0.15
"""Letters of the names of towns, and of what is said of where they are from, in points; room around
the networks in inches"""

_FOOTNOTE = 0.18
"""How far above the lower edge of the map a note is, in inches: over the line with the credit"""

_WAY: dict[str, Any] = {"color": INK, "linewidth": 0.7, "alpha": 0.55}
_OUTSIDE: dict[str, Any] = {
    "facecolor": "none",
    "edgecolor": OUTSIDE,
    "linewidth": 1.5,
    "hatch_linewidth": 0.6,
}
"""How a way to the hub looks, and a network outside the band"""

_RING: dict[str, Any] = {"facecolor": "none", "edgecolor": "white"}
"""How a practice looks that is within the circle of a hub"""

_BORDER: dict[str, Any] = {"color": NEIGHBOURHOOD, "linewidth": 1.6, "ls": (0, (4, 2))}
"""How the border of a neighbourhood looks"""

_BORDER_LETTERS = 7.0
"""Letters of the names of neighbourhoods, in points"""

_BY_NEAREST = "Every place is in the network of its nearest practice: a picture, not a boundary."
"""What the areas of a map mean"""

_CLEAR = 0.02
"""Between a hub and the ring around it, in inches"""


def map_pictures(layers: MapLayers, case: Case, title: str, verdict: str) -> dict[str, str | bytes]:
    """Return the content of `map.png` and `map.svg`.

    Parameters
    ----------
    layers
        What to draw.
    case
        The region, its band and its files.
    title, verdict
        What the plan is, and under it a sentence on it.
    """
    with settled():
        sheet = Sheet(_WIDE, _HIGH)
        _draw_words(sheet, case, title, verdict, SCHEME if layers.is_scheme else _BY_NEAREST)
        room = (_MARGIN, _MARGIN + _FOOT, _WIDE - 2 * _MARGIN - _KEY, _HIGH - _MARGIN - _HEAD)
        per_metre = _draw_map(sheet, layers, room, "report.html has all")
        band = (case.region.problem.size.band_min, case.region.problem.size.band_max)
        if not layers.is_scheme:
            _draw_scale(sheet, _MARGIN, _MARGIN + 0.2, per_metre)
        _draw_signs(sheet, 2.84, _MARGIN + 0.2, has_sites=not layers.sites.empty)
        _draw_signs_of_areas(sheet, 6.25, _MARGIN + 0.2, band, layers)
        right = _WIDE - _MARGIN
        Key(sheet, right - _KEY, right, room[1], room[3], layers.networks, band).draw()
        return {"map.png": sheet.png(_PIXELS), "map.svg": sheet.svg()}


def map_for_paper(layers: MapLayers, band: tuple[int, int]) -> tuple[bytes, float]:
    """Return the map for a page of text as PNG, without title and key, and its width in inches.

    Text and tables around it say what the key of a slide does.

    Parameters
    ----------
    layers
        What to draw.
    band
        Fewest and most patients of a network.
    """
    shown = pd.concat([layers.networks.geometry, layers.practices.geometry, layers.sites.geometry])
    west, south, east, north = shown.total_bounds
    high = (_ON_PAPER - 2 * _AROUND) * (north - south) / (east - west) + 2 * _AROUND
    high = float(np.clip(high, _LOWEST, _HIGHEST)) + _SIGNS
    with settled():
        sheet = Sheet(_ON_PAPER, high)
        room = (0.0, _SIGNS, _ON_PAPER, high)
        per_metre = _draw_map(sheet, layers, room, "the table has all")
        if not layers.is_scheme:
            _draw_scale(sheet, 0.05, 0.45, per_metre)
        _draw_signs(sheet, 2.84, 0.45)
        _draw_signs_of_areas(sheet, 0.05, 0.1, band, layers)
        return sheet.png(round(_ON_PAPER * _PRINTED)), _ON_PAPER


def _draw_words(sheet: Sheet, case: Case, title: str, verdict: str, meaning: str) -> None:
    """Write title, verdict, and in the last line what the map means and what it is made of."""
    wide, top = _WIDE - 2 * _MARGIN, _HIGH - _MARGIN
    sheet.write(_MARGIN, top - 0.2, shortened(title, wide, 19, weight="bold"), 19, weight="bold")
    for k, line in enumerate(wrapped(verdict, wide, 10.5, 2)):
        sheet.write(_MARGIN, top - 0.5 - 0.2 * k, line, 10.5, color=GREY)
    files = case.stored.summary.get("inputs", []) if case.stored else []
    names = [file["name"] for file in files] or [
        file.name for file in case.region.practices.sources
    ]
    made = (
        f"{attribution(case.region.configuration)} {meaning} "
        f"From {', '.join(names)}. Drawn by pcn-group."
    )
    sheet.write(_MARGIN, _MARGIN - 0.1, shortened(made.strip(), wide, 7.5), 7.5, color=GREY)


def _draw_map(sheet: Sheet, layers: MapLayers, room: Box, elsewhere: str) -> float:
    """Draw land, areas, travel, practices, towns and numbers; return how many inches a metre is.

    Parameters
    ----------
    elsewhere
        What has the numbers of networks that there is no room for, in words.
    """
    shown = pd.concat([layers.networks.geometry, layers.practices.geometry, layers.sites.geometry])
    west, south, east, north = shown.total_bounds
    left, bottom, right, top = room
    wide, high = right - left - 2 * _AROUND, top - bottom - 2 * _AROUND
    per_metre = min(wide / (east - west), high / (north - south))
    middle = np.array([left + right, bottom + top]) / 2
    centre = np.array([west + east, south + north]) / 2

    def placed(shapes: gpd.GeoSeries) -> list[shapely.Geometry]:
        moved = lambda points: middle + per_metre * (points - centre)  # noqa: E731 - one line
        return list(shapely.transform(shapes.to_numpy(), moved))

    _draw_land(sheet, placed(layers.backdrop.land.geometry), room)
    areas = placed(layers.networks.geometry)
    _draw_areas(sheet, areas, layers.networks)
    circles = shapely.get_coordinates(placed(layers.practices.geometry))
    radii = _radii(layers.practices, sum(area.area for area in areas))
    hubs = shapely.get_coordinates(placed(layers.hubs))
    _draw_practices(sheet, circles, radii, layers, hubs)
    _draw_sites(sheet, shapely.get_coordinates(placed(layers.sites.geometry)), layers.sites)
    at = shapely.get_coordinates(placed(layers.backdrop.towns.geometry))
    named = _named(layers.backdrop, at, room, (circles, radii))
    _draw_towns(sheet, named)
    credit = () if layers.is_scheme else _credit(layers.backdrop.credit, room)
    named += credit
    around = np.array(placed(layers.neighbourhoods.geometry), dtype=np.object_)
    named += _draw_neighbourhoods(
        sheet, around, layers.neighbourhoods, (circles, radii), named, room
    )
    for name in named:
        covered = name.circles
        circles, radii = np.vstack([circles, covered[0]]), np.append(radii, covered[1])
    left_out = _draw_numbers(sheet, label_places(areas, circles, radii, _letters(areas) / 72))
    if left_out:
        missing = f"{plural(left_out, 'number')} left out for want of room; {elsewhere}"
        sheet.write(left, bottom + _FOOTNOTE, missing, 7.5, color=GREY)
    for line in credit:  # last, as nothing may lie over it
        _write_over(sheet, *line.place, line.name, _CREDIT, color=GREY, ha="right")
    return float(per_metre)


def _draw_land(sheet: Sheet, land: list[shapely.Geometry], room: Box) -> None:
    """Draw sea and land; nothing where no land is known."""
    left, bottom, right, top = room
    if land:
        sea = Rectangle((left, bottom), right - left, top - bottom, facecolor=SEA, gid="sea")
        sheet.add(sea)
    for part in shapely.get_parts(shapely.clip_by_rect(land, *room)):
        if part.area > 0:
            look = {"facecolor": LAND, "edgecolor": COAST, "linewidth": 0.5}
            sheet.add(PathPatch(traced(part), gid="land", **look))


def _named(
    backdrop: Backdrop,
    places: NDArray[np.float64],
    room: Box,
    circles: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> tuple[TownName, ...]:
    """Choose the towns to name, clear of the lowest line, which has the credit."""
    names = backdrop.towns["name"].tolist()
    sizes = np.array([[length(name, _TOWN_LETTERS), _TOWN_LETTERS / 72] for name in names])
    clear = (room[0], room[1] + 2 * _CREDIT / 72, *room[2:])
    return beside(names, places, sizes.reshape(-1, 2), clear, circles)


def _draw_towns(sheet: Sheet, named: Sequence[TownName]) -> None:
    """Write the names of towns."""
    for town in named:
        west, south, east, north = town.box
        middle = (west + east) / 2, (south + north) / 2
        _write_over(sheet, *middle, town.name, _TOWN_LETTERS, color=TOWN, style="italic")
        sheet.add(Circle(town.place, 0.02, facecolor=TOWN, edgecolor="white", linewidth=0.4))


def _credit(words: str, room: Box) -> tuple[TownName, ...]:
    """Return where it is written what land and towns are from: the lowest line, if at all."""
    if not words:
        return ()
    right, low = room[2] - 0.05, room[1] + 0.06
    box = (right - length(words, _CREDIT), low, right, low + _CREDIT / 72)
    return (TownName(words, (right, low), "left", box),)


def _draw_neighbourhoods(
    sheet: Sheet,
    shapes: NDArray[np.object_],
    neighbourhoods: gpd.GeoDataFrame,
    circles: tuple[NDArray[np.float64], NDArray[np.float64]],
    towns: Sequence[TownName],
    room: Box,
) -> tuple[TownName, ...]:
    """Draw the borders of neighbourhoods, and return where their names are written.

    A name is where it is clear of circles and of other names, so far as there is room. The edge of
    the map is no border.
    """
    inside = shapely.clip_by_rect(shapes, *room)
    seen = np.flatnonzero(shapely.area(inside) > 0)
    if not seen.size:
        return ()
    lines = shapely.get_parts(shapely.clip_by_rect(borders(shapes[seen]), *room))
    drawn = [shapely.get_coordinates(line) for line in lines]
    sheet.add(LineCollection(drawn, gid="neighbourhoods", **_BORDER))
    covered = [circles, *(town.circles for town in towns)]
    places, radii = np.vstack([at for at, _ in covered]), np.concatenate([r for _, r in covered])
    high = _BORDER_LETTERS / 72
    at = label_places(list(inside[seen]), places, radii, 2 * high)
    written = []
    for k, (x, y) in zip(seen.tolist(), at.tolist(), strict=True):
        name = _name(neighbourhoods, k)
        wide = length(name, _BORDER_LETTERS)
        look = {"color": NEIGHBOURHOOD, "weight": "bold", "style": "italic"}
        _write_over(sheet, x, y, name, _BORDER_LETTERS, **look)
        box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        written.append(TownName(name, (x, y), "above", box))
    return tuple(written)


def _name(neighbourhoods: gpd.GeoDataFrame, place: int) -> str:
    code, name = neighbourhoods[["neighbourhood", "neighbourhood_name"]].iloc[place]
    return str(name or code)


def _write_over(
    sheet: Sheet,
    x: float,
    y: float,
    text: str,
    size: float,
    **look: Any,  # noqa: ANN401 - matplotlib's
) -> None:
    """Write a text that is readable whatever is beneath."""
    for halo in ([Stroke(linewidth=1.8, foreground="white")], []):
        centred = {"ha": "center", "va": "center_baseline"} | look
        sheet.write(x, y, text, size, path_effects=halo, **centred)


def _letters(areas: Sequence[shapely.Geometry] | NDArray[np.float64]) -> float:
    """Return the size of numbers in points: the more there are, the smaller, to a limit."""
    return float(max(_LEAST_LABEL, _LABEL * min(1.0, np.sqrt(_ROOMY / len(areas)))))


def _draw_numbers(sheet: Sheet, places: NDArray[np.float64]) -> int:
    """Write the numbers of networks; return how many are left out, as they would cover others."""
    size = _letters(places)
    high = size / 72
    written: list[tuple[float, float, float]] = []
    for number, (x, y) in enumerate(places.tolist(), start=1):
        wide = 0.7 * high * len(str(number))
        if any(abs(x - u) < (wide + w) / 2 and abs(y - v) < high for u, v, w in written):
            continue
        written.append((x, y, wide))
        _write_over(sheet, x, y, f"{number}", size, weight="bold")
    return len(places) - len(written)


def _draw_areas(sheet: Sheet, areas: list[shapely.Geometry], networks: gpd.GeoDataFrame) -> None:
    whole = traced(shapely.union_all(areas))
    sheet.add(PathPatch(whole, facecolor="none", edgecolor=GREY, linewidth=1.6))
    for number, (area, colour) in enumerate(zip(areas, networks["colour"], strict=True), start=1):
        patch = PathPatch(traced(area), facecolor=colour, edgecolor="white", linewidth=1.1)
        patch.set_gid(f"area-{number}")
        sheet.add(patch)
    for area, in_band in zip(areas, networks["in_band"], strict=True):
        if not in_band:
            sheet.add(PathPatch(traced(area), hatch="////", **_OUTSIDE))


def _radii(practices: gpd.GeoDataFrame, land: float) -> NDArray[np.float64]:
    """Return the radius of each practice's circle: its area is in proportion to the list."""
    sizes = practices["list_size"].to_numpy(dtype=np.float64)
    radii = np.sqrt(_COVERED * land * sizes / sizes.sum() / np.pi)
    fitting: NDArray[np.float64] = (radii * min(1.0, _GREATEST / radii.max())).clip(_SMALLEST)
    return fitting


def _draw_practices(
    sheet: Sheet,
    circles: NDArray[np.float64],
    radii: NDArray[np.float64],
    layers: MapLayers,
    places: NDArray[np.float64],
) -> None:
    """Draw lines from practices to hubs, and practices as circles.

    A ring around its hub shows a network outside the band, whose area the circle may cover.

    Parameters
    ----------
    places
        Of the hubs, by network.
    """
    is_hub = layers.practices["is_hub"].to_numpy()
    network_of = layers.practices["network_id"].to_numpy()
    hubs = dict(zip(layers.networks["network_id"], places, strict=True))
    inside = [k for k, network in enumerate(network_of) if network in hubs]
    sheet.add(LineCollection([(circles[k], hubs[network_of[k]]) for k in inside], **_WAY))
    order, is_ring = stacked(circles, radii, is_hub)
    for k in order:
        fill, edge = (INK, "white") if is_hub[k] else ("white", INK)
        look = _RING if is_ring[k] else {"facecolor": fill, "edgecolor": edge}
        sheet.add(Circle(circles[k], radii[k], linewidth=0.7, **look))
    outside = set(layers.networks["network_id"][~layers.networks["in_band"]])
    for k in np.flatnonzero(is_hub & np.isin(network_of, list(outside))):
        look = {"facecolor": "none", "edgecolor": OUTSIDE, "linewidth": 1.5}
        sheet.add(Circle(circles[k], radii[k] + _CLEAR, **look))


def _draw_sites(sheet: Sheet, places: NDArray[np.float64], sites: gpd.GeoDataFrame) -> None:
    """Draw sites as squares, filled where they are hubs."""
    for (x, y), network in zip(places, sites["network_id"], strict=True):
        fill, edge = (INK, "white") if network else ("white", INK)
        corner = (x - _SITE / 2, y - _SITE / 2)
        sheet.add(Rectangle(corner, _SITE, _SITE, facecolor=fill, edgecolor=edge, linewidth=0.7))


_SITE = 0.12
"""How wide the square of a site is, in inches"""


def _draw_scale(sheet: Sheet, x: float, y: float, per_metre: float) -> None:
    """Draw a scale bar of a round length."""
    longest = 1.5 / per_metre / 1000
    power = 10.0 ** np.floor(np.log10(longest))
    kilometres = max(step * power for step in (1, 2, 5) if step * power <= longest)
    end = x + kilometres * 1000 * per_metre
    ticks = [y + 0.07, y, y, y + 0.07]
    sheet.add(Line2D([x, x, end, end], ticks, color=INK, lw=1))
    sheet.write(end + 0.08, y, f"{kilometres:g} km", 8)


def _draw_signs(sheet: Sheet, x: float, y: float, *, has_sites: bool = False) -> None:
    """Say what circles, squares and lines mean."""
    middle = y + 0.04
    sheet.add(Circle((x + 0.06, middle), 0.06, facecolor=INK))
    sheet.write(x + 0.18, y, "hub", 8)
    sheet.add(Circle((x + 0.66, middle), 0.06, facecolor="white", edgecolor=INK, lw=0.7))
    sheet.write(x + 0.78, y, "practice, by list size", 8)
    sheet.add(Line2D([x + 2.26, x + 2.51], [middle, middle], **_WAY))
    sheet.write(x + 2.58, y, "to the hub", 8)
    if has_sites:
        corner = (x + 0.06 - _SITE / 2, middle + 0.2 - _SITE / 2)
        sheet.add(Rectangle(corner, _SITE, _SITE, facecolor="white", edgecolor=INK, lw=0.7))
        sheet.write(x + 0.18, y + 0.2, "site that may be a hub, filled where it is one", 8)


def _draw_signs_of_areas(
    sheet: Sheet, x: float, y: float, band: tuple[int, int], layers: MapLayers
) -> None:
    """Say what hatched areas mean, and the borders of neighbourhoods if there are any."""
    middle = y + 0.04
    sheet.add(Rectangle((x, y - 0.03), 0.24, 0.14, hatch="//////", **_OUTSIDE))
    sheet.write(x + 0.32, y, f"outside the band of {band[0]:,} to {band[1]:,} patients", 8)
    if not layers.neighbourhoods.empty:
        sheet.add(Line2D([x + 3.5, x + 3.8], [middle, middle], **_BORDER))
        sheet.write(x + 3.87, y, "neighbourhood", 8)
