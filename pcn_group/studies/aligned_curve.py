"""The trade-off curve between travel and patients who live elsewhere than their network serves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pcn_group.base.errors import InfeasibleError, NoPlanInTimeError
from pcn_group.base.progress import Where
from pcn_group.config.model import Configuration
from pcn_group.infeasibility.words import why_infeasible
from pcn_group.pipeline import start_run
from pcn_group.plan.fit import fit_of
from pcn_group.plan.network import build_networks
from pcn_group.practices.table import Practices
from pcn_group.region.alignment import Alignment
from pcn_group.region.plan_limits import share_that_leaves
from pcn_group.region.region import Region, with_value
from pcn_group.solver.convex_hull import Point
from pcn_group.solver.misaligned import FewestMisaligned, MisalignedCurve, solve_misaligned_curve
from pcn_group.solver.search.state import Networks
from pcn_group.solver.solution import Solution
from pcn_group.solver.solve import check_solution
from pcn_group.studies.align import need_neighbourhoods
from pcn_group.studies.tradeoff import CurvePoint

__all__ = ["AlignedCurve", "AlignedPoint", "aligned_curve"]

_REASONS = {True: "at a price", False: "at a price"}
"""Why networks may be under, or over, the band: the band does not give way here."""


@dataclass(frozen=True)
class AlignedPoint(CurvePoint):
    """A plan on the curve against misaligned patients.

    Attributes
    ----------
    misaligned
        Patients who live in another neighbourhood than their network serves.
    share
        The share aligned of those who live in any neighbourhood; None where nobody does.
    """

    misaligned: int
    share: float | None


@dataclass(frozen=True)
class AlignedCurve:
    """Plans that are the best at some price of a misaligned patient, the cheapest first.

    Attributes
    ----------
    fewest
        No plan has fewer misaligned patients.
    """

    region: Region
    points: tuple[AlignedPoint, ...]
    fewest: int


def aligned_curve(
    practices: Practices,
    configuration: Configuration,
    most: int,
    on_progress: Callable[[Where], None],
) -> AlignedCurve:
    """Find the curve of cost against misaligned patients, from the best plan to the fewest.

    Parameters
    ----------
    configuration
        The rules, without a price of misaligned patients or a limit on them.
    most
        Points to stop at, 2 or more; until then the curve is refined where that gains most.

    Raises
    ------
    InputError
        As `prepare_region`, and without a map of neighbourhoods.
    InfeasibleError
        If it is proven that no plan keeps the rules, the band among them.
    NoPlanInTimeError
        If the time limit passed without a plan.
    """
    run = start_run(practices, configuration, on_progress)
    region = run.region
    alignment = Alignment.of(need_neighbourhoods(region))
    curve = solve_misaligned_curve(region.problem, alignment, most, run.effort, run.tell)
    if isinstance(curve, FewestMisaligned):
        if curve.is_infeasible:
            raise InfeasibleError(why_infeasible(region, run.effort, run.tell))
        raise NoPlanInTimeError.within(configuration.search.time_limit)
    points = (
        _point(region, curve, plan, bound)
        for plan, bound in zip(curve.hull.plans, curve.bounds, strict=True)
    )
    return AlignedCurve(region, tuple(points), curve.fewest)


def _point(
    region: Region, curve: MisalignedCurve, plan: Point[Networks], bound: int
) -> AlignedPoint:
    """Check a plan by the rules, and describe it."""
    travel, neighbourhoods = region.travel, need_neighbourhoods(region)
    share = share_that_leaves(neighbourhoods, plan.amount)
    limited = with_value(region, "limits.min_aligned", share)
    problem = limited.problem
    check_solution(problem, Solution("feasible", plan.plan, plan.cost, bound, problem, None))
    price = curve.hull.price_of(plan)
    return AlignedPoint(
        price=None if price is None else travel.to_unit(price),
        networks=build_networks(region, plan.plan, _REASONS),
        cost=travel.to_unit(plan.cost),
        misaligned=plan.amount,
        share=fit_of(neighbourhoods, plan.plan, problem.weights).share,
        status="optimal" if bound >= plan.cost else "feasible",
        gap=max(0, plan.cost - bound) / plan.cost if plan.cost else 0.0,
        rules=limited.configuration,
    )
