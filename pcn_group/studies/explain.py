"""What `explain` answers about a plan: how good it is, where it is tight, and what was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pcn_group.base.codes import meant
from pcn_group.base.errors import NoPlanInTimeError
from pcn_group.config.model import Search
from pcn_group.infeasibility.words import Reasons, reasons_for
from pcn_group.plan.case import Case
from pcn_group.plan.moves import refuse_limits
from pcn_group.region.problem import Problem
from pcn_group.solver.search.state import Effort
from pcn_group.solver.solve import Solution
from pcn_group.studies.explain_network import NetworkExplained, explain_network, nearest_other
from pcn_group.studies.explain_practice import PracticeExplained, explain_practice
from pcn_group.studies.questions import Questions
from pcn_group.verify.rules import Judged

__all__ = ["Explained", "Pull", "Standing", "exception", "explain", "pulls", "room", "standing"]


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
        The code and the identifier of those asked about.
    search
        How long all searches together may take, and with how many threads.
    tell
        Told each question before it is looked into.

    Raises
    ------
    InputError
        If there is no such practice or network, or the rules limit what moves.
    NoPlanInTimeError
        If neither a plan nor a proof that there is none was found in time.
    """
    case.refuse_repeated()
    refuse_limits(case.region.configuration)
    practice = practice and meant(practice, case.region.table["practice_code"])
    network = network and meant(network, case.networks)
    case.refuse_unknown(practice, network)
    questions = Questions(
        case.region, case.networks, Effort.starting_now(search, case.seconds), tell
    )
    best, found = questions.best, standing(case, questions.best)
    if best.status == "no_plan_in_time":
        raise NoPlanInTimeError(
            f"No plan was found in {search.time_limit:g} seconds, nor a proof that there is "
            "none. Allow more with --time-limit."
        )
    if not best.networks:
        tell("what clashes, and what would help")
        return Explained(found, reasons=reasons_for(case.region, questions.effort))
    return Explained(
        standing=found,
        practice=None if practice is None else explain_practice(case, questions, practice),
        network=None if network is None else explain_network(case, questions, network),
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


def standing(case: Case, best: Solution) -> Standing:
    """Compare a plan with the best there is."""
    problem, report = case.region.problem, case.report
    short, above = _outside(problem, case)
    left_out = len(problem.codes) - len(case.network_of)
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


def pulls(case: Case) -> tuple[Pull, ...]:
    """Return the practices that are nearer to another hub, those with the most to gain first."""
    found = []
    for label, members in case.networks.items():
        for i in members:
            travel, other = case.travel_between(i, case.hubs[label]), nearest_other(case, i, label)
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
    if problem.size.allows(network.patients):
        return "that is allowed at a price"
    if best.relaxed:
        return "no plan keeps the band"
    return "without need, since the best plan keeps the band"


def _outside(problem: Problem, case: Case) -> tuple[int, int]:
    size = problem.size
    sizes = [
        network.patients for network in case.report.networks if network.members not in problem.aside
    ]
    return (
        sum(max(0, size.smallest - patients) for patients in sizes),
        sum(max(0, patients - size.largest) for patients in sizes),
    )
