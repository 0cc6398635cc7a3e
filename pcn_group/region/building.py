"""A region and its rules as a `Problem`: limits, prices and exceptions in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.model import Band, Configuration, PriceAbove, PriceBelow
from pcn_group.config.rules import Rules, merged
from pcn_group.geography.travel import TravelTable
from pcn_group.region.alignment import Alignment
from pcn_group.region.figure_limits import figure_limits
from pcn_group.region.figures import Figure
from pcn_group.region.neighbourhoods import Neighbourhoods
from pcn_group.region.plan_limits import plan_limits
from pcn_group.region.problem import FORBIDDEN, Hinge, HubSite, Problem, SizeRule

__all__ = ["RegionRules", "build_problem"]


@dataclass(frozen=True)
class RegionRules:
    """The rules that have an effect in a region, by position among its practices.

    Every group is in ascending order, and so are the groups.

    Attributes
    ----------
    together
        Groups in one network each, no practice in two of them.
    apart
        Pairs that are never in one network.
    fixed
        Networks that stay as they are.
    hubs
        The practices that may be hubs; None means any.
    prefer
        Groups with the price, in the configuration's unit, of each patient whose hub is in none.
    free
        Practices that change their network at no cost.
    """

    together: tuple[tuple[int, ...], ...]
    apart: tuple[tuple[int, int], ...]
    fixed: tuple[tuple[int, ...], ...]
    hubs: tuple[int, ...] | None
    prefer: tuple[tuple[tuple[int, ...], float], ...]
    free: tuple[int, ...]

    @classmethod
    def of(cls, rules: Rules, codes: Sequence[str]) -> RegionRules:
        """Keep of each rule what is about a region's practices.

        Parameters
        ----------
        codes
            The practices of the region, in order. A group with fewer than two of them has no
            effect, save a network of one that is fixed.
        """
        places = {code: i for i, code in enumerate(codes)}

        def inside(group: Iterable[str]) -> tuple[int, ...]:
            return tuple(sorted(places[code] for code in group if code in places))

        fixed = {
            inside(group) for group in rules.fixed if len(group) == 1 or len(inside(group)) > 1
        }
        pairs = (pair for group in rules.apart for pair in combinations(inside(group), 2))
        prefer = ((inside(each.practices), each.price) for each in rules.prefer)
        return cls(
            together=merged(inside(group) for group in rules.together),
            apart=tuple(sorted({(a, b) for a, b in pairs})),
            fixed=tuple(sorted(fixed - {()})),
            hubs=inside(rules.hubs) or None,
            prefer=tuple(sorted((group, price) for group, price in prefer if len(group) > 1)),
            free=inside(rules.free),
        )


def build_problem(
    table: pd.DataFrame,
    travel: TravelTable,
    neighbours: tuple[tuple[int, ...], ...],
    configuration: Configuration,
    neighbourhoods: Neighbourhoods | None = None,
    figures: Sequence[Figure] = (),
    sites: Sequence[HubSite] = (),
) -> Problem:
    """Turn a practice table, its travel and its adjacency into integers.

    Parameters
    ----------
    table
        The `Practices.table`, sorted by code.
    travel
        From each practice to each possible hub, in the same order.
    neighbours
        Sorted indices of each practice's neighbours, in the same order.
    configuration
        The rules. `travel.max_to_hub` forbids hubs that are farther, but none to itself: where its
        own patients live is nothing that a plan could change. Neither that nor `rules.hubs` is
        about networks that are fixed, or practices that stand alone.
    neighbourhoods
        Where the patients of each practice live, in the same order; None where that is not known.
    figures
        Those of the profile, by practice in the same order.
    sites
        That may be hubs as well, in the order of the travel to them. For prices and rules about
        practices a site is the practice in whose area it lies.

    Raises
    ------
    InputError
        Where costs or figures could add up to more than the search can tell apart, and where rules
        are about neighbourhoods and there are none.
    """
    _refuse_rules_without_a_map(configuration, neighbourhoods)
    weights = table["list_size"].to_numpy(dtype=np.int64)
    rules = RegionRules.of(configuration.rules, table["practice_code"].tolist())
    anchors = np.array([*range(len(table)), *(site.anchor for site in sites)])
    per_patient = _per_patient(table, travel, configuration, rules, anchors)
    within_reach = np.isfinite(per_patient)
    cost = np.rint(weights[:, None] * np.where(within_reach, per_patient, 0.0)).astype(np.int64)
    limit = configuration.limits.max_practices
    problem = Problem(
        codes=tuple(table["practice_code"]),
        weights=weights,
        cost=cost,
        neighbours=neighbours,
        size=_size_rule(configuration, travel),
        max_practices=limit if limit is not None else len(table),
        together=rules.together,
        apart=rules.apart,
        fixed=rules.fixed,
        plan_limits=plan_limits(
            configuration.limits,
            table,
            neighbourhoods,
            is_one=configuration.neighbourhoods.networks == "one",
        ),
        alignment=_alignment(configuration, travel, neighbourhoods),
        figure_limits=figure_limits(configuration.profile.bands, figures, travel),
        sites=tuple(sites),
    )
    hubs = () if configuration.hubs.only_sites else rules.hubs
    cost[_forbidden(problem, travel, configuration.travel.max_to_hub, hubs)] = FORBIDDEN
    cost[~within_reach] = FORBIDDEN
    _refuse_large_costs(problem, travel)
    return problem


def _refuse_rules_without_a_map(
    configuration: Configuration, neighbourhoods: Neighbourhoods | None
) -> None:
    asked = _rules_about_neighbourhoods(configuration)
    if neighbourhoods is None and any(asked.values()):
        problem = "is about neighbourhoods, and there is no map of them"
        remedy = "Name one with neighbourhoods.map, or leave the rule out."
        raise InputError([Fault(key, problem, remedy) for key in asked if asked[key]])


def _rules_about_neighbourhoods(configuration: Configuration) -> dict[str, bool]:
    return {
        "prices.neighbourhood": configuration.prices.neighbourhood > 0,
        "limits.min_aligned": configuration.limits.min_aligned is not None,
        "neighbourhoods.networks": configuration.neighbourhoods.networks == "one",
    }


def _alignment(
    configuration: Configuration, travel: TravelTable, neighbourhoods: Neighbourhoods | None
) -> Alignment | None:
    """Return who lives where, if a price or a limit is about that."""
    if neighbourhoods is None or not any(_rules_about_neighbourhoods(configuration).values()):
        return None
    return Alignment.of(neighbourhoods, travel.price(configuration.prices.neighbourhood))


def _refuse_large_costs(problem: Problem, travel: TravelTable) -> None:
    aside = (problem.network_cost(network) for network in problem.aside)
    no_hub = sum(cost for cost in aside if cost >= FORBIDDEN)  # that is another fault
    worst = problem.cost_ceiling() - no_hub
    if worst >= FORBIDDEN:
        amount = f"patient-{travel.unit}"
        fault = (
            f"costs could come to {travel.to_unit(worst):,.0f} {amount} with the farthest hubs and "
            f"the worst sizes, and the most that is told apart is {travel.to_unit(FORBIDDEN):,.0f}"
        )
        prices = "prices, band, profile.bands, rules.prefer"
        remedy = f"Set lower prices ({prices}), or group smaller regions."
        raise InputError([Fault("the region", fault, remedy)])


def _per_patient(
    table: pd.DataFrame,
    travel: TravelTable,
    configuration: Configuration,
    rules: RegionRules,
    anchors: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return what each patient of a practice costs by hub: travel and prices."""
    prices, per_patient = configuration.prices, travel.to_hubs.copy()
    if prices.change:
        moved = _differs(table["current_network"])
        moved[list(rules.free)] = 0
        per_patient += travel.steps(prices.change) * moved[:, anchors]
    if prices.authority:
        differs = _differs(table["local_authority"])
        per_patient += travel.steps(prices.authority) * differs[:, anchors]
    for group, price in rules.prefer:
        inside = np.array(group)
        others = np.flatnonzero(~np.isin(anchors, inside))
        per_patient[np.ix_(inside, others)] += travel.steps(price)
    return per_patient


def _forbidden(
    problem: Problem, travel: TravelTable, farthest: float | None, hubs: Sequence[int] | None
) -> NDArray[np.bool_]:
    """Tell which practices (rows) cannot have which hub (columns).

    Parameters
    ----------
    hubs
        The practices that may be hubs; None for all. It is not about sites.
    """
    forbidden = np.zeros(problem.cost.shape, dtype=np.bool_)
    if farthest is not None:
        forbidden |= travel.to_hubs > travel.steps(farthest)
        np.fill_diagonal(forbidden, val=False)
    if hubs is not None:
        practices = np.arange(len(problem.codes))
        forbidden[:, np.setdiff1d(practices, np.array(hubs, dtype=np.int64))] = True
    for network in problem.aside:
        forbidden[np.ix_(network, network)] = False
    return forbidden


def _differs(column: pd.Series[str]) -> NDArray[np.float64]:
    """1 where two practices carry different values; an unknown value differs from nothing."""
    values = column.to_numpy(dtype=object)
    known = values != ""
    pairs = (values[:, None] != values[None, :]) & known[:, None] & known[None, :]
    differs: NDArray[np.float64] = pairs.astype(np.float64)
    return differs


def _size_rule(configuration: Configuration, travel: TravelTable) -> SizeRule:
    band: Band = configuration.band
    smallest, largest, hinges = band.min, band.max, []
    if isinstance(band.below, PriceBelow):
        smallest = band.below.floor
        hinges.append(Hinge(at=band.min, below=travel.price(band.below.price), above=0))
    if isinstance(band.above, PriceAbove):
        largest = band.above.ceiling
        hinges.append(Hinge(at=band.max, below=0, above=travel.price(band.above.price)))
    balance = configuration.prices.balance
    if balance is not None:
        price = travel.price(balance.price)
        hinges.append(Hinge(at=balance.target, below=price, above=price))
    return SizeRule(
        band_min=band.min,
        band_max=band.max,
        smallest=smallest,
        largest=largest,
        hinges=tuple(hinges),
        avoid_below=band.below == "avoid",
        avoid_above=band.above == "avoid",
    )
