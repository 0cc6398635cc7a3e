"""Early plans by simulated annealing: practices move between neighbouring networks, or swap.

Fast, and without proof: it gives the exact search a plan to beat and columns to start from, and an
answer where the time limit is short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance, Region
from pcn_group.solver.search.anneal_kernel import AnnealState, try_moves

__all__ = ["AnnealedPlan", "Each", "InitialPlans", "anneal", "initial_plans"]

Int = NDArray[np.int64]

_MOVES_PER_PRACTICE = 5_000
_MOST_MOVES = 3_000_000
_STEPS = 20
"""Times that the fine rises and the stop flag is looked at."""
_HOTTEST, _HOTTER = 0.5, 1.0
"""First temperature, in typical journeys of a practice: as a rule, and from scattered seeds."""
_FIRST_FINE, _LAST_FINE = 1.0, 300.0
"""What a patient outside a hard limit costs, in typical journeys."""
_SIZES = (0.1, 0.25, 0.4, 0.6)
"""Where in the band the networks of the plans are aimed at."""


@dataclass(frozen=True)
class AnnealedPlan:
    """A partition into connected networks, which may miss the hard limits.

    Attributes
    ----------
    networks
        Practices of each network, ascending, in the instance's numbering.
    deviation
        Patients outside the hard size limits, practices above the limit on them, must-link and
        cannot-link rules broken, and networks beyond limits on figures, in all.
    cost
        Its cost, where nothing deviates.
    """

    networks: tuple[tuple[int, ...], ...]
    deviation: int
    cost: int


def anneal(
    instance: Instance,
    networks: int,
    seed: int,
    stop: Int,
    *,
    patience: int = 1,
    is_scattered: bool = False,
) -> AnnealedPlan:
    """Partition an instance into about so many networks at little cost.

    Parameters
    ----------
    networks
        How many to start with; moves can empty a network but not open one.
    seed
        Of the random moves.
    stop
        int64 (1,): the run ends early, with what it has, once this is not zero.
    patience
        How many times as many moves as usual to try.
    is_scattered
        Whether to begin anywhere and hotter, so that runs with other seeds end elsewhere. Else all
        begin with networks that are far apart.
    """
    region, random = _guiding(instance), np.random.default_rng(seed)
    if is_scattered:
        seeds, hottest = random.choice(instance.size, networks, replace=False), _HOTTER
    else:
        seeds, hottest = _far_apart(region, networks), _HOTTEST
    owner = _grow(region, seeds)
    owner = _annealed(region, owner, instance.typical_rate(), hottest, random, stop, patience)
    problem, rule, limits = instance.problem, instance.problem.size, instance.figure_limits
    groups = [np.flatnonzero(owner == label) for label in np.unique(owner)]
    groups.sort(key=lambda group: int(group[0]))
    sizes = [int(instance.weights[group].sum()) for group in groups]
    return AnnealedPlan(
        networks=tuple(tuple(group.tolist()) for group in groups),
        deviation=sum(max(0, rule.smallest - s) + max(0, s - rule.largest) for s in sizes)
        + sum(max(0, len(group) - problem.max_practices) for group in groups)
        + instance.pair_violations(owner)
        + sum(limit.excess(group) > limit.allowed for limit in limits for group in groups),
        cost=sum(instance.network_cost(group.tolist()) for group in groups),
    )


def _guiding(instance: Instance) -> Region:
    """Return the region with practices as the only hubs, and costs that guide the search.

    A practice stands for the sites in its area as well, whichever is cheapest for each other one.
    Misaligned patients are part of costs as if a network served the neighbourhood that its hub
    would serve alone: it never costs less.
    """
    region, alignment = instance.region, instance.limits.alignment
    region = region._replace(cost=instance.cost_of_place)
    if alignment is None or alignment.price == 0:
        return region
    elsewhere = alignment.elsewhere[:, alignment.elsewhere.argmin(axis=1)]
    return region._replace(cost=region.cost + alignment.price * elsewhere)


def _annealed(
    region: Region,
    owner: Int,
    rate: float,
    hottest: float,
    random: np.random.Generator,
    stop: Int,
    patience: int,
) -> Int:
    """Anneal, from some networks on; return the network of each practice."""
    state = _build_state(region, owner)
    moves = patience * min(_MOVES_PER_PRACTICE * len(region.weights), _MOST_MOVES)
    hottest *= rate * region.weights.mean()
    found = False
    for step in range(_STEPS):
        # The fine rises, so the plan at hand has another price and the best is sought anew.
        if stop[0] != 0:
            break
        share, draws = step / _STEPS, random.random((moves // _STEPS, 4))
        fine = rate * (_FIRST_FINE + (_LAST_FINE - _FIRST_FINE) * share)
        found = try_moves(region, state, draws, hottest, fine, share, 1 / moves)
    return state.best if found else state.owner


def _far_apart(region: Region, networks: int) -> Int:
    """Return as many practices as there are to be networks, each the farthest from those before."""
    n = len(region.weights)
    seeds = np.zeros(networks, dtype=np.int64)
    far, is_seed = np.full(n, np.iinfo(np.int64).max), np.zeros(n, dtype=np.bool_)
    for k in range(1, networks):
        is_seed[seeds[k - 1]] = True
        far = np.minimum(far, region.cost[:, seeds[k - 1]])
        seeds[k] = np.where(is_seed, -1, far).argmax()
    return seeds


def _grow(region: Region, first: Int) -> Int:
    """Start: from its seed on, always the smallest network takes its nearest neighbour."""
    n, networks = len(region.weights), len(first)
    owner = np.full(n, -1)
    size = np.zeros(n, dtype=np.int64)
    seeds = np.zeros(n, dtype=np.int64)
    seeds[:networks], owner[first] = first, np.arange(networks)
    size[:networks] = region.weights[first]
    growing = np.arange(n) < networks
    opened = networks
    while (owner < 0).any():
        if not growing.any():
            # What is left is cut off from every seed: a network of its own.
            seed = int((owner < 0).argmax())
            seeds[opened], owner[seed], size[opened] = seed, opened, region.weights[seed]
            growing[opened] = True
            opened += 1
            continue
        k = int(np.where(growing, size, np.iinfo(np.int64).max).argmin())
        beside = _outside(region, owner, k)
        if len(beside) == 0:
            growing[k] = False
        else:
            nearest = beside[region.cost[beside, seeds[k]].argmin()]
            owner[nearest] = k
            size[k] += region.weights[nearest]
    return owner


def _outside(region: Region, owner: Int, network: int) -> Int:
    """Return the practices in no network that are next to this one."""
    start = region.link_start
    inside = np.flatnonzero(owner == network)
    beside = np.concatenate([region.links[start[i] : start[i + 1]] for i in inside])
    outside: Int = beside[owner[beside] < 0]
    return outside


def _build_state(region: Region, owner: Int) -> AnnealState:
    n, networks = len(owner), owner.max() + 1
    state = AnnealState(
        owner=owner,
        members=np.empty((networks, n), dtype=np.int64),
        place=np.empty(n, dtype=np.int64),
        held=np.bincount(owner),
        size=np.zeros(networks, dtype=np.int64),
        total=np.empty(n, dtype=np.int64),
        travel=np.empty(networks, dtype=np.int64),
        sums=np.zeros((networks, len(region.figure_limits)), dtype=np.int64),
        scale=region.weights.sum() / np.maximum(np.abs(region.amounts).sum(axis=0), 1),
        best=owner.copy(),
        mark=np.zeros(n, dtype=np.int64),
        queue=np.empty(n, dtype=np.int64),
        stamp=np.zeros(1, dtype=np.int64),
        after=np.empty((2, 3), dtype=np.int64),
        sums_after=np.empty((2, len(region.figure_limits)), dtype=np.int64),
    )
    for k in range(networks):
        inside = np.flatnonzero(owner == k)
        state.members[k, : len(inside)] = inside
        state.place[inside] = np.arange(len(inside))
        state.size[k] = region.weights[inside].sum()
        state.sums[k] = region.amounts[inside].sum(axis=0)
        state.total[inside] = region.cost[np.ix_(inside, inside)].sum(axis=0)
        state.travel[k] = state.total[inside].min()
    return state


Each = Callable[[Callable[[int], AnnealedPlan], Iterable[int]], Iterable[AnnealedPlan]]
"""Calls a function with each of some numbers; gives what it returns, in their order."""


@dataclass(frozen=True)
class InitialPlans:
    """What annealing gives.

    Attributes
    ----------
    networks
        All that keep the hard limits, from valid plans and from others.
    plans
        The valid plans.
    rate
        A typical cost per patient.
    """

    networks: Columns
    plans: tuple[Columns, ...]
    rate: float


def initial_plans(
    instance: Instance, seed: int, stop: NDArray[np.int64], each: Each = map
) -> InitialPlans:
    """Anneal a few plans with different numbers of networks.

    Parameters
    ----------
    stop
        int64: annealing ends early once the first is not zero.
    each
        Anneals with each of these numbers, in their order or at once.
    """
    networks: dict[tuple[int, ...], int] = {}
    plans: list[Columns] = []
    rates = [instance.typical_rate()]
    for annealed in each(partial(anneal, instance, seed=seed, stop=stop), _counts(instance)):
        allowed = {m: instance.network_cost(m) for m in annealed.networks if instance.allows(m)}
        networks |= allowed
        if len(allowed) == len(annealed.networks):
            plans.append(instance.columns_of(list(allowed)))
        if allowed:
            patients = sum(int(instance.weights[list(members)].sum()) for members in allowed)
            rates.append(sum(allowed.values()) / patients)
    return InitialPlans(Columns.of(list(networks), networks.values()), tuple(plans), max(rates))


def _counts(instance: Instance) -> list[int]:
    """Return how many networks the plans are to have, each number once."""
    rule, (fewest, most) = instance.problem.size, instance.limits.number
    low, high = max(rule.smallest, rule.band_min), min(rule.largest, rule.band_max)
    most = max(1, min(instance.max_networks, instance.size, most))
    sizes = [max(low + aim * (min(high, instance.patients) - low), 1.0) for aim in _SIZES]
    counts = (min(max(round(instance.patients / size), fewest, 1), most) for size in sizes)
    return list(dict.fromkeys(counts))
