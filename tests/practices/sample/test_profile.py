"""Figures of a synthetic region go together as real ones do, and leave the region as it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import KDTree

from pcn_group.practices.sample_areas import make_sample_areas
from pcn_group.practices.sample_profile import (
    FIGURES,
    make_area_figures,
    make_practice_figures,
)
from pcn_group.practices.sample_region import make_land, make_sample

PRACTICES, SEED = 200, 3


@pytest.fixture(scope="module")
def practices() -> pd.DataFrame:
    table = make_sample(PRACTICES, SEED)
    return table.join(make_practice_figures(table, PRACTICES, SEED))


@pytest.fixture(scope="module")
def areas() -> pd.DataFrame:
    _, centroids = make_sample_areas(PRACTICES, SEED)
    return centroids.merge(make_area_figures(centroids, PRACTICES, SEED), on="lsoa_code")


def shares(practices: pd.DataFrame) -> pd.DataFrame:
    large = practices[practices["list_size"] > 1_000]
    return large[list(FIGURES[:-1])].div(large["list_size"], axis="index")


def test_age_groups_are_within_each_other_and_about_those_of_england(
    practices: pd.DataFrame,
) -> None:
    assert (practices["aged_85_plus"] <= practices["aged_75_plus"]).all()
    assert (practices["aged_75_plus"] <= practices["aged_65_plus"]).all()
    assert (practices["aged_65_plus"] + practices["aged_under_5"] <= practices["list_size"]).all()
    everybody = practices[list(FIGURES[:-1])].sum() / practices["list_size"].sum()
    assert everybody["aged_65_plus"] == pytest.approx(0.19, abs=0.04)
    assert everybody["aged_75_plus"] == pytest.approx(0.09, abs=0.02)
    assert everybody["aged_under_5"] == pytest.approx(0.06, abs=0.01)


def test_deprivation_clusters(areas: pd.DataFrame) -> None:
    points = areas[["easting", "northing"]].to_numpy(dtype=float)
    nearest = KDTree(points).query(points, k=2)[1][:, 1]
    score = areas["deprivation_score"]

    assert np.corrcoef(score, score.to_numpy()[nearest])[0, 1] > 0.9
    assert score.max() > 2 * score.min()


def test_people_are_older_at_the_coast_and_where_there_is_less_deprivation(
    practices: pd.DataFrame,
) -> None:
    land = make_land(np.random.default_rng([SEED, PRACTICES]), PRACTICES)
    points = land.from_grid(practices[["easting", "northing"]].to_numpy(dtype=float))
    inland = land.side * land.coast(points[:, 1] / land.side) - points[:, 0]
    old = shares(practices)["aged_65_plus"]
    near = pd.Series(np.exp(-inland / 6_000), practices.index)[old.index]

    assert np.corrcoef(old, near)[0, 1] > 0.3
    assert np.corrcoef(old, practices.loc[old.index, "local_deprivation"])[0, 1] < -0.2


def test_long_term_conditions_come_with_age_and_with_deprivation(practices: pd.DataFrame) -> None:
    told = shares(practices)
    score = practices.loc[told.index, "local_deprivation"]
    columns = np.column_stack([np.ones(len(told)), told["aged_65_plus"], score])
    _, by_age, by_score = np.linalg.lstsq(columns, told["long_term_conditions"])[0]

    assert by_age == pytest.approx(0.45, abs=0.1)
    assert by_score == pytest.approx(0.0025, abs=0.001)


def test_areas_have_deciles_of_about_equally_many(areas: pd.DataFrame) -> None:
    counts = areas["deprivation_decile"].value_counts()
    by_decile = areas.groupby("deprivation_decile")["deprivation_score"]

    assert sorted(counts.index) == [*range(1, 11)]
    assert counts.max() - counts.min() <= 1
    assert by_decile.min().iloc[:-1].to_numpy() == pytest.approx(
        by_decile.max().iloc[1:].to_numpy(), rel=0.2
    )
    assert set(areas["coastal"]) == {0, 1}


def test_the_same_seed_gives_the_same_figures(practices: pd.DataFrame) -> None:
    table = make_sample(PRACTICES, SEED)
    pd.testing.assert_frame_equal(
        make_practice_figures(table, PRACTICES, SEED), practices[list(FIGURES)]
    )
    other = make_practice_figures(table, PRACTICES, SEED + 1)
    assert not other.equals(practices[list(FIGURES)])
