"""What the page of a plan says, as plain values: the rows of its CSV files, its proof, its rules.

The page has no figures of its own. What is in a CSV file is taken from the very rows of that file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pcn_group.base.versions import versions
from pcn_group.output.data.budget_files import budget_files
from pcn_group.output.data.judgement import judge
from pcn_group.output.data.settings import Rule, rules_of
from pcn_group.output.data.summary import rule_files
from pcn_group.output.data.tables import groupings_csv, networks_csv
from pcn_group.output.report.facts.money import Money, money
from pcn_group.output.report.facts.proof import Proof, stored_proof
from pcn_group.plan.case import Case
from pcn_group.plan.inputs import CURRENT
from pcn_group.plan.money import plan_budget
from pcn_group.plan.network import Network, labelled_networks, mean_travel
from pcn_group.practices.table import Source
from pcn_group.region.region import Region
from pcn_group.tables.excel import unmarked
from pcn_group.tables.findings import findings_by_kind
from pcn_group.verify.rules import CLAIMS, Finding

__all__ = ["Facts", "Row", "Rule", "csv_rows", "facts_of"]

Row = dict[str, str]
"""A row of a CSV file, as its reader gives it"""


@dataclass(frozen=True)
class Facts:
    """Everything the page of a plan says.

    Attributes
    ----------
    regions
        The codes of the region, nearly always one.
    unit
        Of travel: `km` or `minutes`.
    band
        Fewest and most patients.
    is_today
        Whether the plan is the networks of today.
    described
        The networks as they are described in `networks`.
    practices, networks
        The rows of `groupings.csv` and `networks.csv`.
    money
        The rows of `budgets.csv`, added up.
    mean_travel
        Per patient, as in `summary.json`.
    moved
        Patients and practices that move from the networks of today; None where there are none, or
        where the plan is just these.
    proof
        None where none belongs to the plan.
    broken
        Broken rules. With a proof there are none: its networks outside the band are exceptions.
    false_claims
        In how many places the plan's files say of it what is not so.
    rules
        All keys; those of the search only with a proof, which is its.
    inputs, rule_files
        The files it was made from, and those that its rules name, as in `summary.json`.
    notes, data_report
        Remarks on the files, and how many findings there are by kind.
    version
        Of the program.
    """

    regions: tuple[str, ...]
    unit: str
    band: tuple[int, int]
    is_today: bool
    described: tuple[Network, ...]
    practices: tuple[Row, ...]
    networks: tuple[Row, ...]
    money: Money
    mean_travel: float
    moved: tuple[int, int] | None
    proof: Proof | None
    broken: tuple[Finding, ...]
    false_claims: int
    rules: tuple[Rule, ...]
    inputs: tuple[Source, ...]
    rule_files: tuple[Row, ...]
    notes: tuple[str, ...]
    data_report: dict[str, int]
    version: str

    @property
    def travel_column(self) -> str:
        """The column of `practices` with travel to the hub."""
        return f"{self.unit}_to_hub"

    @property
    def exceptions(self) -> tuple[Row, ...]:
        """The networks outside the band."""
        return tuple(row for row in self.networks if row["in_band"] == "false")

    @property
    def placed(self) -> tuple[Row, ...]:
        """The practices in a network."""
        return tuple(row for row in self.practices if row["network_id"])

    @property
    def patients(self) -> int:
        """Registered patients of the region, in a network or not."""
        return sum(int(row["list_size"]) for row in self.practices)


def facts_of(case: Case) -> Facts:
    """Collect what the page of a plan says."""
    region = case.region
    judgement = judge(case, node_limit=0)  # no further than a run goes
    proof = stored_proof(case, judgement)
    found = [finding for finding in judgement.report.findings if finding.is_broken]
    broken = tuple(finding for finding in found if finding.rule not in CLAIMS)
    summary = case.stored.summary if case.stored is not None and proof is not None else {}
    reasons = {row["network_id"]: row["reason"] for row in summary.get("exceptions", ())}
    networks = labelled_networks(region, case.networks, reasons)
    practices = csv_rows(groupings_csv(networks, region.table, region.travel))
    patients, count = region.moved(list(case.networks.values()))
    is_today = case.name == CURRENT
    return Facts(
        regions=tuple(sorted({row["region_code"] for row in practices} - {""})),
        unit=region.travel.unit,
        band=(region.problem.size.band_min, region.problem.size.band_max),
        is_today=is_today,
        described=networks,
        practices=practices,
        networks=csv_rows(networks_csv(networks, region.units, region.travel, region.problem)),
        money=money(_budget_rows(region, networks)),
        mean_travel=round(mean_travel(networks), 3),
        moved=None if is_today or patients is None or count is None else (patients, count),
        proof=proof,
        broken=broken if proof is None else (),
        false_claims=len(found) - len(broken),
        rules=rules_of(region.configuration.portable(Path.cwd()), searched=proof is not None),
        inputs=_inputs(summary) or _read_now(case),
        rule_files=tuple(
            summary["rule_files"] if "rule_files" in summary else rule_files(region.configuration)
        ),
        notes=tuple(summary.get("notes", region.practices.notes)),
        data_report=summary.get("data_report", findings_by_kind(region.practices.data_report)),
        version=summary.get("versions", versions())["pcn-group"],
    )


def csv_rows(text: str) -> tuple[Row, ...]:
    """Return the rows of a CSV file, all values as text."""
    header, *rows = csv.reader(io.StringIO(text)) if text else [[]]
    return tuple(dict(zip(header, map(unmarked, row), strict=False)) for row in rows if row)


def _budget_rows(region: Region, networks: Sequence[Network]) -> tuple[Row, ...]:
    """Return the rows of `budgets.csv`."""
    members = [(network.network_id, network.members) for network in networks]
    budget = plan_budget(region.table, members, region.configuration.funding)
    return csv_rows(budget_files(budget)["budgets.csv"])


def _inputs(summary: Mapping[str, Any]) -> tuple[Source, ...]:
    return tuple(
        Source(row["name"], row["sha256"], row["rows"]) for row in summary.get("inputs", ())
    )


def _read_now(case: Case) -> tuple[Source, ...]:
    """Return the files of practices, and of a plan that does not say what it was made from."""
    sources = case.region.practices.sources
    return sources if case.stored is None else case.stored.with_sources(sources)
