"""Whether some practices fit into networks, against brute force over all sets of networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from pcn_group.config.model import Search
from pcn_group.region.problem import Problem
from pcn_group.solver.restricted import can_be_covered
from pcn_group.solver.search.state import Effort
from tests import oracle
from tests.depth import DEEP
from tests.infeasibility.regions import is_covered
from tests.solver.regions import chessboard, road
from tests.solver.test_brute_force import KINDS


def covered(problem: Problem, *wanted: int, seconds: float = 60.0) -> bool | None:
    effort = Effort.starting_now(Search(time_limit=seconds, workers=1))
    return can_be_covered(problem, wanted, effort)


def drawn(seed: int) -> tuple[Problem, Sequence[int]]:
    rng = np.random.default_rng(seed)
    practices = int(rng.integers(2, 11))
    problem = oracle.random_problem(rng, practices, **{kind: rng.random() < 0.25 for kind in KINDS})
    problem = oracle.with_random_rules(
        rng, problem, **{k: rng.random() < 0.3 for k in oracle.RULES}
    )
    count = int(rng.integers(1, practices + 1))
    return problem, rng.choice(practices, count, replace=False).tolist()


def test_others_may_be_left_out() -> None:
    problem = road(20_000, 20_000, 20_000)
    assert covered(problem, 0, 1) is True
    assert covered(problem, 1) is True
    assert covered(problem, 0, 2) is False  # both need the one in between


def test_arithmetic_does_not_count_where_some_may_be_left_out() -> None:
    assert covered(road(30_000, 10_000, 15_000), 0, 2) is False
    assert covered(road(30_000, 10_000, 15_000), 0, 1) is True


@pytest.mark.parametrize("seed", range(60 if DEEP else 20))
def test_it_is_as_brute_force_says(seed: int) -> None:
    problem, wanted = drawn(seed)
    assert covered(problem, *wanted) is is_covered(problem, wanted)


def test_both_answers_are_met() -> None:
    assert {is_covered(*drawn(seed)) for seed in range(20)} == {True, False}


def test_without_time_nothing_is_known() -> None:
    assert covered(chessboard(4, 4, 10_000, (30_000, 50_000)), *range(16), seconds=1e-9) is None
