"""Totals of budgets by network, footprint, region and ICB and over all, beside sums of parts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from pcn_group.funding.budget import Payment, YearBudget
from pcn_group.funding.members import Member

__all__ = [
    "TOTAL",
    "Level",
    "Total",
    "footprints_of",
    "icbs_of",
    "overall",
    "per_head",
    "totals_of",
]

Level = Literal["network", "footprint", "region", "icb", "all"]

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
        Of the network, footprint, region or ICB; `all` over all. Empty for regions without a known
        ICB.
    line
        The name of the line, or `TOTAL`: the sum of the lines that count.
    units
        None in the sum of lines.
    patients
        Registered, of the practices in networks.
    per_network
        Of the sum of lines: what those per network are of it.
    difference
        The amount less the sum of its parts. Of a network the parts are its practices or, where
        those are not paid, its months. A footprint is the sum of its networks, and its parts are
        theirs. Regions are worked out apart from their networks; so of a region, and of an ICB and
        all, which are sums of regions, the parts are the networks there.
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
    per_network: Decimal | None = None

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
    """Return the totals of a year: of networks first, then footprints, regions, ICBs and all."""
    icbs, footprints = icbs_of(year.members), footprints_of(year.members)
    networks = [(payment, payment.amount) for payment in year.networks]
    return (
        *_totals("network", lambda region, network: (region, network), year, _parts(year)),
        *_totals("footprint", lambda *key: _footprint(key, footprints), year, _parts(year)),
        *_totals("region", lambda region, _: (region, region), year, networks),
        *_totals("icb", lambda region, _: icbs.get(region), year, networks),
        *overall(year),
    )


def _footprint(network: _Place, footprints: Mapping[_Place, str]) -> _Place | None:
    return (network[0], footprints[network]) if network in footprints else None


def footprints_of(members: Iterable[Member]) -> dict[_Place, str]:
    """Return the footprint that each network is in, whole, by region and identifier.

    There are none where the plan has networks, nor where it divides some.
    """
    found: dict[_Place, set[str]] = defaultdict(set)
    for member in members:
        if member.network_id:
            found[member.region_code, member.network_id].add(member.footprint)
    if any(len(names) > 1 or "" in names for names in found.values()):
        return {}
    return {network: names.pop() for network, names in found.items()}


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
    for payment in year.networks if level in {"network", "footprint"} else year.regions:
        found = sums[place_of(payment.region_code, payment.network_id), payment.line.name]
        found.units += payment.units
        found.amount += payment.amount
    for payment, amount in parts:
        sums[place_of(payment.region_code, payment.network_id), payment.line.name].parts += amount
    counts = {payment.line.name: payment.counted for payment in year.regions}
    for place, patients in sorted(_patients(year.members, place_of).items()):
        own = {line.name: sums[place, line.name] for line in year.lines}
        counted = [found for name, found in own.items() if counts[name]]
        per_network = [
            own[n.name].amount for n in year.lines if n.per == "network" and counts[n.name]
        ]
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
                sum(per_network, Decimal("0.00")) if name == TOTAL else None,
            )


def _patients(members: Iterable[Member], place_of: _PlaceOf) -> dict[_Place, int]:
    """Return the registered patients at each place, of practices in networks."""
    patients: Counter[_Place] = Counter()
    for member in members:
        place = place_of(member.region_code, member.network_id)
        if member.network_id and place is not None:
            patients[place] += member.registered
    return patients
