"""Candidates without certain exceptions: where some practices must be in networks in the band.

What is left are the networks that hold none of these practices, and of those that hold one the ones
in the band. Each kind is all the candidates of a region of its own: one without these practices,
and one with the band as a hard limit.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.bound.pricing import Priced, Pricer, Request
from pcn_group.solver.model.columns import Columns
from pcn_group.solver.model.instance import Instance, build_instance
from pcn_group.solver.search.set_partitioning import Limit
from pcn_group.solver.search.state import Limits

__all__ = ["RestrictedPricer", "restriction"]

Int = NDArray[np.int64]
Mask = NDArray[np.bool_]


class RestrictedPricer(Pricer):
    """Enumerates the candidates in which no refused practice is in a network outside the band."""

    def __init__(
        self, instance: Instance, workers: int, deadline: float, *, restricted: Mask
    ) -> None:
        """Take an instance, and a mask (n,) of its refused practices."""
        super().__init__(instance, workers, deadline)
        self._refused = restricted
        self._elsewhere = Pricer(_without(instance, restricted), workers, deadline)
        self._in_band = Pricer(build_instance(_banded(instance.problem)), workers, deadline)

    def close(self) -> None:
        """Let the threads go."""
        for pricer in (self._elsewhere, self._in_band):
            pricer.close()
        super().close()

    def price(self, request: Request) -> Priced:
        """Enumerate the candidates with a reduced cost of at most the request's threshold.

        With `keep`, so many of each kind for each hub; those in the band count whoever they hold.
        """
        elsewhere, in_band = (pricer.price(request) for pricer in (self._elsewhere, self._in_band))
        concerned = _holding(in_band.columns, self._refused)
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
    """Let a plan count only if none of its networks is refused.

    The pricer enumerates no such network. But first plans, where there is none to start from, are
    made without it.
    """
    rule = instance.problem.size

    def of(columns: Columns) -> list[Limit]:
        sizes = np.add.reduceat(instance.weights[columns.members], columns.starts[:-1])
        outside = (sizes < rule.band_min) | (sizes > rule.band_max)
        return [Limit((outside & _holding(columns, restricted)).astype(np.int64), 0)]

    return of


def _holding(columns: Columns, restricted: Mask) -> Mask:
    """Tell which columns hold a refused practice."""
    held = np.concatenate(([0], np.cumsum(restricted[columns.members])))[columns.starts]
    holding: Mask = np.diff(held) > 0
    return holding


def _without(instance: Instance, restricted: Mask) -> Instance:
    """Return the same instance in which no network holds a refused practice."""
    cost = instance.problem.cost.copy()
    cost[instance.practices[restricted]] = FORBIDDEN
    return build_instance(replace(instance.problem, cost=cost))


def _banded(problem: Problem) -> Problem:
    """Return the same region with the band as a hard limit; who stands alone is the same."""
    rule = problem.size
    return problem.with_size(
        replace(
            rule,
            smallest=max(rule.smallest, rule.band_min),
            largest=min(rule.largest, rule.band_max),
            alone_above=rule.largest if rule.alone_above is None else rule.alone_above,
        )
    )
