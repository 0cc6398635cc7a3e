"""Groups of practices as one practice: the same answer as with all of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from pcn_group.base.progress import Progress
from pcn_group.config.model import Search
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.contraction import contraction_of
from pcn_group.solver.solution import Solution
from pcn_group.solver.solve import solve
from pcn_group.verify.bound import verify_certificate
from tests import oracle
from tests.solver.regions import check_best, road, solved

SEEDS = range(30)


@cache
def region(seed: int) -> Problem:
    """Up to ten practices, most of them in contiguous groups with one hub or none."""
    rng = np.random.default_rng(seed)
    kinds = ("asymmetric", "hinges", "oversize", "avoid_below", "avoid_above", "patients")
    problem = oracle.random_problem(
        rng, int(rng.integers(4, 11)), **{kind: rng.random() < 0.3 for kind in kinds}
    )
    problem = oracle.with_random_rules(rng, problem, apart=rng.random() < 0.3, fixed=seed % 4 == 0)
    aside = {i for network in problem.aside for i in network}
    left, groups, shut = [i for i in range(len(problem.codes)) if i not in aside], [], []
    while left and rng.random() < 0.9:
        group = [left[0]]
        group += [j for j in problem.neighbours[left[0]] if j in left][: int(rng.integers(1, 4))]
        left = [i for i in left if i not in group]
        if len(group) > 1:
            groups.append(tuple(sorted(group)))
            hub = rng.choice(group) if rng.random() < 0.9 else None
            shut += [i for i in group if i != hub]
    cost = problem.cost.copy()
    cost[:, shut] = FORBIDDEN
    return replace(problem, cost=cost, together=tuple(sorted(groups)))


@cache
def solution(seed: int) -> Solution:
    return solved(region(seed))


def best(problem: Problem) -> oracle.Lexicographic | None:
    cost = oracle.best_cost(problem)
    if cost is not None:
        return oracle.Lexicographic(0, 0, cost)
    if problem.size.avoid_below or problem.size.avoid_above:
        return oracle.lexicographic_best(problem)
    return None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_best_of_all_plans_of_practices(seed: int) -> None:
    check_best(region(seed), best(region(seed)), solution(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_plans_on_the_way_are_told_in_practices(seed: int) -> None:
    problem, told = region(seed), list[Progress]()
    found = solve(problem, Search(time_limit=60, workers=1), told.append)
    plans = [progress for progress in told if progress.networks is not None]
    for progress in plans:
        assert sorted(i for network in progress.networks or () for i in network) == [
            *range(len(problem.codes))
        ]
        if found.relaxed is None:
            assert progress.cost == sum(map(problem.network_cost, progress.networks or ()))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_proof_holds_for_all_networks_of_practices(seed: int) -> None:
    found = solution(seed)
    if found.certificate is not None:
        assert found.certificate.bound <= found.bound + found.penalty_offset
        assert verify_certificate(found.problem, found.certificate).verified
    if found.impossible is not None:
        assert found.impossible.bound > region(seed).cost_ceiling()
        assert verify_certificate(region(seed), found.impossible).verified


def test_most_of_these_regions_are_contracted_and_some_have_no_plan() -> None:
    assert sum(contraction_of(region(seed)) is not None for seed in SEEDS) > 0.5 * len(SEEDS)
    statuses = {solution(seed).status for seed in SEEDS}
    assert statuses == {"optimal", "infeasible"}
    assert any(solution(seed).relaxed for seed in SEEDS)


def with_groups(problem: Problem, *groups: tuple[int, ...], hubs: tuple[int, ...]) -> Problem:
    cost = problem.cost.copy()
    cost[:, [i for i in range(len(problem.codes)) if i not in hubs]] = FORBIDDEN
    return replace(problem, cost=cost, together=groups)


def test_a_group_travels_as_its_practices_do() -> None:
    problem = with_groups(
        road(10_000, 12_000, 9_000, 8_000, 30_000), (0, 1), (2, 3), hubs=(1, 2, 4)
    )
    small = contraction_of(problem)
    assert small is not None
    assert small.units == ((0, 1), (2, 3), (4,))
    assert small.problem.codes == ("A", "C", "E")
    assert small.problem.weights.tolist() == [22_000, 17_000, 30_000]
    # A and B to B, to C and to E, and so on: patients times metres.
    assert (small.problem.cost // 1_000_000).tolist() == [
        [10, 10 * 2 + 12, 10 * 4 + 12 * 3],
        [9 + 8 * 2, 8, 9 * 2 + 8],
        [30 * 3, 30 * 2, 0],
    ]
    assert small.problem.neighbours == ((1,), (0, 2), (1,))
    assert small.expanded(((0, 1), (2,))) == ((0, 1, 2, 3), (4,))
    assert small.contracted(((0, 1, 2, 3), (4,))) == ((0, 1), (2,))


@pytest.mark.parametrize(
    ("groups", "hubs", "changes"),
    [
        pytest.param(((0, 1),), (0, 1, 2), {}, id="two hubs"),
        pytest.param(((0, 2),), (0, 1), {}, id="not contiguous"),
        pytest.param(((0, 1),), (0, 2), {"max_practices": 2}, id="practices are counted"),
        pytest.param(((0, 1),), (0, 2), {"apart": ((0, 1),)}, id="apart as well"),
        pytest.param(((0, 1),), (0, 2), {"fixed": ((0, 1),)}, id="fixed"),
        pytest.param(((0, 1, 2),), (0,), {}, id="too large, and so alone"),
        pytest.param((), (0, 1, 2), {}, id="no groups"),
    ],
)
def test_what_would_not_be_the_same_is_not_contracted(
    groups: tuple[tuple[int, ...], ...], hubs: tuple[int, ...], changes: dict[str, object]
) -> None:
    problem = with_groups(road(20_000, 15_000, 25_000), *groups, hubs=hubs)
    assert contraction_of(replace(problem, **changes)) is None
