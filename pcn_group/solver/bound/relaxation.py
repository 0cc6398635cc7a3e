"""The linear relaxation by column generation: columns are added until none would help."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pcn_group.solver.bound.cuts import (
    Cut,
    CutDualTable,
    cut_dual_table,
    reduced_costs,
    violated_cuts,
)
from pcn_group.solver.bound.master import Basis, Box, Relaxed, solve_master
from pcn_group.solver.bound.pricing import UNLIMITED, Priced, Pricer, Request
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance
from pcn_group.solver.linear_program import OUTSIDE
from pcn_group.solver.plan_limits import NO_LIMITS, PlanLimits

__all__ = ["Proof", "Relaxation"]

Float = NDArray[np.float64]
Int = NDArray[np.int64]

_KEPT_PER_HUB = 5
_FIRST_NODE_LIMIT = 8_000
_ACTIVE_PER_PRACTICE = 8
_IN_USE = 1e-6
_BOX, _WIDE_BOX = (0.5, 5.0), (100.0, 10_000.0)
"""Where the box begins, over and under: so many times what a practice costs at the typical rate.
Of many optimal duals the first keeps those without a practice of many times the rate, around which
there would be very many candidates. Where all columns are known nothing is priced, and it would be
in the way."""


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
        """Start from some columns.

        Parameters
        ----------
        rate
            A typical cost per patient, the scale of the box.
        proof
            Of plans that are made of these columns only, where no others will be added: its cuts
            are kept.
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
        over, under = _BOX if proof is None else _WIDE_BOX
        self._box = Box(over * costs, under * costs, np.full(len(instance.limits), per_network))
        self._basis: Basis | None = None
        self._statuses = np.full(len(columns), OUTSIDE, dtype=np.int8)
        self.solution = self._solved()

    @property
    def _room(self) -> int:
        """How many columns the linear programme starts with."""
        return _ACTIVE_PER_PRACTICE * self.instance.size

    def _solved(self) -> Relaxed:
        """Solve the program over the active columns, from where it was solved last."""
        columns, limits, start = self.columns.take(self._active), self.instance.limits, self._basis
        if start is not None:
            start = replace(start, columns=self._statuses[self._active])
        solution = solve_master(columns, self.cuts, self._box, limits, start)
        self._basis = solution.basis
        self._statuses[:] = OUTSIDE
        self._statuses[self._active] = solution.basis.columns
        return solution

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
        self.columns, self._statuses = self.columns.take(keep), self._statuses[keep]
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
        """Solve over all known columns, with only the promising ones in the linear programme."""
        before = np.inf
        while True:
            self.solution = self._solved()
            reduced = self._present().reduced(self.columns)
            idle = np.ones(len(self.columns), dtype=np.bool_)
            idle[self._active] = False
            if not (idle & (reduced < 0)).any():
                return
            if self.solution.objective < before * (1.0 - 1e-9):
                # Progress: start the program's columns anew, so that it stays small, but for those
                # of its basis.
                before = self.solution.objective
                best = np.argsort(reduced, kind="stable")[: self._room]
                self._active = np.union1d(best, np.flatnonzero(self._statuses != OUTSIDE))
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
        outside = np.full(len(self.columns) - start, OUTSIDE, dtype=np.int8)
        self._statuses = np.concatenate((self._statuses, outside))
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
        self._box.under[under] *= 2.0
        self._box.beyond[beyond] *= 8.0
        return True
