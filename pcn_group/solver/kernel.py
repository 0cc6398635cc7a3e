"""The compiled inner loop: connected sets of small reduced cost, enumerated around one hub.

Every connected set that holds the hub is reached once: take a practice of the frontier, first with
it inside, then with it shut out for good. A branch is left as soon as even its best fractional
completion (a knapsack over the practices still free, under the size rule) is above the threshold.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["enumerate_hub", "reduced_costs"]

_SLACK = 1.0
"""Safety of the floating-point bound: costs are integers, rounding errors stay far under one."""

_FREE, _INSIDE, _SHUT = 0, 1, 2
_POLL = 8191
"""Nodes between two looks at the stop flag, as a bit mask."""


@njit(cache=True, nogil=True)
def _size_penalty(size, hinge_at, hinge_below, hinge_above):  # type: ignore[no-untyped-def]
    total = 0.0
    for k in range(len(hinge_at)):
        if size < hinge_at[k]:
            total += hinge_below[k] * (hinge_at[k] - size)
        else:
            total += hinge_above[k] * (size - hinge_at[k])
    return total


@njit(cache=True, nogil=True)
def _best_completion(  # type: ignore[no-untyped-def]
    size, value, head, follower, weights, reduced, smallest, largest, hinge_at, hinge_below, hinge_above
):
    """Bound the reduced cost of every set that extends this one with free practices.

    Free practices come in ascending reduced cost per patient. The size penalty is convex, so the
    best fractional completion takes them greedily while one more patient pays, and must go on
    until the smallest size is reached.
    """
    item = head
    room = 0.0
    while item >= 0:
        rate = reduced[item] / weights[item]
        room = float(weights[item])
        while room > 0.0:
            if size < smallest:
                end = smallest
            elif size >= largest:
                return value + _size_penalty(size, hinge_at, hinge_below, hinge_above)
            else:
                slope = 0.0
                end = largest
                for k in range(len(hinge_at)):
                    if size < hinge_at[k]:
                        slope -= hinge_below[k]
                        end = min(end, hinge_at[k])
                    else:
                        slope += hinge_above[k]
                if rate + slope >= 0.0:
                    return value + _size_penalty(size, hinge_at, hinge_below, hinge_above)
            part = min(room, end - size)
            value += rate * part
            size += part
            room -= part
        item = follower[item]
    if size < smallest:
        return np.inf
    return value + _size_penalty(size, hinge_at, hinge_below, hinge_above)


@njit(cache=True, nogil=True)
def _is_best_hub(hub, members, count, cost):  # type: ignore[no-untyped-def]
    """Whether no other member has a smaller total, or an equal one and a smaller index."""
    own = 0
    for a in range(count):
        own += cost[members[a], hub]
    for b in range(count):
        other = members[b]
        if other == hub:
            continue
        total = 0
        for a in range(count):
            total += cost[members[a], other]
        if total < own or (total == own and other < hub):
            return False
    return True


@njit(cache=True, nogil=True)
def enumerate_hub(  # type: ignore[no-untyped-def]
    hub, weights, cost, duals, link_start, link, toll_start, toll_of, toll,
    smallest, largest, max_practices, hinge_at, hinge_below, hinge_above,
    forbidden, threshold, keep, most, node_limit, stop,
):
    """Find the networks whose best hub is `hub` and whose reduced cost is at most `threshold`.

    Parameters
    ----------
    keep
        0 to find all of them; otherwise only the `keep` of least reduced cost.
    most, node_limit, stop
        Give up once so many are found, so many nodes visited, or `stop[0]` is set.

    Returns
    -------
    members, lengths, costs, reduced costs, nodes visited, root bound, whether complete
    """
    n = len(weights)
    reduced = cost[:, hub] - duals
    # Free practices in a linked list by reduced cost per patient, so that taking one out and
    # putting it back cost nothing.
    rates = np.full(n, np.inf)
    for i in range(n):
        if i != hub and cost[i, hub] < forbidden:
            rates[i] = reduced[i] / weights[i]
    order = np.argsort(rates, kind="mergesort")
    follower = np.full(n + 1, -1, np.int64)
    leader = np.full(n + 1, n, np.int64)
    state = np.full(n, _SHUT, np.int8)
    last = n
    for i in order:
        if rates[i] == np.inf:
            break
        state[i] = _FREE
        follower[last] = i
        leader[i] = last
        last = i

    out_members = np.empty(1024, np.int32)
    out_lengths = np.empty(128, np.int32)
    out_costs = np.empty(128, np.int64)
    out_reduced = np.empty(128, np.int64)
    found = 0
    filled = 0
    slot_start = np.empty(max(keep, 1), np.int64)  # with keep, each column has a slot of n members

    if cost[hub, hub] >= forbidden or weights[hub] > largest:
        return out_members[:0], out_lengths[:0], out_costs[:0], out_reduced[:0], 0, np.inf, True
    if keep > 0:
        out_members = np.empty(keep * n, np.int32)
        for k in range(keep):
            slot_start[k] = k * n

    inside = np.empty(n, np.int64)
    frontier = np.empty(n, np.int64)
    seen = np.zeros(n, np.bool_)
    paid = np.zeros(max(len(toll), 1), np.int64)  # members of each triple inside
    # One level per practice decided on: which, and the frontier's end before it.
    decided = np.empty(n + 1, np.int64)
    was_inside = np.empty(n + 1, np.bool_)
    swapped = np.empty(n + 1, np.int64)
    ends = np.empty(n + 1, np.int64)

    seen[hub] = True
    state[hub] = _INSIDE
    inside[0] = hub
    count = 1
    size = weights[hub]
    value = reduced[hub]
    for t in range(toll_start[hub], toll_start[hub + 1]):
        paid[toll_of[t]] += 1
    end = 0
    for e in range(link_start[hub], link_start[hub + 1]):
        j = link[e]
        if state[j] == _FREE:
            seen[j] = True
            frontier[end] = j
            end += 1
    root_bound = _best_completion(
        float(size), float(value), follower[n], follower, weights, reduced, smallest, largest,
        hinge_at, hinge_below, hinge_above,
    )
    if root_bound > threshold + _SLACK:
        return out_members[:0], out_lengths[:0], out_costs[:0], out_reduced[:0], 1, root_bound, True

    nodes = 1
    level = 0
    arrived = True  # at a new set, not yet reported
    descend = True
    complete = True
    while True:
        if arrived:
            arrived = False
            if smallest <= size <= largest:
                penalty = np.int64(0)
                for k in range(len(hinge_at)):
                    if size < hinge_at[k]:
                        penalty += hinge_below[k] * (hinge_at[k] - size)
                    else:
                        penalty += hinge_above[k] * (size - hinge_at[k])
                total = value + penalty
                if total <= threshold and _is_best_hub(hub, inside, count, cost):
                    own = penalty
                    for a in range(count):
                        own += cost[inside[a], hub]
                    if keep > 0:
                        if found < keep:
                            k = found
                            found += 1
                            if found > len(out_lengths):
                                grown = 2 * len(out_lengths)
                                out_lengths = _grown(out_lengths, grown)
                                out_costs = _grown(out_costs, grown)
                                out_reduced = _grown(out_reduced, grown)
                        else:
                            k = 0
                            for a in range(1, keep):
                                if out_reduced[a] > out_reduced[k]:
                                    k = a
                        for a in range(count):
                            out_members[slot_start[k] + a] = inside[a]
                        out_lengths[k] = count
                        out_costs[k] = own
                        out_reduced[k] = total
                        if found == keep:
                            worst = out_reduced[0]
                            for a in range(1, keep):
                                worst = max(worst, out_reduced[a])
                            threshold = min(threshold, worst - 1)
                    else:
                        if found == len(out_lengths):
                            out_lengths = _grown(out_lengths, 2 * found)
                            out_costs = _grown(out_costs, 2 * found)
                            out_reduced = _grown(out_reduced, 2 * found)
                        if filled + count > len(out_members):
                            out_members = _grown(out_members, 2 * len(out_members) + count)
                        for a in range(count):
                            out_members[filled + a] = inside[a]
                        filled += count
                        out_lengths[found] = count
                        out_costs[found] = own
                        out_reduced[found] = total
                        found += 1
        if descend and level < end and count < max_practices:
            # Decide on the most attractive practice of the frontier: first inside.
            best = level
            for p in range(level + 1, end):
                if reduced[frontier[p]] * weights[frontier[best]] < (
                    reduced[frontier[best]] * weights[frontier[p]]
                ):
                    best = p
            v = frontier[best]
            frontier[best] = frontier[level]
            frontier[level] = v
            decided[level] = v
            swapped[level] = best
            ends[level] = end
            was_inside[level] = True
            follower[leader[v]] = follower[v]
            if follower[v] >= 0:
                leader[follower[v]] = leader[v]
            state[v] = _INSIDE
            inside[count] = v
            count += 1
            size += weights[v]
            value += reduced[v]
            for t in range(toll_start[v], toll_start[v + 1]):
                c = toll_of[t]
                paid[c] += 1
                if paid[c] == 2:
                    value += toll[c]
            for e in range(link_start[v], link_start[v + 1]):
                j = link[e]
                if state[j] == _FREE and not seen[j]:
                    seen[j] = True
                    frontier[end] = j
                    end += 1
            level += 1
            nodes += 1
            descend = size <= largest and _best_completion(
                float(size), float(value), follower[n], follower, weights, reduced,
                smallest, largest, hinge_at, hinge_below, hinge_above,
            ) <= threshold + _SLACK
            arrived = descend
            if (nodes & _POLL) == 0 and (
                nodes > node_limit or found > most or stop[0] != 0
            ):
                complete = False
                break
            continue
        # Nothing more below: go back to the last practice that is inside, and shut it out.
        moved = False
        while level > 0:
            level -= 1
            v = decided[level]
            if was_inside[level]:
                for p in range(ends[level], end):
                    seen[frontier[p]] = False
                end = ends[level]
                count -= 1
                size -= weights[v]
                value -= reduced[v]
                for t in range(toll_start[v], toll_start[v + 1]):
                    c = toll_of[t]
                    if paid[c] == 2:
                        value -= toll[c]
                    paid[c] -= 1
                state[v] = _SHUT
                was_inside[level] = False
                level += 1
                nodes += 1
                descend = _best_completion(
                    float(size), float(value), follower[n], follower, weights, reduced,
                    smallest, largest, hinge_at, hinge_below, hinge_above,
                ) <= threshold + _SLACK
                moved = True
                break
            # It was shut out: make it free again.
            state[v] = _FREE
            follower[leader[v]] = v
            if follower[v] >= 0:
                leader[follower[v]] = v
            frontier[level] = frontier[swapped[level]]
            frontier[swapped[level]] = v
        if not moved:
            break

    if keep > 0:
        filled = 0
        for k in range(found):
            for a in range(out_lengths[k]):
                out_members[filled + a] = out_members[slot_start[k] + a]
            filled += out_lengths[k]
    return (
        out_members[:filled].copy(), out_lengths[:found].copy(), out_costs[:found].copy(),
        out_reduced[:found].copy(), nodes, root_bound, complete,
    )


@njit(cache=True, nogil=True)
def _grown(array, length):  # type: ignore[no-untyped-def]
    bigger = np.empty(length, array.dtype)
    bigger[: len(array)] = array
    return bigger


@njit(cache=True, nogil=True)
def reduced_costs(  # type: ignore[no-untyped-def]
    starts, members, costs, duals, toll_start, toll_of, toll
):
    """Give the reduced cost of every column of a pool, tolls included: int64, one per column."""
    result = costs.copy()
    paid = np.zeros(max(len(toll), 1), np.int64)
    for s in range(len(costs)):
        for a in range(starts[s], starts[s + 1]):
            i = members[a]
            result[s] -= duals[i]
            for t in range(toll_start[i], toll_start[i + 1]):
                c = toll_of[t]
                paid[c] += 1
                if paid[c] == 2:
                    result[s] += toll[c]
        for a in range(starts[s], starts[s + 1]):
            i = members[a]
            for t in range(toll_start[i], toll_start[i + 1]):
                paid[toll_of[t]] = 0
    return result
