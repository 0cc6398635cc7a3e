"""A better plan one step away, against every plan of small regions."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings

from pcn_group.region.problem import Problem
from pcn_group.verify.better import better_plan
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.depth import many
from tests.verify.test_rules import road


def steps(problem: Problem, bound: int, *networks: str) -> list[tuple[str, int]]:
    members: Sequence[Sequence[int]] = [
        [problem.codes.index(code) for code in network] for network in networks
    ]
    report = check_plan(problem, members, networks)
    return [(better.step, better.cost) for better in better_plan(problem, report, bound)]


def test_one_practice_in_the_other_network_may_be_cheaper() -> None:
    """Around B, A and C pay 30,000 patient-km; with D, where nobody else is, C pays 10,000."""
    problem = road(20_000, 15_000, 10_000, 30_000)
    cost = check_plan(problem, [[0, 1, 2], [3]]).cost
    assert cost == 30_000_000
    assert steps(problem, cost, "ABC", "D") == [("C in D", 25_000_000)]
    assert steps(problem, 25_000_000, "ABC", "D") == []


def test_a_step_must_keep_the_rules() -> None:
    problem = road(20_000, 9_000, 10_000, 30_000)
    assert steps(problem, 29_000_000, "ABC", "D") == []  # without C the first has 29,000


@settings(deadline=None, max_examples=many(60))
@given(oracle.problems(max_practices=7))
def test_only_plans_that_keep_the_rules_are_found_and_none_is_below_the_best(
    problem: Problem,
) -> None:
    plans = list(oracle.all_plans(problem))
    allowed = {frozenset(plan): cost for cost, plan in plans}
    for cost, plan in plans:
        report = check_plan(problem, [oracle.members(mask) for mask in plan])
        for better in better_plan(problem, report, cost):
            found = frozenset(oracle.mask_of(network) for network in better.networks)
            assert allowed[found] == better.cost < cost
        best = min(allowed.values())
        assert list(better_plan(problem, report, best)) == []
