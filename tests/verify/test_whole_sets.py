"""The checker's best set of whole practices: against all sets there are."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from pcn_group.verify.whole_sets import least_change

NEVER = 2**61


def by_trying_all(
    patients: int, off: np.ndarray, more: np.ndarray, rate: int, end: int, band: tuple[int, int]
) -> int:
    best = NEVER
    for changed in product((0, 1), repeat=len(off)):
        size = patients + int(more @ np.array(changed))
        if band[0] <= size <= band[1]:
            best = min(best, int(off @ np.array(changed)) + rate * (size - end) // 1024)
    return best


@pytest.mark.parametrize("seed", range(60))
def test_it_is_the_least_of_all_changes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    band = (30_000, (30_100, 36_000, 60_000)[seed % 3])
    more = rng.integers(2_000, 12_000, 10) * rng.choice((-1, 1), 10)
    off = rng.integers(0, 50_000, 10)
    patients = int(rng.integers(20_000, 45_000))
    # Who is short of the minimum is paid for by patients who come in; beyond the maximum they pay.
    rate, end = (int(rng.integers(0, 9_000)), band[0]) if seed % 2 else (-2_000, band[1])
    expected = by_trying_all(patients, off, more, rate, end, band)
    assert least_change(patients, off, more, rate, end, band) == expected


def test_nothing_changes_where_the_set_is_at_the_end_of_the_band() -> None:
    off, more = np.array([5, 0]), np.array([1_000, -1_000])
    assert least_change(30_000, off, more, 1_024, 30_000, (30_000, 50_000)) == 0


def test_out_of_reach_of_the_band_there_is_no_set() -> None:
    off, more = np.array([5, 7]), np.array([1_000, 2_000])
    assert least_change(20_000, off, more, 1_024, 30_000, (30_000, 50_000)) == NEVER
