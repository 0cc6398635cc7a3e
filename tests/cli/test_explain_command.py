"""`pcn-group explain` as a user meets it: what is printed, what is refused, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError, NoPlanInTimeError
from pcn_group.cli.explain import command
from pcn_group.region.problem import Problem
from pcn_group.solver.solution import Solution
from tests.plan.folders import GROUPINGS, write_plan

WIDTH = 80


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `plan`: four practices along a road, A and B in N1, C and D in N2."""
    monkeypatch.chdir(tmp_path)
    write_plan(tmp_path)
    return tmp_path


def explain(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def shown(*arguments: str | Path, code: int = 0) -> str:
    result = explain(*arguments)
    assert result.exit_code == code, result.output
    assert max(map(len, result.stdout.splitlines())) <= WIDTH
    return "\n".join(line.rstrip() for line in result.stdout.splitlines())


def test_a_plan_at_a_glance() -> None:
    assert (
        shown("plan")
        == """\
plan: every rule holds.
It is the best there is, proven: 35,000.0 patient-km.

network  practices  patients   room  hub  mean km  max km
──────────────────────────────────────────────────────────
N1               2    35,000  5,000  A       0.43    1.00
N2               2    45,000  5,000  C       0.44    1.00

Least room in the band, in patients: N1 (5,000), N2 (5,000).
No practice is nearer to another hub than to its own."""
    )


def test_practices_and_networks_are_named_in_any_spelling() -> None:
    assert shown("plan", "--practice", "'b") == shown("plan", "--practice", "B")
    assert shown("plan", "--network", "n1") == shown("plan", "--network", "N1")


def test_a_practice() -> None:
    assert (
        shown("plan", "--practice", "B")
        == """\
plan: every rule holds.
It is the best there is, proven: 35,000.0 patient-km.

B (Bridge, 15,000 patients) is in N1, 1.00 km from its hub A.
No hub of a neighbouring network is nearer.

If B alone moves, and nothing else changes:
network    km  then has  left with  patient-km  breaks
───────────────────────────────────────────────────────
N2       1.00    60,000     20,000        +0.0  band

The best plan in which B is in one network with this hub:
network    hub        patient-km         %  km a patient  moves
────────────────────────────────────────────────────────────────
N1 (stay)  A                +0.0    +0.00%         +0.00      0
N2         C           +40,000.0  +114.29%         +2.67      1
not N1     any other        +0.0    +0.00%         +0.00      0
With N2: only with 30,000 patients more above the maximum.
Leaving: only with 10,000 patients more short of the minimum and 10,000 patients
more above the maximum.

Who moves beside B:
- With N2: A from N1 to N2."""
    )


def test_a_network() -> None:
    assert (
        shown("plan", "--network", "N1")
        == """\
plan: every rule holds.
It is the best there is, proven: 35,000.0 patient-km.

N1 (2 practices, 35,000 patients, hub A) is in the band, 5,000 from its edge.
practice  patients    km  nearest other    km  as hub, patient-km
──────────────────────────────────────────────────────────────────
A           20,000  0.00  N2             2.00                +0.0
B           15,000  1.00  N2             1.00            +5,000.0

Neighbours, and what it would take to have them here:
practice  from    km    km      alone  breaks  best plan         %  moves
──────────────────────────────────────────────────────────────────────────
C         N2    0.00  2.00  +10,000.0  band    +40,000.0  +114.29%      2
C in N1: only with 30,000 patients more above the maximum."""
    )


def test_a_plan_that_is_not_the_best(folder: Path) -> None:
    swapped = GROUPINGS.replace("20000,R,N1", "20000,R,N2", 1).replace("15000,R,N1", "15000,R,N2")
    (folder / "worse.csv").write_text(swapped, encoding="utf-8")
    text = shown("worse.csv", "--practice", "A")
    assert "worse.csv: 1 rule broken (band)." in text
    assert "The best plan there is costs 35,000.0 patient-km, proven." in text
    assert "This one costs 40,000.0 patient-km (114.29%) more, and has 30,000 patients" in text
    assert "than this" in text
    assert "N2 (stay)" in text
    assert "Outside the band, in patients: N2 (30,000): without need" in shown("worse.csv")


def test_why_there_is_no_plan() -> None:
    rules = ("--set=travel.max_to_hub=0.5", "--set=band.below=forbid")
    text = shown("plan", *rules, code=4)
    assert text.startswith("Proven: no plan of these 4 practices has every network between")
    assert "No network that keeps the rules can hold B (15,000 patients)." in text
    assert "What clashes: travel.max_to_hub (0.5), band.min (30,000)." in text
    assert "- travel.max_to_hub=1.0, the nearest that does: 35,000.0 patient-km, all in" in text


def test_an_input_without_networks_is_explained_as_well(folder: Path) -> None:
    rows = [row.split(",") for row in GROUPINGS.splitlines()]
    keep = ("practice_code", "practice_name", "list_size", "easting", "northing")
    columns = [rows[0].index(name) for name in keep]
    text = "\n".join(",".join(row[k] for k in columns) for row in rows)
    (folder / "practices.csv").write_text(f"{text}\n", encoding="utf-8")
    about = ("current", "--practices=practices.csv")
    assert shown(*about) == (
        "current: 1 rule broken (coverage).\n"
        "The best plan there is costs 35,000.0 patient-km, proven.\n"
        "This one leaves 4 practices in no network, and so its cost says nothing.\n"
        "Prices are beside the best plan. What moves, moves from this one."
    )
    strict = ("--set=band.min=42000", "--set=band.below=forbid", "--set=band.above=forbid")
    assert "What clashes:" in shown(*about, *strict, code=4)


def test_json_is_one_object_and_nothing_else() -> None:
    result = explain("plan", "--practice=B", "--network=N2", "--json")
    told = json.loads(result.stdout)
    assert result.stderr == ""
    assert told["is_best"] is True
    assert told["practice"]["options"][0]["alone"] == {
        "patients_left": 20_000,
        "patients_joined": 60_000,
        "cost_patient_km": 0.0,
        "broken": [
            {
                "rule": "band",
                "where": "N1",
                "message": "has 20,000 patients, 10,000 short of 30,000",
            },
            {
                "rule": "band",
                "where": "N2",
                "message": "has 60,000 patients, 10,000 above 50,000",
            },
        ],
        "mended": [],
    }
    assert told["practice"]["options"][0]["best_plan"]["more_patients_above"] == 30_000
    assert [member["practice_code"] for member in told["network"]["members"]] == ["C", "D"]
    assert told["no_plan_because"] is None


def test_json_says_why_there_is_no_plan() -> None:
    rules = ("--set=rules.apart=[[A, B]]", "--set=band.below=forbid")
    result = explain("plan", *rules, "--json")
    assert result.exit_code == 4
    told = json.loads(result.stdout)["no_plan_because"]
    assert told["clash"]["practices"] == ["A"]
    assert told["clash"]["rules"] == [
        {"key": "rules.apart", "practices": ["A", "B"], "value": None},
        {"key": "band.min", "practices": [], "value": 30_000},
    ]
    assert [remedy["kind"] for remedy in told["remedies"]] == ["dropped", "limit", "bridge"]
    assert told["in_words"][0].startswith("Proven: no plan of these 4 practices")


def test_questions_are_told_on_standard_error() -> None:
    result = explain("plan", "--practice=B")
    assert "the best plan with B and C together" in result.stderr


def test_what_is_unknown_is_refused() -> None:
    result = explain("plan", "--practice=X", "--network=N3")
    assert isinstance(result.exception, InputError)
    assert len(result.exception.faults) == 2


def test_current_needs_practices() -> None:
    result = explain("current")
    assert isinstance(result.exception, InputError)
    assert "Say whose with --practices" in str(result.exception)


def test_time_that_is_not_enough_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(problem: Problem, *_: object) -> Solution:
        return Solution("no_plan_in_time", (), 0, 0, problem, None)

    monkeypatch.setattr("pcn_group.studies.questions.best_plan", never)
    result = explain("plan", "--time-limit=7")
    assert isinstance(result.exception, NoPlanInTimeError)
    assert "of 7 seconds" in str(result.exception)


def test_a_limit_of_no_time_is_refused() -> None:
    for limit in ("0", "nan", "inf"):
        result = explain("plan", f"--time-limit={limit}")
        assert result.exit_code == 2
        assert f"'--time-limit': {limit} is " in result.output
