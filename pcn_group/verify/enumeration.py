"""The search of the plain checker: every network around a hub, until one is too cheap.

Deliberately another implementation than the solver's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import njit

__all__ = ["ANY", "NEVER", "PROVEN", "REFUTED", "UNDECIDED", "Region", "search"]

Ints = NDArray[np.int64]

NEVER = 2**61
"""More than any sum here may come to: what calls the search sees to that."""
PROVEN, REFUTED, UNDECIDED = 0, 1, 2
_FREE, _INSIDE, _OUT = 0, 1, 2
ANY = -1
"""No neighbourhood in particular."""


class Region(NamedTuple):
    """A problem and the cuts of its certificate, as arrays for the compiled search.

    The neighbours of `i` are `near[near_start[i]:near_start[i + 1]]`, and so are the cuts that
    `i` has a share in. `group_of` is the number of the group that must be together with `i`, or -1;
    `groups` the practices of each group, and `cannot_link` those that must not be in a network with
    any of the practices of `i`'s group, packed in the same way. `elsewhere` has for each practice
    (row) how many patients live in another neighbourhood than each (column).
    """

    weights: Ints
    near_start: Ints
    near: Ints
    cut_start: Ints
    cut_of: Ints
    cut_shares: Ints
    cut_wholes: Ints
    cut_amounts: Ints
    group_of: Ints
    group_start: Ints
    groups: Ints
    cannot_link_start: Ints
    cannot_link: Ints
    hinges: Ints
    smallest: int
    largest: int
    max_practices: int
    elsewhere: Ints


@njit(cache=True)
def search(
    region: Region, hub: int, order: Ints, values: Ints, pays: int, serves: int, node_limit: int
) -> tuple[int, int, Ints]:
    """Look for a network around the hub with a negative reduced cost, `pays` added to each.

    Only networks that serve a neighbourhood count, or `ANY`.

    Every connected set that holds the hub comes up once: choose a practice beside the set, first
    let it in, then keep it out. `chosen` is the list of these choices, undone from its end.
    """
    n = len(region.weights)
    state = np.full(n, _OUT)  # all but those that may join are out from the start
    state[order] = _FREE
    links = np.zeros(n, np.int64)  # how many neighbours are inside
    held = np.zeros(len(region.cut_amounts), np.int64)  # shares inside, by cut
    begun = np.zeros(len(region.group_start), np.int64)  # how many are inside, by group
    barred = np.zeros(n, np.int64)  # for how many reasons one must not come in
    chosen = np.empty(n, np.int64)
    depth, members, patients, value, owed = 0, 0, 0, pays, 0
    nodes, entering = 0, hub
    while True:
        nodes += 1
        if nodes > node_limit:
            return nodes, UNDECIDED, order[:0]
        if entering >= 0:
            chosen[depth] = entering
            depth += 1
            value += values[entering] + _move(region, entering, 1, state, links, held)
            owed += _oblige(region, entering, 1, begun, barred)
            patients += region.weights[entering]
            members += 1
            whole = owed == 0 and patients >= region.smallest
            if (
                whole
                and value + _penalty(region, patients) < 0
                and (serves == ANY or _served(region, state) == serves)
            ):
                return nodes, REFUTED, np.flatnonzero(state == _INSIDE)
        entering = -1
        if members < region.max_practices and (
            value + _completion(region, order, values, state, begun, barred, patients) < 0
        ):
            entering = _beside(region, order, state, links, begun, barred, patients)
        if entering >= 0:
            continue
        # Nothing more this way: undo back to the last practice let in, and keep that one out.
        while depth > 0 and state[chosen[depth - 1]] == _OUT:
            depth -= 1
            state[chosen[depth]] = _FREE
            _bar_group(region, chosen[depth], -1, barred)
        last = chosen[depth - 1]
        if last == hub:
            return nodes, PROVEN, order[:0]
        value -= values[last] + _move(region, last, -1, state, links, held)
        owed += _oblige(region, last, -1, begun, barred)
        patients -= region.weights[last]
        members -= 1
        state[last] = _OUT
        _bar_group(region, last, 1, barred)


@njit(cache=True)
def _served(region: Region, state: Ints) -> int:
    """Return the neighbourhood that most patients of the network live in, the first of equals."""
    sums = np.zeros(region.elsewhere.shape[1], np.int64)
    for i in np.flatnonzero(state == _INSIDE):
        sums += region.elsewhere[i]
    return int(sums.argmin())


@njit(cache=True)
def _move(region: Region, practice: int, step: int, state: Ints, links: Ints, held: Ints) -> int:
    """Let a practice in (step 1) or out (-1); return the cut duals that this adds, or saves."""
    state[practice] = _INSIDE if step == 1 else _FREE
    for k in range(region.near_start[practice], region.near_start[practice + 1]):
        links[region.near[k]] += step
    cut_duals = 0
    for k in range(region.cut_start[practice], region.cut_start[practice + 1]):
        cut_dual = region.cut_of[k]
        share, whole = region.cut_shares[k], region.cut_wholes[cut_dual]
        before = held[cut_dual]
        held[cut_dual] += step * share
        # Paid once for every whole.
        wholes = abs(held[cut_dual] // whole - before // whole)
        cut_duals += wholes * region.cut_amounts[cut_dual]
    return cut_duals


@njit(cache=True)
def _oblige(region: Region, practice: int, step: int, begun: Ints, barred: Ints) -> int:
    """Bar the practices that cannot be with one that comes in (step 1), or no longer (-1).

    Once one of a group is inside, all the others are owed: return how many more that are now.
    """
    for k in range(region.cannot_link_start[practice], region.cannot_link_start[practice + 1]):
        barred[region.cannot_link[k]] += step
    group = region.group_of[practice]
    if group < 0:
        return 0
    begun[group] += step
    others = region.group_start[group + 1] - region.group_start[group] - 1
    if begun[group] == (1 if step == 1 else 0):
        return int(step * others)
    return -step


@njit(cache=True)
def _bar_group(region: Region, practice: int, step: int, barred: Ints) -> None:
    """Bar the group of a practice that is kept out (step 1), or no longer (-1)."""
    group = region.group_of[practice]
    if group >= 0:
        for k in range(region.group_start[group], region.group_start[group + 1]):
            barred[region.groups[k]] += step


@njit(cache=True)
def _is_owed(region: Region, practice: int, state: Ints, begun: Ints) -> bool:
    """Whether a practice is not inside although another of its group is."""
    group = region.group_of[practice]
    return bool(group >= 0 and begun[group] > 0 and state[practice] != _INSIDE)


@njit(cache=True)
def _beside(
    region: Region, order: Ints, state: Ints, links: Ints, begun: Ints, barred: Ints, patients: int
) -> int:
    """Return a free practice with a neighbour inside that still fits: owed, else cheapest."""
    cheapest = -1
    for i in order:
        fits = patients + region.weights[i] <= region.largest
        if state[i] == _FREE and barred[i] == 0 and links[i] > 0 and fits:
            if _is_owed(region, i, state, begun):
                return int(i)
            if cheapest < 0:
                cheapest = int(i)
    return cheapest


@njit(cache=True)
def _penalty(region: Region, patients: int) -> int:
    total: int = 0
    for at, below, above in region.hinges:
        total += below * max(0, at - patients) + above * max(0, patients - at)
    return total


@njit(cache=True)
def _completion(
    region: Region,
    order: Ints,
    values: Ints,
    state: Ints,
    begun: Ints,
    barred: Ints,
    patients: int,
) -> int:
    """Return the least that the rest of a network can add: its members, and the size penalty.

    Practices owed must join. Any other free ones may, connected or not, the last of them in part.
    Both what they cost, cheapest first, and the penalty are convex in patients: so go on while the
    next patient brings the total down, or while the network is too small.
    """
    total = 0
    for i in order:
        if _is_owed(region, i, state, begun):
            if state[i] == _OUT or barred[i] > 0:
                return NEVER
            total += values[i]
            patients += region.weights[i]
    room = region.largest - patients
    for i in order:
        weight = region.weights[i]
        is_open = state[i] == _FREE and barred[i] == 0 and not _is_owed(region, i, state, begun)
        if not is_open or weight > room:
            continue
        taken = 0
        while taken < weight:
            stretch, slope = _stretch(region, patients)
            enough = patients >= region.smallest and values[i] + weight * slope >= 0
            if enough or stretch == 0:
                # Rounded down, the part of the last one is still a bound.
                rest: int = values[i] * taken // weight + _penalty(region, patients)
                return total + rest
            stretch = min(stretch, weight - taken)
            taken += stretch
            patients += stretch
        total += values[i]
    if patients < region.smallest or room < 0:
        return NEVER
    penalty: int = _penalty(region, patients)
    return total + penalty


@njit(cache=True)
def _stretch(region: Region, patients: int) -> tuple[int, int]:
    """Return how many more patients until slope or rules change, and the slope."""
    end, slope = region.largest, 0
    if patients < region.smallest:
        end = region.smallest
    for at, below, above in region.hinges:
        if patients < at:
            slope -= below
            end = min(end, at)
        else:
            slope += above
    return end - patients, slope
