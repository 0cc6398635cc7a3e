"""The master problem: the linear relaxation over some columns, with cuts and boxed duals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver.python import model_builder_helper as glop
from scipy import sparse

from pcn_group.base.errors import PcnGroupError
from pcn_group.solver.bound.cuts import Cut, counts
from pcn_group.solver.model.columns import Columns

__all__ = ["Box", "LinearProgramError", "Relaxed", "solve_master"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]

_ATTEMPTS = (
    "use_dual_simplex: true use_preprocessing: false",
    "use_dual_simplex: false",
    "use_dual_simplex: true perturb_costs_in_dual_simplex: true",
    "use_preprocessing: false",
)
"""GLOP can end ABNORMAL under one setting and be fine under the next; the first is the fastest."""


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


@dataclass(frozen=True)
class Relaxed:
    """An optimal solution of the relaxation.

    Attributes
    ----------
    duals
        int64 (n,): rounded down.
    tolls
        int64: one per cut, rounded up, non-negative.
    values
        float64 (m,): the share of each column.
    over, under
        float64 (n,): by how much each practice is covered too often, or not.
    """

    objective: float
    duals: Int
    cut_duals: Int
    values: Float
    over: Float
    under: Float


def solve_master(columns: Columns, cuts: Sequence[Cut], box: Box) -> Relaxed:
    """Solve the relaxation: cover each practice once at the least cost, under the cuts.

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
    objective = np.concatenate((columns.costs.astype(np.float64), box.over, box.under))
    # GLOP's tolerances are absolute: bring the costs of columns near one.
    costly = objective[:m][objective[:m] > 0]
    scale = float(np.median(costly if len(costly) else box.under))
    solver = _solve(objective / max(scale, 1.0), lower, upper, matrix.tocsr())
    values = np.asarray(solver.variable_values())
    prices = np.asarray(solver.dual_values()) * max(scale, 1.0)
    return Relaxed(
        objective=solver.objective_value() * max(scale, 1.0),
        duals=np.floor(prices[:n]).astype(np.int64),
        cut_duals=np.maximum(np.ceil(-prices[n:]), 0).astype(np.int64),
        values=values[:m],
        over=values[m : m + n],
        under=values[m + n :],
    )


def _solve(
    objective: Float, lower: Float, upper: Float, matrix: sparse.csr_matrix
) -> glop.ModelSolverHelper:
    size = len(objective)
    model: Any = glop.ModelBuilderHelper()  # its stubs misread NumPy's array types
    model.fill_model_from_sparse_data(
        np.zeros(size), np.full(size, np.inf), objective, lower, upper, matrix
    )
    statuses = []
    for parameters in _ATTEMPTS:
        solver = glop.ModelSolverHelper("GLOP")
        solver.set_solver_specific_parameters(parameters)
        solver.solve(model)
        if solver.status() == glop.SolveStatus.OPTIMAL:
            return solver
        statuses.append(solver.status().name)
    raise LinearProgramError(f"GLOP ended {', '.join(statuses)}")
