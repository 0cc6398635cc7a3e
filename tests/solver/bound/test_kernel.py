"""Pricing against plain enumeration: every candidate under the threshold, each exactly once."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pcn_group.region.problem import FORBIDDEN, Hinge, Problem, SizeRule
from pcn_group.solver.bound.cuts import Cut, cut_dual_table, reduced_costs
from pcn_group.solver.bound.pricing import Priced, Pricer, Request
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance, build_instance
from tests import oracle
from tests.depth import many
from tests.shares import some_cuts, times_counted
from tests.solver.regions import chessboard, road

Ints = NDArray[np.int64]
EVERYTHING = FORBIDDEN // 2


@dataclass(frozen=True)
class Dues:
    """Duals and tolls in an instance's numbering."""

    duals: Ints
    cuts: tuple[Cut, ...]
    cut_duals: Ints

    def reduced(self, members: Sequence[int], cost: int) -> int:
        """By the definition: cost, less the duals, plus each toll for every whole it holds."""
        paid = sum(
            int(cut_dual) * times_counted(cut, members)
            for cut, cut_dual in zip(self.cuts, self.cut_duals, strict=True)
        )
        return cost - sum(int(self.duals[i]) for i in members) + paid


def no_dues(instance: Instance) -> Dues:
    return Dues(np.zeros(instance.size, dtype=np.int64), (), np.zeros(0, dtype=np.int64))


@st.composite
def dues(draw: st.DrawFn, practices: int) -> Dues:
    duals = draw(st.lists(st.integers(-(10**7), 10**8), min_size=practices, max_size=practices))
    cuts = tuple(draw(some_cuts(practices)))
    size = len(cuts)
    cut_duals = draw(st.lists(st.integers(0, 5 * 10**7), min_size=size, max_size=size))
    return Dues(np.array(duals, np.int64), cuts, np.array(cut_duals, np.int64))


@contextmanager
def pricer(instance: Instance, workers: int = 1) -> Iterator[Pricer]:
    made = Pricer(instance, workers, time.monotonic() + 60)
    try:
        yield made
    finally:
        made.close()


def price(instance: Instance, owed: Dues, threshold: int, **how: int) -> Priced:
    cut_duals = cut_dual_table(instance.size, owed.cuts, owed.cut_duals)
    with pricer(instance) as made:
        return made.price(Request(owed.duals, cut_duals, threshold, **how))


def found(priced: Priced) -> list[tuple[tuple[int, ...], int, int]]:
    """Members, cost and reduced cost of each column, in the order found."""
    return [
        (tuple(priced.columns.members_of(k).tolist()), int(priced.columns.costs[k]), int(reduced))
        for k, reduced in enumerate(priced.reduced)
    ]


def place_of(instance: Instance) -> dict[int, int]:
    """The number in the instance of each practice of the problem."""
    return {int(practice): i for i, practice in enumerate(instance.practices)}


def candidates(instance: Instance, owed: Dues) -> list[tuple[tuple[int, ...], int, int]]:
    """The same of every candidate, by looking at every set of practices."""
    place = place_of(instance)
    networks = oracle.networks(instance.problem).items()
    sets = [(tuple(place[i] for i in oracle.members(mask)), cost) for mask, cost in networks]
    return [(members, cost, owed.reduced(members, cost)) for members, cost in sets]


@settings(max_examples=many(250))
@given(problem=oracle.problems(), data=st.data())
def test_every_candidate_under_the_threshold_is_found_once(
    problem: Problem, data: st.DataObject
) -> None:
    instance = build_instance(problem)
    if instance.size == 0:
        return
    owed = data.draw(dues(instance.size))
    every = candidates(instance, owed)
    values = sorted(reduced for _, _, reduced in every) or [0]
    threshold = data.draw(st.sampled_from(values)) + data.draw(st.sampled_from([-1, 0, 1]))
    priced = price(instance, owed, threshold)
    expected = sorted(candidate for candidate in every if candidate[2] <= threshold)
    assert sorted(found(priced)) == expected
    assert priced.complete
    least = [0] * instance.size
    for members, _, reduced in expected:
        hub = place_of(instance)[problem.hub(instance.in_problem(members))]
        least[hub] = min(least[hub], reduced)
    assert priced.least.tolist() == least


@settings(max_examples=many(150))
@given(problem=oracle.problems(), data=st.data())
def test_asked_for_a_few_each_hub_gives_its_least(problem: Problem, data: st.DataObject) -> None:
    instance = build_instance(problem)
    if instance.size == 0:
        return
    owed, keep = data.draw(dues(instance.size)), data.draw(st.integers(1, 4))
    every = candidates(instance, owed)
    values: dict[int, list[int]] = defaultdict(list)
    for members, _, reduced in every:
        values[problem.hub(instance.in_problem(members))].append(reduced)
    priced = price(instance, owed, EVERYTHING, keep=keep)
    kept: dict[int, list[int]] = defaultdict(list)
    for members, cost, reduced in found(priced):
        assert (members, cost, reduced) in every
        kept[problem.hub(instance.in_problem(members))].append(reduced)
    assert {hub: sorted(some) for hub, some in kept.items()} == {
        hub: sorted(some)[:keep] for hub, some in values.items()
    }


@settings(max_examples=many(150))
@given(problem=oracle.problems(), data=st.data())
def test_the_reduced_costs_of_a_pool_follow_the_definition(
    problem: Problem, data: st.DataObject
) -> None:
    instance = build_instance(problem)
    if instance.size == 0:
        return
    owed = data.draw(dues(instance.size))
    every = candidates(instance, owed)
    columns = Columns.of([members for members, _, _ in every], [cost for _, cost, _ in every])
    cut_duals = cut_dual_table(instance.size, owed.cuts, owed.cut_duals)
    reduced = reduced_costs(columns.starts, columns.members, columns.costs, owed.duals, cut_duals)
    assert reduced.tolist() == [value for _, _, value in every]


def test_a_road_of_three_has_these_candidates() -> None:
    # A and B, B and C, all three: A alone is too small, A and C do not touch.
    instance = build_instance(road(20_000, 15_000, 15_000))
    assert sorted(found(price(instance, no_dues(instance), EVERYTHING))) == [
        ((0, 1), 15_000_000, 15_000_000),
        ((0, 1, 2), 35_000_000, 35_000_000),
        ((1, 2), 15_000_000, 15_000_000),
    ]


def paid(instance: Instance, cut: Cut) -> dict[tuple[int, ...], int]:
    """What each candidate pays of a toll of 100 on a cut."""
    owed = Dues(no_dues(instance).duals, (cut,), np.array([100]))
    every = found(price(instance, owed, EVERYTHING))
    return {members: reduced - cost for members, cost, reduced in every}


def test_a_toll_on_three_halves_is_paid_once_for_two_or_three() -> None:
    road_of_three = build_instance(road(20_000, 15_000, 15_000))
    halves = Cut((0, 1, 2), (1, 1, 1), 2)
    assert paid(road_of_three, halves) == {(0, 1): 100, (1, 2): 100, (0, 1, 2): 100}


def test_a_toll_on_thirds_is_paid_where_they_make_a_whole() -> None:
    road_of_four = build_instance(road(*[10_000] * 4, band=(20_000, 40_000)))
    thirds = Cut((1, 0, 2, 3), (2, 1, 1, 1), 3)
    assert paid(road_of_four, thirds) == {
        (0, 1): 100,
        (1, 2): 100,
        (2, 3): 0,
        (0, 1, 2): 100,
        (1, 2, 3): 100,
        (0, 1, 2, 3): 100,
    }


def test_a_toll_on_five_halves_is_paid_twice_for_four_or_five() -> None:
    road_of_five = build_instance(road(*[10_000] * 5, band=(30_000, 50_000)))
    halves = Cut((0, 1, 2, 3, 4), (1, 1, 1, 1, 1), 2)
    assert paid(road_of_five, halves) == {
        (0, 1, 2): 100,
        (1, 2, 3): 100,
        (2, 3, 4): 100,
        (0, 1, 2, 3): 200,
        (1, 2, 3, 4): 200,
        (0, 1, 2, 3, 4): 200,
    }


def test_duals_and_tolls_count_together() -> None:
    instance = build_instance(road(20_000, 15_000, 15_000))
    owed = Dues(np.array([0, 0, 5]), (Cut((0, 1, 2), (1, 1, 1), 2),), np.array([100]))
    reduced = {members: value for members, _, value in found(price(instance, owed, EVERYTHING))}
    assert reduced == {
        (0, 1): 15_000_100,
        (1, 2): 15_000_095,
        (0, 1, 2): 35_000_095,
    }


def test_prices_for_size_count() -> None:
    problem = road(20_000, 15_000, 15_000)
    rule = SizeRule(30_000, 50_000, 30_000, 50_000, (Hinge(at=40_000, below=2, above=3),))
    instance = build_instance(problem.with_size(rule))
    every = found(price(instance, no_dues(instance), EVERYTHING))
    costs = {members: cost for members, cost, _ in every}
    assert costs[0, 1] == 15_000_000 + 2 * 5_000
    assert costs[0, 1, 2] == 35_000_000 + 3 * 10_000


def test_a_forbidden_journey_needs_another_hub() -> None:
    problem = road(20_000, 15_000, 15_000)
    problem.cost[:, 1] = FORBIDDEN  # nobody may travel to B, not even B
    instance = build_instance(problem)
    assert sorted(found(price(instance, no_dues(instance), EVERYTHING))) == [
        ((0, 1), 15_000_000, 15_000_000),
        ((0, 1, 2), 45_000_000, 45_000_000),  # 15,000 from B to A and from C, twice as far
        ((1, 2), 15_000_000, 15_000_000),
    ]


BOARD = build_instance(chessboard(4, 5, 10_000, (10_000, 200_000)))
"""A region with so many candidates that a limit can come before the last."""


@pytest.mark.parametrize("limit", [{"node_limit": 1000}, {"most": 10}])
def test_cut_short_some_are_missing_and_the_least_is_only_a_bound(limit: dict[str, int]) -> None:
    # More is due from the middle of the board than from its sides.
    duals = np.array([min(k % 5, 4 - k % 5) * 10**7 for k in range(20)])
    owed = Dues(duals, (), np.zeros(0, dtype=np.int64))
    whole = price(BOARD, owed, EVERYTHING)
    priced = price(BOARD, owed, EVERYTHING, **limit)
    assert whole.complete
    assert not priced.complete
    assert 0 < len(priced.columns) < len(whole.columns)
    assert priced.nodes < whole.nodes
    assert (priced.least <= whole.least).all()
    assert (whole.least < 0).any()


def test_stopped_everything_is_cut_short() -> None:
    owed = no_dues(BOARD)
    with pricer(BOARD) as made:
        assert not made.is_stopped()
        made.stop()
        priced = made.price(Request(owed.duals, cut_dual_table(20, (), owed.cut_duals), EVERYTHING))
    assert made.is_stopped()
    assert not priced.complete


def test_a_deadline_stops_it() -> None:
    owed, late = no_dues(BOARD), Pricer(BOARD, 1, time.monotonic() - 1)
    try:
        priced = late.price(Request(owed.duals, cut_dual_table(20, (), owed.cut_duals), EVERYTHING))
    finally:
        late.close()
    assert not priced.complete


def test_threads_make_no_difference() -> None:
    owed, cut_duals = no_dues(BOARD), cut_dual_table(20, (), np.zeros(0, dtype=np.int64))
    with pricer(BOARD, workers=1) as one, pricer(BOARD, workers=3) as three:
        single = one.price(Request(owed.duals, cut_duals, 10**8))
        shared = three.price(Request(owed.duals, cut_duals, 10**8))
    assert found(single) == found(shared)
    assert len(single.columns) > 1000
