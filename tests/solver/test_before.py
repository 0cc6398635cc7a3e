"""Starting from what an earlier search under fewer rules found: the same answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pcn_group.config.model import Search
from pcn_group.region.problem import Problem
from pcn_group.solver.solution import Solution
from pcn_group.solver.solve import solve
from tests import oracle
from tests.solver.regions import chessboard, road, silent, solved
from tests.solver.test_brute_force import best
from tests.solver.test_rules import region


def solved_after(problem: Problem, before: Solution) -> Solution:
    return solve(problem, Search(time_limit=60, workers=1), silent, before=before)


@pytest.mark.parametrize("seed", range(0, 320, 13))
def test_the_plan_is_the_best_under_more_rules(seed: int) -> None:
    problem = region(seed)
    before = solved(replace(problem, together=(), apart=()))
    found, expected = solved_after(problem, before), best(problem)
    if expected is None:
        assert found.status == "infeasible"
    else:
        assert found.status == "optimal"
        assert oracle.Lexicographic(found.short, found.above, found.cost) == expected


def test_other_rules_may_leave_others_aside_and_have_other_neighbours() -> None:
    free = road(20_000, 20_000, 20_000, 20_000)
    for ruled in (
        replace(free, fixed=((0, 1),)),
        replace(free, neighbours=((), (2,), (1, 3), (2,))),
        free.with_size(replace(free.size, largest=19_000, band_max=19_000, smallest=1)),
    ):
        for first, second in ((free, ruled), (ruled, free)):
            found, anew = solved_after(second, solved(first)), solved(second)
            assert (found.status, found.networks) == (anew.status, anew.networks)


def test_candidates_are_handed_on() -> None:
    problem = chessboard(4, 4, 10_000, (30_000, 50_000))
    before = solved(problem)
    assert before.columns is not None
    after = solved_after(replace(problem, apart=((0, 1),)), before)
    assert after.status == "optimal"
    assert not any({0, 1} <= {*network} for network in after.networks)
