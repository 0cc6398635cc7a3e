"""What `explain` answers about a plan: how good it is, where it is tight, and what was asked.

Why a network has its shape is here too: who is in it, who could be, who could be its hub.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pcn_group.base.errors import NoPlanInTimeError
from pcn_group.config.model import Search
from pcn_group.infeasibility.words import Reasons, reasons_for
from pcn_group.plan.case import Case
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.search.state import Effort
from pcn_group.solver.solution import Solution
from pcn_group.studies.explain_practice import Option, PracticeExplained, explain_practice, option
from pcn_group.studies.questions import Questions
from pcn_group.verify.rules import Judged

__all__ = [
    "Explained",
    "Member",
    "NetworkExplained",
    "Outsider",
    "Pull",
    "Standing",
    "exception",
    "explain",
    "pulls",
    "room",
    "standing",
]


@dataclass(frozen=True)
class Explained:
    """What is known of a plan.

    Attributes
    ----------
    standing
        The plan beside the best there is.
    practice, network
        What was asked about; None otherwise, and where no plan satisfies the rules.
    reasons
        Why no plan satisfies the rules; None where one does.
    """

    standing: Standing
    practice: PracticeExplained | None = None
    network: NetworkExplained | None = None
    reasons: Reasons | None = None


def explain(
    case: Case,
    practice: str | None,
    network: str | None,
    search: Search,
    tell: Callable[[str], None],
) -> Explained:
    """Find the best plan, and explain a practice and a network of the given plan against it.

    Parameters
    ----------
    practice, network
        Those asked about: the code, the name, or the start of a name that only one has.
    search
        How long all searches together may take, and with how many threads.
    tell
        Told each question before it is looked into.

    Raises
    ------
    InputError
        If there is no such practice or network.
    InfeasibleError
        If it is proven that more have to move than the rules allow.
    NoPlanInTimeError
        If neither a plan nor a proof that there is none was found in time.
    """
    case.refuse_repeated()
    practice, network = case.asked_about(practice, network)
    questions = Questions(
        case.region, case.networks, Effort.starting_now(search, case.seconds), tell
    )
    best, found = questions.best, standing(case, questions.best)
    if best.status == "no_plan_in_time":
        raise NoPlanInTimeError.within(search.time_limit)
    if not best.networks:
        tell("what clashes, and what would help")
        return Explained(found, reasons=reasons_for(case.region, questions.effort))
    return Explained(
        standing=found,
        practice=None if practice is None else explain_practice(case, questions, practice),
        network=None if network is None else _explain_network(case, questions, network),
    )


@dataclass(frozen=True)
class Standing:
    """A plan compared with the best there is.

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
    further
        What those networks are beyond each limit on a figure that has no price, in its units.
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
    further: tuple[int, ...]
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


def standing(case: Case, best: Solution) -> Standing:
    """Compare a plan with the best there is."""
    problem, report = case.region.problem, case.report
    short, above = _outside(problem, case)
    further = _beyond(problem, case)
    left_out = len(problem.codes) - len(case.network_of)
    broken = [f for f in report.findings if f.is_broken]
    others = [f for f in broken if f.rule != "band" or not best.relaxed]
    return Standing(
        cost=None if left_out else report.cost,
        left_out=left_out,
        short=short,
        above=above,
        further=further,
        broken=len(broken),
        is_best=not others and (short, above, *further, report.cost) == (*best.outside, best.cost),
        best=best,
    )


def pulls(case: Case) -> tuple[Pull, ...]:
    """Return the practices that are nearer to another hub, those with the most to gain first."""
    found = []
    for label, members in case.networks.items():
        for i in members:
            travel, other = case.travel_between(i, case.hubs[label]), _nearest_other(case, i, label)
            if other is not None and other[1] < travel:
                found.append(Pull(i, label, travel, *other))
    return tuple(sorted(found, key=lambda pull: (pull.other_travel - pull.travel, pull.practice)))


def room(case: Case, network: Judged) -> int:
    """Return how many patients a network is from the nearer edge of the band; negative outside.

    A network of 30,100 patients in a band of 30,000 to 50,000 has a room of 100.
    """
    size = case.region.problem.size
    return min(network.patients - size.band_min, size.band_max - network.patients)


def exception(case: Case, network: Judged, best: Solution) -> str:
    """Say why a network is outside the band, as a clause; empty inside it."""
    problem = case.region.problem
    if network.in_band:
        return ""
    if network.members in problem.fixed:
        return "it is fixed as it is"
    if network.members in problem.aside:
        return "it is one practice larger than a network may be"
    if _is_allowed(problem, network):
        return "that is allowed at a price"
    if best.relaxed:
        return "no plan keeps the band"
    return "without need, since the best plan keeps the band"


def _is_allowed(problem: Problem, network: Judged) -> bool:
    """Whether a network is within what bands allow, at whatever price."""
    return problem.size.allows(network.patients) and all(
        limit.excess(network.members) <= limit.allowed for limit in problem.figure_limits
    )


def _beyond(problem: Problem, case: Case) -> tuple[int, ...]:
    """Return how much is beyond each limit on a figure that has no price, in all."""
    shared = [n.members for n in case.report.networks if n.members not in problem.aside]
    return tuple(
        0 if limit.allowed else sum(map(limit.excess, shared)) for limit in problem.figure_limits
    )


def _outside(problem: Problem, case: Case) -> tuple[int, int]:
    size = problem.size
    sizes = [
        network.patients for network in case.report.networks if network.members not in problem.aside
    ]
    return (
        sum(max(0, size.smallest - patients) for patients in sizes),
        sum(max(0, patients - size.largest) for patients in sizes),
    )


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
    hub, with_hub
        From which travel is measured, and what travel and prices come to with it, in small units;
        None where it may not be the hub of them all.
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
    with_hub: int | None
    members: tuple[Member, ...]
    outsiders: tuple[Outsider, ...]
    aside: bool
    reasons: Reasons | None


def _explain_network(case: Case, questions: Questions, label: str) -> NetworkExplained:
    """Work out why a network of a plan is as it is, and what each change of it would cost."""
    inside, hub = case.networks[label], case.hubs[label]
    aside = inside in case.region.problem.aside
    judged = next(network for network in case.report.networks if network.label == label)
    members = [_member(case, questions, label, i, aside=aside) for i in inside]
    members.sort(key=lambda member: (member.practice != hub, member.travel, member.practice))
    return NetworkExplained(
        judged=judged,
        hub=hub,
        with_hub=_as_hub(case, inside, hub),
        members=tuple(members),
        outsiders=() if aside else _outsiders(case, questions, label),
        aside=aside,
        reasons=None if aside else _reasons(case, questions, judged),
    )


def _reasons(case: Case, questions: Questions, judged: Judged) -> Reasons | None:
    """Say why a network is outside the band, where the band has to give way."""
    problem, best = case.region.problem, questions.best
    if _is_allowed(problem, judged) or not best.relaxed:
        return None
    questions.tell(f"what clashes around {judged.label}, and what would help")
    size, limits = problem.size, problem.figure_limits
    gives_way = size.avoid_below and size.avoid_above
    gives_way &= all(limit.avoid or limit.allowed for limit in limits)
    least = best if gives_way else None
    return reasons_for(case.region, questions.effort, centre=judged.members, least=least)


def _nearest_other(case: Case, practice: int, own: str | None) -> tuple[str, float] | None:
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
    travel, other = case.travel_between(practice, hub), _nearest_other(case, practice, label)
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
