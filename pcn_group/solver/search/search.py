"""The search: a bound from below, plans from above, and expansion until they meet.

1. Annealing gives first plans and columns.
2. Column generation gives a bound; cuts, priced with the columns, raise it.
3. All candidates that a better plan could use are enumerated, and the best plan among them is
   selected.

A region too large for that gets its plan from parts that are searched one by one, and ends with the
gap between that plan and the bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pcn_group.base.progress import Progress, Report
from pcn_group.solver.bound.master import LinearProgramError
from pcn_group.solver.bound.pricing import Pricer
from pcn_group.solver.bound.relaxation import Proof, Relaxation
from pcn_group.solver.model.columns import Columns
from pcn_group.solver.model.effort import ONE_SEED, Effort
from pcn_group.solver.model.instance import Instance
from pcn_group.solver.near_optimal.equals import Order
from pcn_group.solver.search.decomposition import Solve, better_windows, plan_of_parts
from pcn_group.solver.search.expansion import expand
from pcn_group.solver.search.initial_plans import draft_plans
from pcn_group.solver.search.state import Limits, Networks, Standing

__all__ = ["Effort", "Outcome", "Progress", "Report", "search"]

_CUT_ROUNDS = 60
_CUTS_PER_ROUND = 100
_CUTS_PER_PRACTICE = 0.25
_LEAST_PROGRESS = 0.1
"""Cuts go on while four rounds close at least this share of what was open before them."""
_CHEAP_NODES = 1_000_000
"""Nodes that are spent on cuts in any case: what they prove is in the certificate."""
_SMALL_POOL, _NODES_PER_COLUMN, _NODES_SHARE = 500, 5_000, 16
"""After that cuts also end where what a better plan could use is little: so many columns and one
for so many nodes spent, enumerated with this part of the nodes around each hub."""
_QUICK_COLUMNS, _QUICK_EFFORT = 2_000, 2.0
_LAST_CALL, _LAST_CUTS = 0.8, 0.5
"""Shares of the time limit. After the first an unfinished first bound gives way to looking for a
plan; after the second cuts do, in a large region."""
_TOLERANCE = 1e-3
"""In a large region, how far from its end column generation may stop, as a share of the cost."""
_PART_SECONDS, _PART_GAP, _WINDOW_GAP = 20.0, 0.003, 0.0005
"""What is enough for a part: what it leaves, windows find, and they in turn leave little."""


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
    is_open
        Whether that was asked, and not settled.
    """

    networks: Networks | None
    cost: int | None
    bound: int
    proof: Proof | None
    proven: bool
    infeasible: bool
    columns: Columns | None = None
    is_first: bool = False
    is_open: bool = False


def search(  # noqa: PLR0913 - each is one independent thing to know of a search
    instance: Instance,
    effort: Effort,
    report: Report,
    *,
    limits: Limits | None = None,
    grain: int = 1,
    start: Networks | None = None,
    is_part: bool = False,
    pricer: Callable[[Instance, int, float], Pricer] = Pricer,
    columns: Columns | None = None,
    order: Order | None = None,
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
    is_part
        Whether it is a part of a large region: then its plan is not made of parts in turn.
    pricer
        What enumerates the candidates of the instance. Another may have some of any size, and so
        the patients of a part prove nothing.
    columns
        Candidates to start from; without them, a few plans are drafted first.
    order
        What the choice among plans of equal cost goes by: the practices of a network, given as
        positions in the problem, ascending. Without it, these positions.
    """
    if instance.size == 0:
        nothing = np.zeros(0, dtype=np.int64)
        proof = Proof(nothing, (), nothing)
        return Outcome((), 0, 0, proof, proven=True, infeasible=False, is_first=True)
    if pricer is Pricer and instance.indivisible_parts():
        beyond = instance.ceiling + 1
        return Outcome(None, None, beyond, None, proven=True, infeasible=True)
    standing = Standing(
        instance,
        effort,
        report,
        limits=limits or (lambda _: ()),
        grain=grain,
        pricer=pricer,
        order=lambda items: (order or tuple)(instance.in_problem(items)),
    )
    standing.offer_networks(start)
    standing.is_large = standing.is_large and not is_part
    outcome = _outcome(standing, columns)
    if outcome.is_open and effort.seed != ONE_SEED:
        again = search(
            instance,
            replace(effort, seed=ONE_SEED),
            report,
            limits=limits,
            grain=grain,
            start=start,
            is_part=is_part,
            pricer=pricer,
            columns=columns,
            order=order,
        )
        return again if again.proven else outcome
    return outcome


def _outcome(standing: Standing, columns: Columns | None) -> Outcome:
    """Go through the stages, and let the threads go; give what came of it."""
    try:
        relaxation = _run(standing, columns)
    finally:
        standing.pricer.close()
    return Outcome(
        networks=standing.networks,
        cost=standing.cost,
        bound=standing.bound,
        proof=standing.proof,
        proven=standing.is_done,
        infeasible=standing.plan is None and standing.bound > standing.ceiling,
        columns=relaxation.columns,
        is_first=standing.is_first,
        is_open=standing.is_done
        and standing.plan is not None
        and not (standing.is_first or standing.is_close_enough),
    )


def _run(standing: Standing, columns: Columns | None) -> Relaxation:
    """Go through the stages; give the relaxation as it was in the end."""
    relaxation = Relaxation(standing.instance, *_first_columns(standing, columns))
    converged = _first_bound(standing, relaxation)
    _find_plan(standing, relaxation, converged=converged)
    converged = converged and _raise_bound(standing, relaxation)
    if standing.is_large:
        _improve_windows(standing, relaxation.proof)
    if converged and not standing.is_close_enough:
        expand(standing, relaxation.proof)
    return relaxation


def _first_columns(standing: Standing, columns: Columns | None) -> tuple[Columns, float]:
    """Draft a few plans unless columns are known; give them, and a typical cost per patient."""
    instance = standing.instance
    if columns is not None:
        return columns, instance.typical_rate()
    if standing.plan is not None:
        return standing.plan, int(standing.plan.costs.sum()) / instance.patients
    standing.tell("first plans")
    drafts = draft_plans(instance, standing.effort.seed, standing.pricer.flag)
    for plan in drafts.plans:
        standing.offer(plan)
    return drafts.networks, drafts.rate


def _first_bound(standing: Standing, relaxation: Relaxation) -> bool:
    """Converge without cuts; False when time ran out, or GLOP failed."""
    standing.tell("bound")
    return _converge(standing, relaxation, standing.effort.until(_LAST_CALL))


def _converge(standing: Standing, relaxation: Relaxation, until: float) -> bool:
    """Take over what the relaxation proves, and a plan if it is one; False if unfinished."""
    tolerance = _TOLERANCE if standing.is_large else 0.0
    try:
        finished = relaxation.converge(standing.pricer, standing.target, until, tolerance)
    except LinearProgramError:
        finished = False  # what is known so far stands
    if finished:
        standing.offer(relaxation.integral_plan())
    if finished or relaxation.proof.bound > standing.bound:
        standing.prove(relaxation.proof.bound, relaxation.proof)
    standing.tell("bound")
    return finished


def _raise_bound(standing: Standing, relaxation: Relaxation) -> bool:
    """Add cuts and converge, again and again; False when time ran out, or GLOP failed."""
    large = standing.is_large
    until = standing.effort.until(_LAST_CUTS if large else _LAST_CALL)
    most = max(_CUTS_PER_ROUND, int(_CUTS_PER_PRACTICE * standing.instance.size))
    gaps = [standing.target - standing.bound]
    for _ in range(_CUT_ROUNDS):
        if standing.is_done or not relaxation.add_cuts(most):
            break
        if not _converge(standing, relaxation, until):
            return False
        if len(gaps) % 4 == 0 and not large:
            _find_plan(standing, relaxation, converged=True)
        gaps.append(standing.target - standing.bound)
        stalled = len(gaps) > 5 and gaps[-1] > (1 - _LEAST_PROGRESS) * gaps[-5]
        if stalled or _is_pool_small(standing, relaxation.proof):
            break
    return True


def _is_pool_small(standing: Standing, proof: Proof) -> bool:
    """Whether what a better plan could use is few enough to select from without more ado."""
    spent = standing.pricer.nodes
    if standing.cost is None or spent < _CHEAP_NODES:
        return False
    reach, most = standing.cost - proof.bound, _SMALL_POOL + spent // _NODES_PER_COLUMN
    return standing.candidates_within(proof, reach, most, spent // _NODES_SHARE) is not None


def _find_plan(standing: Standing, relaxation: Relaxation, *, converged: bool) -> None:
    """Make a plan of the relaxation, with limited effort."""
    if standing.is_done:
        return
    if converged and standing.is_large:
        standing.tell("parts")
        solve, stopped = _part_solver(standing, _PART_GAP), standing.pricer.is_stopped
        standing.offer_networks(plan_of_parts(standing.instance, relaxation.used(), solve, stopped))
        return
    reduced = relaxation.reduced()
    gap = (standing.cost if standing.cost is not None else standing.ceiling) - standing.bound
    best = np.sort(np.argsort(reduced, kind="stable")[:_QUICK_COLUMNS])
    columns = relaxation.columns.take(best[reduced[best] < gap])
    standing.select(columns, relaxation.proof, _QUICK_EFFORT)


def _improve_windows(standing: Standing, proof: Proof) -> None:
    """Improve the best plan window by window, until no window helps or time is up."""
    plan = standing.networks
    if plan is None or standing.is_done:
        return
    solve = _part_solver(standing, _WINDOW_GAP)
    for better in better_windows(standing.instance, plan, proof.duals, solve):
        standing.offer_networks(better)
        standing.tell("windows")
        if standing.is_done or standing.is_out_of_time:
            return


def _part_solver(standing: Standing, gap: float) -> Solve:
    def solve(part: Instance, plan: Networks | None) -> Networks | None:
        effort = replace(standing.effort.at_most(_PART_SECONDS), gap=gap)
        found = search(part, effort, lambda _: None, grain=standing.grain, start=plan, is_part=True)
        return found.networks

    return solve
