"""Sharing whole pence: nothing is lost, and nobody is a penny away from what is due."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.funding.members import equal_parts, half_up, shared

parts = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)
denominators = st.integers(1, 10**6)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"), [(5, 2, 3), (49, 100, 0), (50, 100, 1), (7, 7, 1)]
)
def test_a_half_is_rounded_up(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


def test_what_is_left_goes_to_the_largest_remainders() -> None:
    # 2.5, 1.7 and 0.8 come to 5: after 2, 1 and 0 two are left.
    assert shared(5, [25, 17, 8], 10) == [2, 2, 1]


def test_of_equal_remainders_the_first_gets_what_is_left() -> None:
    assert shared(2, [1, 1, 1, 1], 2) == [1, 1, 0, 0]


@given(parts, denominators)
def test_parts_add_up_and_none_is_a_whole_one_off(numerators: list[int], denominator: int) -> None:
    total = half_up(sum(numerators), denominator)
    assert abs(total - Fraction(sum(numerators), denominator)) <= Fraction(1, 2)
    got = shared(total, numerators, denominator)
    assert sum(got) == total
    assert all(
        abs(part - Fraction(numerator, denominator)) < 1
        for part, numerator in zip(got, numerators, strict=True)
    )


@given(parts, denominators, st.sampled_from([math.floor, math.ceil]))
def test_a_total_may_have_been_rounded_either_way(
    numerators: list[int], denominator: int, rounded: Callable[[Fraction], int]
) -> None:
    total = rounded(Fraction(sum(numerators), denominator))
    got = shared(total, numerators, denominator)
    assert sum(got) == total
    assert all(
        abs(part - Fraction(numerator, denominator)) < 1
        for part, numerator in zip(got, numerators, strict=True)
    )


@given(st.integers(0, 10**12), st.integers(1, 24))
def test_equal_parts_add_up_and_the_odd_pence_come_first(total: int, count: int) -> None:
    got = equal_parts(total, count)
    assert sum(got) == total
    assert got == sorted(got, reverse=True)
    assert got[0] - got[-1] <= 1
