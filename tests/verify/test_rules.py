"""The independent judge, rule by rule, and against every plan of small regions."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_group.region.problem import FORBIDDEN, Hinge, Problem, SizeRule
from pcn_group.verify.rules import Finding, Report, check_plan
from tests import oracle
from tests.depth import many

BAND = SizeRule(band_min=30_000, band_max=50_000, smallest=30_000, largest=50_000)


def road(*patients: int, size: SizeRule = BAND, max_practices: int = 99) -> Problem:
    """Practices A, B, C, ... a kilometre apart along a road, each a neighbour of the next."""
    n = len(patients)
    weights = np.array(patients, dtype=np.int64)
    places = np.arange(n)
    return Problem(
        codes=tuple("ABCDEFGHIJ"[:n]),
        weights=weights,
        cost=weights[:, None] * np.abs(places[:, None] - places[None, :]) * 1000,
        neighbours=tuple(tuple(j for j in (i - 1, i + 1) if 0 <= j < n) for i in range(n)),
        size=size,
        max_practices=max_practices,
    )


def judged(problem: Problem, *networks: str) -> Report:
    """Judge a plan given as words: a letter for each practice."""
    members = [[problem.codes.index(code) for code in network] for network in networks]
    return check_plan(problem, members, networks)


def broken(report: Report) -> list[tuple[str, str]]:
    return [(finding.rule, finding.where) for finding in report.findings if finding.is_broken]


def test_a_plan_that_keeps_every_rule_holds() -> None:
    report = judged(road(20_000, 15_000, 25_000, 20_000), "AB", "CD")
    assert report.holds
    assert report.findings == ()
    assert [network.patients for network in report.networks] == [35_000, 45_000]
    assert report.share_in_band == 1.0
    assert report.patients == 80_000


def test_a_network_is_measured_from_its_best_hub() -> None:
    report = judged(road(20_000, 5_000, 18_000), "ABC")
    (network,) = report.networks
    assert network.hub == 1
    assert network.cost == report.cost == 38_000 * 1000


def test_a_practice_in_no_network_breaks_coverage() -> None:
    report = judged(road(40_000, 40_000, 10_000, 10_000), "A", "B")
    assert broken(report) == [("coverage", "C, D")]


def test_a_practice_in_two_networks_breaks_coverage() -> None:
    report = judged(road(20_000, 15_000, 25_000), "AB", "BC")
    assert report.findings == (
        Finding("coverage", "B", "is 2 times in a network: AB, BC", is_broken=True),
    )


def test_a_practice_named_twice_in_a_network_breaks_coverage() -> None:
    assert broken(judged(road(20_000, 15_000), "ABB")) == [("coverage", "B")]


def test_a_network_without_practices_breaks_coverage() -> None:
    assert broken(check_plan(road(40_000), [[0], []], ["north", "south"])) == [
        ("coverage", "south")
    ]


def test_a_network_in_two_parts_breaks_contiguity() -> None:
    report = judged(road(20_000, 40_000, 10_000, 10_000), "ACD", "B")
    (finding,) = report.findings
    assert finding.rule == "contiguity"
    assert finding.message == "is not contiguous, it has 2 parts: A; C, D"


def test_a_network_under_the_band_breaks_it() -> None:
    (finding,) = judged(road(20_000), "A").findings
    assert finding.message == "has 20,000 patients, 10,000 short of 30,000"
    assert finding.is_broken


def test_a_network_over_the_band_breaks_it() -> None:
    report = judged(road(30_000, 20_001), "AB")
    assert report.findings[0].message == "has 50,001 patients, 1 above 50,000"
    assert broken(report) == [("band", "AB")]
    assert report.share_in_band == 0.0


@pytest.mark.parametrize("patients", [30_000, 50_000])
def test_the_ends_of_the_band_are_inside(patients: int) -> None:
    assert judged(road(patients), "A").holds


def test_an_oversize_practice_alone_is_listed_and_costs_nothing() -> None:
    report = judged(road(60_000, 40_000), "A", "B")
    assert report.holds
    assert report.cost == 0
    assert [(finding.rule, finding.where) for finding in report.findings] == [("band", "A")]


def test_an_oversize_practice_alone_costs_what_its_own_patients_travel() -> None:
    problem = road(60_000, 40_000)
    travelled = replace(problem, cost=problem.cost + np.diag([700, 30]))
    assert judged(travelled, "A", "B").cost == 730


def test_an_oversize_practice_in_company_breaks_the_band() -> None:
    assert broken(judged(road(60_000, 40_000), "AB")) == [("band", "AB")]


def test_a_priced_band_is_paid_for_and_listed() -> None:
    hinges = (Hinge(at=30_000, below=2_000, above=0), Hinge(at=50_000, below=0, above=5_000))
    priced = replace(BAND, smallest=20_000, largest=60_000, hinges=hinges)
    report = judged(road(25_000, 52_000, size=priced), "A", "B")
    assert report.holds
    assert [network.cost for network in report.networks] == [5_000 * 2_000, 2_000 * 5_000]
    assert report.findings[0].message == "has 25,000 patients, 5,000 short of 30,000, at a price"


@pytest.mark.parametrize(
    ("network", "limit"), [("A", "under the floor of 20,000"), ("BC", "over the ceiling of 60,000")]
)
def test_beyond_the_floor_and_ceiling_a_priced_band_is_broken(network: str, limit: str) -> None:
    priced = replace(BAND, smallest=20_000, largest=60_000)
    report = judged(road(19_000, 40_000, 21_000, size=priced), network)
    band = next(finding for finding in report.findings if finding.rule == "band")
    assert band.is_broken
    assert limit in band.message


def test_too_many_practices_break_the_limit() -> None:
    region = (10_000, 10_000, 10_000)
    assert judged(road(*region, max_practices=3), "ABC").holds
    assert broken(judged(road(*region, max_practices=2), "ABC")) == [("practices", "ABC")]


def test_a_network_nobody_can_be_the_hub_of_breaks_the_travel_limit() -> None:
    problem = road(10_000, 10_000, 10_000)
    limited = problem.cost.copy()
    limited[0, 2] = limited[2, 0] = FORBIDDEN
    assert judged(replace(problem, cost=limited), "ABC").holds  # from B everybody is near enough
    limited[0, 1] = FORBIDDEN
    report = judged(replace(problem, cost=limited), "ABC")
    assert broken(report) == [("travel", "ABC")]
    assert report.cost is None


def test_further_findings_are_sorted_in() -> None:
    note, fault = Finding("x", "y", "z", is_broken=False), Finding("u", "v", "w", is_broken=True)
    report = judged(road(40_000), "A").with_findings([note, fault])
    assert report.findings == (fault, note)
    assert not report.holds


def test_the_judge_knows_nothing_of_the_solver() -> None:
    code = "import sys, pcn_group.plan.claims, pcn_group.verify.better; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "pcn_group.verify.bound" in modules
    assert not {"ortools", "pcn_group.solver"} & set(modules)


@settings(deadline=None, max_examples=many(60))
@given(oracle.problems(max_practices=7))
def test_every_plan_of_a_small_region_holds_at_its_cost(problem: Problem) -> None:
    for cost, plan in oracle.all_plans(problem):
        report = check_plan(problem, [oracle.members(mask) for mask in plan])
        assert report.holds
        assert report.cost == cost


@settings(deadline=None, max_examples=many(100))
@given(problem=oracle.problems(max_practices=6), data=st.data())
def test_any_other_partition_does_not(problem: Problem, data: st.DataObject) -> None:
    n = len(problem.codes)
    label = data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    networks: Sequence[list[int]] = [
        [i for i in range(n) if label[i] == k] for k in sorted(set(label))
    ]
    masks = {oracle.mask_of(network) for network in networks}
    allowed = any(set(plan) == masks for _, plan in oracle.all_plans(problem))
    assert check_plan(problem, networks).holds == allowed
