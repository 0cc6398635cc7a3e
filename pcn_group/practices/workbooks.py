"""Reading workbooks of Excel and LibreOffice: each worksheet as text, formulas by their values."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

from python_calamine import CalamineSheet, SheetTypeEnum, SheetVisibleEnum, load_workbook

from pcn_group.errors import Fault, InputError
from pcn_group.practices.sheets import LARGEST, Content, Sheet, access_faults, reduced

__all__ = ["read_workbook"]

_MOST_CELLS = 20_000_000
"""Cells between a worksheet's first and last: the reader reserves memory for all of them."""

_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_AS_CSV = "Open it and save the sheet that is needed as CSV UTF-8."
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+[0-9]+:([A-Z]+)([0-9]+)"')
_FILLED_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*[^/]>')


def read_workbook(content: Content) -> list[Sheet]:
    """Give the worksheets that have anything in them, hidden ones too.

    Parameters
    ----------
    content
        The bytes of an xlsx, xlsm, xlsb, xls or ods file.

    Raises
    ------
    InputError
        If it is empty, damaged, protected by a password, or too large.
    """
    data = content.whole()
    if data.startswith(b"PK"):
        with access_faults(content.label), zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_oversized(content.label, archive)
            # The reader stops where a worksheet ends, and so may not notice that it is damaged.
            if damaged := archive.testzip():
                raise zipfile.BadZipFile(damaged)
    try:
        workbook = load_workbook(io.BytesIO(data))
        sheets = [
            _sheet(
                f"{content.label}, sheet {part.name}",
                workbook.get_sheet_by_name(part.name),
                is_hidden=part.visible != SheetVisibleEnum.Visible,
            )
            for part in workbook.sheets_metadata
            if part.typ == SheetTypeEnum.WorkSheet
        ]
    except BaseException as error:
        # A panic of the reader, which is compiled, is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        problem = "is a workbook that is damaged, or protected by a password"
        if _PASSWORD in data:
            problem = "is protected by a password"
        remedy = f"{_AS_CSV[:-1]}, or without a password."
        raise InputError([Fault(content.label, problem, remedy)]) from error
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        remedy = "Give a workbook with a table: a header, and the rows below it."
        raise InputError([Fault(content.label, "is empty", remedy)])
    return filled


def _sheet(label: str, sheet: CalamineSheet, *, is_hidden: bool) -> Sheet:
    first = sheet.start[0] + 1 if sheet.start else 1
    rows = [
        (row, [_text(cell) for cell in cells])
        for row, cells in enumerate(sheet.to_python(skip_empty_area=True), first)
    ]
    filled = [(row, cells) for row, cells in rows if any(cells)]
    return Sheet(label, filled, is_worksheet=True, is_hidden=is_hidden)


def _text(cell: object) -> str:
    """Give a cell as text; one with an error is empty already."""
    if isinstance(cell, str):
        return reduced(cell)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ") if cell.time() != dt.time.min else cell.date().isoformat()
    return str(cell)


def _refuse_oversized(label: str, archive: zipfile.ZipFile) -> None:
    """Refuse an xlsx that needs more memory than there is: the reader would end the process."""
    for part in archive.infolist():
        if part.file_size > 4 * LARGEST:
            problem = f"unpacks to {part.file_size / 1e6:,.0f} MB"
            raise InputError([Fault(label, problem, _AS_CSV)])
        if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename):
            continue
        with archive.open(part) as file:
            said = _DIMENSION.search(file.read(4096))
        if said is None or _area([(said[1], said[2])]) <= _MOST_CELLS:
            continue
        # Formatting alone takes no memory, and may reach to the end of the sheet.
        if _area(_FILLED_CELL.findall(archive.read(part))) > _MOST_CELLS:
            remedy = "Delete what is far below or far right of the table, or save it as CSV UTF-8."
            problem = "has a worksheet with cells too far apart"
            raise InputError([Fault(label, problem, remedy)])


def _area(cells: list[tuple[bytes, bytes]]) -> int:
    """Give the number of cells up to the farthest row and column of some."""
    if not cells:
        return 0
    column = max((len(letters), letters) for letters, _ in cells)[1]
    number = 0
    for letter in column:
        number = number * 26 + letter - ord("A") + 1
    return number * max(int(row) for _, row in cells)
