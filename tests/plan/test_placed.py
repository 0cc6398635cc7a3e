"""Plans placed in a region: which region and rules they are about, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.placed import open_plans
from tests.plan.compared import RING, write_by_hand, write_region
from tests.plan.folders import ADJACENCY, GROUPINGS, write_plan


def faults(names: list[str], about: PlanInputs) -> list[str]:
    with pytest.raises(InputError) as caught:
        open_plans(names, about)
    return [str(fault) for fault in caught.value.faults]


def test_the_rules_are_those_of_the_first_plan_that_has_some(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, summary={"configuration": {"band": {"max": 40_000}}})
    mine = write_by_hand(tmp_path / "mine.csv", {"x": "AB", "y": "CD"})
    region, (by_hand, _) = open_plans([mine, str(plan)], PlanInputs())
    assert region.configuration.band.max == 40_000
    assert by_hand.networks == {"x": (0, 1), "y": (2, 3)}


def test_rules_that_cannot_be_read_differ_in_nothing_that_can_be_said(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = str(write_plan(tmp_path / "other", summary={"configuration": {"bland": {}}}))
    _, plans = open_plans([str(write_plan(tmp_path)), other], PlanInputs())
    assert plans[1].other_rules == ()


def test_where_a_file_of_the_rules_lies_is_no_other_rule(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text(ADJACENCY, "utf-8")
    made = {"adjacency": {"method": "edges", "edges": "edges.csv"}}
    plan = str(write_plan(tmp_path, summary={"configuration": made}))
    _, plans = open_plans([plan, "current"], PlanInputs())
    assert plans[0].other_rules == ()


def test_rules_given_come_first(tmp_path: Path) -> None:
    about = PlanInputs(overrides=("band.max=60000",))
    region, _ = open_plans([str(write_plan(tmp_path)), "current"], about)
    assert region.configuration.band.max == 60_000


def test_a_file_with_list_sizes_is_region_enough(tmp_path: Path) -> None:
    whole = tmp_path / "whole.csv"
    whole.write_text(GROUPINGS, encoding="utf-8")
    mine = write_by_hand(tmp_path / "mine.csv", {"x": "AB"})
    region, plans = open_plans(["current", mine, str(whole)], PlanInputs())
    assert region.problem.codes == ("A", "B", "C", "D")
    assert plans[0].networks == {"N1": (0, 1), "N2": (2,)}


def test_practices_are_needed_where_no_plan_has_them(tmp_path: Path) -> None:
    mine = write_by_hand(tmp_path / "mine.csv", {"x": "AB"})
    (fault,) = faults([mine, "current"], PlanInputs())
    assert fault.startswith("--practices: is needed")


def test_plans_with_nothing_in_common_are_a_fault(tmp_path: Path) -> None:
    about = write_region(tmp_path)
    ring = write_by_hand(tmp_path / "ring.csv", RING)
    other = write_by_hand(tmp_path / "other.csv", {"x": "VW"})
    (fault,) = faults([ring, other], about)
    assert "other.csv: has no practice of the region in a network" in fault


def test_a_practice_in_two_places_is_a_fault(tmp_path: Path) -> None:
    about = write_region(tmp_path)
    twice = write_by_hand(tmp_path / "twice.csv", RING | {"eye": "ZP"})
    again = write_by_hand(tmp_path / "again.csv", RING | {"eye": "ZZ"})
    found = faults([twice, again], about)
    assert [fault.rpartition("/")[2] for fault in found] == [
        "twice.csv: has practice P 2 times, in eye, ring. Keep one row for each practice.",
        "again.csv: has practice Z 2 times, in eye. Keep one row for each practice.",
    ]


def test_no_networks_of_today_are_a_fault(tmp_path: Path) -> None:
    about = write_region(tmp_path)
    path = about.files[0]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",one", ",").replace(",two", ","), encoding="utf-8")
    ring = write_by_hand(tmp_path / "ring.csv", RING)
    (fault,) = faults([ring, "current"], about)
    assert fault.startswith("current: has no practice of the region in a network")
    assert fault.endswith("Give practices that have current_network.")


def test_a_fault_says_which_plan_it_is_in(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, groupings="practice_code\nA\n")
    missing = tmp_path / "missing.csv"
    found = faults([str(plan), str(missing)], PlanInputs())
    assert [fault.split(":")[0].split(",")[0] for fault in found] == [
        str(plan / "groupings.csv"),
        str(missing),
    ]
