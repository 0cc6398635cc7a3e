"""How near to its present value a limit can stay: the nearest at which there is a plan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from pcn_group.region.problem import Problem
from pcn_group.region.region import Region
from pcn_group.region.scenario import (
    BAND_MAX,
    BAND_MIN,
    CEILING,
    FLOOR,
    Rule,
    strict_problem,
    with_value,
)
from pcn_group.solver.model.effort import Effort
from pcn_group.solver.solve import Solution, solve

__all__ = ["nearest_limit"]

_ANY_PLAN = 0.999
"""A gap at which the search ends with the first plan."""
_FINE = 1000
"""Travel is told to this part of a kilometre, or minute."""


@dataclass(frozen=True)
class _Limit:
    """A kind of limit, counted in whole steps.

    Attributes
    ----------
    loosest
        A value that limits nothing; None where the configuration says so.
    tightest
        The tightest value that a plan keeps, in steps.
    steps
        In one of its unit.
    """

    loosest: Callable[[Region], int | None]
    tightest: Callable[[Region, Solution], int]
    steps: int = 1


def nearest_limit(region: Region, rule: Rule, effort: Effort) -> tuple[Rule, bool] | None:
    """Find the nearest value of a limit under which there is a plan in the band.

    Parameters
    ----------
    region
        A region without such a plan.
    rule
        One of its limits.

    Returns
    -------
    The limit at the value, and whether it is proven that no value in between does; None where no
    value is known to do.
    """
    limit = _LIMITS[rule.key]

    def at(value: int) -> Rule:
        return replace(rule, value=value if limit.steps == 1 else value / limit.steps)

    def plan_at(value: float | None, before: Solution | None = None) -> Solution:
        return _any_plan(strict_problem(with_value(region, rule.key, value)), effort, before)

    found = plan_at(limit.loosest(region))
    if not found.networks:
        return None
    tight, loose = round((rule.value or 0) * limit.steps), limit.tightest(region, found)
    up = 1 if loose > tight else -1
    while up * (loose - tight) > 1 and effort.seconds_left:
        middle = (loose + tight) // 2
        plan = plan_at(at(middle).value, found)
        if plan.networks:
            found, loose = plan, limit.tightest(region, plan)
        elif plan.status == "infeasible":
            tight = middle
        else:
            break
    # Who stands alone changes with the maximum: then a higher one need not allow more plans.
    is_sure = rule.key not in {BAND_MAX, CEILING} or not region.problem.oversize
    return at(loose), is_sure and loose - tight == up


def _any_plan(problem: Problem, effort: Effort, before: Solution | None) -> Solution:
    return solve(problem, replace(effort, gap=_ANY_PLAN), lambda _: None, before=before)


def _sizes(plan: Solution) -> list[int]:
    """Return the patients of the networks of a plan, those of every plan left aside."""
    weights, aside = plan.problem.weights, plan.problem.aside
    return [int(weights[list(n)].sum()) for n in plan.networks if n not in aside]


def _most_practices(_: Region, plan: Solution) -> int:
    return max(len(n) for n in plan.networks if n not in plan.problem.aside)


def _farthest(region: Region, plan: Solution) -> int:
    problem, values = plan.problem, region.travel.values
    farthest = 0.0
    for network in plan.networks:
        hub = problem.hub(network)
        if network not in problem.aside:
            farthest = max(farthest, *(float(values[i, hub]) for i in network if i != hub), 0.0)
    return math.ceil(_FINE * region.travel.report(farthest))


_LOW = _Limit(lambda _: 1, lambda _, plan: min(_sizes(plan)))
_HIGH = _Limit(lambda region: int(region.problem.weights.sum()), lambda _, plan: max(_sizes(plan)))
_LIMITS = {
    BAND_MIN: _LOW,
    FLOOR: _LOW,
    BAND_MAX: _HIGH,
    CEILING: _HIGH,
    "limits.max_practices": _Limit(lambda _: None, _most_practices),
    "travel.max_to_hub": _Limit(lambda _: None, _farthest, _FINE),
}
