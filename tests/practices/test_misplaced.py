"""Practices whose coordinates are not where their postcode is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.practices import Practices, directories, read_practices
from tests.practices.practice_inputs import faults_in, findings, invented, read_files, written

HEADER = "practice_code,practice_name,list_size,easting,northing,postcode\n"
MAP = "PRACTICE_CODE,PRACTICE_NAME,PRACTICE_POSTCODE,CCG_CODE\n"


def told(practices: Practices) -> list[tuple[str, str]]:
    return [(code, detail) for code, _, detail, _ in findings(practices, "postcode_far")]


@pytest.mark.parametrize(
    ("place", "detail"),
    [
        ("508600,221300", None),  # there: LU1 1AA
        ("508600,226299", None),
        ("508600,226300", "5 km from LU1 1AA"),
        ("608600,221300", "100 km from LU1 1AA"),
        ("221300,508600", "406 km from LU1 1AA: easting and northing are swapped"),
    ],
)
def test_coordinates_far_from_the_postcode(tmp_path: Path, place: str, detail: str | None) -> None:
    text = f"{HEADER}Z00001,Abbey,9000,{place},LU1 1AA\nZ00002,Bridge,9000,509000,221300,LU1 2BQ\n"
    practices = read_files(written(tmp_path, text))

    assert told(practices) == ([("Z00001", detail)] if detail else [])
    assert practices.table.loc[0, ["easting", "northing"]].tolist() == [
        float(number) for number in place.split(",")
    ]


def test_degrees_far_from_the_postcode(tmp_path: Path) -> None:
    header = HEADER.replace("easting,northing", "latitude,longitude")
    rows = "Z00001,Abbey,9000,51.88,-0.42,LU1 1AA\nZ00002,Bridge,9000,51.88,0.42,lu1 2bq\n"

    assert told(read_files(written(tmp_path, header + rows))) == [("Z00002", "58 km from lu1 2bq")]


def test_coordinates_far_from_the_postcode_of_the_map(tmp_path: Path) -> None:
    text = f"{HEADER}Z00001,Abbey,9000,400000,300000,\nZ00002,Bridge,9000,509000,221300,LU1 2BQ\n"
    maps = MAP + "Z00001,Abbey,LU1 1AA,00X\nZ00002,Bridge,MK40 1AA,00X\n"
    practices = read_files(written(tmp_path, text), written(tmp_path, maps, "map.csv"))

    # The second one's own postcode counts before that of the map.
    assert told(practices) == [("Z00001", "134 km from LU1 1AA")]


@pytest.mark.parametrize("postcode", ["", "Luton", "ZZ99 9ZZ", "BT1 1AA", "#N/A"])
def test_a_postcode_that_nobody_knows_contradicts_nothing(tmp_path: Path, postcode: str) -> None:
    text = f"{HEADER}Z00001,Abbey,9000,400000,300000,{postcode}\n"

    assert not told(read_files(written(tmp_path, text)))


def test_coordinates_need_no_directory_of_postcodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(letter: str, wanted: set[str]) -> None:
        raise directories.InputError([directories.Fault(letter, "is not there", str(wanted))])

    monkeypatch.setattr(directories, "of_letter", missing)
    text = f"{HEADER}Z00001,Abbey,9000,400000,300000,LU1 1AA\n"

    assert not told(read_practices([written(tmp_path, text)]))
    assert faults_in(written(tmp_path, text.replace("400000,300000", ","))) != []
    assert told(read_practices([written(tmp_path, text), invented("postcodes.csv")])) != []


def test_coordinates_with_a_dot_for_thousands_are_ambiguous(tmp_path: Path) -> None:
    text = f"{HEADER}Z00001,Abbey,9000,508.600,221.300,LU1 1AA\n"
    (fault,) = faults_in(written(tmp_path, text))

    assert fault.startswith(
        "practices.csv, row 2, column easting, northing: is ambiguous: the dot may be for decimals "
        "or for thousands ('508.600, 221.300')."
    )


def test_coordinates_in_kilometres_are_no_metres(tmp_path: Path) -> None:
    rows = "Z00001,Abbey,9000,508.6,221.3,\nZ00002,Bridge,9000,509.25,221,\n"

    assert faults_in(written(tmp_path, HEADER + rows)) == [
        (
            "practices.csv, column easting, northing: looks like kilometres. "
            "Give metres on the National Grid."
        )
    ]


def test_a_region_invented_near_the_corner_of_the_grid_is_left_alone(tmp_path: Path) -> None:
    rows = "Z00001,Abbey,9000,400,300,\nZ00002,Bridge,9000,1400,900,\n"

    assert read_files(written(tmp_path, HEADER + rows)).table["easting"].tolist() == [400, 1400]


def test_longitudes_without_their_minus(tmp_path: Path) -> None:
    header = HEADER.replace("easting,northing", "latitude,longitude")
    west, far_west = "Z00001,Abbey,9000,52.6,1.99,\n", "Z00002,Bridge,9000,50.7,3.5,\n"

    assert faults_in(written(tmp_path, header + west + far_west)) == [
        (
            "practices.csv, column longitude: looks like one west of Greenwich without its minus "
            "in 2 of 2 rows. Write -1.5 for 1.5 degrees west."
        )
    ]
    others = far_west.replace("3.5", "-3.5") + "Z00003,Mill,9000,52.63,1.3,\n"
    assert faults_in(written(tmp_path, header + west + others)) == [
        (
            "practices.csv, row 2, column longitude: looks like one west of Greenwich without its "
            "minus ('1.99'). Write -1.5 for 1.5 degrees west."
        )
    ]


def test_latitudes_for_longitudes_are_one_fault_of_the_file(tmp_path: Path) -> None:
    header = HEADER.replace("easting,northing", "longitude,latitude")
    rows = "Z00001,Abbey,9000,52.6,-1.9,\nZ00002,Bridge,9000,52.7,-1.8,\n"

    assert faults_in(written(tmp_path, header + rows)) == [
        (
            "practices.csv, column latitude, longitude: has latitude and longitude swapped "
            "in 2 of 2 rows. Exchange the two: latitude is about 50 to 60, longitude about -8 to 2."
        )
    ]
