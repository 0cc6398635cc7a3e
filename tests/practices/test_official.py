"""The official files: list sizes, the practice map, and the two joined."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.practices import read_practices
from tests.practices.practice_inputs import account, faults_in, findings, invented, written

LIST = (
    "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n"
    "GP_PRAC_PAT_LIST,01JAN2021,GP,00X,E38000999,Z00002,SW1A 1AA,ALL,ALL,9000\n"
    "GP_PRAC_PAT_LIST,01JAN2021,GP,00X,E38000999,Z00001,SW1A 2AA,ALL,ALL,88\n"
    "GP_PRAC_PAT_LIST,01JAN2021,GP,00X,E38000999,Z00003,SW1A 2AA,ALL,ALL,4000\n"
)
MAP = (
    "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PRACTICE_POSTCODE,PCN_CODE,PCN_NAME,"
    "CCG_CODE,CCG_NAME\n"
    'GP_PRAC_PAT_LIST,01-Sep-20,Z00001,"THE MALL, PRACTICE",SW1A 2AA,U,Unallocated,00X,X\n'
    "GP_PRAC_PAT_LIST,01-Sep-20,Z00002,PALACE SURGERY,SW1A 1AA,U99999,PARK PCN,00X,X\n"
    "GP_PRAC_PAT_LIST,01-Sep-20,Z00009,CLOSED SURGERY,SW1A 1AA,U99999,PARK PCN,00X,X\n"
)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [written(tmp_path, MAP, "map.csv"), written(tmp_path, LIST, "list.csv")]


def test_list_and_map_join_by_practice_code(files: list[Path]) -> None:
    table = read_practices(files).table.set_index("practice_code")

    assert list(table.index) == ["Z00001", "Z00002", "Z00003"]
    assert table.loc["Z00002", "practice_name"] == "PALACE SURGERY"
    assert table.loc["Z00002", "current_network"] == "U99999"
    assert table.loc["Z00002", "current_network_name"] == "PARK PCN"
    assert table.loc["Z00002", "local_authority"] == "E09000033"
    assert table.loc["Z00002", "list_size"] == 9000
    assert set(table["region_code"]) == {"00X"}


def test_unallocated_means_no_network(files: list[Path]) -> None:
    table = read_practices(files).table.set_index("practice_code")

    assert table.loc["Z00001", "practice_name"] == "THE MALL, PRACTICE"
    assert table.loc["Z00001", "current_network"] == ""
    assert table.loc["Z00001", "current_network_name"] == ""


def test_where_list_and_map_differ_is_told(files: list[Path]) -> None:
    practices = read_practices(files)

    assert findings(practices, "not_in_map") == [("Z00003", "map.csv", "", "kept")]
    assert findings(practices, "no_network") == [
        ("Z00001", "", "unallocated", "kept"),
        ("Z00003", "", "", "kept"),
    ]
    assert findings(practices, "no_list") == [("Z00009", "", "in the practice map", "left out")]
    assert findings(practices, "no_name") == [("Z00003", "", "", "the code stands for it")]


def test_a_map_completes_a_practices_csv(tmp_path: Path) -> None:
    text = (
        "practice_code,practice_name,list_size,easting,northing\n"
        "Z00002,My own name,9000,529000,180000\n"
    )
    paths = [written(tmp_path, text), written(tmp_path, MAP, "map.csv")]
    table = read_practices(paths, "00X").table

    assert table.loc[0, "practice_name"] == "My own name"
    assert table.loc[0, "current_network"] == "U99999"


def test_a_practice_in_another_network_than_the_map_says_keeps_its_own(tmp_path: Path) -> None:
    text = (
        "practice_code,practice_name,list_size,easting,northing,current_network\n"
        "Z00002,My own name,9000,529000,180000,OURS\n"
    )
    paths = [written(tmp_path, text), written(tmp_path, MAP, "map.csv")]
    table = read_practices(paths).table

    assert table.loc[0, "current_network"] == "OURS"
    assert table.loc[0, "current_network_name"] == ""


def test_releases_since_2022_say_sub_icb_location(tmp_path: Path) -> None:
    text = LIST.replace("CCG_CODE", "SUB_ICB_LOCATION_CODE")

    table = read_practices([written(tmp_path, text)], "00X").table
    assert len(table) == 3


def test_counts_by_sex_or_age_are_set_aside(tmp_path: Path) -> None:
    split = "GP_PRAC_PAT_LIST,01JAN2021,GP,00X,E38000999,Z00001,SW1A 2AA,FEMALE,ALL,40\n"
    practices = read_practices([written(tmp_path, LIST + split)])

    assert practices.table.loc[0, "list_size"] == 88
    assert account(practices, "practices.csv") == {
        "used": 3,
        "counts a part of a practice's patients": 1,
    }


def test_nothing_but_counts_by_sex_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_in(written(tmp_path, LIST.replace("ALL,ALL", "MALE,ALL")))

    assert fault.startswith(
        "practices.csv: has no list that counts: 3 rows, counts a part of a practice's patients."
    )


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("areas-2021.csv", "has patients by area, but no list sizes"),
        ("centroids-grid.csv", "says where areas are, and has no practices"),
        ("postcodes.csv", "says where postcodes are, and has no practices"),
        ("epraccur.csv", "has practices, but no list sizes"),
        ("epcncorepartnerdetails.csv", "has practices, but no list sizes"),
    ],
)
def test_a_file_without_lists_is_told_for_what_it_is(name: str, problem: str) -> None:
    assert faults_in(invented(name)) == [
        f"{name}: {problem}. Give gp-reg-pat-prac-all.csv or a practices.csv as well."
    ]


def test_a_map_alone_has_no_list_sizes(tmp_path: Path) -> None:
    (fault,) = faults_in(written(tmp_path, MAP, "map.csv"))

    assert fault.startswith("map.csv: has practices, but no list sizes.")


def test_faults_name_the_official_column(tmp_path: Path) -> None:
    (fault,) = faults_in(written(tmp_path, LIST.replace("9000", "9 000")))

    assert fault.startswith("practices.csv, row 2, column NUMBER_OF_PATIENTS: is not a whole")


def test_a_practice_twice_in_the_map_is_a_fault(tmp_path: Path) -> None:
    again = MAP + MAP.splitlines()[2] + "\n"
    (fault,) = faults_in(written(tmp_path, LIST, "list.csv"), written(tmp_path, again, "map.csv"))

    assert fault.startswith("map.csv, row 5, column PRACTICE_CODE: has a row already")
