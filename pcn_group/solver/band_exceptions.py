"""When it is proven that no plan keeps the band: the least exceptions, and then the least cost.

Levels, each only as far as the band may be relaxed on that side: the total of patients short of the
minimum, then the total above the maximum, then cost. A level is settled by a search in which one
patient outside costs more than any plan could save; what the level came to then holds for the
levels after it. Where both sides count alike they are one level.

No network is farther outside than all of its plan together. So a plan that is found limits the
sizes of networks in what is searched after it, which begins with that plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.progress import OnProgress, Progress
from pcn_group.region.problem import FORBIDDEN, Hinge, Problem, SizeRule
from pcn_group.solver.columns import Columns, Limit
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.near_optimal.equals import Order
from pcn_group.solver.search.search import Outcome, search
from pcn_group.solver.search.state import Effort

__all__ = ["LeastExceptions", "fewest_outside", "least_exceptions"]

Int = NDArray[np.int64]

_HOLD = 64
"""Price per patient, in typical journeys to a neighbour, that holds a settled level in place."""

_ANY_SIZE = 2**62

_EXACT = 2**52
"""What a level adds up stays under this: floating-point numbers have 53 bits."""


@dataclass(frozen=True)
class LeastExceptions:
    """The best plan outside the band, and under which rule it was found.

    Attributes
    ----------
    short, above
        Patients short of the minimum and above the maximum, in all.
    problem
        The region under the size rule of the last level: costs, bound and proof are in its terms.
    outcome
        Of the last level; `outcome.cost` and `outcome.bound` include `penalty_offset`. Without
        networks where there is no plan even so (`infeasible`), or none was found in time.
    penalty_offset
        What the settled levels contribute to the cost of every plan that counts.
    proven
        Whether every level was proven.
    """

    short: int
    above: int
    problem: Problem
    outcome: Outcome
    penalty_offset: int
    proven: bool


@dataclass(frozen=True)
class _Level:
    """One side of the band that is relaxed, or both: a network's patients outside it.

    Attributes
    ----------
    smallest, largest
        The sides; None where the level is not about that one.
    """

    smallest: int | None = None
    largest: int | None = None

    def amounts(self, sizes: Int) -> Int:
        """Patients outside, for networks of these sizes."""
        return self.short(sizes) + self.above(sizes)

    def short(self, sizes: Int) -> Int:
        """Patients short of the minimum."""
        return np.maximum((self.smallest or 0) - sizes, 0)

    def above(self, sizes: Int) -> Int:
        """Patients above the maximum."""
        return np.maximum(sizes - (_ANY_SIZE if self.largest is None else self.largest), 0)

    def hinges(self, price: int) -> tuple[Hinge, ...]:
        """Return the same as a price per patient."""
        below = () if self.smallest is None else (Hinge(self.smallest, price, 0),)
        above = () if self.largest is None else (Hinge(self.largest, 0, price),)
        return below + above


def least_exceptions(
    problem: Problem, effort: Effort, on_progress: OnProgress, order: Order | None = None
) -> LeastExceptions:
    """Find the plan with the least exceptions, and among those the one of least cost.

    The gap asked for is not used here: exceptions are worth an exact answer. A level that is not
    proven in half the time left is held at what was found. `order` is that of `search`.
    """
    rule = problem.size
    levels = [_Level(smallest=rule.smallest)] if rule.avoid_below else []
    levels += [_Level(largest=rule.largest)] if rule.avoid_above else []
    return _by_levels(_freed(problem), levels, effort, on_progress, order)


def fewest_outside(problem: Problem, effort: Effort, on_progress: OnProgress) -> LeastExceptions:
    """Find the plan with the fewest patients outside the band, and among those that of least cost.

    Both sides count alike, and the hard limits on size hold. Otherwise as `least_exceptions`.
    """
    band = _Level(problem.size.band_min, problem.size.band_max)
    return _by_levels(problem, [band], effort, on_progress)


def _by_levels(
    free: Problem,
    levels: Sequence[_Level],
    effort: Effort,
    on_progress: OnProgress,
    order: Order | None = None,
) -> LeastExceptions:
    """Settle one level after the other, and then the cost."""
    effort = replace(effort, gap=0.0)
    hold = _hold(free)
    settled: list[tuple[_Level, int]] = []
    best: Outcome | None = None
    proven = True
    for level in levels:
        if best is not None:
            free = _kept(free, level, _outside(free, level, best))
        best, least = _settle(free, settled, level, effort.half(), on_progress, best)
        if best.networks is None:
            return LeastExceptions(0, 0, free, best, penalty_offset=0, proven=False)
        proven = proven and best.proven
        free = _kept(free, level, least)
        if least:
            settled.append((level, least))
    last = _priced(free, [(level, hold) for level, _ in settled])
    instance = build_instance(last)
    final = search(
        instance,
        effort,
        on_progress,
        limits=_limits(instance, settled),
        start=None if best is None else best.networks,
        order=order,
    )
    sizes = np.array([instance.weights[list(m)].sum() for m in final.networks or ()])
    for level in levels:
        last = _kept(last, level, int(level.amounts(sizes).sum()))
    return LeastExceptions(
        short=sum(int(level.short(sizes).sum()) for level in levels),
        above=sum(int(level.above(sizes).sum()) for level in levels),
        problem=last,
        outcome=final,
        penalty_offset=hold * sum(int(level.amounts(sizes).sum()) for level, _ in settled),
        proven=proven and final.proven,
    )


def _settle(
    free: Problem,
    settled: Sequence[tuple[_Level, int]],
    level: _Level,
    effort: Effort,
    on_progress: OnProgress,
    before: Outcome | None,
) -> tuple[Outcome, int]:
    """Find the least total of a level, proven as far as the outcome is.

    One patient costs more than everything else together, so the cost of a plan in whole such
    prices is its total, and the search need only tell totals apart. Costs are rounded down to
    coarse units first: they only guide this search, and the numbers stay within 53 bits.
    """
    steepest = max(4, _EXACT // int(free.weights.sum()))
    coarse = _coarse(free, steepest // 2)
    settled_total = sum(total for _, total in settled)
    hold = min(_hold(coarse), steepest // (2 * settled_total + 2))
    steep = coarse.cost_ceiling() + hold * settled_total + 1
    priced = _priced(coarse, [(each, hold) for each, _ in settled] + [(level, steep)])
    instance = build_instance(priced)

    def tell(_: Progress) -> None:
        # Costs are in steep prices here, and say nothing to a reader.
        on_progress(Progress("exceptions", None, None))

    outcome = search(
        instance,
        effort,
        tell,
        limits=_limits(instance, settled),
        objective_step=steep,
        start=None if before is None else before.networks,
    )
    return outcome, (outcome.cost or 0) // steep


def _coarse(problem: Problem, most: int) -> Problem:
    """Return the same region with costs in units of half a typical journey, or larger ones.

    No plan of it costs more than `most`.
    """
    typical = round(build_instance(problem).typical_rate() / 2)
    unit = max(1, typical, -(-problem.cost_ceiling() // most))
    cost = np.where(problem.cost < FORBIDDEN, problem.cost // unit, FORBIDDEN)
    hinges = tuple(
        Hinge(hinge.at, hinge.below // unit, hinge.above // unit) for hinge in problem.size.hinges
    )
    alignment = problem.alignment
    if alignment is not None:
        alignment = replace(alignment, price=alignment.price // unit)
    size = replace(problem.size, hinges=hinges)
    return replace(problem, cost=cost, size=size, alignment=alignment)


def _hold(problem: Problem) -> int:
    """Return a price per patient that holds a settled level in place."""
    rate = _HOLD * build_instance(problem).typical_rate()
    return min(round(rate), _EXACT // int(problem.weights.sum()))


def _freed(problem: Problem) -> Problem:
    """Drop the sides that may be relaxed, while practices over the maximum still stand alone."""
    rule = problem.size
    return problem.with_size(
        replace(
            rule,
            smallest=1 if rule.avoid_below else rule.smallest,
            largest=int(problem.weights.sum()) if rule.avoid_above else rule.largest,
            alone_above=rule.largest,
        )
    )


def _outside(problem: Problem, level: _Level, found: Outcome) -> int:
    """Return how many patients the plan that was found has outside on a level."""
    weights = build_instance(problem).weights
    sizes = np.array([weights[list(members)].sum() for members in found.networks or ()])
    return int(level.amounts(sizes).sum())


def _kept(problem: Problem, level: _Level, outside: int) -> Problem:
    """Allow the sizes that networks of plans can have with no more patients outside in all."""
    rule = problem.size
    smallest, largest = rule.smallest, rule.largest
    if level.smallest is not None:
        smallest = max(smallest, level.smallest - outside)
    if level.largest is not None:
        largest = min(largest, level.largest + outside)
    return problem.with_size(replace(rule, smallest=smallest, largest=largest))


def _priced(problem: Problem, prices: Sequence[tuple[_Level, int]]) -> Problem:
    rule: SizeRule = problem.size
    hinges = tuple(hinge for level, price in prices for hinge in level.hinges(price))
    return problem.with_size(replace(rule, hinges=rule.hinges + hinges))


def _limits(
    instance: Instance, settled: Sequence[tuple[_Level, int]]
) -> Callable[[Columns], list[Limit]]:
    """Let a plan count only when it is as good as what is settled."""

    def of(columns: Columns) -> list[Limit]:
        sizes = np.add.reduceat(instance.weights[columns.members], columns.starts[:-1])
        return [Limit(level.amounts(sizes), total) for level, total in settled]

    return of
