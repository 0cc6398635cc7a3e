"""Why a network has its shape: who is in it, who could be, who could be its hub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pcn_group.infeasibility.words import Reasons, reasons_for
from pcn_group.plan.case import Case
from pcn_group.region.problem import FORBIDDEN
from pcn_group.studies.explain_practice import Option, option
from pcn_group.studies.questions import Questions
from pcn_group.verify.rules import Judged

__all__ = ["Member", "NetworkExplained", "Outsider", "explain_network", "nearest_other"]


@dataclass(frozen=True)
class Member:
    """A practice of the network.

    Attributes
    ----------
    practice
        Its position.
    travel
        To the hub, in the reporting unit.
    other, other_travel
        The other network of the plan whose hub is nearest to it, and how far that is; None in a
        plan of one network.
    elsewhere
        What it means to give it there, where that hub is nearer than its own.
    as_hub
        What the network's travel and prices come to with it as the hub, in small units; None where
        it may not be the hub of them all.
    """

    practice: int
    travel: float
    other: str | None
    other_travel: float | None
    elsewhere: Option | None
    as_hub: int | None


@dataclass(frozen=True)
class Outsider:
    """A neighbour of the network that is in another network, or in none.

    Attributes
    ----------
    practice
        Its position.
    network, travel
        Its own, and its travel to that one's hub; None where it is in none.
    here
        What it means to take it.
    """

    practice: int
    network: str | None
    travel: float | None
    here: Option


@dataclass(frozen=True)
class NetworkExplained:
    """Why a network has its shape.

    Attributes
    ----------
    judged
        Its figures.
    hub
        From which travel is measured.
    members
        The hub first, then the nearest first.
    outsiders
        Those nearest to the hub first; none where the network stays as it is in every plan.
    aside
        Whether it is fixed, or one practice larger than a network may be.
    reasons
        Why it is outside the band, where no plan keeps the band; None elsewhere.
    """

    judged: Judged
    hub: int
    members: tuple[Member, ...]
    outsiders: tuple[Outsider, ...]
    aside: bool
    reasons: Reasons | None


def explain_network(case: Case, questions: Questions, label: str) -> NetworkExplained:
    """Work out why a network of a plan is as it is, and what each change of it would cost."""
    inside, hub = case.networks[label], case.hubs[label]
    aside = inside in case.region.problem.aside
    judged = next(network for network in case.report.networks if network.label == label)
    members = [_member(case, questions, label, i, aside=aside) for i in inside]
    members.sort(key=lambda member: (member.practice != hub, member.travel, member.practice))
    return NetworkExplained(
        judged=judged,
        hub=hub,
        members=tuple(members),
        outsiders=() if aside else _outsiders(case, questions, label),
        aside=aside,
        reasons=None if aside else _reasons(case, questions, judged),
    )


def _reasons(case: Case, questions: Questions, judged: Judged) -> Reasons | None:
    """Say why a network is outside the band, where the band has to give way."""
    size, best = case.region.problem.size, questions.best
    if size.allows(judged.patients) or not best.relaxed:
        return None
    questions.tell(f"what clashes around {judged.label}, and what would help")
    least = best if size.avoid_below and size.avoid_above else None
    return reasons_for(case.region, questions.effort, centre=judged.members, least=least)


def nearest_other(case: Case, practice: int, own: str | None) -> tuple[str, float] | None:
    """Return the network with the nearest hub other than its own that rules permit, and how far."""
    permitted = case.region.problem.cost[practice] < FORBIDDEN
    others = [
        (case.travel_between(practice, hub), label)
        for label, hub in case.hubs.items()
        if label != own and permitted[hub]
    ]
    if not others:
        return None
    travel, label = min(others)
    return label, travel


def _member(case: Case, questions: Questions, label: str, practice: int, *, aside: bool) -> Member:
    hub, inside = case.hubs[label], case.networks[label]
    travel, other = case.travel_between(practice, hub), nearest_other(case, practice, label)
    elsewhere = None
    if other is not None and other[1] < travel and not aside:
        elsewhere = option(case, questions, practice, other[0])
    return Member(
        practice=practice,
        travel=travel,
        other=other[0] if other else None,
        other_travel=other[1] if other else None,
        elsewhere=elsewhere,
        as_hub=_as_hub(case, inside, practice),
    )


def _as_hub(case: Case, inside: Sequence[int], hub: int) -> int | None:
    costs = [int(case.region.problem.cost[i, hub]) for i in inside]
    return None if max(costs) >= FORBIDDEN else sum(costs)


def _outsiders(case: Case, questions: Questions, label: str) -> tuple[Outsider, ...]:
    problem = case.region.problem
    inside = set(case.networks[label])
    fixed = {i for network in problem.aside for i in network}
    beside = {j for i in inside for j in problem.neighbours[i]} - inside - fixed
    nearest = sorted(beside, key=lambda i: (case.travel_between(i, case.hubs[label]), i))
    return tuple(_outsider(case, questions, label, practice) for practice in nearest)


def _outsider(case: Case, questions: Questions, label: str, practice: int) -> Outsider:
    own = case.network_of.get(practice)
    return Outsider(
        practice=practice,
        network=own,
        travel=None if own is None else case.travel_between(practice, case.hubs[own]),
        here=option(case, questions, practice, label),
    )
