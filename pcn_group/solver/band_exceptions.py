"""When it is proven that no plan keeps all bands: the least exceptions, and then the least cost.

Levels, each only as far as the bands may be relaxed on that side: the total of patients short of
the minimum, then the total above the maximum, then what is beyond each side of the further bands in
order, then cost. A level is settled by a search in which one patient outside, or one unit of a
figure, costs more than any plan could save; what the level came to then holds for the levels after
it. Where both sides count alike they are one level.

No network is farther outside than all of its plan together. So a plan that is found limits what
networks may be in what is searched after it, which begins with that plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pcn_group.base.progress import OnProgress, Progress
from pcn_group.region.problem import FORBIDDEN, Hinge, Problem
from pcn_group.solver.assignment.search import Assigned, assign, is_for
from pcn_group.solver.band_levels import (
    FigureLevel,
    Level,
    Settled,
    SizeLevel,
    levels_of,
    limits_at,
)
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.near_optimal.equals import Order
from pcn_group.solver.search.search import Outcome, search
from pcn_group.solver.search.state import Effort, Networks
from pcn_group.solver.turns import LISTING, Turn

__all__ = ["LeastExceptions", "fewest_outside", "least_exceptions"]

_HOLD = 64
"""Price per patient, in typical journeys to a neighbour, that holds a settled level in place."""

_GENTLY = 3
"""The same where plans that exceed the level do not count: enough that few of them come up. The
higher the price, the farther are bounds below, for sets of practices in part have less outside."""

_ASSIGNING = Turn(is_for_large=True, share=0.25)
"""What the engine for large networks has of the time for the cost; the other has the rest."""

_EXACT = 2**52
"""What a level adds up stays under this: floating-point numbers have 53 bits."""


@dataclass(frozen=True)
class LeastExceptions:
    """The best plan outside the band, and under which rule it was found.

    Attributes
    ----------
    short, above
        Patients short of the minimum and above the maximum, in all.
    further
        What is beyond each of the problem's limits on figures, in all and in its units.
    problem
        The region under the bands of the last level: costs, bound and proof are in its terms.
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
    further: tuple[int, ...]
    problem: Problem
    outcome: Outcome | Assigned
    penalty_offset: int
    proven: bool

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan."""
        return self.outcome.networks is not None

    @property
    def infeasible(self) -> bool:
        """Whether it is proven that there is none."""
        return not self.has_plan and self.outcome.proven


def least_exceptions(
    problem: Problem, effort: Effort, on_progress: OnProgress, order: Order | None = None
) -> LeastExceptions:
    """Find the plan with the least exceptions, and among those the one of least cost.

    The gap asked for is not used here: exceptions are worth an exact answer. A level that is not
    proven in half the time left is held at what was found. `order` is that of `search`.
    """
    return _by_levels(_freed(problem), levels_of(problem), effort, on_progress, order)


def fewest_outside(problem: Problem, effort: Effort, on_progress: OnProgress) -> LeastExceptions:
    """Find the plan with the fewest patients outside the band, and among those that of least cost.

    Both sides count alike, and the hard limits on size hold, as do further bands. Otherwise as
    `least_exceptions`.
    """
    band = SizeLevel(problem.size.band_min, problem.size.band_max)
    return _by_levels(problem, [band], effort, on_progress)


def _by_levels(
    free: Problem,
    levels: Sequence[Level],
    effort: Effort,
    on_progress: OnProgress,
    order: Order | None = None,
) -> LeastExceptions:
    """Settle one level after the other, and then the cost."""
    effort = replace(effort, gap=0.0)
    settled: list[tuple[Level, int]] = []
    best: Outcome | None = None
    proven = True
    for level in levels:
        if best is not None:
            free = level.kept(free, _outside(build_instance(free), level, best))
        best, least = _settle(free, settled, level, effort.half(), on_progress, best)
        if best.networks is None:
            nothing = (0,) * len(free.figure_limits)
            return LeastExceptions(0, 0, nothing, free, best, penalty_offset=0, proven=False)
        proven = proven and best.proven
        free = level.kept(free, least)
        if least:
            settled.append((level, least))
    region = _LastLevel(free, levels, settled, proven=proven)
    start = None if best is None else best.networks
    found: list[LeastExceptions] = []
    for turn in (_ASSIGNING, LISTING) if order is None and region.is_for_assigning else (LISTING,):
        own = effort if turn is LISTING else turn.part_of(effort)
        found.append(region.searched(turn, own, on_progress, start, order))
        if found[-1].outcome.proven or effort.seconds_left == 0:
            break
        start = found[-1].outcome.networks or start
    plans = [each for each in found if each.outcome.networks is not None]
    if found[-1].outcome.proven or not plans:
        return found[-1]
    return min(plans, key=lambda each: (each.outcome.cost or 0) - each.penalty_offset)


@dataclass(frozen=True)
class _LastLevel:
    """What is left to find once all levels are settled: the least cost.

    Attributes
    ----------
    free
        The region, in which networks may be as far outside as all of a plan may.
    proven
        Whether every level was.
    """

    free: Problem
    levels: Sequence[Level]
    settled: Settled
    proven: bool

    @property
    def is_for_assigning(self) -> bool:
        """Whether networks may be too large to list, and a tree can tell which plans count.

        Its plain checker takes how much plans may have outside on each side from the sizes allowed.
        """
        sizes = [level for level, _ in self.settled if isinstance(level, SizeLevel)]
        are_told = len(sizes) == len(self.settled) and all(
            level.largest is None or level.smallest is None for level in sizes
        )
        return are_told and self.free.size.smallest > 1 and is_for(build_instance(self.free))

    def searched(
        self,
        turn: Turn,
        effort: Effort,
        on_progress: OnProgress,
        start: Networks | None,
        order: Order | None,
    ) -> LeastExceptions:
        """Search with one of the engines."""
        rate = _GENTLY if turn.is_for_large else _HOLD
        last, holds = self.free, {level: _hold(self.free, level, rate) for level, _ in self.settled}
        for level, hold in holds.items():
            last = level.priced(last, hold)
        instance = build_instance(last)
        limits = limits_at(instance, self.settled)
        found: Outcome | Assigned
        if turn.is_for_large:
            found = assign(instance, effort, on_progress, start, is_try=turn.is_try, limits=limits)
        else:
            found = search(instance, effort, on_progress, limits=limits, start=start, order=order)
        outside = {level: _outside(instance, level, found) for level in self.levels}
        for level, amount in outside.items():
            last = level.kept(last, amount)
        sizes = np.array([instance.weights[list(m)].sum() for m in found.networks or ()])
        of_sizes = [level for level in self.levels if isinstance(level, SizeLevel)]
        limits_on_figures = range(len(self.free.figure_limits))
        return LeastExceptions(
            short=sum(int(level.short(sizes).sum()) for level in of_sizes),
            above=sum(int(level.above(sizes).sum()) for level in of_sizes),
            further=tuple(outside.get(FigureLevel(k), 0) for k in limits_on_figures),
            problem=last,
            outcome=found,
            penalty_offset=sum(hold * outside[level] for level, hold in holds.items()),
            proven=self.proven and found.proven,
        )


def _settle(
    free: Problem,
    settled: Settled,
    level: Level,
    effort: Effort,
    on_progress: OnProgress,
    before: Outcome | None,
) -> tuple[Outcome, int]:
    """Find the least total of a level, proven as far as the outcome is.

    One patient, or one unit of a figure, costs more than everything else together, so the cost of a
    plan in whole such prices is its total, and the search need only tell totals apart. Costs are
    rounded down to coarse units first: they only guide this search, and the numbers stay within 53
    bits.
    """
    steepest = max(4, _EXACT // max(1, level.most(free)))
    coarse = _coarse(free, steepest // 2)
    steep, priced = coarse.cost_ceiling() + 1, coarse
    for each, total in settled:
        hold = min(_hold(coarse, each), steepest // (2 * len(settled) * (total + 1)))
        steep += hold * total
        priced = each.priced(priced, hold)
    priced = level.priced(priced, steep)
    instance = build_instance(priced)

    def tell(_: Progress) -> None:
        # Costs are in steep prices here, and say nothing to a reader.
        on_progress(Progress("exceptions", None, None))

    outcome = search(
        instance,
        effort,
        tell,
        limits=limits_at(instance, settled),
        objective_step=steep,
        floor=level.least(instance) * steep,
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
    limits = (replace(limit, price=limit.price // unit) for limit in problem.figure_limits)
    size = replace(problem.size, hinges=hinges)
    return replace(problem, cost=cost, size=size, alignment=alignment, figure_limits=tuple(limits))


def _hold(problem: Problem, level: Level, rates: float = _HOLD) -> int:
    """Return a price per unit that holds a settled level in place."""
    rate = rates * build_instance(problem).typical_rate()
    return min(level.hold(problem, rate), _EXACT // max(1, level.most(problem)))


def _freed(problem: Problem) -> Problem:
    """Drop the sides that may be relaxed, while practices over the maximum still stand alone."""
    rule = problem.size
    size = replace(
        rule,
        smallest=1 if rule.avoid_below else rule.smallest,
        largest=int(problem.weights.sum()) if rule.avoid_above else rule.largest,
        alone_above=rule.largest,
    )
    limits = (
        replace(limit, allowed=limit.largest_excess) if limit.avoid else limit
        for limit in problem.figure_limits
    )
    return replace(problem, size=size, figure_limits=tuple(limits))


def _outside(instance: Instance, level: Level, found: Outcome | Assigned) -> int:
    """Return how much the plan that was found has outside on a level."""
    if not found.networks:
        return 0
    return int(level.amounts(instance, instance.columns_of(found.networks)).sum())
