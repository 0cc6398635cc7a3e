"""Plans of one region, read and placed in it, however each was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.lookup import told
from pcn_group.plan.case import read_inputs
from pcn_group.plan.inputs import CURRENT, PlanInputs
from pcn_group.plan.money import contract_of
from pcn_group.plan.moves import without_limits
from pcn_group.plan.names import name_of
from pcn_group.plan.reading import (
    StoredPlan,
    in_several_places,
    located_networks,
    networks_by_code,
    read_plan,
)
from pcn_group.plan.rounds import next_round
from pcn_group.practices.units import hosts
from pcn_group.region.region import Region, prepare_region
from pcn_group.tables.columns import read_columns
from pcn_group.verify.rules import Finding

__all__ = ["PlacedPlan", "open_plans"]


@dataclass(frozen=True)
class PlacedPlan:
    """A plan placed in the region of the comparison.

    Attributes
    ----------
    name
        As the user gave it.
    networks
        The positions of the practices of each network that has any in the region; each practice is
        in one network at most.
    elsewhere
        The codes of its practices that are not in the region, and so set aside.
    astray
        What is wrong with where it has attached practices.
    changes
        What has changed since it was made of earlier lists.
    other_rules
        The keys in which the rules that it was made under are not those of the comparison.
    names
        The name of each network, by what the plan calls it.
    contract
        The networks that a plan of levels is paid as, as `contract_of`; None for other plans.
    """

    name: str
    networks: dict[str, tuple[int, ...]]
    elsewhere: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    other_rules: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    contract: pd.DataFrame | None = field(default=None, compare=False)

    @property
    def are_footprints(self) -> bool:
        """Whether its networks are footprints: fewer than those that it is paid as."""
        if self.contract is None:
            return False
        return len(self.networks) < len({*self.contract["current_network"]} - {""})

    def told(self, network: str) -> str:
        """Return a network's code with its name beside it."""
        return told(network, self.names)


def open_plans(names: Sequence[str], inputs: PlanInputs) -> tuple[Region, tuple[PlacedPlan, ...]]:
    """Read plans about one region, with the region and the rules to compare them under.

    The rules are those given, else those of the first plan that has stored its own, else the
    defaults. The practices are those given, else the columns of that plan, else those of the first
    plan whose `groupings.csv` has list sizes.

    Parameters
    ----------
    names
        Folders that `solve` wrote, `groupings.csv` files, or `current`.

    Raises
    ------
    InputError
        With the faults of every plan: unreadable, without a practice of the region, or with a
        practice in several places. Or with those of practices and rules.
    """
    stored, faults = _read_all(names)
    if faults:
        raise InputError(faults)
    practices, rules = read_inputs(stored.get(_basis(names, stored, inputs)), inputs)
    region = prepare_region(practices, rules)
    plans = []
    for name in names:
        try:
            plans.append(_placed(name, stored.get(name), region))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
    return region, tuple(plans)


def _read_all(names: Iterable[str]) -> tuple[dict[str, StoredPlan], list[Fault]]:
    stored, faults = {}, []
    for name in dict.fromkeys(names):
        if name != CURRENT:
            try:
                stored[name] = read_plan(Path(name))
            except InputError as error:
                faults += [_in_plan(name, fault) for fault in error.faults]
    return stored, faults


def _in_plan(name: str, fault: Fault) -> Fault:
    """Say which plan's file a fault is in: all folders have files of the same names."""
    path = Path(name)
    if fault.source == str(path):
        return fault
    return replace(fault, source=str(path / fault.source if path.is_dir() else path))


def _basis(names: Sequence[str], stored: Mapping[str, StoredPlan], inputs: PlanInputs) -> str:
    """Choose the plan that the region and the rules come with, so far as they are not given."""
    for name, plan in stored.items():
        if plan.has_rules:
            return name
    if inputs.files:
        return names[0]
    for name, plan in stored.items():
        cells = read_columns(plan.groupings, ("practice_code",), ("list_size",))
        if (cells["list_size"] != "").any():
            return name
    problem = "is needed: no plan says where its practices are and how large their lists"
    raise InputError([Fault("--practices", problem, "Name the files that have the practices.")])


def _placed(name: str, stored: StoredPlan | None, region: Region) -> PlacedPlan:
    table, changes = region.table, tuple[Finding, ...]()
    if stored is None:
        networks = networks_by_code(table["practice_code"], table["current_network"])
    else:
        successors = region.configuration.data.given_successors
        now = next_round(stored, region.practices, successors)
        networks, changes = now.networks, now.changes
    host_of = dict(zip(table["practice_code"], hosts(table), strict=True))
    inside = {
        label: [code for code in codes if code in host_of] for label, codes in networks.items()
    }
    faults = in_several_places(name, inside)
    members, astray = located_networks(inside, host_of)
    if not any(members):
        problem = "has no practice of the region in a network"
        remedy = "Compare plans about the same practices."
        if name == CURRENT:
            remedy = "Give practices that have current_network."
        faults.append(Fault(name, problem, remedy))
    if faults:
        raise InputError(faults)
    own = {} if stored is None else stored.names
    placed = {
        label: tuple(sorted(places))
        for label, places in zip(inside, members, strict=True)
        if places
    }
    return PlacedPlan(
        name=name,
        networks=placed,
        names={
            label: name_of(region, label, places, own.get(label, ""))
            for label, places in placed.items()
        },
        elsewhere=tuple(sorted({c for codes in networks.values() for c in codes} - set(host_of))),
        astray=tuple(f"{finding.where} {finding.message}" for finding in astray),
        changes=tuple(f"{finding.where} {finding.message}" for finding in changes),
        other_rules=() if stored is None else tuple(_other_rules(stored, region)),
        contract=None if stored is None else contract_of(stored),
    )


_NO_PART = {"search", "output"}
"""Sections of the rules by which no plan is judged."""

_FOLLOWED = {"funding.networks", "data.successors"}
"""Keys that go with the plan, or with the lists."""


def _other_rules(stored: StoredPlan, region: Region) -> Iterator[str]:
    """Return the keys in which a plan was made under other rules than those of a region.

    Rules that are not valid say nothing. Of earlier lists the limits on what moves are past.
    """
    try:
        own = stored.configuration
    except InputError:
        return
    if own is None:
        return
    if stored.is_of_other_lists(region.practices.sources):
        own = without_limits(own)
    for section in [name for name in type(own).model_fields if name not in _NO_PART]:
        before, now = getattr(own, section), getattr(region.configuration, section)
        for key in type(before).model_fields:
            name = f"{section}.{key}"
            if name not in _FOLLOWED and _as_named(before, key) != _as_named(now, key):
                yield name


def _as_named(section: object, key: str) -> object:
    """Return a value of the rules, of a file its name: where it lies is no rule."""
    value = getattr(section, key)
    if isinstance(value, tuple):
        return tuple(each.name if isinstance(each, Path) else each for each in value)
    return value.name if isinstance(value, Path) else value
