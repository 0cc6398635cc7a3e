"""CSV that a spreadsheet shows as it is, instead of taking names for formulas.

A spreadsheet works out a cell that begins with `=`, `+`, `-` or `@`, even where it came from a CSV
file. An apostrophe before it says that it is text; on reading it is taken away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

__all__ = ["safe_csv", "safe_files", "unmarked"]

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_MARKED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def unmarked(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from working it out."""
    return cell[1:] if _MARKED.match(cell) else cell


def safe_csv(text: str) -> str:
    """Return a CSV table with an apostrophe before each cell that is a formula to a spreadsheet.

    Numbers are none, even negative ones.
    """
    safe = io.StringIO()
    writer = csv.writer(safe, lineterminator="\n")
    for row in csv.reader(io.StringIO(text, newline="")):
        writer.writerow(f"'{cell}" if _is_formula(cell) else cell for cell in row)
    return safe.getvalue()


def safe_files(files: Mapping[str, str], *, excel_safe: bool) -> dict[str, str]:
    """Return the texts of files by name, the CSV tables safe for a spreadsheet if that is asked."""
    return {
        name: safe_csv(text) if excel_safe and name.endswith(".csv") else text
        for name, text in files.items()
    }


def _is_formula(cell: str) -> bool:
    return _FORMULA.match(cell) is not None and _NUMBER.fullmatch(cell) is None
