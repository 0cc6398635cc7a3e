"""What files of one kind say of a figure, and the numbers in them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd

from pcn_group.base.errors import Fault
from pcn_group.practices.profile.figures import MILLION
from pcn_group.practices.rows import Rows
from pcn_group.tables.findings import Finding
from pcn_group.tables.numbers import decimals, whole_numbers

__all__ = ["Source", "figure_numbers", "numbers_of"]

_PLACES = Decimal("0.000001")
_UNKNOWN = ("", "-", "*", "N/A", "NA", "NULL")
"""What files write where a figure is not known, or not told."""

_LARGEST = 1e9
_NOT_A_NUMBER = (
    "is not a number of up to 1,000,000,000",
    "Give it as digits, or leave it empty where it is not known.",
)


@dataclass(frozen=True)
class Source:
    """What files of one kind say of a figure.

    Attributes
    ----------
    label
        What the files are called.
    rows
        As `Figures.rows`, of the practices that the figure is known for.
    """

    label: str
    rows: pd.DataFrame
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()


def figure_numbers(cells: pd.Series[str]) -> tuple[pd.Series[int], pd.Series[bool]]:
    """Return the numbers of cells in millionths, and which cells should be numbers and are not.

    Numbers are rounded to six decimals, halves to the even one. Only cells with a number are in
    the first series, as objects: Python's integers know no limit.
    """
    text = cells.str.strip()
    given = ~text.str.upper().isin(_UNKNOWN)
    numbers = decimals(text).fillna(whole_numbers(text))
    wrong = given & ~numbers.abs().le(_LARGEST)
    plain = text[given & ~wrong].str.replace(",", "", regex=False)
    millionths = [int(MILLION * Decimal(each).quantize(_PLACES, ROUND_HALF_EVEN)) for each in plain]
    return pd.Series(millionths, index=plain.index, dtype=object), wrong


def numbers_of(rows: Rows, column: str) -> tuple[pd.Series[int], list[Fault]]:
    """Return a column of rows as `figure_numbers` does, with a fault for each that is none."""
    numbers, wrong = figure_numbers(rows.cells[column])
    return numbers, rows.faults(wrong, (column,), *_NOT_A_NUMBER)
