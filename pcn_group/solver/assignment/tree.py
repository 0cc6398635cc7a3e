"""The search tree of assignments to hubs: parts are bounded, divided and closed until none is open.

A part is divided by a practice: in one half its hub is among some hubs, near one end of those that
its patients are torn between, and in the other it is not. What is left of the tree in the end is
its proof: divisions, and duals that close every part.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.problem import FORBIDDEN
from pcn_group.solver.assignment.kernel import NEVER, Hess, Work, ascend, settle, tighten

__all__ = ["Division", "Tree"]

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]

_ROOT_ROUNDS, _ROUNDS = 6, 2
_ROOT_STEPS, _STEPS = 400, 60
_WORTH_ANOTHER = 0.9
"""Another round pays if no more of the pairs than this are left."""
_TORN = 0.02
"""The least share of a practice with a hub that counts when a part is divided."""
_GRAINS = 1_000_000
"""Duals are whole numbers of grains, of which a plan costs so many: short to write, close enough."""


@dataclass
class Division:
    """A part in the proof.

    Attributes
    ----------
    duals
        One after the other they drop pairs, and the last may close the part.
    practice, hubs
        Where it is divided: in the first half the practice is with one of these hubs, in the
        second with none of them.
    halves
        The two; empty where the part is not divided.
    """

    duals: list[Int] = field(default_factory=list)
    practice: int = -1
    hubs: tuple[int, ...] = ()
    halves: tuple[Division, ...] = ()


@dataclass(order=True)
class _Part:
    """A part that is open.

    `practice` and `hubs` say where to divide it; without a practice every one has its hub.
    """

    bound: int
    number: int
    allowed: NDArray[np.generic] = field(compare=False)
    hub_of: Int = field(compare=False)
    duals: Int = field(compare=False)
    division: Division = field(compare=False)
    practice: int = field(default=-1, compare=False)
    hubs: Bool = field(default_factory=lambda: np.zeros(0, dtype=np.bool_), compare=False)

    def packed(self) -> _Part:
        """Return it to be kept: a table of hundreds of practices takes an eighth so."""
        return replace(self, allowed=np.packbits(self.allowed))

    def unpacked(self) -> _Part:
        """Return it to be worked on."""
        n = len(self.hub_of)
        bits = np.unpackbits(self.allowed, count=n * n)
        return replace(self, allowed=bits.reshape(n, n).astype(np.bool_))


class Tree:
    """A search for the cheapest assignment to hubs.

    Parameters
    ----------
    hess
        The region.
    near
        bool (n, n): which practices (columns) can be with each hub (row) at all.
    target
        Only plans that cost less are looked for.

    Attributes
    ----------
    root
        What the search was divided into so far; a proof once it is `proven`.
    parts
        How many there were.
    """

    def __init__(self, hess: Hess, near: Bool, target: int) -> None:
        self.hess, self.target = hess, target
        self.root, self.parts = Division(), 1
        self._near = near
        self._away = _away(hess)
        self._grain = max(1, int(self._away.mean() * hess.weights.sum() / hess.most / _GRAINS))
        self._work = Work.of(len(hess.weights))
        n = len(hess.weights)
        cost = np.sort(np.where(near.T, hess.cost, 0), axis=1)
        whole = self._whole(cost[:, min(n - 1, n // (2 * hess.most))].copy())
        self._open: list[_Part] = []
        if self._is_open(whole, _ROOT_ROUNDS, _ROOT_STEPS):
            self._open.append(whole.packed())

    def _whole(self, duals: Int) -> _Part:
        nobody = np.full(len(duals), -1)
        return _Part(-NEVER, 0, self._near.copy(), nobody, duals, self.root)

    @property
    def bound(self) -> int:
        """No plan costs less than this or the target."""
        return min([self.target, *(part.bound for part in self._open[:1])])

    def lower(self, target: int) -> None:
        """Look for plans under a lower target only."""
        self.target = min(self.target, target)

    def run(self, stopped: Callable[[], bool], most_parts: int | None = None) -> Int | None:
        """Search until a plan is found, and return the hub of each practice.

        None where no part is open any more, or it was stopped. From the part with the lowest bound
        the search goes down into the half with the lower bound, and on.
        """
        last = None if most_parts is None else self.parts + most_parts
        while self.bound < self.target:
            part: _Part | None = heapq.heappop(self._open).unpacked()
            while part is not None and part.bound < self.target:
                if part.practice < 0:
                    return part.hub_of
                if stopped() or (last is not None and self.parts >= last):
                    heapq.heappush(self._open, part.packed())
                    return None
                part = self._divided(part)
        return None

    def proven(self) -> Division:
        """Return the proof of the bound, as short as that allows.

        Parts closed by a target that has become lower may close earlier now; or, rounding aside,
        not at all: then they are searched again.
        """
        self.target = self.bound
        while True:
            self._open = list(self._left_open())
            heapq.heapify(self._open)
            if not self._open:
                return self.root
            self.run(lambda: False)

    def _left_open(self) -> Iterator[_Part]:
        """Go through all parts with the duals noted; those that nothing closes are left."""
        parts = [self._whole(np.zeros(len(self.hess.weights), dtype=np.int64))]
        while parts:
            part = parts.pop()
            division = part.division
            used, is_open = 0, settle(self.hess, part.allowed, part.hub_of)
            while is_open and used < len(division.duals):
                part.duals = division.duals[used]
                is_open = self._tightened(part)
                used += 1
            del division.duals[used:]
            if not is_open:
                division.halves = ()
            elif division.halves:
                parts += self._halves(part, division)
            elif self._is_open(part, _ROUNDS, _STEPS):
                yield part.packed()

    def _halves(self, part: _Part, division: Division) -> list[_Part]:
        """Return the two halves of a part."""
        hubs = np.zeros(len(part.hub_of), dtype=np.bool_)
        hubs[list(division.hubs)] = True
        halves = []
        for half, others in zip(division.halves, (~hubs, hubs), strict=True):
            allowed = part.allowed.copy()
            allowed[others, division.practice] = False
            self.parts += 1
            halves.append(
                _Part(
                    part.bound, self.parts, allowed, part.hub_of.copy(), part.duals.copy(), half
                )
            )
        return halves

    def _divided(self, part: _Part) -> _Part | None:
        """Divide a part; keep the half with the higher bound and return the other, if open."""
        division = part.division
        division.practice, division.hubs = part.practice, tuple(np.flatnonzero(part.hubs).tolist())
        division.halves = (Division(), Division())
        halves = [
            half for half in self._halves(part, division) if self._is_open(half, _ROUNDS, _STEPS)
        ]
        halves.sort()
        for half in halves[1:]:
            heapq.heappush(self._open, half.packed())
        return halves[0] if halves else None

    def _is_open(self, part: _Part, rounds: int, steps: int) -> bool:
        """Raise the bound of a part and drop pairs; return whether a plan under the target may be.

        The duals used are noted in its division.
        """
        hess, work = self.hess, self._work
        if not settle(hess, part.allowed, part.hub_of):
            return False
        for _ in range(rounds):
            ascend(
                hess, part.allowed, part.hub_of, part.duals, self.target, steps, self._grain, work
            )
            part.division.duals.append(part.duals.copy())
            before = part.allowed.sum()
            if not self._tightened(part):
                return False
            if part.allowed.sum() > _WORTH_ANOTHER * before:
                break
        part.practice, part.hubs = self._where(part)
        return True

    def _tightened(self, part: _Part) -> bool:
        """Drop pairs from a part by its duals; return whether it is still open."""
        bound, dropped = tighten(
            self.hess, part.allowed, part.hub_of, part.duals, self.target, self._work
        )
        part.bound = max(part.bound, bound)
        if bound >= self.target:
            return False
        return not dropped or settle(self.hess, part.allowed, part.hub_of)

    def _where(self, part: _Part) -> tuple[int, Bool]:
        """Return the practice whose patients are torn the most, and hubs around one end of that."""
        free = np.flatnonzero(part.hub_of < 0)
        if len(free) == 0:
            return -1, free > 0
        weights, torn, ends = self.hess.weights, 0.0, (-1, -1, -1)
        for i in free.tolist():
            shares = np.where(part.allowed[:, i], self._work.answer[:, i], 0.0)
            hubs = np.flatnonzero(shares > _TORN)
            if len(hubs) < 2:
                continue
            apart = np.outer(shares[hubs], shares[hubs]) * self._away[np.ix_(hubs, hubs)]
            if weights[i] * apart.sum() > torn:
                torn = weights[i] * apart.sum()
                one, other = np.unravel_index(apart.argmax(), apart.shape)
                ends = (i, int(hubs[one]), int(hubs[other]))
        i, one, other = ends
        if i < 0:
            i = int(free[weights[free].argmax()])
            hubs = np.flatnonzero(part.allowed[:, i])
            one, other = int(hubs[0]), int(hubs[self._away[hubs[0], hubs].argmax()])
        nearer = part.allowed[:, i] & (self._away[:, one] <= self._away[:, other])
        if not nearer.any() or (nearer == part.allowed[:, i]).all():
            nearer = np.arange(len(nearer)) == one
        return i, nearer


def _away(hess: Hess) -> NDArray[np.float64]:
    """Return how far practices are from one another, both ways together; 0 if out of reach."""
    each: NDArray[np.float64] = np.where(hess.cost < FORBIDDEN, hess.cost, 0) / hess.weights[:, None]
    return each + each.T
