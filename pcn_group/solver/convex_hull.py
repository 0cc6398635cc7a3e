"""The lower convex hull of cost against an amount, such as patients outside the band.

A price on the amount makes one plan the best, and no plan with as little of it costs less. Between
two plans the slope of the line through them is the price to try: either it gives a plan below the
line, or there is none. Prices are whole, in the small units of cost, so that all stays in integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["STEEPEST", "ConvexHull", "Evaluation", "Point", "below_the_line", "lower_hull"]

T = TypeVar("T")

STEEPEST = 2**60
"""What a price on everything that it may be asked of comes to at the most, so that sums stay within
64 bits. At a higher one nothing is searched, and so nothing proven."""


@dataclass(frozen=True)
class Point(Generic[T]):
    """A plan by what it costs, the price of its amount left out, and by its amount."""

    plan: T
    cost: int
    amount: int

    def at(self, price: int) -> int:
        """Return the cost with a price on the amount."""
        return self.cost + price * self.amount


@dataclass(frozen=True)
class Evaluation(Generic[T]):
    """What a search found at a price.

    Attributes
    ----------
    point
        The best plan; None where none was found, usually for lack of time.
    bound
        No plan costs less, the price of its amount included.
    """

    price: int
    point: Point[T] | None
    bound: int


@dataclass(frozen=True)
class ConvexHull(Generic[T]):
    """Plans that are the best at some price.

    Attributes
    ----------
    plans
        The cheapest first; each has less of the amount than the one before.
    evaluations
        What is known, by rising price.
    """

    plans: tuple[Point[T], ...]
    evaluations: tuple[Evaluation[T], ...]

    def bound(self, amount: int) -> int:
        """Return what no plan with so much of the amount, or less, costs less than."""
        return max(evaluation.bound - evaluation.price * amount for evaluation in self.evaluations)

    def price_of(self, plan: Point[T]) -> int | None:
        """Return the least price tried at which a plan is proven the best, or None.

        At that price no plan costs less, and so none with as little of the amount does at any.
        """
        proving = (
            evaluation.price
            for evaluation in self.evaluations
            if evaluation.bound >= plan.at(evaluation.price)
        )
        return next(proving, None)

    def high_price_of(self, plan: Point[T]) -> int:
        """Return a price at which a plan is the best, if need be a higher one than any tried.

        At the highest price tried it costs more than it might. Each patient more of any other plan
        makes up for that, once the price is higher by as much.
        """
        price = self.price_of(plan)
        if price is not None or not self.evaluations:
            return price or 0
        last = self.evaluations[-1]
        return last.price + max(0, plan.at(last.price) - last.bound)


def lower_hull(
    at: Callable[[int], Evaluation[T]], least_price: int, last: Point[T], most: int
) -> ConvexHull[T]:
    """Find the plans of the hull, those first that gain most over the line between their fellows.

    Parameters
    ----------
    at
        Searches for the best plan at a whole price, 0 or more. It is asked for each price once.
    least_price
        The first to try; at it the hull begins.
    last
        The plan with the least of the amount, and of such plans one of least cost: its end.
    most
        Plans to stop at, 2 or more; with enough of them the hull is complete in whole prices: at
        each from the least on, one of the plans is the best.
    """
    known: dict[int, Evaluation[T]] = {}

    def best_at(price: int) -> Point[T] | None:
        if price not in known:
            known[price] = at(price)
        return known[price].point

    first = best_at(least_price)
    plans = [plan for plan in (first, last) if plan is not None]
    stretches = [] if first is None else [(first, last)]
    while stretches and len(plans) < most:
        stretches.sort(key=_most_to_gain)
        more, less = stretches.pop()
        found = below_the_line(best_at, more, less)
        if found is not None:
            plans.append(found)
            stretches += [(more, found), (found, less)]
    return ConvexHull(tuple(_undominated(plans)), tuple(known[price] for price in sorted(known)))


def below_the_line(
    best_at: Callable[[int], Point[T] | None], more: Point[T], less: Point[T]
) -> Point[T] | None:
    """Return a plan below the line through two plans; None where there is none, or none was found.

    Parameters
    ----------
    best_at
        Returns the best plan at a whole price.
    """
    for price in _prices_between(more, less):
        found = best_at(price)
        if found is not None and found.at(price) < min(more.at(price), less.at(price)):
            return found
    return None


def _most_to_gain(stretch: tuple[Point[T], Point[T]]) -> tuple[int, int]:
    """Order stretches by how much a plan between the two could gain; of equals by amount."""
    more, less = stretch
    return (more.amount - less.amount) * (less.cost - more.cost), more.amount


def _prices_between(more: Point[T], less: Point[T]) -> list[int]:
    """Return the whole prices about the slope; none where one plan is as good in both.

    At the lower one the first plan is no worse than the second, at the higher one no better. So a
    plan that is the best at any other whole price is not between them.
    """
    saved, dearer = more.amount - less.amount, less.cost - more.cost
    if saved <= 0 or dearer <= 0:
        return []
    return sorted({dearer // saved, -(-dearer // saved)})


def _undominated(plans: Iterable[Point[T]]) -> Iterator[Point[T]]:
    """Return the plans that no other is as good as in both, the cheapest first."""
    least: int | None = None
    for plan in sorted(plans, key=lambda plan: (plan.cost, plan.amount)):
        if least is None or plan.amount < least:
            least = plan.amount
            yield plan
