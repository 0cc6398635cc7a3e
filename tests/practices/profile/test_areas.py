"""Figures of areas, weighted by where patients live, and the years of areas."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.practices.practice_inputs import account, findings
from tests.practices.profile.figured import (
    BY_NEED,
    HOMES,
    LIVING,
    SCORE,
    Told,
    faults,
    figured,
    told,
)

IMD = {"name": "imd", "column": SCORE}

LATER = "E01033769"
"""An LSOA that there has been since 2021"""


def test_a_mean_is_by_patients_who_live_in_areas(tmp_path: Path) -> None:
    practices = figured(tmp_path, {HOMES: LIVING, "imd.csv": BY_NEED}, IMD)

    # Of Market Place 1,900 of 2,000 patients live in known areas; the counts add up to its list.
    assert told(practices) == {
        "E81001": (700 * 10.5 + 300 * 20, 1000),
        "E81002": (900 * 20 + 1000 * 30.25, 1900),
        "E81003": (1000 * 30.25, 1000),
    }
    assert findings(practices, "figure_unknown") == [
        ("E81002", "imd.csv", "imd: 100 of 2,000 patients live where it has none", "not counted"),
        ("E81003", "imd.csv", "imd: 2,000 of 3,000 patients live where it has none", "not counted"),
    ]
    assert account(practices, "imd.csv") == {"used": 4}
    assert account(practices, HOMES) == {"used": 6, "in an area without a centroid": 1}


@pytest.mark.parametrize("adds", ["share", "sum"])
def test_shares_of_areas_count_who_lives_there(tmp_path: Path, adds: str) -> None:
    practices = figured(
        tmp_path, {HOMES: LIVING, "imd.csv": BY_NEED}, {"name": "rural", "adds": adds}
    )

    expected: Told = {"E81001": (700, 1000), "E81002": (0, 1900), "E81003": (0, 3000)}
    assert told(practices) == expected


def test_what_is_no_share_of_an_area_is_refused(tmp_path: Path) -> None:
    files = {HOMES: LIVING, "imd.csv": BY_NEED.replace("20,0", "20,40")}

    assert faults(tmp_path, files, {"name": "rural", "adds": "share"}) == [
        (
            "imd.csv, row 3, column LSOA code (2021), Rural: is no share of those who live there, "
            "which rural adds up ('E01000002, 40'). Give numbers from 0 to 1, or say adds: mean."
        )
    ]


def test_an_area_has_one_number(tmp_path: Path) -> None:
    files = {HOMES: LIVING, "imd.csv": BY_NEED + "E01000001,10.50,1\nE01000001,11,1\n"}

    assert faults(tmp_path, files, IMD) == [
        (
            f"imd.csv, row 7, column LSOA code (2021), {SCORE}: is another number of the same area "
            "('E01000001, 11'). Keep one row of the area."
        )
    ]


def test_where_practices_stand_is_no_stand_in_for_where_patients_live(tmp_path: Path) -> None:
    assert faults(tmp_path, {"imd.csv": BY_NEED}, IMD) == [
        (
            "imd.csv: has figures of areas, and nothing says where patients live. Give "
            "gp-reg-pat-prac-lsoa-all.csv as well: where a practice stands does not say who its "
            "patients are."
        )
    ]


def test_lists_that_differ_from_where_patients_live_are_what_counts(tmp_path: Path) -> None:
    homes = "\n".join([LIVING.splitlines()[0], "GP,01JAN2021,E81001,W,E01000001,ALL,2"])
    homes += "\nGP,01JAN2021,E81001,W,E01000002,ALL,1\n"

    practices = figured(tmp_path, {HOMES: homes, "imd.csv": BY_NEED}, IMD)

    assert told(practices) == {"E81001": (667 * 10.5 + 333 * 20, 1000)}
    assert [row[0] for row in findings(practices, "figure_unknown")] == ["E81002", "E81003"]


def of_2011() -> str:
    return BY_NEED.replace("2021", "2011")


def homes_of_2021() -> str:
    """Say that E01000003 was divided: some live in the part with a new code."""
    return LIVING.replace("PLACE,E01000003", f"PLACE,{LATER}")


def test_areas_of_two_years_are_not_mixed(tmp_path: Path) -> None:
    assert faults(tmp_path, {HOMES: homes_of_2021(), "imd.csv": of_2011()}, IMD) == [
        (
            "imd.csv: is about LSOAs of 2011, and patients are counted in those of 2021: 1,000 of "
            "6,000 live in 1 LSOA that it does not have. Give the file of the other year, or a "
            "look-up with LSOA11CD and LSOA21CD among the inputs."
        )
    ]


def test_nor_the_other_way_around(tmp_path: Path) -> None:
    later = BY_NEED.replace("E01000003", LATER)

    assert faults(tmp_path, {HOMES: LIVING, "imd.csv": later}, IMD) == [
        (
            "imd.csv: is about LSOAs of 2021, and patients are counted in those of 2011: 2,000 of "
            "6,000 live in 1 LSOA that it does not have. Give the file of the other year, or a "
            "look-up with LSOA11CD and LSOA21CD among the inputs."
        )
    ]


def test_areas_of_another_year_are_no_matter_where_all_are_there(tmp_path: Path) -> None:
    practices = figured(tmp_path, {HOMES: LIVING, "imd.csv": of_2011()}, IMD)

    assert told(practices)["E81001"] == (700 * 10.5 + 300 * 20, 1000)


def test_areas_that_are_missing_are_unknown_where_they_may_be_of_either_year(
    tmp_path: Path,
) -> None:
    homes = LIVING.replace("PLACE,E01000003", "PLACE,E01000009")

    practices = figured(tmp_path, {HOMES: homes, "imd.csv": BY_NEED}, IMD)

    assert told(practices)["E81002"] == (900 * 20, 900)
    assert findings(practices, "figure_unknown")[0] == (
        "E81002",
        "imd.csv",
        "imd: 1,100 of 2,000 patients live where it has none",
        "not counted",
    )


LOOK_UP = f"""LSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,CHGIND
E01000001,One,E01000001,One,U
E01000002,Two,E01000002,Two,U
E01000003,Three,E01000003,Three A,S
E01000003,Three,{LATER},Three B,S
E01000004,Four,E01000004,Four,U
"""


def test_parts_of_a_divided_area_have_its_figure(tmp_path: Path) -> None:
    files = {HOMES: homes_of_2021(), "imd.csv": of_2011(), "lsoa11-lsoa21.csv": LOOK_UP}

    practices = figured(tmp_path, files, IMD)

    assert told(practices)["E81002"] == (900 * 20 + 1000 * 30.25, 1900)
    assert account(practices, HOMES) == {"used": 6, "in an area without a centroid": 1}
    assert account(practices, "lsoa11-lsoa21.csv") == {"used": 5}


def test_areas_put_together_have_the_mean_of_their_figures(tmp_path: Path) -> None:
    together = (
        LOOK_UP.replace("E01000001,One,U", f"{LATER},One,M")
        .replace("E01000002,Two,U", f"{LATER},Two,M")
        .replace(f"{LATER},Three B", "E01000003,Three B")
    )
    homes = LIVING.replace("E01000001", LATER).replace("E01000002,ALL,900", f"{LATER},ALL,900")
    files = {HOMES: homes, "imd.csv": of_2011(), "lsoa11-lsoa21.csv": together}

    practices = figured(tmp_path, files, IMD)

    assert told(practices)["E81002"] == (900 * (10.5 + 20) / 2 + 1000 * 30.25, 1900)
    # Patients counted in a code that is no more are patients of an unknown figure.
    assert told(practices)["E81001"] == (700 * (10.5 + 20) / 2, 700)
