"""Synthetic areas: always the same, as the official files have them, and where people would be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pcn_group.practices.sample_areas import make_sample_areas
from pcn_group.practices.sample_region import make_land, make_sample
from tests.paths import ROOT

SHIPPED = ROOT / "data" / "sample"
SHIPPED_SEED = 214
FILES = ("gp-reg-pat-prac-lsoa-all.csv", "lsoa-centroids.csv")


def located(practices: int, seed: int) -> pd.DataFrame:
    """The patients in an area, with their practice and the way to it in metres."""
    rows, centroids = make_sample_areas(practices, seed)
    table = make_sample(practices, seed)
    rows = rows.merge(centroids, left_on="LSOA_CODE", right_on="lsoa_code")
    rows = rows.merge(table, left_on="PRACTICE_CODE", right_on="practice_code")
    rows["metres"] = np.hypot(
        rows["easting_x"] - rows["easting_y"], rows["northing_x"] - rows["northing_y"]
    )
    return rows


def test_the_shipped_areas_are_what_the_command_makes() -> None:
    for name, made in zip(FILES, make_sample_areas(60, SHIPPED_SEED), strict=True):
        text = made.to_csv(index=False, lineterminator="\n")
        assert (SHIPPED / name).read_bytes().decode("utf-8") == text


def test_the_same_seed_gives_the_same_areas() -> None:
    first, again, other = (make_sample_areas(40, seed) for seed in (3, 3, 4))
    assert all(a.equals(b) for a, b in zip(first, again, strict=True))
    assert not any(a.equals(b) for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("practices", [1, 2, 3, 7, 60, 500])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_patients_of_every_practice_add_up_to_its_list(practices: int, seed: int) -> None:
    table = make_sample(practices, seed)
    rows, centroids = make_sample_areas(practices, seed)
    lists = rows.groupby("PRACTICE_CODE")["NUMBER_OF_PATIENTS"].sum()
    assert lists.index.tolist() == table["practice_code"].tolist()
    assert lists.tolist() == table["list_size"].tolist()
    assert (rows["NUMBER_OF_PATIENTS"] >= 1).all()
    assert not rows.duplicated(["PRACTICE_CODE", "LSOA_CODE"]).any()
    assert set(rows["LSOA_CODE"]) <= {*centroids["lsoa_code"], "NO2011"}
    assert not centroids.duplicated(["easting", "northing"]).any()


def test_the_layout_is_that_of_the_official_file() -> None:
    rows, centroids = make_sample_areas(60, SHIPPED_SEED)
    assert list(rows.columns) == [
        "PUBLICATION",
        "EXTRACT_DATE",
        "PRACTICE_CODE",
        "PRACTICE_NAME",
        "LSOA_CODE",
        "SEX",
        "NUMBER_OF_PATIENTS",
    ]
    assert rows.iloc[0].tolist()[:3] == ["GP_PRAC_PAT_LIST", "01JAN2021", "XX00001"]
    assert (rows["SEX"] == "ALL").all()
    assert (rows["PRACTICE_NAME"] == rows["PRACTICE_NAME"].str.upper()).all()
    assert centroids["lsoa_code"].str.fullmatch(r"X01\d{6}").all()
    in_order = rows.sort_values(["PRACTICE_CODE", "LSOA_CODE"])
    assert in_order.index.tolist() == list(range(len(rows)))


def test_a_few_patients_are_in_no_area() -> None:
    rows, _ = make_sample_areas(200, 1)
    strays = rows.loc[rows["LSOA_CODE"] == "NO2011", "NUMBER_OF_PATIENTS"]
    assert 20 < len(strays) < 60
    assert strays.max() < 20


def test_areas_have_as_many_residents_as_real_ones() -> None:
    rows, centroids = make_sample_areas(200, 1)
    residents = rows[rows["LSOA_CODE"] != "NO2011"].groupby("LSOA_CODE")["NUMBER_OF_PATIENTS"].sum()
    assert len(residents) == len(centroids)
    assert residents.mean() == pytest.approx(1_750, rel=0.02)
    assert residents.between(1_000, 2_500).all()


@pytest.mark.parametrize(("practices", "seed"), [(60, 214), (200, 1), (1_000, 3)])
def test_areas_are_on_land(practices: int, seed: int) -> None:
    land = make_land(np.random.default_rng([seed, practices]), practices)
    centroids = make_sample_areas(practices, seed)[1]
    points = land.from_grid(centroids[["easting", "northing"]].to_numpy(dtype=np.float64))
    assert land.holds(points).mean() > 0.99  # whole metres may be a step into the water


def test_areas_are_where_the_practices_are_and_all_over_the_land() -> None:
    centroids = make_sample_areas(200, 1)[1][["easting", "northing"]].to_numpy()
    practices = make_sample(200, 1)[["easting", "northing"]].to_numpy()
    metres = np.hypot(*(centroids[:, None, :] - practices).transpose(2, 0, 1)).min(axis=1)
    assert (metres < 2_000).mean() > 0.6
    assert (metres > 3_000).mean() > 0.05


def test_patients_register_near_home() -> None:
    rows = located(200, 1)
    patients = rows["NUMBER_OF_PATIENTS"]
    mean = (patients * rows["metres"]).sum() / patients.sum()
    assert 1_000 < mean < 3_000
    assert patients[rows["metres"] < 5_000].sum() > 0.85 * patients.sum()
    # And yet the practices of a town share their areas.
    assert rows.groupby("LSOA_CODE").size().mean() > 5
