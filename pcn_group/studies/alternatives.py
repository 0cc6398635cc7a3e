"""Other good plans: the best one, those near it, and what they agree on.

As in `pipeline`, nothing here touches files or the terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

from pcn_group.base.lookup import told
from pcn_group.base.progress import Where
from pcn_group.config.model import Configuration
from pcn_group.config.rules import merged
from pcn_group.pipeline import solve_run, start_run, with_plan
from pcn_group.plan.moves import Moves, amounts_of, match_networks, refuse_limits
from pcn_group.plan.solved import SolvedPlan
from pcn_group.practices.table import Practices
from pcn_group.practices.units import unit_numbers
from pcn_group.solver.compiled import compile_listing
from pcn_group.solver.near_optimal.enumeration import farthest_first
from pcn_group.solver.near_optimal.pair_costs import NONE, PairCosts, pair_costs
from pcn_group.solver.near_optimal.pool import every_plan, open_pool

__all__ = ["Alternatives", "Pair", "Verdict", "cores", "find_alternatives"]


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
    plans: tuple[SolvedPlan, ...]
    pairs: tuple[Pair, ...]

    @property
    def best(self) -> SolvedPlan:
        """The best plan."""
        return self.plans[0]

    @property
    def keeps_the_band(self) -> bool:
        """Whether every plan given does, as `SolvedPlan.keeps_the_band`."""
        return all(plan.keeps_the_band for plan in self.plans)

    @cached_property
    def cores(self) -> tuple[tuple[str, ...], ...]:
        """Groups of practices that are together in every plan within the tolerance, by code."""
        return cores(self.pairs)

    @cached_property
    def moves(self) -> tuple[Moves, ...]:
        """What changes from the best plan to each."""
        networks = [{n.network_id: n.members for n in plan.networks} for plan in self.plans]
        amounts = amounts_of(self.best.region)
        return tuple(match_networks(amounts, networks[0], each) for each in networks)

    def told(self, practice: str) -> str:
        """Return the code of a practice with its name beside it."""
        return told(practice, self._names)

    @cached_property
    def _names(self) -> dict[str, str]:
        table = self.best.region.table
        return dict(zip(table["practice_code"], table["practice_name"], strict=True))

    def over_best(self, cost: int) -> float:
        """Return by what share a cost is above that of the best plan."""
        best = self.best.solution.cost
        return (cost - best) / best if best else 0.0


def find_alternatives(
    practices: Practices,
    configuration: Configuration,
    within: Fraction,
    count: int,
    on_progress: Callable[[Where], None],
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
    on_progress
        Told now and then where the run stands.

    Raises
    ------
    InputError, InfeasibleError, NoPlanInTimeError
        As for `solve`; the last also where the best plan is not proven best, or the networks
        that other plans could use are too many.
    """
    refuse_limits(configuration)
    search = configuration.search.model_copy(update={"gap": 0.0})
    configuration = configuration.model_copy(update={"search": search})
    run = start_run(practices, configuration, on_progress)
    run = replace(run, effort=run.effort.without(compile_listing))
    best, effort = solve_run(run), run.effort
    on_progress(Where("alternatives"))
    pool = open_pool(best.region.problem, best.solution, within, effort)
    listed = every_plan(pool, until=effort.deadline)
    on_progress(Where("pairs"))
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


def _pairs(best: SolvedPlan, settled: PairCosts) -> Iterator[Pair]:
    """Return the pairs of all practices: those attached to others go with them."""
    table, neighbours = best.region.table, best.region.problem.neighbours
    codes, units = table["practice_code"].tolist(), unit_numbers(table).tolist()
    network_of = {i: k for k, members in enumerate(best.solution.networks) for i in members}
    for a, (code, i) in enumerate(zip(codes, units, strict=True)):
        near = {*neighbours[i]}
        for other, j in zip(codes[a + 1 :], units[a + 1 :], strict=True):
            together, apart = settled.together[i, j], settled.apart[i, j]
            is_settled = (min(i, j), max(i, j)) not in settled.unsettled
            if together == NONE and is_settled and j not in near:
                continue  # always apart, as all pairs that are left out
            yield Pair(
                first=code,
                second=other,
                in_best=network_of[i] == network_of[j],
                together=None if together == NONE else int(together),
                apart=None if apart == NONE else int(apart),
                is_settled=is_settled,
            )


Verdict = Literal["always together", "always apart", "open", "not settled"]


@dataclass(frozen=True)
class Pair:
    """Two practices, and the cost of the best plan with them together, and with them apart.

    Attributes
    ----------
    first, second
        Their codes, in order.
    in_best
        Whether they are together in the best plan.
    together, apart
        The least cost of a plan within the tolerance, in the problem's integers; None where there
        is none.
    is_settled
        Whether both are proven; else a plan that costs less may exist.
    """

    first: str
    second: str
    in_best: bool
    together: int | None
    apart: int | None
    is_settled: bool

    @property
    def verdict(self) -> Verdict:
        """What the plans within the tolerance say."""
        if self.together is not None and self.apart is not None:
            return "open"
        if not self.is_settled:
            return "not settled"
        return "always apart" if self.together is None else "always together"

    @property
    def otherwise(self) -> int | None:
        """The least cost of a plan that decides otherwise than the best; None as for the others."""
        return self.apart if self.in_best else self.together


def cores(pairs: Iterable[Pair]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of practices that are together in every plan, each in order of code."""
    return merged(_always_together(pairs))


def _always_together(pairs: Iterable[Pair]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        if pair.verdict == "always together":
            yield pair.first, pair.second
