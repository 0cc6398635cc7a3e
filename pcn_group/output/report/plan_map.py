"""A plan as the scripts of a page draw it: its networks, and which of them each practice is in.

Networks are told by their positions in `networks.csv`, practices by those in the `Ground`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np

from pcn_group.geography.areas import network_areas
from pcn_group.output.maps.layers import MapLayers
from pcn_group.output.report.document import figure
from pcn_group.output.report.facts import Facts
from pcn_group.output.report.ground import Ground
from pcn_group.region.region import Region

__all__ = ["areas_of_today", "plan_data"]


def plan_data(
    facts: Facts,
    layers: MapLayers,
    ground: Ground,
    numbers: Sequence[int] | None = None,
    colours: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return what the scripts read of a plan.

    Parameters
    ----------
    facts, layers
        What the page says of it, and what there is to draw.
    ground
        What it is drawn over.
    numbers, colours
        Of the networks, from 0; by default they are counted, and as on the plan's own page.
    """
    place = {row.network_id: k for k, row in enumerate(facts.networks)}
    row_of = {row.practice_code: row for row in facts.practices}
    rows = [row_of[code] for code in ground.region.table["practice_code"]]
    hub_rows = {row.network_id: k for k, row in enumerate(rows) if row.is_hub}
    beyond = len(rows) - len(ground.region.units)  # sites come after practices, not after units
    hubs = (
        network.centre + beyond if network.is_at_site else hub_rows[network.network_id]
        for network in facts.described
    )
    every = zip(
        facts.networks,
        hubs,
        range(len(facts.networks)) if numbers is None else numbers,
        layers.networks["colour"] if colours is None else colours,
        ground.label_places(layers.networks.geometry),
        strict=True,
    )
    return {
        "unit": facts.unit,
        "networks": [
            {
                "number": number,
                "id": row.network_id,
                "name": row.network_name,
                "practices": str(row.practices),
                "patients": str(row.patients),
                "mean": figure(row.mean),
                "longest": figure(row.max),
                "exception": row.exception,
                "inBand": row.in_band,
                "colour": colour,
                "at": at,
                "hub": hub,
            }
            for row, hub, number, colour, at in every
        ],
        "networkOf": [place.get(row.network_id, -1) for row in rows],
        "travel": [figure(row.to_hub) for row in rows],
    }


def areas_of_today(region: Region) -> gpd.GeoSeries:
    """Return the areas of the networks of today; of none where they are unknown."""
    today = region.units["current_network"].to_numpy(dtype=object)
    members = [np.flatnonzero(today == label).tolist() for label in sorted(set(today) - {""})]
    rules = region.configuration.adjacency
    return network_areas(region.drawn.units, members, rules) if members else gpd.GeoSeries([])
