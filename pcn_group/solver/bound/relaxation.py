"""The linear relaxation by column generation: columns are added until none would help.

The master problem is the relaxation over some columns, with cuts and boxed duals.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver.python import model_builder_helper as glop
from scipy import sparse

from pcn_group.base.errors import PcnGroupError
from pcn_group.solver.bound.cuts import (
    Cut,
    CutDualTable,
    counts,
    cut_dual_table,
    reduced_costs,
    violated_cuts,
)
from pcn_group.solver.bound.pricing import UNLIMITED, Priced, Pricer, Request
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance
from pcn_group.solver.plan_limits import NO_LIMITS, PlanLimits

__all__ = ["Box", "LinearProgramError", "Proof", "Relaxation", "Relaxed", "solve_master"]


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
    beyond: Float = field(default_factory=lambda: np.zeros(0))
    """What it costs to go beyond each limit on a plan by one."""


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


def solve_master(
    columns: Columns, cuts: Sequence[Cut], box: Box, limits: PlanLimits = NO_LIMITS
) -> Relaxed:
    """Solve the relaxation: cover each practice once at the least cost, under cuts and limits.

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
    scale = float(np.median(costly if len(costly) else box.under))
    solver = _solve(objective / max(scale, 1.0), lower, upper, matrix.tocsr())
    values = np.asarray(solver.variable_values())
    prices = np.asarray(solver.dual_values()) * max(scale, 1.0)
    of_cuts, of_limits = -prices[n : n + len(cuts)], -prices[n + len(cuts) :]
    of_limits = np.where(limits.steps > 0, np.ceil(of_limits), np.floor(of_limits))
    return Relaxed(
        objective=solver.objective_value() * max(scale, 1.0),
        duals=np.floor(prices[:n]).astype(np.int64),
        cut_duals=np.maximum(np.ceil(of_cuts), 0).astype(np.int64),
        values=values[:m],
        over=values[m : m + n],
        under=values[m + n : m + 2 * n],
        limit_duals=np.maximum(of_limits, 0).astype(np.int64),
        beyond=values[m + 2 * n :],
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


Int = NDArray[np.int64]

_KEPT_PER_HUB = 5
_FIRST_NODE_LIMIT = 8_000
_ACTIVE_PER_PRACTICE = 8
_IN_USE = 1e-6


@dataclass(frozen=True)
class Proof:
    """A bound as a certificate states it, in the instance's numbering.

    No candidate has a negative reduced cost under these duals and cut duals.
    """

    duals: Int
    cuts: tuple[Cut, ...]
    cut_duals: Int
    limits: PlanLimits = NO_LIMITS
    limit_duals: Int = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @classmethod
    def of_nothing(cls, instance: Instance) -> Proof:
        """Say only that costs are not negative."""
        limits, nothing = instance.limits, np.zeros(0, dtype=np.int64)
        duals = np.zeros(instance.size, dtype=np.int64)
        return cls(duals, (), nothing, limits, np.zeros(len(limits), dtype=np.int64))

    def request(
        self, threshold: int, *, most: int = UNLIMITED, node_limit: int = UNLIMITED
    ) -> Request:
        """Ask for all candidates with a reduced cost of at most `threshold` under this proof."""
        return Request(
            self.duals,
            self._table(),
            threshold,
            most=most,
            node_limit=node_limit,
            limit_duals=self.limit_duals,
        )

    def reduced(self, columns: Columns) -> Int:
        """Return the reduced costs of columns, duals of cuts and limits included."""
        reduced = reduced_costs(
            columns.starts, columns.members, columns.costs, self.duals, self._table()
        )
        if self.limit_duals.any():
            reduced += self.limit_duals @ self.limits.amounts(columns)
        return reduced

    def _table(self) -> CutDualTable:
        return cut_dual_table(len(self.duals), self.cuts, self.cut_duals)

    @property
    def bound(self) -> int:
        """No plan costs less."""
        paid = sum(
            int(cut_dual) * cut.most
            for cut, cut_dual in zip(self.cuts, self.cut_duals, strict=True)
        )
        return int(self.duals.sum()) - paid - int(self.limit_duals @ self.limits.totals)


class Relaxation:
    """Columns, cuts, the dual box, and the present solution of the relaxation over them."""

    def __init__(
        self, instance: Instance, columns: Columns, rate: float, proof: Proof | None = None
    ) -> None:
        """Start from some columns, and the cuts of a proof that is known already.

        `rate` is a typical cost per patient, the scale of the box.
        """
        self.instance = instance
        self.columns = columns
        self.proof = proof or Proof.of_nothing(instance)
        """The best bound so far; at first, that costs are not negative."""
        self.cuts = list(self.proof.cuts)
        self._known = set(columns.keys())
        self._active = np.sort(np.argsort(self.reduced(), kind="stable")[: self._room])
        costs = (rate * instance.weights).astype(np.float64)
        per_network = 20.0 * rate * instance.patients / max(1, instance.max_networks)
        self._box = Box(0.5 * costs, 20.0 * costs, np.full(len(instance.limits), per_network))
        self.solution = self._solved()

    @property
    def _room(self) -> int:
        """How many columns the linear program starts with."""
        return _ACTIVE_PER_PRACTICE * self.instance.size

    def _solved(self) -> Relaxed:
        columns = self.columns.take(self._active)
        return solve_master(columns, self.cuts, self._box, self.instance.limits)

    @property
    def uncovered(self) -> NDArray[np.bool_]:
        """Practices that no mixture of the columns covers at the present price for leaving them."""
        return self.solution.under > _IN_USE

    def converge(
        self,
        pricer: Pricer,
        enough: int,
        until: float,
        tolerance: float = 0.0,
        most_nodes: int = UNLIMITED,
    ) -> bool:
        """Add columns until none has a negative reduced cost; False when it ended before.

        Parameters
        ----------
        enough
            Stops early, converged, once the bound has reached this.
        until
            On `time.monotonic`'s clock.
        tolerance
            Stops early, converged, once this share of the cost is all that more columns can save.
        most_nodes
            Gives up once pricing has visited so many.
        """
        node_limit, last_node = _FIRST_NODE_LIMIT, pricer.nodes + most_nodes
        while True:
            self._solve_over_known()
            if pricer.is_stopped() or time.monotonic() > until or pricer.nodes > last_node:
                return False
            priced = self._price(pricer, node_limit)
            if self.proof.bound >= enough:
                return True
            if -int(priced.least.sum()) > tolerance * self.solution.objective:
                if self._add(priced.columns):
                    continue
                if not priced.complete:
                    node_limit *= 10
                    continue
            if not self._loosen_box(enough):
                return True

    def settle(self, enough: int) -> None:
        """Find the bound of plans that are made of the known columns only.

        `proof` then is about those, and proves nothing about others.
        """
        while True:
            self._solve_over_known()
            reduced, least = (
                self._present().reduced(self.columns),
                np.zeros(self.instance.size, dtype=np.int64),
            )
            np.minimum.at(least, self.columns.members[self.columns.starts[:-1]], reduced)
            self._keep_proof(least)
            if not self._loosen_box(enough):
                return

    def restrict(self, cost: int) -> None:
        """Drop the columns that no plan of this cost, made of the known ones, can use."""
        keep = self.reduced() <= cost - self.proof.bound
        active = keep[self._active]
        self.solution = replace(self.solution, values=self.solution.values[active])
        self._active = (np.cumsum(keep) - 1)[self._active[active]]
        self.columns = self.columns.take(keep)
        self._known = set(self.columns.keys())

    def used(self) -> Columns:
        """Return the columns in use, in whole or in part."""
        return self.columns.take(self._active[self.solution.values > _IN_USE])

    def shares(self) -> Float:
        """Return how much of each of these is in use."""
        return self.solution.values[self.solution.values > _IN_USE]

    def add_cuts(self, most: int) -> bool:
        """Add the most violated cuts, forget those that cost nothing; False if none is violated."""
        shares = self.shares()
        practices = len(self.instance.practices)
        used = self.used().below(practices)
        new = violated_cuts(used, shares, practices, set(self.cuts), most)
        charged = self.solution.cut_duals > 0
        self.cuts = [cut for cut, keep in zip(self.cuts, charged, strict=True) if keep] + new
        return bool(new)

    def undecided_pairs(self, most: int, reach: float) -> tuple[tuple[int, int], ...]:
        """Return pairs that the fractional plan has together in about half, nearest to it first.

        No pair is farther from a half than `reach`.
        """
        shares = self.shares()
        inside = self.used().matrix(self.instance.size).tocsr()
        together = sparse.triu(inside.multiply(shares) @ inside.T, 1).tocoo()
        # Rounded, so that the order does not depend on how the processor sums.
        away = np.abs(np.round(together.data, 6) - 0.5)
        order = np.lexsort((together.col, together.row, away))
        pairs = zip(together.row[order].tolist(), together.col[order].tolist(), strict=True)
        close = int((away <= reach).sum())
        return tuple(pairs)[: min(most, close)]

    def reduced(self) -> Int:
        """Return the reduced costs of all known columns under the best proof."""
        return self.proof.reduced(self.columns)

    def integral_plan(self) -> Columns | None:
        """Return the columns in use when none is used in part and every practice is covered."""
        values = self.solution.values
        if self.uncovered.any() or (np.abs(values[values > _IN_USE] - 1.0) > _IN_USE).any():
            return None
        if (self.solution.over > _IN_USE).any() or (self.solution.beyond > _IN_USE).any():
            return None
        return self.used()

    def _present(self, least: Int | int = 0) -> Proof:
        """Return what the present solution proves if no reduced cost is under `least`."""
        solution = self.solution
        return Proof(
            solution.duals + least,
            tuple(self.cuts),
            solution.cut_duals,
            self.instance.limits,
            solution.limit_duals,
        )

    def _solve_over_known(self) -> None:
        """Solve over all known columns, with only the promising ones in the linear program."""
        before = np.inf
        while True:
            self.solution = self._solved()
            reduced = self._present().reduced(self.columns)
            idle = np.ones(len(self.columns), dtype=np.bool_)
            idle[self._active] = False
            if not (idle & (reduced < 0)).any():
                return
            if self.solution.objective < before * (1.0 - 1e-9):
                # Progress: start the program's columns anew, so that it stays small.
                before = self.solution.objective
                self._active = np.sort(np.argsort(reduced, kind="stable")[: self._room])
            else:
                entering = np.flatnonzero(idle & (reduced < 0))
                self._active = np.sort(np.concatenate((self._active, entering)))

    def _price(self, pricer: Pricer, node_limit: int) -> Priced:
        request = self._present().request(-1, node_limit=node_limit)
        priced = pricer.price(request._replace(keep=_KEPT_PER_HUB))
        self._keep_proof(priced.least)
        return priced

    def _keep_proof(self, least: Int) -> None:
        """Keep what the present solution proves, if it is the best so far.

        Every candidate can be put down to one of its members, so that no reduced cost is under what
        `least` says of that one (which is never above zero). Lowering that one's dual by as much
        leaves none negative.
        """
        proof = self._present(least)
        if proof.bound > self.proof.bound:
            self.proof = proof

    def _add(self, columns: Columns) -> bool:
        keys = columns.keys()
        fresh = np.array([key not in self._known for key in keys], dtype=np.bool_)
        if not fresh.any():
            return False
        self._known.update(keys)
        start = len(self.columns)
        self.columns = self.columns.joined(columns.take(fresh))
        self._active = np.concatenate((self._active, np.arange(start, len(self.columns))))
        return True

    def _loosen_box(self, enough: int) -> bool:
        """Raise the price of what breaks a rule where it is still paid; False if nowhere."""
        over, under = self.solution.over > _IN_USE, self.uncovered
        beyond = self.solution.beyond > _IN_USE
        if not (over.any() or under.any() or beyond.any()):
            return False
        if self.proof.bound >= enough:
            return False
        self._box.over[over] *= 4.0
        self._box.under[under] *= 8.0
        self._box.beyond[beyond] *= 8.0
        return True
