"""Linear programmes, solved by GLOP.

GLOP starts from the basis of the last solution: little changes from one programme to the next, and
without it most of the work would be done again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

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

__all__ = [
    "BASIC",
    "OUTSIDE",
    "LinearProgram",
    "LinearProgramError",
    "LinearSolution",
    "Statuses",
]

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
Statuses = NDArray[np.int8]

BASIC, OUTSIDE = BASIS_STATUS_BASIC, BASIS_STATUS_AT_LOWER_BOUND
"""The status of a column or a row in the basis, and that of a column in none, such as a new one."""

_ATTEMPTS = (
    GlopParameters(use_dual_simplex=True, use_preprocessing=False),
    GlopParameters(use_dual_simplex=False),
    GlopParameters(use_dual_simplex=True, perturb_costs_in_dual_simplex=True),
    GlopParameters(use_preprocessing=False),
)
"""GLOP can end ABNORMAL under one setting and be fine under the next; the first is the fastest, and
the only one that starts from a basis."""

_PRIMAL = GlopParameters(use_dual_simplex=False, use_preprocessing=False)
"""The fastest from the basis of a solution, which new columns may make cheaper."""


class LinearProgramError(PcnGroupError):
    """The linear programme could not be solved under any setting."""


class LinearSolution(NamedTuple):
    """An optimal solution: values of the columns, prices of the rows, and the basis of both."""

    objective: float
    values: Float
    prices: Float
    columns: Statuses
    rows: Statuses


class LinearProgram:
    """The least objective with rows in these bounds, and no column negative."""

    def __init__(
        self, objective: Float, lower: Float, upper: Float, matrix: sparse.csr_matrix
    ) -> None:
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        self._model = model = ModelProto()
        rows, columns = matrix.shape
        model.variables.ids.extend(range(columns))
        model.variables.lower_bounds.extend([0.0] * columns)
        model.variables.integers.extend([False] * columns)
        model.objective.linear_coefficients.ids.extend(range(columns))
        model.objective.linear_coefficients.values.extend(objective.tolist())
        model.linear_constraints.ids.extend(range(rows))
        model.linear_constraints.lower_bounds.extend(lower.tolist())
        model.linear_constraints.upper_bounds.extend(upper.tolist())
        row_of = np.repeat(np.arange(rows), np.diff(matrix.indptr))
        model.linear_constraint_matrix.row_ids.extend(row_of.tolist())
        model.linear_constraint_matrix.column_ids.extend(matrix.indices.tolist())
        model.linear_constraint_matrix.coefficients.extend(matrix.data.astype(np.float64).tolist())

    def solve(
        self,
        columns: Statuses | None = None,
        rows: Statuses | None = None,
        *,
        left_out: Bool | None = None,
        is_feasible: bool = False,
    ) -> LinearSolution:
        """Solve it.

        Parameters
        ----------
        columns, rows
            The basis to start from; without effect unless it has as many as there are rows.
        left_out
            Which columns to leave out, if any.
        is_feasible
            Whether that basis is one of a solution, as when only columns and costs are new.

        Raises
        ------
        LinearProgramError
            When no setting of GLOP ends optimal.
        """
        variables = self._model.variables
        most = np.full(len(variables.ids), np.inf)
        if left_out is not None:
            most[left_out] = 0.0
        del variables.upper_bounds[:]
        variables.upper_bounds.extend(most.tolist())
        attempts = (_PRIMAL, *_ATTEMPTS) if is_feasible else _ATTEMPTS
        solution = _solve(self._model, _first_basis(columns, rows), attempts)
        return LinearSolution(
            objective=solution.primal_solution.objective_value,
            values=np.array(solution.primal_solution.variable_values.values),
            prices=np.array(solution.dual_solution.dual_values.values),
            columns=np.array(solution.basis.variable_status.values, dtype=np.int8),
            rows=np.array(solution.basis.constraint_status.values, dtype=np.int8),
        )


def _first_basis(columns: Statuses | None, rows: Statuses | None) -> ModelSolveParametersProto:
    """Return the basis to start from; none where columns or rows of it have gone."""
    parameters = ModelSolveParametersProto()
    if columns is None or rows is None:
        return parameters
    if np.count_nonzero(columns == BASIC) + np.count_nonzero(rows == BASIC) != len(rows):
        return parameters
    basis = parameters.initial_basis
    basis.variable_status.ids.extend(range(len(columns)))
    basis.variable_status.values.extend(columns.tolist())
    basis.constraint_status.ids.extend(range(len(rows)))
    basis.constraint_status.values.extend(rows.tolist())
    return parameters


def _solve(
    model: ModelProto, start: ModelSolveParametersProto, attempts: Sequence[GlopParameters]
) -> SolutionProto:
    reasons = []
    for parameters in attempts:
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
