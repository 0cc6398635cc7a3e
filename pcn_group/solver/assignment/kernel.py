"""Bounds on assignments to hubs, in integers: one part of the search tree at a time.

A part of the tree is a table of pairs that are allowed, hubs by rows. Its bound relaxes that every
practice is in one network only. Each practice has a dual, and what a hub is then worth is the least
of `cost - duals` over sets in the band that hold it, the last practice of which may be in part. The
duals and the least that enough hubs are worth bound every plan of the part. What a network pays for
its size is convex: with its slope patients pay to come in, or are paid.

`verify.tree` knows the same bound in another implementation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper, kernel
from pcn_group.solver.assignment.tables import FREE, FULL, NEVER, SCALE, Hess, Pairs, Work
from pcn_group.solver.assignment.whole import make_exact

__all__ = ["ascend", "price", "take", "tighten"]

Int = NDArray[np.int64]

_SHARE = 0.15
"""How much the last answer counts in the running mean of answers."""
_INERTIA = 0.6
"""How much the direction of the last step counts in the next."""
_AIM = 1.05
"""Steps are as long as if the bound could be so many times the best one so far."""
_PATIENCE, _SHORTER, _SHORTEST = 6, 0.6, 0.02
"""After so many steps that hardly help they become shorter, down to the shortest."""
_HARDLY = 1e-5
_BEYOND = 1.02
"""Nor do steps aim much farther than the target."""
_NOTHING = 1e-9
"""What is left of a direction in which there is nowhere to go."""


@helper
def _critical(weights: Int, work: Work, count: int, room: int) -> int:
    """Return the practice that fills the room if they enter by rate; the items are reordered."""
    rates, items = work.rates, work.items
    low, high = 0, count - 1
    while low < high:
        pivot = rates[items[(low + high) // 2]]
        left, right = low, high
        while left <= right:
            while rates[items[left]] < pivot:
                left += 1
            while rates[items[right]] > pivot:
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
            return int(items[right + 1])
        room -= middle
        low = left
    return int(items[low])


@helper
def _worth(hess: Hess, part: Pairs, hub: int, work: Work) -> int:
    """Return what a hub is worth, and note at which rate patients enter.

    At any rate a patient pays, what the practices are worth beyond it, and the least that all pay
    for that and for the size, is a bound: so the choice of the rate is no part of the proof. Best
    is the rate at which as many enter as make that least.
    """
    total, patients, cheap, everyone, count = _gathered(hess, part, hub, work)
    largest = hess.ends[len(hess.slopes)]
    if patients > largest or everyone < hess.ends[0]:
        return NEVER
    step = 0
    while cheap > hess.ends[step + 1] and step + 1 < len(hess.slopes):
        step += 1
        cheap = patients + _cheaper(hess, work, count, -hess.slopes[step])
    low, slope = hess.ends[step], hess.slopes[step]
    work.critical[hub], work.rate[hub], work.end[hub] = FREE, -slope * SCALE, cheap
    if low <= cheap <= hess.ends[step + 1]:
        for k in range(count):
            i = work.items[k]
            total += min(0, work.values[i] + slope * hess.weights[i])
        return int(total + hess.paid[step] + slope * (patients - low))
    end, paid = (low, hess.paid[step]) if cheap < low else (largest, hess.paid[len(hess.slopes)])
    work.end[hub] = end
    if patients == end:
        work.critical[hub], work.rate[hub] = FULL, 0
        return int(total + paid)
    critical = _critical(hess.weights, work, count, end - patients)
    rate = work.rates[critical]
    work.critical[hub], work.rate[hub] = critical, rate
    for k in range(count):
        i = work.items[k]
        total += min(0, (work.values[i] * SCALE - rate * hess.weights[i]) // SCALE)
    return int(total + paid + rate * (end - patients) // SCALE)


@helper
def _cheaper(hess: Hess, work: Work, count: int, rate: int) -> int:
    """Return the patients of the practices that are worth it at a rate."""
    patients = 0
    for k in range(count):
        i = work.items[k]
        if work.values[i] < rate * hess.weights[i]:
            patients += hess.weights[i]
    return patients


@helper
def _gathered(hess: Hess, part: Pairs, hub: int, work: Work) -> tuple[int, int, int, int, int]:
    """Gather the practices that may be with a hub.

    Return the value and the patients of those that are for certain; the patients with all that are
    worth it besides, where a patient has the first slope, and with all; and how many others there
    are.
    """
    total, patients, count = 0, 0, 0
    cheap, everyone = 0, 0
    for i in range(len(part.hub_of)):
        if not part.allowed[hub, i]:
            continue
        value, weight = hess.cost[i, hub] - part.duals[i], hess.weights[i]
        everyone += weight
        if i == hub or part.hub_of[i] == hub:
            total += value
            patients += weight
            continue
        work.values[i] = value
        work.rates[i] = value * SCALE // weight
        work.items[count] = i
        count += 1
        if value < -hess.slopes[0] * weight:
            cheap += weight
    return total, patients, patients + cheap, everyone, count


@helper
def _bound(hess: Hess, part: Pairs, work: Work) -> tuple[int, int]:
    """Return the bound of a part, and what a further hub would take the place of.

    That is the worth of the hub that it would displace, where that is best or there is no room for
    one more; else 0. It is `-NEVER` where there is no room, and all hubs are needed.
    """
    total, count = _needed(hess, part, work)
    if total == NEVER or count > hess.most:
        return NEVER, 0
    last = -NEVER
    while count < hess.most:
        hub = _cheapest(work)
        if hub < 0 or (count >= hess.fewest and work.worth[hub] >= 0):
            break
        if not work.exact[hub]:
            make_exact(hess, part, hub, work)
            continue
        work.chosen[hub] = True
        last = work.worth[hub]
        total += last
        count += 1
    if count < hess.fewest:
        return NEVER, 0
    return total, last if count == hess.most else max(0, last)


@helper
def _cheapest(work: Work) -> int:
    """Return the hub that is worth the least of those not chosen, or -1."""
    found, least = -1, NEVER
    for hub in range(len(work.worth)):
        if work.worth[hub] < least and not work.chosen[hub]:
            found, least = hub, work.worth[hub]
    return found


@helper
def _needed(hess: Hess, part: Pairs, work: Work) -> tuple[int, int]:
    """Work out what hubs are worth, and choose those that practices have no other than.

    Return their worth with all duals, `NEVER` where one cannot be a hub, and how many they are.
    """
    total, count = 0, 0
    work.chosen[:] = False
    for i in range(len(part.hub_of)):
        total += part.duals[i]
        if part.hub_of[i] >= 0:
            work.chosen[part.hub_of[i]] = True
    for hub in range(len(work.worth)):
        work.worth[hub] = NEVER
        if part.allowed[hub, hub]:
            work.worth[hub] = _worth(hess, part, hub, work)
        work.in_part[hub] = work.worth[hub]
        work.exact[hub] = not hess.is_whole or work.worth[hub] == NEVER
        if work.chosen[hub]:
            if not work.exact[hub]:
                make_exact(hess, part, hub, work)
            if work.worth[hub] == NEVER:
                return NEVER, 0
            total += work.worth[hub]
            count += 1
    return total, count


@kernel
def tighten(hess: Hess, part: Pairs, target: int, work: Work) -> tuple[int, bool]:
    """Drop what only plans of the target or more have; return the bound, and whether any was."""
    bound, last = _bound(hess, part, work)
    dropped = False
    if bound >= target:
        return bound, dropped
    for hub in range(len(work.worth)):
        if not part.allowed[hub, hub]:
            continue
        least = bound if work.chosen[hub] else bound + work.worth[hub] - last
        if least >= target:
            part.allowed[hub, :] = False
            dropped = True
            continue
        rate = work.rate[hub]
        for i in range(len(part.hub_of)):
            if part.allowed[hub, i] and i != hub and part.hub_of[i] != hub:
                value = hess.cost[i, hub] - part.duals[i]
                beyond = (value * SCALE - rate * hess.weights[i]) // SCALE
                more = work.in_part[hub] + max(0, beyond) - work.worth[hub]
                if work.critical[hub] == FULL or least + max(0, more) >= target:
                    part.allowed[hub, i] = False
                    dropped = True
    return bound, dropped


@kernel
def ascend(hess: Hess, part: Pairs, target: int, steps: int, grain: int, work: Work) -> None:
    """Improve the duals of a part, until the bound is at the target or steps hardly help.

    By steps along what the answers cover too little or too much, which are subgradients. Duals are
    whole numbers of grains.
    """
    best, direction = -NEVER, work.direction
    _copy(part.duals, work.best)
    direction[:] = 0.0
    length, stalled, share = 1.0, 0, 1.0
    for _ in range(steps):
        bound, _ = _bound(hess, part, work)
        if bound >= target:
            return
        stalled = 0 if bound - best > _HARDLY * abs(bound) else stalled + 1
        if bound > best:
            best = bound
            _copy(part.duals, work.best)
        if stalled >= _PATIENCE:
            length *= _SHORTER
            stalled = 0
            direction[:] = 0.0
            _copy(work.best, part.duals)
            bound, _ = _bound(hess, part, work)
        _fade(work, share)
        _turn(hess, part, share, work)
        share = _SHARE
        square = 0.0
        for i in range(len(direction)):
            square += direction[i] * direction[i]
        if length < _SHORTEST or square < _NOTHING:
            break
        aim = min(_BEYOND * target, max(_AIM * best, best + 1.0))
        step = length * max(aim - bound, 0.0) / square / grain
        for i in range(len(direction)):
            part.duals[i] += int(np.rint(step * direction[i])) * grain
    _copy(work.best, part.duals)


@helper
def _copy(source: Int, target: Int) -> None:
    for i in range(len(source)):
        target[i] = source[i]


@helper
def _fade(work: Work, share: float) -> None:
    """Make room in the direction, and in the mean of answers, for what is turned to next."""
    for hub in range(len(work.answer)):
        work.direction[hub] *= _INERTIA
        for i in range(len(work.answer)):
            work.answer[hub, i] *= 1.0 - share


@helper
def _turn(hess: Hess, part: Pairs, share: float, work: Work) -> None:
    """Turn the direction to what the sets of the chosen hubs leave uncovered, or cover again.

    The mean of answers takes a share of them over.
    """
    direction = work.direction
    for i in range(len(direction)):
        direction[i] += 1.0
    for hub in range(len(work.chosen)):
        if work.chosen[hub]:
            _take(hess, part, hub, work)
            for i in range(len(direction)):
                direction[i] -= work.taken[i]
                work.answer[hub, i] += share * work.taken[i]


@helper
def _take(hess: Hess, part: Pairs, hub: int, work: Work) -> None:
    """Work out what share of each practice the best set of a hub takes."""
    if not hess.is_whole:
        _take_in_part(hess, part, hub, work)
        return
    if not work.exact[hub]:
        make_exact(hess, part, hub, work)
    for i in range(len(work.taken)):
        work.taken[i] = 1.0 if work.sets[hub, i] else 0.0


@helper
def _take_in_part(hess: Hess, part: Pairs, hub: int, work: Work) -> None:
    """Work it out where the last practice of a set may be in it in part."""
    critical, rate, taken = work.critical[hub], work.rate[hub], work.taken
    patients = 0
    for i in range(len(taken)):
        taken[i] = 0.0
        if not part.allowed[hub, i]:
            continue
        inside = i == hub or part.hub_of[i] == hub
        if not inside and critical != FULL:
            value = hess.cost[i, hub] - part.duals[i]
            inside = value * SCALE // hess.weights[i] < rate
        if inside:
            taken[i] = 1.0
            patients += hess.weights[i]
    if critical < 0:
        return
    for i in range(len(taken)):
        value = hess.cost[i, hub] - part.duals[i]
        if taken[i] == 0.0 and part.allowed[hub, i] and value * SCALE // hess.weights[i] == rate:
            room = max(0, work.end[hub] - patients)
            taken[i] = min(1.0, room / hess.weights[i])
            patients += min(room, hess.weights[i])


@kernel
def price(hess: Hess, part: Pairs, work: Work) -> int:
    """Work out what hubs are worth and which are chosen; return the bound of a part."""
    bound, _ = _bound(hess, part, work)
    return bound


@kernel
def take(hess: Hess, part: Pairs, hub: int, work: Work) -> None:
    """Work out what share of each practice the best set of a hub takes, after `price`."""
    _take(hess, part, hub, work)
