"""A folder that is named as a plan and is none: what it is, and what to name instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner

from pcn_group.base.errors import InputError
from pcn_group.cli.budget import command as budget
from pcn_group.cli.check import command as check
from pcn_group.cli.compare import command as compare
from pcn_group.cli.explain import command as explain
from pcn_group.cli.report import command as report
from pcn_group.plan.reading import refuse_no_plan
from tests.plan.folders import GROUPINGS, write_plan


def folder(root: Path, *files: str) -> Path:
    """A folder `made` with such files in it."""
    for name in files:
        path = root / "made" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
    return root / "made"


def said(path: Path, *, may_be_batch: bool = False) -> str:
    """What is said of a folder `made`, by its name alone."""
    with pytest.raises(InputError) as refused:
        refuse_no_plan(path, may_be_batch=may_be_batch)
    (fault,) = refused.value.faults
    return str(fault).replace(f"{path.parent}/", "")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            ("curve.csv", "plan-1.csv", "plan-2.csv"),
            "holds a trade-off, not one plan. Name one plan in it, such as made/plan-1.csv.",
        ),
        (
            ("togetherness.csv", "plan-02/groupings.csv", "plan-01/groupings.csv"),
            "holds alternatives, not one plan. Name one plan in it, such as made/plan-01.",
        ),
        (
            (".batch/R1.json", "groupings.csv", "R1/groupings.csv"),
            "holds a batch, not one plan. Name one plan in it, such as made/R1.",
        ),
        ((".batch/R1.json",), "holds a batch, not one plan. Name one plan in it."),
        (("budgets.csv",), "holds a budget, not a plan. Name the plan it was made of."),
        (("comparison.html",), "holds a comparison, not a plan. Name the plan it was made of."),
        (
            ("report.html",),
            "holds pictures of a plan, not the plan. Name the plan it was made of.",
        ),
        (
            ("notes.txt",),
            (
                "holds no plan: there is no groupings.csv in it. Name a folder that solve wrote, "
                "or a groupings.csv."
            ),
        ),
    ],
)
def test_it_says_what_the_folder_holds_and_what_to_name(
    tmp_path: Path, files: tuple[str, ...], words: str
) -> None:
    assert said(folder(tmp_path, *files)) == f"made: {words}"


def test_a_budget_may_be_of_a_whole_batch(tmp_path: Path) -> None:
    batch = folder(tmp_path, ".batch/R1.json", "groupings.csv")
    refuse_no_plan(batch, may_be_batch=True)
    (batch / "groupings.csv").unlink()
    assert "holds a batch" in said(batch, may_be_batch=True)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        (check, ()),
        (explain, ()),
        (compare, ("PLAN",)),
        (report, ("PLAN", "--out", "OUT")),
        (budget, ("--year", "2019/20", "--out", "OUT")),
    ],
)
def test_every_command_about_plans_says_it(
    tmp_path: Path, command: Command, options: tuple[str, ...]
) -> None:
    curve = folder(tmp_path, "curve.csv", "plan-1.csv")
    for_words = {"PLAN": str(write_plan(tmp_path)), "OUT": str(tmp_path / "out")}
    arguments = [str(curve), *(for_words.get(word, word) for word in options)]
    done = CliRunner().invoke(command, arguments)
    assert isinstance(done.exception, InputError)
    (fault,) = done.exception.faults
    told = f"such as {curve / 'plan-1.csv'}."
    assert str(fault) == f"{curve}: holds a trade-off, not one plan. Name one plan in it, {told}"


def test_the_plan_it_names_will_do(tmp_path: Path) -> None:
    curve = folder(tmp_path, "curve.csv")
    (curve / "plan-1.csv").write_text(GROUPINGS, "utf-8")
    assert "plan-1.csv" in said(curve)
    refuse_no_plan(curve / "plan-1.csv")
    assert CliRunner().invoke(check, [str(curve / "plan-1.csv")]).exit_code == 0
