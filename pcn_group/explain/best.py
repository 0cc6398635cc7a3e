"""The best plan of a region, searched to its end and then checked by code that shares nothing."""

from __future__ import annotations

from pcn_group.config import Search
from pcn_group.plan.audit import refuse_wrong_plan
from pcn_group.problem import Problem
from pcn_group.solver.effort import Effort
from pcn_group.solver.search import Progress, Report
from pcn_group.solver.solve import Solution, solve

__all__ = ["best_plan", "silent"]

_LEAST = 0.1
"""Seconds that a search gets even when time is over: it then ends unproven."""


def silent(_: Progress) -> None:
    """Report to nobody."""


def best_plan(
    problem: Problem, effort: Effort, before: Solution | None = None, report: Report = silent
) -> Solution:
    """Give the best plan within the time left, whatever gap would be good enough elsewhere.

    Parameters
    ----------
    before, report
        As for `solve`.

    Raises
    ------
    PcnGroupError
        If the plan is not what the search says: a fault of this program.
    """
    settings = Search(
        time_limit=max(effort.seconds_left, _LEAST), seed=effort.seed, workers=effort.workers
    )
    solution = solve(problem, settings, report, before=before)
    if solution.networks:
        refuse_wrong_plan(problem, solution)
    return solution
