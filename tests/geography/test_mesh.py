"""The shortest ways over land."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse.csgraph import shortest_path

from pcn_group.geography.mesh import build_mesh
from tests.depth import many

U_SHAPE = shapely.Polygon(
    [(0, 0), (30, 0), (30, 20), (20, 20), (20, 5), (10, 5), (10, 20), (0, 20)]
)


def way(land: shapely.Geometry, start: tuple[float, float], end: tuple[float, float]) -> float:
    places = np.array([start, end], float)
    return float(metres(shapely.get_parts(land), places)[0, 1])


def metres(parts: NDArray[np.object_], places: NDArray[np.float64]) -> NDArray[np.float64]:
    mesh = build_mesh(parts)
    return mesh.metres(mesh.nearest(places), mesh.nearest(places))


def test_where_one_sees_the_other_the_way_is_straight() -> None:
    assert way(U_SHAPE, (1, 19), (9, 1)) == math.hypot(8, 18)


def test_round_a_bay_the_way_bends_at_its_corners() -> None:
    assert way(U_SHAPE, (5, 17), (25, 17)) == 10 + 2 * math.hypot(5, 12)
    assert way(U_SHAPE, (10, 20), (20, 20)) == 15 + 10 + 15


def test_a_way_to_where_one_is_has_no_length() -> None:
    assert way(U_SHAPE, (10, 5), (10, 5)) == 0


def test_there_is_no_way_to_an_island() -> None:
    island = shapely.box(12, 10, 18, 20)
    assert way(shapely.union(U_SHAPE, island), (5, 17), (15, 15)) == math.inf


def test_a_triangle_is_land_as_well() -> None:
    assert way(shapely.Polygon([(0, 0), (9, 0), (0, 9)]), (1, 1), (4, 5)) == 5


def by_looking(land: shapely.Geometry, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ways by the corners that one can see from one another, with nothing of the mesh."""
    stops = np.concatenate([places, shapely.get_coordinates(land)])
    lines = shapely.linestrings(np.stack(np.broadcast_arrays(stops[:, None], stops), axis=2))
    metres = np.where(shapely.covers(land, lines), shapely.length(lines), np.inf)
    return shortest_path(metres)[: len(places), : len(places)]


@settings(deadline=None, max_examples=many(60))
@given(seed=st.integers(0, 10**6), corners=st.integers(8, 40))
@pytest.mark.parametrize("shrink", [0.05, 0.6])
def test_ways_are_those_of_a_graph_of_what_can_be_seen(
    shrink: float, seed: int, corners: int
) -> None:
    # A star with rays of any length has many bays, and no holes.
    random = np.random.default_rng(seed)
    angles = np.arange(corners) * 2 * np.pi / corners
    reach = random.uniform(1000 * shrink, 1000, corners)
    land = shapely.Polygon(np.rint(reach * [np.cos(angles), np.sin(angles)]).T)
    if not land.is_valid:
        return
    spots = random.integers(-1000, 1000, (200, 2)).astype(float)
    places = spots[shapely.contains_xy(land, spots)][:6]
    assert metres(np.array([land]), places) == pytest.approx(by_looking(land, places), rel=1e-9)
