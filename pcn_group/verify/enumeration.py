"""The search of the plain checker: every network around a hub, until one is too cheap.

Deliberately another implementation than the solver's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper, kernel

__all__ = [
    "ANY",
    "NEVER",
    "NO_BOUND",
    "PROVEN",
    "REFUTED",
    "UNDECIDED",
    "Bound",
    "Region",
    "search",
]

Ints = NDArray[np.int64]

NEVER = 2**61
"""More than any sum here may come to: what calls the search sees to that."""
PROVEN, REFUTED, UNDECIDED = 0, 1, 2
_FREE, _INSIDE, _OUT = 0, 1, 2
ANY = -1
"""No neighbourhood in particular."""


class Bound(NamedTuple):
    """What practices add by which bounds are worked out: order, cheapest per patient first, values.

    `once` is added to every network. Without an order there is no such bound.
    """

    order: Ints
    values: Ints
    once: int


NO_BOUND = Bound(np.zeros(0, np.int64), np.zeros(0, np.int64), 0)


class Region(NamedTuple):
    """A problem and the cuts of its certificate, as arrays for the compiled search.

    The neighbours of `i` are `near[near_start[i]:near_start[i + 1]]`, and so are the cuts that
    `i` has a share in. `group_of` is the number of the group that must be together with `i`, or -1;
    `groups` the practices of each group, and `cannot_link` those that must not be in a network with
    any of the practices of `i`'s group, packed in the same way. `elsewhere` has for each practice
    (row) how many patients live in another neighbourhood than each (column).

    `amounts` has what each practice (row) adds to each limit on figures (column), and `figures` for
    each limit (row) what is free of charge, the most that is allowed, and the price of so many
    units beyond: (limit, most, price, units).
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
    amounts: Ints
    figures: Ints


def search(  # noqa: PLR0913, PLR0917 - as the compiled search
    region: Region,
    hub: int,
    order: Ints,
    values: Ints,
    other: Bound,
    pays: int,
    serves: int,
    node_limit: int,
) -> tuple[int, int, Ints]:
    """Look for a network around the hub with a negative reduced cost, `pays` added to each.

    Only networks that serve a neighbourhood count, or `ANY`. By `other` values no network with a
    negative reduced cost comes to zero or more either.

    Returns
    -------
    tuple
        The effort, the verdict, and the network that refutes, if one does.
    """
    n = len(region.weights)
    walk = _Walk(
        state=np.full(n, _OUT),  # all but those that may join are out from the start
        links=np.zeros(n, np.int64),
        held=np.zeros(len(region.cut_amounts), np.int64),
        begun=np.zeros(len(region.group_start), np.int64),
        barred=np.zeros(n, np.int64),
        chosen=np.empty(n, np.int64),
        sums=np.zeros(len(region.figures), np.int64),
    )
    walk.state[order] = _FREE
    nodes, verdict = _search(region, walk, hub, order, values, other, pays, serves, node_limit)
    return nodes, verdict, np.flatnonzero(walk.state == _INSIDE)


class _Walk(NamedTuple):
    """Where the search stands.

    `state` says of each practice whether it is inside, out, or free, `links` how many neighbours it
    has inside, and `barred` for how many reasons it must not come in. `held` are the shares inside
    by cut, `begun` how many are inside by group. `chosen` is the list of the choices, undone from
    its end. `sums` are the amounts inside by limit on figures.
    """

    state: Ints
    links: Ints
    held: Ints
    begun: Ints
    barred: Ints
    chosen: Ints
    sums: Ints


@kernel
def _search(  # noqa: PLR0913, PLR0917 - compiled code takes no keywords
    region: Region,
    walk: _Walk,
    hub: int,
    order: Ints,
    values: Ints,
    other: Bound,
    pays: int,
    serves: int,
    node_limit: int,
) -> tuple[int, int]:
    """Search; return the effort and the verdict.

    Every connected set that holds the hub comes up once: choose a practice beside the set, first
    let it in, then keep it out.
    """
    state, chosen = walk.state, walk.chosen
    depth, members, patients, value, owed = 0, 0, 0, pays, 0
    more = other.once  # what the network comes to by the other values, above its value
    nodes, entering = 0, hub
    while True:
        nodes += 1
        if nodes > node_limit:
            return nodes, UNDECIDED
        if entering >= 0:
            chosen[depth] = entering
            depth += 1
            value += values[entering] + _move(region, walk, entering, 1)
            more += other.values[entering] - values[entering]
            owed += _oblige(region, walk, entering, 1)
            patients += region.weights[entering]
            members += 1
            whole = owed == 0 and patients >= region.smallest
            if (
                whole
                and value + _penalty(region.hinges, patients) + _paid(region.figures, walk.sums) < 0
                and (serves == ANY or _served(region.elsewhere, state) == serves)
            ):
                return nodes, REFUTED
        entering = -1
        if (
            members < region.max_practices
            and value
            + _least_paid(region, walk, order)
            + _completion(region, walk, order, values, patients)
            < 0
            and (
                len(other.order) == 0
                or value + more + _completion(region, walk, other.order, other.values, patients) < 0
            )
        ):
            entering = _beside(region, walk, order, patients)
        if entering >= 0:
            continue
        # Nothing more this way: undo back to the last practice let in, and keep that one out.
        while depth > 0 and state[chosen[depth - 1]] == _OUT:
            depth -= 1
            state[chosen[depth]] = _FREE
            _bar_group(region, walk.barred, chosen[depth], -1)
        last = chosen[depth - 1]
        if last == hub:
            return nodes, PROVEN
        value -= values[last] + _move(region, walk, last, -1)
        more -= other.values[last] - values[last]
        owed += _oblige(region, walk, last, -1)
        patients -= region.weights[last]
        members -= 1
        state[last] = _OUT
        _bar_group(region, walk.barred, last, 1)


@helper
def _served(elsewhere: Ints, state: Ints) -> int:
    """Return the neighbourhood that most patients of the network live in, the first of equals."""
    served, fewest = -1, NEVER
    for area in range(elsewhere.shape[1]):
        patients = 0
        for i in range(len(state)):
            if state[i] == _INSIDE:
                patients += elsewhere[i, area]
        if patients < fewest:
            served, fewest = area, patients
    return served


@helper
def _move(region: Region, walk: _Walk, practice: int, step: int) -> int:
    """Let a practice in (step 1) or out (-1); return the cut duals that this adds, or saves."""
    held = walk.held
    walk.state[practice] = _INSIDE if step == 1 else _FREE
    for k in range(len(walk.sums)):
        walk.sums[k] += step * region.amounts[practice, k]
    for k in range(region.near_start[practice], region.near_start[practice + 1]):
        walk.links[region.near[k]] += step
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


@helper
def _oblige(region: Region, walk: _Walk, practice: int, step: int) -> int:
    """Bar the practices that cannot be with one that comes in (step 1), or no longer (-1).

    Once one of a group is inside, all the others are owed: return how many more that are now.
    """
    for k in range(region.cannot_link_start[practice], region.cannot_link_start[practice + 1]):
        walk.barred[region.cannot_link[k]] += step
    group = region.group_of[practice]
    if group < 0:
        return 0
    walk.begun[group] += step
    others = region.group_start[group + 1] - region.group_start[group] - 1
    if walk.begun[group] == (1 if step == 1 else 0):
        return step * others
    return -step


@helper
def _bar_group(region: Region, barred: Ints, practice: int, step: int) -> None:
    """Bar the group of a practice that is kept out (step 1), or no longer (-1)."""
    group = region.group_of[practice]
    if group >= 0:
        for k in range(region.group_start[group], region.group_start[group + 1]):
            barred[region.groups[k]] += step


@helper
def _is_owed(group_of: Ints, walk: _Walk, practice: int) -> bool:
    """Whether a practice is not inside although another of its group is."""
    group = group_of[practice]
    return group >= 0 and walk.begun[group] > 0 and walk.state[practice] != _INSIDE


@helper
def _beside(region: Region, walk: _Walk, order: Ints, patients: int) -> int:
    """Return a free practice with a neighbour inside that still fits: owed, else cheapest."""
    cheapest = -1
    for k in range(len(order)):
        i = order[k]
        fits = patients + region.weights[i] <= region.largest
        if walk.state[i] == _FREE and walk.barred[i] == 0 and walk.links[i] > 0 and fits:
            if _is_owed(region.group_of, walk, i):
                return i
            if cheapest < 0:
                cheapest = i
    return cheapest


@helper
def _penalty(hinges: Ints, patients: int) -> int:
    total = 0
    for k in range(len(hinges)):
        at, below, above = hinges[k, 0], hinges[k, 1], hinges[k, 2]
        total += below * max(0, at - patients) + above * max(0, patients - at)
    return total


@helper
def _paid(figures: Ints, sums: Ints) -> int:
    """Return what sums beyond the limits on figures pay; `NEVER` where they are not allowed."""
    total = 0
    for k in range(len(figures)):
        limit, most, price, units = figures[k, 0], figures[k, 1], figures[k, 2], figures[k, 3]
        if sums[k] > most:
            return NEVER
        if sums[k] > limit:
            total += price * (sums[k] - limit) // units
    return total


@helper
def _least_paid(region: Region, walk: _Walk, order: Ints) -> int:
    """Return the least that any extension pays beyond the limits on figures.

    Each sum is at the least what it would be if those who lower it all joined, and nobody else.
    """
    total = 0
    for k in range(len(region.figures)):
        least = walk.sums[k]
        for m in range(len(order)):
            i = order[m]
            if walk.state[i] == _FREE and region.amounts[i, k] < 0:
                least += region.amounts[i, k]
        if least > region.figures[k, 1]:
            return NEVER
        if least > region.figures[k, 0]:
            over = least - region.figures[k, 0]
            total += region.figures[k, 2] * over // region.figures[k, 3]
    return total


@helper
def _completion(region: Region, walk: _Walk, order: Ints, values: Ints, patients: int) -> int:
    """Return the least that the rest of a network can add: its members, and the size penalty.

    Practices owed must join. Any other free ones may, connected or not, the last of them in part.
    Both what they cost, cheapest first, and the penalty are convex in patients: so go on while the
    next patient brings the total down, or while the network is too small.
    """
    state, barred, group_of = walk.state, walk.barred, region.group_of
    total = 0
    for k in range(len(order)):
        i = order[k]
        if _is_owed(group_of, walk, i):
            if state[i] == _OUT or barred[i] > 0:
                return NEVER
            total += values[i]
            patients += region.weights[i]
    room = region.largest - patients
    for k in range(len(order)):
        i = order[k]
        weight = region.weights[i]
        is_open = state[i] == _FREE and barred[i] == 0 and not _is_owed(group_of, walk, i)
        if not is_open or weight > room:
            continue
        taken = 0
        while taken < weight:
            stretch, slope = _stretch(region, patients)
            enough = patients >= region.smallest and values[i] + weight * slope >= 0
            if enough or stretch == 0:
                # Rounded down, the part of the last one is still a bound.
                rest = values[i] * taken // weight + _penalty(region.hinges, patients)
                return total + rest
            stretch = min(stretch, weight - taken)
            taken += stretch
            patients += stretch
        total += values[i]
    if patients < region.smallest or room < 0:
        return NEVER
    return total + _penalty(region.hinges, patients)


@helper
def _stretch(region: Region, patients: int) -> tuple[int, int]:
    """Return how many more patients until slope or rules change, and the slope."""
    end, slope = region.largest, 0
    if patients < region.smallest:
        end = region.smallest
    for k in range(len(region.hinges)):
        at = region.hinges[k, 0]
        if patients < at:
            slope -= region.hinges[k, 1]
            end = min(end, at)
        else:
            slope += region.hinges[k, 2]
    return end - patients, slope
