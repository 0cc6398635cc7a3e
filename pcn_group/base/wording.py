"""Counts and lists as people write them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

__all__ = ["listed", "named", "nearest_key", "one_of", "plural"]


def plural(count: int, noun: str) -> str:
    """Return `1 practice`, `2,000 practices`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(values: Iterable[str], most: int = 20) -> str:
    """Return values in a sentence, the first of them where there are many."""
    every = list(values)
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more:,} more" if more > 0 else "")


_NAMED = 8
"""How many practices a message names before it only counts them."""


def one_of(values: Iterable[str]) -> str:
    """Return values to choose from, in a sentence: `forbid, avoid or a price`."""
    *others, last = values
    return f"{', '.join(others)} or {last}" if others else last


def named(codes: Sequence[str]) -> str:
    """Name practices: some of them, and how many more."""
    if len(codes) > _NAMED:
        return f"{', '.join(codes[:_NAMED])} and {len(codes) - _NAMED:,} more"
    return " and ".join([", ".join(codes[:-1]), codes[-1]]) if len(codes) > 1 else "".join(codes)


_ALIKE, _SURE = 2.5, 2.9
"""From which likeness, of 4 at most, a key is worth a question, and needs no list of the others."""


def nearest_key(key: str, known: Sequence[str]) -> tuple[str | None, bool]:
    """Return the valid key most like one that is not, if any is, and whether it is surely meant.

    The name counts most, then its section. So one that is right in a wrong section, or without a
    section, mostly comes before one that is only similar.
    """
    section, _, name = key.rpartition(".")

    def likeness(candidate: str) -> float:
        part, _, other = candidate.rpartition(".")
        where = 1.0 if part == section else _alike(section, part) if section else 0.7
        return 3 * _names_alike(name, other) + where

    best = max(known, key=likeness)
    return best if likeness(best) >= _ALIKE else None, likeness(best) >= _SURE


def _names_alike(name: str, other: str) -> float:
    alike = _alike(name, other)
    if set(name.split("_")) & set(other.split("_")):  # a whole word, as max for max_practices
        return max(alike, 0.75 + 0.1 * alike)
    return alike


def _alike(text: str, other: str) -> float:
    return difflib.SequenceMatcher(None, text, other, autojunk=False).ratio()
