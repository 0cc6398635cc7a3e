"""Alignment with neighbourhoods: how well networks fit, and the least that must change.

The fewest misaligned patients of any plan are found first. Then they are a limit, under which the
fewest patients move, or the least is travelled: that is a plan as any other, with its proof.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from pcn_group.base.errors import Fault, InfeasibleError, InputError, NoPlanInTimeError
from pcn_group.base.progress import Where
from pcn_group.config.funding import refuse_unfunded
from pcn_group.config.model import Configuration
from pcn_group.infeasibility.words import why_infeasible
from pcn_group.pipeline import (
    Run,
    need_networks_of_today,
    solve_run,
    start_run,
    with_who_else,
)
from pcn_group.plan.fit import Fit, fit_of
from pcn_group.plan.moves import networks_of_today
from pcn_group.plan.solved import SolvedPlan
from pcn_group.practices.table import Practices
from pcn_group.region.alignment import Alignment
from pcn_group.region.neighbourhoods import Neighbourhoods
from pcn_group.region.plan_limits import share_that_leaves
from pcn_group.region.region import Region, with_value
from pcn_group.solver.misaligned import FewestMisaligned, solve_fewest_misaligned

__all__ = ["Aligned", "align", "need_neighbourhoods"]

_COUNTS: dict[str, Literal["patients", "practices"] | None] = {
    "moves": "patients",
    "practices": "practices",
    "travel": None,
}
"""As few as can be of which are to move"""


@dataclass(frozen=True)
class Aligned:
    """How well networks fit neighbourhoods, and a plan that fits better.

    Attributes
    ----------
    today
        The fit of the networks of today, by their codes; empty where there are none.
    before, after
        The fit of those, in order of code, and of the plan's networks.
    plan
        Its limit on misaligned patients is what was asked for, or what the fewest came to. Its
        bound on them is None where a share was asked for.
    """

    today: tuple[str, ...]
    before: Fit
    after: Fit
    plan: SolvedPlan


def align(
    practices: Practices,
    configuration: Configuration,
    then: Literal["moves", "practices", "travel"],
    at_least: float | None,
    on_progress: Callable[[Where], None],
) -> Aligned:
    """Find the plan that fits best, and of such plans the one that changes or travels the least.

    Parameters
    ----------
    configuration
        The rules.
    then
        Whether of the plans that fit as well the fewest patients move, or practices, and of those
        the least is travelled, or the latter alone counts.
    at_least
        The share of patients that is to be aligned, in place of as many as can be.

    Raises
    ------
    InputError
        As `solve`, without a map of neighbourhoods, and without networks of today to move from.
    InfeasibleError
        If it is proven that no plan keeps the rules.
    NoPlanInTimeError
        If the time limit passed without a plan.
    """
    refuse_unfunded(practices.table, configuration.funding)
    run = start_run(practices, configuration, on_progress)
    neighbourhoods = need_neighbourhoods(run.region)
    if then != "travel":
        need_networks_of_today(run.region.today())
    fewest = None
    if at_least is None:
        found = _fewest(run, neighbourhoods)
        fewest, at_least = found.bound, share_that_leaves(neighbourhoods, found.misaligned)
    limited = with_value(run.region, "limits.min_aligned", at_least)
    plan = solve_run(replace(run, region=limited), fewest=_COUNTS[then])
    today, weights = networks_of_today(run.region), run.region.problem.weights
    plan = with_who_else(run, replace(plan, fewest_misaligned=fewest))
    return Aligned(
        today=tuple(today),
        before=fit_of(neighbourhoods, [*today.values()], weights),
        after=fit_of(neighbourhoods, [network.members for network in plan.networks], weights),
        plan=plan,
    )


def need_neighbourhoods(region: Region) -> Neighbourhoods:
    """Return the neighbourhoods of a region; stop with an InputError where there is no map."""
    if region.neighbourhoods is None:
        problem = "there is no map of neighbourhoods"
        remedy = (
            "Give one among the practice files, beside the lists, or name it with "
            "neighbourhoods.map."
        )
        raise InputError([Fault("neighbourhoods", problem, remedy)])
    return region.neighbourhoods


def _fewest(run: Run, neighbourhoods: Neighbourhoods) -> FewestMisaligned:
    """Find the fewest misaligned patients of any plan, in half of the time."""
    region = run.region
    found = solve_fewest_misaligned(
        region.problem, Alignment.of(neighbourhoods), run.effort.half(), run.tell
    )
    if found.is_infeasible:
        reason = why_infeasible(region, run.effort, run.tell)
        raise InfeasibleError(f"{reason}\nHere the band does not give way.")
    if found.networks is None:
        raise NoPlanInTimeError.within(region.configuration.search.time_limit)
    return found
