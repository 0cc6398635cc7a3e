"""Why a practice is where it is, and what else could be."""

from __future__ import annotations

from dataclasses import dataclass

from pcn_group.plan.case import Case
from pcn_group.studies.explain.moves import Move, lone_move
from pcn_group.studies.explain.questions import Price, Questions

__all__ = ["Option", "PracticeExplained", "explain_practice"]


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
    is_bound = hub is not None and hub != practice and not aside
    return PracticeExplained(
        practice=practice,
        network=network,
        hub=hub,
        travel=None if hub is None else case.travel_between(practice, hub),
        aside=aside,
        stay=questions.together(practice, hub) if is_bound and hub is not None else None,
        leave=questions.apart(practice, hub) if is_bound and hub is not None else None,
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
        price=questions.together(practice, hub),
    )
