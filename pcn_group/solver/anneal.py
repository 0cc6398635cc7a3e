"""Early plans by simulated annealing: practices move between neighbouring networks, or swap.

Fast and blind to proof: it gives the exact search a plan to beat and columns to start from, and
whoever sets a short time limit an answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from pcn_group.solver.instance import Instance

__all__ = ["Draft", "anneal"]

Int = NDArray[np.int64]

_SWEEPS = 10_000
"""Moves tried per practice in one run."""


@dataclass(frozen=True)
class Draft:
    """A partition into connected networks, which may miss the size limits.

    Attributes
    ----------
    networks
        Practices of each network, ascending, in the instance's numbering.
    deviation
        Patients outside the hard size limits, and practices above the limit on them, in all.
    cost
        Its cost, where nothing deviates.
    """

    networks: tuple[tuple[int, ...], ...]
    deviation: int
    cost: int


def anneal(instance: Instance, networks: int, seed: int, stop: Int) -> Draft:
    """Partition an instance into about so many networks at little cost.

    Parameters
    ----------
    networks
        How many to start with; moves can empty a network but not open one.
    seed
        Of the random moves.
    stop
        int64 (1,): the run ends early, with what it has, once this is not zero.
    """
    rule = instance.problem.size
    scale = instance.typical_rate()
    assignment = _anneal(
        instance.weights, instance.cost.astype(np.float64), instance.link_start, instance.links,
        instance.hinge_at.astype(np.float64), instance.hinge_below.astype(np.float64),
        instance.hinge_above.astype(np.float64), rule.smallest, rule.largest,
        instance.problem.max_practices, networks, scale, _SWEEPS * instance.size, seed, stop,
    )
    return _draft(instance, assignment)


def _draft(instance: Instance, assignment: Int) -> Draft:
    problem, rule = instance.problem, instance.problem.size
    groups = [np.flatnonzero(assignment == label) for label in np.unique(assignment)]
    groups.sort(key=lambda group: int(group[0]))
    sizes = [int(instance.weights[group].sum()) for group in groups]
    deviation = sum(
        max(0, rule.smallest - size) + max(0, size - rule.largest) for size in sizes
    ) + sum(max(0, len(group) - problem.max_practices) for group in groups)
    cost = sum(instance.network_cost(group.tolist()) for group in groups)
    return Draft(tuple(tuple(group.tolist()) for group in groups), deviation, cost)


@njit(cache=True, nogil=True)
def _grow(weights, cost, link_start, links, networks):  # type: ignore[no-untyped-def]
    """Start: far-apart seeds, then always the smallest network takes its cheapest neighbour."""
    n = len(weights)
    owner = np.full(n, -1, np.int64)
    size = np.zeros(networks, np.float64)
    seeds = np.zeros(networks, np.int64)
    far = np.full(n, np.inf)
    seed = 0
    for k in range(networks):
        seeds[k] = seed
        owner[seed] = k
        size[k] = weights[seed]
        for i in range(n):
            far[i] = min(far[i], cost[i, seed])
        best = -1.0
        for i in range(n):
            if owner[i] < 0 and far[i] > best:
                best = far[i]
                seed = i
    closed = np.zeros(networks, np.bool_)
    left = n - networks
    while left > 0:
        k = -1
        for a in range(networks):
            if not closed[a] and (k < 0 or size[a] < size[k]):
                k = a
        if k < 0:
            break
        pick, least = -1, np.inf
        for i in range(n):
            if owner[i] != k:
                continue
            for e in range(link_start[i], link_start[i + 1]):
                j = links[e]
                if owner[j] < 0 and cost[j, seeds[k]] < least:
                    least = cost[j, seeds[k]]
                    pick = j
        if pick < 0:
            closed[k] = True
            continue
        owner[pick] = k
        size[k] += weights[pick]
        left -= 1
    return owner


@njit(cache=True, nogil=True)
def _price(size, count, smallest, largest, most, at, below, above, fine):  # type: ignore[no-untyped-def]
    """What a network's size costs: its penalty, and a fine for breaking a hard limit."""
    if count == 0:
        return 0.0
    total = 0.0
    for k in range(len(at)):
        if size < at[k]:
            total += below[k] * (at[k] - size)
        else:
            total += above[k] * (size - at[k])
    if size < smallest:
        total += fine * (smallest - size)
    elif size > largest:
        total += fine * (size - largest)
    if count > most:
        total += fine * smallest * (count - most)
    return total


@njit(cache=True, nogil=True)
def _least_total(sums, members, count, row, sign, skip, extra):  # type: ignore[no-untyped-def]
    """Best hub's total once practice totals `row` come in (+1) or go out (-1)."""
    best = np.inf
    for a in range(count):
        h = members[a]
        if h != skip:
            best = min(best, sums[h] + sign * row[h])
    if extra >= 0:
        best = min(best, sums[extra] + sign * row[extra])
    return best if best < np.inf else 0.0


@njit(cache=True, nogil=True)
def _stays_connected(i, k, owner, count, link_start, links, queue, mark, stamp):  # type: ignore[no-untyped-def]
    """Whether network `k` is connected without its practice `i`."""
    if count <= 2:
        return True
    start = -1
    for e in range(link_start[i], link_start[i + 1]):
        if owner[links[e]] == k:
            start = links[e]
            break
    if start < 0:
        return False
    mark[i] = stamp
    mark[start] = stamp
    queue[0] = start
    reached = 1
    head = 0
    while head < reached:
        v = queue[head]
        head += 1
        for e in range(link_start[v], link_start[v + 1]):
            j = links[e]
            if owner[j] == k and mark[j] != stamp:
                mark[j] = stamp
                queue[reached] = j
                reached += 1
    return reached == count - 1


@njit(cache=True, nogil=True)
def _anneal(  # type: ignore[no-untyped-def]
    weights, cost, link_start, links, at, below, above, smallest, largest, most, networks, scale,
    moves, seed, stop,
):
    np.random.seed(seed)  # numba's own generator, one per thread: not numpy's global state
    n = len(weights)
    owner = _grow(weights, cost, link_start, links, networks)
    label = networks
    for i in range(n):  # practices no seed could reach: their parts become networks of their own
        if owner[i] >= 0:
            continue
        owner[i] = label
        found = True
        while found:
            found = False
            for j in range(n):
                if owner[j] >= 0:
                    continue
                for e in range(link_start[j], link_start[j + 1]):
                    if owner[links[e]] == label:
                        owner[j] = label
                        found = True
                        break
        label += 1
    networks = label
    members = np.empty((networks, n), np.int64)
    place = np.empty(n, np.int64)
    count = np.zeros(networks, np.int64)
    size = np.zeros(networks, np.float64)
    sums = np.zeros((networks, n), np.float64)
    for i in range(n):
        k = owner[i]
        members[k, count[k]] = i
        place[i] = count[k]
        count[k] += 1
        size[k] += weights[i]
        sums[k] += cost[i]
    none = np.zeros(n, np.float64)
    travel = np.zeros(networks, np.float64)
    for k in range(networks):
        travel[k] = _least_total(sums[k], members[k], count[k], none, 1.0, -1, -1)
    queue = np.empty(n, np.int64)
    mark = np.zeros(n, np.int64)
    stamp = 0
    mean = weights.mean()
    best_owner = owner.copy()
    current = 0.0
    best = 0.0
    for move in range(moves):
        share = move / moves
        temperature = scale * mean * 0.5 * (0.01 ** share)
        fine = scale * (1.0 + 299.0 * share)
        if move % (moves // 20 + 1) == 0:
            # The fine has risen: measure again what the best and the present plan are worth.
            current = 0.0
            for k in range(networks):
                current += travel[k] + _price(
                    size[k], count[k], smallest, largest, most, at, below, above, fine
                )
            best = np.inf
            if stop[0] != 0:
                break
        i = np.random.randint(n)
        degree = link_start[i + 1] - link_start[i]
        if degree == 0:
            continue
        j = links[link_start[i] + np.random.randint(degree)]
        a, b = owner[i], owner[j]
        if a == b:
            continue
        before = travel[a] + travel[b]
        before += _price(size[a], count[a], smallest, largest, most, at, below, above, fine)
        before += _price(size[b], count[b], smallest, largest, most, at, below, above, fine)
        swap = np.random.random() < 0.3 and count[a] > 1 and count[b] > 1
        if swap:
            row = cost[i] - cost[j]
            new_a = _least_total(sums[a], members[a], count[a], row, -1.0, i, j)
            new_b = _least_total(sums[b], members[b], count[b], row, 1.0, j, i)
            shift = float(weights[i] - weights[j])
            count_shift = 0
        else:
            row = cost[i]
            new_a = _least_total(sums[a], members[a], count[a], row, -1.0, i, -1)
            new_b = _least_total(sums[b], members[b], count[b], row, 1.0, -1, i)
            shift = float(weights[i])
            count_shift = 1
        after = new_a + new_b
        after += _price(
            size[a] - shift, count[a] - count_shift, smallest, largest, most, at, below, above, fine
        )
        after += _price(
            size[b] + shift, count[b] + count_shift, smallest, largest, most, at, below, above, fine
        )
        change = after - before
        if change > 0.0 and np.random.random() >= np.exp(-change / temperature):
            continue
        stamp += 1
        if swap:
            # Contiguity of both after the swap: put them in place, then look.
            owner[i], owner[j] = b, a
            good = _whole(i, b, owner, count[b], link_start, links, queue, mark, 2 * stamp) and _whole(
                j, a, owner, count[a], link_start, links, queue, mark, 2 * stamp + 1
            )
            if not good:
                owner[i], owner[j] = a, b
                continue
            members[a, place[i]] = j
            members[b, place[j]] = i
            place[i], place[j] = place[j], place[i]
        else:
            if not _stays_connected(
                i, a, owner, count[a], link_start, links, queue, mark, 2 * stamp
            ):
                continue
            owner[i] = b
            last = members[a, count[a] - 1]
            members[a, place[i]] = last
            place[last] = place[i]
            count[a] -= 1
            members[b, count[b]] = i
            place[i] = count[b]
            count[b] += 1
        sums[a] -= row
        sums[b] += row
        size[a] -= shift
        size[b] += shift
        travel[a], travel[b] = new_a, new_b
        current += change
        if current < best and share > 0.5:
            best = current
            best_owner[:] = owner
    return best_owner if best < np.inf else owner


@njit(cache=True, nogil=True)
def _whole(start, k, owner, count, link_start, links, queue, mark, stamp):  # type: ignore[no-untyped-def]
    """Whether network `k`, which holds `start`, is connected."""
    mark[start] = stamp
    queue[0] = start
    reached = 1
    head = 0
    while head < reached:
        v = queue[head]
        head += 1
        for e in range(link_start[v], link_start[v + 1]):
            j = links[e]
            if owner[j] == k and mark[j] != stamp:
                mark[j] = stamp
                queue[reached] = j
                reached += 1
    return reached == count
