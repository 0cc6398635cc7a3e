"""Why there is no plan: what is said is true, and every advice has been tried."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from pcn_group.config.model import Configuration
from pcn_group.infeasibility.clash import find_clash
from pcn_group.infeasibility.remedies import Remedy, nearest_limit, yielding
from pcn_group.infeasibility.words import Reasons, no_plan_in_words, reasons_for, why_infeasible
from pcn_group.region.neighbourhoods import Neighbourhoods
from pcn_group.region.problem import Problem
from pcn_group.region.region import (
    Region,
    Rule,
    rules_in_force,
    strict_problem,
    with_neighbours,
    with_value,
    without_rules,
)
from pcn_group.solver.solution import Solution
from tests import oracle
from tests.infeasibility.regions import STRICT, effort, random_region, region_of, road_region
from tests.solver.regions import silent

APART = {"apart": [["A", "B"]]}


def reasons_of(region: Region) -> Reasons:
    return reasons_for(region, effort())


def text_of(region: Region) -> str:
    return "\n".join(no_plan_in_words(region, reasons_of(region)))


def changed(region: Region, remedy: Remedy) -> Region:
    """The region after a remedy."""
    if remedy.bridge is not None:
        return with_neighbours(region, remedy.bridge)
    assert remedy.rule is not None
    if remedy.kind == "dropped":
        return without_rules(region, [remedy.rule])
    return with_value(region, remedy.rule.key, remedy.rule.value)


def a_step_back(region: Region, limit: Rule) -> Region:
    """The region with a limit one step nearer to what it was."""
    before = next(rule.value for rule in rules_in_force(region) if rule.key == limit.key)
    step = 0.001 if limit.key == "travel.max_to_hub" else 1
    assert before is not None
    assert limit.value is not None
    return with_value(region, limit.key, limit.value + (step if before > limit.value else -step))


def assert_is_best(solution: Solution, problem: Problem) -> None:
    """The solution is the best plan of the region, the band giving way as it must."""
    expected = oracle.lexicographic_best(problem)
    if expected is None:
        assert solution.status == "infeasible"
    else:
        found = oracle.Lexicographic(solution.short, solution.above, solution.cost)
        assert (solution.status, found) == ("optimal", expected)


@pytest.mark.parametrize("seed", [0, 1, pytest.param(4, marks=pytest.mark.deep), 9, 10, 11])
def test_every_remedy_is_what_brute_force_says(seed: int) -> None:
    region = random_region(seed)
    reasons = reasons_of(region)
    assert_is_best(reasons.least, yielding(region.problem))
    assert reasons.remedies
    for remedy in reasons.remedies:
        after = changed(region, remedy)
        assert_is_best(remedy.solution, yielding(after.problem))
        assert remedy.resolves == (oracle.best_cost(strict_problem(after)) is not None)
        if reasons.least.networks:
            least = (reasons.least.short, reasons.least.above)
            assert (remedy.solution.short, remedy.solution.above) < least
        if remedy.is_nearest:
            assert remedy.rule is not None
            assert oracle.best_cost(strict_problem(a_step_back(region, remedy.rule))) is None


def test_a_region_in_words() -> None:
    assert text_of(road_region(20_000, 20_000, 20_000)) == (
        "Proven: no plan of these 3 practices has every network between 30,000 and 50,000 "
        "patients.\n"
        "There is no room in networks that keep the rules for all of A, C: 2 practices of 40,000 "
        "patients.\n"
        "What clashes: band.max (50,000), band.min (30,000). Take away any one of these rules or "
        "practices, and there is room.\n"
        "The least outside the band, with band.below=avoid and band.above=avoid: 10,000 patients "
        "above the maximum, in a plan of 40,000.0 patient-km.\n"
        "What would help, each change by itself, and the best plan after it:\n"
        "- band.max=60000, the nearest that does: 40,000.0 patient-km, all in the band\n"
        "- band.min=20000, the nearest that does: 0.0 patient-km, all in the band"
    )


@pytest.mark.parametrize(("least", "offered"), [(20_000, {"band.min"}), (20_001, set())])
def test_a_limit_that_would_have_to_go_out_of_all_proportion_is_no_remedy(
    least: int, offered: set[str]
) -> None:
    """All there is are 10,000 patients: half of the least, or less than half."""
    region = road_region(10_000, band=(least, 50_000))
    found = {remedy.rule.key for remedy in reasons_of(region).remedies if remedy.rule is not None}
    assert found == offered


def test_a_rule_to_drop_is_named() -> None:
    text = text_of(road_region(20_000, 20_000, 20_000, 20_000, rules=APART))
    assert "- without rules.apart (A and B): 40,000.0 patient-km, all in the band" in text


def test_a_bridge_is_named() -> None:
    places = {"A": (0, 0, 20_000), "B": (1, 0, 20_000), "C": (2, 0, 20_000), "D": (30, 0, 25_000)}
    beside = {"method": "knn", "nearest": 1, "remove": [["C", "D"]]}
    region = region_of(places, band={**STRICT, "max": 60_000}, adjacency=beside)
    text = text_of(region)
    assert "D, cut off from the rest, has 25,000 patients in all, fewer than one network" in text
    assert (
        "- A and D as neighbours (30.00 km apart; adjacency.add): 620,000.0 patient-km, all in"
        in text
    )
    assert "C and D as neighbours" not in text  # the configuration says that they are not
    assert "No network that keeps the rules can hold D (25,000 patients)." in text


def test_the_oversize_are_named() -> None:
    assert "and so alone: A." in text_of(road_region(60_000, 10_000))


def test_practices_that_whole_networks_cannot_hold() -> None:
    text = text_of(road_region(26_000, 10_000, 20_000))
    assert "These practices have 56,000 patients in all, enough for 1 network at the most" in text


def test_where_the_sizes_are_not_to_blame_nothing_is_said_of_them() -> None:
    rules = {"apart": [["A", "B"]], "together": [["A", "C"]]}
    reasons = reasons_of(road_region(10_000, 10_000, 10_000, 10_000, rules=rules))
    assert reasons.least.status == "infeasible"
    assert {rule.key for rule in reasons.clash.rules} == {"rules.apart", "rules.together"}


def test_the_text_of_a_run_is_the_same() -> None:
    region = road_region(20_000, 20_000, 20_000)
    assert why_infeasible(region, effort(), silent) == text_of(region)


def test_without_time_it_says_what_it_does_not_know() -> None:
    region = road_region(20_000, 20_000, 20_000)
    text = "\n".join(no_plan_in_words(region, reasons_for(region, effort(1e-9))))
    assert "at most. Time ran out before it was clear which of these rules" in text
    assert "What would help" not in text


@pytest.mark.parametrize(
    ("limit", "nearest"),
    [
        (Rule("limits.max_practices", value=1), 2),
        (Rule("travel.max_to_hub", value=0.5), 1.0),
        (Rule("band.max", value=35_000), 40_000),
    ],
)
def test_each_limit_is_moved_no_farther_than_needed(limit: Rule, nearest: float) -> None:
    section, key = limit.key.split(".")
    top = 35_000 if limit.key == "band.max" else 50_000
    sections = {} if section == "band" else {section: {key: limit.value}}
    region = road_region(20_000, 20_000, 20_000, 20_000, band=(30_000, top), **sections)
    found = nearest_limit(region, limit, effort())
    assert found == (Rule(limit.key, value=nearest), True)


def test_no_value_of_a_limit_may_do() -> None:
    region = road_region(20_000, 20_000, 20_000, 20_000, rules=APART)
    band_max = next(rule for rule in rules_in_force(region) if rule.key == "band.max")
    assert nearest_limit(region, band_max, effort()) is None


def test_the_floor_and_the_ceiling_of_a_priced_band_are_limits() -> None:
    band = {
        "min": 40_000,
        "max": 45_000,
        "below": {"price": 1, "floor": 30_000},
        "above": {"price": 1, "ceiling": 50_000},
    }
    region = road_region(20_000, 20_000, 20_000)
    region = region.under(Configuration.model_validate({"band": band}))
    assert [str(rule) for rule in reasons_of(region).clash.rules] == [
        "band.above.ceiling (50,000)",
        "band.below.floor (30,000)",
    ]
    assert re.search(r"- band\.above\.ceiling=60000, the nearest", text_of(region))


def test_a_number_of_networks_that_no_plan_has_is_told_with_the_nearest_that_one_has() -> None:
    region = road_region(*(20_000,) * 6, limits={"networks": 1})
    reasons = reasons_of(region)
    assert reasons.clash.practices == ()
    assert {rule.key for rule in reasons.clash.rules} == {"limits.networks", "band.max"}
    (text,) = re.findall("- (limits.networks=.*)", text_of(region))
    assert text == "limits.networks=3, the nearest that does: 60,000.0 patient-km, all in the band"
    assert text_of(region).startswith("Proven: no plan of these 6 practices has 1 network, each ")


def test_more_networks_than_a_band_allows_clash_with_its_minimum() -> None:
    region = road_region(*(20_000,) * 6, limits={"networks": "4..5"})
    reasons = reasons_of(region)
    assert {rule.key for rule in reasons.clash.rules} == {"limits.networks", "band.min"}
    assert {remedy.rule for remedy in reasons.remedies} == {
        Rule("limits.networks", value=3),
        Rule("band.min", value=20_000),
    }
    assert all(remedy.is_nearest for remedy in reasons.remedies)


def test_fewer_networks_across_a_border_than_any_plan_has_are_told_with_the_fewest() -> None:
    region = road_region(*(20_000,) * 6)
    authority = ["X", "X", "X", "Y", "Y", "Y"]
    units = region.units.assign(local_authority=authority)
    region = with_value(replace(region, units=units), "limits.authorities", 0)
    reasons = reasons_of(region)
    assert "limits.authorities" in {rule.key for rule in reasons.clash.rules}
    assert Rule("limits.authorities", value=1) in {remedy.rule for remedy in reasons.remedies}


def test_a_town_too_large_for_the_one_network_that_may_serve_it_is_named() -> None:
    region = road_region(*(20_000,) * 6)
    homes = np.array([[20_000, 0]] * 4 + [[0, 20_000]] * 2)
    towns = Neighbourhoods(("N", "O"), ("Northtown", ""), homes, "residents")
    region = with_value(replace(region, neighbourhoods=towns), "neighbourhoods.networks", "one")
    text = text_of(region)
    assert "What clashes: neighbourhoods.networks (one), band.max (50,000). Take away any" in text
    assert (
        "Enough to leave no plan is one network for these: no more than one for N (Northtown), "
        "home to 80,000 patients.\n"
        "A network has at most 50,000 of the 80,000 patients of N (Northtown). All others would "
        "have to be in networks with at least as many patients of another neighbourhood."
    ) in text
    assert "- without neighbourhoods.networks (one): 60,000.0 patient-km, all in the band" in text


def test_a_plan_that_is_known_answers_what_it_can_without_a_search() -> None:
    region = road_region(*(20_000,) * 6, limits={"networks": 1})
    known = ((0, 1, 2, 3, 4, 5),)
    clash = find_clash(region, rules_in_force(region), (), effort(), known)
    assert {rule.key for rule in clash.rules} == {"limits.networks", "band.max"}
    assert clash.is_least
