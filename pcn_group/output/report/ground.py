"""What the maps of a page are drawn over: the land of each practice, coasts, towns, borders.

A page has it once, however many plans its maps show: a plan says which network each practice is in,
and the scripts put colours on the land. Places are metres (EPSG:27700). A shape is a list of rings,
and a ring its first point and then the step to each further one, which are small numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from pcn_group.geography.areas import network_areas
from pcn_group.output.maps.backdrop import Backdrop, TownName, beside
from pcn_group.output.maps.layers import MapLayers, borders
from pcn_group.output.maps.placing import label_places
from pcn_group.practices.units import unit_numbers
from pcn_group.region.region import Region

__all__ = ["Ground", "backdrop_data", "diameters", "shapes_data"]

Ring = list[int]

_TYPICAL = 600
"""The longer side of a map in pixels, to keep what is written clear of the rest"""

_FINEST, _AROUND = 0.7, 1.0
"""How much shapes are simplified, in pixels; and how far land goes beyond what is shown at first,
as a share of the longer side of that"""

_LETTER, _LINE, _LABEL = 6.4, 14, 9
"""Room for a letter and for a line of names, and half the size of a number, in pixels"""

_LARGEST, _SMALLEST = 26, 6
"""Of the circle of the largest list, and of the least there is, in pixels"""

_NOWHERE = (np.empty((0, 2)), np.empty(0))
"""No circles"""


def diameters(lists: ArrayLike) -> NDArray[np.float64]:
    """Return diameters in pixels, to the tenth: areas are as the lists are, but for the least."""
    sizes = np.asarray(lists, dtype=np.float64)
    fitting: NDArray[np.float64] = _LARGEST * np.sqrt(sizes / sizes.max())
    return fitting.clip(_SMALLEST).round(1)


@dataclass(frozen=True)
class Ground:
    """What lies under every plan of a region.

    Attributes
    ----------
    region
        The region.
    layers
        What there is to draw of one of the plans: the rest of it is the same for all.
    cells
        The land of each unit.
    towns, names
        Which towns are named, and the names of neighbourhoods, clear of practices and each other.
    """

    region: Region
    layers: MapLayers
    cells: gpd.GeoSeries
    towns: tuple[TownName, ...]
    names: tuple[TownName, ...]

    @classmethod
    def of(
        cls, region: Region, layers: MapLayers, networks: Sequence[Sequence[int]] = ()
    ) -> Ground:
        """Cut up the land of a region.

        Parameters
        ----------
        region, layers
            The region, and what there is to draw of a plan of it.
        networks
            The units of each network of that plan: at an address with practices of several, each
            has the land on the side of its network.

        Raises
        ------
        InputError
            As `network_areas`.
        """
        region = region.drawn
        alone = [(i,) for i in range(len(region.units))]
        cells = network_areas(region.units, alone, region.configuration.adjacency, kin=networks)
        shown = [*cells, *layers.practices.geometry, *layers.sites.geometry]
        pixel = _pixel(shown)
        circles = shapely.get_coordinates(layers.practices.geometry)
        radii = diameters(layers.practices["list_size"]) / 2
        towns = _named_towns(layers.backdrop, shown, (circles, radii))
        covered = _covered((circles, pixel * radii), towns)
        return cls(region, layers, cells, towns, _named_neighbourhoods(layers, covered, pixel))

    @property
    def _shown(self) -> list[shapely.Geometry]:
        """All that is in sight at first."""
        return [*self.cells, *self.layers.practices.geometry, *self.layers.sites.geometry]

    def data(self) -> dict[str, Any]:
        """Return what the scripts read."""
        pixel = _pixel(self._shown)
        number = {code: i for i, code in enumerate(self.region.units["practice_code"])}
        pairs = self.layers.neighbours[["practice_code", "neighbour_code"]].itertuples(index=False)
        lines = shapely.simplify(
            borders(self.layers.neighbourhoods.geometry.to_numpy()), _FINEST * pixel
        )
        return {
            **backdrop_data(self.layers.backdrop, self._shown, self.towns),
            "cells": shapes_data(self.cells, pixel),
            "practices": self._practices(),
            "sites": self._sites(),
            "neighbours": [[number[one], number[other]] for one, other in pairs],
            "today": self._today(),
            "borders": [_steps(_metres(line)) for line in lines],
            "names": _names_data(self.names),
        }

    def _sites(self) -> list[list[Any]]:
        """Return code, name, place, and the unit in whose area it lies of each site."""
        sites = zip(self.region.problem.sites, self.region.hub_places, strict=True)
        return [
            [site.code, place.name, round(place.easting), round(place.northing), site.anchor]
            for site, place in sites
        ]

    def _practices(self) -> list[list[Any]]:
        """Return code, name, patients, place, radius of its circle, and unit of each practice."""
        table = self.region.table
        columns = ("practice_code", "practice_name", "list_size", "easting", "northing")
        rows = table[[*columns]].itertuples(index=False, name=None)
        radii = (diameters(table["list_size"]) / 2).round(2).tolist()
        return [
            [code, name, int(patients), round(x), round(y), radius, unit]
            for (code, name, patients, x, y), radius, unit in zip(
                rows, radii, unit_numbers(table).tolist(), strict=True
            )
        ]

    def _today(self) -> list[int]:
        """Return the number of the network that each unit is in today; -1 for one in none."""
        labels = self.region.units["current_network"].tolist()
        number = {label: k for k, label in enumerate(sorted({*labels} - {""}))}
        return [number.get(label, -1) for label in labels]

    def label_places(self, areas: gpd.GeoSeries) -> list[list[int]]:
        """Return where to write the number of each network, clear of practices and names."""
        pixel = _pixel(self._shown)
        places = shapely.get_coordinates(self.layers.practices.geometry)
        radii = pixel * diameters(self.layers.practices["list_size"]) / 2
        covered = _covered((places, radii), [*self.towns, *self.names])
        found = label_places(list(areas), *covered, _LABEL * pixel)
        return [[round(x), round(y)] for x, y in found.tolist()]


def backdrop_data(
    backdrop: Backdrop,
    shown: Sequence[shapely.Geometry],
    towns: Iterable[TownName] | None = None,
) -> dict[str, Any]:
    """Return what is in sight at first, and the land and the towns around it.

    Parameters
    ----------
    backdrop
        Has the land and the towns.
    shown
        All that is in sight at first.
    towns
        Those that are named; by default such as have room.
    """
    named = _named_towns(backdrop, shown) if towns is None else towns
    return {
        "view": [round(metres) for metres in shapely.GeometryCollection([*shown]).bounds],
        "land": _land(backdrop, shown),
        "towns": _names_data(named),
    }


def shapes_data(areas: gpd.GeoSeries, pixel: float | None = None) -> list[list[Ring]]:
    """Return shapes, simplified so that borders stay common.

    Parameters
    ----------
    areas
        They share borders and do not overlap.
    pixel
        How many metres are a pixel; by default the areas fill the map.
    """
    finest = _FINEST * (_pixel(list(areas)) if pixel is None else pixel)
    return [[*_rings(area)] for area in shapely.coverage_simplify(areas.to_numpy(), finest)]


def _pixel(shown: Sequence[shapely.Geometry]) -> float:
    """Return how many metres a pixel of a map is, about."""
    west, south, east, north = shapely.GeometryCollection([*shown]).bounds
    return float(max(east - west, north - south)) / _TYPICAL


def _named_towns(
    backdrop: Backdrop,
    shown: Sequence[shapely.Geometry],
    circles: tuple[NDArray[np.float64], NDArray[np.float64]] = _NOWHERE,
) -> tuple[TownName, ...]:
    """Choose the towns that are named; circles are the practices, with radii in pixels."""
    view = shapely.GeometryCollection([*shown]).bounds
    pixel = _pixel(shown)
    names = backdrop.towns["name"].tolist()
    sizes = np.array([[_LETTER * len(name), _LINE] for name in names]).reshape(-1, 2)
    places = shapely.get_coordinates(backdrop.towns.geometry)
    return beside(names, places, pixel * sizes, view, (circles[0], pixel * circles[1]))


def _named_neighbourhoods(
    layers: MapLayers,
    covered: tuple[NDArray[np.float64], NDArray[np.float64]],
    pixel: float,
) -> tuple[TownName, ...]:
    """Place the names of neighbourhoods, clear of the practices and of the names of towns."""
    rows = layers.neighbourhoods
    view = shapely.box(*layers.networks.total_bounds)
    seen = shapely.intersection(rows.geometry.to_numpy(), view)
    places = label_places(list(seen), *covered, 2 * _LABEL * pixel)
    names = [
        name or code
        for code, name in zip(rows["neighbourhood"], rows["neighbourhood_name"], strict=True)
    ]
    return tuple(
        _name_in_the_middle(name, (x, y), pixel)
        for name, (x, y) in zip(names, places.tolist(), strict=True)
    )


def _name_in_the_middle(name: str, place: tuple[float, float], pixel: float) -> TownName:
    """Return a name that is written over a place, with what it covers, in metres."""
    (x, y), wide, high = place, pixel * _LETTER * len(name), pixel * _LINE
    box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return TownName(name, place, "over", box)


def _covered(
    circles: tuple[NDArray[np.float64], NDArray[np.float64]], names: Iterable[TownName]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return circles that cover practices and names: places and radii in metres."""
    written = [circles, *(name.circles for name in names)]
    return np.vstack([at for at, _ in written]), np.concatenate([r for _, r in written])


def _names_data(names: Iterable[TownName]) -> list[list[Any]]:
    """Return each name with its place, and the side of it where it is written."""
    return [[each.name, *(round(metres) for metres in each.place), each.side] for each in names]


def _land(backdrop: Backdrop, shown: Sequence[shapely.Geometry]) -> list[Ring]:
    west, south, east, north = shapely.GeometryCollection([*shown]).bounds
    beyond = _AROUND * max(east - west, north - south)
    box = (west - beyond, south - beyond, east + beyond, north + beyond)
    parts = shapely.get_parts(shapely.clip_by_rect(backdrop.land.geometry.to_numpy(), *box))
    simple = shapely.simplify(parts, _FINEST * _pixel(shown))
    return [ring for part in simple[shapely.area(simple) > 0] for ring in _rings(part)]


def _rings(area: shapely.Geometry) -> Iterable[Ring]:
    for polygon in shapely.get_parts(area):
        for ring in (polygon.exterior, *polygon.interiors):
            yield _steps(_metres(ring))


def _metres(line: shapely.Geometry) -> NDArray[np.int64]:
    metres: NDArray[np.int64] = np.rint(shapely.get_coordinates(line)).astype(np.int64)
    return metres


def _steps(points: NDArray[np.int64]) -> Ring:
    steps = np.vstack([points[:1], np.diff(points, axis=0)])
    return [int(each) for each in steps.ravel()]
