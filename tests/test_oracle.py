"""The oracle against an even plainer one, so that it can be believed."""

from __future__ import annotations

from hypothesis import given, settings

from pcn_group.region.problem import Problem
from tests import oracle
from tests.depth import many


@settings(deadline=None, max_examples=many(60))
@given(oracle.problems(max_practices=7))
def test_the_best_plan_is_the_best_of_all_plans(problem: Problem) -> None:
    costs = [cost for cost, _ in oracle.all_plans(problem)]
    assert oracle.best_cost(problem) == min(costs, default=None)


@settings(deadline=None, max_examples=many(60))
@given(oracle.problems(max_practices=7))
def test_exceptions_are_needed_only_where_there_is_no_plan(problem: Problem) -> None:
    best, freed = oracle.best_cost(problem), oracle.lexicographic_best(problem)
    if best is not None:
        assert freed == oracle.Lexicographic(0, 0, best)
    elif freed is not None:
        assert freed.short + freed.above > 0


@settings(deadline=None, max_examples=many(60))
@given(oracle.problems(max_practices=6))
def test_the_least_exceptions_are_the_least_of_all_plans(problem: Problem) -> None:
    size, free = problem.size, oracle.relaxed(problem)
    aside = oracle.standing_aside(free)
    outcomes = []
    for cost, plan in oracle.all_plans(free):
        sizes = [oracle.patients(free, mask) for mask in plan if mask not in aside]
        short = sum(max(0, size.smallest - patients) for patients in sizes)
        above = sum(max(0, patients - size.largest) for patients in sizes)
        outcomes.append(oracle.Lexicographic(short, above, cost))
    assert oracle.lexicographic_best(problem) == min(outcomes, default=None)
