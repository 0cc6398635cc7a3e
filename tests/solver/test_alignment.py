"""Misaligned patients at a price, and a limit on them, against brute force."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from pcn_group.config.model import Limits
from pcn_group.region.alignment import Alignment
from pcn_group.region.neighbourhoods import Neighbourhoods
from pcn_group.region.plan_limits import NO_AREA, PlanLimit, plan_limits
from pcn_group.region.problem import Problem
from pcn_group.solver.bound.narrowing import serving
from pcn_group.solver.instance import build_instance
from pcn_group.solver.search import state
from pcn_group.solver.solution import Solution
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.depth import many
from tests.solver.limited import (
    best,
    check_best_that_keeps,
    check_certificates,
    check_listing,
    check_moves,
    crossing,
    unlimited,
)
from tests.solver.regions import chessboard, road, solved
from tests.solver.sited import with_random_sites

SEEDS = range(many(480))


def lives(rng: np.random.Generator, weights: np.ndarray, count: int) -> np.ndarray:
    """How many patients of each practice live in each neighbourhood; some live in none."""
    shares = rng.dirichlet(np.full(count + 1, 0.4), len(weights))
    return (shares[:, :count] * weights[:, None]).astype(np.int64)


def mapped(patients: np.ndarray) -> Neighbourhoods:
    codes = tuple("NOPQ"[: patients.shape[1]])
    return Neighbourhoods(codes, codes, patients, "residents")


def living(patients: np.ndarray, price: int = 0) -> Alignment:
    return Alignment.of(mapped(patients), price)


def at_most(alignment: Alignment, misaligned: int) -> PlanLimit:
    return PlanLimit("misaligned", 1, misaligned, alignment=alignment)


@cache
def region(seed: int) -> Problem:
    """A small region with a price of misaligned patients, a limit on them, or both.

    In one of four sites may be hubs.
    """
    rng = np.random.default_rng(seed)
    problem = unlimited(rng, seed)
    n = len(problem.codes)
    price = int(rng.integers(1, 12_000)) if seed % 3 != 0 else 0
    patients = lives(rng, problem.weights, int(rng.integers(1, 5)))
    alignment = living(patients, price)
    limits: tuple[PlanLimit, ...] = ()
    if seed % 6 == 5:
        limits += plan_limits(Limits(), pd.DataFrame(), mapped(patients), is_one=True)
    if seed % 3 != 1:
        share = rng.choice([0.1, 0.2, 0.3])
        limits += (at_most(alignment, int(share * problem.weights.sum())),)
    if seed % 5 == 0:
        limits += (PlanLimit("most_networks", 1, int(rng.integers(1, n + 1))),)
    if seed % 7 == 0:
        areas = tuple(rng.integers(NO_AREA, 3, n).tolist())
        limits += (PlanLimit("authorities", 1, int(rng.integers(0, 3)), areas),)
    problem = replace(problem, plan_limits=limits, alignment=alignment)
    if seed % 4 == 3:
        return with_random_sites(rng, problem, capacity=True, only=seed % 8 == 7)
    return problem


def misaligned(problem: Problem, plan: oracle.Plan) -> int:
    assert problem.alignment is not None
    return sum(oracle.misaligned(problem.alignment, mask) for mask in plan)


def served(problem: Problem, mask: int) -> int:
    """The neighbourhood most patients of a network live in, the first of equals."""
    assert problem.alignment is not None
    inside = oracle.members(mask)
    sums = [sum(int(row[i]) for i in inside) for row in problem.alignment.elsewhere.T]
    return sums.index(min(sums))


def each_has_one(problem: Problem, plan: oracle.Plan) -> bool:
    """Whether no two networks serve one neighbourhood, and one each that a practice would alone."""
    serving = [served(problem, mask) for mask in plan]
    homes = {served(problem, 1 << i) for i in range(len(problem.codes))}
    return len(set(serving)) == len(serving) and homes <= set(serving)


def keeps_the_limits(problem: Problem, plan: oracle.Plan) -> bool:
    named = {limit.name: limit.total for limit in problem.plan_limits}
    return (
        ("misaligned" not in named or misaligned(problem, plan) <= named["misaligned"])
        and ("most_networks" not in named or len(plan) <= named["most_networks"])
        and ("authorities" not in named or crossing(problem, plan) <= named["authorities"])
        and ("most_serving N" not in named or each_has_one(problem, plan))
    )


@cache
def best_of_all(seed: int) -> oracle.Lexicographic | None:
    return best(region(seed), keeps_the_limits)


@cache
def solution(seed: int) -> Solution:
    return solved(region(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_best_with_the_price_and_within_the_limit(seed: int) -> None:
    check_best_that_keeps(region(seed), keeps_the_limits, best_of_all(seed), solution(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_certificate_is_proven_by_the_plain_checker(seed: int) -> None:
    check_certificates(region(seed), solution(seed))


def test_regions_are_of_all_kinds() -> None:
    answers = [best_of_all(seed) for seed in SEEDS]
    free = [
        oracle.best_cost(replace(region(seed), plan_limits=(), alignment=None)) for seed in SEEDS
    ]
    dearer = [
        answer is not None and cost is not None and answer.cost > cost
        for answer, cost in zip(answers, free, strict=True)
    ]
    duals = [each.certificate.limit_duals for each in map(solution, SEEDS) if each.certificate]
    assert sum(dearer) > len(SEEDS) / 6
    assert sum(answer is None for answer in answers) > len(SEEDS) / 20
    assert sum(each is not None and (each.short or each.above) > 0 for each in answers) > 0
    assert sum(any(each) for each in duals) > len(SEEDS) / 20


def two_towns(price: int = 0) -> Problem:
    """Six practices along a road; the patients of the first four live in one town."""
    homes = [[15_000, 0]] * 4 + [[0, 15_000]] * 2
    problem = road(*(15_000,) * 6, band=(30_000, 60_000))
    return replace(problem, alignment=living(np.array(homes, dtype=np.int64), price))


def test_networks_are_those_of_towns_once_that_is_worth_it() -> None:
    # Three and three have a patient-km of travel less for each of 15,000 patients, and 15,000
    # patients who live in the other town; four and two have none.
    free = solved(replace(two_towns(), size=replace(two_towns().size, smallest=45_000)))
    assert free.networks == ((0, 1, 2), (3, 4, 5))
    of_towns = ((0, 1, 2, 3), (4, 5))
    assert solved(two_towns()).networks == ((0, 1), (2, 3), (4, 5))
    three = (PlanLimit("most_networks", 1, 2),)
    assert solved(replace(two_towns(price=900), plan_limits=three)).networks == free.networks
    assert solved(replace(two_towns(price=1_100), plan_limits=three)).networks == of_towns


def test_a_limit_does_what_a_price_that_is_high_enough_does() -> None:
    problem = two_towns()
    assert problem.alignment is not None
    two = PlanLimit("most_networks", 1, 2)
    for most, networks in {
        14_999: ((0, 1, 2, 3), (4, 5)),
        15_000: ((0, 1, 2), (3, 4, 5)),
    }.items():
        limits = (two, at_most(problem.alignment, most))
        found = solved(replace(problem, plan_limits=limits))
        assert found.networks == networks
        assert found.certificate is not None
        assert verify_certificate(replace(problem, plan_limits=limits), found.certificate).verified


def test_a_plan_beyond_the_limit_breaks_a_rule() -> None:
    problem = two_towns()
    assert problem.alignment is not None
    limited = replace(problem, plan_limits=(at_most(problem.alignment, 14_999),))
    report = check_plan(limited, ((0, 1, 2), (3, 4, 5)))
    assert [(f.rule, f.where, f.message) for f in report.findings if f.is_broken] == [
        (
            "neighbourhoods",
            "the plan",
            (
                "has 15,000 patients who live in another neighbourhood than their network serves, "
                "and may have 14,999 (limits.min_aligned)"
            ),
        )
    ]


def each_town_its_own(problem: Problem) -> Problem:
    assert problem.alignment is not None
    towns = problem.alignment.elsewhere[:, ::-1]  # of two, who lives not in one is in the other
    limits = plan_limits(Limits(), pd.DataFrame(), mapped(towns), is_one=True)
    return replace(problem, plan_limits=limits)


def test_one_network_for_each_town() -> None:
    problem = each_town_its_own(two_towns())
    found = solved(problem)
    assert found.networks == ((0, 1, 2), (3, 4, 5))  # the cheapest two: each serves another town
    assert found.certificate is not None
    assert verify_certificate(problem, found.certificate).verified
    aligned = solved(each_town_its_own(two_towns(price=1_100)))
    assert aligned.networks == ((0, 1, 2, 3), (4, 5))


def test_a_town_with_two_networks_or_none_breaks_a_rule() -> None:
    report = check_plan(each_town_its_own(two_towns()), ((0, 1), (2, 3, 4, 5)), ["1", "2"])
    assert [(f.where, f.message) for f in report.findings if f.is_broken] == [
        ("N", "is served by 1, 2, and is to be by one (neighbourhoods.networks)"),
        ("O", "is served by no network, and is to be by one (neighbourhoods.networks)"),
    ]


def test_a_village_with_too_few_patients_around_it_is_served_by_no_network() -> None:
    # Whoever joins a village of 10,000 has 15,000 in another town, and that is then served.
    homes = np.array([[15_000, 0], [0, 10_000], [15_000, 0], [15_000, 0]])
    problem = road(15_000, 10_000, 15_000, 15_000, band=(20_000, 60_000))
    region = build_instance(replace(problem, alignment=living(homes, 1))).region
    assert len(serving(region, 0).near) > 0
    assert len(serving(region, 1).near) == 0


def test_a_village_is_served_where_others_from_it_make_up_for_those_from_elsewhere() -> None:
    homes = np.array([[15_000, 0], [0, 10_000], [0, 10_000], [12_000, 3_000]])
    problem = road(15_000, 10_000, 10_000, 15_000, band=(20_000, 60_000))
    region = build_instance(replace(problem, alignment=living(homes, 1))).region
    served = serving(region, 1)
    assert served.near[served.near_start[1] : served.near_start[2]].tolist() == [0, 1, 2, 3]


def test_a_dual_that_is_made_too_small_is_found_out() -> None:
    problem = two_towns()
    assert problem.alignment is not None
    limits = (PlanLimit("most_networks", 1, 2), at_most(problem.alignment, 0))
    problem = replace(problem, plan_limits=limits)
    certificate = solved(problem).certificate
    assert certificate is not None
    networks, each = certificate.limit_duals
    assert each > 0
    wrong = replace(certificate, limit_duals=(networks, each // 2))
    found = verify_certificate(problem, wrong)
    assert found.is_refuted
    assert "negative reduced cost" in found.reason


def test_a_bound_that_forgets_the_price_is_found_out() -> None:
    dear, cheap = two_towns(price=3_000), two_towns(price=1)
    certificate = solved(dear).certificate
    assert certificate is not None
    assert verify_certificate(dear, certificate).verified
    three = replace(dear, plan_limits=(PlanLimit("most_networks", 1, 1),))
    assert solved(three).status == "infeasible"
    one = replace(dear, size=replace(dear.size, largest=90_000, smallest=90_000))
    certificate = solved(one).certificate
    assert certificate is not None
    cheaper = replace(one, alignment=cheap.alignment)
    assert verify_certificate(cheaper, certificate).is_refuted


@pytest.mark.parametrize("seed", range(many(240)))
def test_moves_are_counted_beside_the_price_and_the_limit(seed: int) -> None:
    check_moves(region(seed), keeps_the_limits, seed)


@pytest.mark.parametrize("seed", range(many(240)))
def test_all_plans_near_the_best_are_listed_and_no_others(seed: int) -> None:
    check_listing(region(seed), keeps_the_limits, solution(seed))


def test_a_plan_made_of_parts_counts_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "LARGE", 20)
    problem = chessboard(6, 6, 10_000, (20_000, 50_000))
    homes = np.zeros((36, 2), dtype=np.int64)
    homes[:, 0] = [10_000 if column < 3 else 0 for _ in range(6) for column in range(6)]
    homes[:, 1] = 10_000 - homes[:, 0]
    limits = (at_most(living(homes), 0), PlanLimit("most_networks", 1, 10))
    problem = replace(problem, alignment=living(homes, 500), plan_limits=limits)
    found = solved(problem, time_limit=20)
    assert check_plan(problem, found.networks).holds


def test_that_two_networks_are_too_few_is_proven_whatever_travel_costs() -> None:
    # With one network for each of two towns, 90,000 patients need 45,000 in each.
    for largest, is_possible in ((45_000, True), (44_000, False)):
        problem = two_towns()
        assert problem.alignment is not None
        towns = mapped(problem.weights[:, None] - problem.alignment.elsewhere)
        one = plan_limits(Limits(), pd.DataFrame(), towns, is_one=True)
        size = replace(problem.size, band_max=largest, largest=largest, avoid_above=False)
        found = solved(replace(problem, size=size, plan_limits=one))

        assert bool(found.networks) == is_possible
        assert (found.impossible is not None) == (not is_possible)
        if found.impossible is not None:
            assert found.impossible.bound > found.problem.cost_ceiling()
            assert verify_certificate(found.problem, found.impossible).verified
