"""The curve of travel against patients who move from the networks of today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pcn_group.base.errors import InfeasibleError
from pcn_group.base.progress import Where
from pcn_group.config.model import Configuration
from pcn_group.infeasibility.words import why_infeasible
from pcn_group.pipeline import need_networks_of_today, no_plan_in_time, start_run
from pcn_group.plan.network import build_networks
from pcn_group.practices.table import Practices
from pcn_group.region.region import Region
from pcn_group.solver.convex_hull import Point
from pcn_group.solver.moves import Curve, solve_curve
from pcn_group.solver.search.state import Networks
from pcn_group.solver.solve import Solution, check_solution
from pcn_group.studies.tradeoff.outside import CurvePoint

__all__ = ["MovesCurve", "MovesPoint", "moves_curve"]

_REASONS = {True: "at a price", False: "at a price"}
"""Why networks may be under, or over, the band: the band does not give way here."""


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
    run = start_run(practices, configuration, on_progress)
    region = run.region
    need_networks_of_today(region.today())
    curve = solve_curve(region.problem, region.today(), most, run.effort, run.tell)
    if isinstance(curve, Solution):
        if curve.status == "infeasible":
            raise InfeasibleError(why_infeasible(region, run.effort, run.tell))
        raise no_plan_in_time(configuration)
    points = (
        _point(region, curve, plan, bound)
        for plan, bound in zip(curve.hull.plans, curve.bounds, strict=True)
    )
    return MovesCurve(region, tuple(points), curve.fewest)


def _point(region: Region, curve: Curve, plan: Point[Networks], bound: int) -> MovesPoint:
    """Check a plan by the rules, and describe it."""
    problem, travel = region.problem, region.travel
    check_solution(problem, Solution("feasible", plan.plan, plan.cost, bound, problem, None))
    price = curve.hull.price_of(plan)
    return MovesPoint(
        price=None if price is None else travel.to_unit(price),
        networks=build_networks(region, plan.plan, _REASONS),
        cost=travel.to_unit(plan.cost),
        patients_moved=plan.amount,
        practices_moved=region.today(in_practices=True).moved_in_all(plan.plan),
        status="optimal" if bound >= plan.cost else "feasible",
        gap=max(0, plan.cost - bound) / plan.cost if plan.cost else 0.0,
    )
