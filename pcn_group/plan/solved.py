"""A plan as a search found it, with what it was asked to be and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import pandas as pd

from pcn_group.funding.budget import Budget
from pcn_group.plan.doubts import plan_report
from pcn_group.plan.moves import most_moved
from pcn_group.plan.network import Network, mean_travel
from pcn_group.plan.who_else import WhoElse
from pcn_group.region.region import Region
from pcn_group.solver.solution import Solution

__all__ = ["SolvedPlan", "reasons_beyond", "reasons_outside"]


@dataclass(frozen=True)
class SolvedPlan:
    """A plan as a search found it.

    Attributes
    ----------
    region
        The region and its rules; the positions in `solution` and `networks` are in its `units`.
    networks
        Sorted by identifier.
    budget
        Of one financial year.
    verified
        Whether the plain checker re-proved the certificate in the effort allowed.
    seconds
        By stage, in order.
    patients_moved, practices_moved
        How many move from the networks of today, each counted for itself; None where there are
        none.
    fewest_moved
        No plan that keeps the rules moves fewer, of what `counts`; None where that was not asked.
    fewest_misaligned
        No plan that keeps the rules has fewer patients who live elsewhere than their network
        serves; None where that was not asked.
    who_else
        Who else moves if a practice goes to the network that serves where its patients live, by
        position; without those of whom that was not worked out.
    """

    region: Region
    solution: Solution
    networks: tuple[Network, ...]
    budget: Budget
    verified: bool
    seconds: dict[str, float]
    patients_moved: int | None
    practices_moved: int | None
    fewest_moved: int | None
    fewest_misaligned: int | None = None
    who_else: Mapping[int, WhoElse] = field(default_factory=dict)

    @cached_property
    def data_report(self) -> pd.DataFrame:
        """The data report of the region, and what is doubtful about the plan."""
        return plan_report(self.region, [network.members for network in self.networks])

    @property
    def gap(self) -> float:
        """(cost - bound) / cost."""
        cost = self.solution.cost
        return (cost - self.solution.bound) / cost if cost else 0.0

    @property
    def counts(self) -> Literal["patients", "practices"]:
        """What counts of those who move: what the rules limit, or else patients."""
        _, in_practices = most_moved(self.region.configuration)
        return "practices" if in_practices else "patients"

    @property
    def moved(self) -> int | None:
        """How many move, of what counts; None where there are no networks of today."""
        return self.practices_moved if self.counts == "practices" else self.patients_moved

    @property
    def networks_continued(self) -> int:
        """How many networks continue one of today."""
        today = set(self.region.units["current_network"])
        return sum(network.network_id in today for network in self.networks)

    @property
    def patients(self) -> int:
        """Registered patients of the region."""
        return int(self.region.problem.weights.sum())

    @property
    def mean_travel(self) -> float:
        """Per patient, in the reporting unit."""
        return mean_travel(self.networks)

    @property
    def share_in_band(self) -> float:
        """The share of networks inside the band."""
        return sum(network.in_band for network in self.networks) / len(self.networks)

    @property
    def beyond_further_bands(self) -> tuple[int, ...]:
        """What networks exceed each limit on a figure by in all, those aside left out."""
        problem = self.region.problem
        shared = [n.members for n in self.networks if tuple(sorted(n.members)) not in problem.aside]
        return tuple(sum(map(limit.excess, shared)) for limit in problem.figure_limits)

    @property
    def exceptions(self) -> tuple[Network, ...]:
        """The networks outside the band."""
        return tuple(network for network in self.networks if not network.in_band)

    @property
    def keeps_the_band(self) -> bool:
        """Whether every network is in the band, oversize single practices and fixed ones aside."""
        largest, fixed = self.region.problem.size.band_max, self.region.problem.fixed
        return all(
            (len(n.members) == 1 and n.patients > largest) or tuple(sorted(n.members)) in fixed
            for n in self.exceptions
        )


def reasons_beyond(solution: Solution) -> dict[str, str]:
    """Say why networks may be beyond limits on figures that gave way, by the keys of these."""
    why = "no plan keeps all bands, and this one gives way as little as it can"
    if solution.status == "feasible":
        why = "no plan keeps all bands, but this may not be the least that is needed"
    return {limit.key: why for limit in solution.problem.figure_limits if limit.avoid}


def reasons_outside(solution: Solution) -> dict[bool, str]:
    """Say why networks may be under (True) or over (False) the band."""
    if not solution.relaxed:
        return {True: "allowed at a price", False: "allowed at a price"}
    if solution.status == "feasible":
        unproven = "no plan keeps the band, but this may not be the least that is needed"
        return {True: unproven, False: unproven}
    short, above = f"{solution.short:,}", f"{solution.above:,}"
    return {
        True: f"no plan keeps the band, and every plan has at least {short} short of it in all",
        False: f"no plan keeps the band, and every plan as little short of it has {above} above it",
    }
