"""Colours of networks: neighbours differ, and black is readable on all."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pcn_group.config.model import Adjacency
from pcn_group.geography.areas import network_areas
from pcn_group.output.maps.colours import FOUND, INK, OUTSIDE, PALETTE, TODAY, network_colours
from tests.depth import many
from tests.geography.regions import region

LINES = {"ink": INK, "today": TODAY, "outside": OUTSIDE, "found": FOUND}

EYES = {
    "all colours": np.eye(3),
    "no red": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no green": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "no blue": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
"""What eyes make of linear RGB: Machado, Oliveira and Fernandes, IEEE Transactions on
Visualization and Computer Graphics 15 (2009)"""

XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)  # fmt: skip
"""Of linear sRGB, under daylight"""


def linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    light: NDArray[np.float64] = np.where(
        parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4
    )
    return light


def luminance(colour: str) -> float:
    """As the Web Content Accessibility Guidelines 2.2 define it."""
    return float(XYZ[1] @ linear(colour))


def contrast(light: str, dark: str) -> float:
    return (luminance(light) + 0.05) / (luminance(dark) + 0.05)


def looks(colour: str, eye: str) -> NDArray[np.float64]:
    """A colour in CIELAB, as an eye sees it."""
    white = XYZ.sum(axis=1)
    seen = XYZ @ np.clip(np.array(EYES[eye]) @ linear(colour), 0, 1) / white
    x, y, z = np.where(seen > 0.008856, np.cbrt(seen), 7.787 * seen + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("colour", PALETTE)
def test_black_is_readable_on_every_colour(colour: str) -> None:
    assert contrast(colour, INK) >= 7


@pytest.mark.parametrize("colour", PALETTE)
@pytest.mark.parametrize("line", LINES)
def test_every_line_is_seen_on_every_colour(colour: str, line: str) -> None:
    assert contrast(colour, LINES[line]) >= 3


@pytest.mark.parametrize("eye", EYES)
def test_lines_differ_for_all_eyes(eye: str) -> None:
    for one, other in combinations(LINES.values(), 2):
        assert np.linalg.norm(looks(one, eye) - looks(other, eye)) > 20


def test_the_area_with_the_most_neighbours_has_the_first_colour() -> None:
    row = gpd.GeoSeries([shapely.box(k, 0, k + 1, 1) for k in range(3)], crs=27700)
    assert network_colours(row.scale(1000, 1000, origin=(0, 0))) == (
        PALETTE[1],
        PALETTE[0],
        PALETTE[2],
    )


def test_areas_that_meet_in_a_corner_differ() -> None:
    boxes = [shapely.box(x, y, x + 1000, y + 1000) for x in (0, 1000) for y in (0, 1000)]
    assert len(set(network_colours(gpd.GeoSeries(boxes, crs=27700)))) == 4


def test_more_neighbours_than_colours_repeat_the_least_used() -> None:
    fan = [
        shapely.Polygon([(0, 0), (1000, 100 * k), (1000, 100 * k + 100)])
        for k in range(len(PALETTE) + 1)
    ]
    colours = network_colours(gpd.GeoSeries(fan, crs=27700))
    assert sorted(set(colours)) == sorted(PALETTE)


@settings(max_examples=many(25))
@given(seed=st.integers(0, 10_000), count=st.integers(1, 60))
def test_neighbours_differ_in_any_plan_of_connected_areas(seed: int, count: int) -> None:
    """Practices join the nearest of some centres, so that networks are in one piece."""
    chance = np.random.default_rng(seed)
    places, centres = chance.random((120, 2)) * 40, chance.random((count, 2)) * 40
    nearest = np.linalg.norm(places[:, None] - centres, axis=2).argmin(axis=1)
    table = region({f"P{k:03}": (float(x), float(y)) for k, (x, y) in enumerate(places)})
    networks = [np.flatnonzero(nearest == k).tolist() for k in np.unique(nearest)]
    areas = network_areas(table, networks, Adjacency())
    colours = network_colours(areas)
    assert set(colours) <= set(PALETTE)
    for i, area in enumerate(areas):
        for j in range(i):
            assert colours[i] != colours[j] or area.distance(areas[j]) > 0
