"""The section `rules` of the configuration: what a plan must do with practices, by their codes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema

from pcn_group.base.codes import one_form
from pcn_group.config.section import Price, Section

__all__ = ["Group", "Prefer", "Rules"]


def _different(written: tuple[str, ...]) -> tuple[str, ...]:
    """Return codes in one form, no two of them alike."""
    spellings: dict[str, list[str]] = {}
    for code in written:
        spellings.setdefault(one_form(code), []).append(code)
    twice = sorted(code for code, some in spellings.items() if len(some) > 1)
    if twice:
        others = [code for of in twice for code in spellings[of] if len({*spellings[of]}) > 1]
        spelt = f", spelt {' and '.join(others)}" if others else ""
        raise ValueError(f"names {', '.join(twice)} twice{spelt}")
    return tuple(spellings)


def _schema(least: int) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "minItems": least, "uniqueItems": True}


Codes = Annotated[tuple[str, ...], AfterValidator(_different), WithJsonSchema(_schema(0))]
Group = Annotated[
    tuple[str, ...], Field(min_length=2), AfterValidator(_different), WithJsonSchema(_schema(2))
]
Network = Annotated[
    tuple[str, ...], Field(min_length=1), AfterValidator(_different), WithJsonSchema(_schema(1))
]


class Prefer(Section):
    """Practices that had better stay together, at a price."""

    practices: Group
    """Codes of the practices."""

    price: Price
    """Cost of each of their patients whose hub is none of them, in km (or minutes)."""


class Rules(Section):
    """What a plan must do with certain practices, or had better do.

    Practices outside the region at hand are left aside, group by group. A group of which no more
    than one practice is in the region has no effect.
    """

    together: tuple[Group, ...] = ()
    """Groups that must be in one network each, such as split sites: [[A81001, A81002]]."""

    apart: tuple[Group, ...] = ()
    """Groups of which no two may be in one network: [[A81001, A81003]]."""

    fixed: tuple[Network, ...] = ()
    """Networks that stay exactly as they are, whatever their size: [[A81004, A81005, A81006]]."""

    exclude: Codes = ()
    """Practices left out of the plan: [A81007]."""

    hubs: Codes = ()
    """The practices that may be hubs: [A81001, A81008]; empty: any."""

    prefer: tuple[Prefer, ...] = ()
    """Groups that had better be together: [{practices: [A81001, A81002], price: 2}], where each
    patient whose hub is none of them costs the price."""

    free: Codes = ()
    """Practices that may change their network at no cost under prices.change: [A81009]."""

    file: Path | None = None
    """CSV with rule, group, practice_code, price: more of the above, a row for each practice;
    null: none."""
