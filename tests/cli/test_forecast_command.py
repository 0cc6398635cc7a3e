"""`pcn-group forecast` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import Command
from tests.plan.folders import GROUPINGS, write_plan

SUMMARY = {"list_date": "2026-04-01"}
EARLIER = """\
practice_code,practice_name,list_size,easting,northing,list_date
A,Abbey,19000,500000,220000,2025-04-01
B,Bridge,15000,501000,220000,2025-04-01
C,Church,22000,502000,220000,2025-04-01
D,Dale,20000,503000,220000,2025-04-01
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Two networks, A with B and C with D, of 35,000 and 45,000 patients in April 2026."""
    folder = write_plan(tmp_path, summary=SUMMARY)
    (tmp_path / "then.csv").write_text(EARLIER, "utf-8")
    return folder


def test_each_network_has_a_row_a_year(plan: Path, run: Command) -> None:
    done = run("forecast", plan, "--earlier", "then.csv", "--years", "2")
    assert (done.code, done.err) == (0, "")
    rows = pd.read_csv("forecast/forecast.csv")
    assert rows["network_id"].tolist() == ["N1"] * 3 + ["N2"] * 3
    assert rows["day"].tolist() == ["2026-04-01", "2027-04-01", "2028-04-01"] * 2
    assert rows["patients"][[0, 3]].tolist() == [35_000, 45_000]
    lists = pd.read_csv("forecast/later_lists.csv")
    later = lists.set_index("practice_code")["list_size_later"]
    assert later[["A", "B"]].sum() == rows["patients"][2]
    assert later[["C", "D"]].sum() == rows["patients"][5]
    assert "All 2 networks stay in the band up to 2028." in done.out


def test_a_network_that_leaves_the_band_ends_it_with_3(plan: Path, run: Command) -> None:
    Path("homes.csv").write_text(
        "site,people,year,easting,northing\nMill,6000,2027,502100,220000\n", "utf-8"
    )
    told = run("forecast", plan, "--homes", "homes.csv", "--json")
    assert told.code == 3
    found = json.loads(told.out)
    assert found["leaves_band_after_years"] == {"N1": None, "N2": 2}
    assert found["median_growth"] is None
    assert [row["patients"] for row in found["networks"] if row["network_id"] == "N2"] == [
        45_000,
        45_000,
        51_000,
        51_000,
        51_000,
        51_000,
    ]
    shown = run("forecast", plan, "--homes", "homes.csv")
    assert "Of 2 networks 1 leaves the band by 2031, the first in 2028." in shown.out
    assert "6,000 people in new homes. Without --earlier nothing tells" in shown.out


def test_given_growth_counts_for_the_practices_that_have_it(plan: Path, run: Command) -> None:
    Path("growth.csv").write_text("practice_code,growth\nA,10%\n", "utf-8")
    assert run("forecast", plan, "--growth", "growth.csv", "--years", "1").code == 0
    lists = pd.read_csv("forecast/later_lists.csv").set_index("practice_code")
    assert lists["list_size_later"].to_dict() == {
        "A": 22_000,
        "B": 15_000,
        "C": 25_000,
        "D": 20_000,
    }
    assert lists["growth_source"].tolist() == ["given", "none", "none", "none"]


def test_the_same_seed_is_the_same_forecast(plan: Path, run: Command) -> None:
    arguments = ("forecast", plan, "--earlier", "then.csv", "--quiet")
    texts = []
    for seed in ("1", "1", "2"):
        assert run(*arguments, "--seed", seed).code in {0, 3}
        texts.append(Path("forecast/forecast.csv").read_text("utf-8"))
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


def test_bad_files_leave_nothing_behind(plan: Path, run: Command) -> None:
    Path("homes.csv").write_text("site,people,year,easting,northing\nMill,x,y,z,0\n", "utf-8")
    done = run("forecast", plan, "--homes", "homes.csv")
    assert done.code == 2
    assert done.err.startswith("3 faults in the input:")
    assert not Path("forecast").exists()


def test_how_lists_grow_must_be_said(plan: Path, run: Command) -> None:
    done = run("forecast", plan)
    assert done.code == 2
    assert "Say how lists grow: --earlier, --growth, --homes, or several." in done.err


def test_a_practice_in_two_networks_is_refused(tmp_path: Path, run: Command) -> None:
    twice = f"{GROUPINGS}A,Abbey,20000,R,N2,500000,220000,N1\n"
    plan = write_plan(tmp_path, groupings=twice, summary=SUMMARY)
    (tmp_path / "then.csv").write_text(EARLIER, "utf-8")
    assert run("forecast", plan, "--earlier", "then.csv").code == 2


def test_a_folder_of_something_else_is_left_alone(plan: Path, run: Command) -> None:
    Path("forecast").mkdir()
    Path("forecast/mine.txt").write_text("mine", "utf-8")
    assert run("forecast", plan, "--earlier", "then.csv").code == 2
    assert run("forecast", plan, "--earlier", "then.csv", "--overwrite", "--quiet").code == 3
    assert Path("forecast/mine.txt").exists()
    assert run("check", "forecast").code == 2
