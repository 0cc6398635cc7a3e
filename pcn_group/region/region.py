"""A region prepared for the search: practices, units, travel, neighbours, problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from pcn_group.base.progress import Progress, Where
from pcn_group.config.loading import refuse_unknown_practices
from pcn_group.config.model import Configuration
from pcn_group.geography.adjacency import build_adjacency
from pcn_group.geography.travel import TravelTable, build_travel
from pcn_group.practices.table import Practices
from pcn_group.practices.units import attach_atypical, unit_catchments, units
from pcn_group.region.conflicts import refuse_contradictions
from pcn_group.region.problem import Problem, build_problem
from pcn_group.region.rules import RegionRules
from pcn_group.region.scenario import Terms
from pcn_group.region.today import Today, patients_today, practices_today
from pcn_group.solver.compiled import compile_kernels
from pcn_group.solver.model.effort import Effort
from pcn_group.verify.bound import compile_verifier

__all__ = ["Prepared", "prepare_region"]


@dataclass(frozen=True)
class Prepared:
    """A region under its rules, ready to be searched.

    Attributes
    ----------
    practices, units
        As in `Result`.
    tell
        Passes on where a search stands.
    effort
        What is left for all that is asked of the region, laying it out and compiling aside.
    """

    practices: Practices
    units: pd.DataFrame
    configuration: Configuration
    travel: TravelTable
    problem: Problem
    tell: Callable[[Progress], None]
    effort: Effort

    @property
    def terms(self) -> Terms:
        """The region and its rules, to ask what clashes."""
        return Terms(self.units, self.travel, self.problem.neighbours, self.configuration)

    def today(self, *, in_practices: bool = False) -> Today:
        """Return the networks of today, and what counts as moved: patients, or practices."""
        rules = RegionRules.of(self.configuration.rules, self.problem.codes)
        return (practices_today if in_practices else patients_today)(self.units, rules)


def prepare_region(
    practices: Practices,
    configuration: Configuration,
    report: Callable[[Where], None],
    effort: Effort | None = None,
) -> Prepared:
    """Lay a region out under its rules, the clock started; parameters are those of `plan_region`.

    Raises
    ------
    InputError
        As `plan_region`.
    """
    effort = Effort.starting_now(configuration.search) if effort is None else effort
    refuse_unknown_practices(configuration, practices.known)
    practices = replace(practices, table=attach_atypical(practices.table, configuration.data))
    own = units(practices.table)
    catchments = unit_catchments(practices.catchments, practices.table)
    report(Where("geography"))
    travel = build_travel(own, configuration, catchments)

    def tell(progress: Progress) -> None:
        cost, bound = progress.cost, progress.bound
        report(
            Where(
                progress.stage,
                travel.unit,
                travel.report(cost) if cost is not None else None,
                travel.report(bound) if bound is not None else None,
            )
        )

    neighbours = build_adjacency(own, configuration, catchments)
    problem = build_problem(own, travel, neighbours, configuration)
    refuse_contradictions(problem, configuration.rules, practices.table, practices.report)
    effort = effort.without(lambda: compile_kernels(problem)).without(compile_verifier)
    return Prepared(practices, own, configuration, travel, problem, tell, effort)
