"""Limits on a whole plan: on how many networks it has, in all or of one kind, and on who fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from pcn_group.config.model import Limits
from pcn_group.region.alignment import Alignment
from pcn_group.region.neighbourhoods import Neighbourhoods

__all__ = ["NO_AREA", "PlanLimit", "most_misaligned", "plan_limits", "share_that_leaves"]

NO_AREA = -1
"""The area of a practice whose area is not known: it differs from no other."""


@dataclass(frozen=True)
class PlanLimit:
    """The networks of a plan that count may come to no more than a total.

    Attributes
    ----------
    name
        `most_networks`, `fewest_networks`, `authorities`, `misaligned`, or `most_serving` and
        `fewest_serving` with the code of a neighbourhood: what files call it.
    step
        What each network that counts adds: 1, or -1 where there must be so many at least.
    total
        What they may come to in all.
    areas
        The area of each practice, where only networks with practices of two areas count.
    alignment
        Where misaligned patients count, or networks that serve a neighbourhood: who lives where.
    neighbourhood
        Which one they serve; None where patients count.
    """

    name: str
    step: int
    total: int
    areas: tuple[int, ...] | None = None
    alignment: Alignment | None = None
    neighbourhood: int | None = None

    def amount(self, members: Iterable[int]) -> int:
        """Return what one network adds."""
        if self.alignment is not None:
            if self.neighbourhood is None:
                return self.step * self.alignment.misaligned(members)
            return self.step if self.alignment.served(members) == self.neighbourhood else 0
        if self.areas is None:
            return self.step
        known = {self.areas[i] for i in members} - {NO_AREA}
        return self.step if len(known) > 1 else 0

    def amount_in_all(self, networks: Iterable[Iterable[int]]) -> int:
        """Return what the networks of a plan come to."""
        return sum(self.amount(members) for members in networks)


def plan_limits(
    limits: Limits,
    table: pd.DataFrame,
    neighbourhoods: Neighbourhoods | None = None,
    *,
    is_one: bool = False,
) -> tuple[PlanLimit, ...]:
    """Return the limits on a plan of the practices in a table, in its order.

    Parameters
    ----------
    neighbourhoods
        Where their patients live, in the same order.
    is_one
        Whether one network is to serve each neighbourhood.
    """
    found = []
    if limits.number_of_networks is not None:
        fewest, most = limits.number_of_networks
        found.append(PlanLimit("most_networks", 1, most))
        found.append(PlanLimit("fewest_networks", -1, -fewest))
    if limits.authorities is not None:
        areas = _numbered(table["local_authority"].tolist())
        found.append(PlanLimit("authorities", 1, limits.authorities, areas))
    if neighbourhoods is not None:
        alignment = Alignment.of(neighbourhoods)
        if limits.min_aligned is not None:
            most = most_misaligned(neighbourhoods, limits.min_aligned)
            found.append(PlanLimit("misaligned", 1, most, alignment=alignment))
        if is_one:
            found += _one_for_each(alignment)
    return tuple(found)


def _one_for_each(alignment: Alignment) -> Iterator[PlanLimit]:
    """Let no two networks serve one neighbourhood, and one each that a practice alone would serve.

    A neighbourhood beyond the border, where some patients live and no practice stands, need not be
    served.
    """
    at_home = {alignment.served([i]) for i in range(len(alignment.elsewhere))}
    for a, code in enumerate(alignment.codes):
        yield PlanLimit(f"most_serving {code}", 1, 1, alignment=alignment, neighbourhood=a)
        if a in at_home:
            yield PlanLimit(f"fewest_serving {code}", -1, -1, alignment=alignment, neighbourhood=a)


def most_misaligned(neighbourhoods: Neighbourhoods, share: float) -> int:
    """Return how many patients may be misaligned where this share at least is not.

    The share is taken as it is written: 0.9 leaves 10 of 100.
    """
    return int((1 - Fraction(str(share))) * int(neighbourhoods.patients.sum()))


def share_that_leaves(neighbourhoods: Neighbourhoods, misaligned: int) -> float:
    """Return a share of which so many patients, and no more, may be misaligned."""
    patients = int(neighbourhoods.patients.sum())
    finest = 10 ** len(str(patients))
    return (patients - misaligned) * finest // patients / finest if patients else 1.0


def _numbered(names: Sequence[str]) -> tuple[int, ...]:
    numbers = {name: k for k, name in enumerate(sorted(set(names) - {""}))}
    return tuple(numbers.get(name, NO_AREA) for name in names)
