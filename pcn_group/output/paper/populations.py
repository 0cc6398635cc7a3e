"""What a paper says of who the patients are: where they live, and how alike networks are."""

from __future__ import annotations

from collections.abc import Iterator

from pcn_group.base.wording import plural
from pcn_group.output.data.profile_rows import ProfileRow
from pcn_group.output.paper.blocks import Block, Heading, Table, Words, figure, percent
from pcn_group.output.paper.chapter import Chapter
from pcn_group.output.report.profile_facts import FigureFacts

__all__ = ["fit_section", "profile_section"]


def fit_section(chapter: Chapter) -> Iterator[Block]:
    """Say how networks fit neighbourhoods; nothing without a map of them."""
    fit = chapter.facts.fit
    if fit is None:
        return
    told = fit.figures
    share = told["share_aligned"]
    where = (
        "Patients are counted where they live."
        if told["by"] == "residents"
        else "Who lives where is not known, so patients are counted where their practice stands."
    )
    yield Heading("Neighbourhoods")
    yield Words(
        "A network serves the neighbourhood that most of its patients live in. "
        f"{plural(told['aligned'], 'patient')} live in the neighbourhood that their network serves"
        f"{'' if share is None else f', {percent(share)} of those who live in any'}, and "
        f"{told['misaligned']:,} live in another. {where}"
    )
    if told["unserved"]:
        names = [(fit.neighbourhoods.get(code), code) for code in told["unserved"]]
        told_of = (f"{name} ({code})" if name else code for name, code in names)
        yield Words(f"No network serves {', '.join(told_of)}.")
    yield Table(
        "How well each network fits",
        ("Network", "Serves", "#Patients", "#Live there", "#Live elsewhere", "#Share there"),
        [
            (
                chapter.told(row.network_id),
                row.serves_name or row.serves,
                figure(row.patients),
                figure(row.aligned),
                figure(row.misaligned),
                "" if row.share_aligned is None else percent(row.share_aligned),
            )
            for row in fit.networks
        ],
    )
    if fit.to_talk:
        yield Table(
            "Practices to talk about: many of their patients live elsewhere",
            ("Practice", "Network", "#Patients", "#Live elsewhere", "Could join"),
            [
                (
                    f"{row.practice_name} ({row.practice_code})",
                    chapter.told(row.network_id),
                    figure(row.patients),
                    figure(row.misaligned),
                    row.could_join_name or row.could_join,
                )
                for row in fit.to_talk
            ],
        )


_FIGURES = 4
"""Figures that a table has room for"""


def profile_section(chapter: Chapter) -> Iterator[Block]:
    """Say how far networks are apart in the figures of the rules; nothing without any."""
    figures = chapter.facts.profile
    if not figures:
        return
    yield Heading("How alike the networks are")
    yield Table(
        "Figures of the region, and of the networks that have least and most",
        ("Figure", "#Region", "#Lowest", "Network", "#Highest", "Network"),
        [
            (
                each.title,
                each.told(each.spread.region),
                each.told(each.spread.lowest),
                chapter.told(each.spread.lowest_network),
                each.told(each.spread.highest),
                chapter.told(each.spread.highest_network),
            )
            for each in figures
        ],
    )
    for first in range(0, len(figures), _FIGURES):
        some = figures[first : first + _FIGURES]
        yield Table(
            f"By network: {', '.join(each.title for each in some)}",
            ("Network", *(f"#{each.title}" for each in some)),
            [
                (chapter.told(rows[0].network_id), *map(_told, some, rows))
                for rows in zip(*(each.networks for each in some), strict=True)
            ],
        )


def _told(facts: FigureFacts, row: ProfileRow) -> str:
    return facts.told(row.value)
