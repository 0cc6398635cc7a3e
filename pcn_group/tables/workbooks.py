"""Reading workbooks of Excel and LibreOffice: each worksheet as text, formulas by their values."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import zipfile
from collections.abc import Iterator

from python_calamine import CalamineSheet, SheetTypeEnum, SheetVisibleEnum, load_workbook

from pcn_group.base.errors import Fault, InputError
from pcn_group.tables.packages import open_package, put_in, take_out
from pcn_group.tables.sheets import Content, Sheet, reduced, spaced_words
from pcn_group.tables.workbook_records import DamagedError, count_old_workbook
from pcn_group.tables.workbook_sizes import AS_CSV, Tally, count_package

__all__ = ["read_workbook"]

_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_STREAMS = ("Workbook", "Book")
"""What a workbook is called in a compound file, since 1997 and before."""


def read_workbook(content: Content) -> list[Sheet]:
    """Return the worksheets that have anything in them, hidden ones too.

    Parameters
    ----------
    content
        The bytes of an xlsx, xlsm, xlsb, xls or ods file.

    Raises
    ------
    InputError
        If it is empty, damaged, protected by a password, or larger than is read.
    """
    data = content.whole()
    try:
        bounded = io.BytesIO(_bounded(content, data))
        with _quietly():
            workbook = load_workbook(bounded)
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
        is_panic = type(error).__name__ == "PanicException"
        if isinstance(error, InputError) or not (isinstance(error, Exception) or is_panic):
            raise
        problem = "is a workbook that is damaged, or protected by a password"
        if _PASSWORD in data:
            problem = "is protected by a password"
        elif isinstance(error, DamagedError):
            problem = f"is a workbook that is damaged: it {error}"
        remedy = f"{AS_CSV[:-1]}, or without a password."
        raise InputError([Fault(content.label, problem, remedy)]) from error
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        remedy = "Give a workbook with a table: a header, and the rows below it."
        raise InputError([Fault(content.label, "is empty", remedy)])
    return filled


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keep what the compiled reader says of a panic, past Python, from the terminal."""
    try:
        terminal = os.dup(2)
    except OSError:  # closed already
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - on Windows it is no path
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)


def _bounded(content: Content, data: bytes) -> bytes:
    """Return a workbook for the reader, unless it would take more memory than there is."""
    if data.startswith(b"PK"):
        with open_package(content) as package:
            count_package(content.label, package)
            # The reader stops where a worksheet ends, and so may not notice that it is damaged.
            if damaged := package.testzip():
                raise zipfile.BadZipFile(damaged)
        return data
    found = take_out(data, _STREAMS)
    if found is None:
        raise DamagedError("has no workbook")
    tally = Tally(content.label)
    count_old_workbook(found[1], tally.begin_sheet, tally.add)
    return put_in(*found)


def _sheet(label: str, sheet: CalamineSheet, *, is_hidden: bool) -> Sheet:
    filled, spaced = [], dict[tuple[int, str], str]()
    for row, raw in enumerate(sheet.iter_rows(), 1):
        cells = [_text(cell) for cell in raw]
        if any(cells):
            filled.append((row, cells))
            spaced |= spaced_words(row, raw)
    return Sheet(label, filled, is_worksheet=True, is_hidden=is_hidden, spaced=spaced)


def _text(cell: object) -> str:
    """Return a cell as text; one with an error is empty already."""
    if isinstance(cell, str):
        return reduced(cell)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ") if cell.time() != dt.time.min else cell.date().isoformat()
    return str(cell)
