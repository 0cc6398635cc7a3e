"""Which practices move between plans, by which network of one continues which of the other.

A network continues one network of the other plan at most, and no two continue the same one: they
are matched one to one so that the fewest patients move. A practice moves if it leaves the network
matched to its current one; one that has no network today, or may change it freely, never moves. So
where a network is divided the smaller part moves, and where two are joined, too.

Limits on what moves from the networks of today count likewise; in practices, the matching is the
one by which the fewest practices move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import plural
from pcn_group.config.model import Configuration
from pcn_group.region.region import Region
from pcn_group.verify.rules import Finding

__all__ = [
    "Flow",
    "Match",
    "Moves",
    "check_moves",
    "match_networks",
    "refuse_limits",
    "without_limits",
]

Networks = Mapping[str, Sequence[int]]


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
    patients
        Of these practices.
    """

    origin: str
    destination: str
    members: tuple[int, ...]
    patients: int


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
    def unchanged(self) -> int:
        """How many networks have the same practices in both plans."""
        return sum(
            match.first_patients == match.shared == match.second_patients for match in self.matches
        )


def match_networks(weights: NDArray[np.int64], first: Networks, second: Networks) -> Moves:
    """Match the networks of two plans one to one, so that the fewest patients move.

    Of the matchings with the most patients in matched networks it takes one with the most
    practices. Networks that share nobody are not matched. What the plans call their networks plays
    no part.

    Parameters
    ----------
    weights
        int64 (n,): the patients of each practice, 1 or more.
    first, second
        The positions of the practices of each network, each practice once at most.
    """
    origins, destinations = (_network_of(plan, len(weights)) for plan in (first, second))
    rows, columns = _in_order(first), _in_order(second)
    shared, practices = _shared(weights, [first[a] for a in rows], [second[b] for b in columns])
    # Both sums exactly: all of England has under 2**27 patients and 2**13 practices.
    chosen = linear_sum_assignment(shared * (len(weights) + 1) + practices, maximize=True)
    continued = {rows[a]: columns[b] for a, b in zip(*chosen, strict=True) if shared[a, b]}
    moving: dict[tuple[str, str], list[int]] = {}
    for i, (a, b) in enumerate(zip(origins, destinations, strict=True)):
        if a is not None and b is not None and continued.get(a) != b:
            moving.setdefault((a, b), []).append(i)
    flows = [Flow(*ends, tuple(i), int(weights[i].sum())) for ends, i in moving.items()]
    flows.sort(key=lambda flow: (-flow.patients, flow.members))
    pairs: list[tuple[str | None, str | None]] = [(a, continued.get(a)) for a in first]
    pairs += [(None, b) for b in second if b not in continued.values()]
    matches = [_match(weights, first, second, pair, flows) for pair in pairs]
    return Moves(origins, destinations, tuple(matches), tuple(flows))


def _network_of(plan: Networks, n: int) -> tuple[str | None, ...]:
    network_of = {i: label for label, members in plan.items() for i in members}
    return tuple(network_of.get(i) for i in range(n))


def _in_order(plan: Networks) -> list[str]:
    """Sort networks by their first practices: which of equal matchings is taken depends on it."""
    return sorted(plan, key=lambda label: min(plan[label]))


def _shared(
    weights: NDArray[np.int64], first: Sequence[Sequence[int]], second: Sequence[Sequence[int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the patients and the practices that each network shares with each of the other plan."""
    number = {i: b for b, members in enumerate(second) for i in members}
    patients = np.zeros((len(first), len(second)), dtype=np.int64)
    practices = np.zeros_like(patients)
    for a, members in enumerate(first):
        for i in members:
            if i in number:
                patients[a, number[i]] += weights[i]
                practices[a, number[i]] += 1
    return patients, practices


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


def refuse_limits(configuration: Configuration) -> None:
    """Stop where there is a limit on what moves, for questions that only the usual search answers.

    Raises
    ------
    InputError
        Naming the limit.
    """
    remedy = "Give rules without it: with --config, or with --set, which starts from the defaults."
    faults = [
        Fault(f"limits.{key}", "is not a rule that this command can keep", remedy)
        for key in ("max_moved_patients", "max_moved_practices")
        if getattr(configuration.limits, key) is not None
    ]
    if faults:
        raise InputError(faults)


def check_moves(region: Region, networks: Sequence[Sequence[int]]) -> list[Finding]:
    """Judge a plan by the limits on what moves; parameters are those of `Region.moved`."""
    limits, findings = region.configuration.limits, []
    patients, practices = region.moved(networks)
    for what, amount, most in (
        ("patient", patients or 0, limits.max_moved_patients),
        ("practice", practices or 0, limits.max_moved_practices),
    ):
        if most is not None:
            message = f"moves {plural(amount, what)}, and may move {most:,}"
            message += f" (limits.max_moved_{what}s)"
            findings.append(Finding("moves", "the plan", message, is_broken=amount > most))
    return findings
