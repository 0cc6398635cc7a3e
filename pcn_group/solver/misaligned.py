"""From a problem to the fewest misaligned patients of any plan, or to the curve against them.

Here the band is not relaxed, and the gap asked for does not end the search.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pcn_group.base.progress import OnProgress, Progress
from pcn_group.config.model import Search
from pcn_group.region.alignment import Alignment
from pcn_group.region.plan_limits import PlanLimit
from pcn_group.region.problem import Problem
from pcn_group.solver.compiled import compile_kernels
from pcn_group.solver.convex_hull import STEEPEST, ConvexHull, Evaluation, Point, lower_hull
from pcn_group.solver.costless import costless
from pcn_group.solver.search.search import search
from pcn_group.solver.search.state import ONE_SEED, Effort, Networks
from pcn_group.solver.solve import solve

__all__ = [
    "FewestMisaligned",
    "MisalignedCurve",
    "solve_fewest_misaligned",
    "solve_misaligned_curve",
]

_ONE_PATIENT = 1e-12
"""A gap of less than a patient: the fewest are asked for, and no choice among equal plans."""


@dataclass(frozen=True)
class FewestMisaligned:
    """What a search ended with.

    Attributes
    ----------
    networks
        Of the plan with the fewest misaligned patients that was found; None without a plan.
    misaligned
        How many those are.
    bound
        No plan has fewer.
    is_infeasible
        Whether it is proven that there is no plan.
    """

    networks: Networks | None
    misaligned: int
    bound: int
    is_infeasible: bool

    @property
    def is_proven(self) -> bool:
        """Whether no plan has fewer than the one that was found."""
        return self.networks is not None and self.misaligned == self.bound


def solve_fewest_misaligned(
    problem: Problem, alignment: Alignment, settings: Search | Effort, on_progress: OnProgress
) -> FewestMisaligned:
    """Find the fewest misaligned patients of any plan that keeps the rules, whatever it costs.

    Parameters
    ----------
    alignment
        Who lives where, in the problem's numbering.
    settings
        Time limit, seed and workers, or what is left of them.
    on_progress
        Told now and then where the search stands.
    """
    compile_kernels(problem)
    effort = replace(Effort.begun(settings), gap=_ONE_PATIENT, seed=ONE_SEED)
    # Each misaligned patient costs one, and nothing else does.
    instance = costless(problem, replace(alignment, price=1))
    outcome = search(
        instance,
        effort,
        lambda _: on_progress(Progress("misaligned", None, None)),  # costs say nothing to a reader
        is_part=True,
    )
    aside = alignment.misaligned_in_all(problem.aside)
    if outcome.networks is None:
        return FewestMisaligned(None, 0, outcome.bound + aside, outcome.infeasible)
    plan = (*problem.aside, *map(instance.in_problem, outcome.networks))
    misaligned = (outcome.cost or 0) + aside
    bound = min(outcome.bound + aside, misaligned)
    return FewestMisaligned(tuple(sorted(plan)), misaligned, bound, is_infeasible=False)


@dataclass(frozen=True)
class MisalignedCurve:
    """Plans that cost more and more, and have fewer and fewer misaligned patients.

    Attributes
    ----------
    hull
        Its last plan has the fewest, if `fewest` says so.
    bounds
        Of each plan, what no plan with as few misaligned patients costs less than.
    fewest
        No plan has fewer misaligned patients.
    """

    hull: ConvexHull[Networks]
    bounds: tuple[int, ...]
    fewest: int


def solve_misaligned_curve(
    problem: Problem, alignment: Alignment, most: int, effort: Effort, on_progress: OnProgress
) -> MisalignedCurve | FewestMisaligned:
    """Find the plans of the lower convex hull of cost and misaligned patients, at most so many.

    The last of them has the fewest, and of such plans the least cost. Where there is no plan, or
    none was found, that is returned instead.
    """
    problem = problem.firm()
    effort = replace(effort, gap=0.0, seed=ONE_SEED)
    fewest = solve_fewest_misaligned(problem, alignment, effort.half(), on_progress)
    if fewest.networks is None:
        return fewest
    limit = PlanLimit("misaligned", 1, fewest.misaligned, alignment=alignment)
    held = replace(problem, alignment=alignment, plan_limits=(*problem.plan_limits, limit))
    cheapest = solve(held, effort.half(), on_progress, start=fewest.networks)
    last = _point(problem, alignment, cheapest.networks or fewest.networks)
    known = [last]

    def at(price: int) -> Evaluation[Networks]:
        if price * alignment.worst > STEEPEST:
            return Evaluation(price, None, 0)
        priced = replace(problem, alignment=replace(alignment, price=price))
        start = min(known, key=lambda point: point.at(price)).plan
        found = solve(priced, effort, on_progress, start=start)
        if not found.networks:
            return Evaluation(price, None, found.bound)
        known.append(_point(problem, alignment, found.networks))
        return Evaluation(price, known[-1], found.bound)

    hull = lower_hull(at, 0, last, most)
    bounds = [min(plan.cost, max(0, hull.bound(plan.amount))) for plan in hull.plans]
    if hull.plans[-1].amount == fewest.misaligned and cheapest.networks:
        bounds[-1] = max(bounds[-1], cheapest.bound)
    return MisalignedCurve(hull, tuple(bounds), fewest.bound)


def _point(problem: Problem, alignment: Alignment, networks: Networks) -> Point[Networks]:
    """Describe a plan by its cost, without a price, and by its misaligned patients."""
    free = replace(problem, alignment=None)
    cost = sum(free.network_cost(network) for network in networks)
    return Point(networks, cost, alignment.misaligned_in_all(networks))
