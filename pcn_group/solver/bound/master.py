"""The master problem: the linear relaxation over some columns, with cuts and boxed duals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pcn_group.solver.bound.cuts import Cut, counts
from pcn_group.solver.columns import Columns
from pcn_group.solver.linear_program import (
    BASIC,
    LinearProgram,
    LinearSolution,
    Statuses,
)
from pcn_group.solver.plan_limits import NO_LIMITS, PlanLimits

__all__ = ["Basis", "Box", "Relaxed", "solve_master"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]


@dataclass
class Box:
    """What it costs, per practice, to cover it too often or not at all: bounds of its dual.

    Without the first, one practice's dual can run to fifty times the typical one while its
    neighbours' sink to balance it, and pricing loses its grip.
    """

    over: Float
    under: Float
    beyond: Float = field(default_factory=lambda: np.zeros(0))
    """What it costs to go beyond each limit on a plan by one."""


@dataclass(frozen=True)
class Basis:
    """The basis of an optimal solution, in MathOpt's statuses: where the next search starts.

    Attributes
    ----------
    columns
        int8 (m,): one per column.
    slack
        int8 (2 n + limits,): of covering each practice too often, not at all, and of going beyond
        each limit.
    practices, limits
        int8 (n,) and one per limit: of their rows.
    cuts
        Of the rows of cuts.
    """

    columns: Statuses
    slack: Statuses
    practices: Statuses
    cuts: Mapping[Cut, int]
    limits: Statuses

    def of_rows(self, cuts: Sequence[Cut]) -> Statuses:
        """Return the statuses of the rows under these cuts; the row of a new one is basic."""
        of_cuts = [self.cuts.get(cut, BASIC) for cut in cuts]
        return np.concatenate((self.practices, np.array(of_cuts, dtype=np.int8), self.limits))


@dataclass(frozen=True)
class Relaxed:
    """An optimal solution of the relaxation.

    Attributes
    ----------
    duals
        int64 (n,): rounded down.
    cut_duals
        int64: one per cut, rounded up, non-negative.
    values
        float64 (m,): the share of each column.
    over, under
        float64 (n,): by how much each practice is covered too often, or not.
    limit_duals
        int64: one per limit, non-negative, and rounded so that networks pay rather more.
    beyond
        float64: by how much the plan goes beyond each limit.
    """

    objective: float
    duals: Int
    cut_duals: Int
    values: Float
    over: Float
    under: Float
    limit_duals: Int
    beyond: Float
    basis: Basis


def solve_master(
    columns: Columns,
    cuts: Sequence[Cut],
    box: Box,
    limits: PlanLimits = NO_LIMITS,
    start: Basis | None = None,
) -> Relaxed:
    """Solve the relaxation: cover each practice once at the least cost, under cuts and limits.

    Parameters
    ----------
    start
        The basis of an earlier solution, with the statuses of these columns.

    Raises
    ------
    LinearProgramError
        When no setting of GLOP ends optimal.
    """
    n, m = len(box.over), len(columns)
    incidence = columns.matrix(n)
    unit = sparse.identity(n, format="csc")
    matrix = sparse.hstack([incidence, -unit, unit], format="csc")
    lower, upper = np.ones(n), np.ones(n)
    if cuts:
        padding = sparse.csr_matrix((len(cuts), 2 * n))
        matrix = sparse.vstack([matrix, sparse.hstack([counts(cuts, incidence), padding])])
        lower = np.concatenate((lower, np.full(len(cuts), -np.inf)))
        upper = np.concatenate((upper, [float(cut.most) for cut in cuts]))
    if len(limits):
        padding = sparse.csr_matrix((len(limits), 2 * n))
        rows = sparse.hstack([sparse.csr_matrix(limits.amounts(columns)), padding])
        matrix = sparse.vstack([matrix, rows])
        beyond = sparse.eye(len(lower) + len(limits), len(limits), -len(lower))
        matrix = sparse.hstack([matrix, -beyond])
        lower = np.concatenate((lower, np.full(len(limits), -np.inf)))
        upper = np.concatenate((upper, limits.totals))
    objective = np.concatenate((columns.costs.astype(np.float64), box.over, box.under, box.beyond))
    # GLOP's tolerances are absolute: bring the costs of columns near one.
    costly = objective[:m][objective[:m] > 0]
    scale = max(float(np.median(costly if len(costly) else box.under)), 1.0)
    program = LinearProgram(objective / scale, lower, upper, matrix.tocsr())
    if start is None:
        solution = program.solve()
    else:
        unknowns = np.concatenate((start.columns, start.slack))
        solution = program.solve(unknowns, start.of_rows(cuts))
    values, prices = solution.values, solution.prices * scale
    of_cuts, of_limits = -prices[n : n + len(cuts)], -prices[n + len(cuts) :]
    of_limits = np.where(limits.steps > 0, np.ceil(of_limits), np.floor(of_limits))
    return Relaxed(
        objective=solution.objective * scale,
        duals=np.floor(prices[:n]).astype(np.int64),
        cut_duals=np.maximum(np.ceil(of_cuts), 0).astype(np.int64),
        values=values[:m],
        over=values[m : m + n],
        under=values[m + n : m + 2 * n],
        limit_duals=np.maximum(of_limits, 0).astype(np.int64),
        beyond=values[m + 2 * n :],
        basis=_last_basis(solution, m, n, cuts),
    )


def _last_basis(
    solution: LinearSolution, columns: int, practices: int, cuts: Sequence[Cut]
) -> Basis:
    unknowns, rows = solution.columns, solution.rows
    of_cuts = rows[practices : practices + len(cuts)].tolist()
    return Basis(
        columns=unknowns[:columns],
        slack=unknowns[columns:],
        practices=rows[:practices],
        cuts=dict(zip(cuts, of_cuts, strict=True)),
        limits=rows[practices + len(cuts) :],
    )
