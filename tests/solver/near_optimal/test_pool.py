"""All plans within a tolerance, and what they say about pairs, against brute force."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from pcn_group.base.errors import NoPlanInTimeError
from pcn_group.config.model import Band, Configuration, Search
from pcn_group.region.problem import Problem
from pcn_group.solver import turns
from pcn_group.solver.bound.pricing import Pricer
from pcn_group.solver.near_optimal import pair_costs as by_pairs
from pcn_group.solver.near_optimal import pool as of_pools
from pcn_group.solver.near_optimal.enumeration import Plans
from pcn_group.solver.near_optimal.pair_costs import NONE, PairCosts, pair_costs
from pcn_group.solver.near_optimal.pool import Listed, Pool, every_plan, open_pool
from pcn_group.solver.search.state import Effort
from pcn_group.solver.solution import Solution
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.depth import DEEP
from tests.solver.regions import chessboard, problem_of, road, sample, solved

KINDS = (
    "asymmetric", "prices", "hinges", "forbidden", "limited", "oversize", "patients",
    "avoid_below", "avoid_above",
)  # fmt: skip
AVOIDED = KINDS[-2:]
TOLERANCES = (Fraction(0), Fraction(1, 10), Fraction(1, 2), Fraction(3))
SEEDS = tuple(range(150)) if DEEP else (*range(30), 41, 53, 61, 66, 89, 93, 126)
"""Those after the first thirty have what few have: rules about pairs, and exceptions."""

Costs = dict[frozenset[int], int]
"""Plans as sets of networks, each a set of practices in bits, with their costs."""


@cache
def region(seed: int) -> Problem:
    """Four to nine practices; some with a wide band, and some with rules about practices."""
    rng = np.random.default_rng(seed)
    practices = int(rng.integers(4, 10))
    flags = {kind: rng.random() < (0.7 if kind in AVOIDED else 0.25) for kind in KINDS}
    problem = oracle.random_problem(rng, practices, **flags)
    if seed % 3:
        low = problem.size.smallest // 3
        problem = problem.with_size(replace(problem.size, smallest=low, band_min=low))
    if seed % 2:
        about = {kind: rng.random() < 0.4 for kind in oracle.RULES}
        problem = oracle.with_random_rules(rng, problem, **about)
    return problem


@cache
def solution(seed: int) -> Solution:
    return solved(region(seed))


def opened(problem: Problem, found: Solution, within: Fraction) -> Pool:
    return open_pool(problem, found, within, Effort.starting_now(Search(workers=1)))


def plans_within(problem: Problem, found: Solution, within: Fraction) -> Costs:
    """Look at every plan; with exceptions, at those that have as few patients outside the band."""
    free = oracle.relaxed(problem) if found.relaxed else problem
    aside = set(oracle.standing_aside(free))
    limit = found.cost + int(within * found.cost)

    def outside(masks: oracle.Plan) -> tuple[int, int]:
        sizes = [oracle.patients(problem, mask) for mask in masks if mask not in aside]
        short = sum(max(0, problem.size.smallest - size) for size in sizes)
        return short, sum(max(0, size - problem.size.largest) for size in sizes)

    return {
        frozenset(masks): cost
        for cost, masks in oracle.all_plans(free)
        if cost <= limit and (not found.relaxed or outside(masks) == (found.short, found.above))
    }


@cache
def expected(seed: int, within: Fraction) -> Costs:
    return plans_within(region(seed), solution(seed), within)


def as_masks(pool: Pool, plans: Plans) -> Costs:
    """The same as brute force gives them; each plan is there once."""
    masks = [frozenset(map(oracle.mask_of, pool.whole_plan(label))) for label in plans.labels]
    assert len(set(masks)) == len(masks)
    return dict(zip(masks, map(pool.whole_cost, plans.costs), strict=True))


def least_costs(problem: Problem, plans: Costs) -> tuple[np.ndarray, np.ndarray]:
    """For each pair of practices the least cost of a plan with it together, and of one apart."""
    n = len(problem.codes)
    values = np.full((2, n, n), NONE)
    for masks, cost in sorted(plans.items(), key=lambda item: -item[1]):
        label = np.empty(n, dtype=np.int64)
        for mask in masks:
            label[list(oracle.members(mask))] = mask
        same = label[:, None] == label[None, :]
        values[0][same], values[1][~same] = cost, cost
    return values[0], values[1]


def best_alone(pool: Pool) -> Listed:
    """A list with the best plan and no other: every pair is to be settled by itself."""
    return Listed(pool.best, pool.cost - 1, complete=False)


def settled(pool: Pool, listed: Listed) -> PairCosts:
    return pair_costs(pool, listed, time.monotonic() + 60)


def assert_same(found: PairCosts, expected: Iterable[np.ndarray]) -> None:
    assert not found.unsettled
    for values, costs in zip((found.together, found.apart), expected, strict=True):
        np.testing.assert_array_equal(values, costs)


def cases(seeds: Iterable[int]) -> list[tuple[int, Fraction]]:
    """Each region that has a plan, with a tolerance."""
    found = [(seed, solution(seed)) for seed in seeds if solution(seed).networks]
    # With rules, which every second region has, and with exceptions other plans are far away.
    return [
        (seed, TOLERANCES[3 if seed % 2 or best.relaxed else seed // 2 % 3]) for seed, best in found
    ]


@pytest.mark.parametrize("tens", range(0, len(SEEDS), 10))
def test_plans_and_pairs_are_those_of_brute_force(tens: int) -> None:
    for seed, within in cases(SEEDS[tens : tens + 10]):
        problem, found = region(seed), solution(seed)
        pool = opened(problem, found, within)
        listed = every_plan(pool)
        assert listed.complete
        assert as_masks(pool, listed.plans) == expected(seed, within)
        costs = least_costs(problem, expected(seed, within))
        assert_same(settled(pool, listed), costs)
        by_themselves = settled(pool, best_alone(pool))
        assert_same(by_themselves, costs)
        assert as_masks(pool, by_themselves.plans).items() <= expected(seed, within).items()


def test_every_plan_passes_the_independent_check() -> None:
    for seed, within in cases(SEEDS[::9]):
        problem, found = region(seed), solution(seed)
        pool = opened(problem, found, within)
        plans = every_plan(pool).plans
        for label, cost in zip(plans.labels, plans.costs, strict=True):
            report = check_plan(problem, pool.whole_plan(label))
            broken = {finding.rule for finding in report.findings if finding.is_broken}
            assert broken <= ({"band"} if found.relaxed else set())
            assert report.cost == pool.whole_cost(cost)


def test_the_regions_have_what_is_to_be_tested() -> None:
    several = [seed for seed, within in cases(SEEDS) if len(expected(seed, within)) > 1]
    assert len(several) > len(SEEDS) // 4
    assert len([seed for seed in several if solution(seed).relaxed]) > 1
    for kind in ("oversize", "together", "apart", "fixed"):
        assert sum(bool(getattr(region(seed), kind)) for seed in several) > 1, kind


@pytest.mark.parametrize(
    "tries",
    [
        pytest.param(((0, 30), (1, 20_000_000)), id="linear programming"),
        pytest.param(((0, 30), (1, 0), (100, 20_000_000)), id="cuts"),
        pytest.param(((0, 0),), id="CP-SAT"),
    ],
)
def test_pairs_are_settled_alike_whatever_is_tried_first(
    monkeypatch: pytest.MonkeyPatch, tries: tuple[tuple[int, int], ...]
) -> None:
    monkeypatch.setattr(by_pairs, "_TRIES", tries)
    for seed, within in cases(SEEDS[::7]):
        problem, found = region(seed), solution(seed)
        pool = opened(problem, found, within)
        costs = least_costs(problem, expected(seed, within))
        assert_same(settled(pool, best_alone(pool)), costs)


def board(rows: int = 4) -> tuple[Problem, Solution]:
    """Equal squares, two to a network: every way to lay dominoes on the board costs the same."""
    problem = chessboard(rows, 4, 20_000, (40_000, 40_000))
    return problem, solved(problem)


def test_all_ways_to_lay_dominoes_are_found() -> None:
    problem, found = board()
    listed = every_plan(opened(problem, found, Fraction(0)))
    assert listed.complete
    assert len(listed.plans) == 36  # Kasteleyn's number for four by four


def test_a_list_that_is_cut_short_says_so() -> None:
    problem, found = board()
    pool = opened(problem, found, Fraction(1, 100))
    listed = every_plan(pool, most=35)
    assert 35 <= len(listed.plans) <= 36  # the best one may not be among those listed
    assert (listed.reach, listed.complete) == (pool.cost - 1, False)
    assert_same(
        settled(pool, listed), least_costs(problem, plans_within(problem, found, Fraction(0)))
    )


def squares() -> tuple[Problem, Solution]:
    problem = chessboard(3, 4, 15_000, (30_000, 75_000))
    return problem, solved(problem)


def test_where_all_are_too_many_those_within_a_part_of_the_tolerance_are_listed() -> None:
    problem, found = squares()
    pool = opened(problem, found, Fraction(1, 2))
    everything = every_plan(pool)
    most = len(everything.plans) // 2
    listed = every_plan(pool, most=most)
    assert not listed.complete
    assert pool.cost <= listed.reach < pool.limit
    near = {
        plan: cost
        for plan, cost in as_masks(pool, everything.plans).items()
        if cost <= listed.reach
    }
    known = as_masks(pool, listed.plans)
    assert 1 < len(near) < most < len(known)
    assert near.items() <= known.items()
    assert_same(settled(pool, listed), least_costs(problem, as_masks(pool, everything.plans)))


def test_in_a_larger_region_pairs_are_settled_as_the_list_of_all_plans_says() -> None:
    problem = problem_of(sample(36, 5), Configuration())
    pool = opened(problem, solved(problem), Fraction(1, 25))
    listed = every_plan(pool)
    assert listed.complete
    assert len(listed.plans) > 100
    by_list, by_themselves = settled(pool, listed), settled(pool, best_alone(pool))
    assert_same(by_themselves, (by_list.together, by_list.apart))


def test_without_time_pairs_are_not_settled() -> None:
    problem, found = board()
    pool = opened(problem, found, Fraction(0))
    late = pair_costs(pool, best_alone(pool), time.monotonic() - 1)
    assert late.unsettled
    for i, j in late.unsettled:
        assert NONE in {late.together[i, j], late.apart[i, j]}


def test_a_tolerance_that_is_too_wide_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, found = squares()
    every = len(opened(problem, found, Fraction(1)).node.columns)
    monkeypatch.setattr(of_pools, "POOL_LIMIT", every - 1)
    pool = opened(problem, found, Fraction(1))
    assert pool.tolerance in {Fraction(1, 2), Fraction(1, 4), Fraction(1, 8), Fraction(1, 16)}
    assert pool.limit == pool.cost + int(pool.tolerance * pool.cost)


def test_a_bound_too_far_from_the_plan_is_no_use(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, found = board()
    monkeypatch.setattr(of_pools, "POOL_LIMIT", 3)
    with pytest.raises(NoPlanInTimeError, match="too far"):
        opened(problem, found, Fraction(1, 100))


def test_without_time_no_networks_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, found = board()
    monkeypatch.setattr(of_pools, "POOL_LIMIT", 3)
    monkeypatch.setattr(Pricer, "is_stopped", lambda _: True)
    with pytest.raises(NoPlanInTimeError, match="--time-limit"):
        opened(problem, found, Fraction(0))


def test_a_plan_that_is_not_proven_best_is_no_measure() -> None:
    problem, found = board()
    with pytest.raises(NoPlanInTimeError, match="proven"):
        opened(problem, replace(found, status="feasible"), Fraction(0))


def test_the_plans_near_one_that_a_tree_proved_are_listed_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = Band(min=75_000, max=125_000, below="forbid", above="forbid")
    problem = problem_of(sample(24, 1), Configuration(band=large))
    found = solved(problem)
    assert found.certificate is not None
    assert found.certificate.tree is not None
    pool = opened(problem, found, Fraction(1, 50))
    near = as_masks(pool, every_plan(pool).plans)
    assert found.cost == min(near.values())
    monkeypatch.setattr(turns, "is_for", lambda _: False)
    pool = opened(problem, solved(problem), Fraction(1, 50))
    assert near == as_masks(pool, every_plan(pool).plans)
    monkeypatch.setattr(of_pools, "search", lambda *_, **__: SimpleNamespace(proven=False))
    with pytest.raises(NoPlanInTimeError, match="too many networks to list"):
        opened(problem, found, Fraction(1, 50))


def test_a_region_that_is_all_aside_has_one_plan() -> None:
    problem = road(60_000, 70_000)
    pool = opened(problem, solved(problem), Fraction(1))
    listed = every_plan(pool)
    assert as_masks(pool, listed.plans) == {frozenset({1, 2}): 0}
    assert_same(settled(pool, listed), least_costs(problem, as_masks(pool, listed.plans)))
