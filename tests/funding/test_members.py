"""Who is paid: networks are whole, and lists grow so that they add up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.base.errors import InputError
from pcn_group.funding.members import Member, grown, members_of, split_networks
from tests.funding.payees import member
from tests.solver.regions import region


def table(**columns: list[object]) -> pd.DataFrame:
    """A, B and C of 10,000, 20,000 and 30,000 patients, in regions R1, R1 and R2."""
    places = {"A": (0.0, 0, 10_000), "B": (1.0, 0, 20_000), "C": (2.0, 0, 30_000)}
    return region(places, region_code=["R1", "R1", "R2"]).table.assign(**columns)


def placed(members: tuple[Member, ...]) -> list[tuple[str, str, str]]:
    return [(m.region_code, m.network_id, m.practice_code) for m in members]


def test_practices_come_with_their_networks_those_in_none_too() -> None:
    members = members_of(table(), {"A": ("", "N"), "B": ("", "")})
    assert placed(members) == [("R1", "", "B"), ("R1", "N", "A"), ("R2", "", "C")]


def test_a_network_over_a_border_is_whole_where_most_of_it_is() -> None:
    members = members_of(table(), dict.fromkeys("ABC", ("", "N")))
    assert placed(members) == [("R1", "N", code) for code in "ABC"]  # 30,000 each: the first
    members = members_of(table(list_size=[1, 2, 4]), dict.fromkeys("ABC", ("", "N")))
    assert {m.region_code for m in members} == {"R2"}


def test_networks_of_one_name_in_two_regions_are_two() -> None:
    members = members_of(table(), {"A": ("R1", "N"), "B": ("R1", "N"), "C": ("R2", "N")})
    assert placed(members) == [("R1", "N", "A"), ("R1", "N", "B"), ("R2", "N", "C")]


def test_two_networks_of_one_name_in_one_region_are_a_fault() -> None:
    one_region = table(region_code=["Q", "Q", "Q"])
    with pytest.raises(InputError, match="has two networks N, both in region Q"):
        members_of(one_region, {"A": ("R1", "N"), "B": ("R1", "N"), "C": ("R2", "N")})


def test_weighted_lists_are_exact_to_two_decimals() -> None:
    lists = {
        "weighted_list_size": [0.1 + 0.2, 8_123.45, np.nan],
        "care_home_beds": [7.0, 0.0, np.nan],
    }
    first, second, third = members_of(table(**lists), {})
    assert (first.weighted, second.weighted) == (Decimal("0.30"), Decimal("8123.45"))
    assert (first.beds, second.beds) == (7, 0)
    assert third.weighted is third.beds is third.adjusted is None


def test_growth_by_hand() -> None:
    # 1 % of 30,350 is 303.5: 30,654 in all. Exactly 10,251.5, 10,150.5 and 10,251.5: the first two
    # by code get the halves. Of the weighted list, 101.0101 is 101.01. Beds do not grow.
    before = (
        member("A", "N", 10_150, weighted="100.01", beds=3),
        member("B", "", 10_050),
        member("C", "N", 10_150),
    )
    after = grown(before, Fraction(1, 100), 1)
    assert [m.registered for m in after] == [10_252, 10_151, 10_251]
    assert [m.weighted for m in after] == [Decimal("101.01"), None, None]
    assert after[0].beds == 3


def test_growth_is_compound_and_may_be_negative() -> None:
    (member_,) = grown((member("A", "N", 10_000),), Fraction(-10, 100), 2)
    assert member_.registered == 8_100


@given(
    st.lists(
        st.tuples(st.sampled_from("RS"), st.integers(1, 90_000), st.integers(0, 10**7)),
        min_size=1,
        max_size=20,
    ),
    st.fractions(-Fraction(1, 5), Fraction(1, 5), max_denominator=10_000),
    st.integers(0, 6),
)
def test_lists_add_up_however_much_they_grow(
    lists: list[tuple[str, int, int]], growth: Fraction, years: int
) -> None:
    before = tuple(
        member(f"P{k:02}", "N", size, region_code=where, weighted=str(Decimal(cents).scaleb(-2)))
        for k, (where, size, cents) in enumerate(lists)
    )
    after = grown(before, growth, years)
    factor = (1 + growth) ** years
    assert {m.practice_code for m in after} == {m.practice_code for m in before}
    was = {m.practice_code: m for m in before}
    for where in {m.region_code for m in before}:
        inside = [m for m in after if m.region_code == where]
        total = sum(was[m.practice_code].registered for m in inside) * factor
        assert abs(sum(m.registered for m in inside) - total) <= Fraction(1, 2)
    for own in after:
        weighted, old = own.weighted, was[own.practice_code].weighted
        assert weighted is not None
        assert old is not None
        assert abs(own.registered - was[own.practice_code].registered * factor) < 1
        assert abs(Fraction(weighted) - Fraction(old) * factor) < Fraction(1, 100)
    if years == 0:
        assert {m.practice_code: m for m in after} == was


def in_footprints(*places: tuple[str, str, int]) -> list[Member]:
    """Practices in networks and footprints, each with its patients."""
    return [
        member(f"P{k}", network, patients, footprint=footprint, network_name=f"Network {network}")
        for k, (network, footprint, patients) in enumerate(places)
    ]


def test_a_network_in_several_footprints_is_split() -> None:
    members = in_footprints(
        ("A", "East", 10), ("A", "West", 25), ("A", "East", 5), ("B", "West", 8), ("", "West", 3)
    )
    (split,) = split_networks(members)
    assert (split.network_id, split.name, split.region_code) == ("A", "Network A", "R")
    assert list(split.parts.items()) == [("West", 25), ("East", 15)]
    assert (split.patients, split.apart) == (40, 15)


@pytest.mark.parametrize(
    "places",
    [
        pytest.param([("A", "East", 10), ("B", "East", 9), ("C", "West", 8)], id="whole"),
        pytest.param([("A", "A1", 10), ("A", "A2", 9), ("B", "B", 8)], id="divided"),
        pytest.param([("A", "", 10), ("B", "", 9)], id="no-footprints"),
    ],
)
def test_networks_that_are_whole_or_only_divided_are_not_split(
    places: list[tuple[str, str, int]],
) -> None:
    assert split_networks(in_footprints(*places)) == ()
