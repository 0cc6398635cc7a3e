"""The exact selection against all plans of small regions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from pcn_group.region.problem import Problem
from pcn_group.solver.bound.cuts import Cut
from pcn_group.solver.columns import Columns, Limit
from pcn_group.solver.search.set_partitioning import Budget, Verdict, best_partition
from tests import oracle
from tests.depth import many
from tests.shares import some_cuts
from tests.solver.regions import chessboard, road

AMPLE = Budget(seconds=60.0, effort=1e6)

Networks = tuple[tuple[int, ...], ...]


def pool(problem: Problem) -> Columns:
    """Every candidate of a region without oversize practices."""
    networks = oracle.networks(problem)
    return Columns.of([oracle.members(mask) for mask in networks], networks.values())


def plans(problem: Problem) -> list[tuple[int, Networks]]:
    """Every plan and its cost, each network's practices ascending, networks by their first."""
    return [
        (cost, tuple(sorted(oracle.members(mask) for mask in plan)))
        for cost, plan in oracle.all_plans(problem)
    ]


def networks(columns: Columns, chosen: tuple[int, ...] | None) -> Networks:
    assert chosen is not None
    return tuple(sorted(tuple(columns.members_of(k).tolist()) for k in chosen))


def no_duals(problem: Problem) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.zeros(len(problem.codes), dtype=np.int64)


regions = oracle.problems(max_practices=8).filter(
    lambda problem: not problem.aside and oracle.networks(problem)
)


@settings(max_examples=many(100))
@given(problem=regions, data=st.data())
def test_the_best_plan_is_chosen_whatever_the_duals(problem: Problem, data: st.DataObject) -> None:
    n, columns = len(problem.codes), pool(problem)
    dual = st.integers(-(10**7), 10**8)
    duals = np.array(data.draw(st.lists(dual, min_size=n, max_size=n)), dtype=np.int64)
    partition = best_partition(columns, n, duals, (), AMPLE)
    best = oracle.best_cost(problem)
    if best is None:
        assert partition.verdict is Verdict.NONE
        assert partition.chosen is None
    else:
        assert partition.verdict is Verdict.BEST
        cost = int(columns.costs[list(partition.chosen or ())].sum())
        assert (cost, networks(columns, partition.chosen)) in plans(problem)
        assert cost == best


@settings(max_examples=many(60))
@given(problem=regions, data=st.data())
def test_plans_that_cost_too_much_do_not_count(problem: Problem, data: st.DataObject) -> None:
    best = oracle.best_cost(problem)
    if best is None:
        return
    n, columns = len(problem.codes), pool(problem)
    spare = data.draw(st.integers(0, 10**6))
    assert best_partition(
        columns, n, no_duals(problem), (), AMPLE, cost_at_most=best + spare
    ).verdict is Verdict.BEST  # fmt: skip
    dear = best_partition(columns, n, no_duals(problem), (), AMPLE, cost_at_most=best - 1 - spare)
    assert (dear.verdict, dear.chosen) == (Verdict.NONE, None)


@settings(max_examples=many(60))
@given(problem=regions, data=st.data())
def test_limits_hold_for_the_plan_as_a_whole(problem: Problem, data: st.DataObject) -> None:
    n, columns = len(problem.codes), pool(problem)
    amounts = data.draw(st.lists(st.integers(0, 9), min_size=len(columns), max_size=len(columns)))
    total = data.draw(st.integers(0, 20))
    limit = Limit(np.array(amounts, dtype=np.int64), total)
    amount = {tuple(columns.members_of(k).tolist()): a for k, a in enumerate(amounts)}
    within = [cost for cost, plan in plans(problem) if sum(amount[one] for one in plan) <= total]
    partition = best_partition(columns, n, no_duals(problem), (), AMPLE, limits=[limit])
    if within:
        assert int(columns.costs[list(partition.chosen or ())].sum()) == min(within)
    else:
        assert partition.verdict is Verdict.NONE


@settings(max_examples=many(60))
@given(problem=regions, data=st.data())
def test_cuts_change_nothing(problem: Problem, data: st.DataObject) -> None:
    n, columns = len(problem.codes), pool(problem)
    cuts = data.draw(some_cuts(n))
    partition = best_partition(columns, n, no_duals(problem), cuts, AMPLE)
    best = oracle.best_cost(problem)
    assert partition.verdict is (Verdict.NONE if best is None else Verdict.BEST)
    if partition.chosen is not None:
        assert int(columns.costs[list(partition.chosen)].sum()) == best


class Wrong(Cut):
    """A cut that allows less than it may."""

    __slots__ = ()

    @property
    def most(self) -> int:
        return super().most - 1


def test_cuts_are_stated() -> None:
    # No plan breaks a cut, so only one that is wrong can show that it is there.
    region = road(20_000, 15_000, 25_000, 20_000)
    assert [plan for _, plan in plans(region)] == [((0, 1), (2, 3))]
    right, wrong = Cut((0, 2, 3), (1, 1, 1), 2), Wrong((0, 2, 3), (1, 1, 1), 2)
    assert best_partition(pool(region), 4, no_duals(region), [right], AMPLE).verdict is Verdict.BEST
    assert best_partition(pool(region), 4, no_duals(region), [wrong], AMPLE).verdict is Verdict.NONE


def test_with_too_little_effort_nothing_is_claimed() -> None:
    region = chessboard(3, 4, 10_000, (30_000, 50_000))
    columns = pool(region)
    tiny = Budget(seconds=60.0, effort=0.0)
    partition = best_partition(columns, 12, no_duals(region), (), tiny)
    assert partition.verdict in (Verdict.UNKNOWN, Verdict.FOUND)


def hopeless() -> Columns:
    """Random networks of 80 practices: whether any of them make a plan is hard to tell."""
    rng = np.random.default_rng(1)
    sets = [rng.choice(80, size=rng.integers(4, 7), replace=False).tolist() for _ in range(3000)]
    return Columns.of(sets, rng.integers(1, 1000, size=3000).tolist())


@pytest.mark.parametrize("wall_time", [0.39, 0.2])
def test_out_of_time_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch, wall_time: float) -> None:
    # On a busy machine CP-SAT has been seen to stop at half its limit; that is no Ctrl-C.
    monkeypatch.setattr(cp_model.CpSolver, "wall_time", property(lambda _: wall_time))
    duals = np.zeros(80, dtype=np.int64)
    try:
        partition = best_partition(hopeless(), 80, duals, (), Budget(seconds=0.4, effort=1e6))
    except KeyboardInterrupt:  # pytest would stop there
        pytest.fail("taken for Ctrl-C")
    assert (partition.verdict, partition.chosen) == (Verdict.UNKNOWN, None)


def test_stopped_nothing_is_claimed_either() -> None:
    duals, ample = np.zeros(80, dtype=np.int64), Budget(seconds=600, effort=1e6)
    partition = best_partition(hopeless(), 80, duals, (), ample, stopped=lambda: True)
    assert (partition.verdict, partition.chosen) == (Verdict.UNKNOWN, None)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_gives_the_same_choice(seed: int) -> None:
    region = chessboard(3, 4, 10_000, (30_000, 50_000))
    columns = pool(region)
    chosen = [
        best_partition(columns, 12, no_duals(region), (), AMPLE, seed=seed).chosen for _ in range(3)
    ]
    assert chosen[0] == chosen[1] == chosen[2]
