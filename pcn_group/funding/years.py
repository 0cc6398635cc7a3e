"""Financial years such as `2019/20`, and their months such as `2019-04`: text, in order of time."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["is_financial_year", "month_range", "months_of", "years_after", "years_between"]

_YEAR = re.compile(r"(20[0-9]{2})/([0-9]{2})")
_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
_APRIL = 4
_MOST_YEARS = 30


def is_financial_year(text: str) -> bool:
    """Whether a text is two years in a row, such as `2019/20`."""
    match = _YEAR.fullmatch(text)
    return match is not None and (int(match[1]) + 1) % 100 == int(match[2])


def years_between(text: str) -> tuple[str, ...]:
    """Return the years of `2019/20..2023/24`, first and last included; of `2019/20` that one.

    Raises
    ------
    ValueError
        Where the text is neither, or the last is before the first.
    """
    first, _, last = (part.strip() for part in text.partition(".."))
    if not all(map(is_financial_year, (first, last or first))):
        raise ValueError("is no financial year such as 2019/20, nor two such as 2019/20..2023/24")
    count = years_after(first, last or first)
    if count < 0:
        raise ValueError("ends before it begins")
    if count >= _MOST_YEARS:
        raise ValueError(f"is more than {_MOST_YEARS} years")
    return tuple(_year(_start(first) + k) for k in range(count + 1))


def years_after(first: str, year: str) -> int:
    """Return how many years a financial year is after another."""
    return _start(year) - _start(first)


@cache
def months_of(year: str) -> tuple[str, ...]:
    """Return the twelve months of a financial year, April first."""
    start = _start(year)
    return month_range(f"{start}-{_APRIL:02}..{start + 1}-{_APRIL - 1:02}")


@cache
def month_range(text: str) -> tuple[str, ...]:
    """Return the months of `2019-07..2020-03`, first and last included.

    Raises
    ------
    ValueError
        Where the text is not that, or the last is before the first.
    """
    parts = text.split("..")
    if len(parts) != 2 or not all(_MONTH.fullmatch(part) for part in parts):
        raise ValueError("is no first and last month such as 2019-07..2020-03")
    first, last = (12 * int(part[:4]) + int(part[5:]) - 1 for part in parts)
    if last < first:
        raise ValueError("ends before it begins")
    return tuple(f"{number // 12}-{number % 12 + 1:02}" for number in range(first, last + 1))


def _start(year: str) -> int:
    return int(year[:4])


def _year(start: int) -> str:
    return f"{start}/{(start + 1) % 100:02}"
