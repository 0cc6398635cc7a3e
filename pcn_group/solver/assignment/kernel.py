"""Bounds on assignments to hubs, in integers: one part of the search tree at a time.

A part of the tree is a table of pairs that are allowed, hubs by rows. Its bound relaxes that every
practice is in one network only. Each practice has a dual, and what a hub is then worth is the least
of `cost - duals` over sets in the band that hold it, the last practice of which may be in part. The
duals and the least that enough hubs are worth bound every plan of the part.

`verify.tree` knows the same bound in another implementation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import njit

__all__ = ["NEVER", "Hess", "Work", "ascend", "settle", "tighten"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

NEVER = 2**61
"""The worth of a hub that no set in the band can have, and the bound of a part without a plan."""
_FREE, _FULL = -1, -2
"""In place of a practice at whose rate patients enter: at no rate; nobody else has room."""
_SHARE = 0.15
"""How much the last answer counts in the running mean of answers."""
_INERTIA = 0.6
"""How much the direction of the last step counts in the next."""
_AIM = 1.05
"""Steps are as long as if the bound could be so many times the best one so far."""
_PATIENCE, _SHORTER, _SHORTEST = 6, 0.6, 0.02
"""After so many steps that hardly help they become shorter, down to the shortest."""
_HARDLY = 1e-5


class Hess(NamedTuple):
    """What the kernels see of a region.

    Attributes
    ----------
    weights, cost
        As in `Region`.
    link_start, links
        As in `Region`.
    smallest, largest
        Patients of a network.
    fewest, most
        Networks of a plan.
    """

    weights: Int
    cost: Int
    link_start: Int
    links: Int
    smallest: int
    largest: int
    fewest: int
    most: int


@njit(cache=True, nogil=True)
def settle(hess: Hess, allowed: Bool, hub_of: Int) -> bool:
    """Drop pairs that no plan of a part can have; return whether there may be a plan.

    A practice is with a hub only if a chain of neighbours that may be with it leads there. Who has
    one hub left is with it, and so is that hub with itself. `hub_of` is for what is found: the one
    hub of a practice, or -1.
    """
    n = len(hess.weights)
    changed = True
    seen, queue = np.zeros(n, np.int64), np.empty(n, np.int64)
    stamp = 0
    while changed:
        changed = False
        for hub in range(n):
            row = allowed[hub]
            if not row[hub]:
                row[:] = False
                continue
            stamp += 1
            seen[hub] = stamp
            queue[0] = hub
            first, last = 0, 1
            while first < last:
                i = queue[first]
                first += 1
                for j in hess.links[hess.link_start[i] : hess.link_start[i + 1]]:
                    if row[j] and seen[j] != stamp:
                        seen[j] = stamp
                        queue[last] = j
                        last += 1
            for i in range(n):
                if row[i] and seen[i] != stamp:
                    row[i] = False
                    changed = True
        for i in range(n):
            count = 0
            for hub in range(n):
                if allowed[hub, i]:
                    count += 1
                    hub_of[i] = hub
            if count == 0:
                return False
            if count > 1:
                hub_of[i] = -1
        for i in range(n):
            own = hub_of[i]
            if own >= 0 and hub_of[own] != own:
                for hub in range(n):
                    if hub != own and allowed[hub, own]:
                        allowed[hub, own] = False
                hub_of[own] = own
                changed = True
    return True


@njit(cache=True, nogil=True)
def _critical(keys: Float, weights: Int, items: Int, count: int, room: int) -> int:
    """Return the item that fills the room if they enter by key; the items are reordered."""
    low, high = 0, count - 1
    while low < high:
        pivot = keys[items[(low + high) // 2]]
        left, right = low, high
        while left <= right:
            while keys[items[left]] < pivot:
                left += 1
            while keys[items[right]] > pivot:
                right -= 1
            if left <= right:
                items[left], items[right] = items[right], items[left]
                left += 1
                right -= 1
        below = 0
        for k in range(low, right + 1):
            below += weights[items[k]]
        if room <= below:
            high = right
            continue
        middle = below
        for k in range(right + 1, left):
            middle += weights[items[k]]
        if room <= middle:
            return items[right + 1]
        room -= middle
        low = left
    return items[low]


@njit(cache=True, nogil=True)
def _worth(
    hess: Hess, hub: int, row: Bool, hub_of: Int, duals: Int, values: Int, keys: Float, items: Int
) -> tuple[int, int]:
    """Return what a hub is worth, and the practice at whose rate patients enter.

    At any rate a patient pays, what the practices are worth beyond it, and the pay of as many
    patients as there must or may be, is a bound: so the choice of the rate is no part of the proof.
    """
    total, patients, count = 0, 0, 0
    cheap, everyone = 0, 0
    for i in range(len(row)):
        if not row[i]:
            continue
        value = hess.cost[i, hub] - duals[i]
        values[i] = value
        if i == hub or hub_of[i] == hub:
            total += value
            patients += hess.weights[i]
            continue
        keys[i] = value / hess.weights[i]
        items[count] = i
        count += 1
        everyone += hess.weights[i]
        if value < 0:
            cheap += hess.weights[i]
    if patients > hess.largest or patients + everyone < hess.smallest:
        return NEVER, _FREE
    if patients + cheap < hess.smallest:
        end = hess.smallest
    elif patients + cheap > hess.largest:
        end = hess.largest
    else:
        for k in range(count):
            total += min(0, values[items[k]])
        return total, _FREE
    if patients == end:
        return total, _FULL
    rate_of = _critical(keys, hess.weights, items, count, end - patients)
    rate, per = values[rate_of], hess.weights[rate_of]
    for k in range(count):
        i = items[k]
        total += min(0, (values[i] * per - rate * hess.weights[i]) // per)
    return total + rate * (end - patients) // per, rate_of


class Work(NamedTuple):
    """Arrays that the kernels fill, so that they are made once.

    `worth` and `rate_of` are by hub, `chosen` are the hubs of the last answer and `answer` the
    running mean of answers, hubs by rows.
    """

    worth: Int
    rate_of: Int
    chosen: Bool
    answer: Float
    values: Int
    keys: Float
    items: Int

    @classmethod
    def of(cls, n: int) -> Work:
        """Make them for so many practices."""
        return cls(
            np.zeros(n, np.int64),
            np.zeros(n, np.int64),
            np.zeros(n, np.bool_),
            np.zeros((n, n)),
            np.zeros(n, np.int64),
            np.zeros(n),
            np.zeros(n, np.int64),
        )


@njit(cache=True, nogil=True)
def _bound(hess: Hess, allowed: Bool, hub_of: Int, duals: Int, work: Work) -> tuple[int, int]:
    """Return the bound of a part under duals, and what a further hub would take the place of.

    That is the worth of the hub that one more would displace: 0 where there is room for one more,
    `-NEVER` where there is none and all hubs are needed.
    """
    n = len(hess.weights)
    needed = np.zeros(n, np.bool_)
    for i in range(n):
        if hub_of[i] >= 0:
            needed[hub_of[i]] = True
    total, count = duals.sum(), 0
    for hub in range(n):
        work.chosen[hub] = needed[hub]
        work.worth[hub] = NEVER
        if allowed[hub, hub]:
            work.worth[hub], work.rate_of[hub] = _worth(
                hess, hub, allowed[hub], hub_of, duals, work.values, work.keys, work.items
            )
        if needed[hub]:
            if work.worth[hub] == NEVER:
                return NEVER, 0
            total += work.worth[hub]
            count += 1
    if count > hess.most:
        return NEVER, 0
    displaced = -NEVER
    for hub in np.argsort(work.worth, kind="mergesort"):
        worth = work.worth[hub]
        if work.chosen[hub]:
            continue
        if worth == NEVER or count == hess.most or (count >= hess.fewest and worth >= 0):
            break
        work.chosen[hub] = True
        total += worth
        displaced = worth
        count += 1
    if count < hess.fewest:
        return NEVER, 0
    return total, displaced if count == hess.most else 0


@njit(cache=True, nogil=True)
def tighten(
    hess: Hess, allowed: Bool, hub_of: Int, duals: Int, target: int, work: Work
) -> tuple[int, bool]:
    """Drop what only plans of the target or more have; return the bound, and whether any was."""
    bound, displaced = _bound(hess, allowed, hub_of, duals, work)
    if bound >= target:
        return bound, False
    dropped = False
    n = len(hess.weights)
    for hub in range(n):
        if not allowed[hub, hub]:
            continue
        more = 0 if work.chosen[hub] else work.worth[hub] - displaced
        if bound + more >= target:
            allowed[hub, :] = False
            dropped = True
            continue
        rate_of = work.rate_of[hub]
        rate, per = (0, 1) if rate_of < 0 else (
            hess.cost[rate_of, hub] - duals[rate_of],
            hess.weights[rate_of],
        )
        for i in range(n):
            if allowed[hub, i] and i != hub and hub_of[i] != hub:
                value = hess.cost[i, hub] - duals[i]
                beyond = (value * per - rate * hess.weights[i]) // per
                if rate_of == _FULL or bound + more + max(0, beyond) >= target:
                    allowed[hub, i] = False
                    dropped = True
    return bound, dropped


@njit(cache=True, nogil=True)
def ascend(
    hess: Hess, allowed: Bool, hub_of: Int, duals: Int, target: int, steps: int, grain: int, work: Work
) -> int:
    """Improve duals in place, until the bound is at the target or steps hardly help; return it.

    By steps along what the answer covers too little or too much, which is a subgradient. Duals are
    whole numbers of grains.
    """
    n = len(hess.weights)
    work.answer[:] = 0.0
    best, best_duals = -NEVER, duals.copy()
    direction = np.zeros(n)
    length, stalled, share = 1.0, 0, 1.0
    for _ in range(steps):
        bound, _ = _bound(hess, allowed, hub_of, duals, work)
        if bound >= target:
            return bound
        stalled = 0 if bound - best > _HARDLY * abs(bound) else stalled + 1
        if bound > best:
            best = bound
            best_duals[:] = duals
        if stalled >= _PATIENCE:
            length *= _SHORTER
            if length < _SHORTEST:
                break
            stalled = 0
            direction[:] = 0.0
            duals[:] = best_duals
            bound, _ = _bound(hess, allowed, hub_of, duals, work)
        direction *= _INERTIA
        work.answer[:] *= 1.0 - share
        for i in range(n):
            direction[i] += 1.0
        for hub in range(n):
            if work.chosen[hub]:
                _subtract(hess, hub, allowed[hub], hub_of, duals, share, direction, work)
        share = _SHARE
        square = (direction * direction).sum()
        if square < 1e-9:
            break
        aim = min(1.02 * target, max(_AIM * best, best + 1.0))
        step = length * max(aim - bound, 0.0) / square
        for i in range(n):
            duals[i] += np.int64(np.rint(step * direction[i] / grain)) * grain
    duals[:] = best_duals
    return best


@njit(cache=True, nogil=True)
def _subtract(
    hess: Hess,
    hub: int,
    row: Bool,
    hub_of: Int,
    duals: Int,
    share: float,
    direction: Float,
    work: Work,
) -> None:
    """Take what the set of a hub covers off a direction, and add a share of it to the answer."""
    rate_of = work.rate_of[hub]
    rate = 0.0
    if rate_of >= 0:
        rate = (hess.cost[rate_of, hub] - duals[rate_of]) / hess.weights[rate_of]
    patients, everyone = 0, 0
    for i in range(len(row)):
        if not row[i] or i == rate_of:
            continue
        inside = i == hub or hub_of[i] == hub
        if not inside and rate_of != _FULL:
            inside = (hess.cost[i, hub] - duals[i]) / hess.weights[i] < rate
        if inside:
            direction[i] -= 1.0
            work.answer[hub, i] += share
            patients += hess.weights[i]
    if rate_of >= 0:
        end = hess.smallest if rate > 0 else hess.largest
        part = min(1.0, max(0.0, (end - patients) / hess.weights[rate_of]))
        direction[rate_of] -= part
        work.answer[hub, rate_of] += share * part
