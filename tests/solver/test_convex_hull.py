"""The lower hull by prices, against all plans of small made-up regions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.solver.convex_hull import Evaluation, Point, lower_hull

Plans = Sequence[tuple[int, int]]
"""Cost and amount of each."""

plans_of_a_region = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 30)), min_size=1, max_size=25
)


def searched(plans: Plans, asked: list[int] | None = None) -> Callable[[int], Evaluation[int]]:
    """A search that looks at every plan, and gives the last of equals."""

    def at(price: int) -> Evaluation[int]:
        if asked is not None:
            asked.append(price)
        values = [cost + price * amount for cost, amount in plans]
        best = max(k for k, value in enumerate(values) if value == min(values))
        return Evaluation(price, Point(best, *plans[best]), min(values))

    return at


def with_least(plans: Plans) -> Point[int]:
    amount, cost = min((amount, cost) for cost, amount in plans)
    return Point(-1, cost, amount)


def on_the_hull(plans: Plans, least_price: int = 1) -> set[tuple[int, int]]:
    """The plans that are the only best one, in cost and amount, at some whole price."""
    found = set()
    for price in range(least_price, 62):
        values = {(cost, amount): cost + price * amount for cost, amount in plans}
        best = [plan for plan, value in values.items() if value == min(values.values())]
        if len(best) == 1:
            found.add(best[0])
    return found


@given(plans_of_a_region)
def test_with_points_enough_one_of_the_plans_is_the_best_at_every_price(plans: Plans) -> None:
    hull = lower_hull(searched(plans), 1, with_least(plans), most=100)
    for price in range(1, 70):
        best = min(cost + price * amount for cost, amount in plans)
        assert min(point.at(price) for point in hull.plans) == best
    points = {(plan.cost, plan.amount) for plan in hull.plans}
    assert on_the_hull(plans) <= points <= set(plans)


@given(plans_of_a_region, st.integers(2, 5))
def test_what_is_found_is_proven_and_no_plan_is_below_the_line(plans: Plans, most: int) -> None:
    hull = lower_hull(searched(plans), 1, with_least(plans), most)
    assert 1 <= len(hull.plans) <= most
    for amount in range(31):
        least = min((cost for cost, other in plans if other <= amount), default=None)
        assert least is None or hull.bound(amount) <= least
    for point in hull.plans[:-1]:
        price = hull.price_of(point)
        assert price is not None
        assert point.at(price) == min(cost + price * amount for cost, amount in plans)
        assert hull.bound(point.amount) == point.cost
    costs, amounts = zip(*[(point.cost, point.amount) for point in hull.plans], strict=True)
    assert list(costs) == sorted(set(costs))
    assert list(amounts) == sorted(set(amounts), reverse=True)


@given(plans_of_a_region)
def test_no_price_is_asked_for_twice(plans: Plans) -> None:
    asked: list[int] = []
    lower_hull(searched(plans, asked), 1, with_least(plans), most=100)
    assert len(asked) == len(set(asked))


def test_the_widest_gap_is_filled_first() -> None:
    # At the price 1 the second is the best; between it and the last the fourth gains most.
    plans = [(0, 30), (2, 27), (20, 20), (40, 15), (200, 0)]
    hull = lower_hull(searched(plans), 1, Point(4, 200, 0), most=3)
    assert [point.plan for point in hull.plans] == [1, 3, 4]
    hull = lower_hull(searched(plans), 1, Point(4, 200, 0), most=9)
    assert [point.plan for point in hull.plans] == [1, 2, 3, 4]
    assert [hull.price_of(point) for point in hull.plans] == [1, 3, 4, 11]


def test_one_plan_that_is_best_in_both_is_all_there_is() -> None:
    hull = lower_hull(searched([(5, 0), (9, 4)]), 1, Point(0, 5, 0), most=8)
    assert [point.plan for point in hull.plans] == [0]


@pytest.mark.parametrize("found", [0, 1, 2, 3])
def test_a_search_out_of_time_ends_the_refining(found: int) -> None:
    plans = [(0, 30), (2, 27), (20, 20), (40, 15), (200, 0)]
    asked: list[int] = []
    search = searched(plans, asked)

    def at(price: int) -> Evaluation[int]:
        return Evaluation(price, None, 0) if len(asked) == found else search(price)

    hull = lower_hull(at, 1, Point(4, 200, 0), most=9)
    assert hull.plans[-1].plan == 4
    assert min(2, found + 1) <= len(hull.plans) <= found + 1
    assert hull.bound(0) <= 200
