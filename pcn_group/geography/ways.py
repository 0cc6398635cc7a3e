"""The ways between places: straight where land lies between, else over land and crossings.

Where no crossing leads to an island, what is left is its shortest link over water. Or else the ways
are those along roads.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from pcn_group.config.model import Configuration
from pcn_group.geography.land import Crossing, Land, Located, Metres, land_of, straight_metres
from pcn_group.geography.roads.places import OnRoads, place_on_roads

__all__ = ["OFF_LAND", "Way", "Ways", "build_ways", "compile_ways", "shortest_ways", "water_metres"]

_BY_PLACE = ("voronoi", "gabriel", "knn")
"""Ways of finding neighbours that know nothing but where they are."""

_ALL = slice(None)

_AT_ONCE = 500
"""Places that ways are worked out from at once: all of England has 44 million pairs."""

OFF_LAND = 500
"""From how many metres on a practice is not near the land."""


class Way(IntEnum):
    """How a way leads: straight, round water, over a crossing, over water as well, or by road."""

    STRAIGHT = 0
    LAND = 1
    CROSSING = 2
    WATER = 3
    ROAD = 4


@dataclass(frozen=True)
class Ways:
    """The ways from some places to others.

    Attributes
    ----------
    metres
        float64 (k, n).
    kinds
        uint8 (k, n): values of `Way`.
    land
        What they lead over; None where that is nowhere near, and all ways are straight, or where
        they are along roads.
    off_land
        float64 (k,): how far the first places are from land, in metres; 0 along roads.
    on_roads
        The places on the roads, where ways are along these: the shortest one, in whichever
        direction it is shorter.
    """

    metres: Metres
    kinds: NDArray[np.uint8]
    land: Land | None
    off_land: Metres
    on_roads: OnRoads | None = None


def build_ways(table: pd.DataFrame, configuration: Configuration) -> Ways | None:
    """Return the ways between practices; None where neither travel nor neighbours ask for them.

    Parameters
    ----------
    table
        With `practice_code`, and `easting` and `northing` in metres (EPSG:27700).

    Raises
    ------
    InputError
        As `land_of`, or as `place_on_roads`.
    """
    travel, adjacency = configuration.travel, configuration.adjacency
    is_travelled = travel.way != "straight" and travel.matrix is None
    is_compared = adjacency.detour is not None and adjacency.method in _BY_PLACE
    if not is_travelled and not is_compared:
        return None
    if travel.roads is not None:
        return _ways_by_road(place_on_roads(travel.roads, table, travel.snap_max))
    places = table[["easting", "northing"]].to_numpy(dtype=np.float64)
    land = land_of(configuration.adjacency, table)
    off_land = land.located(places).off_land
    elsewhere = np.flatnonzero(off_land > OFF_LAND)
    if len(elsewhere) == len(places):
        straight = straight_metres(places, places)
        kinds = np.full(straight.shape, Way.STRAIGHT, dtype=np.uint8)
        return Ways(straight, kinds, None, off_land)
    ways = shortest_ways(land, places, places, configuration.search.workers)
    # Two on an island that the land does not have need not go by its coast.
    among = np.ix_(elsewhere, elsewhere)
    ways.metres[among] = straight_metres(places[elsewhere], places[elsewhere])
    ways.kinds[among] = Way.STRAIGHT
    return ways


def _ways_by_road(on_roads: OnRoads) -> Ways:
    metres = on_roads.metres()
    metres = np.minimum(metres, metres.T)
    kinds = np.full(metres.shape, Way.ROAD, dtype=np.uint8)
    return Ways(metres, kinds, None, np.zeros(len(metres)), on_roads)


def shortest_ways(land: Land, starts: Metres, ends: Metres, workers: int = 1) -> Ways:
    """Return the shortest ways over land and its crossings from each start to each end.

    Parameters
    ----------
    starts, ends
        float64 (k, 2) and (n, 2), in metres. Those in the water count as on the nearest land.
    workers
        Threads.
    """
    metres = np.empty((len(starts), len(ends)))
    kinds = np.empty(metres.shape, dtype=np.uint8)
    from_land, to_land = land.located(starts), land.located(ends)
    over = _Crossed(land, to_land)
    # With links over water to islands that nothing else leads to.
    linked = _Crossed(_with_links(land, (from_land, to_land)), to_land)

    def fill(first: int) -> None:
        block = slice(first, first + _AT_ONCE)
        metres[block], kinds[block] = _shortest(from_land.take(block), to_land, over, linked)

    with ThreadPoolExecutor(workers) as threads:
        for _ in threads.map(fill, range(0, len(starts), _AT_ONCE)):
            pass
    return Ways(metres, kinds, land, from_land.off_land)


@dataclass(frozen=True)
class _Crossed:
    """Land whose crossings lead on to some places."""

    land: Land
    ends: Located

    @cached_property
    def onward(self) -> Metres:
        """The ways from the ends of all crossings to the places: float64 (2 c, n)."""
        return self.land.ways(self.land.stops, self.ends)

    def ways(self, starts: Located, some: NDArray[np.int64] | slice = _ALL) -> Metres:
        """Return the shortest ways over a crossing to some of the places, infinite without any."""
        first = self.land.ways(starts, self.land.stops)
        return _joined(_joined(first, self.land.over_crossings), self.onward[:, some])


def _shortest(
    starts: Located, ends: Located, over: _Crossed, linked: _Crossed
) -> tuple[Metres, NDArray[np.uint8]]:
    """Return the shortest ways and their kinds."""
    metres = over.land.ways(starts, ends)
    kinds = np.full(metres.shape, Way.STRAIGHT, dtype=np.uint8)
    is_round = metres > straight_metres(starts.places, ends.places)
    if is_round.any():
        kinds[is_round] = Way.LAND
        others = over.ways(starts)
        is_shorter = is_round & (others < metres)
        metres[is_shorter], kinds[is_shorter] = others[is_shorter], Way.CROSSING
    cut_off = np.isinf(metres)
    some = np.flatnonzero(cut_off.any(axis=0))
    if len(some):
        kinds[cut_off] = Way.WATER
        metres[:, some] = np.where(cut_off[:, some], linked.ways(starts, some), metres[:, some])
    return metres, kinds


def compile_ways() -> None:
    """Measure a way over land and a bridge, so that no time limit pays for compiling."""
    corners = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 3.0], [2.0, 3.0], [2.0, 1.0], [1.0, 1.0]])
    land = Land.of(np.array([shapely.Polygon([*corners, (1, 3), (0, 3)])]))
    bridge = Crossing("", "bridge", np.array([[1.0, 3.0], [2.0, 3.0]]), 0)
    shortest_ways(land.with_crossings([bridge]), corners[:1], corners[3:4])


def water_metres(land: Land | None, starts: Metres, ends: Metres) -> Metres:
    """Return how much of the straight line from each start to its end is over water.

    Parameters
    ----------
    starts, ends
        float64 (n, 2) each; all water where there is no land.
    """
    lines = shapely.linestrings(np.stack([starts, ends], axis=1))
    metres: Metres = shapely.length(lines)
    if land is not None:
        row, triangle = land.mesh.triangles.query(lines, predicate="intersects")
        inside = shapely.intersection(lines[row], land.mesh.triangles.geometries[triangle])
        metres = metres - np.bincount(row, shapely.length(inside), len(lines))
    return metres.clip(0)


def _joined(first: Metres, second: Metres) -> Metres:
    """Return the shortest of all ways (k, n) in two stages: (k, m) and (m, n)."""
    from pcn_group.geography.joining import join_ways  # noqa: PLC0415 - it is compiled

    metres = np.full((len(first), second.shape[1]), np.inf)
    join_ways(first, np.ascontiguousarray(second), metres)
    return metres


def _with_links(land: Land, places: Sequence[Located]) -> Land:
    """Return land with the shortest links over water between islands that nothing else joins.

    Parameters
    ----------
    places
        Islands with none of them are of no concern.
    """
    count, ends = len(land.parts), land.parts_at(land.stops).reshape(-1, 2)
    graph = csr_matrix((np.ones(len(ends)), ends.T), (count, count))
    group_of = connected_components(graph, directed=False)[1]
    groups = [
        shapely.multipolygons(land.parts[group_of == group])
        for group in np.unique(group_of[np.concatenate([*map(land.parts_at, places)])])
    ]
    shapely.prepare(groups)
    links = [
        Crossing("", "water", shapely.get_coordinates(shapely.shortest_line(one, other)), 0)
        for one, other in combinations(groups, 2)
    ]
    return land.with_crossings(links)
