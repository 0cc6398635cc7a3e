"""The search of the second engine: a plan first, then a tree under targets that rise.

A tree under a low target is soon closed, and that it closes is a bound. So targets rise from a
bound at the root by steps that grow, until a plan is found under one or the best plan known is the
target: then the best plan is known, and proven.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.progress import OnProgress, Progress, Stage
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.assignment.master import Master
from pcn_group.solver.assignment.tables import Hess
from pcn_group.solver.assignment.tree import Tree
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.search.anneal import AnnealedPlan, anneal, initial_plans
from pcn_group.solver.search.decomposition import Neighbourhoods
from pcn_group.solver.search.state import ONE_SEED, Effort, Limits, Networks
from pcn_group.solver.search.threads import Threads
from pcn_group.verify.division import Division

__all__ = [
    "Assigned",
    "assign",
    "hess_of",
    "in_the_way",
    "is_for",
    "is_for_both",
    "may_be_for",
    "unsupported",
]

_FIRST_STEP, _GROWTH = 0.0025, 1.5
"""How far the first target is above the bound at the root, and how the distance grows."""
_LOOSE = 0.3
"""How far above the bound at the root a first plan may be."""
_FAR, _STARTS, _AT_ONCE, _PATIENCE = 0.0125, 32, 4, 10
"""How far above the bound a plan may be until others are annealed from elsewhere, how many in all
and in a row, and how patiently: where networks are hardly above the minimum, hurry finds only plans
of too few, and few of the patient ones are near the best."""
_BEST = 3
"""So many of them are improved neighbourhood by neighbourhood."""
_LARGE = 100
"""From so many practices on duals are improved by programmes as well, and sets take practices whole
only: smaller regions are settled sooner than these pay."""
_FIRST_PARTS, _NEIGHBOURHOOD_PARTS = 2_000, 600
"""Parts of a tree that are spent on a first plan, and on a neighbourhood."""
_PLANS, _LAST_CALL = 0.4, 0.95
"""Shares of the time after which neighbourhoods give way to the bound, and the proof is written."""
_TOLD = 100
"""Parts of a tree between two looks at how far it is."""
_MANY, _TOO_MANY = 12.0, 18.0
"""With so many practices in the largest networks, candidates may be too many for the first engine,
and surely are."""
_TRY, _SHARE_OF_TRY = 500, 0.25
"""In between this engine has a try, which ends after so many parts or this share of the time."""
_MOST_PRACTICES = 1_000


@dataclass(frozen=True)
class Assigned:
    """What a search ended with.

    Attributes
    ----------
    networks, cost
        The best plan; None where none was found.
    bound
        No plan costs less; above what any can cost where there is none.
    proof
        Of the bound.
    proven
        The plan is the best, or within the gap asked for, or there is none.
    """

    networks: Networks | None
    cost: int | None
    bound: int
    proof: Division
    proven: bool


def may_be_for(problem: Problem) -> bool:
    """Whether networks are so large that a region is for this engine, if it knows all rules."""
    aside = [i for network in problem.aside for i in network]
    weights = np.delete(problem.weights, aside)
    return _largest(problem.size.largest, len(weights), int(weights.sum())) > _MANY


def is_for(instance: Instance) -> bool:
    """Whether a region is for this engine: networks may be large, and it knows all rules.

    Parts that no whole number of networks can hold are for the other, which sees that at once.
    """
    if _largest_in(instance) <= _MANY:
        return False
    return not unsupported(instance) and not instance.indivisible_parts()


def is_for_both(instance: Instance) -> bool:
    """Whether of a region that is for this engine the other might make more."""
    return _largest_in(instance) <= _TOO_MANY


def _largest_in(instance: Instance) -> float:
    return _largest(instance.region.largest, instance.size, instance.patients)


def _largest(most: int, practices: int, patients: int) -> float:
    """Return how many practices a network of `most` patients has, if they are of the mean size."""
    return min(1.0, most / max(1, patients)) * practices


def unsupported(instance: Instance) -> tuple[str, ...]:
    """Return the keys of rules that this engine does not know, if a region has any."""
    region, problem = instance.region, instance.problem
    found = {
        "rules.together, rules.apart": region.has_pair_rules,
        "limits.max_practices": problem.max_practices < len(problem.codes),
        "limits on a plan": len(instance.limits) > 0,
        "neighbourhoods": instance.limits.alignment is not None,
        "profile.bands": len(instance.figure_limits) > 0,
        "hubs.sites": instance.has_sites,
        f"more than {_MOST_PRACTICES:,} practices": instance.size > _MOST_PRACTICES,
    }
    return tuple(key for key, is_there in found.items() if is_there)


def in_the_way(problem: Problem) -> tuple[str, ...]:
    """Return the keys of rules for which networks so large are left to the other engine, if any."""
    instance = build_instance(problem)
    return () if is_for_both(instance) else unsupported(instance)


def assign(
    instance: Instance,
    effort: Effort,
    on_progress: OnProgress,
    start: Networks | None = None,
    *,
    is_try: bool = False,
    limits: Limits | None = None,
) -> Assigned:
    """Find the best plan of an instance, and prove it.

    Parameters
    ----------
    instance
        One that `is_for` this engine.
    start
        A plan to improve on.
    is_try
        Whether it ends early unless it is soon done.
    limits
        What a plan may have at most in all; given columns, their amounts. The bound is on plans
        that keep them.
    """
    return _Search(instance, effort, on_progress, limits, is_try=is_try).run(start)


class _Search:
    """The best plan and the best bound so far."""

    def __init__(
        self,
        instance: Instance,
        effort: Effort,
        on_progress: OnProgress,
        limits: Limits | None,
        *,
        is_try: bool,
    ) -> None:
        self.instance, self.effort, self.on_progress = instance, effort, on_progress
        self.limits = limits
        self.networks: Networks | None = None
        self.cost: int | None = None
        self.hess, self.near = hess_of(instance), _near(instance)
        self.last_call = effort.until(_SHARE_OF_TRY if is_try else _LAST_CALL)
        self.is_try, self.parts = is_try, 0
        self.master = Master(self.hess) if instance.size >= _LARGE else None
        self.tree = self._tree(instance.ceiling + 1, None)
        self.root, self.hubs = self.tree.bound, self.tree.hubs

    def run(self, start: Networks | None) -> Assigned:
        """Go through the targets; return the outcome."""
        if start is not None:
            self._offer(start)
        self._tell("first plans")
        self._find_plan()
        step, scale = _FIRST_STEP, abs(self.root) or self._goal
        while self.tree.bound < self._goal and not self._is_late():
            raised = self.root + int(step * scale) + 1
            step *= _GROWTH
            if self.root + int(step * scale) >= self._goal:
                raised = self._goal  # a target just below would take nearly as long
            if raised > self.tree.bound:
                self._close(raised)
        proof = self.tree.proven()
        bound = self.tree.bound
        if self.cost is not None:
            bound = min(bound, self.cost)
        return Assigned(self.networks, self.cost, bound, proof, proven=bound >= self._goal)

    @property
    def _goal(self) -> int:
        """A bound this high ends the search."""
        if self.cost is None:
            return self.instance.ceiling + 1
        return self.cost - int(self.effort.gap * self.cost)

    def _raise_root(self) -> None:
        """Bound the root again where the plan is far from it, so that low targets are left out."""
        tree = self._tree(self._goal, self.master)
        if tree.bound > self.tree.bound:
            self.tree, self.root = tree, tree.bound

    def _close(self, target: int) -> None:
        """Search a tree under a target to its end, whatever plans come up."""
        tree = self._tree(target, self.master)
        while (owner := tree.run(self._told(tree))) is not None:
            self._offer(_networks(owner))
            tree.lower(self._goal)
        if tree.bound > self.tree.bound:
            self.tree = tree

    def _find_plan(self) -> None:
        """Look for a first plan that is not too far from the bound, and improve it."""
        if self.networks is None and not self._is_late():
            self._anneal()
        if self.networks is None:
            tree = self._tree(self.root + int(_LOOSE * abs(self.root)) + 1, None)
            owner = tree.run(self._stopped, _FIRST_PARTS)
            if owner is None:
                return
            self._offer(_networks(owner))
        self._improve(self.networks or ())
        if self.master is not None and not self._is_late():
            self._raise_root()
        others = sorted(self._from_elsewhere())
        for _, networks in others[:_BEST]:
            if self._has_plan_enough():
                break
            self._improve(networks)

    def _from_elsewhere(self) -> Iterator[tuple[int, Networks]]:
        """Anneal as many networks as the bound has, from elsewhere each time; give valid plans.

        So many are annealed before the next look at the plan, whatever the number of threads.
        """
        stop = np.zeros(1, dtype=np.int64)

        def annealed(seed: int) -> AnnealedPlan:
            return anneal(
                self.instance, self.hubs, seed, stop, patience=_PATIENCE, is_scattered=True
            )

        with closing(Threads(self.effort.workers)) as threads:
            try:
                for first in range(ONE_SEED, ONE_SEED + _STARTS, _AT_ONCE):
                    if self._has_plan_enough():
                        return
                    seeds = range(first, first + _AT_ONCE)
                    for wait in [threads.begin(partial(annealed, seed)) for seed in seeds]:
                        found = wait()
                        if found.deviation == 0:
                            self._offer(found.networks)
                            yield found.cost, found.networks
            finally:
                stop[0] = 1  # none goes on for nobody

    def _has_plan_enough(self) -> bool:
        """Whether the plan is not too far from the bound, or no more time is to go into plans."""
        if self.is_try or self._is_late() or time.monotonic() > self.effort.until(_PLANS):
            return True
        return (self.cost or 0) - self.root <= _FAR * abs(self.root)

    def _improve(self, plan: Networks) -> None:
        """Improve a plan neighbourhood by neighbourhood, unless limits are on all of it."""
        if self.limits is not None:
            return
        self._tell("windows")
        duals = self.tree.root.duals[-1]
        neighbourhoods = Neighbourhoods(self.instance, plan, self._improved)
        for is_better in neighbourhoods.improve(duals):
            if is_better:
                self._offer(neighbourhoods.plan)
            self._tell("windows")
            if self._is_late() or time.monotonic() > self.effort.until(_PLANS):
                return

    def _anneal(self) -> None:
        none = np.zeros(1, dtype=np.int64)
        for plan in initial_plans(self.instance, ONE_SEED, none).plans:
            self._offer(tuple(tuple(plan.members_of(k).tolist()) for k in range(len(plan))))

    def _improved(self, part: Instance, plan: Networks | None) -> Networks | None:
        """Return a better plan of a few networks, if a tree of limited size has one."""
        cost = sum(map(part.network_cost, plan or ()))
        tree, best = Tree(hess_of(part), _near(part), cost), None
        while (owner := tree.run(self._stopped, _NEIGHBOURHOOD_PARTS)) is not None:
            best = _networks(owner)
            tree.lower(sum(map(part.network_cost, best)))
        return best

    def _offer(self, networks: Networks) -> None:
        cost = sum(map(self.instance.network_cost, networks))
        if (self.cost is None or cost < self.cost) and self._counts(networks):
            self.networks, self.cost = networks, cost

    def _tree(self, target: int, master: Master | None) -> Tree:
        def counts(owner: NDArray[np.int64]) -> bool:
            return self._counts(_networks(owner))

        return Tree(self.hess, self.near, target, counts, master)

    def _counts(self, networks: Networks) -> bool:
        """Whether a plan keeps the limits on all of it."""
        if self.limits is None:
            return True
        plan = self.instance.columns_of(networks)
        return all(int(limit.amounts.sum()) <= limit.total for limit in self.limits(plan))

    def _is_late(self) -> bool:
        return (self.is_try and self.parts >= _TRY) or time.monotonic() > self.last_call

    def _stopped(self) -> bool:
        """Count a part of a tree, and say whether that was the last."""
        self.parts += 1
        return self._is_late()

    def _told(self, tree: Tree) -> Callable[[], bool]:
        """Return what looks at the clock, and tells now and then how far a tree is."""
        parts = tree.parts

        def stopped() -> bool:
            nonlocal parts
            if tree.parts > parts + _TOLD:
                parts = tree.parts
                self._tell("bound", tree.bound)
            return self._stopped()

        return stopped

    def _tell(self, stage: Stage, bound: int = 0) -> None:
        bound = max(bound, self.tree.bound)
        if self.cost is not None:
            bound = min(bound, self.cost)
        self.on_progress(Progress(stage, self.cost, max(0, bound), self.networks))


def hess_of(instance: Instance) -> Hess:
    """Return what the kernels see of an instance."""
    region, patients, rule = instance.region, instance.patients, instance.problem.size
    inside = {hinge.at for hinge in rule.hinges if rule.smallest < hinge.at < rule.largest}
    ends = np.array([rule.smallest, *sorted(inside), rule.largest], dtype=np.int64)
    paid = np.array([rule.penalty(end) for end in ends.tolist()], dtype=np.int64)
    return Hess(
        weights=region.weights,
        cost=region.cost,
        link_start=region.link_start,
        links=region.links,
        ends=ends,
        slopes=np.diff(paid) // np.maximum(1, np.diff(ends)),
        paid=paid,
        fewest=-(-patients // region.largest),
        most=instance.max_networks,
        is_whole=instance.size >= _LARGE and not paid.any(),  # such sets are found at one slope
    )


def _near(instance: Instance) -> NDArray[np.bool_]:
    """Return which practices (columns) may be with each hub (row)."""
    region = instance.region
    near = np.zeros(region.cost.shape, dtype=np.bool_)
    near[np.repeat(np.arange(len(near)), np.diff(region.near_start)), region.near] = True
    near[np.diag(region.cost) >= FORBIDDEN] = False
    return near


def _networks(owner: NDArray[np.int64]) -> Networks:
    """Return the networks of a plan, given as the hub of each practice."""
    groups = (tuple(np.flatnonzero(owner == hub).tolist()) for hub in np.unique(owner))
    return tuple(sorted(groups))
