"""What would resolve a clash: limits moved, rules dropped, bridges built, each tried by solving."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

import numpy as np

from pcn_group.base.progress import OnProgress
from pcn_group.infeasibility.best import best_plan
from pcn_group.infeasibility.clash import Clash
from pcn_group.infeasibility.nearest import nearest_limit
from pcn_group.region.problem import Problem
from pcn_group.region.scenario import BAND, Rule, Terms
from pcn_group.solver.model.effort import Effort
from pcn_group.solver.restricted import can_be_covered
from pcn_group.solver.solve import Solution

__all__ = ["Remedy", "remedies", "yielding"]

_BRIDGES_TRIED, _BRIDGES = 12, 2
"""Pairs of practices tried as neighbours, nearest first, and how many that help are told."""
_TRIAL = 5.0
"""Seconds after which a bridge is given up."""


@dataclass(frozen=True)
class Remedy:
    """One change to the rules that helps, and the best plan after it.

    Attributes
    ----------
    kind
        A limit at another value, a rule that is dropped, or a bridge: neighbours added.
    rule
        The limit at its new value, or the rule that is dropped; None for a bridge.
    is_nearest
        Of a limit: whether it is proven that no value in between would do.
    bridge
        The positions of the two practices that become neighbours; None for a rule.
    solution
        The best plan of the region so changed, in which the band gives way where it must.
    """

    kind: Literal["limit", "dropped", "bridge"]
    rule: Rule | None
    is_nearest: bool
    bridge: tuple[int, int] | None
    solution: Solution

    @property
    def resolves(self) -> bool:
        """Whether there is a plan in the band then."""
        return not self.solution.short and not self.solution.above


def remedies(
    terms: Terms, clash: Clash, least: Solution, effort: Effort, report: OnProgress
) -> tuple[Remedy, ...]:
    """Find what helps against a clash, what resolves all of it first.

    Parameters
    ----------
    least
        The plan with the fewest patients outside the band as things are: what helps has fewer.
    """
    sizes = () if least.networks else [rule for rule in terms.rules if rule.key in BAND]
    found = [_about(terms, rule, effort, report) for rule in clash.rules if effort.seconds_left]
    if effort.seconds_left:
        found += _bridges(terms, clash, sizes, effort, report)
    helping = [each for each in found if each is not None and _helps(each.solution, least)]
    return tuple(sorted(helping, key=lambda remedy: not remedy.resolves))


def yielding(problem: Problem) -> Problem:
    """Return the same region with both sides of the band to be avoided only."""
    return problem.with_size(replace(problem.size, avoid_below=True, avoid_above=True))


def _helps(after: Solution, before: Solution) -> bool:
    if not after.networks or not before.networks:
        return bool(after.networks)
    return (after.short, after.above) < (before.short, before.above)


def _about(terms: Terms, rule: Rule, effort: Effort, report: OnProgress) -> Remedy | None:
    """Move a limit as little as needed, or drop a rule; the band is only ever moved."""
    nearest = None
    if rule.value is not None:
        nearest = nearest_limit(terms, rule, effort.at_most(effort.seconds_left / 4))
    if nearest is not None:
        limit, is_nearest = nearest
        changed = terms.having(limit.key, limit.value)
        solution = best_plan(yielding(changed.problem), effort, report=report)
        return Remedy("limit", limit, is_nearest, None, solution)
    if rule.key in BAND:
        return None
    solution = best_plan(yielding(terms.without([rule]).problem), effort, report=report)
    return Remedy("dropped", rule, is_nearest=False, bridge=None, solution=solution)


def _bridges(
    terms: Terms, clash: Clash, without: Sequence[Rule], effort: Effort, report: OnProgress
) -> Iterator[Remedy]:
    """Try pairs that would make room for the practices that clash, some rules left out."""
    enough = (
        pair
        for pair in islice(_far_pairs(terms, clash), _BRIDGES_TRIED)
        if effort.seconds_left
        and can_be_covered(
            terms.joined(pair).strict(without), clash.practices, effort.at_most(_TRIAL)
        )
    )
    for pair in islice(enough, _BRIDGES):
        solution = best_plan(yielding(terms.joined(pair).problem), effort, report=report)
        yield Remedy("bridge", None, is_nearest=False, bridge=pair, solution=solution)


def _far_pairs(terms: Terms, clash: Clash) -> Iterator[tuple[int, int]]:
    """Return who clashes, or is cut off with them, with each practice that is no neighbour.

    The nearest first. Pairs that the configuration removes are left out, and those out of reach of
    each other, and whoever stands aside.
    """
    problem, values = terms.problem, terms.travel.values
    everyone = set(range(len(problem.codes))).difference(*problem.aside)
    inside = clash.cut_off or clash.practices
    removed = {frozenset(pair) for pair in terms.configuration.adjacency.remove}
    pairs = {
        (min(i, j), max(i, j))
        for i in inside
        for j in everyone.difference((i,), problem.neighbours[i])
        if frozenset((problem.codes[i], problem.codes[j])) not in removed
    }
    both = np.minimum(values, values.T)
    within_reach = (pair for pair in pairs if np.isfinite(both[pair]))
    yield from sorted(within_reach, key=lambda pair: (float(both[pair]), pair))
