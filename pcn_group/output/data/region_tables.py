"""The tables that practices and rules settle, whatever the plan: neighbours, and travel."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from pcn_group.geography.roads.storage import ATTRIBUTION
from pcn_group.geography.ways import Way, Ways, water_metres
from pcn_group.output.data.rows import ADJACENCY, TRAVEL, NeighbourRow, TravelRow
from pcn_group.region.region import Region
from pcn_group.tables.sheets import safe_files

__all__ = ["neighbour_rows", "region_tables", "thousandths"]


def region_tables(region: Region) -> dict[str, str]:
    """Return the text of the tables that practices and rules settle."""
    rules = region.configuration.output
    tables = {"adjacency.csv": ADJACENCY.csv(neighbour_rows(region))}
    if rules.travel:
        tables["travel.csv"] = TRAVEL.csv(_travel_rows(region))
    return safe_files(tables, excel_safe=rules.excel_safe)


def neighbour_rows(region: Region) -> tuple[NeighbourRow, ...]:
    """Return each pair of neighbours once."""
    pairs = [(i, j) for i, row in enumerate(region.problem.neighbours) for j in row if i < j]
    if not pairs:
        return ()
    places = region.units[["easting", "northing"]].to_numpy(dtype=np.float64)
    starts, ends = (places[[*side]] for side in zip(*pairs, strict=True))
    straight = np.hypot(*(starts - ends).T)
    ways, water = region.ways, np.zeros(len(pairs))
    is_by_road = ways is not None and ways.on_roads is not None
    if ways is not None and ways.land is not None:
        water = water_metres(ways.land, starts, ends)
    codes = region.problem.codes
    return tuple(
        NeighbourRow(
            practice_code=codes[i],
            neighbour_code=codes[j],
            straight_km=thousandths(straight[k] / 1000) if np.isfinite(straight[k]) else None,
            way_km=None if ways is None else thousandths(ways.metres[i, j] / 1000),
            water_km=None if ways is None or is_by_road else thousandths(water[k] / 1000),
            reason=_reason(region, (i, j)),
        )
        for k, (i, j) in enumerate(pairs)
    )


_JOINED = {Way.WATER: "joined over water", Way.ROAD: "joined by road"}


def _reason(region: Region, pair: tuple[int, int]) -> str:
    """Say how two practices became neighbours."""
    neighbours, ways = region.neighbours, region.ways
    if pair in neighbours.added:
        return "added"
    if pair in neighbours.joined and ways is not None:
        return _JOINED.get(ways.kinds[pair], "joined by land")
    return region.configuration.adjacency.method


def _travel_rows(region: Region) -> tuple[TravelRow, ...]:
    """Return travel from each practice to each other one."""
    codes, rules, travel = region.problem.codes, region.configuration.travel, region.travel
    ways = region.ways if rules.way == "land" else None
    same = "patients" if rules.origin == "patients" else ""
    if rules.way == "roads":
        same = f"{same or 'road'} {ATTRIBUTION}"
    if rules.matrix:
        same = "matrix"
    values = travel.values if travel.unit == "km" else travel.values / travel.steps(1)
    return tuple(
        TravelRow(start, end, _whole(values[i, j]), same or _kind(ways, i, j))
        for i, start in enumerate(codes)
        for j, end in enumerate(codes)
        if i != j
    )


def _kind(ways: Ways | None, i: int, j: int) -> str:
    return Way(Way.STRAIGHT if ways is None else ways.kinds[i, j]).name.lower()


def _whole(value: float) -> Decimal | None:
    """Return a value so that costs come out of it as they are; None if out of reach."""
    return Decimal(f"{value:.6f}".rstrip("0").rstrip(".")) if np.isfinite(value) else None


def thousandths(travel: float) -> Decimal:
    """Return travel to three decimals."""
    return Decimal(f"{travel:.3f}")
