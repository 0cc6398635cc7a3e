"""Plans listed from a pool, against all that can be made of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from pcn_group.solver.near_optimal.enumeration import Plans, list_partitions
from tests.depth import many
from tests.solver.search.test_branching import Pool, cases, part_of, plans

AMPLE = 1_000_000


def members(found: Plans) -> list[frozenset[frozenset[int]]]:
    """The networks of each plan."""
    return [
        frozenset(
            frozenset(i for i, own in enumerate(label) if own == first) for first in set(label)
        )
        for label in found.labels.tolist()
    ]


@settings(max_examples=many(200))
@given(cases())
def test_all_plans_up_to_a_cost_are_listed_each_once(case: tuple[int, Pool, int]) -> None:
    practices, pool, limit = case
    found = list_partitions(part_of(pool, practices), practices, limit, most=10_000, effort=AMPLE)
    right = {plan: cost for plan, cost in plans(pool, practices).items() if cost <= limit}
    assert found.complete
    assert len(found.plans) == len(right)
    assert dict(zip(members(found.plans), found.plans.costs.tolist(), strict=True)) == right


@settings(max_examples=many(200))
@given(cases())
def test_the_best_comes_last_after_one_as_good_if_there_is_any(
    case: tuple[int, Pool, int],
) -> None:
    practices, pool, limit = case
    node = part_of(pool, practices)
    found = list_partitions(node, practices, limit, most=10_000, effort=AMPLE, best_only=True)
    right = plans(pool, practices)
    costs = found.plans.costs.tolist()
    least = min((cost for cost in right.values() if cost <= limit), default=None)
    assert found.complete
    assert [right[plan] for plan in members(found.plans)] == costs
    assert costs == sorted(costs, reverse=True)
    assert costs[-1:] == ([] if least is None else [least])
    assert costs.count(least) == min(2, sum(cost == least for cost in right.values()))


@pytest.mark.parametrize("effort", [1, 20])
def test_a_list_that_takes_too_long_is_not_said_to_be_whole(effort: int) -> None:
    pairs = {frozenset((i, j)): 1 for i in range(8) for j in range(i)}
    found = list_partitions(part_of(pairs, 8), 8, 4, most=10_000, effort=effort)
    assert not found.complete
    assert len(found.plans) < 105
