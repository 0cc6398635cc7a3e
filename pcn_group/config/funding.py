"""The section `funding` of the configuration, and what it says a plan's budget is about."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from pcn_group.base.errors import InputError
from pcn_group.config.section import Flag, Section
from pcn_group.funding.members import members_of
from pcn_group.funding.scope import Scope, missing_columns, scope_between
from pcn_group.funding.tariff import is_financial_year

__all__ = ["Funding", "refuse_unfunded", "scope_of"]


def _year(text: str) -> str:
    if not is_financial_year(text):
        raise ValueError("is no financial year such as 2019/20")
    return text


def _lines(value: object) -> str | tuple[str, ...]:
    if isinstance(value, str) and value in {"registered", "all"}:
        return value
    if isinstance(value, list | tuple) and value and all(isinstance(name, str) for name in value):
        return tuple(value)
    raise ValueError("is none of registered, all, or a list of lines such as [core]")


Year = Annotated[
    str,
    AfterValidator(_year),
    WithJsonSchema({"type": "string", "pattern": "^20[0-9]{2}/[0-9]{2}$", "examples": ["2019/20"]}),
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

    year: Year = "2019/20"
    """Financial year of the budget that is written with a plan."""

    lines: Lines = "registered"
    """Funding lines: registered (those that registered lists alone settle), all, or names:
    [core, participation]; a line needs the column of its basis for every practice."""

    unconfirmed: Flag = False
    """Whether totals count lines whose rate is not confirmed."""

    tariffs: tuple[Path, ...] = ()
    """Your own tariffs, YAML files each of one financial year: [my-2026-27.yaml]; one takes the
    place of the tariff of its year that comes with the program."""


def scope_of(funding: Funding) -> Scope:
    """Read what a configuration says; raises InputError as `scope_between`."""
    return scope_between(
        (funding.year,), funding.tariffs, funding.lines, unconfirmed=funding.unconfirmed
    )


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
    if faults := missing_columns(members, scope_of(funding)):
        raise InputError(faults)
