"""Plans side by side, as one array of labels by practice, and how much they differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import njit
from pcn_group.solver.model.columns import Columns

__all__ = ["Plans", "differences", "farthest_first"]


Int = NDArray[np.int64]


@dataclass(frozen=True)
class Plans:
    """Plans of the same practices, none of them twice.

    Attributes
    ----------
    labels
        int64 (plans, n): for each practice the first one of its network.
    costs
        int64 (plans,).
    """

    labels: Int
    costs: Int

    @classmethod
    def of(cls, columns: Columns, practices: int, starts: Int, chosen: Int) -> Plans:
        """Put plans together from columns: those of plan `p` are `chosen[starts[p]:starts[p + 1]]`.

        Those of each plan cover the practices 0..n-1.
        """
        used = columns.take(chosen)
        plan = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        labels = np.empty((len(starts) - 1, practices), dtype=np.int64)
        first = used.members[used.starts[:-1]]
        labels[np.repeat(plan, used.lengths), used.members] = np.repeat(first, used.lengths)
        costs = np.zeros(len(starts) - 1, dtype=np.int64)
        np.add.at(costs, plan, used.costs)
        return cls(labels, costs)

    @classmethod
    def one(cls, columns: Columns, practices: int) -> Plans:
        """Return the plan that all of these columns are."""
        everything = np.arange(len(columns))
        return cls.of(columns, practices, np.array([0, len(columns)]), everything)

    def __len__(self) -> int:
        """Count the plans."""
        return len(self.costs)

    def joined(self, *others: Plans) -> Plans:
        """Return these, and then of the others those that are not among them, the least cost first.

        Of equals those come first that do by the rule that chooses among best plans. In what order
        the others come makes no difference.
        """
        labels = np.concatenate([self.labels, *(each.labels for each in others)])
        costs = np.concatenate([self.costs, *(each.costs for each in others)])
        _, first = np.unique(labels, axis=0, return_index=True)
        new = first[first >= len(self)]
        _, equals = np.unique(costs[new], return_inverse=True)
        tied = np.bincount(equals)[equals] > 1
        lists = [
            _networks(labels[plan]) if is_tied else ()
            for plan, is_tied in zip(new, tied, strict=True)
        ]
        order = sorted(range(len(new)), key=lambda k: (costs[new[k]], lists[k]))
        chosen = np.concatenate((np.arange(len(self)), new[np.array(order, dtype=np.int64)]))
        return Plans(labels[chosen], costs[chosen])


def _networks(label: Int) -> tuple[tuple[int, ...], ...]:
    """Return the practices of each network of a plan, by the first of them."""
    members: dict[int, list[int]] = {}
    for practice, network in enumerate(label.tolist()):
        members.setdefault(network, []).append(practice)
    return tuple(map(tuple, members.values()))


def farthest_first(labels: Int, weights: Int, count: int) -> list[int]:
    """Choose plans: the first, and then each time the one that differs the most from those chosen.

    How much a plan differs from several is how much it does from the nearest of them. Of equals the
    first is taken.

    Parameters
    ----------
    labels
        int64 (plans, n): in each plan, practices with the same label are in one network. No plan is
        there twice.
    weights
        int64 (n,): patients of each practice, 1 or more.
    count
        How many to choose; fewer where there are no more plans.
    """
    nearest = np.full(len(labels), np.iinfo(np.int64).max)
    chosen = [0]
    while len(chosen) < min(count, len(labels)):
        nearest = np.minimum(nearest, differences(labels, labels[chosen[-1]], weights))
        chosen.append(int(nearest.argmax()))
    return chosen


@njit(cache=True, nogil=True)
def differences(labels: Int, label: Int, weights: Int) -> Int:
    """Return by how many pairs of patients each plan differs from one."""
    total = np.zeros(len(labels), np.int64)
    for plan in range(len(labels)):
        for i in range(len(weights)):
            for j in range(i):
                if (labels[plan, i] == labels[plan, j]) != (label[i] == label[j]):
                    total[plan] += weights[i] * weights[j]
    return total
