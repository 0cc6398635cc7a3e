"""Why a practice is where it is, what else could be, and what comes of moving it alone."""

from __future__ import annotations

from dataclasses import dataclass

from pcn_group.plan.case import Case
from pcn_group.studies.questions import Price, Questions
from pcn_group.verify.rules import Finding, Judged, Report

__all__ = ["Move", "Option", "PracticeExplained", "explain_practice", "lone_move"]


@dataclass(frozen=True)
class Option:
    """A network that a practice could join.

    Attributes
    ----------
    network, hub
        What the plan calls it, and its hub.
    travel
        Of the practice to that hub, in the reporting unit.
    move
        What happens if the practice moves there alone.
    price
        Of the practice being in one network with that hub.
    """

    network: str
    hub: int
    travel: float
    move: Move
    price: Price


@dataclass(frozen=True)
class PracticeExplained:
    """Why a practice is where it is.

    Attributes
    ----------
    practice
        Its position.
    network, hub, travel
        Its own, and its travel to the hub; None where it is in none.
    aside
        Why it is where it is in every plan, as a clause; empty where it is not.
    stay, leave
        The prices of being in one network with its own hub, and of not being so; None where it is
        that hub itself, or has none, or stands aside.
    options
        The networks that hold a neighbour of it, the nearest hub first; none where it stands aside.
    """

    practice: int
    network: str | None
    hub: int | None
    travel: float | None
    aside: str
    stay: Price | None
    leave: Price | None
    options: tuple[Option, ...]


def explain_practice(case: Case, questions: Questions, code: str) -> PracticeExplained:
    """Work out what keeps a practice where a plan has it, and what each other place would cost."""
    practice = case.region.problem.codes.index(code)
    network = case.network_of.get(practice)
    hub = None if network is None else case.hubs[network]
    aside = _aside(case, practice)
    centre = None if hub is None else int(case.region.problem.anchors[hub])
    is_bound = centre is not None and centre != practice and not aside
    return PracticeExplained(
        practice=practice,
        network=network,
        hub=hub,
        travel=None if hub is None else case.travel_between(practice, hub),
        aside=aside,
        stay=questions.together(practice, centre) if is_bound and centre is not None else None,
        leave=questions.apart(practice, centre) if is_bound and centre is not None else None,
        options=() if aside else _options(case, questions, practice, network),
    )


def _aside(case: Case, practice: int) -> str:
    problem = case.region.problem
    if any(practice in network for network in problem.fixed):
        return "rules.fixed has it in a network that stays as it is"
    if practice in problem.oversize:
        return "it has more patients than a network may have, and stands alone"
    return ""


def _options(
    case: Case, questions: Questions, practice: int, own: str | None
) -> tuple[Option, ...]:
    beside = {case.network_of.get(j) for j in case.region.problem.neighbours[practice]}
    labels = [label for label in case.networks if label in beside and label != own]
    labels.sort(key=lambda label: (case.travel_between(practice, case.hubs[label]), label))
    return tuple(option(case, questions, practice, label) for label in labels)


def option(case: Case, questions: Questions, practice: int, network: str) -> Option:
    """Work out what it means for a practice to join a network."""
    hub = case.hubs[network]
    return Option(
        network=network,
        hub=hub,
        travel=case.travel_between(practice, hub),
        move=lone_move(case, practice, network),
        price=questions.together(practice, int(case.region.problem.anchors[hub])),
    )


@dataclass(frozen=True)
class Move:
    """One practice moved to another network, everything else as it was.

    Attributes
    ----------
    practice
        Its position.
    origin, destination
        The networks; the first is None where the practice was in none.
    left, joined
        Both as they are then; the first is None where nobody is left in it.
    cost
        What both cost more than before, in small units; None where either has no permitted hub,
        before or after.
    broken
        What is broken then and was not before, or is farther outside the band than before.
    mended
        What was broken before and is not then.
    """

    practice: int
    origin: str | None
    destination: str
    left: Judged | None
    joined: Judged
    cost: int | None
    broken: tuple[Finding, ...]
    mended: tuple[Finding, ...]


def lone_move(case: Case, practice: int, destination: str) -> Move:
    """Move one practice of a plan to another of its networks, and judge what comes of it."""
    origin = case.network_of.get(practice)
    changed = dict(case.networks)
    changed[destination] = tuple(sorted((*changed[destination], practice)))
    if origin is not None:
        changed[origin] = tuple(i for i in changed[origin] if i != practice)
        changed = {label: members for label, members in changed.items() if members}
    before = case.report
    after = case.judged(changed)
    ends = {origin, destination}
    was, now = _of(before, ends), _of(after, ends)
    costs = [network.cost for network in (*was.values(), *now.values())]
    cost = None
    if None not in costs:
        cost = sum(n.cost or 0 for n in now.values()) - sum(n.cost or 0 for n in was.values())
    return Move(
        practice=practice,
        origin=origin,
        destination=destination,
        left=now.get(origin or ""),
        joined=now[destination],
        cost=cost,
        broken=_newly(after, before) + _farther(case, after, before),
        mended=_newly(before, after),
    )


def _of(report: Report, labels: set[str | None]) -> dict[str, Judged]:
    return {network.label: network for network in report.networks if network.label in labels}


def _newly(one: Report, other: Report) -> tuple[Finding, ...]:
    """Return what one report finds broken and the other does not.

    Who is in no network is left out: no rule is broken by putting a practice in one.
    """
    known = {(f.rule, f.where) for f in other.findings if f.is_broken}
    return tuple(
        f
        for f in one.findings
        if f.is_broken and f.rule != "coverage" and (f.rule, f.where) not in known
    )


def _farther(case: Case, after: Report, before: Report) -> tuple[Finding, ...]:
    """Return the networks that were outside the band and are farther outside it."""
    size = case.region.problem.size
    outside = [
        {n.label: max(size.smallest - n.patients, n.patients - size.largest) for n in each.networks}
        for each in (after, before)
    ]
    known = {f.where for f in before.findings if f.is_broken and f.rule == "band"}
    return tuple(
        f
        for f in after.findings
        if f.is_broken and f.rule == "band" and f.where in known
        if outside[0][f.where] > outside[1][f.where]
    )
