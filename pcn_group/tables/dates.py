"""Dates as the official files write them, and as a spreadsheet rewrites them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd

__all__ = ["as_dates"]

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
