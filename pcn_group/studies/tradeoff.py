"""Trade-off curves: what a step away from the least travel costs, and what it buys.

Travel is against patients outside the band, each exception with what it is worth, or against
patients who move from the networks of today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InfeasibleError, InputError, NoPlanInTimeError
from pcn_group.base.progress import Where
from pcn_group.config.model import Band, Configuration, PriceAbove, PriceBelow
from pcn_group.config.section import HIGHEST_PRICE
from pcn_group.geography.areas import cell_areas
from pcn_group.infeasibility.words import why_infeasible
from pcn_group.pipeline import Run, need_networks_of_today, start_run
from pcn_group.plan.density import density
from pcn_group.plan.moves import moved, with_most_moved, without_limits
from pcn_group.plan.network import Network, build_networks, mean_travel
from pcn_group.practices.table import Practices
from pcn_group.region.region import Region
from pcn_group.solver.convex_hull import ConvexHull, Point, lower_hull
from pcn_group.solver.moves import Curve, solve_curve
from pcn_group.solver.search.state import Networks
from pcn_group.solver.solution import Solution
from pcn_group.solver.solve import check_solution
from pcn_group.studies.priced_band import PricedBand

__all__ = [
    "BandCurve",
    "BandPoint",
    "CurvePoint",
    "ExceptionalNetwork",
    "MovesCurve",
    "MovesPoint",
    "band_curve",
    "limits_on_size",
    "moves_curve",
    "up_to",
]

_LEAST_PRICE = 1
"""A metre, or a second, for each patient: of plans that travel alike, that with fewer outside."""

_REASONS = {True: "at a price", False: "at a price"}
"""Why networks may be under, or over, the band: the band does not give way here."""


@dataclass(frozen=True)
class CurvePoint:
    """A plan on a curve of cost against an amount.

    Attributes
    ----------
    price
        Of each patient of the amount, in the reporting unit: at this price the plan is the best.
        None where that is at every price that is high enough, and no lower one was tried.
    networks
        Sorted by identifier.
    cost
        In patient-units, without the price of the amount.
    status
        `optimal`: no plan with as little of the amount costs less; else `feasible`.
    gap
        (cost - bound) / cost, the bound being that of plans with as little of the amount.
    rules
        Those under which it is the best plan: with its price, or with its amount as the limit.
    """

    price: float | None
    networks: tuple[Network, ...]
    cost: float
    status: Literal["optimal", "feasible"]
    gap: float
    rules: Configuration

    @property
    def mean_travel(self) -> float:
        """Per patient, in the reporting unit."""
        return mean_travel(self.networks)

    @property
    def max_travel(self) -> float:
        """Of the farthest practice, in the reporting unit."""
        return max(network.max_travel for network in self.networks)


@dataclass(frozen=True)
class ExceptionalNetwork:
    """A network outside the band, and what the exception buys.

    Attributes
    ----------
    short, above
        Patients outside the band.
    density
        Patients per square kilometre of its cells; None where there is no land.
    worth
        How much more the best plan costs, at the same price, in which the practices of this network
        are in networks in the band: in patient-units, patients outside at their price included.
        None where there is no such plan, or nothing is known.
    cost_without, outside_without
        Of that plan: its cost without the price of patients outside, and those patients.
    status
        `optimal`: that is proven; `feasible`: it is worth that much at least; `infeasible`: proven
        that there is no such plan; empty where it was not looked for, as in a plan with more
        networks outside the band than in it.
    """

    network: Network
    short: int
    above: int
    density: float | None
    worth: float | None = None
    cost_without: float | None = None
    outside_without: int | None = None
    status: Literal["optimal", "feasible", "infeasible", ""] = ""


@dataclass(frozen=True)
class BandPoint(CurvePoint):
    """A plan on the curve against patients outside the band.

    Attributes
    ----------
    short, above
        Patients outside the band; those of networks that every plan has do not count: fixed ones,
        and oversize practices alone.
    exceptions
        The networks outside, those worth the most first.
    """

    short: int
    above: int
    exceptions: tuple[ExceptionalNetwork, ...]


@dataclass(frozen=True)
class BandCurve:
    """Plans that are the best at some price of a patient outside the band, the cheapest first.

    Attributes
    ----------
    smallest, largest
        What no network was allowed to go beyond, practices that stand alone aside.
    fewest_proven
        Whether it is proven that no plan has fewer outside than the last one.
    density
        Patients per square kilometre of the whole region; None where there is no land.
    """

    region: Region
    smallest: int
    largest: int
    points: tuple[BandPoint, ...]
    fewest_proven: bool
    density: float | None


def limits_on_size(band: Band, floor: int | None, ceiling: int | None) -> tuple[int, int]:
    """Return the fewest and the most patients of any network on the curve.

    What is given counts; else what the configuration prices; else a side that it forbids is kept,
    and others go down to half of the minimum, or up to one and a half times the maximum.

    Raises
    ------
    InputError
        Where a limit is inside the band.
    """
    below, above = band.below, band.above
    if floor is None and isinstance(below, PriceBelow):
        floor = below.floor
    elif floor is None:
        floor = band.min if below == "forbid" else (band.min + 1) // 2
    if ceiling is None and isinstance(above, PriceAbove):
        ceiling = above.ceiling
    elif ceiling is None:
        ceiling = band.max if above == "forbid" else band.max * 3 // 2
    faults = []
    if floor > band.min:
        problem = f"is more than the minimum of {band.min:,}"
        faults.append(Fault("--floor", problem, "Give no more than that.", value=str(floor)))
    if ceiling < band.max:
        problem = f"is less than the maximum of {band.max:,}"
        faults.append(Fault("--ceiling", problem, "Give no less than that.", value=str(ceiling)))
    if faults:
        raise InputError(faults)
    return floor, ceiling


def up_to(configuration: Configuration, ceiling: int) -> Configuration:
    """Return the rules with a ceiling: practices up to that size may share a network."""
    above = PriceAbove(price=0.0, ceiling=ceiling)
    band = configuration.band.model_copy(update={"above": above})
    return configuration.model_copy(update={"band": band})


def band_curve(
    practices: Practices,
    configuration: Configuration,
    limits: tuple[int, int],
    most: int,
    on_progress: Callable[[Where], None],
) -> BandCurve:
    """Find the curve of cost against patients outside the band, from a least price to the fewest.

    Parameters
    ----------
    configuration
        The rules; what they price on networks outside the band is left aside, as the curve is over
        every price.
    limits
        The fewest and the most patients of a network, `limits_on_size`.
    most
        Points to stop at, 2 or more; until then the curve is refined where that gains most.

    Raises
    ------
    InputError
        As `prepare_region`.
    InfeasibleError
        If it is proven that no plan keeps the rules and these limits.
    NoPlanInTimeError
        If the time limit passed without a plan.
    """
    run = _run(practices, configuration, limits, on_progress)
    region, priced = run.region, PricedBand(run)
    last, solution = priced.fewest()
    hull = lower_hull(priced.at, _LEAST_PRICE, last, most)
    land = cell_areas(region.units, configuration.adjacency.outline)
    describe = _Describer(region, priced, hull, land)
    points = [
        describe.point(point, solution.bound if point.amount == last.amount else 0)
        for point in hull.plans
    ]
    return BandCurve(
        region=region,
        smallest=limits[0],
        largest=limits[1],
        points=tuple(points),
        fewest_proven=solution.status == "optimal",
        density=density(int(region.problem.weights.sum()), float(land.sum())),
    )


def _run(
    practices: Practices,
    configuration: Configuration,
    limits: tuple[int, int],
    on_progress: Callable[[Where], None],
) -> Run:
    """Return the run of a region with the hard limits, and no price on patients outside the band.

    The practices that stand alone are those that do in `solve`: the ones over the ceiling where
    that has a price, else the ones over the maximum.
    """
    floor, ceiling = limits
    band = configuration.band
    above = band.above
    if isinstance(above, PriceAbove):
        above = PriceAbove(price=0.0, ceiling=ceiling)
    band = band.model_copy(update={"below": PriceBelow(price=0.0, floor=floor), "above": above})
    configuration = configuration.model_copy(update={"band": band})
    run = start_run(practices, configuration, on_progress)
    problem = run.region.problem
    size = problem.size
    hard = replace(size, largest=ceiling, avoid_above=False, alone_above=size.largest)
    return replace(run, region=replace(run.region, problem=problem.with_size(hard).firm()))


@dataclass(frozen=True)
class _Describer:
    """Turns plans of a hull into points of a curve.

    Attributes
    ----------
    land
        float64 (n,): square kilometres of each practice.
    """

    region: Region
    priced: PricedBand
    hull: ConvexHull[Networks]
    land: NDArray[np.float64]

    def point(self, point: Point[Networks], bound: int) -> BandPoint:
        """Describe a plan; `bound` is what is known beside the hull."""
        region, price = self.region, self.hull.price_of(point)
        to_unit = region.travel.to_unit
        bound = max(bound, self.hull.bound(point.amount))
        networks = build_networks(region, point.plan, _REASONS)
        outside = [self.priced.outside(network) for network in point.plan]
        return BandPoint(
            price=None if price is None else to_unit(price),
            networks=networks,
            cost=to_unit(point.cost),
            short=sum(short for short, _ in outside),
            above=sum(above for _, above in outside),
            exceptions=tuple(sorted(self._exceptions(networks, point, price), key=_most_worth)),
            status="optimal" if bound >= point.cost else "feasible",
            gap=max(0, point.cost - bound) / point.cost if point.cost else 0.0,
            rules=self._rules(self.hull.high_price_of(point)),
        )

    def _rules(self, price: int) -> Configuration:
        """Return the rules with a price of each patient outside the band, within the limits."""
        size = self.region.problem.size
        each = min(self.region.travel.to_unit(price), HIGHEST_PRICE)
        prices = {
            "below": PriceBelow(price=each, floor=size.smallest),
            "above": PriceAbove(price=each, ceiling=size.largest),
        }
        configuration = self.region.configuration
        band = configuration.band.model_copy(update=prices)
        return configuration.model_copy(update={"band": band})

    def _exceptions(
        self, networks: Sequence[Network], point: Point[Networks], price: int | None
    ) -> Iterator[ExceptionalNetwork]:
        """Describe the networks outside; if most are outside, none is priced as an exception."""
        outside = {n: self.priced.outside(n.members) for n in networks}
        outside = {network: patients for network, patients in outside.items() if any(patients)}
        for network, (short, above) in outside.items():
            land = float(self.land[list(network.members)].sum())
            found = ExceptionalNetwork(network, short, above, density(network.patients, land))
            if price is not None and 2 * len(outside) <= len(networks):
                found = self._refused(found, point, price)
            yield found

    def _refused(
        self, exception: ExceptionalNetwork, point: Point[Networks], price: int
    ) -> ExceptionalNetwork:
        """Say what an exception is worth: what the best plan without it costs more."""
        other, solution = self.priced.without(price, exception.network.members)
        if other is None and solution.status == "infeasible":
            return replace(exception, status="infeasible")
        if other is None:
            return exception
        to_unit = self.region.travel.to_unit
        return replace(
            exception,
            worth=to_unit(max(0, solution.bound - point.at(price))),
            cost_without=to_unit(other.cost),
            outside_without=other.amount,
            status="optimal" if solution.status == "optimal" else "feasible",
        )


def _most_worth(exception: ExceptionalNetwork) -> tuple[bool, float, str]:
    """Sort exceptions: first those that no plan can avoid, then those worth the most."""
    needed = exception.status == "infeasible"
    return not needed, -(exception.worth or 0.0), exception.network.network_id


@dataclass(frozen=True)
class MovesPoint(CurvePoint):
    """A plan on the curve against patients who move.

    Attributes
    ----------
    patients_moved, practices_moved
        Each counted for itself.
    """

    patients_moved: int
    practices_moved: int


@dataclass(frozen=True)
class MovesCurve:
    """Plans that are the best at some price of a patient who moves, the cheapest first.

    Attributes
    ----------
    fewest
        No plan moves fewer patients.
    """

    region: Region
    points: tuple[MovesPoint, ...]
    fewest: int


def moves_curve(
    practices: Practices,
    configuration: Configuration,
    most: int,
    on_progress: Callable[[Where], None],
) -> MovesCurve:
    """Find the curve of cost against patients who move, from the best plan to the fewest moves.

    Parameters
    ----------
    configuration
        The rules. A price of change is part of the cost; a limit on moves has no effect.
    most
        Points to stop at, 2 or more; until then the curve is refined where that gains most.

    Raises
    ------
    InputError
        As `prepare_region`, and where no practice has a network today.
    InfeasibleError
        If it is proven that no plan keeps the rules, the band among them.
    NoPlanInTimeError
        If the time limit passed without a plan.
    """
    run = start_run(practices, without_limits(configuration), on_progress)
    region = run.region
    need_networks_of_today(region.today())
    curve = solve_curve(region.problem, region.today(), most, run.effort, run.tell)
    if isinstance(curve, Solution):
        if curve.status == "infeasible":
            raise InfeasibleError(why_infeasible(region, run.effort, run.tell))
        raise NoPlanInTimeError.within(configuration.search.time_limit)
    points = (
        _moves_point(region, curve, plan, bound)
        for plan, bound in zip(curve.hull.plans, curve.bounds, strict=True)
    )
    return MovesCurve(region, tuple(points), curve.fewest)


def _moves_point(region: Region, curve: Curve, plan: Point[Networks], bound: int) -> MovesPoint:
    """Check a plan by the rules, and describe it."""
    problem, travel = region.problem, region.travel
    check_solution(problem, Solution("feasible", plan.plan, plan.cost, bound, problem, None))
    price = curve.hull.price_of(plan)
    return MovesPoint(
        price=None if price is None else travel.to_unit(price),
        networks=build_networks(region, plan.plan, _REASONS),
        cost=travel.to_unit(plan.cost),
        patients_moved=plan.amount,
        practices_moved=moved(region, plan.plan)[1] or 0,
        status="optimal" if bound >= plan.cost else "feasible",
        gap=max(0, plan.cost - bound) / plan.cost if plan.cost else 0.0,
        rules=with_most_moved(region, plan.amount, "patients").configuration,
    )
