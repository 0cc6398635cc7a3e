"""A plan in mapping programs: what they read is valid, and what the CSV files say."""

from __future__ import annotations

import csv
import json
import sqlite3
from io import StringIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from pcn_group.output.maps.layers import map_files
from tests.output.maps.drawn import VALLEY, Drawn, alone, drawn, left_out, odd_names

PLANS = {"valley": lambda _: VALLEY, "odd names": odd_names, "left out": left_out}


@pytest.fixture(params=PLANS)
def plan(request: pytest.FixtureRequest, tmp_path: Path) -> Drawn:
    return drawn(PLANS[request.param](tmp_path))


def collection(plan: Drawn) -> dict[str, Any]:
    text = map_files(plan.layers)["networks.geojson"]
    assert isinstance(text, str)
    read: dict[str, Any] = json.loads(text)
    return read


def geopackage(plan: Drawn, folder: Path) -> Path:
    content = map_files(plan.layers)["networks.gpkg"]
    assert isinstance(content, bytes)
    path = folder / "networks.gpkg"
    path.write_bytes(content)
    return path


def shapes(features: list[dict[str, Any]], kind: str) -> list[shapely.Geometry]:
    return [
        shapely.geometry.shape(feature["geometry"])
        for feature in features
        if feature["properties"]["kind"] == kind
    ]


def written(row: dict[str, Any], columns: list[str]) -> list[str]:
    """Values as the CSV files write them."""
    decimals = dict.fromkeys(("mean_km", "max_km", "km_to_hub"), 3)
    decimals |= dict.fromkeys(("straight_km", "way_km", "water_km"), 3)
    decimals |= dict.fromkeys(("weighted_list_size", "adjusted_list_size"), 2)
    cells = []
    for name in columns:
        value = row[name]
        if value is None or pd.isna(value):
            cells.append("")
        elif isinstance(value, bool):
            cells.append(str(value).lower())
        elif name in decimals:
            cells.append(f"{value:.{decimals[name]}f}")
        else:
            cells.append(f"{value:.10g}" if isinstance(value, float) else str(value))
    return cells


def are_apart(plan: Drawn, pair: list[str]) -> bool:
    places = plan.layers.practices.set_index("practice_code").geometry
    return bool(places[pair[0]] != places[pair[1]])


def rings(feature: dict[str, Any]) -> list[list[list[list[float]]]]:
    """The polygons of a feature, each as its rings."""
    geometry = feature["geometry"]
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"]]
    return geometry["coordinates"] if geometry["type"] == "MultiPolygon" else []


def test_geojson_is_as_rfc_7946_has_it(plan: Drawn) -> None:
    read = collection(plan)
    assert set(read) == {"type", "features"}
    assert read["type"] == "FeatureCollection"
    for feature in read["features"]:
        assert set(feature) == {"type", "properties", "geometry"}
        assert feature["type"] == "Feature"
        assert feature["geometry"]["type"] in {"Point", "Polygon", "MultiPolygon"}
        for polygon in rings(feature):
            for number, ring in enumerate(polygon):
                assert len(ring) >= 4
                assert ring[0] == ring[-1]
                assert shapely.LinearRing(ring).is_ccw == (number == 0)


def test_geojson_is_in_degrees_in_britain(plan: Drawn) -> None:
    for kind in ("network", "practice"):
        for shape in shapes(collection(plan)["features"], kind):
            west, south, east, north = shape.bounds
            assert -9 < west <= east < 2
            assert 49 < south <= north < 61
            assert (shapely.get_coordinates(shape).round(7) == shapely.get_coordinates(shape)).all()


def test_a_place_is_where_it_is(tmp_path: Path) -> None:
    """The water tower of Caister, which the Ordnance Survey takes as its example."""
    place = (651_409.903, 313_177.270)
    (found,) = shapes(collection(drawn(alone(tmp_path, place)))["features"], "practice")
    assert (found.y, found.x) == pytest.approx((52.65798, 1.71605), abs=5e-5)


def test_areas_in_geojson_are_valid_and_apart_and_cover_their_practices(plan: Drawn) -> None:
    features = collection(plan)["features"]
    areas, places = shapes(features, "network"), shapes(features, "practice")
    assert all(area.is_valid for area in areas)
    for k, area in enumerate(areas):
        assert all(area.intersection(other).area <= 1e-6 * area.area for other in areas[:k])
    ids = [f["properties"]["network_id"] for f in features if f["properties"]["kind"] == "network"]
    of = [f["properties"]["network_id"] for f in features if f["properties"]["kind"] == "practice"]
    for place, network in zip(places, of, strict=True):
        for area, other in zip(areas, ids, strict=True):
            assert (area.distance(place) < 1e-6) == (network == other)


def test_geojson_has_the_attributes_of_the_csv_files(plan: Drawn) -> None:
    features = collection(plan)["features"]
    for kind, table, more in (
        ("network", "networks", {"colour"}),
        ("practice", "practices", set()),
    ):
        lines = list(csv.reader(StringIO(plan.tables[table])))
        found = [f["properties"] for f in features if f["properties"]["kind"] == kind]
        assert all(set(row) == {"kind", *lines[0], *more} for row in found)
        assert [written(row, lines[0]) for row in found] == lines[1:]


def test_numbers_are_numbers_and_flags_are_flags() -> None:
    network, *_, practice = (f["properties"] for f in collection(drawn(VALLEY))["features"])
    assert (network["patients"], network["in_band"], network["mean_km"]) == (31_345, True, 0.798)
    assert (practice["list_size"], practice["is_hub"], practice["northing"]) == (
        8_001,
        False,
        222_000,
    )


@pytest.mark.parametrize("layer", ["networks", "practices", "neighbours"])
def test_the_geopackage_read_again_is_the_csv_file(plan: Drawn, tmp_path: Path, layer: str) -> None:
    read = gpd.read_file(geopackage(plan, tmp_path), layer=layer)
    lines = list(csv.reader(StringIO(plan.tables[layer])))
    assert read.crs == "EPSG:27700"
    rows = read.drop(columns="geometry").to_dict("records")
    assert read.geometry.is_valid.all()
    if layer == "neighbours":
        lines = [lines[0], *(pair for pair in lines[1:] if are_apart(plan, pair))]
    assert [written(row, lines[0]) for row in rows] == lines[1:]
    assert set(read.geom_type) <= {
        {"networks": "MultiPolygon", "practices": "Point"}.get(layer, "LineString")
    }


def test_neighbours_at_one_place_have_no_line() -> None:
    plan = drawn(VALLEY)
    pairs = list(csv.reader(StringIO(plan.tables["neighbours"])))[1:]
    assert 0 < len(plan.layers.neighbours) < len(pairs)


def test_lists_that_are_known_for_some_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "groupings.csv"
    path.write_text(
        "practice_code,practice_name,list_size,network_id,easting,northing,"
        "weighted_list_size,adjusted_list_size,care_home_beds\n"
        "A,Abbey,20000,A,500000,220000,21000.55,19000,12\n"
        "B,Bridge,15000,A,501000,220000,,,\n",
        encoding="utf-8",
    )
    plan = drawn(path)
    names = ["weighted_list_size", "adjusted_list_size", "care_home_beds"]
    found = [
        [feature["properties"][name] for name in names]
        for feature in collection(plan)["features"]
        if feature["properties"]["kind"] == "practice"
    ]
    assert found == [[21_000.55, 19_000.0, 12], [None, None, None]]
    with sqlite3.connect(geopackage(plan, tmp_path)) as file:
        kinds = {row[1]: row[2] for row in file.execute("pragma table_info(practices)")}
    file.close()
    assert [kinds[name] for name in names] == ["REAL", "REAL", "INTEGER"]


def test_the_geopackage_has_each_practice_in_its_place(tmp_path: Path) -> None:
    path = geopackage(drawn(VALLEY), tmp_path)
    practices = gpd.read_file(path, layer="practices")
    assert (practices.geometry.x == practices["easting"]).all()
    assert (practices.geometry.y == practices["northing"]).all()
    at = dict(zip(practices["practice_code"], practices.geometry, strict=True))
    for line in gpd.read_file(path, layer="neighbours").itertuples():
        ends = [at[line.practice_code], at[line.neighbour_code]]
        assert shapely.get_coordinates(line.geometry).tolist() == [[p.x, p.y] for p in ends]


def test_a_region_of_one_practice_has_no_neighbours_to_draw(tmp_path: Path) -> None:
    plan = drawn(alone(tmp_path, (500_000, 220_000)))
    read = gpd.read_file(geopackage(plan, tmp_path), layer="neighbours")
    assert list(read.columns[:2]) == ["practice_code", "neighbour_code"]
    assert read.empty


def test_the_bytes_are_the_same_every_time(tmp_path: Path) -> None:
    assert map_files(drawn(VALLEY).layers) == map_files(drawn(VALLEY).layers)
    with sqlite3.connect(geopackage(drawn(VALLEY), tmp_path)) as file:
        dates = file.execute("select distinct last_change from gpkg_contents").fetchall()
    file.close()
    assert dates == [("2000-01-01T00:00:00.000Z",)]
