"""Which practices move between plans, by which network of one continues which of the other.

A network continues one network of the other plan at most, and no two continue the same one: they
are matched one to one so that the fewest patients move. A practice moves if it leaves the network
matched to its current one; one that has no network today, or may change it freely, never moves. So
where a network is divided the smaller part moves, and where two are joined, too.

There is one matching of a plan with the networks of today. It decides the codes and the names of
the plan's networks, and every count of what moves; where practices are what is limited, it is the
one by which the fewest practices move.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import plural
from pcn_group.config.model import Configuration
from pcn_group.region.building import RegionRules
from pcn_group.region.region import Region
from pcn_group.region.today import NOWHERE, continued
from pcn_group.verify.rules import Finding

__all__ = [
    "Amounts",
    "Flow",
    "Match",
    "Moves",
    "amounts_of",
    "are_footprints",
    "check_moves",
    "match_networks",
    "most_moved",
    "moved",
    "moves_from_today",
    "networks_of_today",
    "refuse_limits",
    "too_many_move",
    "with_most_moved",
    "without_limits",
]

Networks = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Amounts:
    """What counts when practices move.

    Attributes
    ----------
    patients, practices
        int64 (n,): of each unit; those attached to it are counted with it.
    practices_first
        Whether the fewest practices are to move, and of equal matchings the fewest patients, rather
        than the other way round.
    """

    patients: NDArray[np.int64]
    practices: NDArray[np.int64]
    practices_first: bool = False

    def combined(self) -> NDArray[np.int64]:
        """Return one integer for each unit: sums compare by what counts first, then by the other.

        All of England has under 2**27 patients and 2**13 practices: sums are exact as floats, too.
        """
        first, then = self.patients, self.practices
        if self.practices_first:
            first, then = then, first
        return first * (int(then.sum()) + 1) + then


def amounts_of(region: Region) -> Amounts:
    """Return what counts when practices of a region move."""
    practices = region.units["practices"].to_numpy(dtype=np.int64)
    limits = region.configuration.limits
    return Amounts(region.problem.weights, practices, limits.max_moved_practices is not None)


@dataclass(frozen=True)
class Match:
    """A network of the first plan and the one of the second that continues it.

    Attributes
    ----------
    first, second
        What the plans call it; None where no network continues it, or it continues none.
    first_patients, second_patients
        Of each; 0 where there is none.
    shared
        Patients that are in both.
    leaving, joining
        Patients that are in the first but in another network of the second plan, and the other way
        round. Those that a plan has in no network at all count in neither.
    """

    first: str | None
    second: str | None
    first_patients: int
    second_patients: int
    shared: int
    leaving: int
    joining: int


@dataclass(frozen=True)
class Flow:
    """What moves from a network of the first plan to one of the second.

    Attributes
    ----------
    origin, destination
        What the plans call them.
    members
        The positions of the practices, sorted.
    patients, practices
        How many that are, those attached to the members included.
    """

    origin: str
    destination: str
    members: tuple[int, ...]
    patients: int
    practices: int


@dataclass(frozen=True)
class Moves:
    """What changes from a first plan to a second.

    Attributes
    ----------
    origins, destinations
        For each practice its network in the first and in the second plan; None for none.
    matches
        By network of the first plan; then the networks that continue none.
    flows
        The most patients first. A practice moves when both plans have it in a network, and the
        second is not the one that continues the first.
    """

    origins: tuple[str | None, ...]
    destinations: tuple[str | None, ...]
    matches: tuple[Match, ...]
    flows: tuple[Flow, ...]

    @cached_property
    def members(self) -> frozenset[int]:
        """The positions of the practices that move."""
        return frozenset(i for flow in self.flows for i in flow.members)

    @property
    def patients(self) -> int:
        """How many patients move."""
        return sum(flow.patients for flow in self.flows)

    @property
    def practices(self) -> int:
        """How many practices move."""
        return sum(flow.practices for flow in self.flows)

    @property
    def continues(self) -> dict[str, str]:
        """The network of the first plan that each of the second continues, of those that do."""
        return {m.second: m.first for m in self.matches if m.first and m.second}

    @property
    def unchanged(self) -> int:
        """How many networks have the same practices in both plans."""
        return sum(
            match.first_patients == match.shared == match.second_patients for match in self.matches
        )


def match_networks(
    amounts: Amounts, first: Networks, second: Networks, free: Collection[int] = ()
) -> Moves:
    """Match the networks of two plans one to one, so that the fewest patients move.

    Of the matchings with the most patients in matched networks it takes one with the most
    practices, or the other way round (`Amounts.practices_first`). Networks that share nobody are
    not matched. What the plans call their networks plays no part.

    Parameters
    ----------
    amounts
        How many patients, 1 or more, and practices each unit stands for.
    first, second
        The positions of the practices of each network, each practice once at most.
    free
        Those that may change their network: they never move, and do not count for the matching.
    """
    weights = amounts.patients
    origins, destinations = (_network_of(plan, len(weights)) for plan in (first, second))
    rows, columns = _in_order(first), _in_order(second)
    counting = amounts.combined()
    counting[list(free)] = 0
    shared = _shared(counting, [first[a] for a in rows], [second[b] for b in columns])
    continues = {rows[a]: columns[b] for a, b in enumerate(continued(shared)) if b != NOWHERE}
    moving: dict[tuple[str, str], list[int]] = {}
    for i, (a, b) in enumerate(zip(origins, destinations, strict=True)):
        if a is not None and b is not None and continues.get(a) != b and i not in free:
            moving.setdefault((a, b), []).append(i)
    flows = [
        Flow(*ends, tuple(i), int(weights[i].sum()), int(amounts.practices[i].sum()))
        for ends, i in moving.items()
    ]
    flows.sort(key=lambda flow: (-flow.patients, flow.members))
    pairs: list[tuple[str | None, str | None]] = [(a, continues.get(a)) for a in first]
    pairs += [(None, b) for b in second if b not in continues.values()]
    matches = [_match(weights, first, second, pair, flows) for pair in pairs]
    return Moves(origins, destinations, tuple(matches), tuple(flows))


def networks_of_today(region: Region) -> dict[str, tuple[int, ...]]:
    """Return the positions of the practices of each network of today, by its code."""
    networks: dict[str, list[int]] = {}
    for i, label in enumerate(region.units["current_network"]):
        if label:
            networks.setdefault(label, []).append(i)
    return {label: tuple(networks[label]) for label in sorted(networks)}


def moves_from_today(region: Region, networks: Networks) -> Moves:
    """Return what moves from the networks of today to those of a plan.

    Parameters
    ----------
    networks
        The positions of the practices of each, each practice once at most.
    """
    free = RegionRules.of(region.configuration.rules, region.problem.codes).free
    return match_networks(amounts_of(region), networks_of_today(region), networks, free)


def are_footprints(region: Region, networks: Collection[object]) -> bool:
    """Whether networks are footprints: fewer than those of today, which stay what is paid.

    Who is grouped with whom in one is nobody's move. Where a limit says what may move, somebody
    asked about moves all the same.
    """
    rules = region.configuration
    if rules.funding.networks != "current" or most_moved(rules)[0] is not None:
        return False
    return len(networks) < len(networks_of_today(region))


def moved(region: Region, networks: Sequence[Sequence[int]]) -> tuple[int | None, int | None]:
    """Return how many patients and how many practices move from the networks of today.

    None where no practice has a network today that it could leave, and of footprints.

    Parameters
    ----------
    networks
        The positions of the practices of each network.
    """
    if region.today().count == 0 or are_footprints(region, networks):
        return None, None
    moves = moves_from_today(region, {str(k): each for k, each in enumerate(networks)})
    return moves.patients, moves.practices


def _network_of(plan: Networks, n: int) -> tuple[str | None, ...]:
    network_of = {i: label for label, members in plan.items() for i in members}
    return tuple(network_of.get(i) for i in range(n))


def _in_order(plan: Networks) -> list[str]:
    """Sort networks by their first practices: which of equal matchings is taken depends on it."""
    return sorted(plan, key=lambda label: min(plan[label]))


def _shared(
    amounts: NDArray[np.int64], first: Sequence[Sequence[int]], second: Sequence[Sequence[int]]
) -> NDArray[np.int64]:
    """Add up what each network shares with each of the other plan."""
    number = {i: b for b, members in enumerate(second) for i in members}
    shared = np.zeros((len(first), len(second)), dtype=np.int64)
    for a, members in enumerate(first):
        for i in members:
            if i in number:
                shared[a, number[i]] += amounts[i]
    return shared


def _match(
    weights: NDArray[np.int64],
    first: Networks,
    second: Networks,
    pair: tuple[str | None, str | None],
    flows: Sequence[Flow],
) -> Match:
    a, b = pair
    before = set(first[a]) if a is not None else set()
    after = set(second[b]) if b is not None else set()
    return Match(
        first=a,
        second=b,
        first_patients=int(weights[list(before)].sum()),
        second_patients=int(weights[list(after)].sum()),
        shared=int(weights[list(before & after)].sum()),
        leaving=sum(flow.patients for flow in flows if flow.origin == a),
        joining=sum(flow.patients for flow in flows if flow.destination == b),
    )


def without_limits(configuration: Configuration) -> Configuration:
    """Return the same without limits on what moves."""
    limits = {"max_moved_patients": None, "max_moved_practices": None}
    return configuration.model_copy(
        update={"limits": configuration.limits.model_copy(update=limits)}
    )


def with_most_moved(region: Region, most: int, counts: Literal["patients", "practices"]) -> Region:
    """Return the region with one limit on what moves: that is no part of the problem."""
    configuration = without_limits(region.configuration)
    limited = configuration.limits.model_copy(update={f"max_moved_{counts}": most})
    return replace(region, configuration=configuration.model_copy(update={"limits": limited}))


def most_moved(configuration: Configuration) -> tuple[int | None, bool]:
    """Return how much may move, and whether that is practices; None where there is no limit."""
    limits = configuration.limits
    if limits.max_moved_practices is not None:
        return limits.max_moved_practices, True
    return limits.max_moved_patients, False


def too_many_move(configuration: Configuration) -> str:
    """Say that no plan moves as few as the rules allow."""
    most, in_practices = most_moved(configuration)
    what = "practices" if in_practices else "patients"
    return (
        f"no plan that keeps the band and the other rules moves {most or 0:,} {what} or fewer "
        f"(limits.max_moved_{what})"
    )


def refuse_limits(configuration: Configuration) -> None:
    """Stop where there is a limit on what moves, for questions that only the usual search answers.

    Raises
    ------
    InputError
        Naming the limit.
    """
    faults = [
        Fault(
            f"limits.{key}",
            "is not a rule that this command can keep",
            f"Leave it out, or say --set limits.{key}=null.",
        )
        for key in ("max_moved_patients", "max_moved_practices")
        if getattr(configuration.limits, key) is not None
    ]
    if faults:
        raise InputError(faults)


def check_moves(region: Region, networks: Sequence[Sequence[int]]) -> list[Finding]:
    """Judge a plan by the limits on what moves; parameters are those of `moved`."""
    limits, findings = region.configuration.limits, []
    patients, practices = moved(region, networks)
    for what, amount, most in (
        ("patient", patients or 0, limits.max_moved_patients),
        ("practice", practices or 0, limits.max_moved_practices),
    ):
        if most is not None:
            message = f"moves {plural(amount, what)}, and may move {most:,}"
            message += f" (limits.max_moved_{what}s)"
            findings.append(Finding("moves", "the plan", message, is_broken=amount > most))
    return findings
