"""The smallest set of practices and rules that no plan can reconcile.

Practices clash under some rules if they cannot all be in allowed networks that have nobody in
common, whatever becomes of everybody else. A set that clashes is looked for around a place, ring
by ring. Then whatever can go, goes: first rules, then practices, and what is left clashes still.
Fewer rules or practices never clash more, so of what is left nothing can go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pcn_group.geography.adjacency import connected_parts
from pcn_group.region.plan_limits import PlanLimit
from pcn_group.region.problem import Problem
from pcn_group.region.region import PLAN, Region, Rule, rules_in_force, strict_problem
from pcn_group.solver.restricted import can_be_covered
from pcn_group.solver.search.state import ANY_PLAN, Effort, Networks
from pcn_group.solver.solve import solve
from pcn_group.verify.rules import check_plan

__all__ = ["Clash", "find_clash"]

T = TypeVar("T", int, Rule, PlanLimit)

_TRIAL = 5.0
"""Seconds after which one question is given up; nearly all take a fraction of one."""


@dataclass(frozen=True)
class Clash:
    """Practices that cannot all be in allowed networks, and the rules that are to blame.

    Attributes
    ----------
    practices
        Their positions, ascending; none where every practice has room, and only limits on the whole
        plan leave none.
    rules
        Without contiguity, which always counts.
    is_least
        Whether it is proven that without any one of the practices, or of the rules, the others can
        be in allowed networks. Else some may have nothing to do with it.
    cut_off
        The positions of all that neighbours connect with these practices, themselves included,
        where that is less than half of the region; none otherwise.
    serving
        Where one network for each neighbourhood is among the rules: of how many may serve each, and
        must, what is enough to leave no plan.
    """

    practices: tuple[int, ...]
    rules: tuple[Rule, ...]
    is_least: bool
    cut_off: tuple[int, ...]
    serving: tuple[PlanLimit, ...] = ()


def find_clash(
    region: Region,
    rules: Sequence[Rule],
    centre: Sequence[int],
    effort: Effort,
    known: Networks = (),
) -> Clash:
    """Find a minimal clash in a region that is proven to have no plan under some of its rules.

    Parameters
    ----------
    rules
        Those rules.
    centre
        Positions of the practices to look around first; none for no place in particular.
    effort
        Once its time is over, the clash is what is left by then.
    known
        A plan that keeps some of the rules: what it keeps is no clash.
    """
    problem, trial = strict_problem(region), _Trial(region, effort, known)
    if trial.is_of_the_plan(rules):
        few, known_all = _thinned(rules, trial.has_no_plan)
        serving, _ = _thinned(trial.serving(few), lambda some: trial.has_no_plan(few, some))
        return Clash((), tuple(few), known_all, (), tuple(serving))
    rings = _rings(problem, centre)
    practices = list(rings[0])
    for ring in rings[1:]:
        if trial.clash(practices, rules):
            break
        practices += ring
    few, known_all = _thinned(rules, lambda some: trial.clash(practices, some))
    # The farthest first: what is left is then as near to the centre as can be.
    kept, known_too = _thinned(practices[::-1], lambda some: trial.clash(some, few))
    return Clash(tuple(sorted(kept)), tuple(few), known_all and known_too, _cut_off(problem, kept))


class _Trial:
    """Tells whether practices clash under some of the rules, as far as time allows."""

    def __init__(self, region: Region, effort: Effort, known: Networks) -> None:
        self._region = region
        self._effort = effort
        self._plans = [known] if known else []
        self._problems: dict[tuple[Rule, ...], Problem] = {}

    def clash(self, practices: Sequence[int], rules: Sequence[Rule]) -> bool | None:
        """Whether they do, with proof; None where that took too long to tell."""
        if not self._effort.seconds_left:
            return None
        covered = can_be_covered(
            self._problem(tuple(rules)), practices, self._effort.at_most(_TRIAL)
        )
        return None if covered is None else not covered

    def has_no_plan(
        self, rules: Sequence[Rule], serving: Sequence[PlanLimit] | None = None
    ) -> bool | None:
        """Whether no plan of the whole region keeps some rules; None where that is not known.

        Parameters
        ----------
        serving
            What of one network for each neighbourhood is asked for, if not all of it.
        """
        problem = self._problem(tuple(rules))
        if serving is not None:
            limits = (limit for limit in problem.plan_limits if limit.neighbourhood is None)
            problem = replace(problem, plan_limits=(*limits, *serving))
        if any(check_plan(problem, plan).holds for plan in self._plans):
            return False
        if not self._effort.seconds_left:
            return None
        effort = replace(self._effort.at_most(_TRIAL), gap=ANY_PLAN)
        found = solve(problem, effort, lambda _: None)
        if found.networks:
            self._plans.append(found.networks)
        return None if found.status == "no_plan_in_time" else not found.networks

    def serving(self, rules: Sequence[Rule]) -> tuple[PlanLimit, ...]:
        """Return what one network for each neighbourhood asks for, if it is among the rules."""
        limits = self._problem(tuple(rules)).plan_limits
        return tuple(limit for limit in limits if limit.neighbourhood is not None)

    def is_of_the_plan(self, rules: Sequence[Rule]) -> bool:
        """Whether there are limits on the whole plan, and without them there is a plan."""
        others = [rule for rule in rules if rule.key not in PLAN]
        return len(others) < len(rules) and self.has_no_plan(others) is False

    def _problem(self, rules: tuple[Rule, ...]) -> Problem:
        if rules not in self._problems:
            without = [rule for rule in rules_in_force(self._region) if rule not in rules]
            self._problems[rules] = strict_problem(self._region, without)
        return self._problems[rules]


def _thinned(
    items: Sequence[T], clash: Callable[[Sequence[T]], bool | None]
) -> tuple[list[T], bool]:
    """Drop what a clash does not need, from the front, half of the rest at a time.

    Returns
    -------
    What is left, and whether it is known of each that it is needed.
    """
    known = True

    def thin(kept: list[T], some: Sequence[T]) -> list[T]:
        nonlocal known
        without = [item for item in kept if item not in some]
        verdict = clash(without)
        if verdict:
            return without
        half = len(some) // 2
        if half:
            return thin(thin(kept, some[:half]), some[half:])
        known = known and verdict is not None
        return kept

    return thin(list(items), items), known


def _rings(problem: Problem, centre: Sequence[int]) -> list[list[int]]:
    """Return the practices not aside in rings: the centre, its neighbours, their neighbours, ..."""
    left = set(range(len(problem.codes))).difference(*problem.aside)
    ring, rings = sorted(left.intersection(centre)), []
    while ring:
        rings.append(ring)
        left.difference_update(ring)
        ring = sorted(left.intersection(j for i in ring for j in problem.neighbours[i]))
    return [*rings, sorted(left)] if left else rings


def _cut_off(problem: Problem, practices: Sequence[int]) -> tuple[int, ...]:
    aside = {i for network in problem.aside for i in network}
    beside = [
        () if i in aside else tuple(j for j in neighbours if j not in aside)
        for i, neighbours in enumerate(problem.neighbours)
    ]
    parts = [set(part) for part in connected_parts(beside) if part[0] not in aside]
    reached = [i for part in parts if not part.isdisjoint(practices) for i in part]
    return tuple(sorted(reached)) if 2 * len(reached) < sum(map(len, parts)) else ()
