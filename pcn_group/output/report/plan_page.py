"""The page of one plan: what its template shows, and what its scripts read.

Pages about several plans have the map of each, and a place to look at one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pcn_group.base.days import day_in_words
from pcn_group.output.data.rows import NetworkRow
from pcn_group.output.maps.layers import MapLayers, map_layers
from pcn_group.output.report.budget_section import BudgetSection
from pcn_group.output.report.document import Document, render
from pcn_group.output.report.draft import WHAT_IF, draft_data
from pcn_group.output.report.facts import Facts, facts_of
from pcn_group.output.report.fit_maps import fit_maps
from pcn_group.output.report.flow_chart import flow_chart
from pcn_group.output.report.ground import Ground
from pcn_group.output.report.key_figures import key_figures
from pcn_group.output.report.plan_map import plan_data
from pcn_group.output.report.travel_chart import travel_chart
from pcn_group.output.report.words import badge, proof_words, title, verdict
from pcn_group.plan.case import Case
from pcn_group.plan.placed import PlacedPlan
from pcn_group.region.region import Region
from pcn_group.tables.findings import KINDS

__all__ = ["Drawn", "LayerBox", "boxes_of_several", "drawn", "report_html"]

LayerBox = tuple[str, str, bool]
"""A layer of a map that one can switch: its name, its words, and whether it shows"""


def report_html(
    facts: Facts,
    layers: MapLayers,
    region: Region,
    index: str | None = None,
    pairs: Mapping[str, Any] | None = None,
) -> str:
    """Return the page of a plan: the same plan gives the same bytes.

    Parameters
    ----------
    facts
        What the page says.
    layers, region
        What there is to draw, and the region.
    index
        As for `render`.
    pairs
        As for `draft_data`.
    """
    ground = Ground.of(region, layers, [network.members for network in facts.described])
    own = [rule for rule in facts.rules if not rule.is_default or rule.key.startswith("band.")]
    document = Document(
        template="plan.html",
        title=title(facts),
        version=facts.version,
        attribution=facts.attribution,
        values={
            "facts": facts,
            "earlier": day_in_words(facts.earlier) if facts.earlier else "",
            "list_date": day_in_words(facts.list_date) if facts.list_date else "",
            "badge": badge(facts),
            "verdict": verdict(facts),
            "key_figures": [*key_figures(facts)],
            "layers": list(_layer_boxes(facts, layers)),
            "shadings": facts.profile,
            "credit": layers.backdrop.credit,
            "flow_chart": None if facts.fit is None else flow_chart(facts.fit),
            "fit_maps": fit_maps(region, facts.described, facts.fit.figures, layers)
            if facts.fit
            else (),
            "who_else_seconds": region.configuration.search.who_else,
            "colours": layers.networks["colour"].tolist(),
            "bars": _bars(facts),
            "placed_patients": _placed_patients(facts),
            "longest": _longest(facts),
            "chart": travel_chart(facts),
            "proof_words": [_with_subject(words) for words in proof_words(facts)],
            "budget": BudgetSection.of(facts),
            "own_rules": own,
            "other_rules": [rule for rule in facts.rules if rule not in own],
            "findings": [
                (KINDS[kind].title if kind in KINDS else kind, count, facts.odd.get(kind, ()))
                for kind, count in facts.data_report.items()
            ],
        },
        data={
            "ground": ground.data(),
            "plan": plan_data(facts, layers, ground),
            "shadings": [layers.networks["colour"].tolist(), *(of.colours for of in facts.profile)],
            **draft_data(facts, layers, region, pairs),
        },
        scripts=("plan_map.js", *WHAT_IF, "plan_view.js", "page.js"),
        styles=("draft.css",),
    )
    return render(document, index)


def _layer_boxes(facts: Facts, layers: MapLayers) -> Iterator[LayerBox]:
    yield "labels", f"Numbers of {facts.each}s", True
    yield "ways", "Ways to the hub", True
    yield "neighbours", "Neighbours", False
    if facts.moved is not None or facts.are_footprints:
        yield "today", "Networks" if facts.are_footprints else "Networks of today", False
    if facts.exceptions:
        yield "exceptions", "Outside the band", True
    if len(layers.neighbourhoods):
        yield "neighbourhoods", "Neighbourhoods", True
    if len(layers.backdrop.towns):
        yield "towns", "Towns", True


def _placed_patients(facts: Facts) -> int:
    return sum(row.list_size for row in facts.placed)


def _longest(facts: Facts) -> str:
    return str(max((row.max for row in facts.networks), default=""))


@dataclass(frozen=True)
class _Bar:
    """The patients of a network, drawn beside the band.

    Attributes
    ----------
    low, width
        Where the band begins, and how wide it is.
    length
        Of the patients.
    outside
        How many patients there are outside the band, in words; empty inside it.
    """

    low: float
    width: float
    length: float
    outside: str


def _bars(facts: Facts) -> list[_Bar]:
    """Draw each network to the scale of the largest."""
    largest = max([facts.band[1], *(row.patients for row in facts.networks)])
    scale = 150 / (1.05 * largest)
    low, high = (round(scale * limit, 1) for limit in facts.band)
    return [
        _Bar(
            low=low,
            width=round(high - low, 1),
            length=round(scale * row.patients, 1),
            outside=_outside(facts, row),
        )
        for row in facts.networks
    ]


def _outside(facts: Facts, row: NetworkRow) -> str:
    side = "short" if row.patients < facts.band[0] else "above"
    return f"{row.patients_outside_band:,} {side}" if row.patients_outside_band else ""


def _with_subject(words: str) -> tuple[str, str]:
    """Take from a paragraph a first word that names its subject, if there is one."""
    subject, point, rest = words.partition(". ")
    return (subject, rest) if point and " " not in subject else ("", words)


@dataclass(frozen=True)
class Drawn:
    """A plan with what there is to draw of it."""

    name: str
    region: Region
    facts: Facts
    layers: MapLayers

    def data(
        self,
        ground: Ground,
        numbers: Sequence[int] | None = None,
        colours: Sequence[str] | None = None,
    ) -> dict[str, Any]:
        """Return what the scripts read of the plan, as `plan_data`."""
        return plan_data(self.facts, self.layers, ground, numbers, colours)

    @property
    def ground(self) -> Ground:
        """What this plan and others of the region are drawn over."""
        return Ground.of(
            self.region, self.layers, [network.members for network in self.facts.described]
        )


def drawn(region: Region, plan: PlacedPlan) -> Drawn:
    """Describe a plan of several, as for its own page but without a proof.

    Raises
    ------
    InputError
        As `network_areas`.
    """
    facts = facts_of(Case(plan.name, region, plan.networks))
    return Drawn(plan.name, region, facts, map_layers(region, facts.described))


def boxes_of_several(plans: Sequence[Drawn]) -> Iterator[LayerBox]:
    """Return the layers that one can switch where the page shows one plan of several."""
    yield "labels", "Numbers of networks", True
    yield "ways", "Ways to the hub", True
    if any(plan.facts.exceptions for plan in plans):
        yield "exceptions", "Outside the band", True
    if any(len(plan.layers.neighbourhoods) for plan in plans):
        yield "neighbourhoods", "Neighbourhoods", True
    if any(len(plan.layers.backdrop.towns) for plan in plans):
        yield "towns", "Towns", True
