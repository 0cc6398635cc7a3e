"""Plans side by side: the figures of each for one region under one set of rules, and the moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from pcn_group.base.wording import listed, plural
from pcn_group.plan.fit import Fit, fit_of
from pcn_group.plan.inputs import CURRENT
from pcn_group.plan.money import Money, money_of
from pcn_group.plan.moves import (
    Moves,
    amounts_of,
    check_moves,
    match_networks,
    moves_from_today,
)
from pcn_group.plan.placed import PlacedPlan
from pcn_group.practices.table import has_places
from pcn_group.region.problem import Problem
from pcn_group.region.region import Region
from pcn_group.verify.rules import Judged, check_plan

__all__ = ["Comparison", "Enclave", "Figures", "compare_plans"]

_NAMED = 5
"""Practices named in a note."""


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
