"""Synthetic regions: always the same, plausible, and read back without a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.practices import read_practices
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv
from tests.paths import ROOT
from tests.practices.practice_inputs import written

SHIPPED = ROOT / "data" / "sample" / "practices.csv"
SHIPPED_SEED = 214


def test_the_shipped_sample_is_what_the_command_makes() -> None:
    made = practices_csv(make_sample(60, SHIPPED_SEED))

    assert SHIPPED.read_bytes().decode("utf-8") == made


def test_the_same_seed_gives_the_same_region() -> None:
    assert make_sample(40, 3).equals(make_sample(40, 3))
    assert not make_sample(40, 3).equals(make_sample(40, 4))


@pytest.mark.parametrize("practices", [1, 2, 3, 7, 60, 500])
def test_a_sample_reads_back_as_it_is(tmp_path: Path, practices: int) -> None:
    made = make_sample(practices, 1)
    read = read_practices([written(tmp_path, practices_csv(made))])

    assert len(read.table) == practices
    assert practices_csv(read.table) == practices_csv(made)
    assert not read.notes


def test_a_large_sample_resembles_england() -> None:
    table = make_sample(2_000, 1)
    lists = table["list_size"]
    shared = table.duplicated(["easting", "northing"], keep=False)
    allocated = table[table["current_network"] != ""]
    patients = allocated.groupby("current_network")["list_size"].sum()

    assert lists.mean() == pytest.approx(9_100, rel=0.03)
    assert lists.between(2_000, 25_000).mean() > 0.95
    assert (lists < 100).sum() == 1
    assert 0.05 < shared.mean() < 0.20
    assert 0.5 < patients.between(30_000, 50_000).mean() < 0.65
    assert 0.3 < (patients > 50_000).mean() < 0.4
    assert 0.005 < (table["current_network"] == "").mean() < 0.05


def test_the_region_grows_with_its_practices() -> None:
    small, large = make_sample(20, 1), make_sample(2_000, 1)

    assert small["easting"].max() - small["easting"].min() < 25_000
    assert large["easting"].max() - large["easting"].min() > 100_000


def test_the_shipped_sample_has_what_makes_grouping_hard() -> None:
    table = read_practices([SHIPPED]).table

    assert len(table) == 60
    assert table["local_authority"].nunique() == 3
    assert table["current_network"].nunique() > 10
    assert table.duplicated(["easting", "northing"]).any()
    assert (table["list_size"] < 100).sum() == 1
