"""A plan with its region and the rules it is looked at under, from files."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pcn_group.config.loading import refuse_unknown_practices
from pcn_group.config.model import Configuration
from pcn_group.config.rules import groups_by_rule
from pcn_group.geography.adjacency import build_adjacency
from pcn_group.geography.travel import TravelTable, build_travel
from pcn_group.plan.given import CURRENT, Given
from pcn_group.plan.reading import StoredPlan, located_networks, networks_by_code, read_plan
from pcn_group.plan.rule_files import with_found_files
from pcn_group.practices import Practices, read_practices
from pcn_group.practices.units import attach_atypical, hosts, unit_catchments, units
from pcn_group.region.conflicts import refuse_contradictions
from pcn_group.region.problem import Problem, build_problem
from pcn_group.verify.rules import Finding

__all__ = ["CURRENT", "Case", "Given", "case_of", "open_case", "open_region"]


@dataclass(frozen=True)
class Case:
    """A plan, its region and rules.

    Attributes
    ----------
    practices
        Those of the region, as read.
    table
        Their table with `attached_to`.
    units
        The practices attached to no other; all positions are in this table.
    configuration, problem, travel
        The rules, and the region under them.
    labels, networks
        What the plan calls its networks, and the positions of their members.
    misplaced
        What is wrong with where the plan has practices.
    stored
        What else the plan's files hold; None for the networks of today.
    is_as_made
        Whether the rules are those the plan was made under.
    seconds
        What laying the region out took: it counts against the time limit.
    """

    practices: Practices
    table: pd.DataFrame
    units: pd.DataFrame
    configuration: Configuration
    problem: Problem
    travel: TravelTable
    labels: tuple[str, ...]
    networks: tuple[tuple[int, ...], ...]
    misplaced: tuple[Finding, ...]
    stored: StoredPlan | None
    is_as_made: bool
    seconds: float

    @property
    def has_inputs(self) -> bool:
        """Whether the practices are of the files that the plan was made from."""
        inputs = self.stored.inputs if self.stored is not None else ()
        return sorted(inputs) == sorted(source.sha256 for source in self.practices.sources)

    @property
    def has_other_lists(self) -> bool:
        """Whether the practices are neither of those files nor of the plan's own columns."""
        own = {self.stored.source.sha256} if self.stored is not None else set()
        return not self.has_inputs and own != {s.sha256 for s in self.practices.sources}


def open_case(plan: str, given: Given) -> Case:
    """Read a plan and what belongs to it.

    Parameters
    ----------
    plan
        A folder that `solve` wrote, a `groupings.csv`, or `current`, which needs `given.inputs`.

    Raises
    ------
    InputError
        With the faults of the plan, or else of practices, rules and the files that rules name.
    """
    practices, configuration, stored = _read(plan, given)
    if stored is None:
        table = practices.table
        networks = networks_by_code(table["practice_code"], table["current_network"])
        return _case(practices, networks, configuration, None, is_as_made=False)
    is_as_made = not given.changes_rules
    return _case(practices, stored.networks, configuration, stored, is_as_made=is_as_made)


def case_of(folder: Path, practices: Practices, files: Mapping[str, Path]) -> Case:
    """Read a folder that `solve` wrote, for practices that are read already.

    Parameters
    ----------
    files
        Where the files are that the rules name, as `Configuration.files`.

    Raises
    ------
    InputError
        As `open_case`.
    """
    stored = read_plan(folder)
    rules = (stored.configuration or Configuration()).with_files(files)
    return _case(practices, stored.networks, rules, stored, is_as_made=True)


def open_region(plan: str, given: Given) -> tuple[Practices, Configuration]:
    """Read the practices of a plan, and the rules to plan them by anew.

    Parameters and exceptions are those of `open_case`.
    """
    practices, configuration, _ = _read(plan, given)
    return practices, configuration


def _read(plan: str, given: Given) -> tuple[Practices, Configuration, StoredPlan | None]:
    """Read the practices, the rules, and what else the plan's files hold, if it has any."""
    rules = given.rules
    if plan == CURRENT:
        configuration = rules or Configuration()
        return _practices(given.files_of_today, given, configuration), configuration, None
    stored = read_plan(Path(plan))
    if rules is None and stored.configuration is not None:
        folder = stored.groupings.parent
        rules = with_found_files(stored.configuration, stored.summary, folder, given.inputs)
    configuration = rules or Configuration()
    files = given.inputs or (stored.groupings,)
    return _practices(files, given, configuration), configuration, stored


def _practices(files: tuple[Path, ...], given: Given, rules: Configuration) -> Practices:
    if given.inputs:
        practices = read_practices(files, given.region, by=given.by, rules=rules)
        refuse_unknown_practices(rules, practices.known)
        return practices
    # A plan alone has neither the weighted lists nor the practices of other regions.
    unweighted = rules.data.model_copy(
        update={"weighted_list_size": None, "adjusted_list_size": None}
    )
    practices = read_practices(
        files,
        given.region,
        by=given.by,
        rules=rules.model_copy(update={"data": unweighted}),
    )
    edges = (*rules.adjacency.add, *rules.adjacency.remove)
    groups = (*edges, *(group for _, group in groups_by_rule(rules.rules)))
    named = {code for group in groups for code in group}
    return replace(practices, elsewhere=practices.elsewhere | named)


def _case(
    practices: Practices,
    networks: Mapping[str, Sequence[str]],
    configuration: Configuration,
    stored: StoredPlan | None,
    *,
    is_as_made: bool,
) -> Case:
    began = time.monotonic()
    table = attach_atypical(practices.table, configuration.data)
    own, catchments = units(table), unit_catchments(practices.catchments, table)
    travel = build_travel(own, configuration, catchments)
    neighbours = build_adjacency(own, configuration, catchments)
    problem = build_problem(own, travel, neighbours, configuration)
    refuse_contradictions(problem, configuration.rules, table, practices.report)
    host_of = dict(zip(table["practice_code"], hosts(table), strict=True))
    members, misplaced = located_networks(networks, host_of)
    return Case(
        practices=practices,
        table=table,
        units=own,
        configuration=configuration,
        problem=problem,
        travel=travel,
        labels=tuple(networks),
        networks=tuple(tuple(network) for network in members),
        misplaced=tuple(misplaced),
        stored=stored,
        is_as_made=is_as_made,
        seconds=time.monotonic() - began,
    )
