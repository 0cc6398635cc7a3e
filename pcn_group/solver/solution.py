"""What a search ends with: a plan, what bounds it, and what re-proves the bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pcn_group.region.problem import Problem
from pcn_group.solver.columns import Columns
from pcn_group.verify.certificate import Certificate

__all__ = ["BandRelaxation", "Solution", "Status"]

Status = Literal["optimal", "within_gap", "feasible", "infeasible", "no_plan_in_time"]


@dataclass(frozen=True)
class BandRelaxation:
    """How far bands are relaxed where it is proven that no plan keeps all of them.

    Attributes
    ----------
    short, above
        Patients short of the minimum and above the maximum. That no plan can avoid them is proven
        only where the status of the solution is `optimal`.
    further
        What networks are beyond each of the problem's limits on figures, in all and in its units.
    """

    short: int
    above: int
    further: tuple[int, ...] = ()


@dataclass(frozen=True)
class Solution:
    """What a search ended with, in the problem's numbering.

    Attributes
    ----------
    status
        `optimal`, `within_gap` and `feasible` come with networks, `infeasible` and
        `no_plan_in_time` without.
    networks
        Members of each, ascending; fixed ones and oversize practices alone among them.
    cost, bound
        Of the plan, and of any plan that counts; `bound` is at most `cost`.
    problem
        The problem in whose terms the certificate is: the one given, or with exceptions the one
        whose bands are relaxed at a price.
    certificate
        Re-proves `bound` as far as linear programming does; None where time ran out first.
    penalty_offset
        What the price of exceptions adds to every plan that counts: `cost + penalty_offset` and
        `bound + penalty_offset` are in the certificate's terms. 0 without exceptions.
    relaxed
        How far bands are relaxed; None where the plan keeps them, or there is none.
    impossible
        Re-proves that no plan keeps all bands, by a bound above what any plan could cost; None
        where one does, or linear programming alone does not prove it.
    columns
        Candidates that were of use to the search; None where the band is relaxed, or the search was
        in other units than practices.
    is_first
        Whether the plan is proven the best, and the only one or the first by rule of those that
        are.
    """

    status: Status
    networks: tuple[tuple[int, ...], ...]
    cost: int
    bound: int
    problem: Problem
    certificate: Certificate | None
    penalty_offset: int = 0
    relaxed: BandRelaxation | None = None
    impossible: Certificate | None = None
    columns: Columns | None = field(default=None, compare=False, repr=False)
    is_first: bool = False

    @property
    def short(self) -> int:
        """Patients short of the minimum that no plan can avoid."""
        return self.relaxed.short if self.relaxed else 0

    @property
    def above(self) -> int:
        """Patients above the maximum that no plan can avoid."""
        return self.relaxed.above if self.relaxed else 0

    @property
    def further(self) -> tuple[int, ...]:
        """What no plan can avoid of going beyond each limit on a figure, in its units."""
        return self.relaxed.further if self.relaxed else (0,) * len(self.problem.figure_limits)

    @property
    def outside(self) -> tuple[int, ...]:
        """All of these, those first that count before all after them."""
        return self.short, self.above, *self.further
