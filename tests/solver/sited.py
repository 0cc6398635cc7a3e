"""Small regions with sites that are no practices and may be hubs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pcn_group.region.problem import FORBIDDEN, HubSite, Problem
from tests import oracle


def with_random_sites(
    rng: np.random.Generator, problem: Problem, *, capacity: bool = False, only: bool = False
) -> Problem:
    """The same region with one to four sites, each in the area of some practice.

    Parameters
    ----------
    capacity
        Whether some have room for few patients, so that their networks cannot be large.
    only
        Whether no practice may be a hub, save in networks of every plan.
    """
    n = len(problem.codes)
    anchors = rng.integers(0, n, int(rng.integers(1, 5)) + (n // 2 if only else 0))
    per_patient = np.where(problem.cost < FORBIDDEN, problem.cost, 0) / problem.weights[:, None]
    # About as far as to the practice whose area it lies in, nearer for some and farther for others.
    metres = np.abs(per_patient[:, anchors] + rng.integers(-4_000, 4_000, (n, len(anchors))))
    cost = np.rint(problem.weights[:, None] * metres).astype(np.int64)
    cost[rng.random(cost.shape) < rng.choice([0.0, 0.05])] = FORBIDDEN
    largest = problem.size.largest
    sites = tuple(
        HubSite(
            f"S{k}",
            anchor,
            int(rng.integers(largest // 3, largest + 1))
            if capacity and rng.random() < 0.6
            else None,
        )
        for k, anchor in enumerate(anchors.tolist())
    )
    practices = problem.cost.copy()
    if only:
        aside = [oracle.members(mask) for mask in oracle.standing_aside(problem)]
        kept = practices.copy()
        practices[:] = FORBIDDEN
        for network in aside:
            practices[np.ix_(network, network)] = kept[np.ix_(network, network)]
    return replace(problem, cost=np.hstack([practices, cost]), sites=sites)
