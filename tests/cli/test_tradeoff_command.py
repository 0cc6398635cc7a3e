"""`pcn-group tradeoff` as a user meets it: what is printed, written and refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InfeasibleError, InputError
from pcn_group.cli import group
from pcn_group.cli.check import command as check
from pcn_group.cli.compare import command as compare
from pcn_group.cli.tradeoff import command
from pcn_group.output.data.curves import CURVE_FILES
from pcn_group.plan.reading import FIGURES
from tests.paths import ROOT
from tests.solver.regions import region as a_region
from tests.solver.regions import sample

OFFICIAL = ROOT.parent / "shared" / "data" / "england-2021"
BAND = ("--set=band.min=14000", "--set=band.max=30000")


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """A folder with a region of nine practices; the arguments about it."""
    monkeypatch.chdir(tmp_path)
    sample(9, 1).table.to_csv("practices.csv", index=False)
    return ("practices.csv", "--against=band", "--workers=1", *BAND)


def tradeoff(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments], standalone_mode=False)


def succeeded(*arguments: str | Path) -> str:
    result = tradeoff(*arguments)
    assert result.exception is None, result.output
    return result.stdout


def run_group(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(group, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_curve_is_printed_and_written(region: tuple[str, ...]) -> None:
    shown = succeeded(*region, "--points=4")
    points = rows("tradeoff/curve.csv")
    assert [row["plan"] for row in points] == [f"plan-{k}.csv" for k in (1, 2, 3, 4)]
    assert points[0]["price_km"] == "0.001"
    for row, line in zip(points, shown.splitlines()[2:], strict=False):
        cells = line.split()
        assert cells[2:5:2] == [f"{int(row['patients_short']):,}", row["exceptions"]]
        assert (row["networks"], row["status"]) == (cells[6], "optimal")
        assert f"{float(row['cost_patient_km']):,.0f}" == cells[7]
    costs = [float(row["cost_patient_km"]) for row in points]
    outside = [int(row["patients_short"]) + int(row["patients_above"]) for row in points]
    assert costs == sorted(costs)
    assert outside == sorted(outside, reverse=True)
    assert "no network was to have fewer than 7,000 or more than 45,000." in shown
    assert max(map(len, shown.splitlines()[: len(points) + 2])) <= 80
    assert shown.endswith("Written to tradeoff\n")


def test_exceptions_stand_beside_the_curve(region: tuple[str, ...]) -> None:
    shown = succeeded(*region)
    points, found = rows("tradeoff/curve.csv"), rows("tradeoff/exceptions.csv")
    for point in points:
        own = [row for row in found if row["plan"] == point["plan"]]
        assert len(own) == int(point["exceptions"])
        assert sum(int(row["patients_short"]) for row in own) == int(point["patients_short"])
    judged = [row for row in found if row["status"] == "optimal"]
    assert judged
    assert any(f" {float(row['worth_patient_km']):,.0f} " in shown for row in judged)
    assert all(float(row["patients_per_km2"]) > 0 for row in found)


def test_each_plan_can_be_judged(region: tuple[str, ...]) -> None:
    succeeded(*region)
    for point in rows("tradeoff/curve.csv"):
        plan = f"tradeoff/{point['plan']}"
        limits = ("band.below={price: 1, floor: 7000}", "band.above={price: 1, ceiling: 45000}")
        settings = [*BAND, *(f"--set={limit}" for limit in limits)]
        judged = CliRunner().invoke(check, [plan, "--practices=practices.csv", *settings, "--json"])
        told = json.loads(judged.stdout)
        assert told["holds"]
        assert len(told["networks"]) == int(point["networks"])


def test_json_is_one_object_and_the_same_as_the_files(region: tuple[str, ...]) -> None:
    told = json.loads(succeeded(*region, "--json", "--out=curve"))
    assert (told["against"], told["floor"], told["ceiling"]) == ("band", 7_000, 45_000)
    assert told["fewest_outside_proven"] is True
    assert [f"{row['cost_patient_km']:.3f}" for row in told["plans"]] == [
        row["cost_patient_km"] for row in rows("curve/curve.csv")
    ]
    assert len(told["exceptions"]) == len(rows("curve/exceptions.csv"))


def test_quiet_is_quiet_and_the_same_run_gives_the_same_bytes(region: tuple[str, ...]) -> None:
    assert succeeded(*region, "--quiet") == ""
    before = {path.name: path.read_bytes() for path in Path("tradeoff").iterdir()}
    succeeded(*region, "--quiet")
    assert {path.name: path.read_bytes() for path in Path("tradeoff").iterdir()} == before
    assert {*CURVE_FILES} - {FIGURES} <= {*before}


def test_plans_of_an_earlier_curve_do_not_stay(region: tuple[str, ...]) -> None:
    succeeded(*region, "--points=4", "--quiet")
    succeeded(*region, "--points=2", "--quiet")
    assert sorted(path.name for path in Path("tradeoff").glob("plan-*")) == [
        "plan-1.csv",
        "plan-1.json",
        "plan-2.csv",
        "plan-2.json",
    ]


def test_a_folder_with_something_else_is_refused(region: tuple[str, ...]) -> None:
    Path("tradeoff").mkdir()
    Path("tradeoff/curve.csv").write_text("x,y\n", "utf-8")
    assert isinstance(tradeoff(*region).exception, InputError)
    assert Path("tradeoff/curve.csv").read_text("utf-8") == "x,y\n"
    succeeded(*region, "--overwrite", "--quiet")
    Path("tradeoff/notes.txt").write_text("mine", "utf-8")
    assert isinstance(tradeoff(*region).exception, InputError)
    Path("file").write_text("", "utf-8")
    assert isinstance(tradeoff(*region, "--out=file").exception, InputError)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--floor=15000",), "--floor: is more than the minimum of 14,000"),
        (("--ceiling=29999",), "--ceiling: is less than the maximum of 30,000"),
        (("--region=XYZ",), "XYZ"),
    ],
)
def test_what_cannot_be_meant_is_a_fault(
    region: tuple[str, ...], arguments: tuple[str, ...], told: str
) -> None:
    refused = tradeoff(*region, *arguments)
    assert isinstance(refused.exception, InputError)
    assert told in str(refused.exception)
    assert not Path("tradeoff").exists()


def test_limits_that_no_plan_keeps(region: tuple[str, ...]) -> None:
    none = tradeoff(*region, "--set=band.min=1000000", "--set=band.max=1000001", "--floor=900000")
    assert isinstance(none.exception, InfeasibleError)
    assert none.exception.exit_code == 4
    assert "--floor" in str(none.exception)


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official extract is not at ../shared/data")
@pytest.mark.deep
def test_the_small_rural_network_of_morecambe_bay(tmp_path: Path) -> None:
    files = [OFFICIAL / f"gp-reg-pat-prac-{name}.csv" for name in ("all", "map")]
    out = tmp_path / "curve"
    told = json.loads(
        succeeded(*files, "--region=01K", "--against=band", "--json", "--workers=1", "--out", out)
    )
    last = told["plans"][-1]
    assert (last["mean_km"], last["patients_short"], last["exceptions"]) == (3.168, 0, 0)
    rural = [row for row in told["exceptions"] if row["network_name"] == "WESTERN DALES PCN"]
    assert any(row["patients"] == 17_877 for row in rural)
    assert all(row["patients_per_km2"] < told["patients_per_km2"] for row in rural)


# --- against moves --------------------------------------------------------------------------------


@pytest.fixture
def road(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Six practices of 15,000 on a road; today A, C and E are a network, and the others are one."""
    monkeypatch.chdir(tmp_path)
    places = {code: (k, 0.2 * (k % 2), 15_000) for k, code in enumerate("ABCDEF")}
    table = a_region(places, current_network=["N", "S"] * 3).table
    table.dropna(axis="columns").to_csv("practices.csv", index=False)
    return ("practices.csv", "--against=moves", "--workers=1", "--set=adjacency.method=knn")


def test_the_curve_against_moves_goes_to_the_fewest(road: tuple[str, ...]) -> None:
    shown = succeeded(*road)
    points = rows("tradeoff/curve.csv")
    told = json.loads(succeeded("practices.csv", *road[1:], "--json"))
    assert [row["patients_moved"] for row in told["plans"]] == [
        int(row["patients_moved"]) for row in points
    ]
    moved = [int(row["patients_moved"]) for row in points]
    assert moved == sorted(moved, reverse=True)
    assert moved[-1] == told["patients_moved_bound"] == 0
    assert {row["status"] for row in points} == {"optimal"}
    assert "Proven: no plan that keeps the rules moves fewer than 0 patients." in shown
    assert not Path("tradeoff/exceptions.csv").exists()
    last = f"tradeoff/{points[-1]['plan']}"
    side_by_side = CliRunner().invoke(
        compare, ["current", last, "--practices=practices.csv", "--json"]
    )
    assert json.loads(side_by_side.stdout)["pairs"][0]["patients_moved"] == 0


def test_limits_on_size_are_for_the_band(road: tuple[str, ...]) -> None:
    result = tradeoff(*road, "--floor=20000")
    assert "--floor and --ceiling are for --against band." in str(result.exception)


def test_nobody_can_move_without_networks_of_today(region: tuple[str, ...]) -> None:
    table = sample(9, 1).table.assign(current_network="", current_network_name="")
    table.to_csv("practices.csv", index=False)
    result = tradeoff("practices.csv", "--against=moves", *BAND)
    assert isinstance(result.exception, InputError)
    assert "no practice has a network today" in str(result.exception)
    assert region


# --- what each plan was made under ----------------------------------------------------------------


def test_a_plan_against_the_band_has_its_price(region: tuple[str, ...]) -> None:
    succeeded(*region, "--points=4", "--quiet", "--floor=7000", "--ceiling=45000")
    points = rows("tradeoff/curve.csv")
    for row in points:
        beside = Path(f"tradeoff/{row['plan']}").with_suffix(".json")
        band = json.loads(beside.read_text("utf-8"))["configuration"]["band"]
        assert (band["below"]["floor"], band["above"]["ceiling"]) == (7_000, 45_000)
        assert band["below"]["price"] == band["above"]["price"]
        if row["price_km"]:
            assert band["below"]["price"] == pytest.approx(float(row["price_km"]))
        told = json.loads(run_group("explain", f"tradeoff/{row['plan']}", "--json").stdout)
        assert told["is_best"], row["plan"]
        judged = run_group("check", f"tradeoff/{row['plan']}")
        assert judged.exit_code == 0
        assert f"price {float(band['below']['price']):g}" in judged.stdout


def test_a_plan_against_moves_has_its_limit(road: tuple[str, ...]) -> None:
    succeeded(*road, "--quiet")
    for row in rows("tradeoff/curve.csv"):
        plan, most = f"tradeoff/{row['plan']}", int(row["patients_moved"])
        assert f"and may move {most:,}" in run_group("check", plan).stdout
        told = json.loads(run_group("explain", plan, "--json").stdout)
        assert told["is_best"], row["plan"]


def test_compare_judges_by_what_the_first_plan_was_made_under(road: tuple[str, ...]) -> None:
    succeeded(*road, "--quiet")
    first, *_, last = [f"tradeoff/{row['plan']}" for row in rows("tradeoff/curve.csv")]
    told = json.loads(run_group("compare", last, first, "--json").stdout)
    assert [plan["rules_broken"] for plan in told["plans"]] == [0, 1]
    told = json.loads(run_group("compare", first, last, "--json").stdout)
    assert [plan["rules_broken"] for plan in told["plans"]] == [0, 0]


def test_explain_says_what_more_would_have_to_move(road: tuple[str, ...]) -> None:
    succeeded(*road, "--quiet")
    last = rows("tradeoff/curve.csv")[-1]["plan"]
    told = run_group("explain", f"tradeoff/{last}", "--practice", "A").stdout
    assert "limits.max_moved_patients" in told


def test_with_new_lists_a_plan_of_a_curve_goes_into_its_next_round(road: tuple[str, ...]) -> None:
    succeeded(*road, "--quiet")
    later = Path("later.csv")
    table = Path(road[0]).read_text("utf-8").replace(",15000,", ",15100,")
    later.write_text("\n".join(row for row in table.splitlines() if row[:2] != "F,"), "utf-8")
    last = f"tradeoff/{rows('tradeoff/curve.csv')[-1]['plan']}"
    judged = run_group("check", last, "--practices", later)
    assert "note: lists: F (Practice F) is not in these lists" in judged.stdout
    assert "may move" not in judged.stdout
