"""Numbers and dates as the official files write them, and as a spreadsheet rewrites them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

__all__ = ["AMBIGUOUS", "ambiguous", "as_dates", "decimals", "whole_numbers"]

AMBIGUOUS = (
    "is ambiguous: the dot may be for decimals or for thousands",
    "Write it as digits alone: 16 for sixteen, 16000 for sixteen thousand.",
)
"""What is wrong with such a whole number, and what to do about it."""

_AMBIGUOUS = r"[+-]?[0-9]{1,3}\.[0-9]{3}"
_NAUGHT = r"[+-]?0{1,3}\.000"
"""None, whatever the dot is for."""

_SMALL = r"[0-9]\.[0-9]{1,30}[eE]-[0-9]{2}"
"""As programs write what is next to nothing, such as a longitude beside Greenwich."""

_DECIMAL = rf"[+-]?(?:[0-9]{{1,18}}(?:\.[0-9]{{0,30}})?|\.[0-9]{{1,30}}|{_SMALL})"
_WHOLE = r"[+-]?(?:[0-9]{1,18}(?:\.0*)?|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5})"


def decimals(cells: pd.Series[str]) -> pd.Series[float]:
    """Return cells as float64; NaN where a cell is not a plain number."""
    return _numbers(cells, _DECIMAL)


def whole_numbers(cells: pd.Series[str]) -> pd.Series[float]:
    """Return cells as float64 without fraction; NaN where a cell is not a whole number.

    `5903.0`, as spreadsheets and data frames write whole numbers, is one, and so is `5,903`.
    """
    return _numbers(cells, _WHOLE).mask(ambiguous(cells))


def ambiguous(cells: pd.Series[str]) -> pd.Series[bool]:
    """Tell the cells that are one number if the dot is for decimals, another if for thousands."""
    in_doubt = cells.str.fullmatch(_AMBIGUOUS) & ~cells.str.fullmatch(_NAUGHT)
    return in_doubt.astype(bool)


def _numbers(cells: pd.Series[str], pattern: str) -> pd.Series[float]:
    plain = cells.where(cells.str.fullmatch(pattern).astype(bool), "nan")
    return plain.str.replace(",", "", regex=False).astype(np.float64)


_COMPACT = "%Y%m%d"
"""20191001, which must have all of its digits: 2019101 could be either of two days."""

_FORMATS = (
    "%Y-%m-%d",  # 2026-04-01
    _COMPACT,
    "%d%b%Y",  # 01JAN2021
    "%d-%b-%y",  # 01-Sep-20
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d/%m/%Y",
)
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_SERIAL = range(32_874, 73_051)
"""Days since the epoch from 1990 to 2099."""


def as_dates(cells: pd.Series[str]) -> pd.Series[str]:
    """Return cells as ISO dates (`2021-01-01`), which sort as text; empty where a cell is no date.

    A date with slashes is day first. One that could be read month first as well, and would be
    another day then, is no date, unless it is the first of a month: extracts are.
    """
    known = {text: _iso(text) for text in cells.unique()}
    return cells.map(known)


def _iso(text: str) -> str:
    whole = text.removesuffix(" 00:00:00").removesuffix("T00:00:00").removesuffix(".0")
    if whole.isascii() and whole.isdecimal() and len(whole) == 5 and int(whole) in _SERIAL:
        return (_SPREADSHEET_EPOCH + timedelta(days=int(whole))).isoformat()
    for pattern in _FORMATS:
        if pattern == _COMPACT and len(whole) != 8:
            continue
        try:
            day = datetime.strptime(whole, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        unclear = pattern == "%d/%m/%Y" and 1 < day.day <= 12 and day.day != day.month
        return "" if unclear or not 1900 <= day.year < 2100 else day.isoformat()
    return ""
