"""Whether some practices can all be in allowed networks, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.problem import Problem
from pcn_group.solver.bound.pricing import Priced, Pricer, Request
from pcn_group.solver.model.columns import Columns
from pcn_group.solver.model.effort import Effort
from pcn_group.solver.model.instance import Instance, build_instance
from pcn_group.solver.search.search import search

__all__ = ["can_be_covered"]

Int = NDArray[np.int64]

_ANY_PLAN = 0.999
"""A gap at which the search ends with the first plan."""


def can_be_covered(problem: Problem, wanted: Collection[int], effort: Effort) -> bool | None:
    """Tell whether networks that have no practice in common can hold all of these practices.

    They may hold other practices as well; whoever is in none of them is left out.

    Parameters
    ----------
    problem
        Which networks are allowed, beside those of every plan. The band does not give way.
    wanted
        Positions of the practices.

    Returns
    -------
    Whether there are such networks, with proof either way; None where time ran out first.
    """
    instance = build_instance(problem)
    spare = np.flatnonzero(~np.isin(instance.practices, list(wanted)))

    def pricer(instance: Instance, workers: int, deadline: float) -> Pricer:
        return _Sparing(instance, workers, deadline, spare)

    outcome = search(
        instance,
        replace(effort, gap=_ANY_PLAN),
        lambda _: None,
        is_part=True,
        pricer=pricer,
        columns=_left_out(spare),
    )
    if outcome.networks is not None:
        return True
    return False if outcome.infeasible else None


class _Sparing(Pricer):
    """Has for each practice that may be left out one more candidate: it alone, at no cost."""

    def __init__(self, instance: Instance, workers: int, deadline: float, spare: Int) -> None:
        super().__init__(instance, workers, deadline)
        self._spare = spare

    def price(self, request: Request) -> Priced:
        """Enumerate likewise; those left out are not counted among `keep` and `most`."""
        priced = super().price(request)
        # A share in a toll is less than a whole, so one practice pays none.
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
    """Return what stands for leaving out each of these practices."""
    return Columns.of([(i,) for i in practices.tolist()], [0] * len(practices))
