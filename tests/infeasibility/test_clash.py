"""The practices and rules that clash: they do, and nothing of it can be taken away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import pytest

from pcn_group.infeasibility.clash import Clash, find_clash
from pcn_group.region.region import Region, Rule, rules_in_force, strict_problem
from tests import oracle
from tests.infeasibility.regions import (
    effort,
    is_covered,
    random_region,
    region_of,
    road_region,
)

SEEDS = range(45)


def clash_of(region: Region, centre: Sequence[int] = (), seconds: float = 60.0) -> Clash:
    return find_clash(region, rules_in_force(region), centre, effort(seconds))


def told(region: Region, clash: Clash) -> tuple[str, list[str]]:
    codes = region.problem.codes
    return "".join(codes[i] for i in clash.practices), [str(rule) for rule in clash.rules]


def test_two_practices_that_need_the_one_in_between() -> None:
    region = road_region(20_000, 20_000, 20_000)
    assert told(region, clash_of(region)) == ("AC", ["band.max (50,000)", "band.min (30,000)"])


def test_a_practice_without_enough_around_it() -> None:
    places = {"A": (0, 0, 20_000), "B": (1, 0, 20_000), "C": (9, 0, 5_000), "D": (9, 1, 4_000)}
    region = region_of(places, adjacency={"method": "knn", "nearest": 1}, band={"min": 30_000})
    clash = clash_of(region)
    assert told(region, clash) == ("C", ["band.min (30,000)"])
    assert clash.cut_off == ()  # half of the region, and so not a corner of it
    assert clash.is_least


def test_who_is_cut_off_is_named() -> None:
    places = {code: (k, 0.0, 12_000) for k, code in enumerate("ABCD")}
    places |= {"X": (90, 0, 5_000), "Y": (90, 1, 4_000)}
    region = region_of(places, adjacency={"method": "knn", "nearest": 1}, band={"min": 20_000})
    clash = clash_of(region)
    assert [region.problem.codes[i] for i in clash.cut_off] == ["X", "Y"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"rules": {"apart": [["A", "B", "D"]]}}, ["rules.apart (A and B)", "band.min (30,000)"]),
        ({"rules": {"fixed": [["B", "C"]]}}, ["rules.fixed (B and C)", "band.min (30,000)"]),
        ({"limits": {"max_practices": 1}}, ["limits.max_practices (1)", "band.min (30,000)"]),
        ({"travel": {"max_to_hub": 0.5}}, ["travel.max_to_hub (0.5)", "band.min (30,000)"]),
        (
            {"rules": {"together": [["B", "C"]]}},
            ["rules.together (B and C)", "band.max (50,000)", "band.min (30,000)"],
        ),
        ({"rules": {"hubs": ["C", "D"]}}, ["rules.hubs", "band.max (50,000)"]),
    ],
)
def test_each_kind_of_rule_is_named_for_itself(rules: dict[str, Any], expected: list[str]) -> None:
    region = road_region(20_000, 20_000, 20_000, 20_000, **rules)
    assert told(region, clash_of(region)) == ("A", expected)


def test_it_is_looked_for_around_a_place() -> None:
    region = road_region(9_000, 30_000, 30_000, 30_000, 9_000, band=(20_000, 35_000))
    assert told(region, clash_of(region, [0]))[0] == "A"
    assert told(region, clash_of(region, [4]))[0] == "E"


def test_networks_that_are_fixed_take_no_part() -> None:
    region = road_region(5_000, 20_000, 20_000, rules={"fixed": [["A"]]}, band=(50_000, 60_000))
    practices, named = told(region, clash_of(region))
    assert "A" not in practices
    assert named == ["band.min (50,000)"]


@cache
def drawn(seed: int) -> tuple[Region, Clash | None]:
    """A random region with its clash, if it has no plan."""
    region = random_region(seed)
    has_plan = oracle.best_cost(strict_problem(region)) is not None
    return region, None if has_plan else clash_of(region)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_of_it_can_be_taken_away(seed: int) -> None:
    region, clash = drawn(seed)

    def fits(practices: Collection[int], rules: Collection[Rule]) -> bool:
        dropped = [rule for rule in rules_in_force(region) if rule not in rules]
        return is_covered(strict_problem(region, dropped), practices)

    if clash is None:
        assert fits(range(len(region.problem.codes)), rules_in_force(region))
        return
    assert clash.is_least
    assert not fits(clash.practices, clash.rules)
    for practice in clash.practices:
        assert fits({*clash.practices} - {practice}, clash.rules)
    for rule in clash.rules:
        assert fits(clash.practices, {*clash.rules} - {rule})


def test_clashes_of_many_kinds_are_met() -> None:
    clashes = [clash for _, clash in map(drawn, SEEDS) if clash is not None]
    assert {rule.key for clash in clashes for rule in clash.rules} >= {
        "rules.apart",
        "rules.together",
        "rules.fixed",
        "limits.max_practices",
        "band.min",
        "band.max",
    }
    assert {len(clash.practices) for clash in clashes} >= {1, 2, 3}


def test_without_time_it_is_all_there_is_and_says_so() -> None:
    region = road_region(20_000, 20_000, 20_000)
    clash = clash_of(region, seconds=1e-9)
    assert told(region, clash)[0] == "ABC"
    assert not clash.is_least
