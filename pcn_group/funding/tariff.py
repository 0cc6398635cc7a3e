"""A tariff: what networks and their practices are paid in one financial year, and on what basis.

Financial years such as `2019/20` and months such as `2019-04` are text, in order of time.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from pcn_group.base.unfit import UnfitError

__all__ = [
    "COLUMNS",
    "SETTLED_BY_LISTS",
    "UNIT_NAMES",
    "WHERE_PUBLISHED",
    "Basis",
    "EarlierRate",
    "FullYear",
    "Tariff",
    "TariffLine",
    "is_financial_year",
    "month_range",
    "months_of",
    "year_paid_by",
    "years_after",
    "years_between",
]

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


def year_paid_by(day: str) -> str:
    """Return the financial year whose payments go by the lists of a day, an ISO date.

    Those of January to March count for the year that begins in April, others for the year that they
    are in: either way the one that begins in the calendar year of the day.
    """
    return _year(date.fromisoformat(day).year)


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


Basis = Literal["registered", "weighted", "adjusted", "bed", "network"]

COLUMNS: dict[Basis, str] = {
    "registered": "list_size",
    "weighted": "weighted_list_size",
    "adjusted": "adjusted_list_size",
    "bed": "care_home_beds",
}
"""The column of the practices that has the units of a basis."""

WHERE_PUBLISHED = {
    "weighted_list_size": "published in NHS Payments to General Practice",
    "adjusted_list_size": "published by network among the papers of the Network Contract DES",
    "care_home_beds": "published in the care directory of the Care Quality Commission",
}
"""Where whoever lacks a column finds it."""

UNIT_NAMES: dict[str, str] = {
    "registered": "patient",
    "weighted": "weighted patient",
    "adjusted": "adjusted patient",
    "bed": "bed",
    "network": "network",
}
"""What a person calls a unit of a basis."""

SETTLED_BY_LISTS: tuple[Basis, ...] = ("registered", "network")
"""The bases that registered lists and a plan settle."""

_RATE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,5})?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = ("all", "registered", "total")


def _rate(value: object) -> object:
    if isinstance(value, str) and _RATE.fullmatch(value):
        return Decimal(value)
    raise UnfitError("is no rate", 'Write pounds in quotes, with up to 5 decimals, such as "1.50".')


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise UnfitError(
            "is no name", "Write small letters, digits and _, such as enhanced_access."
        )
    if text in _TAKEN:
        raise ValueError("is a word with another meaning")
    return text


def _months(text: str) -> str:
    month_range(text)
    return text


def _valid_year(text: str) -> str:
    if not is_financial_year(text):
        raise ValueError("is no financial year such as 2019/20")
    return text


Rate = Annotated[Decimal, BeforeValidator(_rate)]
Text = Annotated[str, Field(min_length=1)]


@cache
def _overlap(months: tuple[str, ...], period: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(month for month in months if month in period)


class FullYear(BaseModel):
    """What a line that was paid for a part of the year comes to in a full year."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    rate_gbp: Rate
    confirmed: bool


def _days(text: str) -> str:
    first, _, last = text.partition("..")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise ValueError("is no first and last day such as 2024-04-01..2024-09-25") from None
    if days[1] < days[0]:
        raise ValueError("ends before it begins")
    return text


class EarlierRate(BaseModel):
    """What a line was paid until another rate took its place for the whole year.

    It is kept for whoever compares with what was paid at the time; no amount comes of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    rate_gbp: Rate
    in_force: Annotated[str, AfterValidator(_days)]
    source: Text
    confirmed: bool


class TariffLine(BaseModel):
    """One line of funding.

    Attributes
    ----------
    rate_gbp
        Pounds for each unit, up to 5 decimals: quoted text in the file, never a float.
    rate_is_for
        Whether the rate is for all of `months` together, or for each of them.
    per
        What a unit is: a patient of the registered, the contractor-weighted or the PCN adjusted
        list, a care home bed, or the network itself.
    months
        First and last month that the rate is for, such as `2019-07..2020-03`, which may be in
        several years; None means those of the tariff's year.
    doubled_above
        Patients above which a network counts as two; only for lines per network.
    recurrent
        Whether it is a standing payment, rather than a single one.
    cash
        Whether it is paid out as money, rather than claimed back against what was spent.
    source
        Document and year the rate was taken from.
    confirmed
        Whether the rate was found there; what is not confirmed is counted only if asked for.
    full_year
        What to take instead when part-year lines are asked for as of a full year.
    earlier
        The rate that was in force before this one, where this one was backdated.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Annotated[str, AfterValidator(_name)]
    description: Text
    rate_gbp: Rate
    rate_is_for: Literal["period", "month"] = "period"
    per: Basis
    paid_to: Literal["networks", "practices"]
    months: Annotated[str, AfterValidator(_months)] | None = None
    doubled_above: Annotated[int, Field(gt=0)] | None = None
    recurrent: bool
    cash: bool
    source: Text
    confirmed: bool
    note: str = ""
    full_year: FullYear | None = None
    earlier: EarlierRate | None = None

    @model_validator(mode="after")
    def _of_networks(self) -> Self:
        if self.per == "network" and self.paid_to == "practices":
            raise ValueError("is per network, so it is paid to networks")
        if self.doubled_above is not None and self.per != "network":
            raise ValueError("doubled_above is only for a line per network")
        return self

    @property
    def unit(self) -> str:
        """What the rate is for, in words: `weighted patient`, or `bed a month`."""
        return UNIT_NAMES[self.per] + (" a month" if self.rate_is_for == "month" else "")

    def months_in(self, year: str) -> tuple[str, ...]:
        """Return the months of a financial year that the line is paid for."""
        return _overlap(months_of(year), self._period(year))

    def rate_in(self, year: str) -> Fraction:
        """Return what a unit is paid in a financial year, exactly, in pounds."""
        months, period = len(self.months_in(year)), len(self._period(year))
        share = months if self.rate_is_for == "month" else Fraction(months, period)
        return Fraction(self.rate_gbp) * share

    def for_full_year(self) -> TariffLine:
        """Return the line with its full-year rate for the whole year, where it has one."""
        if self.full_year is None:
            return self
        return self.model_copy(
            update={**self.full_year.model_dump(), "months": None, "full_year": None}
        )

    def later(self, years: int) -> TariffLine:
        """Return the line as it would be so many years later."""
        if self.months is None:
            return self
        ends = (f"{int(month[:4]) + years}{month[4:]}" for month in self.months.split(".."))
        return self.model_copy(update={"months": "..".join(ends)})

    def _period(self, year: str) -> tuple[str, ...]:
        return months_of(year) if self.months is None else month_range(self.months)


def _some(lines: object) -> object:
    if not isinstance(lines, list | tuple) or not lines:
        raise UnfitError("has no lines", "List them, each with a - before its first key.")
    return lines


class Tariff(BaseModel):
    """The lines of one financial year, in the order in which they are shown.

    Attributes
    ----------
    not_known
        Names of lines that are paid in this year, at rates that are not known.
    rates_of
        The earlier year whose rates stand for those of this one; None where they are its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    financial_year: Annotated[str, AfterValidator(_valid_year)]
    lines: Annotated[tuple[TariffLine, ...], BeforeValidator(_some)]
    not_known: tuple[Annotated[str, AfterValidator(_name)], ...] = ()
    note: str = ""
    rates_of: Annotated[str, AfterValidator(_valid_year)] | None = None

    def for_later(self, year: str) -> Tariff:
        """Return the tariff of a later year that has none, with the rates of this one."""
        years = years_after(self.financial_year, year)
        lines = tuple(line.later(years) for line in self.lines)
        own = self.financial_year
        return self.model_copy(update={"financial_year": year, "lines": lines, "rates_of": own})

    @property
    def names(self) -> tuple[str, ...]:
        """The lines that are paid in this year, those whose rates are not known last."""
        return (*(line.name for line in self.lines), *self.not_known)

    @model_validator(mode="after")
    def _of_the_year(self) -> Self:
        counts = Counter(line.name for line in self.lines)
        if twice := [name for name, count in counts.items() if count > 1]:
            raise UnfitError(f"has {', '.join(twice)} twice", "Give each line a name of its own.")
        if both := [name for name in self.not_known if name in counts]:
            raise UnfitError(f"has {', '.join(both)} with a rate and as not known", "Keep one.")
        beside = [line.name for line in self.lines if not line.months_in(self.financial_year)]
        if beside:
            raise ValueError(f"{', '.join(beside)}: no month is in {self.financial_year}")
        return self
