"""Plans that differ as much as possible, against looking at every pair of practices."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.solver.near_optimal.enumeration import Plans, differences, farthest_first

Labels = list[list[int]]


def pairs_of_patients(one: list[int], other: list[int], weights: list[int]) -> int:
    return sum(
        weights[i] * weights[j]
        for i, j in combinations(range(len(weights)), 2)
        if (one[i] == one[j]) != (other[i] == other[j])
    )


@st.composite
def several_plans(draw: st.DrawFn) -> tuple[Labels, list[int]]:
    """A few different plans of up to six practices: labels, patients."""
    n = draw(st.integers(1, 6))
    rows = st.lists(st.integers(0, 3), min_size=n, max_size=n)
    firsts = rows.map(lambda row: [row.index(label) for label in row])
    labels = draw(st.lists(firsts, min_size=1, max_size=8, unique_by=tuple))
    return labels, draw(st.lists(st.integers(1, 50_000), min_size=n, max_size=n))


@given(several_plans())
def test_plans_differ_by_pairs_of_patients(plans: tuple[Labels, list[int]]) -> None:
    labels, weights = plans
    found = differences(np.array(labels), np.array(labels[-1]), np.array(weights))
    assert found.tolist() == [pairs_of_patients(row, labels[-1], weights) for row in labels]


@given(several_plans(), st.integers(1, 9))
def test_each_plan_is_as_far_as_can_be_from_those_before(
    plans: tuple[Labels, list[int]], count: int
) -> None:
    labels, weights = plans
    chosen = farthest_first(np.array(labels), np.array(weights), count)
    assert chosen[0] == 0
    assert len(set(chosen)) == len(chosen) == min(count, len(labels))
    for number in range(1, len(chosen)):
        before = [labels[k] for k in chosen[:number]]
        away = [min(pairs_of_patients(row, other, weights) for other in before) for row in labels]
        assert chosen[number] == away.index(max(away))


def test_fewer_than_asked_for_are_all_there_are() -> None:
    together, apart = [0, 0], [0, 1]
    assert farthest_first(np.array([together, apart]), np.array([1, 1]), 5) == [0, 1]


def test_joined_plans_are_there_once_in_an_order_that_does_not_depend_on_how_they_came() -> None:
    best = Plans(np.array([[0, 1, 1]]), np.array([5]))
    some = Plans(np.array([[0, 0, 2], [0, 0, 0]]), np.array([9, 7]))
    more = Plans(np.array([[0, 1, 2], [0, 1, 1], [0, 0, 0]]), np.array([5, 5, 7]))
    for others in ((some, more), (more, some)):
        joined = best.joined(*others)
        assert joined.labels.tolist() == [[0, 1, 1], [0, 1, 2], [0, 0, 0], [0, 0, 2]]
        assert joined.costs.tolist() == [5, 5, 7, 9]
