"""Opening files: CSV in any encoding, workbooks, archives; and saying why one cannot be read."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.base import limits
from pcn_group.base.errors import InputError
from pcn_group.tables import delimited, workbooks
from pcn_group.tables.opening import Opened, Sheet, Stream, open_input
from tests.practices.practice_inputs import LUTON, written

TABLE = "code,name,patients\nA1,Bell House,5903\nB2,Wheatfield,14738\n"
ROWS = [
    (1, ["code", "name", "patients"]),
    (2, ["A1", "Bell House", "5903"]),
    (3, ["B2", "Wheatfield", "14738"]),
]
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def opened(path: Path, *streamed: str) -> Opened:
    """Open a file; texts with this heading become streams."""
    return open_input(path, path.name, lambda headings: bool(set(streamed) & set(headings)))


def only_sheet(path: Path) -> Sheet:
    found = opened(path)
    assert not found.streams
    (sheet,) = found.sheets
    return sheet


def only_stream(path: Path) -> Stream:
    found = opened(path, "code")
    assert not found.sheets
    (stream,) = found.streams
    return stream


def faults_of(path: Path, *streamed: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_through(path, *streamed)
    return [str(fault) for fault in caught.value.faults]


def read_through(path: Path, *streamed: str) -> None:
    for stream in opened(path, *streamed).streams:
        list(stream.chunks(stream.headings))


def zipped(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# --- text ---


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        pytest.param(TABLE.encode(), (), id="UTF-8"),
        pytest.param(TABLE.encode("utf-8-sig"), (), id="byte-order mark"),
        pytest.param(TABLE.encode("utf-16"), (), id="UTF-16"),
        pytest.param("\ufeff".encode("utf-16-be") + TABLE.encode("utf-16-be"), (), id="UTF-16 BE"),
        pytest.param(TABLE.replace("\n", "\r\n").encode(), (), id="CRLF"),
        pytest.param(TABLE.replace("\n", "\r").encode(), (), id="CR"),
        pytest.param(TABLE.replace(",", " ,  ").encode(), (), id="blanks around"),
        pytest.param(TABLE.replace("l H", "l \t  H").encode(), (), id="blanks inside"),
        pytest.param(
            TABLE.replace(",", ";").encode(), ("t.csv: separated by semicolons.",), id="semicolons"
        ),
        pytest.param(
            TABLE.replace(",", "\t").encode("utf-16"), ("t.csv: separated by tabs.",), id="tabs"
        ),
    ],
)
def test_texts(tmp_path: Path, data: bytes, notes: tuple[str, ...]) -> None:
    sheet = only_sheet(written(tmp_path, data, "t.csv"))

    assert (sheet.label, sheet.rows, sheet.notes) == ("t.csv", ROWS, notes)
    assert (sheet.blank, sheet.is_cut) == (0, False)


def test_a_file_is_known_by_its_name_and_bytes(tmp_path: Path) -> None:
    found = opened(written(tmp_path, TABLE, "t.csv"))

    assert (found.name, found.sha256) == ("t.csv", hashlib.sha256(TABLE.encode()).hexdigest())


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    data = TABLE.replace("Wheatfield", "Chaussée “Ä”").encode("cp1252")
    sheet = only_sheet(written(tmp_path, data, "t.csv"))

    assert sheet.rows[2][1][1] == "Chaussée “Ä”"
    assert sheet.notes == (
        "t.csv: not UTF-8, read as Windows-1252 (first at row 3): check the names.",
    )


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"a,b\n1,\x81\n", "t.csv, row 2: has bytes that are not Windows-1252 text."),
        ("a,é\n".encode() + b"1,\xe9\n", "t.csv, row 2: has bytes that are not UTF-8 text."),
        ("a,b\n".encode("utf-16") + b"x", "t.csv, row 2: has bytes that are not UTF-16 text."),
        (b"a,b\n\n1,\0\n", "t.csv, row 3: contains NUL bytes."),
        (b"", "t.csv: is empty."),
        (b"\n,,\n  \n", "t.csv: is empty."),
        (b'a,b\n1,2\n3,"4\n5,6\n', "t.csv, row 3: has quotation marks that do not pair up"),
        (b'a,b\n1,"2"3\n', "t.csv, row 2: has quotation marks that do not pair up"),
        (b"<!DOCTYPE html>\n<p>Log in</p>", "t.csv: is a web page or other markup, no table"),
        (b"\n <html lang='en'>", "t.csv: is a web page or other markup, no table"),
        (b'{"error": 404}', "t.csv: is JSON, no table"),
        (b'[\n {"a": 1}]', "t.csv: is JSON, no table"),
        (b"%PDF-1.7", "t.csv: is a PDF document. Give a CSV file, a workbook"),
        (b"\x89PNG\r\n\x1a\n", "t.csv: is a picture. Give a CSV file, a workbook"),
        (b"\x1f\x8b\x08", "t.csv: is a gzip archive."),
        (b"PK\x03\x04 cut off", "t.csv: is a damaged archive."),
        (OLE2 + b"\0" * 600, "t.csv: is a workbook that is damaged: it has no workbook"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, data: bytes, fault: str) -> None:
    (found,) = faults_of(written(tmp_path, data, "t.csv"))
    assert found.startswith(fault)


def test_line_numbers_count_every_line_of_the_file(tmp_path: Path) -> None:
    data = '\n,\n"a\nb",c\n\n1,"x\n\ny"\n2,3\n,,\n'
    sheet = only_sheet(written(tmp_path, data, "t.csv"))

    assert sheet.rows == [(3, ["a b", "c"]), (6, ["1", "x y"]), (9, ["2", "3"])]
    assert sheet.blank == 2


@pytest.mark.parametrize(("text", "is_cut"), [("a\n1\n", 0), ("a\n1", 1), ("a,b", 0), ("a\r1", 1)])
def test_a_last_line_without_its_end(tmp_path: Path, text: str, is_cut: int) -> None:
    assert only_sheet(written(tmp_path, text, "t.csv")).is_cut == bool(is_cut)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a,b;c;d;e\n1,2\n", 2),
        ('"a;b;c;d",e\n1;2,3\n', 2),
        ("Practices; January; 2021\ncode,name\nA1,Bell\n", 1),
        ("code;name\nA1;Bell House, Luton, Beds, UK\n", 2),
        ("Practices in Luton\ncode\tname\nA1\tBell\n", 1),
        ("code\n1\n", 1),
    ],
)
def test_the_separator_is_what_the_first_rows_use(tmp_path: Path, text: str, cells: int) -> None:
    assert len(only_sheet(written(tmp_path, text, "t.csv")).rows[0][1]) == cells


def test_a_huge_text_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WHOLE", 20)
    path = written(tmp_path, TABLE, "t.csv")

    (fault,) = faults_of(path)
    assert fault.startswith("t.csv: is too large (0 MB; at most 0 MB are read). Check that it is")
    assert only_stream(path).headings == ("code", "name", "patients")


def test_a_header_longer_than_the_first_look(tmp_path: Path) -> None:
    headings = ["code", *(f"E{i:08}" for i in range(40_000))]
    path = written(tmp_path, ",".join(headings) + "\nA1" + ",7" * 40_000 + "\n", "t.csv")
    stream = only_stream(path)

    assert stream.headings == tuple(headings)
    (piece,) = stream.chunks(["E00039999"])
    assert piece["E00039999"].to_dict() == {2: "7"}


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "absent.csv")[0].startswith("absent.csv: does not exist.")
    assert "is a folder, not a file. It is empty." in faults_of(tmp_path)[0]
    written(tmp_path, "practice_code\nA\n", "lists.csv")
    assert "Name the files that you mean: lists.csv." in faults_of(tmp_path)[0]
    assert "cannot be read" in faults_of(tmp_path / "a\0b")[0]


# --- streams ---


def frames(stream: Stream, *columns: str) -> dict[int, list[str]]:
    pieces = list(stream.chunks(columns))
    assert all(list(piece.columns) == list(columns) for piece in pieces)
    rows = (row for piece in pieces for row in piece.itertuples(name=None))
    return {line: list(cells) for line, *cells in rows}


@pytest.mark.parametrize("block", [7, 30, 1 << 24])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_stream_gives_columns_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, end: str, separator: str
) -> None:
    monkeypatch.setattr(delimited, "_BLOCK", block)
    text = TABLE.replace(",", separator).replace("\n", end)
    stream = only_stream(written(tmp_path, text, "t.csv"))

    assert (stream.label, stream.headings, stream.header_row) == ("t.csv", tuple(ROWS[0][1]), 1)
    assert frames(stream, "patients", "code") == {2: ["5903", "A1"], 3: ["14738", "B2"]}


def test_a_stream_may_be_read_again(tmp_path: Path) -> None:
    stream = only_stream(written(tmp_path, TABLE, "t.csv"))

    assert frames(stream, "code") == frames(stream, "code") == {2: ["A1"], 3: ["B2"]}


CELLS = st.sampled_from(["", "NA", "1", " x  y ", 'say "hi"', "a,b", "two\nlines", "\r\n", "\x01"])


@given(
    table=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8),
    blank=st.sampled_from(["", "\n", ",,\n", " , \n"]),
    at=st.integers(0, 8),
    block=st.integers(1, 40),
)
def test_a_stream_is_the_same_table_as_a_sheet(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[tuple[str, str, str]],
    blank: str,
    at: int,
    block: int,
) -> None:
    lines = [",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row) + "\n" for row in table]
    lines.insert(at, blank)
    text = '\n"code\n",b,c\n' + "".join(lines)
    path = tmp_path_factory.mktemp("stream") / "t.csv"
    path.write_bytes(text.encode())

    _, *expected = only_sheet(path).rows
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_BLOCK", block)
        stream = only_stream(path)
        found = frames(stream, "code", "b", "c")

    assert stream.header_row == 2
    assert found == dict(expected)


@pytest.mark.parametrize("block", [7, 1 << 24])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_stream_that_ends_in_the_middle_of_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, end: str, codec: str
) -> None:
    monkeypatch.setattr(delimited, "_BLOCK", block)
    text = TABLE.replace("\n", end).removesuffix(end)
    (fault,) = faults_of(written(tmp_path, text.encode(codec), "t.csv"), "code")

    assert fault.startswith("t.csv: is cut off in the middle of a line.")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("C3,Bell House, Luton,9500", "row 4: has 4 cells where the header has 3"),
        ("C3,Bell House", "row 4: has 2 cells where the header has 3"),
        ('C3,"Bell House,9500', "row 4: has quotation marks that do not pair up"),
        ("C3,Bell\0House,9500", "row 4: contains NUL bytes"),
    ],
)
def test_a_stream_with_a_fault(tmp_path: Path, row: str, fault: str) -> None:
    path = written(tmp_path, f"{TABLE}{row}\nD4,Last,1\n", "t.csv")

    (found,) = faults_of(path, "code")
    assert found.startswith(f"t.csv, {fault}")


def test_rows_that_only_compensate_each_other_are_faults(tmp_path: Path) -> None:
    found = faults_of(written(tmp_path, TABLE + "C3,x,1,2\nD4,3\n", "t.csv"), "code")

    assert [fault.split(":")[0] for fault in found] == ["t.csv, row 4", "t.csv, row 5"]


def test_a_broken_stream_names_only_the_first_of_its_rows(tmp_path: Path) -> None:
    found = faults_of(written(tmp_path, TABLE + "C3\n" * 2000, "t.csv"), "code")

    assert len(found) == 51
    assert found[-1].startswith("t.csv: has 1,950 more rows like the one above.")


def test_rows_of_a_stream_without_what_is_wanted(tmp_path: Path) -> None:
    stream = only_stream(written(tmp_path, TABLE + ",,\n,Kingsway,1\n", "t.csv"))

    assert frames(stream, "code") == {2: ["A1"], 3: ["B2"], 5: [""]}


def test_cells_that_a_spreadsheet_added_to_a_stream(tmp_path: Path) -> None:
    stream = only_stream(written(tmp_path, TABLE + "C3,Kingsway,1,,\n", "t.csv"))

    assert frames(stream, "patients")[4] == ["1"]


def test_a_stream_turns_out_to_be_windows_1252(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_PEEK", 25)
    monkeypatch.setattr(delimited, "_BLOCK", 25)
    data = TABLE.replace("Wheatfield", "Chaussée").encode("cp1252")
    stream = only_stream(written(tmp_path, data, "t.csv"))

    assert frames(stream, "name") == {2: ["Bell House"], 3: ["Chaussée"]}


def test_a_stream_in_two_encodings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_PEEK", 25)
    monkeypatch.setattr(delimited, "_BLOCK", 25)
    data = TABLE.replace("Bell", "Béll").encode() + "C3,Chaussée,1\n".encode("cp1252")

    (fault,) = faults_of(written(tmp_path, data, "t.csv"), "code")
    assert fault.startswith("t.csv, row 4: has bytes that are not UTF-8 text")


def test_only_the_start_of_a_stream_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_PEEK", 25)
    path = written(tmp_path, TABLE + "\0", "t.csv")

    assert only_stream(path).headings[0] == "code"
    (fault,) = faults_of(path, "code")
    assert fault.startswith("t.csv, row 4: contains NUL bytes. The file is damaged or not text.")


# --- workbooks ---


def test_a_workbook_is_its_worksheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "PCN Details"
    for row in [["PCN\nCode", "Patients"], ["U1", 5903], [None, None], ["U2", 14738]]:
        book.active.append(row)
    book.create_sheet("Empty")
    hidden = book.create_sheet("Core Partners")
    hidden.sheet_state = "hidden"
    hidden["C5"] = "A1"
    book.create_chartsheet("Chart")
    book.save(tmp_path / "ePCN.xlsx")

    found = opened(tmp_path / "ePCN.xlsx").sheets
    assert [(sheet.label, sheet.rows) for sheet in found] == [
        (
            "ePCN.xlsx, sheet PCN Details",
            [(1, ["PCN Code", "Patients"]), (2, ["U1", "5903"]), (4, ["U2", "14738"])],
        ),
        ("ePCN.xlsx, sheet Core Partners", [(5, ["A1"])]),
    ]
    assert all(not sheet.blank and not sheet.is_cut and not sheet.notes for sheet in found)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (5903, "5903"),
        (5903.0, "5903"),
        (100_000, "100000"),
        (10**16, "10000000000000000"),
        (-0.0, "0"),
        (51.8787, "51.8787"),
        (1 / 3, "0.3333333333333333"),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.date(2021, 1, 2), "2021-01-02"),
        (dt.datetime(2021, 1, 2), "2021-01-02"),  # noqa: DTZ001 - a workbook has no time zones
        (dt.datetime(2021, 1, 2, 13, 30), "2021-01-02 13:30:00"),  # noqa: DTZ001 - likewise
        (dt.time(13, 30), "13:30:00"),
        ("00L", "00L"),
        ("0012", "0012"),
        ("  NUMBER OF\n PATIENTS ", "NUMBER OF PATIENTS"),
        ("#REF!", ""),
    ],
)
def test_cells_of_a_worksheet_as_text(tmp_path: Path, cell: object, text: str) -> None:
    path = written(tmp_path, workbook([["code", cell]]), "t.xlsx")

    assert only_sheet(path).rows[0][1] == (["code", text])


def test_a_formula_counts_by_its_value(tmp_path: Path) -> None:
    sheet = b'<c r="A1"><f>1+1</f><v>2</v></c>'
    rebuilt = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["mark"]]))) as old,
        zipfile.ZipFile(rebuilt, "w") as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                start, end = data.index(b"<c "), data.index(b"</c>") + 4
                data = data[:start] + sheet + data[end:]
            new.writestr(name, data)

    path = written(tmp_path, rebuilt.getvalue(), "t.xlsx")
    assert only_sheet(path).rows == [(1, ["2"])]


def test_a_workbook_is_told_by_its_content(tmp_path: Path) -> None:
    path = written(tmp_path, workbook([["a", "b"], [1, 2]]), "list.csv")

    assert only_sheet(path).label == "list.csv, sheet Sheet"


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    '<office:body><office:spreadsheet><table:table table:name="Practices">'
    "<table:table-row/><table:table-row>"
    '<table:table-cell office:value-type="string"><text:p>A1</text:p></table:table-cell>'
    '<table:table-cell office:value-type="float" office:value="5903"><text:p>5,903</text:p>'
    "</table:table-cell></table:table-row>"
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)


def test_an_ods_workbook(tmp_path: Path) -> None:
    members = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": ODS,
    }
    sheet = only_sheet(zipped(tmp_path / "t.ods", members))

    assert (sheet.label, sheet.rows) == ("t.ods, sheet Practices", [(2, ["A1", "5903"])])


def ole2(name: str, stream: bytes) -> bytes:
    """Return a compound file, as old workbooks and encrypted ones are, with one stream."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    sectors = 8
    header = OLE2 + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    chain = [*range(3, 2 + sectors), end]
    table = struct.pack("<128I", 0xFFFFFFFD, end, *chain, *[free] * (126 - sectors))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        links = struct.pack("<HBB3I36x", len(text) + 2, kind, 1, free, free, child)
        return text.ljust(64, b"\0") + links + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, 512 * sectors)
    return header + table + directory.ljust(512, b"\0") + stream.ljust(512 * sectors, b"\0")


def test_an_xls_workbook(tmp_path: Path) -> None:
    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    end = record(0x0A, b"")
    start = record(0x809, struct.pack("<4H2I", 0x600, 5, 0, 0, 0, 0))
    name = struct.pack("<BB", 9, 0) + b"Practices"
    place = len(start) + 4 + 6 + len(name) + len(end)
    stream = start + record(0x85, struct.pack("<IH", place, 0) + name) + end
    stream += record(0x809, struct.pack("<4H2I", 0x600, 0x10, 0, 0, 0, 0))
    stream += record(0x204, struct.pack("<4HB", 2, 0, 0, 2, 0) + b"A1")
    stream += record(0x203, struct.pack("<3Hd", 2, 1, 0, 5903)) + end
    path = written(tmp_path, ole2("Workbook", stream), "t.xls")

    sheet = only_sheet(path)
    assert (sheet.label, sheet.rows) == ("t.xls, sheet Practices", [(3, ["A1", "5903"])])


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (workbook([]), "t.xlsx: is empty"),
        (workbook([["a"]])[:3000], "t.xlsx: is a damaged archive"),
        (ole2("EncryptedPackage", b""), "t.xlsx: is protected by a password"),
        (ole2("WordDocument", b""), "t.xlsx: is a workbook that is damaged: it has no workbook"),
    ],
)
def test_workbooks_that_cannot_be_read(tmp_path: Path, data: bytes, fault: str) -> None:
    (found,) = faults_of(written(tmp_path, data, "t.xlsx"))
    assert found.startswith(fault)


def test_a_workbook_with_a_stray_cell_far_away(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "code"
    book.active["XFD1048576"] = "stray"
    book.save(tmp_path / "t.xlsx")

    (fault,) = faults_of(tmp_path / "t.xlsx")
    assert fault.startswith("t.xlsx: has cells too far apart")


def test_formatting_far_away_does_no_harm(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "code"
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "t.xlsx")

    assert only_sheet(tmp_path / "t.xlsx").rows == [(1, ["code"])]


class PanicException(BaseException):
    """What a panic of the compiled reader looks like."""


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(PanicException, InputError), (KeyboardInterrupt, KeyboardInterrupt)],
)
def test_a_panic_of_the_reader_is_a_fault(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
    outcome: type[BaseException],
) -> None:
    def panic(_: object) -> None:
        raise error

    monkeypatch.setattr(workbooks, "load_workbook", panic)
    path = written(tmp_path, workbook([["a"]]), "t.xlsx")

    with pytest.raises(outcome):
        opened(path)


# --- archives ---


def test_an_archive_is_its_tables(tmp_path: Path) -> None:
    members = {
        "Data/list.csv": TABLE,
        "Data/": "",
        "__MACOSX/Data/._list.csv": b"\0",
        ".hidden.csv": b"\0",
        "~$ePCN.xlsx": b"\0",
        "guide.pdf": b"%PDF",
        "Documents/READ ME.txt": "Hello",
        "ePCN.xlsx": workbook([["PCN"], ["U1"]]),
        "big.CSV": "pcds,lat\nLU1 1AA,51.8\n",
        "more.zip": zipped(tmp_path / "more.zip", {"old.csv": "a,b\n1,2\n"}).read_bytes(),
    }
    found = opened(zipped(tmp_path / "all.zip", members), "pcds")

    assert [(sheet.label, sheet.rows) for sheet in found.sheets] == [
        ("all.zip: Data/list.csv", ROWS),
        ("all.zip: ePCN.xlsx, sheet Sheet", [(1, ["PCN"]), (2, ["U1"])]),
        ("all.zip: more.zip: old.csv", [(1, ["a", "b"]), (2, ["1", "2"])]),
    ]
    (stream,) = found.streams
    assert stream.label == "all.zip: big.CSV"
    assert frames(stream, "lat", "pcds") == {2: ["51.8", "LU1 1AA"]}
    assert found.notes == (
        "all.zip: left aside, being no tables: guide.pdf, Documents/READ ME.txt.",
    )


def test_a_directory_cut_up_is_left_aside_beside_the_whole(tmp_path: Path) -> None:
    part = "pcds,lat\nLU1 1AA,51.8\n"
    parts = {f"Data/multi_csv/ONSPD_{area}.csv": part for area in ("AL", "LU")}
    both = opened(zipped(tmp_path / "both.zip", parts | {"Data/ONSPD.csv": part}), "pcds")
    alone = opened(zipped(tmp_path / "alone.zip", parts), "pcds")

    assert [stream.label for stream in both.streams] == ["both.zip: Data/ONSPD.csv"]
    assert both.notes == (
        "both.zip: the folder multi_csv (2 files) left aside: the same rows again.",
    )
    assert len(alone.streams) == 2
    assert not alone.notes


def test_every_fault_of_an_archive_is_reported(tmp_path: Path) -> None:
    deep = zipped(tmp_path / "c.zip", {"c.csv": TABLE}).read_bytes()
    deep = zipped(tmp_path / "b.zip", {"c.zip": deep}).read_bytes()
    members = {"a.csv": "", "t.csv": TABLE, "b.csv": "<html>", "b.zip": deep}

    assert [fault.split(". ")[0] for fault in faults_of(zipped(tmp_path / "a.zip", members))] == [
        "a.zip: a.csv: is empty",
        "a.zip: b.csv: is a web page or other markup, no table ('<html>')",
        "a.zip: b.zip: c.zip: is an archive in an archive in an archive",
    ]


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({}, "is an archive without tables"),
        ({"a.pdf": "x"}, "is an archive without tables"),
        ({"[Content_Types].xml": "x", "word/document.xml": "x"}, "is a document without tables"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "is a document without tables"),
        ({"[Content_Types].xml": "x", "xl/workbook.xml": "x"}, "is a workbook that is damaged"),
    ],
)
def test_archives_without_a_table(tmp_path: Path, members: dict[str, str], fault: str) -> None:
    (found,) = faults_of(zipped(tmp_path / "a.zip", members))
    assert found.startswith(f"a.zip: {fault}")


def patched(path: Path, *changes: tuple[int, bytes]) -> Path:
    """Overwrite bytes of the last central directory entry of an archive."""
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    for offset, value in changes:
        data[entry + offset : entry + offset + len(value)] = value
    path.write_bytes(bytes(data))
    return path


@pytest.mark.parametrize(
    ("offset", "value", "fault"),
    [
        (8, b"\x01\0", "a.zip: t.csv: is protected by a password"),
        (24, b"\xf0\xff\xff\xff", "a.zip: t.csv: unpacks to 4,295 MB"),
        (16, b"\1\2\3\4", "a.zip: t.csv: is a damaged archive"),
        (10, b"\x09\0", "a.zip: t.csv: cannot be unpacked"),
    ],
)
@pytest.mark.parametrize("streamed", ["code", "nothing"])
def test_members_that_cannot_be_unpacked(
    tmp_path: Path, offset: int, value: bytes, fault: str, streamed: str
) -> None:
    path = patched(zipped(tmp_path / "a.zip", {"t.csv": TABLE}), (offset, value))

    (found,) = faults_of(path, streamed)
    assert found.startswith(fault)


def test_an_archive_cut_off_while_a_stream_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"t.csv": TABLE})
    stream = only_stream(path)
    path.write_bytes(path.read_bytes()[:60])

    with pytest.raises(InputError, match=r"a\.zip: t\.csv: is a damaged archive"):
        list(stream.chunks(["code"]))


def test_a_pipe_is_read_once() -> None:
    if not Path("/dev/fd").exists():
        pytest.skip("there are no named descriptors here")
    out, into = os.pipe()
    os.write(into, LUTON.encode())
    os.close(into)
    try:
        assert len(only_sheet(Path(f"/dev/fd/{out}")).rows) == 4
    finally:
        os.close(out)


def test_pieces_hold_text_only(tmp_path: Path) -> None:
    (piece,) = only_stream(written(tmp_path, TABLE, "t.csv")).chunks(["code", "patients"])

    assert piece.map(lambda cell: isinstance(cell, str)).all(axis=None)
    assert pd.api.types.is_object_dtype(piece["code"]) or isinstance(
        piece["code"].dtype, pd.StringDtype
    )
