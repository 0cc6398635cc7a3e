"""How long the networks of a plan stay in the band."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from pcn_group.plan.case import Case
from pcn_group.plan.forecast import Forecast, Growth, forecast, growth_of
from pcn_group.practices.growth import read_extract, read_homes, read_rates
from pcn_group.practices.units import unit_numbers

__all__ = ["ForecastPlan", "forecast_plan"]


@dataclass(frozen=True)
class ForecastPlan:
    """A plan with the years to come.

    Attributes
    ----------
    case
        The plan in its region.
    list_date
        The day of the lists, ISO; empty where it is not known.
    growth, forecast
        What is known of growth, by practice of the region's table; and what comes of it.
    scenarios, seed
        How many there are, and of what they are drawn.
    sources
        The files that growth is from.
    """

    case: Case
    list_date: str
    growth: Growth
    forecast: Forecast
    scenarios: int
    seed: int
    sources: tuple[str, ...]

    def day(self, year: int) -> str:
        """Return the day so many years after that of the lists, ISO; empty where it is unknown."""
        if not self.list_date:
            return ""
        day = dt.date.fromisoformat(self.list_date)
        last = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
        return last.replace(year=day.year + year).isoformat()

    @cached_property
    def leaves(self) -> dict[str, int | None]:
        """The first year in which each network is outside the band in the middle of the forecast.

        0 for one that is outside today; None for one that stays in it throughout.
        """
        size, weights = self.case.region.problem.size, self.case.region.problem.weights
        found: dict[str, int | None] = {}
        for (label, members), own in zip(
            self.case.networks.items(), self.forecast.networks, strict=True
        ):
            today = int(weights[list(members)].sum())
            sizes = np.array([today, *own.patients])
            outside = np.flatnonzero((sizes < size.band_min) | (sizes > size.band_max))
            found[label] = int(outside[0]) if len(outside) else None
        return found


def forecast_plan(
    case: Case,
    years: int,
    earlier: Sequence[Path] = (),
    rates: Path | None = None,
    homes: Path | None = None,
    scenarios: int = 1000,
    seed: int = 1,
) -> ForecastPlan:
    """Return the networks of a plan in the years to come.

    Parameters
    ----------
    case
        The plan in its region.
    years
        How many.
    earlier
        Lists of earlier days, a file each.
    rates, homes
        Growth that is given by practice, and new homes.
    scenarios, seed
        As for `forecast`.

    Raises
    ------
    InputError
        As the readers of these files, and as `growth_of`.
    """
    region = case.region
    practices, data = region.practices, region.configuration.data
    list_date = practices.list_date or (case.stored.list_date if case.stored else "")
    extracts = [
        read_extract(path).by_successor(data.given_successors, practices.known) for path in earlier
    ]
    growth = growth_of(
        region.table,
        list_date,
        years,
        extracts,
        None if rates is None else read_rates(rates),
        () if homes is None else read_homes(homes),
        data.atypical_below,
    )
    unit_of = unit_numbers(region.table)
    networks = [np.flatnonzero(np.isin(unit_of, members)) for members in case.networks.values()]
    size = region.problem.size
    found = forecast(
        region.table["list_size"].to_numpy(dtype=np.int64),
        [members.tolist() for members in networks],
        growth,
        (size.band_min, size.band_max),
        scenarios,
        seed,
    )
    files = [*earlier, *(path for path in (rates, homes) if path is not None)]
    names = tuple(path.name for path in files)
    return ForecastPlan(case, list_date, growth, found, scenarios, seed, names)
