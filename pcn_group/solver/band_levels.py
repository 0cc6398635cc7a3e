"""The sides of bands that may be relaxed, as levels: those before count for more than all after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.figure_limits import FigureLimit
from pcn_group.region.problem import FORBIDDEN, Hinge, Problem
from pcn_group.solver.columns import Columns, Limit
from pcn_group.solver.instance import Instance

__all__ = ["FigureLevel", "Level", "Settled", "SizeLevel", "levels_of", "limits_at"]

Int = NDArray[np.int64]

_ANY_SIZE = 2**62


@dataclass(frozen=True)
class SizeLevel:
    """One side of the band, or both: the patients that networks have outside it.

    Attributes
    ----------
    smallest, largest
        The sides; None where the level is not about that one.
    """

    smallest: int | None = None
    largest: int | None = None

    def amounts(self, instance: Instance, columns: Columns) -> Int:
        """Return the patients that each column has outside."""
        sizes = columns.sums(instance.weights)
        return self.short(sizes) + self.above(sizes)

    def short(self, sizes: Int) -> Int:
        """Patients short of the minimum, for networks of these sizes."""
        return np.maximum((self.smallest or 0) - sizes, 0)

    def above(self, sizes: Int) -> Int:
        """Patients above the maximum."""
        return np.maximum(sizes - (_ANY_SIZE if self.largest is None else self.largest), 0)

    def least(self, instance: Instance) -> int:
        """Return how many patients every plan has outside: those for whom all hubs have no room."""
        if self.largest is None:
            return 0
        region = instance.region
        own = region.cost[region.anchors, np.arange(len(region.anchors))]
        hubs = int(np.count_nonzero(own < FORBIDDEN))
        return max(0, instance.patients - min(hubs, instance.max_networks) * self.largest)

    def most(self, problem: Problem) -> int:
        """Return how many patients there may be outside."""
        return int(problem.weights.sum())

    def hold(self, problem: Problem, price: float) -> int:  # noqa: ARG002 - as of the other kind
        """Return a price per patient as one per unit."""
        return round(price)

    def priced(self, problem: Problem, price: int) -> Problem:
        """Put a price on each patient outside."""
        below = () if self.smallest is None else (Hinge(self.smallest, price, 0),)
        above = () if self.largest is None else (Hinge(self.largest, 0, price),)
        hinges = (*problem.size.hinges, *below, *above)
        return problem.with_size(replace(problem.size, hinges=hinges))

    def kept(self, problem: Problem, outside: int) -> Problem:
        """Allow the sizes that networks can have in plans with no more patients outside in all."""
        smallest, largest = problem.size.smallest, problem.size.largest
        if self.smallest is not None:
            smallest = max(smallest, self.smallest - outside)
        if self.largest is not None:
            largest = min(largest, self.largest + outside)
        return problem.with_size(replace(problem.size, smallest=smallest, largest=largest))


@dataclass(frozen=True)
class FigureLevel:
    """One of the limits on figures, by its number: what networks are beyond it, in its units."""

    number: int

    def amounts(self, instance: Instance, columns: Columns) -> Int:
        """Return by how much each column is beyond it."""
        limit = instance.figure_limits[self.number]
        return np.maximum(columns.sums(limit.amounts) - limit.limit, 0)

    def least(self, instance: Instance) -> int:  # noqa: ARG002 - as of the other kind
        """Return what the networks of every plan are beyond it, as far as counting tells."""
        return 0

    def most(self, problem: Problem) -> int:
        """Return how much the networks of a plan may be beyond it."""
        return problem.figure_limits[self.number].largest_excess

    def hold(self, problem: Problem, price: float) -> int:
        """Return a price per patient as one per unit, as if amounts were patients in a new unit."""
        amounts = int(np.abs(problem.figure_limits[self.number].amounts).sum())
        return max(1, round(price * int(problem.weights.sum()) / max(1, amounts)))

    def priced(self, problem: Problem, price: int) -> Problem:
        """Put a price on each unit beyond it."""
        limit = problem.figure_limits[self.number]
        return self._with(problem, replace(limit, price=price * limit.unit))

    def kept(self, problem: Problem, outside: int) -> Problem:
        """Allow what networks can be beyond it in plans that are no more beyond it in all."""
        limit = problem.figure_limits[self.number]
        return self._with(problem, replace(limit, allowed=min(limit.allowed, outside)))

    def _with(self, problem: Problem, limit: FigureLimit) -> Problem:
        limits = [*problem.figure_limits]
        limits[self.number] = limit
        return replace(problem, figure_limits=tuple(limits))


Level = SizeLevel | FigureLevel
Settled = Sequence[tuple[Level, int]]
"""Levels, and what a plan that counts may have outside on each in all."""


def levels_of(problem: Problem) -> tuple[Level, ...]:
    """Return the sides that may be relaxed: of the band, and then of further ones in order."""
    rule = problem.size
    below = [SizeLevel(smallest=rule.smallest)] if rule.avoid_below else []
    above = [SizeLevel(largest=rule.largest)] if rule.avoid_above else []
    limits = enumerate(problem.figure_limits)
    return (*below, *above, *(FigureLevel(number) for number, limit in limits if limit.avoid))


def limits_at(instance: Instance, settled: Settled) -> Callable[[Columns], list[Limit]]:
    """Let a plan count only when it is as good as what is settled."""

    def of(columns: Columns) -> list[Limit]:
        return [Limit(level.amounts(instance, columns), total) for level, total in settled]

    return of
