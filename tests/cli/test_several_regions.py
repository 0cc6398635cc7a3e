"""`--region` with several codes: one region to solve, those of a batch, those of a table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import Command

ROAD = """\
practice_code,practice_name,list_size,easting,northing,region_code,icb_code
A,Abbey,20000,500000,220000,11N,QT6
B,Bridge,15000,501000,220000,11N,QT6
C,Church,25000,502000,220000,15N,QT6
D,Dale,20000,503000,220000,15N,QT6
E,Elm,35000,504000,220000,99P,QX1
"""


@pytest.fixture(autouse=True)
def _road(run: Command) -> None:
    """The folder it runs in has a road through three regions."""
    assert run
    Path("road.csv").write_text(ROAD, encoding="utf-8")


@pytest.mark.parametrize("asked", [("--region", "11N,15N"), ("--region", "15n", "--region", "11n")])
def test_several_regions_are_solved_as_one_and_checked_again(
    run: Command, asked: tuple[str, ...]
) -> None:
    code, out, _ = run("solve", "road.csv", *asked, "--set", "limits.networks=2")
    assert code == 0
    assert "4 practices, 80,000 patients, 2 networks" in out
    assert run("check", "plan")[0] == 0
    assert run("check", "plan", "--practices", "road.csv", *asked)[0] == 0


def test_a_plan_is_judged_in_its_own_regions_of_a_larger_file(run: Command) -> None:
    assert run("solve", "road.csv", "--region", "11N,15N", "--set", "limits.networks=2")[0] == 0
    code, out, _ = run("check", "plan", "--practices", "road.csv")
    assert code == 0
    assert "4 practices, 80,000 patients" in out


def test_several_regions_are_called_by_their_names(run: Command) -> None:
    table = pd.read_csv("road.csv")
    table["region_name"] = table["region_code"].map(
        {"11N": "Kernow", "15N": "Devon", "99P": "Rest"}
    )
    table.to_csv("road.csv", index=False)
    code, out, _ = run("solve", "road.csv", "--region", "15N,11N", "--set", "limits.networks=2")
    assert code == 0
    assert out.splitlines()[0] == "Kernow and Devon, 11N,15N"
    rows = pd.read_csv("plan/groupings.csv")
    assert set(rows["region_name"]) == {"Kernow and Devon"}


def test_a_table_keeps_the_regions_apart(run: Command) -> None:
    assert run("prepare", "road.csv", "--region", "11N,99P", "--out", "two.csv")[0] == 0
    assert pd.read_csv("two.csv")["region_code"].tolist() == ["11N", "11N", "99P"]
    assert Path("two_data_report.csv").exists()


@pytest.mark.usefixtures("in_this_process")
def test_a_batch_is_of_the_regions_asked_for(run: Command) -> None:
    only = ("batch", "road.csv", "--region", "11N,15N", "--out", "some", "--quiet")
    assert run(*only)[0] in {0, 3}
    assert pd.read_csv("some/summary.csv")["region_code"].tolist() == ["11N", "15N"]
    assert not Path("some", "99P").exists()
    code, _, err = run("batch", "road.csv", "--region", "11N,77X", "--out", "none")
    assert code == 2
    assert "--region" in err
    assert "77X" in err
