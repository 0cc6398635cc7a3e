"""All the files of a plan as text, by name."""

from __future__ import annotations

import json
from typing import Any

from pcn_group.output.budget_files import budget_files
from pcn_group.output.summary import summary
from pcn_group.output.tables import adjacency_csv, groupings_csv, networks_csv
from pcn_group.pipeline import Result
from pcn_group.plan.certificate import to_json
from pcn_group.practices.excel import safe_files
from pcn_group.practices.writing import report_csv

__all__ = ["plan_files"]


def plan_files(result: Result) -> dict[str, str]:
    """Return the text of every file in `folder.FILES`."""
    return safe_files(_files(result), excel_safe=result.configuration.output.excel_safe)


def _files(result: Result) -> dict[str, str]:
    table, units, networks = result.practices.table, result.units, result.networks
    return {
        "groupings.csv": groupings_csv(networks, table, result.travel),
        "networks.csv": networks_csv(networks, units, result.travel, result.problem),
        **budget_files(result.budget),
        "adjacency.csv": adjacency_csv(result.problem),
        "certificate.json": _json(_certificate(result)),
        "data_report.csv": report_csv(result.practices.report),
        "summary.json": _json(summary(result)),
    }


def _certificate(result: Result) -> dict[str, Any] | None:
    """Give the certificate and the size rule it is under.

    With exceptions, that rule lets the band give way at a price; a second certificate, under the
    problem's own rule, has a bound above what any plan could cost: so no plan keeps the band.
    """
    solution = result.solution
    if solution.certificate is None:
        return None
    codes, impossible = result.problem.codes, solution.impossible
    return {
        **to_json(solution.certificate, codes),
        "held": solution.held,
        "size_rule": solution.problem.size.to_json(),
        "band_impossible": to_json(impossible, codes) if impossible is not None else None,
    }


def _json(values: dict[str, Any] | None) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"
