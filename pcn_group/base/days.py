"""Days as ISO dates, such as `2021-01-01`."""

from __future__ import annotations

import datetime as dt
from calendar import month_name
from contextlib import suppress

__all__ = ["day_in_words", "is_day"]


def is_day(value: object) -> bool:
    """Whether a value is an ISO date."""
    with suppress(ValueError):
        return isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    return False


def day_in_words(day: str) -> str:
    """Return an ISO date as `1 January 2021`."""
    date = dt.date.fromisoformat(day)
    return f"{date.day} {month_name[date.month]} {date.year}"
