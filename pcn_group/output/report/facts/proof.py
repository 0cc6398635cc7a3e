"""The proof that a plan folder holds, as far as it still belongs to the plan."""

from __future__ import annotations

from dataclasses import dataclass

from pcn_group.output.data.judgement import Judgement
from pcn_group.output.data.statuses import gap_percent
from pcn_group.plan.case import Case
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
        Whether the second program proved the certificate again just now.
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


def stored_proof(case: Case, judgement: Judgement) -> Proof | None:
    """Return the proof of a plan folder; None where it has none, or anything in it is wrong."""
    plan, claims, cost = case.stored, judgement.claims, judgement.report.cost
    if plan is None or claims is None or cost is None or not judgement.is_as_made:
        return None
    if not plan.summary.keys() >= _CLAIMS:
        return None
    summary, to_unit, bound = (
        plan.summary,
        case.region.travel.to_unit,
        plan.summary["bound_integer"],
    )
    certified = None
    if claims.certified is not None:
        certified = round(max(0.0, to_unit(claims.certified)), 3)
    return Proof(
        status=summary["status"],
        cost=round(to_unit(cost), 3),
        bound=round(to_unit(bound), 3),
        gap=(cost - bound) / cost if cost else 0.0,
        certified=certified,
        verified=claims.verified,
        short=claims.outside.short,
        above=claims.outside.above,
        fewest_moved=summary.get("patients_moved_bound"),
        is_unsettled=summary.get("first_of_equals") is False,
    )
