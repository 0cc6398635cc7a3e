"""Plans in and out: judging any plan, and writing one that was solved."""

from __future__ import annotations

from pathlib import Path

from pcn_group.output.data.folder import write_folder
from pcn_group.output.data.judgement import Judgement, judge
from pcn_group.output.data.plan_files import plan_files
from pcn_group.pipeline import SolvedPlan
from pcn_group.plan.case import Case, open_case
from pcn_group.plan.inputs import PlanInputs

__all__ = ["check", "write_plan"]


def check(plan: Case | SolvedPlan | Path | str, inputs: PlanInputs | None = None) -> Judgement:
    """Judge a plan by its rules, independently of the solver.

    Parameters
    ----------
    plan
        A folder that `solve` wrote, a `groupings.csv`, or the word `current` for the networks of
        today, which needs `inputs`; or a plan that is read or solved already. Of one in a folder
        what its files say is judged too, its proof above all.
    inputs
        The practices and rules to judge it by; without any, those the plan was made with.

    Raises
    ------
    InputError
        With the faults of the plan, or else of practices, rules and the files that rules name.
    """
    if isinstance(plan, SolvedPlan):
        listed = {network.network_id: network.members for network in plan.networks}
        plan = Case("the plan", plan.region, listed)
    elif not isinstance(plan, Case):
        plan = open_case(str(plan), inputs or PlanInputs())
    return judge(plan)


def write_plan(folder: Path, plan: SolvedPlan) -> None:
    """Write the files of a plan, each whole or not at all, in place of an earlier plan's.

    Raises
    ------
    UnwrittenError
        If a file cannot be written.
    """
    write_folder(folder, plan_files(plan))
