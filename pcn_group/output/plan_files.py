"""All the files of a plan as text, by name."""

from __future__ import annotations

import json
from typing import Any

from pcn_group.output.summary import summary
from pcn_group.output.tables import adjacency_csv, budgets_csv, groupings_csv, networks_csv
from pcn_group.pipeline import Result
from pcn_group.plan.certificate import to_json

__all__ = ["plan_files"]


def plan_files(result: Result) -> dict[str, str]:
    """Give the text of every file in `folder.FILES`."""
    table, networks = result.practices.table, result.networks
    regions = {n.network_id: table["region_code"].iloc[n.hub] for n in networks}
    return {
        "groupings.csv": groupings_csv(networks, table, result.travel),
        "networks.csv": networks_csv(networks, table, result.travel, result.problem),
        "budgets.csv": budgets_csv(result.budget, regions),
        "adjacency.csv": adjacency_csv(result.problem),
        "certificate.json": _json(_certificate(result)),
        "summary.json": _json(summary(result)),
    }


def _certificate(result: Result) -> dict[str, Any] | None:
    """Give the certificate with the size rule it is under; with exceptions that has a price."""
    solution = result.solution
    if solution.certificate is None:
        return None
    return {
        **to_json(solution.certificate, result.problem.codes),
        "held": solution.held,
        "size_rule": solution.problem.size.to_json(),
    }


def _json(values: dict[str, Any] | None) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"
