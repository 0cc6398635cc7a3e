"""Ways over land: round a bay, over a bridge, to an island, and where there is no land."""

from __future__ import annotations

import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from pcn_group.config.model import Configuration
from pcn_group.geography.land import Crossing, Land, great_britain
from pcn_group.geography.travel import build_travel, straight_line
from pcn_group.geography.ways import Way, Ways, build_ways, shortest_ways
from tests.geography.regions import EAST, NORTH, Place, catchments, region

BAY = shapely.Polygon([(0, 0), (9, 0), (9, 8), (6, 8), (6, 2), (3, 2), (3, 8), (0, 8)])
ISLE = shapely.Polygon([(4.5, 2.5), (5, 5), (5, 7), (4, 7), (4, 5)])
WEST, EAST_SIDE = (2.0, 6.0), (7.0, 6.0)
ROUND = 3 + 2 * math.hypot(1, 4)
"""From one side of the bay to the other over land, in kilometres."""


def bridge(start: Place, end: Place, kind: str = "bridge") -> Crossing:
    return Crossing("The Bridge", kind, np.array([start, end]), 2)


def way(land: Land, start: Place, end: Place) -> tuple[float, str]:
    ways = shortest_ways(land, np.array([start]), np.array([end]))
    return float(ways.metres[0, 0]), Way(ways.kinds[0, 0]).name.lower()


def land(*polygons: shapely.Geometry) -> Land:
    return Land.of(np.array(polygons))


def test_round_a_bay_the_way_is_over_land() -> None:
    assert way(land(BAY), WEST, EAST_SIDE) == (pytest.approx(ROUND), "land")
    assert way(land(BAY), (1, 1), (8, 1.5)) == (math.hypot(7, 0.5), "straight")


def test_a_bridge_makes_it_shorter() -> None:
    bridged = land(BAY).with_crossings([bridge((3, 6), (6, 6))])
    assert way(bridged, WEST, EAST_SIDE) == (5, "crossing")
    assert way(bridged, (2, 1), (7, 1)) == (5, "straight")


def test_a_bridge_that_is_a_way_about_is_not_used() -> None:
    bridged = land(BAY).with_crossings([bridge((3, 8), (6, 8))])
    assert way(bridged, (2, 2.5), (7, 2.5))[1] == "land"


def test_two_crossings_lead_over_an_island() -> None:
    bridged = land(BAY, ISLE).with_crossings([bridge((3, 6), (4, 6)), bridge((5, 6), (6, 6))])
    assert way(bridged, WEST, EAST_SIDE) == (5, "crossing")


def test_to_an_island_without_any_the_way_is_over_water_where_that_is_shortest() -> None:
    expected = math.hypot(3.5, 1) + 0.5 + 3.5
    assert way(land(BAY, ISLE), (1, 1), (4.5, 6)) == (pytest.approx(expected), "water")


def in_kilometres(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda points: points * 1000 + [EAST, NORTH])


@pytest.fixture
def own_land(tmp_path: Path) -> Path:
    path = tmp_path / "land.gpkg"
    shapes = [in_kilometres(BAY), in_kilometres(ISLE)]
    gpd.GeoDataFrame(geometry=shapes, crs=27700).to_file(path, driver="GPKG")
    return path


def rules(land: Path | None = None, **travel: object) -> Configuration:
    return Configuration.model_validate({"travel": travel, "adjacency": {"land": land}})


def ways_of(places: dict[str, Place], configuration: Configuration) -> Ways:
    ways = build_ways(region(places), configuration)
    assert ways is not None
    return ways


def test_travel_is_over_land_unless_it_is_to_be_straight(own_land: Path) -> None:
    table = region({"A": WEST, "B": EAST_SIDE})
    for way, kilometres in (("land", ROUND), ("straight", 5)):
        configuration = rules(own_land, way=way)
        travel = build_travel(table, configuration, ways=build_ways(table, configuration))
        assert travel.values[0, 1] == pytest.approx(1000 * kilometres)


def test_where_no_water_is_between_nothing_changes() -> None:
    places = {"A": (0.0, 0.0), "B": (3.0, 4.0), "C": (17.1, 0.3)}
    ways = ways_of(places, Configuration())
    assert (ways.metres == straight_line(region(places)).values).all()
    assert (ways.kinds == Way.STRAIGHT).all()


def test_the_order_of_rows_is_of_no_account(own_land: Path) -> None:
    table = region({"A": WEST, "B": EAST_SIDE, "C": (4.5, 6.0), "D": (1.0, 1.0), "E": (8.0, 7.0)})
    ways = build_ways(table, rules(own_land))
    turned = build_ways(table[::-1], rules(own_land))
    assert ways is not None
    assert turned is not None
    assert (ways.kinds == turned.kinds[::-1, ::-1]).all()
    assert ways.metres == pytest.approx(turned.metres[::-1, ::-1], abs=1e-6)
    assert ways.metres == pytest.approx(ways.metres.T, abs=1e-6)


AT_SEA = {"A": (110.0, 400.0), "B": (113.0, 404.0)}
"""In the North Sea, more than 100 km off the coast of Northumberland."""


def test_far_from_the_land_ways_are_straight() -> None:
    ways = ways_of(AT_SEA, Configuration())
    assert ways.land is None
    assert ways.metres[0, 1] == 5000
    assert ways.kinds[0, 1] == Way.STRAIGHT


def test_the_isle_of_man_has_straight_ways() -> None:
    table = region({"Douglas": (-261.9, 255.4), "Ramsey": (-254.9, 274.3)})
    ways = build_ways(table, Configuration())
    assert ways is not None
    assert ways.land is None


def test_two_on_an_island_that_the_land_lacks_do_not_go_by_its_coast() -> None:
    places = {"Ayre": (-254.9, 274.3), "Barrow": (-180.0, 249.0), "Calf": (-280.0, 240.0)}
    ways = ways_of(places, Configuration())
    assert ways.metres[0, 2] == pytest.approx(1000 * math.hypot(25.1, 34.3))
    assert (ways.off_land > 500).tolist() == [True, False, True]
    assert ways.metres[0, 1] > 1000 * math.hypot(74.9, 25.3)


def test_in_the_harbour_a_practice_counts_as_on_the_quay() -> None:
    # A hundred metres off Falmouth's docks: the way to Truro bends as it would from there.
    docks, afloat, truro = (181_900.0, 32_400.0), (182_000.0, 32_650.0), (182_700.0, 44_900.0)
    near, off = (way(great_britain(), place, truro)[0] for place in (docks, afloat))
    assert off == pytest.approx(near, abs=600)


def test_patients_go_over_land_from_where_they_live(own_land: Path) -> None:
    table = region({"A": WEST, "B": EAST_SIDE})
    homes = catchments({"W": WEST, "E": EAST_SIDE}, {"A": {"W": 3, "E": 1}, "B": {"E": 1}})
    configuration = rules(own_land, origin="patients")
    travel = build_travel(table, configuration, homes, build_ways(table, configuration))
    expected = [[1000 * ROUND / 4, 3000 * ROUND / 4], [1000 * ROUND, 0]]
    assert travel.values == pytest.approx(np.array(expected))


SCILLY, RYDE, TRURO, HULL, GRIMSBY, LONDON = (
    (90_500, 10_700), (459_300, 92_300), (182_700, 44_900),
    (509_500, 428_700), (527_000, 409_500), (530_000, 180_500),
)  # fmt: skip


@pytest.mark.parametrize("workers", [1, 3])
def test_ways_are_the_same_block_by_block_and_by_several_threads(
    workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = np.array([SCILLY, RYDE, TRURO, HULL, GRIMSBY, LONDON], dtype=np.float64)
    at_once = shortest_ways(great_britain(), places, places)
    monkeypatch.setattr("pcn_group.geography.ways._AT_ONCE", 1)
    by_block = shortest_ways(great_britain(), places, places, workers)
    np.testing.assert_array_equal(by_block.metres, at_once.metres)
    np.testing.assert_array_equal(by_block.kinds, at_once.kinds)
    assert {Way(kind) for kind in at_once.kinds.ravel()} == {*Way} - {Way.ROAD}
