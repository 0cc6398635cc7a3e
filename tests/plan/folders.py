"""A plan folder as `solve` leaves it, for four practices along a road.

A to D lie a kilometre apart with 20,000, 15,000, 25,000 and 20,000 patients. The only plan in the
band is A with B and C with D, at 15,000 and 20,000 patient-kilometres; the duals prove it best.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

GROUPINGS = """\
practice_code,practice_name,list_size,region_code,network_id,easting,northing,current_network
A,Abbey,20000,R,N1,500000,220000,N1
B,Bridge,15000,R,N1,501000,220000,N1
C,Church,25000,R,N2,502000,220000,N2
D,Dale,20000,R,N2,503000,220000,
"""
ADJACENCY = "practice_code,neighbour_code\nA,B\nB,C\nC,D\n"
SUMMARY = {
    "status": "optimal",
    "cost_integer": 35_000_000,
    "bound_integer": 35_000_000,
    "networks": 2,
    "practices": 4,
    "patients": 80_000,
    "configuration": {"band": {"min": 30_000, "max": 50_000}},
}
DUALS = {"A": 0, "B": 15_000_000, "C": 0, "D": 20_000_000}
CERTIFICATE = {
    "duals": DUALS,
    "tolls": [],
    "bound": 35_000_000,
    "held": 0,
    "size_rule": {
        "band_min": 30_000,
        "band_max": 50_000,
        "smallest": 30_000,
        "largest": 50_000,
        "hinges": [],
        "avoid_below": True,
        "avoid_above": True,
        "alone_above": None,
    },
    "band_impossible": None,
}


def write_plan(
    folder: Path,
    *,
    groupings: str = GROUPINGS,
    adjacency: str = ADJACENCY,
    summary: dict[str, Any] | None = None,
    certificate: dict[str, Any] | None = None,
) -> Path:
    """Write a plan folder; `summary` and `certificate` are changes to the true ones."""
    plan = folder / "plan"
    plan.mkdir()
    (plan / "groupings.csv").write_text(groupings, encoding="utf-8")
    (plan / "adjacency.csv").write_text(adjacency, encoding="utf-8")
    (plan / "summary.json").write_text(json.dumps(SUMMARY | (summary or {})), encoding="utf-8")
    (plan / "certificate.json").write_text(
        json.dumps(CERTIFICATE | (certificate or {})), encoding="utf-8"
    )
    return plan
