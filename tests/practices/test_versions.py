"""Several files of one kind: copies, versions, parts that add up, sheets that hold the same."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.practices.practice_inputs import (
    HEADER,
    LUTON,
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

LIST, MAP, REGISTER = "list-2021-ccg.csv", "map-2020-ccg.csv", "epraccur.csv"
MEN, WOMEN, AGES = "men-2021.csv", "women-2021.csv", "ages-2021.csv"
REGISTER_HEADINGS = (
    "Organisation Code,Name,National Grouping,High Level Health Geography,Address Line 1,"
    "Address Line 2,Address Line 3,Address Line 4,Address Line 5,Postcode,Open Date,Close Date,"
    "Status Code,Organisation Sub-Type Code,Commissioner,Join Provider/Purchaser Date,"
    "Left Provider/Purchaser Date,Contact Telephone Number,Null,Null,Null,"
    "Amended Record Indicator,Null,Provider/Purchaser,Null,Prescribing Setting,Null\n"
)


def text_of(name: str) -> str:
    return invented(name).read_text(encoding="utf-8")


def book(path: Path, **sheets: list[list[object]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title.removeprefix("hidden_"))
        for row in rows:
            sheet.append(row)
        if title.startswith("hidden_"):
            sheet.sheet_state = "hidden"
    made.save(path)
    return path


def rows_of(text: str) -> list[list[object]]:
    lines = (line.split(",") for line in text.splitlines())
    return [[int(cell) if cell.isdecimal() else cell for cell in line] for line in lines]


# --- lists ---------------------------------------------------------------------------------------


def test_men_and_women_add_up() -> None:
    practices = read_files(MEN, WOMEN)
    assert sizes(practices) == SIZES_2021
    assert account(practices, MEN) == {"used": 8, "counts a part of a practice's patients": 16}
    assert column(practices, "region_code")["Z00008"] == "00Y"


@pytest.mark.parametrize("name", [MEN, WOMEN])
def test_one_sex_alone_is_a_fault(name: str) -> None:
    (fault,) = faults_in(invented(name))
    assert fault.startswith(f"{name}, column SEX: counts one sex only ('")
    assert "Give the file of the other sex as well, or gp-reg-pat-prac-all.csv" in fault


@pytest.mark.parametrize("whole", [LIST, AGES])
def test_one_sex_beside_whole_lists_is_set_aside(whole: str) -> None:
    practices = read_files(MEN, whole)
    assert sizes(practices) == SIZES_2021
    assert account(practices, MEN) == {"counts a part of a practice's patients": 24}
    assert not findings(practices, "list_differs")


def test_two_files_of_men_are_a_fault(tmp_path: Path) -> None:
    other = written(tmp_path, text_of(MEN).replace(",4206\n", ",4205\n"), "men (1).csv")
    assert faults_in(other, invented(MEN), invented(WOMEN), region="00X") == [
        f"{MEN}: counts one sex on one day, as men (1).csv does ('MALE'). Keep one of the two."
    ]


def test_a_file_of_regions_has_no_practices(tmp_path: Path) -> None:
    regions = (
        "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,SEX,AGE,NUMBER_OF_PATIENTS\n"
        "GP_PRAC_PAT_LIST,01JAN2021,CCG,00X,E38000998,ALL,ALL,95334\n"
        "GP_PRAC_PAT_LIST,01JAN2021,CCG,00X,E38000998,MALE,0,1200\n"
    )
    assert faults_in(written(tmp_path, regions, "gp-reg-pat-prac-sing-age-regions.csv")) == [
        (
            "gp-reg-pat-prac-sing-age-regions.csv: has no list that counts: 2 rows, of an "
            "organisation that is no practice. Give gp-reg-pat-prac-all.csv, or another file with "
            "whole lists of practices."
        )
    ]


@pytest.mark.parametrize(
    "headings",
    [
        "GP_PRACTICE_CODE,POSTCODE,CCG_CODE,NHSE_AREA_TEAM_CODE,NHSE_REGION_CODE,TOTAL_ALL",
        "PRACTICE_CODE,POSTCODE,PARENT_ORGANISATION_CODE,NHSE_AREA_TEAM,NHSE_REGION,Total_All",
        "Practice_Code,Postcode,CCG_Code,ONS_CCG_Code,NHSE_Comm_Region_Code,Total_All",
    ],
)
def test_lists_of_2013_to_2017(tmp_path: Path, headings: str) -> None:
    rows = "Z00001,LU1 1AA,00X,Q69,Y55,8412,4206,4206\nZ00004,LU2 7AA,00X,Q69,Y55,15038,7519,7519\n"
    practices = read_files(written(tmp_path, f"{headings},TOTAL_MALE,TOTAL_FEMALE\n{rows}"))
    assert sizes(practices) == {"Z00001": 8412, "Z00004": 15038}
    assert set(practices.table["region_code"]) == {"00X"}


def test_a_list_saved_again_is_set_aside(tmp_path: Path) -> None:
    again = written(tmp_path, text_of(LIST) + "\n", "saved.csv")
    practices = read_files(LIST, again)
    assert sizes(practices) == SIZES_2021
    assert account(practices, "saved.csv") == {f"the same rows as in {LIST}": 9}


def test_the_same_lists_in_another_order_are_set_aside(tmp_path: Path) -> None:
    header, *rows = text_of(LIST).splitlines(keepends=True)
    again = written(tmp_path, header + "".join(reversed(rows)), "sorted.csv")
    practices = read_files(LIST, again)
    assert sizes(practices) == SIZES_2021
    assert account(practices, "sorted.csv") == {"counted in another file already": 8}


def test_other_lists_of_the_same_day_are_one_fault(tmp_path: Path) -> None:
    other = written(tmp_path, text_of(LIST).replace("\n", "0\n").replace("TS0", "TS"), "other.csv")
    assert faults_in(invented(LIST), other, region="00X") == [
        (
            f"other.csv: says something else of 8 practices than {LIST}, such as Z00001. "
            "Keep one of the two: they do not say which is the later."
        )
    ]


def test_two_tables_of_practices_are_one_fault(tmp_path: Path) -> None:
    rows = "".join(f"A{n},Name,{9000 + n},500000,200000,06P\n" for n in range(10, 20))
    older = written(tmp_path, HEADER + rows, "2020.csv")
    later = written(tmp_path, HEADER + rows.replace(",90", ",91"), "2021.csv")
    (fault,) = faults_in(older, later)
    assert fault.startswith("2021.csv: says something else of 10 practices than 2020.csv")


# --- registers -----------------------------------------------------------------------------------


def test_two_registers_are_one_fault(tmp_path: Path) -> None:
    later = written(
        tmp_path,
        text_of(REGISTER)
        .replace("SURGERY", "MEDICAL CENTRE")
        .replace("PRACTICE", "MEDICAL CENTRE"),
        "register.csv",
    )
    older = invented(REGISTER)
    (fault,) = faults_in(invented(LIST), older, later, region="00X")
    assert fault.startswith("register.csv: says something else of ")
    assert f" practices than {REGISTER}, such as " in fault


@pytest.mark.parametrize("title", ["", "Practices of England\n\n", "\ufeff"])
def test_a_register_with_headings(tmp_path: Path, title: str) -> None:
    register = written(tmp_path, title + REGISTER_HEADINGS + text_of(REGISTER), "register.csv")
    bare, headed = read_files(LIST, REGISTER), read_files(LIST, register)
    assert headed.table.equals(bare.table)
    assert len(findings(headed, "register_closed")) == 1


def test_a_register_with_columns_left_out(tmp_path: Path) -> None:
    kept = (0, 1, 9, 12, 14, 25)
    rows = [REGISTER_HEADINGS.strip().split(","), *rows_in(REGISTER)]
    text = "\n".join(";".join(row[i] for i in kept) for row in rows)
    register = written(tmp_path, text + "\n", "register.csv")
    assert read_files(LIST, register).table.equals(read_files(LIST, REGISTER).table)


def test_an_older_copy_does_not_keep_a_membership_alive(tmp_path: Path) -> None:
    header = (
        "Partner Organisation Code,Partner Name,PCN Code,PCN Name,"
        "Practice to PCN Relationship Start Date,Practice to PCN Relationship End Date\n"
    )
    older = written(tmp_path, header + "Z00001,ABBEY,U00009,OLD,20190701,\n", "2020.csv")
    later = written(tmp_path, header + "Z00001,ABBEY,U00009,OLD,20190701,20200331\n", "2021.csv")
    practices = read_files(LIST, older, later)
    assert column(practices, "current_network")["Z00001"] == ""
    assert account(practices, "2020.csv") == {"another file says that it has ended": 1}


def test_a_copy_that_spells_codes_in_another_way_is_a_copy(tmp_path: Path) -> None:
    again = written(tmp_path, text_of(MAP).replace("Z0000", "z0000"), "map-saved.csv")
    practices = read_files(LIST, MAP, again)
    assert sizes(practices) == SIZES_2021
    assert set(account(practices, "map-saved.csv")) == {"counted in another file already"}


# --- workbooks -----------------------------------------------------------------------------------


def test_a_copy_of_a_sheet_is_set_aside(tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", Sheet1=rows_of(LUTON), Copy=rows_of(LUTON))
    practices = read_files(path)
    assert sizes(practices) == {"E81001": 7200, "E81002": 9500, "00L": 88}
    assert account(practices, "list.xlsx, sheet Copy") == {
        "the same rows as in list.xlsx, sheet Sheet1": 4
    }


def test_a_hidden_sheet_counts_less(tmp_path: Path) -> None:
    older = LUTON.replace("9500", "9000")
    path = book(tmp_path / "list.xlsx", hidden_old=rows_of(older), now=rows_of(LUTON))
    assert sizes(read_files(path))["E81002"] == 9500
    alone = book(tmp_path / "alone.xlsx", hidden_old=rows_of(older), notes=[["Notes"]])
    assert sizes(read_files(alone))["E81002"] == 9000


def test_a_pivot_beside_the_table_is_set_aside(tmp_path: Path) -> None:
    pivot = [["practice_code", "Sum of list_size"], ["E81001", 7200], ["Grand Total", 7200]]
    path = book(tmp_path / "list.xlsx", Pivot=pivot, Data=rows_of(LUTON))
    practices = read_files(path)
    assert len(practices.table) == 3
    assert account(practices, "list.xlsx, sheet Pivot") == {"no table known here": 3}


# --- headings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        "Practice Code;Practice-Name;LIST SIZE;Easting;Northing;Region code",
        "ODS Code;Practice;Patients;Eastings;Northings;CCG Code",
        "Organisation code;Organisation name;Registered Patients;X;Y;Sub ICB Location Code",
    ],
)
def test_headings_in_other_words(tmp_path: Path, headings: str) -> None:
    text = LUTON.replace(HEADER, "").replace(",", ";")
    practices = read_files(written(tmp_path, f"{headings}\n{text}"))
    assert sizes(practices) == {"E81001": 7200, "E81002": 9500, "00L": 88}
    assert set(practices.table["region_code"]) == {"06P"}


def test_two_columns_that_could_be_meant_are_asked_about(tmp_path: Path) -> None:
    text = "ODS code,GP code,Name,Patients,X,Y\nE81001,P1,Wheatfield,7200,507200,223100\n"
    (fault,) = faults_in(written(tmp_path, text))
    assert fault == (
        "practices.csv, row 1, column practice_code: could be ods_code or gp_code. "
        "Rename the column that is meant to practice_code."
    )
