"""Land, sea and towns around a map: what is named, and that nothing covers anything."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.config.model import Adjacency
from pcn_group.output.maps.backdrop import TownName, backdrop_of, beside, towns
from tests.geography.regions import EAST, NORTH, region
from tests.output.maps.drawn import VALLEY, drawn, pictures, texts

NOWHERE = (np.empty((0, 2)), np.empty(0))
VIEW = (0.0, 0.0, 100.0, 100.0)

CREDIT = (
    "Land: ONS, OGL v3, contains OS data © Crown copyright and database right 2024. "
    "Towns: GeoNames, CC BY 4.0."
)


def named(
    places: list[tuple[float, float]], circles: tuple[np.ndarray, np.ndarray] = NOWHERE
) -> tuple[TownName, ...]:
    names = [f"Town {k}" for k in range(len(places))]
    sizes = np.tile([16.0, 4.0], (len(places), 1))
    return beside(names, np.array(places).reshape(-1, 2), sizes, VIEW, circles)


def told(found: tuple[TownName, ...]) -> list[tuple[str, str]]:
    return [(town.name, town.side) for town in found]


# --- which towns, and where their names are ------------------------------------------------------


def test_a_name_is_to_the_right_of_its_town_if_there_is_room() -> None:
    assert told(named([(50, 50), (95, 20)])) == [("Town 0", "right"), ("Town 1", "left")]


def test_of_two_towns_that_are_close_the_larger_is_named() -> None:
    assert told(named([(50, 50), (52, 51)])) == [("Town 0", "right")]


def test_a_name_keeps_off_practices_where_it_can() -> None:
    circles = np.array([[59.0, 50.0], [41.0, 50.0]]), np.array([1.5, 1.5])
    assert told(named([(50, 50)], circles)) == [("Town 0", "above")]


def test_few_towns_are_named() -> None:
    places = [(5 + 20.0 * i, 5 + 9.0 * j) for j in range(10) for i in range(5)]
    assert len(named(places)) == 14


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=40))
def test_no_name_covers_another_or_leaves_the_view(places: list[tuple[float, float]]) -> None:
    boxes = [shapely.box(*town.box) for town in named(places)]
    assert all(a.intersection(b).area == 0 for a, b in combinations(boxes, 2))
    assert all(shapely.box(*VIEW).covers(box) for box in boxes)


# --- Great Britain -------------------------------------------------------------------------------


def test_the_towns_that_are_shipped_are_the_largest_first() -> None:
    assert towns()["name"].tolist()[:3] == ["London", "Birmingham", "Glasgow"]
    assert {"Penzance", "Ryde", "Hay-on-Wye"} - {*towns()["name"]} <= {"Hay-on-Wye"}
    assert "Belfast" not in {*towns()["name"]}
    assert not towns()["name"].str.startswith("City of").any()


def test_a_region_in_bedfordshire_has_its_towns_and_says_where_they_are_from() -> None:
    found = backdrop_of(region({"A": (0.0, 0.0), "B": (20.0, 30.0)}), Adjacency())
    assert {"Luton", "Bedford"} <= {*found.towns["name"]}
    assert found.credit == CREDIT


def test_a_region_in_the_north_sea_has_neither() -> None:
    table = region({"A": (0.0, 0.0), "B": (20.0, 30.0)})
    found = backdrop_of(table.assign(easting=table["easting"] + 180_000), Adjacency())
    assert (len(found.land), len(found.towns), found.credit) == (0, 0, "")


def test_land_of_ones_own_needs_no_credit(tmp_path: Path) -> None:
    table = region({"A": (200.0, 0.0), "B": (210.0, 30.0)})
    box = shapely.box(EAST + 195e3, NORTH - 5e3, EAST + 215e3, NORTH + 35e3)
    path = tmp_path / "land.gpkg"
    gpd.GeoDataFrame(geometry=[box], crs=27700).to_file(path, driver="GPKG")
    found = backdrop_of(table, Adjacency(land=path))
    assert (len(found.land), found.credit) == (1, "")


# --- pictures ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def valley() -> str:
    return pictures(drawn(VALLEY))[1]


def test_a_picture_has_land_and_towns_and_says_where_they_are_from(valley: str) -> None:
    assert 'id="sea"' in valley
    assert 'id="land"' in valley
    shown = texts(valley)
    assert CREDIT in shown
    assert {*shown} & {*towns()["name"]}


def test_a_picture_where_no_land_is_known_is_on_white(tmp_path: Path) -> None:
    path = tmp_path / "groupings.csv"
    path.write_text(
        "practice_code,practice_name,list_size,network_id,easting,northing\n"
        "A,Abbey,20000,A,690000,520000\n"
        "B,Bridge,15000,A,691000,523000\n",
        encoding="utf-8",
    )
    svg = pictures(drawn(path))[1]
    assert 'id="sea"' not in svg
    assert not any("ONS" in text for text in texts(svg))
