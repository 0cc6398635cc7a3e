"""The search against brute force, on hundreds of small regions under every mixture of rules."""

from __future__ import annotations

from functools import cache
from itertools import chain

import numpy as np
import pytest

from pcn_group.region.problem import Problem
from pcn_group.solver.instance import build_instance
from pcn_group.solver.solution import Solution
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.depth import DEEP
from tests.solver.regions import chessboard, road, solved

KINDS = (
    "asymmetric", "prices", "hinges", "forbidden", "limited", "oversize",
    "avoid_below", "avoid_above", "patients",
)  # fmt: skip
SEEDS = range(320 if DEEP else 48)


@cache
def region(seed: int) -> Problem:
    """One to ten practices; each kind of rule in two regions of five."""
    rng = np.random.default_rng(seed)
    practices = int(rng.integers(1, 11))
    return oracle.random_problem(rng, practices, **{kind: rng.random() < 0.4 for kind in KINDS})


@cache
def solution(seed: int) -> Solution:
    return solved(region(seed))


def best(problem: Problem) -> oracle.Lexicographic | None:
    """What the best plan comes to, by looking at all of them; None where there is none."""
    cost = oracle.best_cost(problem)
    if cost is not None:
        return oracle.Lexicographic(0, 0, cost)
    if problem.size.avoid_below or problem.size.avoid_above:
        return oracle.lexicographic_best(problem)
    return None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_best_of_all_plans(seed: int) -> None:
    expected, found = best(region(seed)), solution(seed)
    if expected is None:
        assert found.status == "infeasible"
        assert found.networks == ()
    else:
        assert found.status == "optimal"
        assert found.bound == found.cost
        assert oracle.Lexicographic(found.short, found.above, found.cost) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_one_and_costs_what_it_says(seed: int) -> None:
    problem, found = region(seed), solution(seed)
    report = check_plan(problem, found.networks)
    if not found.networks:
        assert report.cost == 0
        return
    assert sorted(chain.from_iterable(found.networks)) == list(range(len(problem.codes)))
    assert report.cost == found.cost
    broken = {finding.rule for finding in report.findings if finding.is_broken}
    assert broken == ({"band"} if found.short or found.above else set())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_certificate_is_proven_by_the_plain_checker(seed: int) -> None:
    found = solution(seed)
    certificate = found.certificate
    if certificate is not None:
        assert certificate.bound <= found.bound + found.penalty_offset
        assert verify_certificate(found.problem, certificate).verified
    else:
        assert not found.networks or found.cost == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_where_the_band_cannot_be_kept_the_plain_checker_agrees(seed: int) -> None:
    problem, found = region(seed), solution(seed)
    given_up = found.relaxed is not None or found.status == "infeasible"
    assert given_up == (oracle.best_cost(problem) is None)
    if found.impossible is not None:
        assert given_up
        assert found.impossible.bound > problem.cost_ceiling()
        assert verify_certificate(problem, found.impossible).verified


def test_where_numbers_do_not_tell_a_certificate_mostly_does() -> None:
    # Without either where only whole networks, not shares of them, are impossible.
    given_up = [
        solution(seed)
        for seed in SEEDS
        if solution(seed).relaxed and not build_instance(region(seed)).indivisible_parts()
    ]
    certified = [found for found in given_up if found.impossible is not None]
    assert len(certified) > 0.5 * len(given_up) > 0


def test_numbers_tell_when_no_count_of_networks_fits() -> None:
    # 90,000 patients are too many for one network of 50,000 to 55,000, and too few for two.
    problem = chessboard(3, 3, 10_000, (50_000, 55_000))
    (part,) = build_instance(problem).indivisible_parts()
    assert part.tolist() == list(range(9))
    assert solved(problem).status == "infeasible"
    assert not build_instance(chessboard(3, 3, 10_000, (45_000, 55_000))).indivisible_parts()


def test_a_road_of_four_is_cut_in_the_middle() -> None:
    found = solved(road(20_000, 15_000, 25_000, 20_000))
    assert found.networks == ((0, 1), (2, 3))
    assert found.cost == 15_000 * 1000 + 20_000 * 1000
    assert found.status == "optimal"


def test_a_practice_larger_than_a_network_stands_alone() -> None:
    found = solved(road(20_000, 20_000, 60_000))
    assert found.networks == ((0, 1), (2,))
    assert found.cost == 20_000 * 1000


def test_nobody_has_to_be_moved_when_everybody_stands_alone() -> None:
    found = solved(road(60_000, 70_000))
    assert (found.status, found.networks, found.cost) == ("optimal", ((0,), (1,)), 0)


def test_without_leave_to_miss_the_band_there_is_no_plan() -> None:
    found = solved(road(10_000, 10_000))
    assert found.status == "infeasible"


def test_the_minimum_is_worth_more_than_the_maximum_and_that_more_than_travel() -> None:
    # Two networks would leave one 4,000 short; one network is 6,000 above, and three times as far.
    found = solved(road(26_000, 10_000, 20_000, avoid_below=True, avoid_above=True))
    assert found.networks == ((0, 1, 2),)
    assert (found.short, found.above, found.cost) == (0, 6_000, 46_000 * 1000)


def test_only_the_side_that_may_give_way_does() -> None:
    found = solved(road(26_000, 10_000, 20_000, avoid_below=True))
    assert found.networks == ((0,), (1, 2))
    assert (found.short, found.above, found.cost) == (4_000, 0, 10_000 * 1000)


def test_no_plan_although_one_side_may_give_way() -> None:
    assert solved(road(10_000, 10_000, avoid_above=True)).status == "infeasible"
