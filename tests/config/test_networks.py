"""Rules that name a network of today stand for all its practices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration
from pcn_group.config.networks import Known, practices_for_networks
from pcn_group.region.region import prepare_region
from tests.solver.regions import region

KNOWN = Known.of(
    frozenset("ABCDE"),
    {"U1": "Penwith PCN", "U2": "Carrick", "U3": "Carrick", "U9": "Elsewhere"},
    zip("ABCDE", ["U1", "U1", "U2", "U2", "U3"], strict=True),
)


def expanded(**rules: object) -> Configuration:
    return practices_for_networks(Configuration.model_validate({"rules": rules}), KNOWN)


def test_a_code_or_a_name_stands_for_all_practices() -> None:
    rules = expanded(
        fixed=[["penwith pcn"]],
        together=[["u2", "E"]],
        free=["U1", "E"],
        prefer=[{"practices": ["U2", "E"], "price": 2}],
    ).rules
    assert rules.fixed == (("A", "B"),)
    assert rules.together == (("C", "D", "E"),)
    assert rules.free == ("A", "B", "E")
    assert rules.prefer[0].practices == ("C", "D", "E")


def test_a_network_of_another_region_has_no_effect() -> None:
    assert expanded(fixed=[["U9"]]).rules.fixed == ()


def test_the_start_of_a_name_is_no_rule() -> None:
    assert expanded(fixed=[["penwith"]]).rules.fixed == (("PENWITH",),)


def test_a_name_of_two_networks_lists_both() -> None:
    with pytest.raises(InputError) as caught:
        expanded(fixed=[["carrick"]])
    assert [str(fault) for fault in caught.value.faults] == [
        "rules.fixed: may mean 2 ('CARRICK'). Say which: U2 (Carrick), U3 (Carrick)."
    ]


def test_what_comes_of_networks_must_not_conflict() -> None:
    with pytest.raises(InputError, match=r"A and B are not to be in one network"):
        expanded(fixed=[["U1"]], apart=[["A", "B"]], together=[["U1", "C"]])


def test_the_region_has_the_practices_and_so_has_its_plan() -> None:
    practices = region(
        {"A": (0, 0, 20_000), "B": (1, 0, 20_000), "C": (2, 0, 35_000)},
        current_network=["U1", "U1", "U2"],
        current_network_name=["Penwith PCN", "Penwith PCN", "Carrick"],
    )
    practices = replace(practices, networks={"U1": "Penwith PCN", "U2": "Carrick"})
    rules = Configuration.model_validate({"rules": {"fixed": [["Penwith PCN"]]}})
    assert prepare_region(practices, rules).problem.fixed == ((0, 1),)
