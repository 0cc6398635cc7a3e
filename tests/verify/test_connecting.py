"""What practices pay to be connected, in the bounds of the plain checker."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_group.region.problem import Problem
from pcn_group.verify.connecting import connected
from tests import oracle
from tests.depth import many
from tests.verify.test_rules import road


@settings(deadline=None, max_examples=many(400))
@given(problem=oracle.problems(), data=st.data())
def test_no_connected_set_with_the_hub_becomes_dearer(
    problem: Problem, data: st.DataObject
) -> None:
    n = len(problem.codes)
    values = np.array(data.draw(st.lists(st.integers(-(10**8), 10**8), min_size=n, max_size=n)))
    hub = data.draw(st.integers(0, n - 1))
    near = sorted({hub, *data.draw(st.sets(st.integers(0, n - 1)))})
    shifted = connected(problem, hub, near, values)
    for mask in oracle.connected_sets(problem):
        members = list(oracle.members(mask))
        if hub in members and set(members) <= set(near):
            assert shifted[members].sum() <= values[members].sum()


def test_what_is_far_pays_for_the_way() -> None:
    # D saves 4, and B and C on the way to it cost 1 and 2: D pays for both, and saves 1.
    values = np.array([0, 1, 2, -4])
    problem = road(20_000, 1_000, 1_000, 10_000)
    assert connected(problem, 0, [0, 1, 2, 3], values).tolist() == [0, 0, 0, -1]


def test_what_cannot_be_reached_is_worth_nothing() -> None:
    values = np.array([0, 1, 2, -4])
    problem = road(30_000, 1_000, 1_000, 10_000)
    assert connected(problem, 0, [0, 1, 3], values).tolist() == [0, 1, 2, 0]


def test_what_is_beside_the_hub_pays_nothing() -> None:
    values = np.array([0, -1, 2, 3])
    problem = road(30_000, 1_000, 1_000, 10_000)
    assert connected(problem, 0, [0, 1, 2, 3], values).tolist() == values.tolist()
