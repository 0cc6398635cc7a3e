"""How many networks a plan has, and how many across a border, against brute force."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from pcn_group.config.model import Search
from pcn_group.region.plan_limits import NO_AREA, PlanLimit
from pcn_group.region.problem import Problem
from pcn_group.region.today import Today
from pcn_group.solver.moves import solve_fewest_moves, solve_within_moves
from pcn_group.solver.near_optimal.pool import every_plan, open_pool
from pcn_group.solver.search import state
from pcn_group.solver.search.state import Effort
from pcn_group.solver.solve import Solution
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.depth import many
from tests.solver.regions import chessboard, road, silent, solved

KINDS = (
    "asymmetric", "prices", "hinges", "forbidden", "limited", "oversize", "avoid_below",
    "avoid_above", "patients",
)  # fmt: skip
SEEDS = range(many(1200))
SETTINGS = Search(time_limit=60.0, workers=1)


def number(fewest: int, most: int) -> tuple[PlanLimit, ...]:
    """A plan has so many networks."""
    return PlanLimit("most_networks", 1, most), PlanLimit("fewest_networks", -1, -fewest)


@cache
def region(seed: int) -> Problem:
    """A small region with a limit on how many networks it has, across a border, or both."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 10))
    problem = oracle.random_problem(rng, n, **{kind: rng.random() < 0.3 for kind in KINDS})
    if seed % 4 == 0:
        about = {kind: rng.random() < 0.3 for kind in oracle.RULES}
        problem = oracle.with_random_rules(rng, problem, **about)
    if seed % 2 == 0:  # else the band says how many there are
        size = problem.size
        problem = problem.with_size(replace(size, smallest=max(1, size.smallest // 3)))
    limits: tuple[PlanLimit, ...] = ()
    if seed % 3 != 0:
        fewest = int(rng.integers(1, max(2, n // 2 + 1)))
        limits += number(fewest, fewest + int(rng.integers(0, 2)))
    if seed % 3 != 1:
        areas = tuple(rng.integers(NO_AREA if rng.random() < 0.5 else 0, 3, n).tolist())
        limits += (PlanLimit("authorities", 1, int(rng.integers(0, 3)), areas),)
    return replace(problem, plan_limits=limits)


def crosses(problem: Problem, mask: int) -> bool:
    areas = next((each.areas for each in problem.plan_limits if each.areas is not None), None)
    return areas is not None and len({areas[i] for i in oracle.members(mask)} - {NO_AREA}) > 1


def keeps_the_limits(problem: Problem, plan: oracle.Plan) -> bool:
    named = {limit.name: limit.total for limit in problem.plan_limits}
    across = sum(crosses(problem, mask) for mask in plan)
    return -named.get("fewest_networks", 0) <= len(plan) <= named.get(
        "most_networks", len(plan)
    ) and across <= named.get("authorities", across)


def outside(problem: Problem, plan: oracle.Plan) -> tuple[int, int]:
    size, aside = problem.size, oracle.standing_aside(problem)
    sizes = [oracle.patients(problem, mask) for mask in plan if mask not in aside]
    return (
        sum(max(0, size.smallest - patients) for patients in sizes),
        sum(max(0, patients - size.largest) for patients in sizes),
    )


@cache
def best(seed: int) -> oracle.Lexicographic | None:
    """What the best plan comes to, by looking at all of them; None where there is none."""
    problem = region(seed)
    costs = [cost for cost, plan in oracle.all_plans(problem) if keeps_the_limits(problem, plan)]
    if costs:
        return oracle.Lexicographic(0, 0, min(costs))
    if not (problem.size.avoid_below or problem.size.avoid_above):
        return None
    plans = oracle.all_plans(oracle.relaxed(problem))
    return min(
        (
            oracle.Lexicographic(*outside(problem, plan), cost)
            for cost, plan in plans
            if keeps_the_limits(problem, plan)
        ),
        default=None,
    )


@cache
def solution(seed: int) -> Solution:
    return solved(region(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_best_of_those_that_keep_the_limits(seed: int) -> None:
    expected, found = best(seed), solution(seed)
    if expected is None:
        assert found.status == "infeasible"
        return
    assert found.status == "optimal"
    assert oracle.Lexicographic(found.short, found.above, found.cost) == expected
    report = check_plan(region(seed), found.networks)
    broken = {finding.rule for finding in report.findings if finding.is_broken}
    assert broken == ({"band"} if found.short or found.above else set())
    assert keeps_the_limits(region(seed), tuple(map(oracle.mask_of, map(list, found.networks))))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_certificate_is_proven_by_the_plain_checker(seed: int) -> None:
    problem, found = region(seed), solution(seed)
    if found.certificate is not None:
        assert found.certificate.bound <= found.bound + found.penalty_offset
        assert verify_certificate(found.problem, found.certificate).verified
    if found.impossible is not None:
        assert found.impossible.bound > problem.cost_ceiling()
        assert verify_certificate(problem, found.impossible).verified


def test_regions_are_of_all_kinds() -> None:
    answers = [best(seed) for seed in SEEDS]
    free = [oracle.best_cost(replace(region(seed), plan_limits=())) for seed in SEEDS]
    dearer = [
        answer is not None and cost is not None and answer.cost > cost
        for answer, cost in zip(answers, free, strict=True)
    ]
    duals = [each.certificate.limit_duals for each in map(solution, SEEDS) if each.certificate]
    assert sum(dearer) > len(SEEDS) / 20
    assert sum(answer is None for answer in answers) > len(SEEDS) / 20
    assert sum(each is not None and (each.short or each.above) > 0 for each in answers) > 5
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
    problem, rng = region(seed), np.random.default_rng(seed)
    labels = rng.integers(0, 3, len(problem.codes))
    today = Today(labels.astype(np.int64), problem.weights, 3)
    strict = problem.with_size(replace(problem.size, avoid_below=False, avoid_above=False))
    plans = [
        (today.moved_in_all([oracle.members(mask) for mask in plan]), cost)
        for cost, plan in oracle.all_plans(strict)
        if keeps_the_limits(strict, plan)
    ]
    fewest = solve_fewest_moves(strict, today, SETTINGS, silent).solution
    if not plans:
        assert fewest.status == "infeasible"
        return
    assert (today.moved_in_all(fewest.networks), fewest.cost) == min(plans)
    most = sorted(moved for moved, _ in plans)[len(plans) // 2]
    within = solve_within_moves(strict, today, most, SETTINGS, silent).solution
    assert within.status == "optimal"
    assert within.cost == min(cost for moved, cost in plans if moved <= most)
    assert check_plan(strict, within.networks).holds


@pytest.mark.parametrize("seed", range(many(300)))
def test_all_plans_near_the_best_are_listed_and_no_others(seed: int) -> None:
    problem, found = region(seed), solution(seed)
    if not found.networks or found.relaxed:
        return
    effort = Effort.starting_now(SETTINGS)
    pool = open_pool(problem, found, Fraction(1, 2), effort)
    listed = every_plan(pool)
    plans = [cost for cost, plan in oracle.all_plans(problem) if keeps_the_limits(problem, plan)]
    near = [cost for cost in plans if cost <= found.cost + found.cost // 2]
    assert listed.complete
    assert sorted(pool.whole_cost(cost) for cost in listed.plans.costs) == sorted(near)


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
