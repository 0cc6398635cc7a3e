"""The engine for large networks: against brute force, the first engine and the plain checker."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from pcn_group.config.model import Band, Configuration, Search
from pcn_group.config.rules import Rules
from pcn_group.region.plan_limits import PlanLimit
from pcn_group.region.problem import FORBIDDEN, Hinge, Problem
from pcn_group.solver import solve as solver
from pcn_group.solver import turns
from pcn_group.solver.assignment import search as engine
from pcn_group.solver.assignment import tree
from pcn_group.solver.assignment.search import Assigned, assign, is_for, is_for_both, unsupported
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.search.search import Outcome, search
from pcn_group.solver.search.state import Effort
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.certificate import Certificate, from_json, to_json
from tests import oracle
from tests.depth import DEEP
from tests.solver.regions import (
    check_best,
    chessboard,
    problem_of,
    road,
    sample,
    silent,
    solved,
)

KINDS = ("asymmetric", "forbidden", "hinges", "oversize", "patients")


def band(least: int, most: int) -> Band:
    return Band(min=least, max=most, below="forbid", above="forbid")


def effort(time_limit: float = 3600.0, gap: float = 0.0) -> Effort:
    return Effort.starting_now(Search(time_limit=time_limit, gap=gap, seed=1, workers=1))


def assigned(problem: Problem) -> Assigned:
    return assign(build_instance(problem), effort(), silent)


def invented(seed: int) -> Problem:
    """Ten practices at the most, with rules that this engine knows."""
    rng = np.random.default_rng(seed)
    practices = int(rng.integers(2, 11))
    return oracle.random_problem(rng, practices, **{kind: rng.random() < 0.4 for kind in KINDS})


def certificate_of(problem: Problem, found: Assigned) -> Certificate:
    """The certificate as it is after it was in a file."""
    instance = build_instance(problem)
    for members in found.networks or ():
        assert instance.allows(members)
        assert instance.is_contiguous(members)
    aside = sum(problem.network_cost(network) for network in problem.aside)
    count = len(problem.codes)
    tree = found.proof.within(instance.practices, count)
    certificate = Certificate(np.zeros(count, np.int64), (), found.bound + aside, tree=tree)
    text = json.dumps(to_json(certificate, problem.codes))
    return from_json(json.loads(text), problem.codes, "certificate.json")


def check_best_of_all(seed: int) -> None:
    """Settle an invented region, and compare it with all its plans."""
    problem = invented(seed)
    instance = build_instance(problem)
    if instance.size == 0 or unsupported(instance):
        pytest.skip("nothing to group, or for the first engine")
    expected, found = oracle.best_cost(problem), assigned(problem)
    assert found.proven
    if expected is None:
        assert found.networks is None
        assert found.bound > instance.ceiling
    else:
        assert found.cost == found.bound == expected - oracle.cost_aside(problem)
    certificate = certificate_of(problem, found)
    assert verify_certificate(problem, certificate).verified
    if expected is not None:
        too_high = replace(certificate, bound=certificate.bound + 1)
        assert not verify_certificate(problem, too_high).verified


@pytest.mark.parametrize("seed", range(300 if DEEP else 40))
def test_the_plan_is_the_best_of_all_plans_and_its_proof_holds(seed: int) -> None:
    check_best_of_all(seed)


@pytest.mark.parametrize("seed", range(300 if DEEP else 13))
def test_so_it_is_where_every_part_has_the_best_duals(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_LARGE", 0)
    monkeypatch.setattr(tree, "_FAR", 0.0)
    check_best_of_all(seed)


@pytest.mark.parametrize("seed", range(300 if DEEP else 12))
def test_both_engines_prove_the_same(seed: int) -> None:
    rules = Configuration(band=band(55_000 + 1_000 * (seed % 5), 90_000))
    problem = problem_of(sample(12 + seed % 9, seed), rules)
    instance = build_instance(problem)
    found, first = assign(instance, effort(60.0), silent), search(instance, effort(), silent)
    assert first.proven
    if found.proven or not DEEP:  # a few of very many regions take this engine minutes
        assert found.cost == first.cost
    if first.cost is None:
        assert found.networks is None
    else:
        assert found.bound <= first.cost
    assert verify_certificate(problem, certificate_of(problem, found)).verified


def test_large_networks_are_for_this_engine_and_small_ones_are_not() -> None:
    practices = sample(60, 1)
    small = problem_of(practices, Configuration(band=band(30_000, 50_000)))
    large = problem_of(practices, Configuration(band=band(150_000, 200_000)))
    assert not is_for(build_instance(small))
    assert is_for(build_instance(large))
    found = solved(large, time_limit=2.0)
    assert found.status in {"optimal", "feasible"}
    assert found.certificate is not None
    assert found.certificate.tree is not None
    assert solver.check_solution(large, found)


def test_where_both_might_win_this_engine_has_a_try(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of(sample(24, 1), Configuration(band=band(75_000, 125_000)))
    assert is_for(build_instance(problem))
    assert is_for_both(build_instance(problem))
    here = solved(problem, time_limit=60.0)
    monkeypatch.setattr(engine, "_TRY", 0)
    there = solved(problem, time_limit=60.0)
    assert here.status == there.status == "optimal"
    assert here.cost == there.cost
    proofs = [found.certificate for found in (here, there) if found.certificate is not None]
    assert [proof.tree is not None for proof in proofs] == [True, False]


def tried(instance: Instance, *_: object, plan: Assigned, **__: object) -> Assigned:
    """What a try found, in place of trying."""
    assert instance.size
    return plan


@pytest.mark.parametrize("short", [0, 5])
def test_of_two_engines_the_better_plan_and_the_better_bound_count(
    short: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = chessboard(5, 6, 1_000, (9_000, 11_000))
    proven = assigned(problem)
    rows = tuple(tuple(range(start, start + 10)) for start in (0, 10, 20))
    poor = Outcome(
        rows, sum(map(build_instance(problem).network_cost, rows)), 0, None, proven=False
    )
    monkeypatch.setattr(turns, "is_for", lambda _: True)
    monkeypatch.setattr(turns, "search", lambda *_, **__: poor)
    begun = replace(proven, bound=proven.bound - short, proven=False)
    monkeypatch.setattr(turns, "assign", partial(tried, plan=begun))
    found = solved(problem)
    assert (found.cost, found.bound) == (proven.cost, proven.bound - short)
    assert found.status == ("feasible" if short else "optimal")
    assert verify_certificate(problem, found.certificate).verified
    monkeypatch.setattr(turns, "assign", partial(tried, plan=replace(begun, networks=None)))
    found = solved(problem)
    assert (found.networks, found.bound) == (rows, min(poor.cost or 0, begun.bound))
    monkeypatch.setattr(turns, "search", lambda *_, **__: replace(poor, networks=None))
    assert solved(problem).status == "no_plan_in_time"


def test_a_region_whose_first_bound_is_nothing_is_proven() -> None:
    problem = road(1, 30_000, 30_000, 1, 30_000, 30_000, band=(30_000, 60_003))
    found = assigned(problem)
    assert found.proven
    assert found.cost == 2_000


def test_where_nothing_keeps_the_band_the_tree_proves_it() -> None:
    # Seven times 10,000 patients would do for two networks of 35,000, but for being whole.
    problem = road(*[10_000] * 7, band=(34_000, 36_000))
    found = assigned(problem)
    assert found.networks is None
    assert found.proven
    assert found.bound > problem.cost_ceiling()
    assert verify_certificate(problem, certificate_of(problem, found)).verified


def test_a_gap_ends_the_search_and_the_proof_is_of_what_is_left() -> None:
    problem = chessboard(6, 6, 1_000, (11_000, 13_000))
    found = assign(build_instance(problem), effort(gap=0.5), silent)
    assert found.proven
    assert found.cost is not None
    assert found.cost >= found.bound >= 0.5 * found.cost
    assert verify_certificate(problem, certificate_of(problem, found)).verified


def test_when_time_is_up_what_is_known_is_proven() -> None:
    problem = chessboard(8, 8, 1_000, (20_000, 22_000))
    found = assign(build_instance(problem), effort(time_limit=0.001), silent)
    assert not found.proven
    assert verify_certificate(problem, certificate_of(problem, found)).verified


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"together": ((0, 2),)}, "rules.together, rules.apart"),
        ({"apart": ((0, 2),)}, "rules.together, rules.apart"),
        ({"max_practices": 3}, "limits.max_practices"),
        ({"plan_limits": (PlanLimit("most_networks", 1, 2),)}, "limits on a plan"),
    ],
)
def test_rules_that_it_does_not_know_are_named(change: dict[str, object], rule: str) -> None:
    problem = replace(road(*[10_000] * 8, band=(30_000, 50_000)), **change)
    assert unsupported(build_instance(problem)) == (rule,)


@pytest.mark.parametrize("seed", range(400 if DEEP else 60))
def test_where_the_band_gives_way_the_plan_is_the_best_of_all_and_its_proof_holds(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_MANY", 0.0)  # so that tiny regions are for this engine
    rng = np.random.default_rng(seed)
    kinds = {kind: rng.random() < 0.4 for kind in ("forbidden", "hinges", "oversize", "patients")}
    practices = int(rng.integers(3, 10))
    sides = {"avoid_above": True, "avoid_below": rng.random() < 0.5}
    problem = oracle.random_problem(rng, practices, **kinds, **sides)
    # A quarter of the time is for this engine; where it does not do, the other is soon done.
    found, cost = solved(problem, time_limit=8.0), oracle.best_cost(problem)
    expected = (
        oracle.lexicographic_best(problem) if cost is None else oracle.Lexicographic(0, 0, cost)
    )
    check_best(problem, expected, found)
    if found.certificate is not None:
        assert verify_certificate(found.problem, found.certificate).verified
        too_high = replace(found.certificate, bound=found.certificate.bound + 1)
        if found.certificate.bound == found.cost + found.penalty_offset:
            assert not verify_certificate(found.problem, too_high).verified


def test_few_hubs_for_many_practices_are_settled_by_a_tree() -> None:
    # Four hubs have no room for all patients, so networks are far larger than can be listed.
    practices = sample(32, 1)
    hubs = Rules(hubs=tuple(practices.table["practice_code"].iloc[::8]))
    problem = problem_of(practices, Configuration(rules=hubs))
    found = solved(problem, time_limit=3600.0)
    assert (found.status, found.short) == ("optimal", 0)
    assert found.above == problem.weights.sum() - 4 * problem.size.band_max
    assert found.certificate is not None
    assert found.certificate.tree is not None
    assert solver.check_solution(problem, found)


def test_a_price_of_sizes_draws_networks_to_a_size() -> None:
    # Four networks of three travel least; two of six, 9 km each, have the size asked for.
    problem = road(*[10_000] * 12, band=(30_000, 80_000))
    priced = problem.with_size(replace(problem.size, hinges=(Hinge(60_000, 4_000, 4_000),)))
    plain, found = assigned(problem), assigned(priced)
    assert [len(members) for members in plain.networks or ()] == [3, 3, 3, 3]
    assert [len(members) for members in found.networks or ()] == [6, 6]
    assert found.cost == found.bound == 2 * 9 * 1000 * 10_000
    certificate = certificate_of(priced, found)
    assert verify_certificate(priced, certificate).verified
    assert not verify_certificate(priced, replace(certificate, bound=found.bound + 1)).verified


def test_a_practice_that_may_be_no_hub_is_none() -> None:
    problem = road(10_000, 20_000, 10_000, band=(40_000, 40_000))
    problem.cost[:, 1] = FORBIDDEN
    assert assigned(problem).cost == 20_000 * 1000 + 10_000 * 2000


def test_the_same_region_has_the_same_proof() -> None:
    problem = chessboard(5, 6, 1_000, (9_000, 11_000))
    once, again = (to_json(certificate_of(problem, assigned(problem)), problem.codes) for _ in "ab")
    assert once == again
