"""Practices that pay their separators: bounds are higher, and what is enumerated stays the same."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.bound.cuts import Cut, cut_dual_table, reduced_costs
from pcn_group.solver.bound.kernel_columns import Enumerated
from pcn_group.solver.bound.kernel_state import (
    BOUND,
    FOUND,
    NODES,
    KernelState,
    empty_state,
)
from pcn_group.solver.bound.pricing import Priced, Pricer, Request
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance, Region, build_instance
from tests import oracle
from tests.depth import many
from tests.shares import some_cuts
from tests.solver.banded import with_random_bands
from tests.solver.regions import chessboard, road


class Separating(Pricer):
    """Lets practices pay their separators from the first node on."""

    def enumerated(self, region: Region, request: Request, hub: int) -> Enumerated:
        state = empty_state(region, request.cut_duals, with_separators=True)
        return self.resumed(region, request, hub, state)


def request(instance: Instance, duals: list[int], threshold: int, cuts: list[Cut]) -> Request:
    """What is asked for, with a dual of 20,000 patient-km on each cut."""
    table = cut_dual_table(instance.size, cuts, np.full(len(cuts), 2 * 10**7))
    return Request(np.array(duals, dtype=np.int64), table, threshold)


def priced(instance: Instance, asked: Request) -> Priced:
    pricer = Separating(instance, 1, time.monotonic() + 60)
    try:
        return pricer.price(asked)
    finally:
        pricer.close()


def enumerated(
    instance: Instance, asked: Request, hub: int, *, with_separators: bool
) -> KernelState:
    """The state of a hub's enumeration at its end."""
    pricer = Pricer(instance, 1, time.monotonic() + 60)
    state = empty_state(instance.region, asked.cut_duals, with_separators=with_separators)
    try:
        pricer.resumed(instance.region, asked, hub, state)
    finally:
        pricer.close()
    return state


@settings(max_examples=many(400), deadline=None)
@given(problem=oracle.problems(), data=st.data())
def test_every_candidate_under_the_threshold_is_found_all_the_same(
    problem: Problem, data: st.DataObject
) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    problem = with_random_bands(rng, problem, data.draw(st.integers(0, 2)))
    instance = build_instance(problem)
    n = instance.size
    if n == 0:
        return
    duals = data.draw(st.lists(st.integers(-(10**7), 10**8), min_size=n, max_size=n))
    cuts = data.draw(some_cuts(n))
    place = {int(practice): i for i, practice in enumerate(instance.practices)}
    every = oracle.networks(problem)
    columns = Columns.of(
        [[place[i] for i in oracle.members(mask)] for mask in every], list(every.values())
    )
    asked = request(instance, duals, 0, cuts)
    reduced = reduced_costs(
        columns.starts, columns.members, columns.costs, asked.duals, asked.cut_duals
    )
    threshold = data.draw(st.sampled_from([*reduced.tolist(), 0]))
    found = priced(instance, asked._replace(threshold=threshold))
    expected = columns.take(reduced <= threshold)
    assert sorted(found.columns.keys()) == sorted(expected.keys())
    assert sorted(found.reduced.tolist()) == sorted(reduced[reduced <= threshold].tolist())
    assert found.complete


@settings(max_examples=many(400), deadline=None)
@given(problem=oracle.problems(), data=st.data())
def test_a_connected_set_around_a_hub_pays_no_more_than_it_gets(
    problem: Problem, data: st.DataObject
) -> None:
    instance = build_instance(problem)
    n = instance.size
    if n == 0:
        return
    duals = data.draw(st.lists(st.integers(-(10**7), 10**8), min_size=n, max_size=n))
    hub = data.draw(st.integers(0, n - 1))
    asked = request(instance, duals, -FORBIDDEN, [])
    shifts = enumerated(instance, asked, hub, with_separators=True).shifts
    region = instance.region
    near = set(region.near[region.near_start[hub] : region.near_start[hub + 1]].tolist())
    place = {int(practice): i for i, practice in enumerate(instance.practices)}
    for mask in oracle.connected_sets(problem):
        members = {place.get(i, -1) for i in oracle.members(mask)}
        if hub in members and members <= near:
            assert sum(int(shifts[i]) for i in members) <= 0


def test_what_is_far_pays_for_the_way() -> None:
    # Beside A, B costs 1 km for 1,000 patients, C 2 km, and D 4,000 patient-km less than it is
    # worth: it pays C for 2 km and B for 1, and a thousand patient-km are left.
    instance = build_instance(road(10_000, 1_000, 1_000, 10_000, band=(20_000, 40_000)))
    asked = request(instance, [0, 0, 0, 34_000_000], -FORBIDDEN, [])
    plain = enumerated(instance, asked, 0, with_separators=False)
    paying = enumerated(instance, asked, 0, with_separators=True)
    assert plain.bounds[BOUND] == -4_000_000
    assert plain.shifts.tolist() == [0, 0, 0, 0]
    assert paying.bounds[BOUND] == -1_000_000
    assert paying.shifts.tolist() == [0, -1_000_000, -2_000_000, 3_000_000]


def test_an_enumeration_that_takes_long_goes_on_with_separators() -> None:
    # From one corner the others are worth going to, but what lies between costs more than all.
    board = build_instance(chessboard(7, 7, 10_000, (40_000, 120_000)))
    duals = [0] * 49
    for corner in (6, 42, 48):
        duals[corner] = 18 * 10**7
    asked = request(board, duals, -1, [])
    plain = enumerated(board, asked, 0, with_separators=False)
    pricer = Pricer(board, 1, time.monotonic() + 60)
    try:
        found = pricer.enumerated(board.region, asked, 0)
    finally:
        pricer.close()
    assert found.complete
    assert len(found.lengths) == plain.now[FOUND] == 0
    assert found.nodes < plain.now[NODES] / 4
