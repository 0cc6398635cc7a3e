"""What happens if one practice moves and nothing else changes, judged as `check` does."""

from __future__ import annotations

from dataclasses import dataclass

from pcn_group.plan.case import Case
from pcn_group.verify.rules import Finding, Judged, Report, check_plan

__all__ = ["Move", "lone_move"]


@dataclass(frozen=True)
class Move:
    """One practice in another network, and all else as it was.

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
    after = check_plan(case.region.problem, list(changed.values()), list(changed))
    after = after.with_findings(case.misplaced)
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
