"""Rules about practices, against brute force over every plan of small regions."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from pcn_group.region.problem import Problem
from pcn_group.solver.solution import Solution
from pcn_group.verify.bound import verify_certificate
from tests import oracle
from tests.depth import DEEP
from tests.solver.regions import check_best, solved
from tests.solver.test_brute_force import KINDS, best

SEEDS = range(200 if DEEP else 80)


@cache
def region(seed: int) -> Problem:
    """Two to ten practices; one kind of rule about them in every other region, or several."""
    rng = np.random.default_rng(seed)
    practices = int(rng.integers(2, 11))
    problem = oracle.random_problem(rng, practices, **{kind: rng.random() < 0.25 for kind in KINDS})
    one = oracle.RULES[seed % 4]
    flags = {kind: kind == one or (seed % 8 > 3 and rng.random() < 0.5) for kind in oracle.RULES}
    return oracle.with_random_rules(rng, problem, **flags)


@cache
def solution(seed: int) -> Solution:
    return solved(region(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_best_that_keeps_the_rules(seed: int) -> None:
    check_best(region(seed), best(region(seed)), solution(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plain_checker_proves_the_certificates_under_the_rules(seed: int) -> None:
    problem, found = region(seed), solution(seed)
    if found.certificate is not None:
        assert found.certificate.bound <= found.bound + found.penalty_offset
        assert verify_certificate(found.problem, found.certificate).verified
    if found.impossible is not None:
        assert oracle.best_cost(problem) is None
        assert found.impossible.bound > problem.cost_ceiling()
        assert verify_certificate(problem, found.impossible).verified


def test_each_kind_of_rule_makes_a_difference_somewhere() -> None:
    for number, kind in enumerate(oracle.RULES):
        own = [region(seed) for seed in SEEDS if seed % 8 == number]
        costs = [(oracle.best_cost(problem), oracle.best_cost(unruled(problem))) for problem in own]
        if kind != "hubs":
            assert any(ruled != free and ruled is not None for ruled, free in costs), kind
            assert any(ruled is None and free is not None for ruled, free in costs), kind


def unruled(problem: Problem) -> Problem:
    """The same region without rules about practices, but for hubs."""
    return replace(problem, together=(), apart=(), fixed=())
