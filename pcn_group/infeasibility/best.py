"""The best plan of a region, searched to its end and then checked by code that shares nothing."""

from __future__ import annotations

from dataclasses import replace

from pcn_group.base.progress import OnProgress, Progress
from pcn_group.region.problem import Problem
from pcn_group.solver.model.effort import Effort
from pcn_group.solver.solve import Solution, refuse_wrong_plan, solve

__all__ = ["best_plan", "silent"]


def silent(_: Progress) -> None:
    """Report to nobody."""


def best_plan(
    problem: Problem, effort: Effort, before: Solution | None = None, report: OnProgress = silent
) -> Solution:
    """Return the best plan within the time left, whatever gap would be good enough elsewhere.

    When time is over there is none, and no search either.

    Parameters
    ----------
    before, report
        As for `solve`.

    Raises
    ------
    PcnGroupError
        If the plan is not what the search says: a fault of this program.
    """
    if not effort.seconds_left:
        return Solution("no_plan_in_time", (), 0, 0, problem, None)
    solution = solve(problem, replace(effort, gap=0.0), report, before=before)
    if solution.networks:
        refuse_wrong_plan(problem, solution)
    return solution
