"""Annealed drafts: always partitions into connected networks, always the same for a seed."""

from __future__ import annotations

from itertools import chain

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.search.anneal import AnnealedPlan, anneal
from tests import oracle
from tests.depth import many
from tests.solver.regions import chessboard, road


def annealed(
    instance: Instance, networks: int, seed: int = 1, *, stopped: bool = False
) -> AnnealedPlan:
    return anneal(instance, networks, seed, np.array([int(stopped)]))


def assert_is_a_partition_into_connected_networks(instance: Instance, found: AnnealedPlan) -> None:
    assert sorted(chain.from_iterable(found.networks)) == list(range(instance.size))
    connected = set(oracle.connected_sets(instance.problem))
    for members in found.networks:
        assert list(members) == sorted(members)
        assert oracle.mask_of(instance.in_problem(members)) in connected


@settings(max_examples=many(60))
@given(problem=oracle.problems(), networks=st.integers(1, 10), seed=st.integers(0, 2**31 - 1))
def test_a_draft_is_a_partition_and_says_what_it_is_worth(
    problem: Problem, networks: int, seed: int
) -> None:
    instance = build_instance(problem)
    if instance.size == 0:
        return
    found = annealed(instance, min(networks, instance.size), seed)
    assert_is_a_partition_into_connected_networks(instance, found)
    masks = [oracle.mask_of(instance.in_problem(members)) for members in found.networks]
    sizes = [oracle.patients(problem, mask) for mask in masks]
    outside = sum(
        max(0, problem.size.smallest - size, size - problem.size.largest) for size in sizes
    )
    crowd = sum(max(0, len(members) - problem.max_practices) for members in found.networks)
    kept = all(oracle.keeps_company(problem, mask) for mask in masks)
    assert (found.deviation == outside + crowd) == kept
    assert found.deviation >= outside + crowd
    costs = [oracle.cost(problem, mask) for mask in masks]
    if kept and max(costs) < FORBIDDEN:
        assert found.cost == sum(costs)


@settings(max_examples=many(20))
@given(problem=oracle.problems(), seed=st.integers(0, 2**31 - 1))
def test_the_same_seed_gives_the_same_draft(problem: Problem, seed: int) -> None:
    instance = build_instance(problem)
    if instance.size == 0:
        return
    networks = max(1, instance.size // 3)
    assert annealed(instance, networks, seed) == annealed(instance, networks, seed)


@settings(max_examples=many(20))
@given(oracle.problems())
def test_stopped_it_gives_what_it_has(problem: Problem) -> None:
    instance = build_instance(problem)
    if instance.size == 0:
        return
    found = annealed(instance, max(1, instance.size // 3), stopped=True)
    assert_is_a_partition_into_connected_networks(instance, found)


def test_among_a_few_it_finds_the_best_cut_of_a_road() -> None:
    instance = build_instance(road(20_000, 15_000, 25_000, 20_000))
    few = [annealed(instance, 2, seed) for seed in range(5)]
    assert AnnealedPlan(((0, 1), (2, 3)), 0, 35_000_000) in few


def test_it_keeps_the_band_where_that_is_easy() -> None:
    board = build_instance(chessboard(4, 6, 10_000, (30_000, 50_000)))
    found = annealed(board, 6)
    assert found.deviation == 0
    # Six squares of four: two journeys of a step and one across to the hub, or a little more.
    assert found.cost <= 1.1 * 6 * 10_000 * (1000 + 1000 + 1414)


def test_parts_that_no_seed_reaches_are_networks_of_their_own() -> None:
    apart = Problem(
        codes=("A", "B", "C"),
        weights=np.array([10, 10, 10]),
        cost=np.array([[0, 10, 90], [10, 0, 80], [90, 80, 0]]),
        neighbours=((1,), (0,), ()),
        size=road(1).size,
        max_practices=3,
    )
    assert annealed(build_instance(apart), 1).networks == ((0, 1), (2,))
