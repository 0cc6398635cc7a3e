"""What is told of roads: how far practices are from them, where they end, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from pcn_group.base.wording import plural
from pcn_group.config.model import Configuration
from pcn_group.geography.roads.places import OnRoads
from pcn_group.geography.roads.storage import attribution
from pcn_group.practices.table import Practices
from pcn_group.tables.findings import Finding

__all__ = ["road_findings", "with_road_notes"]

_OFF_ROAD = 200
"""From how many metres on a practice is told as away from roads."""

_NEAR_RIM = 3000
"""Up to how many metres from the end of a main road the file may lack the shorter way."""


def with_road_notes(
    practices: Practices, configuration: Configuration, on_roads: OnRoads | None, left_out: int
) -> Practices:
    """Return practices with notes about the roads, if ways are along these.

    Parameters
    ----------
    left_out
        How many patients live too far from any road.
    """
    if on_roads is None:
        return practices
    off = on_roads.spots.off
    usual, most = np.median(off), off.max()
    notes = [
        attribution(configuration),
        f"Practices are {usual:.0f} m from the nearest road in the median, {most:.0f} m at most.",
    ]
    if left_out:
        km = configuration.travel.snap_max
        notes.append(
            f"{plural(left_out, 'patient')} living more than {km:g} km from any road of the file "
            "count for nothing in travel."
        )
    return replace(practices, notes=tuple(dict.fromkeys((*practices.notes, *notes))))


def road_findings(table: pd.DataFrame, on_roads: OnRoads) -> Iterator[Finding]:
    """Find practices away from roads, and those near where the file of roads ends.

    Parameters
    ----------
    table
        Of the practices.
    """
    measured = zip(table["practice_code"], on_roads.spots.off, on_roads.to_rim, strict=True)
    for code, off, to_rim in measured:
        if off > _OFF_ROAD:
            yield Finding("off_road", code, f"{off:,.0f} m from the nearest road")
        if to_rim < _NEAR_RIM:
            yield Finding("near_rim", code, f"{to_rim / 1000:.1f} km from where a main road ends")
