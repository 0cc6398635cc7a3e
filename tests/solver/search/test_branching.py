"""Tightening and splitting a pool, against all plans that can be made of its columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.glop.parameters_pb2 import GlopParameters

from pcn_group.config.model import Search
from pcn_group.solver import linear_program
from pcn_group.solver.bound.relaxation import Proof
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.search import expansion, search
from pcn_group.solver.search import set_partitioning as division
from pcn_group.solver.search.set_partitioning import Node, branch, tightened
from pcn_group.solver.search.state import Effort
from tests import oracle
from tests.depth import DEEP, many
from tests.shares import times_counted
from tests.solver.regions import road, silent

Networks = frozenset[frozenset[int]]
Pool = dict[frozenset[int], int]
"""Networks and what they cost."""


def anything(practices: int) -> Instance:
    """A region in which any network may be: what a pool holds is up to the test."""
    return build_instance(road(*[10] * practices, band=(1, 10 * practices)))


def part_of(pool: Pool, practices: int) -> Node:
    """A part of which nothing is known but that costs are not negative."""
    columns = Columns.of([sorted(network) for network in pool], pool.values())
    nothing = np.zeros(0, dtype=np.int64)
    return Node(columns, Proof(np.zeros(practices, dtype=np.int64), (), nothing))


def networks(node: Node) -> set[frozenset[int]]:
    columns = node.columns
    return {frozenset(columns.members_of(k).tolist()) for k in range(len(columns))}


def plans(pool: Pool, practices: int) -> dict[Networks, int]:
    """Every plan made of a pool's networks, and its cost."""

    def extend(left: frozenset[int], cost: int, chosen: Networks) -> dict[Networks, int]:
        if not left:
            return {chosen: cost}
        found: dict[Networks, int] = {}
        for network, own in pool.items():
            if min(left) in network and network <= left:
                found |= extend(left - network, cost + own, chosen | {network})
        return found

    return extend(frozenset(range(practices)), 0, frozenset())


def assert_proven(node: Node) -> None:
    """The bound of a part is what its proof adds up to, and no column is under zero by it."""
    proof, columns = node.proof, node.columns
    cut_duals = list(zip(proof.cuts, proof.cut_duals.tolist(), strict=True))
    paid = sum(cut_dual * cut.most for cut, cut_dual in cut_duals)
    assert min(proof.cut_duals.tolist(), default=0) >= 0
    assert node.bound == int(proof.duals.sum()) - paid
    for k, cost in enumerate(columns.costs.tolist()):
        members = columns.members_of(k).tolist()
        tolled = sum(cut_dual * times_counted(cut, members) for cut, cut_dual in cut_duals)
        assert cost - int(proof.duals[members].sum()) + tolled >= 0


@st.composite
def pools(draw: st.DrawFn, practices: int) -> Pool:
    """Networks of up to four: in some pools they make plans, in some they do not."""
    dearest = draw(st.sampled_from([3, 100, 10**8]))
    network = st.frozensets(st.integers(0, practices - 1), min_size=1, max_size=4)
    return draw(st.dictionaries(network, st.integers(0, dearest), min_size=1, max_size=30))


@st.composite
def cases(draw: st.DrawFn) -> tuple[int, Pool, int]:
    """Practices, a pool, and a limit near to what its plans cost, if it has any."""
    practices = draw(st.integers(2, 7))
    pool = draw(pools(practices))
    costs = sorted(plans(pool, practices).values()) or [sum(pool.values())]
    limit = draw(st.sampled_from(costs)) + draw(st.sampled_from([-1, 0, 0, 1, max(pool.values())]))
    return practices, pool, max(0, limit)


def never() -> bool:
    return False


# --- tightened ---------------------------------------------------------------------------------


@settings(max_examples=many(200))
@given(case=cases(), stopped=st.booleans())
def test_tightened_a_part_keeps_every_plan_that_is_cheap_enough(
    case: tuple[int, Pool, int], *, stopped: bool
) -> None:
    practices, pool, limit = case
    node = tightened(anything(practices), part_of(pool, practices), limit, lambda: stopped)
    assert networks(node) <= set(pool)
    for plan, cost in plans(pool, practices).items():
        if cost <= limit:
            assert plan <= networks(node)
            assert node.bound <= cost
    assert_proven(node)
    assert all(0 <= first < second < practices for first, second in node.pairs)


@settings(max_examples=many(60))
@given(cases())
def test_tightened_twice_a_part_is_no_looser(case: tuple[int, Pool, int]) -> None:
    practices, pool, limit = case
    once = tightened(anything(practices), part_of(pool, practices), limit, never)
    twice = tightened(anything(practices), once, limit, never)
    assert once.bound >= 0
    assert twice.bound >= once.bound
    assert networks(twice) <= networks(once)


@settings(max_examples=many(60))
@given(cases())
def test_where_a_practice_is_in_no_network_nothing_is_left_to_look_at(
    case: tuple[int, Pool, int],
) -> None:
    practices, pool, limit = case
    node = tightened(anything(practices + 1), part_of(pool, practices + 1), limit, never)
    assert len(node.columns) == 0 or node.bound >= limit


RING: Pool = {frozenset(pair): 10 for pair in ((0, 1), (1, 2), (0, 2))}
"""Halves of these cover three practices for 15; no plan does."""


def test_a_ring_of_three_is_closed_by_a_cut() -> None:
    pool = RING | {frozenset({0, 1, 2}): 1000}
    node = tightened(anything(3), part_of(pool, 3), 1000, never)
    assert 999 <= node.bound <= 1000
    assert [(cut.practices, cut.shares, cut.whole) for cut in node.proof.cuts] == [
        ((0, 1, 2), (1, 1, 1), 2)
    ]


def test_a_part_beyond_the_limit_is_emptied() -> None:
    pool = RING | {frozenset({0, 1, 2}): 1000}
    node = tightened(anything(3), part_of(pool, 3), 990, never)
    assert len(node.columns) == 0 or node.bound > 990
    again = tightened(anything(3), node, 989, never)
    assert len(again.columns) == 0


def test_a_part_may_run_empty_between_two_rounds() -> None:
    # Any two of these have one practice in common, so a third of each covers all seven for 35/3.
    # Rounding leaves 7 of it, and a reduced cost of 2 to each: none can be in a plan of 8.
    lines = [(0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5)]
    pool: Pool = {frozenset(line): 5 for line in lines}
    node = tightened(anything(7), part_of(pool, 7), 8, never)
    assert len(node.columns) == 0


def test_without_columns_there_is_nothing_to_tighten() -> None:
    node = part_of({}, 3)
    assert len(tightened(anything(3), node, 100, never).columns) == 0


def test_where_the_linear_program_fails_a_part_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hopeless = GlopParameters(max_number_of_iterations=0, use_preprocessing=False)
    monkeypatch.setattr(linear_program, "_ATTEMPTS", (hopeless,))
    node = part_of(RING | {frozenset({0, 1, 2}): 1000}, 3)
    assert tightened(anything(3), node, 1000, never) is node
    together, apart = branch(anything(3), Node(node.columns, node.proof, ((0, 1),)), 1000, never)
    assert networks(together) | networks(apart) == networks(node)


# --- split -------------------------------------------------------------------------------------


@settings(max_examples=many(200))
@given(cases(), st.data())
def test_every_plan_that_is_cheap_enough_is_in_one_half(
    case: tuple[int, Pool, int], data: st.DataObject
) -> None:
    practices, pool, limit = case
    whole = part_of(pool, practices)
    order = data.draw(st.permutations(range(practices)))
    pairs = [(order[0], order[1]), (order[1], order[0])][: data.draw(st.integers(1, 2))]
    children = branch(
        anything(practices), Node(whole.columns, whole.proof, tuple(pairs)), limit, never
    )
    assert children[0].bound >= children[1].bound
    for plan, cost in plans(pool, practices).items():
        if cost <= limit:
            (child,) = (child for child in children if plan <= networks(child))
            assert child.bound <= cost
    for child in children:
        assert networks(child) <= set(pool)
        assert_proven(child)


def test_one_half_has_a_pair_together_the_other_apart() -> None:
    pool: Pool = dict.fromkeys(
        [frozenset(one) for one in ((0, 1), (2, 3), (0, 2), (1, 3), (0, 1, 2, 3), (0,), (1, 2, 3))],
        10,
    )
    whole = part_of(pool, 4)
    children = branch(anything(4), Node(whole.columns, whole.proof, ((0, 1),)), 40, never)
    assert {frozenset(networks(child)) for child in children} == {
        frozenset(map(frozenset, [{0, 1}, {2, 3}, {0, 1, 2, 3}])),
        frozenset(map(frozenset, [{2, 3}, {0, 2}, {1, 3}, {0}, {1, 2, 3}])),
    }


def test_the_pair_is_taken_that_raises_both_bounds() -> None:
    # Apart, 0 and 1 cost 100 more. Whether 4 and 5 are together makes little difference.
    pool: Pool = {frozenset({0, 1}): 10, frozenset({2, 3}): 10, frozenset({0, 2}): 60}
    pool |= {frozenset({1, 3}): 60, frozenset({4}): 10, frozenset({5}): 15, frozenset({4, 5}): 30}
    whole = part_of(pool, 6)
    node = Node(whole.columns, whole.proof, ((4, 5), (0, 1)))
    bounds = [child.bound for child in branch(anything(6), node, 200, never)]
    assert sorted(plans(pool, 6).values()) == [45, 50, 145, 150]
    assert bounds == pytest.approx([145, 45], abs=6)


# --- the search that rests on it ---------------------------------------------------------------


SEEDS = (12, 61, 98, 146, 164, 176, 183, 211, 264, 278, 288, 292)
"""Of small regions that are divided most often"""


@pytest.mark.parametrize("first_reach", [0.002, pytest.param(0.05, marks=pytest.mark.deep)])
@pytest.mark.parametrize(("listing", "fewest_splits"), [(0, 6), (5, 6), (10**9, 0)])
def test_however_small_the_parts_the_best_plan_is_found(
    monkeypatch: pytest.MonkeyPatch, first_reach: float, listing: int, fewest_splits: int
) -> None:
    splits: list[tuple[Node, Node]] = []

    def watched(instance: Instance, node: Node, cost: int, stopped: Callable[[], bool]) -> object:
        splits.append(branch(instance, node, cost, stopped))
        return splits[-1]

    # Few cuts, and divided until nothing can be: small regions are not worth it otherwise. Where
    # listing may look at enough columns, there is nothing to divide.
    monkeypatch.setattr(expansion, "branch", watched)
    monkeypatch.setattr(expansion, "_LISTING_EFFORT", listing)
    monkeypatch.setattr(expansion, "_SOLVABLE", 0)
    monkeypatch.setattr(expansion, "_FIRST_REACH", first_reach)
    monkeypatch.setattr(search, "_CUT_ROUNDS", 0)
    monkeypatch.setattr(division, "_MOST_ROUNDS", 1)
    for seed in SEEDS if DEEP else SEEDS[::2]:
        rng = np.random.default_rng(seed)
        n = int(rng.integers(10, 14))
        problem = oracle.random_problem(rng, n, hinges=seed % 2 == 0)
        effort = Effort.starting_now(Search(time_limit=60.0, seed=1, workers=1))
        outcome = search.search(build_instance(problem), effort, silent)
        assert (outcome.cost, outcome.proven) == (oracle.best_cost(problem), True)
    assert (len(splits) > fewest_splits) is (fewest_splits > 0)
