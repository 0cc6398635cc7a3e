"""A region under its rules: practices, units, travel, neighbours and the problem in integers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from pcn_group.base.progress import Where
from pcn_group.config.loading import refuse_unknown_practices
from pcn_group.config.model import Configuration
from pcn_group.geography.adjacency import Neighbours, build_adjacency
from pcn_group.geography.travel import TravelTable, build_travel
from pcn_group.geography.ways import Ways, build_ways
from pcn_group.practices.table import Practices
from pcn_group.practices.units import attach_atypical, unit_catchments, units
from pcn_group.region.conflicts import refuse_conflicts
from pcn_group.region.land_findings import with_land_findings
from pcn_group.region.problem import Problem, RegionRules, build_problem
from pcn_group.region.today import Today, patients_today, practices_today

__all__ = ["Region", "prepare_region"]


@dataclass(frozen=True)
class Region:
    """A region under its rules.

    Attributes
    ----------
    practices
        All of them; `attached_to` in their table says which counts as part of which.
    units
        The practices that are attached to no other, with the patients of those that are attached to
        them. Every position in `travel`, `problem`, a plan or a solution is one in this table.
    configuration
        The rules.
    travel
        From each unit to each other one.
    problem
        The region in integers, neighbours among them.
    ways
        Between units over land; None where neither travel nor neighbours ask for them.
    neighbours
        Those of the problem, with what was dropped, joined and added.
    """

    practices: Practices
    units: pd.DataFrame
    configuration: Configuration
    travel: TravelTable
    problem: Problem
    ways: Ways | None = None
    neighbours: Neighbours = field(default_factory=lambda: Neighbours(()))

    @property
    def table(self) -> pd.DataFrame:
        """The table of all practices, with `attached_to`."""
        return self.practices.table

    def today(self, *, in_practices: bool = False) -> Today:
        """Return the networks of today, and what counts as moved: patients, or practices."""
        rules = RegionRules.of(self.configuration.rules, self.problem.codes)
        return (practices_today if in_practices else patients_today)(self.units, rules)

    def moved(self, networks: Sequence[Sequence[int]]) -> tuple[int | None, int | None]:
        """Return how many patients and how many practices move, each counted for itself.

        None where no practice has a network today that it could leave.

        Parameters
        ----------
        networks
            The positions of the practices of each network.
        """
        patients, practices = self.today(), self.today(in_practices=True)
        if patients.count == 0:
            return None, None
        return patients.moved_in_all(networks), practices.moved_in_all(networks)

    def under(self, configuration: Configuration) -> Region:
        """Return the region under other rules that leave travel and neighbours as they are."""
        problem = build_problem(self.units, self.travel, self.problem.neighbours, configuration)
        return replace(self, configuration=configuration, problem=problem)


def prepare_region(
    practices: Practices,
    configuration: Configuration,
    on_progress: Callable[[Where], None] = lambda _: None,
) -> Region:
    """Prepare a region under its rules.

    Parameters
    ----------
    on_progress
        Told when travel and neighbours are about to be worked out.

    Raises
    ------
    InputError
        For a fault in a matrix, an outline or a list of neighbours, for rules that name a practice
        nowhere in the input, and for rules that conflict with each other or with the region.
    """
    refuse_unknown_practices(configuration, practices.known)
    practices = replace(practices, table=attach_atypical(practices.table, configuration.data))
    on_progress(Where("geography"))
    own = units(practices.table)
    catchments = unit_catchments(practices.catchments, practices.table)
    ways = build_ways(own, configuration)
    travel = build_travel(own, configuration, catchments, ways)
    neighbours = build_adjacency(own, configuration, catchments, ways)
    practices = with_land_findings(practices, own, ways, neighbours)
    problem = build_problem(own, travel, neighbours.of, configuration)
    refuse_conflicts(problem, configuration.rules, practices)
    return Region(practices, own, configuration, travel, problem, ways, neighbours)
