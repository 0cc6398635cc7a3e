"""`pcn-group report` as a user meets it: what is written where, and what is refused."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError
from pcn_group.base.extras import how_to_install
from pcn_group.cli.alternatives import command as alternatives
from pcn_group.cli.report import command
from pcn_group.cli.solve import command as solve
from pcn_group.output.data.folder import FILES, PICTURES, refuse_foreign_folder, write_folder
from tests.plan.folders import GROUPINGS, write_plan


def report(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def refusal(*arguments: str | Path) -> str:
    done = report(*arguments)
    assert isinstance(done.exception, InputError), done.output
    return "\n".join(map(str, done.exception.faults))


def test_pictures_go_into_the_plan_s_own_folder_and_elsewhere_with_the_same_bytes(
    tmp_path: Path,
) -> None:
    plan, other = write_plan(tmp_path), tmp_path / "a" / "b"
    before = names(plan)
    done = report(plan)
    assert done.exit_code == 0, done.output
    assert names(plan) == before | set(PICTURES)
    assert done.stdout == ""
    assert [f"Written: {plan / name}" for name in PICTURES] == done.stderr.splitlines()
    assert report(plan, "--out", other, "--quiet").output == ""
    assert names(other) == set(PICTURES)
    for name in PICTURES:
        assert (plan / name).read_bytes() == (other / name).read_bytes()
    assert report(plan).exit_code == 0  # again, in their place


def test_plans_without_a_folder_need_one(tmp_path: Path) -> None:
    by_hand = tmp_path / "by-hand.csv"
    by_hand.write_text(GROUPINGS, "utf-8")
    for arguments in ((by_hand,), ("current", "--practices", by_hand)):
        done = report(*arguments)
        assert done.exit_code == 2
        assert "say where to write with --out" in done.output
        assert report(*arguments, "--out", tmp_path / "drawn").exit_code == 0
    assert "Say whose with --practices" in refusal("current", "--out", tmp_path / "drawn")
    assert names(tmp_path / "drawn") == set(PICTURES)


def test_pictures_beside_a_plan_are_of_that_plan_under_its_own_rules(tmp_path: Path) -> None:
    plan = write_plan(tmp_path)
    done = report(plan, "--set", "band.min=31000")
    assert done.exit_code == 2
    assert "under the plan's own rules go beside it: say where to write with --out" in done.output
    assert not names(plan) & set(PICTURES)


def test_networks_of_today_that_are_none_are_refused(tmp_path: Path) -> None:
    practices = tmp_path / "practices.csv"
    practices.write_text(
        "practice_code,practice_name,list_size,region_code,easting,northing\n"
        "A,Abbey,20000,R,500000,220000\nB,Bridge,15000,R,501000,220000\n",
        "utf-8",
    )
    told = refusal("current", "--practices", practices, "--out", tmp_path / "pictures")
    assert told.startswith("current: has no practice of the region in a network. Give practices")


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "nowhere")
    plan = write_plan(tmp_path)
    (plan / ".batch").mkdir()
    assert "holds a batch, not one plan" in refusal(plan, "--region", "R")
    assert not names(plan) & set(PICTURES)


def test_other_folders_are_refused_unless_allowed(tmp_path: Path) -> None:
    plan, other = write_plan(tmp_path), tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine", "utf-8")
    assert "holds more than pictures ('notes.txt')" in refusal(plan, "--out", other)
    assert names(other) == {"notes.txt"}
    assert report(plan, "--out", other, "--overwrite").exit_code == 0
    assert names(other) == {"notes.txt", *PICTURES}
    assert "is a file, not a folder" in refusal(plan, "--out", other / "notes.txt")


def test_a_folder_in_the_way_of_a_picture_is_told_before_any_is_drawn(tmp_path: Path) -> None:
    plan = write_plan(tmp_path)
    (plan / "networks.gpkg").mkdir()
    before = names(plan)
    assert "networks.gpkg: is a folder, and a file of this name" in refusal(plan)
    assert names(plan) == before


def test_nothing_is_written_of_a_plan_with_a_practice_in_two_places(tmp_path: Path) -> None:
    twice = GROUPINGS + "D,Dale,20000,R,N1,503000,220000,\n"
    by_hand = tmp_path / "by-hand.csv"
    by_hand.write_text(twice, "utf-8")
    (tmp_path / "practices.csv").write_text(GROUPINGS, "utf-8")
    told = refusal(by_hand, "--practices", tmp_path / "practices.csv", "--out", tmp_path / "drawn")
    assert "has practice D 2 times, in N1, N2" in told
    assert not (tmp_path / "drawn").exists()


def test_a_missing_package_is_told_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "pcn_group.base.extras.find_spec",
        lambda name: None if name == "matplotlib" else found(name),
    )
    told = refusal(write_plan(tmp_path))
    assert told == f"report: needs matplotlib, not installed here. {how_to_install('report')}"
    done = CliRunner().invoke(solve, ["missing.csv", "--report", "--out", str(tmp_path / "new")])
    assert isinstance(done.exception, InputError)
    assert [fault.source for fault in done.exception.faults] == ["--report"]


def test_a_new_plan_takes_the_pictures_of_the_old_one_away(tmp_path: Path) -> None:
    texts = dict.fromkeys(FILES, "{}") | {"summary.json": '{"versions": {"pcn-group": "1"}}'}
    write_folder(tmp_path / "plan", texts)
    for name in PICTURES:
        (tmp_path / "plan" / name).write_text("old", "utf-8")
    refuse_foreign_folder(tmp_path / "plan", overwrite=False)
    write_folder(tmp_path / "plan", texts)
    assert names(tmp_path / "plan") == set(FILES)


@pytest.mark.parametrize("certificate", [{}, {"bound": "x"}, [], 7])
def test_a_damaged_certificate_is_a_fault(tmp_path: Path, certificate: object) -> None:
    plan = write_plan(tmp_path)
    (plan / "certificate.json").write_text(json.dumps(certificate), "utf-8")
    told = refusal(plan)
    assert told.startswith("certificate.json: is not a certificate of these practices")
    assert told.endswith("Solve the region again.")
    assert not set(PICTURES) & names(plan)


def alternatives_to(plan: Path, *rules: str) -> Path:
    """The folder of the alternatives to a plan."""
    folder = plan.with_name("alternatives")
    arguments = [str(plan), "--within", "40%", "--out", str(folder), *rules]
    done = CliRunner().invoke(alternatives, arguments)
    assert done.exit_code == 0, done.output
    return folder


def by_hand(folder: Path, groupings: str = GROUPINGS) -> Path:
    path = folder / "by-hand.csv"
    path.write_text(groupings, "utf-8")
    return path


def test_a_page_may_say_what_alternatives_to_its_plan_know(tmp_path: Path) -> None:
    plan = write_plan(tmp_path)
    good = alternatives_to(plan)
    assert report(plan).exit_code == 0
    without = (plan / "report.html").read_text("utf-8")
    assert report(plan, "--with", good).exit_code == 0
    page = (plan / "report.html").read_text("utf-8")
    assert '"pairs":' in page
    assert '"pairs":' not in without


def test_alternatives_are_to_a_plan_whatever_its_networks_are_called(tmp_path: Path) -> None:
    good = alternatives_to(by_hand(tmp_path))
    renamed = by_hand(tmp_path, GROUPINGS.replace("N1", "West").replace("N2", "East"))
    assert report(renamed, "--with", good, "--out", tmp_path / "drawn").exit_code == 0


def test_alternatives_of_something_else_are_refused(tmp_path: Path) -> None:
    plan = write_plan(tmp_path)
    good = alternatives_to(plan)
    before = names(plan)
    assert "nowhere: does not exist" in refusal(plan, "--with", tmp_path / "nowhere")
    assert "holds no alternatives. Name a folder that" in refusal(plan, "--with", plan)
    told = refusal(plan, "--with", good, "--set", "band.max=60000", "--out", tmp_path / "drawn")
    assert f"{good}: was made under other rules than the plan is judged by. Have them" in told
    assert f"pcn-group alternatives {plan}" in told
    assert names(plan) == before
    assert not (tmp_path / "drawn").exists()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("C,Church,25000,R,N2", "C,Church,25000,R,N1"), "has another plan than this as the best"),
        (("D,Dale,20000,R,N2,503000,220000,\n", ""), "is about other practices than the plan"),
        (("C,Church,25000", "C,Church,25001"), "was made from other lists or other travel"),
        (("B,Bridge,15000,R,N1,501000", "B,Bridge,15000,R,N1,501001"), "was made from other lists"),
    ],
)
def test_alternatives_of_another_plan_are_refused(
    tmp_path: Path, change: tuple[str, str], problem: str
) -> None:
    good = alternatives_to(by_hand(tmp_path))
    other = by_hand(tmp_path, GROUPINGS.replace(*change))
    told = refusal(other, "--with", good, "--out", tmp_path / "drawn")
    assert told.startswith(f"{good}: {problem}")
    if problem.startswith("has"):
        assert f"Draw that one, {good / 'plan-01'}, or leave these out." in told


def test_alternatives_under_rules_in_a_file_of_the_same_name_are_refused(tmp_path: Path) -> None:
    rules, elsewhere = tmp_path / "edges.csv", tmp_path / "elsewhere" / "edges.csv"
    elsewhere.parent.mkdir()
    rules.write_text("practice_code,neighbour_code\nA,B\nB,C\nC,D\n", "utf-8")
    elsewhere.write_text("practice_code,neighbour_code\nA,B\nC,D\n", "utf-8")
    plan, edges = write_plan(tmp_path), ("--set", "adjacency.method=edges", "--set")
    good = alternatives_to(plan, *edges, f"adjacency.edges={rules}")
    out = ("--with", good, "--out", tmp_path / "drawn")
    told = refusal(plan, *out, *edges, f"adjacency.edges={elsewhere}")
    assert "was made under other rules" in told
    assert report(plan, *out, *edges, f"adjacency.edges={rules}").exit_code == 0


def test_alternatives_go_with_one_plan(tmp_path: Path) -> None:
    plan = write_plan(tmp_path)
    good = alternatives_to(plan)
    for plans in ((good,), (plan, good / "plan-01")):
        told = refusal(*plans, "--with", good, "--out", tmp_path / "drawn")
        assert told.startswith("--with: is for the page of one plan, where changes are tried")
    assert not (tmp_path / "drawn").exists()
