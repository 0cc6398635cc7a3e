"""What a plan claims about its proof, compared with what is worked out again.

Of what is proven here nothing is taken from the files but the dues, tolls and prices of the
certificate, which prove what they prove whatever they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pcn_group.base.errors import Fault, InputError
from pcn_group.geography.adjacency import connected_parts
from pcn_group.geography.travel import TravelTable
from pcn_group.plan.reading import StoredPlan
from pcn_group.region.problem import Problem
from pcn_group.region.region import Region
from pcn_group.verify.bound import effort_of_a_run, verify_certificate
from pcn_group.verify.certificate import Outside, from_json, outside_of, terms_of
from pcn_group.verify.rules import Finding, Report

__all__ = ["Claims", "check_claims"]

_CERTIFICATE = "certificate.json"
_STATUSES = ("optimal", "within_gap", "feasible")

_NODE_LIMIT = 50_000_000  # about a minute; most regions take a tenth of a second


@dataclass(frozen=True)
class Claims:
    """The judgement of what a plan claims about its proof.

    Attributes
    ----------
    findings
        What was found.
    outside
        What the plan has outside the band where that gave way.
    certified
        What the certificate alone proves that no plan with as few patients outside costs less than,
        if it was not refuted; None where it proves nothing.
    verified
        Whether that was proven again in the effort allowed.
    """

    findings: tuple[Finding, ...]
    outside: Outside
    certified: int | None = None
    verified: bool = False


def check_claims(
    region: Region,
    plan: StoredPlan,
    report: Report,
    *,
    node_limit: int = _NODE_LIMIT,
) -> Claims:
    """Check a plan's own neighbours, status, bound and certificate.

    Parameters
    ----------
    region
        With the rules the plan was made under, prepared anew.
    plan
        The plan with its claims.
    report
        The judgement of its networks.
    node_limit
        How far to go to prove the certificate again; never less than a run does.
    """
    problem, travel = region.problem, region.travel
    outside = outside_of(problem, report)
    node_limit = max(node_limit, effort_of_a_run(problem))
    findings = [
        *_check_adjacency(problem, plan),
        *_status(plan, report),
        *_unpermitted(plan, report),
        *_bound(plan, report),
        *_impossible(problem, plan, report, outside, node_limit),
    ]
    if report.cost is None:
        return Claims(tuple(findings), outside)
    if plan.certificate is None:
        return Claims((*findings, *_uncertified(plan, travel)), outside)
    proof = _certificate(problem, travel, plan, report, outside, node_limit)
    return replace(proof, findings=(*findings, *proof.findings))


def _check_adjacency(problem: Problem, plan: StoredPlan) -> Iterator[Finding]:
    """Compare a plan's neighbours with those that the rules give."""
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


def _status(plan: StoredPlan, report: Report) -> Iterator[Finding]:
    """Check that the status is a known one, and the one that follows from cost and bound."""
    if "status" not in plan.summary:
        return
    status = plan.summary["status"]
    if status not in _STATUSES:
        yield _false("summary.json, status", f"says {status!r}, which is no status of a plan")
    elif status != "optimal" and plan.summary.get("bound_integer") == report.cost:
        fewest = [
            (plan.summary.get(f"{what}_moved_bound"), plan.summary.get(f"{what}_moved"))
            for what in ("patients", "practices")
        ]
        if status != "feasible" or all(least in {None, most} for least, most in fewest):
            message = f"says {status}, but a plan whose bound is its cost is optimal"
            yield _false("summary.json, status", message)


def _unpermitted(plan: StoredPlan, report: Report) -> Iterator[Finding]:
    """Check that bands gave way only on a side that may."""
    for found in report.findings if "status" in plan.summary else ():
        if found.rule == "band" and found.is_broken and not found.may_give_way:
            message = f"claims a proof of what its rules forbid: {found.where} {found.message}"
            yield _false("summary.json, status", message)


def _bound(plan: StoredPlan, report: Report) -> Iterator[Finding]:
    bound, cost = plan.summary.get("bound_integer", 0), report.cost
    if type(bound) is not int or bound < 0:
        yield _false("summary.json", f"claims a bound that is no whole number: {bound!r}")
    elif "bound_integer" not in plan.summary or cost is None:
        return
    elif bound > cost:
        message = f"claims a bound of {bound:,}, above the plan's cost of {cost:,}"
        yield _false("summary.json", message)
    elif plan.summary.get("status") == "optimal" and bound != cost:
        message = f"claims the best plan, but its bound {bound:,} is not its cost {cost:,}"
        yield _false("summary.json", message)


def _false(where: str, message: str) -> Finding:
    return Finding("figures", where, message, is_broken=True)


def _uncertified(plan: StoredPlan, travel: TravelTable) -> Iterator[Finding]:
    """Say what a bound without a certificate rests on."""
    bound = plan.summary.get("bound_integer")
    if type(bound) is not int or bound <= 0:
        return
    configuration = plan.configuration
    limits = configuration.limits if configuration is not None else None
    if limits is None or (limits.max_moved_patients is limits.max_moved_practices is None):
        # Only the search within limits on what moves has no certificate.
        if plan.summary.get("status") == "optimal":
            message = "is empty or not there, and the plan is said to be the best"
            yield Finding("certificate", _CERTIFICATE, message, is_broken=True)
        return
    message = (
        f"proves nothing under limits on what moves: that no plan costs less than "
        f"{_amount(travel, bound)} rests on the solver"
    )
    yield Finding("certificate", _CERTIFICATE, message, is_broken=False)


def _certificate(
    problem: Problem,
    travel: TravelTable,
    plan: StoredPlan,
    report: Report,
    outside: Outside,
    node_limit: int,
) -> Claims:
    """Prove the certificate again, under terms that are worked out from rules and networks."""
    certificate = from_json(plan.certificate, problem.codes, _CERTIFICATE, problem.plan_limits)
    terms = terms_of(problem, outside, _with_terms(plan.certificate))
    if terms.wrong:
        message = f"is under terms that are not those of the rules: {'; '.join(terms.wrong)}"
        return Claims((Finding("certificate", _CERTIFICATE, message, is_broken=True),), outside)
    bound, cost = certificate.bound - terms.penalty_offset, report.cost or 0
    if bound > cost:
        message = f"bounds plans by {_amount(travel, bound)}, above this one's cost"
        return Claims((Finding("certificate", _CERTIFICATE, message, is_broken=True),), outside)
    result = verify_certificate(terms.problem, certificate, node_limit=node_limit)
    if not result.verified:
        message = f"proves nothing: {result.reason}"
        finding = Finding("certificate", _CERTIFICATE, message, is_broken=result.is_refuted)
        return Claims((finding,), outside, None if result.is_refuted else bound)
    among = ""
    if outside.is_any:
        among = (
            " with as little outside the bands"
            if any(outside.further)
            else " with as few patients outside the band"
        )
    message = f"proves that no plan{among} costs less than {_amount(travel, bound)}"
    claimed = plan.summary.get("bound_integer")
    if type(claimed) is int and claimed > bound:
        whole = _amount(travel, claimed)
        rest = f"up to {whole}" if whole != _amount(travel, bound) else "too little to show"
        message += f"; the rest of the bound, {rest}, rests on the solver"
    finding = Finding("certificate", _CERTIFICATE, message, is_broken=False)
    return Claims((finding,), outside, bound, verified=True)


def _with_terms(values: Mapping[str, Any]) -> Mapping[str, Any]:
    missing = [key for key in ("size_rule", "held") if key not in values]
    if missing:
        problem = f"does not say what it is under: there is no {' and no '.join(missing)}"
        raise InputError([Fault(_CERTIFICATE, problem, "Solve the region again.")])
    return values


def _amount(travel: TravelTable, cost: int) -> str:
    """Return a cost, or a bound on it, which may be less than any cost is."""
    return f"{travel.to_unit(max(cost, 0)):,.1f} patient-{travel.unit}"


def _impossible(
    problem: Problem, plan: StoredPlan, report: Report, outside: Outside, node_limit: int
) -> Iterator[Finding]:
    """Check that no plan keeps the band: by arithmetic, or by a bound above any plan's cost."""
    where = f"{_CERTIFICATE}, band_impossible"
    values = plan.certificate.get("band_impossible") if isinstance(plan.certificate, dict) else None
    if not any(finding.rule == "band" and finding.is_broken for finding in report.findings):
        if values is not None:
            message = "is to prove that no plan keeps the band, and this one does"
            yield Finding("certificate", where, message, is_broken=True)
        return
    if values is not None:
        certificate = from_json(values, problem.codes, where, problem.plan_limits)
        result = verify_certificate(problem, certificate, node_limit=node_limit)
        if result.verified and certificate.bound > problem.cost_ceiling():
            message = "proves that no plan keeps the band"
            yield Finding("certificate", where, message, is_broken=False)
        else:
            reason = result.reason if not result.verified else "its bound is within reach of a plan"
            message = f"does not prove that no plan keeps the band: {reason}"
            yield Finding("certificate", where, message, is_broken=result.is_refuted)
    by_arithmetic = _indivisible(problem)
    if by_arithmetic:
        yield Finding("certificate", "the band", by_arithmetic, is_broken=False)
    if "status" not in plan.summary or not outside.is_any:
        return
    unproven = ["no plan has fewer patients outside the band"]
    if values is None and not by_arithmetic:
        unproven.insert(0, "no plan keeps the band")
    message = f"does not prove that {', or that '.join(unproven)}: that rests on the solver"
    yield Finding("certificate", _CERTIFICATE, message, is_broken=False)


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
