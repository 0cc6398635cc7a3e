"""The search: a bound from below, plans from above, and expansion until they meet.

1. Annealing gives first plans and columns.
2. Column generation gives a bound; cuts, priced with the columns, raise it.
3. All candidates that a better plan could use are enumerated, and the best plan among them is
   selected. Found within the reach enumerated, it is optimal; if there is none, the bound rises by
   that reach and the next is wider.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pcn_group.config import Search
from pcn_group.problem import FORBIDDEN
from pcn_group.solver.anneal import anneal
from pcn_group.solver.columns import Columns
from pcn_group.solver.cuts import Triple, lay_out_tolls
from pcn_group.solver.instance import Instance
from pcn_group.solver.master import LinearProgramError
from pcn_group.solver.pricing import Pricer
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

_ANNEALED_SIZES = (0.1, 0.25, 0.4, 0.6)
"""Where in the band the networks of the annealed plans are aimed at."""

_CUTS_PER_ROUND = 60
_CUT_ROUNDS = 60
_QUICK_COLUMNS = 2000
_QUICK_EFFORT = 2.0
_FULL_EFFORT = 1e6
_EQUALS_EFFORT = 20.0
_POOL_LIMIT = 300_000
_SECONDS_PER_COLUMN = 2e-5
"""What it takes to put a column into a selection model: with less time left, it is not begun."""
_FARTHEST_REACH = 2**61
_FIRST_REACH = 0.002
_LAST_CALL = 0.8
"""Share of the time limit after which an unfinished first bound gives way to looking for a plan."""


@dataclass(frozen=True)
class Effort:
    """What a search may spend.

    Attributes
    ----------
    deadline, last_call
        On `time.monotonic`'s clock: when to end, and from when on to look for plans only.
    gap
        Stop once (cost - bound) / cost is no more than this.
    seed, workers
        Of the random parts; threads.
    """

    deadline: float
    last_call: float
    gap: float
    seed: int
    workers: int

    @classmethod
    def starting_now(cls, settings: Search) -> Effort:
        """Give what the settings allow, the clock started."""
        now, limit = time.monotonic(), settings.time_limit
        last_call = now + _LAST_CALL * limit
        return cls(now + limit, last_call, settings.gap, settings.seed, settings.workers)

    def half(self) -> Effort:
        """Give half of the time that is left."""
        now = time.monotonic()
        left = max(0.0, self.deadline - now)
        return replace(self, deadline=now + 0.5 * left, last_call=now + 0.5 * _LAST_CALL * left)

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline."""
        return max(0.0, self.deadline - time.monotonic())


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
) -> Outcome:
    """Find the best plan of an instance, and prove it.

    Parameters
    ----------
    limits
        What a plan may have at most in all; given columns, their amounts.
    grain
        Costs are told apart only in whole grains: the search ends once no plan can be a grain
        better than the best.
    """
    if instance.size == 0:
        nothing = np.zeros(0, dtype=np.int64)
        proof = Proof(nothing, (), nothing, delta=0, max_networks=0)
        return Outcome((), 0, 0, proof, proven=True, infeasible=False)
    if instance.indivisible_parts():
        beyond = instance.problem.cost_ceiling() + 1
        return Outcome(None, None, beyond, None, proven=True, infeasible=True)
    run = _Search(instance, effort, report, limits or (lambda _: ()), grain)
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

    def tell(self, stage: str) -> None:
        """Report where the search stands."""
        self._report(Progress(stage, self.cost, self.bound if self.proof is not None else None))

    # --- the stages ----------------------------------------------------------------------------

    def outcome(self) -> Outcome:
        """Run the stages."""
        relaxation = Relaxation(self.instance, *self._first_columns())
        if self._raise_bound(relaxation) and relaxation.proof and not self._close_enough:
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
        """Anneal a few plans; give their good networks, and a typical cost per patient."""
        self.tell("first plans")
        instance, rule = self.instance, self.instance.problem.size
        low, high = max(rule.smallest, rule.band_min), min(rule.largest, rule.band_max)
        networks: dict[tuple[int, ...], int] = {}
        rates = [instance.typical_rate()]
        for aim in _ANNEALED_SIZES:
            size = max(low + aim * (min(high, instance.patients) - low), 1.0)
            most = max(1, min(instance.max_networks, instance.size))
            count = min(max(round(instance.patients / size), 1), most)
            draft = anneal(instance, count, self.effort.seed, self.pricer.flag)
            allowed = {m: instance.network_cost(m) for m in draft.networks if self._allowed(m)}
            networks |= allowed
            if len(allowed) == len(draft.networks):
                self.offer(Columns.of(list(allowed), allowed.values()))
                rates.append(draft.cost / instance.patients)
        return Columns.of(list(networks), networks.values()), max(rates)

    def _allowed(self, members: Sequence[int]) -> bool:
        """Whether a connected set keeps the hard limits."""
        instance, problem = self.instance, self.instance.problem
        return (
            problem.size.allows(int(instance.weights[list(members)].sum()))
            and len(members) <= problem.max_practices
            and instance.least_travel(members) < FORBIDDEN
        )

    def _raise_bound(self, relaxation: Relaxation) -> bool:
        """Converge, add cuts, again; False when time ran out, or GLOP failed."""
        self.tell("bound")
        gaps: list[int] = []
        for _ in range(_CUT_ROUNDS):
            try:
                finished = relaxation.converge(self.pricer, self.target, self.effort.last_call)
            except LinearProgramError:
                finished = False  # what is known so far stands
            if relaxation.proof is not None and relaxation.proof.bound >= self.bound:
                self.proof, self.bound = relaxation.proof, relaxation.proof.bound
            if not finished:
                self._quick_plan(relaxation)
                return False
            self.offer(relaxation.integral_plan())
            if len(gaps) % 4 == 0:
                self._quick_plan(relaxation)
            self.tell("bound")
            if self.done:
                return True
            gaps.append(self.target - self.bound)
            if len(gaps) > 5 and gaps[-1] > 0.9 * gaps[-5]:
                return True
            if not relaxation.add_cuts(_CUTS_PER_ROUND):
                return True
        return True

    def _quick_plan(self, relaxation: Relaxation) -> None:
        """Select from the columns of least reduced cost, with limited effort."""
        reduced = relaxation.reduced()
        gap = (self.cost if self.cost is not None else self.ceiling) - self.bound
        best = np.sort(np.argsort(reduced, kind="stable")[:_QUICK_COLUMNS])
        columns = relaxation.columns.take(best[reduced[best] < gap])
        self._select(columns, relaxation.solution.duals, (), _QUICK_EFFORT)

    def _select(
        self, columns: Columns, duals: Int, triples: Sequence[Triple], effort: float
    ) -> Selected:
        """Offer the best plan of these columns that is another than the best so far, nor dearer."""
        if len(columns) == 0:
            return Selected(Verdict.NONE, None)
        selected = select(
            columns,
            self.instance.size,
            duals,
            triples,
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
        reach = max(1, int(_FIRST_REACH * max(self.bound, 0)))
        while not self.pricer.stopped and (self.bound <= self.ceiling or self.plan is not None):
            self.tell("proof")
            farthest = self.cost if self.cost is not None else self.ceiling + 1
            reach = min(reach, farthest - proof.bound, _FARTHEST_REACH)
            columns = self._candidates_within(proof, reach)
            if columns is None:
                return
            before = self.cost
            selected = self._select(columns, proof.duals, proof.triples, _FULL_EFFORT)
            if selected.verdict in {Verdict.UNKNOWN, Verdict.FOUND}:
                return
            # A plan beyond the best of these costs more than the bound plus the reach.
            self.bound = max(self.bound, proof.bound + reach + 1)
            if self.cost is not None and self.cost <= proof.bound + reach:
                self.bound = self.cost
                if selected.chosen is None:
                    return  # the only plan of its cost
                if self.cost == before:
                    self._choose_among_equals(columns)
                    return
            if self._close_enough:
                return
            reach += reach // 2 + 1

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

    def _candidates_within(self, proof: Proof, reach: int) -> Columns | None:
        """Enumerate every candidate that a plan of cost `proof.bound + reach` or less can use.

        The reduced costs of such a plan's networks, at most K, add up to at most
        `reach - K * delta`, and none is under `-delta`: so none is over `reach - delta`.
        """
        tolls = lay_out_tolls(self.instance.size, proof.triples, proof.tolls)
        threshold = reach - proof.delta
        priced = self.pricer.price(proof.duals, tolls, threshold, most=_POOL_LIMIT)
        too_many = min(_POOL_LIMIT, int(self.effort.seconds_left / _SECONDS_PER_COLUMN))
        return priced.columns if priced.complete and len(priced.columns) <= too_many else None
