"""What pages about several plans share: the map of each, and a place to look at one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pcn_group.output.maps.layers import MapLayers, map_layers
from pcn_group.output.report.facts.facts import Facts, facts_of
from pcn_group.output.report.figures.plan_map import map_figure
from pcn_group.output.report.html.panel import layer_boxes, network_choice, practice_search
from pcn_group.output.report.pages.plan import page_data
from pcn_group.plan.case import Case
from pcn_group.plan.compare import PlacedPlan
from pcn_group.region.region import Region

__all__ = ["Drawn", "drawn", "plan_view"]

_LAYERS = {"areas", "exceptions", "ways", "practices", "labels", "found"}
"""What is drawn of each plan: the others are the same for all"""


@dataclass(frozen=True)
class Drawn:
    """A plan with what there is to draw of it."""

    name: str
    region: Region
    facts: Facts
    layers: MapLayers

    def data(
        self, numbers: Sequence[int] | None = None, colours: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """Return what the scripts read of the plan: its map, its networks and practices.

        Parameters
        ----------
        numbers, colours
            Of the networks; by default they are as on the plan's own page.
        """
        layers = self.layers
        if colours is not None:
            layers = replace(layers, networks=layers.networks.assign(colour=list(colours)))
        figure = map_figure(self.facts, layers, self.region, numbers)
        figure["data"] = [trace for trace in figure["data"] if trace["meta"]["layer"] in _LAYERS]
        return page_data(self.facts, figure)


def drawn(region: Region, plan: PlacedPlan) -> Drawn:
    """Describe a plan of several, as for its own page but without a proof.

    Raises
    ------
    InputError
        As `network_areas`.
    """
    facts = facts_of(Case(plan.name, region, plan.networks))
    return Drawn(plan.name, region, facts, map_layers(region, facts.described))


def plan_view(plans: Sequence[Drawn]) -> str:
    """Return the place where `plan_view.js` shows one plan of several."""
    layers = [("labels", "Numbers of networks", True), ("ways", "Ways to the hub", True)]
    if any(plan.facts.exceptions for plan in plans):
        layers.append(("exceptions", "Outside the band", True))
    return f"""
<div class="map">
<div class="canvas" id="canvas" role="img"
 aria-label="Map of the plan. The page of the plan itself has tables with all that it shows."></div>
<div class="panel">
<h3 id="shown" aria-live="polite"></h3>
{practice_search()}
<fieldset class="layers"><legend>Layers</legend>{layer_boxes(layers)}</fieldset>
<p class="legend"><span class="key hub"></span>hub
<span class="key circle"></span>practice, by list size</p>
{network_choice()}
</div>
</div>"""
