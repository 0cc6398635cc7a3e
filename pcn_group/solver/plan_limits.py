"""Limits on a whole plan, as the search needs them: what each candidate adds, and what it pays.

A limit has a dual, which is what each network that counts pays for it. A candidate's reduced cost
is then higher by what it pays, whatever else it holds. So candidates that pay alike are a kind of
their own: each kind is enumerated in the practices it can have, with a threshold lower by its pay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.plan_limits import NO_AREA, PlanLimit
from pcn_group.solver.columns import Columns, Limit

__all__ = ["NO_LIMITS", "Kind", "PlanLimits"]

Int = NDArray[np.int64]

_ACROSS = -2
"""The area of a network that has practices of two."""


class Kind(NamedTuple):
    """Candidates that pay alike.

    Attributes
    ----------
    practices
        bool (n,): those that such candidates can have; None for all.
    area
        Their area; None where candidates of all areas are of the kind.
    pays
        What each pays, by the duals of the limits.
    """

    practices: NDArray[np.bool_] | None
    area: int | None
    pays: int


@dataclass(frozen=True)
class PlanLimits:
    """The limits on the plans of an instance, in its numbering.

    Attributes
    ----------
    limits
        Less what the networks of every plan add to each.
    practices
        How many practices there are; further items count for nothing.
    """

    limits: tuple[PlanLimit, ...]
    practices: int

    @classmethod
    def of(
        cls,
        limits: Sequence[PlanLimit],
        aside: Sequence[Sequence[int]],
        practices: Sequence[int] | Int,
    ) -> PlanLimits:
        """Take the limits of a problem to some of its practices, all others being aside."""
        whole = cls(tuple(limits), 0)
        totals = whole.totals - whole.amounts_of(aside)
        return cls(whole.within(np.asarray(practices), totals), len(practices))

    def __len__(self) -> int:
        """Count the limits."""
        return len(self.limits)

    @property
    def totals(self) -> Int:
        """What the networks of a plan may come to, by limit: int64 (k,)."""
        return np.array([limit.total for limit in self.limits], dtype=np.int64)

    @property
    def steps(self) -> Int:
        """What a network that counts adds, by limit: int64 (k,)."""
        return np.array([limit.step for limit in self.limits], dtype=np.int64)

    @property
    def areas(self) -> Int | None:
        """The area of each practice, where a limit is about that."""
        found = (limit.areas for limit in self.limits if limit.areas is not None)
        areas = next(found, None)
        return None if areas is None else np.array(areas, dtype=np.int64)

    @property
    def number(self) -> tuple[int, int]:
        """The fewest and the most networks of a plan."""
        named = {limit.name: limit.total for limit in self.limits}
        return -named.get("fewest_networks", 0), named.get("most_networks", self.practices)

    def amounts(self, columns: Columns) -> Int:
        """Return what each column adds to each limit: int64 (k, columns)."""
        amounts = np.zeros((len(self.limits), len(columns)), dtype=np.int64)
        if not self.limits:
            return amounts
        networks = columns.below(self.practices)
        for own, limit in zip(amounts, self.limits, strict=True):
            counts = networks.lengths > 0
            if limit.areas is not None:
                counts = self.area_of(networks) == _ACROSS
            own[counts] = limit.step
        return amounts

    def amounts_of(self, networks: Sequence[Sequence[int]]) -> Int:
        """Return what some networks come to of each limit: int64 (k,)."""
        return np.array([limit.amount_in_all(networks) for limit in self.limits], dtype=np.int64)

    def within(self, practices: Int, totals: Int) -> tuple[PlanLimit, ...]:
        """Return the limits on plans of some of the practices, at other totals."""
        return tuple(
            replace(
                limit,
                total=total,
                areas=None if limit.areas is None else tuple(limit.areas[i] for i in practices),
            )
            for limit, total in zip(self.limits, totals.tolist(), strict=True)
        )

    def on(self, columns: Columns) -> list[Limit]:
        """Return what plans made of these columns may have at most in all."""
        amounts = self.amounts(columns)
        return [Limit(own, limit.total) for own, limit in zip(amounts, self.limits, strict=True)]

    def area_of(self, networks: Columns) -> Int:
        """Return the area of each network: `NO_AREA` where that of no practice is known."""
        areas = self.areas
        if areas is None:
            return np.full(len(networks), NO_AREA)
        inside = areas[networks.members]
        owner = np.repeat(np.arange(len(networks)), networks.lengths)[inside != NO_AREA]
        inside = inside[inside != NO_AREA]
        unset = np.iinfo(np.int64).max
        least, most = np.full(len(networks), unset), np.full(len(networks), NO_AREA)
        np.minimum.at(least, owner, inside)
        np.maximum.at(most, owner, inside)
        return np.where((most != NO_AREA) & (least < most), _ACROSS, most)

    def are_of(self, columns: Columns, kind: Kind) -> NDArray[np.bool_]:
        """Tell which columns are of a kind."""
        if kind.area is None:
            return np.ones(len(columns), dtype=np.bool_)
        own: NDArray[np.bool_] = self.area_of(columns.below(self.practices)) == kind.area
        return own

    def kinds(self, duals: Int) -> Iterator[Kind]:
        """Return the kinds of candidates under some duals, one for each limit or none at all."""
        areas, plainly, across = self.areas, 0, 0
        for dual, limit in zip(duals.tolist(), self.limits if len(duals) else (), strict=True):
            if limit.areas is None:
                plainly += dual * limit.step
            else:
                across += dual * limit.step
        if areas is None or across == 0:
            yield Kind(None, None, plainly)
            return
        for area in np.unique([NO_AREA, *areas]).tolist():
            yield Kind((areas == area) | (areas == NO_AREA), area, plainly)
        yield Kind(None, _ACROSS, plainly + across)


NO_LIMITS = PlanLimits((), 0)
