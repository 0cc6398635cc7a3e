"""What the data report says of ways: practices off land or road, pairs dropped, pieces joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from pcn_group.geography.adjacency import Neighbours
from pcn_group.geography.ways import OFF_LAND, Way, Ways, water_metres
from pcn_group.practices.table import Practices
from pcn_group.region.road_findings import road_findings
from pcn_group.tables.findings import Finding, with_more

__all__ = ["with_land_findings"]

_NOWHERE_NEAR = "No practice is near the land of Great Britain: all ways are straight lines."


def with_land_findings(
    practices: Practices, table: pd.DataFrame, ways: Ways | None, neighbours: Neighbours
) -> Practices:
    """Return practices with what land, water and roads have to do with them.

    Parameters
    ----------
    table
        Those that ways and neighbours are about.
    """
    if ways is None:
        return practices
    if ways.on_roads is None and ways.land is None:
        notes = dict.fromkeys((*practices.notes, _NOWHERE_NEAR))
        return replace(practices, notes=tuple(notes))
    aside = _off_land(table, ways) if ways.on_roads is None else road_findings(table, ways.on_roads)
    findings = [*aside, *_pairs(table, ways, neighbours)]
    return replace(
        practices, data_report=with_more(practices.data_report, findings, practices.table)
    )


def _off_land(table: pd.DataFrame, ways: Ways) -> Iterator[Finding]:
    for code, metres in zip(table["practice_code"], ways.off_land, strict=True):
        if metres > OFF_LAND:
            yield Finding("off_land", code, f"{metres / 1000:,.1f} km from land")


def _pairs(table: pd.DataFrame, ways: Ways, neighbours: Neighbours) -> Iterator[Finding]:
    codes = table["practice_code"].tolist()
    places = table[["easting", "northing"]].to_numpy(dtype=np.float64)
    for i, j in neighbours.dropped:
        by_land = f"{ways.metres[i, j] / 1000:.1f} km by {_by(ways, i, j)}"
        if ways.kinds[i, j] == Way.WATER:
            by_land = "no way by land"
        straight = float(np.hypot(*(places[i] - places[j])))
        detail = f"and {codes[j]}: {straight / 1000:.1f} km straight, {by_land}"
        yield Finding("neighbours_dropped", codes[i], detail)
    for i, j in neighbours.joined:
        detail = f"to {codes[j]}: {ways.metres[i, j] / 1000:.1f} km"
        if ways.kinds[i, j] == Way.WATER:
            (over_water,) = water_metres(ways.land, places[[i]], places[[j]])
            detail += f", over water ({over_water / 1000:.1f} km of the straight line)"
        yield Finding("piece_joined", codes[i], detail)


def _by(ways: Ways, i: int, j: int) -> str:
    return "road" if ways.kinds[i, j] == Way.ROAD else "land"
