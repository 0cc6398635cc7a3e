"""Practices that do not say where they are, since travel and neighbours are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration
from pcn_group.practices import read_practices
from pcn_group.practices.table import has_places, practices_csv
from tests.practices.practice_inputs import written

PEOPLE = "practice_code,practice_name,list_size\nA,Abbey,12000\nB,Bridge,20000\n"
PLACED = """\
practice_code,practice_name,list_size,easting,northing
A,Abbey,12000,500000,220000
B,Bridge,20000,,
C,Church,8000,,
"""
MATRIX, EDGES = (
    {"travel": {"matrix": "m.csv"}},
    {"adjacency": {"method": "edges", "edges": "e.csv"}},
)
BOTH = MATRIX | EDGES


def faults(folder: Path, text: str, rules: object, *others: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_practices([written(folder, text), *others], rules=Configuration.model_validate(rules))
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    "text",
    [
        PEOPLE,
        PEOPLE.replace("size\n", "size,easting,northing\n").replace("000\n", "000,,\n"),
        PEOPLE.replace("size\n", "size,postcode\n").replace("000\n", "000,\n"),
    ],
    ids=["no columns", "empty columns", "no postcodes"],
)
def test_no_place_is_needed_where_travel_and_neighbours_are_given(
    tmp_path: Path, text: str
) -> None:
    read = read_practices([written(tmp_path, text)], rules=Configuration.model_validate(BOTH))
    assert not has_places(read.table)
    assert read.table[["easting", "northing"]].isna().all(axis=None)
    assert set(read.data_report["finding"]) == {"rows_used"}
    assert practices_csv(read.table) == PEOPLE


@pytest.mark.parametrize(
    ("rules", "more"),
    [
        ({}, ""),
        (MATRIX, " With adjacency.edges beside travel.matrix no practice needs one."),
        (EDGES, " With travel.matrix beside adjacency.edges no practice needs one."),
    ],
)
def test_with_one_of_the_two_places_are_needed(tmp_path: Path, rules: object, more: str) -> None:
    assert faults(tmp_path, PEOPLE, rules) == [
        (
            "practices.csv: has no columns for a location. Add easting and northing, or latitude "
            f"and longitude, or postcode.{more}"
        )
    ]


def test_all_practices_have_places_or_none(tmp_path: Path) -> None:
    assert faults(tmp_path, PLACED, BOTH) == [
        f"practices.csv, row {row}, column easting, northing: has no location (', '). Fill it in, "
        "or give the practice's postcode in a column postcode. Or give no practice a location."
        for row in (3, 4)
    ]
    elsewhere = written(tmp_path, PEOPLE.replace("A,", "D,").replace("B,", "E,"), "more.csv")
    whole = PLACED.replace(",,", ",500000,221000")
    assert faults(tmp_path, whole, BOTH, elsewhere) == [
        (
            "more.csv: has no columns for a location. Add easting and northing, or latitude and "
            "longitude, or postcode. Or give no practice a location."
        )
    ]


def test_what_needs_places_is_refused_by_name(tmp_path: Path) -> None:
    area = """{"type": "FeatureCollection", "features": [{"type": "Feature",
    "properties": {"code": "N1", "name": "North"}, "geometry": {"type": "Polygon",
    "coordinates": [[[-1, 51], [0, 51], [0, 52], [-1, 51]]]}}]}"""
    rules = {
        "data": {"atypical": "attach", "shared": "together"},
        "travel": {**MATRIX["travel"], "way": "roads", "roads": "r.roads"},
        "adjacency": {**EDGES["adjacency"], "land": "l.geojson", "crossings": "c.csv"},
    }
    found = faults(tmp_path, PEOPLE, rules, written(tmp_path, area, "map.geojson"))
    assert found == [
        f"{name}: needs to know where practices are, and none of them says so. Leave it out, or "
        "give easting and northing of the practices."
        for name in (
            "adjacency.crossings",
            "adjacency.land",
            "data.atypical",
            "data.shared",
            "map.geojson",
            "travel.roads",
        )
    ]
