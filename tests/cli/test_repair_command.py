"""`pcn-group repair`, and limits on what moves, as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InfeasibleError, InputError
from pcn_group.cli.check import command as check
from pcn_group.cli.compare import command as compare
from pcn_group.cli.repair import command as repair
from pcn_group.cli.solve import command as solve
from tests.paths import ROOT
from tests.solver.regions import region, sample

OFFICIAL = ROOT.parent / "shared" / "data" / "england-2021"

# Six practices of 15,000 a kilometre apart on a bent road. Today A to D are one network of 60,000;
# E and F are the other. The least that helps is that D goes over to E and F.
ROAD = {
    "A": (0, 0, 15_000),
    "B": (1, 0.2, 15_000),
    "C": (2, 0, 15_000),
    "D": (3, 0.2, 15_000),
    "E": (4, 0, 15_000),
    "F": (5, 0.2, 15_000),
}
TODAY = ["N", "N", "N", "N", "S", "S"]


@pytest.fixture
def road(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return written(TODAY)


def written(today: list[str]) -> Path:
    table = region(ROAD, current_network=today).table
    path = Path("practices.csv")
    table.dropna(axis="columns").to_csv(path, index=False)
    return path


def run(command: Any, *arguments: str | Path) -> Result:  # noqa: ANN401 - a command
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_fewest_move_and_all_commands_say_so(road: Path) -> None:
    shown = run(repair, road, "--out", "repaired")
    assert shown.exit_code == 0
    assert shown.stdout.removeprefix("lists of 1 January 2019\n").startswith(
        "Proven: no plan that keeps the rules moves fewer patients, and of those that move as few "
        "none costs less."
    )
    assert "1 practice of 15,000 patients moves (proven the fewest); 2 of 2" in shown.stdout
    groupings = pd.read_csv("repaired/groupings.csv").set_index("practice_code")
    assert groupings["network_id"].to_dict() == dict(zip("ABCDEF", "NNNSSS", strict=True))
    summary = json.loads(Path("repaired/summary.json").read_text("utf-8"))
    assert summary["status"] == "optimal"
    assert (summary["patients_moved"], summary["patients_moved_bound"]) == (15_000, 15_000)
    assert summary["practices_moved"] == 1
    assert summary["configuration"]["limits"]["max_moved_patients"] == 15_000
    judged = run(check, "repaired")
    assert judged.exit_code == 0
    note = "moves: the plan moves 15,000 patients, and may move 15,000"
    assert note in judged.stdout
    side_by_side = run(compare, "current", "repaired", "--practices", road)
    assert "1 practice of 15,000 patients moves" in side_by_side.stdout


def test_json_is_the_summary(road: Path) -> None:
    told = json.loads(run(repair, road, "--out", "repaired", "--json").stdout)
    assert told["patients_moved"] == told["patients_moved_bound"] == 15_000
    assert told["out"] == "repaired"


def test_a_plan_made_without_limits_says_what_moves_too(road: Path) -> None:
    told = json.loads(run(solve, road, "--out", "plan", "--json").stdout)
    assert told["patients_moved"] >= 15_000
    assert told["patients_moved_bound"] is None
    assert told["configuration"]["limits"]["max_moved_patients"] is None


@pytest.mark.parametrize(("what", "most"), [("patients", 15_000), ("practices", 1)])
def test_solve_keeps_a_limit(road: Path, what: str, most: int) -> None:
    limit = f"limits.max_moved_{what}={most}"
    told = json.loads(run(solve, road, "--out", "plan", "--set", limit, "--json").stdout)
    assert told["status"] == "optimal"
    assert told[f"{what}_moved"] == most
    amount = {"patients": "15,000 patients", "practices": "1 practice"}[what]
    assert f"the plan moves {amount}, and may move {most:,}" in run(check, "plan").stdout


def test_check_finds_that_too_many_move(road: Path) -> None:
    run(repair, road, "--out", "repaired")
    judged = run(check, "repaired", "--set", "limits.max_moved_practices=0")
    assert judged.exit_code == 3
    assert "moves 1 practice, and may move 0 (limits.max_moved_practices)" in judged.stdout


def test_fewer_than_have_to_cannot_move(road: Path) -> None:
    with pytest.raises(InfeasibleError) as caught:
        solve.main([str(road), "--set", "limits.max_moved_patients=14999"], standalone_mode=False)
    assert str(caught.value) == (
        "Proven: no plan that keeps the band and the other rules moves 14,999 patients or fewer "
        "(limits.max_moved_patients). The command repair finds how few it can be."
    )
    assert not Path("plan").exists()


@pytest.mark.parametrize("arguments", [[], ["--set", "rules.free=[A, B, C, D, E, F]"]])
def test_somebody_must_have_a_network_today(road: Path, arguments: list[str]) -> None:
    path = written(TODAY if arguments else [""] * 6)
    assert path == road
    with pytest.raises(InputError, match="no practice has a network today, so nobody can move"):
        repair.main([str(path), *arguments], standalone_mode=False)
    assert not Path("repaired").exists()


def test_who_is_free_does_not_count(road: Path) -> None:
    free = "rules.free=[A, B]"
    told = json.loads(run(repair, road, "--out", "repaired", "--set", free, "--json").stdout)
    assert told["patients_moved"] == 0
    groupings = pd.read_csv("repaired/groupings.csv").set_index("practice_code")
    assert groupings.loc["C", "network_id"] == groupings.loc["D", "network_id"]


def test_not_both_limits(road: Path) -> None:
    limits = [f"--set=limits.max_moved_{what}=1" for what in ("patients", "practices")]
    with pytest.raises(InputError, match="max_moved_practices are both given"):
        solve.main([str(road), *limits], standalone_mode=False)


def test_the_same_plan_every_time(tmp_path: Path) -> None:
    table = sample(24, 3).table
    table["current_network"] = table["current_network"].sample(frac=1, random_state=1).to_numpy()
    table.dropna(axis="columns").to_csv(tmp_path / "practices.csv", index=False)
    for name, workers in (("one", "1"), ("two", "2")):
        arguments = ["--out", tmp_path / name, "--workers", workers, "--quiet"]
        run(repair, tmp_path / "practices.csv", *arguments)
    for file in ("groupings.csv", "networks.csv", "summary.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official extract is not at ../shared/data")
@pytest.mark.deep
def test_luton_is_repaired(tmp_path: Path) -> None:
    files = [OFFICIAL / "gp-reg-pat-prac-all.csv", OFFICIAL / "gp-reg-pat-prac-map.csv"]
    arguments = [*files, "--region", "06P", "--out", tmp_path / "repaired", "--json"]
    told = json.loads(run(repair, *arguments).stdout)
    assert told["status"] == "optimal"
    assert (told["patients_moved"], told["patients_moved_bound"]) == (79_614, 79_614)
    assert told["cost_integer"] == 152_857_934
