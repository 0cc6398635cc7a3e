"""The page of plans side by side: the first beside each other one, figures, moves, networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from pcn_group.base.wording import plural
from pcn_group.output.data.comparison import compared_rows, match_rows, move_rows
from pcn_group.output.data.rows_of_several import COMPARISON, MATCHES, MatchRow, MoveRow
from pcn_group.output.maps.colours import matched_colours
from pcn_group.output.report.document import Document, figure, render
from pcn_group.output.report.ground import Ground
from pcn_group.output.report.plan_page import Drawn, LayerBox, drawn
from pcn_group.output.report.words import heading
from pcn_group.plan.compare import Comparison

__all__ = ["comparison_html"]


@dataclass(frozen=True)
class Pair:
    """The first plan and another.

    Attributes
    ----------
    sides
        The two plans.
    matches, moves
        The rows of `matches.csv` and `moves.csv` about them. The place of a match is the number of
        its networks, on both maps.
    unchanged
        How many networks have the same practices in both.
    on_two_levels
        As `Comparison.on_two_levels`.
    """

    sides: tuple[Drawn, Drawn]
    matches: tuple[MatchRow, ...]
    moves: tuple[MoveRow, ...]
    unchanged: int
    on_two_levels: str

    @property
    def moving(self) -> tuple[MoveRow, ...]:
        """The practices that move."""
        return tuple(row for row in self.moves if row.moved)

    @property
    def patients_moving(self) -> int:
        """How many patients these have."""
        return sum(row.list_size for row in self.moving)

    def number(self, side: int) -> dict[str, int]:
        """Return the number of each network of a plan."""
        names = [(row.from_network, row.to_network)[side] for row in self.matches]
        return {name: k for k, name in enumerate(names) if name}

    def numbers(self, side: int) -> list[int]:
        """Return the numbers of the networks of a plan, in the order of its facts."""
        number = self.number(side)
        return [number[row.network_id] for row in self.sides[side].facts.networks]

    @cached_property
    def colours(self) -> tuple[str, ...]:
        """The colour of each match: neighbours differ on both maps."""
        return matched_colours(
            [(side.layers.networks.geometry, self.numbers(k)) for k, side in enumerate(self.sides)]
        )

    def data(self, ground: Ground) -> dict[str, Any]:
        """Return what the script reads: the two plans, the matches, and what moves.

        A move is the position of a practice, and the numbers of the networks it moves from and to.
        """
        place = {code: k for k, code in enumerate(ground.region.table["practice_code"])}
        before, after = self.number(0), self.number(1)
        return {
            "sides": [
                each.data(ground, numbers, [self.colours[number] for number in numbers])
                for each, numbers in zip(self.sides, map(self.numbers, range(2)), strict=True)
            ],
            "matches": [*map(MATCHES.cells, self.matches)],
            "moves": [
                [place[row.practice_code], before[row.from_network], after[row.to_network]]
                for row in self.moving
            ],
        }


def pairs_of(comparison: Comparison) -> Iterator[Pair]:
    """Return the first plan with each other one.

    Raises
    ------
    InputError
        As `network_areas`.
    """
    first, *others = (drawn(comparison.region, plan) for plan in comparison.plans)
    for number, other in enumerate(others, start=1):
        yield Pair(
            sides=(first, other),
            matches=tuple(match_rows(comparison, number)),
            moves=tuple(move_rows(comparison, number)),
            unchanged=comparison.moves[number].unchanged,
            on_two_levels=comparison.on_two_levels(number),
        )


_WORDS = {
    "practices_in_no_network": "Practices in no network",
    "patients_in_no_network": "Patients in no network",
    "practices_not_of_the_region": "Practices not of the region, set aside",
    "networks_in_band": "In the band",
    "networks_under_band": "Under the band",
    "networks_over_band": "Over the band",
    "share_in_band": "Share in the band",
    "networks_not_contiguous": "Networks not contiguous",
    "local_authorities": "Local authorities",
    "networks_across_authorities": "Networks in several authorities",
    "share_aligned": "Patients in the neighbourhood their network serves",
    "patients_misaligned": "Patients in another neighbourhood",
    "neighbourhoods_unserved": "Neighbourhoods that no network serves",
    "budget_per_head_gbp": "Budget, a patient",
    "least_network_per_head_gbp": "Budget, a patient: least of a network",
    "most_network_per_head_gbp": "Budget, a patient: most of a network",
    "more_by_networks_gbp": "Of the change, by the number of networks",
    "more_by_members_gbp": "Of the change, by who is in one",
    "more_by_columns_gbp": "Of the change, by columns that one plan alone has",
    "patients_moved": "Patients who move from the first plan",
    "practices_moved": "Practices that move from the first plan",
}
"""What a column of `comparison.csv` is called where its name does not say it well"""

Cells = Mapping[str, str]
"""A row of `comparison.csv`, as it is there"""

_TEXTS = {"plan", "budget_remark"}
"""What is told beside the figures"""

_UNITS = {"cost_patient_": "Cost, patient-", "mean_": "Mean travel, ", "max_": "Longest travel, "}


def comparison_html(comparison: Comparison) -> str:
    """Return the page of plans side by side: the same plans give the same bytes.

    Raises
    ------
    InputError
        As `network_areas`.
    """
    pairs = list(pairs_of(comparison))
    unit = comparison.region.travel.unit
    rows = [COMPARISON.cells(row, unit) for row in compared_rows(comparison)]
    facts, ground = pairs[0].sides[0].facts, pairs[0].sides[0].ground
    document = Document(
        template="comparison.html",
        title=heading(facts, f"{len(comparison.plans)} plans compared"),
        version=facts.version,
        attribution=facts.attribution,
        values={
            "pairs": pairs,
            "verdicts": [_verdict(pair) for pair in pairs],
            "band": facts.band,
            "names": [plan.name for plan in comparison.plans],
            "layers": list(_layer_boxes(pairs)),
            "credit": pairs[0].sides[0].layers.backdrop.credit,
            "plan_headings": [(row["plan"], "number") for row in rows],
            "figures": list(_figures(rows, facts.budget_of)),
            "notes": [
                (plan.name, note)
                for number, plan in enumerate(comparison.plans)
                for note in comparison.notes(number)
            ],
        },
        data={
            "ground": ground.data(),
            "pairs": [pair.data(ground) for pair in pairs],
        },
        scripts=("plan_map.js", "plan_view.js", "comparison.js"),
        styles=("several.css",),
    )
    return render(document)


def _verdict(pair: Pair) -> str:
    """Say in a sentence what becomes of the first plan."""
    if pair.on_two_levels:
        return f"{pair.on_two_levels}."
    first, other = pair.sides
    what = "nothing moves"
    if pair.moving:
        verb = "moves" if len(pair.moving) == 1 else "move"
        patients = plural(pair.patients_moving, "patient")
        what = f"{plural(len(pair.moving), 'practice')} with {patients} {verb}"
    gone = sum(not row.to_network for row in pair.matches)
    new = sum(not row.from_network for row in pair.matches)
    counts = {"unchanged": pair.unchanged, "not continued": gone, "new": new}
    told = [
        f"{count:,} {words}" for words, count in counts.items() if count or words == "unchanged"
    ]
    return (
        f"From {first.name} to {other.name} {what}. Of {plural(len(pair.matches), 'network')} "
        f"in one plan or both: {', '.join(told)}."
    )


def _layer_boxes(pairs: Sequence[Pair]) -> Iterator[LayerBox]:
    yield "moves", "What moves", True
    yield "labels", "Numbers of networks", True
    yield "ways", "Ways to the hub", False
    if any(side.facts.exceptions for pair in pairs for side in pair.sides):
        yield "exceptions", "Outside the band", True
    if any(len(side.layers.neighbourhoods) for pair in pairs for side in pair.sides):
        yield "neighbourhoods", "Neighbourhoods", True
    if any(len(side.layers.backdrop.towns) for pair in pairs for side in pair.sides):
        yield "towns", "Towns", True


@dataclass(frozen=True)
class _Figure:
    """A figure of all plans.

    Attributes
    ----------
    key, words
        Its column of `comparison.csv`, and what it is called.
    values_and_changes
        Of each plan, and how much more or less that is than that of the first.
    """

    key: str
    words: str
    values_and_changes: tuple[tuple[str, str], ...]


def _figures(rows: Sequence[Cells], budget_of: str) -> Iterator[_Figure]:
    """Return the figures that any plan has, from the rows of `comparison.csv`.

    Parameters
    ----------
    budget_of
        The year of the budgets and the day of their lists; empty where there are none.
    """
    first = rows[0]
    remarks = dict.fromkeys(row["budget_remark"] for row in rows if row["budget_remark"])
    budget = ", ".join(("Budget", budget_of, *remarks))
    for key in first:
        if key not in _TEXTS and any(row[key] not in {"", "0", "0.00"} for row in rows):
            told = tuple((_value(key, row[key]), _change(key, row, first)) for row in rows)
            words = budget if key == "budget_gbp" else _in_words(key)
            yield _Figure(key, words, told)


def _in_words(key: str) -> str:
    for start, words in _UNITS.items():
        if key.startswith(start):
            return words + key.removeprefix(start)
    return _WORDS.get(key, key.replace("_", " ").capitalize())


def _value(key: str, value: str) -> str:
    if not value:
        return "not counted" if key.endswith("_moved") else "unknown"
    if key.startswith("share_"):
        return f"{100 * Decimal(value):.2f}%"
    return f"£{figure(value)}" if key.endswith("_gbp") else figure(value)


def _change(key: str, row: Cells, first: Cells) -> str:
    """Say how much more or less a figure is than that of the first plan."""
    value, before = row[key], first[key]
    is_change = key.endswith("_moved") or key.startswith("more_by_")
    if not value or not before or value == before or is_change:
        return ""
    more = Decimal(value) - Decimal(before)
    sign = "+" if more > 0 else "\N{MINUS SIGN}"
    return f"{sign}{_value(key, str(abs(more)))}"
