"""Who is whose neighbour by where patients live."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration
from pcn_group.geography.adjacency import build_adjacency, connected_parts
from pcn_group.geography.catchments import homes_of, main_areas, overlapping_pairs
from pcn_group.practices.sample_region import make_sample
from tests.geography.regions import (
    Patients,
    catchments,
    neighbours,
    region,
    sample_catchments,
)

# Five areas along a road, V to Z, with their cells side by side.
AREAS = {code: (2.0 * k, 0.0) for k, code in enumerate("VWXYZ")}
METHOD = {"method": "catchments"}


def found(patients: Patients, **rules: object) -> dict[str, str]:
    """Neighbours of practices that are all in one place, and so differ by their patients alone."""
    places = dict.fromkeys(patients, (0.0, 0.0))
    return neighbours(places, catchments(AREAS, patients), **METHOD, **rules)


def test_practices_with_the_same_main_area_are_neighbours() -> None:
    patients = {"A": {"V": 9}, "B": {"V": 5, "Z": 4}, "C": {"X": 9}, "D": {"Y": 1, "Z": 5}}
    assert found(patients, shared=0.99) == {"A": "B C", "B": "A C", "C": "A B D", "D": "C"}


def test_practices_whose_main_areas_touch_are_neighbours() -> None:
    patients = {"A": {"V": 9}, "B": {"W": 9}, "C": {"X": 9}}
    assert found(patients) == {"A": "B", "B": "A C", "C": "B"}


def test_an_area_that_is_nobodys_main_one_keeps_nobody_apart() -> None:
    patients = {"A": {"V": 9}, "B": {"X": 9, "W": 2}, "C": {"Z": 9}}
    assert found(patients) == {"A": "B", "B": "A C", "C": "B"}


def test_practices_that_share_enough_patients_are_neighbours() -> None:
    # A and C have their main areas at the ends, and half of their patients in the middle.
    patients = {"A": {"V": 4, "X": 3, "Y": 1}, "B": {"X": 9}, "C": {"Z": 8, "X": 6, "Y": 2}}
    assert found(patients, shared=0.5)["A"] == "B C"
    assert found(patients, shared=0.51)["A"] == "B"


def test_a_share_that_is_just_reached_counts() -> None:
    # A third three times over is less than one in floating point, if ever so little.
    thirds = {"V": 1, "W": 1, "X": 1}
    patients = {"A": thirds, "B": dict.fromkeys(thirds, 2), "C": {"Z": 1}}
    table = region(dict.fromkeys(patients, (0.0, 0.0)))
    assert overlapping_pairs(homes_of(table, catchments(AREAS, patients)), 1.0) == {(0, 1)}


@pytest.mark.parametrize(
    ("main", "areas"),
    [(0.01, "X"), (0.4, "X"), (0.41, "VX"), (0.6, "VX"), (0.61, "VWX"), (0.8, "VWX"), (1, "VWXY")],
)
def test_main_areas_are_the_fewest_that_hold_enough(main: float, areas: str) -> None:
    # V, W and Y have as many as one another: the first by code comes first.
    patients = {"A": {"V": 2, "W": 2, "X": 4, "Y": 2}, "B": {"Z": 1}}
    homes = homes_of(region({"A": (0, 0), "B": (0, 0)}), catchments(AREAS, patients))
    rows = main_areas(homes, main).toarray()
    assert rows[0].tolist() == [int(code in areas) for code in AREAS]


def test_a_practice_without_catchment_has_the_area_nearest_to_it() -> None:
    homes = catchments(AREAS, {"A": {"V": 9}, "B": {"X": 9}, "C": {"Z": 9, "Y": 1}})
    places = dict.fromkeys("ABC", (0.0, 0.0))
    assert neighbours(places | {"D": (7.5, 1.0)}, homes, **METHOD)["D"] == "B C"
    assert neighbours(places | {"D": (5.5, 1.0)}, homes, **METHOD)["D"] == "B C"
    assert neighbours(places | {"D": (0.5, 1.0)}, homes, **METHOD)["D"] == "A B"


def test_practices_in_one_building_need_not_be_neighbours() -> None:
    patients = {"A": {"V": 9, "W": 1}, "B": {"X": 9}, "C": {"Z": 9, "Y": 1}}
    assert found(patients)["A"] == "B"


def test_a_patient_far_away_changes_nothing() -> None:
    spots = {"P": (0.0, 8.0), "Q": (1.0, 4.0), "R": (3.0, 1.0), "S": (6.0, 0.0), "T": (9.0, 1.0)}
    spots |= {"U": (11.0, 4.0), "V": (12.0, 8.0)}
    patients = {code: {code: 1000} for code in spots}
    at_home = neighbours(spots, catchments(spots, patients), **METHOD)
    patients["P"] = {"P": 1000, "W": 1}
    areas = spots | {"W": (6.0, 400.0)}
    assert neighbours(spots, catchments(areas, patients), **METHOD) == at_home


def test_a_bridge_is_added_and_a_river_removed() -> None:
    patients = {"A": {"V": 9}, "B": {"W": 9}, "C": {"X": 9}}
    changed = found(patients, add=[("C", "A")], remove=[("B", "A")])
    assert changed == {"A": "C", "B": "C", "C": "A B"}


@pytest.mark.parametrize("homes", [None, catchments(AREAS, {})])
def test_catchments_are_needed(homes: pd.DataFrame | None) -> None:
    with pytest.raises(InputError) as caught:
        neighbours({"A": (0.0, 0.0)}, homes, **METHOD)
    (fault,) = caught.value.faults
    assert fault.source == "adjacency.method"
    assert "gp-reg-pat-prac-lsoa-all.csv" in fault.remedy


@pytest.mark.parametrize(("practices", "seed"), [(60, 214), (60, 1), (200, 1), (200, 2)])
def test_by_default_there_are_about_as_many_neighbours_as_by_voronoi(
    practices: int, seed: int
) -> None:
    table, homes = make_sample(practices, seed), sample_catchments(practices, seed)
    configuration = Configuration.model_validate({"adjacency": METHOD})
    rows = build_adjacency(table, configuration, homes).of
    degree = np.mean([len(row) for row in rows])
    voronoi = np.mean([len(row) for row in build_adjacency(table, Configuration()).of])
    assert len(connected_parts(rows)) == 1
    assert voronoi <= degree <= 1.3 * voronoi


@st.composite
def regions(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame, Patients]:
    """Practices and areas anywhere, in a row or in one place, and patients of most practices."""
    width = draw(st.sampled_from([0, 1, 30]))
    spots = st.tuples(st.integers(0, 30).map(float), st.integers(0, width).map(float))
    places = draw(st.lists(spots, min_size=1, max_size=8))
    areas = {f"X{k}": spot for k, spot in enumerate(draw(st.lists(spots, min_size=1, max_size=9)))}
    counts = st.dictionaries(st.sampled_from(sorted(areas)), st.integers(1, 12))
    codes = [f"P{k}" for k in range(len(places))]
    patients = draw(st.fixed_dictionaries(dict.fromkeys(codes, counts)))
    patients |= {codes[0]: patients[codes[0]] or {"X0": 1}}
    table = region(dict(zip(codes, places, strict=True)))
    return table, catchments(areas, patients), patients


shares = st.sampled_from([0.01, 0.1, 0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1.0])


@given(regions(), shares, shares)
def test_any_region_is_connected_and_symmetric(
    drawn: tuple[pd.DataFrame, pd.DataFrame, Patients], shared: float, main: float
) -> None:
    table, homes, _ = drawn
    rules = {"adjacency": METHOD | {"shared": shared, "main": main}}
    rows = build_adjacency(table, Configuration.model_validate(rules), homes).of
    assert all(list(row) == sorted(set(row) - {i}) for i, row in enumerate(rows))
    assert all(i in rows[j] for i, row in enumerate(rows) for j in row)
    assert len(connected_parts(rows)) == 1


def exact_shares(patients: Patients) -> list[dict[str, Fraction]]:
    return [
        {area: Fraction(count, sum(homes.values())) for area, count in homes.items()}
        for _, homes in sorted(patients.items())
    ]


@given(regions(), shares)
def test_overlaps_are_what_fractions_give(
    drawn: tuple[pd.DataFrame, pd.DataFrame, Patients], least: float
) -> None:
    table, homes, patients = drawn
    expected = {
        (i, j)
        for (i, own), (j, other) in combinations(enumerate(exact_shares(patients)), 2)
        if sum(min(own[area], other[area]) for area in own.keys() & other.keys())
        >= Fraction(least).limit_denominator(1000)
    }
    assert overlapping_pairs(homes_of(table, homes), least) == expected


@given(regions(), shares)
def test_main_areas_are_what_fractions_give(
    drawn: tuple[pd.DataFrame, pd.DataFrame, Patients], least: float
) -> None:
    table, homes, patients = drawn
    codes = sorted(homes["area_code"].unique())
    rows = main_areas(homes_of(table, homes), least).toarray()
    for row, own in zip(rows, exact_shares(patients), strict=True):
        expected, held = set(), Fraction(0)
        for area in sorted(own, key=lambda area: (-own[area], area)):
            if held < Fraction(least).limit_denominator(1000):
                expected.add(area)
            held += own[area]
        assert {codes[k] for k in np.flatnonzero(row)} == expected
