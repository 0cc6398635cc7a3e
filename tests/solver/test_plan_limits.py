"""How many networks a plan has, and how many across a border, against brute force."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from pcn_group.config.model import Search
from pcn_group.region.plan_limits import NO_AREA, PlanLimit
from pcn_group.region.problem import Problem
from pcn_group.solver.search import decomposition, search, state
from pcn_group.solver.solution import Solution
from pcn_group.solver.solve import solve
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.depth import many
from tests.solver.limited import (
    best,
    check_best_that_keeps,
    check_certificates,
    check_listing,
    check_moves,
    crossing,
    unlimited,
)
from tests.solver.regions import chessboard, road, silent, solved
from tests.solver.sited import with_random_sites

SEEDS = range(many(1200))


def number(fewest: int, most: int) -> tuple[PlanLimit, ...]:
    """A plan has so many networks."""
    return PlanLimit("most_networks", 1, most), PlanLimit("fewest_networks", -1, -fewest)


@cache
def region(seed: int) -> Problem:
    """A small region with a limit on how many networks it has, across a border, or both.

    In one of four sites may be hubs.
    """
    rng = np.random.default_rng(seed)
    problem = unlimited(rng, seed)
    n = len(problem.codes)
    limits: tuple[PlanLimit, ...] = ()
    if seed % 3 != 0:
        fewest = int(rng.integers(1, max(2, n // 2 + 1)))
        limits += number(fewest, fewest + int(rng.integers(0, 2)))
    if seed % 3 != 1:
        areas = tuple(rng.integers(NO_AREA if rng.random() < 0.5 else 0, 3, n).tolist())
        limits += (PlanLimit("authorities", 1, int(rng.integers(0, 3)), areas),)
    problem = replace(problem, plan_limits=limits)
    return with_random_sites(rng, problem, capacity=True) if seed % 4 == 3 else problem


def keeps_the_limits(problem: Problem, plan: oracle.Plan) -> bool:
    named = {limit.name: limit.total for limit in problem.plan_limits}
    across = crossing(problem, plan)
    return -named.get("fewest_networks", 0) <= len(plan) <= named.get(
        "most_networks", len(plan)
    ) and across <= named.get("authorities", across)


@cache
def best_of_all(seed: int) -> oracle.Lexicographic | None:
    return best(region(seed), keeps_the_limits)


@cache
def solution(seed: int) -> Solution:
    return solved(region(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_best_of_those_that_keep_the_limits(seed: int) -> None:
    check_best_that_keeps(region(seed), keeps_the_limits, best_of_all(seed), solution(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_certificate_is_proven_by_the_plain_checker(seed: int) -> None:
    check_certificates(region(seed), solution(seed))


def test_regions_are_of_all_kinds() -> None:
    answers = [best_of_all(seed) for seed in SEEDS]
    free = [oracle.best_cost(replace(region(seed), plan_limits=())) for seed in SEEDS]
    dearer = [
        answer is not None and cost is not None and answer.cost > cost
        for answer, cost in zip(answers, free, strict=True)
    ]
    duals = [each.certificate.limit_duals for each in map(solution, SEEDS) if each.certificate]
    assert sum(dearer) > len(SEEDS) / 20
    assert sum(answer is None for answer in answers) > len(SEEDS) / 20
    assert sum(each is not None and (each.short or each.above) > 0 for each in answers) > 4
    assert sum(any(each) for each in duals) > len(SEEDS) / 20


def test_three_networks_of_a_road_that_two_would_do_for() -> None:
    problem = road(*(15_000,) * 6, band=(15_000, 30_000))
    assert len(solved(problem).networks) == 6
    found = solved(replace(problem, plan_limits=number(3, 3)))
    assert found.networks == ((0, 1), (2, 3), (4, 5))
    assert found.status == "optimal"


def test_a_dual_that_is_made_too_small_is_found_out() -> None:
    problem = replace(road(*(15_000,) * 6, band=(15_000, 50_000)), plan_limits=number(3, 3))
    certificate = solved(problem).certificate
    assert certificate is not None
    (most, fewest), bound = certificate.limit_duals, certificate.bound
    assert most > 0
    wrong = replace(
        certificate, limit_duals=(most // 2, fewest), bound=bound + 3 * (most - most // 2)
    )
    found = verify_certificate(problem, wrong)
    assert found.is_refuted
    assert "negative reduced cost" in found.reason


def test_no_network_crosses_a_border_where_none_may() -> None:
    areas = (0, 0, 0, 1, 1, 1)
    problem = road(*(15_000,) * 6, band=(30_000, 40_000))
    free = solved(problem)
    assert any(len({areas[i] for i in network}) > 1 for network in free.networks)
    limit = PlanLimit("authorities", 1, 0, areas)
    found = solved(replace(problem, plan_limits=(limit,)))
    assert found.status == "infeasible"  # 45,000 on each side are too many for one network
    wider = replace(problem, size=replace(problem.size, largest=45_000, band_max=45_000))
    assert solved(replace(wider, plan_limits=(limit,))).networks == ((0, 1, 2), (3, 4, 5))


@pytest.mark.parametrize("seed", range(many(300)))
def test_limits_on_moves_hold_beside_them(seed: int) -> None:
    check_moves(region(seed), keeps_the_limits, seed)


@pytest.mark.parametrize("seed", range(many(300)))
def test_all_plans_near_the_best_are_listed_and_no_others(seed: int) -> None:
    check_listing(region(seed), keeps_the_limits, solution(seed))


def test_a_plan_made_of_parts_has_as_many_networks_as_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state, "LARGE", 20)
    problem = chessboard(6, 6, 10_000, (20_000, 50_000))
    free = len(solved(problem).networks)
    assert free > 12
    found = solved(replace(problem, plan_limits=number(9, 10)), time_limit=20)
    assert len(found.networks) in {9, 10}
    assert check_plan(replace(problem, plan_limits=number(9, 10)), found.networks).holds


def test_as_a_large_region_a_small_one_keeps_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "LARGE", 3)
    monkeypatch.setattr(decomposition, "_NEIGHBOURHOOD", 3)
    monkeypatch.setattr(search, "expand", lambda *_: None)
    planned = 0
    for seed in range(many(120)):
        problem, expected = region(seed), best_of_all(seed)
        found = solve(problem, Search(time_limit=20, workers=2), silent)
        if found.networks and found.relaxed is None:
            plan = tuple(map(oracle.mask_of, map(list, found.networks)))
            assert keeps_the_limits(problem, plan), seed
            assert expected is not None, seed
            assert found.bound <= expected.cost <= found.cost, seed
            planned += 1
    assert planned > many(120) / 5
