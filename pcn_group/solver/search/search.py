"""The search: a bound from below, plans from above, and expansion until they meet.

1. Annealing gives first plans and columns.
2. Column generation gives a bound; cuts, priced with the columns, raise it.
3. All candidates that a better plan could use are enumerated, and set partitioning finds the best
   plan among them.

A region too large for that gets its plan by decomposition into parts that are searched side by
side, and ends with the gap between that plan and the bound.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from pcn_group.base.progress import OnProgress
from pcn_group.solver.bound.pricing import UNLIMITED, Pricer
from pcn_group.solver.bound.relaxation import Proof, Relaxation
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance
from pcn_group.solver.linear_program import LinearProgramError
from pcn_group.solver.near_optimal.equals import Order
from pcn_group.solver.search.anneal import initial_plans
from pcn_group.solver.search.decomposition import (
    AT_ONCE,
    Neighbourhoods,
    Solve,
    plan_by_decomposition,
)
from pcn_group.solver.search.expansion import expand
from pcn_group.solver.search.state import ONE_SEED, Effort, Limits, Networks, SearchState
from pcn_group.solver.search.threads import StopSignal, Threads

__all__ = [
    "Outcome",
    "search",
]


_CUT_ROUNDS = 60
_CUTS_PER_ROUND = 100
_CUTS_PER_PRACTICE = 0.25
_LEAST_PROGRESS = 0.1
"""Cuts go on while four rounds close at least this share of what was open before them."""
_CHEAP_NODES = 1_000_000
"""Nodes that are spent on cuts in any case: what they prove is in the certificate."""
_DEAR_NODES, _DEAR = 20_000_000, 4
"""A round of cuts is given up once it has visited so many nodes, and so many times as many as were
visited before it: there are duals under which pricing finds no end, and expansion needs no more."""
_SMALL_POOL, _NODES_PER_COLUMN, _NODES_SHARE = 500, 5_000, 16
"""After that cuts also end where what a better plan could use is little: so many columns and one
for so many nodes spent, enumerated with this part of the nodes around each hub."""
_QUICK_COLUMNS, _QUICK_EFFORT = 2_000, 2.0
_ROUNDS_PER_PLAN = 4
_ENDED = object()
_LAST_CALL, _LAST_CUTS, _EARLY = 0.8, 0.5, 0.25
"""Shares of the time limit. After the first an unfinished first bound gives way to looking for a
plan; in a large region cuts do after the second, and after the third where there is no plan yet."""
_TOLERANCE, _FINEST_TOLERANCE = 1e-3, 1e-4
"""In a large region, how far from its end column generation may stop, as a share of the cost; less
far once a round of cuts gains no more than twice that."""
_PART_GAP, _NEIGHBOURHOOD_GAP = 0.003, 0.0005
"""What is enough for a part: what it leaves, neighbourhoods find, and they leave little."""
_MOST_PATIENT = 90
"""Practices of a part that is expanded at once: a larger one may take long, and neighbourhoods find
what it leaves."""
_PART_SECONDS, _NEIGHBOURHOOD_SECONDS = 300.0, 60.0
"""None takes as long, even on a busy machine: what is cut short by the clock ends anywhere."""
_ROUNDS_BEFORE_PARTS, _NEIGHBOURHOODS_PER_ROUND = 2, 32
"""Two rounds of cuts leave parts that are half as much work, and plans that are better. After that
rounds and neighbourhoods take about as long as each other."""


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
    columns
        Candidates that were of use on the way; None where it ended before it began.
    is_first
        Whether the plan is the only one of its cost, or the first of them by rule.
    """

    networks: Networks | None
    cost: int | None
    bound: int
    proof: Proof | None
    proven: bool
    columns: Columns | None = None
    is_first: bool = False

    @property
    def infeasible(self) -> bool:
        """Whether it is proven that there is no plan."""
        return self.proven and self.networks is None


def search(  # noqa: PLR0913 - each is one independent thing to know of a search
    instance: Instance,
    effort: Effort,
    on_progress: OnProgress,
    *,
    limits: Limits | None = None,
    objective_step: int = 1,
    start: Networks | None = None,
    is_part: bool = False,
    is_hasty: bool = False,
    pricer: Callable[[Instance, int, float], Pricer] = Pricer,
    columns: Columns | None = None,
    order: Order | None = None,
    floor: int = 0,
) -> Outcome:
    """Find the best plan of an instance, and prove it.

    Parameters
    ----------
    limits
        What a plan may have at most in all; given columns, their amounts.
    objective_step
        Costs are told apart only in whole steps: the search ends once no plan can be a step better
        than the best.
    start
        A plan to improve on, in the instance's numbering.
    is_part
        Whether it is a part of a large region: then its plan is not made of parts in turn.
    is_hasty
        Whether to end with the plan that comes along with the bound, if any: expansion finds a
        better one, or proves that there is none, but can take long.
    pricer
        What enumerates the candidates of the instance. Another may have some of any size, and so
        the patients of a part prove nothing.
    columns
        Candidates to start from; without them, initial plans are annealed first.
    order
        What the choice among plans of equal cost goes by: the practices of a network, given as
        positions in the problem, ascending. Without it, these positions.
    floor
        No plan costs less, which is known beforehand.
    """
    if instance.size == 0:
        if (instance.limits.totals < 0).any():
            return Outcome(None, None, instance.ceiling + 1, None, proven=True)
        proof = Proof.of_nothing(instance)
        return Outcome((), 0, 0, proof, proven=True, is_first=True)
    if pricer is Pricer and instance.indivisible_parts():
        beyond = instance.ceiling + 1
        return Outcome(None, None, beyond, None, proven=True)
    state = SearchState(
        instance,
        effort,
        on_progress,
        limits=limits or (lambda _: ()),
        objective_step=objective_step,
        pricer=pricer,
        order=lambda items: (order or tuple)(instance.in_problem(items)),
    )
    state.offer_networks(start)
    state.prove(floor)
    state.is_large = state.is_large and not is_part
    outcome = _outcome(state, columns, is_hasty=is_hasty)
    if state.is_open and effort.seed != ONE_SEED:
        again = search(
            instance,
            replace(effort, seed=ONE_SEED),
            on_progress,
            limits=limits,
            objective_step=objective_step,
            start=start,
            is_part=is_part,
            is_hasty=is_hasty,
            pricer=pricer,
            columns=columns,
            order=order,
            floor=floor,
        )
        return again if again.proven else outcome
    return outcome


def _outcome(state: SearchState, columns: Columns | None, *, is_hasty: bool) -> Outcome:
    """Go through the stages, and let the threads go; return the outcome."""
    try:
        relaxation = _run(state, columns, is_hasty=is_hasty)
    finally:
        state.pricer.close()
    return Outcome(
        networks=state.networks,
        cost=state.cost,
        bound=state.bound,
        proof=state.proof,
        proven=state.is_done,
        columns=relaxation.columns,
        is_first=state.is_first,
    )


def _run(state: SearchState, columns: Columns | None, *, is_hasty: bool) -> Relaxation:
    """Go through the stages; return the relaxation as it was in the end."""
    relaxation = Relaxation(state.instance, *_first_columns(state, columns))
    if state.bound > 0 and state.is_close_enough:
        return relaxation  # as good as is known beforehand
    converged = _first_bound(state, relaxation)
    rounds = _raise_bound(state, relaxation) if converged else iter(())
    if state.is_large:
        _plan_by_parts(state, relaxation, rounds, converged=converged)
    else:
        _find_plan(state, relaxation)
        for number, _ in enumerate(rounds, start=1):
            if number % _ROUNDS_PER_PLAN == 0:
                _find_plan(state, relaxation)
    in_time = time.monotonic() <= state.effort.until(_LAST_CALL)
    if converged and in_time and not is_hasty and not state.is_close_enough:
        expand(state, relaxation.proof)
    return relaxation


def _first_columns(state: SearchState, columns: Columns | None) -> tuple[Columns, float]:
    """Return columns to start from, annealed if none are known, and a typical cost per patient."""
    instance = state.instance
    if columns is not None:
        return columns, instance.typical_rate()
    if state.plan is not None:
        return state.plan, int(state.plan.costs.sum()) / instance.patients
    state.tell("first plans")
    pricer = state.pricer
    initial = initial_plans(instance, state.effort.seed, pricer.flag, pricer.in_parallel)
    for plan in initial.plans:
        state.offer(plan)
    return initial.networks, initial.rate


def _first_bound(state: SearchState, relaxation: Relaxation) -> bool:
    """Converge without cuts; False when time ran out, or GLOP failed."""
    state.tell("bound")
    tolerance = _TOLERANCE if state.is_large else 0.0
    return _converge(state, relaxation, state.effort.until(_LAST_CALL), tolerance)


def _converge(
    state: SearchState,
    relaxation: Relaxation,
    until: float,
    tolerance: float,
    most_nodes: int = UNLIMITED,
) -> bool:
    """Take over what the relaxation proves, and a plan if it is one; False if unfinished."""
    try:
        finished = relaxation.converge(state.pricer, state.target, until, tolerance, most_nodes)
    except LinearProgramError:
        finished = False  # what is known so far stands
    if finished:
        state.offer(relaxation.integral_plan())
    if finished or relaxation.proof.bound > state.bound:
        state.prove(relaxation.proof.bound, relaxation.proof)
    state.tell("bound")
    return finished


def _raise_bound(state: SearchState, relaxation: Relaxation) -> Iterator[None]:
    """Add cuts and converge, again and again, while it pays and there is time.

    Yields
    ------
    After each round, for a plan to be looked for.
    """
    until = state.effort.until(_LAST_CUTS if state.is_large else _LAST_CALL)
    most = max(_CUTS_PER_ROUND, int(_CUTS_PER_PRACTICE * state.instance.size))
    tolerance = _TOLERANCE if state.is_large else 0.0
    gaps = [state.target - state.bound]
    for _ in range(_CUT_ROUNDS):
        if state.is_done or not relaxation.add_cuts(most):
            return
        dear, before = max(_DEAR_NODES, _DEAR * state.pricer.nodes), state.bound
        if not _converge(state, relaxation, until, tolerance, dear):
            return
        gained = (state.bound - before) / max(1, state.bound)
        tolerance = min(tolerance, max(0.5 * gained, _FINEST_TOLERANCE))
        yield
        gaps.append(state.target - state.bound)
        stalled = len(gaps) > 5 and gaps[-1] > (1 - _LEAST_PROGRESS) * gaps[-5]
        if stalled or (not state.is_large and _is_pool_small(state, relaxation.proof)):
            return


def _is_pool_small(state: SearchState, proof: Proof) -> bool:
    """Whether a better plan could use so few columns that no more cuts are needed."""
    spent = state.pricer.nodes
    if state.cost is None or spent < _CHEAP_NODES:
        return False
    reach, most = state.cost - proof.bound, _SMALL_POOL + spent // _NODES_PER_COLUMN
    return state.candidates_within(proof, reach, most, spent // _NODES_SHARE) is not None


def _find_plan(state: SearchState, relaxation: Relaxation) -> None:
    """Make a plan of columns of the relaxation, with limited effort."""
    if state.is_done:
        return
    reduced = relaxation.reduced()
    gap = (state.cost if state.cost is not None else state.ceiling) - state.bound
    best = np.sort(np.argsort(reduced, kind="stable")[:_QUICK_COLUMNS])
    columns = relaxation.columns.take(best[reduced[best] < gap])
    state.best_partition(columns, relaxation.proof, _QUICK_EFFORT)


def _plan_by_parts(
    state: SearchState, relaxation: Relaxation, rounds: Iterator[None], *, converged: bool
) -> None:
    """Make a plan by decomposition, and improve it and the bound by turns until neither can be.

    After a few rounds of cuts the fractional plan falls into smaller parts, which fit better. Where
    time is short there must be a plan first.
    """
    early = state.effort.until(_EARLY)
    for _ in range(_ROUNDS_BEFORE_PARTS):
        if time.monotonic() > early or next(rounds, _ENDED) is _ENDED:
            break
    with closing(Threads(state.effort.workers)) as threads:
        if converged:
            _make_parts(state, relaxation, threads)
        else:
            _find_plan(state, relaxation)
        solve = _part_solver(state, _NEIGHBOURHOOD_GAP, _NEIGHBOURHOOD_SECONDS, threads.stop)
        improving = Neighbourhoods(
            state.instance, state.networks or (), solve, threads.begin, AT_ONCE
        )
        is_bound_open = True
        while not (state.is_done or state.is_out_of_time):
            is_plan_open = _improve_neighbourhoods(state, improving, relaxation.proof)
            is_bound_open = is_bound_open and next(rounds, _ENDED) is None
            if not (is_plan_open or is_bound_open):
                return


def _make_parts(state: SearchState, relaxation: Relaxation, threads: Threads) -> None:
    """Make a plan by decomposition, in haste, or with patience where that leaves none."""
    for is_hasty in (True, False):
        if state.is_done:
            return
        state.tell("parts")
        plan = plan_by_decomposition(
            state.instance,
            relaxation.used(),
            relaxation.shares(),
            _part_solver(state, _PART_GAP, _PART_SECONDS, threads.stop, is_hasty=is_hasty),
            state.pricer.is_stopped,
            threads.begin,
        )
        if plan is not None:
            state.offer_networks(plan)
            return


def _improve_neighbourhoods(state: SearchState, improving: Neighbourhoods, proof: Proof) -> bool:
    """Improve the best plan in some neighbourhoods; False once none is left to try."""
    tried = 0
    for _ in islice(improving.improve(proof.duals), _NEIGHBOURHOODS_PER_ROUND):
        tried += 1
        if state.is_out_of_time:
            break
    if improving.plan:
        state.offer_networks(improving.plan)
        state.tell("windows")
    return tried > 0


def _part_solver(
    state: SearchState, gap: float, seconds: float, stop: StopSignal, *, is_hasty: bool = False
) -> Solve:
    def solve(part: Instance, plan: Networks | None) -> Networks | None:
        effort = state.effort.at_most(seconds)
        found = search(
            part,
            replace(effort, gap=gap, workers=1, stop=stop),
            lambda _: None,
            objective_step=state.objective_step,
            start=plan,
            is_part=True,
            is_hasty=is_hasty and part.size > _MOST_PATIENT,
        )
        return found.networks

    return solve
