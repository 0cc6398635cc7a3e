"""What a paper says of networks outside the band: the case for each, and what the band costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pcn_group.output.data.curves import StoredCurve
from pcn_group.output.data.rows_of_several import BandPointRow, ExceptionRow
from pcn_group.output.paper.beside import named
from pcn_group.output.paper.blocks import (
    Block,
    Bullets,
    Heading,
    Table,
    Words,
    figure,
    sentence,
)
from pcn_group.output.paper.chapter import Chapter

__all__ = ["exceptions_section"]


_CONTRACT = (
    "The network contract lets the commissioner accept a network of fewer patients than its "
    "minimum where it serves a natural community with a low population density across a large "
    "rural and remote area."
)
_AT_A_PRICE = "allowed at a price"
"""What a plan says of an exception that its rules permit"""


def exceptions_section(chapter: Chapter) -> Iterator[Block]:
    """Make the case for each network outside the band, and name rules that are broken."""
    facts = chapter.facts
    low, high = facts.band
    yield Heading("Exceptions")
    if facts.broken:
        yield Words("The plan breaks these rules:")
        yield Bullets(tuple(sentence(f"{found.where} {found.message}") for found in facts.broken))
    elif not facts.exceptions:
        yield Words(f"There are none: every {facts.each} has {low:,} to {high:,} patients.")
    if facts.exceptions:
        yield from _case(chapter)
    for given in chapter.beside.plans:
        if isinstance(given.stored, StoredCurve):
            points = [row for row in given.stored.rows if isinstance(row, BandPointRow)]
            if points:
                own = given.name_of(chapter.partition)
                yield from _curve(chapter, own, points)
                mine = [row for row in given.stored.exceptions if row.plan == own]
                yield from _worth(mine, chapter)


def _case(chapter: Chapter) -> Iterator[Block]:
    """List the networks outside the band with what the contract asks of a smaller one."""
    facts = chapter.facts
    low, high = facts.band
    if any(row.patients < low for row in facts.exceptions) and not facts.are_footprints:
        yield Words(_CONTRACT)
    yield Words(
        "The reasons below are those of the plan. How densely people live is given as patients for "
        "each square kilometre of the land that is nearest to its practices."
    )
    if any(_AT_A_PRICE in row.exception for row in facts.exceptions):
        yield Words(
            "Allowed at a price: the rules accept fewer or more patients where that saves enough "
            "travel."
        )
    yield Table(
        f"{facts.each.capitalize()}s with fewer than {low:,} or more than {high:,} patients",
        (facts.each.capitalize(), "#Patients", "#Outside by", "#For each km²", "Reason"),
        [
            (
                chapter.told(row.network_id),
                figure(row.patients),
                figure(row.patients_outside_band),
                figure(chapter.density.get(row.network_id)) or "not known",
                sentence(row.exception) if row.exception else "",
            )
            for row in facts.exceptions
        ],
    )


def _curve(chapter: Chapter, own: str, points: Sequence[BandPointRow]) -> Iterator[Block]:
    """Show what the band costs."""
    yield Heading("What keeping to the band costs", 2)
    yield Words(
        "Each plan below is the best of those with as few patients outside the band: patients who "
        "are missing from the minimum, or over the maximum. Cost is travel, added up over all "
        f"patients, in patient-{chapter.unit}."
    )
    yield Table(
        "From the least travel to the fewest patients outside the band",
        (
            *("Plan", "#Missing", "#Over", "#Networks outside", "#Networks"),
            *("#Cost", "#Mean", "#Longest"),
        ),
        [
            (
                named(row.plan, own),
                figure(row.patients_short),
                figure(row.patients_above),
                figure(row.exceptions),
                figure(row.networks),
                figure(row.cost),
                figure(row.mean),
                figure(row.max),
            )
            for row in points
        ],
    )


def _worth(rows: Sequence[ExceptionRow], chapter: Chapter) -> Iterator[Block]:
    """Say what each exception of this plan saves; nothing where it is not on the curve."""
    if rows:
        yield Table(
            "What each exception saves: how much more the best plan without it costs",
            (
                *("Network", "#Patients", "#For each km²"),
                *(f"#More, patient-{chapter.unit}", "#Outside then"),
            ),
            [
                (
                    f"{row.network_name} ({row.network_id})",
                    figure(row.patients),
                    figure(row.patients_per_km2) or "not known",
                    _more(row),
                    figure(row.patients_outside_without),
                )
                for row in rows
            ],
        )


def _more(row: ExceptionRow) -> str:
    if row.status == "infeasible":
        return "no such plan"
    if row.worth is None:
        return "not known"
    return figure(row.worth) if row.status == "optimal" else f"at least {figure(row.worth)}"
