"""Drafts: annealed plans, some of them valid, as a start for the exact search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.problem import FORBIDDEN
from pcn_group.solver.model.columns import Columns
from pcn_group.solver.model.instance import Instance
from pcn_group.solver.search.anneal import anneal

__all__ = ["InitialPlans", "initial_plans", "is_allowed"]

_SIZES = (0.1, 0.25, 0.4, 0.6)
"""Where in the band the networks of the plans are aimed at."""


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


def initial_plans(instance: Instance, seed: int, stop: NDArray[np.int64]) -> InitialPlans:
    """Anneal a few plans with different numbers of networks.

    Parameters
    ----------
    stop
        int64: drafting ends early once the first is not zero.
    """
    rule = instance.problem.size
    low, high = max(rule.smallest, rule.band_min), min(rule.largest, rule.band_max)
    networks: dict[tuple[int, ...], int] = {}
    plans: list[Columns] = []
    rates = [instance.typical_rate()]
    for aim in _SIZES:
        size = max(low + aim * (min(high, instance.patients) - low), 1.0)
        most = max(1, min(instance.max_networks, instance.size))
        count = min(max(round(instance.patients / size), 1), most)
        annealed = anneal(instance, count, seed, stop)
        allowed = {
            m: instance.network_cost(m) for m in annealed.networks if is_allowed(instance, m)
        }
        networks |= allowed
        if len(allowed) == len(annealed.networks):
            plans.append(instance.columns_of(list(allowed)))
        if allowed:
            patients = sum(int(instance.weights[list(members)].sum()) for members in allowed)
            rates.append(sum(allowed.values()) / patients)
    return InitialPlans(Columns.of(list(networks), networks.values()), tuple(plans), max(rates))


def is_allowed(instance: Instance, members: Sequence[int]) -> bool:
    """Whether a connected set keeps the hard limits."""
    problem = instance.problem
    return (
        problem.size.allows(int(instance.weights[list(members)].sum()))
        and len(members) <= problem.max_practices
        and instance.least_travel(members) < FORBIDDEN
        and instance.keeps_pair_rules(members)
    )
