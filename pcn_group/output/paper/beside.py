"""What a paper says beside its plans: other plans, budgets and drafts, as they are stored.

Each belongs to the plan that is about the same practices, or networks.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.paths import what_is_at
from pcn_group.output.data.alternatives import (
    StoredAlternatives,
    is_alternatives,
    read_alternatives,
)
from pcn_group.output.data.budget_files import BASIS
from pcn_group.output.data.comparison import StoredComparison, is_comparison, read_comparison
from pcn_group.output.data.curves import StoredCurve, is_curve, read_curve
from pcn_group.output.data.rows import BUDGET_TOTALS, BudgetTotalRow
from pcn_group.output.data.table import read_back
from pcn_group.output.paper.record import Record, read_record
from pcn_group.plan.reading import read_plan

__all__ = [
    "Beside",
    "GivenBudget",
    "GivenPlans",
    "Partition",
    "Subject",
    "named",
    "partition",
    "read_beside",
    "share_out",
]

Partition = frozenset[frozenset[str]]
"""The practices of each network of a plan, whatever it calls them"""

_KINDS = (
    "Name a folder that alternatives, tradeoff, compare or budget wrote, or a record that the page "
    "of a plan saved (what-if.json)."
)


@dataclass(frozen=True)
class GivenPlans:
    """Alternatives, a curve, or plans side by side.

    Attributes
    ----------
    stored
        What its tables and its summary hold.
    practices
        Those that it is about.
    networks
        The networks of each of its plans, by the name that the tables have for it.
    """

    stored: StoredAlternatives | StoredCurve | StoredComparison
    practices: frozenset[str]
    networks: Mapping[str, Partition]

    def name_of(self, plan: Partition) -> str:
        """Return what it calls a plan; nothing where it is none of its own."""
        return next((name for name, own in self.networks.items() if own == plan), "")


@dataclass(frozen=True)
class GivenBudget:
    """A budget: the rows of `budget_totals.csv`, and what `budget.json` says that it rests on."""

    totals: tuple[BudgetTotalRow, ...]
    basis: Mapping[str, Any]

    def networks_of(self, regions: Iterable[str]) -> frozenset[str]:
        """Return the networks that it pays in some regions."""
        own = set(regions)
        return frozenset(
            row.code for row in self.totals if row.level == "network" and row.region_code in own
        )


@dataclass(frozen=True)
class Beside:
    """What is said beside one plan."""

    plans: tuple[GivenPlans, ...] = ()
    budgets: tuple[GivenBudget, ...] = ()
    records: tuple[Record, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What a plan is about.

    Attributes
    ----------
    regions, practices, networks
        Codes.
    units
        The practices that count with no other.
    """

    regions: frozenset[str]
    practices: frozenset[str]
    units: frozenset[str]
    networks: frozenset[str]

    def is_of(self, given: GivenPlans | GivenBudget | Record) -> bool:
        """Whether something is about the same."""
        match given:
            case GivenPlans():
                return given.practices == self.practices
            case GivenBudget():
                return given.networks_of(self.regions) == self.networks
        return frozenset(given.networks) == self.units


def named(plan: str, own: str) -> str:
    """Return what a table calls a plan, marked where it is the paper's own."""
    name = plan.removesuffix(".csv")
    return f"{name} (this plan)" if plan == own else name


def partition(networks: Iterable[Iterable[str]]) -> Partition:
    """Return networks whatever they are called."""
    return frozenset(frozenset(network) for network in networks)


def read_beside(paths: Sequence[Path]) -> dict[Path, GivenPlans | GivenBudget | Record]:
    """Return what files and folders hold, told apart by content.

    Raises
    ------
    InputError
        With the faults of all of them, and each that is nothing of the kind.
    """
    found: dict[Path, GivenPlans | GivenBudget | Record] = {}
    faults: list[Fault] = []
    for path in dict.fromkeys(paths):
        try:
            found[path] = _read(path)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return found


def share_out(
    given: Mapping[Path, GivenPlans | GivenBudget | Record], subjects: Sequence[Subject]
) -> list[Beside]:
    """Return what belongs to each of some plans.

    Raises
    ------
    InputError
        With each that belongs to none of them.
    """
    strangers = [
        path for path, own in given.items() if not any(subject.is_of(own) for subject in subjects)
    ]
    if strangers:
        problem = "is about other practices or networks than the plan"
        remedy = "Make it from the plan that the paper is about, or leave it out."
        raise InputError([Fault(str(path), problem, remedy) for path in strangers])
    return [
        Beside(
            tuple(own for own in mine if isinstance(own, GivenPlans)),
            tuple(own for own in mine if isinstance(own, GivenBudget)),
            tuple(own for own in mine if isinstance(own, Record)),
        )
        for subject in subjects
        for mine in [[own for own in given.values() if subject.is_of(own)]]
    ]


def _read(path: Path) -> GivenPlans | GivenBudget | Record:
    there = what_is_at(path)
    if there is None:
        raise InputError([Fault(str(path), "does not exist", "Check the path.")])
    if there == "file":
        return read_record(path)
    if is_alternatives(path):
        stored = read_alternatives(path)
        return _given(stored, path, [row.plan for row in stored.rows])
    if is_curve(path):
        curve = read_curve(path)
        return _given(curve, path, [row.plan for row in curve.rows])
    if is_comparison(path):
        return _compared(read_comparison(path))
    if what_is_at(path / BASIS) == "file":
        return _budget(path)
    raise InputError([Fault(str(path), "is nothing that a paper has a place for", _KINDS)])


def _given(
    stored: StoredAlternatives | StoredCurve, folder: Path, names: Sequence[str]
) -> GivenPlans:
    plans = {name: read_plan(folder / name).networks for name in names}
    return GivenPlans(
        stored,
        frozenset(code for plan in plans.values() for network in plan.values() for code in network),
        {name: partition(plan.values()) for name, plan in plans.items()},
    )


def _compared(stored: StoredComparison) -> GivenPlans:
    plans: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in stored.moves:
        plans[row.from_plan][row.practice_code] = row.from_network
        plans[row.to_plan][row.practice_code] = row.to_network
    return GivenPlans(
        stored,
        frozenset(row.practice_code for row in stored.moves),
        {name: _by_network(network_of) for name, network_of in plans.items()},
    )


def _by_network(network_of: Mapping[str, str]) -> Partition:
    networks: defaultdict[str, set[str]] = defaultdict(set)
    for code, network in network_of.items():
        if network:
            networks[network].add(code)
    return partition(networks.values())


def _budget(folder: Path) -> GivenBudget:
    again = "Have budget write it again."
    path, beside = folder / "budget_totals.csv", folder / BASIS
    totals = BUDGET_TOTALS.read(path, read_back(path, again), again)
    try:
        told = json.loads(read_back(beside, again))
        basis = told["basis"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        fault = Fault(str(beside), f"is damaged: {error}", again)
        raise InputError([fault]) from error
    return GivenBudget(totals, basis if isinstance(basis, dict) else {})
