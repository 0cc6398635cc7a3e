"""Codes of practices, regions and networks in tables: one form in all of them, and what is told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.practices import read_practices, read_regions
from tests.practices.practice_inputs import (
    column,
    faults_in,
    findings,
    invented,
    read_files,
    sizes,
    written,
)

HEADER = "practice_code,practice_name,list_size,easting,northing\n"
FOUR = (
    HEADER + "A90001,Alder,16000,400000,300000\n"
    "A90002,Birch,15500,401000,300500\n"
    "A90003,Cedar,17000,402500,300200\n"
    "A90004,Dogwood,16500,400500,302000\n"
)
MAP = (
    "PRACTICE_CODE,PRACTICE_NAME,CCG_CODE,PCN_CODE,PCN_NAME\n"
    "A90001,x,06P,U00001,NET\n"
    "A90002,x,06P,U00001,NET\n"
    "A90003,x,06P,U00001,NET\n"
    "A90004,x,06P,U00001,NET\n"
)


read_once = cache(read_files)


def with_networks(folder: Path, *networks: str) -> Path:
    """Return the four practices with their networks of today and the names of these."""
    rows = FOUR.splitlines()
    rows[0] += ",current_network,current_network_name"
    cells = zip(rows[1:], networks, strict=True)
    rows[1:] = [f"{row},{network}" for row, network in cells]
    return written(folder, "\n".join(rows) + "\n", "networks.csv")


# --- spellings ---


def test_practices_in_any_spelling_join(tmp_path: Path) -> None:
    text = FOUR.replace("A90001", "A90001 ").replace("A90002", "\u200bA90002")
    text = text.replace("A90003", "a90003").replace("A90004", "'A90004\u00a0 ")
    table = written(tmp_path, text)
    practices = read_practices([table, written(tmp_path, MAP, "map.csv")])

    assert sizes(practices) == {
        "A90001": 16_000,
        "A90002": 15_500,
        "A90003": 17_000,
        "A90004": 16_500,
    }
    assert set(column(practices, "current_network").values()) == {"U00001"}
    assert [finding[:3] for finding in findings(practices, "code_respelt")] == [
        ("A90001", "practices.csv", "practice_code 'A90001 ' for A90001"),
        ("A90002", "practices.csv", "practice_code '\\u200bA90002' for A90002"),
        ("A90003", "practices.csv", "practice_code 'a90003' for A90003"),
        ("A90004", "practices.csv", 'practice_code "\'A90004\\xa0 " for A90004'),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "list-2021-ccg.csv",
        "ages-2021.csv",
        "map-2020-ccg.csv",
        "epraccur.csv",
        "epcncorepartnerdetails.csv",
        "areas-2021.csv",
        "centroids-grid.csv",
        "weighted.csv",
    ],
)
def test_any_file_may_have_its_codes_in_small_letters(tmp_path: Path, name: str) -> None:
    files = ["list-2021-ccg.csv", "map-2020-ccg.csv", "areas-2021.csv", "centroids-grid.csv"]
    files = [*dict.fromkeys([*files, name])]
    asked = {"weighted_list_size": "Average Number of Weighted Patients"}
    asked = asked if name == "weighted.csv" else {}
    text = invented(name).read_text(encoding="utf-8")
    for code in ("Z0000", "00X", "00Y", "U0000", "E0100", "W0000"):
        text = text.replace(code, code.lower())
    other = written(tmp_path, text, name)
    usual = read_once(*files, **asked)
    lower = read_files(*(other if file == name else file for file in files), **asked)

    assert lower.table.equals(usual.table)
    assert usual.catchments is not None
    assert usual.catchments.equals(lower.catchments)
    assert {file for _, file, *_ in findings(lower, "code_respelt")} <= {name}


def test_a_code_twice_shows_both_spellings_and_rows(tmp_path: Path) -> None:
    text = FOUR + "a90001,Alder again,16000,400000,300000\n"

    (fault,) = faults_in(written(tmp_path, text))
    assert fault == (
        "practices.csv, row 6, column practice_code: is the code of another row too "
        "(practices.csv, row 2: 'A90001') ('a90001'). "
        "Keep one row of the practice, or correct the code."
    )


def test_a_code_twice_in_an_official_file_shows_both_spellings_and_rows(tmp_path: Path) -> None:
    text = MAP + "'a90001,x,06P,U00002,OTHER\n"
    (fault,) = faults_in(written(tmp_path, FOUR), written(tmp_path, text, "map.csv"))

    assert fault == (
        "map.csv, row 6, column PRACTICE_CODE: has a row already (map.csv, row 2: 'A90001') "
        '("\'a90001"). Keep one row of it.'
    )


def test_regions_and_networks_in_several_spellings_are_one(tmp_path: Path) -> None:
    text = FOUR.replace("northing", "northing,region_code,current_network")
    for code, more in (
        ("300000", "Vale,u00001"),
        ("300500", "vale,North side"),
        ("300200", "VALE,north side"),
        ("302000", "Vale,'U00001"),
    ):
        text = text.replace(f"{code}\n", f"{code},{more}\n")
    regions = read_regions([written(tmp_path, text)])

    assert list(regions) == ["VALE"]
    assert list(column(regions["VALE"], "current_network").values()) == [
        "U00001",
        "North side",
        "North side",
        "U00001",
    ]


def test_files_that_spell_a_network_in_different_ways_agree(tmp_path: Path) -> None:
    own = with_networks(tmp_path, "North side,", "north side,", ",", ",")
    text = MAP.replace("U00001,NET", "NORTH SIDE,Northern")
    practices = read_practices([own, written(tmp_path, text, "map.csv")])

    assert set(column(practices, "current_network").values()) == {"NORTH SIDE"}
    assert set(column(practices, "current_network_name").values()) == {"Northern"}


@pytest.mark.parametrize("region", ["00x", " 00X", "'00X", "00\u200bX"])
def test_a_region_is_chosen_in_any_spelling(region: str) -> None:
    practices = read_files("list-2021-ccg.csv", "map-2020-ccg.csv", region=region)

    assert set(column(practices, "region_code").values()) == {"00X"}
    assert set(practices.data_report["region_code"]) == {"00X"}


# --- no network ---


@pytest.mark.parametrize(
    ("none", "neither"), [("U", "u"), ("Unallocated", "none"), ("No PCN", "U")]
)
def test_a_practice_that_is_said_to_be_in_no_network(
    tmp_path: Path, none: str, neither: str
) -> None:
    own = with_networks(tmp_path, "U00009,NINE", f"{none},Unallocated", f"{neither},", ",")
    practices = read_practices([own, written(tmp_path, MAP, "map.csv")])

    # The first file has its say; what it leaves open the map may tell.
    assert list(column(practices, "current_network").values()) == ["U00009", "", "", "U00001"]
    assert list(column(practices, "current_network_name").values()) == ["NINE", "", "", "NET"]
    assert [code for code, *_ in findings(practices, "no_network")] == ["A90002", "A90003"]


@pytest.mark.parametrize("nothing", [("", "-", "n/a"), ("NULL", "#N/A", "#REF!"), ("0", "0.0", "")])
def test_a_network_that_is_left_open_is_filled_in(tmp_path: Path, nothing: Sequence[str]) -> None:
    own = with_networks(tmp_path, "U00009,NINE", *(f"{cell},{cell}" for cell in nothing))
    practices = read_practices([own, written(tmp_path, MAP, "map.csv")])

    assert list(column(practices, "current_network").values()) == ["U00009", *["U00001"] * 3]
    assert list(column(practices, "current_network_name").values()) == ["NINE", *["NET"] * 3]


def test_zero_among_networks_that_are_numbers_is_asked_about(tmp_path: Path) -> None:
    (fault,) = faults_in(with_networks(tmp_path, "1,", "1,", "2,", "0,"))
    assert fault == (
        "networks.csv, row 5, column current_network: may be a network or none, since other "
        "networks are numbers ('0'). Leave it empty for a practice in no network, or call the "
        "network something else."
    )


@pytest.mark.parametrize("none", [("U", "Unallocated", "#N/A"), ("none", "-", "0")])
def test_a_map_in_which_some_are_in_no_network(tmp_path: Path, none: Sequence[str]) -> None:
    text = MAP
    for code, cell in zip(("A90002", "A90003", "A90004"), none, strict=True):
        text = text.replace(f"{code},x,06P,U00001,NET", f"{code},x,06P,{cell},Unallocated")
    practices = read_practices([written(tmp_path, FOUR), written(tmp_path, text, "map.csv")])

    assert list(column(practices, "current_network").values()) == ["U00001", "", "", ""]
    assert list(column(practices, "current_network_name").values()) == ["NET", "", "", ""]


# --- errors of a spreadsheet ---


def test_an_error_where_a_cell_may_be_empty_is_told(tmp_path: Path) -> None:
    own = with_networks(tmp_path, "U00001,ONE", "U00001,ONE", "#N/A,#N/A", "#REF!,")
    practices = read_practices([own])

    assert list(column(practices, "current_network").values()) == ["U00001", "U00001", "", ""]
    assert [finding[:3] for finding in findings(practices, "spreadsheet_error")] == [
        ("A90003", "networks.csv", "current_network is #N/A: the look-up had found nothing"),
        ("A90003", "networks.csv", "current_network_name is #N/A: the look-up had found nothing"),
        ("A90004", "networks.csv", "current_network is #REF!: the formula had gone wrong"),
    ]


@pytest.mark.parametrize("name", ["icb_code", "icb_name", "weighted_list_size", "care_home_beds"])
def test_an_error_is_as_good_as_nothing_in_columns_that_may_be_empty(
    tmp_path: Path, name: str
) -> None:
    text = FOUR.replace("\n", ",#N/A\n").replace("northing,#N/A", f"northing,{name}")
    practices = read_practices([written(tmp_path, text)])

    assert practices.table[name].replace("", float("nan")).isna().all()
    assert len(findings(practices, "spreadsheet_error")) == 4


def test_an_error_for_a_code_that_is_needed_is_a_fault_with_its_reason(tmp_path: Path) -> None:
    errors = ("#N/A", "#REF!", "#NAME?", "#DIV/0!", "#SPILL!", "Err:502")
    rows = "".join(f"{error},Elder,16500,400500,302000\n" for error in errors)

    assert faults_in(written(tmp_path, FOUR + rows)) == [
        f"practices.csv, row {row}, column practice_code: is an error of a spreadsheet, not a code "
        f"({error!r}). Correct the formula, which may have looked up what is not there, or write "
        "the code."
        for row, error in enumerate(errors, start=6)
    ]


def test_what_is_no_code_has_its_own_reason(tmp_path: Path) -> None:
    problems = {
        "####": "is what a spreadsheet shows where a column is too narrow",
        "=A1": "is a formula, not what it gives",
        "1-Mar": "was rewritten by a spreadsheet",
    }
    rows = "".join(f"{code},Elder,16500,400500,302000\n" for code in problems)
    faults = faults_in(written(tmp_path, FOUR + rows))
    for fault, (code, problem) in zip(faults, problems.items(), strict=True):
        assert f"column practice_code: {problem} ({code!r})" in fault


def test_every_error_in_several_files_is_told_at_once(tmp_path: Path) -> None:
    own = written(tmp_path, FOUR.replace("A90002", "#N/A").replace("16500", "16.500"))
    official = written(tmp_path, MAP.replace("A90003", "#N/A"), "map.csv")
    with pytest.raises(InputError) as caught:
        read_practices([own, official])

    assert [(fault.source, fault.row, fault.value) for fault in caught.value.faults] == [
        ("map.csv", 4, "#N/A"),
        ("practices.csv", 3, "#N/A"),
        ("practices.csv", 5, "16.500"),
    ]
