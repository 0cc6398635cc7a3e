"""The tables of a plan as CSV text: rows in a fixed order, floats rounded, `\\n` line ends."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pcn_group.funding.budget import BudgetLine
from pcn_group.geography.travel import TravelTable
from pcn_group.plan.plan import Network
from pcn_group.problem import Problem

__all__ = ["adjacency_csv", "budgets_csv", "groupings_csv", "networks_csv"]


def groupings_csv(
    networks: Sequence[Network], table: pd.DataFrame, travel: TravelTable
) -> str:
    """One row per practice: network by network, the hub first, then by code."""
    rows = [
        {
            "practice_code": table.at[i, "practice_code"],
            "practice_name": table.at[i, "practice_name"],
            "list_size": int(table.at[i, "list_size"]),
            "region_code": table.at[i, "region_code"],
            "network_id": network.network_id,
            "network_name": network.name,
            "is_hub": _flag(i == network.hub),
            f"{travel.unit}_to_hub": f"{travel.report(travel.values[i, network.hub]):.3f}",
            "easting": _metres(table.at[i, "easting"]),
            "northing": _metres(table.at[i, "northing"]),
            "current_network": table.at[i, "current_network"],
        }
        for network in networks
        for i in network.members
    ]
    return _csv(pd.DataFrame(rows))


def networks_csv(
    networks: Sequence[Network], table: pd.DataFrame, travel: TravelTable, problem: Problem
) -> str:
    """One row per network, by identifier."""
    band = problem.size
    rows = [
        {
            "network_id": network.network_id,
            "network_name": network.name,
            "region_code": table.at[network.hub, "region_code"],
            "practices": len(network.members),
            "patients": network.patients,
            "in_band": _flag(network.in_band),
            "patients_outside_band": max(
                0, band.band_min - network.patients, network.patients - band.band_max
            ),
            "hub_practice_code": table.at[network.hub, "practice_code"],
            f"mean_{travel.unit}": f"{network.mean_travel:.3f}",
            f"max_{travel.unit}": f"{network.max_travel:.3f}",
            "exception": network.exception,
        }
        for network in networks
    ]
    return _csv(pd.DataFrame(rows))


def budgets_csv(lines: Sequence[BudgetLine], regions: dict[str, str]) -> str:
    """One row per network and line; `regions` gives each network's region."""
    rows = [
        {
            "region_code": regions[line.network_id],
            "network_id": line.network_id,
            "financial_year": line.financial_year,
            "funding_line": line.line.name,
            "paid_to": line.line.paid_to,
            "basis": line.line.basis,
            "units": line.units,
            "rate_gbp": str(line.line.rate_gbp),
            "amount_gbp": str(line.amount),
            "source": line.line.source,
        }
        for line in lines
    ]
    return _csv(pd.DataFrame(rows))


def adjacency_csv(problem: Problem) -> str:
    """Each pair of neighbours once."""
    pairs = [
        (problem.codes[i], problem.codes[j])
        for i, neighbours in enumerate(problem.neighbours)
        for j in neighbours
        if i < j
    ]
    return _csv(pd.DataFrame(pairs, columns=["practice_code", "neighbour_code"]))


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, lineterminator="\n")


def _flag(value: object) -> str:
    return "true" if value else "false"


def _metres(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
