"""The search tree of assignments to hubs: parts are bounded, divided and closed until none is open.

A part is divided by a practice: in one half its hub is among some hubs, near one end of those that
its patients are torn between, and in the other it is not. What is left of the tree in the end is
its proof: divisions, and duals that close every part.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.problem import FORBIDDEN
from pcn_group.solver.assignment.kernel import ascend, price, tighten
from pcn_group.solver.assignment.master import Master
from pcn_group.solver.assignment.pairs import settle, tear
from pcn_group.solver.assignment.tables import NEVER, Hess, Pairs, Work
from pcn_group.verify.division import Division

__all__ = ["Tree"]

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]

_ROOT_ROUNDS, _ROUNDS = 6, 2
_ROOT_STEPS, _STEPS = 400, 60
_WORTH_ANOTHER = 0.9
"""Another round pays if no more of the pairs than this are left."""
_FAR = 0.001
"""Where a bound is farther below the target than this, the best duals are worth linear programmes,
and the best division is worth trials: steps along subgradients are enough only for the rest."""
_ROOT_PROGRAMMES, _PROGRAMMES = 100, 60
"""The most that are solved, for the whole and for another part."""
_TRIALS = ((12, 1), (3, 4))
"""So many divisions of a part that is far from the target are tried with so many programmes each,
and the best of those with more."""
_GRAINS = 1_000_000
"""Duals are whole numbers of grains, so many to a network's cost: short to write, and close."""


@dataclass(order=True)
class _Part:
    """A part that is open.

    `practice` and `hubs` say where to divide it; without a practice every one has its hub.
    """

    bound: int
    number: int
    pairs: Pairs = field(compare=False)
    division: Division = field(compare=False)
    practice: int = field(default=-1, compare=False)
    hubs: Bool = field(default_factory=lambda: np.zeros(0, dtype=np.bool_), compare=False)


class _Heap:
    """The open parts, that with the lowest bound on top, with their tables as bits."""

    def __init__(self) -> None:
        self._parts: list[tuple[_Part, NDArray[np.uint8]]] = []

    def __bool__(self) -> bool:
        return bool(self._parts)

    @property
    def bound(self) -> int:
        """The lowest bound."""
        return self._parts[0][0].bound

    def push(self, part: _Part) -> None:
        bits = np.packbits(part.pairs.allowed)
        empty = np.zeros((0, 0), dtype=np.bool_)
        kept = replace(part, pairs=part.pairs._replace(allowed=empty))
        heapq.heappush(self._parts, (kept, bits))

    def pop(self) -> _Part:
        kept, bits = heapq.heappop(self._parts)
        n = len(kept.pairs.hub_of)
        allowed = np.unpackbits(bits, count=n * n).reshape(n, n).astype(np.bool_)
        return replace(kept, pairs=kept.pairs._replace(allowed=allowed))


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
    counts
        Whether a plan, given as the hub of each practice, counts: a part that leaves only one that
        does not is closed.
    master
        What improves duals where the bound is far from the target; it goes from tree to tree.

    Attributes
    ----------
    root
        What the search was divided into so far; a proof once it is `proven`.
    parts
        How many there were.
    hubs
        How many hubs the bound at the root has.
    """

    def __init__(
        self,
        hess: Hess,
        near: Bool,
        target: int,
        counts: Callable[[Int], bool] = lambda _: True,
        master: Master | None = None,
    ) -> None:
        self.hess, self.target, self._counts = hess, target, counts
        self.root, self.parts = Division(is_whole=hess.is_whole), 1
        self._near = near
        self._away = _away(hess)
        n, most = len(hess.weights), max(1, hess.most)
        self._grain = max(1, int(self._away.mean() * hess.weights.sum() / most / _GRAINS))
        self._master = master
        self._work = Work.of(len(hess.weights)) if master is None else master.work
        cost = np.sort(np.where(near.T, hess.cost, 0), axis=1)
        whole = self._whole(cost[:, min(n - 1, n // (2 * most))].copy())
        if master is not None and master.duals is not None:
            whole.pairs.duals[:] = master.duals
            whole.bound = price(hess, whole.pairs, self._work)
        self._open = _Heap()
        if self._is_open(whole, _ROOT_ROUNDS, _ROOT_STEPS):
            self._open.push(whole)
        self.hubs = int(self._work.chosen.sum())
        if master is not None:
            master.duals = self.root.duals[0] if self.root.duals else None

    def _whole(self, duals: Int) -> _Part:
        pairs = Pairs(self._near.copy(), np.full(len(duals), -1), duals)
        return _Part(-NEVER, 0, pairs, self.root)

    @property
    def bound(self) -> int:
        """No plan costs less than this or the target."""
        return min(self.target, self._open.bound) if self._open else self.target

    def lower(self, target: int) -> None:
        """Look for plans under a lower target only."""
        self.target = min(self.target, target)

    def run(self, stopped: Callable[[], bool], most_parts: int | None = None) -> Int | None:
        """Search until a plan is found, and return the hub of each practice.

        None where no part is open any more, or it was stopped. The part with the lowest bound is
        next.
        """
        last = None if most_parts is None else self.parts + most_parts
        while self.bound < self.target:
            part: _Part | None = self._open.pop()
            while part is not None and part.bound < self.target:
                if part.practice < 0:
                    if self._counts(part.pairs.hub_of):
                        return part.pairs.hub_of
                    break
                if stopped() or (last is not None and self.parts >= last):
                    self._open.push(part)
                    return None
                part = self._divided(part)
        return None

    def proven(self) -> Division:
        """Return the proof of the bound, as short as that allows.

        Parts closed by a target that has become lower may close earlier now; or, rounding aside,
        not at all: then they are searched again.
        """
        self.target, self._open = self.bound, _Heap()
        while True:
            for part in self._left_open():
                self._open.push(part)
            if not self._open:
                return self.root
            self.run(lambda: False)

    def _left_open(self) -> Iterator[_Part]:
        """Go through all parts with the duals noted; those that nothing closes are left."""
        parts = [self._whole(np.zeros(len(self.hess.weights), dtype=np.int64))]
        while parts:
            part = parts.pop()
            division = part.division
            used, is_open = 0, settle(self.hess, part.pairs, self._work)
            while is_open and used < len(division.duals):
                part.pairs.duals[:] = division.duals[used]
                is_open = self._tightened(part)
                used += 1
            del division.duals[used:]
            if not is_open:
                division.halves = ()
            elif division.halves:
                parts += self._halves(part, division)
            elif self._leaves_none(part):
                pass
            elif self._is_open(part, _ROUNDS, _STEPS):
                yield part

    def _leaves_none(self, part: _Part) -> bool:
        """Whether the one plan that is left of a part is none that counts."""
        owner = part.pairs.hub_of
        return bool((owner >= 0).all()) and not self._counts(owner)

    def _halves(self, part: _Part, division: Division) -> list[_Part]:
        """Return the two halves of a part."""
        hubs = np.zeros(len(part.pairs.hub_of), dtype=np.bool_)
        hubs[list(division.hubs)] = True
        halves = []
        for half, others in zip(division.halves, (~hubs, hubs), strict=True):
            pairs = part.pairs.copy()
            pairs.allowed[others, division.practice] = False
            self.parts += 1
            halves.append(_Part(part.bound, self.parts, pairs, half))
        return halves

    def _divided(self, part: _Part) -> _Part | None:
        """Divide a part; return the half to go on with, if any, and keep what else is open.

        That is the half with the lower bound, which may lead to a plan, unless it is far from
        closed: then it is the lowest bound of all that counts.
        """
        division = part.division
        division.practice, division.hubs = part.practice, tuple(np.flatnonzero(part.hubs).tolist())
        division.halves = (Division(), Division())
        halves = [
            half for half in self._halves(part, division) if self._is_open(half, _ROUNDS, _STEPS)
        ]
        halves.sort()
        following = halves.pop(0) if halves and not self._is_far(halves[0]) else None
        for half in halves:
            self._open.push(half)
        return following

    def _is_open(self, part: _Part, rounds: int, steps: int) -> bool:
        """Raise the bound of a part and drop pairs; return whether a plan under the target may be.

        The duals used are noted in its division.
        """
        hess, work = self.hess, self._work
        programmes = _ROOT_PROGRAMMES if steps == _ROOT_STEPS else _PROGRAMMES
        if not settle(hess, part.pairs, work):
            return False
        for _ in range(rounds):
            if not self._is_improved(part, programmes):
                ascend(hess, part.pairs, self.target, steps, self._grain, work)
                part.bound = max(part.bound, price(hess, part.pairs, work))
                self._is_improved(part, programmes)
            part.division.duals.append(part.pairs.duals.copy())
            before = part.pairs.allowed.sum()
            if not self._tightened(part):
                return False
            if part.pairs.allowed.sum() > _WORTH_ANOTHER * before:
                break
        if (part.pairs.hub_of >= 0).all():
            # One plan is left: whether it keeps the band, and what it costs, is its bound.
            part.division.duals.append(part.pairs.duals.copy())
            if not self._tightened(part):
                return False
        part.practice, part.hubs = self._where(part)
        return True

    def _is_improved(self, part: _Part, programmes: int) -> bool:
        """Improve the duals of a part by programmes, if it is far from closed, and these help."""
        if self._master is None or not self._is_far(part):
            return False
        return self._master.improve(part.pairs, self.target, self._grain, programmes)

    def _is_far(self, part: _Part) -> bool:
        """Whether a part is so far from closed that its best duals are worth the effort."""
        if self._master is None or part.bound == -NEVER:
            return False
        return self.target - part.bound > _FAR * abs(part.bound)

    def _tightened(self, part: _Part) -> bool:
        """Drop pairs from a part by its duals; return whether it is still open."""
        bound, dropped = tighten(self.hess, part.pairs, self.target, self._work)
        part.bound = max(part.bound, bound)
        if bound >= self.target:
            return False
        return not dropped or settle(self.hess, part.pairs, self._work)

    def _where(self, part: _Part) -> tuple[int, Bool]:
        """Return the practice to divide a part by, and hubs around one end of those it is torn to.

        It is that whose patients are torn the most; or, of a part that is far from the target, that
        of those torn the most with which most is gained.
        """
        allowed = part.pairs.allowed
        free = np.flatnonzero(part.pairs.hub_of < 0)
        if len(free) == 0:
            return -1, free > 0
        torn = self._torn(part.pairs)
        if not torn:
            practice = int(free[self.hess.weights[free].argmax()])
            hubs = np.flatnonzero(allowed[:, practice])
            ends = int(hubs[0]), int(hubs[self._away[hubs[0], hubs].argmax()])
            return practice, self._nearer(allowed, practice, *ends)
        if self._master is None or not self._is_far(part):
            torn = torn[:1]
        splits = [(i, self._nearer(allowed, i, *ends)) for i, ends in torn[: _TRIALS[0][0]]]
        if self._master is None or len(splits) == 1:
            return splits[0]
        for count, programmes in _TRIALS:
            gain = partial(self._gain, self._master, part, programmes)
            splits = sorted(splits[:count], key=gain, reverse=True)
        return splits[0]

    def _gain(self, master: Master, part: _Part, programmes: int, split: tuple[int, Bool]) -> float:
        """Return how much it helps to divide a part: the product of what its halves gain."""
        practice, hubs = split
        most, product = float(self.target - part.bound), 1.0
        for others in (~hubs, hubs):
            pairs = part.pairs.copy()
            pairs.allowed[others, practice] = False
            more = most
            if settle(self.hess, pairs, self._work):
                bound = master.estimate(pairs, self.target, self._grain, programmes)
                more = bound - part.bound
            product *= min(max(more, 1.0), most)
        return product

    def _torn(self, pairs: Pairs) -> list[tuple[int, tuple[int, int]]]:
        """Return what practices are torn, the most first, and each time the hubs at the ends."""
        n = len(pairs.hub_of)
        torn, ends = np.empty(n), np.empty((n, 2), dtype=np.int64)
        tear(self.hess, pairs, self._work.answer, self._away, torn, ends)
        order = np.argsort(-torn, kind="stable")
        return [(i, (int(ends[i, 0]), int(ends[i, 1]))) for i in order.tolist() if torn[i] >= 0.0]

    def _nearer(self, allowed: Bool, practice: int, start: int, end: int) -> Bool:
        """Return the hubs of a practice that are nearer to the first of two than to the other."""
        hubs: Bool = allowed[:, practice]
        nearer = hubs & (self._away[:, start] <= self._away[:, end])
        if (nearer == hubs).all():
            nearer = np.arange(len(nearer)) == start
        return nearer


def _away(hess: Hess) -> NDArray[np.float64]:
    """Return how far practices are from one another, both ways together; 0 if out of reach.

    None is away from itself, whatever it costs to be a hub: so it is on its own side of a division.
    """
    cost = np.where(hess.cost < FORBIDDEN, hess.cost, 0)
    np.fill_diagonal(cost, 0)
    each: NDArray[np.float64] = cost / hess.weights[:, None]
    return each + each.T
