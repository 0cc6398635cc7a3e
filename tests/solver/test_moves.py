"""Who moves, against brute force over every plan of small regions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from pcn_group.config.model import Search
from pcn_group.plan.moves import Amounts, match_networks
from pcn_group.region.problem import Problem
from pcn_group.region.today import NOWHERE, Today
from pcn_group.solver.moves import (
    Curve,
    solve_curve,
    solve_fewest_moves,
    solve_within_moves,
)
from pcn_group.solver.solution import Solution
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.depth import DEEP
from tests.solver.regions import road, silent

KINDS = (
    "asymmetric", "prices", "hinges", "forbidden", "limited", "oversize", "patients",
)  # fmt: skip
SEEDS = range(60 if DEEP else 24)
SETTINGS = Search(time_limit=60.0, workers=1)


@cache
def region(seed: int) -> tuple[Problem, Today]:
    """A small region, with up to four networks today that lie anyhow, and practices in none."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 11))
    problem = oracle.random_problem(rng, n, **{kind: rng.random() < 0.3 for kind in KINDS})
    if seed % 3 == 0:
        about = {kind: rng.random() < 0.4 for kind in oracle.RULES}
        problem = oracle.with_random_rules(rng, problem, **about)
    count = int(rng.integers(1, 5))
    labels = rng.integers(NOWHERE if rng.random() < 0.5 else 0, count, n)
    in_practices = rng.random() < 0.3
    amounts = rng.integers(1, 3, n) if in_practices else problem.weights
    return problem, Today(labels.astype(np.int64), amounts.astype(np.int64), count)


def least_moved(shares: Sequence[Sequence[int]]) -> int:
    """Try every way to let networks continue networks of today, one each at the most."""

    def most_staying(left: Sequence[Sequence[int]], used: frozenset[int]) -> int:
        if not left:
            return 0
        own, others = left[0], left[1:]
        options = [
            own[k] + most_staying(others, used | {k}) for k in range(len(own)) if k not in used
        ]
        return max([most_staying(others, used), *options])

    return sum(map(sum, shares)) - most_staying(shares, frozenset())


def moved(today: Today, plan: Sequence[int]) -> int:
    """What moves in a plan, given as masks."""
    shares = [[0] * today.count for _ in plan]
    for own, mask in zip(shares, plan, strict=True):
        for i in oracle.members(mask):
            if today.labels[i] != NOWHERE:
                own[int(today.labels[i])] += int(today.amounts[i])
    return least_moved(shares)


@cache
def all_plans(seed: int) -> tuple[tuple[int, int], ...]:
    """The cost of every plan, and what moves."""
    problem, today = region(seed)
    return tuple((cost, moved(today, plan)) for cost, plan in oracle.all_plans(problem))


def ends(solution: Solution, today: Today) -> tuple[int, int]:
    return today.moved_in_all(solution.networks), solution.cost


@pytest.mark.parametrize("seed", SEEDS)
def test_the_fewest_move_and_at_the_least_cost(seed: int) -> None:
    problem, today = region(seed)
    found = solve_fewest_moves(problem, today, SETTINGS, silent)
    if not all_plans(seed):
        assert found.solution.status == "infeasible"
        return
    assert found.solution.status == "optimal"
    assert ends(found.solution, today) == min((m, cost) for cost, m in all_plans(seed))
    assert found.fewest == today.moved_in_all(found.solution.networks)
    report = check_plan(problem, found.solution.networks)
    assert report.holds
    assert report.cost == found.solution.cost


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cheapest_plan_within_a_limit_is_that_of_all_plans(seed: int) -> None:
    problem, today = region(seed)
    plans = all_plans(seed)
    amounts = sorted({m for _, m in plans})
    for most in {0, *amounts[:2], *amounts[-1:], *(m - 1 for m in amounts[1:3])}:
        found = solve_within_moves(problem, today, most, SETTINGS, silent).solution
        costs = [cost for cost, m in plans if m <= most]
        if not costs:
            assert found.status == "infeasible"
            continue
        assert found.status == "optimal"
        assert found.cost == min(costs)
        assert today.moved_in_all(found.networks) <= most


@pytest.mark.parametrize("seed", SEEDS)
def test_the_curve_is_the_lower_hull_of_all_plans_in_whole_prices(seed: int) -> None:
    problem, today = region(seed)
    plans = all_plans(seed)
    curve = solve_curve(problem, today, 1_000, SETTINGS, silent)
    if not plans:
        assert isinstance(curve, Solution)
        assert curve.status == "infeasible"
        return
    assert isinstance(curve, Curve)
    assert curve.fewest == min(m for _, m in plans)
    for point, bound in zip(curve.hull.plans, curve.bounds, strict=True):
        assert point.cost == bound == min(cost for cost, m in plans if m <= point.amount)
    for price in (0, 1, 3, 30, 100, 300, 1_000, 2_000, 5_000, 20_000, 10**6, 10**7):
        of_points = min(point.at(price) for point in curve.hull.plans)
        assert of_points == min(cost + price * m for cost, m in plans)
    for point in curve.hull.plans:
        at = curve.hull.price_of(point)
        assert at is None or point.at(at) == min(cost + at * m for cost, m in plans)


def test_regions_have_something_to_move() -> None:
    answers = [min((m for _, m in all_plans(seed)), default=-1) for seed in SEEDS]
    assert sum(answer > 0 for answer in answers) > len(SEEDS) // 5
    assert sum(answer < 0 for answer in answers) > len(SEEDS) // 30
    assert sum(bool(region(seed)[0].aside) for seed in SEEDS) > len(SEEDS) // 12


def test_of_a_network_divided_the_smaller_part_moves_and_of_two_joined_the_smaller() -> None:
    today = Today(np.array([0, 0, 1, 1, NOWHERE]), np.array([5, 4, 3, 2, 9]), 2)
    assert today.moved_in_all([(0,), (1,), (2, 3, 4)]) == 4
    assert today.moved_in_all([(0, 1, 2, 3), (4,)]) == 5
    assert today.moved_in_all([(0, 1), (2, 3, 4)]) == 0


@pytest.mark.parametrize("seed", range(40))
def test_moves_are_those_that_compare_counts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 12))
    weights = rng.integers(1, 100, n)
    labels, after = rng.integers(NOWHERE, 4, n), rng.integers(0, 4, n)
    first = {str(k): np.flatnonzero(labels == k).tolist() for k in range(4) if k in labels}
    second = {str(k): np.flatnonzero(after == k).tolist() for k in range(4) if k in after}
    today = Today(labels.astype(np.int64), weights.astype(np.int64), 4)
    amounts = Amounts(weights.astype(np.int64), np.ones(n, dtype=np.int64))
    moves = match_networks(amounts, first, second)
    assert today.moved_in_all([*second.values()]) == moves.patients


def test_without_time_nothing_is_proven() -> None:
    problem = road(10_000, 25_000, 20_000, 15_000)
    today = Today(np.array([0, 0, 1, 1]), problem.weights, 2)
    found = solve_fewest_moves(problem, today, Search(time_limit=1e-6, workers=1), silent)
    assert found.solution.status in {"no_plan_in_time", "feasible"}
