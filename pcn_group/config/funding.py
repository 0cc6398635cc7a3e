"""The section `funding` of the configuration, and what it says a plan's budget is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from pcn_group.base.errors import InputError
from pcn_group.config.section import Flag, Section
from pcn_group.funding.members import latest_day, members_of
from pcn_group.funding.scope import (
    GROUPS,
    Scope,
    every_year,
    missing_columns,
    refuse_unheard_of,
    scope_between,
)
from pcn_group.funding.tariff import is_financial_year, year_paid_by

__all__ = [
    "FROM_LIST",
    "Funding",
    "refuse_faulty_tariffs",
    "refuse_unfunded",
    "scope_of",
    "year_of",
]


FROM_LIST = "from_list"
"""The year whose payments go by the lists at hand."""


def _year(text: str) -> str:
    if text != FROM_LIST and not is_financial_year(text):
        raise ValueError("is neither from_list nor a financial year such as 2019/20")
    return text


def _lines(value: object) -> str | tuple[str, ...]:
    if isinstance(value, str) and value in GROUPS:
        return value
    if isinstance(value, list | tuple) and value and all(isinstance(name, str) for name in value):
        return tuple(value)
    raise ValueError("is none of registered, all, or a list of lines such as [core]")


Year = Annotated[
    str,
    AfterValidator(_year),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^({FROM_LIST}|20[0-9]{{2}}/[0-9]{{2}})$",
            "examples": [FROM_LIST, "2019/20"],
        }
    ),
]
Lines = Annotated[
    str | tuple[str, ...],
    BeforeValidator(_lines),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": ["registered", "all"]},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]


class Funding(Section):
    """What a plan's budget is about. It changes no plan."""

    year: Year = FROM_LIST
    """Financial year of the budget that is written with a plan, such as 2019/20; from_list is that
    of the lists: the one that begins in April for lists of January to March, for others the one
    that their day is in, and none for lists without a date."""

    lines: Lines = "registered"
    """Funding lines: registered (those that registered lists alone settle), all (those that the
    columns at hand settle), or names: [registered, participation]; a line that is named needs the
    column of its basis for every practice."""

    networks: Literal["plan", "current"] = "plan"
    """Which networks are paid: those of the plan, or those of today that practices are in, as
    footprints and divide have it."""

    unconfirmed: Flag = False
    """Whether totals count lines whose rate is not confirmed."""

    earlier_tariff: Flag = False
    """Whether a year without a tariff is paid by the latest one before it."""

    tariffs: tuple[Path, ...] = ()
    """Your own tariffs, YAML files each of one financial year: [my-2026-27.yaml]; one takes the
    place of the tariff of its year that comes with the program."""


def year_of(funding: Funding, list_date: str) -> str:
    """Return the year of a plan's budget; empty where it is that of lists without a date."""
    if funding.year != FROM_LIST:
        return funding.year
    return year_paid_by(list_date) if list_date else ""


def scope_of(funding: Funding, list_date: str) -> Scope:
    """Read what a configuration says of the budget of a plan; without a year it is of none.

    Parameters
    ----------
    list_date
        The day of the lists, ISO; empty where it is not known.

    Raises
    ------
    InputError
        As `scope_between`. Of the lists' own year, the budget says what it is without.
    """
    year = year_of(funding, list_date)
    return scope_between(
        (year,) if year else (),
        funding.tariffs,
        funding.lines,
        unconfirmed=funding.unconfirmed,
        is_certain=False,
        earlier_tariff=funding.earlier_tariff,
        list_date=list_date,
    )


def refuse_faulty_tariffs(funding: Funding) -> None:
    """Stop for faults of tariffs, and for lines that neither the year nor, without one, any has.

    Raises
    ------
    InputError
        With every fault.
    """
    if funding.year != FROM_LIST:
        years: Sequence[str] = (funding.year,)
    else:  # a line that is named may be of any year
        years = () if funding.lines in GROUPS else every_year(funding.tariffs)
    refuse_unheard_of(scope_between(years, funding.tariffs, funding.lines, is_certain=False))


def refuse_unfunded(table: pd.DataFrame, funding: Funding) -> None:
    """Stop before any work is done where practices lack a column that a line needs.

    Parameters
    ----------
    table
        A `Practices.table`; all its practices are to be in networks.

    Raises
    ------
    InputError
        With a fault for each column.
    """
    members = members_of(table, {code: ("", code) for code in table["practice_code"]})
    if faults := missing_columns(members, scope_of(funding, latest_day(table))):
        raise InputError(faults)
