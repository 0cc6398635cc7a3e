"""The land that ways lead over, and the crossings of its water.

The outline of Great Britain in the package is made by `data/land/make.py`. It contains public
sector information licensed under the Open Government Licence v3.0, and OS data © Crown copyright
and database right 2024.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import listed
from pcn_group.config.model import Adjacency
from pcn_group.tables.columns import read_columns

if TYPE_CHECKING:
    from pcn_group.geography.mesh import Mesh

__all__ = [
    "CROSSINGS",
    "MESH",
    "OUTLINE",
    "Crossing",
    "Land",
    "Located",
    "crossings_of",
    "great_britain",
    "land_of",
    "land_parts",
    "straight_metres",
]

Metres = NDArray[np.float64]

OUTLINE = Path(__file__).with_name("great-britain.geojson")
MESH = Path(__file__).with_name("great-britain.npz")
CROSSINGS = Path(__file__).with_name("crossings.csv")

_ENDS = ("from_easting", "from_northing", "to_easting", "to_northing")
_KINDS = ("bridge", "tunnel", "ferry")

_FARTHEST_END = 500
"""Metres that an end of a crossing may be from land."""

_ROUNDING = 1e-9
"""How much longer a straight line may come out of the sums, as a share of its length."""

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
    ends: Metres
    row: int

    @property
    def length(self) -> float:
        """In metres."""
        return float(np.hypot(*(self.ends[0] - self.ends[1])))


class Located(NamedTuple):
    """Places, and where on land they count as.

    Attributes
    ----------
    places, on_land
        float64 (n, 2), in metres.
    triangle
        int64 (n,): the triangle of the land that each is in.
    """

    places: Metres
    on_land: Metres
    triangle: NDArray[np.int64]

    @property
    def off_land(self) -> Metres:
        """How far each place is from land, in metres: float64 (n,)."""
        metres: Metres = np.hypot(*(self.on_land - self.places).T)
        return metres

    def take(self, some: slice | NDArray[np.int64]) -> Located:
        """Return some of the places."""
        return Located(self.places[some], self.on_land[some], self.triangle[some])


@dataclass(frozen=True)
class Land:
    """Land, and the crossings of its water.

    Attributes
    ----------
    parts
        Polygons without holes, which have no area in common: mainland and islands.
    mesh
        The parts in triangles.
    crossings
        In any order.
    """

    parts: NDArray[np.object_]
    mesh: Mesh
    crossings: tuple[Crossing, ...] = ()

    @classmethod
    def of(cls, polygons: NDArray[np.object_]) -> Land:
        """Return the land of polygons, without crossings; their lakes count as land."""
        from pcn_group.geography.mesh import build_mesh  # noqa: PLC0415 - it is compiled

        parts = _without_lakes(polygons)
        return cls(parts, build_mesh(parts))

    def with_crossings(self, more: Iterable[Crossing]) -> Land:
        """Return the land with further crossings."""
        return replace(self, crossings=(*self.crossings, *more))

    def located(self, places: Metres) -> Located:
        """Return the nearest place on land to each place: float64 (n, 2)."""
        return Located(places, *self.mesh.nearest(places))

    def parts_at(self, places: Located) -> NDArray[np.int64]:
        """Return which of the parts each place is on, or nearest to: int64 (n,)."""
        return self.mesh.part_of[places.triangle]

    def ways(self, starts: Located, ends: Located) -> Metres:
        """Return the shortest way over land alone from each start to each end, in metres.

        Straight to what is in sight over land, infinite from one island to another. A place in the
        water counts as on the nearest land.
        """
        inland = self.mesh.metres(starts[1:], ends[1:])
        in_sight = inland <= straight_metres(starts.on_land, ends.on_land) * (1 + _ROUNDING)
        around = inland + starts.off_land[:, None] + ends.off_land
        ways: Metres = np.where(in_sight, straight_metres(starts.places, ends.places), around)
        return ways

    @cached_property
    def over_crossings(self) -> Metres:
        """The shortest ways between the ends of all crossings, two after two, over any of them."""
        stops = self.stops
        metres = self.ways(stops, stops)
        for k, crossing in enumerate(self.crossings):
            here, there = 2 * k, 2 * k + 1
            metres[here, there] = metres[there, here] = crossing.length
        for k in range(len(metres)):
            metres = np.minimum(metres, metres[:, k, None] + metres[k])
        return metres

    @cached_property
    def stops(self) -> Located:
        """The ends of all crossings, two after two."""
        ends = np.array([crossing.ends for crossing in self.crossings], dtype=np.float64)
        return self.located(ends.reshape(-1, 2))

    def fault_of(self, crossing: Crossing) -> str | None:
        """Return why a crossing cannot be where it says, if so: it would lead over no water."""
        ends = self.located(crossing.ends)
        off = ends.off_land.max()
        if off > _FARTHEST_END:
            return f"has an end {off:,.0f} m from land"
        length = crossing.length
        around = float(self.ways(ends, ends)[0, 1])
        if around <= max(_TIMES_AROUND * length, length + _MORE_AROUND):
            return f"is {length:,.0f} m long, and the way round over land only {around:,.0f} m"
        return None


def straight_metres(starts: Metres, ends: Metres) -> Metres:
    """Return the straight line from each start (k, 2) to each end (n, 2)."""
    east, north = (np.subtract.outer(starts[:, axis], ends[:, axis]) for axis in (0, 1))
    metres: Metres = np.hypot(east, north)
    return metres


@cache
def great_britain() -> Land:
    """Return the land and the crossings that the package ships."""
    from pcn_group.geography.mesh import read_mesh  # noqa: PLC0415 - it is compiled

    land = Land(_without_lakes(_outline()), read_mesh(MESH))
    return land.with_crossings(_crossings(CROSSINGS))


def _without_lakes(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    whole: NDArray[np.object_] = shapely.polygons(shapely.get_exterior_ring(polygons))
    return whole


@cache
def _outline() -> NDArray[np.object_]:
    collection = shapely.from_geojson(OUTLINE.read_text(encoding="utf-8"))
    polygons: NDArray[np.object_] = shapely.get_parts(shapely.get_parts(collection))
    return polygons


def land_parts(rules: Adjacency, table: pd.DataFrame) -> NDArray[np.object_]:
    """Return the polygons of a region's land, with their lakes: that of Great Britain, or its own.

    Parameters
    ----------
    rules, table
        As for `land_of`.

    Raises
    ------
    InputError
        As `read_outline`.
    """
    if rules.land is None:
        return _outline()
    from pcn_group.geography.outline import read_outline  # noqa: PLC0415 - it needs GDAL

    parts: NDArray[np.object_] = shapely.get_parts(read_outline(rules.land, table))
    return parts


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
    land = great_britain() if rules.land is None else Land.of(land_parts(rules, table))
    if rules.crossings is None:
        return land
    own = [*_crossings(rules.crossings)]
    remedy = "Correct its ends (EPSG:27700), or leave it out."
    faults = [
        Fault(rules.crossings.name, problem, remedy, crossing.row, "name", crossing.name)
        for crossing in own
        if (problem := land.fault_of(crossing)) is not None and not _is_over(crossing, rules)
    ]
    if faults:
        raise InputError(faults)
    return land.with_crossings(own)


def crossings_of(rules: Adjacency) -> tuple[Crossing, ...]:
    """Return the crossings there are where no land is known, or none is asked for.

    Raises
    ------
    InputError
        For a file of the user's that is no table of crossings.
    """
    shipped = _crossings(CROSSINGS) if rules.land is None else ()
    return (*shipped, *(() if rules.crossings is None else _crossings(rules.crossings)))


def _is_over(crossing: Crossing, rules: Adjacency) -> bool:
    """Whether a crossing leads over a barrier of the user's, and so need not over water."""
    if rules.barriers is None:
        return False
    from pcn_group.geography.outline import read_shapes  # noqa: PLC0415 - it needs GDAL

    bridge = shapely.LineString(crossing.ends)
    return bool(shapely.intersects(read_shapes(rules.barriers, "lines"), bridge).any())


def _crossings(path: Path) -> Iterator[Crossing]:
    rows = read_columns(path, ("name", "kind", *_ENDS))
    numbers = rows[[*_ENDS]].apply(pd.to_numeric, errors="coerce")
    faults = [
        Fault(path.name, "is no number of metres", "Give metres (EPSG:27700).", line, name, cell)
        for name in _ENDS
        for line, cell in rows[name][~np.isfinite(numbers[name])].items()
    ]
    remedy = f"Give one of: {listed(_KINDS)}."
    faults += [
        Fault(path.name, "is no kind of crossing", remedy, int(str(line)), "kind", kind)
        for line, kind in rows["kind"][~rows["kind"].isin(_KINDS)].items()
    ]
    if faults:
        raise InputError(faults)
    places = numbers.to_numpy(dtype=np.float64).reshape(-1, 2, 2)
    for row, name, kind, ends in zip(rows.index, rows["name"], rows["kind"], places, strict=True):
        yield Crossing(name, kind, ends, int(str(row)))
