"""What a paper says of plans that were not chosen, and what they would cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from pcn_group.output.data.alternatives import StoredAlternatives
from pcn_group.output.data.comparison import StoredComparison
from pcn_group.output.data.curves import StoredCurve
from pcn_group.output.data.rows_of_several import (
    AlignedPointRow,
    BandPointRow,
    ComparedRow,
    MovesPointRow,
    PairRow,
    SpreadPointRow,
)
from pcn_group.output.paper.beside import GivenPlans, named
from pcn_group.output.paper.blocks import Block, Heading, Table, Words, figure, percent, pounds
from pcn_group.output.paper.chapter import Chapter
from pcn_group.plan.inputs import CURRENT

__all__ = ["others_section"]

_PAIRS = 15
"""Open questions that a paper lists; the file of alternatives has all"""


def others_section(chapter: Chapter) -> Iterator[Block]:
    """Show the other plans that are given; nothing without any."""
    found = [given for given in chapter.beside.plans if not _is_of_band(given)]
    if not found:
        return
    yield Heading("Alternatives that were considered")
    yield Words(
        f"Cost is travel, added up over all patients, in patient-{chapter.unit}, with the "
        "prices that the rules set, if any."
    )
    for given in found:
        if isinstance(given.stored, StoredAlternatives):
            yield from _alternatives(chapter, given, given.stored)
        elif isinstance(given.stored, StoredComparison):
            yield from _comparison(chapter, given, given.stored)
        else:
            yield from _curve(chapter, given, given.stored)


def _is_of_band(given: GivenPlans) -> bool:
    stored = given.stored
    return isinstance(stored, StoredCurve) and isinstance(stored.rows[0], BandPointRow)


_SIDE_BY_SIDE: dict[str, str] = {
    "Networks": "networks",
    "in the band": "networks_in_band",
    "under it": "networks_under_band",
    "over it": "networks_over_band",
    "in pieces": "networks_not_contiguous",
    "across a border of local authorities": "networks_across_authorities",
    "Practices in no network": "practices_in_no_network",
    "Rules broken": "rules_broken",
    "Mean way to the hub": "mean",
    "Longest way": "max",
    "Patients who live elsewhere": "patients_misaligned",
    "Practices that move": "practices_moved",
    "Patients who move": "patients_moved",
}
"""What a paper says of plans side by side: in words, and the column"""

_ABREAST = 4
"""Plans that a table has room for"""


def _comparison(chapter: Chapter, given: GivenPlans, stored: StoredComparison) -> Iterator[Block]:
    own, first = given.name_of(chapter.partition), _called(stored.rows[0])
    yield Heading("Plans side by side", 2)
    yield Words(f"Practices and patients who move are those who do from {first} to each plan.")
    for at in range(0, len(stored.rows), _ABREAST):
        rows = stored.rows[at : at + _ABREAST]
        cells = [
            (words, *(figure(getattr(row, field)) for row in rows))
            for words, field in _SIDE_BY_SIDE.items()
        ]
        cells += [
            ("Paid in the year", *(_pounds(row.budget_gbp) for row in rows)),
            ("for each patient", *(_exact(row.budget_per_head_gbp) for row in rows)),
        ]
        yield Table(
            f"Side by side: {', '.join(map(_called, rows))}",
            ("Figure", *(f"#{named(_called(row), own)}" for row in rows)),
            [row for row in cells if any(row[1:])],
        )


def _called(row: ComparedRow) -> str:
    return "today" if row.plan == CURRENT else row.plan


def _pounds(amount: Decimal | None) -> str:
    return "" if amount is None else pounds(amount)


def _exact(amount: Decimal | None) -> str:
    """Return an amount with as many decimals as it has."""
    return "" if amount is None else f"£{amount:,}"


def _alternatives(
    chapter: Chapter, given: GivenPlans, stored: StoredAlternatives
) -> Iterator[Block]:
    own = given.name_of(chapter.partition)
    yield Heading("Other good plans", 2)
    yield Table(
        "Plans that cost little more than the best",
        ("Plan", "#Cost", "#More than best", "#Mean", "#Longest", "#Networks", "#Patients moved"),
        [
            (
                named(row.plan, own),
                figure(row.cost),
                percent(row.over_best, 2) if row.over_best else "the best",
                figure(row.mean),
                figure(row.max),
                figure(row.networks),
                figure(row.patients_moved),
            )
            for row in stored.rows
        ],
    )
    yield Words("Patients moved are those in another network than in the best plan.")
    priced = [row for row in stored.pairs if row.verdict == "open" and row.price is not None]
    if not priced:
        return
    priced.sort(key=lambda row: (row.price, row.practice_code, row.other_practice_code))
    yield Table(
        "What it costs at least to decide otherwise about two practices, the cheapest first",
        ("Practices", "In the best plan", f"#More, patient-{chapter.unit}"),
        [
            (
                _both(row),
                row.in_best,
                figure(row.price),
            )
            for row in priced[:_PAIRS]
        ],
    )
    if len(priced) > _PAIRS:
        yield Words("The file togetherness.csv has all such pairs.")


def _both(row: PairRow) -> str:
    first = f"{row.practice_name} ({row.practice_code})"
    return f"{first} and {row.other_practice_name} ({row.other_practice_code})"


_AGAINST: dict[type, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    MovesPointRow: (
        "Moving fewer practices",
        "From the least travel to the fewest patients who move",
        (("#Patients who move", "patients_moved"), ("#Practices", "practices_moved")),
    ),
    AlignedPointRow: (
        "Fitting neighbourhoods better",
        "From the least travel to the best fit",
        (("#Live elsewhere", "patients_misaligned"), ("#Share aligned", "share_aligned")),
    ),
    SpreadPointRow: (
        "Networks more alike",
        "From the least travel to the most even networks",
        (("#Lowest", "lowest"), ("#Highest", "highest")),
    ),
}
"""What a curve is called, what its table shows, and the columns that are about it"""


def _curve(chapter: Chapter, given: GivenPlans, stored: StoredCurve) -> Iterator[Block]:
    title, caption, columns = _AGAINST[type(stored.rows[0])]
    own = given.name_of(chapter.partition)
    rows: Sequence[Any] = stored.rows
    if isinstance(stored.rows[0], SpreadPointRow):
        caption = f"{caption} in {stored.rows[0].figure}"
    yield Heading(title, 2)
    yield Table(
        caption,
        ("Plan", *(heading for heading, _ in columns), "#Cost", "#Mean", "#Longest", "#Networks"),
        [
            (
                named(row.plan, own),
                *(figure(getattr(row, field)) for _, field in columns),
                figure(row.cost),
                figure(row.mean),
                figure(row.max),
                figure(row.networks),
            )
            for row in rows
        ],
    )
