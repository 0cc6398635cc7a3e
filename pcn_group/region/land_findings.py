"""What the data report says of neighbours: practices off land or road, pairs dropped or joined.

Barriers, and pairs to remove, that take nothing away are notes: they are about no practice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from pcn_group.base.wording import listed
from pcn_group.geography.adjacency import Neighbours
from pcn_group.geography.barriers import Futile
from pcn_group.geography.ways import OFF_LAND, Way, Ways, water_metres
from pcn_group.practices.table import Practices
from pcn_group.region.road_findings import road_findings
from pcn_group.tables.findings import Finding, with_more

__all__ = ["with_land_findings"]

_NOWHERE_NEAR = "No practice is near the land of Great Britain: all ways are straight lines."


def with_land_findings(
    practices: Practices,
    table: pd.DataFrame,
    ways: Ways | None,
    neighbours: Neighbours,
    barriers: Path | None,
) -> Practices:
    """Return practices with what land, water, roads and barriers have to do with them.

    Parameters
    ----------
    table
        Those that ways and neighbours are about.
    barriers
        The file with the barriers, if there is one.
    """
    codes = table["practice_code"].tolist()
    notes = [_futile(futile, codes, barriers) for futile in neighbours.futile]
    findings = [
        Finding("neighbours_barred", codes[i], f"and {codes[j]}") for i, j in neighbours.barred
    ]
    if ways is not None and ways.on_roads is not None:
        findings += [*road_findings(table, ways.on_roads), *_pairs(table, ways, neighbours)]
    elif ways is not None and ways.land is not None:
        findings += [*_off_land(table, ways), *_pairs(table, ways, neighbours)]
    elif ways is not None:
        notes.append(_NOWHERE_NEAR)
    return replace(
        practices,
        notes=tuple(dict.fromkeys((*practices.notes, *notes))),
        data_report=with_more(practices.data_report, findings, practices.table),
    )


def _futile(futile: Futile, codes: Sequence[str], barriers: Path | None) -> str:
    """Say that a barrier or a pair to remove takes nothing away, and who is nearby."""
    nearby = listed(f"{codes[i]} and {codes[j]}" for i, j in futile.pairs)
    if not isinstance(futile.what, int):
        first, other = (codes[k] for k in futile.what)
        note = f"adjacency.remove: {first} and {other} are no neighbours anyway"
        return (
            f"{note}; neighbours across the line between them: {nearby}." if nearby else f"{note}."
        )
    name = barriers.name if barriers is not None else ""
    note = f"{name}: barrier {futile.what} takes no neighbours apart"
    if futile.is_bridged:
        return f"{note}: a crossing leads over it between {nearby}."
    return f"{note}: none are on both sides of it. Nearest to it: {nearby}."


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
