"""Restricted pricing: some practices must be in networks in the band, or some may be left out.

Where some practices must be in the band, the candidates are the networks that hold none of them,
and those in the band that hold one. Each kind is all the candidates of a region of its own: one
without these practices, and one with the band as a hard limit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.bound.pricing import Priced, Pricer, Request
from pcn_group.solver.columns import Columns, Limit
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.search.search import search
from pcn_group.solver.search.state import ANY_PLAN, Effort, Limits

__all__ = ["RestrictedPricer", "can_be_covered", "restriction"]


Int = NDArray[np.int64]
Mask = NDArray[np.bool_]


class RestrictedPricer(Pricer):
    """Enumerates the candidates that have no restricted practice outside the band."""

    def __init__(
        self, instance: Instance, workers: int, deadline: float, *, restricted: Mask
    ) -> None:
        """Take an instance, and a mask (n,) of its restricted practices."""
        super().__init__(instance, workers, deadline)
        self._restricted = restricted
        self._elsewhere = Pricer(_without(instance, restricted), workers, deadline)
        self._in_band = Pricer(build_instance(_banded(instance.problem)), workers, deadline)

    def close(self) -> None:
        """Let the threads go."""
        for pricer in (self._elsewhere, self._in_band):
            pricer.close()
        super().close()

    def price(self, request: Request) -> Priced:
        """Enumerate the candidates with a reduced cost of at most the request's threshold.

        With `keep`, so many of each kind for each hub; those in the band count whether or not
        they hold a restricted practice.
        """
        elsewhere, in_band = (pricer.price(request) for pricer in (self._elsewhere, self._in_band))
        concerned = _holding(in_band.columns, self._restricted)
        nodes = elsewhere.nodes + in_band.nodes
        self.nodes += nodes
        return Priced(
            columns=elsewhere.columns.joined(in_band.columns.take(concerned)),
            reduced=np.concatenate((elsewhere.reduced, in_band.reduced[concerned])),
            least=np.minimum(elsewhere.least, in_band.least),
            complete=elsewhere.complete and in_band.complete,
            nodes=nodes,
        )


def restriction(instance: Instance, restricted: Mask) -> Limits:
    """Let a plan count only if no restricted practice is outside the band.

    The pricer enumerates no network that breaks this, but initial plans are made without it.
    """
    rule = instance.problem.size

    def of(columns: Columns) -> list[Limit]:
        sizes = columns.sums(instance.weights)
        outside = (sizes < rule.band_min) | (sizes > rule.band_max)
        return [Limit((outside & _holding(columns, restricted)).astype(np.int64), 0)]

    return of


def _holding(columns: Columns, restricted: Mask) -> Mask:
    """Tell which columns hold a restricted practice."""
    held = np.concatenate(([0], np.cumsum(restricted[columns.members])))[columns.starts]
    holding: Mask = np.diff(held) > 0
    return holding


def _without(instance: Instance, restricted: Mask) -> Instance:
    """Return the same instance in which no network holds a restricted practice."""
    cost = instance.problem.cost.copy()
    cost[instance.practices[restricted]] = FORBIDDEN
    return build_instance(replace(instance.problem, cost=cost))


def _banded(problem: Problem) -> Problem:
    """Return the same region with the band as a hard limit.

    The practices that stand alone are the same.
    """
    rule = problem.size
    return problem.with_size(
        replace(
            rule,
            smallest=max(rule.smallest, rule.band_min),
            largest=min(rule.largest, rule.band_max),
            alone_above=rule.largest if rule.alone_above is None else rule.alone_above,
        )
    )


def can_be_covered(problem: Problem, wanted: Collection[int], effort: Effort) -> bool | None:
    """Tell whether networks that have no practice in common can hold all of these practices.

    They may hold other practices as well; a practice in none of them is left out.

    Parameters
    ----------
    problem
        Which networks are allowed, beside those of every plan. The band is not relaxed. Limits on
        a plan are none on some of its networks, and play no part.
    wanted
        Positions of the practices.

    Returns
    -------
    Whether there are such networks, with proof either way; None where time ran out first.
    """
    instance = build_instance(replace(problem, plan_limits=(), alignment=None))
    spare = np.flatnonzero(~np.isin(instance.practices, list(wanted)))

    def pricer(instance: Instance, workers: int, deadline: float) -> Pricer:
        return _Sparing(instance, workers, deadline, spare)

    outcome = search(
        instance,
        replace(effort, gap=ANY_PLAN),
        lambda _: None,
        is_part=True,
        pricer=pricer,
        columns=_left_out(spare),
    )
    if outcome.networks is not None:
        return True
    return False if outcome.infeasible else None


class _Sparing(Pricer):
    """Adds a candidate for each practice that may be left out: it alone, at no cost."""

    def __init__(self, instance: Instance, workers: int, deadline: float, spare: Int) -> None:
        super().__init__(instance, workers, deadline)
        self._spare = spare

    def price(self, request: Request) -> Priced:
        """Enumerate as `Pricer.price`; those left out do not count towards `keep` and `most`."""
        priced = super().price(request)
        # A share in a cut is less than a whole, so one practice pays for none.
        reduced = -request.duals[self._spare]
        least = priced.least.copy()
        least[self._spare] = np.minimum(least[self._spare], reduced)
        cheap = reduced <= request.threshold
        return replace(
            priced,
            columns=priced.columns.joined(_left_out(self._spare[cheap])),
            reduced=np.concatenate((priced.reduced, reduced[cheap])),
            least=least,
        )


def _left_out(practices: Int) -> Columns:
    """Return the columns that leave out each of these practices."""
    return Columns.of([(i,) for i in practices.tolist()], [0] * len(practices))
