"""Patients by area, of 2011 or 2021, and where the areas are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.practices import Practices
from tests.practices.practice_inputs import (
    SIZES_2021,
    account,
    faults_in,
    findings,
    invented,
    read_files,
    rows_in,
    sizes,
    written,
)
from tests.tables.workbook_inputs import workbook

LIST = "list-2021-ccg.csv"
ALL, MEN, WOMEN = "areas-2021.csv", "areas-2021-male.csv", "areas-2021-female.csv"
GRID = "centroids-grid.csv"


def catchments(practices: Practices) -> dict[tuple[str, str], int]:
    """The patients of each practice by area."""
    assert practices.catchments is not None
    return {
        (practice, area): patients
        for practice, area, patients, *_ in practices.catchments.itertuples(index=False)
    }


CATCHMENTS_2021 = {
    ("Z00001", "E01099901"): 5_000,
    ("Z00001", "E01099902"): 3_400,
    ("Z00002", "E01099901"): 6_000,
    ("Z00002", "E01099902"): 6_300,
    ("Z00003", "E01099902"): 6_977,
    ("Z00004", "E01099902"): 15_000,
    ("Z00006", "E01099901"): 40_000,
    ("Z00007", "E01099903"): 4_001,
}
OF_ALL_SEXES = "by sex, and counted in the rows of all sexes already"


def test_patients_by_area_of_2011() -> None:
    practices = read_files(LIST, ALL, GRID)

    assert sizes(practices) == SIZES_2021
    assert catchments(practices) == CATCHMENTS_2021
    assert practices.catchments is not None
    assert practices.catchments["patients"].dtype == "int64"
    assert practices.catchments.iloc[0, 3:].tolist() == [508_600, 221_400]
    assert account(practices, ALL) == {"used": 8, "in an area without a centroid": 4}
    assert account(practices, GRID) == {"used": 3, "no patient lives there": 1}


def test_patients_by_area_of_2021() -> None:
    files = ("list-2026-sub-icb.csv", "areas-2026.csv", "centroids-2021-x-y.csv")
    practices = read_files(*files, ALL)

    assert catchments(practices)["Z00001", "E01099911"] == 5_100
    assert account(practices, ALL) == {"an earlier extract": 12}
    assert account(practices, "areas-2026.csv") == {"used": 9, "in an area without a centroid": 1}
    assert not findings(practices, "areas_differ")


@pytest.mark.parametrize("files", [(ALL, MEN, WOMEN), (MEN, ALL, WOMEN), (MEN, WOMEN)])
def test_nobody_is_counted_twice(files: tuple[str, ...]) -> None:
    practices = read_files(LIST, *files, GRID)

    assert catchments(practices) == CATCHMENTS_2021
    by_sex = {OF_ALL_SEXES: 12} if ALL in files else {"used": 8, "in an area without a centroid": 4}
    assert account(practices, MEN) == account(practices, WOMEN) == by_sex


def test_files_by_sex_count_for_practices_that_no_file_of_all_sexes_has(tmp_path: Path) -> None:
    lines = invented(ALL).read_text(encoding="utf-8").splitlines(keepends=True)
    some = [line for line in lines if "Z00004" not in line]
    practices = read_files(LIST, written(tmp_path, "".join(some), ALL), MEN, WOMEN, GRID)

    assert catchments(practices) == CATCHMENTS_2021
    assert account(practices, MEN) == {
        "used": 1,
        OF_ALL_SEXES: 10,
        "in an area without a centroid": 1,
    }


def test_centroids_in_degrees() -> None:
    practices = read_files(LIST, ALL, "centroids-2011-degrees.csv")

    assert catchments(practices) == CATCHMENTS_2021
    assert practices.catchments is not None
    first = practices.catchments.iloc[0]
    assert first["easting"] == pytest.approx(508_600, abs=100)
    assert first["northing"] == pytest.approx(221_400, abs=100)


def test_without_centroids_areas_say_only_how_many() -> None:
    practices = read_files(LIST, ALL)

    assert practices.catchments is None
    assert account(practices, ALL) == {"in an area without a centroid": 12}


def test_centroids_without_patients_are_set_aside() -> None:
    practices = read_files(LIST, GRID)

    assert practices.catchments is None
    assert account(practices, GRID) == {"no patient lives there": 4}


def test_areas_and_centroids_in_a_workbook_under_a_title(tmp_path: Path) -> None:
    header, *rows = rows_in(ALL)
    numbers = [[*row[:-1], float(row[-1])] for row in rows]
    book = workbook({"LSOA": [["Patients by area"], header, *numbers], "Where": rows_in(GRID)})
    practices = read_files(LIST, written(tmp_path, book, "areas.xlsx"))

    assert catchments(practices) == CATCHMENTS_2021
    assert account(practices, "areas.xlsx, sheet LSOA") == {
        "used": 8,
        "in an area without a centroid": 4,
        "above the headings": 1,
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        (ALL, ",6300\n", ',"6,30"\n', "row 6, column Number of Patients: is not a number of"),
        (ALL, ",6300\n", ",6.300\n", "row 6, column Number of Patients: is ambiguous"),
        (ALL, ",6300\n", ",-6300\n", "row 6, column Number of Patients: is not a number of"),
        (
            ALL,
            "01JAN2021,Z00003",
            "1/2/21,Z00003",
            "row 8, column EXTRACT_DATE: is not a date",
        ),
        (ALL, "Z00003,", "3.00E+05,", "row 8, column PRACTICE_CODE: was rewritten by a spread"),
        (ALL, ",Z00003,", ",,", "row 8, column PRACTICE_CODE: is empty"),
        (ALL, "W01099901", "E01099902", "counts a practice and area again ('Z00004, E01099902')"),
        (ALL, ",4001\n", ",400", "is cut off in the middle of a line"),
        (GRID, "508600", "5086OO", "row 2, column easting: is not a number"),
        (GRID, "E01099902", "E01099901", "row 3, column lsoa_code: is the code of another row"),
    ],
)
def test_faults(tmp_path: Path, name: str, old: str, new: str, fault: str) -> None:
    text = invented(name).read_text(encoding="utf-8")
    assert old in text
    paths = [invented(other) for other in (LIST, ALL, GRID) if other != name]
    found = faults_in(*paths, written(tmp_path, text.replace(old, new), name), region="00X")

    assert any(fault in one for one in found)


def test_a_file_of_all_sexes_twice_is_a_fault_though_one_does_not_say_so(tmp_path: Path) -> None:
    text = invented(ALL).read_text(encoding="utf-8").replace("SEX", "WHO")
    again = written(tmp_path, text, "again.csv")

    (fault, *_) = faults_in(invented(LIST), invented(ALL), again, invented(GRID), region="00X")
    assert "counts a practice and area again ('Z00001, E01099901')" in fault


def test_a_comma_in_a_number_beyond_the_last_heading(tmp_path: Path) -> None:
    lines = invented(ALL).read_text(encoding="utf-8").replace(",6300", ",6,300").splitlines()
    path = written(tmp_path, "".join(f"{line},\n" for line in lines), ALL)
    (fault,) = faults_in(invented(LIST), path, invented(GRID), region="00X")

    assert fault.startswith(f"{ALL}, row 6: has 9 cells where the header has 7")
