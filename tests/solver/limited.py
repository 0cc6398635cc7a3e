"""Plans of small regions with limits on a whole plan, against all plans there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from pcn_group.config.model import Search
from pcn_group.region.plan_limits import NO_AREA
from pcn_group.region.problem import Problem
from pcn_group.region.today import Today
from pcn_group.solver.moves import solve_fewest_moves, solve_within_moves
from pcn_group.solver.near_optimal.pool import every_plan, open_pool
from pcn_group.solver.search.state import Effort
from pcn_group.solver.solution import Solution
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.solver.regions import check_best, silent

KINDS = (
    "asymmetric", "prices", "hinges", "forbidden", "limited", "oversize", "avoid_below",
    "avoid_above", "patients",
)  # fmt: skip
SETTINGS = Search(time_limit=60.0, workers=1)

Keeps = Callable[[Problem, oracle.Plan], bool]
"""Whether a plan keeps the limits of a problem."""


def unlimited(rng: np.random.Generator, seed: int) -> Problem:
    """A small region of any kind, in every fourth with other rules, in half with small networks."""
    problem = oracle.random_problem(
        rng, int(rng.integers(1, 10)), **{kind: rng.random() < 0.3 for kind in KINDS}
    )
    if seed % 4 == 0:
        about = {kind: rng.random() < 0.3 for kind in oracle.RULES}
        problem = oracle.with_random_rules(rng, problem, **about)
    if seed % 2 == 0:  # else the band says how many there are
        size = problem.size
        problem = problem.with_size(replace(size, smallest=max(1, size.smallest // 3)))
    return problem


def crossing(problem: Problem, plan: oracle.Plan) -> int:
    """How many networks have practices in two areas; none where there is no limit on them."""
    areas = next((each.areas for each in problem.plan_limits if each.areas is not None), None)
    if areas is None:
        return 0
    return sum(len({areas[i] for i in oracle.members(mask)} - {NO_AREA}) > 1 for mask in plan)


def best(problem: Problem, keeps: Keeps) -> oracle.Lexicographic | None:
    """What the best plan comes to, by looking at all of them; None where there is none."""
    costs = [cost for cost, plan in oracle.all_plans(problem) if keeps(problem, plan)]
    if costs:
        return oracle.Lexicographic(0, 0, min(costs))
    if not (problem.size.avoid_below or problem.size.avoid_above):
        return None
    return min(
        (
            oracle.Lexicographic(*_outside(problem, plan), cost)
            for cost, plan in oracle.all_plans(oracle.relaxed(problem))
            if keeps(problem, plan)
        ),
        default=None,
    )


def _outside(problem: Problem, plan: oracle.Plan) -> tuple[int, int]:
    size, aside = problem.size, oracle.standing_aside(problem)
    sizes = [oracle.patients(problem, mask) for mask in plan if mask not in aside]
    return (
        sum(max(0, size.smallest - patients) for patients in sizes),
        sum(max(0, patients - size.largest) for patients in sizes),
    )


def check_best_that_keeps(
    problem: Problem, keeps: Keeps, expected: oracle.Lexicographic | None, found: Solution
) -> None:
    """The solution is the best of all plans that keep the limits, or there is none."""
    check_best(problem, expected, found)
    if expected is not None:
        assert keeps(problem, tuple(map(oracle.mask_of, map(list, found.networks))))


def check_certificates(problem: Problem, found: Solution) -> None:
    """The plain checker proves what the solution rests on."""
    if found.certificate is not None:
        assert found.certificate.bound <= found.bound + found.penalty_offset
        assert verify_certificate(found.problem, found.certificate).verified
    if found.impossible is not None:
        assert found.impossible.bound > problem.cost_ceiling()
        assert verify_certificate(problem, found.impossible).verified


def check_moves(problem: Problem, keeps: Keeps, seed: int) -> None:
    """The fewest that move, and the cheapest plan that moves no more, are those of all plans."""
    labels = np.random.default_rng(seed).integers(0, 3, len(problem.codes))
    today = Today(labels.astype(np.int64), problem.weights, 3)
    strict = problem.with_size(replace(problem.size, avoid_below=False, avoid_above=False))
    plans = [
        (today.moved_in_all([oracle.members(mask) for mask in plan]), cost)
        for cost, plan in oracle.all_plans(strict)
        if keeps(strict, plan)
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


def check_listing(problem: Problem, keeps: Keeps, found: Solution) -> None:
    """All plans that cost up to half as much again are listed, and no others."""
    if not found.networks or found.relaxed:
        return
    pool = open_pool(problem, found, Fraction(1, 2), Effort.starting_now(SETTINGS))
    listed = every_plan(pool)
    plans = [cost for cost, plan in oracle.all_plans(problem) if keeps(problem, plan)]
    near = [cost for cost in plans if cost <= found.cost + found.cost // 2]
    assert listed.complete
    assert sorted(pool.whole_cost(cost) for cost in listed.plans.costs) == sorted(near)
