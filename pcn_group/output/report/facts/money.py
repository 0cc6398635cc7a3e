"""The rows of `budgets.csv`, added up by network and by funding line, exact to the penny."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Money", "money"]


@dataclass(frozen=True)
class Money:
    """What networks are paid.

    Attributes
    ----------
    years
        Financial years, in order.
    lines
        Funding lines in the order of the file, each with its basis, rate, source and whether it is
        counted as they are there.
    amounts
        Pounds by network and line.
    """

    years: tuple[str, ...]
    lines: dict[str, Mapping[str, str]]
    amounts: dict[tuple[str, str], Decimal]

    @property
    def counted(self) -> dict[str, Mapping[str, str]]:
        """The lines that totals count."""
        return {name: row for name, row in self.lines.items() if row["counted"] == "true"}

    def amount(self, network: str | None = None, line: str | None = None) -> Decimal:
        """Add up what a network, or all, is paid under a line, or under all that count."""
        lines = self.counted if line is None else {line}
        return sum(
            (
                pounds
                for (own, name), pounds in self.amounts.items()
                if network in {None, own} and name in lines
            ),
            Decimal(0),
        )


def money(rows: Iterable[Mapping[str, str]]) -> Money:
    """Add up the rows of `budgets.csv`."""
    years: set[str] = set()
    amounts: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    lines: dict[str, Mapping[str, str]] = {}
    for row in rows:
        years.add(row["financial_year"])
        amounts[row["network_id"], row["funding_line"]] += Decimal(row["amount_gbp"])
        lines.setdefault(row["funding_line"], row)
    return Money(tuple(sorted(years)), lines, dict(amounts))
