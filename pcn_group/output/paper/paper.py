"""The whole paper: of one plan, or of several regions with a chapter for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pcn_group.base.days import day_in_words
from pcn_group.base.paths import what_is_at
from pcn_group.base.wording import plural
from pcn_group.output.data.rows import SUMMARY_OF_REGIONS, RegionRow
from pcn_group.output.data.table import read_back
from pcn_group.output.paper.beside import read_beside, share_out
from pcn_group.output.paper.blocks import (
    Block,
    Bullets,
    Heading,
    Table,
    Words,
    figure,
    pounds,
    sentence,
)
from pcn_group.output.paper.chapter import Chapter, chapter_of
from pcn_group.output.paper.closing import data_section, practices_section, questions_section
from pcn_group.output.paper.exceptions import exceptions_section
from pcn_group.output.paper.footprints import footprints_section
from pcn_group.output.paper.money import latest_total, money_section, told_remark
from pcn_group.output.paper.moving import moving_section
from pcn_group.output.paper.opening import map_section, networks_section, summary_section
from pcn_group.output.paper.others import others_section
from pcn_group.output.paper.populations import fit_section, profile_section
from pcn_group.output.paper.template import open_template, own_template
from pcn_group.output.paper.word import Writer
from pcn_group.plan.case import open_case
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.reading import GROUPINGS, RECORDS

__all__ = ["Asked", "paper", "plans_of"]

_SECTIONS = (
    summary_section,
    map_section,
    networks_section,
    footprints_section,
    moving_section,
    exceptions_section,
    others_section,
    fit_section,
    profile_section,
    money_section,
    questions_section,
    data_section,
    practices_section,
)


@dataclass(frozen=True)
class Asked:
    """The plans that a paper is about.

    Attributes
    ----------
    plans
        A folder that `solve` wrote, a `groupings.csv`, or `current`, each with a chapter.
    without
        The regions of a batch that have no plan.
    """

    plans: tuple[str, ...]
    without: tuple[RegionRow, ...] = ()


def plans_of(named: Sequence[str]) -> Asked:
    """Return the plans that a user named, those of each region in place of a batch.

    Raises
    ------
    InputError
        If the summary of a batch cannot be read.
    """
    plans: list[str] = []
    without: list[RegionRow] = []
    for plan in named:
        folder = Path(plan)
        if what_is_at(folder / RECORDS) != "folder":
            plans.append(plan)
            continue
        again = "Run the batch again."
        path = folder / "summary.csv"
        for row in SUMMARY_OF_REGIONS.read(path, read_back(path, again), again):
            if what_is_at(folder / row.region_code / GROUPINGS) == "file":
                plans.append(str(folder / row.region_code))
            else:
                without.append(row)
    return Asked(tuple(plans), tuple(without))


def paper(
    asked: Asked,
    inputs: PlanInputs,
    beside: Sequence[Path] = (),
    template: Path | None = None,
    on_chapter: Callable[[str, int], None] = lambda *_: None,
) -> bytes:
    """Return the paper as a Word document; the same plans give the same bytes.

    Parameters
    ----------
    asked
        The plans.
    inputs
        Practices and rules to judge them by.
    beside
        Alternatives, curves, budgets and drafts, each of one of the plans.
    template
        Of the board; by default our own.
    on_chapter
        Told of each plan before its chapter is made, and its number from 1.

    Raises
    ------
    InputError
        With the faults of the template, of what is beside, or of the plans.
    """
    document = own_template() if template is None else open_template(template)
    given = read_beside(beside)
    chapters = []
    for number, plan in enumerate(asked.plans, start=1):
        on_chapter(plan, number)
        chapters.append(chapter_of(open_case(plan, inputs)))
    shares = share_out(given, [chapter.subject for chapter in chapters])
    chapters = [replace(each, beside=own) for each, own in zip(chapters, shares, strict=True)]
    writer = Writer(document, _title(chapters, asked.without))
    writer.subtitle(_subtitle(chapters))
    if len(chapters) == 1 and not asked.without:
        for section in _SECTIONS:
            writer.write(section(chapters[0]))
    else:
        writer.write(_whole(chapters, asked.without))
        for chapter in chapters:
            writer.write([Heading(chapter.region, begins_page=True)])
            for section in _SECTIONS:
                writer.write(section(chapter), below=1)
    return writer.content()


def _title(chapters: Sequence[Chapter], without: Sequence[RegionRow]) -> str:
    if len(chapters) == 1 and not without:
        (chapter,) = chapters
        today = "Today's primary care networks" if chapter.facts.is_today else ""
        footprints = "Footprints" if chapter.facts.are_footprints else ""
        return f"{today or footprints or 'Primary care networks'}: {chapter.region}"
    icbs = {(row.icb_code, row.icb_name) for each in chapters for row in each.facts.practices}
    names = [f"{name} ({code})" for code, name in icbs if name]
    return f"Network development plan{f': {names[0]}' if len(icbs) == len(names) == 1 else ''}"


def _subtitle(chapters: Sequence[Chapter]) -> str:
    days = sorted({each.facts.list_date for each in chapters})
    if days == [""] or not days:
        return "A paper for the board"
    told = " and ".join(day_in_words(day) for day in (days[0], days[-1])[: len(days)] if day)
    return f"A paper for the board, on lists of {told}"


def _whole(chapters: Sequence[Chapter], without: Sequence[RegionRow]) -> Iterator[Block]:
    """Say what all regions are about, and name those that have no plan."""
    yield Heading("The plan as a whole")
    yield Words(
        f"This paper proposes primary care networks for {plural(len(chapters), 'region')}. Each "
        "has a chapter with its map, its networks, who moves, the exceptions, the money and what "
        "is open."
    )
    yield Table(
        "The regions",
        (
            "Region",
            "#Practices",
            "#Patients",
            "#Networks",
            "#Outside band",
            "#Mean",
            "#Patients who move",
        ),
        [
            (
                chapter.region,
                figure(len(facts.practices)),
                figure(facts.patients),
                figure(len(facts.networks)),
                figure(len(facts.exceptions)),
                f"{facts.mean_travel:,.3f} {facts.unit}",
                "" if facts.moved is None else figure(facts.moved[0]),
            )
            for chapter in chapters
            for facts in [chapter.facts]
        ],
    )
    paid = [(chapter, total) for chapter in chapters if (total := latest_total(chapter))]
    if paid:
        yield Table(
            "What the networks of each region are paid",
            ("Region", "Year", "#Pounds", "What that is without"),
            [
                (chapter.region, row.financial_year, pounds(row.amount_gbp), told_remark(row))
                for chapter, row in paid
            ],
        )
    if without:
        yield Words("For these regions there is no plan yet:")
        yield Bullets(
            tuple(
                sentence(
                    f"{' '.join(filter(None, (row.region_name, row.region_code)))}: "
                    f"{row.reason or row.status.replace('_', ' ')}"
                )
                for row in without
            )
        )
