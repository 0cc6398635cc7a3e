"""Reading roads from extracts of OpenStreetMap."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.extras import refuse_missing
from pcn_group.geography.roads.rules import ACCESS, Road, is_blocked, road_of
from pcn_group.practices.grid import on_grid

if TYPE_CHECKING:
    import osmium

__all__ = ["Segments", "read_segments"]

_REMEDY = "Give a whole extract of OpenStreetMap, such as county-latest.osm.pbf of Geofabrik."
_ENDINGS = (".pbf", ".osm", ".osm.gz", ".osm.bz2")

_WKB_HEAD = 9
"""Bytes before the coordinates of a line."""


@dataclass(frozen=True)
class Segments:
    """Straight pieces of road, each between two places.

    Attributes
    ----------
    places
        float64 (n, 2): easting and northing in metres.
    ends
        int64 (m, 2): positions in `places`.
    metres
        float64 (m,)
    seconds
        float64 (m, 2): from the first end to the second, and back; infinite where that is closed.
    is_entry, goes_on
        bool (m,): as a `Road` has them.
    at_path
        bool (n,): whether a track or a path begins at a place, or what closes the road is there.
    """

    places: NDArray[np.float64]
    ends: NDArray[np.int64]
    metres: NDArray[np.float64]
    seconds: NDArray[np.float64]
    is_entry: NDArray[np.bool_]
    goes_on: NDArray[np.bool_]
    at_path: NDArray[np.bool_]


@dataclass
class _Gathered:
    """What is read, road by road: memory is what numbers take, as there may be millions."""

    nodes: array[int] = field(default_factory=lambda: array("q"))
    degrees: bytearray = field(default_factory=bytearray)
    counts: array[int] = field(default_factory=lambda: array("q"))
    speeds: array[float] = field(default_factory=lambda: array("d"))
    flags: bytearray = field(default_factory=bytearray)
    blocked: array[int] = field(default_factory=lambda: array("q"))
    paths: array[int] = field(default_factory=lambda: array("q"))

    def add(self, road: Road, way: osmium.osm.Way) -> None:
        self.nodes.extend([node.ref for node in way.nodes])
        self.degrees += _degrees(way)
        self.counts.append(len(way.nodes))
        self.speeds.extend((road.onward, road.back, road.seconds or 0.0))
        self.flags += bytes((road.is_entry, road.goes_on))


def read_segments(paths: Sequence[Path]) -> Segments:
    """Return the roads of extracts as segments; what several have in common is there twice.

    Raises
    ------
    InputError
        For a file that cannot be read as an extract, or without roads, and where what reads them is
        not installed.
    """
    refuse_missing("roads", paths[0].name)
    read = _Gathered()
    for path in paths:
        _read(path, read)
    return _segments(read)


def _read(path: Path, read: _Gathered) -> None:
    import osmium  # noqa: PLC0415 - an optional package

    before = len(read.counts)
    try:
        limits.refuse_longer(path.name, path.stat().st_size, limits.FILE)
        if not path.name.lower().endswith(_ENDINGS):
            problem = "is no extract, by its name: those end with .osm.pbf, .osm, .osm.gz, .osm.bz2"
            raise InputError([Fault(path.name, problem, _REMEDY)])
        for each in _roads_and_barriers(path):
            if each.is_node():
                if is_blocked(each.tags):
                    read.blocked.append(each.id)
            elif len(each.nodes) > 1:
                if (road := road_of(each.tags)) is not None:
                    read.add(road, each)
                else:
                    read.paths.extend((each.nodes[0].ref, each.nodes[-1].ref))
    except OSError as error:
        fault = Fault(str(path), f"cannot be read: {error.strerror or error}", _REMEDY)
        raise InputError([fault]) from error
    except (RuntimeError, osmium.InvalidLocationError) as error:
        problem = f"cannot be read as an extract of OpenStreetMap: {error}"
        raise InputError([Fault(path.name, problem, _REMEDY)]) from error
    if len(read.counts) == before:
        raise InputError([Fault(path.name, "has no roads for cars", _REMEDY)])


def _roads_and_barriers(path: Path) -> Iterator[Any]:
    """Go through what may be a road, or may close one, each with the places of its nodes."""
    import osmium  # noqa: PLC0415 - as above

    file = osmium.FileProcessor(path, osmium.osm.NODE | osmium.osm.WAY).with_locations()
    for kind, keys in (
        (osmium.osm.NODE, ("barrier", *ACCESS)),
        (osmium.osm.WAY, ("highway", "route")),
    ):
        wanted = osmium.filter.KeyFilter(*keys)
        wanted.enable_for(kind)
        file.with_filter(wanted)
    yield from file


def _degrees(way: osmium.osm.Way) -> bytes:
    """Return longitude and latitude of each node of a way, float64, in bytes."""
    import osmium  # noqa: PLC0415 - as above

    try:
        line = osmium.geom.WKBFactory().create_linestring(way, osmium.geom.use_nodes.ALL)
    except osmium.InvalidLocationError:  # an extract may be cut so that nodes outside are missing
        places = [node.location for node in way.nodes]
        return array(
            "d", [d for p in places for d in ((p.lon, p.lat) if p.valid() else (np.nan, np.nan))]
        ).tobytes()
    return bytes.fromhex(line)[_WKB_HEAD:]


def _segments(read: _Gathered) -> Segments:
    nodes = np.frombuffer(read.nodes, dtype=np.int64)
    known, position = np.unique(nodes, return_inverse=True)
    degrees = np.frombuffer(read.degrees).reshape(-1, 2)
    places = np.full((len(known), 2), np.nan)
    is_located = np.isfinite(degrees[:, 0])
    places[position[is_located]] = degrees[is_located]
    places = on_grid(*places.T).T
    counts = np.frombuffer(read.counts, dtype=np.int64)
    is_last = np.zeros(len(nodes), dtype=np.bool_)
    is_last[np.cumsum(counts) - 1] = True
    ends = np.stack([position[:-1], position[1:]], axis=1)[~is_last[:-1]]
    metres = np.hypot(*(places[ends[:, 1]] - places[ends[:, 0]]).T)
    road = np.repeat(np.arange(len(counts)), counts - 1)
    seconds = _seconds(metres, np.frombuffer(read.speeds).reshape(-1, 3), road)
    flags = np.frombuffer(read.flags, dtype=np.bool_).reshape(-1, 2)[road]
    ends, places = _apart(ends, places, np.isin(known, read.blocked))
    at_path = np.ones(len(places), dtype=np.bool_)
    at_path[: len(known)] = np.isin(known, read.paths)
    there = np.isfinite(metres)
    return Segments(
        places,
        ends[there],
        metres[there],
        seconds[there],
        flags[there, 0],
        flags[there, 1],
        at_path,
    )


def _seconds(
    metres: NDArray[np.float64], speeds: NDArray[np.float64], road: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the seconds of each segment onward and back; one that says so takes its own time."""
    with np.errstate(divide="ignore", invalid="ignore"):
        seconds = metres[:, None] * 3.6 / speeds[road, :2]
        whole = np.bincount(road, np.nan_to_num(metres), len(speeds))
        stated = metres * (speeds[:, 2] / whole)[road]
    seconds[speeds[road, :2] == 0] = np.inf
    says_so = speeds[road, 2] > 0
    seconds[says_so] = stated[says_so, None]
    return seconds


def _apart(
    ends: NDArray[np.int64], places: NDArray[np.float64], is_blocked: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give each segment an end of its own at a node that cannot be passed."""
    ends, closed = ends.copy(), is_blocked[ends]
    places = np.concatenate([places, places[ends[closed]]])
    ends[closed] = len(is_blocked) + np.arange(closed.sum())
    return ends, places
