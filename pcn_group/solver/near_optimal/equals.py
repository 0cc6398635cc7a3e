"""Equals: of all plans of one cost the first by rule, however the search came upon them.

The rule: take the practices in order of code; for each that is not yet in a network, of the
networks it is in in some such plan take the one whose list of practices comes first.

Practices that can be exchanged for one another, such as equal ones at one address, make very many
equal plans. In the first of them by rule each network has a run of them, with none left out in
between: to exchange two that are out of order would give a plan that comes before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pcn_group.solver.columns import Columns, Limit
from pcn_group.solver.instance import Instance
from pcn_group.solver.near_optimal.enumeration import list_partitions
from pcn_group.solver.search.set_partitioning import Budget, Node, Verdict, best_partition

__all__ = ["EQUALS_EFFORT", "Order", "exchangeable", "first_of_equals", "in_runs"]

Int = NDArray[np.int64]
Order = Callable[[Sequence[int]], tuple[int, ...]]
"""Return the practices of a network that the rule looks at, ascending."""

EQUALS_EFFORT = 100.0
"""CP-SAT's effort on one choice, a second or so for each."""
_LISTING_EFFORT = 3_000_000
"""Columns to look at, counting each again and again, before CP-SAT is asked: hundredths of a
second, and enough for most questions."""


def first_of_equals(
    node: Node,
    items: int,
    cost: int,
    limits: Sequence[Limit],
    budget: Budget,
    order: Order,
) -> Int | None:
    """Choose among all plans of one cost, so that the choice does not depend on the search.

    Parameters
    ----------
    node
        All columns that such a plan can use.
    items
        How many items a plan covers.
    cost
        What the plans cost; there is none that costs less.
    limits
        What a plan may have at most in all.
    budget
        For all questions together.
    order
        The rule goes by these practices. Of columns without any it says nothing.

    Returns
    -------
    Positions of its columns; None where the budget does not suffice to tell, or there is no plan.
    """
    lists = [order(node.columns.members_of(k).tolist()) for k in range(len(node.columns))]
    questions = _Questions(node, items, cost, limits, budget)
    left = np.arange(len(lists))
    plan = questions.plan_of(left)
    settled = 0
    while plan is not None:
        networks = sorted(lists[k] for k in plan if lists[k])
        if settled == len(networks):
            return plan
        leading = networks[settled][0]
        choices = sorted({lists[k] for k in left if lists[k] and lists[k][0] == leading})
        rank = {choice: place for place, choice in enumerate(choices)}
        places = np.array([rank.get(lists[k], -1) for k in left])
        # What is asked about grows while there is nothing before the choice at hand.
        low, high, step = 0, rank[networks[settled]], 1
        while low < high:
            upto = min(low + step, high)
            found = questions.plan_of(left[(places < 0) | ((places >= low) & (places < upto))])
            if questions.is_unanswered:
                return None
            if found is None:
                low, step = upto, 2 * step
            else:
                plan, step = found, 1
                high = max(rank.get(lists[k], -1) for k in plan)
        chosen = set(choices[high])
        goes_with = [lists[k] == choices[high] or chosen.isdisjoint(lists[k]) for k in left]
        left = left[np.array(goes_with)]
        settled += 1
    return None


@dataclass
class _Questions:
    """Asks whether some of the columns make a plan, until the budget is spent."""

    node: Node
    items: int
    cost: int
    limits: Sequence[Limit]
    budget: Budget
    is_unanswered: bool = field(default=False, init=False)

    def plan_of(self, which: Int) -> Int | None:
        """Return a plan of these columns; None if there is none, or that cannot be told."""
        node = Node(self.node.columns.take(which), self.node.proof)
        limits = [Limit(limit.amounts[which], limit.total) for limit in self.limits]
        listed = list_partitions(
            node, self.items, self.cost, limits=limits, most=1, effort=_LISTING_EFFORT
        )
        if len(listed.chosen) > 0:
            return which[listed.chosen[0]]
        if listed.complete:
            return None
        partition = best_partition(
            node.columns,
            self.items,
            node.proof.duals,
            node.proof.cuts,
            self.budget,
            cost_at_most=self.cost,
            limits=limits,
            any_will_do=True,
        )
        self.budget = self.budget.less(partition.spent)
        self.is_unanswered = partition.verdict is Verdict.UNKNOWN
        return None if partition.chosen is None else which[list(partition.chosen)]


def exchangeable(instance: Instance) -> list[Int]:
    """Return the practices that can be exchanged for one another in any plan, in groups.

    They have as many patients, living in the same neighbourhoods, the same ways to and from all
    others, the same figures where further bands are about them, and the same neighbours, rules and
    areas. No site that may be a hub is in their own area.
    """
    cost, weights = instance.region.cost, instance.weights
    with_sites = set(instance.region.anchors[len(instance.practices) :].tolist())
    alike: dict[tuple[bytes, ...], list[int]] = {}
    for i in range(len(weights)):
        if i in with_sites:
            continue
        far = np.sort(cost[i]).tobytes(), np.sort(cost[:, i]).tobytes()
        alike.setdefault((weights[i].tobytes(), cost[i, i].tobytes(), *far), []).append(i)
    classes: list[list[int]] = []
    for some in alike.values():
        found: list[list[int]] = []
        for i in some:
            own = next((each for each in found if _can_be_exchanged(instance, each[0], i)), None)
            if own is None:
                found.append([i])
            else:
                own.append(i)
        classes += (each for each in found if len(each) > 1)
    return [np.array(each) for each in classes]


def _can_be_exchanged(instance: Instance, i: int, j: int) -> bool:
    region, swap = instance.region, np.arange(len(instance.region.anchors))
    swap[[i, j]] = j, i
    areas, alignment = instance.limits.areas, instance.limits.alignment
    if areas is not None and areas[i] != areas[j]:
        return False
    if alignment is not None and (alignment.elsewhere[i] != alignment.elsewhere[j]).any():
        return False
    if (region.amounts[i] != region.amounts[j]).any():
        return False
    if (region.cost[i] != region.cost[j, swap]).any():
        return False
    if (region.cost[:, i] != region.cost[swap[: len(region.weights)], j]).any():
        return False
    rows = (
        (region.link_start, region.links),
        (region.must_link_start, region.must_link),
        (region.cannot_link_start, region.cannot_link),
    )
    return all(
        set(others[start[i] : start[i + 1]].tolist())
        == set(swap[others[start[j] : start[j + 1]]].tolist())
        for start, others in rows
    )


def in_runs(columns: Columns, classes: Sequence[Int], practices: int) -> NDArray[np.bool_]:
    """Tell which columns have a run of each class, with none left out in between."""
    whole = np.ones(len(columns), dtype=np.bool_)
    owner = np.repeat(np.arange(len(columns)), columns.lengths)
    place = np.full(practices, -1)
    for members in classes:
        place[members] = np.arange(len(members))
        inside = place[columns.members] >= 0
        held, places = owner[inside], place[columns.members[inside]]
        torn = (held[1:] == held[:-1]) & (places[1:] != places[:-1] + 1)
        whole[held[1:][torn]] = False
        place[members] = -1
    return whole
