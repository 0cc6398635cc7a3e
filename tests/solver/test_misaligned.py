"""The fewest misaligned patients, and the curve of cost against them, against brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pcn_group.config.model import Search
from pcn_group.region.alignment import Alignment
from pcn_group.region.problem import Problem
from pcn_group.solver.convex_hull import Point
from pcn_group.solver.misaligned import (
    FewestMisaligned,
    solve_fewest_misaligned,
    solve_misaligned_curve,
)
from pcn_group.solver.search.state import Effort
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.depth import many
from tests.solver.regions import silent
from tests.solver.test_alignment import lives, living, two_towns

KINDS = ("asymmetric", "hinges", "forbidden", "limited", "oversize", "patients")
SETTINGS = Search(time_limit=60.0, workers=1)


def region(seed: int) -> tuple[Problem, Alignment]:
    """A small region that does not pay for misaligned patients, and who lives where."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 10))
    problem = oracle.random_problem(rng, n, **{kind: rng.random() < 0.3 for kind in KINDS})
    if seed % 3 == 0:
        about = {kind: rng.random() < 0.3 for kind in oracle.RULES}
        problem = oracle.with_random_rules(rng, problem, **about)
    size = problem.size
    problem = problem.with_size(replace(size, smallest=max(1, size.smallest // 2)))
    return problem, living(lives(rng, problem.weights, int(rng.integers(1, 5))))


def every_plan(problem: Problem, alignment: Alignment) -> list[tuple[int, int]]:
    """The misaligned patients and the cost of every plan."""
    return [
        (sum(oracle.misaligned(alignment, mask) for mask in plan), cost)
        for cost, plan in oracle.all_plans(problem)
    ]


@pytest.mark.parametrize("seed", range(many(480)))
def test_no_plan_has_fewer_misaligned_patients(seed: int) -> None:
    problem, alignment = region(seed)
    plans = every_plan(problem, alignment)
    found = solve_fewest_misaligned(problem, alignment, SETTINGS, silent)
    if not plans:
        assert found.is_infeasible
        return
    assert found.networks is not None
    assert found.is_proven
    assert found.misaligned == min(plans)[0]
    assert alignment.misaligned_in_all(found.networks) == found.misaligned
    assert check_plan(problem, found.networks).holds


@pytest.mark.parametrize("seed", range(many(240)))
def test_the_curve_is_the_lower_hull_of_all_plans(seed: int) -> None:
    problem, alignment = region(seed)
    plans = every_plan(problem, alignment)
    effort = Effort.starting_now(SETTINGS)
    curve = solve_misaligned_curve(problem, alignment, 100, effort, silent)
    if not plans:
        assert isinstance(curve, FewestMisaligned)
        assert curve.is_infeasible
        return
    assert not isinstance(curve, FewestMisaligned)
    found = curve.hull.plans
    assert curve.fewest == found[-1].amount
    assert (found[-1].amount, found[-1].cost) == min(plans)
    assert curve.bounds == tuple(point.cost for point in found)
    every = [Point((), cost, misaligned) for misaligned, cost in plans]
    for price in {0, 1, *(evaluation.price for evaluation in curve.hull.evaluations)}:
        assert min(each.at(price) for each in every) == min(each.at(price) for each in found)
    for point in found:
        assert point.cost == min(cost for misaligned, cost in plans if misaligned <= point.amount)


def test_regions_have_something_to_align() -> None:
    lengths = []
    for seed in range(40):
        problem, alignment = region(seed)
        plans = every_plan(problem, alignment)
        cheapest = min(((cost, misaligned) for misaligned, cost in plans), default=(0, 0))[1]
        lengths.append(cheapest - min(plans, default=(0, 0))[0])
    assert sum(length > 0 for length in lengths) > 5


def test_a_plan_for_each_of_two_towns() -> None:
    problem = two_towns()
    assert problem.alignment is not None
    big = replace(problem, size=replace(problem.size, band_min=30_000, smallest=45_000))
    found = solve_fewest_misaligned(big, problem.alignment, SETTINGS, silent)
    assert (found.networks, found.misaligned) == (((0, 1, 2), (3, 4, 5)), 15_000)


def test_without_time_nothing_is_proven() -> None:
    problem = two_towns()
    assert problem.alignment is not None
    none = Search(time_limit=1e-9, workers=1)
    found = solve_fewest_misaligned(problem, problem.alignment, none, silent)
    assert not found.is_infeasible
    assert found.bound == 0
