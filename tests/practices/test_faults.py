"""Every kind of fault: where it is, what it is, and that all are reported at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.practices import read_practices
from tests.practices.practice_inputs import HEADER, LUTON, faults_in, written


def test_all_faults_are_reported_at_once_with_their_place(tmp_path: Path) -> None:
    text = HEADER + (
        'E81001,Bell House,"5,90",508900,221300,06P\n'
        "E81002,Wheatfield,0,,223100,06P\n"
        "E81002,Kingsway,7000,508000,22200O,06P\n"
    )
    assert faults_in(written(tmp_path, text)) == [
        (
            "practices.csv, row 2, column list_size: is not a whole number ('5,90'). "
            "Give the number of registered patients, as digits."
        ),
        (
            "practices.csv, row 3, column list_size: is zero ('0'). "
            "Remove the row if the practice has closed; else correct it."
        ),
        (
            "practices.csv, row 3, column easting: is empty, though northing is not (''). "
            "Fill it in, or empty both."
        ),
        (
            "practices.csv, row 4, column practice_code: is the code of another row too "
            "(practices.csv, row 3) ('E81002'). "
            "Keep one row of the practice, or correct the code."
        ),
        (
            "practices.csv, row 4, column northing: is not a number ('22200O'). "
            "Write it as a plain number, for example 412345 or 51.8787, without commas."
        ),
    ]


def test_rows_are_counted_as_an_editor_counts_lines(tmp_path: Path) -> None:
    text = HEADER + '\nE81001,"Bell\nHouse",9500,508900,221300,06P\nE81002,Wheatfield,-1,0,0,06P\n'

    assert faults_in(written(tmp_path, text))[0].startswith("practices.csv, row 5, column list")


SIZES = {
    "": "is empty",
    "0": "is zero",
    "-12": "is negative",
    "5,90": "is not a whole number",
    "59,03": "is not a whole number",
    "5,903,": "is not a whole number",
    "0,903": "is not a whole number",
    "1234,567": "is not a whole number",
    "5,903.5": "is not a whole number",
    "12,345,678": "is more than any practice has",
    "590.5": "is not a whole number",
    "16.000": "is ambiguous",
    "5.903": "is ambiguous",
    "905.500": "is ambiguous",
    "-16.000": "is ambiguous",
    "0.000": "is zero",
    "1.234.567": "is not a whole number",
    "5.9E+03": "is not a whole number",
    "about 5000": "is not a whole number",
    "NaN": "is not a whole number",
    "\u0665\u0660\u0660\u0660": "is not a whole number",
    "50000000": "is more than any practice has",
    "9" * 5000: "is not a whole number",
}


def test_list_sizes(tmp_path: Path) -> None:
    rows = (f'E{k:05},Bell House,"{size}",508900,221300,06P\n' for k, size in enumerate(SIZES))
    faults = faults_in(written(tmp_path, HEADER + "".join(rows)))
    for row, (fault, problem) in enumerate(zip(faults, SIZES.values(), strict=True), start=2):
        assert fault.startswith(f"practices.csv, row {row}, column list_size: {problem}")


REWRITTEN = ("8.10E+05", "1e+05", "01-Mar", "Mar-01", "1 March 2021", "01/03/2021", "810.0")


def test_codes_that_a_spreadsheet_rewrote(tmp_path: Path) -> None:
    practices = "".join(f"{code},Bell House,9500,508900,221300,06P\n" for code in REWRITTEN)
    regions = "".join(f"E{code},Bell House,9500,508900,221300,{code}\n" for code in REWRITTEN)
    faults = faults_in(written(tmp_path, HEADER + practices + regions), region="all")
    columns = ("practice_code",) * len(REWRITTEN) + ("region_code",) * len(REWRITTEN)
    for row, (fault, column) in enumerate(zip(faults, columns, strict=True), start=2):
        told = f"practices.csv, row {row}, column {column}: was rewritten by a spreadsheet"
        assert fault.startswith(told)


def test_codes_that_only_look_odd(tmp_path: Path) -> None:
    odd = ["00L", "12E45", "15E", "1E5", "81001", "MAR01", "NA"]
    rows = "".join(f"{code},Bell House,9500,508900,221300,{code}\n" for code in odd)
    table = read_practices([written(tmp_path, HEADER + rows)], several_regions=True).table
    assert list(table["practice_code"]) == list(table["region_code"]) == odd


def test_an_empty_code_is_not_also_a_duplicate(tmp_path: Path) -> None:
    text = LUTON.replace("E81001,", ",").replace("00L,", ",")

    assert [fault.split(": ")[1] for fault in faults_in(written(tmp_path, text))] == [
        "is empty (''). Give the practice's ODS code.",
        "is empty (''). Give the practice's ODS code.",
    ]


@pytest.mark.parametrize(
    ("columns", "cells", "problem"),
    [
        ("easting,northing", ",", "has no location"),
        ("easting,northing", "0,0", "is outside Great Britain"),
        ("easting,northing", "800000,900000", "is outside Great Britain"),
        ("easting,northing", "300000,-5", "is outside Great Britain"),
        ("easting,northing", "900000,300000", "looks swapped"),
        ("easting,northing", "51.88,-0.42", "looks like latitude and longitude"),
        ("easting,northing", "5.08E+05,221300", "is not a number"),
        ("latitude,longitude", "51.88,", "is empty, though latitude is not"),
        ("latitude,longitude", "-0.42,51.88", "has latitude and longitude swapped"),
        ("latitude,longitude", "51.88,12.5", "is outside Great Britain"),
        ("latitude,longitude", "49.0,-9.0", "is outside Great Britain"),
        ("latitude,longitude", "508900,221300", "looks like easting and northing"),
        ("easting,northing,latitude,longitude", "508900,221300,51.88,-0.42", "has two locations"),
        ("postcode", "Luton", "is not a postcode"),
    ],
)
def test_locations(tmp_path: Path, columns: str, cells: str, problem: str) -> None:
    text = f"practice_code,practice_name,list_size,{columns}\nA,Bell House,5000,{cells}\n"

    (fault,) = faults_in(written(tmp_path, text))
    assert problem in fault
    assert fault.startswith("practices.csv, row 2, column ")


def test_one_practice_swapped_among_others(tmp_path: Path) -> None:
    text = LUTON + "E81005,Astray,5000,222400,508300,06P\nE81006,Last,5000,508700,222600,06P\n"

    assert faults_in(written(tmp_path, text)) == [
        (
            "practices.csv, row 5, column easting, northing: looks swapped ('222400, 508300'). "
            "Exchange the two values, or correct them."
        )
    ]


def test_one_practice_swapped_where_both_ways_are_on_land(tmp_path: Path) -> None:
    cumbria = HEADER + "".join(
        f"A{i},Keswick {i},5000,{326_000 + 700 * i},{523_000 + 400 * i},01H\n" for i in range(6)
    )
    text = cumbria + "A9,Astray,5000,523500,327000,01H\n"

    (fault,) = faults_in(written(tmp_path, text))
    assert "row 8" in fault
    assert "looks swapped" in fault


def test_headings_swapped_for_all(tmp_path: Path) -> None:
    path = written(
        tmp_path, HEADER + "A,Carlton,5000,173000,359000,X\nB,Redland,6000,174000,358000,X\n"
    )
    assert faults_in(path) == [
        (
            "practices.csv, column easting, northing: looks swapped in 2 of 2 rows. "
            "Exchange the two headings: easting is metres east, northing north."
        )
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\n\n,,\n", "is empty"),
        (HEADER.encode(), "has a header but no rows"),
        (LUTON.replace("Bell", "Bell\0").encode(), "contains NUL bytes"),
        (b"PK\x03\x04workbook", "is a damaged archive"),
        (LUTON.replace("Bell", '"Bell').encode(), "has quotation marks that do not pair up"),
        (LUTON.replace("Bell", '"Bell"').encode(), "has quotation marks that do not pair up"),
        (LUTON.replace(",", "!").encode(), "is no table known here"),
        (b"name,beds\nBell House,12\n", "is no table known here: its columns are name, beds"),
    ],
)
def test_files_that_are_no_table(tmp_path: Path, content: bytes, problem: str) -> None:
    (fault,) = faults_in(written(tmp_path, content))
    assert problem in fault


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    absent, folder = faults_in(tmp_path / "absent.csv", tmp_path)

    assert absent.startswith("absent.csv: does not exist.")
    assert "is a folder, not a file" in folder


def test_missing_columns_are_named_with_those_found(tmp_path: Path) -> None:
    path = written(tmp_path, "practice_code,list,easting\nE81001,9500,508900\n")

    assert faults_in(path) == [
        (
            "practices.csv, column practice_name: is missing. "
            "Add it, or rename yours: the file has practice_code, list, easting."
        ),
        (
            "practices.csv, column list_size: is missing. "
            "Add it, or rename yours: the file has practice_code, list, easting."
        ),
        (
            "practices.csv: has no columns for a location. "
            "Add easting and northing, or latitude and longitude, or postcode."
        ),
    ]


def test_headings_must_be_distinct_and_named(tmp_path: Path) -> None:
    twice = HEADER.replace("region_code", "List Size,,postcode") + "A,Bell,1,1,1,1,1,LU1 1AA\n"

    assert faults_in(written(tmp_path, twice)) == [
        "practices.csv, row 1, column list_size: names 2 columns. Keep one, or rename the others.",
        "practices.csv, row 1: column 7 has no name. Name the column, or remove it.",
    ]


def test_ragged_rows_are_faults_beside_those_of_the_other_rows(tmp_path: Path) -> None:
    text = HEADER + (
        "E81001,Bell House, Luton,9500,508900,221300,06P\n"
        "E81002,Wheatfield,7200\n"
        "E81003,Kingsway,none,508000,222000,06P\n"
    )
    long, short, size = faults_in(written(tmp_path, text))

    assert "row 2: has 7 cells where the header has 6" in long
    assert "quotation marks" in long
    assert "row 3: has 3 cells where the header has 6" in short
    assert "row 4, column list_size" in size


def test_files_of_the_same_name_are_told_apart_by_their_path(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    again = LUTON.replace("9500", "9400") + "X,Y,0,1,1,06P\n"
    one, other = written(tmp_path / "a", LUTON), written(tmp_path / "b", again)

    faults = faults_in(one, other)
    assert f"({one}, row 2)" in faults[0]
    assert faults[0].startswith(f"{other}, row 2, column practice_code")
