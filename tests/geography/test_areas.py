"""The land of practices and of networks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_group.config.model import Adjacency
from pcn_group.geography import areas as drawn
from pcn_group.geography.outline import read_outline
from tests.depth import many
from tests.geography.regions import EAST, NORTH, region

Places = dict[str, tuple[float, float]]

SQUARE = {"A": (0.0, 0.0), "B": (10.0, 0.0), "C": (10.0, 10.0), "D": (0.0, 10.0)}


def outline(folder: Path, *shapes: shapely.Geometry) -> Path:
    """A file of shapes drawn in kilometres from the corner of the region."""
    moved = [shapely.transform(shape, lambda at: at * 1000 + [EAST, NORTH]) for shape in shapes]
    path = folder / "outline.gpkg"
    gpd.GeoDataFrame(geometry=moved, crs=27700).to_file(path, driver="GPKG")
    return path


def network_areas(
    table: pd.DataFrame, networks: Sequence[Sequence[int]], path: Path | None = None
) -> gpd.GeoSeries:
    return drawn.network_areas(table, networks, Adjacency(outline=path))


def practice_areas(table: pd.DataFrame, path: Path | None = None) -> gpd.GeoSeries:
    """The land of each practice, as if it were a network."""
    return network_areas(table, [(i,) for i in range(len(table))], path)


def points(table: pd.DataFrame) -> gpd.GeoSeries:
    return gpd.GeoSeries.from_xy(table["easting"], table["northing"], crs=27700)


def squares(areas: gpd.GeoSeries) -> list[float]:
    return (areas.area / 1e6).round(1).tolist()


def assert_partition(areas: gpd.GeoSeries, whole: shapely.Geometry) -> None:
    """Valid polygons without land in common, which together are all the land."""
    assert areas.crs == "EPSG:27700"
    assert areas.is_valid.all()
    assert set(areas.geom_type) <= {"Polygon", "MultiPolygon"}
    assert areas.union_all().symmetric_difference(whole).area <= 1e-6 * whole.area
    assert areas.area.sum() - whole.area <= 1e-6 * whole.area


def test_land_goes_to_the_nearest_practice_and_a_little_beyond_the_outermost() -> None:
    areas = practice_areas(region(SQUARE))
    # Half a kilometre around 100 square kilometres, corners rounded.
    assert squares(areas) == [30.2] * 4
    assert areas.index.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("places", "land"),
    [
        pytest.param({"A": (0.0, 0.0)}, [0.8], id="one practice: a disc"),
        pytest.param({"A": (0.0, 0.0), "B": (2.0, 0.0)}, [1.4, 1.4], id="two"),
        pytest.param(
            {"A": (0.0, 0.0), "B": (2.0, 2.0), "C": (4.0, 4.0)}, [1.8, 2.8, 1.8], id="row"
        ),
    ],
)
def test_practices_without_land_between_them_have_it_around_them(
    places: Places, land: list[float]
) -> None:
    assert squares(practice_areas(region(places))) == land


def test_an_outline_says_where_land_ends(tmp_path: Path) -> None:
    banks = outline(tmp_path, shapely.box(-1, -1, 11, 4), shapely.box(-1, 6, 11, 11))
    assert squares(practice_areas(region(SQUARE), banks)) == [30.0] * 4


def test_of_an_outline_of_the_whole_country_only_what_is_near_is_drawn(tmp_path: Path) -> None:
    land = outline(tmp_path, shapely.box(-200, -200, 11, 11))
    areas = practice_areas(region(SQUARE), land)
    # Up to 25 km to the west and south, and as far as the outline goes to the east and north.
    assert squares(gpd.GeoSeries(areas.union_all())) == [36.0 * 36.0]


def test_a_practice_outside_the_outline_stands_on_a_pier(tmp_path: Path) -> None:
    table = region(SQUARE | {"E": (11.9, 5.0)})
    land = outline(tmp_path, shapely.box(-1, -1, 11, 11))
    areas = practice_areas(table, land)
    assert areas.covers(points(table)).all()
    assert areas[4].geom_type == "Polygon"
    assert squares(gpd.GeoSeries(areas.union_all())) == [144.5]


def test_networks_have_the_land_of_their_practices(tmp_path: Path) -> None:
    land = outline(tmp_path, shapely.box(-1, -1, 11, 11))
    areas = network_areas(region(SQUARE), [(0, 1, 2), (3,)], land)
    assert squares(areas) == [108.0, 36.0]


def test_the_land_of_practices_in_no_network_is_nobodys(tmp_path: Path) -> None:
    land = outline(tmp_path, shapely.box(-1, -1, 11, 11))
    assert squares(network_areas(region(SQUARE), [(0,), (1, 2)], land)) == [36.0, 72.0]


def test_two_networks_at_one_address_each_get_the_side_towards_the_others(tmp_path: Path) -> None:
    table = region({"A": (5.0, 5.0), "B": (5.0, 5.0), "W": (0.0, 5.0), "Z": (10.0, 5.0)})
    land = outline(tmp_path, shapely.box(-1, 0, 11, 10))
    west, east = network_areas(table, [(0, 2), (1, 3)], land)
    assert west.equals(
        shapely.transform(shapely.box(-1, 0, 5, 10), lambda p: p * 1000 + [EAST, NORTH])
    )
    assert east.equals(
        shapely.transform(shapely.box(5, 0, 11, 10), lambda p: p * 1000 + [EAST, NORTH])
    )


def test_what_belongs_together_is_on_one_side_of_an_address() -> None:
    """Each practice alone, at an address with two of the west and two of the east."""
    at_it = (5.0, 5.0)
    table = region(
        {"A": at_it, "B": at_it, "C": at_it, "D": at_it, "W": (0.0, 5.0), "Z": (10.0, 5.0)}
    )
    west, east = (0, 2, 4), (1, 3, 5)
    land = drawn.network_areas(table, [(i,) for i in range(6)], Adjacency(), kin=(west, east))
    for own, side in ((west, -1), (east, 1)):
        assert shapely.union_all(land.iloc[[*own]]).geom_type == "Polygon"
        assert all(side * (land[i].centroid.x - EAST - 5000) > 0 for i in own)


def test_networks_with_nobody_elsewhere_share_the_rest_of_an_address(tmp_path: Path) -> None:
    table = region({"A": (5.0, 5.0), "B": (5.0, 5.0), "C": (5.0, 5.0), "W": (0.0, 5.0)})
    land = outline(tmp_path, shapely.box(-1, 0, 11, 10))
    areas = network_areas(table, [(0, 3), (1,), (2,)], land)
    assert areas.geom_type.tolist() == ["Polygon"] * 3
    assert areas[0].covers(points(table)[3])
    assert areas.touches(points(table)[0]).all()


def test_borders_meet_on_a_grid_of_a_millimetre() -> None:
    table = region({"A": (0.0, 0.0), "B": (3.1, 0.7), "C": (1.3, 4.9), "D": (5.9, 6.1)})
    millimetres = 1000 * shapely.get_coordinates(practice_areas(table))
    assert np.abs(millimetres - millimetres.round()).max() < 1e-3


@settings(max_examples=many(60))
@given(
    places=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=25),
    km=st.sampled_from([0.001, 0.0257, 1.0, 10.0]),
    count=st.integers(1, 6),
    seed=st.integers(0, 9),
)
def test_areas_of_any_plan_are_disjoint_and_cover_their_practices(
    places: list[tuple[int, int]], km: float, count: int, seed: int
) -> None:
    table = region({f"P{k:02}": (x * km, y * km) for k, (x, y) in enumerate(places)})
    chosen = np.random.default_rng(seed).integers(0, count, len(table))
    networks = [np.flatnonzero(chosen == k).tolist() for k in np.unique(chosen)]
    cells, at = practice_areas(table), points(table)
    whole = cells.union_all()
    areas = network_areas(table, networks)
    assert_partition(areas, whole)
    assert (cells.distance(at) <= 1).all()
    for area, members in zip(areas, networks, strict=True):
        assert (at.iloc[members].distance(area) <= 1).all()


@settings(max_examples=many(15))
@given(
    places=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2, max_size=12),
    holed=st.booleans(),
)
def test_areas_fill_any_outline(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[int, int]], *, holed: bool
) -> None:
    table = region({f"P{k:02}": (float(x), float(y)) for k, (x, y) in enumerate(places)})
    land = shapely.Point(6, 6).buffer(9)
    lake = shapely.box(3.3, 3.3, 3.7, 8.7) if holed else shapely.Point()
    path = outline(
        tmp_path_factory.mktemp("land"), land.difference(lake), shapely.box(20, 0, 22, 2)
    )
    areas = network_areas(table, [range(0, len(table), 2), range(1, len(table), 2)], path)
    assert_partition(areas, read_outline(path, table))
