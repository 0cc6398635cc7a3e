"""A network of a plan, with the figures people ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Network", "mean_travel"]


@dataclass(frozen=True)
class Network:
    """One proposed network.

    Attributes
    ----------
    network_id, name
        Stable between runs: named after the current network it mostly continues, else its hub.
    members
        Positions in the table of `units`: the hub first, then by code.
    practices
        How many, those attached to members included.
    patients
        Registered patients, those of attached practices included.
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
    practices: int
    patients: int
    cost: int
    mean_travel: float
    max_travel: float
    in_band: bool
    exception: str

    @property
    def hub(self) -> int:
        """The member from which the others are measured."""
        return self.members[0]


def mean_travel(networks: Iterable[Network]) -> float:
    """Return the mean travel per patient of a plan, in the reporting unit."""
    plan = list(networks)
    patients = sum(network.patients for network in plan)
    return sum(network.mean_travel * network.patients for network in plan) / patients
