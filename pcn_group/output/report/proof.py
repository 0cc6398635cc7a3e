"""The proof that a plan folder holds, as far as it still belongs to the plan."""

from __future__ import annotations

from dataclasses import dataclass

from pcn_group.output.statuses import gap_percent
from pcn_group.plan.case import Case
from pcn_group.plan.check import Report
from pcn_group.plan.claims import certified_bound, check_figures
from pcn_group.solver.solve import Status

__all__ = ["Proof", "stored_proof"]

_CLAIMS = {"status", "cost_integer", "bound_integer"}


@dataclass(frozen=True)
class Proof:
    """What is proven of a plan.

    Attributes
    ----------
    status
        As in `summary.json`.
    cost, bound
        Of this plan and of any, in patient-`unit`.
    gap
        (cost - bound) / cost.
    certified
        The bound that the certificate alone proves, in patient-`unit`; None without one.
    verified
        Whether the certificate was proven again by the second program when the plan was made.
    short, above
        Patients outside the band that no plan can avoid, where the band had to give way.
    fewest_moved
        No plan moves fewer patients; None where that was not asked.
    is_unsettled
        Whether it is the best, but was not settled to be the first by rule of those that are.
    """

    status: Status
    cost: float
    bound: float
    gap: float
    certified: float | None
    verified: bool
    short: int
    above: int
    fewest_moved: int | None
    is_unsettled: bool

    @property
    def gave_way(self) -> bool:
        """Whether the band gave way: no plan keeps it."""
        return bool(self.short or self.above)

    @property
    def percent(self) -> str:
        """The gap as it is told."""
        return gap_percent(self.gap, self.status)


def stored_proof(case: Case, report: Report) -> Proof | None:
    """Read the proof of a plan folder; None where it has none, or it is not of this plan.

    A proof is about these networks under the rules they were made under: cost, practices,
    neighbours and exceptions are worked out again and must be what it says.

    Raises
    ------
    InputError
        If it has a certificate that is none of these practices.
    """
    plan = case.stored
    if plan is None or not case.is_as_made or not plan.summary.keys() >= _CLAIMS:
        return None
    if report.cost is None or check_figures(case.problem, case.units, plan, report):
        return None
    summary, unit = plan.summary, case.travel.unit
    outside = {(row["network_id"], row["patients"]) for row in summary.get("exceptions", ())}
    if outside != {(n.label, n.patients) for n in report.networks if not n.in_band}:
        return None
    certified = None
    if plan.certificate is not None:
        terms = certified_bound(case.problem, plan.certificate)
        certified = round(max(0.0, case.travel.report(terms)), 3)
    cost, bound = summary["cost_integer"], summary["bound_integer"]
    return Proof(
        status=summary["status"],
        cost=summary.get(f"cost_patient_{unit}", round(case.travel.report(cost), 3)),
        bound=summary.get(f"bound_patient_{unit}", round(case.travel.report(bound), 3)),
        gap=summary.get("gap", (cost - bound) / cost if cost else 0.0),
        certified=certified,
        verified=bool(summary.get("certificate_verified", False)),
        short=summary.get("patients_short", 0),
        above=summary.get("patients_above", 0),
        fewest_moved=summary.get("patients_moved_bound"),
        is_unsettled=summary.get("first_of_equals") is False,
    )
