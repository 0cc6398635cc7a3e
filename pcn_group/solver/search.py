"""The search: a bound from below, plans from above, and expansion until they meet.

1. Annealing gives first plans and columns.
2. Column generation gives a bound; cuts, priced with the columns, raise it.
3. All candidates that a better plan could use are enumerated, and the best plan among them is
   selected. Found within the reach enumerated, it is optimal; if there is none, the bound rises by
   that reach and the next is wider.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcn_group.solver.columns import Columns
from pcn_group.solver.cuts import lay_out_tolls
from pcn_group.solver.division import Part, split, tightened
from pcn_group.solver.drafts import draft_plans
from pcn_group.solver.effort import Effort
from pcn_group.solver.instance import Instance
from pcn_group.solver.master import LinearProgramError
from pcn_group.solver.parts import Networks, better_windows, plan_of_parts
from pcn_group.solver.pricing import UNLIMITED, Pricer
from pcn_group.solver.relaxation import Proof, Relaxation
from pcn_group.solver.selection import (
    Budget,
    Limit,
    Selected,
    Verdict,
    first_of_equals,
    select,
)

__all__ = ["Effort", "Outcome", "Progress", "Report", "search"]

Int = NDArray[np.int64]

_CUTS_PER_ROUND = 100
_CUT_ROUNDS = 60
_QUICK_COLUMNS = 2000
_QUICK_EFFORT = 2.0
_FULL_EFFORT = 1e6
_EQUALS_EFFORT = 20.0
_SMALL_POOL = 500
_SMALL_POOL_NODES = 10_000
_FIRST_POOL = 20_000
_POOL_LIMIT = 320_000
_FARTHEST_REACH = 2**61
_FIRST_REACH = 0.02
_LAST_CALL, _LAST_CUTS = 0.8, 0.5
"""Shares of the time limit. After the first an unfinished first bound gives way to looking for a
plan; after the second cuts do, in a large region."""
_LARGE = 500
"""With more practices than this a plan is made of parts, and the search ends with a gap."""
_TOLERANCE = 1e-3
"""In a large region, how far from its end column generation may stop, as a share of the cost."""
_PART_SECONDS = 20.0
_SELECTABLE = 1_500
"""Columns that CP-SAT is given at once: more are divided first."""


@dataclass(frozen=True)
class Progress:
    """Where a search stands, for display. Costs are in the problem's integers."""

    stage: str
    cost: int | None
    bound: int | None


Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Outcome:
    """What a search ended with.

    Attributes
    ----------
    networks
        Of the best plan, in the instance's numbering; None if none was found.
    cost, bound
        Of that plan, and of any plan. `bound > cost_ceiling` where no plan exists.
    proof
        What re-proves a bound by plain enumeration; at most `bound`.
    proven
        The plan is best, or within the gap asked for, or proven not to exist.
    """

    networks: tuple[tuple[int, ...], ...] | None
    cost: int | None
    bound: int
    proof: Proof | None
    proven: bool
    infeasible: bool


def search(
    instance: Instance,
    effort: Effort,
    report: Report,
    *,
    limits: Callable[[Columns], Sequence[Limit]] | None = None,
    grain: int = 1,
    start: Networks | None = None,
) -> Outcome:
    """Find the best plan of an instance, and prove it.

    Parameters
    ----------
    limits
        What a plan may have at most in all; given columns, their amounts.
    grain
        Costs are told apart only in whole grains: the search ends once no plan can be a grain
        better than the best.
    start
        A plan to improve on, in the instance's numbering.
    """
    if instance.size == 0:
        nothing = np.zeros(0, dtype=np.int64)
        proof = Proof(nothing, (), nothing)
        return Outcome((), 0, 0, proof, proven=True, infeasible=False)
    if instance.indivisible_parts():
        beyond = instance.problem.cost_ceiling() + 1
        return Outcome(None, None, beyond, None, proven=True, infeasible=True)
    run = _Search(instance, effort, report, limits or (lambda _: ()), grain)
    if start is not None:
        run.offer(run.as_columns(start))
    try:
        return run.outcome()
    finally:
        run.pricer.close()


class _Search:
    """The state of one search: the best plan, the best bound, the relaxation."""

    def __init__(
        self,
        instance: Instance,
        effort: Effort,
        report: Report,
        limits: Callable[[Columns], Sequence[Limit]],
        grain: int,
    ) -> None:
        self.instance = instance
        self.effort = effort
        self.limits = limits
        self.pricer = Pricer(instance, effort.workers, effort.deadline)
        self.ceiling = instance.problem.cost_ceiling()
        self.grain = grain
        self.plan: Columns | None = None
        self.bound = 0
        self.proof: Proof | None = None
        self._report = report

    # --- what is known -------------------------------------------------------------------------

    @property
    def cost(self) -> int | None:
        """Cost of the best plan."""
        return int(self.plan.costs.sum()) if self.plan is not None else None

    @property
    def target(self) -> int:
        """A bound this high ends the search: the best plan's cost, or more than any plan costs."""
        if self.cost is None:
            return self.ceiling + 1
        return min(
            self.cost - int(self.effort.gap * self.cost), self.cost // self.grain * self.grain
        )

    @property
    def done(self) -> bool:
        """Whether the bound has reached the target."""
        return self.bound >= self.target

    def offer(self, plan: Columns | None) -> None:
        """Keep a plan if it is valid under the limits and better than the best so far."""
        if plan is None or any(
            int(limit.amounts.sum()) > limit.total for limit in self.limits(plan)
        ):
            return
        if self.cost is None or int(plan.costs.sum()) < self.cost:
            self.plan = plan

    def as_columns(self, networks: Networks) -> Columns:
        """Give networks as columns."""
        return Columns.of(networks, [self.instance.network_cost(each) for each in networks])

    def tell(self, stage: str) -> None:
        """Report where the search stands."""
        self._report(Progress(stage, self.cost, self.bound if self.proof is not None else None))

    # --- the stages ----------------------------------------------------------------------------

    def outcome(self) -> Outcome:
        """Run the stages."""
        relaxation = Relaxation(self.instance, *self._first_columns())
        converged = self._raise_bound(relaxation)
        if self._is_large:
            self._improve_windows(relaxation.proof)
        elif converged and not self._close_enough:
            self._expand(relaxation.proof)
        infeasible = self.plan is None and self.bound > self.ceiling
        networks = None
        if self.plan is not None:
            plan = self.plan
            networks = tuple(sorted(tuple(plan.members_of(k).tolist()) for k in range(len(plan))))
        return Outcome(
            networks, self.cost, self.bound, self.proof, proven=self.done, infeasible=infeasible
        )

    def _first_columns(self) -> tuple[Columns, float]:
        """Draft a few plans; give their good networks, and a typical cost per patient."""
        if self.plan is not None:
            return self.plan, int(self.plan.costs.sum()) / self.instance.patients
        self.tell("first plans")
        drafts = draft_plans(self.instance, self.effort.seed, self.pricer.flag)
        for plan in drafts.plans:
            self.offer(plan)
        return drafts.networks, drafts.rate

    def _raise_bound(self, relaxation: Relaxation) -> bool:
        """Converge, add cuts, again; False when time ran out, or GLOP failed."""
        self.tell("bound")
        tolerance = _TOLERANCE if self._is_large else 0.0
        until = self.effort.until(_LAST_CALL)
        gaps: list[int] = []
        for _ in range(_CUT_ROUNDS):
            try:
                finished = relaxation.converge(self.pricer, self.target, until, tolerance)
            except LinearProgramError:
                finished = False  # what is known so far stands
            if finished or relaxation.proof.bound > self.bound:
                self.proof, self.bound = relaxation.proof, relaxation.proof.bound
            if not finished:
                if not gaps:
                    self._quick_plan(relaxation)
                return False
            self.offer(relaxation.integral_plan())
            if len(gaps) == 0 or (len(gaps) % 4 == 0 and not self._is_large):
                self._quick_plan(relaxation)
            self.tell("bound")
            if self.done:
                return True
            gaps.append(self.target - self.bound)
            if len(gaps) > 5 and gaps[-1] > 0.9 * gaps[-5]:
                return True
            if len(gaps) > 1 and self._is_pool_small(relaxation.proof):
                return True
            if not relaxation.add_cuts(max(_CUTS_PER_ROUND, self.instance.size // 4)):
                return True
            if self._is_large:
                until = self.effort.until(_LAST_CUTS)
        return True

    def _is_pool_small(self, proof: Proof) -> bool:
        """Whether what a better plan could use is few enough to select from without more ado."""
        if self.cost is None:
            return False
        reach = self.cost - proof.bound
        pool = self._candidates_within(proof, reach, _SMALL_POOL, _SMALL_POOL_NODES)
        return pool is not None

    def _quick_plan(self, relaxation: Relaxation) -> None:
        """Select from the columns of least reduced cost, with limited effort."""
        if self._is_large:
            self.tell("parts")
            networks = plan_of_parts(
                self.instance, relaxation.used(), self._solve_part, self.pricer.is_stopped
            )
            self.offer(self.as_columns(networks) if networks else None)
            return
        reduced = relaxation.reduced()
        gap = (self.cost if self.cost is not None else self.ceiling) - self.bound
        best = np.sort(np.argsort(reduced, kind="stable")[:_QUICK_COLUMNS])
        columns = relaxation.columns.take(best[reduced[best] < gap])
        self._select(columns, relaxation.proof, _QUICK_EFFORT)

    @property
    def _is_large(self) -> bool:
        return self.instance.size > _LARGE

    def _improve_windows(self, proof: Proof) -> None:
        """Improve the best plan window by window until time is up."""
        if self.plan is None or self.done:
            return
        networks = [tuple(self.plan.members_of(k).tolist()) for k in range(len(self.plan))]
        for better in better_windows(self.instance, tuple(networks), proof.duals, self._solve_part):
            self.offer(self.as_columns(better))
            self.tell("windows")
            if self.done or self.pricer.is_stopped():
                return

    def _solve_part(self, part: Instance, plan: Networks | None) -> Networks | None:
        """Search a small region."""
        effort = self.effort.at_most(_PART_SECONDS)
        return search(part, effort, lambda _: None, grain=self.grain, start=plan).networks

    def _select(self, columns: Columns, proof: Proof, effort: float) -> Selected:
        """Offer the best plan of these columns that is another than the best so far, nor dearer."""
        if len(columns) == 0:
            return Selected(Verdict.NONE, None)
        selected = select(
            columns,
            self.instance.size,
            proof.duals,
            proof.cuts,
            Budget(self.effort.seconds_left, effort),
            cost_at_most=self.cost,
            other_than=self.plan,
            limits=self.limits(columns),
            seed=self.effort.seed,
        )
        if selected.chosen is not None:
            self.offer(columns.take(np.array(selected.chosen)))
        return selected

    def _expand(self, proof: Proof) -> None:
        """Enumerate what a better plan could use, a little further each time, and select from it.

        Ends when there is proof that the best plan is the only one of its cost, or the choice
        among those of equal cost is made by rule.
        """
        most, reach = _FIRST_POOL, max(1, int(_FIRST_REACH * max(self.bound, 0)))
        while not self.pricer.is_stopped() and (self.bound <= self.ceiling or self.plan):
            self.tell("proof")
            farthest = (self.cost if self.cost is not None else self.ceiling + 1) - proof.bound
            reach = min(reach, farthest, _FARTHEST_REACH)
            columns = self._candidates_within(proof, reach, most)
            if columns is None and reach > 0 and proof.bound + reach // 2 >= self.bound:
                reach //= 2
                continue
            if columns is None:
                most *= 4
                if most > _POOL_LIMIT:
                    return
                continue
            several = self._settle(Part(columns, proof), proof.bound + reach)
            if several is None or self._close_enough:
                return
            if self.done:
                if several:
                    self._choose_among_equals(columns)
                return
            reach = 2 * reach + 1

    def _settle(self, whole: Part, reached: int) -> bool | None:
        """Find the best plan made of the columns of a pool, and raise the bound by what is proven.

        Parameters
        ----------
        reached
            The pool holds all that a plan of this cost or less can use.

        Returns
        -------
        Whether another plan of the same cost as the best was met; None where time ran out.
        """
        several = out_of_effort = False
        open_parts = [whole]
        while open_parts:
            part = open_parts.pop()
            limit = reached if self.cost is None else min(reached, self.cost)
            part = tightened(self.instance, part, limit, self.pricer.is_stopped)
            if len(part.columns) > _SELECTABLE and part.pairs:
                open_parts += split(self.instance, part, limit, self.pricer.is_stopped)
            elif len(part.columns) > 0:
                before = self.cost
                selected = self._select(part.columns, part.proof, _FULL_EFFORT)
                if self.cost != before:
                    several = False
                    open_parts.append(part)  # it may hold another as good
                elif selected.chosen is not None:
                    several = True
                if selected.verdict in {Verdict.UNKNOWN, Verdict.FOUND}:
                    open_parts.append(part)
                    out_of_effort = True
            lowest = min([reached + 1, *(each.bound for each in open_parts)])
            self.bound = max(self.bound, lowest if self.cost is None else min(lowest, self.cost))
            if out_of_effort or self.pricer.is_stopped() or self._close_enough:
                return None
        return several

    @property
    def _close_enough(self) -> bool:
        """Whether the search may end although another plan might be as good, or a little better."""
        return self.done and (self.grain > 1 or self.effort.gap > 0)

    def _choose_among_equals(self, columns: Columns) -> None:
        """Several plans are best: take the first by the rule, whichever was found."""
        budget = Budget(self.effort.seconds_left, _EQUALS_EFFORT)
        limits, cost = self.limits(columns), self.cost or 0
        chosen = first_of_equals(columns, self.instance.size, cost, limits, budget)
        if chosen is not None:
            self.plan = columns.take(np.array(chosen))

    def _candidates_within(
        self, proof: Proof, reach: int, most: int, node_limit: int = UNLIMITED
    ) -> Columns | None:
        """Enumerate every candidate that a plan of cost `proof.bound + reach` or less can use.

        The reduced costs of such a plan's networks add up to at most the reach, and none is
        negative: so none is over the reach. None where they are more than `most`, or the nodes
        around one hub more than their limit.
        """
        tolls = lay_out_tolls(self.instance.size, proof.cuts, proof.tolls)
        priced = self.pricer.price(proof.duals, tolls, reach, most=most, node_limit=node_limit)
        return priced.columns if priced.complete and len(priced.columns) <= most else None
