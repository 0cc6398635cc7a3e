"""Neighbourhoods on the maps of a plan: drawn as they are, or around their areas."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from pcn_group.output.maps.layers import MapLayers, borders, map_files, map_layers
from pcn_group.output.maps.pictures import map_pictures
from pcn_group.plan.case import Case
from pcn_group.plan.network import labelled_networks
from pcn_group.region.region import Region
from tests.region.mapped import (
    CENTROIDS,
    EAST,
    EAST_SIDE,
    NORTH,
    PRACTICES,
    RESIDENTS,
    SHAPES,
    TABLE,
    WEST,
    mapped,
    polygon,
    shapes,
)

NETWORKS = {"A": (0, 1), "B": (2,)}


def laid_out(region: Region) -> MapLayers:
    return map_layers(region, labelled_networks(region, NETWORKS, {}))


def test_polygons_are_drawn_as_they_are(tmp_path: Path) -> None:
    rows = laid_out(mapped(tmp_path, [PRACTICES, SHAPES])).neighbourhoods

    assert rows["neighbourhood"].tolist() == ["N1", "N2"]
    assert rows["neighbourhood_name"].tolist() == ["West", "East"]
    drawn = [shapely.geometry.shape(polygon(box)) for box in (WEST, EAST_SIDE)]
    assert all(a.equals(b) for a, b in zip(rows.geometry, drawn, strict=True))


def test_those_of_a_table_are_drawn_around_the_centroids_of_their_areas(tmp_path: Path) -> None:
    layers = laid_out(mapped(tmp_path, [PRACTICES, RESIDENTS, CENTROIDS, TABLE]))
    west, east = layers.neighbourhoods.geometry

    # The border is halfway between the areas in the middle, at 503,000 and at 505,000.
    assert west.bounds[2] == pytest.approx(EAST + 4000, abs=1)
    assert east.bounds[0] == pytest.approx(EAST + 4000, abs=1)
    land = shapely.union_all(layers.networks.geometry.to_numpy())
    assert shapely.union(west, east).area == pytest.approx(land.area)


@pytest.mark.parametrize("files", [(), (RESIDENTS, TABLE)])
def test_nothing_is_drawn_of_what_is_not_known(tmp_path: Path, files: tuple[str, ...]) -> None:
    layers = laid_out(mapped(tmp_path, [PRACTICES, *files]))

    assert layers.neighbourhoods.geometry.is_empty.all()


def test_neighbourhoods_out_of_sight_are_left_out(tmp_path: Path) -> None:
    far = shapes(
        ({"code": "N1"}, polygon((0, 0, 8000, 4000))),
        ({"code": "N9"}, polygon((90_000, 0, 94_000, 4000))),
    )
    areas = "lsoa_code,easting,northing\n" + "".join(
        f"E0100000{k},{EAST + east},{NORTH + 2000}\n"
        for k, east in ((1, 1000), (2, 92_000), (3, 5000), (4, 7000))
    )
    layers = laid_out(mapped(tmp_path, [PRACTICES, RESIDENTS], {SHAPES: far, CENTROIDS: areas}))

    assert layers.neighbourhoods["neighbourhood"].tolist() == ["N1"]


def test_a_border_that_two_have_in_common_is_drawn_once() -> None:
    pair = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]

    assert sum(line.length for line in borders(gpd.GeoSeries(pair).to_numpy())) == 7


def test_they_are_a_layer_in_mapping_programs(tmp_path: Path) -> None:
    files = map_files(laid_out(mapped(tmp_path, [PRACTICES, SHAPES])))
    content, text = files["networks.gpkg"], files["networks.geojson"]
    assert isinstance(content, bytes)
    assert isinstance(text, str)
    (tmp_path / "networks.gpkg").write_bytes(content)

    read = gpd.read_file(tmp_path / "networks.gpkg", layer="neighbourhoods")
    assert read["neighbourhood_name"].tolist() == ["West", "East"]
    kinds = [feature["properties"]["kind"] for feature in json.loads(text)["features"]]
    assert kinds.count("neighbourhood") == 2


def test_without_a_map_there_is_no_such_layer(tmp_path: Path) -> None:
    content = map_files(laid_out(mapped(tmp_path, [PRACTICES])))["networks.gpkg"]
    assert isinstance(content, bytes)
    (tmp_path / "networks.gpkg").write_bytes(content)

    assert "neighbourhoods" not in pyogrio.list_layers(tmp_path / "networks.gpkg")[:, 0]


def test_the_picture_has_their_borders_and_names(tmp_path: Path) -> None:
    for files, is_drawn in (((SHAPES,), True), ((), False)):
        region = mapped(tmp_path, [PRACTICES, *files])
        picture = map_pictures(laid_out(region), Case("by hand", region, NETWORKS), "A", "B")
        drawn = str(picture["map.svg"])

        assert ('id="neighbourhoods"' in drawn) == is_drawn
        names = ("West", "East", "neighbourhood")
        assert [f"<!-- {name} -->" in drawn for name in names] == [is_drawn] * 3


def test_nothing_lies_over_what_is_said_of_where_land_and_towns_are_from(tmp_path: Path) -> None:
    region = mapped(tmp_path, [PRACTICES, SHAPES])
    layers = laid_out(region)
    credit = layers.backdrop.credit
    drawn = str(map_pictures(layers, Case("by hand", region, NETWORKS), "A", "B")["map.svg"])

    assert credit.startswith("Land: ONS")
    place = drawn.rindex(f"<!-- {credit} -->")
    for other in ('id="neighbourhoods"', "<!-- West -->", 'id="area-1"'):
        assert drawn.rindex(other) < place


def test_the_edge_of_a_map_is_no_border(tmp_path: Path) -> None:
    wide = shapes(
        ({"code": "N1"}, polygon((-90_000, -90_000, 4000, 90_000))),
        ({"code": "N2"}, polygon((4000, -90_000, 90_000, 90_000))),
    )
    region = mapped(tmp_path, [PRACTICES], {SHAPES: wide})
    picture = map_pictures(laid_out(region), Case("by hand", region, NETWORKS), "A", "B")
    (group,) = re.findall(r'<g id="neighbourhoods">(.*?)</g>', str(picture["map.svg"]), re.DOTALL)

    # All that is in sight of the borders is the one that both have in common.
    assert len(re.findall(r" d=", group)) == 1
    places = re.findall(r"[ML] ([\d.]+) [\d.]+", group)
    assert len(places) == 2
    assert len({*places}) == 1
