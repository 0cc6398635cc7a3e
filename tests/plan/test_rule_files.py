"""The files that a plan's rules name, found wherever the plan is looked at."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pcn_group.base.errors import InputError
from pcn_group.cli.check import command as check
from pcn_group.cli.solve import command as solve
from pcn_group.config.model import Configuration, Travel, portable_path
from pcn_group.plan.inputs import PlanInputs, with_found_files

OLD = Path(__file__).parent / "version_0_1" / "ruled"


@pytest.mark.parametrize(
    ("path", "stored"),
    [
        ("minutes.csv", "minutes.csv"),
        ("rules/minutes.csv", "rules/minutes.csv"),
        ("rules/../minutes.csv", "minutes.csv"),
        ("/work/here/rules/minutes.csv", "rules/minutes.csv"),
        ("../alice/minutes.csv", "minutes.csv"),
        ("/home/alice/minutes.csv", "minutes.csv"),
    ],
)
def test_a_stored_path_says_nothing_of_whose_machine_it_is(path: str, stored: str) -> None:
    assert portable_path(Path(path), Path("/work/here")) == Path(stored)


def checked(plan: Path, *given: str) -> tuple[int, str]:
    result = CliRunner().invoke(check, [str(plan), *given])
    told = str(result.exception) if isinstance(result.exception, InputError) else result.stdout
    return (2 if isinstance(result.exception, InputError) else result.exit_code), told


def test_a_plan_made_in_one_folder_is_checked_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, made = tmp_path / "alice" / "files", tmp_path / "alice" / "made"
    shutil.copytree(OLD, files, ignore=shutil.ignore_patterns("plan"))
    made.mkdir()
    monkeypatch.chdir(made)
    told = [str(files / "practices.csv"), "--config", str(files / "config.yaml"), "--quiet"]
    CliRunner().invoke(solve, told, catch_exceptions=False, standalone_mode=False)
    assert "alice" not in (made / "plan" / "summary.json").read_text("utf-8")

    code, said = checked(made / "plan")
    assert code == 2
    remedy = f"Put it into {made / 'plan'} or beside that, or give other rules with --config."
    assert said.splitlines() == [
        f"summary.json: names {name} for {key}, which is not found. {remedy}"
        for name, key in (("minutes.csv", "travel.matrix"), ("edges.csv", "adjacency.edges"))
    ]
    assert checked(made / "plan", "--practices", str(files / "practices.csv"))[0] == 0
    for place in (made / "plan", made):
        for name in ("minutes.csv", "edges.csv"):
            shutil.copy(files / name, place)
        code, said = checked(made / "plan")
        assert code == 0
        assert "note: figures: budgets.csv cannot be worked out again" in said
        for name in ("minutes.csv", "edges.csv"):
            (place / name).unlink()
    monkeypatch.chdir(files)
    code, said = checked(made / "plan")
    assert code == 0
    assert "cannot be worked out" not in said


def test_paths_of_version_0_1_may_be_those_of_a_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(OLD, tmp_path / "region")
    plan = tmp_path / "region" / "plan"
    summary = json.loads((plan / "summary.json").read_text("utf-8"))
    for folder in (tmp_path / "region", Path("/home/alice/region")):
        summary["configuration"]["travel"]["matrix"] = str(folder / "minutes.csv")
        summary["configuration"]["adjacency"]["edges"] = str(folder / "edges.csv")
        summary["configuration"]["funding"]["tariffs"] = [str(folder / "tariff.yaml")]
        (plan / "summary.json").write_text(json.dumps(summary), "utf-8")
        code, told = checked(plan)
        assert code == 0, told
        assert "cannot be worked out" not in told


def test_of_several_the_one_that_the_plan_was_made_with_is_taken(tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "minutes.csv").write_text("another\n", "utf-8")
    (tmp_path / "minutes.csv").write_text("the one\n", "utf-8")
    rules = Configuration(travel=Travel(matrix=Path("minutes.csv")))
    sha256 = hashlib.sha256(b"lost\n").hexdigest()
    told = {"rule_files": [{"key": "travel.matrix", "name": "minutes.csv", "sha256": sha256}]}
    found = with_found_files(rules, told, plan, PlanInputs())
    assert found.travel.matrix == plan / "minutes.csv"  # neither is: the first
    told["rule_files"][0]["sha256"] = hashlib.sha256(b"the one\n").hexdigest()
    found = with_found_files(rules, told, plan, PlanInputs())
    assert found.travel.matrix == tmp_path / "minutes.csv"


def test_a_file_in_place_of_that_of_a_plan_is_enough(tmp_path: Path) -> None:
    rules = Configuration(travel=Travel(matrix=Path("lost.csv")))
    with pytest.raises(InputError, match="which is not found"):
        with_found_files(rules, {}, tmp_path, PlanInputs())
    given = PlanInputs(overrides=("travel.matrix=minutes.csv",))
    assert with_found_files(rules, {}, tmp_path, given).travel.matrix == Path("lost.csv")
