"""A plan is refused when it is not what the search says of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pcn_group.base.errors import (
    PcnGroupError,
)
from pcn_group.region.problem import Problem
from pcn_group.solver.solve import Solution
from pcn_group.verify.bound import effort_of_a_run, verify_certificate
from pcn_group.verify.rules import Finding, check_plan

__all__ = ["check_solution", "refuse_wrong_plan"]


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
        f for f in report.findings if f.is_broken and not (f.rule == "band" and solution.relaxed)
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
    effort = effort_of_a_run(problem)
    verification = verify_certificate(
        solution.problem, solution.certificate, node_limit=effort, until=until
    )
    if (
        verification.is_refuted
        or solution.certificate.bound > solution.cost + solution.penalty_offset
    ):
        raise PcnGroupError(
            f"The certificate failed its independent check ({verification.reason}). "
            "Please report this."
        )
    return verification.verified
