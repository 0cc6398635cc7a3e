"""The judgement of a plan: the rules, and whether what its files say is so.

What `check` prints and what the page takes for proven rest on this alone. The files that `solve`
would have written are made again, from practices, rules and networks, and compared with those that
are there. `docs/method.md` says what of a plan is not judged, and why.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pcn_group.config_funding import Funding
from pcn_group.errors import InputError
from pcn_group.funding.budget import Budget
from pcn_group.output.budget_files import BUDGET_FILES
from pcn_group.output.differences import rows_of, table_differences
from pcn_group.output.folder import FILES
from pcn_group.output.plan_files import (
    DIGESTS,
    digest,
    digest_of_summary,
    plan_tables,
)
from pcn_group.output.stored import read_back
from pcn_group.output.summary import summary
from pcn_group.pipeline import Result, reasons_outside
from pcn_group.plan.build import build_networks
from pcn_group.plan.case import Case
from pcn_group.plan.check import Finding, Report, check_plan
from pcn_group.plan.claims import Claims, check_claims
from pcn_group.plan.leaves import differing_leaves, shown
from pcn_group.plan.membership import plan_budget
from pcn_group.plan.moves import check_moves, moved
from pcn_group.plan.network import Network
from pcn_group.plan.reading import StoredPlan
from pcn_group.practices.findings import KINDS
from pcn_group.practices.writing import report_csv
from pcn_group.solver.solve import Solution
from pcn_group.versions import versions

__all__ = ["NOT_JUDGED", "Judgement", "judge"]

NOT_JUDGED = {
    "versions": "which programs made the plan is in no other file",
    "inputs": "names, digests and rows of files that are not there",
    "notes": "remarks of the reading of those files",
    "data_report": "findings of the reading of those files",
    "practices": "what groupings.csv says of a practice and no figure depends on, such as its name",
    "configuration": "keys that nothing in the plan depends on, such as those of the search",
    "patients_moved_bound": "no certificate is written for it: it rests on the solver",
    "sha256": "without it, as in folders of version 0.1, other changes are found all the same",
}
"""Where a change goes unnoticed if the digests are brought in line with it, and the files that the
plan was made from are not given: by the names that `docs/method.md` has for it."""

_AGAIN = "Solve the region again."

_NOT_WORKED_OUT = ("status", "bound_integer", "patients_moved_bound", "inputs", "notes")
"""What of a summary stands as it is, to be judged otherwise or not at all."""


@dataclass(frozen=True)
class Judgement:
    """The judgement of a plan.

    Attributes
    ----------
    report
        By the rules, and of what the plan says of itself.
    claims
        Of its proof; None where none belongs to the plan as it is looked at.
    """

    report: Report
    claims: Claims | None = None

    @property
    def is_as_made(self) -> bool:
        """Whether a proof belongs to the plan, and nothing that its files say is wrong.

        Networks outside the band are no fault of it: the proof is that there have to be some.
        """
        broken = [finding for finding in self.report.findings if finding.is_broken]
        return self.claims is not None and all(finding.rule == "band" for finding in broken)


def judge(case: Case, *, node_limit: int | None = None) -> Judgement:
    """Judge a plan by its rules, and what its files say by what can be worked out again.

    Parameters
    ----------
    node_limit
        How far to go to prove its certificate again; by default as far as `check` does.

    Raises
    ------
    InputError
        If a file of the plan cannot be read, or has a certificate that is none of these practices.
    """
    report = check_plan(case.problem, case.networks, case.labels).with_findings(
        [*case.misplaced, *check_moves(case.units, case.configuration, case.networks)]
    )
    plan = case.stored
    if plan is None or not case.is_as_made or not plan.summary:
        return Judgement(report)
    texts = _texts(plan.groupings.parent)
    if case.has_other_lists or _was_read_otherwise(case, plan, texts):
        message = "is of the lists that the plan was made with, and not of those given"
        note = Finding("certificate", "its proof", message, is_broken=False)
        return Judgement(report.with_findings([note]))
    limit = {} if node_limit is None else {"node_limit": node_limit}
    claims = check_claims(case.problem, case.travel, plan, report, **limit)
    found = [*claims.findings, *_figures(case, plan, report, claims, texts)]
    told = {finding.where.split(",")[0] for finding in found if finding.is_broken}
    found += [finding for finding in _digests(plan, texts) if finding.where not in told]
    return Judgement(report.with_findings(found), claims)


def _texts(folder: Path) -> dict[str, str]:
    """Return the text of each file of a plan that is there."""
    return {
        name: read_back(folder / name, _AGAIN).removeprefix("\ufeff")
        for name in FILES
        if (folder / name).is_file()
    }


def _false(where: str, what: str) -> Finding:
    return Finding("figures", where, what, is_broken=True)


def _was_read_otherwise(case: Case, plan: StoredPlan, texts: Mapping[str, str]) -> bool:
    """Whether version 0.1 read the files given otherwise, or took networks of today elsewhere."""
    if not case.has_inputs or DIGESTS in plan.summary:
        return False
    columns = ["practice_code", "list_size", "current_network"]
    rows = {tuple(row.get(name) for name in columns) for row in rows_of(texts["groupings.csv"])}
    return rows != set(case.table[columns].astype(str).itertuples(index=False, name=None))


def _figures(
    case: Case, plan: StoredPlan, report: Report, claims: Claims, texts: Mapping[str, str]
) -> Iterator[Finding]:
    """Compare the files of a plan with what solve would have written."""
    if not _is_whole(case, report):
        yield from _summary(plan, _plain_figures(case, report))
        return
    result, fault = _as_made(case, plan, report, claims)
    told = {key: plan.summary[key] for key in _NOT_WORKED_OUT if key in plan.summary}
    expected, tables = summary(result) | told | _reading(case, plan, texts), plan_tables(result)
    if fault is not None:
        yield fault
        expected = {key: value for key, value in expected.items() if not key.startswith("budget")}
        tables = {name: text for name, text in tables.items() if name not in BUDGET_FILES}
    yield from _summary(plan, expected)
    yield from _moves_bound(plan, result)
    if _is_read_alike(case, plan):
        tables["data_report.csv"] = report_csv(case.practices.report)
    for name, right in tables.items():
        if name in texts:
            for where, what in table_differences(name, texts[name], right):
                yield _false(where, what)


def _is_whole(case: Case, report: Report) -> bool:
    """Whether every practice is in one network, which has a hub: else solve wrote no such plan."""
    members = sorted(i for network in case.networks for i in network)
    is_each_once = members == list(range(len(case.problem.codes))) and all(case.networks)
    return is_each_once and report.cost is not None and not case.misplaced


def _plain_figures(case: Case, report: Report) -> dict[str, Any]:
    """Return the figures of a plan that is not whole."""
    grouped = sorted({i for network in report.networks for i in network.members})
    return {
        "cost_integer": report.cost,
        "networks": len(report.networks),
        "practices": int(case.units["practices"].iloc[grouped].sum()),
        "patients": sum(network.patients for network in report.networks),
    }


def _as_made(
    case: Case, plan: StoredPlan, report: Report, claims: Claims
) -> tuple[Result, Finding | None]:
    """Return the plan as the search that found it would have left it, and what is not known."""
    stated = plan.summary.get("bound_integer")
    outside = claims.outside
    solution = Solution(
        status=plan.summary.get("status", "feasible"),
        networks=tuple(sorted(tuple(sorted(members)) for members in case.networks)),
        cost=report.cost or 0,
        bound=stated if type(stated) is int else 0,
        problem=case.problem,
        certificate=None,
        short=outside.short,
        above=outside.above,
        gave_way=outside.is_any,
    )
    networks = build_networks(
        case.problem, solution.networks, case.units, case.travel, reasons_outside(solution)
    )
    budget, fault = _budget(case, networks)
    patients_moved, practices_moved = moved(case.units, case.configuration, solution.networks)
    result = Result(
        practices=replace(case.practices, table=case.table),
        units=case.units,
        configuration=case.configuration,
        problem=case.problem,
        travel=case.travel,
        solution=solution,
        networks=networks,
        budget=budget,
        verified=claims.verified_in_a_run,
        seconds={},
        patients_moved=patients_moved,
        practices_moved=practices_moved,
        fewest_moved=None,
    )
    return result, fault


def _budget(case: Case, networks: Sequence[Network]) -> tuple[Budget, Finding | None]:
    """Work out the budget; where that is not possible give another one, and say why."""
    members, funding = [(n.network_id, n.members) for n in networks], case.configuration.funding
    try:
        return plan_budget(case.table, members, funding), None
    except InputError as error:
        # Without a tariff the budget cannot be judged; any other fault is in what the plan says.
        is_broken = all(path.is_file() for path in funding.tariffs)
        message = f"cannot be worked out again: {error.faults[0]}"
        fault = Finding("figures", "budgets.csv", message, is_broken=is_broken)
        return plan_budget(case.table, members, Funding()), fault


def _reading(case: Case, plan: StoredPlan, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return what a summary is to say of the reading of its inputs, as far as that is known."""
    if _is_read_alike(case, plan):
        return {"notes": list(case.practices.notes)}
    if "data_report.csv" not in texts:
        return {"data_report": plan.summary.get("data_report")}
    kinds = [row.get("finding") for row in rows_of(texts["data_report.csv"])]
    return {"data_report": {kind: kinds.count(kind) for kind in KINDS if kind in kinds}}


def _is_read_alike(case: Case, plan: StoredPlan) -> bool:
    """Whether the plan's own input is given, and read by the version that made the plan."""
    made = plan.summary.get("versions")
    version = made.get("pcn-group") if isinstance(made, dict) else None
    is_told = DIGESTS in plan.summary and version == versions()["pcn-group"]
    return case.has_inputs and is_told


def _summary(plan: StoredPlan, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """Compare what a summary says with what it is to say; what it does not say is no claim."""
    right = json.loads(json.dumps(expected))
    for key, there in plan.summary.items():
        if key in right and key not in {"configuration", "versions"}:
            for path, what in differing_leaves(there, right[key], key):
                yield _false(f"summary.json, {path}", what)


def _moves_bound(plan: StoredPlan, result: Result) -> Iterator[Finding]:
    """Check that what no plan moves less than may be so; the search alone knows whether it is."""
    fewest, most = plan.summary.get("patients_moved_bound"), result.patients_moved
    if fewest is None:
        return
    where = "summary.json, patients_moved_bound"
    if result.configuration.limits.max_moved_patients is None:
        yield _false(where, "says how few can move, which only repair finds")
    elif type(fewest) is not int or most is None or not 0 <= fewest <= most:
        yield _false(where, f"says {shown(fewest)}, and the plan moves {shown(most)}")
    elif result.solution.status == "optimal" and fewest < most:
        yield _false(where, f"says {fewest:,}, and the best plan moves {most:,}")


def _digests(plan: StoredPlan, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Compare the files with the digests of what was written."""
    if DIGESTS not in plan.summary:
        return
    stated = plan.summary[DIGESTS]
    stated = stated if isinstance(stated, dict) else {}
    own = {name: digest(text) for name, text in texts.items()}
    own["summary.json"] = digest_of_summary(plan.summary)
    for name in sorted({*own, *stated}):
        if name not in own and name in FILES:
            yield Finding("figures", name, "is not there any more", is_broken=False)
        elif own.get(name) != stated.get(name):
            yield _false(name, "is not as it was written: summary.json has another SHA-256 of it")
