"""What a person sees of the money of two plans: line by line, and what there is a head."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pcn_group.base.wording import plural
from pcn_group.funding.totals import TOTAL
from pcn_group.plan.compare import Comparison
from pcn_group.plan.money import Money, pounds_a_head

__all__ = ["show_money"]


def show_money(console: Console, comparison: Comparison, number: int) -> None:
    """Print what the first plan and another one pay, what is more or less, and to whom."""
    first, plan = comparison.plans[0], comparison.plans[number]
    before, money = comparison.figures[0].money, comparison.figures[number].money
    table = Table(header_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(f"money, {money.year}", no_wrap=True)
    for heading in (first.name, plan.name, "difference"):
        table.add_column(Text(heading, overflow="fold"), justify="right", min_width=12)
    for row in (*_lines(before, money), *_heads(before, money)):
        table.add_row(*row)
    console.print(table)
    if money.per_network:
        console.print(_per_network(before, money), soft_wrap=not console.is_terminal)


def _lines(before: Money, money: Money) -> Iterator[tuple[str, ...]]:
    for old, new in zip(before.lines, money.lines, strict=True):
        name = "in all" if new.line == TOTAL else new.line
        yield (
            name if new.counted else f"{name}, not counted",
            *_amounts(old.amount, new.amount),
        )


def _heads(before: Money, money: Money) -> Iterator[tuple[str, ...]]:
    """Say what there is for each patient, and in which networks that is least and most."""
    yield "  a head", *_amounts(pounds_a_head(before.in_all), pounds_a_head(money.in_all))
    for words, old, new in (
        ("  least a head", before.least, money.least),
        ("  most a head", before.most, money.most),
    ):
        yield words, *_amounts(pounds_a_head(old), pounds_a_head(new))
        yield "    in network", old.code, new.code, ""
        yield "    of patients", f"{old.patients:,}", f"{new.patients:,}", ""


def _amounts(old: Decimal, new: Decimal) -> tuple[str, str, str]:
    more = new - old
    sign = "+" if more > 0 else "-" if more < 0 else ""
    return f"£{old:,}", f"£{new:,}", f"{sign}£{abs(more):,}"


def _per_network(before: Money, money: Money) -> str:
    """Say why more networks cost more."""
    told = (
        f"£{each.paid_per_network:,} to {plural(each.count, 'network')}" for each in (before, money)
    )
    return f"Paid per network, whatever its size: {', '.join(told)}."
