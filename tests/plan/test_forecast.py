"""The years to come, against what they were made of."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import pytest

from pcn_group.base.errors import InputError
from pcn_group.plan.forecast import Growth, Past, forecast, growth_of
from pcn_group.practices.growth import Extract, Site

DAY = "2026-01-01"
BAND = (30_000, 50_000)
SOURCES: tuple[Literal["given"], ...] = ("given", "given")


def table(*sizes: int) -> pd.DataFrame:
    """Practices a kilometre apart."""
    numbers = np.arange(len(sizes))
    return pd.DataFrame(
        {
            "practice_code": [f"P{number}" for number in numbers],
            "list_size": sizes,
            "easting": 500_000.0 + 1000 * numbers,
            "northing": 220_000.0,
        }
    )


def growing(rates: list[float], years: int, past: Past | None = None) -> Growth:
    homes = np.zeros((len(rates), years), dtype=np.int64)
    return Growth(np.array(rates), SOURCES[: len(rates)], homes, past)


def test_lists_grow_by_the_rates_given() -> None:
    found = forecast(np.array([20_000, 10_000]), [[0, 1]], growing([0.1, -0.1], 2), BAND, 10, 1)
    assert found.practices.tolist() == [[22_000, 24_200], [9_000, 8_100]]
    (network,) = found.networks
    assert network.patients.tolist() == [31_000, 32_300]
    assert network.scenarios is None


def test_without_a_rate_a_list_grows_by_the_median_of_the_region() -> None:
    before = Extract("then.csv", "2024-01-01", {"P0": 10_000, "P1": 10_000, "P2": 10_000})
    later = table(10_201, 10_404, 14_400)  # 1 %, 2 % and 20 % in each of two years
    growth = growth_of(later, DAY, 3, [before], {"P2": 0.0})
    assert growth.source == ("past", "past", "given")
    assert growth.rates == pytest.approx([0.02, 0.02, 0.0], abs=1e-4)
    assert growth.past is not None
    assert growth.past.years == 2
    assert growth.past.rates == pytest.approx([0.01, 0.02, 0.2], abs=1e-3)


def test_small_lists_have_little_weight() -> None:
    past = Past(np.array([0.01, 0.02, 5.0]), np.array([9_000, 900, 100]), 1)
    assert past.median == 0.01
    assert past.quantiles(np.array([0.0, 0.899, 0.905, 0.9899, 0.995])).tolist() == [
        0.01,
        0.01,
        0.02,
        0.02,
        5.0,
    ]


def test_several_extracts_are_several_intervals() -> None:
    extracts = [
        Extract("b.csv", "2025-01-01", {"P0": 11_000}),
        Extract("a.csv", "2024-01-01", {"P0": 10_000}),
    ]
    past = growth_of(table(11_000), DAY, 1, extracts).past
    assert past is not None
    assert past.rates == pytest.approx([0.0, 0.1], abs=1e-3)
    assert past.years == 1


def test_new_homes_are_at_the_nearest_practice_by_the_end_of_their_year() -> None:
    sites = [Site("Mill", 500, 2027, 501_100, 220_000), Site("Old", 70, 2025, 500_000, 220_000)]
    growth = growth_of(table(9_000, 200, 9_000), DAY, 3, sites=sites, least=1_000)
    assert growth.homes.tolist() == [[0, 0, 0], [0, 0, 0], [0, 500, 500]]
    assert growth.notes == ("Old is of 2025: its people are on the lists already.",)
    found = forecast(np.array([9_000, 200, 9_000]), [[0], [1, 2]], growth, BAND, 10, 1)
    assert found.networks[1].patients.tolist() == [9_200, 9_700, 9_700]


def test_homes_far_from_any_practice_are_told() -> None:
    growth = growth_of(table(9_000), DAY, 1, sites=[Site("Far", 10, 2026, 520_000, 220_000)])
    assert growth.notes == ("Far is over 10 km from the nearest practice, P0.",)


def test_scenarios_draw_from_the_past_and_are_the_same_again() -> None:
    past = Past(np.array([-0.05, 0.0, 0.05]), np.array([1, 1, 1]), 1)
    growth = growing([0.0], 1, past)
    first, again = (forecast(np.array([40_000]), [[0]], growth, BAND, 2_000, 3) for _ in range(2))
    (one,), (other,) = first.networks, again.networks
    assert one.scenarios is not None
    assert other.scenarios is not None
    assert one.scenarios.low.tolist() == other.scenarios.low.tolist() == [38_000]
    assert one.scenarios.high.tolist() == [42_000]


def test_the_shares_outside_the_band_are_those_of_the_scenarios() -> None:
    past = Past(np.array([-0.5, 0.0, 0.5]), np.array([1, 2, 1]), 1)
    (network,) = forecast(
        np.array([40_000]), [[0]], growing([0.0], 1, past), BAND, 4_000, 1
    ).networks
    assert network.scenarios is not None
    assert network.scenarios.below[0] == pytest.approx(0.25, abs=0.03)
    assert network.scenarios.above[0] == pytest.approx(0.25, abs=0.03)


def test_a_deviation_lasts_as_long_as_the_interval_it_was_seen_over() -> None:
    """With a draw for two years lists end 19 % below, where they began, or 21 % above."""
    past = Past(np.array([-0.1, 0.0, 0.1]), np.array([2, 1, 2]), 2)
    found = forecast(np.array([10_000]), [[0]], growing([0.0], 2, past), BAND, 500, 1)
    (network,) = found.networks
    assert network.scenarios is not None
    assert (network.scenarios.low[1], network.scenarios.high[1]) == (8_100, 12_100)


def test_four_of_five_networks_end_where_four_of_five_scenarios_do() -> None:
    """Lists that go on to differ as they did: the forecast is neither too sure nor too unsure."""
    inside = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        sizes = rng.integers(2_000, 15_000, 60)
        rates = [rng.normal(0.01, 0.02, 60) for _ in range(2)]
        before = np.rint(sizes / (1 + rates[0])).astype(int)
        after = np.rint(sizes * (1 + rates[1]))
        codes = [f"P{number}" for number in range(60)]
        extract = Extract("a.csv", "2025-01-01", dict(zip(codes, before.tolist(), strict=True)))
        growth = growth_of(table(*sizes.tolist()), DAY, 1, [extract])
        networks = np.arange(60).reshape(10, 6).tolist()
        found = forecast(sizes, networks, growth, BAND, 400, seed)
        for members, own in zip(networks, found.networks, strict=True):
            told = own.scenarios
            assert told is not None
            inside.append(told.low[0] <= after[members].sum() <= told.high[0])
    assert np.mean(inside) == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize(
    ("extracts", "day", "told"),
    [
        ([Extract("a.csv", DAY, {"P0": 1})], DAY, "not before those of 2026-01-01"),
        ([Extract("a.csv", "2020-01-01", {"X": 1})], DAY, "has none of the plan's practices"),
        ([Extract("a.csv", "2020-01-01", {"P0": 1})], "", "does not say of which day"),
    ],
)
def test_extracts_that_say_nothing_are_refused(
    extracts: list[Extract], day: str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        growth_of(table(9_000), day, 1, extracts)


def test_practices_that_are_new_are_told() -> None:
    extract = Extract("a.csv", "2025-01-01", {"P0": 9_000})
    growth = growth_of(table(9_000, 5_000), DAY, 1, [extract])
    assert growth.notes == ("1 of 2 practices are not in a.csv.",)


def test_growth_of_other_practices_is_refused() -> None:
    with pytest.raises(InputError, match="has none of the plan's practices"):
        growth_of(table(9_000), DAY, 1, rates={"X": 0.01})
