"""The networks of a plan, or its practices, grouped into footprints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from pcn_group.base.progress import Where
from pcn_group.config.funding import refuse_unfunded
from pcn_group.config.hubs import Hubs
from pcn_group.config.model import Band, Configuration, Search
from pcn_group.config.rules import Rules
from pcn_group.funding.members import SplitNetwork, split_networks
from pcn_group.geography.adjacency import connected_parts
from pcn_group.pipeline import solve_run, start_run
from pcn_group.plan.case import Case
from pcn_group.plan.money import members_in_footprints
from pcn_group.plan.solved import SolvedPlan
from pcn_group.region.problem import FORBIDDEN
from pcn_group.region.region import Region
from pcn_group.solver.search.state import Effort
from pcn_group.studies.levels.networks import Unit, networks_of_today

__all__ = ["networks_split_by", "plan_footprints"]


def plan_footprints(
    case: Case,
    search: Search,
    band: Band,
    on_progress: Callable[[Where], None],
    *,
    free: bool = False,
) -> SolvedPlan:
    """Group the networks of a plan, or the practices in them, into footprints.

    A footprint is a network of the same practices under rules of its own: each network of the plan
    stays together, and the hub of a footprint is the hub of one of its networks. So what patients
    travel is measured from practice to practice, and any command takes the result for a plan.

    Parameters
    ----------
    search
        How long the search may take, and with how many threads.
    band
        How many patients a footprint may have.
    free
        Whether networks may be split among footprints, and any practice may be a hub.

    Raises
    ------
    As `solve`; InputError also where the plan has a practice twice, or an unknown one.
    """
    effort = Effort.starting_now(search, case.seconds)
    practices, networks = networks_of_today(case, band.max)
    if free:
        rules = _rules_of_practices(case.region.configuration, band)
    else:
        rules = _rules_of_networks(case.region, networks, band)
    rules = rules.model_copy(update={"search": search})
    refuse_unfunded(practices.table, rules.funding)
    return solve_run(start_run(practices, rules, on_progress, effort))


def _rules_of_practices(old: Configuration, band: Band) -> Configuration:
    """Return the rules for footprints of practices: data, travel, neighbours and search kept."""
    return Configuration(
        data=old.data,
        band=band,
        travel=old.travel.model_copy(update={"max_to_hub": None}),
        hubs=Hubs(branches=old.hubs.branches),
        adjacency=old.adjacency,
        funding=old.funding.model_copy(update={"networks": "current"}),
        neighbourhoods=old.neighbourhoods,
        search=old.search,
    )


def _rules_of_networks(region: Region, networks: Sequence[Unit], band: Band) -> Configuration:
    """Return the rules for footprints of whole networks.

    A network with more patients than a footprint may have is one by itself, as it is. One that is
    in pieces counts as one: its pieces are made neighbours.
    """
    free = _rules_of_practices(region.configuration, band)
    places = {code: i for i, code in enumerate(region.problem.codes)}
    together, fixed, hubs, bridges = [], [], [], list[tuple[str, str]]()
    for network in networks:
        members = [places[code] for code in network.practices]
        hubs.append(region.problem.codes[_hub(region, members)])
        bridges += _bridges(region, members)
        if network.patients > band.max:
            fixed.append(network.practices)
        elif len(members) > 1:
            together.append(network.practices)
    adjacency = free.adjacency.model_copy(update={"add": (*free.adjacency.add, *bridges)})
    rules = Rules(together=tuple(together), fixed=tuple(fixed), hubs=tuple(hubs))
    return free.model_copy(update={"adjacency": adjacency, "rules": rules})


def networks_split_by(plan: SolvedPlan) -> tuple[SplitNetwork, ...]:
    """Return the networks of today, as `current_network` has them, that footprints split."""
    footprints = [(network.network_id, network.members) for network in plan.networks]
    return split_networks(members_in_footprints(plan.region.table, footprints))


def _hub(region: Region, members: Sequence[int]) -> int:
    """Return the practice at the hub of a network; without one that with least travel."""
    inside = np.ix_(members, members)
    if region.problem.network_cost(members) < FORBIDDEN:
        return region.problem.hub_practice(members)
    travel = region.problem.weights[list(members)] @ region.travel.values[inside]
    return members[int(travel.argmin())]


def _bridges(region: Region, members: Sequence[int]) -> Iterator[tuple[str, str]]:
    """Return a pair of practices for each two pieces of a network."""
    place = {practice: k for k, practice in enumerate(members)}
    inside = [[place[j] for j in region.problem.neighbours[i] if j in place] for i in members]
    for part, other in pairwise(connected_parts(inside)):
        yield region.problem.codes[members[part[0]]], region.problem.codes[members[other[0]]]
