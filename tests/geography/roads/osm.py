"""Little maps of OpenStreetMap, as files that a person can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
from pyproj import Transformer

from pcn_group.geography.roads.network import Roads
from pcn_group.geography.roads.search import Spots, nearest_spots, ways_between
from pcn_group.geography.roads.storage import read_extracts
from pcn_group.practices.grid import GRID_WITH_SHIFT
from tests.geography.regions import EAST, NORTH, Place

Tags = Mapping[str, str]
Way = tuple[str, Tags]
"""The nodes that it passes, a letter each, and its tags."""

PRIMARY = {"highway": "primary"}
"""65 km/h where nothing else is said."""


def osm(path: Path, nodes: Mapping[str, Place], ways: Sequence[Way], **at: Tags) -> Path:
    """Write a map: nodes in km from a corner, and by their letter the tags of some."""
    back = Transformer.from_crs(GRID_WITH_SHIFT, "EPSG:4326", always_xy=True)
    lines = ["<osm version='0.6'>"]
    for name, (x, y) in nodes.items():
        longitude, latitude = back.transform(EAST + 1000 * x, NORTH + 1000 * y)
        lines.append(f"<node id='{ord(name)}' version='1' lat='{latitude}' lon='{longitude}'>")
        lines += [*_tags(at.get(name, {})), "</node>"]
    for number, (passed, tags) in enumerate(ways, start=1):
        lines.append(f"<way id='{number}' version='1'>")
        lines += [f"<nd ref='{ord(name)}'/>" for name in passed]
        lines += [*_tags(tags), "</way>"]
    path.write_text("\n".join([*lines, "</osm>\n"]), encoding="utf-8")
    return path


def _tags(tags: Tags) -> list[str]:
    return [f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items()]


def metres(nodes: Mapping[str, Place], names: str) -> np.ndarray[tuple[int, int], np.dtype]:
    """Easting and northing of nodes."""
    return np.array([(EAST + 1000 * x, NORTH + 1000 * y) for x, y in map(nodes.__getitem__, names)])


def spots(roads: Roads, nodes: Mapping[str, Place], names: str, farthest: float = 100) -> Spots:
    """Where nodes are on roads."""
    return nearest_spots(roads, metres(nodes, names), farthest)


class Drive:
    """Ways between the nodes of a map, by two letters: seconds, or km."""

    def __init__(
        self, folder: Path, nodes: Mapping[str, Place], ways: Sequence[Way], **at: Tags
    ) -> None:
        self.nodes = nodes
        self.roads = read_extracts([osm(folder / "map.osm", nodes, ways, **at)])

    def seconds(self, pair: str) -> float:
        start, end = (spots(self.roads, self.nodes, name) for name in pair)
        return round(float(ways_between(self.roads, start, end, "seconds")[0, 0]))

    def km(self, pair: str) -> float:
        start, end = (spots(self.roads, self.nodes, name) for name in pair)
        return round(float(ways_between(self.roads, start, end, "metres")[0, 0]) / 1000, 2)
