"""What a paper ends with: open questions, how the plan was made, from what, and all practices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pcn_group.base.days import day_in_words
from pcn_group.output.paper.blocks import (
    Block,
    Bullets,
    Heading,
    Quote,
    Table,
    Words,
    figure,
    sentence,
)
from pcn_group.output.paper.chapter import Chapter
from pcn_group.output.paper.opening import standing
from pcn_group.output.paper.record import Record
from pcn_group.tables.findings import KINDS

__all__ = ["data_section", "practices_section", "questions_section"]


_ABOUT = re.compile(r"[.:;](\s|$)")
"""Where the first clause of what a rule means ends: the rest is about how to write it"""


def questions_section(chapter: Chapter) -> Iterator[Block]:
    """Collect what is open: what is worth a second look, and what was said of drafts."""
    facts, records = chapter.facts, chapter.beside.records
    yield Heading("Open questions")
    if not facts.doubts and not records and facts.earlier is None:
        yield Words("None were written down.")
    if facts.earlier is not None:
        made = f", of {day_in_words(facts.earlier)}," if facts.earlier else ""
        yield Words(
            f"The plan was made with other lists{made} than those that it is judged by here. What "
            "has changed since:"
        )
        yield Bullets(tuple(sentence(f"{found.where} {found.message}") for found in facts.changes))
    if facts.doubts:
        yield Words("No rule forbids what follows. Who knows the place can say if it is right.")
        yield Bullets(tuple(sentence(doubt) for doubt in facts.doubts))
    for record in records:
        yield from _record(chapter, record)


def _record(chapter: Chapter, record: Record) -> Iterator[Block]:
    """Tell the comments of a draft, and what it would change."""
    day = f" of {day_in_words(record.day)}" if record.day else ""
    practices = {row.practice_code: row for row in chapter.facts.practices}
    yield Heading(f"Comments on the draft{day}", 2)
    if not record.on_networks and not record.on_practices:
        yield Words("It has no comments.")
    for code, text in sorted(record.on_networks.items()):
        yield Words(f"On {chapter.told(code)}:")
        yield Quote(text)
    for code, text in sorted(record.on_practices.items()):
        row = practices.get(code)
        told = code if row is None else f"{row.practice_name} ({code})"
        where = f", in {chapter.told(row.network_id)}" if row is not None and row.network_id else ""
        yield Words(f"On {told}{where}:")
        yield Quote(text)
    changed = [
        (practices[code], network)
        for code, network in sorted(record.networks.items())
        if code in practices and practices[code].network_id != network
    ]
    if changed:
        yield Table(
            "What the draft would change",
            ("Practice", "#Patients", "Network in this plan", "Network in the draft"),
            [
                (
                    f"{row.practice_name} ({row.practice_code})",
                    figure(row.list_size),
                    chapter.told(row.network_id) or "none",
                    chapter.told(network) or "none",
                )
                for row, network in changed
            ],
        )
        if record.broken:
            yield Words("As it is, the draft breaks these rules:")
            yield Bullets(tuple(map(sentence, record.broken)))
        else:
            yield Words("The draft keeps the rules.")


def data_section(chapter: Chapter) -> Iterator[Block]:
    """Say how the plan was made, and from which data of which day."""
    facts = chapter.facts
    (low, high), each = facts.band, facts.each
    yield Heading("Method")
    yield Words(
        f"Each practice is in one {each}, and the practices of a {each} are neighbours of each "
        f"other. {each.capitalize()}s are to have {low:,} to {high:,} registered patients, "
        "and to keep the further rules that were set. Of all plans that do, the one with the least "
        f"travel is sought: for each patient the way from the practice to the hub of its {each}, "
        "the practice that all others are nearest to together. "
        f"{standing(chapter)} {_figures(chapter)} A proof is about the lists, places and rules as "
        "they were given; it says nothing of what these leave out."
    )
    own = [
        rule
        for rule in facts.rules
        if not rule.is_default and not rule.key.startswith("search.")  # how long it may take
    ]
    if own:
        yield Table(
            "Rules that differ from the usual ones",
            ("Rule", "Value", "What it means"),
            [(rule.key, rule.value, _ABOUT.split(rule.meaning)[0]) for rule in own],
        )
    yield Heading("Data")
    dated = (
        f"The lists are of {day_in_words(facts.list_date)}."
        if facts.list_date
        else "The lists do not say of which day they are."
    )
    yield Words(f"{dated} The plan was made by pcn-group {facts.version}.")
    yield Table(
        "Files that the plan was made from",
        ("File", "#Rows"),
        [
            *((source.name, figure(source.rows)) for source in facts.inputs),
            *((file["name"], "") for file in facts.rule_files),
        ],
    )
    found = [
        (KINDS[kind].title if kind in KINDS else kind, figure(count))
        for kind, count in facts.data_report.items()
    ]
    if found:
        yield Table("What is odd about the practices", ("Finding", "#Practices"), found)
    if facts.notes:
        yield Bullets(facts.notes)


def _figures(chapter: Chapter) -> str:
    """Say where the figures are from."""
    if chapter.facts.proof is None:
        return "The figures are worked out from these lists, under these rules."
    return (
        "The plan was judged again, from its lists, before this was written. Every figure here is "
        "one of its files', or of the files on what else was considered."
    )


def practices_section(chapter: Chapter) -> Iterator[Block]:
    """List all practices with their networks."""
    facts = chapter.facts
    yield Heading("All practices")
    today = "Network" if facts.are_footprints else "Network today"
    yield Table(
        f"Practices by {facts.each}, and how many {chapter.unit} each is from the hub",
        ("Practice", "Code", "#Patients", facts.each.capitalize(), "#To hub", today),
        [
            (
                row.practice_name,
                row.practice_code,
                figure(row.list_size),
                chapter.told(row.network_id) or "none",
                figure(row.to_hub),
                chapter.told_today(row.current_network) or "none",
            )
            for row in facts.practices
        ],
    )
