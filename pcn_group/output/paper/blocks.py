"""What a paper is made of, as plain values: sections write these, `word.py` turns them to Word.

A heading's level counts from the top of its chapter; where the chapter is stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

__all__ = [
    "Block",
    "Bullets",
    "Heading",
    "Picture",
    "Quote",
    "Table",
    "Words",
    "figure",
    "percent",
    "pounds",
    "sentence",
]


@dataclass(frozen=True)
class Heading:
    """A heading, of level 1 or 2; one may begin a page."""

    text: str
    level: int = 1
    begins_page: bool = False


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list, an item a line."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Quote:
    """What somebody has written."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table under its caption.

    Attributes
    ----------
    caption
        What it shows.
    headings
        Of the columns; one that begins with `#` is over figures, which stand at the right.
    rows
        The cells of each row, as text.
    has_total
        Whether the last row is of all the others.
    """

    caption: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    has_total: bool = False

    @property
    def titles(self) -> tuple[str, ...]:
        """The headings as they are read."""
        return tuple(heading.removeprefix("#") for heading in self.headings)

    @property
    def are_figures(self) -> tuple[bool, ...]:
        """Whether a column has figures."""
        return tuple(heading.startswith("#") for heading in self.headings)


@dataclass(frozen=True)
class Picture:
    """A picture under its caption.

    Attributes
    ----------
    png
        The file.
    wide
        In inches; it is made smaller where the page has less room.
    told
        What it shows, in words, for those who do not see it.
    """

    caption: str
    png: bytes
    wide: float
    told: str


Block: TypeAlias = Heading | Words | Bullets | Quote | Table | Picture


def figure(value: object) -> str:
    """Return a number with commas between thousands and the decimals it has; nothing for None."""
    if value is None:
        return ""
    return f"{value if isinstance(value, int) else Decimal(str(value)):,}"


def pounds(amount: Decimal, *, whole: bool = False) -> str:
    """Return an amount to the penny, as tables have it, or in whole pounds, as sentences do."""
    if whole:
        amount = amount.quantize(Decimal(1), ROUND_HALF_UP)
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}£{abs(amount):,}" if whole else f"{sign}£{abs(amount):,.2f}"


def percent(share: float | Decimal, places: int = 1) -> str:
    """Return a share in per cent: all is only said of all, and none only of none."""
    exact = Decimal(str(share)) * 100
    step = Decimal(1).scaleb(-places)
    shown = exact.quantize(step, ROUND_HALF_UP)
    if shown == 100 and exact < 100:
        shown = 100 - step
    elif shown == 0 and exact > 0:
        return f"less than {step}%"
    return f"{shown:.{places}f}%"


def sentence(text: str) -> str:
    """Return words as a sentence: with a capital letter, and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"
