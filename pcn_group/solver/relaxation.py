"""The linear relaxation by column generation: columns grow until none is left that would help."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcn_group.solver.columns import Columns
from pcn_group.solver.cuts import Triple, lay_out_tolls, violated_triples
from pcn_group.solver.instance import Instance
from pcn_group.solver.kernel import reduced_costs
from pcn_group.solver.master import Box, Relaxed, solve_master
from pcn_group.solver.pricing import Priced, Pricer

__all__ = ["Proof", "Relaxation"]

Int = NDArray[np.int64]

_KEPT_PER_HUB = 5
_FIRST_NODE_LIMIT = 8_000
_ACTIVE_PER_PRACTICE = 8
_IN_USE = 1e-6


@dataclass(frozen=True)
class Proof:
    """A bound as a certificate states it, in the instance's numbering."""

    duals: Int
    triples: tuple[Triple, ...]
    tolls: Int
    delta: int
    max_networks: int

    @property
    def bound(self) -> int:
        """No plan costs less."""
        return int(self.duals.sum()) - int(self.tolls.sum()) - self.max_networks * self.delta


class Relaxation:
    """Columns, cuts, the dual box, and the present solution of the relaxation over them."""

    def __init__(self, instance: Instance, columns: Columns, rate: float) -> None:
        """Start from some columns; `rate` is a typical cost per patient, the scale of the box."""
        self.instance = instance
        self.columns = columns
        self.triples: list[Triple] = []
        self._known = set(columns.keys())
        self._active = np.arange(len(columns))
        costs = (rate * instance.weights).astype(np.float64)
        self._box = Box(over=0.5 * costs, under=20.0 * costs)
        self.solution: Relaxed = solve_master(columns, (), self._box)
        self.proof: Proof | None = None
        """The best bound so far."""

    @property
    def uncovered(self) -> NDArray[np.bool_]:
        """Practices that no mixture of the columns covers at the present price for leaving them."""
        return self.solution.under > _IN_USE

    def converge(self, pricer: Pricer, enough: int, until: float) -> bool:
        """Add columns until none has a negative reduced cost; False when time ran out first.

        Parameters
        ----------
        enough
            Stops early, converged, once the bound has reached this.
        until
            On `time.monotonic`'s clock.
        """
        node_limit = _FIRST_NODE_LIMIT
        while True:
            self._solve_over_known()
            if time.monotonic() > until:
                return False
            priced = self._price(pricer, node_limit)
            if self.proof is not None and self.proof.bound >= enough:
                return True
            if self._add(priced.columns):
                continue
            if not priced.complete:
                node_limit *= 10
                continue
            if not self._loosen_box(enough):
                return True

    def add_cuts(self, most: int) -> bool:
        """Add the most violated cuts, forget those that cost nothing; False if none is violated."""
        used = np.flatnonzero(self.solution.values > _IN_USE)
        fractional = self.columns.take(self._active[used])
        inside = fractional.matrix(self.instance.size).toarray().T > 0
        new = violated_triples(inside, self.solution.values[used], set(self.triples), most)
        charged = self.solution.tolls > 0
        self.triples = [t for t, keep in zip(self.triples, charged, strict=True) if keep] + new
        return bool(new)

    def reduced(self) -> Int:
        """Give the reduced costs of all known columns under the best proof, tolls included."""
        proof = self.proof
        if proof is None:
            return self.columns.costs.copy()
        return self._reduced_by(proof.duals, proof.triples, proof.tolls)

    def integral_plan(self) -> Columns | None:
        """Give the columns in use when none is used in part and every practice is covered."""
        values = self.solution.values
        used = values > _IN_USE
        if self.uncovered.any() or (np.abs(values[used] - 1.0) > _IN_USE).any():
            return None
        if (self.solution.over > _IN_USE).any():
            return None
        return self.columns.take(self._active[np.flatnonzero(used)])

    def _reduced_by(self, duals: Int, triples: Sequence[Triple], tolls: Int) -> Int:
        table = lay_out_tolls(self.instance.size, triples, tolls)
        columns = self.columns
        return reduced_costs(columns.starts, columns.members, columns.costs, duals, table)

    def _solve_over_known(self) -> None:
        """Solve over all known columns, with only the promising ones in the linear program."""
        room = _ACTIVE_PER_PRACTICE * self.instance.size
        before = np.inf
        while True:
            self.solution = solve_master(self.columns.take(self._active), self.triples, self._box)
            reduced = self._reduced_by(self.solution.duals, self.triples, self.solution.tolls)
            idle = np.ones(len(self.columns), dtype=np.bool_)
            idle[self._active] = False
            if not (idle & (reduced < 0)).any():
                return
            if self.solution.objective < before * (1.0 - 1e-9):
                # Progress: start the program's columns anew, so that it stays small.
                before = self.solution.objective
                self._active = np.sort(np.argsort(reduced, kind="stable")[:room])
            else:
                entering = np.flatnonzero(idle & (reduced < 0))
                self._active = np.sort(np.concatenate((self._active, entering)))

    def _price(self, pricer: Pricer, node_limit: int) -> Priced:
        solution = self.solution
        tolls = lay_out_tolls(self.instance.size, self.triples, solution.tolls)
        priced = pricer.price(solution.duals, tolls, -1, keep=_KEPT_PER_HUB, node_limit=node_limit)
        proof = Proof(
            duals=solution.duals,
            triples=tuple(self.triples),
            tolls=solution.tolls,
            delta=max(0, -priced.least),
            max_networks=self.instance.max_networks,
        )
        if self.proof is None or proof.bound > self.proof.bound:
            self.proof = proof
        return priced

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
        """Raise the price of over- and under-cover where it is still paid; False if nowhere."""
        over, under = self.solution.over > _IN_USE, self.uncovered
        if not over.any() and not under.any():
            return False
        if self.proof is not None and self.proof.bound >= enough:
            return False
        self._box.over[over] *= 4.0
        self._box.under[under] *= 8.0
        return True
