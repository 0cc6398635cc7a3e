"""The tables of a plan as CSV text: rows in a fixed order, floats rounded, LF line ends."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pcn_group.geography.travel import TravelTable
from pcn_group.output.data.columns import ADJACENCY, GROUPINGS, NETWORKS, in_unit
from pcn_group.plan.network import Network
from pcn_group.practices.units import hosts, unit_numbers
from pcn_group.region.problem import Problem

__all__ = ["adjacency_csv", "groupings_csv", "networks_csv", "rows_csv"]

_NO_HUB = -1
"""In place of the hub of a practice that is in no network"""


def groupings_csv(networks: Sequence[Network], table: pd.DataFrame, travel: TravelTable) -> str:
    """One row per practice of a `Practices.table`: by network, the hub first, then by code.

    An attached practice is in its host's network, and as far from the hub as its host. Practices in
    no network, as a plan made by hand may have them, come last, without network and hub.
    """
    network_of = {i: number for number, network in enumerate(networks) for i in network.members}
    unit = unit_numbers(table)
    number = np.array([network_of.get(i, len(networks)) for i in unit])
    hubs = np.array([*(network.hub for network in networks), _NO_HUB])[number]
    is_hub = (unit == hubs) & (hosts(table) == table["practice_code"]).to_numpy()
    order = np.lexsort((~is_hub, number))
    rows = table.iloc[order]
    owner = [networks[k] if k < len(networks) else None for k in number[order]]
    to_hub = [
        f"{travel.to_unit(travel.values[i, network.hub]):.3f}" if network else ""
        for i, network in zip(unit[order], owner, strict=True)
    ]
    return _csv(
        pd.DataFrame(
            {
                "practice_code": rows["practice_code"],
                "practice_name": rows["practice_name"],
                "list_size": rows["list_size"],
                "region_code": rows["region_code"],
                "network_id": [network.network_id if network else "" for network in owner],
                "network_name": [network.name if network else "" for network in owner],
                "is_hub": _flags(is_hub[order]),
                f"{travel.unit}_to_hub": to_hub,
                "easting": rows["easting"].map(_metres),
                "northing": rows["northing"].map(_metres),
                "current_network": rows["current_network"],
                "current_network_name": rows["current_network_name"],
                "local_authority": rows["local_authority"],
                "attached_to": rows["attached_to"],
                "weighted_list_size": rows["weighted_list_size"].map(_patients),
                "adjusted_list_size": rows["adjusted_list_size"].map(_patients),
                "care_home_beds": rows["care_home_beds"].map(_whole),
                "icb_code": rows["icb_code"],
            }
        )[in_unit(GROUPINGS, travel.unit)]
    )


def networks_csv(
    networks: Sequence[Network], units: pd.DataFrame, travel: TravelTable, problem: Problem
) -> str:
    """One row per network, by identifier; attached practices count."""
    band = problem.size
    rows = [
        {
            "network_id": network.network_id,
            "network_name": network.name,
            "region_code": units["region_code"].iloc[network.hub],
            "practices": network.practices,
            "patients": network.patients,
            "in_band": _flags([network.in_band])[0],
            "patients_outside_band": max(
                0, band.band_min - network.patients, network.patients - band.band_max
            ),
            "hub_practice_code": units["practice_code"].iloc[network.hub],
            f"mean_{travel.unit}": f"{network.mean_travel:.3f}",
            f"max_{travel.unit}": f"{network.max_travel:.3f}",
            "exception": network.exception,
        }
        for network in networks
    ]
    return rows_csv(in_unit(NETWORKS, travel.unit), rows)


def adjacency_csv(problem: Problem) -> str:
    """Each pair of neighbours once."""
    pairs = [
        (problem.codes[i], problem.codes[j])
        for i, neighbours in enumerate(problem.neighbours)
        for j in neighbours
        if i < j
    ]
    return _csv(pd.DataFrame(pairs, columns=list(ADJACENCY)))


def rows_csv(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as they are under a heading; what is None stays empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, lineterminator="\n")


def _flags(values: Iterable[bool]) -> list[str]:
    return ["true" if value else "false" for value in values]


def _patients(value: float) -> str:
    """Return a weighted list to two decimals, as budgets take it; nothing for an unknown one."""
    return "" if pd.isna(value) else f"{value:.2f}"


def _whole(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.0f}"


def _metres(value: float) -> str:
    """Return a coordinate to the millimetre, as read: costs must come out the same again."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
