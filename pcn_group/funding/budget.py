"""Budgets: what networks and their practices are paid, exact to the penny at every level.

Of each funding line and region the total is worked out first: the rate times all units, rounded to
the penny, a half up. It is shared among the networks by largest remainder of what they are exactly
due, and where practices are paid, each network's amount likewise among its practices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from pcn_group.base.days import day_in_words
from pcn_group.base.errors import InputError
from pcn_group.base.wording import listed, plural
from pcn_group.funding.absent import Absent, reasons_absent
from pcn_group.funding.members import (
    Member,
    equal_parts,
    grown,
    half_up,
    shared,
    split_networks,
)
from pcn_group.funding.scope import Scope, missing_columns, settled_bases
from pcn_group.funding.tariff import Tariff, TariffLine, years_after

__all__ = [
    "NO_YEAR",
    "Budget",
    "Payment",
    "YearBudget",
    "budget_of",
    "total",
]

NO_YEAR = (
    "No budget: the lists have no date. Say which year it is for, such as "
    "--set funding.year=2021/22."
)
"""Why lists without a date have none."""

_SHOWN = 10
"""Networks named in a note."""

_PENNY = 2
_HUNDREDTHS = 100


@dataclass(frozen=True)
class Payment:
    """What a region, a network or a practice is paid under one line in one financial year.

    Attributes
    ----------
    network_id
        Empty in the total of a region.
    practice_code
        Empty but in a practice's part of a line that practices are paid.
    units
        How many of what the line is paid for: whole, or with two decimals of weighted and adjusted
        lists.
    amount
        Pounds and pence.
    counted
        Whether totals count it.
    """

    year: str
    region_code: str
    network_id: str
    practice_code: str
    line: TariffLine
    units: Decimal
    amount: Decimal
    counted: bool

    @property
    def by_month(self) -> tuple[tuple[str, Decimal], ...]:
        """The amount month by month in equal pence, the odd ones in the first months."""
        months = self.line.months_in(self.year)
        pence = equal_parts(int(self.amount.scaleb(_PENNY)), len(months))
        return tuple(zip(months, map(_pounds, pence), strict=True))


@dataclass(frozen=True)
class YearBudget:
    """The budget of one financial year.

    Attributes
    ----------
    members
        The practices with the lists of this year, those in no network included; sorted by region,
        network and code.
    lines
        Those paid, in the order of the tariff.
    absent
        The lines of the tariff that are not in the budget.
    notes
        What there is to say of the year, a sentence each.
    rates_of
        The earlier year whose rates stand for those of this one; None where they are its own.
    regions, networks, practices
        The payments at each level, sorted by region, network, practice and line. Practices only
        have lines that are paid to practices, and a network's amount of such a line is theirs.
    """

    year: str
    members: tuple[Member, ...]
    lines: tuple[TariffLine, ...]
    absent: tuple[Absent, ...]
    regions: tuple[Payment, ...]
    networks: tuple[Payment, ...]
    practices: tuple[Payment, ...]
    notes: tuple[str, ...] = ()
    rates_of: str | None = None

    @property
    def unpaid(self) -> tuple[Member, ...]:
        """The practices in no network."""
        return tuple(member for member in self.members if not member.network_id)

    @property
    def without(self) -> tuple[str, ...]:
        """What is paid in this year and not in the budget, and why: a sentence for each reason."""
        return (*reasons_absent(self.absent), *self.notes)

    @property
    def remark(self) -> str:
        """What every total of the year has to say of itself: what it is without, and whose rates.

        Empty where it has all lines, by the rates of the year.
        """
        told = (
            f"by the rates of {self.rates_of}" if self.rates_of else "",
            f"partial: without {', '.join(each.told for each in self.absent)}"
            if self.absent
            else "",
        )
        return "; ".join(each for each in told if each)

    @property
    def remarked(self) -> str:
        """The remark as it follows a total in a sentence."""
        return f", {self.remark}" if self.remark else ""

    @property
    def total(self) -> Decimal:
        """What is paid in all under the lines that count."""
        return total(self.regions)


@dataclass(frozen=True)
class Budget:
    """The budgets of financial years, in order; none where lists have no date and no year is said.

    Attributes
    ----------
    list_date
        The day of the lists, ISO; empty where it is not known.
    """

    years: tuple[YearBudget, ...]
    list_date: str = ""

    @property
    def without(self) -> tuple[str, ...]:
        """What there is no budget of, and why: a sentence for each reason."""
        if not self.years:
            return (NO_YEAR,)
        return tuple(sentence for year in self.years for sentence in year.without)

    @property
    def told(self) -> str:
        """The years, and the day of the lists where it is known: of them is every amount."""
        years = [year.year for year in (self.years[0], self.years[-1])]
        told = years[0] if years[0] == years[1] else " to ".join(years)
        return f"{told}, lists of {day_in_words(self.list_date)}" if self.list_date else told

    @property
    def remark(self) -> str:
        """What its total has to say of itself: that of its year, or which years lack a line."""
        if len(self.years) == 1:
            return self.years[0].remark
        lacking: dict[str, list[str]] = {}
        for year in self.years:
            for each in year.absent:
                lacking.setdefault(each.name, []).append(year.year)
        told = [
            f"{year.year} by the rates of {year.rates_of}" for year in self.years if year.rates_of
        ]
        if lacking:
            lines = (f"{name} ({self._some_of(years)})" for name, years in lacking.items())
            told.append(f"partial: without {', '.join(lines)}")
        return "; ".join(told)

    def _some_of(self, years: Sequence[str]) -> str:
        return years[0] if len(years) == 1 else f"{len(years)} of {len(self.years)} years"

    @property
    def remarked(self) -> str:
        """The remark as it follows a total in a sentence."""
        return f", {self.remark}" if self.remark else ""

    @property
    def total(self) -> Decimal:
        """What is paid in all years under the lines that count."""
        return sum((year.total for year in self.years), Decimal("0.00"))


def budget_of(members: Sequence[Member], scope: Scope) -> Budget:
    """Work out what networks and practices are paid.

    Parameters
    ----------
    members
        As `members_of` gives them.

    Raises
    ------
    InputError
        If a line that is named needs a column that is not known for every practice in a network.
    """
    if faults := missing_columns(members, scope):
        raise InputError(faults)
    years = tuple(_year_budget(tariff, members, scope) for tariff in scope.tariffs)
    return Budget(years, scope.list_date)


def total(payments: Iterable[Payment]) -> Decimal:
    """Add up the amounts that count."""
    return sum((p.amount for p in payments if p.counted), Decimal("0.00"))


def _year_budget(tariff: Tariff, before: Sequence[Member], scope: Scope) -> YearBudget:
    """Work out one year; before the year that the lists are of, they are taken as they are."""
    years = max(0, years_after(scope.base_year, tariff.financial_year))
    members = grown(before, scope.growth, years)
    settled = settled_bases(members)
    lines = scope.lines_of(tariff, settled)
    networks: dict[str, dict[str, list[Member]]] = defaultdict(lambda: defaultdict(list))
    for member in members:
        if member.network_id:
            networks[member.region_code][member.network_id].append(member)
    paid = [
        _Paid(tariff.financial_year, line, region, inside, counted=scope.counts(line))
        for region, inside in networks.items()
        for line in lines
    ]
    order = {line.name: k for k, line in enumerate(lines)}
    return YearBudget(
        year=tariff.financial_year,
        members=members,
        lines=lines,
        absent=scope.absent_from(tariff, settled),
        notes=(*_notes(tariff, scope), *_split(members)),
        rates_of=tariff.rates_of,
        regions=tuple(each.region for each in paid),
        networks=_sorted(chain.from_iterable(each.networks for each in paid), order),
        practices=_sorted(chain.from_iterable(each.practices for each in paid), order),
    )


def _notes(tariff: Tariff, scope: Scope) -> Iterator[str]:
    if tariff.lines and (names := scope.unheard_of(tariff)):
        yield f"No line of {tariff.financial_year}: {', '.join(names)}."
    if tariff.note:
        yield tariff.note


def _split(members: Sequence[Member]) -> Iterator[str]:
    """Say why there are no totals of footprints, where networks are split among these."""
    if split := split_networks(members):
        patients, apart = sum(n.patients for n in split), sum(n.apart for n in split)
        are = "is" if len(split) == 1 else "are"
        yield (
            f"No totals of footprints, which {plural(len(split), 'network')} {are} split among: "
            f"{listed((n.network_id for n in split), _SHOWN)}; {apart:,} of their {patients:,} "
            "patients are in another footprint than most of their network."
        )


class _Paid:
    """What one region is paid under one line, and who gets which part of it."""

    def __init__(
        self,
        year: str,
        line: TariffLine,
        region: str,
        networks: Mapping[str, Sequence[Member]],
        *,
        counted: bool,
    ) -> None:
        self._year, self._line, self._region, self._counted = year, line, region, counted
        # A hundredth of a unit is due this many pence, exactly.
        self._due = line.rate_in(year)
        units = {network: _units(line, inside) for network, inside in networks.items()}
        pence = half_up(sum(self._exact(units.values())), self._due.denominator)
        parts = self._shared(pence, units)
        self.region = self._payment("", "", sum(units.values(), Decimal(0)), pence)
        self.networks = [self._payment(n, "", units[n], part) for n, part in parts.items()]
        self.practices: list[Payment] = []
        if line.paid_to == "practices":
            for network, inside in networks.items():
                self.practices += self._of_practices(network, inside, parts[network])

    def _of_practices(
        self, network: str, inside: Sequence[Member], pence: int
    ) -> Iterator[Payment]:
        units = {member.practice_code: _of_basis(self._line, member) for member in inside}
        for practice, part in self._shared(pence, units).items():
            yield self._payment(network, practice, units[practice], part)

    def _shared(self, pence: int, units: Mapping[str, Decimal]) -> dict[str, int]:
        """Share an amount among networks or practices, in order of identifier."""
        order = sorted(units)
        exact = self._exact(units[name] for name in order)
        return dict(zip(order, shared(pence, exact, self._due.denominator), strict=True))

    def _exact(self, units: Iterable[Decimal]) -> list[int]:
        return [int(each * _HUNDREDTHS) * self._due.numerator for each in units]

    def _payment(self, network: str, practice: str, units: Decimal, pence: int) -> Payment:
        return Payment(
            self._year,
            self._region,
            network,
            practice,
            self._line,
            units,
            _pounds(pence),
            self._counted,
        )


def _units(line: TariffLine, network: Sequence[Member]) -> Decimal:
    """Return what a network is paid for."""
    if line.per == "network":
        patients = sum(member.registered for member in network)
        return Decimal(1 if line.doubled_above is None or patients <= line.doubled_above else 2)
    return sum((_of_basis(line, member) for member in network), Decimal(0))


def _of_basis(line: TariffLine, member: Member) -> Decimal:
    units = member.units(line.per)
    if units is None:
        raise ValueError(f"{member.practice_code} has no units for {line.name}")
    return units


def _sorted(payments: Iterable[Payment], order: Mapping[str, int]) -> tuple[Payment, ...]:
    return tuple(
        sorted(
            payments,
            key=lambda p: (p.region_code, p.network_id, p.practice_code, order[p.line.name]),
        )
    )


def _pounds(pence: int) -> Decimal:
    return Decimal(pence).scaleb(-_PENNY)
