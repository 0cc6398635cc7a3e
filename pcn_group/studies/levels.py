"""Levels above and below networks: footprints of several, and parts of those that are too large."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.progress import Where
from pcn_group.base.wording import listed, named, plural
from pcn_group.config.funding import refuse_unfunded
from pcn_group.config.hubs import Hubs
from pcn_group.config.model import Band, Configuration, Search
from pcn_group.config.rules import Rules, groups_by_rule
from pcn_group.funding.members import SplitNetwork, split_networks
from pcn_group.geography.adjacency import connected_parts
from pcn_group.geography.travel import TravelTable
from pcn_group.pipeline import Run, solve_run, start_run
from pcn_group.plan.case import Case
from pcn_group.plan.money import members_in_footprints, with_networks_of
from pcn_group.plan.moves import without_limits
from pcn_group.plan.solved import SolvedPlan
from pcn_group.practices.table import Practices
from pcn_group.practices.units import hosts
from pcn_group.region.building import build_problem
from pcn_group.region.conflicts import refuse_conflicts
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.region.region import Region
from pcn_group.solver.instance import build_instance
from pcn_group.solver.search.state import Effort
from pcn_group.solver.solve import solve

__all__ = [
    "Divided",
    "Division",
    "Unit",
    "divide_networks",
    "footprint_rules",
    "free_footprint_rules",
    "networks_of_today",
    "networks_split_by",
    "plan_footprints",
]


@dataclass(frozen=True)
class Divided:
    """A network that was to be divided.

    Attributes
    ----------
    label, patients
        Of the network.
    into
        The identifiers of the networks that it was divided into; empty where it stays as it is.
    reason
        Why it stays; empty where it is divided.
    """

    label: str
    patients: int
    into: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Division:
    """A plan in which networks of another one are divided, the others as they were.

    Attributes
    ----------
    plan
        The plan of the whole region.
    divided
        What became of each network that was to be divided, by label.
    """

    plan: SolvedPlan
    divided: tuple[Divided, ...]


def divide_networks(
    case: Case,
    search: Search,
    smallest: int,
    largest: int,
    labels: Collection[str],
    on_progress: Callable[[Where], None],
) -> Division:
    """Divide networks of a plan into networks in the band; the others stay as they are.

    Each is first solved as a region of its own, with the neighbours it has in the whole one. Those
    that can be divided then are, in a plan of the whole region in which all else is fixed.

    Parameters
    ----------
    search
        How long all searches together may take, and with how many threads.
    smallest, largest
        How many patients a part may have.
    labels
        The networks to divide; none means all that have more than `largest`.

    Raises
    ------
    As `solve`; InputError also where a label is unknown, or the plan has a practice twice.
    """
    effort = Effort.starting_now(search, case.seconds)
    practices, networks = networks_of_today(case, largest)
    band = Band(min=smallest, max=largest, below="forbid", above="forbid")
    # What may move is not asked: here the networks of today are those of the plan.
    rules = case.region.configuration
    # The parts are paid as what they are parts of, until there is a contract with them.
    funding = rules.funding.model_copy(update={"networks": "current"})
    configuration = without_limits(rules).model_copy(
        update={"band": band, "search": search, "funding": funding}
    )
    chosen = _chosen(case, networks, labels, configuration)
    refuse_unfunded(practices.table, configuration.funding)
    run = start_run(practices, configuration, on_progress, effort)
    reasons = {
        # Each has its share of the time, and the whole plan one as well.
        unit.label: _why_whole(run, unit, 1 / (len(chosen) - k + 1))
        for k, unit in enumerate(chosen)
    }
    parts = [unit for unit in chosen if not reasons[unit.label]]
    whole = [unit for unit in networks if unit not in parts]
    region = _with_rest_fixed(run.region, parts, whole)
    plan = solve_run(replace(run, region=region))
    codes = region.problem.codes
    inside = {n.network_id: {codes[i] for i in n.members} for n in plan.networks}
    divided = [
        Divided(
            unit.label,
            unit.patients,
            tuple(
                name
                for name, members in inside.items()
                if not reasons[unit.label] and not members.isdisjoint(unit.practices)
            ),
            reasons[unit.label],
        )
        for unit in chosen
    ]
    return Division(plan, tuple(divided))


def _chosen(
    case: Case, networks: Sequence[Unit], labels: Collection[str], configuration: Configuration
) -> list[Unit]:
    """Return the networks to divide."""
    if labels:
        asked = [case.asked_about(network=label)[1] for label in labels]
        return [unit for unit in networks if unit.label in asked]
    fixed = {tuple(sorted(group)) for group in configuration.rules.fixed}
    most = configuration.band.max
    return [unit for unit in networks if unit.patients > most and unit.practices not in fixed]


def _why_whole(run: Run, unit: Unit, share: float) -> str:
    """Say why a network cannot be divided into networks in the band; empty where it can.

    Parameters
    ----------
    share
        Of the time that is left, to find out.
    """
    if len(unit.practices) == 1:
        return "it is a single practice"
    part, effort = _part(run.region, unit), run.effort
    solution = solve(part, effort.at_most(share * effort.seconds_left), lambda _: None)
    if solution.status == "infeasible":
        return _why_infeasible(part)
    if solution.status == "no_plan_in_time":
        return "no division of it was found in time: allow more with --time-limit"
    if len(solution.networks) == 1:
        return "it is in the band, and dividing it saves no travel"
    return ""


def _why_infeasible(part: Problem) -> str:
    """Say why a network cannot be divided into networks in the band, which is proven."""
    instance, band = build_instance(part), part.size
    reasons = []
    for piece in instance.indivisible_parts():
        patients = int(instance.weights[piece].sum())
        most = patients // band.band_min
        if len(piece) < instance.size:
            names = named([part.codes[i] for i in instance.in_problem(piece)])
            reasons.append(f"{names} with {patients:,} patients, cut off from its other practices")
        else:
            reasons.append(
                f"{patients:,} patients are too many for {most} and too few for {most + 1}"
            )
    if not reasons:
        return "no networks in the band can be put together from its practices"
    return f"no networks in the band can be made of it: {'; '.join(reasons)}"


def _part(region: Region, unit: Unit) -> Problem:
    """Return a network as a region of its own."""
    places = np.flatnonzero(np.isin(region.problem.codes, unit.practices))
    number = {int(i): k for k, i in enumerate(places)}
    beside = (region.problem.neighbours[i] for i in number)
    return build_problem(
        region.units.iloc[places].reset_index(drop=True),
        TravelTable(region.travel.values[np.ix_(places, places)], region.travel.unit),
        tuple(tuple(number[j] for j in near if j in number) for near in beside),
        region.configuration,
        region.neighbourhoods and region.neighbourhoods.within(places),
    )


def _with_rest_fixed(region: Region, parts: Sequence[Unit], whole: Sequence[Unit]) -> Region:
    """Return the region with the networks that stay fixed, and the practices of the others apart.

    A contiguous set of practices of several divided networks would have two neighbours of different
    ones: it is enough to keep those apart.
    """
    rules, problem = region.configuration.rules, region.problem
    part_of = {code: unit.label for unit in parts for code in unit.practices}
    pairs = (
        (code, problem.codes[j])
        for i, code in enumerate(problem.codes)
        for j in problem.neighbours[i]
        if i < j
    )
    apart = [
        pair
        for pair in pairs
        if pair[0] in part_of and pair[1] in part_of and part_of[pair[0]] != part_of[pair[1]]
    ]
    fixed = {tuple(sorted(group)) for group in rules.fixed}.union(unit.practices for unit in whole)
    rules = rules.model_copy(
        update={"fixed": tuple(sorted(fixed)), "apart": (*rules.apart, *apart)}
    )
    divided = region.under(region.configuration.model_copy(update={"rules": rules}))
    refuse_conflicts(divided.problem, rules, divided.practices)
    return divided


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
        rules = free_footprint_rules(case.region.configuration, band)
    else:
        rules = footprint_rules(case.region, networks, band)
    rules = rules.model_copy(update={"search": search})
    refuse_unfunded(practices.table, rules.funding)
    return solve_run(start_run(practices, rules, on_progress, effort))


def free_footprint_rules(old: Configuration, band: Band) -> Configuration:
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


def footprint_rules(region: Region, networks: Sequence[Unit], band: Band) -> Configuration:
    """Return the rules for footprints of whole networks.

    A network with more patients than a footprint may have is one by itself, as it is. One that is
    in pieces counts as one: its pieces are made neighbours.
    """
    free = free_footprint_rules(region.configuration, band)
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


_NAMED = 5
"""Practices named in a note."""


@dataclass(frozen=True)
class Unit:
    """A network of a plan.

    Attributes
    ----------
    label
        What the plan calls it.
    practices
        The codes of its practices, sorted, without those attached to others.
    patients
        Registered patients.
    """

    label: str
    practices: tuple[str, ...]
    patients: int


def networks_of_today(case: Case, most: int) -> tuple[Practices, tuple[Unit, ...]]:
    """Return the practices of a plan with its networks as their networks of today, and these.

    Of a plan of levels the networks of today stay those that it was made of, which are paid.

    Practices that the plan has in no network are left out. What the rules name beside is taken for
    practices of other regions: that there are such practices was seen to when the plan was made.

    Parameters
    ----------
    most
        Patients that a network may have from now on: no smaller practice is reported as larger.

    Raises
    ------
    InputError
        Where the plan has a practice twice, or one that is not among the practices.
    """
    faults = [*_misplaced(case)]
    if faults:
        raise InputError(faults)
    region = case.region
    problem, table, configuration = region.problem, region.table, region.configuration
    units = tuple(
        Unit(label, codes, int(problem.weights[list(members)].sum()))
        for label, members in sorted(case.listed.items())
        if (codes := tuple(sorted(problem.codes[i] for i in members)))
    )
    label_of = {code: unit.label for unit in units for code in unit.practices}
    labels = hosts(table).map(lambda code: label_of.get(code, ""))
    own = _as_today(case, labels)
    edges = (*configuration.adjacency.add, *configuration.adjacency.remove)
    named = {code for pair in edges for code in pair}
    named.update(code for _, group in groups_by_rule(configuration.rules) for code in group)
    sources, report = region.practices.sources, region.practices.data_report
    is_large = report["practice_code"].isin(table["practice_code"][table["list_size"] > most])
    practices = replace(
        region.practices,
        data_report=report[(report["finding"] != "over_maximum") | is_large],
        sources=sources if case.stored is None else case.stored.with_sources(sources),
        # What a plan's own columns are like was told when it was made.
        notes=(*(() if case.stored else region.practices.notes), *_left_out(table[labels == ""])),
        table=own[labels != ""].drop(columns="attached_to").reset_index(drop=True),
        elsewhere=region.practices.elsewhere.union(named, table["practice_code"][labels == ""]),
    )
    return practices, units


def _as_today(case: Case, labels: pd.Series) -> pd.DataFrame:
    """Return the practices with what is to stand as their networks of today."""
    table = case.region.table
    if case.region.configuration.funding.networks == "current":
        return table if case.stored is None else with_networks_of(case.stored.groupings, table)
    names = labels.map(_names(case)).fillna("").astype(str)
    return table.assign(current_network=labels, current_network_name=names)


def _left_out(table: pd.DataFrame) -> Iterator[str]:
    """Note the practices that are in no network."""
    if len(table):
        codes, patients = table["practice_code"], int(table["list_size"].sum())
        what = f"{plural(len(table), 'practice')} of {plural(patients, 'patient')}"
        are = "is" if len(table) == 1 else "are"
        yield f"{what} {are} in no network of the plan and left out: {listed(codes, _NAMED)}."


def _misplaced(case: Case) -> Iterator[Fault]:
    """Say which practices the plan has in the wrong place, or more than once."""
    remedy = "Correct the plan."
    if not case.networks:
        yield Fault("the plan", "has no practice in a network", "Give one that has.")
    for finding in case.misplaced:
        yield Fault(finding.where, finding.message, remedy)
    times = Counter(i for members in case.listed.values() for i in members)
    for i, count in sorted(times.items()):
        if count > 1:
            code = case.region.problem.codes[i]
            yield Fault(code, f"is {count} times in a network of the plan", remedy)


def _names(case: Case) -> dict[str, str]:
    """Return the names of a plan's networks, those that have any."""
    if case.stored is not None:
        return case.names
    pairs = case.region.table[["current_network", "current_network_name"]]
    return dict(pairs.itertuples(index=False, name=None))
