"""The flow of a look for other good plans: the best one, those near it, and what they agree on.

As in `pipeline`, nothing here touches files or the terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from pcn_group.base.progress import Where
from pcn_group.config.model import Configuration
from pcn_group.pipeline import Result, plan_prepared, with_plan
from pcn_group.plan.matching import Moves, match_networks
from pcn_group.plan.moves import refuse_limits
from pcn_group.practices.table import Practices
from pcn_group.practices.units import unit_numbers
from pcn_group.region.region import prepare_region
from pcn_group.solver.compiled import compile_listing
from pcn_group.solver.near_optimal.pair_costs import NONE, PairCosts, pair_costs
from pcn_group.solver.near_optimal.plans import farthest_first
from pcn_group.solver.near_optimal.pool import every_plan, open_pool
from pcn_group.studies.pairs import Pair, cores

__all__ = ["Alternatives", "find_alternatives"]


@dataclass(frozen=True)
class Alternatives:
    """What there is within a tolerance of the best plan.

    Attributes
    ----------
    asked, within
        The tolerance as a share of the best cost: that asked for, and that all is about. It is less
        where more networks than can be listed are within the one asked for.
    known, are_all
        How many plans within it were found, and whether there are no others.
    all_to
        All plans that cost this or less are among those, in the problem's integers.
    plans
        The best one first. If all are given, by cost; else each differs from those before it as
        much as any that is known.
    pairs
        Of practices that are neighbours, or together in some plan, in order of code. A practice is
        a neighbour of what is attached to it, and has the neighbours of its host.
    """

    asked: Fraction
    within: Fraction
    known: int
    are_all: bool
    all_to: int
    plans: tuple[Result, ...]
    pairs: tuple[Pair, ...]

    @property
    def best(self) -> Result:
        """The best plan."""
        return self.plans[0]

    @property
    def keeps_the_band(self) -> bool:
        """Whether every plan given does, as `Result.keeps_the_band`."""
        return all(plan.keeps_the_band for plan in self.plans)

    @cached_property
    def cores(self) -> tuple[tuple[str, ...], ...]:
        """Groups of practices that are together in every plan within the tolerance, by code."""
        return cores(self.pairs)

    @cached_property
    def moves(self) -> tuple[Moves, ...]:
        """What changes from the best plan to each."""
        networks = [{n.network_id: n.members for n in plan.networks} for plan in self.plans]
        return tuple(
            match_networks(self.best.problem.weights, networks[0], each) for each in networks
        )

    def over_best(self, cost: int) -> float:
        """Return by what share a cost is above that of the best plan."""
        best = self.best.solution.cost
        return (cost - best) / best if best else 0.0


def find_alternatives(
    practices: Practices,
    configuration: Configuration,
    within: Fraction,
    count: int,
    report: Callable[[Where], None],
) -> Alternatives:
    """Find what there is within a tolerance of the best plan of a region.

    Parameters
    ----------
    configuration
        The rules. The best plan is wanted, whatever gap they allow.
    within
        A share of the best plan's cost.
    count
        How many plans to give at the most, the best among them.
    report
        Told now and then where the run stands.

    Raises
    ------
    InputError, InfeasibleError, NoPlanInTimeError
        As for `plan_region`; the last also where the best plan is not proven best, or the networks
        that other plans could use are too many.
    """
    refuse_limits(configuration)
    search = configuration.search.model_copy(update={"gap": 0.0})
    configuration = configuration.model_copy(update={"search": search})
    region = prepare_region(practices, configuration, report)
    region = replace(region, effort=region.effort.without(compile_listing))
    best, effort = plan_prepared(region), region.effort
    report(Where("alternatives"))
    pool = open_pool(best.problem, best.solution, within, effort)
    listed = every_plan(pool, until=effort.deadline)
    report(Where("pairs"))
    settled = pair_costs(pool, listed, effort.deadline)
    known = pool.best.joined(listed.plans, settled.plans)
    chosen = [*range(len(known))]
    if len(known) > count or not listed.complete:
        chosen = farthest_first(known.labels, pool.instance.weights, count)
    others = [
        (pool.whole_plan(known.labels[k]), pool.whole_cost(known.costs[k])) for k in chosen[1:]
    ]
    return Alternatives(
        asked=within,
        within=pool.tolerance,
        known=len(known),
        are_all=listed.complete,
        all_to=pool.whole_cost(listed.reach),
        plans=(best, *(with_plan(best, *other) for other in others)),
        pairs=tuple(_pairs(best, settled)),
    )


def _pairs(best: Result, settled: PairCosts) -> Iterator[Pair]:
    """Return the pairs of all practices: those attached to others go with them."""
    table, neighbours = best.practices.table, best.problem.neighbours
    codes, units = table["practice_code"].tolist(), unit_numbers(table).tolist()
    network_of = {i: k for k, members in enumerate(best.solution.networks) for i in members}
    for a, (code, i) in enumerate(zip(codes, units, strict=True)):
        near = {*neighbours[i]}
        for other, j in zip(codes[a + 1 :], units[a + 1 :], strict=True):
            together, apart = settled.together[i, j], settled.apart[i, j]
            if together == NONE and j not in near:
                continue
            yield Pair(
                first=code,
                second=other,
                in_best=network_of[i] == network_of[j],
                together=None if together == NONE else int(together),
                apart=None if apart == NONE else int(apart),
                is_settled=(min(i, j), max(i, j)) not in settled.unsettled,
            )
