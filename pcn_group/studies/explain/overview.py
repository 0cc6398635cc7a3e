"""A plan at a glance: how good it is, and where it is tight."""

from __future__ import annotations

from dataclasses import dataclass

from pcn_group.plan.subject import Subject
from pcn_group.region.problem import Problem
from pcn_group.solver.solve import Solution
from pcn_group.studies.explain.network import nearest_other
from pcn_group.verify.rules import Judged

__all__ = ["Pull", "Standing", "exception", "pulls", "room", "standing"]


@dataclass(frozen=True)
class Standing:
    """A plan beside the best there is.

    Attributes
    ----------
    cost
        Of the plan, in small units; None where a network has no permitted hub, or somebody is left
        out.
    left_out
        How many practices are in no network, those attached to others not counted.
    short, above
        Its patients under and over the limits on a network, those of networks that stand aside left
        out.
    broken
        How many rules it breaks.
    is_best
        Whether it is as good as the best, and breaks no rule but where the band has to give way.
    best
        The best there is.
    """

    cost: int | None
    left_out: int
    short: int
    above: int
    broken: int
    is_best: bool
    best: Solution

    @property
    def extra(self) -> int | None:
        """What it costs more than the best, in small units; None without a cost."""
        return None if self.cost is None else self.cost - self.best.cost


@dataclass(frozen=True)
class Pull:
    """A practice that is nearer to the hub of another network than to its own.

    Attributes
    ----------
    practice
        Its position.
    network, travel
        Its own, and its travel to that one's hub.
    other, other_travel
        Likewise of the network with the nearest hub.
    """

    practice: int
    network: str
    travel: float
    other: str
    other_travel: float


def standing(subject: Subject, best: Solution) -> Standing:
    """Hold a plan against the best there is."""
    problem, report = subject.case.problem, subject.report
    short, above = _outside(problem, subject)
    left_out = len(problem.codes) - len(subject.network_of)
    broken = [f for f in report.findings if f.is_broken]
    others = [f for f in broken if f.rule != "band" or not best.relaxed]
    return Standing(
        cost=None if left_out else report.cost,
        left_out=left_out,
        short=short,
        above=above,
        broken=len(broken),
        is_best=not others and (short, above, report.cost) == (best.short, best.above, best.cost),
        best=best,
    )


def pulls(subject: Subject) -> tuple[Pull, ...]:
    """Return the practices that are nearer to another hub, those with the most to gain first."""
    found = []
    for label, members in subject.networks.items():
        for i in members:
            travel, other = subject.travel(i, subject.hubs[label]), nearest_other(subject, i, label)
            if other is not None and other[1] < travel:
                found.append(Pull(i, label, travel, *other))
    return tuple(sorted(found, key=lambda pull: (pull.other_travel - pull.travel, pull.practice)))


def room(subject: Subject, network: Judged) -> int:
    """Return how many patients a network is inside the band, at its nearer edge; negative outside.

    A network of 30,100 patients in a band of 30,000 to 50,000 has a room of 100.
    """
    size = subject.case.problem.size
    return min(network.patients - size.band_min, size.band_max - network.patients)


def exception(subject: Subject, network: Judged, best: Solution) -> str:
    """Say why a network is outside the band, as a clause; empty inside it."""
    problem = subject.case.problem
    if network.in_band:
        return ""
    if network.members in problem.fixed:
        return "it is fixed as it is"
    if network.members in problem.aside:
        return "it is one practice larger than a network may be"
    if problem.size.allows(network.patients):
        return "that is allowed at a price"
    if best.relaxed:
        return "no plan keeps the band"
    return "without need, since the best plan keeps the band"


def _outside(problem: Problem, subject: Subject) -> tuple[int, int]:
    size = problem.size
    sizes = [
        network.patients
        for network in subject.report.networks
        if network.members not in problem.aside
    ]
    return (
        sum(max(0, size.smallest - patients) for patients in sizes),
        sum(max(0, patients - size.largest) for patients in sizes),
    )
