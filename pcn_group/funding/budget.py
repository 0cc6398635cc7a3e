"""Budgets: what networks and their practices are paid, exact to the penny at every level.

Of each funding line and region the total is worked out first: the rate times all units, rounded to
the penny, a half up. It is shared among the networks by largest remainder of what they are exactly
due, and where practices are paid, each network's amount likewise among its practices.

Totals by network, region, ICB and over all are each compared with the sum of their parts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from typing import Literal

from pcn_group.base.days import day_in_words
from pcn_group.base.errors import InputError
from pcn_group.funding.members import Member, equal_parts, grown, half_up, shared
from pcn_group.funding.scope import Scope, missing_columns
from pcn_group.funding.tariff import COLUMNS, Tariff, TariffLine, years_after

__all__ = [
    "NO_YEAR",
    "TOTAL",
    "Budget",
    "Level",
    "Payment",
    "Total",
    "YearBudget",
    "budget_of",
    "icbs_of",
    "overall",
    "per_head",
    "total",
    "totals_of",
]

NO_YEAR = (
    "No budget: the lists have no date. Say which year it is for, such as "
    "--set funding.year=2021/22."
)
"""Why lists without a date have none."""

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
    left_out
        Lines of the tariff that are left out because registered lists do not settle them.
    not_known
        Names of lines that are paid in this year, at rates that the tariff does not have.
    note
        What the tariff says of the year.
    regions, networks, practices
        The payments at each level, sorted by region, network, practice and line. Practices only
        have lines that are paid to practices, and a network's amount of such a line is theirs.
    """

    year: str
    members: tuple[Member, ...]
    lines: tuple[TariffLine, ...]
    left_out: tuple[TariffLine, ...]
    regions: tuple[Payment, ...]
    networks: tuple[Payment, ...]
    practices: tuple[Payment, ...]
    not_known: tuple[str, ...] = ()
    note: str = ""

    @property
    def unpaid(self) -> tuple[Member, ...]:
        """The practices in no network."""
        return tuple(member for member in self.members if not member.network_id)

    @property
    def without(self) -> tuple[str, ...]:
        """What is paid in this year and not in the budget, and why: a sentence for each reason."""
        columns = ", ".join(f"{line.name} (by {COLUMNS[line.per]})" for line in self.left_out)
        rates = ", ".join(self.not_known)
        told = (
            f"Left out, since registered lists do not settle it: {columns}." if columns else "",
            f"Left out, since the rate is not known: {rates}. A tariff of your own has it counted."
            if rates
            else "",
            self.note,
        )
        return tuple(sentence for sentence in told if sentence)

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
        If a line needs a column that is not known for every practice in a network.
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
    lines = scope.lines_of(tariff)
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
        left_out=scope.left_out(tariff),
        not_known=scope.not_known(tariff),
        note=tariff.note,
        regions=tuple(each.region for each in paid),
        networks=_sorted(chain.from_iterable(each.networks for each in paid), order),
        practices=_sorted(chain.from_iterable(each.practices for each in paid), order),
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


Level = Literal["network", "region", "icb", "all"]

TOTAL = "total"
"""What stands for a line in the sum of those that count."""

_Place = tuple[str, str]
"""The region, empty where there may be several, and the code."""

_PlaceOf = Callable[[str, str], _Place | None]
"""Return the place of a network by its region and identifier; None where it is in none."""


@dataclass(frozen=True)
class Total:
    """What one place is paid in one financial year, under one line or in all.

    Attributes
    ----------
    code
        Of the network, region or ICB; `all` over all. Empty for regions without a known ICB.
    line
        The name of the line, or `TOTAL`: the sum of the lines that count.
    units
        None in the sum of lines.
    patients
        Registered, of the practices in networks.
    difference
        The amount less the sum of its parts. Of a network the parts are its practices or, where
        those are not paid, its months. Regions are worked out apart from their networks; so of a
        region, and of an ICB and all, which are sums of regions, the parts are the networks there.
    """

    level: Level
    region_code: str
    code: str
    year: str
    line: str
    units: Decimal | None
    amount: Decimal
    patients: int
    counted: bool
    difference: Decimal

    @property
    def per_head(self) -> Decimal | None:
        """Pounds for each registered patient."""
        return per_head(self.amount, self.patients)


def per_head(amount: Decimal, patients: int) -> Decimal | None:
    """Return pounds for each patient to four decimals, a half up; None where there is nobody."""
    return (amount / patients).quantize(Decimal("0.0001"), ROUND_HALF_UP) if patients else None


def icbs_of(members: Iterable[Member]) -> dict[str, _Place]:
    """Return the ICB of each region: that of most of its patients, of equal ones the first by code.

    A visitor from beyond the border so makes no difference. The code is empty for a region without
    a known ICB, so that ICBs add up to all; where no ICB is known at all, there are none.
    """
    patients: dict[str, Counter[str]] = defaultdict(Counter)
    for member in members:
        patients[member.region_code][member.icb_code] += member.registered
    if not any(code for found in patients.values() for code in found):
        return {}
    return {region: ("", _most(found)) for region, found in patients.items()}


def _most(patients: Counter[str]) -> str:
    """Return the known ICB with most patients."""
    known = {code: count for code, count in patients.items() if code}
    return min(known, key=lambda code: (-known[code], code), default="")


def totals_of(year: YearBudget) -> tuple[Total, ...]:
    """Return the totals of a year: of networks first, then regions, ICBs and all."""
    icbs = icbs_of(year.members)
    networks = [(payment, payment.amount) for payment in year.networks]
    return (
        *_totals("network", lambda region, network: (region, network), year, _parts(year)),
        *_totals("region", lambda region, _: (region, region), year, networks),
        *_totals("icb", lambda region, _: icbs.get(region), year, networks),
        *overall(year),
    )


def overall(year: YearBudget) -> tuple[Total, ...]:
    """Return the totals over all: one for each line, and last the sum of those that count."""
    networks = [(payment, payment.amount) for payment in year.networks]
    return tuple(_totals("all", lambda *_: ("", "all"), year, networks))


def _parts(year: YearBudget) -> Iterator[tuple[Payment, Decimal]]:
    """Return what the networks' amounts consist of, each with the payment that says where."""
    for payment in year.practices:
        yield payment, payment.amount
    for payment in year.networks:
        if payment.line.paid_to == "networks":
            for _, amount in payment.by_month:
                yield payment, amount


@dataclass
class _Sum:
    """What adds up at one place under one line."""

    units: Decimal = Decimal(0)
    amount: Decimal = Decimal("0.00")
    parts: Decimal = Decimal("0.00")


def _totals(
    level: Level,
    place_of: _PlaceOf,
    year: YearBudget,
    parts: Iterable[tuple[Payment, Decimal]],
) -> Iterator[Total]:
    """Return the totals of a level, by place and line, and for each place the sum of what counts.

    Parameters
    ----------
    place_of
        The place of a network, given by region and identifier.
    parts
        What the amounts must add up from.
    """
    sums: dict[tuple[_Place | None, str], _Sum] = defaultdict(_Sum)
    for payment in year.networks if level == "network" else year.regions:
        found = sums[place_of(payment.region_code, payment.network_id), payment.line.name]
        found.units += payment.units
        found.amount += payment.amount
    for payment, amount in parts:
        sums[place_of(payment.region_code, payment.network_id), payment.line.name].parts += amount
    counts = {payment.line.name: payment.counted for payment in year.regions}
    for place, patients in sorted(_patients(year.members, place_of).items()):
        own = {line.name: sums[place, line.name] for line in year.lines}
        counted = [found for name, found in own.items() if counts[name]]
        own[TOTAL] = _Sum(
            amount=sum((found.amount for found in counted), Decimal("0.00")),
            parts=sum((found.parts for found in counted), Decimal("0.00")),
        )
        for name, found in own.items():
            yield Total(
                level,
                *place,
                year.year,
                name,
                None if name == TOTAL else found.units,
                found.amount,
                patients,
                counts.get(name, True),
                found.amount - found.parts,
            )


def _patients(members: Iterable[Member], place_of: _PlaceOf) -> dict[_Place, int]:
    """Return the registered patients at each place, of practices in networks."""
    patients: Counter[_Place] = Counter()
    for member in members:
        place = place_of(member.region_code, member.network_id)
        if member.network_id and place is not None:
            patients[place] += member.registered
    return patients
