"""What the page of a plan says of money: by network, and what small networks cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pcn_group.base.wording import plural
from pcn_group.funding.tariff import UNIT_NAMES
from pcn_group.funding.totals import per_head
from pcn_group.output.data.rows import BudgetRow
from pcn_group.output.report.document import figure
from pcn_group.output.report.facts import Facts

__all__ = ["BudgetSection"]


@dataclass(frozen=True)
class _Paid:
    """What a network is paid, or several are: under each line, and under those that count.

    Attributes
    ----------
    networks
        Their identifiers.
    per_network
        What they are paid under the lines per network that count.
    """

    networks: tuple[str, ...]
    patients: int
    amounts: Sequence[Decimal]
    total: Decimal
    per_network: Decimal

    @classmethod
    def of(cls, facts: Facts, networks: Iterable[str]) -> _Paid:
        """Add up what some networks are paid."""
        names, money = tuple(networks), facts.money
        amounts = {
            line: sum((money.amounts[name, line] for name in names), Decimal("0.00"))
            for line in money.lines
        }
        counted = money.counted
        return cls(
            names,
            sum(facts.payees[name].patients for name in names),
            list(amounts.values()),
            sum((amounts[line] for line in counted), Decimal("0.00")),
            sum(
                (amounts[line] for line, row in counted.items() if row.basis == "network"),
                Decimal("0.00"),
            ),
        )

    @property
    def per_head(self) -> Decimal | None:
        """Pounds for each patient."""
        return per_head(self.total, self.patients)

    @property
    def per_network_per_head(self) -> Decimal | None:
        """What is paid per network, for each patient."""
        return per_head(self.per_network, self.patients)


@dataclass(frozen=True)
class BudgetSection:
    """What networks are paid.

    Attributes
    ----------
    headings
        Of the funding lines.
    paid
        By network.
    paid_in_all
        To all of them.
    by_size
        To those of each size that there are any of, the smallest first.
    small
        What small networks cost, in words.
    sources
        By funding line what it pays for, and where that is from.
    """

    headings: list[tuple[str, str]]
    paid: Mapping[str, _Paid]
    paid_in_all: _Paid
    by_size: Mapping[str, _Paid]
    small: str
    sources: Mapping[str, str]

    @classmethod
    def of(cls, facts: Facts) -> BudgetSection:
        """Add up the budget of a plan."""
        lines = {line.replace("_", " "): row for line, row in facts.money.lines.items()}
        paid = {name: _Paid.of(facts, [name]) for name in sorted(facts.payees)}
        return cls(
            headings=[
                (line if row.counted else f"{line}, not counted", "number")
                for line, row in lines.items()
            ],
            paid=paid,
            paid_in_all=_Paid.of(facts, paid),
            by_size=_by_size(facts),
            small=_small(facts, paid) if paid else "",
            sources={line: f"{_terms(row)}. {row.source}." for line, row in lines.items()},
        )


def _by_size(facts: Facts) -> dict[str, _Paid]:
    """Add up what networks are paid by size: below the band, in each half of it, and above."""
    low, high = facts.band
    middle = (low + high) // 2
    sizes = (
        (f"under {low:,}", 0, low - 1),
        (f"{low:,} to {middle:,}", low, middle),
        (f"{middle + 1:,} to {high:,}", middle + 1, high),
        (f"over {high:,}", high + 1, facts.patients),
    )
    found = {}
    for words, least, most in sizes:
        names = [n for n, payee in facts.payees.items() if least <= payee.patients <= most]
        if names:
            found[words] = _Paid.of(facts, names)
    return found


def _small(facts: Facts, paid: Mapping[str, _Paid]) -> str:
    """Say which lines make small networks dear, and how much of a head they are."""
    lines = [
        f"{name.replace('_', ' ')} (£{figure(row.rate_gbp)})"
        for name, row in facts.money.counted.items()
        if row.basis == "network"
    ]
    if not lines:
        return (
            "No line that counts is paid per network: a small network costs no more a head than a "
            "large one with the same lists."
        )
    told = "; ".join(
        f"£{each.per_network_per_head} a head in {name}, of {plural(each.patients, 'patient')}"
        for name, each in (_least(paid), _most(paid))
    )
    return f"Paid per network, whatever its size: {', '.join(lines)}. That is {told}."


def _least(paid: Mapping[str, _Paid]) -> tuple[str, _Paid]:
    return min(paid.items(), key=lambda item: (item[1].patients, item[0]))


def _most(paid: Mapping[str, _Paid]) -> tuple[str, _Paid]:
    return max(paid.items(), key=lambda item: (item[1].patients, item[0]))


def _terms(row: BudgetRow) -> str:
    """Say what a line pays for, to whom, and whether that was found in its source."""
    unit = UNIT_NAMES[row.basis]
    unit += " a month" if row.rate_is_for == "month" else ""
    terms = f"£{figure(row.rate_gbp)} a {unit}, {row.months}, paid to {row.paid_to}"
    return terms if row.confirmed else f"{terms}; not confirmed"
