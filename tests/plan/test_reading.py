"""Reading plans, written by the program or by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pcn_group.base.errors import InputError
from pcn_group.plan.case import open_case
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.money import read_membership
from pcn_group.plan.reading import located_networks, networks_by_code, read_plan
from tests.plan.folders import write_plan


def faults(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_plan(path)
    return [str(fault) for fault in caught.value.faults]


def test_a_folder_has_networks_rules_and_proof(tmp_path: Path) -> None:
    plan = read_plan(write_plan(tmp_path))
    assert plan.networks == {"N1": ("A", "B"), "N2": ("C", "D")}
    assert plan.configuration is not None
    assert plan.configuration.band.max == 50_000
    assert plan.summary["cost_integer"] == 35_000_000
    assert plan.certificate["bound"] == 35_000_000
    assert plan.adjacency == frozenset({("A", "B"), ("B", "C"), ("C", "D")})


def test_a_region_may_have_no_neighbours(tmp_path: Path) -> None:
    plan = read_plan(write_plan(tmp_path, adjacency="practice_code,neighbour_code\n"))
    assert plan.adjacency == frozenset()


def test_a_plan_made_by_hand_needs_two_columns(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("Network_ID,practice_code\nsouth,B\nnorth,00L\n,C\nsouth,A\n", encoding="utf-8")
    plan = read_plan(path)
    assert plan.networks == {"north": ("00L",), "south": ("B", "A")}
    assert plan.configuration is None


def test_a_practice_without_a_network_is_in_none() -> None:
    codes, labels = pd.Series(["A", "B", "C"]), pd.Series(["N", "", "N"])
    assert networks_by_code(codes, labels) == {"N": ("A", "C")}


def test_practices_from_elsewhere_are_reported() -> None:
    region = {"A": "A", "B": "B"}
    members, strangers = located_networks({"N": ("A", "X"), "M": ("B",)}, region)
    assert members == [[0], [1]]
    assert [(finding.where, finding.is_broken) for finding in strangers] == [("N", True)]


ATTACHED = {"A": "A", "B": "A", "C": "C", "D": "C"}
"""B is attached to A, D to C."""


def test_attached_practices_are_no_members_of_their_own() -> None:
    members, findings = located_networks({"N": ("B", "A"), "M": ("C", "D")}, ATTACHED)
    assert members == [[0], [1]]
    assert findings == []


@pytest.mark.parametrize(
    ("networks", "rule", "message"),
    [
        ({"N": "A", "M": "CDB"}, "attached", "counts with it, in N, but is in M"),
        ({"N": "A", "M": "CD"}, "attached", "counts with it, in N, but is in none"),
        ({"M": "CDB"}, "attached", "counts with it, in none, but is in M"),
        ({"M": "CD"}, "attached", "counts with it, in none, but is in none"),
        ({"N": "AB", "M": "CDB"}, "coverage", "is 2 times in a network: N, M"),
        ({"N": "ABB", "M": "CD"}, "coverage", "is 2 times in a network: N"),
    ],
)
def test_attached_practices_away_from_their_hosts_are_reported(
    networks: dict[str, str], rule: str, message: str
) -> None:
    (finding,) = located_networks(networks, ATTACHED)[1]
    assert (finding.rule, finding.where, finding.is_broken) == (rule, "B", True)
    assert finding.message.endswith(message)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("practice_code,networks\nA,N\n", encoding="utf-8")
    assert faults(path)[0].startswith("mine.csv, row 1, column network_id: has no such column")


def test_every_row_without_a_code_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("practice_code,network_id\n,N\nA,N\n,M\n", encoding="utf-8")
    assert [fault.split(":")[0] for fault in faults(path)] == [
        "mine.csv, row 2, column practice_code",
        "mine.csv, row 4, column practice_code",
    ]


def test_the_faults_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, groupings="practice_code\nA\n", adjacency="a,b\nA,B\n")
    (plan / "summary.json").write_text("[]", encoding="utf-8")
    (plan / "certificate.json").write_text("{", encoding="utf-8")
    assert [fault.split(":")[0].split(",")[0] for fault in faults(plan)] == [
        "groupings.csv",
        "summary.json",
        "certificate.json",
        "adjacency.csv",
        "adjacency.csv",
    ]


def test_a_folder_without_groupings_is_no_plan(tmp_path: Path) -> None:
    assert "there is no groupings.csv in it" in faults(tmp_path)[0]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"band": {"min": "few"}}, "band.min: is no whole number"),
        ({"bland": {}}, "unknown key bland"),
        (None, "is not a table of keys"),
    ],
)
def test_rules_that_are_not_valid_do_no_harm_where_others_are_given(
    tmp_path: Path, rules: object, told: str
) -> None:
    plan = str(write_plan(tmp_path, summary={"configuration": rules}))
    with pytest.raises(InputError) as refused:
        open_case(plan, PlanInputs())
    (fault,) = refused.value.faults
    assert str(fault).startswith(f"summary.json: configuration: {told}")
    assert str(fault).endswith("Give the rules with --config, or have the plan made again.")
    assert "pydantic" not in str(fault)

    others = tmp_path / "rules.yaml"
    others.write_text("band: {max: 60000}\n", "utf-8")
    case = open_case(plan, PlanInputs(config=others))
    assert case.region.configuration.band.max == 60_000


def test_what_is_set_changes_the_rules_that_the_plan_was_made_under(tmp_path: Path) -> None:
    made = {"band": {"min": 30_000, "max": 90_000}, "rules": {"together": [["A", "B"]]}}
    plan = str(write_plan(tmp_path, summary={"configuration": made}))
    # More than the most by default: what the defaults alone would not allow.
    case = open_case(plan, PlanInputs(overrides=("band.min=60000",), command="check"))
    rules = case.region.configuration
    assert (rules.band.min, rules.band.max) == (60_000, 90_000)
    assert rules.rules.together == (("A", "B"),)
    assert not case.is_as_made
    others = tmp_path / "rules.yaml"
    others.write_text("band: {max: 95000}\n", "utf-8")
    case = open_case(plan, PlanInputs(config=others, overrides=("band.min=60000",)))
    rules = case.region.configuration
    assert (rules.band.min, rules.band.max, rules.rules.together) == (60_000, 95_000, ())


def test_one_limit_on_what_moves_takes_the_place_of_the_other(tmp_path: Path) -> None:
    made = {"limits": {"max_moved_patients": 10}}
    plan = str(write_plan(tmp_path, summary={"configuration": made}))
    case = open_case(plan, PlanInputs(overrides=("limits.max_moved_practices=2",)))
    limits = case.region.configuration.limits
    assert (limits.max_moved_patients, limits.max_moved_practices) == (None, 2)
    case = open_case(plan, PlanInputs(overrides=("band.max=60000",)))
    assert case.region.configuration.limits.max_moved_patients == 10


def test_a_rule_of_the_plan_that_a_command_does_not_use_is_nobodys_request(tmp_path: Path) -> None:
    made = {"band": {"min": 30_000, "max": 45_000}}
    plan = str(write_plan(tmp_path, summary={"configuration": made}))
    footprints = PlanInputs(overrides=("travel.way=straight",), command="footprints")
    assert open_case(plan, footprints).region.configuration.band.max == 45_000
    with pytest.raises(InputError, match="footprints does not use it"):
        open_case(plan, PlanInputs(overrides=("band.max=60000",), command="footprints"))


# --- codes and networks in any spelling ---


def by_hand(folder: Path, *rows: str) -> Path:
    path = folder / "mine.csv"
    path.write_text("\n".join(("practice_code,network_id", *rows)) + "\n", encoding="utf-8")
    return path


def test_codes_and_networks_in_any_spelling_join(tmp_path: Path) -> None:
    rows = ("a81001,n1", "'A81002,N1", "\u200bA81003,Network B", "A81004\u00a0,network b")
    plan = read_plan(by_hand(tmp_path, *rows))
    assert plan.networks == {"N1": ("A81001", "A81002"), "Network B": ("A81003", "A81004")}


@pytest.mark.parametrize("none", ["U", "Unallocated", "unassigned", "0", "#N/A", "none", "-", "NA"])
def test_no_network_is_none(tmp_path: Path, none: str) -> None:
    path = by_hand(tmp_path, "A81001,N1", f"A81002,{none}", f"A81003,{none}", "A81004,U00001")
    assert read_plan(path).networks == {"N1": ("A81001",), "U00001": ("A81004",)}
    assert read_membership(path)["A81002"] == ("", "")


def test_zero_among_numbers_is_asked_about(tmp_path: Path) -> None:
    (fault,) = faults(by_hand(tmp_path, "A81001,1", "A81002,0", "A81003,2"))
    assert fault == (
        "mine.csv, row 3, column network_id: may be a network or none, since other networks are "
        "numbers ('0'). Leave it empty for a practice in no network, or call the network "
        "something else."
    )


def test_a_practice_in_two_spellings_is_a_fault_with_both(tmp_path: Path) -> None:
    path = by_hand(tmp_path, "A81001,N1", "A81002,N1", "a81001,N2")
    told = (
        "mine.csv, row 4, column practice_code: is there twice (row 2: 'A81001') ('a81001'). "
        "Keep one row of it."
    )
    assert faults(path) == [told]
    with pytest.raises(InputError) as caught:
        read_membership(path)
    assert str(caught.value) == told


def test_neighbours_of_a_plan_are_codes_too(tmp_path: Path) -> None:
    text = "practice_code,neighbour_code\na,'b\nB,C\nC,d\n"
    assert read_plan(write_plan(tmp_path, adjacency=text)).adjacency == frozenset(
        {("A", "B"), ("B", "C"), ("C", "D")}
    )
