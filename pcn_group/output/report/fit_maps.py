"""Today's networks and those of a plan on neighbourhoods: two small maps side by side, drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from pcn_group.base.lookup import told
from pcn_group.output.data.fit_tables import FittedPlan
from pcn_group.output.maps.backdrop import TownName
from pcn_group.output.maps.colours import matched_colours
from pcn_group.output.maps.layers import MapLayers, borders
from pcn_group.output.maps.placing import label_places
from pcn_group.output.report.plan_map import areas_of_today
from pcn_group.plan.moves import Moves, amounts_of, match_networks, networks_of_today
from pcn_group.plan.network import Network, labelled_networks
from pcn_group.region.region import Region

__all__ = ["FitMap", "fit_maps"]

_WIDTH, _TALLEST, _AROUND = 480, 560, 0.04
"""Of a map, and how high it is at most; room around what is shown, as a share of its longer side"""

_LABEL, _LETTER, _DOT = 9.0, 6.8, 4.0
"""The radius of a number, the width of a letter of a name, and the radius of a practice"""


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


def fit_maps(region: Region, described: Sequence[Network], layers: MapLayers) -> tuple[FitMap, ...]:
    """Draw the networks of today beside those of a plan.

    Nothing is drawn without a map of neighbourhoods or networks of today, or where the plan is
    these.

    Parameters
    ----------
    described, layers
        The plan's networks, and what there is to draw of it.
    """
    today = networks_of_today(region)
    plans = [labelled_networks(region, today, {}), tuple(described)]
    fits = [FittedPlan.of(region, networks) for networks in plans]
    members = [sorted(network.members for network in networks) for networks in plans]
    if not today or members[0] == members[1]:
        return ()
    plan = {network.network_id: network.members for network in described}
    moves = match_networks(amounts_of(region), today, plan)
    numbers = _numbers(moves)
    areas = [areas_of_today(region), layers.networks.geometry]
    numbered = [
        [numbers[side][network.network_id] for network in networks]
        for side, networks in enumerate(plans)
    ]
    colours = matched_colours([*zip(areas, numbered, strict=True)])
    sheet = _Sheet([*areas, layers.practices.geometry], layers)
    return tuple(
        sheet.drawn(
            title,
            fit.fit.plain,
            _practices(region, moves),
            [
                (
                    told(network.network_id, {network.network_id: network.name}),
                    number,
                    colours[number],
                )
                for network, number in zip(networks, own, strict=True)
            ],
            shapes,
        )
        for title, fit, networks, own, shapes in zip(
            ("Networks of today", "The plan"), fits, plans, numbered, areas, strict=True
        )
        if fit is not None
    )


def _numbers(moves: Moves) -> tuple[dict[str, int], dict[str, int]]:
    """Return the number of each network of both plans, from 0: the second has those of its page."""
    labels = sorted(match.second for match in moves.matches if match.second is not None)
    second = {label: number for number, label in enumerate(labels)}
    first: dict[str, int] = {}
    for match in moves.matches:
        if match.first is not None:
            gone = len(second) + len(first)
            first[match.first] = gone if match.second is None else second[match.second]
    return first, second


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
    """What both maps have in common: what is in sight, land, and neighbourhoods."""

    def __init__(self, shown: Iterable[gpd.GeoSeries], layers: MapLayers) -> None:
        bounds = np.array([shapes.total_bounds for shapes in shown])
        low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
        room = _AROUND * (high - low).max()
        self._west, self._north = low[0] - room, high[1] + room
        wide, tall = high - low + 2 * room
        self._scale = min(_WIDTH / wide, _TALLEST / tall)
        # What is too narrow for its height stands in the middle.
        self._west -= (_WIDTH / self._scale - wide) / 2
        self.height = round(self._scale * tall, 1)
        land = self._placed(layers.backdrop.land.geometry)
        self.land = _path(self._inside(land))
        around = self._placed(layers.neighbourhoods.geometry)
        seen = self._inside(around)
        there = shapely.area(seen) > 0
        self._names = layers.neighbourhoods.loc[there]
        self._around = seen[there]
        self.borders = _path(self._inside(np.array(borders(around[there]), dtype=object)))

    def _placed(self, shapes: gpd.GeoSeries) -> NDArray[np.object_]:
        corner = np.array([self._west, self._north])
        placed: NDArray[np.object_] = shapely.transform(
            np.array(shapes, dtype=object),
            lambda points: (points - corner) * [self._scale, -self._scale],
        )
        return placed

    def _inside(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        inside: NDArray[np.object_] = shapely.clip_by_rect(shapes, 0, 0, _WIDTH, self.height)
        return inside

    def drawn(
        self,
        title: str,
        figures: Mapping[str, Any],
        practices: Sequence[tuple[str, float, float, bool]],
        networks: Sequence[tuple[str, int, str]],
        areas: gpd.GeoSeries,
    ) -> FitMap:
        """Draw a map; networks come as words, number from 0 and colour."""
        shapes = self._placed(areas)
        dots = self._placed(gpd.GeoSeries(shapely.points([(x, y) for _, x, y, _ in practices])))
        circles, radii = shapely.get_coordinates(dots), np.full(len(dots), _DOT)
        names = self._named(circles, radii)
        covered = [(circles, radii), *(name.circles for name in names)]
        everywhere = np.vstack([at for at, _ in covered])
        how_large = np.concatenate([radius for _, radius in covered])
        places = label_places([*shapes], everywhere, how_large, _LABEL)
        return FitMap(
            title=title,
            figures=figures,
            width=_WIDTH,
            height=self.height,
            land=self.land,
            borders=self.borders,
            areas=tuple(
                Area(words, _path([shape]), number + 1, colour, round(x, 1), round(y, 1))
                for (words, number, colour), shape, (x, y) in zip(
                    networks, shapes, places.tolist(), strict=True
                )
            ),
            practices=tuple(
                Place(words, round(x, 1), round(y, 1), moves)
                for (words, _, _, moves), (x, y) in zip(practices, circles.tolist(), strict=True)
            ),
            names=tuple(Place(name.name, *name.place) for name in names),
        )

    def _named(
        self, circles: NDArray[np.float64], radii: NDArray[np.float64]
    ) -> tuple[TownName, ...]:
        """Put the names of neighbourhoods clear of practices, so far as there is room."""
        if not len(self._around):
            return ()
        codes = self._names[["neighbourhood_name", "neighbourhood"]].to_numpy()
        words = [str(name or code) for name, code in codes]
        at = label_places([*self._around], circles, radii, 2 * _LABEL)
        found = []
        for word, (x, y) in zip(words, at.round(1).tolist(), strict=True):
            edge = _LETTER * len(word) / 2
            inside = round(min(max(x, edge), _WIDTH - edge), 1)
            box = (inside - edge, y - _LABEL / 2, inside + edge, y + _LABEL / 2)
            found.append(TownName(word, (inside, y), "above", box))
        return tuple(found)


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
