"""The networks of a plan grouped into larger footprints, as a region is into networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from pcn_group.base.progress import Where
from pcn_group.config.funding import refuse_unfunded
from pcn_group.config.model import Band, Configuration, Search
from pcn_group.config.rules import Rules
from pcn_group.geography.adjacency import connected_parts
from pcn_group.pipeline import SolvedPlan, solve_run, start_run
from pcn_group.plan.case import Case
from pcn_group.region.problem import FORBIDDEN
from pcn_group.region.region import Region
from pcn_group.solver.model.effort import Effort
from pcn_group.studies.levels.plan_as_today import Unit, networks_of_today

__all__ = ["footprint_rules", "plan_footprints"]


def plan_footprints(
    case: Case, search: Search, band: Band, on_progress: Callable[[Where], None]
) -> SolvedPlan:
    """Group the networks of a plan into footprints.

    A footprint is a network of the same practices under rules of its own: each network of the plan
    stays together, and the hub of a footprint is the hub of one of its networks. So what patients
    travel is measured from practice to practice, and any command takes the result for a plan.

    Parameters
    ----------
    search
        How long the search may take, and with how many threads.
    band
        How many patients a footprint may have.

    Raises
    ------
    As `solve`; InputError also where the plan has a practice twice, or an unknown one.
    """
    effort = Effort.starting_now(search, case.seconds)
    practices, networks = networks_of_today(case)
    rules = footprint_rules(case.region, networks, band).model_copy(update={"search": search})
    refuse_unfunded(practices.table, rules.funding)
    return solve_run(start_run(practices, rules, on_progress, effort))


def footprint_rules(region: Region, networks: Sequence[Unit], band: Band) -> Configuration:
    """Return the rules for footprints of networks: data, travel, neighbours and search kept.

    A network with more patients than a footprint may have is one by itself, as it is. One that is
    in pieces counts as one: its pieces are made neighbours.
    """
    old, places = region.configuration, {code: i for i, code in enumerate(region.problem.codes)}
    together, fixed, hubs, bridges = [], [], [], list[tuple[str, str]]()
    for network in networks:
        members = [places[code] for code in network.practices]
        hubs.append(region.problem.codes[_hub(region, members)])
        bridges += _bridges(region, members)
        if network.patients > band.max:
            fixed.append(network.practices)
        elif len(members) > 1:
            together.append(network.practices)
    return Configuration(
        data=old.data,
        band=band,
        travel=old.travel.model_copy(update={"max_to_hub": None}),
        adjacency=old.adjacency.model_copy(update={"add": (*old.adjacency.add, *bridges)}),
        rules=Rules(together=tuple(together), fixed=tuple(fixed), hubs=tuple(hubs)),
        search=old.search,
    )


def _hub(region: Region, members: Sequence[int]) -> int:
    """Return the hub of a network; where the rules permit none, the practice with least travel."""
    inside = np.ix_(members, members)
    if region.problem.cost[inside].sum(axis=0).min() < FORBIDDEN:
        return region.problem.hub(members)
    travel = region.problem.weights[list(members)] @ region.travel.values[inside]
    return members[int(travel.argmin())]


def _bridges(region: Region, members: Sequence[int]) -> Iterator[tuple[str, str]]:
    """Return a pair of practices for each two pieces of a network."""
    place = {practice: k for k, practice in enumerate(members)}
    inside = [[place[j] for j in region.problem.neighbours[i] if j in place] for i in members]
    for part, other in pairwise(connected_parts(inside)):
        yield region.problem.codes[members[part[0]]], region.problem.codes[members[other[0]]]
