"""Plans whose hubs may be sites that are no practices, against brute force on small regions."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from pcn_group.region.problem import HubSite, Problem
from pcn_group.solver.assignment.search import unsupported
from pcn_group.solver.instance import build_instance
from pcn_group.solver.solution import Solution
from pcn_group.verify.better import better_plan
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.rules import check_plan
from pcn_group.verify.tree import not_in_trees
from tests import oracle
from tests.depth import DEEP
from tests.solver.banded import with_random_bands
from tests.solver.limited import (
    best,
    check_best_that_keeps,
    check_certificates,
    check_listing,
    check_moves,
    unlimited,
)
from tests.solver.regions import road, solved
from tests.solver.sited import with_random_sites

SEEDS = range(600 if DEEP else 48)


def every_plan_counts(_: Problem, __: oracle.Plan) -> bool:
    """Which hubs there are is about each network: all limits on a whole plan are kept."""
    return True


@cache
def region(seed: int) -> Problem:
    """A small region with sites: of three, one with capacities, and one where only sites are hubs.

    In every fifth there is a further band as well.
    """
    rng = np.random.default_rng([seed, 5])
    problem = with_random_sites(
        rng, unlimited(rng, seed), capacity=seed % 3 > 0, only=seed % 3 == 2
    )
    return with_random_bands(rng, problem, 1) if seed % 5 == 0 else problem


@cache
def solution(seed: int) -> Solution:
    return solved(region(seed))


def hubs_of_best(seed: int) -> list[int]:
    return [region(seed).hub(network) for network in solution(seed).networks]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_best_of_all_plans(seed: int) -> None:
    problem = region(seed)
    check_best_that_keeps(
        problem, every_plan_counts, best(problem, every_plan_counts), solution(seed)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_of_equal_plans_it_is_the_first_by_rule(seed: int) -> None:
    found = solution(seed)
    if found.networks and found.is_first:
        first = oracle.first_of_the_best(region(seed))
        assert first is not None
        assert found.networks == tuple(sorted(map(oracle.members, first)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_certificate_is_proven_by_the_plain_checker(seed: int) -> None:
    check_certificates(region(seed), solution(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bound_without_the_sites_is_refuted_where_they_save_something(seed: int) -> None:
    """A certificate for practices as the only hubs does not hold where a site is cheaper."""
    problem = region(seed)
    n = len(problem.codes)
    without = replace(problem, cost=problem.cost[:, :n], sites=())
    found, cheapest = solved(without), oracle.best_cost(problem)
    if found.certificate is None or cheapest is None or found.relaxed:
        return
    if found.certificate.bound > cheapest:
        assert verify_certificate(problem, found.certificate).is_refuted


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_limits_on_moves_hold_beside_them(seed: int) -> None:
    check_moves(region(seed), every_plan_counts, seed)


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_all_plans_near_the_best_are_listed_and_no_others(seed: int) -> None:
    check_listing(region(seed), every_plan_counts, solution(seed))


@pytest.mark.parametrize("seed", SEEDS[::3])
def test_no_plan_one_step_away_is_better(seed: int) -> None:
    problem, found = region(seed), solution(seed)
    if found.status == "optimal":
        report = check_plan(problem, found.networks)
        assert not [*better_plan(problem, report, found.cost)]


def test_regions_are_of_all_kinds() -> None:
    at_sites = [any(hub >= len(region(seed).codes) for hub in hubs_of_best(seed)) for seed in SEEDS]
    assert sum(at_sites) > len(SEEDS) / 4
    full = [
        problem.network_cost(network)
        > replace(
            problem, sites=tuple(replace(site, capacity=None) for site in problem.sites)
        ).network_cost(network)
        for seed in SEEDS
        for problem in [region(seed)]
        for network in solution(seed).networks
    ]
    assert sum(full) > len(SEEDS) / 20
    assert sum(not solution(seed).networks for seed in SEEDS) > len(SEEDS) / 20


@pytest.fixture
def town() -> Problem:
    """Three practices a kilometre apart on a road, and a health centre 400 m beyond the first."""
    plain = road(20_000, 10_000, 10_000)
    metres = np.array([[400], [1_400], [2_400]])
    cost = np.hstack([plain.cost, plain.weights[:, None] * metres])
    return replace(plain, cost=cost, sites=(HubSite("HC", 0),))


def test_a_site_is_the_hub_where_that_is_least(town: Problem) -> None:
    assert town.hub((0, 1, 2)) == 0
    only = replace(town, cost=np.where(np.arange(4) < 3, 2**48, town.cost))
    assert only.hub((0, 1, 2)) == 3
    assert only.network_cost((0, 1, 2)) == 20_000 * 400 + 10_000 * 1_400 + 10_000 * 2_400


def test_a_site_is_no_hub_of_networks_without_its_anchor_or_beyond_its_capacity(
    town: Problem,
) -> None:
    near = replace(town, cost=np.where(np.arange(4) == 3, 1, town.cost))
    assert near.hub((0, 1)) == 3
    assert near.hub((1, 2)) == 1
    small = replace(near, sites=(HubSite("HC", 0, 30_000),))
    assert small.hub((0, 1)) == 3
    assert small.hub((0, 1, 2)) == 0


def test_the_plain_checker_tells_a_network_that_has_no_hub(town: Problem) -> None:
    only = replace(town, cost=np.where(np.arange(4) < 3, 2**48, town.cost))
    findings = check_plan(only, [(0,), (1, 2)]).findings
    assert [(f.rule, f.message) for f in findings if f.rule == "hub"] == [
        ("hub", "has no practice and no site that may be a hub")
    ]


def test_the_engine_for_large_networks_refuses_them_by_name(town: Problem) -> None:
    assert "hubs.sites" in unsupported(build_instance(town))
    assert "hubs.sites" in not_in_trees(town)
