"""Ways in two stages, beside the same in plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from pcn_group.geography.joining import join_ways


@pytest.mark.parametrize("stops", [0, 1, 7])
def test_ways_over_stops_are_the_shortest_of_all(stops: int) -> None:
    rng = np.random.default_rng(stops)
    first, second = rng.random((5, stops)), rng.random((stops, 1_100))
    first[rng.random(first.shape) < 0.3] = np.inf
    second[rng.random(second.shape) < 0.3] = np.inf
    known = rng.random((5, 1_100))
    metres = known.copy()
    join_ways(first, second, metres)
    over = (first[:, :, None] + second).min(axis=1, initial=np.inf)
    np.testing.assert_array_equal(metres, np.minimum(known, over))
