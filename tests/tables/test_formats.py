"""The official files about lists, names and networks, in every shape they have been published in.

The files are in `fixtures`: one small region, invented, and the same in all of them.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pcn_group.tables.numbers import as_dates
from tests.practices.practice_inputs import (
    SIZES_2021,
    account,
    column,
    faults_in,
    findings,
    invented,
    read_files,
    rows_in,
    sizes,
    written,
)
from tests.tables.workbook_inputs import workbook

SIZES_2026 = {
    "Z00001": 8_500,
    "Z00002": 15_900,
    "Z00004": 15_100,
    "Z00005": 405,
    "Z00006": 52_400,
    "Z00007": 4_010,
    "Z00008": 2_990,
    "Z00010": 7_100,
}
REGIONS = {code: "00Y" if code in {"Z00007", "Z00008"} else "00X" for code in SIZES_2021}
LIST = "list-2021-ccg.csv"
AGES = "ages-2021.csv"
AGE_PARTS = "ages-2021-parts-only.csv"
MAP = "map-2020-ccg.csv"


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A file of the invented region with a change."""
    text = invented(name).read_text(encoding="utf-8")
    assert old in text
    return written(folder, text.replace(old, new), name)


# --- lists ---


def test_a_list_of_ccgs() -> None:
    assert invented(LIST).read_bytes().count(b"\r\n") == 9
    practices = read_files(LIST)

    assert sizes(practices) == SIZES_2021
    assert column(practices, "region_code") == REGIONS
    assert account(practices, LIST) == {"used": 8}


def test_a_list_of_sub_icb_locations() -> None:
    practices = read_files("list-2026-sub-icb.csv")

    assert sizes(practices) == SIZES_2026
    assert set(column(practices, "region_code").values()) == {"00X", "00Y"}


def test_a_list_of_another_year() -> None:
    practices = read_files("list-2022-sub-icb.csv")

    assert practices.table["list_size"].sum() == 102_229
    assert column(practices, "region_code") == REGIONS


def test_counts_of_a_part_of_the_patients_are_set_aside(tmp_path: Path) -> None:
    whole = "Z00001,LU1 1AA,ALL,ALL,8412"
    parts = "".join(
        f"GP_PRAC_PAT_LIST,01JAN2021,{part}\r\n"
        for part in (
            "GP,00X,E38000998,Z00001,LU1 1AA,FEMALE,ALL,4200",
            "GP,00X,E38000998,Z00001,LU1 1AA,ALL,0_4,2412",
            "CCG,00X,E38000998,Z00099,LU1 1AA,ALL,ALL,95334",
        )
    )
    practices = read_files(changed(tmp_path, LIST, f"{whole}\n", f"{whole}\n{parts}"))

    assert sizes(practices) == SIZES_2021
    assert account(practices, LIST) == {"used": 8, "counts a part of a practice's patients": 3}


def test_a_practice_without_patients_is_set_aside(tmp_path: Path) -> None:
    practices = read_files(changed(tmp_path, LIST, ",412\n", ",0\n"))

    assert "Z00005" not in sizes(practices)
    assert account(practices, LIST) == {"used": 7, "without a patient": 1}


# --- files by sex and age ---


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            AGES,
            {
                "used": 8,
                "counts a part of a practice's patients": 48,
                "of an organisation that is no practice": 15,
            },
        ),
        (
            AGE_PARTS,
            {"used": 31, "without a patient": 1, "of an organisation that is no practice": 4},
        ),
    ],
)
def test_a_file_by_age_counts_every_patient_once(name: str, rows: dict[str, int]) -> None:
    practices = read_files(name, MAP)

    assert sizes(practices) == SIZES_2021
    assert column(practices, "region_code") == {**REGIONS, "Z00008": ""}  # which the map lacks
    assert account(practices, name) == rows


def test_a_file_by_sex_alone(tmp_path: Path) -> None:
    lines = invented(AGES).read_text(encoding="utf-8").splitlines(keepends=True)
    by_sex = [line for line in lines[1:] if "MALE,ALL," in line]
    practices = read_files(written(tmp_path, "".join([lines[0], *by_sex]), AGES))

    assert sizes(practices) == SIZES_2021
    assert account(practices, AGES) == {"used": 16, "of an organisation that is no practice": 10}


def test_a_file_by_age_alone(tmp_path: Path) -> None:
    lines = invented(AGE_PARTS).read_text(encoding="utf-8").splitlines(keepends=True)
    men = [line.replace(",MALE,", ",ALL,") for line in lines[1:] if ",MALE," in line]
    practices = read_files(written(tmp_path, "".join([lines[0], *men]), AGES))

    assert sizes(practices)["Z00001"] == 4_212
    assert account(practices, AGES) == {"used": 16, "of an organisation that is no practice": 2}


def test_the_list_counts_before_the_file_by_age(tmp_path: Path) -> None:
    practices = read_files(LIST, changed(tmp_path, AGES, "ALL,ALL,15038", "ALL,ALL,15040"))

    assert sizes(practices) == SIZES_2021
    assert findings(practices, "list_differs") == [
        ("Z00004", AGES, f"15040 here, 15038 in {LIST}", "the first file counts")
    ]
    assert account(practices, AGES) == {
        "counted in another file already": 8,
        "counts a part of a practice's patients": 48,
        "of an organisation that is no practice": 15,
    }


def test_a_practice_that_only_the_file_by_age_has_counts(tmp_path: Path) -> None:
    row = "GP_PRAC_PAT_LIST,01JAN2021,GP,00X,E38000998,Z00003,LU1 2BQ,ALL,ALL,6977\n"
    practices = read_files(changed(tmp_path, LIST, row, ""), AGES)

    assert sizes(practices) == SIZES_2021


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (",ALL,ALL,6977\n", ",ALL,ALL,6.9E+03\n", "is not a whole number"),
        (",ALL,ALL,6977\n", ",ALL,ALL,-6977\n", "is not a whole number"),
        (",ALL,ALL,6977\n", ",ALL,40_44,6977\n", "lacks rows that others in the file have"),
        ("Z00003,,LU1 2BQ,ALL,ALL,", "Z00002,,LU1 2BQ,ALL,ALL,", "has a second row like this"),
    ],
)
def test_faults_in_a_file_by_age(tmp_path: Path, old: str, new: str, problem: str) -> None:
    faults = faults_in(changed(tmp_path, AGES, old, new), invented("postcodes.csv"))

    assert any(fault.startswith(f"{AGES}, row 31, ") and problem in fault for fault in faults)


# --- several extracts ---


def test_the_latest_extract_counts_whatever_the_order() -> None:
    names = [LIST, "list-2022-sub-icb.csv", "list-2026-sub-icb.csv"]
    practices, backwards = read_files(*names), read_files(*names[::-1])

    assert sizes(practices) == SIZES_2026
    assert practices.data_report.equals(backwards.data_report)
    assert account(practices, LIST) == {"an earlier extract, only compared": 8}
    assert findings(practices, "list_moved") == [("Z00002", "", "from 13,010 to 15,900", "kept")]


def test_what_came_and_went_is_told_in_its_region() -> None:
    extracts = (LIST, "list-2026-sub-icb.csv")
    here, there = (read_files(*extracts, region=region) for region in ("00X", "00Y"))

    assert findings(here, "list_new") == [("Z00010", "", "", "kept")]
    assert findings(here, "list_gone") == [("Z00003", "", "6,977 patients then", "left out")]
    assert not findings(there, "list_new")
    assert not findings(there, "list_gone")


def test_a_file_by_age_may_be_the_earlier_extract() -> None:
    practices = read_files(AGE_PARTS, "list-2026-sub-icb.csv")

    assert sizes(practices) == SIZES_2026
    assert findings(practices, "list_moved") == [("Z00002", "", "from 12,305 to 15,900", "kept")]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("6977", "5.9E+03", "column NUMBER_OF_PATIENTS: is not a whole number"),
        ("Z00003", "Z00002", "column CODE: has a second row like this"),
    ],
)
def test_an_earlier_extract_must_be_sound_as_well(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    (fault,) = faults_in(
        invented("list-2026-sub-icb.csv"), changed(tmp_path, LIST, old, new), region="00X"
    )
    assert fault.startswith(f"{LIST}, row 4, {problem}")


def test_a_practices_csv_counts_before_the_official_list(tmp_path: Path) -> None:
    practices = read_files(changed(tmp_path, "practices.csv", ",12305,", ",12000,"), LIST)

    assert sizes(practices) == {**SIZES_2021, "Z00002": 12_000}
    assert account(practices, LIST) == {"counted in another file already": 8}
    assert findings(practices, "list_differs") == [
        ("Z00002", LIST, "12305 here, 12000 in practices.csv", "the first file counts")
    ]


# --- maps ---


def test_a_map_of_ccgs_and_stps() -> None:
    practices = read_files(LIST, MAP)
    table = practices.table.set_index("practice_code")

    assert table.loc["Z00002", "practice_name"] == "BRIDGE STREET, THE PRACTICE"
    assert table.loc["Z00003", "practice_name"] == "CHALK HILL PRACTICE"
    assert column(practices, "current_network") == {
        "Z00001": "U00001",
        "Z00002": "U00001",
        "Z00003": "U00002",
        "Z00004": "U00002",
        "Z00005": "",  # unallocated
        "Z00006": "U00002",
        "Z00007": "U00001",
        "Z00008": "",  # not in the map
    }
    assert table.loc["Z00003", "current_network_name"] == "DOWNS PCN"
    assert table.loc["Z00005", "current_network_name"] == ""
    assert table.loc["Z00008", ["region_name", "icb_code", "nhs_region_name"]].tolist() == [
        "Fen CCG",
        "QX1",
        "Middle",
    ]
    assert account(practices, MAP) == {"used": 7, "of a practice without a list size": 1}


def test_a_map_of_sub_icb_locations_and_icbs() -> None:
    practices = read_files("list-2022-sub-icb.csv", "map-2022-icb.csv")
    table = practices.table.set_index("practice_code")

    assert table.loc["Z00008", "current_network_name"] == "GRANARY PCN"
    assert table.loc["Z00005", ["current_network", "current_network_name"]].tolist() == ["", ""]
    assert set(table["icb_name"]) == {"Vale and Fen ICB"}
    assert set(table["region_name"]) == {"Vale ICB - 00X", "Fen ICB - 00Y"}


def test_a_map_without_networks() -> None:
    practices = read_files("list-2026-sub-icb.csv", "map-2026-without-networks.csv")

    assert set(column(practices, "current_network").values()) == {""}
    assert set(column(practices, "icb_code").values()) == {"QX2"}
    assert column(practices, "practice_name")["Z00010"] == "JUBILEE SURGERY"
    assert not findings(practices, "no_network")


def test_null_is_no_value(tmp_path: Path) -> None:
    # The map has NULL for the postcode of Z00004; the list has none that anybody knows.
    paths = changed(tmp_path, LIST, "LU2 7AA", "SW1A 9ZZ"), invented(MAP)
    (fault,) = faults_in(*paths, invented("postcodes.csv"), region="00X")

    assert fault.startswith(f"{LIST}, row 5, column POSTCODE: is an unknown postcode ('SW1A 9ZZ')")


def test_of_several_maps_the_latest_that_has_a_practice_counts() -> None:
    names = ["list-2026-sub-icb.csv", MAP, "map-2022-icb.csv", "map-2026-without-networks.csv"]
    practices = read_files(*names)

    assert set(column(practices, "icb_code").values()) == {"QX2"}
    assert account(practices, MAP) == {
        "an earlier map of it counts less": 7,
        "of a practice without a list size": 1,
    }
    assert account(practices, "map-2022-icb.csv") == {
        "an earlier map of it counts less": 7,
        "of a practice without a list size": 1,
    }


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("Z00004,", "4.00E+04,", "row 5, column PRACTICE_CODE"),
        ("DOWNS HEALTH CENTRE,NULL,U00002", "DOWNS,NULL,01-Mar", "row 5, column PCN_CODE"),
        ("E38000999,00Y", "E38000999,1.00E+05", "row 8, column CCG_CODE"),
    ],
)
def test_codes_of_a_map_that_a_spreadsheet_rewrote(
    tmp_path: Path, old: str, new: str, place: str
) -> None:
    (fault,) = faults_in(invented(LIST), changed(tmp_path, MAP, old, new), region="00X")

    assert fault.startswith(f"{MAP}, {place}: was rewritten by a spreadsheet")


# --- dates ---


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01JAN2021", "2021-01-01"),
        ("01Jan2022", "2022-01-01"),
        ("01-Sep-20", "2020-09-01"),
        ("01-Sep-2020", "2020-09-01"),
        ("1 April 2026", "2026-04-01"),
        ("2026-04-01", "2026-04-01"),
        ("2026-04-01 00:00:00", "2026-04-01"),
        ("2026-04-01T00:00:00", "2026-04-01"),
        ("20191001", "2019-10-01"),
        ("20191001.0", "2019-10-01"),
        ("01/04/2026", "2026-04-01"),
        ("1/4/2026", "2026-04-01"),
        ("31/03/2026", "2026-03-31"),
        ("04/04/2026", "2026-04-04"),
        ("44197", "2021-01-01"),
        ("44197.0", "2021-01-01"),
        ("02/04/2026", ""),  # or the fourth of February
        ("04/13/2026", ""),
        ("2019101", ""),  # the tenth of January, or the first of October
        ("202111", ""),
        ("30FEB2021", ""),
        ("2021", ""),
        ("01JAN2201", ""),
        ("NULL", ""),
        ("", ""),
    ],
)
def test_dates(text: str, day: str) -> None:
    assert as_dates(pd.Series([text])).tolist() == [day]


@pytest.mark.parametrize("day", ["01-Apr-26", "1/4/2026", "46113", "2026-04-01 00:00:00"])
def test_the_latest_extract_is_known_in_every_form_of_its_date(tmp_path: Path, day: str) -> None:
    later = changed(tmp_path, "list-2026-sub-icb.csv", "2026-04-01", day)

    assert sizes(read_files(LIST, later)) == SIZES_2026


def test_a_date_that_could_be_another_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, "list-2026-sub-icb.csv", "2026-04-01", "02/04/2026")

    (first, *_) = faults_in(path, invented("postcodes.csv"), region="00X")
    assert first == (
        "list-2026-sub-icb.csv, row 2, column EXTRACT_DATE: may be either of two days "
        "('02/04/2026'). Write it as 2021-01-31: the latest extract counts."
    )


# --- as other programs save them ---


def as_excel_holds_it(name: str) -> list[list[object]]:
    """Return a list with numbers as floats and dates as dates, under a title."""
    header, *rows = rows_in(name)
    day, size = header.index("EXTRACT_DATE"), header.index("NUMBER_OF_PATIENTS")
    table: list[list[object]] = [["Patients registered at a practice"], [], list(header)]
    for row in rows:
        cells: list[object] = list(row)
        cells[day], cells[size] = dt.date(2021, 1, 1), float(row[size])
        table.append(cells)
    return table


def test_a_list_and_a_map_in_workbooks(tmp_path: Path) -> None:
    header, *rows = rows_in(MAP)
    practices = read_files(
        written(tmp_path, workbook({"List": as_excel_holds_it(LIST)}), "list.xlsx"),
        written(
            tmp_path,
            workbook(
                {
                    "About": [["Practice map"], ["Invented"]],
                    "Map": [header, *([row[0], dt.date(2020, 9, 1), *row[2:]] for row in rows)],
                }
            ),
            "map.xlsx",
        ),
    )
    expected = read_files(LIST, MAP)

    assert practices.table.equals(expected.table)
    assert account(practices, "list.xlsx, sheet List") == {"used": 8, "above the headings": 1}
    assert account(practices, "map.xlsx, sheet About") == {"no table known here": 2}
    assert practices.notes == ("map.xlsx, sheet About: no table known here, set aside.",)


def test_a_workbook_saved_by_another_program(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in as_excel_holds_it(LIST):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")

    assert read_files(tmp_path / "list.xlsx").table.equals(read_files(LIST).table)


@pytest.mark.parametrize("cell", [8_412, 8_412.0, "8412", "8,412", " 8412 "])
def test_numbers_in_a_workbook(tmp_path: Path, cell: object) -> None:
    header, row, *rows = rows_in(LIST)
    book = workbook({"List": [header, [*row[:-1], cell], *rows]})

    assert sizes(read_files(written(tmp_path, book, "list.xlsx"))) == SIZES_2021


@pytest.mark.parametrize(
    "cell", [8_412.5, -8_412.0, True, dt.date(1923, 1, 11), "8.4E+03", "8 412", "8.412,0", None]
)
def test_cells_of_a_workbook_that_are_no_list_size(tmp_path: Path, cell: object) -> None:
    header, row, *rows = rows_in(LIST)
    book = workbook({"List": [header, [*row[:-1], cell], *rows]})
    (fault,) = faults_in(written(tmp_path, book, "list.xlsx"), region="00X")

    assert fault.startswith("list.xlsx, sheet List, row 2, column NUMBER_OF_PATIENTS: is ")


def zipped(members: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_an_archive_with_several_files_and_an_archive(tmp_path: Path) -> None:
    inner = zipped({"Data/list.csv": invented(LIST).read_bytes(), "read me.txt": b"Invented"})
    members = {
        "january.zip": inner,
        "map.xlsx": workbook({"Map": rows_in(MAP)}),
        "Data/codes.csv": invented("epraccur.csv").read_bytes(),
    }
    practices = read_files(written(tmp_path, zipped(members), "all.zip"))

    assert practices.table.equals(read_files(LIST, MAP, "epraccur.csv").table)
    assert account(practices, "all.zip: january.zip: Data/list.csv") == {"used": 8}
    assert account(practices, "all.zip: Data/codes.csv") == {
        "used": 7,
        "of a practice without a list size": 3,
    }


def separated(name: str, mark: str) -> str:
    return "".join(mark.join(row) + "\n" for row in rows_in(name))


@pytest.mark.parametrize(
    ("data", "note"),
    [
        pytest.param(separated(MAP, ";").encode(), "separated by semicolons.", id="semicolons"),
        pytest.param(separated(MAP, "\t").encode("utf-16"), "separated by tabs.", id="tabs"),
        pytest.param(
            invented(MAP).read_text(encoding="utf-8").replace("ABBEY", "ABBAYÉ").encode("cp1252"),
            "not UTF-8, read as Windows-1252 (first at row 2): check the names.",
            id="Windows-1252",
        ),
    ],
)
def test_a_map_as_others_save_it(tmp_path: Path, data: bytes, note: str) -> None:
    practices = read_files(LIST, written(tmp_path, data, "map.csv"))
    expected = read_files(LIST, MAP)

    assert column(practices, "current_network") == column(expected, "current_network")
    assert column(practices, "practice_name")["Z00001"] in {"ABBEY SURGERY", "ABBAYÉ SURGERY"}
    assert practices.notes == (f"map.csv: {note}",)


def test_a_file_cut_off_in_a_line_is_refused(tmp_path: Path) -> None:
    whole = invented(LIST).read_bytes()
    (fault,) = faults_in(written(tmp_path, whole[:-4], LIST), region="00X")

    assert fault.startswith(f"{LIST}: is cut off in the middle of a line")


def test_a_practices_csv_without_a_last_line_end_is_noted(tmp_path: Path) -> None:
    whole = invented("practices.csv").read_bytes()
    practices = read_files(written(tmp_path, whole.rstrip()))

    assert sizes(practices) == SIZES_2021
    assert "practices.csv: its last line has no end; is it all there?" in practices.notes


def test_a_file_without_any_location_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_in(changed(tmp_path, AGES, "POSTCODE", "POSTBOX"))

    assert fault.startswith(f"{AGES}: has no columns for a location. Add easting and northing")


def test_a_comma_in_a_number_under_a_column_without_a_heading(tmp_path: Path) -> None:
    lines = invented(LIST).read_text(encoding="utf-8").splitlines()
    text = "".join(f"{line},\n" for line in lines).replace("12305", "12,305")
    (fault,) = faults_in(written(tmp_path, text, LIST), region="00X")

    assert fault.startswith(f"{LIST}, row 3: has a cell right of the last heading ('305').")


def test_a_code_of_digits_in_an_official_file_was_a_number_once(tmp_path: Path) -> None:
    header, *rows = rows_in(LIST)
    rows[1][5] = 100_000  # 1E5 perhaps
    book = written(tmp_path, workbook({"List": [header, *rows]}), "list.xlsx")
    (fault,) = faults_in(book, region="00X")

    assert fault == (
        "list.xlsx, sheet List, row 3, column CODE: was rewritten by a spreadsheet ('100000'). "
        "Export it again with the column as text; a spreadsheet took the code for a number or a "
        "date."
    )


def test_a_practice_in_two_regions_is_a_fault_in_both(tmp_path: Path) -> None:
    path = changed(tmp_path, LIST, "Z00008", "Z00001")

    for region in ("00X", "00Y"):
        (fault,) = faults_in(path, region=region)
        assert f"{LIST}, row 9, column CODE: is the code of another row too" in fault
