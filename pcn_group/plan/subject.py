"""The plan that is explained: its networks placed in the region, and what is named of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import numpy as np

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import listed
from pcn_group.plan.case import Case, Given, open_case
from pcn_group.region.scenario import Terms
from pcn_group.verify.rules import Report, check_plan

__all__ = ["Subject", "open_subject", "subject_of"]


@dataclass(frozen=True)
class Subject:
    """A plan to explain.

    Attributes
    ----------
    name
        As the user gave it.
    case
        Its region and rules; all positions are in its `units`.
    networks
        The positions of the practices of each network that has any, ascending.
    """

    name: str
    case: Case
    networks: dict[str, tuple[int, ...]]

    @cached_property
    def terms(self) -> Terms:
        """The region and its rules one by one."""
        case = self.case
        return Terms(case.units, case.travel, case.problem.neighbours, case.configuration)

    @cached_property
    def report(self) -> Report:
        """What `check` finds."""
        report = check_plan(self.case.problem, list(self.networks.values()), list(self.networks))
        return report.with_findings(self.case.misplaced)

    @cached_property
    def network_of(self) -> dict[int, str]:
        """The network of each practice that is in one."""
        return {i: label for label, members in self.networks.items() for i in members}

    @cached_property
    def hubs(self) -> dict[str, int]:
        """The hub of each network; where the rules permit none, the practice with least travel."""
        return {
            network.label: self._nearest(network.members) if network.hub is None else network.hub
            for network in self.report.networks
        }

    def travel(self, practice: int, hub: int) -> float:
        """Return travel from a practice to a hub, in the reporting unit."""
        travel = self.case.travel
        return travel.report(float(travel.values[practice, hub]))

    def _nearest(self, members: tuple[int, ...]) -> int:
        """Return the practice to which all patients of a network travel the least."""
        inside = list(members)
        within = self.case.travel.values[np.ix_(inside, inside)]
        return inside[int((self.case.problem.weights[inside] @ within).argmin())]

    def refuse_unknown(self, practice: str | None, network: str | None) -> None:
        """Stop where what is asked about is not there.

        Raises
        ------
        InputError
            If the region has no such practice, or it counts as part of another one, or if the plan
            has no such network.
        """
        faults = []
        codes, labels = self.case.problem.codes, list(self.networks)
        if practice is not None and practice not in codes:
            faults.append(self._no_practice(practice))
        if network is not None and network not in labels:
            faults.append(_unknown("--network", network, labels, "is no network of the plan"))
        if faults:
            raise InputError(faults)

    def _no_practice(self, code: str) -> Fault:
        table = self.case.table
        host = dict(zip(table["practice_code"], table["attached_to"], strict=True)).get(code)
        if host:
            problem = f"{code} counts as part of {host} (data.atypical: attach)"
            return Fault("--practice", problem, f"Name {host} instead.")
        codes = self.case.problem.codes
        return _unknown("--practice", code, codes, "is no practice of the region")


def open_subject(plan: str, given: Given) -> Subject:
    """Read a plan and what belongs to it.

    Raises
    ------
    InputError
        With the faults of plan, practices and rules, or with the practices that the plan has twice.
    """
    return subject_of(plan, open_case(plan, given))


def subject_of(plan: str, case: Case) -> Subject:
    """Take a plan that is read already.

    Raises
    ------
    InputError
        With the practices that the plan has twice.
    """
    networks = dict(zip(case.labels, case.networks, strict=True))
    times = Counter(i for members in networks.values() for i in members)
    twice = [
        Fault(
            plan,
            f"has practice {case.problem.codes[i]} {times[i]} times, in "
            + listed(label for label, members in networks.items() if i in members),
            "Keep one row for each practice.",
        )
        for i in sorted(times)
        if times[i] > 1
    ]
    if twice:
        raise InputError(twice)
    placed = {label: tuple(sorted(members)) for label, members in networks.items() if members}
    return Subject(plan, case, placed)


def _unknown(option: str, value: str, known: Sequence[str], problem: str) -> Fault:
    near = get_close_matches(value, known, n=1)
    remedy = f"Did you mean {near[0]}?" if near else f"There are {listed(known, 8)}."
    return Fault(option, problem, remedy if known else "The plan has none.", value=value)
