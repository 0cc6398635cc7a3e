"""The practices as far as money is concerned: where each is, and what it is paid for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from types import MappingProxyType
from typing import Any

import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.funding.tariff import Basis

__all__ = [
    "Member",
    "NetworkKey",
    "SplitNetwork",
    "equal_parts",
    "grown",
    "half_up",
    "latest_day",
    "members_of",
    "shared",
    "split_networks",
]


def half_up(numerator: int, denominator: int) -> int:
    """Round a fraction that is 0 or more to the nearest whole, and a half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def shared(total: int, numerators: Sequence[int], denominator: int) -> list[int]:
    """Share a total out by largest remainder (Hamilton's method).

    Each part gets what it exactly is, rounded down. What is left goes, one each, to the parts that
    lost the largest fraction; of equal ones to the first.

    Parameters
    ----------
    total
        The exact parts' sum rounded to a whole, whether up or down.
    numerators
        Of the exact parts, 0 or more.
    """
    parts = [numerator // denominator for numerator in numerators]
    left = total - sum(parts)
    by_loss = sorted(range(len(parts)), key=lambda k: (-(numerators[k] % denominator), k))
    for k in by_loss[:left]:
        parts[k] += 1
    return parts


def equal_parts(total: int, count: int) -> list[int]:
    """Split a total into equal parts; what is left over goes, one each, to the first."""
    each, left = divmod(total, count)
    return [each + (k < left) for k in range(count)]


NetworkKey = tuple[str, str]
"""The region that a plan has a network in, empty where it does not say, and its identifier."""

_COLUMNS = (
    "practice_code",
    "practice_name",
    "region_code",
    "icb_code",
    "list_size",
    "weighted_list_size",
    "adjusted_list_size",
    "care_home_beds",
)
_HUNDREDTHS = 2


@dataclass(frozen=True)
class Member:
    """A practice and its lists.

    Attributes
    ----------
    network_id
        Empty for a practice in no network: it is paid nothing.
    region_code
        Of the network; without one, the practice's own.
    registered
        Patients.
    weighted, adjusted
        Patients with two decimals; None where unknown.
    beds
        In care homes; None where unknown.
    network_name
        Empty where it is not known.
    footprint
        What the plan has the practice in, where that is no network but holds some; else empty.
    """

    region_code: str
    icb_code: str
    network_id: str
    practice_code: str
    practice_name: str
    registered: int
    weighted: Decimal | None
    adjusted: Decimal | None
    beds: int | None
    network_name: str = ""
    footprint: str = ""

    def units(self, basis: Basis) -> Decimal | None:
        """Return what the practice has of a basis other than `network`; None where unknown."""
        value = {
            "registered": self.registered,
            "weighted": self.weighted,
            "adjusted": self.adjusted,
            "bed": self.beds,
        }[basis]
        return None if value is None else Decimal(value)


@dataclass(frozen=True)
class SplitNetwork:
    """A network whose practices are in several footprints.

    Attributes
    ----------
    name
        Empty where it is not known.
    parts
        Registered patients in each footprint, most first.
    """

    region_code: str
    network_id: str
    name: str
    parts: Mapping[str, int]

    @property
    def patients(self) -> int:
        """Registered patients in all."""
        return sum(self.parts.values())

    @property
    def apart(self) -> int:
        """Those of them who are not in the footprint that has most."""
        return self.patients - max(self.parts.values())


def split_networks(members: Iterable[Member]) -> tuple[SplitNetwork, ...]:
    """Return the networks that are split among footprints, by region and identifier.

    There are none where the plan has no footprints, nor where it only divides networks, so that
    none of theirs is with another.
    """
    inside: dict[NetworkKey, Counter[str]] = defaultdict(Counter)
    networks: dict[NetworkKey, set[str]] = defaultdict(set)
    names: dict[NetworkKey, str] = {}
    for member in members:
        if member.network_id and member.footprint:
            key = (member.region_code, member.network_id)
            names[key] = member.network_name
            inside[key][member.footprint] += member.registered
            networks[member.region_code, member.footprint].add(member.network_id)
    if all(len(of) == 1 for of in networks.values()):
        return ()
    return tuple(
        SplitNetwork(*key, names[key], dict(sorted(parts.items(), key=lambda p: (-p[1], p[0]))))
        for key, parts in sorted(inside.items())
        if len(parts) > 1
    )


def latest_day(table: pd.DataFrame) -> str:
    """Return the latest day that the lists of a `Practices.table` are of; empty without one."""
    return max(table["list_date"], default="")


def members_of(
    table: pd.DataFrame,
    network_of: Mapping[str, NetworkKey],
    names: Mapping[NetworkKey, str] = MappingProxyType({}),
    footprints: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Member, ...]:
    """Return all practices of a table, by region, network and code.

    A network is in one region, whole: where most of its patients are.

    Parameters
    ----------
    table
        A `Practices.table`, of one region or of several.
    network_of
        The network of each practice; one that is missing, or whose identifier is empty, is in none.
    names
        Of networks, as far as they are known.
    footprints
        Of each practice, where the plan has such instead of networks.

    Raises
    ------
    InputError
        If two networks of one identifier end up in one region.
    """
    nowhere = ("", "")
    pairs = [(row, network_of.get(row["practice_code"], nowhere)) for row in _rows(table)]
    region_of = _regions([(row, key) for row, key in pairs if key[1]])
    _refuse_alike(region_of)
    members = (
        replace(
            _member(row, region_of[key] if key[1] else row["region_code"], key[1]),
            network_name=names.get(key, ""),
            footprint=footprints.get(row["practice_code"], ""),
        )
        for row, key in pairs
    )
    return tuple(sorted(members, key=lambda m: (m.region_code, m.network_id, m.practice_code)))


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = zip(*(table[name] for name in _COLUMNS), strict=True)
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]


def _regions(pairs: Sequence[tuple[dict[str, Any], NetworkKey]]) -> dict[NetworkKey, str]:
    """Return the region with most patients of each network, of equal ones the first by code."""
    patients: dict[NetworkKey, Counter[str]] = defaultdict(Counter)
    for row, key in pairs:
        patients[key][row["region_code"]] += row["list_size"]
    return {key: min(found, key=lambda r: (-found[r], r)) for key, found in patients.items()}


def _refuse_alike(region_of: Mapping[NetworkKey, str]) -> None:
    counts = Counter((region, network_id) for (_, network_id), region in region_of.items())
    faults = [
        Fault("plan", f"has two networks {network_id}, both in region {region}", "Rename one.")
        for (region, network_id), count in counts.items()
        if count > 1
    ]
    if faults:
        raise InputError(faults)


def _member(row: Mapping[str, Any], region: str, network_id: str) -> Member:
    beds = row["care_home_beds"]
    return Member(
        region_code=region,
        icb_code=row["icb_code"],
        network_id=network_id,
        practice_code=row["practice_code"],
        practice_name=row["practice_name"],
        registered=int(row["list_size"]),
        weighted=_list(row["weighted_list_size"]),
        adjusted=_list(row["adjusted_list_size"]),
        beds=None if pd.isna(beds) else int(beds),
    )


def _list(value: float) -> Decimal | None:
    return None if pd.isna(value) else Decimal(f"{value:.2f}")


def grown(members: Sequence[Member], growth: Fraction, years: int) -> tuple[Member, ...]:
    """Return the practices with lists as they are some years on; beds stay as they are.

    The total of each kind of list of each region is grown and rounded: to whole patients, or two
    decimals. Then it is shared among the practices by largest remainder, of equal ones the first by
    code. So lists add up at every level.

    Parameters
    ----------
    growth
        In a year: 6/1000 is 0.6 %.
    """
    factor = (1 + growth) ** years
    regions: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        regions[member.region_code].append(member)
    return tuple(chain.from_iterable(_grown(region, factor) for region in regions.values()))


def _grown(region: Sequence[Member], factor: Fraction) -> list[Member]:
    registered = _larger(region, lambda m: m.registered, factor)
    weighted = _larger(region, lambda m: _hundredths(m.weighted), factor)
    adjusted = _larger(region, lambda m: _hundredths(m.adjusted), factor)
    return [
        replace(
            member,
            registered=registered.get(member.practice_code, member.registered),
            weighted=_decimal(weighted.get(member.practice_code)),
            adjusted=_decimal(adjusted.get(member.practice_code)),
        )
        for member in region
    ]


def _larger(
    region: Sequence[Member], value: Callable[[Member], int | None], factor: Fraction
) -> dict[str, int]:
    """Return the lists of one kind, by practice, of those that have it known."""
    by_code = sorted(region, key=lambda member: member.practice_code)
    lists = {m.practice_code: size for m in by_code if (size := value(m)) is not None}
    exact = [size * factor.numerator for size in lists.values()]
    total = half_up(sum(exact), factor.denominator)
    return dict(zip(lists, shared(total, exact, factor.denominator), strict=True))


def _hundredths(value: Decimal | None) -> int | None:
    return None if value is None else int(value.scaleb(_HUNDREDTHS))


def _decimal(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths).scaleb(-_HUNDREDTHS)
