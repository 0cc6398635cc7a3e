"""Which practices can be with which hubs at all, and where they are torn between them, compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper, kernel
from pcn_group.solver.assignment.tables import Hess, Pairs, Work

__all__ = ["settle", "tear"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

_TORN = 0.02
"""The least share of a practice with a hub that counts when a part is divided."""


@kernel
def settle(hess: Hess, part: Pairs, work: Work) -> bool:
    """Drop pairs that no plan of a part can have; return whether there may be a plan.

    A practice is with a hub only if a chain of neighbours that may be with it leads there. Who has
    one hub left is with it, and so is that hub with itself.
    """
    while True:
        _reach(hess, part.allowed, work)
        if not _find_hubs(part):
            return False
        if not _keep_hubs(part):
            return True


@helper
def _reach(hess: Hess, allowed: Bool, work: Work) -> None:
    """Drop the pairs of practice and hub between which there is no chain."""
    queue, reached = work.queue, work.reached
    for hub in range(len(hess.weights)):
        row = allowed[hub]
        reached[:] = False
        first, last = 0, 0
        if row[hub]:
            reached[hub] = True
            queue[0] = hub
            last = 1
        while first < last:
            i = queue[first]
            first += 1
            for link in range(hess.link_start[i], hess.link_start[i + 1]):
                j = hess.links[link]
                if row[j] and not reached[j]:
                    reached[j] = True
                    queue[last] = j
                    last += 1
        for i in range(len(row)):
            row[i] = row[i] and reached[i]


@helper
def _find_hubs(part: Pairs) -> bool:
    """Find the practices that have one hub left; return False if one has none."""
    n = len(part.hub_of)
    for i in range(n):
        count = 0
        for hub in range(n):
            if part.allowed[hub, i]:
                count += 1
                part.hub_of[i] = hub
        if count == 0:
            return False
        if count > 1:
            part.hub_of[i] = -1
    return True


@helper
def _keep_hubs(part: Pairs) -> bool:
    """Keep the hubs of practices that have no other to themselves; return whether any was not."""
    changed = False
    for i in range(len(part.hub_of)):
        hub = part.hub_of[i]
        if hub >= 0 and part.hub_of[hub] != hub:
            own = part.allowed[hub, hub]
            part.allowed[:, hub] = False
            part.allowed[hub, hub] = own
            part.hub_of[hub] = hub
            changed = True
    return changed


@kernel
def tear(hess: Hess, part: Pairs, answer: Float, away: Float, torn: Float, ends: Int) -> None:
    """Work out how much each practice is torn between hubs.

    Parameters
    ----------
    answer, away
        float64 (n, n): the shares of practices (columns) with hubs (rows), and how far hubs are
        from one another.
    torn, ends
        float64 (n,) and int64 (n, 2), filled: what its patients have to do with hubs that are away
        from one another, and the two that matter the most; -1 for one with its hub, or with one.
    """
    n = len(torn)
    for i in range(n):
        torn[i], most, apart = -1.0, -1.0, 0.0
        for one in range(n if part.hub_of[i] < 0 else 0):
            if answer[one, i] <= _TORN or not part.allowed[one, i]:
                continue
            for other in range(one + 1, n):
                if answer[other, i] <= _TORN or not part.allowed[other, i]:
                    continue
                both = answer[one, i] * answer[other, i] * away[one, other]
                apart += both
                if both > most:
                    most, ends[i, 0], ends[i, 1] = both, one, other
        if most >= 0.0:
            torn[i] = hess.weights[i] * apart
