"""`pcn-group sample` with where patients live."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError
from pcn_group.cli import group
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration
from pcn_group.geography.adjacency import build_adjacency
from pcn_group.geography.ways import Way, build_ways
from pcn_group.practices import read_practices
from pcn_group.practices.sample_profile import FIGURES
from tests.cli.conftest import Command
from tests.paths import ROOT

SHIPPED = ROOT / "data" / "sample"
BESIDE = ("gp-reg-pat-prac-lsoa-all.csv", "lsoa-centroids.csv", "land.geojson")


def sample(out: Path, *arguments: str) -> Result:
    return CliRunner().invoke(group, ["sample", "--out", str(out), *arguments])


def test_the_shipped_files_are_what_the_command_writes(tmp_path: Path) -> None:
    out = tmp_path / "practices.csv"
    run = sample(out, "--practices", "60", "--seed", "214", "--lsoa", "--land")
    assert run.exit_code == 0
    assert run.stderr.splitlines() == [
        f"Written: {out} (60 invented practices)",
        *(f"Written: {tmp_path / name}" for name in BESIDE),
    ]
    for name in ("practices.csv", *BESIDE):
        assert (tmp_path / name).read_bytes() == (SHIPPED / name).read_bytes()


def test_without_lsoa_there_is_one_file(tmp_path: Path) -> None:
    assert sample(tmp_path / "practices.csv", "--practices", "5").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["practices.csv"]


@pytest.mark.parametrize("name", ["practices.csv", *BESIDE])
def test_nothing_is_written_where_one_of_the_files_is_there(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    out = tmp_path / "practices.csv"
    refused = sample(out, "--practices", "5", "--lsoa", "--land")
    assert isinstance(refused.exception, InputError)
    assert f"{name}: is already there" in str(refused.exception)
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["mine"]

    assert sample(out, "--practices", "5", "--lsoa", "--land", "--overwrite").exit_code == 0
    assert "mine" not in {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}


def test_the_region_has_a_name_of_its_own(tmp_path: Path) -> None:
    refused = sample(tmp_path / BESIDE[1], "--lsoa", "--land", "--overwrite")
    assert refused.exit_code == 2
    assert "choose another --out" in refused.stderr
    assert not list(tmp_path.iterdir())


def test_no_practice_of_the_shipped_region_is_far_from_its_land() -> None:
    table = read_practices([SHIPPED / "practices.csv"]).table
    rules = Configuration.model_validate({"adjacency": {"land": SHIPPED / "land.geojson"}})
    ways = build_ways(table, rules)
    assert ways is not None
    assert ways.off_land.max() < 100


def test_its_inlet_is_in_the_way_of_some() -> None:
    table = read_practices([SHIPPED / "practices.csv"]).table
    rules = Configuration.model_validate({"adjacency": {"land": SHIPPED / "land.geojson"}})
    ways = build_ways(table, rules)
    assert ways is not None
    assert (ways.kinds == Way.LAND).any()
    assert build_adjacency(table, rules, ways=ways).dropped


def test_a_year_later_one_has_closed_two_are_one_and_lists_have_grown(tmp_path: Path) -> None:
    first, later = tmp_path / "first.csv", tmp_path / "later.csv"
    assert sample(first, "--practices", "20").exit_code == 0
    run = sample(later, "--practices", "20", "--next-year")
    assert run.stderr.splitlines() == [
        f"Written: {later} (18 invented practices)",
        f"Written: {tmp_path / 'successors.csv'}",
    ]
    before, after = (read_practices([path]).table for path in (first, later))
    gone = {*before["practice_code"]} - {*after["practice_code"]}
    assert {*after["practice_code"]} < {*before["practice_code"]}
    taken = f"data.successors={tmp_path / 'successors.csv'}"
    ((closed, successor),) = load_configuration(None, (taken,)).data.given_successors.items()
    assert closed in gone
    assert successor in {*after["practice_code"]}
    assert len(gone) == 2
    assert after["list_size"].sum() == pytest.approx(1.01 * before["list_size"].sum(), abs=20)
    again = tmp_path / "again" / "later.csv"
    sample(again, "--practices", "20", "--next-year")
    assert again.read_bytes() == later.read_bytes()


@pytest.mark.parametrize("arguments", [("--lsoa",), ("--practices", "4")])
def test_what_has_no_next_year_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    refused = sample(tmp_path / "later.csv", "--next-year", *arguments)
    assert refused.exit_code == 2
    assert not list(tmp_path.iterdir())


def test_figures_are_written_if_asked_for(tmp_path: Path) -> None:
    without, areas = tmp_path / "plain", tmp_path / "with"
    for folder, more in ((without, ()), (areas, ("--profile",))):
        folder.mkdir()
        sample(folder / "practices.csv", "--practices", "8", "--lsoa", *more)

    names = {path.name for path in areas.iterdir()} - {path.name for path in without.iterdir()}
    assert names == {"area-figures.csv"}
    plain, figured = (pd.read_csv(folder / "practices.csv") for folder in (without, areas))
    pd.testing.assert_frame_equal(figured[plain.columns], plain)
    assert [*figured.columns.difference(plain.columns)] == sorted(FIGURES)
    for name in ("gp-reg-pat-prac-lsoa-all.csv", "lsoa-centroids.csv"):
        assert (areas / name).read_bytes() == (without / name).read_bytes()


def test_figures_of_a_sample_are_read(run: Command) -> None:
    run("sample", "--practices", "8", "--lsoa", "--profile", "--out", "practices.csv")
    figures = "profile.figures=[{name: aged_75_plus, adds: share}, {name: deprivation_decile}]"
    files = ("practices.csv", "gp-reg-pat-prac-lsoa-all.csv", "area-figures.csv")

    ended = run("solve", *files, "--set", figures, "--out", "plan", "--quiet")

    assert ended.code in {0, 3}, ended.err
    profile = pd.read_csv("plan/profile.csv")
    region = profile[profile["level"] == "region"].set_index("figure")["value"]
    own = pd.read_csv("practices.csv")
    assert region["aged_75_plus"] == round(own["aged_75_plus"].sum() / own["list_size"].sum(), 6)
    homes = pd.read_csv("gp-reg-pat-prac-lsoa-all.csv").merge(
        pd.read_csv("area-figures.csv"), left_on="LSOA_CODE", right_on="lsoa_code"
    )
    mean = np.average(homes["deprivation_decile"], weights=homes["NUMBER_OF_PATIENTS"])
    assert region["deprivation_decile"] == pytest.approx(mean, rel=1e-3)


def test_a_network_of_a_plan_with_figures_is_divided(run: Command) -> None:
    run("sample", "--practices", "8", "--profile", "--out", "practices.csv")
    figures = "profile.figures=[{name: aged_75_plus, adds: share}]"
    run("solve", "practices.csv", "--set", figures, "--out", "plan", "--quiet")

    ended = run("divide", "plan", "--min", "10000", "--max", "40000", "--out", "parts")

    assert ended.code in {0, 3}, ended.err
