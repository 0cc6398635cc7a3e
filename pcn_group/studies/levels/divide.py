"""The networks of a plan that are too large, divided into several in the band."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pcn_group.base.progress import Where
from pcn_group.base.wording import named
from pcn_group.config.funding import refuse_unfunded
from pcn_group.config.model import Band, Configuration, Search
from pcn_group.geography.travel import TravelTable
from pcn_group.pipeline import Run, solve_run, start_run
from pcn_group.plan.case import Case
from pcn_group.plan.moves import without_limits
from pcn_group.plan.solved import SolvedPlan
from pcn_group.region.building import build_problem
from pcn_group.region.conflicts import refuse_conflicts
from pcn_group.region.problem import Problem
from pcn_group.region.region import Region
from pcn_group.solver.instance import build_instance
from pcn_group.solver.search.state import Effort
from pcn_group.solver.solve import solve
from pcn_group.studies.levels.networks import Unit, networks_of_today

__all__ = ["Divided", "Division", "divide_networks"]


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
