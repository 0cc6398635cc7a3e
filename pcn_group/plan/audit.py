"""A plan is refused when it is not what the search says of it."""

from __future__ import annotations

from collections.abc import Sequence

from pcn_group.errors import PcnGroupError
from pcn_group.plan.check import Finding, check_plan
from pcn_group.problem import Problem
from pcn_group.solver.solve import Solution

__all__ = ["refuse_wrong_plan"]


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
        f for f in report.findings if f.is_broken and not (f.rule == "band" and solution.gave_way)
    ]
    if broken or report.cost != solution.cost:
        detail = "; ".join(f"{f.where}: {f.message}" for f in broken) or (
            f"it costs {report.cost}, not {solution.cost}"
        )
        raise PcnGroupError(
            f"The plan failed its independent check ({detail}). Please report this."
        )
