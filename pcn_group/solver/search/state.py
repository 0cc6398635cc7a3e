"""Where a search stands: the best plan, the best bound, and what may still be spent on both."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pcn_group.base.progress import OnProgress, Progress, Stage
from pcn_group.config.model import Search
from pcn_group.solver.bound.pricing import UNLIMITED, Pricer
from pcn_group.solver.bound.relaxation import Proof
from pcn_group.solver.columns import Columns, Limit
from pcn_group.solver.instance import Instance
from pcn_group.solver.near_optimal.equals import Order
from pcn_group.solver.search.set_partitioning import Budget, Partition, Verdict, best_partition
from pcn_group.solver.search.threads import StopSignal

__all__ = ["ANY_PLAN", "ONE_SEED", "Effort", "Limits", "Networks", "SearchState"]

ONE_SEED = 1
"""What several plans of least cost are chosen from is searched with this seed, whatever was asked:
so the choice hangs on the input alone, even where it cannot be finished."""


ANY_PLAN = 0.999
"""A gap at which the search ends with the first plan."""


@dataclass(frozen=True)
class Effort:
    """What a search may spend.

    Attributes
    ----------
    start, deadline
        On `time.monotonic`'s clock.
    gap
        Stop once (cost - bound) / cost is no more than this.
    seed, workers
        Of the random parts; threads.
    stop
        Ends the search as well, where it runs in a thread beside others.
    """

    start: float
    deadline: float
    gap: float
    seed: int
    workers: int
    stop: StopSignal | None = None

    @classmethod
    def starting_now(cls, settings: Search, spent: float = 0.0) -> Effort:
        """Return what the settings allow, the clock started; `spent` seconds of it are gone."""
        now = time.monotonic()
        end = now + settings.time_limit - spent
        return cls(now, end, settings.gap, settings.seed, settings.workers)

    @classmethod
    def begun(cls, allowed: Search | Effort) -> Effort:
        """Return what is left of a larger effort, or what settings allow, the clock started."""
        if isinstance(allowed, Effort):
            return allowed.at_most(math.inf)
        return cls.starting_now(allowed)

    def without(self, work: Callable[[], object]) -> Effort:
        """Do some work whose time does not count, such as compiling; return the same after it."""
        began = time.monotonic()
        work()
        spent = time.monotonic() - began
        return replace(self, start=self.start + spent, deadline=self.deadline + spent)

    def at_most(self, seconds: float) -> Effort:
        """Return the same with no more than so many of the seconds left, the clock started."""
        now = time.monotonic()
        return replace(self, start=now, deadline=now + min(seconds, self.seconds_left))

    def half(self) -> Effort:
        """Return half of the time that is left."""
        return self.at_most(0.5 * self.seconds_left)

    def until(self, share: float) -> float:
        """Return when so much of the time will be over."""
        return self.start + share * (self.deadline - self.start)

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline."""
        return max(0.0, self.deadline - time.monotonic())


Networks = tuple[tuple[int, ...], ...]


Limits = Callable[[Columns], Sequence[Limit]]


LARGE = 500
"""With more practices than this a region's plan is made of parts."""


class SearchState:
    """The best plan and the best bound of an instance so far.

    Attributes
    ----------
    ceiling
        No plan costs more.
    is_large
        Whether the plan is to be made of parts.
    plan
        The networks of the best plan; None before there is one.
    bound
        No plan costs less.
    proof
        What re-proves a bound by plain enumeration, at most `bound`; None before there is one.
    order
        What the choice among plans of equal cost goes by.
    are_exchanged
        Whether practices that are alike in the instance are alike in all respects.
    is_first
        Whether the best plan is the only one of its cost, or the first of them by rule.
    """

    def __init__(
        self,
        instance: Instance,
        effort: Effort,
        on_progress: OnProgress,
        *,
        limits: Limits,
        objective_step: int,
        pricer: Callable[[Instance, int, float], Pricer],
        order: Order,
    ) -> None:
        self.instance = instance
        self.is_large = instance.size > LARGE
        self.effort = effort
        self._limits = limits
        self.objective_step = objective_step
        self.pricer = pricer(instance, effort.workers, effort.deadline)
        if effort.stop is not None:
            effort.stop.watch(self.pricer)
        self.ceiling = instance.ceiling
        self.plan: Columns | None = None
        self.bound = 0
        self.proof: Proof | None = None
        self.order = order
        self.are_exchanged = pricer is Pricer
        self.is_first = False
        self._on_progress = on_progress

    @property
    def cost(self) -> int | None:
        """Cost of the best plan."""
        return int(self.plan.costs.sum()) if self.plan is not None else None

    @property
    def networks(self) -> Networks | None:
        """The best plan."""
        plan = self.plan
        if plan is None:
            return None
        plan = plan.below(len(self.instance.practices))
        sets = (tuple(plan.members_of(k).tolist()) for k in range(len(plan)))
        return tuple(sorted(members for members in sets if members))

    @property
    def target(self) -> int:
        """A bound this high ends the search: the best plan's cost, or more than any plan costs."""
        if self.cost is None:
            return self.ceiling + 1
        return min(
            self.cost - int(self.effort.gap * self.cost),
            self.cost // self.objective_step * self.objective_step,
        )

    @property
    def is_done(self) -> bool:
        """Whether the bound has reached the target."""
        return self.bound >= self.target

    @property
    def is_close_enough(self) -> bool:
        """Whether the search may end although another plan might be as good, or a little better."""
        return self.is_done and (self.objective_step > 1 or self.effort.gap > 0)

    @property
    def is_open(self) -> bool:
        """Whether the choice among plans of equal cost was asked for, and not settled."""
        settled = self.is_first or self.is_close_enough
        return self.is_done and self.plan is not None and not settled

    @property
    def is_out_of_time(self) -> bool:
        """Whether the deadline has passed."""
        return self.pricer.is_stopped()

    def limits(self, columns: Columns) -> list[Limit]:
        """Return what plans made of these columns may have at most in all."""
        return [*self.instance.limits.on(columns), *self._limits(columns)]

    def offer(self, plan: Columns | None) -> None:
        """Keep a plan if it is valid under the limits and better than the best so far."""
        if plan is None or any(
            int(limit.amounts.sum()) > limit.total for limit in self.limits(plan)
        ):
            return
        if self.cost is None or int(plan.costs.sum()) < self.cost:
            self.plan = plan

    def offer_networks(self, networks: Networks | None) -> None:
        """Keep a plan, given as its networks, as `offer` does."""
        if networks is not None:
            self.offer(self.instance.columns_of(networks))

    def prove(self, bound: int, proof: Proof | None = None) -> None:
        """Keep a bound if it is the best so far; a plan's cost is never exceeded."""
        if proof is not None and (self.proof is None or proof.bound > self.proof.bound):
            self.proof = proof
        self.bound = max(self.bound, bound if self.cost is None else min(bound, self.cost))

    def tell(self, stage: Stage) -> None:
        """Report where the search stands."""
        self._on_progress(
            Progress(
                stage, self.cost, self.bound if self.proof is not None else None, self.networks
            )
        )

    def best_partition(self, columns: Columns, proof: Proof, effort: float) -> Partition:
        """Offer the best other plan of these columns that costs no more than the best so far."""
        if len(columns) == 0:
            return Partition(Verdict.NONE, None)
        partition = best_partition(
            columns,
            self.instance.size,
            proof.duals,
            proof.cuts,
            Budget(self.effort.seconds_left, effort),
            cost_at_most=self.cost,
            other_than=self.plan,
            limits=self.limits(columns),
            seed=self.effort.seed,
            stopped=self.pricer.is_stopped,
        )
        if partition.chosen is not None:
            self.offer(columns.take(np.array(partition.chosen)))
        return partition

    def candidates_within(
        self, proof: Proof, reach: int, most: int, node_limit: int = UNLIMITED
    ) -> Columns | None:
        """Enumerate every candidate that a plan of cost `proof.bound + reach` or less can use.

        The reduced costs of such a plan's networks add up to at most the reach, and none is
        negative: so none is over the reach. None where they are more than `most`, or the nodes
        around one hub more than their limit.
        """
        priced = self.pricer.price(proof.request(reach, most=most, node_limit=node_limit))
        return priced.columns if priced.complete and len(priced.columns) <= most else None
