"""`pcn-group compare` as a user meets it: what is printed, written and refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError
from pcn_group.cli.compare import command
from pcn_group.cli.solve import command as solve
from pcn_group.output.data.comparison import COMPARISON_FILES
from tests.paths import ROOT
from tests.plan.compared import HALVES, PRACTICES, RING, write_by_hand, write_region

SAMPLE = ROOT / "data" / "sample" / "practices.csv"
OFFICIAL = ROOT.parent / "shared" / "data" / "england-2021"
WIDTH = 80


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """A folder with plans made by hand; the options that say what they are about."""
    monkeypatch.chdir(tmp_path)
    given = write_region(tmp_path)
    write_by_hand(Path("ring.csv"), RING)
    write_by_hand(Path("halves.csv"), HALVES)
    settings = [f"--set={override}" for override in given.overrides]
    return ("--practices=practices.csv", *settings)


def compare(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def succeeded(*arguments: str | Path) -> str:
    result = compare(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def cells(shown: str, figure: str) -> list[str]:
    """What stands in each column of the first table beside a figure."""
    line = next(line for line in shown.splitlines() if line.strip().startswith(figure))
    return line.strip().removeprefix(figure).split()


def test_figures_stand_side_by_side_and_moves_below(region: tuple[str, ...]) -> None:
    shown = succeeded("ring.csv", "halves.csv", "current", *region)
    assert shown.splitlines()[0].split() == ["ring.csv", "halves.csv", "current"]
    assert cells(shown, "share in the band") == ["66.7%", "33.3%", "0.0%"]
    assert cells(shown, "enclaves") == ["1", "0", "0"]
    assert cells(shown, "cost, patient-km") == ["120,000.0", "72,500.0", "80,000.0"]
    assert cells(shown, "mean km to the hub") == ["1.60", "0.97", "2.00"]
    assert cells(shown, "budget, 2019/20") == ["£366,832", "£366,832", "£224,412"]
    assert cells(shown, "patients moved from first") == ["0", "20,000", "20,000"]
    assert "Note: current: 2 practices of 35,000 patients are in no network: T, Z." in shown
    assert (
        "From ring.csv to halves.csv: 2 practices of 20,000 patients move; 1 network unchanged."
    ) in shown
    assert re.search(r"ring +west \(was eye\) +20,000 +P \(Park\), S \(Spring\)", shown)
    assert "Not continued: east, eye.\nNew: two." in shown


def test_money_stands_below_line_by_line(region: tuple[str, ...]) -> None:
    shown = succeeded(
        "ring.csv", "current", *region, "--set=funding.lines=[core,social_prescriber]"
    )
    told = shown[shown.index("money, 2019/20") :]
    assert told.splitlines()[0].split() == [
        "money,",
        "2019/20",
        "ring.csv",
        "current",
        "difference",
    ]
    assert cells(told, "core") == ["£112,500.00", "£60,000.00", "-£52,500.00"]
    assert cells(told, "social_prescriber") == ["£102,330.00", "£68,220.00", "-£34,110.00"]
    assert cells(told, "in all") == ["£214,830.00", "£128,220.00", "-£86,610.00"]
    assert cells(told, "a head") == ["£2.86", "£3.21", "+£0.35"]
    assert cells(told, "most a head") == ["£8.32", "£3.21", "-£5.11"]
    assert cells(told, "in network") == ["ring", "one"]
    assert (
        "Paid per network, whatever its size: £102,330.00 to 3 networks, £68,220.00 to 2 networks."
    ) in told


def test_a_year_without_a_tariff_is_not_one_in_which_nobody_is_paid(
    region: tuple[str, ...],
) -> None:
    shown = succeeded("ring.csv", "current", *region, "--set=funding.year=2041/42")
    assert cells(shown, "budget, 2041/42") == cells(shown, "most of a network") == ["-", "-"]
    assert "There is no tariff of 2041/42" in shown
    assert "£" not in shown
    asked = ("ring.csv", "current", *region, "--set=funding.year=2041/42", "--json")
    for plan in json.loads(succeeded(*asked))["plans"]:
        assert plan["budget_gbp"] is plan["more_by_networks_gbp"] is None


def test_a_line_that_does_not_count_is_shown_without_a_sum(region: tuple[str, ...]) -> None:
    shown = succeeded("ring.csv", "current", *region, "--set=funding.lines=[extended_hours]")
    assert cells(shown, "budget, 2019/20") == ["-", "-"]
    assert "extended_hours, not counted" in shown
    assert "in all" not in shown


def test_without_lines_per_network_nothing_is_told_of_them(region: tuple[str, ...]) -> None:
    shown = succeeded("ring.csv", "current", *region, "--set=funding.lines=[core]")
    assert "money, 2019/20" in shown
    assert "Paid per network" not in shown


def test_nothing_moves_to_the_same_plan(region: tuple[str, ...]) -> None:
    shown = succeeded("ring.csv", "ring.csv", *region)
    assert "From ring.csv to ring.csv: nothing moves; 3 networks unchanged." in shown


def test_many_plans_take_several_tables_of_piped_width(region: tuple[str, ...]) -> None:
    Path("a-folder-with-a-long-name").mkdir()
    long = write_by_hand(Path("a-folder-with-a-long-name") / "and-a-longer-file.csv", HALVES)
    shown = succeeded("ring.csv", "halves.csv", long, "ring.csv", "current", long, *region)
    figures = shown.split("Note:")[0]
    assert max(map(len, figures.splitlines())) <= WIDTH
    assert figures.count("share in the band") == 2
    assert len(cells(shown, "share in the band")) == 4


def test_moves_are_capped_and_the_files_have_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    codes = [f"P{k:02}" for k in range(24)]
    places = [f"{code},,1000,{500_000 + 900 * k},200000" for k, code in enumerate(codes)]
    header = "practice_code,practice_name,list_size,easting,northing"
    Path("practices.csv").write_text("\n".join([header, *places, ""]), encoding="utf-8")
    for name, width in (("alone", 1), ("pairs", 2)):
        rows = [f"{code},N{k // width}" for k, code in enumerate(codes)]
        text = "\n".join(["practice_code,network_id", *rows, ""])
        Path(f"{name}.csv").write_text(text, encoding="utf-8")
    plans = ("pairs.csv", "alone.csv", "--practices=practices.csv")
    assert "And 2 more moves; --out writes them all." in succeeded(*plans)
    shown = succeeded(*plans, "--out=to")
    assert "And 2 more moves; all are in moves.csv." in shown
    assert "Written to to" in shown
    assert Path("to/moves.csv").read_text("utf-8").count(",true") == 12


def test_json_is_one_object_and_nothing_else(region: tuple[str, ...]) -> None:
    told = json.loads(succeeded("ring.csv", "halves.csv", *region, "--json"))
    assert [plan["plan"] for plan in told["plans"]] == ["ring.csv", "halves.csv"]
    assert told["pairs"][0]["patients_moved"] == 20_000


def test_quiet_prints_nothing_and_writes_all_the_same(region: tuple[str, ...]) -> None:
    assert succeeded("ring.csv", "current", *region, "--out=to", "--quiet") == ""
    assert {path.name for path in Path("to").iterdir()} == set(COMPARISON_FILES)


def test_a_foreign_folder_is_refused_before_anything_is_read(region: tuple[str, ...]) -> None:
    Path("mine").mkdir()
    Path("mine/letter.txt").touch()
    result = compare("missing.csv", "current", *region, "--out=mine")
    assert isinstance(result.exception, InputError)
    assert "holds something that is not a comparison" in str(result.exception)
    succeeded("ring.csv", "current", *region, "--out=mine", "--overwrite")
    assert Path("mine/letter.txt").exists()


def test_one_plan_is_too_few() -> None:
    result = compare("current", "--practices=practices.csv")
    assert result.exit_code == 2
    assert "two plans or more" in result.stderr


def test_a_fault_leaves_nothing_behind(region: tuple[str, ...]) -> None:
    result = compare("ring.csv", "missing.csv", *region, "--out=to")
    assert isinstance(result.exception, InputError)
    assert not Path("to").exists()


def test_the_region_is_chosen_as_for_solve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("practices.csv").write_text(PRACTICES, encoding="utf-8")
    west = write_by_hand(Path("west.csv"), {"x": "PSZ", "y": "QR"})
    about = ("--practices=practices.csv", "--by=local_authority", "--region=West")
    shown = succeeded(west, "current", *about)
    assert cells(shown, "patients in a network") == ["25,000", "20,000"]
    assert "2 practices are not of the region and set aside: Q, R" in shown


def test_todays_networks_beside_the_solved_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = [str(SAMPLE), "--out", "plan", "--quiet"]
    CliRunner().invoke(solve, arguments, catch_exceptions=False, standalone_mode=False)
    shown = succeeded("current", "plan", "--out", "compared")
    summary = json.loads(Path("plan/summary.json").read_text("utf-8"))
    today, ours = cells(shown, "cost, patient-km")
    assert ours == f"{summary['cost_patient_km']:,.1f}"
    assert float(ours.replace(",", "")) < float(today.replace(",", ""))
    assert cells(shown, "rules broken") == ["6", "0"]
    assert cells(shown, "practices in none") == ["0", "0"]
    # The practices may as well come from the file that the plan was made from.
    again = succeeded("current", "plan", "--practices", SAMPLE, "--out", "again")
    assert again.rpartition("Written")[0] == shown.rpartition("Written")[0]


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official extract is not at ../shared/data")
def test_the_real_networks_of_luton(tmp_path: Path) -> None:
    files = [OFFICIAL / f"gp-reg-pat-prac-{name}.csv" for name in ("all", "map")]
    plan = tmp_path / "plan"
    arguments = [*map(str, files), "--region=06P", "--out", str(plan), "--quiet"]
    CliRunner().invoke(solve, arguments, catch_exceptions=False, standalone_mode=False)
    told = json.loads(succeeded("current", plan, "--json"))
    today, ours = told["plans"]
    assert today["patients"] == ours["patients"] == 242_104
    assert ours["networks_not_contiguous"] == ours["rules_broken"] == 0
    assert today["networks_in_band"] < today["networks"]
    (pair,) = told["pairs"]
    assert pair["patients_moved"] == sum(flow["patients"] for flow in pair["moves"]) > 0
