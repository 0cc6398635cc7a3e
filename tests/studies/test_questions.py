"""What a rule costs, against brute force: the best plan with it, less the best plan."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from pcn_group.region.problem import Problem
from pcn_group.region.region import Region, with_apart, with_together
from pcn_group.studies.questions import Price, Questions
from tests import oracle
from tests.depth import DEEP
from tests.infeasibility.regions import random_region, road_region

SEEDS = range(22) if DEEP else (*range(10), 19)


def asked(region: Region) -> Questions:
    everybody = {"all": range(len(region.problem.codes))}
    return Questions(region, everybody, region.configuration.search, lambda _: None)


def best(problem: Problem) -> oracle.Lexicographic | None:
    kept = oracle.best_cost(problem)
    if kept is not None:
        return oracle.Lexicographic(0, 0, kept)
    gives_way = problem.size.avoid_below or problem.size.avoid_above
    return oracle.lexicographic_best(problem) if gives_way else None


@cache
def priced(seed: int) -> tuple[oracle.Lexicographic | None, list[tuple[Region, Price]]]:
    """What the best plan of a random region comes to; regions with one rule more, and its price."""
    region = random_region(seed)
    least, found = best(region.problem), []
    if least is None:
        return None, []
    questions, rng = asked(region), np.random.default_rng(seed)
    assert (questions.best.short, questions.best.above, questions.best.cost) == (
        least.short,
        least.above,
        least.cost,
    )
    for _ in range(2):
        i, j = rng.choice(len(region.problem.codes), 2, replace=False).tolist()
        found.append((with_together(region, (i, j)), questions.together(i, j)))
        if not any({i, j} <= {*network} for network in region.problem.fixed):
            found.append((with_apart(region, (i, j)), questions.apart(i, j)))
    return least, found


@pytest.mark.parametrize("seed", SEEDS)
def test_a_price_is_what_brute_force_says(seed: int) -> None:
    least, found = priced(seed)
    for region, price in found:
        expected = best(region.problem)
        assert price.is_proven
        if expected is None or least is None:
            assert price.cost is None
            assert price.solution.status == "infeasible"
            assert price.reasons or price.clash is not None
        else:
            assert price.short == expected.short - least.short
            assert price.above == expected.above - least.above
            assert price.cost == expected.cost - least.cost


def test_prices_of_many_kinds_are_met() -> None:
    prices = [price for seed in SEEDS for _, price in priced(seed)[1]]
    assert any(price.cost == 0 for price in prices)
    assert any(price.cost and not price.short and not price.above for price in prices)
    assert any(price.short or price.above for price in prices)
    assert any(price.reasons for price in prices)
    assert any(price.clash for price in prices)


def test_what_the_best_plan_has_costs_nothing() -> None:
    questions = asked(road_region(20_000, 15_000, 25_000, 20_000))
    assert questions.best.networks == ((0, 1), (2, 3))
    assert questions.together(0, 1).cost == 0
    assert questions.apart(1, 2).cost == 0


@pytest.mark.parametrize(
    ("rules", "pair", "reason"),
    [
        ({"fixed": [["A", "B"]]}, (1, 2), "B is in a network that is fixed"),
        ({"apart": [["B", "C"]]}, (1, 2), "B and C are to be apart"),
        ({}, (0, 3), "they have 80,000 patients, and a network may have 50,000"),
    ],
)
def test_why_there_is_no_plan_takes_no_search_where_it_need_not(
    rules: dict[str, list[list[str]]], pair: tuple[int, int], reason: str
) -> None:
    weights = (20_000, 15_000, 25_000, 20_000) if rules else (40_000, 30_000, 30_000, 40_000)
    price = asked(road_region(*weights, rules=rules)).together(*pair)
    assert price.reasons == (reason,)
    assert price.clash is None


def test_who_is_tied_cannot_leave() -> None:
    rules = {"together": [["A", "B"]]}
    price = asked(road_region(20_000, 15_000, 25_000, 20_000, rules=rules)).apart(0, 1)
    assert price.reasons == ("rules.together has them in one network",)


def test_otherwise_it_says_what_clashes() -> None:
    price = asked(road_region(20_000, 15_000, 25_000, 20_000)).together(1, 2)
    assert price.is_proven
    assert price.clash is not None
    assert price.clash.practices == (0,)
    assert [str(rule) for rule in price.clash.rules] == [
        "rules.together (B and C)",
        "band.max (50,000)",
        "band.min (30,000)",
    ]
