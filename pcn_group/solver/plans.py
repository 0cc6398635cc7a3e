"""Plans side by side, as one array that says of every practice with whom it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcn_group.solver.columns import Columns

__all__ = ["Plans"]

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
        """Give the plan that all of these columns are."""
        everything = np.arange(len(columns))
        return cls.of(columns, practices, np.array([0, len(columns)]), everything)

    def __len__(self) -> int:
        """Count the plans."""
        return len(self.costs)

    def joined(self, *others: Plans) -> Plans:
        """Give these, and then of the others those that are not among them, the least cost first.

        In what order the others come makes no difference.
        """
        labels = np.concatenate([self.labels, *(each.labels for each in others)])
        costs = np.concatenate([self.costs, *(each.costs for each in others)])
        _, first = np.unique(labels, axis=0, return_index=True)
        new = first[first >= len(self)]
        order = np.concatenate((np.arange(len(self)), new[np.argsort(costs[new], kind="stable")]))
        return Plans(labels[order], costs[order])
