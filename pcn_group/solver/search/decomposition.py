"""A plan of a large region by decomposition, and a large neighbourhood search that improves it.

Practices that share a network of the fractional plan are of one part. Most parts are a single whole
network already; each of the others is a small region, and searched like one. A part without a plan
is joined with those around it. Afterwards, neighbourhoods around the networks that cost the most
above the duals of their members are searched again, whatever part they came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.search.state import Networks

__all__ = ["Solve", "better_neighbourhoods", "plan_by_decomposition"]

Int = NDArray[np.int64]
Shares = NDArray[np.float64]
Solve = Callable[[Instance, Networks | None], Networks | None]
"""Return the best plan it can find of a small region, starting from one if there is one."""

_LARGEST_PART = 500
"""Practices in a part: one that grows beyond is given up."""
_NEIGHBOURHOOD = 90
"""Practices in a neighbourhood, or a few more."""


def plan_by_decomposition(
    instance: Instance, used: Columns, shares: Shares, solve: Solve, stopped: Callable[[], bool]
) -> Networks | None:
    """Make a plan from the networks of a fractional plan; None where some part has none.

    Parameters
    ----------
    used, shares
        The networks of the fractional plan, and how much of each is in it.
    solve
        Searches a part.
    stopped
        Whether time is up.
    """
    inside, region, n = used.matrix(instance.size), instance.region, instance.size
    must_link = csr_matrix(
        (np.ones(len(region.must_link)), region.must_link, region.must_link_start), (n, n)
    )
    count, part = connected_components(inside @ inside.T + must_link, directed=False)
    members = [np.flatnonzero(part == label) for label in range(count)]
    allowed = _apportioned(instance, used, shares, part)
    waiting = sorted(range(count), key=lambda label: len(members[label]))
    planned: dict[int, Networks] = {}
    while waiting:
        label = waiting.pop(0)
        if stopped() or len(members[label]) > _LARGEST_PART:
            return None
        found = _solved(instance, members[label], allowed[:, label], None, solve)
        if found is not None:
            planned[label] = found
            continue
        around = sorted({int(part[j]) for j in _beside(instance, members[label])} - {label})
        if not around:
            return None
        for other in around:
            planned.pop(other, None)
            part[members[other]] = label
            allowed[:, label] += allowed[:, other]
        members[label] = np.flatnonzero(part == label)
        waiting = [other for other in waiting if other not in around] + [label]
    return tuple(sorted(network for networks in planned.values() for network in networks))


def _apportioned(instance: Instance, used: Columns, shares: Shares, part: Int) -> Int:
    """Return what each part (columns) may come to of each limit on the plan (rows).

    As much as it has of the fractional plan, rounded so that all together are no more than whole.
    """
    amounts = np.zeros((len(instance.limits), int(part.max()) + 1))
    where = part[used.members[used.starts[:-1]]]
    for own, each in zip(amounts, instance.limits.amounts(used) * shares, strict=True):
        np.add.at(own, where, each)
    return np.diff(np.rint(np.cumsum(amounts, axis=1)), axis=1, prepend=0).astype(np.int64)


def better_neighbourhoods(
    instance: Instance, plan: Networks, duals: Int, solve: Solve
) -> Iterator[Networks]:
    """Improve a plan neighbourhood by neighbourhood, until none is left to try.

    A neighbourhood is some network and those around it. The networks that cost the most above the
    duals of their members come first: nowhere else can more be gained.

    Yields
    ------
    The plan after each.
    """
    networks = dict(enumerate(plan))
    owner = np.empty(instance.size, dtype=np.int64)
    for label, network in networks.items():
        owner[list(network)] = label
    fresh, settled = len(networks), set[tuple[int, ...]]()
    while True:
        above = {
            label: instance.network_cost(network) - int(duals[list(network)].sum())
            for label, network in networks.items()
            if network not in settled
        }
        if not above:
            return
        centre = max(above, key=lambda label: (above[label], networks[label]))
        settled.add(networks[centre])
        neighbourhood = _neighbourhood(instance, networks, owner, centre)
        practices = np.sort(np.concatenate([np.array(networks[label]) for label in neighbourhood]))
        before = tuple(networks[label] for label in neighbourhood)
        others = [networks[label] for label in networks if label not in neighbourhood]
        allowed = instance.limits.totals - instance.limits.amounts_of(others)
        found = _solved(instance, practices, allowed, before, solve) or before
        for label in neighbourhood:
            del networks[label]
        for network in found:
            networks[fresh] = network
            owner[list(network)] = fresh
            fresh += 1
        yield tuple(sorted(networks.values()))


def _neighbourhood(
    instance: Instance, networks: dict[int, tuple[int, ...]], owner: Int, centre: int
) -> list[int]:
    """Return networks around one, ring by ring, until they hold enough practices."""
    neighbourhood, held = [centre], len(networks[centre])
    for label in neighbourhood:
        for j in _beside(instance, networks[label]):
            other = int(owner[j])
            if held < _NEIGHBOURHOOD and other not in neighbourhood:
                neighbourhood.append(other)
                held += len(networks[other])
    return neighbourhood


def _beside(instance: Instance, practices: Sequence[int] | Int) -> list[int]:
    """Return the neighbours of these practices, in order."""
    region = instance.region
    return sorted(
        {
            int(j)
            for i in practices
            for j in region.links[region.link_start[i] : region.link_start[i + 1]]
        }
    )


def _solved(
    instance: Instance, practices: Int, allowed: Int, plan: Networks | None, solve: Solve
) -> Networks | None:
    """Search some practices as a region of their own, all in the numbering of the whole.

    Parameters
    ----------
    allowed
        What their networks may come to of each limit on the plan.
    """
    part = _part(instance, practices, allowed)
    position = {int(practice): k for k, practice in enumerate(practices)}
    own = None
    if plan is not None:
        own = tuple(sorted(tuple(sorted(position[i] for i in network)) for network in plan))
    found = solve(part, own)
    if found is None:
        return None
    return tuple(tuple(practices[list(network)].tolist()) for network in found)


def _part(instance: Instance, practices: Int, allowed: Int) -> Instance:
    """Build the instance of some practices as a region of their own.

    They are those of whole networks, so that groups that are together are in it or not.
    """
    problem, chosen = instance.problem, instance.practices[practices]
    position = {int(practice): k for k, practice in enumerate(chosen)}
    cost, sites = problem.among(chosen)
    return build_instance(
        replace(
            problem,
            codes=tuple(problem.codes[i] for i in chosen),
            weights=problem.weights[chosen],
            cost=cost,
            sites=sites,
            neighbours=tuple(
                tuple(position[j] for j in problem.neighbours[i] if j in position) for i in chosen
            ),
            together=tuple(
                tuple(position[i] for i in group)
                for group in problem.together
                if all(i in position for i in group)
            ),
            apart=tuple(
                (position[i], position[j])
                for i, j in problem.apart
                if i in position and j in position
            ),
            fixed=(),
            plan_limits=instance.limits.within(practices, allowed),
            alignment=problem.alignment and problem.alignment.within(chosen),
            figure_limits=tuple(limit.within(chosen) for limit in problem.figure_limits),
        )
    )
