"""A plan from files, in its region and under the rules it is judged by."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.lookup import matching, several, told, unknown
from pcn_group.base.wording import listed, named, plural
from pcn_group.config.model import Configuration
from pcn_group.config.rules import groups_by_rule
from pcn_group.plan.inputs import CURRENT, PlanInputs, with_found_files
from pcn_group.plan.moves import check_moves, without_limits
from pcn_group.plan.names import name_of
from pcn_group.plan.reading import (
    StoredPlan,
    in_several_places,
    located_networks,
    networks_by_code,
    read_plan,
)
from pcn_group.plan.rounds import next_round, starting_from
from pcn_group.practices import Practices, read_practices
from pcn_group.practices.residents import Residents
from pcn_group.practices.units import hosts
from pcn_group.region.region import Region, prepare_region
from pcn_group.verify.rules import Finding, Report, check_plan

__all__ = ["Case", "case_in", "open_case", "open_inputs", "open_to_start_from", "read_inputs"]


@dataclass(frozen=True)
class Case:
    """A plan in its region.

    Attributes
    ----------
    name
        As the user gave it.
    region
        The region and the rules; all positions are in its `units`.
    listed
        The positions of the practices that the plan lists for each network, by the plan's own name
        of it: a network may have none of the region, and a practice may be in several.
    misplaced
        What is wrong with where the plan has practices.
    changes
        What has changed since the plan was made of earlier lists.
    stored
        What else the plan's files hold; None where it has none of its own, as the networks of
        today.
    is_as_made
        Whether the rules are those the plan was made under.
    seconds
        What preparing the region took: it counts against the time limit.
    """

    name: str
    region: Region
    listed: dict[str, tuple[int, ...]]
    misplaced: tuple[Finding, ...] = ()
    changes: tuple[Finding, ...] = ()
    stored: StoredPlan | None = None
    is_as_made: bool = False
    seconds: float = 0.0

    @property
    def has_inputs(self) -> bool:
        """Whether the practices are of the files that the plan was made from."""
        inputs = self.stored.inputs if self.stored is not None else ()
        return sorted(inputs) == sorted(source.sha256 for source in self.region.practices.sources)

    @property
    def has_other_lists(self) -> bool:
        """Whether the practices are neither of those files nor of the plan's own columns."""
        sources = self.region.practices.sources
        return not self.has_inputs and not (self.stored and self.stored.is_among(sources))

    @cached_property
    def networks(self) -> dict[str, tuple[int, ...]]:
        """The networks that have any practice of the region, their positions ascending."""
        return {label: tuple(sorted(places)) for label, places in self.listed.items() if places}

    @cached_property
    def report(self) -> Report:
        """The judgement of the networks by the rules of the problem."""
        return self.judged(self.networks).with_findings(self.changes)

    def judged(self, networks: Mapping[str, Sequence[int]]) -> Report:
        """Judge networks by the rules, in place of those of the plan."""
        members = list(networks.values())
        report = check_plan(self.region.problem, members, list(networks))
        return report.with_findings([*self.misplaced, *check_moves(self.region, members)])

    @cached_property
    def network_of(self) -> dict[int, str]:
        """The network of each practice that is in one."""
        return {i: label for label, members in self.networks.items() for i in members}

    @property
    def names(self) -> dict[str, str]:
        """The plan's own names of networks, as far as it has any."""
        return {} if self.stored is None else self.stored.names

    @cached_property
    def hubs(self) -> dict[str, int]:
        """The hub of each network, as `Problem.hub` has it.

        Where the rules permit none it is the practice with least travel.
        """
        return {
            network.label: self._nearest(network.members) if network.hub is None else network.hub
            for network in self.report.networks
        }

    def travel_between(self, practice: int, hub: int) -> float:
        """Return travel from a practice to a hub, in the reporting unit."""
        travel = self.region.travel
        return travel.to_unit(float(travel.to_hubs[practice, hub]))

    def _nearest(self, members: tuple[int, ...]) -> int:
        """Return the practice to which all patients of a network travel the least."""
        inside = list(members)
        within = self.region.travel.values[np.ix_(inside, inside)]
        return inside[int((self.region.problem.weights[inside] @ within).argmin())]

    def refuse_empty(self) -> None:
        """Stop if there is no network to tell of.

        Raises
        ------
        InputError
            If no practice of the region is in one.
        """
        if not self.networks:
            problem = "has no practice of the region in a network"
            remedy = "Give the practices that the plan is about with --practices."
            if self.name == CURRENT:
                remedy = "Give practices that have current_network."
            raise InputError([Fault(self.name, problem, remedy)])

    def refuse_repeated(self) -> None:
        """Stop if the plan has a practice more than once.

        Raises
        ------
        InputError
            With every such practice.
        """
        times = Counter(i for members in self.networks.values() for i in members)
        faults = [
            Fault(
                self.name,
                f"has practice {self.region.problem.codes[i]} {times[i]} times, in "
                + listed(label for label, members in self.networks.items() if i in members),
                "Keep one row for each practice.",
            )
            for i in sorted(times)
            if times[i] > 1
        ]
        if faults:
            raise InputError(faults)

    def asked_about(
        self, practice: str | None = None, network: str | None = None
    ) -> tuple[str | None, str | None]:
        """Return the codes of a practice and of a network, which may be told by their names.

        Raises
        ------
        InputError
            If the region has no such practice, or it counts as part of another one, or if the plan
            has no such network, or where several may be meant.
        """
        faults: list[Fault] = []

        def code(option: str, text: str, names: Mapping[str, str], none: str) -> str:
            found = matching(text, names)
            if len(found) == 1:
                return found[0]
            faults.append(
                several(option, text, found, names) if found else unknown(option, text, none, names)
            )
            return text

        if practice is not None:
            practice = code(
                "--practice", practice, self.practice_names, "is no practice of the region"
            )
            faults += self._attached(practice)
        if network is not None:
            network = code("--network", network, self.network_names, "is no network of the plan")
        if faults:
            raise InputError(faults)
        return practice, network

    @cached_property
    def practice_names(self) -> dict[str, str]:
        """The name of each practice by code, those attached to others among them."""
        table = self.region.table
        return dict(zip(table["practice_code"], table["practice_name"], strict=True))

    def told(self, hub: int) -> str:
        """Return the code of a practice, or of a site that is a hub, with its name beside it."""
        sites = {site.code: site.name for site in self.region.hub_places}
        return told(self.region.problem.hub_codes[hub], self.practice_names | sites)

    @cached_property
    def network_names(self) -> dict[str, str]:
        """The name of each network of the plan."""
        return {
            label: name_of(self.region, label, members, self.names.get(label, ""))
            for label, members in self.networks.items()
        }

    def _attached(self, code: str) -> Iterator[Fault]:
        table = self.region.table
        host = dict(zip(table["practice_code"], table["attached_to"], strict=True)).get(code)
        if host:
            problem = f"{code} counts as part of {host} (data.atypical: attach)"
            yield Fault("--practice", problem, f"Name {host} instead.")


def open_case(plan: str, inputs: PlanInputs) -> Case:
    """Read a plan and what belongs to it.

    Parameters
    ----------
    plan
        A folder that `solve` wrote, a `groupings.csv`, or `current`, which needs `inputs.files`.

    Raises
    ------
    InputError
        With the faults of the plan, or else of practices, rules and the files that rules name.
    """
    practices, configuration, stored = _read(plan, inputs)
    began = time.monotonic()
    region = prepare_region(practices, configuration)
    seconds = time.monotonic() - began
    is_as_made = stored is not None and not inputs.changes_rules
    case = _placed(plan, region, stored, inputs.to_repair(plan))
    return replace(case, is_as_made=is_as_made, seconds=seconds)


def open_to_start_from(plan: str, inputs: PlanInputs) -> tuple[Practices, Configuration]:
    """Read practices with the networks of a plan as their networks of today, and its rules.

    The plan's own rules are without their limits on what moves: those were about what the plan
    itself began from.

    Parameters
    ----------
    plan, inputs
        As for `open_case`.

    Raises
    ------
    InputError
        As `open_case`, and where the plan has a practice twice or is `current`.
    """
    practices, configuration, stored = _read(plan, inputs)
    if stored is None:
        problem, remedy = "is what repair starts from anyway", "Name the practice files alone."
        raise InputError([Fault(plan, problem, remedy)])
    networks = next_round(stored, practices, configuration.data.given_successors).networks
    if faults := in_several_places(plan, networks):
        raise InputError(faults)
    return starting_from(stored, practices, networks), _without_past_limits(configuration, inputs)


def case_in(folder: Path, region: Region) -> Case:
    """Read a folder that `solve` wrote just now, for the region that it was made in."""
    stored = read_plan(folder)
    if stored.configuration is not None:
        # The same rules; of the search it keeps only what has an effect on the plan.
        rules = stored.configuration.with_files(region.configuration.files())
        region = replace(region, configuration=rules)
    return replace(_placed(str(folder), region, stored), is_as_made=True)


def open_inputs(plan: str, inputs: PlanInputs) -> tuple[Practices, Configuration]:
    """Read the practices of a plan, and the rules by which to solve them again.

    Parameters and exceptions are those of `open_case`.
    """
    practices, configuration, _ = _read(plan, inputs)
    return practices, configuration


def read_inputs(stored: StoredPlan | None, inputs: PlanInputs) -> tuple[Practices, Configuration]:
    """Read the practices of a plan and the rules to judge it by.

    Parameters
    ----------
    stored
        The plan as it was read; None for the networks of today.

    Raises
    ------
    InputError
        With the faults of practices, rules and the files that rules name.
    """
    if stored is None:
        rules = inputs.rules()
        return _practices(inputs.files_of_today, inputs, rules), rules
    rules = _rules(stored, inputs)
    own = {code for codes in stored.networks.values() for code in codes}
    practices = _practices(inputs.files or stored.tables, inputs, rules, own, stored)
    is_own = stored.is_among(practices.sources)
    if is_own and stored.counts_residents and not _tells_residents(practices):
        practices = _without_residents(practices, inputs)
    if not stored.is_of_other_lists(practices.sources):
        return practices, rules
    # Rules may name practices that have closed since; and what moved to the plan is past, as lists
    # are that the limit on it was about.
    practices = replace(practices, closed=frozenset(own - practices.known))
    return practices, _without_past_limits(rules, inputs)


def _rules(stored: StoredPlan, inputs: PlanInputs) -> Configuration:
    """Return the rules given, or the plan's own with what is given of them."""
    own = None if inputs.config is not None else stored.configuration
    if own is not None:
        own = with_found_files(own, stored.summary, stored.groupings.parent, inputs)
        # One of the two limits on what moves takes the place of the other.
        own = without_limits(own) if _sets_limits(inputs) else own
    return inputs.rules(own)


def _without_past_limits(rules: Configuration, inputs: PlanInputs) -> Configuration:
    """Return rules without limits on what moves that are the plan's own."""
    is_given = inputs.config is not None or _sets_limits(inputs)
    return rules if is_given else without_limits(rules)


def _sets_limits(inputs: PlanInputs) -> bool:
    return any(key == "limits" or key.startswith("limits.max_moved") for key in inputs.keys)


def _read(plan: str, inputs: PlanInputs) -> tuple[Practices, Configuration, StoredPlan | None]:
    inputs.refuse_unused_rules()
    stored = None if plan == CURRENT else read_plan(Path(plan))
    return *read_inputs(stored, inputs), stored


def _tells_residents(practices: Practices) -> bool:
    return practices.residents is not None and not practices.residents.patients.empty


def _without_residents(practices: Practices, inputs: PlanInputs) -> Practices:
    """Leave out where practices stand, for a plan that counts patients where they live.

    Raises
    ------
    InputError
        If a map is given all the same.
    """
    given = practices.residents if inputs.files else None
    if given is not None and given.map is not None:
        problem = "is given, and the plan counts patients where they live"
        remedy = "Give patients by LSOA with it, such as gp-reg-pat-prac-lsoa-all.csv."
        raise InputError([Fault(given.map.name, problem, remedy)])
    return replace(practices, residents=replace(Residents.of_nobody(), is_told=False))


def _practices(
    files: tuple[Path, ...],
    inputs: PlanInputs,
    rules: Configuration,
    own: Collection[str] = (),
    stored: StoredPlan | None = None,
) -> Practices:
    if inputs.files:
        otherwise = () if stored is None else stored.tables
        return read_practices(
            files, inputs.region, by=inputs.by, rules=rules, around=own, otherwise=otherwise
        )
    # A plan alone has neither the weighted lists nor the practices of other regions.
    unweighted = rules.data.model_copy(
        update={"weighted_list_size": None, "adjusted_list_size": None}
    )
    practices = read_practices(
        files,
        inputs.region,
        by=inputs.by,
        rules=rules.model_copy(update={"data": unweighted}),
    )
    edges = (*rules.adjacency.add, *rules.adjacency.remove)
    groups = (*edges, *(group for _, group in groups_by_rule(rules.rules)))
    in_rules = {code for group in groups for code in group}
    return replace(practices, elsewhere=practices.elsewhere | in_rules)


def _placed(name: str, region: Region, stored: StoredPlan | None, command: str = "") -> Case:
    """Return a plan with its practices found in the region.

    Parameters
    ----------
    command
        What finds a network for practices that are new.
    """
    table, changes = region.table, list[Finding]()
    if stored is None:
        networks = networks_by_code(table["practice_code"], table["current_network"])
    else:
        successors = region.configuration.data.given_successors
        now = next_round(stored, region.practices, successors)
        networks = now.networks
        changes = [*now.changes, *_rules_about_closed(region), *_new(region, now.new, command)]
    host_of = dict(zip(table["practice_code"], hosts(table), strict=True))
    members, misplaced = located_networks(networks, host_of)
    listed_members = {label: tuple(places) for label, places in zip(networks, members, strict=True)}
    return Case(name, region, listed_members, tuple(misplaced), tuple(changes), stored)


_NEW = 8
"""New practices named in a note."""


def _new(region: Region, codes: Sequence[str], command: str) -> Iterator[Finding]:
    """Say which practices are new, and what finds them a network."""
    if codes:
        new = region.table[region.table["practice_code"].isin(codes)]
        names = dict(zip(new["practice_code"], new["practice_name"], strict=True))
        are = "is" if len(new) == 1 else "are"
        what = f"{plural(len(new), 'practice')} of {plural(int(new['list_size'].sum()), 'patient')}"
        message = (
            f"{are} new: {listed((told(code, names) for code in names), _NEW)}. What finds them a "
            f"network, and changes least of the others: {command}"
        )
        yield Finding("lists", what, message, is_broken=False)


def _rules_about_closed(region: Region) -> Iterator[Finding]:
    """Say which rules still name a practice that has closed, and has no successor."""
    for key, group in groups_by_rule(region.configuration.rules):
        if closed := sorted({*group} & region.practices.closed):
            are = "which has closed: it is" if len(closed) == 1 else "which have closed: they are"
            message = f"names {named(closed)}, {are} left aside"
            yield Finding("lists", key, message, is_broken=False)
