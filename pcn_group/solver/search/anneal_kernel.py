"""The compiled moves of annealing: a practice moves to a network next to it, or two swap.

A move is a swap with nobody: one practice leaves each of the two networks, or only the first, and
the other joins.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.jit import helper, kernel
from pcn_group.solver.bound.kernel_state import size_penalty
from pcn_group.solver.instance import Region

__all__ = ["AnnealState", "try_moves"]

Int = NDArray[np.int64]

_SWAPS = 0.3
"""Share of the moves that are swaps."""
_COOLING = 0.01
"""The last temperature as a share of the first."""
_NOBODY = -1


class AnnealState(NamedTuple):
    """Networks as lists of members, with what is needed to price a move quickly.

    `held[k]` is how many members network `k` has, and `place[i]` where `i` is among its members;
    `total[h]` what the network of `h` would cost with `h` as its hub; `travel[k]` what it costs
    with its best hub. `sums[k]` are its amounts by limit on figures, and `scale` says as how many
    patients a unit of each counts. `best` are the owners in the best plan found at the fine that
    holds.

    The rest is room: `mark`, `queue` and `stamp` for searching a network, `after` for the travel,
    the patients, and the total of who joins, of each of the two networks that a move would change,
    `sums_after` for their amounts.
    """

    owner: Int
    members: Int
    place: Int
    held: Int
    size: Int
    total: Int
    travel: Int
    sums: Int
    scale: NDArray[np.float64]
    best: Int
    mark: Int
    queue: Int
    stamp: Int
    after: Int
    sums_after: Int


@kernel
def try_moves(
    region: Region,
    state: AnnealState,
    draws: NDArray[np.float64],
    hottest: float,
    fine: float,
    share: float,
    step: float,
) -> bool:
    """Try as many moves as there are draws; return whether a best plan was written down.

    Parameters
    ----------
    draws
        float64 (moves, 4), 0 to 1: which practice, which neighbour, how much is tolerated, and
        whether to swap.
    hottest
        What the temperature was at first.
    fine
        What a patient outside a hard limit costs.
    share, step
        How much of the annealing is over before, and how much more with each move.
    """
    owner = state.owner
    price, least = 0.0, np.inf
    for move in range(len(draws)):
        now = share + move * step
        i = int(draws[move, 0] * len(owner))
        start = region.link_start[i]
        degree = region.link_start[i + 1] - start
        if degree == 0:
            continue
        j = region.links[start + int(draws[move, 1] * degree)]
        target = owner[j]
        if owner[i] == target:
            continue
        tolerated = -hottest * _COOLING**now * np.log(1.0 - draws[move, 2])
        other = j if draws[move, 3] < _SWAPS else _NOBODY
        price += _try(region, state, i, other, target, fine, tolerated)
        if price < least and now > 0.5:
            least = price
            for k in range(len(owner)):
                state.best[k] = owner[k]
    return least < np.inf


@helper
def _try(
    region: Region, state: AnnealState, i: int, j: int, target: int, fine: float, tolerated: float
) -> float:
    """Let `i` change networks, and `j` the other way, if tolerable; return the change of price."""
    owner = state.owner
    source = owner[i]
    change = 0.0
    for side in range(2):
        network, leaving, joining = (source, i, j) if side == 0 else (target, j, i)
        change += _change(region, state, side, network, leaving, joining, fine)
    if region.has_pair_rules:
        if j >= 0 and _are_related(region, i, j):
            return 0.0  # they are with or without each other as before, which is not what is added
        change += fine * _more_violated(region, owner, i, source, target)
        if j >= 0:
            change += fine * _more_violated(region, owner, j, target, source)
    if change > tolerated:
        return 0.0
    owner[i] = target
    if j >= 0:
        owner[j] = source
    if not _are_connected(region, state, i, j, source, target):
        owner[i] = source
        if j >= 0:
            owner[j] = target
        return 0.0
    for side in range(2):
        network, leaving, joining = (source, i, j) if side == 0 else (target, j, i)
        _book(region.cost, state, side, network, leaving, joining)
    _relist(state, i, j, source, target)
    return change


@helper
def _change(
    region: Region,
    state: AnnealState,
    side: int,
    network: int,
    leaving: int,
    joining: int,
    fine: float,
) -> float:
    """Return what a network's price changes by when one leaves and one joins, or nobody."""
    members, total, cost, after = state.members, state.total, region.cost, state.after
    size, count = state.size[network], state.held[network]
    new_size, new_count = size, count
    around = least = np.iinfo(np.int64).max
    if joining >= 0:
        new_size += region.weights[joining]
        new_count += 1
        around = cost[joining, joining]
        for a in range(count):
            if members[network, a] != leaving:
                around += cost[members[network, a], joining]
        least = around
    if leaving >= 0:
        new_size -= region.weights[leaving]
        new_count -= 1
    for a in range(count):
        hub = members[network, a]
        if hub != leaving:
            here = total[hub]
            if leaving >= 0:
                here -= cost[leaving, hub]
            if joining >= 0:
                here += cost[joining, hub]
            least = min(least, here)
    after[side, 0] = least if new_count > 0 else 0
    after[side, 1] = new_size
    after[side, 2] = around
    _sum_up(region.amounts, state, side, network, leaving, joining)
    travel = after[side, 0] - state.travel[network]
    before = _price(region, size, count, fine)
    before += _figure_price(region.figure_limits, state.sums, network, state.scale, fine)
    now = _price(region, new_size, new_count, fine)
    now += _figure_price(region.figure_limits, state.sums_after, side, state.scale, fine)
    return travel + now - before


@helper
def _sum_up(
    amounts: Int, state: AnnealState, side: int, network: int, leaving: int, joining: int
) -> None:
    """Write down a network's sums when one leaves and one joins, or nobody."""
    for k in range(len(state.scale)):
        total = state.sums[network, k]
        if joining >= 0:
            total += amounts[joining, k]
        if leaving >= 0:
            total -= amounts[leaving, k]
        state.sums_after[side, k] = total


@helper
def _price(region: Region, size: int, count: int, fine: float) -> float:
    """Price a network's size: its penalty, and a fine for breaking a hard limit."""
    if count == 0:
        return 0.0
    outside = max(0, region.smallest - size) + max(0, size - region.largest)
    outside += region.smallest * max(0, count - region.max_practices)
    return size_penalty(region.hinges, size) + fine * outside


@helper
def _figure_price(
    figure_limits: Int, sums: Int, row: int, scale: NDArray[np.float64], fine: float
) -> float:
    """Price a row of sums: what they pay beyond their limits, and a fine where they may not be."""
    total = 0.0
    for k in range(len(scale)):
        over = max(0, sums[row, k] - figure_limits[k, 0])
        total += figure_limits[k, 2] * over // figure_limits[k, 3]
        total += fine * scale[k] * max(0, sums[row, k] - figure_limits[k, 1])
    return total


@helper
def _book(
    cost: Int, state: AnnealState, side: int, network: int, leaving: int, joining: int
) -> None:
    """Book a change on a network's travel, patients and totals, before its members change."""
    members, total = state.members, state.total
    state.travel[network] = state.after[side, 0]
    state.size[network] = state.after[side, 1]
    for k in range(len(state.scale)):
        state.sums[network, k] = state.sums_after[side, k]
    if joining >= 0:
        total[joining] = state.after[side, 2]
    for a in range(state.held[network]):
        hub = members[network, a]
        if hub != leaving:
            if leaving >= 0:
                total[hub] -= cost[leaving, hub]
            if joining >= 0:
                total[hub] += cost[joining, hub]


@helper
def _relist(state: AnnealState, i: int, j: int, source: int, target: int) -> None:
    """Write the members of both networks anew."""
    members, place, held = state.members, state.place, state.held
    if j >= 0:
        members[source, place[i]] = j
        members[target, place[j]] = i
        place[i], place[j] = place[j], place[i]
    else:
        held[source] -= 1
        last = members[source, held[source]]
        members[source, place[i]] = last
        place[last] = place[i]
        place[i] = held[target]
        members[target, place[i]] = i
        held[target] += 1


@helper
def _are_connected(
    region: Region, state: AnnealState, i: int, j: int, source: int, target: int
) -> bool:
    """Whether both networks still hang together, now that the owners have changed.

    Who only joins a network that it is next to does no harm.
    """
    members, connected = state.members, True
    for side in range(2):
        network, left, start = (source, i, j) if side == 0 else (target, j, i)
        if left < 0:
            continue
        count = state.held[network]
        if start < 0:
            count -= 1
            start = members[network, 0] if members[network, 0] != left else members[network, count]
        if count > 0 and connected:
            connected = _reached(region.link_start, region.links, state, start) == count
    return connected


@helper
def _reached(link_start: Int, links: Int, state: AnnealState, start: int) -> int:
    """Count the members of a practice's network that can be reached from it inside the network."""
    owner, mark, queue = state.owner, state.mark, state.queue
    state.stamp[0] += 1
    stamp, network = state.stamp[0], owner[start]
    mark[start] = stamp
    queue[0] = start
    head, tail = 0, 1
    while head < tail:
        v = queue[head]
        head += 1
        for e in range(link_start[v], link_start[v + 1]):
            j = links[e]
            if owner[j] == network and mark[j] != stamp:
                mark[j] = stamp
                queue[tail] = j
                tail += 1
    return tail


@helper
def _more_violated(region: Region, owner: Int, i: int, source: int, target: int) -> int:
    """Return of how many patients more the rules about a practice are broken once it moves.

    The patients of both practices of each must-link and cannot-link rule count.
    """
    weights, patients = region.weights, 0
    for e in range(region.must_link_start[i], region.must_link_start[i + 1]):
        m = region.must_link[e]
        patients += (weights[i] + weights[m]) * ((owner[m] == source) - (owner[m] == target))
    for e in range(region.cannot_link_start[i], region.cannot_link_start[i + 1]):
        r = region.cannot_link[e]
        patients += (weights[i] + weights[r]) * ((owner[r] == target) - (owner[r] == source))
    return patients


@helper
def _are_related(region: Region, i: int, j: int) -> bool:
    related = False
    for e in range(region.must_link_start[i], region.must_link_start[i + 1]):
        related |= region.must_link[e] == j
    for e in range(region.cannot_link_start[i], region.cannot_link_start[i + 1]):
        related |= region.cannot_link[e] == j
    return related
