"""Plans side by side: the figures of each for one region under one set of rules, and the moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.lookup import told
from pcn_group.base.wording import listed, plural
from pcn_group.plan.case import read_inputs
from pcn_group.plan.fit import Fit, fit_of
from pcn_group.plan.inputs import CURRENT, PlanInputs
from pcn_group.plan.money import Money, contract_of, money_of
from pcn_group.plan.moves import (
    Moves,
    amounts_of,
    check_moves,
    match_networks,
    moves_from_today,
    without_limits,
)
from pcn_group.plan.names import name_of
from pcn_group.plan.reading import (
    StoredPlan,
    in_several_places,
    located_networks,
    networks_by_code,
    read_plan,
)
from pcn_group.plan.rounds import next_round
from pcn_group.practices.table import has_places
from pcn_group.practices.units import hosts
from pcn_group.region.problem import Problem
from pcn_group.region.region import Region, prepare_region
from pcn_group.tables.columns import read_columns
from pcn_group.verify.rules import Finding, Judged, check_plan

__all__ = ["Comparison", "Enclave", "Figures", "PlacedPlan", "compare_plans", "open_plans"]

_NAMED = 5
"""Practices named in a note."""


@dataclass(frozen=True)
class PlacedPlan:
    """A plan placed in the region of the comparison.

    Attributes
    ----------
    name
        As the user gave it.
    networks
        The positions of the practices of each network that has any in the region; each practice is
        in one network at most.
    elsewhere
        The codes of its practices that are not in the region, and so set aside.
    astray
        What is wrong with where it has attached practices.
    changes
        What has changed since it was made of earlier lists.
    other_rules
        The keys in which the rules that it was made under are not those of the comparison.
    names
        The name of each network, by what the plan calls it.
    contract
        The networks that a plan of levels is paid as, as `contract_of`; None for other plans.
    """

    name: str
    networks: dict[str, tuple[int, ...]]
    elsewhere: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    other_rules: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    contract: pd.DataFrame | None = field(default=None, compare=False)

    @property
    def are_footprints(self) -> bool:
        """Whether its networks are footprints: fewer than those that it is paid as."""
        if self.contract is None:
            return False
        return len(self.networks) < len({*self.contract["current_network"]} - {""})

    def told(self, network: str) -> str:
        """Return a network's code with its name beside it."""
        return told(network, self.names)


@dataclass(frozen=True)
class Enclave:
    """A connected part of a network, wholly surrounded by another network.

    Attributes
    ----------
    network, surrounded_by
        The two networks.
    members
        The positions of the practices of the part, sorted.
    """

    network: str
    surrounded_by: str
    members: tuple[int, ...]


@dataclass(frozen=True)
class Figures:
    """The figures of a plan.

    Attributes
    ----------
    practices, patients
        In a network, those attached to members included.
    left_out, patients_left_out
        In no network.
    networks, under, over
        How many there are, and how many have fewer or more patients than the band.
    in_pieces
        The networks that are not contiguous.
    enclaves
        The parts of networks, or whole ones, that are wholly surrounded by another.
    authorities
        For each local authority how many networks have practices there; empty where unknown.
    across_authorities
        How many networks have practices in several; None where no authority is known.
    cost
        Of the plan in small units (patient-metres); None where a network has no permitted hub.
    mean_travel, max_travel
        Per patient, and of the farthest practice; in the reporting unit.
    broken
        How many rules `check` finds broken.
    fit
        How well the networks fit neighbourhoods; None without a map of them.
    money
        What the networks are paid in a year.
    """

    practices: int
    patients: int
    left_out: int
    patients_left_out: int
    networks: int
    under: int
    over: int
    in_pieces: tuple[str, ...]
    enclaves: tuple[Enclave, ...]
    authorities: dict[str, int]
    across_authorities: int | None
    cost: int | None
    mean_travel: float
    max_travel: float
    broken: int
    fit: Fit | None
    money: Money | None

    @property
    def in_band(self) -> int:
        """How many networks are inside the band."""
        return self.networks - self.under - self.over


@dataclass(frozen=True)
class Comparison:
    """Plans side by side.

    Attributes
    ----------
    region
        The region and rules of all; all positions are in its `units`.
    plans
        In the order given.
    figures
        Of each plan.
    moves
        From the first plan to each; to the first itself nothing moves, nor between networks and
        footprints.
    """

    region: Region
    plans: tuple[PlacedPlan, ...]
    figures: tuple[Figures, ...]
    moves: tuple[Moves, ...]

    def on_two_levels(self, number: int) -> str:
        """Say how many networks stay whole where the first plan or another one is of footprints.

        Empty where both are, or neither.
        """
        plans = self.plans[0], self.plans[number]
        if plans[0].are_footprints == plans[1].are_footprints:
            return ""
        below, above = sorted(plans, key=lambda plan: plan.are_footprints)
        inside = [
            {k for k, footprint in enumerate(above.networks.values()) if {*members} & {*footprint}}
            for members in below.networks.values()
        ]
        split = sum(len(footprints) > 1 for footprints in inside)
        are = "is" if split == 1 else "are"
        told = f"{split:,} of them {are} split" if split else "all of them stay whole"
        return (
            f"{plural(len(below.networks), 'network')} of {below.name} in "
            f"{plural(len(above.networks), 'footprint')} of {above.name}: {told}"
        )

    def notes(self, number: int) -> tuple[str, ...]:
        """Say what one should know before comparing a plan's figures with those of the others."""
        plan, figures, units = self.plans[number], self.figures[number], self.region.units
        inside = {i for members in plan.networks.values() for i in members}
        missing = [code for i, code in enumerate(units["practice_code"]) if i not in inside]
        notes = []
        if missing:
            verb = "is" if figures.left_out == 1 else "are"
            notes.append(
                f"{plural(figures.left_out, 'practice')} of {figures.patients_left_out:,} patients "
                f"{verb} in no network: {listed(missing, _NAMED)}"
            )
        if plan.elsewhere:
            verb = "is" if len(plan.elsewhere) == 1 else "are"
            notes.append(
                f"{plural(len(plan.elsewhere), 'practice')} {verb} not of the region and "
                f"set aside: {listed(plan.elsewhere, _NAMED)}"
            )
        if figures.cost is None:
            notes.append("a network has no permitted hub, and so the plan has no cost")
        if plan.other_rules:
            notes.append(
                "was made under other rules than it is judged by here: "
                f"{listed(plan.other_rules, _NAMED)}"
            )
        return (*notes, *plan.changes, *plan.astray)


def open_plans(names: Sequence[str], inputs: PlanInputs) -> tuple[Region, tuple[PlacedPlan, ...]]:
    """Read plans about one region, with the region and the rules to compare them under.

    The rules are those given, else those of the first plan that has stored its own, else the
    defaults. The practices are those given, else the columns of that plan, else those of the first
    plan whose `groupings.csv` has list sizes.

    Parameters
    ----------
    names
        Folders that `solve` wrote, `groupings.csv` files, or `current`.

    Raises
    ------
    InputError
        With the faults of every plan: unreadable, without a practice of the region, or with a
        practice in several places. Or with those of practices and rules.
    """
    stored, faults = _read_all(names)
    if faults:
        raise InputError(faults)
    practices, rules = read_inputs(stored.get(_basis(names, stored, inputs)), inputs)
    region = prepare_region(practices, rules)
    plans = []
    for name in names:
        try:
            plans.append(_placed(name, stored.get(name), region))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
    return region, tuple(plans)


def compare_plans(region: Region, plans: Sequence[PlacedPlan]) -> Comparison:
    """Work out the figures of plans, and what moves from the first to each.

    Parameters
    ----------
    plans
        Placed in the region.
    """
    first, amounts = plans[0], amounts_of(region)
    moves = [
        moves_from_today(region, plan.networks)
        if first.name == CURRENT
        else match_networks(amounts, first.networks, plan.networks)
        for plan in plans
    ]
    moves = [
        each if plan.are_footprints == first.are_footprints else _without_flows(each)
        for each, plan in zip(moves, plans, strict=True)
    ]
    figures = [_figures(region, plan) for plan in plans]
    return Comparison(region, tuple(plans), tuple(figures), tuple(moves))


def _without_flows(moves: Moves) -> Moves:
    """Return the same networks, matched by what they share, with nobody who moves."""
    matches = tuple(replace(match, leaving=0, joining=0) for match in moves.matches)
    return replace(moves, matches=matches, flows=())


def _read_all(names: Iterable[str]) -> tuple[dict[str, StoredPlan], list[Fault]]:
    stored, faults = {}, []
    for name in dict.fromkeys(names):
        if name != CURRENT:
            try:
                stored[name] = read_plan(Path(name))
            except InputError as error:
                faults += [_in_plan(name, fault) for fault in error.faults]
    return stored, faults


def _in_plan(name: str, fault: Fault) -> Fault:
    """Say which plan's file a fault is in: all folders have files of the same names."""
    path = Path(name)
    if fault.source == str(path):
        return fault
    return replace(fault, source=str(path / fault.source if path.is_dir() else path))


def _basis(names: Sequence[str], stored: Mapping[str, StoredPlan], inputs: PlanInputs) -> str:
    """Choose the plan that the region and the rules come with, so far as they are not given."""
    for name, plan in stored.items():
        if plan.has_rules:
            return name
    if inputs.files:
        return names[0]
    for name, plan in stored.items():
        cells = read_columns(plan.groupings, ("practice_code",), ("list_size",))
        if (cells["list_size"] != "").any():
            return name
    problem = "is needed: no plan says where its practices are and how large their lists"
    raise InputError([Fault("--practices", problem, "Name the files that have the practices.")])


def _placed(name: str, stored: StoredPlan | None, region: Region) -> PlacedPlan:
    table, changes = region.table, tuple[Finding, ...]()
    if stored is None:
        networks = networks_by_code(table["practice_code"], table["current_network"])
    else:
        successors = region.configuration.data.given_successors
        now = next_round(stored, region.practices, successors)
        networks, changes = now.networks, now.changes
    host_of = dict(zip(table["practice_code"], hosts(table), strict=True))
    inside = {
        label: [code for code in codes if code in host_of] for label, codes in networks.items()
    }
    faults = in_several_places(name, inside)
    members, astray = located_networks(inside, host_of)
    if not any(members):
        problem = "has no practice of the region in a network"
        remedy = "Compare plans about the same practices."
        if name == CURRENT:
            remedy = "Give practices that have current_network."
        faults.append(Fault(name, problem, remedy))
    if faults:
        raise InputError(faults)
    own = {} if stored is None else stored.names
    placed = {
        label: tuple(sorted(places))
        for label, places in zip(inside, members, strict=True)
        if places
    }
    return PlacedPlan(
        name=name,
        networks=placed,
        names={
            label: name_of(region, label, places, own.get(label, ""))
            for label, places in placed.items()
        },
        elsewhere=tuple(sorted({c for codes in networks.values() for c in codes} - set(host_of))),
        astray=tuple(f"{finding.where} {finding.message}" for finding in astray),
        changes=tuple(f"{finding.where} {finding.message}" for finding in changes),
        other_rules=() if stored is None else tuple(_other_rules(stored, region)),
        contract=None if stored is None else contract_of(stored),
    )


_NO_PART = {"search", "output"}
"""Sections of the rules by which no plan is judged"""

_FOLLOWED = {"funding.networks", "data.successors"}
"""Keys that go with the plan, or with the lists"""


def _other_rules(stored: StoredPlan, region: Region) -> Iterator[str]:
    """Return the keys in which a plan was made under other rules than those of a region.

    Rules that are not valid say nothing. Of earlier lists the limits on what moves are past.
    """
    try:
        own = stored.configuration
    except InputError:
        return
    if own is None:
        return
    if stored.is_of_other_lists(region.practices.sources):
        own = without_limits(own)
    for section in [name for name in type(own).model_fields if name not in _NO_PART]:
        before, now = getattr(own, section), getattr(region.configuration, section)
        for key in type(before).model_fields:
            name = f"{section}.{key}"
            if name not in _FOLLOWED and _as_named(before, key) != _as_named(now, key):
                yield name


def _as_named(section: object, key: str) -> object:
    """Return a value of the rules, of a file its name: where it lies is no rule."""
    value = getattr(section, key)
    if isinstance(value, tuple):
        return tuple(each.name if isinstance(each, Path) else each for each in value)
    return value.name if isinstance(value, Path) else value


def _figures(region: Region, plan: PlacedPlan) -> Figures:
    problem, units = region.problem, region.units
    report = check_plan(problem, list(plan.networks.values()), list(plan.networks))
    moves = check_moves(region, list(plan.networks.values()))
    inside = np.array(sorted(i for members in plan.networks.values() for i in members))
    practices, patients = units["practices"].to_numpy(), int(problem.weights[inside].sum())
    parts = {label: _parts(problem, members) for label, members in plan.networks.items()}
    authorities = _authorities(region, plan)
    mean, longest = _travel(region, report.networks)
    return Figures(
        practices=int(practices[inside].sum()),
        patients=patients,
        left_out=int(practices.sum() - practices[inside].sum()),
        patients_left_out=report.patients - patients,
        networks=len(report.networks),
        under=sum(network.patients < problem.size.band_min for network in report.networks),
        over=sum(network.patients > problem.size.band_max for network in report.networks),
        in_pieces=tuple(label for label, pieces in parts.items() if len(pieces) > 1),
        enclaves=_enclaves(region, plan, parts),
        authorities=dict(sorted(Counter(a for found in authorities for a in found).items())),
        across_authorities=sum(len(a) > 1 for a in authorities) if any(authorities) else None,
        cost=report.cost,
        mean_travel=mean,
        max_travel=longest,
        broken=sum(f.is_broken for f in (*report.findings, *moves)) + len(plan.astray),
        fit=None
        if region.neighbourhoods is None
        else fit_of(region.neighbourhoods, [*plan.networks.values()], problem.weights),
        money=money_of(region, [(n.label, n.members) for n in report.networks], plan.contract),
    )


def _parts(problem: Problem, members: Iterable[int]) -> list[tuple[int, ...]]:
    """Split a network into its connected parts, in order of their first practices."""
    left, parts = set(members), []
    while left:
        part, frontier = set[int](), {min(left)}
        while frontier:
            part |= frontier
            frontier = {j for i in frontier for j in problem.neighbours[i] if j in left} - part
        left -= part
        parts.append(tuple(sorted(part)))
    return parts


def _enclaves(
    region: Region, plan: PlacedPlan, parts: Mapping[str, Sequence[tuple[int, ...]]]
) -> tuple[Enclave, ...]:
    """Find the parts of networks that have no neighbours but the practices of one other network.

    So does a part in a corner of the region. What is surrounded also lies within the hull of what
    surrounds it, which sorts the corners out; without places nothing does.
    """
    if not has_places(region.units):
        return ()
    network_of = {i: label for label, members in plan.networks.items() for i in members}
    points = shapely.points(region.units[["easting", "northing"]].to_numpy(dtype=np.float64))
    found = []
    for label, pieces in parts.items():
        for part in pieces:
            beside = {j for i in part for j in region.problem.neighbours[i]} - set(part)
            others = {network_of.get(j) for j in beside}
            other = others.pop() if len(others) == 1 else None
            if other is not None:
                hull = shapely.multipoints(points[list(plan.networks[other])]).convex_hull
                if shapely.covers(hull, points[list(part)]).all():
                    found.append(Enclave(label, other, part))
    return tuple(found)


def _authorities(region: Region, plan: PlacedPlan) -> list[set[str]]:
    """Return for each network the local authorities its practices are in, those that are known."""
    authority = region.units["local_authority"].tolist()
    return [{authority[i] for i in members} - {""} for members in plan.networks.values()]


def _travel(region: Region, networks: Iterable[Judged]) -> tuple[float, float]:
    """Return mean travel per patient, and that of the farthest practice, in the reporting unit.

    Where no practice is permitted as the hub, travel is to the one with the least of it. Patients
    who cannot reach it do not count.
    """
    weights, values = region.problem.weights, region.travel.to_hubs
    whole, longest, patients = 0.0, 0.0, 0
    for network in networks:
        members = np.array(network.members)
        within = values[np.ix_(members, members)]
        hub = network.hub
        if hub is None:
            hub = int(members[(weights[members] @ within).argmin()])
        reaching = members[np.isfinite(values[members, hub])]
        to_hub = values[reaching, hub]
        whole += float(weights[reaching] @ to_hub)
        longest = max(longest, float(to_hub.max()))
        patients += int(weights[reaching].sum())
    return region.travel.to_unit(whole / patients), region.travel.to_unit(longest)
