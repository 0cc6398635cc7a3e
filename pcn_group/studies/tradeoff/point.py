"""What describes every plan on a trade-off curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pcn_group.plan.network import Network, mean_travel

__all__ = ["CurvePoint"]


@dataclass(frozen=True)
class CurvePoint:
    """A plan on a curve of cost against an amount.

    Attributes
    ----------
    price
        Of each patient of the amount, in the reporting unit: at this price the plan is the best.
        None where that is at every price that is high enough, and no lower one was tried.
    networks
        Sorted by identifier.
    cost
        In patient-units, without the price of the amount.
    status
        `optimal`: no plan with as little of the amount costs less; else `feasible`.
    gap
        (cost - bound) / cost, the bound being that of plans with as little of the amount.
    """

    price: float | None
    networks: tuple[Network, ...]
    cost: float
    status: Literal["optimal", "feasible"]
    gap: float

    @property
    def mean_travel(self) -> float:
        """Per patient, in the reporting unit."""
        return mean_travel(self.networks)

    @property
    def max_travel(self) -> float:
        """Of the farthest practice, in the reporting unit."""
        return max(network.max_travel for network in self.networks)
