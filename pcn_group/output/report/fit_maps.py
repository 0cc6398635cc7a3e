"""Today's networks and those of a plan on neighbourhoods: two small maps side by side, drawn."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from pcn_group.base.lookup import told
from pcn_group.output.data.fit_tables import fit_of_today
from pcn_group.output.maps.backdrop import Box, TownName, overlap
from pcn_group.output.maps.colours import matched_colours
from pcn_group.output.maps.layers import MapLayers, borders
from pcn_group.output.maps.placing import label_places
from pcn_group.output.report.plan_map import areas_of_today
from pcn_group.plan.moves import Moves, moves_from_today, networks_of_today
from pcn_group.plan.network import Network, labelled_networks
from pcn_group.region.region import Region

__all__ = ["FitMap", "fit_maps"]

_WIDTH, _TALLEST, _AROUND = 480, 560, 0.04
"""Of a map, and how high it is at most; room around what is shown, as a share of its longer side"""

_LABEL, _LETTER, _DOT = 9.0, 6.8, 4.0
"""The radius of a number, the width of a letter of a name, and the radius of a practice"""

_LINE, _MOST_LINES = 13.0, 9
"""The height of a name, and by how many halves of that it may be moved to be clear of others"""


@dataclass(frozen=True)
class Area:
    """A network on a map.

    Attributes
    ----------
    words
        What it is called.
    path
        Its outline, as SVG has it.
    number, colour
        From 1, and the same on both maps where a network of the plan continues it.
    x, y
        Where its number is written.
    """

    words: str
    path: str
    number: int
    colour: str
    x: float
    y: float


@dataclass(frozen=True)
class Place:
    """A practice, or the name of a neighbourhood.

    Attributes
    ----------
    words
        What it is called.
    x, y
        Where it is.
    moves
        Whether it is a practice that moves.
    """

    words: str
    x: float
    y: float
    moves: bool = False


@dataclass(frozen=True)
class FitMap:
    """Networks on neighbourhoods.

    Attributes
    ----------
    title
        Whose they are.
    figures
        How well they fit, as in `summary.json`.
    width, height
        Of the drawing.
    land, borders
        What lies beneath, and the borders of neighbourhoods, as SVG has it.
    areas, practices, names
        The networks, the practices, and the names of neighbourhoods.
    """

    title: str
    figures: Mapping[str, Any]
    width: int
    height: float
    land: str
    borders: str
    areas: tuple[Area, ...]
    practices: tuple[Place, ...]
    names: tuple[Place, ...]


def fit_maps(
    region: Region, described: Sequence[Network], figures: Mapping[str, Any], layers: MapLayers
) -> tuple[FitMap, ...]:
    """Draw the networks of today beside those of a plan.

    Nothing is drawn without a map of neighbourhoods or networks of today, or where the plan is
    these.

    Parameters
    ----------
    described, figures, layers
        The plan's networks, how well they fit, and what there is to draw of them.
    """
    before, today = fit_of_today(region), networks_of_today(region)
    plan = {network.network_id: network.members for network in described}
    moves = moves_from_today(region, plan)
    if before is None or not moves.members:
        return ()
    plans = [labelled_networks(region, today, {}), described]
    areas = [areas_of_today(region), layers.networks.geometry]
    numbered = [
        [numbers[network.network_id] for network in networks]
        for numbers, networks in zip(_numbers(moves, [*plan]), plans, strict=True)
    ]
    colours = matched_colours([*zip(areas, numbered, strict=True)])
    sheet = _Sheet([*areas, layers.practices.geometry], layers, _practices(region, moves))
    titles, fits = ("Networks of today", "The plan"), (before.plain, figures)
    return tuple(
        sheet.drawn(
            title,
            fit,
            shapes,
            [
                (
                    told(network.network_id, {network.network_id: network.name}),
                    number,
                    colours[number],
                )
                for network, number in zip(networks, numbers, strict=True)
            ],
        )
        for title, fit, shapes, networks, numbers in zip(
            titles, fits, areas, plans, numbered, strict=True
        )
    )


def _numbers(moves: Moves, labels: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the number of each network of today, and of the plan, from 0.

    Those of the plan are numbered in this order, and then those of today that none continues.
    """
    plan = {label: number for number, label in enumerate(labels)}
    continued = {match.first: match.second for match in moves.matches if match.first}
    gone = itertools.count(len(plan))
    today = {
        first: next(gone) if second is None else plan[second] for first, second in continued.items()
    }
    return today, plan


def _practices(region: Region, moves: Moves) -> list[tuple[str, float, float, bool]]:
    """Return name and place of each practice, and whether it moves; those that do come last."""
    columns = ["practice_code", "practice_name", "easting", "northing"]
    rows = region.units[columns].itertuples(index=False, name=None)
    found = [
        (told(code, {code: name}), float(x), float(y), i in moves.members)
        for i, (code, name, x, y) in enumerate(rows)
    ]
    return sorted(found, key=lambda practice: practice[-1])


class _Sheet:
    """What both maps have in common: what is in sight, land, neighbourhoods, practices."""

    def __init__(
        self,
        shown: Iterable[gpd.GeoSeries],
        layers: MapLayers,
        practices: Sequence[tuple[str, float, float, bool]],
    ) -> None:
        bounds = np.array([shapes.total_bounds for shapes in shown])
        low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
        room = _AROUND * (high - low).max()
        wide, tall = high - low + 2 * room
        self._scale = min(_WIDTH / wide, _TALLEST / tall)
        # What is too narrow for its height stands in the middle.
        west = low[0] - room - (_WIDTH / self._scale - wide) / 2
        self._corner = np.array([west, high[1] + room])
        self._height = round(self._scale * tall, 1)
        self._land = _path(self._inside(self._placed(layers.backdrop.land.geometry)))
        around = self._placed(layers.neighbourhoods.geometry)
        there = shapely.area(self._inside(around)) > 0
        self._borders = _path(self._inside(np.array(borders(around[there]), dtype=object)))
        places = shapely.points([(x, y) for _, x, y, _ in practices])
        self._dots = shapely.get_coordinates(self._placed(gpd.GeoSeries(places)))
        self._practices = tuple(
            Place(words, round(x, 1), round(y, 1), moves)
            for (words, _, _, moves), (x, y) in zip(practices, self._dots.tolist(), strict=True)
        )
        self._names = self._named(self._inside(around)[there], layers.neighbourhoods.loc[there])

    def _placed(self, shapes: gpd.GeoSeries) -> NDArray[np.object_]:
        placed: NDArray[np.object_] = shapely.transform(
            np.array(shapes, dtype=object),
            lambda points: (points - self._corner) * [self._scale, -self._scale],
        )
        return placed

    def _inside(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        inside: NDArray[np.object_] = shapely.clip_by_rect(shapes, 0, 0, _WIDTH, self._height)
        return inside

    def _named(
        self, shapes: NDArray[np.object_], neighbourhoods: gpd.GeoDataFrame
    ) -> tuple[TownName, ...]:
        """Put the names of neighbourhoods clear of practices, so far as there is room."""
        codes = neighbourhoods[["neighbourhood_name", "neighbourhood"]].to_numpy()
        words = [str(name or code) for name, code in codes]
        at = label_places([*shapes], self._dots, np.full(len(self._dots), _DOT), 2 * _LABEL)
        found: list[TownName] = []
        for word, (x, y) in zip(words, at.round(1).tolist(), strict=True):
            edge = _LETTER * len(word) / 2
            inside = round(min(max(x, edge), _WIDTH - edge), 1)
            name = TownName(word, (inside, y), "over", _box(inside, y, edge))
            found.append(self._clear(name, found))
        return tuple(found)

    def _clear(self, name: TownName, others: Sequence[TownName]) -> TownName:
        """Move a name up or down as far as it takes to be clear of others, if there is room."""
        (x, y), (west, _, east, _) = name.place, name.box
        for step in range(_MOST_LINES):
            for side in (1, -1):
                down = round(y + side * step * _LINE / 2, 1)
                box = _box(x, down, (east - west) / 2)
                if (
                    box[1] >= 0
                    and box[3] <= self._height
                    and not any(overlap(box, other.box) for other in others)
                ):
                    return TownName(name.name, (x, down), name.side, box)
        return name

    def drawn(
        self,
        title: str,
        figures: Mapping[str, Any],
        areas: gpd.GeoSeries,
        networks: Sequence[tuple[str, int, str]],
    ) -> FitMap:
        """Draw a map; networks come as words, number from 0 and colour."""
        shapes = self._placed(areas)
        covered = [
            (self._dots, np.full(len(self._dots), _DOT)),
            *(name.circles for name in self._names),
        ]
        circles = np.vstack([places for places, _ in covered])
        radii = np.concatenate([radius for _, radius in covered])
        places = label_places([*shapes], circles, radii, _LABEL).round(1).tolist()
        return FitMap(
            title=title,
            figures=figures,
            width=_WIDTH,
            height=self._height,
            land=self._land,
            borders=self._borders,
            areas=tuple(
                Area(words, _path([shape]), number + 1, colour, x, y)
                for (words, number, colour), shape, (x, y) in zip(
                    networks, shapes, places, strict=True
                )
            ),
            practices=self._practices,
            names=tuple(Place(name.name, *name.place) for name in self._names),
        )


def _box(x: float, y: float, edge: float) -> Box:
    """Return what a name covers, with its middle here."""
    return (x - edge, y - _LINE / 2, x + edge, y + _LINE / 2)


def _path(shapes: Iterable[shapely.Geometry]) -> str:
    """Return lines and polygons as SVG has them, to a tenth of a unit."""
    lines = []
    for part in shapely.get_parts(np.array([*shapes], dtype=object)):
        is_area = part.geom_type == "Polygon"
        for line in (part.exterior, *part.interiors) if is_area else (part,):
            points = shapely.get_coordinates(line.simplify(0.2)).round(1).tolist()
            if len(points) > 1:
                lines.append(
                    "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("Z" if is_area else "")
                )
    return "".join(lines)
