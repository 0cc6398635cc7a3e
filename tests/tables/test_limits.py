"""Small files that explode: refused by name, with a remedy, before memory is spent on them."""

from __future__ import annotations

import os
import struct
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from pcn_group.base import limits
from pcn_group.base.errors import InputError
from pcn_group.tables.opening import open_input
from pcn_group.tables.packages import put_in, take_out
from tests.practices.practice_inputs import written
from tests.tables.exploding import (
    archive,
    ods,
    ods_row,
    ole2,
    parts_of,
    with_part_renamed,
    xls,
    xls_number,
    xls_shared,
    xls_size,
    xls_texts,
    xlsb,
    xlsb_shared,
    xlsb_text,
    xlsb_texts,
    xlsx,
)

TABLE = "code,name\nA1,Bell\n"
CELL = "<c><v>1</v></c>"
A1, FAR = (
    '<row r="1"><c r="A1"><v>1</v></c></row>',
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
)
LONG = "x" * 200_000
TOO_FAR = "has cells too far apart: its worksheets have 17,179,869,184 from the first to the last, "
TOO_MUCH_TEXT = "has cells with texts of more than 200,000,000 characters together"


def read(folder: Path, data: bytes | str, name: str = "f") -> list[list[list[str]]]:
    """The cells of every table in a file."""
    path = written(folder, data, name)
    found = open_input(path, path.name, lambda headings: "stream" in headings)
    for stream in found.streams:
        list(stream.chunks(stream.headings))
    return [[cells for _, cells in sheet.rows] for sheet in found.sheets]


def fault(folder: Path, data: bytes | str) -> str:
    with pytest.raises(InputError) as caught:
        read(folder, data)
    (only,) = caught.value.faults
    assert only.remedy.endswith(".")
    return str(only)


# --- workbooks ---


def shared_by(count: int) -> str:
    return "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, count + 1)
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(xlsx(A1 + FAR), TOO_FAR, id="xlsx"),
        pytest.param(xlsx((A1 + FAR).replace("v>", "x:v>")), TOO_FAR, id="names with a prefix"),
        pytest.param(
            xlsx((A1 + FAR).replace("<c r", "<c\n s='0'\tr")), TOO_FAR, id="attributes in any order"
        ),
        pytest.param(
            xlsx(f"<row>{CELL * 9_999}</row>" + "<row/>" * 1_100 + f"<row>{CELL}</row>"),
            "has cells too far apart",
            id="cells without a place",
        ),
        pytest.param(
            xlsx("<row>" + '<c r="&#65;1"><v>1</v></c>' * 9999 + "</row>" + FAR),
            "has cells too far apart",
            id="places in other spellings",
        ),
        pytest.param(
            with_part_renamed(xlsx(A1 + FAR), "worksheets/sheet1.xml", "Odd/Place.dat"),
            TOO_FAR,
            id="a part with another name",
        ),
        pytest.param(
            with_part_renamed(xlsx(A1 + FAR), "sheet1", "workbook"),
            TOO_FAR,
            id="a part named alike",
        ),
        pytest.param(
            xlsx(shared_by(20_000), f"<si><t>{LONG}</t></si>"), TOO_MUCH_TEXT, id="shared"
        ),
        pytest.param(
            xlsx(A1, head='<!DOCTYPE w [<!ENTITY a "b">]>'),
            "is a workbook that is damaged: it has a document type",
            id="texts by definition",
        ),
        pytest.param(
            xlsx(f'<row r="{"1" * 9999}"><c r="A1"/></row>'),
            "is a workbook that is damaged",
            id="row",
        ),
        pytest.param(
            ods(ods_row(("x", 16_384), rows=1_048_576)), TOO_FAR, id="ods, rows and cells repeat"
        ),
        pytest.param(
            ods(ods_row(("x", 1)) + ods_row(rows=1_048_574) + ods_row(("", 16_383), ("x", 1))),
            TOO_FAR,
            id="ods, nothing repeats",
        ),
        pytest.param(
            ods(ods_row(("", 99_999_999_999), ("x", 1))), "has cells too far apart", id="ods, empty"
        ),
        pytest.param(ods(ods_row((LONG, 1), rows=2_000)), TOO_MUCH_TEXT, id="ods, text repeats"),
        pytest.param(
            xlsb(xlsb_text(0, 0, "a") + xlsb_text(2**20 - 1, 16_383, "b")), TOO_FAR, id="xlsb"
        ),
        pytest.param(
            xlsb(
                b"".join(xlsb_shared(row, 0) for row in range(2_000)),
                xlsb_texts(LONG, announced=1),
            ),
            TOO_MUCH_TEXT,
            id="xlsb, shared",
        ),
        pytest.param(
            xlsb(b"", xlsb_texts(announced=2**32 - 1)),
            "is a workbook that is damaged: it announces 4,294,967,295 values; at most 10,000,000",
            id="xlsb, announced",
        ),
        pytest.param(
            xls(xls_number(0, 0) + xls_number(65_535, 65_535)),
            "has cells too far apart: its worksheets have 4,294,967,296",
            id="xls",
        ),
        pytest.param(
            xls(xls_number(0, 0) + xls_number(9_999, 255), sheets=9),
            "has cells too far apart: its worksheets have 10,240,000",
            id="xls, one worksheet again and again",
        ),
        pytest.param(
            xls(xls_size(2**32 - 1, 65_535)),
            "is a workbook that is damaged: it announces",
            id="xls, size",
        ),
        pytest.param(
            xls(b"", before=xls_texts(b"", announced=2**31)), "it announces", id="xls, announced"
        ),
        pytest.param(
            xls(
                b"".join(xls_shared(row, 0) for row in range(4_000)),
                before=xls_texts(
                    struct.pack("<HB", 60_000, 0) + b"x" * 8_000,
                    *[b"\0" + b"x" * 8_000] * 6,
                    b"\0" + b"x" * 4_000,
                    announced=1,
                ),
            ),
            TOO_MUCH_TEXT,
            id="xls, shared",
        ),
        pytest.param(
            ole2("EncryptedPackage", b"")[:76] + struct.pack("<I", 2**31) * 109,
            "is a workbook that is damaged: it has no workbook",
            id="xls, sectors that are not there",
        ),
    ],
)
def test_workbooks_that_explode(tmp_path: Path, data: bytes, problem: str) -> None:
    assert len(data) < 1_000_000
    assert problem in fault(tmp_path, data)


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        pytest.param(xlsx(A1 + FAR.replace("<v>1</v>", "")), [["1"]], id="formats far away"),
        pytest.param(
            xlsx(
                '<row r="7"><c r="XFD7" t="s"><v>1</v></c></row>',
                "<si><t>a</t></si><si><t>b</t></si>",
            ),
            [["b"]],
            id="one cell far away",
        ),
        pytest.param(
            ods(ods_row(("x", 2), ("", 16_382), rows=2) + ods_row(("", 16_384), rows=1_048_574)),
            [["x", "x"], ["x", "x"]],
            id="ods, empty to its end",
        ),
        pytest.param(
            xlsb(xlsb_text(3, 1, "a") + xlsb_text(4, 2, "b")), [["a", ""], ["", "b"]], id="xlsb"
        ),
        pytest.param(xls(xls_number(9, 9) + xls_number(9, 10)), [["1", "1"]], id="xls"),
        pytest.param(
            xls(
                b"".join(xls_shared(row, row) for row in range(3)),
                before=xls_texts(
                    struct.pack("<HBH", 3, 8, 1)
                    + b"abc"
                    + bytes(4)
                    + struct.pack("<HB", 3, 0)
                    + b"d",
                    b"\1e\0f\0" + struct.pack("<HBI", 2, 5, 2) + b"g\0h\0" + bytes(2),
                    announced=3,
                ),
            ),
            [["abc"], ["def"], ["gh"]],
            id="xls, texts that go on",
        ),
    ],
)
def test_workbooks_that_do_not(tmp_path: Path, data: bytes, cells: list[list[str]]) -> None:
    assert read(tmp_path, data) == [cells]


def test_sectors_that_lead_round_and_round(tmp_path: Path) -> None:
    data = bytearray(xls(xls_number(0, 0)))
    struct.pack_into(
        "<I", data, 512 + 4 * 5, 3
    )  # the fourth sector of the stream leads to the second

    assert read(tmp_path, bytes(data)) == [[["1"]]]


@pytest.mark.parametrize("size", [1, 4_095, 4_096, 5_000_000])
def test_a_stream_taken_out_and_put_in_is_the_same(size: int) -> None:
    stream = os.urandom(size)
    name, found = take_out(put_in("Book", stream), ("Workbook", "Book")) or ("", b"")

    assert (name, found[:size], found[size:].strip(b"\0")) == ("Book", stream, b"")


def test_what_the_compiled_reader_says_of_a_panic_is_not_shown(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    parts = parts_of(xlsb(xlsb_text(0, 0, "a")))
    data = archive({**parts, "xl/_rels/workbook.bin.rels": "<Relationships/>"})

    assert "is a workbook that is damaged" in fault(tmp_path, data)
    assert capfd.readouterr().err == ""


# --- archives ---


def test_an_archive_of_thousands(tmp_path: Path) -> None:
    data = archive({f"{number}.csv": TABLE for number in range(limits.MEMBERS + 1)})

    assert "has 1,001 members; at most 1,000 are read. Unpack it and give" in fault(tmp_path, data)


def test_an_archive_whose_list_of_members_is_long(tmp_path: Path) -> None:
    data = archive({f"{number:0200}.csv": "" for number in range(5_000)})

    assert "has far too many members; at most 1,000 are read." in fault(tmp_path, data)


@pytest.mark.parametrize(
    ("limit", "most", "problem"),
    [
        ("FILE", 20, "is too large (0 MB; at most 0 MB are read)"),
        ("ARCHIVE", 20, "unpacks to more than 0 MB"),
        ("WHOLE", 20, "is too large (0 MB; at most 0 MB are read)"),
        ("CELLS", 7, "has tables of more than 7 cells together"),
        ("CELLS", 3, "has more than 3 cells, the most that are read whole"),
    ],
)
def test_what_archives_unpack_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, problem: str
) -> None:
    inner = archive({"a.csv": TABLE, "b.csv": TABLE})
    data = archive({"a.csv": TABLE, "i.zip": inner, "j.zip": inner})
    monkeypatch.setattr(limits, limit, most)

    with pytest.raises(InputError, match="f: ") as caught:
        read(tmp_path, data)
    assert problem in str(caught.value)


def test_an_archive_that_unpacks_to_too_much_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CELLS", 15)
    data = archive({f"{number}.csv": TABLE for number in range(9)})

    assert "f: 3.csv: has tables of more than 15 cells together" in fault(tmp_path, data)


# --- texts, pipes and devices ---


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a\n" + "," * 10_000_001 + "\n", "has more than 10,000,000 cells"),
        ("a\n" + "\n" * 10_000_001, "has more than 10,000,000 cells"),
        ("x" * 4_000_001, "has a line of more than 4,000,000 characters"),
        ("stream,a\n" + "x" * 4_000_001, "has a line of more than 4,000,000 characters"),
        ("a," * 1_900_000 + "a\n" + "b\n", "has a header but no rows"),
    ],
)
def test_texts_that_explode(tmp_path: Path, text: str, problem: str) -> None:
    if problem.startswith("has a header"):
        assert len(read(tmp_path, text)[0]) == 2
    else:
        assert problem in fault(tmp_path, text)


def test_a_file_that_says_it_is_huge_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "f"
    with path.open("wb") as file:
        file.truncate(limits.FILE + 1)

    with pytest.raises(
        InputError, match=r"f: is too large \(4,000 MB; at most 4,000 MB are read\)"
    ):
        open_input(path, "f", lambda _: False)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices here")
def test_a_device_has_no_end() -> None:
    with pytest.raises(InputError, match="zero: has no end in the 200 MB that are read at most"):
        open_input(Path("/dev/zero"), "zero", lambda _: False)


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="there are no named descriptors here")
def test_a_pipe_has_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WHOLE", 3_000_000)
    out, into = os.pipe()

    def write() -> None:
        # What a buffer still holds would be written once more as it is closed.
        with suppress(BrokenPipeError), open(into, "wb", buffering=0) as file:  # noqa: PTH123 - of a descriptor
            while True:
                file.write(b"A1,Bell\n" * 1000)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(InputError, match="f: has no end in the 3 MB that are read at most"):
            open_input(Path(f"/dev/fd/{out}"), "f", lambda _: False)
    finally:
        os.close(out)
        writer.join()
