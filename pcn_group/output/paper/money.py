"""What a paper says of money: what networks are paid, by year and by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pcn_group.funding.totals import TOTAL
from pcn_group.output.data.rows import BudgetTotalRow
from pcn_group.output.paper.blocks import Block, Heading, Table, Words, pounds, sentence
from pcn_group.output.paper.chapter import Chapter

__all__ = ["latest_total", "money_section", "told_remark"]


def latest_total(chapter: Chapter) -> BudgetTotalRow | None:
    """Return what all networks are paid in the first year that the paper has; None without any.

    A year of which no line counts, such as one without a tariff, is none: that is not no money.
    """
    overall = _overall(chapter, _rows(chapter))
    paid = {row.financial_year for row in overall if row.counted and not _is_total(row)}
    totals = (row for row in overall if _is_total(row) and row.financial_year in paid)
    return next(totals, None)


def told_remark(row: BudgetTotalRow) -> str:
    """Say what a total is without; nothing where it has all."""
    return sentence(row.remark.replace("_", " ")) if row.remark else ""


def money_section(chapter: Chapter) -> Iterator[Block]:
    """Say what the networks are paid in each year."""
    rows = _rows(chapter)
    overall = _overall(chapter, rows)
    years = sorted({row.financial_year for row in overall})
    yield Heading("Money")
    if not years:
        yield Words("The lists have no date, so it is not known which year they are paid in.")
        return
    if all(map(_is_total, overall)):
        yield Words(" ".join(chapter.facts.without))
        return
    yield Words(_what(chapter))
    by_line = {(row.funding_line, row.financial_year): row for row in overall}
    lines = list(dict.fromkeys(row.funding_line for row in overall if not _is_total(row)))
    for some in _abreast(years):
        yield Table(
            f"What all networks are paid{_in(some, years)}",
            ("Funding line", *(f"#{year}" for year in some)),
            [
                (_name(line), *(_amount(by_line.get((line, y))) for y in some))
                for line in (*lines, TOTAL)
                if any((line, year) in by_line for year in some)
            ],
            has_total=True,
        )
    for row in overall:
        if _is_total(row) and row.remark:
            yield Words(f"{row.financial_year}: {told_remark(row)}")
    if any(not row.counted for row in overall):
        yield Words(
            "An amount with a star is not counted: its rate could not be confirmed in what was "
            "published, and the total leaves it out."
        )
    for some in _abreast(years):
        yield _by_network(chapter, rows, some, _in(some, years))


_ABREAST = 4
"""Years that a table has room for"""


def _abreast(years: Sequence[str]) -> Iterator[Sequence[str]]:
    """Return years, as many at a time as a table has room for."""
    for first in range(0, len(years), _ABREAST):
        yield years[first : first + _ABREAST]


def _in(some: Sequence[str], years: Sequence[str]) -> str:
    """Say which years a table is about, where several tables share them."""
    return "" if len(some) == len(years) else f" from {some[0]} to {some[-1]}"


def _rows(chapter: Chapter) -> Sequence[BudgetTotalRow]:
    """Return the rows of the budgets that are given, or else of the plan's own."""
    given = [row for budget in chapter.beside.budgets for row in budget.totals]
    return given or chapter.totals


def _overall(chapter: Chapter, rows: Sequence[BudgetTotalRow]) -> list[BudgetTotalRow]:
    """Return the rows of the region; where the plan is of several, of all of them."""
    codes = chapter.facts.regions
    level, code = ("region", codes[0]) if len(codes) == 1 else ("all", "all")
    own = [row for row in rows if row.level == level and row.code == code]
    return sorted(own, key=lambda row: row.financial_year)


def _what(chapter: Chapter) -> str:
    told = (
        "These are the payments of the network contract that follow from who is in a network, at "
        "published rates. They are worked out from the lists of this plan, to the penny."
    )
    growth = [str(budget.basis.get("growth", "")) for budget in chapter.beside.budgets]
    grown = [each for each in dict.fromkeys(growth) if each not in {"", "0%"}]
    if grown:
        told += f" For later years lists are taken to grow by {' or '.join(grown)} a year."
    return told


def _name(line: str) -> str:
    """Return what a line is called."""
    return "Total" if line == TOTAL else line.replace("_", " ").capitalize()


def _by_network(
    chapter: Chapter, rows: Sequence[BudgetTotalRow], years: Sequence[str], told: str
) -> Table:
    """Return what each network is paid; of one year also for each patient."""
    own = set(chapter.facts.regions)
    paid = {
        (row.code, row.financial_year): row
        for row in rows
        if row.level == "network" and _is_total(row) and row.region_code in own
    }
    networks = list(dict.fromkeys(code for code, _ in paid))
    names = {code: row.network_name for (code, _), row in paid.items()}
    by_year = [f"#{year}" for year in years]
    cells = [
        (names[code], code, *(_amount(paid.get((code, year))) for year in years))
        for code in networks
    ]
    if len(years) == 1:
        heads = [paid[code, years[0]].per_head_gbp for code in networks]
        by_year.append("#For each patient")
        cells = [
            (*row, "" if head is None else f"£{head}")
            for row, head in zip(cells, heads, strict=True)
        ]
    return Table(f"What each network is paid in all{told}", ("Network", "Code", *by_year), cells)


def _amount(row: BudgetTotalRow | None) -> str:
    return "" if row is None else f"{pounds(row.amount_gbp)}{'' if row.counted else '*'}"


def _is_total(row: BudgetTotalRow) -> bool:
    return row.funding_line == TOTAL
