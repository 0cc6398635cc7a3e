"""Annealed drafts: always partitions into connected networks, always the same for a seed."""

from __future__ import annotations

import time
from contextlib import closing
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pcn_group.config.model import Configuration
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.bound.pricing import Pricer
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.search import anneal as annealing
from pcn_group.solver.search.anneal import AnnealedPlan, anneal, initial_plans
from tests import oracle
from tests.depth import many
from tests.solver.regions import chessboard, problem_of, road, sample


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


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_threads_anneal_the_plans_that_one_does(workers: int) -> None:
    instance = build_instance(problem_of(sample(40, 1), Configuration()))
    never = np.zeros(1, dtype=np.int64)
    with closing(Pricer(instance, workers, deadline=time.monotonic() + 3600)) as pricer:
        side_by_side = initial_plans(instance, 1, never, pricer.in_parallel)
    alone = initial_plans(instance, 1, never)
    assert side_by_side.rate == alone.rate
    for found, right in zip(
        (side_by_side.networks, *side_by_side.plans), (alone.networks, *alone.plans), strict=True
    ):
        assert found.keys() == right.keys()


def test_no_number_of_networks_is_annealed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = list[int]()

    def noted(
        instance: Instance, networks: int, seed: int, stop: NDArray[np.int64]
    ) -> AnnealedPlan:
        counts.append(networks)
        return anneal(instance, networks, seed, stop)

    monkeypatch.setattr(annealing, "anneal", noted)
    instance = build_instance(road(20_000, 20_000, 20_000, 20_000))
    initial_plans(instance, 1, np.zeros(1, dtype=np.int64))
    assert counts == [2]


def test_scattered_runs_begin_and_end_in_other_places() -> None:
    instance = build_instance(chessboard(8, 8, 1_000, (20_000, 22_000)))
    stopped, runs = np.ones(1, dtype=np.int64), range(1, 6)
    begun = [anneal(instance, 3, seed, stopped, is_scattered=True) for seed in runs]
    assert len({found.networks for found in begun}) == len(runs)
    assert len({anneal(instance, 3, seed, stopped).networks for seed in runs}) == 1
    for found in begun:
        assert_is_a_partition(instance, found)
    again = [anneal(instance, 3, seed, stopped, is_scattered=True) for seed in runs]
    assert again == begun


def assert_is_a_partition(instance: Instance, found: AnnealedPlan) -> None:
    assert sorted(chain.from_iterable(found.networks)) == list(range(instance.size))
    assert all(instance.is_contiguous(members) for members in found.networks)
