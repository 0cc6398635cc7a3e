"""`pcn-group check` on plans from a folder, a file and today's networks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError
from pcn_group.cli.check import command
from pcn_group.cli.solve import command as solve
from tests.plan.folders import DUALS, GROUPINGS, write_plan


def check(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def broken(*arguments: str | Path) -> list[str]:
    """The rules a plan breaks, from the JSON; the exit code must tell the same."""
    result = check(*arguments, "--json")
    findings = json.loads(result.stdout)["findings"]
    rules = [finding["rule"] for finding in findings if finding["is_broken"]]
    assert result.exit_code == (3 if rules else 0)
    return rules


def test_a_plan_as_it_was_written_holds(tmp_path: Path) -> None:
    result = check(write_plan(tmp_path))
    assert result.exit_code == 0
    assert "Every rule holds." in result.stdout
    assert "proves that no plan costs less than 35,000.0 patient-km" in result.stdout
    assert "4 practices, 80,000 patients, 2 of 2 networks in the band" in result.stdout


def test_json_gives_one_object_with_every_figure(tmp_path: Path) -> None:
    judged = json.loads(check(write_plan(tmp_path), "--json").stdout)
    assert judged["holds"]
    assert judged["cost"] == 35_000_000
    assert judged["networks"][0] == {
        "network_id": "N1",
        "practices": ["A", "B"],
        "patients": 35_000,
        "in_band": True,
        "hub": "A",
        "cost": 15_000_000,
    }


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"summary": {"cost_integer": 34_999_999}}, "figures"),
        ({"summary": {"patients": 79_999}}, "figures"),
        ({"summary": {"bound_integer": 35_000_001}}, "figures"),
        ({"summary": {"bound_integer": "all"}}, "figures"),
        ({"summary": {"bound_integer": 34_000_000}}, "figures"),  # and yet said to be optimal
        ({"adjacency": "practice_code,neighbour_code\nA,B\nC,D\n"}, "adjacency"),
        ({"certificate": {"bound": 35_000_001}}, "certificate"),
        ({"certificate": {"duals": DUALS | {"A": 1}, "bound": 1}}, "certificate"),
        (
            {"certificate": {"duals": DUALS | {"A": -5, "D": 20_000_005}}},
            "certificate",
        ),
    ],
)
def test_a_false_claim_is_a_broken_rule(tmp_path: Path, change: dict[str, Any], rule: str) -> None:
    assert broken(write_plan(tmp_path, **change)) == [rule]


def test_json_tells_every_wrong_figure_and_the_terminal_the_first_of_each_file(
    tmp_path: Path,
) -> None:
    plan = write_plan(tmp_path)
    networks = "network_id,practices,patients,in_band,hub_practice_code,mean_km\n"
    (plan / "networks.csv").write_text(f"{networks}N1,3,1,false,B,9\nN2,2,2,true,D,9\n", "utf-8")
    told = [f for f in json.loads(check(plan, "--json").stdout)["findings"] if f["is_broken"]]
    assert [finding["where"].removeprefix("networks.csv, ") for finding in told] == [
        *(f"row 2, column {name}" for name in networks.strip().split(",")[1:]),
        *(f"row 3, column {name}" for name in ("patients", "hub_practice_code", "mean_km")),
    ]
    assert told[0]["rule"] == "figures"
    assert told[0]["message"] == "says 3, and 2 is right"
    shown = check(plan).stdout
    assert shown.count("BROKEN: figures: networks.csv, row 2") == 5
    assert "BROKEN: figures: and 3 more in networks.csv; --json has them all" in shown


def test_what_the_certificate_leaves_unproven_is_said(tmp_path: Path) -> None:
    weaker = {"duals": DUALS | {"D": 19_000_000}, "bound": 34_000_000}
    result = check(write_plan(tmp_path, certificate=weaker))
    assert result.exit_code == 0
    assert "the rest of the bound, up to 35,000.0 patient-km, rests on the solver" in result.stdout


def test_a_practice_moved_by_hand_breaks_the_rules(tmp_path: Path) -> None:
    moved = GROUPINGS.replace("B,Bridge,15000,R,N1", "B,Bridge,15000,R,N2")
    rules = broken(write_plan(tmp_path, groupings=moved))
    assert rules.count("band") == 2


@pytest.fixture
def plan_with_an_exception(tmp_path: Path) -> Path:
    """As `solve` writes it: Dale has 2,000 patients, so no plan keeps the band."""
    practices = tmp_path / "practices.csv"
    practices.write_text(GROUPINGS.replace("D,Dale,20000", "D,Dale,2000"), encoding="utf-8")
    plan = tmp_path / "plan"
    arguments = [str(practices), "--out", str(plan), "--set", "band.max=36000", "--quiet"]
    CliRunner().invoke(solve, arguments, catch_exceptions=False, standalone_mode=False)
    return plan


def test_both_certificates_of_a_plan_with_exceptions_are_checked(
    plan_with_an_exception: Path,
) -> None:
    result = check(plan_with_an_exception)
    assert result.exit_code == 3
    assert "BROKEN: band" in result.stdout
    assert "proves that no plan with as few patients outside the band costs less" in result.stdout
    assert "band_impossible proves that no plan keeps the band" in result.stdout


def test_a_false_proof_that_the_band_is_impossible_is_a_broken_rule(
    plan_with_an_exception: Path,
) -> None:
    path = plan_with_an_exception / "certificate.json"
    certificate = json.loads(path.read_text(encoding="utf-8"))
    certificate["band_impossible"]["bound"] += 1
    path.write_text(json.dumps(certificate), encoding="utf-8")
    assert "certificate" in broken(plan_with_an_exception)


@pytest.mark.parametrize("key", ["size_rule", "held"])
def test_a_certificate_without_its_terms_is_unusable(
    plan_with_an_exception: Path, key: str
) -> None:
    path = plan_with_an_exception / "certificate.json"
    certificate = json.loads(path.read_text(encoding="utf-8"))
    del certificate[key]
    path.write_text(json.dumps(certificate), encoding="utf-8")
    result = CliRunner().invoke(command, [str(plan_with_an_exception)])
    assert isinstance(result.exception, InputError)
    assert f"does not say what it is under: there is no {key}" in str(result.exception)


def test_terms_that_are_not_those_of_the_rules_are_a_broken_rule(
    plan_with_an_exception: Path,
) -> None:
    path = plan_with_an_exception / "certificate.json"
    certificate = json.loads(path.read_text(encoding="utf-8"))
    del certificate["size_rule"]["hinges"]
    path.write_text(json.dumps(certificate), encoding="utf-8")
    told = check(plan_with_an_exception).stdout
    assert "under terms that are not those of the rules: size_rule.hinges is not there" in told


def test_other_rules_may_be_asked_for(tmp_path: Path) -> None:
    plan = write_plan(tmp_path)
    assert broken(plan, "--set", "band.max=40000") == ["band"]
    rules = tmp_path / "rules.yaml"
    rules.write_text("limits: {max_practices: 1}\n", encoding="utf-8")
    assert broken(plan, "--config", rules) == ["practices", "practices"]


def test_a_plan_made_by_hand_takes_its_practices_from_elsewhere(tmp_path: Path) -> None:
    practices = tmp_path / "practices.csv"
    practices.write_text(GROUPINGS, encoding="utf-8")
    plan = tmp_path / "mine.csv"
    plan.write_text("practice_code,network_id\nA,x\nB,x\nC,y\nD,y\n", encoding="utf-8")
    assert broken(plan, "--practices", practices) == []
    plan.write_text("practice_code,network_id\nA,x\nB,x\nC,y\nZ,y\n", encoding="utf-8")
    assert broken(plan, "--practices", practices) == ["coverage", "band", "coverage"]


def test_the_networks_of_today_are_a_plan(tmp_path: Path) -> None:
    practices = tmp_path / "practices.csv"
    practices.write_text(GROUPINGS, encoding="utf-8")
    result = check("current", "--practices", practices)
    assert result.exit_code == 3
    assert "BROKEN: coverage: D is in no network" in result.stdout
    assert "BROKEN: band: N2 has 25,000 patients, 5,000 short of 30,000" in result.stdout


def test_today_needs_to_be_told_whose() -> None:
    result = CliRunner().invoke(command, ["current"])
    assert isinstance(result.exception, InputError)
    assert "Say whose with --practices" in str(result.exception)


def test_practices_without_lists_are_a_fault(tmp_path: Path) -> None:
    plan = tmp_path / "mine.csv"
    plan.write_text("practice_code,network_id\nA,x\n", encoding="utf-8")
    result = CliRunner().invoke(command, [str(plan)])
    assert isinstance(result.exception, InputError)


def by_hand(folder: Path, *networks: str) -> tuple[Path, str, Path]:
    """A plan of the four practices A to D, made by hand, with their own file."""
    own = write_plan(folder)
    rows = (f"{code},{network}" for code, network in zip("abcd", networks, strict=True))
    plan = folder / "mine.csv"
    plan.write_text("\n".join(("practice_code,network_id", *rows)) + "\n", encoding="utf-8")
    return plan, "--practices", own / "groupings.csv"


def test_a_plan_in_small_letters_is_judged_as_any_other(tmp_path: Path) -> None:
    assert broken(*by_hand(tmp_path, "n1", "N1", "N2", "'N2")) == []


@pytest.mark.parametrize("none", ["U", "Unallocated", "unassigned", "0", "#N/A", "none"])
def test_practices_that_a_plan_has_in_no_network(tmp_path: Path, none: str) -> None:
    arguments = by_hand(tmp_path, "N1", "N1", none, none)
    assert broken(*arguments) == ["coverage"]
    assert "BROKEN: coverage: C, D are in no network" in check(*arguments).stdout
