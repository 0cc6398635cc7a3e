"""Patients outside the band at a price, as few as can be, and without one exception."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from pcn_group.config.model import Search
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.band_levels import SizeLevel
from pcn_group.solver.instance import build_instance
from pcn_group.solver.solve import solve_fewest_outside, solve_without
from tests import oracle
from tests.solver.regions import road, silent

SETTINGS = Search(time_limit=60.0, workers=1)
SEEDS = range(30)


def with_limits(problem: Problem, smallest: int, largest: int) -> Problem:
    """The same region where networks may be outside the band, as far as these limits."""
    rule = replace(
        problem.size, smallest=smallest, largest=largest, alone_above=problem.size.band_max
    )
    return problem.with_size(rule)


@cache
def region(seed: int) -> Problem:
    """One to nine practices, with rules about some of them in half of the regions."""
    rng = np.random.default_rng(seed)
    kinds = ("asymmetric", "forbidden", "limited", "oversize", "patients")
    problem = oracle.random_problem(
        rng, int(rng.integers(1, 10)), **{kind: rng.random() < 0.3 for kind in kinds}
    )
    if rng.random() < 0.5:
        kept = {kind: rng.random() < 0.5 for kind in oracle.RULES}
        problem = oracle.with_random_rules(rng, problem, **kept)
    size = problem.size
    smallest, largest = rng.integers(1, size.band_min + 1), rng.uniform(1, 2) * size.band_max
    return with_limits(problem, int(smallest), int(largest))


def outside(problem: Problem, plan: oracle.Plan) -> int:
    """Patients outside the band, those of networks that every plan has left out."""
    size, aside = problem.size, oracle.standing_aside(problem)
    sizes = [oracle.patients(problem, mask) for mask in plan if mask not in aside]
    return sum(max(0, size.band_min - w) + max(0, w - size.band_max) for w in sizes)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_fewest_outside_and_then_the_least_cost(seed: int) -> None:
    problem = region(seed)
    plans = [(outside(problem, plan), cost) for cost, plan in oracle.all_plans(problem)]
    found = solve_fewest_outside(problem, SETTINGS, silent)
    if not plans:
        assert found.status == "infeasible"
        return
    assert found.status == "optimal"
    masks = tuple(map(oracle.mask_of, found.networks))
    assert (outside(problem, masks), found.cost) == min(plans)
    assert found.bound == found.cost


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_plan_without_a_networks_practices_outside_the_band(seed: int) -> None:
    problem, rng = region(seed), np.random.default_rng(seed)
    refused = int(rng.integers(1, 1 << len(problem.codes)))
    one_of_them = {
        mask
        for mask in oracle.networks(problem)
        if mask & refused and outside(problem, (mask,)) > 0
    }
    costs = [cost for cost, plan in oracle.all_plans(problem) if not one_of_them.intersection(plan)]
    found = solve_without(problem, oracle.members(refused), SETTINGS, silent)
    if not costs:
        assert found.status == "infeasible"
        return
    assert (found.status, found.cost) == ("optimal", min(costs))
    assert not one_of_them.intersection(map(oracle.mask_of, found.networks))


def test_a_plan_to_start_from_changes_nothing() -> None:
    problem = with_limits(road(20_000, 15_000, 25_000, 20_000), 15_000, 75_000)
    start = ((0, 1, 2), (3,))
    found = solve_without(problem, (0, 1), SETTINGS, silent, start)
    assert found == solve_without(problem, (0, 1), SETTINGS, silent)
    # A and B in the band: together, or B with C and A short of it, which is refused.
    assert found.networks == ((0, 1), (2,), (3,))


def test_as_few_outside_as_can_be_where_the_band_cannot_be_kept() -> None:
    # One network is 6,000 above, two are 4,000 short: four are nearer to the band than six.
    problem = with_limits(road(26_000, 10_000, 20_000), 15_000, 75_000)
    found = solve_fewest_outside(problem, SETTINGS, silent)
    assert found.networks == ((0,), (1, 2))


def test_no_network_is_asked_about_that_is_farther_outside_than_the_whole_plan() -> None:
    found = solve_fewest_outside(
        with_limits(road(20_000, 20_000, 20_000), 1, 90_000), SETTINGS, silent
    )
    assert found.networks == ((0,), (1, 2))
    size = found.problem.size
    assert (size.smallest, size.largest) == (20_000, 60_000)  # the band less, and more, 10,000


def test_patients_for_whom_all_hubs_have_no_room_are_the_least_above() -> None:
    problem = road(*[20_000] * 6, band=(30_000, 50_000))
    problem.cost[:, [0, 2, 3, 5]] = FORBIDDEN
    above = SizeLevel(largest=50_000)
    instance = build_instance(problem)
    assert above.least(instance) == 120_000 - 2 * 50_000
    assert SizeLevel(smallest=30_000).least(instance) == 0
    assert SizeLevel(largest=60_000).least(instance) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_has_fewer_above_than_hubs_have_no_room_for(seed: int) -> None:
    problem = region(seed)
    level, instance = SizeLevel(largest=problem.size.band_max), build_instance(problem)
    aside = oracle.standing_aside(problem)
    for _, plan in oracle.all_plans(problem):
        sizes = np.array([oracle.patients(problem, mask) for mask in plan if mask not in aside])
        assert level.least(instance) <= level.above(sizes).sum()
