"""Rules that conflict with each other or with the region, each found with its message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.loading import load_configuration, refuse_unknown_practices
from pcn_group.config.model import Configuration, Rules
from pcn_group.config.rules import conflicts_of_codes
from pcn_group.pipeline import solve
from pcn_group.practices import read_practices
from pcn_group.practices.table import Practices
from pcn_group.practices.units import attach_atypical
from pcn_group.region.conflicts import refuse_conflicts
from tests.region.test_rules import VILLAGES, table_of
from tests.solver.regions import problem_of, region


def said(rules: dict[str, Any]) -> list[str]:
    """What conflicts with what by codes alone."""
    return [str(fault) for fault in conflicts_of_codes(Rules.model_validate(rules))]


def test_apart_and_together_through_a_chain() -> None:
    rules = {"together": [["A", "B"], ["C", "D"], ["B", "C"]], "apart": [["A", "D", "X"]]}
    (fault,) = said(rules)
    assert fault == (
        "rules.apart: A and D are not to be in one network, but rules.together has A, B, C and D "
        "in one. Take one of the two rules away."
    )


def test_networks_that_are_fixed_share_nobody() -> None:
    assert said({"fixed": [["A", "B"], ["C", "B"], ["B", "A"]]}) == [
        "rules.fixed: B is in two networks: A and B; B and C. Keep each practice in one of them."
    ]


def test_a_fixed_network_takes_no_part_of_a_group() -> None:
    rules = {"fixed": [["A", "B"]], "together": [["B", "C"], ["A", "B"]]}
    (fault,) = said(rules)
    assert fault == (
        "rules.fixed: the network A and B is without C, which rules.together has with A and B. "
        "Take one of the two rules away."
    )


def test_a_fixed_network_has_nobody_who_is_apart() -> None:
    (fault,) = said({"fixed": [["A", "B", "C"]], "apart": [["C", "A", "D"]]})
    assert "the network A, B and C has A and C, not to be in one network by rules.apart" in fault


@pytest.mark.parametrize("rule", ["together", "fixed"])
def test_who_is_left_out_is_in_no_group(rule: str) -> None:
    (fault,) = said({rule: [["A", "B"]], "apart": [["A", "C"]], "exclude": ["A"]})
    assert fault.startswith(f"rules.exclude: A cannot be left out: rules.{rule} has A and B.")


def test_every_conflict_of_codes_stops_a_run_before_it_reads_anything() -> None:
    overrides = ("rules.together=[[A, B]]", "rules.apart=[[A, B]]", "rules.exclude=[B]")
    with pytest.raises(InputError) as caught:
        load_configuration(None, overrides)
    assert [fault.source for fault in caught.value.faults] == ["rules.apart", "rules.exclude"]


def refused(practices: Practices, **configuration: Any) -> list[str]:  # noqa: ANN401 - any section of it
    """What conflicts with what in a region."""
    rules = Configuration.model_validate(configuration)
    attached = replace(practices, table=attach_atypical(practices.table, rules.data))
    with pytest.raises(InputError) as caught:
        refuse_conflicts(problem_of(practices, rules), rules.rules, attached)
    return [str(fault) for fault in caught.value.faults]


def test_together_with_more_patients_than_a_network_may_have() -> None:
    (fault,) = refused(
        VILLAGES, rules={"together": [["A", "B"], ["B", "C"]]}, band={"above": "forbid"}
    )
    assert fault.startswith(
        "rules.together: A, B and C are to be in one network, but they have 60,000 patients, and a "
        "network may have 50,000."
    )


def test_together_with_more_patients_is_an_exception_where_the_maximum_may_give_way() -> None:
    rules = Configuration.model_validate({"rules": {"together": [["A", "B", "C"]]}})
    result = solve(VILLAGES, rules)
    assert [len(network.members) for network in result.exceptions] == [4]


def test_together_with_a_practice_that_stands_alone() -> None:
    places = region({"A": (0, 0, 60_000), "B": (1, 0, 20_000)})
    (fault,) = refused(places, rules={"together": [["A", "B"]]})
    assert "A has 60,000 patients, more than a network may have, and stands alone" in fault


def test_together_with_too_many_practices() -> None:
    (fault,) = refused(VILLAGES, rules={"together": [["A", "B"]]}, limits={"max_practices": 1})
    assert "but they are 2 practices, and a network may have 1" in fault


def test_together_without_a_way_between_them() -> None:
    (fault,) = refused(VILLAGES, rules={"together": [["A", "D"]], "fixed": [["B", "C"]]})
    assert "but no chain of neighbours leads from A to D." in fault
    (fault,) = refused(VILLAGES, rules={"together": [["A", "C"]], "apart": [["A", "B"]]})
    assert "but no chain of neighbours leads from A to C." in fault
    (fault,) = refused(VILLAGES, rules={"together": [["A", "C"]]}, band={"above": "forbid"})
    assert "but no chain of neighbours leads from A to C within 50,000 patients." in fault


def test_together_without_a_hub_for_all_of_them() -> None:
    (fault,) = refused(VILLAGES, rules={"together": [["A", "B", "C"]]}, travel={"max_to_hub": 4})
    assert (
        "but no practice may be the hub of them all (rules.hubs, travel.max_to_hub, no way)"
        in fault
    )


def test_hubs_that_leave_a_practice_without_one() -> None:
    (fault,) = refused(VILLAGES, rules={"hubs": ["A"]}, travel={"max_to_hub": 4})
    assert fault.startswith("rules.hubs: leaves no hub within reach for C and D.")
    (fault,) = refused(VILLAGES, rules={"hubs": ["A"], "fixed": [["B"]]})
    assert fault.startswith("rules.hubs: leaves no hub within reach for C and D.")


SMALL = region({"A": (0, 0, 20_000), "B": (1, 0, 500), "C": (2, 0, 20_000)})


@pytest.mark.parametrize("rule", ["together", "apart", "fixed"])
def test_a_practice_that_counts_as_part_of_another_is_named_by_that(rule: str) -> None:
    (fault,) = refused(SMALL, rules={rule: [["B", "C"]]}, data={"atypical": "attach"})
    assert fault == (
        f"rules.{rule}: names B, which counts as part of A (data.atypical: attach) ('B, C'). "
        "Name A instead."
    )


def test_an_attached_practice_may_be_named_with_its_host_but_not_apart_from_it() -> None:
    attach = {"atypical": "attach"}
    rules = Configuration.model_validate({"data": attach, "rules": {"together": [["A", "B"]]}})
    assert solve(SMALL, rules).networks
    (fault,) = refused(SMALL, rules={"apart": [["A", "B"]]}, data=attach)
    assert "names B, which counts as part of A" in fault


def test_an_atypical_practice_that_is_left_out_is_in_no_group(tmp_path: Path) -> None:
    rules = Configuration.model_validate(
        {"data": {"atypical": "exclude"}, "rules": {"together": [["A", "B"]]}}
    )
    practices = read_practices([table_of(SMALL, tmp_path)], rules=rules)
    with pytest.raises(InputError, match=r"rules\.together: names B, which is left out"):
        solve(practices, rules)


def test_a_practice_nowhere_in_the_input_is_named_with_its_rule() -> None:
    rules = {"together": [["A", "X"]], "hubs": ["Y"], "prefer": [{"practices": "AZ", "price": 1}]}
    rules["prefer"] = [{"practices": ["A", "Z"], "price": 1}]
    configuration = Configuration.model_validate({"rules": rules})
    with pytest.raises(InputError) as caught:
        refuse_unknown_practices(configuration, {"A", "B"})
    assert [str(fault) for fault in caught.value.faults] == [
        f"rules.{fault}. Name practices of the input by code, networks of today by code or name."
        for fault in (
            "together: names X, not in the input ('A, X')",
            "prefer: names Z, not in the input ('A, Z')",
            "hubs: names Y, not in the input ('Y')",
        )
    ]
