"""Which practices are attached to which, and what that leaves."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.config.model import Data
from pcn_group.practices.units import (
    attach_atypical,
    hosts,
    unit_catchments,
    unit_numbers,
    units,
)
from tests.solver.regions import Place, region

ATTACH = Data(atypical="attach")


def attached(places: dict[str, Place], rules: Data = ATTACH) -> dict[str, str]:
    """The practices that are attached, each with its host."""
    table = attach_atypical(region(places).table, rules)
    return {
        code: host
        for code, host in zip(table["practice_code"], table["attached_to"], strict=True)
        if host
    }


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Practices on a small grid, many of them atypical."""
    spot = st.integers(0, 4).map(float)
    size = st.one_of(st.integers(1, 999), st.integers(1_000, 20_000))
    places = draw(st.lists(st.tuples(spot, spot, size), min_size=1, max_size=12))
    return region({f"P{k:02}": place for k, place in enumerate(places)}).table


def test_an_atypical_practice_is_attached_to_the_nearest_that_is_not() -> None:
    near_another = {"A": (0.0, 0, 9_000), "B": (3.0, 0, 9_000), "C": (1.9, 0, 80), "D": (2.0, 0, 9)}
    assert attached(near_another) == {"C": "B", "D": "B"}


def test_of_equally_near_hosts_the_first_by_code_counts() -> None:
    # 0.1 and 0.3 are not exact in binary, and yet these two are equally far from 0.2.
    around = {"A": (0.3, 0, 9_000), "B": (0.2, 0.1, 9_000), "C": (0.2, 0, 99), "D": (0.1, 0, 9_000)}
    assert attached(around) == {"C": "A"}


def test_as_many_patients_as_the_limit_are_not_atypical() -> None:
    places = {"A": (0.0, 0, 9_000), "B": (1.0, 0, 1_000), "C": (2.0, 0, 999)}
    assert attached(places) == {"C": "B"}
    assert attached(places, Data(atypical="attach", atypical_below=1_001)) == {"B": "A", "C": "A"}


def test_where_all_are_atypical_nothing_is_attached() -> None:
    assert attached({"A": (0.0, 0, 900), "B": (1.0, 0, 90)}) == {}


def test_only_attaching_attaches() -> None:
    places = {"A": (0.0, 0, 9_000), "B": (1.0, 0, 90)}
    assert attached(places, Data()) == attached(places, Data(atypical="exclude")) == {}


def test_a_unit_has_the_patients_of_its_practices() -> None:
    places = {"A": (0.0, 0, 9_000), "B": (1.0, 0, 90), "C": (2.0, 0, 8_000), "D": (3.0, 0, 10)}
    table = region(places).table.assign(
        weighted_list_size=[9_100.5, 50.0, 8_100.0, np.nan],
        current_network=["N", "M", "S", "M"],
    )
    own = units(attach_atypical(table, ATTACH))
    assert own.index.tolist() == [0, 1]
    assert own["practice_code"].tolist() == ["A", "C"]
    assert own["list_size"].tolist() == [9_090, 8_010]
    assert own["practices"].tolist() == [2, 2]
    assert own["weighted_list_size"].fillna(-1).tolist() == [9_150.5, -1]  # one is unknown
    assert own["adjusted_list_size"].isna().all()
    assert own["current_network"].tolist() == ["N", "S"]
    assert own["easting"].tolist() == table["easting"][[0, 2]].tolist()


def test_with_nobody_attached_the_units_are_the_practices() -> None:
    table = region({"A": (0.0, 0, 9_000), "B": (1.0, 0, 90)}).table
    for same in (table, attach_atypical(table, Data())):
        own = units(same)
        assert own[table.columns].equals(table)
        assert own["practices"].tolist() == [1, 1]


@given(tables())
def test_nobody_is_lost_and_no_host_is_atypical(table: pd.DataFrame) -> None:
    whole = attach_atypical(table, ATTACH)
    own = units(whole)
    assert own["list_size"].sum() == table["list_size"].sum()
    assert own["practices"].sum() == len(table)
    assert own["practice_code"].is_monotonic_increasing
    by_number = own["practice_code"].to_numpy()[unit_numbers(whole)]
    assert by_number.tolist() == hosts(whole).tolist()
    if (table["list_size"] >= 1_000).any():
        assert set(own["practice_code"]) == set(table["practice_code"][table["list_size"] >= 1_000])
    else:
        assert len(own) == len(table)


CATCHMENTS = pd.DataFrame(
    {
        "practice_code": ["A", "A", "B", "B", "C"],
        "area_code": ["E1", "E3", "E2", "E3", "E1"],
        "patients": [5_000, 4_000, 60, 30, 8_000],
        "easting": [1.0, 3.0, 2.0, 3.0, 1.0],
        "northing": [10.0, 30.0, 20.0, 30.0, 10.0],
    }
)
TOWN = {"A": (0.0, 0.0, 9_000), "B": (1.0, 0.0, 90), "C": (3.0, 0.0, 8_000)}


def test_the_patients_of_an_attached_practice_count_with_the_host_s_where_they_live() -> None:
    table = attach_atypical(region(TOWN).table, ATTACH)
    merged = unit_catchments(CATCHMENTS, table)
    assert merged is not None
    assert list(merged.columns) == list(CATCHMENTS.columns)
    assert merged.to_numpy().tolist() == [
        ["A", "E1", 5_000, 1.0, 10.0],
        ["A", "E2", 60, 2.0, 20.0],
        ["A", "E3", 4_030, 3.0, 30.0],
        ["C", "E1", 8_000, 1.0, 10.0],
    ]
    assert merged["patients"].dtype == np.int64


def test_a_host_of_unknown_catchment_does_not_get_that_of_an_attached_practice() -> None:
    table = attach_atypical(region(TOWN).table, ATTACH)
    merged = unit_catchments(CATCHMENTS[CATCHMENTS["practice_code"] != "A"], table)
    assert merged is not None
    assert merged["practice_code"].tolist() == ["C"]


def test_with_nobody_attached_catchments_stay_as_they_are() -> None:
    table = region(TOWN).table
    assert unit_catchments(CATCHMENTS, attach_atypical(table, Data())) is CATCHMENTS
    assert unit_catchments(None, attach_atypical(table, ATTACH)) is None
