"""Tables that users make in whatever way: plans, rules, neighbours, travel, through one reader."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from pcn_group.base.errors import InputError
from pcn_group.tables.columns import column_pieces, read_columns
from tests.practices.practice_inputs import written

PLAN = ("practice_code", "network_id")
EDGES = ("practice_code", "neighbour_code")
MATRIX = ("from", "to", "value")
ROWS = [["A90001", "N1"], ["A90002", "N2"]]


def rows(path: Path, columns: tuple[str, ...] = PLAN) -> list[list[str]]:
    return read_columns(path, columns)[list(columns)].to_numpy().tolist()


def faults(path: Path, columns: tuple[str, ...] = PLAN) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_columns(path, columns)
    return [str(fault) for fault in caught.value.faults]


def book(path: Path, *sheets: list[list[str]], hidden: int = 0) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, cells in enumerate(sheets, start=1):
        sheet = made.create_sheet(f"Sheet{number}")
        for row in cells:
            sheet.append(row)
        if number == hidden:
            sheet.sheet_state = "hidden"
    made.save(path)
    return path


@pytest.mark.parametrize(
    "headings",
    [
        "practice_code,network_id",
        "Practice Code,PCN Code",
        "PRACTICE-CODE , Network_ID",
        "ODS code,Network",
        "Organisation code,PCN",
        "Code,PCN ID",
    ],
)
def test_headings_of_a_plan(tmp_path: Path, headings: str) -> None:
    text = f"{headings}\nA90001,N1\nA90002,N2\n"
    assert rows(written(tmp_path, text, "plan.csv")) == ROWS


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfpractice_code;network_id\r\nA90001;N1\r\nA90002;N2\r\n",
        b"practice_code\tnetwork_id\nA90001\tN1\nA90002\tN2",
        b"practice_code|network_id\nA90001|N1\nA90002|N2\n",
        "practice_code,network_id\nA90001,N1\nA90002,N2\n".encode("utf-16"),
        "practice_code,network_id\nA90001,N1\nA90002,N2\n".encode("utf-16-le"),
        "practice_code,network_id\nA90001,N1\nA90002,N2\n".encode("utf-16-be"),
        b"Networks of the board\n\npractice_code,network_id\nA90001,N1\nA90002,N2\n",
        b"practice_code,network_id\nA90001,N1\nA90002,N2\n\nSource: the board, 2021\n",
        b"practice_code,network_id\nA90001,N1\nA90002,N2\nTotal,2\n",
        b"network_id,name,practice_code\nN1,caf\xe9,A90001\nN2,,A90002\n",
        b"practice_code,network_id,\nA90001,N1,\n,,\nA90002,N2,\n",
    ],
)
def test_texts(tmp_path: Path, data: bytes) -> None:
    assert rows(written(tmp_path, data, "plan.csv")) == ROWS


def test_a_workbook_and_an_archive(tmp_path: Path) -> None:
    table = [["Practice Code", "PCN Code"], *ROWS]
    path = book(tmp_path / "plan.xlsx", [["About"], ["Made by hand"]], table, table)
    assert rows(path) == ROWS
    with zipfile.ZipFile(tmp_path / "plan.zip", "w") as archive:
        archive.writestr("plan.csv", "practice_code,network_id\nA90001,N1\nA90002,N2\n")
        archive.writestr("__MACOSX/._plan.csv", b"\0\1")
        archive.writestr("Thumbs.db", b"\0\1")
    assert rows(tmp_path / "plan.zip") == ROWS


def test_two_sheets_that_could_be_meant(tmp_path: Path) -> None:
    table = [[*PLAN], *ROWS]
    other = [[*PLAN], ["A90001", "N2"]]
    assert faults(book(tmp_path / "two.xlsx", table, other)) == [
        (
            "two.xlsx: holds such a table 2 times: two.xlsx, sheet Sheet1, two.xlsx, sheet Sheet2. "
            "Keep the one that is meant, or save it as a file of its own."
        )
    ]
    assert rows(book(tmp_path / "hidden.xlsx", other, table, hidden=1)) == ROWS


def test_a_column_that_could_be_either_of_two(tmp_path: Path) -> None:
    path = written(tmp_path, "practice_code,PCN Code,Network code\nA,U1,N1\n", "plan.csv")
    assert faults(path) == [
        (
            "plan.csv, row 1, column network_id: could be pcn_code or network_code. "
            "Rename the column that is meant to network_id."
        )
    ]
    again = written(tmp_path, "practice_code,PCN Code,network_id\nA,U1,N1\n", "plan.csv")
    assert rows(again) == [["A", "N1"]]
    twice = written(tmp_path, "practice_code,network_id,Network ID\nA,U1,N1\n", "plan.csv")
    assert faults(twice) == [
        "plan.csv, row 1, column network_id: names 2 columns. Keep one of them."
    ]


def test_what_is_missing_is_named_beside_what_is_there(tmp_path: Path) -> None:
    path = written(tmp_path, "practice_code,Cluster\nA,1\n", "plan.csv")
    assert faults(path) == [
        (
            "plan.csv, row 1, column network_id: has no such column. Give a table with a header "
            "and the columns practice_code, network_id. This one has practice_code, cluster."
        )
    ]


def test_broken_rows_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "from,to,value\nA,B,1,5\nA,C\nB,C,2\n", "matrix.csv")
    assert [fault.split(".csv, ")[1].split(" (")[0] for fault in faults(path, MATRIX)] == [
        "row 2: has 4 cells where the header has 3",
        "row 3: has 2 cells where the header has 3",
    ]


def test_a_large_text_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pcn_group.tables.columns._LARGE", 0)
    monkeypatch.setattr("pcn_group.tables.delimited._BLOCK", 16)
    path = written(tmp_path, "From;To;Km;Value\nA;B;x;1\nA;C;x;2\nB;C;x;3", "matrix.csv")
    pieces = list(column_pieces(path, MATRIX))
    assert len(pieces) > 1
    assert [row for piece in pieces for row in piece.itertuples(name=None)] == [
        (2, "A", "B", "1"),
        (3, "A", "C", "2"),
        (4, "B", "C", "3"),
    ]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (
            "~$plan.xlsx",
            "is what Excel keeps beside a workbook as long as it is open, not a file of",
        ),
        (".~lock.plan.csv#", "is what LibreOffice keeps beside a file as long as it is open"),
        ("._plan.csv", "Leave it out: give plan.csv instead."),
        (
            ".DS_Store",
            "is what macOS keeps of how a folder is shown, not a file of yours. Leave it",
        ),
        ("Thumbs.db", "is what Windows keeps of how a folder is shown"),
        ("desktop.ini", "is what Windows keeps of how a folder is shown"),
    ],
)
def test_files_that_nobody_made(tmp_path: Path, name: str, fault: str) -> None:
    (found,) = faults(written(tmp_path, b"\x05user", name))
    assert found.startswith(f"{name}: ")
    assert fault in found


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (found,) = faults(tmp_path / "none.csv")
    assert found.startswith(f"{tmp_path / 'none.csv'}: does not exist")
