"""Practices and funding lines as tests need them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pcn_group.funding.members import Member
from pcn_group.funding.scope import Scope
from pcn_group.funding.tariff import Tariff

LINE = {
    "name": "core",
    "description": "Cash for each patient",
    "rate_gbp": "1.50",
    "per": "registered",
    "paid_to": "networks",
    "recurrent": True,
    "cash": True,
    "source": "A document of 2019",
    "confirmed": True,
}


def tariff(*lines: dict[str, Any], year: str = "2019/20") -> Tariff:
    """A tariff of lines that differ from `LINE` as said."""
    return Tariff.model_validate({"financial_year": year, "lines": [LINE | own for own in lines]})


def scope(*lines: dict[str, Any], **more: Any) -> Scope:  # noqa: ANN401 - any key of a tariff
    """All lines of such a tariff."""
    return Scope((tariff(*lines),), lines="all", **more)


def member(code: str, network: str, registered: int, **more: Any) -> Member:  # noqa: ANN401 - any field of one
    """A practice of region R; its lists are as text."""
    texts = {name: more.pop(name, None) for name in ("weighted", "adjusted")}
    lists = {name: None if text is None else Decimal(text) for name, text in texts.items()}
    values = {"region_code": "R", "icb_code": "", "beds": None, **more}
    return Member(
        network_id=network,
        practice_code=code,
        practice_name=f"Practice {code}",
        registered=registered,
        **lists,
        **values,
    )
