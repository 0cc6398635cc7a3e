"""Columns: packing, taking and joining candidates."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.solver.columns import Columns

THREE = Columns.of([[2, 0], [1], [3, 1, 2]], [10, 20, 30])


def sets(columns: Columns) -> list[list[int]]:
    return [columns.members_of(k).tolist() for k in range(len(columns))]


def test_members_come_in_ascending_order() -> None:
    assert sets(THREE) == [[0, 2], [1], [1, 2, 3]]
    assert THREE.lengths.tolist() == [2, 1, 3]


def test_taking_by_position_or_by_mask() -> None:
    backwards = THREE.take(np.array([2, 0]))
    assert sets(backwards) == [[1, 2, 3], [0, 2]]
    assert backwards.costs.tolist() == [30, 10]
    assert sets(THREE.take(THREE.costs > 15)) == [[1], [1, 2, 3]]
    assert sets(THREE.take(THREE.costs > 99)) == []


def test_joining_keeps_the_order() -> None:
    both = THREE.joined(Columns.of([[0]], [5]))
    assert sets(both) == [[0, 2], [1], [1, 2, 3], [0]]
    assert both.costs.tolist() == [10, 20, 30, 5]


def test_equal_sets_have_equal_keys() -> None:
    again = Columns.of([[0, 2], [2, 1, 3]], [10, 30])
    assert again.keys() == [THREE.keys()[0], THREE.keys()[2]]


def test_the_matrix_has_a_row_for_each_practice() -> None:
    assert THREE.matrix(5).toarray().T.tolist() == [
        [1, 0, 1, 0, 0],
        [0, 1, 0, 0, 0],
        [0, 1, 1, 1, 0],
    ]


def test_holding_tells_for_each_column_whether_it_has_a_practice() -> None:
    assert THREE.holding(1).tolist() == [False, True, True]
    assert THREE.holding(0).tolist() == [True, False, False]
    assert THREE.holding(4).tolist() == [False, False, False]
    assert Columns.of([], []).holding(0).tolist() == []


@given(st.lists(st.sets(st.integers(0, 5)), max_size=8), st.integers(0, 5))
def test_holding_is_what_the_members_say(sets: list[set[int]], practice: int) -> None:
    columns = Columns.of([sorted(one) for one in sets], [1] * len(sets))
    assert columns.holding(practice).tolist() == [practice in one for one in sets]
