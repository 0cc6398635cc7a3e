"""What would resolve a clash: limits moved, rules dropped, bridges built, each tried by solving."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Literal

import numpy as np

from pcn_group.base.progress import OnProgress, Progress
from pcn_group.infeasibility.clash import Clash
from pcn_group.region.alignment import Alignment
from pcn_group.region.problem import Problem
from pcn_group.region.region import (
    BAND,
    BAND_MAX,
    BAND_MIN,
    CEILING,
    FLOOR,
    FURTHER,
    NETWORKS,
    Region,
    Rule,
    rules_in_force,
    strict_problem,
    with_figure_limit,
    with_neighbours,
    with_value,
    without_rules,
)
from pcn_group.solver.restricted import can_be_covered
from pcn_group.solver.search.state import ANY_PLAN, Effort
from pcn_group.solver.solution import Solution
from pcn_group.solver.solve import refuse_wrong_plan, solve

__all__ = ["Remedy", "best_plan", "is_of_band", "nearest_limit", "remedies", "silent", "yielding"]

_BRIDGES_TRIED, _BRIDGES = 12, 2
"""Pairs of practices tried as neighbours, nearest first, and how many that help are told."""
_FARTHEST = 2
"""How many times as much or as little as the configuration says a limit of the band may be told"""
_TRIAL = 5.0
"""Seconds after which a bridge is given up."""


@dataclass(frozen=True)
class Remedy:
    """One change to the rules that helps, and the best plan after it.

    Attributes
    ----------
    kind
        A limit at another value, a rule that is dropped, or a bridge: neighbours added.
    rule
        The limit at its new value, or the rule that is dropped; None for a bridge.
    is_nearest
        Of a limit: whether it is proven that no value in between would do.
    bridge
        The positions of the two practices that become neighbours; None for a rule.
    solution
        The best plan of the region so changed, in which the band gives way where it must.
    """

    kind: Literal["limit", "dropped", "bridge"]
    rule: Rule | None
    is_nearest: bool
    bridge: tuple[int, int] | None
    solution: Solution

    @property
    def resolves(self) -> bool:
        """Whether there is a plan in all bands then."""
        return not any(self.solution.outside)


def remedies(
    region: Region, clash: Clash, least: Solution, effort: Effort, on_progress: OnProgress
) -> tuple[Remedy, ...]:
    """Return the changes that help against a clash, those that resolve all of it first.

    Parameters
    ----------
    least
        The plan with the least outside the bands as things are: what helps has less.
    """
    sizes = () if least.networks else [rule for rule in rules_in_force(region) if is_of_band(rule)]
    found = [
        _about(region, rule, effort, on_progress) for rule in clash.rules if effort.seconds_left
    ]
    if effort.seconds_left:
        found += _bridges(region, clash, sizes, effort, on_progress)
    helping = [each for each in found if each is not None and _helps(each.solution, least)]
    return tuple(sorted(helping, key=lambda remedy: not remedy.resolves))


def is_of_band(rule: Rule) -> bool:
    """Whether a rule is about the patients, or a figure, that a network may have."""
    return rule.key in BAND or rule.key.startswith(FURTHER)


def yielding(problem: Problem) -> Problem:
    """Return the problem with bands that give way on all sides where they must."""
    limits = (replace(limit, avoid=limit.allowed == 0) for limit in problem.figure_limits)
    return replace(
        problem,
        size=replace(problem.size, avoid_below=True, avoid_above=True),
        figure_limits=tuple(limits),
    )


def _helps(after: Solution, before: Solution) -> bool:
    if not after.networks or not before.networks:
        return bool(after.networks)
    return after.outside < before.outside


def _about(region: Region, rule: Rule, effort: Effort, on_progress: OnProgress) -> Remedy | None:
    """Move a limit as little as needed, or drop a rule; bands are only ever moved."""
    nearest = None
    is_limit = rule.key in {NETWORKS, *_LIMITS} or rule.key.startswith(FURTHER)
    if rule.value is not None and is_limit:
        nearest = nearest_limit(region, rule, effort.at_most(effort.seconds_left / 4))
    if nearest is not None and _is_out_of_all_proportion(rule, nearest[0]):
        return None
    if nearest is not None:
        limit, is_nearest = nearest
        changed = _at_value(region, limit.key, limit.value)
        solution = best_plan(yielding(changed.problem), effort, on_progress=on_progress)
        return Remedy("limit", limit, is_nearest, None, solution)
    if is_of_band(rule):
        return None
    solution = best_plan(
        yielding(without_rules(region, [rule]).problem), effort, on_progress=on_progress
    )
    return Remedy("dropped", rule, is_nearest=False, bridge=None, solution=solution)


def _is_out_of_all_proportion(rule: Rule, nearest: Rule) -> bool:
    """Whether a limit of the band would have to be moved so far that nobody would.

    A network half as large as the least that is allowed, or twice as large as the most, is none.
    """
    now, then = rule.value, nearest.value
    if (
        rule.key not in BAND
        or not isinstance(now, int | float)
        or not isinstance(then, int | float)
    ):
        return False
    return not now / _FARTHEST <= then <= now * _FARTHEST


def _bridges(
    region: Region, clash: Clash, without: Sequence[Rule], effort: Effort, on_progress: OnProgress
) -> Iterator[Remedy]:
    """Try pairs that would make room for the practices that clash, some rules left out."""
    enough = (
        pair
        for pair in islice(_far_pairs(region, clash), _BRIDGES_TRIED)
        if effort.seconds_left
        and can_be_covered(
            strict_problem(with_neighbours(region, pair), without),
            clash.practices,
            effort.at_most(_TRIAL),
        )
    )
    for pair in islice(enough, _BRIDGES):
        solution = best_plan(
            yielding(with_neighbours(region, pair).problem), effort, on_progress=on_progress
        )
        yield Remedy("bridge", None, is_nearest=False, bridge=pair, solution=solution)


def _far_pairs(region: Region, clash: Clash) -> Iterator[tuple[int, int]]:
    """Return pairs of a practice that clashes, or is cut off with one, and one not its neighbour.

    The nearest first. Pairs that the configuration removes are left out, and those out of reach of
    each other, and whoever stands aside.
    """
    problem, values = region.problem, region.travel.values
    everyone = set(range(len(problem.codes))).difference(*problem.aside)
    inside = clash.cut_off or clash.practices
    removed = {frozenset(pair) for pair in region.configuration.adjacency.remove}
    pairs = {
        (min(i, j), max(i, j))
        for i in inside
        for j in everyone.difference((i,), problem.neighbours[i])
        if frozenset((problem.codes[i], problem.codes[j])) not in removed
    }
    both = np.minimum(values, values.T)
    within_reach = (pair for pair in pairs if np.isfinite(both[pair]))
    yield from sorted(within_reach, key=lambda pair: (float(both[pair]), pair))


def silent(_: Progress) -> None:
    """Ignore progress."""


def best_plan(
    problem: Problem,
    effort: Effort,
    before: Solution | None = None,
    on_progress: OnProgress = silent,
) -> Solution:
    """Return the best plan within the time left, whatever gap would be good enough elsewhere.

    When time is over there is none, and no search either.

    Parameters
    ----------
    before, on_progress
        As for `solve`.

    Raises
    ------
    PcnGroupError
        If the plan is not what the search says: a fault of this program.
    """
    if not effort.seconds_left:
        return Solution("no_plan_in_time", (), 0, 0, problem, None)
    solution = solve(problem, replace(effort, gap=0.0), on_progress, before=before)
    if solution.networks:
        refuse_wrong_plan(problem, solution)
    return solution


_FINE = 1000
"""Travel is told to this part of a kilometre, or minute, and a share to this part of the whole."""


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
    if rule.key == NETWORKS:
        return _nearest_number(region, rule, effort)
    limit = _LIMITS.get(rule.key) or _of_figure(region, rule.key)

    def at(value: int) -> Rule:
        return replace(rule, value=value if limit.steps == 1 else value / limit.steps)

    def plan_at(value: float | str | None, before: Solution | None = None) -> Solution:
        return _any_plan(strict_problem(_at_value(region, rule.key, value)), effort, before)

    found = plan_at(limit.loosest(region))
    if not found.networks:
        return None
    tight, loose = round(float(rule.value or 0) * limit.steps), limit.tightest(region, found)
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


def _at_value(region: Region, key: str, value: float | str | None) -> Region:
    """Return the region with a limit at another value."""
    if key.startswith(FURTHER):
        return with_figure_limit(region, key, float(value or 0))
    return with_value(region, key, value)


def _of_figure(region: Region, key: str) -> _Limit:
    """Return how a limit on a figure is counted: a sum of whole numbers as such, others finely."""
    limit = next(each for each in region.problem.figure_limits if each.key == key)
    figure, up = limit.figure, limit.side == "max"
    steps = 1 if figure.adds == "sum" and figure.scale == 1 else _FINE

    def tightest(_: Region, plan: Solution) -> int:
        shared = (network for network in plan.networks if network not in plan.problem.aside)
        values = [value for n in shared if (value := figure.value(n)) is not None]
        return math.ceil(steps * max(values)) if up else math.floor(steps * min(values))

    found = (figure.value([i]) for i in range(len(figure.amounts)))
    values = [abs(value) for value in found if value is not None]
    largest = max(values, default=Fraction(0)) if figure.adds != "sum" else sum(values, Fraction(0))
    return _Limit(lambda _: math.ceil(largest) * (1 if up else -1), tightest, steps)


def _nearest_number(region: Region, rule: Rule, effort: Effort) -> tuple[Rule, bool] | None:
    """Find the nearest number of networks of any plan to those asked for, on one side of them."""

    def count(wanted: str | None) -> int:
        plan = _any_plan(strict_problem(with_value(region, NETWORKS, wanted)), effort, None)
        known.append(plan.status != "no_plan_in_time")
        return len(plan.networks)

    known: list[bool] = []
    fewest, most = region.configuration.limits.number_of_networks or (0, 0)
    far = count(None)
    if far == 0:
        return None
    up = 1 if far > most else -1
    edge = near = most if up > 0 else fewest  # no plan has a number from here to `near`
    while up * (far - near) > 1 and effort.seconds_left:
        middle = (near + far) // 2
        found = count(f"{min(edge, middle)}..{max(edge, middle)}")
        if found:
            far = found
        else:
            near = middle
    return replace(rule, value=far), all(known) and abs(far - near) == 1


def _any_plan(problem: Problem, effort: Effort, before: Solution | None) -> Solution:
    return solve(problem, replace(effort, gap=ANY_PLAN), lambda _: None, before=before)


def _sizes(plan: Solution) -> list[int]:
    """Return the patients of each network of a plan, those aside left out."""
    weights, aside = plan.problem.weights, plan.problem.aside
    return [int(weights[list(n)].sum()) for n in plan.networks if n not in aside]


def _most_practices(_: Region, plan: Solution) -> int:
    return max(len(n) for n in plan.networks if n not in plan.problem.aside)


def _across(region: Region, plan: Solution) -> int:
    limits = region.problem.plan_limits
    return sum(limit.amount_in_all(plan.networks) for limit in limits if limit.areas is not None)


def _aligned(region: Region, plan: Solution) -> int:
    """Return the share of patients who are aligned, rounded down."""
    neighbourhoods = region.neighbourhoods
    if neighbourhoods is None or not neighbourhoods.patients.any():
        return _FINE
    misaligned = Alignment.of(neighbourhoods).misaligned_in_all(plan.networks)
    return _FINE - math.ceil(_FINE * misaligned / int(neighbourhoods.patients.sum()))


def _farthest(region: Region, plan: Solution) -> int:
    problem, values = plan.problem, region.travel.to_hubs
    farthest = 0.0
    for network in plan.networks:
        hub = problem.hub(network)
        if network not in problem.aside:
            farthest = max(farthest, *(float(values[i, hub]) for i in network if i != hub), 0.0)
    return math.ceil(_FINE * region.travel.to_unit(farthest))


_LOW = _Limit(lambda _: 1, lambda _, plan: min(_sizes(plan)))
_HIGH = _Limit(lambda region: int(region.problem.weights.sum()), lambda _, plan: max(_sizes(plan)))
_LIMITS = {
    BAND_MIN: _LOW,
    FLOOR: _LOW,
    BAND_MAX: _HIGH,
    CEILING: _HIGH,
    "limits.max_practices": _Limit(lambda _: None, _most_practices),
    "limits.authorities": _Limit(lambda _: None, _across),
    "limits.min_aligned": _Limit(lambda _: None, _aligned, _FINE),
    "travel.max_to_hub": _Limit(lambda _: None, _farthest, _FINE),
}
