"""All the files of a plan as text, by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pcn_group.output.data.budget_files import budget_files
from pcn_group.output.data.rows import ADJACENCY, GROUPINGS, NETWORKS, TRAVEL
from pcn_group.output.data.summary import summary
from pcn_group.output.data.tables import (
    grouping_rows,
    neighbour_rows,
    network_rows,
    travel_rows,
)
from pcn_group.pipeline import SolvedPlan
from pcn_group.practices.table import report_csv
from pcn_group.region.region import Region
from pcn_group.tables.sheets import safe_files
from pcn_group.verify.certificate import to_json

__all__ = ["DIGESTS", "digest", "digest_of_summary", "plan_files", "plan_tables", "region_tables"]

DIGESTS = "sha256"
"""In `summary.json`: the digest of every file of the plan as it was written."""


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
                "data_report.csv": report_csv(result.region.practices.data_report),
            },
            result,
        ),
        "certificate.json": _json(_certificate(result)),
    }
    told = summary(result, home)
    digests = {name: digest(text) for name, text in sorted(texts.items())}
    digests["summary.json"] = digest_of_summary(told)
    return {**texts, "summary.json": _json({**told, DIGESTS: digests})}


def plan_tables(result: SolvedPlan) -> dict[str, str]:
    """Return the text of the tables that networks and practices settle."""
    networks, travel = result.networks, result.region.travel
    practices = grouping_rows(networks, result.region.table, travel)
    tables = {
        "groupings.csv": GROUPINGS.csv(practices, travel.unit),
        "networks.csv": NETWORKS.csv(
            network_rows(networks, result.region.units, result.region.problem), travel.unit
        ),
        **budget_files(result.budget),
    }
    return _safe(tables, result)


def region_tables(region: Region) -> dict[str, str]:
    """Return the text of the tables that practices and rules settle."""
    rules = region.configuration.output
    tables = {"adjacency.csv": ADJACENCY.csv(neighbour_rows(region))}
    if rules.travel:
        tables["travel.csv"] = TRAVEL.csv(travel_rows(region))
    return safe_files(tables, excel_safe=rules.excel_safe)


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
    """Return the certificate and the size rule it is under.

    With exceptions, that rule lets the band give way at a price; a second certificate, under the
    problem's own rule, has a bound above what any plan could cost: so no plan keeps the band.
    """
    solution = result.solution
    if solution.certificate is None:
        return None
    codes, impossible = result.region.problem.codes, solution.impossible
    return {
        **to_json(solution.certificate, codes),
        "held": solution.penalty_offset,
        "size_rule": solution.problem.size.to_json(),
        "band_impossible": to_json(impossible, codes) if impossible is not None else None,
    }


def _json(values: dict[str, Any] | None) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"
