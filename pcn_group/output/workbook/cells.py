"""What sheets consist of, as plain values: columns, cells, formulas, and references to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

__all__ = ["FIRST_ROW", "Cell", "Column", "Formula", "Kind", "Sheet", "Span", "Value", "summed"]

Value = str | int | float | Decimal | None
"""Numbers, truth values among them, text, or nothing. Text never counts as a formula."""

Kind = Literal["text", "flag", "whole", "units", "rate", "pounds", "per_head", "exact", "check"]
"""How the values of a column are shown. Where a check is not 0.00 it is red."""

Span = tuple[int, int]
"""First and last row."""

FIRST_ROW = 2
"""Of values: the headings are in row 1."""


@dataclass(frozen=True)
class Formula:
    """A formula without its `=`, and what it comes to."""

    text: str
    value: Value


Cell = Value | Formula


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    width
        In characters.
    entered
        Whether the values may be changed, for the formulas to follow.
    """

    heading: str
    kind: Kind = "text"
    width: int = 14
    entered: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet.

    Attributes
    ----------
    about
        What it is, in one sentence.
    fixed
        How many columns stay in view.
    """

    name: str
    about: str
    fixed: int
    columns: tuple[Column, ...]

    def here(self, heading: str, row: int) -> str:
        """Refer to a cell from within the sheet."""
        return f"{self._letters[heading]}{row}"

    def at(self, heading: str, row: int) -> str:
        """Refer to a cell from another sheet."""
        return f"{self._quoted}!{self.here(heading, row)}"

    def span(self, heading: str, rows: Span) -> str:
        """Refer to some rows of a column from within the sheet."""
        letter = self._letters[heading]
        return f"{letter}${rows[0]}:{letter}${rows[1]}"

    def span_at(self, heading: str, rows: Span) -> str:
        """Refer to some rows of a column from another sheet."""
        return f"{self._quoted}!{self.span(heading, rows)}"

    @cached_property
    def _letters(self) -> dict[str, str]:
        return {column.heading: _letter(k) for k, column in enumerate(self.columns)}

    @cached_property
    def _quoted(self) -> str:
        return f"'{self.name}'" if " " in self.name else self.name


def summed(references: Sequence[str]) -> str:
    """Add up pounds and pence; of nothing it is 0.

    A sum of numbers that are not exact in binary is rounded to the penny it stands for.
    """
    return f"ROUND(SUM({','.join(references)}),2)" if references else "0"


def _letter(number: int) -> str:
    """Name a column as spreadsheets do: A to Z, then AA."""
    before, last = divmod(number, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)
