"""Which circle lies over which."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.output.maps.placing import stacked

Circle = tuple[int, int, int, bool]


def test_hubs_lie_over_practices_and_what_is_within_a_hub_over_it() -> None:
    places = np.array([[0, 0], [0, 0], [0, 0], [9, 0], [1, 0]], dtype=float)
    radii = np.array([3, 2, 4, 3, 1.5])
    order, is_ring = stacked(places, radii, np.array([True, False, False, False, False]))
    assert order.tolist() == [2, 3, 0, 1, 4]
    assert is_ring.tolist() == [False, True, False, False, True]


def test_there_may_be_no_hubs_or_nothing_else() -> None:
    for is_hub in (True, False):
        order, is_ring = stacked(np.zeros((2, 2)), np.array([1.0, 2.0]), np.array([is_hub] * 2))
        assert order.tolist() == [1, 0]
        assert not is_ring.any()


@given(st.lists(st.tuples(*[st.integers(0, 6)] * 2, st.integers(1, 5), st.booleans()), min_size=1))
def test_nothing_is_hidden_by_what_is_larger(circles: list[Circle]) -> None:
    places = np.array([circle[:2] for circle in circles], dtype=float)
    radii = np.array([circle[2] for circle in circles], dtype=float)
    is_hub = np.array([circle[3] for circle in circles])
    order, is_ring = stacked(places, radii, is_hub)
    assert sorted(order.tolist()) == list(range(len(circles)))
    above = {k: number for number, k in enumerate(order.tolist())}
    for a in range(len(circles)):
        for b in range(len(circles)):
            covers = np.linalg.norm(places[a] - places[b]) + radii[b] <= radii[a]
            if covers and radii[a] > radii[b] and not is_ring[a]:
                assert above[b] > above[a]
            if is_hub[a] and not is_hub[b]:
                assert is_ring[b] or above[a] > above[b]
                assert is_ring[b] or not covers
