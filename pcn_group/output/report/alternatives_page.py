"""The page of alternatives: the plans, what all of them agree on, and what each open pair costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from pcn_group.base.wording import plural
from pcn_group.geography.areas import network_areas
from pcn_group.output.data.alternatives import StoredAlternatives, read_alternatives
from pcn_group.output.data.rows_of_several import AlternativeRow
from pcn_group.output.report.alternatives_map import Agreed, OpenPair, agreed_figure
from pcn_group.output.report.document import Document, render
from pcn_group.output.report.plan_map import map_surroundings
from pcn_group.output.report.plan_page import Drawn, boxes_of_several, drawn
from pcn_group.output.report.words import heading
from pcn_group.plan.compare import open_plans
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.profile import figure_words

__all__ = ["Found", "alternatives_html", "open_alternatives"]


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
    facts = found.plans[0].facts
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
            "agreed-figure": agreed_figure(_agreed(found)),
            "drawn": [plan.data() for plan in found.plans],
            "backdrop": map_surroundings(found.plans[0].layers),
        },
        scripts=("plan_view.js", "alternatives.js"),
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


def _agreed(found: Found) -> Agreed:
    region = found.plans[0].region
    place = {code: i for i, code in enumerate(region.problem.codes)}
    groups = tuple(
        tuple(place[code] for code in group if code in place)
        for group in found.stored.summary["always_together"]
    )
    groups = tuple(group for group in groups if group)
    inside = {i for group in groups for i in group}
    alone = [(i,) for i in range(len(region.units)) if i not in inside]
    columns = ["practice_code", "practice_name", "list_size", "easting", "northing"]
    return Agreed(
        practices=region.units[columns],
        groups=groups,
        areas=network_areas(region.units, [*groups, *alone], region.configuration.adjacency),
        pairs=tuple(
            pair for pair in found.open_pairs if pair.first in place and pair.second in place
        ),
        unit=found.unit,
    )
