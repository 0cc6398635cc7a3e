"""The master problem: the linear relaxation over some columns, with cuts and boxed duals.

GLOP starts from the basis of the last solution: little changes from one master problem to the next,
and without it most of the work would be done again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.glop.parameters_pb2 import GlopParameters
from ortools.math_opt.callback_pb2 import CallbackRegistrationProto
from ortools.math_opt.core.python import solver as mathopt
from ortools.math_opt.model_parameters_pb2 import ModelSolveParametersProto
from ortools.math_opt.model_pb2 import ModelProto
from ortools.math_opt.parameters_pb2 import (
    SOLVER_TYPE_GLOP,
    SolveParametersProto,
    SolverInitializerProto,
)
from ortools.math_opt.result_pb2 import (
    TERMINATION_REASON_OPTIMAL,
    SolveResultProto,
    TerminationReasonProto,
)
from ortools.math_opt.solution_pb2 import (
    BASIS_STATUS_AT_LOWER_BOUND,
    BASIS_STATUS_BASIC,
    SolutionProto,
)
from scipy import sparse

from pcn_group.base.errors import PcnGroupError
from pcn_group.solver.bound.cuts import Cut, counts
from pcn_group.solver.columns import Columns
from pcn_group.solver.plan_limits import NO_LIMITS, PlanLimits

__all__ = ["OUTSIDE", "Basis", "Box", "LinearProgramError", "Relaxed", "solve_master"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Statuses = NDArray[np.int8]

OUTSIDE = BASIS_STATUS_AT_LOWER_BOUND
"""The status of a column that is in no basis, such as a new one."""

_ATTEMPTS = (
    GlopParameters(use_dual_simplex=True, use_preprocessing=False),
    GlopParameters(use_dual_simplex=False),
    GlopParameters(use_dual_simplex=True, perturb_costs_in_dual_simplex=True),
    GlopParameters(use_preprocessing=False),
)
"""GLOP can end ABNORMAL under one setting and be fine under the next; the first is the fastest, and
the only one that starts from a basis."""


class LinearProgramError(PcnGroupError):
    """The linear program could not be solved under any setting."""


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
        of_cuts = [self.cuts.get(cut, BASIS_STATUS_BASIC) for cut in cuts]
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
    model = _model(objective / scale, lower, upper, matrix.tocsr())
    solution = _solve(model, _first_basis(start, cuts))
    values = np.array(solution.primal_solution.variable_values.values)
    prices = np.array(solution.dual_solution.dual_values.values) * scale
    of_cuts, of_limits = -prices[n : n + len(cuts)], -prices[n + len(cuts) :]
    of_limits = np.where(limits.steps > 0, np.ceil(of_limits), np.floor(of_limits))
    return Relaxed(
        objective=solution.primal_solution.objective_value * scale,
        duals=np.floor(prices[:n]).astype(np.int64),
        cut_duals=np.maximum(np.ceil(of_cuts), 0).astype(np.int64),
        values=values[:m],
        over=values[m : m + n],
        under=values[m + n : m + 2 * n],
        limit_duals=np.maximum(of_limits, 0).astype(np.int64),
        beyond=values[m + 2 * n :],
        basis=_last_basis(solution, m, n, cuts),
    )


def _model(objective: Float, lower: Float, upper: Float, matrix: sparse.csr_matrix) -> ModelProto:
    """Return the program: the least objective with rows in these bounds, nothing negative."""
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    model, (rows, unknowns) = ModelProto(), matrix.shape
    model.variables.ids.extend(range(unknowns))
    model.variables.lower_bounds.extend([0.0] * unknowns)
    model.variables.upper_bounds.extend([np.inf] * unknowns)
    model.variables.integers.extend([False] * unknowns)
    model.objective.linear_coefficients.ids.extend(range(unknowns))
    model.objective.linear_coefficients.values.extend(objective.tolist())
    model.linear_constraints.ids.extend(range(rows))
    model.linear_constraints.lower_bounds.extend(lower.tolist())
    model.linear_constraints.upper_bounds.extend(upper.tolist())
    row_of = np.repeat(np.arange(rows), np.diff(matrix.indptr))
    model.linear_constraint_matrix.row_ids.extend(row_of.tolist())
    model.linear_constraint_matrix.column_ids.extend(matrix.indices.tolist())
    model.linear_constraint_matrix.coefficients.extend(matrix.data.astype(np.float64).tolist())
    return model


def _first_basis(start: Basis | None, cuts: Sequence[Cut]) -> ModelSolveParametersProto:
    """Return the basis to start from; none where columns or rows of it have gone."""
    parameters = ModelSolveParametersProto()
    if start is None:
        return parameters
    unknowns = np.concatenate((start.columns, start.slack))
    rows = start.of_rows(cuts)
    basic = np.count_nonzero(unknowns == BASIS_STATUS_BASIC)
    if basic + np.count_nonzero(rows == BASIS_STATUS_BASIC) != len(rows):
        return parameters
    basis = parameters.initial_basis
    basis.variable_status.ids.extend(range(len(unknowns)))
    basis.variable_status.values.extend(unknowns.tolist())
    basis.constraint_status.ids.extend(range(len(rows)))
    basis.constraint_status.values.extend(rows.tolist())
    return parameters


def _last_basis(
    solution: SolutionProto, columns: int, practices: int, cuts: Sequence[Cut]
) -> Basis:
    unknowns = np.array(solution.basis.variable_status.values, dtype=np.int8)
    rows = np.array(solution.basis.constraint_status.values, dtype=np.int8)
    of_cuts = rows[practices : practices + len(cuts)].tolist()
    return Basis(
        columns=unknowns[:columns],
        slack=unknowns[columns:],
        practices=rows[:practices],
        cuts=dict(zip(cuts, of_cuts, strict=True)),
        limits=rows[practices + len(cuts) :],
    )


def _solve(model: ModelProto, start: ModelSolveParametersProto) -> SolutionProto:
    reasons = []
    for parameters in _ATTEMPTS:
        result: SolveResultProto = mathopt.solve(
            model,
            SOLVER_TYPE_GLOP,
            SolverInitializerProto(),
            SolveParametersProto(glop=parameters),
            start,
            None,
            CallbackRegistrationProto(),
            None,
            None,
        )
        if result.termination.reason == TERMINATION_REASON_OPTIMAL:
            return result.solutions[0]
        reasons.append(TerminationReasonProto.Name(result.termination.reason))
        start = ModelSolveParametersProto()
    raise LinearProgramError(f"GLOP ended {', '.join(reasons)}")
