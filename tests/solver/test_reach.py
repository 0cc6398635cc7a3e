"""Who can be in one network with a hub, against all ways from one to the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.instance import build_instance
from tests import oracle


def with_shared_places(rng: np.random.Generator, problem: Problem) -> Problem:
    """The same region with some practices moved in with others, whose neighbours they then have."""
    n = len(problem.codes)
    host = np.where(rng.random(n) < 0.5, rng.integers(0, n, n), np.arange(n))
    host = host[host]
    near = [{host[j] for j in problem.neighbours[i]} for i in range(n)]
    joined = [set().union(*(near[k] for k in range(n) if host[k] == host[i])) for i in range(n)]
    neighbours = tuple(
        tuple(j for j in range(n) if j != i and host[j] in {host[i], *joined[i]}) for i in range(n)
    )
    both = tuple(
        tuple(sorted({*row, *(j for j in range(n) if i in neighbours[j])}))
        for i, row in enumerate(neighbours)
    )
    return replace(problem, neighbours=both)


def reached(problem: Problem, hub: int) -> set[int]:
    """Those to whom a way leads of practices that can have the hub, not too many patients."""
    aside = {i for network in problem.aside for i in network}
    least = {hub: int(problem.weights[hub])}
    for _ in problem.codes:
        for i, size in list(least.items()):
            for j in problem.neighbours[i]:
                longer = size + int(problem.weights[j])
                if j not in aside and problem.cost[j, hub] < FORBIDDEN:
                    least[j] = min(longer, least.get(j, longer))
    return {i for i, size in least.items() if size <= problem.size.largest}


@pytest.mark.parametrize("seed", range(30))
def test_a_network_around_a_hub_can_hold_whom_a_way_leads_to(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plain = oracle.random_problem(rng, 9, forbidden=seed % 2 == 0, oversize=seed % 3 == 0)
    problem = with_shared_places(rng, plain)
    instance = build_instance(problem)
    region = instance.region
    for k, hub in enumerate(instance.practices.tolist()):
        near = region.near[region.near_start[k] : region.near_start[k + 1]]
        assert set(instance.practices[near].tolist()) == reached(problem, hub)
