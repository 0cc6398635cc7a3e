"""What a plan claims about itself, held against what is recomputed: figures, adjacency, bound."""

from __future__ import annotations

from collections.abc import Iterator

from pcn_group.plan.certificate import from_json
from pcn_group.plan.check import Finding, Report
from pcn_group.plan.reading import StoredPlan
from pcn_group.plan.verify import verify_certificate
from pcn_group.problem import Problem

__all__ = ["check_claims"]

_NODE_LIMIT = 50_000_000  # about a minute; most regions take a tenth of a second


def check_claims(problem: Problem, plan: StoredPlan, report: Report) -> list[Finding]:
    """Check a plan's own adjacency, figures and certificate.

    Parameters
    ----------
    problem
        The region and the rules the plan was made under, built anew.
    plan
        The plan with its claims.
    report
        The judgement of its networks.
    """
    return [
        *_adjacency(problem, plan),
        *_figures(plan, report),
        *_bound(plan, report),
        *_certificate(problem, plan, report),
    ]


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


def _figures(plan: StoredPlan, report: Report) -> Iterator[Finding]:
    recomputed = {
        "cost_integer": report.cost,
        "networks": len(report.networks),
        "practices": len({i for network in report.networks for i in network.members}),
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


def _certificate(problem: Problem, plan: StoredPlan, report: Report) -> Iterator[Finding]:
    if plan.certificate is None:
        return
    where = "certificate.json"
    if any(finding.rule == "band" and finding.is_broken for finding in report.findings):
        message = "is for plans with equally small exceptions, and was not verified"
        yield Finding("certificate", where, message, is_broken=False)
        return
    certificate = from_json(plan.certificate, problem.codes, where)
    if report.cost is not None and certificate.bound > report.cost:
        message = f"bounds plans by {certificate.bound:,}, above this one's cost of {report.cost:,}"
        yield Finding("certificate", where, message, is_broken=True)
        return
    result = verify_certificate(problem, certificate, node_limit=_NODE_LIMIT)
    if not result.verified:
        message = f"proves nothing: {result.reason}"
        yield Finding("certificate", where, message, is_broken=result.is_refuted)
        return
    message = f"proves that no plan costs less than {certificate.bound:,}: {result.reason}"
    claimed = plan.summary.get("bound_integer")
    if isinstance(claimed, int) and claimed != certificate.bound:
        message += f"; the rest of the bound, up to {claimed:,}, rests on the solver"
    yield Finding("certificate", where, message, is_broken=False)
