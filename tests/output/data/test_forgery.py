"""What is changed in several files at once, so that they agree, is noticed all the same."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pcn_group.output.data.plan_files import digest, digest_of_summary
from pcn_group.output.report.facts import facts_of
from pcn_group.output.report.words import badge, proof_words
from pcn_group.plan.case import open_case
from pcn_group.plan.inputs import PlanInputs
from tests.output.data.judged import OLD, Prepared, checked, solved


def forged(tmp_path: Path, name: str, change: Callable[[Path], None]) -> tuple[int, str]:
    """Change a plan of version 0.1, which has no digests, and check it."""
    shutil.copytree(OLD / name, tmp_path / "forged")
    change(tmp_path / "forged" / "plan")
    return checked(tmp_path / "forged" / "plan")


def rewrite(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for there, instead in pairs:
        assert there in text
        text = text.replace(there, instead)
    path.write_text(text, "utf-8")


def update(path: Path, change: dict[str, Any]) -> None:
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")


def test_patients_that_are_changed_everywhere_at_once_are_noticed(tmp_path: Path) -> None:
    def change(plan: Path) -> None:
        rewrite(plan / "networks.csv", ("33500", "34500"))
        update(plan / "summary.json", {"patients": 103_500})

    code, told = forged(tmp_path, "plain", change)
    assert code == 3
    assert "networks.csv, row 2, column patients says 34500, and 33500 is right" in told
    assert "summary.json, patients says 103500, and 102500 is right" in told


def test_a_cheaper_cost_with_a_bound_to_match_is_noticed(tmp_path: Path) -> None:
    def change(plan: Path) -> None:
        cheaper = {"cost_integer": 146_000_000, "bound_integer": 146_000_000}
        in_km = {"cost_patient_km": 146_000.0, "bound_patient_km": 146_000.0}
        update(plan / "summary.json", cheaper | in_km)

    code, told = forged(tmp_path, "plain", change)
    assert code == 3
    assert "claims the best plan, but its bound 146,000,000 is not its cost" in told
    assert "summary.json, cost_integer says 146000000" in told


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("held", 1),
        ("hinges", [{"at": 1_000_000, "below": 100, "above": 0}]),
        ("hinges", [{"at": 30_000, "below": 100, "above": 0}]),
        ("smallest", 1),
        ("largest", 1_000_000),
        ("band_max", 60_000),
        ("alone_above", 1),
    ],
)
def test_terms_of_a_proof_are_never_taken_from_the_plan(
    tmp_path: Path, key: str, value: object
) -> None:
    def change(plan: Path) -> None:
        rule = json.loads((plan / "certificate.json").read_text("utf-8"))["size_rule"]
        terms = {key: value} if key == "held" else {"size_rule": rule | {key: value}}
        update(plan / "certificate.json", terms)

    code, told = forged(tmp_path, "plain", change)
    assert code == 3
    assert "certificate.json is under terms that are not those of the rules" in told
    assert key in told


def test_where_the_band_gave_way_its_price_is_free_and_all_else_is_not(tmp_path: Path) -> None:
    def change(plan: Path) -> None:
        update(plan / "certificate.json", {"held": 1_000})

    code, told = forged(tmp_path, "exceptions", change)
    assert code == 3
    assert "held says 1000, and 4315595960 is right" in told


def test_a_proof_that_is_taken_away_is_noticed(tmp_path: Path) -> None:
    code, told = forged(tmp_path, "plain", lambda plan: (plan / "certificate.json").unlink())
    assert code == 3
    assert "certificate.json is empty or not there, and the plan is said to be the best" in told


def test_a_plan_that_was_made_without_time_for_its_check_may_be_checked_later(
    tmp_path: Path,
) -> None:
    def change(plan: Path) -> None:
        update(plan / "summary.json", {"certificate_verified": False})

    code, told = forged(tmp_path, "plain", change)
    assert code == 0
    assert "certificate.json proves that no plan costs less" in told


def test_a_check_that_was_never_passed_is_noticed(tmp_path: Path) -> None:
    def change(plan: Path) -> None:
        certificate = json.loads((plan / "certificate.json").read_text("utf-8"))
        update(plan / "certificate.json", {"bound": certificate["bound"] + 1})

    code, told = forged(tmp_path, "plain", change)
    assert code == 3
    assert "certificate_verified says true, and false is right" in told


def test_another_matrix_is_not_the_one_the_plan_was_made_with(tmp_path: Path) -> None:
    def change(plan: Path) -> None:
        rewrite(plan.parent / "minutes.csv", ("C01,C05,", "C01,C05,1"))

    code, told = forged(tmp_path, "ruled", change)
    assert code == 3
    assert "summary.json, rule_files.0.sha256 says" in told


def worse(folder: Path) -> Path:
    """Write the best plan, and over it a worse one that its own figures fit: A04 is elsewhere."""
    shutil.copytree(OLD / "plain", folder, ignore=shutil.ignore_patterns("plan"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        solved("practices.csv")
        kept = (folder / "plan" / "certificate.json").read_text("utf-8")
        other = ("--set", "rules.apart=[[A04, A05]]", "--overwrite")
        solved("practices.csv", *other)
    (folder / "plan" / "certificate.json").write_text(kept, "utf-8")
    summary = json.loads((folder / "plan" / "summary.json").read_text("utf-8"))
    summary["configuration"]["rules"]["apart"] = []
    summary["certificate_verified"] = True
    summary["sha256"]["certificate.json"] = digest(kept)
    summary["sha256"]["summary.json"] = digest_of_summary(summary)
    (folder / "plan" / "summary.json").write_text(json.dumps(summary), "utf-8")
    return folder / "plan"


def test_a_worse_plan_that_is_said_to_be_the_best_is_refuted(tmp_path: Path) -> None:
    plan = worse(tmp_path / "worse")
    code, told = checked(plan)
    assert code == 3
    assert re.findall("BROKEN.*", told) == [
        line for line in told.splitlines() if "bound_integer is refuted: with A" in line
    ]


def test_weaker_rules_are_listed_with_the_plan_that_is_best_under_them(tmp_path: Path) -> None:
    shutil.copytree(OLD / "plain", tmp_path / "weak", ignore=shutil.ignore_patterns("plan"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path / "weak")
        solved("practices.csv", "--set", "rules.apart=[[A04, A05]]", "--set", "band.min=20000")
    code, told = checked(tmp_path / "weak" / "plan")
    assert code == 0
    assert "rule: band.min 20,000 (by default 30,000)\n" in told
    assert "rule: rules.apart A04, A05 (by default none)\n" in told
    rules = json.loads(checked(tmp_path / "weak" / "plan", "--json")[1])["rules"]
    assert rules == {"band.min": 20_000, "rules.apart": [["A04", "A05"]]}


@pytest.mark.parametrize(
    ("there", "instead"),
    [('"held": 0', '"held": 1'), ('"patients": 102500', '"patients": 102501')],
)
def test_a_forged_plan_is_not_drawn_as_proven(tmp_path: Path, there: str, instead: str) -> None:
    shutil.copytree(OLD / "plain", tmp_path / "forged")
    plan = tmp_path / "forged" / "plan"
    assert facts_of(open_case(str(plan), PlanInputs())).proof is not None
    for name in ("certificate.json", "summary.json"):
        text = (plan / name).read_text("utf-8")
        (plan / name).write_text(text.replace(there, instead), "utf-8")
    facts = facts_of(open_case(str(plan), PlanInputs()))
    assert facts.proof is None
    assert badge(facts) == ("No proof", "plain")
    assert "What its files say of it is not so in" in proof_words(facts)[0]


def test_digests_that_are_brought_in_line_hide_no_false_figure(
    tmp_path: Path, new: Prepared
) -> None:
    shutil.copytree(new.folder.parent, tmp_path / "copy")
    plan = tmp_path / "copy" / "plan"
    networks = plan / "networks.csv"
    rewrite(networks, (",true,", ",false,")) if ",true," in networks.read_text() else rewrite(
        networks, (",false,", ",true,")
    )
    summary = json.loads((plan / "summary.json").read_text("utf-8"))
    summary["sha256"]["networks.csv"] = digest(networks.read_text("utf-8"))
    summary["sha256"]["summary.json"] = digest_of_summary(summary)
    (plan / "summary.json").write_text(json.dumps(summary), "utf-8")
    code, told = checked(plan)
    assert code == 3
    assert "column in_band says" in told
    assert "SHA-256" not in told


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("versions", {}),
        ("versions", None),
        ("inputs", [{"name": "practices.csv"}]),
        ("inputs", {"name": "practices.csv"}),
        ("notes", "none"),
        ("data_report", {"unheard_of": 1}),
        ("data_report", ["no_name"]),
    ],
)
def test_what_is_not_judged_must_look_as_it_is_written(
    tmp_path: Path, key: str, value: object
) -> None:
    code, told = forged(tmp_path, "plain", lambda plan: update(plan / "summary.json", {key: value}))
    assert code == 3
    assert f"BROKEN: figures: summary.json, {key}" in told
    found = facts_of(open_case(str(tmp_path / "forged" / "plan"), PlanInputs()))
    assert found.proof is None
