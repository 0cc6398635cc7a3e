"""What a paper begins with: the summary, what the board is asked, the map and the networks."""

from __future__ import annotations

from collections.abc import Iterator

from pcn_group.base.days import day_in_words
from pcn_group.base.wording import plural
from pcn_group.output.maps.layers import SCHEME
from pcn_group.output.paper.blocks import (
    Block,
    Bullets,
    Heading,
    Picture,
    Table,
    Words,
    figure,
    pounds,
)
from pcn_group.output.paper.chapter import Chapter
from pcn_group.output.paper.footprints import kept_whole
from pcn_group.output.paper.money import latest_total

__all__ = ["map_section", "networks_section", "standing", "summary_section"]


def summary_section(chapter: Chapter) -> Iterator[Block]:
    """Say what the plan is, and what the board is asked to do about it."""
    facts = chapter.facts
    yield Heading("Summary")
    yield Words(_what(chapter))
    yield Bullets(tuple(_points(chapter)))
    if not facts.is_today:
        yield Words("The board is asked to:")
        yield Bullets(tuple(_asked(chapter)))


def _what(chapter: Chapter) -> str:
    facts = chapter.facts
    dated = f", on the lists of {day_in_words(facts.list_date)}" if facts.list_date else ""
    begin = "Today there are" if facts.is_today else "This paper proposes"
    each = "footprint" if facts.are_footprints else "primary care network"
    meaning = (
        "A footprint is a group of networks near each other; it is the networks that are funded."
        if facts.are_footprints
        else "A network is a group of practices near each other that work together and are funded "
        "together."
    )
    return (
        f"{begin} {plural(len(facts.networks), each)} for the "
        f"{plural(len(facts.practices), 'practice')} of {chapter.region}, which have "
        f"{plural(facts.patients, 'registered patient')}{dated}. {meaning}"
    )


def _points(chapter: Chapter) -> Iterator[str]:
    facts = chapter.facts
    yield _size(chapter)
    left = len(facts.practices) - len(facts.placed)
    if left:
        are = "practice is" if left == 1 else "practices are"
        yield f"{left:,} {are} in no {facts.each}."
    if facts.are_footprints:
        yield kept_whole(chapter)
    if facts.moved is not None:
        yield _moving(*facts.moved)
    yield from _travel(chapter)
    total = latest_total(chapter)
    if total is not None:
        part = ", so far as it can be worked out" if total.remark else ""
        yield (
            f"The networks are paid {pounds(total.amount_gbp, whole=True)} in "
            f"{total.financial_year}{part}."
        )
    yield standing(chapter)


def _travel(chapter: Chapter) -> Iterator[str]:
    """Say how far it is, on average and at most."""
    facts = chapter.facts
    ways = [(row.to_hub, row) for row in facts.placed if row.to_hub is not None]
    if ways:
        longest, far = max(ways, key=lambda way: way[0])
        yield (
            f"From a patient's practice to the hub of its {facts.each}, the practice at its "
            f"centre, it is {figure(facts.mean_travel)} {chapter.unit} on average. The longest way "
            f"is {figure(longest)} {chapter.unit}, from {far.practice_name} ({far.practice_code}) "
            f"in {chapter.told(far.network_id)}."
        )


def _moving(patients: int, practices: int) -> str:
    if not practices:
        return "No practice moves: each stays with the network that continues its own."
    verb = "moves" if practices == 1 else "move"
    return (
        f"{plural(practices, 'practice')} with {plural(patients, 'patient')} {verb} to another "
        "network than today's. All others stay with the network that continues theirs."
    )


_NAMED = 4
"""Networks that a sentence names"""


def _size(chapter: Chapter) -> str:
    facts = chapter.facts
    low, high = facts.band
    outside = facts.exceptions
    if not outside:
        return (
            f"Every {facts.each} has {low:,} to {high:,} patients, as the rules of this plan ask."
        )
    has = f"{facts.each} has" if len(outside) == 1 else f"{facts.each}s have"
    names = ", ".join(chapter.told(row.network_id) for row in outside[:_NAMED])
    more = f" and {len(outside) - _NAMED:,} more" if len(outside) > _NAMED else ""
    return (
        f"{len(outside):,} {has} fewer than {low:,} or more than {high:,} patients: {names}{more}."
    )


def standing(chapter: Chapter) -> str:
    """Say how good the plan is known to be."""
    facts, proof = chapter.facts, chapter.facts.proof
    if facts.broken:
        one = len(facts.broken) == 1
        return f"{len(facts.broken):,} {'rule is' if one else 'rules are'} broken: see Exceptions."
    if proof is None:
        return "It keeps the rules, but no proof belongs to it: a plan with less travel may exist."
    known = "It is proven that"
    if proof.status != "optimal":
        early = "" if proof.status == "within_gap" else "The search ended before it was complete. "
        return (
            f"{early}{known} no plan that keeps the same rules costs more than {proof.percent} "
            f"less. {_COST}"
        )
    if proof.fewest_moved is not None:
        return (
            f"{known} no plan that keeps the same rules moves fewer, and that of those that move "
            f"as few none costs less. {_COST}"
        )
    if proof.relaxed:
        return (
            f"{known} no plan keeps every {facts.each} within these numbers, that none comes "
            f"nearer to it, and that of those that come as near none costs less. {_COST}"
        )
    return f"{known} no other plan that keeps the same rules costs less. {_COST}"


_COST = "Cost is travel, and the prices that the rules set, if any."


def _asked(chapter: Chapter) -> Iterator[str]:
    facts = chapter.facts
    if facts.broken:
        yield "say whether the rules that the plan breaks are to be kept, or to be changed;"
    yield f"agree the {facts.each}s listed in this paper;"
    if facts.exceptions:
        yield "agree the exceptions, with the reasons given for each;"
    if chapter.moving:
        yield "agree that the practices named here move to another network;"
    yield "note what remains open, and when the lists were counted."


def map_section(chapter: Chapter) -> Iterator[Block]:
    """Show the map."""
    png, wide = chapter.picture
    facts = chapter.facts
    outside = facts.exceptions
    hatched = (
        f" Hatched, as outside the band: {', '.join(chapter.told(r.network_id) for r in outside)}."
        if outside
        else ""
    )
    yield Heading("Map")
    yield Picture(
        caption=f"The {facts.each}s of {chapter.region}, numbered as in the table below",
        png=png,
        wide=wide,
        told=f"Map of {plural(len(facts.networks), facts.each)}. Each has a colour other than its "
        "neighbours', its number, its practices as circles by list size, and lines from these to "
        f"its hub. The table of {facts.each}s says the same in words.{hatched}",
    )
    meaning = (
        SCHEME
        if chapter.is_scheme
        else f"Every place on the map is in the {facts.each} of its nearest practice. That is a "
        "picture: patients may register anywhere."
    )
    yield Words(f"{meaning} {facts.attribution}".strip())


def networks_section(chapter: Chapter) -> Iterator[Block]:
    """List the networks."""
    facts = chapter.facts
    each = facts.each.capitalize()
    yield Heading(f"{each}s")
    rows = [
        (
            f"{number}",
            row.network_name,
            row.network_id,
            figure(row.practices),
            figure(row.patients),
            figure(row.mean),
            figure(row.max),
            row.hub_site_name or row.hub_practice_name or row.hub_practice_code,
        )
        for number, row in enumerate(facts.networks, start=1)
    ]
    patients = sum(row.list_size for row in facts.placed)
    longest = max((row.max for row in facts.networks), default=None)
    every = ("", "All", "", figure(len(facts.placed)), figure(patients))
    rows.append((*every, figure(facts.mean_travel), figure(longest), ""))
    yield Table(
        f"{each}s: patients, and {chapter.unit} from practices to the hub",
        ("#No.", each, "Code", "#Practices", "#Patients", "#Mean", "#Longest", "Hub"),
        rows,
        has_total=True,
    )
