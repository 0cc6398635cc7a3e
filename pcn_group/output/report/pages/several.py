"""What pages about several plans share: the map of each, and a place to look at one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pcn_group.output.maps.layers import MapLayers, map_layers
from pcn_group.output.report.facts import Facts, facts_of
from pcn_group.output.report.figures.plan_map import map_figure
from pcn_group.output.report.pages.plan import LayerBox, page_data
from pcn_group.plan.case import Case
from pcn_group.plan.compare import PlacedPlan
from pcn_group.region.region import Region

__all__ = ["Drawn", "drawn", "layer_boxes"]

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


def layer_boxes(plans: Sequence[Drawn]) -> Iterator[LayerBox]:
    """Return the layers that one can switch where the page shows one plan of several."""
    yield "labels", "Numbers of networks", True
    yield "ways", "Ways to the hub", True
    if any(plan.facts.exceptions for plan in plans):
        yield "exceptions", "Outside the band", True
