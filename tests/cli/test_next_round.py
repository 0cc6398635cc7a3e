"""A plan goes into its next round: `check`, `repair` and the others with the lists of today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError
from pcn_group.cli import group
from tests.cli.test_repair_command import ROAD
from tests.solver.regions import region

# Six practices of 15,000 on a road, in two networks of three: N has A, B and C, S the others.
TODAY = ["N", "N", "N", "S", "S", "S"]
LATER = "later.csv"


@pytest.fixture(autouse=True)
def _plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = region(ROAD, current_network=TODAY).table.dropna(axis="columns")
    table.to_csv("practices.csv", index=False)
    succeeded("repair", "practices.csv", "--out", "plan", "--quiet")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


def succeeded(*arguments: str, code: int = 0) -> str:
    result = run(*arguments)
    assert result.exit_code == code, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, InputError), result.output
    return str(result.exception)


def later(path: str = LATER, *, without: str = "", **sizes: int) -> None:
    """Write the lists of today: some practices gone, others with these lists; X is beside F."""
    places = {code: place for code, place in ROAD.items() if code not in without}
    places |= {"X": (6, 0, 15_000)} if "X" in sizes else {}
    places = {code: (x, y, sizes.get(code, 15_000)) for code, (x, y, _) in places.items()}
    region(places).table.dropna(axis="columns").to_csv(path, index=False)


def networks(folder: str) -> dict[str, str]:
    rows = pd.read_csv(f"{folder}/groupings.csv", dtype=str)
    return dict(zip(rows["practice_code"], rows["network_id"], strict=True))


def findings(*arguments: str, code: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        succeeded("check", "plan", "--practices", LATER, *arguments, "--json", code=code)
    )["findings"]
    return found


def test_networks_are_judged_by_the_lists_of_today() -> None:
    later(without="B", A=14_000, F=21_000)
    shown = succeeded("check", "plan", "--practices", LATER, code=3)
    assert "BROKEN: band: N has 29,000 patients, 1,000 short of 30,000" in shown
    assert "BROKEN: band: S has 51,000 patients, 1,000 above 50,000" in shown
    assert (
        "note: lists: B (Practice B) is not in these lists; it had 15,000 patients, in N" in shown
    )
    assert "2 broken." in shown
    assert shown.count("its proof is of the lists") == 1
    assert "may move" not in shown


def test_the_page_says_what_has_changed_since() -> None:
    later(without="B", A=14_000, X=6_000)
    succeeded("report", "plan", "--practices", LATER, "--out", "pictures")
    page = Path("pictures/report.html").read_text("utf-8")
    assert page.count("Its proof is of those.") == 1
    assert "<b>B (Practice B)</b> is not in these lists; it had 15,000 patients, in N" in page
    later()
    succeeded("report", "plan", "--practices", LATER, "--out", "same-practices")
    page = Path("same-practices/report.html").read_text("utf-8")
    assert "Its proof is of those." in page
    succeeded("report", "plan", "--out", "as-made")
    assert "Since the plan was made" not in Path("as-made/report.html").read_text("utf-8")


def test_a_network_may_be_in_pieces_since_one_closed() -> None:
    apart = "--set=adjacency.remove=[[A, C]]"
    succeeded("repair", "practices.csv", apart, "--out", "plan", "--quiet", "--overwrite")
    later(without="B", A=25_000, C=25_000)
    broken = [each for each in findings(code=3) if each["is_broken"]]
    assert [(each["rule"], each["where"]) for each in broken] == [("contiguity", "N")]


def test_who_has_closed_breaks_no_rule_by_that_alone() -> None:
    later(without="A")
    assert not any(each["is_broken"] for each in findings(code=0))


def test_who_is_new_is_in_no_network_and_the_way_out_works() -> None:
    later(X=4_000)
    shown = succeeded("check", "plan", "--practices", LATER, code=3)
    assert "BROKEN: coverage: X is in no network" in shown
    assert "note: lists: 1 practice of 4,000 patients is new: X (Practice X)." in shown
    way_out = next(line for line in shown.splitlines() if "is new" in line).partition(
        ": pcn-group "
    )
    succeeded(*way_out[2].split(), "--out", "second", "--quiet")
    assert networks("second") == {**networks("plan"), "X": "S"}
    told = json.loads(Path("second/summary.json").read_text("utf-8"))
    assert (told["patients_moved"], told["status"]) == (0, "optimal")


def test_the_day_of_the_earlier_lists_is_told() -> None:
    summary = json.loads(Path("plan/summary.json").read_text("utf-8"))
    Path("plan/summary.json").write_text(
        json.dumps({**summary, "list_date": "2025-04-01"}), "utf-8"
    )
    later(A=15_100)
    assert "its proof is of the lists of 1 April 2025 that" in succeeded(
        "check", "plan", "--practices", LATER
    )


def test_repair_begins_from_the_plan_and_keeps_its_rules() -> None:
    succeeded(
        "solve", "practices.csv", "--set=rules.together=[[A, C]]", "--set=band.max=60000",
        "--out", "plan", "--quiet", "--overwrite",
    )  # fmt: skip
    later(without="B", A=10_000, C=10_000)
    shown = succeeded("repair", "plan", "--practices", LATER, "--out", "second")
    assert "(proven the fewest)" in shown
    found = networks("second")
    assert found["A"] == found["C"]
    rules = json.loads(Path("second/summary.json").read_text("utf-8"))["configuration"]
    assert (rules["rules"]["together"], rules["band"]["max"]) == ([["A", "C"]], 60_000)
    assert "Every rule holds." in succeeded("check", "second")


def test_a_successor_inherits_network_and_rules() -> None:
    Path("successors.csv").write_text("from,to\nB,C\n", "utf-8")
    taking = "--set=data.successors=successors.csv"
    later(without="B", C=30_000)
    shown = succeeded("check", "plan", "--practices", LATER, taking)
    line = "note: lists: B (Practice B) has gone into C (Practice C); it had 15,000 patients, in N"
    assert line in shown
    succeeded("repair", "plan", "--practices", LATER, taking, "--out", "second", "--quiet")
    assert set(networks("second").items()) < set(networks("plan").items())
    told = json.loads(Path("second/summary.json").read_text("utf-8"))
    assert told["patients_moved"] == 0
    assert told["configuration"]["data"]["successors"] == {"B": "C"}
    both = succeeded("compare", "plan", "second", "--practices", LATER, taking)
    assert "From plan to second: nothing moves; 2 networks unchanged." in both
    assert "Note: plan: B (Practice B) has gone into C (Practice C)" in both


def test_rules_that_name_one_that_has_closed_are_told() -> None:
    for name in ("plan", "fixed"):
        succeeded(
            "solve", "practices.csv", "--set=rules.fixed=[[A, B, C]]", "--out", name,
            "--quiet", "--overwrite",
        )  # fmt: skip
    later(without="A")
    notes = [each["message"] for each in findings(code=0) if each["where"] == "rules.fixed"]
    assert notes == ["names A, which has closed: it is left aside"]
    succeeded("repair", "plan", "--practices", LATER, "--out", "second", "--quiet")
    assert networks("second")["B"] == networks("second")["C"]


def test_a_plan_may_be_repaired_by_its_own_lists_and_one_by_hand_by_any() -> None:
    rows = pd.read_csv("plan/groupings.csv", dtype=str)
    rows.loc[rows["practice_code"].isin(["C", "D"]), "network_id"] = ["S", "N"]
    rows[["practice_code", "network_id"]].to_csv("by-hand.csv", index=False)
    succeeded("repair", "by-hand.csv", "--practices", "practices.csv", "--out", "one", "--quiet")
    told = json.loads(Path("one/summary.json").read_text("utf-8"))
    assert told["patients_moved"] == 30_000
    succeeded("repair", "plan", "--out", "two", "--quiet")
    assert networks("two") == networks("plan")


def test_what_is_no_plan_to_begin_from_is_refused() -> None:
    later()
    assert "is a list of practices, and a plan is wanted" in refused(
        "repair", "practices.csv", "--practices", LATER
    )
    assert "is what repair starts from anyway" in refused("repair", "current", "--practices", LATER)
    twice = pd.DataFrame({"practice_code": ["A", "A"], "network_id": ["N", "S"]})
    twice.to_csv("twice.csv", index=False)
    assert "has practice A 2 times" in refused("repair", "twice.csv", "--practices", LATER)
    for more in ([LATER], ["practices.csv", "--practices", LATER]):
        several = run("repair", "plan", *more)
        assert (several.exit_code, "name it alone" in several.stderr) == (2, True)


def test_a_mistaken_code_of_a_plan_by_hand_is_no_practice_that_closed() -> None:
    rows = pd.read_csv("plan/groupings.csv", dtype=str).replace({"practice_code": {"A": "AA"}})
    rows.to_csv("by-hand.csv", index=False)
    shown = succeeded("check", "by-hand.csv", "--practices", "practices.csv", code=3)
    assert "BROKEN: coverage: N has AA, which is not among the practices" in shown
    assert "note: lists" not in shown


def test_a_practice_with_a_successor_and_a_list_is_told() -> None:
    later(A=15_100)
    taking = "--set=data.successors={A: B}"
    notes = [each["where"] for each in findings(taking, code=0) if each["rule"] == "lists"]
    assert notes == ["A (Practice A)"]
    succeeded("solve", LATER, taking, "--out", "new", "--quiet")
    report = Path("new/data_report.csv").read_text("utf-8")
    assert "still_open,A," in report
