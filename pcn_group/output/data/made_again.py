"""The plan of a folder made again, as the search that found it would have left it.

So the same builders that wrote the files of a plan say what is right in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pcn_group.base.errors import InputError
from pcn_group.base.versions import versions
from pcn_group.config.funding import Funding
from pcn_group.funding.budget import Budget
from pcn_group.output.data.budget_files import BUDGET_FILES
from pcn_group.output.data.fit_rows import FIT_FILES
from pcn_group.output.data.fit_tables import FittedPlan
from pcn_group.output.data.plan_files import DIGESTS, plan_tables
from pcn_group.output.data.region_tables import region_tables
from pcn_group.output.data.summary import CONTINUED, summary
from pcn_group.output.data.who_else import who_else_of
from pcn_group.plan.case import Case
from pcn_group.plan.claims import Claims
from pcn_group.plan.money import plan_budget
from pcn_group.plan.moves import most_moved, moved
from pcn_group.plan.network import Network, build_networks, with_names, with_own_labels
from pcn_group.plan.reading import StoredPlan
from pcn_group.plan.solved import SolvedPlan, reasons_beyond, reasons_outside
from pcn_group.practices.table import report_csv
from pcn_group.solver.solution import BandRelaxation, Solution
from pcn_group.verify.certificate import shown
from pcn_group.verify.rules import Finding, Report

__all__ = ["Made", "false_figure", "made_again"]

_AS_THEY_ARE = (
    "status",
    "bound_integer",
    "patients_moved_bound",
    "practices_moved_bound",
    "misaligned_bound",
    "who_else_moves",
    "configuration",
    "list_date",
    "inputs",
    "notes",
    "data_report",
    "versions",
)
"""What of a summary does not follow from the plan: it is judged elsewhere, or not at all."""


@dataclass(frozen=True)
class Made:
    """What the files of a plan are to hold.

    Attributes
    ----------
    tables
        The text of each table that follows from the plan, by name.
    summary
        What `summary.json` is to say, as far as that follows from the plan.
    findings
        What was found on the way.
    """

    tables: dict[str, str]
    summary: dict[str, Any]
    findings: tuple[Finding, ...] = ()


def false_figure(where: str, what: str) -> Finding:
    """Return the finding that a file says what is not so."""
    return Finding("figures", where, what, is_broken=True)


def made_again(case: Case, plan: StoredPlan, report: Report, claims: Claims) -> Made:
    """Work out what the files of a plan are to hold, from practices, rules and networks.

    Parameters
    ----------
    case
        The region and rules that the plan was made under.
    plan
        Its files: taken from them is what does not follow from the plan.
    report, claims
        The judgement of its networks and of its proof.
    """
    if not _is_whole(case, report):
        return Made({}, _plain_figures(case, report))
    result, fault = _result(case, plan, report, claims)
    tables, told = plan_tables(result), json.loads(json.dumps(summary(result)))
    for key in _AS_THEY_ARE:
        del told[key]
    if not case.has_inputs:  # a plan alone does not say who lives where
        del told["fit"], told["fit_today"]
        tables = {name: text for name, text in tables.items() if name not in FIT_FILES}
    if CONTINUED not in plan.summary and result.practices_moved is not None:
        today = case.region.today(in_practices=True)
        told["practices_moved"] = today.moved_in_all(result.solution.networks)
    if fault is not None:
        told = {key: value for key, value in told.items() if not key.startswith("budget")}
        tables = {name: text for name, text in tables.items() if name not in BUDGET_FILES}
        del told["rule_files"]  # a tariff may be among them
    if not any(finding.rule == "adjacency" for finding in claims.findings):
        tables |= region_tables(case.region)
    if _is_read_alike(case, plan):
        # The region is there only if it was asked for by name.
        practices = case.region.practices
        tables["data_report.csv"] = report_csv(result.data_report.drop(columns="region_code"))
        told["notes"] = list(practices.notes)
        told["list_date"] = practices.list_date
    findings = [*_moves_bound(plan, result), *_misaligned_bound(plan, result)]
    if fault is not None:
        findings.insert(0, fault)
    return Made(tables, told, tuple(findings))


def _is_whole(case: Case, report: Report) -> bool:
    """Whether every practice is in one network, which has a hub: else solve wrote no such plan."""
    listed = case.listed.values()
    members = sorted(i for network in listed for i in network)
    is_each_once = members == list(range(len(case.region.problem.codes))) and all(listed)
    return is_each_once and report.cost is not None and not case.misplaced


def _plain_figures(case: Case, report: Report) -> dict[str, Any]:
    """Return the figures of a plan that is not whole."""
    grouped = sorted({i for network in report.networks for i in network.members})
    return {
        "cost_integer": report.cost,
        "networks": len(report.networks),
        "practices": int(case.region.units["practices"].iloc[grouped].sum()),
        "patients": sum(network.patients for network in report.networks),
    }


def _result(
    case: Case, plan: StoredPlan, report: Report, claims: Claims
) -> tuple[SolvedPlan, Finding | None]:
    """Return the plan as the search that found it would have left it, and what is not known."""
    stated = plan.summary.get("bound_integer")
    outside = claims.outside
    solution = Solution(
        status=plan.summary.get("status", "feasible"),
        networks=tuple(sorted(tuple(sorted(members)) for members in case.networks.values())),
        cost=report.cost or 0,
        bound=stated if type(stated) is int else 0,
        problem=case.region.problem,
        certificate=None,
        relaxed=BandRelaxation(outside.short, outside.above, outside.further)
        if outside.is_any
        else None,
        is_first=plan.summary.get("first_of_equals") is True,
    )
    reasons = reasons_outside(solution), reasons_beyond(solution)
    networks = build_networks(case.region, solution.networks, *reasons)
    if CONTINUED not in plan.summary:
        networks = with_own_labels(networks, case.networks, case.names)
    elif not case.has_inputs:
        # Names rest on practices of other regions, too, which the plan's own columns have not.
        networks = with_names(networks, case.names)
    budget, fault = _budget(case, networks)
    patients_moved, practices_moved = moved(case.region, solution.networks)
    result = SolvedPlan(
        region=case.region,
        solution=solution,
        networks=networks,
        budget=budget,
        # When it was made there may have been no time for what can be verified now.
        verified=claims.verified and plan.summary.get("certificate_verified") is True,
        seconds={},
        patients_moved=patients_moved,
        practices_moved=practices_moved,
        fewest_moved=None,
        who_else=who_else_of(plan.summary, case.region.problem.codes),
    )
    return result, fault


def _budget(case: Case, networks: Sequence[Network]) -> tuple[Budget, Finding | None]:
    """Work out the budget; where that is not possible return another one and say why."""
    members, region = [(n.network_id, n.members) for n in networks], case.region
    names = {network.network_id: network.name for network in networks}
    funding = region.configuration.funding
    try:
        return plan_budget(region.table, members, funding, names), None
    except InputError as error:
        # Without a tariff the budget cannot be judged; any other fault is in what the plan says.
        is_broken = all(path.is_file() for path in funding.tariffs)
        message = f"cannot be worked out again: {error.faults[0]}"
        fault = Finding("figures", "budgets.csv", message, is_broken=is_broken)
        return plan_budget(region.table, members, Funding(), names), fault


def _misaligned_bound(plan: StoredPlan, result: SolvedPlan) -> Iterator[Finding]:
    """Check that the plan has no fewer misaligned patients than any plan is said to have."""
    fewest, fitted = (
        plan.summary.get("misaligned_bound"),
        FittedPlan.of(result.region, result.networks),
    )
    if fewest is None or fitted is None:
        return
    misaligned = fitted.fit.misaligned
    if type(fewest) is not int or not 0 <= fewest <= misaligned:
        message = f"says {shown(fewest)}, and the plan has {misaligned:,}"
        yield false_figure("summary.json, misaligned_bound", message)


def _is_read_alike(case: Case, plan: StoredPlan) -> bool:
    """Whether the plan's own input is given, and read by the version that made the plan."""
    made = plan.summary.get("versions")
    version = made.get("pcn-group") if isinstance(made, dict) else None
    is_told = DIGESTS in plan.summary and version == versions()["pcn-group"]
    return case.has_inputs and is_told


def _moves_bound(plan: StoredPlan, result: SolvedPlan) -> Iterator[Finding]:
    """Check that what no plan moves less than may be so; the search alone knows whether it is."""
    key = f"{result.counts}_moved_bound"
    other = {"patients_moved_bound", "practices_moved_bound"} - {key}
    fewest, most = plan.summary.get(key), result.moved
    where = f"summary.json, {key}"
    if any(plan.summary.get(each) is not None for each in other):
        yield false_figure(f"summary.json, {min(other)}", "is not what the rules limit")
    if fewest is None:
        return
    if most_moved(result.region.configuration)[0] is None:
        yield false_figure(where, "says how few can move, which only repair finds")
    elif type(fewest) is not int or most is None or not 0 <= fewest <= most:
        yield false_figure(where, f"says {shown(fewest)}, and the plan moves {shown(most)}")
    elif result.solution.status == "optimal" and fewest < most:
        yield false_figure(where, f"says {fewest:,}, and the best plan moves {most:,}")
