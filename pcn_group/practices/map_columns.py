"""What the columns of maps of neighbourhoods are called, in tables and in files of shapes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pcn_group.base.errors import Fault
from pcn_group.base.wording import listed
from pcn_group.config.model import Neighbourhoods
from pcn_group.tables.sheets import key

__all__ = ["MapColumns", "area_columns", "area_year", "map_columns", "parent_columns"]

_AREA = re.compile(r"lsoa_?(?:[0-9]{2})?_?(?:cd|code)(?:_20[0-9]{2})?")
_PARENT = re.compile(r"(?:msoa|wd|ward)_?(?:[0-9]{2})?_?(?:cd|code)")

_CODE = (
    re.compile(r"neighbou?rhood_?(?:code|cd|id)"),
    re.compile(r"neighbou?rhood"),
)
_NAME = (re.compile(r"neighbou?rhood_?(?:name|nm)"),)
_CODE_OF_SHAPE = (*_CODE, re.compile(r"code"), re.compile(r"(?!lad|rgn|ctry).*(?:cd|_code)"))
_NAME_OF_SHAPE = (*_NAME, re.compile(r"name"), re.compile(r"(?!lad|rgn|ctry).*(?:nm|_name)"))
"""Each only where none before it is there; shapes have no other columns to be mistaken for."""

_SHOWN = 12
_LATER = 2100
"""What a heading without a year counts as."""


@dataclass(frozen=True)
class MapColumns:
    """Which columns of a map have the code and the name of the neighbourhood.

    Attributes
    ----------
    code
        The heading; None where there is none.
    name
        Likewise; a map may have no names.
    faults
        Headings that are named and not there, or of which several could be meant.
    """

    code: str | None
    name: str | None
    faults: tuple[Fault, ...] = ()


def area_columns(headings: Sequence[str]) -> tuple[str, ...]:
    """Return the headings of codes of LSOAs, one without a year first, then the latest."""
    found = [heading for heading in headings if _AREA.fullmatch(key(heading))]
    return tuple(sorted(found, key=lambda heading: area_year(heading) or _LATER, reverse=True))


def area_year(heading: str) -> int | None:
    """Return the year that a heading of areas names: 2021 of `LSOA21CD`; None where it has none."""
    digits = re.sub("[^0-9]", "", heading)
    return 2000 + int(digits) % 100 if digits else None


def parent_columns(headings: Sequence[str]) -> tuple[str, ...]:
    """Return the headings of codes of MSOAs and of wards."""
    return tuple(heading for heading in headings if _PARENT.fullmatch(key(heading)))


def map_columns(
    headings: Sequence[str], rules: Neighbourhoods, source: str, *, of_shapes: bool = False
) -> MapColumns:
    """Find the columns of neighbourhoods.

    Parameters
    ----------
    headings
        Of a table, or the properties of shapes.
    rules
        May name them.
    source
        What faults call the map.
    of_shapes
        Whether they are properties of shapes, which may be called in more ways.
    """
    by_key = {key(heading): heading for heading in headings}
    faults: list[Fault] = []

    def find(asked: str | None, option: str, ranks: Sequence[re.Pattern[str]]) -> str | None:
        if asked is not None:
            if key(asked) not in by_key:
                problem = f"is no column of {source}"
                remedy = f"It has {listed(headings, _SHOWN) or 'none'}."
                faults.append(Fault(f"neighbourhoods.{option}", problem, remedy, value=asked))
            return by_key.get(key(asked))
        for rank in ranks:
            found = [heading for each, heading in by_key.items() if rank.fullmatch(each)]
            if len(found) > 1:
                problem = f"has several columns that could be the {option}: {listed(found)}"
                remedy = f"Name one with --set neighbourhoods.{option}={found[0]}."
                faults.append(Fault(source, problem, remedy))
            if found:
                return found[0]
        return None

    code = find(rules.code, "code", _CODE_OF_SHAPE if of_shapes else _CODE)
    name = find(rules.name, "name", _NAME_OF_SHAPE if of_shapes else _NAME)
    return MapColumns(code or name, name if code else None, tuple(faults))
