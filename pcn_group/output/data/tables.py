"""The rows of a plan's own tables, in a fixed order: practices, networks, neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pandas as pd

from pcn_group.geography.travel import TravelTable
from pcn_group.geography.ways import Way, Ways, water_metres
from pcn_group.output.data.rows import GroupingRow, NeighbourRow, NetworkRow, TravelRow
from pcn_group.plan.network import Network
from pcn_group.practices.units import hosts, unit_numbers
from pcn_group.region.problem import Problem
from pcn_group.region.region import Region

__all__ = ["grouping_rows", "neighbour_rows", "network_rows", "travel_rows"]

_NO_HUB = -1
"""In place of the hub of a practice that is in no network"""


def grouping_rows(
    networks: Sequence[Network], table: pd.DataFrame, travel: TravelTable
) -> tuple[GroupingRow, ...]:
    """Return a row for each practice of a table: by network, the hub first, then by code.

    An attached practice is in its host's network, and as far from the hub as its host. Practices in
    no network, as a plan made by hand may have them, come last, without network and hub.
    """
    network_of = {i: number for number, network in enumerate(networks) for i in network.members}
    unit = unit_numbers(table)
    number = np.array([network_of.get(i, len(networks)) for i in unit])
    hubs = np.array([*(network.hub for network in networks), _NO_HUB])[number]
    is_hub = (unit == hubs) & (hosts(table) == table["practice_code"]).to_numpy()
    order = np.lexsort((~is_hub, number)).tolist()
    owners = [networks[number[k]] if number[k] < len(networks) else None for k in order]
    return tuple(
        GroupingRow(
            practice_code=row["practice_code"],
            practice_name=row["practice_name"],
            list_size=row["list_size"],
            region_code=row["region_code"],
            network_id=owner.network_id if owner else "",
            network_name=owner.name if owner else "",
            is_hub=bool(is_hub[k]),
            to_hub=_thousandths(travel.to_unit(travel.values[unit[k], owner.hub]))
            if owner
            else None,
            easting=_metres(row["easting"]),
            northing=_metres(row["northing"]),
            current_network=row["current_network"],
            current_network_name=row["current_network_name"],
            local_authority=row["local_authority"],
            attached_to=row["attached_to"],
            weighted_list_size=_patients(row["weighted_list_size"]),
            adjusted_list_size=_patients(row["adjusted_list_size"]),
            care_home_beds=_beds(row["care_home_beds"]),
            icb_code=row["icb_code"],
        )
        for k, owner, row in zip(order, owners, table.iloc[order].to_dict("records"), strict=True)
    )


def network_rows(
    networks: Sequence[Network], units: pd.DataFrame, problem: Problem
) -> tuple[NetworkRow, ...]:
    """Return a row for each network, by identifier; attached practices count."""
    band = problem.size
    return tuple(
        NetworkRow(
            network_id=network.network_id,
            network_name=network.name,
            region_code=units["region_code"].iloc[network.hub],
            practices=network.practices,
            patients=network.patients,
            in_band=network.in_band,
            patients_outside_band=max(
                0, band.band_min - network.patients, network.patients - band.band_max
            ),
            hub_practice_code=units["practice_code"].iloc[network.hub],
            mean=_thousandths(network.mean_travel),
            max=_thousandths(network.max_travel),
            exception=network.exception,
        )
        for network in networks
    )


def neighbour_rows(region: Region) -> tuple[NeighbourRow, ...]:
    """Return each pair of neighbours once."""
    pairs = [(i, j) for i, row in enumerate(region.problem.neighbours) for j in row if i < j]
    if not pairs:
        return ()
    places = region.units[["easting", "northing"]].to_numpy(dtype=np.float64)
    starts, ends = (places[[*side]] for side in zip(*pairs, strict=True))
    straight = np.hypot(*(starts - ends).T)
    ways, water = region.ways, np.zeros(len(pairs))
    if ways is not None and ways.land is not None:
        water = water_metres(ways.land, starts, ends)
    codes = region.problem.codes
    return tuple(
        NeighbourRow(
            practice_code=codes[i],
            neighbour_code=codes[j],
            straight_km=_thousandths(straight[k] / 1000),
            way_km=None if ways is None else _thousandths(ways.metres[i, j] / 1000),
            water_km=None if ways is None else _thousandths(water[k] / 1000),
            reason=_reason(region, (i, j)),
        )
        for k, (i, j) in enumerate(pairs)
    )


def _reason(region: Region, pair: tuple[int, int]) -> str:
    """Say how two practices became neighbours."""
    neighbours, ways = region.neighbours, region.ways
    if pair in neighbours.added:
        return "added"
    if pair in neighbours.joined and ways is not None:
        return "joined over water" if ways.kinds[pair] == Way.WATER else "joined by land"
    return region.configuration.adjacency.method


def travel_rows(region: Region) -> tuple[TravelRow, ...]:
    """Return travel from each practice to each other one."""
    codes, rules, travel = region.problem.codes, region.configuration.travel, region.travel
    ways = region.ways if rules.way == "land" else None
    same = "matrix" if rules.matrix else "patients" if rules.origin == "patients" else ""
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


def _thousandths(travel: float) -> Decimal:
    return Decimal(f"{travel:.3f}")


def _patients(value: float) -> Decimal | None:
    """Return a weighted list to two decimals, as budgets take it; None for an unknown one."""
    return None if pd.isna(value) else Decimal(f"{value:.2f}")


def _beds(value: float) -> int | None:
    return None if pd.isna(value) else round(value)


def _metres(value: float) -> Decimal:
    """Return a coordinate to the millimetre, as read: costs must come out the same again."""
    return Decimal(f"{value:.3f}".rstrip("0").rstrip("."))
