"""Small files that would take all memory, or never end: each unpacks or spells out to far more."""

from __future__ import annotations

import io
import re
import struct
import zipfile

from tests.tables.workbook_inputs import workbook

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_ODS = "urn:oasis:names:tc:opendocument:xmlns"
_XMLNS = (
    f'xmlns:office="{_ODS}:office:1.0" xmlns:table="{_ODS}:table:1.0" xmlns:text="{_ODS}:text:1.0"'
)


# --- zip packages ---


def archive(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return file.getvalue()


def parts_of(data: bytes) -> dict[str, str | bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def xlsx(rows: str, shared: str = "", head: str = "") -> bytes:
    """A workbook of one worksheet, with the rows and the shared texts as they are in the file."""
    parts = parts_of(workbook({"Practices": [["a"]]}))
    sheet = f"{head}<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>"
    return archive(
        {
            **parts,
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": f"<sst {_MAIN}>{shared}</sst>",
        }
    )


def with_part_renamed(data: bytes, old: str, new: str) -> bytes:
    """A workbook of which a part has another name, which the others know it by."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return archive(
        {
            re.sub(old, new, name): re.sub(old.encode(), new.encode(), part)
            for name, part in parts.items()
        }
    )


def ods(rows: str) -> bytes:
    """A workbook of LibreOffice, with the rows as they are in the file."""
    body = f'<table:table table:name="Practices">{rows}</table:table>'
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{_ODS}:manifest:1.0"/>',
            "content.xml": f"<office:document-content {_XMLNS}><office:body><office:spreadsheet>"
            f"{body}</office:spreadsheet></office:body></office:document-content>",
        }
    )


def ods_row(*cells: tuple[str, int], rows: int = 1) -> str:
    """A row with cells that repeat, and that repeats itself."""
    return (
        f'<table:table-row table:number-rows-repeated="{rows}">'
        + "".join(
            f'<table:table-cell table:number-columns-repeated="{times}"'
            + (
                f' office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
                if text
                else "/>"
            )
            for text, times in cells
        )
        + "</table:table-row>"
    )


# --- xlsb ---


def xlsb(cells: bytes, shared: bytes = b"") -> bytes:
    """A binary workbook of one worksheet, with cells and shared texts as records."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    identifier = _wide("rId1")
    sheet = _short(0x9C, struct.pack("<2I", 0, 1) + identifier + _wide("Practices"))
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": _short(0x83) + _short(0x8F) + sheet + _short(0x90) + _short(0x84),
            "xl/_rels/workbook.bin.rels": relations,
            "xl/worksheets/sheet1.bin": _short(0x81)
            + _short(0x94, struct.pack("<4I", 0, 0, 0, 0))
            + _short(0x91)
            + cells
            + _short(0x92)
            + _short(0x82),
        }
        | ({"xl/sharedStrings.bin": shared} if shared else {})
    )


def xlsb_text(row: int, column: int, text: str) -> bytes:
    header = _short(0, struct.pack("<I", row) + bytes(21))
    return header + _short(6, struct.pack("<2I", column, 0) + _wide(text))


def xlsb_shared(row: int, number: int) -> bytes:
    return _short(0, struct.pack("<I", row) + bytes(21)) + _short(
        7, struct.pack("<3I", 0, 0, number)
    )


def xlsb_texts(*texts: str, announced: int) -> bytes:
    head = _short(0x9F, struct.pack("<2I", announced, announced))
    return head + b"".join(_short(19, b"\0" + _wide(text)) for text in texts) + _short(0xA0)


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _short(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(data)
    while length >= 0x80:
        head, length = head + bytes([length & 0x7F | 0x80]), length >> 7
    return head + bytes([length]) + data


# --- xls ---


def ole2(name: str, stream: bytes) -> bytes:
    """A compound file, as old workbooks and encrypted ones are, with one stream."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    sectors = max(8, -(-len(stream) // 512))
    tables = -(-(sectors + 1 + -(-sectors // 100)) // 128)
    header = OLE2 + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, tables, tables, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", *range(tables), *[free] * (109 - tables))
    first = tables + 1
    links = [0xFFFFFFFD] * tables + [end, *range(first + 1, first + sectors), end]
    table = struct.pack(f"<{128 * tables}I", *links, *[free] * (128 * tables - len(links)))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        links = struct.pack("<HBB3I36x", len(text) + 2, kind, 1, free, free, child)
        return text.ljust(64, b"\0") + links + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, first, 512 * sectors)
    return header + table + directory.ljust(512, b"\0") + stream.ljust(512 * sectors, b"\0")


def xls(cells: bytes, *, sheets: int = 1, before: bytes = b"") -> bytes:
    """An old workbook whose worksheets are all the same one, after what they share."""
    end = _long(0x0A)
    start = _long(0x809, struct.pack("<4H2I", 0x600, 5, 0, 0, 0, 0))
    names = [f"Practice{number:04}".encode() for number in range(sheets)]
    place = len(start) + len(before) + sheets * (4 + 6 + 2 + 12) + len(end)
    tabs = (_long(0x85, struct.pack("<IH2B", place, 0, 12, 0) + name) for name in names)
    sheet = _long(0x809, struct.pack("<4H2I", 0x600, 0x10, 0, 0, 0, 0)) + cells + end
    return ole2("Workbook", start + b"".join(tabs) + before + end + sheet)


def xls_number(row: int, column: int) -> bytes:
    return _long(0x203, struct.pack("<3Hd", row, column, 0, 1.0))


def xls_shared(row: int, number: int) -> bytes:
    return _long(0xFD, struct.pack("<3HI", row, 0, 0, number))


def xls_texts(*pieces: bytes, announced: int) -> bytes:
    """Shared texts as they are in the file, which go on from one record to the next."""
    first, *others = pieces
    head = _long(0xFC, struct.pack("<2I", announced, announced) + first)
    return head + b"".join(_long(0x3C, piece) for piece in others)


def xls_size(rows: int, columns: int) -> bytes:
    return _long(0x200, struct.pack("<2I3H", 0, rows, 0, columns, 0))


def _long(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(data)) + data
