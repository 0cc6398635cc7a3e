"""Places made up from travel, to draw practices that have none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.geography.land import straight_metres
from pcn_group.geography.scheme import scheme_places

NEVER = math.inf
MANY = st.lists(
    st.tuples(st.integers(0, 600), st.integers(0, 900)), min_size=2, max_size=9, unique=True
)


@given(MANY, st.sampled_from([1e-3, 1.0, 1e6]))
def test_ways_in_a_plane_are_drawn_as_they_are(spots: list[tuple[int, int]], unit: float) -> None:
    away = straight_metres(np.array(spots, dtype=np.float64), np.array(spots, dtype=np.float64))
    drawn = scheme_places(unit * away)
    again = straight_metres(drawn, drawn)
    np.testing.assert_allclose(again, away * again.max() / away.max(), atol=3)


def test_a_scheme_is_of_one_size_and_far_from_any_land() -> None:
    drawn = scheme_places(np.array([[0.0, 3, 7], [3, 0, 4], [7, 4, 0]]))
    assert drawn.tolist()[0] != drawn.tolist()[1]
    assert np.ptp(drawn, axis=0).tolist() == [20_000, 0]
    assert drawn.max() < -900_000


def test_there_and_back_count_alike_and_out_of_reach_is_farthest() -> None:
    drawn = scheme_places(np.array([[0.0, 2, NEVER], [4, 0, 3], [NEVER, 3, 0]]))
    away = straight_metres(drawn, drawn)
    assert away[0, 1] == pytest.approx(away[1, 2], abs=2)
    assert away[0, 2] > away[0, 1]


@pytest.mark.parametrize("practices", [1, 2, 5])
def test_practices_without_travel_between_them_are_at_one_place(practices: int) -> None:
    assert len(np.unique(scheme_places(np.zeros((practices, practices))), axis=0)) == 1


def test_nobody_within_reach_of_anybody_is_drawn_too() -> None:
    travel = np.full((4, 4), NEVER)
    np.fill_diagonal(travel, 0.0)
    drawn = scheme_places(travel)
    assert np.isfinite(drawn).all()
    assert len(np.unique(drawn, axis=0)) > 1
