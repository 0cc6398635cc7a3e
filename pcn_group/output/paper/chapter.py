"""A plan as a paper tells it: the rows of its files, its moves, its money, what is beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pcn_group.base.paths import what_is_at
from pcn_group.output.data.budget_files import budget_total_rows
from pcn_group.output.data.fit_rows import NEIGHBOURHOODS, NETWORKS_FIT, PRACTICES_FIT
from pcn_group.output.data.rows import BudgetTotalRow, GroupingRow
from pcn_group.output.data.table import Table, read_back
from pcn_group.output.maps.layers import map_layers
from pcn_group.output.maps.pictures import map_for_paper
from pcn_group.output.paper.beside import Beside, Partition, Subject, partition
from pcn_group.output.report.facts import Facts, facts_of
from pcn_group.output.report.fit_facts import FitFacts, worth_talking
from pcn_group.plan.case import Case
from pcn_group.plan.density import exceptions_per_km2
from pcn_group.plan.money import plan_budget
from pcn_group.plan.moves import Moves, moves_from_today, networks_of_today
from pcn_group.practices.regions import ALL

__all__ = ["Chapter", "chapter_of"]

_AGAIN = "Solve the region again."

Row = TypeVar("Row")


@dataclass(frozen=True)
class Chapter:
    """A plan, of one region nearly always.

    Attributes
    ----------
    facts
        The rows of the plan's files, its proof and its rules.
    moves
        From the networks of today; None where there are none, or where the plan is just these.
    amiss_today
        What is amiss with networks of today by the rules of the plan, in words, by code.
    density
        Patients per square kilometre of each network outside the band, by identifier.
    totals
        The rows of `budget_totals.csv`.
    picture
        The map as PNG, and its width in inches.
    is_scheme
        Whether it is none, but made up from travel.
    units
        The codes of the practices that count with no other.
    beside
        What else is said of it.
    """

    facts: Facts
    moves: Moves | None
    amiss_today: Mapping[str, tuple[str, ...]]
    density: Mapping[str, float | None]
    totals: tuple[BudgetTotalRow, ...]
    picture: tuple[bytes, float]
    is_scheme: bool
    units: tuple[str, ...]
    beside: Beside = field(default_factory=Beside)

    @property
    def region(self) -> str:
        """What the region is called."""
        facts = self.facts
        if facts.regions == (ALL,):
            return "all regions"
        names = facts.region_names
        told = [f"{names[code]} ({code})" if code in names else code for code in facts.regions]
        return ", ".join(told) or "one region"

    @property
    def unit(self) -> str:
        """The unit of travel, as a sentence has it."""
        return "kilometres" if self.facts.unit == "km" else self.facts.unit

    @cached_property
    def names(self) -> dict[str, str]:
        """What networks are called, by identifier: those of the plan, and of today that end."""
        planned = {row.network_id: row.network_name for row in self.facts.networks}
        return {**self.names_today, **planned}

    @cached_property
    def names_today(self) -> dict[str, str]:
        """What networks are called today, by identifier: a plan may call one otherwise."""
        return {row.current_network: row.current_network_name for row in self.facts.practices}

    def told(self, network: str) -> str:
        """Return the name of a network with its code, a network of the plan as the plan has it."""
        return _with_name(network, self.names)

    def told_today(self, network: str) -> str:
        """Return the name of a network of today, as it is today, with its code."""
        return _with_name(network, self.names_today)

    @cached_property
    def partition(self) -> Partition:
        """The practices of each network."""
        networks = defaultdict(set)
        for row in self.facts.placed:
            networks[row.network_id].add(row.practice_code)
        return partition(networks.values())

    @property
    def moving(self) -> tuple[GroupingRow, ...]:
        """The practices that move, those attached to them included."""
        if self.moves is None:
            return ()
        codes = {self.units[i] for i in self.moves.members}
        rows = self.facts.practices
        return tuple(row for row in rows if (row.attached_to or row.practice_code) in codes)

    @property
    def subject(self) -> Subject:
        """What it is about."""
        rows = self.facts.practices
        return Subject(
            frozenset(self.facts.regions),
            frozenset(row.practice_code for row in rows),
            frozenset(self.units),
            frozenset(self.facts.payees or [row.network_id for row in self.facts.networks]),
        )


def chapter_of(case: Case) -> Chapter:
    """Collect what a paper says of a plan.

    Raises
    ------
    InputError
        As `map_layers`, with the practices that the plan has twice, if it has no network, and if a
        table of its fit is damaged.
    """
    case.refuse_empty()
    case.refuse_repeated()
    facts, region = facts_of(case), case.region
    if facts.fit is None:
        facts = replace(facts, fit=_stored_fit(case))
    moves = moves_from_today(region, case.networks) if facts.moved is not None else None
    members = [(network.network_id, network.members) for network in facts.described]
    layers = map_layers(region, facts.described)
    names = {network.network_id: network.name for network in facts.described}
    budget = plan_budget(region.table, members, region.configuration.funding, names)
    return Chapter(
        facts=facts,
        moves=moves,
        amiss_today={} if moves is None else _amiss(case),
        density=exceptions_per_km2(region, facts.described),
        totals=budget_total_rows(budget),
        picture=map_for_paper(layers, facts.band),
        is_scheme=layers.is_scheme,
        units=region.problem.codes,
    )


def _with_name(network: str, names: Mapping[str, str]) -> str:
    name = names.get(network, "")
    return f"{name} ({network})" if name and name != network else network


def _amiss(case: Case) -> dict[str, tuple[str, ...]]:
    """Say what is amiss with the networks of today."""
    size = case.region.problem.size
    report = case.judged(networks_of_today(case.region))
    found: dict[str, list[str]] = defaultdict(list)
    for network in report.networks:
        if network.patients < size.band_min:
            found[network.label].append("is under the minimum")
        if network.patients > size.band_max:
            found[network.label].append("is over the maximum")
    for finding in report.findings:
        if finding.is_broken and finding.rule == "contiguity":
            found[finding.where].append("is in pieces apart from each other")
    return {label: tuple(words) for label, words in found.items()}


def _stored_fit(case: Case) -> FitFacts | None:
    """Return how a plan fits neighbourhoods, as the tables in its folder say.

    Where patients live is in the input of a plan, and its folder has no more of that than these
    tables. None where they are not there, or are of other lists.

    Raises
    ------
    InputError
        If one is damaged.
    """
    plan = case.stored
    if plan is None or plan.is_of_other_lists(case.region.practices.sources):
        return None
    folder, figures = plan.groupings.parent, plan.summary.get("fit")
    if not isinstance(figures, dict) or not what_is_at(folder / "networks_fit.csv"):
        return None
    neighbourhoods = _read(NEIGHBOURHOODS, folder / "neighbourhoods.csv")
    return FitFacts(
        figures=figures,
        neighbourhoods={
            row.neighbourhood: row.neighbourhood_name for row in neighbourhoods if row.neighbourhood
        },
        networks=_read(NETWORKS_FIT, folder / "networks_fit.csv"),
        matrix={(row.network_id, row.neighbourhood): row for row in neighbourhoods},
        to_talk=worth_talking(_read(PRACTICES_FIT, folder / "practices_fit.csv")),
    )


def _read(table: Table[Row], path: Path) -> tuple[Row, ...]:
    return table.read(path, read_back(path, _AGAIN), _AGAIN)
