"""The land that is shipped, its crossings, and land of one's own."""

from __future__ import annotations

import csv
import runpy
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from pcn_group.base.errors import InputError
from pcn_group.config.model import Adjacency
from pcn_group.geography.land import CROSSINGS, OUTLINE, Crossing, Land, great_britain, land_of
from pcn_group.geography.mesh import build_mesh
from tests.geography.regions import EAST, NORTH, region
from tests.paths import ROOT

BOUNDARIES = ROOT.parent / "shared" / "data" / "land" / "gb-bsc-2024.geojson"

PLACES = {
    "Truro": (182_700, 44_900),
    "Falmouth, the docks": (181_900, 32_400),
    "Manchester": (384_000, 398_000),
    "Holy Island": (412_600, 641_900),
    "Carlisle": (340_000, 556_000),
}
WATERS = {
    "Carrick Roads": (183_500, 35_500),
    "the Helford": (176_200, 26_500),
    "the Tamar": (243_500, 57_500),
    "the Thames at Tower Bridge": (533_700, 180_250),
    "the Humber": (502_500, 424_500),
    "the North Sea": (600_000, 500_000),
}


@pytest.mark.parametrize("name", PLACES)
def test_places_on_land(name: str) -> None:
    assert great_britain().located(np.array([PLACES[name]], float)).off_land[0] == 0


@pytest.mark.parametrize("name", WATERS)
def test_places_in_the_water(name: str) -> None:
    assert great_britain().located(np.array([WATERS[name]], float)).off_land[0] > 0


def test_the_outline_is_sound() -> None:
    parts = great_britain().parts
    assert shapely.is_valid(parts).all()
    assert not shapely.get_num_interior_rings(parts).any()
    assert shapely.area(parts).sum() == pytest.approx(2.3e11, rel=0.02)
    assert OUTLINE.stat().st_size < 600_000
    corners = shapely.get_coordinates(parts)
    assert (corners == np.rint(corners)).all()


def test_the_mesh_that_is_shipped_is_that_of_the_outline() -> None:
    shipped, built = great_britain().mesh, build_mesh(great_britain().parts)
    inside = np.random.default_rng(1).choice(len(shipped.part_of), 60, replace=False)
    places = shapely.get_coordinates(shapely.centroid(shipped.triangles.geometries[inside]))
    found, expected = (
        mesh.metres(mesh.nearest(places), mesh.nearest(places)) for mesh in (shipped, built)
    )
    assert 60 * 10 < np.isfinite(found).sum() < 60 * 60  # by land, and from island to island
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-6)


@pytest.mark.skipif(not BOUNDARIES.exists(), reason="the official data is not beside the project")
def test_the_outline_is_what_the_script_makes_of_the_boundaries() -> None:
    made = runpy.run_path(str(ROOT / "data" / "land" / "make.py"))["outline"](BOUNDARIES)
    assert made == OUTLINE.read_text(encoding="utf-8")


def test_every_crossing_leads_over_water() -> None:
    land = great_britain()
    assert {crossing.name: land.fault_of(crossing) for crossing in land.crossings} == {
        crossing.name: None for crossing in land.crossings
    }
    assert len({crossing.name for crossing in land.crossings}) == len(land.crossings) > 75
    assert {crossing.kind for crossing in land.crossings} == {"bridge", "tunnel", "ferry"}


def test_every_crossing_says_where_its_place_is_from() -> None:
    with CROSSINGS.open(encoding="utf-8", newline="") as file:
        assert all(row["source"] for row in csv.DictReader(file))


def crossing(name: str, east: float = 0, north: float = 0) -> Crossing:
    (found,) = (each for each in great_britain().crossings if each.name == name)
    return Crossing(name, found.kind, found.ends + np.array([east, north]), found.row)


def test_a_crossing_in_the_wrong_place_is_found_out() -> None:
    land = great_britain()
    assert "way round over land only" in str(land.fault_of(crossing("Shaldon Bridge", 0, 700)))
    assert "m from land" in str(land.fault_of(crossing("Shaldon Bridge", 6000, -2000)))


# --- a user's own --------------------------------------------------------------------------------

BAY = shapely.Polygon([(0, 0), (9, 0), (9, 8), (5, 8), (5, 2), (4, 2), (4, 8), (0, 8)])
TABLE = region({"A": (2.0, 6.0), "B": (7.0, 6.0)})


def own_land(folder: Path, shape: shapely.Geometry) -> Path:
    """A GeoPackage of land drawn in kilometres from the corner of the region."""
    path = folder / "land.gpkg"
    moved = shapely.transform(shape, lambda points: points * 1000 + [EAST, NORTH])
    gpd.GeoDataFrame(geometry=[moved], crs=27700).to_file(path, driver="GPKG")
    return path


def own_crossings(folder: Path, *rows: str) -> Path:
    path = folder / "bridges.csv"
    head = "name,kind,from_easting,from_northing,to_easting,to_northing"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_land_of_ones_own_has_no_crossings_but_ones_own(tmp_path: Path) -> None:
    path = own_land(tmp_path, BAY)
    assert land_of(Adjacency(land=path), TABLE).crossings == ()
    bridges = own_crossings(tmp_path, "The Bridge,bridge,503900,226000,505100,226000")
    (bridge,) = land_of(Adjacency(land=path, crossings=bridges), TABLE).crossings
    assert (bridge.name, bridge.kind) == ("The Bridge", "bridge")
    assert bridge.ends.tolist() == [[503_900, 226_000], [505_100, 226_000]]


def test_ones_own_crossings_are_added_to_those_of_great_britain(tmp_path: Path) -> None:
    road = "Cremyll,ferry,245300,53500,246100,54000"
    land = land_of(Adjacency(crossings=own_crossings(tmp_path, road)), TABLE)
    assert len(land.crossings) == len(great_britain().crossings) + 1


def test_crossings_that_lead_over_no_water_are_faults(tmp_path: Path) -> None:
    path = own_crossings(
        tmp_path, "Dry,bridge,501000,221000,502000,221000", "Far,ferry,504500,227900,504500,239000"
    )
    with pytest.raises(InputError) as caught:
        land_of(Adjacency(land=own_land(tmp_path, BAY), crossings=path), TABLE)
    dry, far = map(str, caught.value.faults)
    assert dry == (
        "bridges.csv, row 2, column name: is 1,000 m long, and the way round over land only "
        "1,000 m ('Dry'). Correct its ends (EPSG:27700), or leave it out."
    )
    assert "row 3, column name: has an end 11,011 m from land ('Far')" in far


def test_ends_that_are_no_numbers_are_faults(tmp_path: Path) -> None:
    path = own_crossings(tmp_path, "The Bridge,bridge,SX 12 34,226000,505100,")
    with pytest.raises(InputError) as caught:
        land_of(Adjacency(crossings=path), TABLE)
    assert [fault.column for fault in caught.value.faults] == ["from_easting", "to_northing"]


def test_lakes_count_as_land(tmp_path: Path) -> None:
    lake = shapely.box(1, 0.5, 8, 1.5)
    land = land_of(Adjacency(land=own_land(tmp_path, BAY.difference(lake))), TABLE)
    assert not shapely.get_num_interior_rings(land.parts).any()


def test_a_place_in_the_water_counts_as_on_the_nearest_land() -> None:
    land = Land.of(np.array([shapely.box(0, 0, 1000, 1000)]))
    ways = land.ways(*map(land.located, np.array([[[-100.0, 500.0]], [[900.0, 500.0]]])))
    assert ways.tolist() == [[1000.0]]
