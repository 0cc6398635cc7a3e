"""A plan: the networks of a region, with the figures people ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pcn_group.plan.certificate import Certificate

__all__ = ["Network", "Plan", "Status"]

Status = Literal["optimal", "within_gap", "feasible"]


@dataclass(frozen=True)
class Network:
    """One proposed network.

    Attributes
    ----------
    network_id, name
        Stable between runs: named after the current network it mostly continues, else its hub.
    members
        Practice indices: the hub first, then by code.
    patients
        Registered patients.
    cost
        Integer cost as in `Problem.network_cost`.
    mean_travel, max_travel
        Per patient, and of the farthest practice; in the reporting unit (km or minutes).
    in_band
        Whether `band_min <= patients <= band_max`.
    exception
        Why the network is outside the band; empty inside it.
    """

    network_id: str
    name: str
    members: tuple[int, ...]
    patients: int
    cost: int
    mean_travel: float
    max_travel: float
    in_band: bool
    exception: str

    @property
    def hub(self) -> int:
        """The practice from which the others are measured."""
        return self.members[0]


@dataclass(frozen=True)
class Plan:
    """A partition of a region's practices into networks, with what is proven about it.

    Attributes
    ----------
    networks
        Sorted by `network_id`; every practice is in exactly one.
    status
        `optimal` (proven best; with exceptions, proven lexicographically best), `within_gap`
        (proven within the gap asked for), `feasible` (valid, with the bound it has).
    cost, bound
        Integers; `cost` of the plan, and a proven lower bound on that of any plan under the same
        rules. Where exceptions were unavoidable both are for plans with equally small exceptions.
    certificate
        What re-proves `certificate.bound`, which is at most `bound`; None where time ran out
        before there was one.
    """

    networks: tuple[Network, ...]
    status: Status
    cost: int
    bound: int
    certificate: Certificate | None
