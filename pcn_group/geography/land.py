"""The land that ways lead over, and the crossings of its water.

The outline of Great Britain in the package is made by `data/land/make.py`. It contains public
sector information licensed under the Open Government Licence v3.0, and OS data © Crown copyright
and database right 2024.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.model import Adjacency
from pcn_group.geography.mesh import Mesh, build_mesh
from pcn_group.geography.outline import read_outline
from pcn_group.tables.columns import read_columns

__all__ = ["CROSSINGS", "OUTLINE", "Crossing", "Land", "great_britain", "land_of"]

OUTLINE = Path(__file__).with_name("great-britain.geojson")
CROSSINGS = Path(__file__).with_name("crossings.csv")

_ENDS = ("from_easting", "from_northing", "to_easting", "to_northing")
_FARTHEST_END = 500
"""Metres that an end of a crossing may be from land."""

_TIMES_AROUND, _MORE_AROUND = 3, 500
"""How many times as long as a crossing the way round must be, and how many metres longer."""


@dataclass(frozen=True)
class Crossing:
    """A bridge, a tunnel or a ferry that carries cars.

    Attributes
    ----------
    ends
        float64 (2, 2): easting and northing of both, in metres.
    row
        Where it stands in its file.
    """

    name: str
    kind: str
    ends: NDArray[np.float64]
    row: int


@dataclass(frozen=True)
class Land:
    """Land, and the crossings of its water.

    Attributes
    ----------
    parts
        Polygons without holes, which have no area in common: mainland and islands.
    crossings
        In any order.
    """

    parts: NDArray[np.object_]
    crossings: tuple[Crossing, ...] = ()

    @cached_property
    def mesh(self) -> Mesh:
        """The land in triangles."""
        return build_mesh(self.parts)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.parts)

    def nearest(
        self, places: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
        """Return the nearest place on land to each place, the part it is on, and how far it is.

        Parameters
        ----------
        places
            float64 (n, 2).
        """
        points = shapely.points(places)
        rows, found = self._tree.query_nearest(points)
        part = found[np.searchsorted(rows, np.arange(len(points)))]
        lines = shapely.shortest_line(self.parts[part], points)
        return shapely.get_coordinates(lines)[::2], part, shapely.length(lines)

    def ways(self, starts: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the shortest way over land alone from each start to each end, in metres.

        Infinite from one island to another. A place in the water counts as on the nearest land.
        """
        (on_start, _, to_start), (on_end, _, to_end) = self.nearest(starts), self.nearest(ends)
        return self.mesh.metres(on_start, on_end) + to_start[:, None] + to_end

    def fault_of(self, crossing: Crossing) -> str | None:
        """Return why a crossing cannot be where it says, if so: it would lead over no water."""
        _, _, off = self.nearest(crossing.ends)
        if off.max() > _FARTHEST_END:
            return f"has an end {off.max():,.0f} m from land"
        length = float(np.hypot(*(crossing.ends[0] - crossing.ends[1])))
        around = float(self.ways(crossing.ends[:1], crossing.ends[1:])[0, 0])
        if around <= max(_TIMES_AROUND * length, length + _MORE_AROUND):
            return f"is {length:,.0f} m long, and the way round over land only {around:,.0f} m"
        return None


@cache
def great_britain() -> Land:
    """Return the land and the crossings that the package ships."""
    collection = shapely.from_geojson(OUTLINE.read_text(encoding="utf-8"))
    return Land(shapely.get_parts(shapely.get_parts(collection)), tuple(_crossings(CROSSINGS)))


def land_of(rules: Adjacency, table: pd.DataFrame) -> Land:
    """Return the land of a region: that of Great Britain, or the user's own, with its crossings.

    Parameters
    ----------
    rules
        Name the user's land and further crossings, if any. The crossings of Great Britain are none
        of other land.
    table
        As for `read_outline`.

    Raises
    ------
    InputError
        As `read_outline`, and for crossings that cannot be where they say.
    """
    land = great_britain()
    if rules.land is not None:
        outline = shapely.get_parts(read_outline(rules.land, table))
        land = Land(shapely.polygons(shapely.get_exterior_ring(outline)))
    if rules.crossings is None:
        return land
    own = [*_crossings(rules.crossings)]
    remedy = "Correct its ends (EPSG:27700), or leave it out."
    faults = [
        Fault(rules.crossings.name, problem, remedy, crossing.row, "name", crossing.name)
        for crossing in own
        if (problem := land.fault_of(crossing)) is not None
    ]
    if faults:
        raise InputError(faults)
    return replace(land, crossings=(*land.crossings, *own))


def _crossings(path: Path) -> Iterator[Crossing]:
    rows = read_columns(path, ("name", "kind", *_ENDS))
    numbers = rows[[*_ENDS]].apply(pd.to_numeric, errors="coerce")
    faults = [
        Fault(path.name, "is no number of metres", "Give metres (EPSG:27700).", line, name, cell)
        for name in _ENDS
        for line, cell in rows[name][~np.isfinite(numbers[name])].items()
    ]
    if faults:
        raise InputError(faults)
    places = numbers.to_numpy(dtype=np.float64).reshape(-1, 2, 2)
    for row, name, kind, ends in zip(rows.index, rows["name"], rows["kind"], places, strict=True):
        yield Crossing(name, kind, ends, int(str(row)))
