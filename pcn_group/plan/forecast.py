"""How long the networks of a plan stay in the band, as lists grow.

The middle of the forecast lets every list grow by its own yearly rate where one is given, and else
by the median of the past, and adds the people of new homes to the nearest practice. One interval
between two extracts cannot tell a trend from chance, so the median is the region's: half of its
patients were on lists that grew more.

What is uncertain is told by scenarios. In each, the rate of each practice is off the middle by as
much as the rate of one practice of the region was off the median, drawn at random, in proportion to
its patients then. A deviation lasts as long as the interval that it was seen over, to the year;
then the next is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.practices.growth import Extract, Site, years_between
from pcn_group.practices.table import has_places

__all__ = ["Forecast", "Growth", "NetworkForecast", "Past", "Scenarios", "forecast", "growth_of"]

Floats = NDArray[np.float64]
Int = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Past:
    """The yearly growth of lists in the past.

    Attributes
    ----------
    rates
        float64 (k,): of each list and interval between two extracts, ascending.
    patients
        int64 (k,): of each at the beginning.
    years
        How long an interval is, to the year; of several the shortest.
    """

    rates: Floats
    patients: Int
    years: int

    @property
    def median(self) -> float:
        """The rate that half of the patients were on lists above."""
        return float(self.quantiles(np.array([0.5]))[0])

    def quantiles(self, shares: Floats) -> Floats:
        """Return the rates that these shares of the patients, from 0 to 1, were on lists below."""
        upto = np.cumsum(self.patients) / self.patients.sum()
        found: Floats = self.rates[np.searchsorted(upto, shares).clip(max=len(self.rates) - 1)]
        return found


@dataclass(frozen=True, eq=False)
class Growth:
    """What is known of how the lists of a region will grow.

    Attributes
    ----------
    rates
        float64 (n,): the yearly growth of each practice in the middle of the forecast.
    source
        Where that of each is from.
    homes
        int64 (n, years): the people of new homes at each practice by the end of each year.
    past
        None where there are no extracts to tell how uncertain growth is.
    notes
        What to know about the forecast, one sentence each.
    """

    rates: Floats
    source: tuple[Literal["given", "past", "none"], ...]
    homes: Int
    past: Past | None
    notes: tuple[str, ...] = ()

    @property
    def years(self) -> int:
        """How many years it is about."""
        return int(self.homes.shape[1])


def growth_of(
    table: pd.DataFrame,
    list_date: str,
    years: int,
    extracts: Sequence[Extract] = (),
    rates: Mapping[str, float] | None = None,
    sites: Sequence[Site] = (),
    least: int = 1,
) -> Growth:
    """Return what is known of how lists will grow.

    Parameters
    ----------
    table
        The practices, as in `Practices.table`.
    list_date
        The day of their lists, ISO; empty where it is not known.
    years
        How many years from then.
    extracts
        The lists of earlier days, those of practices that have closed at their successors'.
    rates
        The growth of practices by code, where it is given.
    sites
        New homes.
    least
        Nobody from there goes to a practice with fewer patients than this.

    Raises
    ------
    InputError
        Where lists have no day and one is needed, where new homes are to be near practices without
        places, where extracts are not earlier, and where these or the rates are about none of the
        practices.
    """
    if (extracts or sites) and not list_date:
        remedy = "Give lists with their day: a column list_date."
        raise InputError([Fault("--practices", "does not say of which day its lists are", remedy)])
    if sites and not has_places(table):
        problem = "are people at places, and no practice says where it is"
        remedy = "Leave it out, or give easting and northing of the practices."
        raise InputError([Fault("--homes", problem, remedy)])
    past, notes = _past_of(table, list_date, extracts)
    usual = 0.0 if past is None else past.median
    codes, given = table["practice_code"], rates or {}
    if given and not codes.isin([*given]).any():
        remedy = "Give the growth of the plan's practices, by their codes."
        raise InputError([Fault("--growth", "has none of the plan's practices", remedy)])
    source: list[Literal["given", "past", "none"]] = [
        "given" if code in given else "none" if past is None else "past" for code in codes
    ]
    own = np.array([given.get(code, usual) for code in codes])
    homes, beyond = _homes(table, list_date, years, sites, least)
    return Growth(own, tuple(source), homes, past, (*notes, *beyond))


def _past_of(
    table: pd.DataFrame, list_date: str, extracts: Sequence[Extract]
) -> tuple[Past | None, tuple[str, ...]]:
    if not extracts:
        return None, ()
    patients = dict(zip(table["practice_code"], table["list_size"].tolist(), strict=True))
    ordered = sorted(extracts, key=lambda extract: extract.day)
    _refuse_days([each.day for each in ordered], ordered, list_date)
    pairs = [*zip(ordered, [*ordered[1:], Extract("", list_date, patients)], strict=True)]
    found = sorted(
        ((later.patients[code] / count) ** (1 / years_between(one.day, later.day)) - 1, count)
        for one, later in pairs
        for code, count in one.patients.items()
        if code in patients and code in later.patients
    )
    if not found:
        remedy = "Give lists of the same practices."
        faults = [
            Fault(each.source, "has none of the plan's practices", remedy) for each in extracts
        ]
        raise InputError(faults)
    shortest = min(years_between(one.day, later.day) for one, later in pairs)
    own_rates, own_patients = np.array([f[0] for f in found]), np.array([f[1] for f in found])
    absent = sum(code not in ordered[0].patients for code in patients)
    notes = (f"{absent:,} of {len(patients):,} practices are not in {ordered[0].source}.",)
    return Past(own_rates, own_patients, max(1, round(shortest))), notes if absent else ()


def _refuse_days(days: Sequence[str], extracts: Sequence[Extract], list_date: str) -> None:
    faults = [
        Fault(each.source, f"has lists of {day}, not before those of {after}", "Leave it out.")
        for each, day, after in zip(extracts, days, [*days[1:], list_date], strict=True)
        if day >= after
    ]
    if faults:
        raise InputError(faults)


_FAR = 10_000.0
"""Metres from which on new homes are likely to be somebody else's."""


def _homes(
    table: pd.DataFrame, list_date: str, years: int, sites: Sequence[Site], least: int
) -> tuple[Int, tuple[str, ...]]:
    """Return who has moved in at each practice by the end of each year, and what is odd."""
    homes = np.zeros((len(table), years), dtype=np.int64)
    is_open = (table["list_size"] >= least).to_numpy()
    places = table[["easting", "northing"]].to_numpy(dtype=np.float64)
    notes = []
    for site in sites:
        passed = site.year - int(list_date[:4])
        if passed < 0:
            notes.append(f"{site.name} is of {site.year}: its people are on the lists already.")
            continue
        metres = np.hypot(*(places - (site.easting, site.northing)).T)
        nearest = int(np.where(is_open | ~is_open.any(), metres.round(3), np.inf).argmin())
        if metres[nearest] > _FAR:
            code = table["practice_code"].iloc[nearest]
            notes.append(f"{site.name} is over 10 km from the nearest practice, {code}.")
        homes[nearest, passed:] += site.people
    return homes, tuple(notes)


@dataclass(frozen=True, eq=False)
class Scenarios:
    """What becomes of a network in the scenarios.

    Attributes
    ----------
    low, high
        int64 (years,): a tenth of the scenarios have fewer patients, and a tenth more.
    below, above
        float64 (years,): the share of the scenarios in which it is under the band, or over it.
    """

    low: Int
    high: Int
    below: Floats
    above: Floats


@dataclass(frozen=True, eq=False)
class NetworkForecast:
    """The patients of a network in the years to come.

    Attributes
    ----------
    patients
        int64 (years,): in the middle of the forecast.
    scenarios
        None where there is no past to draw from.
    """

    patients: Int
    scenarios: Scenarios | None


@dataclass(frozen=True, eq=False)
class Forecast:
    """The networks of a plan in the years to come.

    Attributes
    ----------
    practices
        int64 (n, years): the patients of each practice in the middle of the forecast.
    networks
        In the order of the plan.
    """

    practices: Int
    networks: tuple[NetworkForecast, ...]


def forecast(
    patients: Int,
    networks: Sequence[Sequence[int]],
    growth: Growth,
    band: tuple[int, int],
    scenarios: int,
    seed: int,
) -> Forecast:
    """Let lists grow, and count the patients of networks.

    Parameters
    ----------
    patients
        int64 (n,): today's lists.
    networks
        The practices of each, by position in `patients`.
    band
        The fewest and the most patients of a network.
    scenarios
        How many; none where there is no past to draw from.
    seed
        Of what is drawn.
    """
    middle = _grown(patients, np.repeat(growth.rates[:, None], growth.years, axis=1))
    practices = np.rint(middle).astype(np.int64) + growth.homes
    add_up = _Sums.of(networks)
    told: Iterable[Scenarios | None] = repeat(None)
    if growth.past is not None:
        sizes = _drawn(
            patients, add_up, growth, growth.past, np.random.default_rng(seed), scenarios
        )
        told = (_judged(own, band) for own in sizes)
    return Forecast(practices, tuple(map(NetworkForecast, add_up(practices), told)))


class _Sums(NamedTuple):
    """Adds up the practices of each network."""

    members: Int
    starts: Int

    @classmethod
    def of(cls, networks: Sequence[Sequence[int]]) -> _Sums:
        lengths = [len(members) for members in networks]
        return cls(np.concatenate(networks), np.cumsum([0, *lengths[:-1]]))

    def __call__(self, lists: Int) -> Int:
        sums: Int = np.add.reduceat(lists[self.members], self.starts, axis=0)
        return sums


def _grown(patients: Int, rates: Floats) -> Floats:
    """Return lists at the end of each year, by the rates of the years."""
    lists: Floats = patients[:, None] * np.cumprod(1 + rates, axis=1)
    return lists


def _drawn(
    patients: Int,
    add_up: _Sums,
    growth: Growth,
    past: Past,
    rng: np.random.Generator,
    scenarios: int,
) -> Int:
    """Return the patients of each network, scenario and year, in this order of axes."""
    spells = -(-growth.years // past.years)
    sizes = np.empty((len(add_up.starts), scenarios, growth.years), dtype=np.int64)
    for scenario in range(scenarios):
        off = past.quantiles(rng.random(len(patients) * spells)) - past.median
        by_year = np.repeat(off.reshape(-1, spells), past.years, axis=1)[:, : growth.years]
        lists = np.rint(_grown(patients, growth.rates[:, None] + by_year)).astype(np.int64)
        sizes[:, scenario] = add_up(lists + growth.homes)
    return sizes


_DECILES = (0.1, 0.9)


def _judged(sizes: Int, band: tuple[int, int]) -> Scenarios:
    low, high = np.quantile(sizes, _DECILES, axis=0, method="nearest").astype(np.int64)
    return Scenarios(low, high, (sizes < band[0]).mean(axis=0), (sizes > band[1]).mean(axis=0))
