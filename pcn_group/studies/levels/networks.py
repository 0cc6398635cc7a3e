"""The networks of a plan, as the networks of today of a plan on another level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import listed, plural
from pcn_group.config.rules import groups_by_rule
from pcn_group.plan.case import Case
from pcn_group.plan.money import with_networks_of
from pcn_group.practices.table import Practices
from pcn_group.practices.units import hosts

__all__ = ["Unit", "networks_of_today"]


_NAMED = 5
"""Practices named in a note."""


@dataclass(frozen=True)
class Unit:
    """A network of a plan.

    Attributes
    ----------
    label
        What the plan calls it.
    practices
        The codes of its practices, sorted, without those attached to others.
    patients
        Registered patients.
    """

    label: str
    practices: tuple[str, ...]
    patients: int


def networks_of_today(case: Case, most: int) -> tuple[Practices, tuple[Unit, ...]]:
    """Return the practices of a plan with its networks as their networks of today, and these.

    Of a plan of levels the networks of today stay those that it was made of, which are paid.

    Practices that the plan has in no network are left out. What the rules name beside is taken for
    practices of other regions: that there are such practices was seen to when the plan was made.

    Parameters
    ----------
    most
        Patients that a network may have from now on: no smaller practice is reported as larger.

    Raises
    ------
    InputError
        Where the plan has a practice twice, or one that is not among the practices.
    """
    faults = [*_misplaced(case)]
    if faults:
        raise InputError(faults)
    region = case.region
    problem, table, configuration = region.problem, region.table, region.configuration
    units = tuple(
        Unit(label, codes, int(problem.weights[list(members)].sum()))
        for label, members in sorted(case.listed.items())
        if (codes := tuple(sorted(problem.codes[i] for i in members)))
    )
    label_of = {code: unit.label for unit in units for code in unit.practices}
    labels = hosts(table).map(lambda code: label_of.get(code, ""))
    own = _as_today(case, labels)
    edges = (*configuration.adjacency.add, *configuration.adjacency.remove)
    named = {code for pair in edges for code in pair}
    named.update(code for _, group in groups_by_rule(configuration.rules) for code in group)
    sources, report = region.practices.sources, region.practices.data_report
    is_large = report["practice_code"].isin(table["practice_code"][table["list_size"] > most])
    practices = replace(
        region.practices,
        data_report=report[(report["finding"] != "over_maximum") | is_large],
        sources=sources if case.stored is None else case.stored.with_sources(sources),
        # What a plan's own columns are like was told when it was made.
        notes=(*(() if case.stored else region.practices.notes), *_left_out(table[labels == ""])),
        table=own[labels != ""].drop(columns="attached_to").reset_index(drop=True),
        elsewhere=region.practices.elsewhere.union(named, table["practice_code"][labels == ""]),
    )
    return practices, units


def _as_today(case: Case, labels: pd.Series) -> pd.DataFrame:
    """Return the practices with what is to stand as their networks of today."""
    table = case.region.table
    if case.region.configuration.funding.networks == "current":
        return table if case.stored is None else with_networks_of(case.stored.groupings, table)
    names = labels.map(_names(case)).fillna("").astype(str)
    return table.assign(current_network=labels, current_network_name=names)


def _left_out(table: pd.DataFrame) -> Iterator[str]:
    """Note the practices that are in no network."""
    if len(table):
        codes, patients = table["practice_code"], int(table["list_size"].sum())
        what = f"{plural(len(table), 'practice')} of {plural(patients, 'patient')}"
        are = "is" if len(table) == 1 else "are"
        yield f"{what} {are} in no network of the plan and left out: {listed(codes, _NAMED)}."


def _misplaced(case: Case) -> Iterator[Fault]:
    """Say which practices the plan has in the wrong place, or more than once."""
    remedy = "Correct the plan."
    if not case.networks:
        yield Fault("the plan", "has no practice in a network", "Give one that has.")
    for finding in case.misplaced:
        yield Fault(finding.where, finding.message, remedy)
    times = Counter(i for members in case.listed.values() for i in members)
    for i, count in sorted(times.items()):
        if count > 1:
            code = case.region.problem.codes[i]
            yield Fault(code, f"is {count} times in a network of the plan", remedy)


def _names(case: Case) -> dict[str, str]:
    """Return the names of a plan's networks, those that have any."""
    if case.stored is not None:
        return case.names
    pairs = case.region.table[["current_network", "current_network_name"]]
    return dict(pairs.itertuples(index=False, name=None))
