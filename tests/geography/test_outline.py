"""Files of land: what they hold, and what their coordinates are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from pcn_group.base.errors import InputError
from pcn_group.geography.outline import read_outline
from tests.geography.regions import EAST, NORTH, region

TABLE = region({"A": (0.0, 0.0), "B": (3.0, 0.0), "C": (0.0, 3.0)})

METRES = [[EAST + x, NORTH + y] for x, y in [(-1e4, -1e4), (2e4, -1e4), (0, 2e4), (-1e4, -1e4)]]
DEGREES = [[-1.0, 51.5], [0.5, 51.5], [0.5, 52.5], [-1.0, 52.5], [-1.0, 51.5]]

GRID = {"crs": {"type": "name", "properties": {"name": "EPSG:27700"}}}


def polygon(ring: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [ring]}


def geojson(folder: Path, geometry: object, **members: object) -> Path:
    path = folder / "land.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": [feature]}))
    return path


def fault(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_outline(path, TABLE)
    (found,) = caught.value.faults
    return str(found)


def test_metres_that_the_file_does_not_speak_of_are_a_fault(tmp_path: Path) -> None:
    found = fault(geojson(tmp_path, polygon(METRES)))
    assert found.startswith("land.geojson: has coordinates in metres, such as 490,000 210,000, and")
    assert '"crs": {"type": "name", "properties": {"name": "EPSG:27700"}}' in found


def test_its_remedy_works(tmp_path: Path) -> None:
    land = read_outline(geojson(tmp_path, polygon(METRES), **GRID), TABLE)
    assert land.equals(shapely.Polygon(METRES))


def test_degrees_that_are_said_to_be_metres_are_a_fault(tmp_path: Path) -> None:
    found = fault(geojson(tmp_path, polygon(DEGREES), **GRID))
    assert "has coordinates in degrees, such as -1 51.5, and says that they are on a grid" in found


def test_latitude_before_longitude_is_a_fault(tmp_path: Path) -> None:
    found = fault(geojson(tmp_path, polygon([[y, x] for x, y in DEGREES])))
    assert "has latitude before longitude, such as 51.5 -1. Give longitude first" in found


def test_longitude_and_latitude_need_no_word(tmp_path: Path) -> None:
    land = read_outline(geojson(tmp_path, polygon(DEGREES)), TABLE)
    assert shapely.contains_xy(land, EAST, NORTH)


@pytest.mark.parametrize(
    ("geometry", "problem"),
    [
        (None, "has no polygons"),
        ({"type": "Point", "coordinates": [0, 52]}, "has no polygons"),
        ({"type": "Polygon", "coordinates": []}, "has no polygons but empty ones"),
        (polygon([[0, 52]]), "has a shape that is none"),
    ],
)
def test_a_file_without_land_is_a_fault(geometry: object, problem: str, tmp_path: Path) -> None:
    assert problem in fault(geojson(tmp_path, geometry))


def test_of_a_file_that_is_no_map_it_says_so_once(tmp_path: Path) -> None:
    path = tmp_path / "land.geojson"
    path.write_bytes(b"\0\1\2")
    assert "is neither GeoJSON, GeoPackage nor shapefile" in fault(path)
