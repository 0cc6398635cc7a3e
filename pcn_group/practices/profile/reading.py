"""Reading the figures that a profile names, each from files of one kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pcn_group.base.errors import Fault
from pcn_group.base.wording import listed
from pcn_group.config.model import Configuration
from pcn_group.config.profile import ProfileFigure
from pcn_group.practices.kinds import WEIGHTS, figure_columns
from pcn_group.practices.layouts import Recognised
from pcn_group.practices.profile.figures import Everyone, Figures
from pcn_group.practices.profile.of_ages import AGES, of_ages
from pcn_group.practices.profile.of_areas import of_areas
from pcn_group.practices.profile.of_plan import everyone_of_plan, of_plan
from pcn_group.practices.profile.of_practices import (
    OWN,
    figures_accounts,
    of_columns,
    of_own_columns,
)
from pcn_group.practices.profile.of_registers import REGISTER, of_registers
from pcn_group.practices.profile.source import Source
from pcn_group.tables.findings import Account, Finding
from pcn_group.tables.numbers import whole_numbers
from pcn_group.tables.sheets import key

__all__ = ["ReadFigures", "read_figures"]


@dataclass(frozen=True)
class ReadFigures:
    """The figures of all practices of an input, and what was found on the way.

    Attributes
    ----------
    accounts
        Of the rows of files that have nothing but figures.
    """

    figures: Figures
    accounts: Sequence[Account] = ()
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_figures(
    found: Recognised, rules: Configuration, cells: pd.DataFrame, homes: pd.DataFrame
) -> ReadFigures:
    """Read the figures of a profile.

    Parameters
    ----------
    found
        The tables of the input.
    rules
        Their profile names the figures.
    cells
        All practices with a list, as `Rows.cells`.
    homes
        `practice_code`, `area_code` and `patients`: where patients live, without rows where the
        input does not say.
    """
    sizes = zip(cells["practice_code"], whole_numbers(cells["list_size"]), strict=True)
    lists = {code: int(size) for code, size in sizes if size > 0}
    rows, everyone = [Figures().rows], {}
    faults: list[Fault] = []
    findings: list[Finding] = []
    registered = sum(lists.values())
    for figure in rules.profile.figures:
        sources = [*_sources(figure, found, rules, cells, lists, homes)]
        faults += [fault for source in sources for fault in source.faults]
        faults += [*_not_in_one(figure, sources), *_misadded(figure)]
        for source in sources[:1]:
            rows.append(source.rows)
            findings += [*source.findings, *_without(figure, source, lists)]
            own = source.rows
            everyone[figure.name] = Everyone(sum(own["millionths"]), int(own["patients"].sum()))
            if whole := everyone_of_plan(figure, found):
                everyone[figure.name], registered = whole
    every = pd.concat(rows).sort_values(["practice_code", "figure"], ignore_index=True)
    return ReadFigures(
        Figures(every, everyone, registered),
        figures_accounts(found),
        tuple(faults),
        tuple(findings),
    )


def _sources(
    figure: ProfileFigure,
    found: Recognised,
    rules: Configuration,
    cells: pd.DataFrame,
    lists: Mapping[str, int],
    homes: pd.DataFrame,
) -> Iterator[Source]:
    """Return what each kind of file says of a figure, of those that say anything."""
    kept = of_plan(figure, found, lists)
    if kept is not None:
        yield kept
        return
    heading = key(figure.heading)
    column = figure_columns(rules.profile)[heading]
    own = {key(getattr(rules.data, name) or name): name for name in WEIGHTS}.get(heading, heading)
    there = [
        of_own_columns(figure, own, cells) if own in OWN else None,
        of_columns(figure, column, found, lists),
        of_areas(figure, column, found, lists, homes),
        of_ages(figure, heading, found, lists) if heading in AGES else None,
        of_registers(figure, heading, found, lists) if heading.startswith(REGISTER) else None,
    ]
    yield from (source for source in there if source is not None)


def _not_in_one(figure: ProfileFigure, sources: Sequence[Source]) -> Iterator[Fault]:
    """Return a fault where a figure is in no file, or in files of several kinds."""
    if len(sources) > 1:
        problem = f"is in {listed(source.label for source in sources)}"
        remedy = "Leave one out, or rename the column that is meant."
        yield Fault("profile.figures", problem, remedy, value=figure.heading)
    elif not sources:
        heading = key(figure.heading)
        remedy = "Correct the heading, give the file that has it, or leave it out."
        if heading in AGES:
            remedy = "Give lists by age, such as gp-reg-pat-prac-quin-age.csv, or a column of it."
        elif heading.startswith(REGISTER):
            remedy = "Give the file of prevalence by practice, or a column of it."
        problem = "is in no table of the input"
        yield Fault("profile.figures", problem, remedy, value=figure.heading)


def _misadded(figure: ProfileFigure) -> Iterator[Fault]:
    """Return a fault where patients are counted, and a mean of the counts would say nothing."""
    heading = key(figure.heading)
    if figure.adds == "mean" and (heading in AGES or heading.startswith(REGISTER)):
        problem = "counts patients, and a mean of counts by patients says nothing"
        remedy = "Say adds: share, or adds: sum."
        yield Fault("profile.figures", problem, remedy, value=figure.name)


def _without(figure: ProfileFigure, source: Source, lists: Mapping[str, int]) -> Iterator[Finding]:
    told = {*source.rows["practice_code"], *(finding.code for finding in source.findings)}
    for code in sorted(lists.keys() - told):
        yield Finding("figure_unknown", code, f"{figure.name}: of nobody", source.label)
