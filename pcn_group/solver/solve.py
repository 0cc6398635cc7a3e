"""From a problem to a solution: the bands kept if they can be, the least exceptions if not.

No plan leaves without an independent check that it is what the search says of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from pcn_group.base.errors import PcnGroupError
from pcn_group.base.progress import OnProgress, Progress
from pcn_group.config.model import Search
from pcn_group.region.problem import Problem
from pcn_group.solver.assignment.search import Assigned
from pcn_group.solver.band_exceptions import LeastExceptions, fewest_outside, least_exceptions
from pcn_group.solver.columns import Columns
from pcn_group.solver.compiled import compile_kernels
from pcn_group.solver.contraction import Contraction, contraction_of
from pcn_group.solver.costless import any_plan, multiplied
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.near_optimal.equals import Order
from pcn_group.solver.restricted import RestrictedPricer, restriction
from pcn_group.solver.search.search import Outcome, search
from pcn_group.solver.search.state import Effort, Networks
from pcn_group.solver.solution import BandRelaxation, Solution, Status
from pcn_group.solver.turns import LISTING, in_turn, turns_of
from pcn_group.verify.bound import effort_of_a_run, verify_certificate
from pcn_group.verify.certificate import Certificate, CutDual
from pcn_group.verify.division import Division
from pcn_group.verify.rules import Finding, check_plan

__all__ = [
    "check_solution",
    "refuse_wrong_plan",
    "solve",
    "solve_fewest_outside",
    "solve_without",
]


def solve(
    problem: Problem,
    settings: Search | Effort,
    on_progress: OnProgress,
    *,
    start: Networks | None = None,
    before: Solution | None = None,
) -> Solution:
    """Group a region's practices into networks at the least cost, with proof.

    Parameters
    ----------
    settings
        Time limit, gap, seed and workers, or what is left of them.
    on_progress
        Told now and then where the search stands.
    start
        A plan to begin with instead of looking for a first one.
    before
        Of the same practices under other rules, as a start. Where its band is relaxed, these must
        be the same rules and more.
    """
    compile_kernels(problem)
    effort = Effort.begun(settings)
    small = contraction_of(problem)
    if small is None:
        return _solve(problem, effort, on_progress, start, before)
    start = small.contracted(start) if start else None

    def tell(progress: Progress) -> None:
        networks = progress.networks
        if networks is not None:
            networks = [*map(small.spelled_out, networks)]
        on_progress(replace(progress, networks=networks))

    return _expanded(small, _solve(small.problem, effort, tell, start, None, small.spelled_out))


def _solve(
    problem: Problem,
    effort: Effort,
    on_progress: OnProgress,
    start: Networks | None,
    before: Solution | None,
    order: Order | None = None,
) -> Solution:
    instance = build_instance(problem)
    aside = _aside(problem)

    def tell(progress: Progress) -> None:
        cost, bound = (
            None if value is None else value + aside for value in (progress.cost, progress.bound)
        )
        networks = progress.networks
        if networks is not None:
            networks = [*problem.aside, *map(instance.in_problem, networks)]
        on_progress(replace(progress, cost=cost, bound=bound, networks=networks))

    if start is None and before is None and instance.limits.are_by_neighbourhood:
        first = any_plan(problem, effort.half(), on_progress)
        if first.infeasible:
            impossible = _beyond(problem, _certificate(instance, _with_costs(problem, first)))
            return _with_least_exceptions(problem, effort, tell, order, impossible)
        start = first.networks and tuple(map(instance.in_problem, first.networks))
    if before is not None and before.relaxed:
        return _with_least_exceptions(problem, effort, tell, order, None)
    found = in_turn(
        instance,
        turns_of(instance) if before is None and order is None else (LISTING,),
        effort,
        tell,
        start=_in_instance(instance, start),
        columns=_still_allowed(instance, before),
        order=order,
    )
    if found[-1].networks is not None or not found[-1].proven:
        return _solution(problem, instance, found, effort.gap)
    impossible = _beyond(problem, _certificate(instance, found[-1]))
    return _with_least_exceptions(problem, effort, tell, order, impossible)


def _with_least_exceptions(
    problem: Problem,
    effort: Effort,
    on_progress: OnProgress,
    order: Order | None,
    impossible: Certificate | None,
) -> Solution:
    """Return the best plan whose bands give way no more than they must, where they may at all.

    Parameters
    ----------
    impossible
        The proof that no plan keeps all of them.
    """
    if problem.may_give_way:
        least = least_exceptions(problem, effort, on_progress, order)
        if least.has_plan:
            relaxed = BandRelaxation(least.short, least.above, least.further)
            return replace(_with_exceptions(least), relaxed=relaxed, impossible=impossible)
        if not least.infeasible:
            return Solution("no_plan_in_time", (), 0, 0, problem, None, impossible=impossible)
    return Solution("infeasible", (), 0, 0, problem, None, impossible=impossible)


def _expanded(small: Contraction, found: Solution) -> Solution:
    """Return what was found in units in practices."""
    return replace(
        found,
        networks=small.expanded(found.networks),
        problem=small.under_bands_of(found.problem),
        certificate=small.certified(found.certificate),
        impossible=_beyond(small.original, small.certified(found.impossible)),
        columns=None,
    )


def solve_fewest_outside(
    problem: Problem, settings: Search | Effort, on_progress: OnProgress
) -> Solution:
    """Find the plan with the fewest patients outside the band, and of those the least cost.

    Parameters
    ----------
    problem
        Its hard limits on size hold; the band of its size rule is what networks are outside of.
    """
    compile_kernels(problem)
    fewest = fewest_outside(problem, Effort.begun(settings), on_progress)
    if fewest.has_plan:
        return _with_exceptions(fewest)
    status: Status = "infeasible" if fewest.infeasible else "no_plan_in_time"
    return Solution(status, (), 0, 0, problem, None)


def solve_without(
    problem: Problem,
    network: Sequence[int],
    settings: Search | Effort,
    on_progress: OnProgress,
    start: Networks | None = None,
) -> Solution:
    """Find the best plan in which the practices of a network are in networks in the band.

    All others are as `problem` allows. There is no certificate: the plain checker knows of no such
    rule.

    Parameters
    ----------
    network
        Positions of its practices.
    start
        Such a plan, to improve on.
    """
    compile_kernels(problem)
    effort = Effort.begun(settings)
    instance = build_instance(problem)
    restricted = np.isin(instance.practices, network)
    outcome = search(
        instance,
        effort,
        on_progress,
        limits=restriction(instance, restricted),
        start=_in_instance(instance, start),
        is_part=True,  # the parts of a large region would know nothing of the restriction
        pricer=partial(RestrictedPricer, restricted=restricted),
    )
    if outcome.networks is not None:
        found = _solution(problem, instance, [outcome], effort.gap)
        return replace(found, certificate=None)
    status: Status = "infeasible" if outcome.infeasible else "no_plan_in_time"
    return Solution(status, (), 0, outcome.bound, problem, None)


def _in_instance(instance: Instance, networks: Networks | None) -> Networks | None:
    """Return a plan in the instance's numbering, without the networks that are aside."""
    if networks is None:
        return None
    shared = set(networks).difference(instance.problem.aside)
    return tuple(
        tuple(np.searchsorted(instance.practices, members).tolist()) for members in sorted(shared)
    )


def _solution(
    problem: Problem, instance: Instance, found: Sequence[Outcome | Assigned], gap: float
) -> Solution:
    """Return the best plan that engines found with the best bound: each bound is on any plan."""
    aside = _aside(problem)
    proof = max(found, key=lambda each: each.bound)
    plans = [each for each in found if each.networks is not None]
    if not plans:
        return Solution("no_plan_in_time", (), 0, proof.bound + aside, problem, None)
    best = min(plans, key=lambda each: each.cost or 0)
    cost = (best.cost or 0) + aside
    bound = min(proof.bound + aside, cost)
    status: Status = "feasible"
    if bound == cost:
        status = "optimal"
    elif best.proven or cost - bound <= gap * cost:
        status = "within_gap"
    networks = [instance.in_problem(members) for members in best.networks or ()]
    return Solution(
        status=status,
        networks=tuple(sorted([*problem.aside, *networks])),
        cost=cost,
        bound=bound,
        problem=problem,
        certificate=_certificate(instance, proof),
        columns=best.columns if isinstance(best, Outcome) else None,
        is_first=isinstance(best, Outcome) and best.is_first,
    )


def _still_allowed(instance: Instance, before: Solution | None) -> Columns | None:
    """Return the candidates of an earlier search that are allowed in this one as well.

    Other rules may leave other practices aside, and have other neighbours.
    """
    if before is None or before.columns is None:
        return None
    columns, now = before.columns, {int(i): k for k, i in enumerate(instance.practices)}
    aside = [i for network in before.problem.aside for i in network]
    were = np.setdiff1d(np.arange(len(before.problem.codes)), aside)
    networks = (were[columns.members_of(k)].tolist() for k in range(len(columns)))
    here = ([now[i] for i in network] for network in networks if now.keys() >= {*network})
    allowed = [
        members for members in here if instance.allows(members) and instance.is_contiguous(members)
    ]
    if not allowed:
        return None
    return Columns.of(allowed, [instance.network_cost(members) for members in allowed])


def _with_exceptions(least: LeastExceptions) -> Solution:
    instance = build_instance(least.problem)
    found = _solution(least.problem, instance, [least.outcome], 0.0)
    return replace(
        found,
        status="optimal" if least.proven else "feasible",
        cost=found.cost - least.penalty_offset,
        bound=max(0, found.bound - least.penalty_offset) if least.proven else 0,
        is_first=least.proven and found.is_first,
        penalty_offset=least.penalty_offset,
        columns=None,
    )


def _with_costs(problem: Problem, found: Outcome) -> Outcome:
    """Return an outcome without costs, that there is no plan, as one that no plan is so cheap."""
    if found.proof is None or found.proof.bound <= 0:
        return found
    proof = multiplied(found.proof, problem.cost_ceiling())
    return replace(found, bound=proof.bound, proof=proof)


def _beyond(problem: Problem, certificate: Certificate | None) -> Certificate | None:
    """Return a certificate if its bound is above what any plan could cost."""
    if certificate is None or certificate.bound <= problem.cost_ceiling():
        return None
    return certificate


def _certificate(instance: Instance, found: Outcome | Assigned) -> Certificate | None:
    practices, proof = instance.practices, found.proof
    duals = np.zeros(len(instance.problem.codes), dtype=np.int64)
    if isinstance(proof, Division):
        bound = found.bound + _aside(instance.problem)
        return Certificate(duals, (), bound, tree=proof.within(practices, len(duals)))
    if proof is None:
        return None
    duals[practices] = proof.duals
    for network in instance.problem.aside:
        duals[network[0]] = instance.problem.network_cost(network)
    cut_duals = tuple(
        CutDual(tuple(practices[list(cut.practices)].tolist()), cut.shares, cut.whole, int(amount))
        for cut, amount in zip(proof.cuts, proof.cut_duals, strict=True)
        if amount > 0
    )
    return Certificate(
        duals=duals,
        cut_duals=tuple(
            sorted(cut_duals, key=lambda cut_dual: (cut_dual.practices, cut_dual.shares))
        ),
        bound=proof.bound + _aside(instance.problem),
        limit_duals=tuple(proof.limit_duals.tolist()) or (0,) * len(instance.limits),
    )


def _aside(problem: Problem) -> int:
    """Return what the networks of every plan, which the search leaves aside, cost."""
    return sum(problem.network_cost(network) for network in problem.aside)


def refuse_wrong_plan(problem: Problem, solution: Solution, more: Sequence[Finding] = ()) -> None:
    """Judge a plan independently of the solver.

    Parameters
    ----------
    more
        Further findings on it.

    Raises
    ------
    PcnGroupError
        If it breaks a rule, or costs something else: a fault of this program.
    """
    report = check_plan(problem, solution.networks).with_findings(more)
    broken = [
        f for f in report.findings if f.is_broken and not (f.may_give_way and solution.relaxed)
    ]
    if broken or report.cost != solution.cost:
        detail = "; ".join(f"{f.where}: {f.message}" for f in broken) or (
            f"it costs {report.cost}, not {solution.cost}"
        )
        raise PcnGroupError(
            f"The plan failed its independent check ({detail}). Please report this."
        )


def check_solution(
    problem: Problem,
    solution: Solution,
    moves: Sequence[Finding] = (),
    *,
    until: float = math.inf,
) -> bool:
    """Judge the plan and its certificate independently of the solver; say whether all is proven.

    Parameters
    ----------
    moves
        The judgement of what moves, where there are limits on that.
    until
        When to leave the certificate unproven, on the clock of `time.monotonic`.

    Raises
    ------
    PcnGroupError
        If the plan is not what the solver says: a fault of this program, so nothing is written.
    """
    refuse_wrong_plan(problem, solution, moves)
    if solution.certificate is None:
        return False
    certificate = solution.certificate
    effort = effort_of_a_run(problem)
    verification = verify_certificate(solution.problem, certificate, node_limit=effort, until=until)
    if verification.is_refuted or certificate.bound > solution.cost + solution.penalty_offset:
        raise PcnGroupError(
            f"The certificate failed its independent check ({verification.reason}). "
            "Please report this."
        )
    return verification.verified
