"""The page of alternatives: the plans, what all of them agree on, and what each open pair costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from pcn_group.base.wording import plural
from pcn_group.geography.areas import network_areas
from pcn_group.output.data.alternatives import StoredAlternatives, read_alternatives
from pcn_group.output.data.rows_of_several import AlternativeRow
from pcn_group.output.maps.colours import network_colours
from pcn_group.output.report.document import Document, render
from pcn_group.output.report.plan_page import Drawn, boxes_of_several, drawn
from pcn_group.output.report.words import heading
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.placed import open_plans
from pcn_group.plan.profile import figure_words

__all__ = ["Found", "alternatives_html", "open_alternatives"]


@dataclass(frozen=True)
class OpenPair:
    """Two practices that good plans decide about otherwise.

    Attributes
    ----------
    first, second
        Their codes.
    in_best
        Whether they are `together` or `apart` in the best plan.
    price
        What it costs to decide otherwise.
    is_settled
        Whether that is known to be the least.
    first_name, second_name
        Of the practices; empty in files of before there were any.
    """

    first: str
    second: str
    in_best: str
    price: Decimal
    is_settled: bool
    first_name: str = ""
    second_name: str = ""


@dataclass(frozen=True)
class Found:
    """Alternatives as the command wrote them, with their plans.

    Attributes
    ----------
    stored
        Their tables and their summary.
    plans
        Of each row of `alternatives.csv`.
    """

    stored: StoredAlternatives
    plans: tuple[Drawn, ...]

    @property
    def unit(self) -> str:
        """Of travel."""
        return self.plans[0].facts.unit

    @cached_property
    def open_pairs(self) -> tuple[OpenPair, ...]:
        """The pairs that good plans differ in, those that cost least first."""
        found = [
            OpenPair(
                row.practice_code,
                row.other_practice_code,
                row.in_best,
                row.price,
                row.settled,
                row.practice_name,
                row.other_practice_name,
            )
            for row in self.stored.pairs
            if row.verdict == "open" and row.price is not None
        ]
        return tuple(sorted(found, key=lambda pair: pair.price))


def open_alternatives(folder: Path, inputs: PlanInputs) -> Found:
    """Read alternatives and place their plans.

    Raises
    ------
    InputError
        As `read_alternatives` and `open_plans`.
    """
    stored = read_alternatives(folder)
    region, plans = open_plans([str(folder / row.plan) for row in stored.rows], inputs)
    return Found(stored, tuple(drawn(region, plan) for plan in plans))


def alternatives_html(found: Found) -> str:
    """Return the page of alternatives: the same ones give the same bytes.

    Raises
    ------
    InputError
        As `network_areas`.
    """
    facts, ground = found.plans[0].facts, found.plans[0].ground
    document = Document(
        template="alternatives.html",
        title=heading(facts, plural(len(found.stored.rows), "good plan")),
        version=facts.version,
        attribution=facts.attribution,
        values={
            "found": found,
            "verdict": _verdict(found),
            "apart_in": [of.title for of in found.plans[0].region.figures],
            "apart": [[*_apart(found, row)] for row in found.stored.rows],
            "layers": list(boxes_of_several(found.plans)),
            "credit": found.plans[0].layers.backdrop.credit,
        },
        data={
            "agreement": _agreed(found),
            "ground": ground.data(),
            "drawn": [plan.data(ground) for plan in found.plans],
        },
        scripts=("plan_map.js", "plan_view.js", "alternatives.js"),
        styles=("several.css",),
    )
    return render(document)


def _apart(found: Found, row: AlternativeRow) -> Iterator[tuple[Decimal | None, str]]:
    """Return how far networks of a plan are apart in each figure, and that in words."""
    for figure in found.plans[0].region.figures:
        value = row.between.get(figure.name)
        yield value, figure_words(figure.adds, value)


def _verdict(found: Found) -> str:
    """Say how many plans there are, and what they agree on."""
    summary = found.stored.summary
    within, known = f"{100 * summary['within']:g}%", plural(summary["plans_known"], "plan")
    count = (
        f"Proven: {known} within {within} of the best, and no more"
        if summary["plans_are_all"]
        else f"There are more plans within {within} of the best than can be listed; {known} known"
    )
    groups = summary["always_together"]
    inside, every = sum(map(len, groups)), len(found.plans[0].facts.practices)
    settled = ", as far as is settled" if summary["pairs_not_settled"] else ""
    return (
        f"{count}. Together in all of them{settled}: {inside:,} of {every:,} practices, in "
        f"{plural(len(groups), 'group')}; {plural(len(found.open_pairs), 'pair')} of practices "
        "can be decided either way."
    )


def _agreed(found: Found) -> dict[str, Any]:
    """Return what all good plans agree on: groups of units with colours, and the open pairs."""
    region = found.plans[0].region
    place = {code: i for i, code in enumerate(region.problem.codes)}
    groups = [
        [place[code] for code in group if code in place]
        for group in found.stored.summary["always_together"]
    ]
    groups = [group for group in groups if group]
    rules = region.configuration.adjacency
    areas = network_areas(region.drawn.units, groups, rules) if groups else ()
    return {
        "groups": groups,
        "colours": network_colours(areas) if groups else (),
        "pairs": [
            {"first": pair.first, "second": pair.second, "words": _words_of(pair, found.unit)}
            for pair in found.open_pairs
            if pair.first in place and pair.second in place
        ],
    }


def _words_of(pair: OpenPair, unit: str) -> str:
    """Say what it costs to decide about two practices otherwise than the best plan."""
    other = "apart" if pair.in_best == "together" else "together"
    price = f"{pair.price:,.3f} patient-{unit}"
    return f"{pair.in_best} in the best plan; {other} costs {price} more"
