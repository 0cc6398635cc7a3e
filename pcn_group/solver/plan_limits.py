"""Limits on a whole plan, as the search needs them: what each candidate adds, and what it pays.

A limit has a dual, which is what each network that counts pays for it. A candidate's reduced cost
is then higher by what it pays, whatever else it holds. So candidates that pay alike are a kind of
their own: each kind is enumerated in the practices it can have, with a threshold lower by its pay.

Misaligned patients are paid for as well, by their price and the dual of the limit on them. Among
candidates that serve one neighbourhood each practice pays for its own patients who live elsewhere,
so its dual is lower by that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.alignment import Alignment
from pcn_group.region.plan_limits import NO_AREA, PlanLimit
from pcn_group.region.problem import Problem
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
    serves
        Their neighbourhood; None where candidates of all neighbourhoods are of the kind.
    each
        int64 (n,): what each practice pays for its patients who live elsewhere; None for nothing.
    """

    practices: NDArray[np.bool_] | None
    area: int | None
    pays: int
    serves: int | None = None
    each: Int | None = None

    def left_of(self, duals: Int) -> Int:
        """Return what is left of the duals of practices once they have paid."""
        return duals if self.each is None else duals - self.each


@dataclass(frozen=True)
class PlanLimits:
    """The limits on the plans of an instance, in its numbering.

    Attributes
    ----------
    limits
        Less what the networks of every plan add to each.
    practices
        How many practices there are; further items count for nothing.
    alignment
        Who lives where, and the price of misaligned patients; None where nothing hangs on it.
    """

    limits: tuple[PlanLimit, ...]
    practices: int
    alignment: Alignment | None = None

    @classmethod
    def of(cls, problem: Problem, practices: Int) -> PlanLimits:
        """Take the limits of a problem to some of its practices, all others being aside."""
        whole = cls(problem.plan_limits, 0)
        totals = whole.totals - whole.amounts_of(problem.aside)
        alignment = problem.alignment and problem.alignment.within(practices)
        return cls(whole.within(practices, totals), len(practices), alignment)

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
    def are_by_neighbourhood(self) -> bool:
        """Whether a limit is about the networks that serve one neighbourhood."""
        return any(limit.neighbourhood is not None for limit in self.limits)

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
            if limit.alignment is not None and limit.neighbourhood is None:
                own[:] = limit.step * self.misaligned(networks)
                continue
            counts = networks.lengths > 0
            if limit.areas is not None:
                counts = self.area_of(networks) == _ACROSS
            elif limit.neighbourhood is not None:
                counts &= self.served_by(networks) == limit.neighbourhood
            own[counts] = limit.step
        return amounts

    def prices(self, columns: Columns) -> Int:
        """Return what the misaligned patients of each column cost: int64 (columns,)."""
        if self.alignment is None or self.alignment.price == 0:
            return np.zeros(len(columns), dtype=np.int64)
        return self.alignment.price * self.misaligned(columns.below(self.practices))

    def misaligned(self, networks: Columns) -> Int:
        """Return how many patients of each network are misaligned."""
        misaligned: Int = self._elsewhere(networks).min(axis=1)
        return misaligned

    def served_by(self, networks: Columns) -> Int:
        """Return which neighbourhood each network serves."""
        served: Int = self._elsewhere(networks).argmin(axis=1)
        return served

    def _elsewhere(self, networks: Columns) -> Int:
        """Return how many patients of each network live elsewhere than in each neighbourhood."""
        elsewhere = self._known_alignment.elsewhere
        sums: Int = np.rint(networks.matrix(self.practices).T @ elsewhere.astype(np.float64))
        return sums.astype(np.int64)

    @property
    def _known_alignment(self) -> Alignment:
        if self.alignment is None:
            raise ValueError("limits that are about no neighbourhoods")
        return self.alignment

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
                alignment=limit.alignment and limit.alignment.within(practices),
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
        """Tell which columns are of the area of a kind."""
        if kind.area is None:
            return np.ones(len(columns), dtype=np.bool_)
        own: NDArray[np.bool_] = self.area_of(columns.below(self.practices)) == kind.area
        return own

    def kinds(self, duals: Int) -> Iterator[Kind]:
        """Return the kinds of candidates under some duals, one for each limit or none at all."""
        pays = _Pays.of(duals.tolist(), self.limits if len(duals) else ())
        for kind in self._kinds_by_area(pays.plainly, pays.across):
            yield from self._kinds_by_neighbourhood(kind, pays)

    def _kinds_by_neighbourhood(self, kind: Kind, pays: _Pays) -> Iterator[Kind]:
        """Divide a kind by the neighbourhoods that its candidates serve, where that matters."""
        alignment = self.alignment
        price = 0 if alignment is None else alignment.price + pays.misaligned
        if alignment is None or not (price or any(pays.serving.values())):
            yield kind
            return
        for serves in range(len(alignment.codes)):
            yield kind._replace(
                pays=kind.pays + pays.serving.get(serves, 0),
                serves=serves,
                each=price * alignment.elsewhere[:, serves],
            )

    def _kinds_by_area(self, plainly: int, across: int) -> Iterator[Kind]:
        """Return kinds by area, where it matters whether a network has practices of two."""
        areas = self.areas
        if areas is None or across == 0:
            yield Kind(None, None, plainly)
            return
        for area in np.unique([NO_AREA, *areas]).tolist():
            yield Kind((areas == area) | (areas == NO_AREA), area, plainly)
        yield Kind(None, _ACROSS, plainly + across)


class _Pays(NamedTuple):
    """What candidates pay by the duals of limits.

    Attributes
    ----------
    plainly
        Every one.
    across
        One with practices of two areas.
    misaligned
        For each misaligned patient.
    serving
        One that serves each neighbourhood.
    """

    plainly: int
    across: int
    misaligned: int
    serving: dict[int, int]

    @classmethod
    def of(cls, duals: Sequence[int], limits: Sequence[PlanLimit]) -> _Pays:
        plainly, across, misaligned, serving = 0, 0, 0, dict[int, int]()
        for dual, limit in zip(duals, limits, strict=True):
            amount = dual * limit.step
            if limit.areas is not None:
                across += amount
            elif limit.alignment is None:
                plainly += amount
            elif limit.neighbourhood is None:
                misaligned += amount
            else:
                serving[limit.neighbourhood] = serving.get(limit.neighbourhood, 0) + amount
        return cls(plainly, across, misaligned, serving)


NO_LIMITS = PlanLimits((), 0)
