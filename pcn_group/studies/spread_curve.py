"""The trade-off curve between travel and how far networks differ in a figure.

The spread of a plan is the largest difference of a network's figure from the region's, which is
rounded to the decimal places of the curve; networks aside are left out. Each point is the plan of
least cost among those with no larger a spread, so a step along the curve is one further band; the
last has the least spread of any plan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from pcn_group.base.errors import Fault, InfeasibleError, InputError, NoPlanInTimeError
from pcn_group.base.progress import Where
from pcn_group.base.wording import listed
from pcn_group.config.model import Configuration
from pcn_group.config.profile import FigureBand
from pcn_group.infeasibility.words import why_infeasible
from pcn_group.pipeline import Run, start_run
from pcn_group.plan.network import build_networks
from pcn_group.practices.table import Practices
from pcn_group.region.figures import Figure
from pcn_group.region.region import Region, with_value
from pcn_group.solver.search.state import Networks
from pcn_group.solver.solution import Solution
from pcn_group.solver.solve import check_solution, solve
from pcn_group.studies.tradeoff import CurvePoint

__all__ = ["SpreadCurve", "SpreadPoint", "refuse_figure", "spread_curve"]

_REASONS = {True: "at a price", False: "at a price"}
"""Why networks may be under, or over, the band: bands do not give way here."""

_FINENESS = 200
"""The curve goes in steps of a decimal place that are no more than this part of its length."""


@dataclass(frozen=True)
class SpreadPoint(CurvePoint):
    """A plan on the curve against differences between networks.

    Attributes
    ----------
    spread
        The largest difference of a network's figure from the region's.
    lowest, highest
        The figures of networks.
    """

    spread: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class SpreadCurve:
    """Plans that are the best within some spread, the cheapest first.

    Attributes
    ----------
    figure, value
        What networks differ in, and the region's.
    within
        It is proven that no plan has a spread of this or less; 0 where there may be one.
    places
        Decimal places of the spreads that were tried.
    """

    region: Region
    figure: Figure
    value: float
    points: tuple[SpreadPoint, ...]
    within: float
    places: int


def spread_curve(
    practices: Practices,
    configuration: Configuration,
    name: str,
    most: int,
    on_progress: Callable[[Where], None],
) -> SpreadCurve:
    """Find the curve of cost against the spread of a figure, from the best plan to the least.

    Parameters
    ----------
    configuration
        The rules; further bands stay in force, and none gives way.
    name
        Of a figure of the profile, a mean or a share.
    most
        Points to stop at, 2 or more.

    Raises
    ------
    InputError
        As `prepare_region`, and where there is no such figure.
    InfeasibleError
        If it is proven that no plan keeps the rules, the bands among them.
    NoPlanInTimeError
        If the time limit passed without a plan.
    """
    refuse_figure(configuration, name)
    run = start_run(practices, configuration, on_progress)
    (figure,) = (each for each in run.region.figures if each.name == name)
    value = figure.value(range(len(figure.amounts)))
    if value is None:
        problem, remedy = "is known for no practice", "Give the figures of the region's practices."
        raise InputError([Fault("--against", problem, remedy, value=name)])
    first = solve(run.region.problem.firm(), run.effort, run.tell)
    if first.status == "infeasible":
        raise InfeasibleError(why_infeasible(run.region, run.effort, run.tell))
    if not first.networks:
        raise NoPlanInTimeError.within(configuration.search.time_limit)
    spreads = _Spreads(run, figure, value, first)
    least, within = spreads.least()
    return SpreadCurve(
        region=run.region,
        figure=figure,
        value=float(spreads.value),
        points=tuple(spreads.points(least, most)),
        within=float(within),
        places=spreads.places,
    )


def refuse_figure(configuration: Configuration, name: str) -> None:
    """Stop where there is no curve against what was named: before anything is read.

    Raises
    ------
    InputError
        Where it is no mean or share of the profile, or its band has a price.
    """
    figures = {each.name: each for each in configuration.profile.figures}
    if name not in figures:
        known = f"it has {listed(figures)}" if figures else "it has none"
        problem = (
            f"is no figure of the profile ({known}), and neither band, moves nor neighbourhoods"
        )
        remedy = "Name one of these, or add the figure to profile.figures."
        raise InputError([Fault("--against", problem, remedy, value=name)])
    if figures[name].adds == "sum":
        problem = "is a sum, and networks of other sizes have other sums"
        remedy = "Have it add as a mean or a share."
        raise InputError([Fault("--against", problem, remedy, value=name)])
    for band in configuration.profile.bands:
        if band.figure == name and {type(band.below), type(band.above)} != {str}:
            problem, remedy = "has a band with a price, and its curve has none", "Leave it out."
            raise InputError([Fault("profile.bands", problem, remedy, value=name)])


class _Spreads:
    """Plans by their spread.

    Attributes
    ----------
    places
        Decimal places of the spreads that are tried.
    value
        The region's figure, to as many.
    """

    def __init__(self, run: Run, figure: Figure, value: Fraction, first: Solution) -> None:
        self._run, self._figure, self._first = run, figure, first
        self.value = value
        widest = float(self._spread(first.networks))
        self.places = max(0, math.ceil(math.log10(_FINENESS / widest))) if widest else 0
        self._step = Fraction(1, 10**self.places)
        self.value = round(value / self._step) * self._step

    def least(self) -> tuple[Networks, Fraction]:
        """Return a plan of the least spread, and a spread that no plan is within.

        By halving, with the best plan within each spread: costs tell the search where to look, so
        it finds that sooner than any plan at all.
        """
        plan, within = self._first.networks, Fraction(0)
        while self._run.effort.seconds_left:
            steps = math.ceil((self._spread(plan) - within) / self._step)
            if steps <= 1:
                break
            tried = within + (steps // 2) * self._step
            found = solve(self._region(tried).problem.firm(), self._run.effort, self._run.tell)
            if found.networks:
                plan = found.networks
            elif found.status == "infeasible":
                within = tried
            else:
                break
        return plan, within

    def points(self, least: Networks, most: int) -> Iterator[SpreadPoint]:
        """Return the best plans within spreads from that of the first to that of another plan."""
        region, solution = self._run.region, self._first
        widest, narrowest = self._spread(solution.networks), self._spread(least)
        yield self._point(region, solution)
        before = widest
        for number in range(1, most):
            part = Fraction(most - 1 - number, most - 1)
            spread = narrowest + (widest - narrowest) * part
            limit = math.ceil(spread / self._step) * self._step
            if limit >= before:
                continue
            region = self._region(limit)
            solution = solve(region.problem.firm(), self._run.effort, self._run.tell, start=least)
            if solution.networks:
                yield self._point(region, solution)
                before = self._spread(solution.networks)

    def _region(self, spread: Fraction) -> Region:
        """Return the region with a band of this spread around its figure, within its own if any."""
        region, name = self._run.region, self._figure.name
        bands = {band.figure: band for band in region.configuration.profile.bands}
        own, low, high = bands.get(name), self.value - spread, self.value + spread
        if own is not None:
            low = low if own.min is None else max(low, Fraction(str(own.min)))
            high = high if own.max is None else min(high, Fraction(str(own.max)))
        bands[name] = FigureBand(figure=name, min=float(low), max=float(high))
        return with_value(region, "profile.bands", tuple(bands.values()))

    def _figures(self, networks: Networks) -> list[Fraction]:
        """Return the figures of networks that are known, those aside left out."""
        aside = {*self._run.region.problem.aside}
        own = (self._figure.value(each) for each in networks if tuple(sorted(each)) not in aside)
        return [figure for figure in own if figure is not None]

    def _spread(self, networks: Networks) -> Fraction:
        return max((abs(own - self.value) for own in self._figures(networks)), default=Fraction(0))

    def _point(self, region: Region, solution: Solution) -> SpreadPoint:
        """Check a plan by the rules, and describe it."""
        check_solution(region.problem.firm(), solution, until=self._run.effort.deadline)
        to_unit = region.travel.to_unit
        figures = self._figures(solution.networks)
        cost, bound = solution.cost, solution.bound
        return SpreadPoint(
            price=None,
            networks=build_networks(region, solution.networks, _REASONS),
            cost=to_unit(cost),
            status="optimal" if bound >= cost else "feasible",
            gap=max(0, cost - bound) / cost if cost else 0.0,
            rules=region.configuration,
            spread=float(self._spread(solution.networks)),
            lowest=float(min(figures, default=self.value)),
            highest=float(max(figures, default=self.value)),
        )
