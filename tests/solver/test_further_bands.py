"""Plans under further bands, against brute force on small regions of all kinds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from pcn_group.base.errors import PcnGroupError
from pcn_group.region.problem import Problem
from pcn_group.solver.solution import BandRelaxation, Solution
from pcn_group.solver.solve import refuse_wrong_plan, solve_fewest_outside
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.depth import DEEP
from tests.solver.banded import LATER, with_random_bands
from tests.solver.limited import (
    SETTINGS,
    check_certificates,
    check_listing,
    check_moves,
    unlimited,
)
from tests.solver.regions import road, silent, solved

SEEDS = range(500 if DEEP else 40)


def every_plan_counts(_: Problem, __: oracle.Plan) -> bool:
    """Further bands are about each network: all limits on a whole plan are kept."""
    return True


@cache
def region(seed: int) -> Problem:
    """A small region with one to three further bands; in every other one some are to be avoided."""
    rng = np.random.default_rng(seed)
    problem = unlimited(rng, seed)
    return with_random_bands(rng, problem, int(rng.integers(1, 4)), avoid=seed % 2 == 1)


@cache
def solution(seed: int) -> Solution:
    return solved(region(seed))


@cache
def best(seed: int) -> oracle.Worth | None:
    """What the best plan comes to: patients short and above, excesses in order, and cost."""
    problem = region(seed)
    cost = oracle.best_cost(problem)
    if cost is not None:
        return (0, 0, *(0 for _ in problem.figure_limits), cost)
    return oracle.least_outside(problem) if problem.may_give_way else None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_best_of_all_plans(seed: int) -> None:
    problem, found = region(seed), solution(seed)
    if best(seed) is None:
        assert found.status == "infeasible"
        return
    assert found.status == "optimal"
    limits = zip(found.further, problem.figure_limits, strict=True)
    further = (Fraction(amount, limit.unit) for amount, limit in limits)
    assert (found.short, found.above, *further, found.cost) == best(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plain_checker_judges_it_alike(seed: int) -> None:
    problem, found = region(seed), solution(seed)
    report = check_plan(problem, found.networks)
    if not found.networks:
        assert report.cost == 0
        return
    assert report.cost == found.cost
    broken = {finding.rule for finding in report.findings if finding.is_broken}
    assert broken == ({"band"} if any(found.outside) else set())
    for network in report.networks:
        assert network.in_band == problem.in_bands(network.members)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_certificate_is_proven_by_the_plain_checker(seed: int) -> None:
    check_certificates(region(seed), solution(seed))


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_limits_on_moves_hold_beside_them(seed: int) -> None:
    check_moves(region(seed), every_plan_counts, seed)


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_as_few_as_can_be_are_outside_the_band_beside_them(seed: int) -> None:
    """The last plan of a curve against the band: wider hard limits, further bands as they are."""
    problem = region(seed).firm()
    size = problem.size
    wide = replace(size, smallest=max(1, size.smallest // 2), alone_above=size.largest)
    problem = problem.with_size(wide)
    aside = oracle.standing_aside(problem)
    plans = [
        (sum(outside(problem, mask) for mask in plan if mask not in aside), cost)
        for cost, plan in oracle.all_plans(problem)
    ]
    found = solve_fewest_outside(problem, SETTINGS, silent)
    if not plans:
        assert found.status == "infeasible"
        return
    shared = (network for network in found.networks if network not in problem.aside)
    assert (
        sum(outside(problem, oracle.mask_of(network)) for network in shared),
        found.cost,
    ) == min(plans)


def outside(problem: Problem, mask: int) -> int:
    patients, size = oracle.patients(problem, mask), problem.size
    return max(0, size.band_min - patients) + max(0, patients - size.band_max)


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_all_plans_near_the_best_are_listed_and_no_others(seed: int) -> None:
    check_listing(region(seed), every_plan_counts, solution(seed))


def test_regions_are_of_all_kinds() -> None:
    plain = [oracle.best_cost(replace(region(seed), figure_limits=())) for seed in SEEDS]
    costs = [oracle.best_cost(region(seed)) for seed in SEEDS]
    dearer = [
        cost is not None and before is not None and cost > before
        for cost, before in zip(costs, plain, strict=True)
    ]
    assert sum(dearer) > len(SEEDS) / 8
    assert sum(best(seed) is None for seed in SEEDS) > len(SEEDS) / 20
    assert sum(any(solution(seed).further) for seed in SEEDS) > len(SEEDS) / 20
    later = [seed for seed in SEEDS if region(seed).figure_limits[0].figure.name == LATER]
    assert sum(dearer[seed] or best(seed) is None for seed in later) > len(SEEDS) / 20


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bound_that_ignores_them_is_refuted_where_they_cost_something(seed: int) -> None:
    """A certificate under further bands does not hold without them, if it is worth anything."""
    problem, found = region(seed), solution(seed)
    free = replace(problem, figure_limits=())
    cost = oracle.best_cost(free)
    if found.certificate is not None and cost is not None and found.certificate.bound > cost:
        assert verify_certificate(free, found.certificate).is_refuted


def test_a_side_that_must_hold_is_no_excuse_where_another_gave_way() -> None:
    """The plan has 20,000 and 80,000: only the first is of a side that gives way."""
    problem = road(20_000, 40_000, 40_000, avoid_below=True)
    relaxed = BandRelaxation(10_000, 0)
    wrong = Solution("feasible", ((0,), (1, 2)), 40_000_000, 0, problem, None, relaxed=relaxed)
    with pytest.raises(PcnGroupError, match="30,000 above 50,000"):
        refuse_wrong_plan(problem, wrong)
    allowed = replace(problem, size=replace(problem.size, avoid_above=True))
    refuse_wrong_plan(allowed, replace(wrong, problem=allowed))
