"""From a problem to the plan that moves the fewest, the cheapest one within a limit, or the curve.

Here the band is not relaxed, and the gap asked for does not end the search.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pcn_group.base.progress import OnProgress
from pcn_group.config.model import Search
from pcn_group.region.problem import Problem
from pcn_group.region.today import Today
from pcn_group.solver.compiled import compile_kernels
from pcn_group.solver.convex_hull import ConvexHull, below_the_line, lower_hull
from pcn_group.solver.moves_balance import Balance, Plan
from pcn_group.solver.search.state import ONE_SEED, Effort, Networks
from pcn_group.solver.solution import Solution, Status

__all__ = ["Curve", "MovesSolution", "solve_curve", "solve_fewest_moves", "solve_within_moves"]


@dataclass(frozen=True)
class MovesSolution:
    """What a search ended with, and the fewest that can move.

    Attributes
    ----------
    solution
        Bounds are those of plans that move no more than allowed. There is no certificate.
    fewest
        No plan moves fewer.
    """

    solution: Solution
    fewest: int


@dataclass(frozen=True)
class Curve:
    """Plans that cost more and more, and move fewer and fewer.

    Attributes
    ----------
    hull
        Its last plan moves the fewest, if `fewest` says so.
    bounds
        Of each plan, what no plan that moves as few costs less than.
    fewest
        No plan moves fewer.
    """

    hull: ConvexHull[Networks]
    bounds: tuple[int, ...]
    fewest: int


def solve_fewest_moves(
    problem: Problem, today: Today, settings: Search | Effort, on_progress: OnProgress
) -> MovesSolution:
    """Find the plan that moves the fewest, and of those the cheapest, with proof of both.

    Parameters
    ----------
    today
        What counts as moved, in the problem's numbering.
    settings
        Time limit, seed and workers, or what is left of them.
    on_progress
        Told now and then where the search stands.
    """
    balance = _balance(problem, today, settings, on_progress)
    first = balance.at(0)
    if first.point is None:
        return MovesSolution(_without(balance), 0)
    plan, fewest, proven = balance.fewest(first.point)
    solved = _solution(balance, plan, plan.cost if proven else first.bound, settings.gap)
    if plan.amount > fewest:
        solved = replace(solved, status="feasible")
    return MovesSolution(solved, fewest)


def solve_within_moves(
    problem: Problem, today: Today, most: int, settings: Search | Effort, on_progress: OnProgress
) -> MovesSolution:
    """Find the cheapest plan that moves no more than `most`, with proof."""
    balance = _balance(problem, today, settings, on_progress)
    first = balance.at(0)
    if first.point is None:
        return MovesSolution(_without(balance), 0)
    if first.point.amount <= most:
        return MovesSolution(_solution(balance, first.point, first.bound, settings.gap), 0)
    few, fewest, _ = balance.fewest(first.point)
    if few.amount > most:
        balance.is_infeasible = fewest > most
        return MovesSolution(_without(balance), fewest)
    best, bound = balance.cheapest(most, _last_within(balance, first.point, few, most))
    return MovesSolution(_solution(balance, best, bound, settings.gap), fewest)


def solve_curve(
    problem: Problem, today: Today, most: int, settings: Search | Effort, on_progress: OnProgress
) -> Curve | Solution:
    """Find the plans of the lower convex hull of cost and moves, at most so many; both ends first.

    Where there is no plan, or none was found, return a solution without networks.
    """
    balance = _balance(problem, today, settings, on_progress)
    first = balance.at(0)
    if first.point is None:
        return _without(balance)
    last, fewest, proven = balance.fewest(first.point)
    hull = lower_hull(balance.at, 0, last, most)
    bounds = [min(plan.cost, balance.bound(plan.amount)) for plan in hull.plans]
    if proven and hull.plans[-1].amount == fewest:
        bounds[-1] = hull.plans[-1].cost
    return Curve(hull, tuple(bounds), fewest)


def _balance(
    problem: Problem, today: Today, settings: Search | Effort, on_progress: OnProgress
) -> Balance:
    compile_kernels(problem)
    effort = replace(Effort.begun(settings), gap=0.0, seed=ONE_SEED)
    return Balance(problem, today, effort, on_progress)


def _last_within(balance: Balance, more: Plan, fewer: Plan, most: int) -> Plan:
    """Return the cheapest plan of the hull that keeps a limit; one of the two plans does not."""

    def best_at(price: int) -> Plan | None:
        return balance.at(price).point

    while (found := below_the_line(best_at, more, fewer)) is not None:
        if found.amount > most:
            more = found
        else:
            fewer = found
    point = [
        evaluation.point
        for evaluation in balance.evaluations.values()
        if evaluation.point is not None
    ]
    return min(
        [fewer, *(each for each in point if each.amount <= most)], key=lambda each: each.cost
    )


def _without(balance: Balance) -> Solution:
    status: Status = "infeasible" if balance.is_infeasible else "no_plan_in_time"
    return Solution(status, (), 0, 0, balance.problem, None)


def _solution(balance: Balance, plan: Plan, bound: int, gap: float) -> Solution:
    bound = min(bound, plan.cost)
    status: Status = "optimal"
    if bound < plan.cost:
        status = "within_gap" if plan.cost - bound <= gap * plan.cost else "feasible"
    is_first = status == "optimal" and plan.plan in balance.firsts
    return Solution(status, plan.plan, plan.cost, bound, balance.problem, None, is_first=is_first)
