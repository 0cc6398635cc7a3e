"""What `explain` answers about a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pcn_group.base.codes import meant
from pcn_group.base.errors import NoPlanInTimeError
from pcn_group.config.model import Search
from pcn_group.infeasibility.words import Reasons, reasons_for
from pcn_group.plan.case import Case
from pcn_group.plan.moves import refuse_limits
from pcn_group.solver.search.state import Effort
from pcn_group.studies.explain.network import NetworkExplained, explain_network
from pcn_group.studies.explain.overview import Standing, standing
from pcn_group.studies.explain.practice import PracticeExplained, explain_practice
from pcn_group.studies.explain.questions import Questions

__all__ = ["Explained", "explain"]


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
