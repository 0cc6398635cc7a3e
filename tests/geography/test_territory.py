"""The land of a region, as drawn: where it ends, and what water does to it."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from pcn_group.config.model import Adjacency
from pcn_group.geography.areas import network_areas
from tests.geography.regions import EAST, NORTH, Place, region

SHORES = [
    shapely.box(-20, -20, 4, 30),  # a west bank, and 2 km of water
    shapely.box(6, -20, 60, 30),
    shapely.box(4.5, 9, 5.5, 10),  # an islet between them
]


@pytest.fixture
def rules(tmp_path: Path) -> Adjacency:
    return Adjacency(land=land_file(tmp_path / "land.gpkg", SHORES))


def land_file(path: Path, shapes: list[shapely.Polygon]) -> Path:
    moved = [shapely.transform(shape, lambda at: at * 1000 + [EAST, NORTH]) for shape in shapes]
    gpd.GeoDataFrame(geometry=moved, crs=27700).to_file(path, driver="GPKG")
    return path


def drawn(
    places: dict[str, Place], rules: Adjacency, regions: list[list[int]] | None = None
) -> dict[str, shapely.Geometry]:
    """The land of each practice, in kilometres from the corner."""
    table = region(places)
    areas = network_areas(table, [[i] for i in range(len(table))], rules, regions)
    moved = [shapely.transform(area, lambda at: (at - [EAST, NORTH]) / 1000) for area in areas]
    return dict(zip(table["practice_code"], moved, strict=True))


def covers(area: shapely.Geometry, *place: float) -> bool:
    return bool(area.covers(shapely.Point(place)))


BANKS = {"A": (1.0, 0.0), "B": (1.0, 8.0), "C": (9.0, 0.0), "D": (9.0, 8.0), "E": (20.0, 4.0)}


def test_areas_lie_within_land(rules: Adjacency) -> None:
    land = shapely.union_all(SHORES).buffer(1e-5)
    areas = drawn(BANKS, rules)
    assert all(land.covers(area) for area in areas.values())
    assert all(covers(areas[code], *place) for code, place in BANKS.items())


def test_nobody_has_land_on_the_far_shore(rules: Adjacency) -> None:
    """The water is nearer to the west bank's practice, and so is a strip of the east bank."""
    areas = drawn({"A": (3.9, 0.0), "C": (13.0, 0.0), "D": (13.0, 8.0)}, rules)
    assert not areas["A"].intersects(SHORES[1])
    assert covers(areas["C"], 6.5, 0)


def test_a_region_on_one_bank_has_nothing_on_the_other(rules: Adjacency) -> None:
    areas = drawn({"A": (3.9, 0.0), "B": (3.9, 8.0), "W": (-9.0, 4.0)}, rules)
    assert not any(area.intersects(SHORES[1]) for area in areas.values())


def test_a_headland_and_an_islet_are_of_the_region_behind_which_there_is_only_sea(
    tmp_path: Path,
) -> None:
    shapes = [shapely.box(0, 0, 40, 40), shapely.box(-8, 18, 0, 22), shapely.box(-12, 19, -10, 21)]
    land = [shapely.union_all(shapes[:2]), shapes[2]]
    rules = Adjacency(land=land_file(tmp_path / "cape.gpkg", land))
    areas = shapely.union_all(
        [*drawn({"A": (0.3, 16.0), "B": (0.3, 24.0), "C": (9.0, 20.0)}, rules).values()]
    )
    assert covers(areas, -7.9, 20)
    assert covers(areas, -11, 20)
    assert not covers(areas, 30, 20)


def test_a_strip_of_coast_beyond_the_margin_is_of_the_region(tmp_path: Path) -> None:
    rules = Adjacency(land=land_file(tmp_path / "coast.gpkg", [shapely.box(0, -30, 40, 40)]))
    areas = drawn({"A": (2.0, 0.0), "B": (2.0, 8.0), "C": (9.0, 4.0)}, rules)
    assert covers(areas["A"], 0.1, 1)


def test_regions_far_from_each_other_are_drawn_apart() -> None:
    far = {"A": (0.0, 0.0), "B": (4.0, 0.0), "C": (2.0, 4.0)}
    far |= {f"{code}2": (x + 60, y) for code, (x, y) in far.items()}
    whole = shapely.union_all([*drawn(far, Adjacency()).values()])
    assert len(shapely.get_parts(whole)) == 2
    assert not covers(whole, 30, 2)


def test_between_regions_that_are_close_no_land_is_left_out() -> None:
    places = {"A": (0.0, 0.0), "B": (0.0, 9.0), "C": (10.0, 0.0), "D": (10.0, 9.0)}
    regions = [[0, 1], [2, 3]]
    apart = shapely.union_all([*drawn(places, Adjacency(), regions).values()])
    assert len(shapely.get_parts(apart)) == 1
    assert covers(apart, 5, 4.5)


def test_where_no_land_is_known_areas_are_what_they_are_without_it() -> None:
    """In the North Sea, 150 km from anywhere."""
    table = region({"A": (0.0, 0.0), "B": (10.0, 0.0), "C": (5.0, 9.0)})
    sea = table.assign(easting=table["easting"] + 180_000, northing=table["northing"] + 300_000)
    ashore = network_areas(table, [[0], [1], [2]], Adjacency())
    afloat = network_areas(sea, [[0], [1], [2]], Adjacency())
    assert np.allclose(ashore.area, afloat.area)
