"""Numbers and dates as the official files write them, and as a spreadsheet rewrites them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

__all__ = [
    "AMBIGUOUS",
    "ambiguous",
    "as_dates",
    "decimals",
    "two_days",
    "whole_number",
    "whole_numbers",
]

AMBIGUOUS = (
    "is ambiguous: the dot may be for decimals or for thousands",
    "Write it as digits alone: 16 for sixteen, 16000 for sixteen thousand.",
)
"""What is wrong with such a whole number, and what to do about it."""

_AMBIGUOUS = re.compile(r"(?![+-]?0{1,3}\.000)[+-]?[0-9]{1,3}\.[0-9]{3}")
"""But for naught, which is that whatever the dot is for."""

_SMALL = r"[0-9]\.[0-9]{1,30}[eE]-[0-9]{2}"
"""As programs write what is next to nothing, such as a longitude beside Greenwich."""

_DECIMAL = re.compile(rf"[+-]?(?:[0-9]{{1,18}}(?:\.[0-9]{{0,30}})?|\.[0-9]{{1,30}}|{_SMALL})")
_WHOLE = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.0*)?|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5})")


def decimals(cells: pd.Series[str]) -> pd.Series[float]:
    """Return cells as float64; NaN where a cell is not a plain number."""
    return _each_once(
        cells, lambda text: float(text) if _DECIMAL.fullmatch(text) else math.nan, np.float64
    )


def whole_numbers(cells: pd.Series[str]) -> pd.Series[float]:
    """Return cells as float64 without fraction; NaN where a cell is not a whole number."""
    return _each_once(cells, whole_number, np.float64)


def whole_number(text: str) -> float:
    """Return a text as a number without fraction; NaN where it is not a whole number.

    `5903.0`, as spreadsheets and data frames write whole numbers, is one, and so is `5,903`.
    """
    if not _WHOLE.fullmatch(text) or _is_ambiguous(text):
        return math.nan
    return float(text.replace(",", ""))


def ambiguous(cells: pd.Series[str]) -> pd.Series[bool]:
    """Tell the cells that are one number if the dot is for decimals, another if for thousands."""
    return _each_once(cells, _is_ambiguous, np.bool_)


def _is_ambiguous(text: str) -> bool:
    return _AMBIGUOUS.fullmatch(text) is not None


def _each_once(
    cells: pd.Series[str], value: Callable[[str], float], dtype: type[np.generic]
) -> pd.Series[Any]:
    """Return a value for each cell, worked out once for each text: a million rows have few."""
    texts = cells.tolist()
    values = {text: value(text) for text in set(texts)}
    every = np.fromiter(map(values.__getitem__, texts), dtype, len(texts))
    return pd.Series(every, cells.index, name=cells.name)


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
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}(?:[ T]00:00:00|\.0)?")
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_SERIAL = range(32_874, 73_051)
"""Days since the epoch from 1990 to 2099."""


def as_dates(cells: pd.Series[str]) -> pd.Series[str]:
    """Return cells as ISO dates (`2021-01-01`), which sort as text; empty where a cell is no date.

    A date with slashes is day first. One that could be read month first as well, and would be
    another day then, is no date, unless it is the first of a month: extracts are.
    """
    known = {text: "" if _is_two(text) else _iso(text) for text in cells.unique()}
    if all(iso == text for text, iso in known.items()):  # as where there are none
        return cells
    return cells.map(known)


def two_days(cells: pd.Series[str]) -> pd.Series[bool]:
    """Tell which cells are a day if read day first, and another if read month first."""
    return _each_once(cells, _is_two, np.bool_)


def _is_two(text: str) -> bool:
    found = _SLASHED.fullmatch(text)
    day, month = map(int, found.groups()) if found else (1, 1)
    return 1 < day <= 12 and 1 <= month <= 12 and day != month


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
        return day.isoformat() if 1900 <= day.year < 2100 else ""
    return ""
