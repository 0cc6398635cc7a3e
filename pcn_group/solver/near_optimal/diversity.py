"""Plans that differ as much as possible.

Two plans differ by the pairs of patients that are in one network in one of them and in two in the
other: for two practices the product of their patients.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import njit

__all__ = ["differences", "farthest_first"]

Int = NDArray[np.int64]


def farthest_first(labels: Int, weights: Int, count: int) -> list[int]:
    """Choose plans: the first, and then each time the one that differs the most from those chosen.

    How much a plan differs from several is how much it does from the nearest of them. Of equals the
    first is taken.

    Parameters
    ----------
    labels
        int64 (plans, n): in each plan, who has the same is in one network. No plan is there twice.
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
