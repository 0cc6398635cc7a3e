"""The best duals of a part of the tree, by a linear programme over sets around hubs.

Steps along subgradients soon hardly help, and from duals that are nearly the best they lead away.
There column generation (Dantzig and Wolfe, 1960) goes on. The programme chooses among sets that
hubs took at some duals so far; at its own duals hubs take others. So that duals do not leap about,
they stay in a box around the best ones (Marsten, Hogan and Blankenship, "The boxstep method for
large-scale optimization", Operations Research 23, 1975).

What comes of it is duals alone: what they prove is worked out in integers, as for any others.
"""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pcn_group.solver.assignment.kernel import price, take
from pcn_group.solver.assignment.tables import NEVER, Hess, Pairs, Work
from pcn_group.solver.linear_program import (
    OUTSIDE,
    LinearProgram,
    LinearProgramError,
    Statuses,
)

__all__ = ["Master"]

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

_MOST_SETS = 4_000
"""So many sets are kept; beyond, the half that is worth less goes."""
_FIRST_SETS = 3
"""So many sets to a practice a programme begins with, those that are worth the least."""
_WIDTH, _WIDEST = 0.15, 10.0
"""Half the width of the box, as a share of the mean dual: at first, and beyond which it is widened
no more, for where there is no plan the best duals have no end."""
_TOWARDS = (1.0, 0.6, 0.3, 0.1)
"""How far from the best duals to those of the programme sets are taken."""
_PER_NETWORK = 3
"""Of so many hubs to a network sets are taken, those that are worth the least."""
_CLOSE, _CLOSE_ENOUGH = 2e-5, 0.03
"""The programme is solved once the bound is so close to what it says: as a share of the bound, or
of what is left to the target."""
_NOTHING = 1e-9


class Master:
    """Duals for the parts of a tree, and the sets that their programmes choose among.

    Parameters
    ----------
    hess
        The region.

    Attributes
    ----------
    work
        What the kernels fill; `answer` is that of the last programme.
    duals
        With which a tree begins, if any: the best of the one before.
    sets
        Those that hubs took so far, or the best of them.
    """

    def __init__(self, hess: Hess) -> None:
        n = len(hess.weights)
        self.hess, self.work = hess, Work.of(n)
        self.duals: Int | None = None
        self.sets = _Sets(n)
        self._known: set[tuple[int, bytes]] = set()
        self._programme: _Programme | None = None

    def improve(self, part: Pairs, target: int, grain: int, rounds: int) -> bool:
        """Improve the duals of a part, until the bound is at the target or they are the best.

        Return whether any programme could be solved.

        Parameters
        ----------
        grain
            Duals are whole numbers of this.
        rounds
            How many programmes to solve at most.
        """
        self._programme = None
        best = price(self.hess, part, self.work)
        if best >= min(target, NEVER):
            return True
        self._forget(part.duals)
        self._take(part)
        programme = _Programme(self, part)
        self._run(programme, part, best, target, grain, rounds)
        if not programme.is_solved:
            return False
        self._programme = programme
        self.work.answer[:] = programme.answer()
        return True

    def estimate(self, half: Pairs, target: int, grain: int, rounds: int) -> float:
        """Return about how high the bound of a part would be of that last improved.

        That is what the last of some programmes says; it changes the duals.
        """
        best = price(self.hess, half, self.work)
        if self._programme is None or best >= min(target, NEVER):
            return float(best)
        programme = self._programme.within(half)
        self._run(programme, half, best, target, grain, rounds)
        return max(float(best), programme.objective)

    def _run(
        self, programme: _Programme, part: Pairs, best: int, target: int, grain: int, rounds: int
    ) -> None:
        """Solve a programme and add sets by turns, from duals whose bound is the best so far."""
        for _ in range(rounds):
            try:
                programme.solve()
            except LinearProgramError:
                break
            before, count = best, self.sets.count
            for share in _TOWARDS:
                duals = programme.centre + share * (programme.duals - programme.centre)
                part.duals[:] = np.rint(duals / grain).astype(np.int64) * grain
                bound = price(self.hess, part, self.work)
                if bound > best:
                    best, programme.centre = bound, part.duals.copy()
                self._take(part)
            if best >= target:
                break
            programme.extend(count)
            close = max(_CLOSE * abs(best), _CLOSE_ENOUGH * (target - best))
            is_solved = programme.objective - best <= close or self.sets.count == count
            is_best = is_solved and best <= before + _CLOSE * abs(best)
            if is_best and not programme.widen():
                break
        part.duals[:] = programme.centre

    def fitting(self, part: Pairs) -> Int:
        """Return the sets that a part allows, or many of them; those that are worth the least."""
        fitting = np.flatnonzero(self.fits(part, np.arange(self.sets.count)))
        worth = self.sets.costs[fitting] - self.sets.shares[fitting] @ part.duals
        first = np.argsort(worth, kind="stable")[: _FIRST_SETS * len(part.duals)]
        return np.sort(fitting[first])

    def fits(self, part: Pairs, sets: Int) -> Bool:
        """Return which sets a part allows."""
        shares, hubs = self.sets.shares[sets], self.sets.hubs[sets]
        outside = (shares > 0.0) & ~part.allowed[hubs]
        missing = (shares < 1.0) & (part.hub_of == hubs[:, None])
        fits: Bool = ~(outside | missing).any(axis=1)
        return fits

    def _take(self, part: Pairs) -> None:
        """Add the sets of the hubs that are worth the least at the duals of a part."""
        worth, found = self.work.worth, []
        hubs = np.argsort(worth, kind="stable")[: _PER_NETWORK * self.hess.most]
        for hub in hubs[worth[hubs] < NEVER].tolist():
            take(self.hess, part, hub, self.work)
            key = (hub, self.work.taken.tobytes())
            if worth[hub] < NEVER and key not in self._known:
                self._known.add(key)
                found.append((hub, self.work.taken.copy()))
        if not found:
            return
        own = np.array([hub for hub, _ in found])
        shares = np.array([taken for _, taken in found])
        paid = np.interp(shares @ self.hess.weights, self.hess.ends, self.hess.paid)
        travel = (shares * self.hess.cost[:, own].T).sum(axis=1)
        self.sets.add(own, shares, travel + paid)

    def _forget(self, duals: Int) -> None:
        """Keep the sets that are worth the least, if there are too many."""
        if self.sets.count <= _MOST_SETS:
            return
        order = np.argsort(self.sets.costs - self.sets.shares @ duals, kind="stable")
        self.sets.keep(np.sort(order[: _MOST_SETS // 2]))
        pairs = zip(self.sets.hubs.tolist(), self.sets.shares, strict=True)
        self._known = {(hub, shares.tobytes()) for hub, shares in pairs}


class _Sets:
    """Sets around hubs, as tables with room for more.

    Attributes
    ----------
    count
        How many there are.
    hubs, shares, costs
        int64 (m,), float64 (m, n) from 0 to 1, and float64 (m,).
    """

    def __init__(self, n: int) -> None:
        self.count = 0
        self._hubs, self._costs = np.zeros(1, dtype=np.int64), np.zeros(1)
        self._shares = np.zeros((1, n))

    @property
    def hubs(self) -> Int:
        return self._hubs[: self.count]

    @property
    def shares(self) -> Float:
        return self._shares[: self.count]

    @property
    def costs(self) -> Float:
        return self._costs[: self.count]

    def add(self, hubs: Int, shares: Float, costs: Float) -> None:
        """Add some, and make room first for twice as many where there is none."""
        first, self.count = self.count, self.count + len(hubs)
        if self.count > len(self._hubs):
            self._hubs = np.resize(self._hubs, 2 * self.count)
            self._costs = np.resize(self._costs, 2 * self.count)
            self._shares = np.resize(self._shares, (2 * self.count, self._shares.shape[1]))
        self.hubs[first:], self.shares[first:], self.costs[first:] = hubs, shares, costs

    def keep(self, which: Int) -> None:
        """Keep some alone."""
        hubs, shares, costs = self.hubs[which], self.shares[which], self.costs[which]
        self.count = len(which)
        self.hubs[:], self.shares[:], self.costs[:] = hubs, shares, costs


class _Programme:
    """The programme of a part, which sets are added to.

    Its columns are sets, and what it costs to cover a practice too often, or not at all, or to have
    a network too few; its rows are practices, hubs and the number of networks.

    Attributes
    ----------
    centre, width
        Of the box: duals are no farther than the width from the centre.
    objective, duals
        Of the last solution.
    is_cut_off
        Whether the box kept that from being better.
    """

    def __init__(self, master: Master, part: Pairs) -> None:
        self._master, self._sets = master, master.fitting(part)
        self._left_out = np.zeros(len(self._sets), dtype=np.bool_)
        self._scale = max(1.0, float(np.abs(part.duals).mean()))
        self.centre, self.width = part.duals.copy(), _WIDTH * self._scale
        self._columns: Statuses | None = None
        self._rows: Statuses | None = None
        self._is_feasible = False
        self.objective = -np.inf

    @property
    def is_solved(self) -> bool:
        """Whether it was solved at all."""
        return self._columns is not None

    def within(self, part: Pairs) -> _Programme:
        """Return that of a part of this one's, beginning where this one ended."""
        other = copy(self)
        other.enter(part)
        return other

    def enter(self, part: Pairs) -> None:
        """Leave the sets out that a part does not allow, and go on from its duals."""
        self._left_out = ~self._master.fits(part, self._sets)
        self.centre, self._is_feasible = part.duals.copy(), False

    def extend(self, start: int) -> None:
        """Add the sets from one on."""
        new = np.arange(start, self._master.sets.count)
        self._sets = np.concatenate((self._sets, new))
        self._left_out = np.concatenate((self._left_out, np.zeros(len(new), dtype=np.bool_)))

    def widen(self) -> bool:
        """Widen the box if it kept the last solution from being better, and is not too wide."""
        if not self.is_cut_off or self.width > _WIDEST * self._scale:
            return False
        self.width *= 2.0
        return True

    def solve(self) -> None:
        """Solve it with duals in the box around the centre."""
        self._linear, self._solved = self._build(), self._sets
        n, m = len(self.centre), len(self._sets)
        columns, left_out = None, np.concatenate((self._left_out, np.zeros(2 * n + 1, np.bool_)))
        if self._columns is not None:
            of_sets, others = np.split(self._columns, [-2 * n - 1])
            new = np.full(m - len(of_sets), OUTSIDE, dtype=np.int8)
            columns = np.concatenate((of_sets, new, others))
        solution = self._linear.solve(
            columns, self._rows, left_out=left_out, is_feasible=self._is_feasible
        )
        self._is_feasible = True
        self._columns, self._rows = solution.columns, solution.rows
        self._values = solution.values[:m]
        self.objective = self._scale * solution.objective
        self.duals = self._scale * solution.prices[:n]
        self.is_cut_off = bool(solution.values[m:].max() > _NOTHING)

    def answer(self) -> Float:
        """Return the shares of practices (columns) with hubs (rows): float64 (n, n)."""
        n = len(self.centre)
        used = np.flatnonzero(self._values > _NOTHING)
        which = self._solved[used]
        answer = np.zeros((n, n))
        shares = self._values[used, None] * self._master.sets.shares[which]
        np.add.at(answer, self._master.sets.hubs[which], shares)
        return answer

    def _build(self) -> LinearProgram:
        master, n, m = self._master, len(self.centre), len(self._sets)
        unit, ones = sparse.identity(n, format="csr"), np.ones(m)
        shares = sparse.csr_matrix(master.sets.shares[self._sets].T)
        around = sparse.csr_matrix(
            (ones, (master.sets.hubs[self._sets], np.arange(m))), shape=(n, m)
        )
        nothing = sparse.csr_matrix((n, 2 * n + 1))
        count = sparse.csr_matrix(np.concatenate((ones, np.zeros(2 * n), [1.0]))[None])
        covering = sparse.hstack([shares, -unit, unit, sparse.csr_matrix((n, 1))], format="csr")
        matrix = sparse.vstack(
            [covering, sparse.hstack([around, nothing], format="csr"), count], format="csr"
        )
        costs = master.sets.costs[self._sets]
        dear = 10.0 * max(self._scale, float(np.abs(costs).max(initial=0.0)))
        outside = (self.width - self.centre, self.width + self.centre, [dear])
        return LinearProgram(
            np.concatenate((costs, *outside)) / self._scale,
            np.concatenate((np.ones(n), np.full(n, -np.inf), [float(master.hess.fewest)])),
            np.concatenate((np.ones(2 * n), [float(master.hess.most)])),
            matrix,
        )
