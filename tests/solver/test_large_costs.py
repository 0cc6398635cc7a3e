"""Costs as large as are accepted, against brute force in whole numbers of any size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pcn_group.config.model import Search
from pcn_group.region.problem import FORBIDDEN, Hinge, Problem
from pcn_group.region.today import Today
from pcn_group.solver.moves import Curve, solve_curve, solve_fewest_moves
from tests import oracle
from tests.depth import DEEP
from tests.solver.near_optimal.test_equals import listed
from tests.solver.regions import silent, solved
from tests.solver.test_moves import moved

KINDS = ("asymmetric", "hinges", "forbidden", "limited", "avoid_below", "avoid_above")


def large(seed: int, most: int = 9) -> Problem:
    """A small region whose worst plan costs nearly as much as is accepted.

    Of its ways some are short, and others some million times as long as that.
    """
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, most + 1))
    problem = oracle.random_problem(rng, n, **{kind: rng.random() < 0.4 for kind in KINDS})
    finite = problem.cost < FORBIDDEN
    cost = np.where(rng.random((n, n)) < 0.5, problem.cost // 1000, problem.cost * 10**5)
    size = problem.size
    prices = (int(rng.choice([1, 10**3])), int(rng.choice([1, 10**6])))
    hinges = tuple(
        Hinge(h.at, h.below and prices[0] * h.below, h.above and prices[1]) for h in size.hinges
    )
    grown = replace(
        problem,
        cost=np.where(finite, cost, FORBIDDEN),
        size=replace(size, hinges=hinges),
    )
    times = min(10**6, max(1, (FORBIDDEN - 1) // max(1, grown.cost_ceiling())))
    shrink = max(1, -(-grown.cost_ceiling() // (FORBIDDEN - 1)))
    fitted = replace(
        grown,
        cost=np.where(finite, cost * times // shrink, FORBIDDEN),
        size=replace(
            size,
            hinges=tuple(
                Hinge(h.at, h.below * times // shrink, h.above * times // shrink) for h in hinges
            ),
        ),
    )
    assert fitted.cost_ceiling() < FORBIDDEN
    return fitted


@pytest.mark.parametrize("seed", range(60 if DEEP else 20))
def test_the_best_plan_is_that_of_brute_force(seed: int) -> None:
    region = large(seed)
    best = oracle.lexicographic_best(region)
    strict = oracle.best_cost(region)
    found = solved(region)
    if strict is not None:
        assert (found.status, found.cost, found.bound) == ("optimal", strict, strict)
    elif best is None or not (region.size.avoid_below or region.size.avoid_above):
        assert found.status == "infeasible"
        return
    else:
        assert found.status == "optimal"
        assert (found.short, found.above, found.cost) == (best.short, best.above, best.cost)
    assert found.networks == listed(oracle.first_of_the_best(region))


def test_regions_are_as_large_as_can_be() -> None:
    assert sum(large(seed).cost_ceiling() > FORBIDDEN // 4 for seed in range(60)) > 40


@pytest.mark.parametrize("seed", range(20))
def test_moves_against_large_costs(seed: int) -> None:
    region = large(seed, most=7)
    labels = np.random.default_rng(seed).integers(0, 2, len(region.codes))
    today = Today(labels.astype(np.int64), region.weights, 2)
    every = [(moved(today, plan), cost) for cost, plan in oracle.all_plans(region)]
    settings = Search(time_limit=60.0, workers=1)
    found = solve_fewest_moves(region, today, settings, silent)
    curve = solve_curve(region, today, 10, settings, silent)
    if not every:
        assert found.solution.status == "infeasible"
        return
    assert (found.fewest, found.solution.cost) == min(every)
    assert isinstance(curve, Curve)
    for plan, bound in zip(curve.hull.plans, curve.bounds, strict=True):
        least = min(cost for moves, cost in every if moves <= plan.amount)
        assert bound <= least <= plan.cost
