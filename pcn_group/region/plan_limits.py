"""Limits on a whole plan: how many of its networks there may be, or be of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from pcn_group.config.model import Limits

__all__ = ["NO_AREA", "PlanLimit", "plan_limits"]

NO_AREA = -1
"""The area of a practice whose area is not known: it differs from no other."""


@dataclass(frozen=True)
class PlanLimit:
    """The networks of a plan that count may come to no more than a total.

    Attributes
    ----------
    name
        `most_networks`, `fewest_networks` or `authorities`: what files call it.
    step
        What each network that counts adds: 1, or -1 where there must be so many at least.
    total
        What they may come to in all.
    areas
        The area of each practice, where only networks with practices of two areas count; None
        where every network does.
    """

    name: str
    step: int
    total: int
    areas: tuple[int, ...] | None = None

    def amount(self, members: Iterable[int]) -> int:
        """Return what one network adds."""
        if self.areas is None:
            return self.step
        known = {self.areas[i] for i in members} - {NO_AREA}
        return self.step if len(known) > 1 else 0

    def amount_in_all(self, networks: Iterable[Iterable[int]]) -> int:
        """Return what the networks of a plan come to."""
        return sum(self.amount(members) for members in networks)


def plan_limits(limits: Limits, table: pd.DataFrame) -> tuple[PlanLimit, ...]:
    """Return the limits on a plan of the practices in a table, in its order."""
    found = []
    if limits.number_of_networks is not None:
        fewest, most = limits.number_of_networks
        found.append(PlanLimit("most_networks", 1, most))
        found.append(PlanLimit("fewest_networks", -1, -fewest))
    if limits.authorities is not None:
        areas = _numbered(table["local_authority"].tolist())
        found.append(PlanLimit("authorities", 1, limits.authorities, areas))
    return tuple(found)


def _numbered(names: Sequence[str]) -> tuple[int, ...]:
    numbers = {name: k for k, name in enumerate(sorted(set(names) - {""}))}
    return tuple(numbers.get(name, NO_AREA) for name in names)
