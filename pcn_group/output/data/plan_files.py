"""All the files of a plan as text, by name, and the rows of its own tables in a fixed order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pcn_group.geography.travel import TravelTable
from pcn_group.output.data.budget_files import budget_files
from pcn_group.output.data.fit_tables import FittedPlan, fit_tables
from pcn_group.output.data.folder import write_folder
from pcn_group.output.data.profile_tables import profile_tables
from pcn_group.output.data.region_tables import region_tables, thousandths
from pcn_group.output.data.rows import (
    GROUPINGS,
    NETWORKS,
    GroupingRow,
    NetworkRow,
)
from pcn_group.output.data.summary import summary
from pcn_group.plan.network import Network
from pcn_group.plan.solved import SolvedPlan
from pcn_group.practices.authorities import authority_name
from pcn_group.practices.table import report_csv
from pcn_group.practices.units import hosts, unit_numbers
from pcn_group.region.region import Region
from pcn_group.tables.sheets import safe_files
from pcn_group.verify.certificate import terms_to_json, to_json

__all__ = [
    "DIGESTS",
    "digest",
    "digest_of_summary",
    "grouping_rows",
    "json_text",
    "network_rows",
    "plan_files",
    "plan_tables",
    "write_plan",
]

DIGESTS = "sha256"
"""In `summary.json`: the digest of every file of the plan as it was written."""


def write_plan(folder: Path, plan: SolvedPlan) -> None:
    """Write the files of a plan, each whole or not at all, in place of an earlier plan's.

    Raises
    ------
    UnwrittenError
        If a file cannot be written.
    """
    write_folder(folder, plan_files(plan))


def plan_files(result: SolvedPlan, home: Path | None = None) -> dict[str, str]:
    """Return the text of every file in `folder.FILES`, travel only if the rules ask for it.

    Parameters
    ----------
    home
        As for `summary`.
    """
    texts = {
        **plan_tables(result),
        **region_tables(result.region),
        **_safe(
            {
                "data_report.csv": report_csv(result.data_report),
            },
            result,
        ),
        "certificate.json": json_text(_certificate(result)),
    }
    told = summary(result, home)
    digests = {name: digest(text) for name, text in sorted(texts.items())}
    digests["summary.json"] = digest_of_summary(told)
    return {**texts, "summary.json": json_text({**told, DIGESTS: digests})}


def plan_tables(result: SolvedPlan) -> dict[str, str]:
    """Return the text of the tables that networks and practices settle."""
    networks, travel = result.networks, result.region.travel
    practices = grouping_rows(networks, result.region.table, travel)
    tables = {
        "groupings.csv": GROUPINGS.csv(practices, travel.unit),
        "networks.csv": NETWORKS.csv(network_rows(networks, result.region), travel.unit),
        **budget_files(result.budget),
        **fit_tables(FittedPlan.of(result.region, networks, result.who_else)),
        **profile_tables(result.region, networks),
    }
    return _safe(tables, result)


def _safe(files: Mapping[str, str], result: SolvedPlan) -> dict[str, str]:
    return safe_files(files, excel_safe=result.region.configuration.output.excel_safe)


def digest(text: str) -> str:
    """Return the SHA-256 of a file, whichever way its lines end."""
    return hashlib.sha256(
        text.replace("\r\n", "\n").encode("utf-8", "backslashreplace")
    ).hexdigest()


def digest_of_summary(values: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a summary says, but for the digests themselves."""
    said = {key: value for key, value in values.items() if key != DIGESTS}
    return digest(json.dumps(said, sort_keys=True, ensure_ascii=False))


def _certificate(result: SolvedPlan) -> dict[str, Any] | None:
    """Return the certificate and the bands it is under.

    With exceptions, these give way at a price; a second certificate, under the problem's own bands,
    has a bound above what any plan could cost: so no plan keeps them.
    """
    solution = result.solution
    if solution.certificate is None:
        return None
    problem, impossible = result.region.problem, solution.impossible
    codes, limits = problem.codes, problem.plan_limits
    return {
        **to_json(solution.certificate, codes, limits),
        "held": solution.penalty_offset,
        **terms_to_json(solution.problem),
        "band_impossible": to_json(impossible, codes, limits) if impossible is not None else None,
    }


def json_text(values: dict[str, Any] | None) -> str:
    """Return values as the text of a JSON file."""
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


_NO_HUB = -1
"""In place of the hub of a practice that is in no network"""


def grouping_rows(
    networks: Sequence[Network], table: pd.DataFrame, travel: TravelTable
) -> tuple[GroupingRow, ...]:
    """Return a row for each practice of a table: by network, a practice that is the hub first.

    An attached practice is in its host's network, and as far from the hub as its host. Practices in
    no network, as a plan made by hand may have them, come last, without network and hub.
    """
    network_of = {i: number for number, network in enumerate(networks) for i in network.members}
    unit = unit_numbers(table)
    number = np.array([network_of.get(i, len(networks)) for i in unit])
    hubs = np.array([*(network.centre for network in networks), _NO_HUB])[number]
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
            to_hub=thousandths(travel.to_unit(travel.to_hubs[unit[k], owner.centre]))
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
            region_name=row["region_name"],
            icb_name=row["icb_name"],
            local_authority_name=authority_name(row["local_authority"]),
            list_date=row["list_date"],
        )
        for k, owner, row in zip(order, owners, table.iloc[order].to_dict("records"), strict=True)
    )


def network_rows(networks: Sequence[Network], region: Region) -> tuple[NetworkRow, ...]:
    """Return a row for each network, by identifier; attached practices count."""
    units, band = region.units, region.problem.size
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
            mean=thousandths(network.mean_travel),
            max=thousandths(network.max_travel),
            exception=network.exception,
            hub_practice_name=units["practice_name"].iloc[network.hub],
            region_name=units["region_name"].iloc[network.hub],
            hub_site_code=site.code if site else "",
            hub_site_name=site.name if site else "",
        )
        for network in networks
        for site in [region.site_at(network.centre)]
    )


def _patients(value: float) -> Decimal | None:
    """Return a weighted list to two decimals, as budgets take it; None for an unknown one."""
    return None if pd.isna(value) else Decimal(f"{value:.2f}")


def _beds(value: float) -> int | None:
    return None if pd.isna(value) else round(value)


def _metres(value: float) -> Decimal | None:
    """Return a coordinate to the millimetre, as read: costs must come out the same again."""
    if np.isnan(value):
        return None
    return Decimal(f"{value:.3f}".rstrip("0").rstrip("."))
