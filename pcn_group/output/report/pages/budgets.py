"""The part of a page about money: what each network is paid, by funding line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pcn_group.funding.tariff import UNIT_NAMES
from pcn_group.funding.totals import per_head
from pcn_group.output.report.facts.facts import Facts
from pcn_group.output.report.html.markup import Cell, Column, figure, table, text

__all__ = ["budgets_section", "pounds"]


def budgets_section(facts: Facts) -> str:
    """Return what each network is paid under each line, with totals, and where rates are from."""
    money = facts.money
    columns = [
        Column("Network"),
        *(Column(_heading(line, row), is_number=True) for line, row in money.lines.items()),
        Column("Total", is_number=True),
        Column("A patient", is_number=True),
    ]
    rows = []
    for row in facts.networks:
        network, patients = row["network_id"], int(row["patients"])
        amounts = [money.amount(network, line) for line in money.lines]
        cells = (
            Cell(text(network)),
            *(Cell(pounds(amount), str(amount)) for amount in amounts),
            *_totals(money.amount(network), patients),
        )
        rows.append(("", cells))
    patients = sum(int(row["patients"]) for row in facts.networks)
    foot = (
        Cell("All"),
        *(Cell(pounds(money.amount(line=line))) for line in money.lines),
        *_totals(money.amount(), patients),
    )
    caption = f"What networks are paid, {', '.join(money.years)}"
    sources = "".join(
        f"<dt>{text(_in_words(line))}</dt><dd>{text(_terms(row))}. {text(row['source'])}.</dd>"
        for line, row in money.lines.items()
    )
    return (
        table(caption, columns, rows, foot=foot, is_sortable=True)
        + f'<dl class="sources">{sources}</dl>'
    )


def _heading(line: str, row: Mapping[str, str]) -> str:
    name = _in_words(line)
    return name if row["counted"] == "true" else f"{name}, not counted"


def _in_words(line: str) -> str:
    return line.replace("_", " ")


def _terms(row: Mapping[str, str]) -> str:
    """Say what a line pays for, to whom, and whether that was found in its source."""
    unit = UNIT_NAMES[row["basis"]]
    unit += " a month" if row["rate_is_for"] == "month" else ""
    terms = f"£{figure(row['rate_gbp'])} a {unit}, {row['months']}, paid to {row['paid_to']}"
    return terms if row["confirmed"] == "true" else f"{terms}; not confirmed"


def _totals(amount: Decimal, patients: int) -> tuple[Cell, Cell]:
    head = per_head(amount, patients)
    return Cell(pounds(amount), str(amount)), Cell("" if head is None else f"£{head}", str(head))


def pounds(amount: Decimal) -> str:
    """Return an amount to the penny."""
    return f"£{amount:,.2f}"
