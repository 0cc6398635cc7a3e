"""Bounds on assignments to hubs, in integers: one part of the search tree at a time.

A part of the tree is a table of pairs that are allowed, hubs by rows. Its bound relaxes that every
practice is in one network only. Each practice has a dual, and what a hub is then worth is the least
of `cost - duals` over sets in the band that hold it, the last practice of which may be in part. The
duals and the least that enough hubs are worth bound every plan of the part. What a network pays for
its size is convex: with its slope patients pay to come in, or are paid.

`verify.tree` knows the same bound in another implementation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper, kernel

__all__ = ["NEVER", "Hess", "Pairs", "Work", "ascend", "price", "take", "tighten"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

NEVER = 2**61
"""The worth of a hub that no set in the band can have, and the bound of a part without a plan."""
_FREE, _FULL = -1, -2
"""In place of a practice at whose rate patients enter: at a slope; nobody else has room."""
_MOST_SETS = 100_000
"""So many sets of a hub are looked at; beyond, it is worth what it is with a practice in part."""
_SCALE = 1024
"""The rate at which patients enter is a whole number of parts of this size."""
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


class Hess(NamedTuple):
    """What the kernels see of a region.

    Attributes
    ----------
    weights, cost
        As in `Region`.
    link_start, links
        As in `Region`.
    ends, slopes, paid
        What a network pays for its size: between two ends a patient more has this slope, and at the
        ends that is paid. The first and the last are the fewest and most patients of a network.
    fewest, most
        Networks of a plan.
    is_whole
        Whether sets take practices whole: bounds are higher then, and take longer.
    """

    weights: Int
    cost: Int
    link_start: Int
    links: Int
    ends: Int
    slopes: Int
    paid: Int
    fewest: int
    most: int
    is_whole: bool


class Pairs(NamedTuple):
    """A part of the tree.

    Attributes
    ----------
    allowed
        bool (n, n): which practices (columns) may be with each hub (row).
    hub_of
        The hub of each practice that has one left, or -1.
    duals
        Of practices.
    """

    allowed: Bool
    hub_of: Int
    duals: Int

    def copy(self) -> Pairs:
        """Return the same to be changed."""
        return Pairs(self.allowed.copy(), self.hub_of.copy(), self.duals.copy())


class Work(NamedTuple):
    """Arrays that the kernels fill, so that they are made once.

    Attributes
    ----------
    worth, critical, rate, end, chosen
        By hub: what it is worth, the practice at whose rate patients enter, that rate, how many
        patients there are then, and whether it is in the last answer.
    answer
        The running mean of answers, hubs by rows.
    values, rates, items
        Of the practices of one hub.
    in_part, exact, sets
        By hub: what it is worth with a practice in part, whether that is known with all of them
        whole, and then which are in its set.
    changes, off, more, least
        Of what a set may differ in: the practices, what each costs, the patients more that it is
        then, and which of them the best has.
    queue, reached
        Of the practices that chains lead to.
    direction, best
        Of the next step, and the duals with the best bound so far.
    taken
        What share of each practice the set of one hub takes.
    """

    worth: Int
    critical: Int
    rate: Int
    end: Int
    chosen: Bool
    answer: Float
    values: Int
    rates: Int
    items: Int
    in_part: Int
    exact: Bool
    sets: Bool
    changes: Int
    off: Int
    more: Int
    least: Bool
    queue: Int
    reached: Bool
    direction: Float
    best: Int
    taken: Float

    @classmethod
    def of(cls, n: int) -> Work:
        """Make them for so many practices."""
        worth, critical, rate, end, in_part = np.zeros((5, n), np.int64)
        values, rates, items, queue, best = np.zeros((5, n), np.int64)
        changes, off, more = np.zeros((3, n), np.int64)
        chosen, reached, exact, least = np.zeros((4, n), np.bool_)
        answer, (direction, taken) = np.zeros((n, n)), np.zeros((2, n))
        return cls(
            worth=worth,
            critical=critical,
            rate=rate,
            end=end,
            chosen=chosen,
            answer=answer,
            values=values,
            rates=rates,
            items=items,
            in_part=in_part,
            exact=exact,
            sets=np.zeros((n, n), np.bool_),
            changes=changes,
            off=off,
            more=more,
            least=least,
            queue=queue,
            reached=reached,
            direction=direction,
            best=best,
            taken=taken,
        )


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
    work.critical[hub], work.rate[hub], work.end[hub] = _FREE, -slope * _SCALE, cheap
    if low <= cheap <= hess.ends[step + 1]:
        for k in range(count):
            i = work.items[k]
            total += min(0, work.values[i] + slope * hess.weights[i])
        return int(total + hess.paid[step] + slope * (patients - low))
    end, paid = (low, hess.paid[step]) if cheap < low else (largest, hess.paid[len(hess.slopes)])
    work.end[hub] = end
    if patients == end:
        work.critical[hub], work.rate[hub] = _FULL, 0
        return int(total + paid)
    critical = _critical(hess.weights, work, count, end - patients)
    rate = work.rates[critical]
    work.critical[hub], work.rate[hub] = critical, rate
    for k in range(count):
        i = work.items[k]
        total += min(0, (work.values[i] * _SCALE - rate * hess.weights[i]) // _SCALE)
    return int(total + paid + rate * (end - patients) // _SCALE)


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
        work.rates[i] = value * _SCALE // weight
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
            _make_exact(hess, part, hub, work)
            continue
        work.chosen[hub] = True
        last = work.worth[hub]
        total += last
        count += 1
    if count < hess.fewest:
        return NEVER, 0
    return total, last if count == hess.most else max(0, last)


@helper
def _make_exact(hess: Hess, part: Pairs, hub: int, work: Work) -> None:
    """Raise what a hub is worth to what it is with practices whole, and note its set."""
    work.exact[hub] = True
    critical, rate, chosen = work.critical[hub], work.rate[hub], work.sets[hub]
    patients, count = 0, 0
    for i in range(len(chosen)):
        chosen[i] = False
        if not part.allowed[hub, i]:
            continue
        chosen[i] = i == hub or part.hub_of[i] == hub
        if not chosen[i] and critical != _FULL:
            value = (hess.cost[i, hub] - part.duals[i]) * _SCALE - rate * hess.weights[i]
            chosen[i] = value < 0
            work.changes[count] = i
            work.off[count] = abs(value) // _SCALE
            count += 1
        if chosen[i]:
            patients += hess.weights[i]
    if critical < 0:
        return
    more = _cheapest_change(hess, hub, patients, count, work)
    work.worth[hub] = NEVER if more == NEVER else work.worth[hub] + more


@helper
def _cheapest_change(hess: Hess, hub: int, patients: int, count: int, work: Work) -> int:
    """Return the least that a set in the band costs more than one with a practice in part.

    `count` practices may be in it or not; which it has is noted.
    """
    rate, end, chosen = work.rate[hub], work.end[hub], work.sets[hub]
    low, high = hess.ends[0], hess.ends[len(hess.slopes)]
    best = NEVER
    if low <= patients <= high:
        best = rate * (patients - end) // _SCALE
    limit = best
    for k in range(count):  # the best of one change limits what others are looked at
        i = work.changes[k]
        size = patients + (-hess.weights[i] if chosen[i] else hess.weights[i])
        if low <= size <= high:
            limit = min(limit, work.off[k] + rate * (size - end) // _SCALE)
    kept = 0
    for k in range(count):
        if work.off[k] <= limit:
            _insert(work, kept, work.changes[k], work.off[k])
            kept += 1
    for k in range(kept):
        i = work.changes[k]
        work.more[k] = -hess.weights[i] if chosen[i] else hess.weights[i]
        work.least[k] = False
    # What those from one on can still add, or take away.
    added, removed = 0, 0
    for k in range(kept):
        added += max(0, work.more[k])
        removed += min(0, work.more[k])
    return _search(hess, hub, patients, kept, best, added, removed, work)


@helper
def _insert(work: Work, count: int, practice: int, off: int) -> None:
    """Insert a change among so many by what it costs."""
    k = count
    while k > 0 and work.off[k - 1] > off:
        work.off[k], work.changes[k] = work.off[k - 1], work.changes[k - 1]
        k -= 1
    work.off[k], work.changes[k] = off, practice


@helper
def _search(
    hess: Hess, hub: int, patients: int, count: int, best: int, added: int, removed: int, work: Work
) -> int:
    """Go through the sets of changes, cheapest changes first; return what the best costs."""
    rate, end, stack = work.rate[hub], work.end[hub], work.items
    low, high = hess.ends[0], hess.ends[len(hess.slopes)]
    k, depth, cost, seen = 0, 0, 0, 0
    while seen < _MOST_SETS:
        # `added` and `removed` are of the changes from k on.
        is_hopeful = k < count and cost + work.off[k] < best
        if is_hopeful and patients + added >= low and patients + removed <= high:
            seen += 1
            more = work.more[k]
            stack[depth] = k
            depth += 1
            cost += work.off[k]
            patients += more
            added -= max(0, more)
            removed -= min(0, more)
            k += 1
            if low <= patients <= high:
                paid = cost + rate * (patients - end) // _SCALE
                if paid < best:
                    best = paid
                    for j in range(count):
                        work.least[j] = False
                    for j in range(depth):
                        work.least[stack[j]] = True
            continue
        if depth == 0:
            break
        # Take the last change back, and go on with those after it.
        while k > stack[depth - 1] + 1:
            k -= 1
            added += max(0, work.more[k])
            removed += min(0, work.more[k])
        depth -= 1
        last = stack[depth]
        cost -= work.off[last]
        patients -= work.more[last]
    for j in range(count):
        if work.least[j]:
            i = work.changes[j]
            work.sets[hub, i] = not work.sets[hub, i]
    return best if seen < _MOST_SETS else 0


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
                _make_exact(hess, part, hub, work)
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
                beyond = (value * _SCALE - rate * hess.weights[i]) // _SCALE
                more = work.in_part[hub] + max(0, beyond) - work.worth[hub]
                if work.critical[hub] == _FULL or least + max(0, more) >= target:
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
    critical, rate, taken = work.critical[hub], work.rate[hub], work.taken
    patients = 0
    if not work.exact[hub]:
        _make_exact(hess, part, hub, work)
    if hess.is_whole:
        for i in range(len(taken)):
            taken[i] = 1.0 if work.sets[hub, i] else 0.0
        return
    for i in range(len(taken)):
        taken[i] = 0.0
        if not part.allowed[hub, i]:
            continue
        inside = i == hub or part.hub_of[i] == hub
        if not inside and critical != _FULL:
            value = hess.cost[i, hub] - part.duals[i]
            inside = value * _SCALE // hess.weights[i] < rate
        if inside:
            taken[i] = 1.0
            patients += hess.weights[i]
    if critical < 0:
        return
    for i in range(len(taken)):
        value = hess.cost[i, hub] - part.duals[i]
        if taken[i] == 0.0 and part.allowed[hub, i] and value * _SCALE // hess.weights[i] == rate:
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
