"""What a plan claims about itself, held against what is recomputed: figures, adjacency, bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pcn_group.errors import Fault, InputError
from pcn_group.geography.adjacency import connected_parts
from pcn_group.geography.travel import TravelTable
from pcn_group.plan.certificate import from_json
from pcn_group.plan.check import Finding, Report
from pcn_group.plan.reading import StoredPlan
from pcn_group.plan.verify import verify_certificate
from pcn_group.problem import Problem, SizeRule

__all__ = ["check_claims", "check_figures"]

_NODE_LIMIT = 50_000_000  # about a minute; most regions take a tenth of a second


def check_claims(
    problem: Problem, units: pd.DataFrame, travel: TravelTable, plan: StoredPlan, report: Report
) -> list[Finding]:
    """Check a plan's own adjacency, figures and certificate.

    Parameters
    ----------
    problem, units, travel
        The region and the rules the plan was made under, built anew.
    plan
        The plan with its claims.
    report
        The judgement of its networks.
    """
    return [
        *check_figures(problem, units, plan, report),
        *_certificate(problem, travel, plan, report),
        *_impossible(problem, plan, report),
    ]


def check_figures(
    problem: Problem, units: pd.DataFrame, plan: StoredPlan, report: Report
) -> list[Finding]:
    """Check a plan's own adjacency and figures, which takes no time, but not its certificate.

    Parameters are those of `check_claims`.
    """
    return [*_adjacency(problem, plan), *_figures(units, plan, report), *_bound(plan, report)]


def _adjacency(problem: Problem, plan: StoredPlan) -> Iterator[Finding]:
    if plan.adjacency is None:
        return
    rebuilt = {
        (problem.codes[i], problem.codes[j])
        for i, neighbours in enumerate(problem.neighbours)
        for j in neighbours
        if i < j
    }
    differing = sorted(rebuilt ^ plan.adjacency)
    if differing:
        named = ", ".join(" and ".join(pair) for pair in differing[:3])
        message = f"is not what the rules give: {len(differing)} pairs differ, such as {named}"
        yield Finding("adjacency", "adjacency.csv", message, is_broken=True)


def _figures(units: pd.DataFrame, plan: StoredPlan, report: Report) -> Iterator[Finding]:
    grouped = sorted({i for network in report.networks for i in network.members})
    recomputed = {
        "cost_integer": report.cost,
        "networks": len(report.networks),
        "practices": int(units["practices"].iloc[grouped].sum()),
        "patients": sum(network.patients for network in report.networks),
    }
    for key, value in recomputed.items():
        claimed = plan.summary.get(key, value)
        if claimed != value:
            message = f"claims {key} {claimed}, but it is {value}"
            yield Finding("figures", "summary.json", message, is_broken=True)


def _bound(plan: StoredPlan, report: Report) -> Iterator[Finding]:
    bound, cost = plan.summary.get("bound_integer", 0), report.cost
    if not isinstance(bound, int):
        message = f"claims a bound that is no integer: {bound!r}"
        yield Finding("figures", "summary.json", message, is_broken=True)
    elif "bound_integer" not in plan.summary or cost is None:
        return
    elif bound > cost:
        message = f"claims a bound of {bound:,}, above the plan's cost of {cost:,}"
        yield Finding("figures", "summary.json", message, is_broken=True)
    elif plan.summary.get("status") == "optimal" and bound != cost:
        message = f"claims the best plan, but its bound {bound:,} is not its cost {cost:,}"
        yield Finding("figures", "summary.json", message, is_broken=True)


def _certificate(
    problem: Problem, travel: TravelTable, plan: StoredPlan, report: Report
) -> Iterator[Finding]:
    if plan.certificate is None or report.cost is None:
        return
    rule, held = _terms(problem, plan.certificate)
    where = "certificate.json"
    certificate = from_json(plan.certificate, problem.codes, where)
    if certificate.bound > report.cost + held:
        message = (
            f"bounds plans by {_amount(travel, certificate.bound - held)}, above this one's cost"
        )
        yield Finding("certificate", where, message, is_broken=True)
        return
    result = verify_certificate(problem.with_size(rule), certificate, node_limit=_NODE_LIMIT)
    if not result.verified:
        message = f"proves nothing: {result.reason}"
        yield Finding("certificate", where, message, is_broken=result.is_refuted)
        return
    among = "" if rule == problem.size else " with as few patients outside the band"
    message = (
        f"proves that no plan{among} costs less than {_amount(travel, certificate.bound - held)}"
    )
    claimed = plan.summary.get("bound_integer")
    if isinstance(claimed, int) and claimed + held > certificate.bound:
        message += f"; the rest of the bound, up to {_amount(travel, claimed)}, rests on the solver"
    yield Finding("certificate", where, message, is_broken=False)


def _amount(travel: TravelTable, cost: int) -> str:
    return f"{travel.report(cost):,.1f} patient-{travel.unit}"


def certified_bound(problem: Problem, values: Any) -> int:  # noqa: ANN401 - from a file
    """Give the bound on the cost of a plan that `certificate.json` states; nothing proves it here.

    Raises
    ------
    InputError
        If it is not a certificate of these practices.
    """
    certificate = from_json(values, problem.codes, "certificate.json")
    return certificate.bound - _terms(problem, values)[1]


def _terms(problem: Problem, values: Any) -> tuple[SizeRule, int]:  # noqa: ANN401 - from a file
    """Give the size rule a certificate is under, and what exceptions add to every cost."""
    if not isinstance(values, dict) or "size_rule" not in values:
        return problem.size, 0
    try:
        return SizeRule.from_json(values["size_rule"]), int(values["held"])
    except (KeyError, TypeError, ValueError) as error:
        fault = Fault("certificate.json", f"has no size rule: {error}", "Solve the region again.")
        raise InputError([fault]) from error


def _impossible(problem: Problem, plan: StoredPlan, report: Report) -> Iterator[Finding]:
    """Check that no plan keeps the band: by arithmetic, or by a bound above any plan's cost."""
    if not any(finding.rule == "band" and finding.is_broken for finding in report.findings):
        return
    where = "certificate.json, band_impossible"
    message = _indivisible(problem)
    if message:
        yield Finding("certificate", "the band", message, is_broken=False)
    values = plan.certificate.get("band_impossible") if isinstance(plan.certificate, dict) else None
    if values is None:
        return
    certificate = from_json(values, problem.codes, where)
    result = verify_certificate(problem, certificate, node_limit=_NODE_LIMIT)
    if result.verified and certificate.bound > problem.cost_ceiling():
        message = "proves that no plan keeps the band"
        yield Finding("certificate", where, message, is_broken=False)
    else:
        reason = result.reason if not result.verified else "its bound is within reach of a plan"
        message = f"does not prove that no plan keeps the band: {reason}"
        yield Finding("certificate", where, message, is_broken=result.is_refuted)


def _indivisible(problem: Problem) -> str:
    """Say which connected part no whole number of networks in the band can hold, if any."""
    alone, size = {i for network in problem.aside for i in network}, problem.size
    beside = [
        () if i in alone else tuple(j for j in neighbours if j not in alone)
        for i, neighbours in enumerate(problem.neighbours)
    ]
    for part in connected_parts(beside):
        patients = sum(int(problem.weights[i]) for i in part)
        if part[0] not in alone and patients // size.smallest * size.largest < patients:
            return (
                f"is impossible to keep: no whole number of networks can hold the {patients:,} "
                f"patients of the connected part with {problem.codes[part[0]]}"
            )
    return ""
