"""The proof of a bound by a tree, for large networks, and its plain checker.

Every plan assigns each practice to a hub. A part of the tree allows some pairs of practice and hub;
the root allows all that a network could have. Given duals `u`, a hub `h` is worth at least

    worth(h) = least of  g(W) + sum of (c[i, h] - u[i]) over i in S,  over sets S that hold h

whose patients W are in the band, whether or not S is contiguous, where a practice may be in S in
part: at any rate `r` that patients pay, that is no less than what the practices are worth beyond
it, and the least of `r W + g(W)` that a size in the band comes to. The penalty `g` is made of
straight pieces, so that is at one of their ends. So every plan of the part costs at least

    sum of u  +  the least sum of so many worths as a plan may have networks

A pair with which this would reach the bound claimed is dropped, and so is one that no chain of
neighbours, all allowed with the hub, leads to. A part is closed once its bound is reached, or a
practice has no hub left; or it is divided into two, by the hubs that one practice may have. Where
the band has given way only plans with as few patients outside it count: there a part is closed as
well if the one plan that is left has more.

Where the tree says so, sets take practices whole: then a hub is worth at least the best of those in
the band, which `whole_sets` finds. Hubs are looked at so one by one, until the bound is of no
other.

The assignment is that of Hess et al. (1965); the bound by relaxing that each practice is in one
network is Lagrangian relaxation as in Fisher, "The Lagrangian relaxation method for solving integer
programming problems", Management Science 27 (1981).

Deliberately another implementation than the solver's: tables instead of loops.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.verify.division import Division
from pcn_group.verify.whole_sets import least_change

__all__ = ["TreeVerdict", "not_in_trees", "verify_tree"]

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]

_NEVER = 2**61
_SCALE = 1024
"""Rates are whole numbers of parts of this size."""


class TreeVerdict(NamedTuple):
    """What the checker found: whether the bound is proven, or else why not."""

    proven: bool
    reason: str


def not_in_trees(problem: Problem) -> str:
    """Say what rules of a problem trees know nothing of, if any."""
    found = {
        "rules.together": bool(problem.together),
        "rules.apart": bool(problem.apart),
        "limits.max_practices": problem.max_practices < len(problem.codes),
        "limits on a plan": bool(problem.plan_limits),
        "neighbourhoods": problem.alignment is not None,
        "profile.bands": bool(problem.figure_limits),
        "hubs.sites": bool(problem.sites),
    }
    return ", ".join(rule for rule, is_there in found.items() if is_there)


class _Facts(NamedTuple):
    """A problem as tables, hubs by rows.

    Beside practice `i`, or the same, are `beside[start[i]:start[i + 1]]`. The penalty of a size is
    straight between two ends, the first and last of which are the sizes allowed; steepest is what a
    patient more or less can make of it.
    """

    weights: Int
    cost: Int
    beside: Int
    start: Int
    ends: Int
    penalty: Int
    steepest: int
    fewest: int
    most: int

    @property
    def smallest(self) -> int:
        return int(self.ends[0])

    @property
    def largest(self) -> int:
        return int(self.ends[-1])

    def penalties(self, sizes: Int) -> Int:
        """Return the penalty of sizes that are allowed; of larger ones, that of the largest."""
        piece = np.clip(
            np.searchsorted(self.ends, sizes, side="right") - 1, 0, len(self.slopes) - 1
        )
        beyond = np.clip(sizes - self.ends[piece], 0, np.diff(self.ends)[piece])
        result: Int = self.penalty[piece] + self.slopes[piece] * beyond
        return result

    @property
    def slopes(self) -> Int:
        """By how much a patient more raises the penalty between two ends."""
        slopes: Int = np.diff(self.penalty) // np.maximum(1, np.diff(self.ends))
        return slopes


def verify_tree(
    problem: Problem,
    near: Sequence[Sequence[int]],
    root: Division,
    bound: int,
    until: float,
) -> TreeVerdict:
    """Prove that no plan costs less than a bound, networks of every plan aside.

    Parameters
    ----------
    near
        For each hub the practices that a network around it can hold.
    until
        Give up once `time.monotonic` is past this. Without that it takes as long as its file is.
    """
    aside = [i for network in problem.aside for i in network]
    shared = np.setdiff1d(np.arange(len(problem.codes)), aside)
    facts = _facts(problem, shared)
    if _too_large(facts, root, shared):
        reason = "its figures are too large to compute with"
        return TreeVerdict(proven=False, reason=reason)
    allowed = np.zeros(facts.cost.shape, dtype=np.bool_)
    place = {int(i): k for k, i in enumerate(shared)}
    for k, hub in enumerate(shared.tolist()):
        if problem.cost[hub, hub] < FORBIDDEN:
            allowed[k, [place[i] for i in near[hub] if i in place]] = True
    parts, waiting = 0, [(root, allowed)]
    while waiting:
        part, allowed = waiting.pop()
        parts += 1
        if time.monotonic() > until:
            return TreeVerdict(proven=False, reason="not verified in time")
        left = _left(facts, part, allowed, shared, bound, is_whole=root.is_whole)
        if left is None or _is_beyond(problem, facts, left):
            continue
        if not part.halves:
            reason = f"its tree has a part that is not closed, number {parts:,}"
            return TreeVerdict(proven=False, reason=reason)
        here = np.isin(shared, part.hubs)
        practice = place.get(part.practice, 0)
        for half, others in zip(part.halves, (~here, here), strict=True):
            own = left.copy()
            own[others, practice] = False
            waiting.append((half, own))
    return TreeVerdict(proven=True, reason="every part of its tree is closed")


def _facts(problem: Problem, shared: Int) -> _Facts:
    place = {int(i): k for k, i in enumerate(shared)}
    beside = [[place[j] for j in (i, *problem.neighbours[i]) if j in place] for i in shared]
    weights = problem.weights[shared]
    patients, size = int(weights.sum()), problem.size
    bends = {hinge.at for hinge in size.hinges if size.smallest < hinge.at < size.largest}
    ends = [size.smallest, *sorted(bends), size.largest]
    return _Facts(
        weights=weights,
        cost=np.ascontiguousarray(problem.cost[np.ix_(shared, shared)].T),
        beside=np.concatenate(beside),
        start=np.cumsum([0, *map(len, beside[:-1])]),
        ends=np.array(ends, dtype=np.int64),
        penalty=np.array([size.penalty(end) for end in ends], dtype=np.int64),
        steepest=sum(hinge.below + hinge.above for hinge in size.hinges),
        fewest=-(-patients // size.largest),
        most=min(len(shared), patients // max(1, size.smallest)),
    )


def _too_large(facts: _Facts, root: Division, shared: Int) -> bool:
    """Whether a sum or a product might leave 64 bits.

    A rate is at most the steepest value of a patient, and is multiplied by patients; what hubs are
    worth is added up.
    """
    values = np.where(facts.cost < FORBIDDEN, np.abs(facts.cost), 0).max(axis=0, initial=0)
    largest = np.zeros_like(values)
    for part in root.parts():
        for duals in part.duals:
            np.maximum(largest, np.abs(duals[shared]), out=largest)
    each = [int(value) + int(dual) for value, dual in zip(values, largest, strict=True)]
    weights = facts.weights.tolist()
    steepest = max((v // w + 1 for v, w in zip(each, weights, strict=True)), default=0)
    steepest += facts.steepest
    sizes = max(sum(weights), facts.largest)
    largest_sum = (facts.most + _SCALE) * (
        steepest * sizes + sum(each) + max(facts.penalty.tolist())
    )
    return bool(largest_sum >= _NEVER)


def _left(
    facts: _Facts, part: Division, allowed: Bool, shared: Int, bound: int, *, is_whole: bool
) -> Bool | None:
    """Return the pairs that are left of a part, or None if it is closed."""
    left = _settled(facts, allowed)
    for duals in part.duals:
        if left is None:
            return None
        least, beyond = _least(facts, left, duals[shared], is_whole=is_whole)
        if least >= bound:
            return None
        left = _settled(facts, left & (beyond < bound))
    return left


def _is_beyond(problem: Problem, facts: _Facts, left: Bool) -> bool:
    """Whether one plan is left of a part, with more patients outside than plans that count have.

    A network may be as far outside as all of a plan together. A minimum of one patient says nothing
    of how many plans may be short of; a maximum inside the band says that none may be above it.
    """
    if (left.sum(axis=0) != 1).any():
        return False
    size = problem.size
    patients = np.bincount(left.argmax(axis=0), weights=facts.weights, minlength=len(left))
    patients = patients[patients > 0]
    short = np.maximum(size.band_min - patients, 0).sum()
    above = np.maximum(patients - size.band_max, 0).sum()
    return bool(
        (size.avoid_below and size.smallest > 1 and short > size.band_min - size.smallest)
        or (size.avoid_above and above > max(0, size.largest - size.band_max))
    )


def _settled(facts: _Facts, allowed: Bool) -> Bool | None:
    """Drop pairs that no chain leads to, or whose practice must be its own hub; None if closed."""
    while True:
        before = allowed.sum()
        reached = np.diag(np.diag(allowed))
        growing = np.flatnonzero(np.diag(allowed))
        while len(growing):
            beside = np.logical_or.reduceat(reached[growing][:, facts.beside], facts.start, axis=1)
            further = beside & allowed[growing]
            has_grown = (further != reached[growing]).any(axis=1)
            reached[growing] = further
            growing = growing[has_grown]
        allowed = reached
        hubs = allowed.sum(axis=0)
        if (hubs == 0).any():
            return None
        for hub in np.unique(allowed.argmax(axis=0)[hubs == 1]):
            allowed[np.arange(len(hubs)) != hub, hub] = False
        if allowed.sum() == before:
            return allowed


class _Worths(NamedTuple):
    """What hubs are worth, and how much more sets are worth that have a certain practice.

    At a rate that patients pay up to the end of the band or beyond it; `is_even` where a whole
    number of practices comes to the end, or none need be in part.
    """

    worth: Int
    beyond: Int
    rate: Int
    end: Int
    is_even: Bool


def _least(facts: _Facts, allowed: Bool, duals: Int, *, is_whole: bool) -> tuple[int, Int]:
    """Return a bound on plans of a part, and a bound on those that have each pair."""
    only = allowed.sum(axis=0) == 1
    held = allowed & (only | np.eye(len(duals), dtype=np.bool_))
    values, free = facts.cost - duals, allowed & ~held
    in_part = _worth(facts, held, free, values)
    needed = held[:, only].any(axis=1)
    worth = in_part.worth.copy()
    hubs, count = _cheapest(facts, worth, needed)
    if is_whole and not facts.penalty.any():
        known = in_part.is_even | (worth == _NEVER)
        while not known[hubs].all():
            hub = hubs[~known[hubs]][0]
            worth[hub] = _with_whole(facts, in_part, held[hub], free[hub], values[hub], hub)
            known[hub] = True
            hubs, count = _cheapest(facts, worth, needed)
    if count < facts.fewest or count > facts.most or (worth[needed] == _NEVER).any():
        return _NEVER, in_part.beyond
    least = int(duals.sum() + worth[hubs].sum())
    others = hubs[int(needed.sum()) :]
    last = int(worth[others[-1]]) if len(others) else -_NEVER
    if count < facts.most:
        last = max(0, last)
    more = worth - last  # of a hub that is not chosen and comes in place of the last, or beside it
    more[hubs] = 0
    with_pair = in_part.worth[:, None] + np.maximum(0, in_part.beyond) - worth[:, None]
    return least, np.minimum(least + more[:, None], _NEVER) + np.maximum(0, with_pair)


def _cheapest(facts: _Facts, worth: Int, needed: Bool) -> tuple[Int, int]:
    """Return the hubs that a bound is of, those needed first, and how many they are."""
    own = np.flatnonzero(needed)
    others = np.flatnonzero(~needed & (worth < _NEVER))
    others = others[np.argsort(worth[others], kind="stable")][: max(0, facts.most - len(own))]
    sums = np.concatenate(([0], np.cumsum(worth[others])))
    fewest = min(max(0, facts.fewest - len(own)), len(others))
    hubs = np.concatenate((own, others[: fewest + int(sums[fewest:].argmin())]))
    return hubs, len(hubs)


def _with_whole(
    facts: _Facts, in_part: _Worths, held: Bool, free: Bool, values: Int, hub: int
) -> int:
    """Return what a hub is worth if its set takes practices whole."""
    rate, end = int(in_part.rate[hub]), int(in_part.end[hub])
    above = values * _SCALE - rate * facts.weights
    inside = held | (free & (above < 0))
    more = np.where(inside, -facts.weights, facts.weights)
    patients = int(facts.weights[inside].sum())
    off, band = np.abs(above[free]) // _SCALE, (facts.smallest, facts.largest)
    change = least_change(patients, off, more[free], rate, end, band)
    return _NEVER if change == _NEVER else int(in_part.worth[hub]) + change


def _worth(facts: _Facts, held: Bool, free: Bool, values: Int) -> _Worths:
    """Return what hubs are worth, where the last practice of a set may be in it in part.

    Parameters
    ----------
    held, free
        The practices that are with a hub for certain, and those that may be.
    """
    weights = facts.weights
    inside = (held * weights).sum(axis=1)
    everyone = inside + (free * weights).sum(axis=1)
    low, high, slope, cheap = _piece(facts, inside, free, values)
    end = np.clip(cheap, low, high)
    rates = np.where(free, values * _SCALE // weights, _NEVER)
    order = np.argsort(rates, axis=1, kind="stable")
    by_rate = np.cumsum(np.take_along_axis(free * weights, order, axis=1), axis=1)
    room = end - inside
    critical = np.minimum((by_rate < room[:, None]).sum(axis=1), len(weights) - 1)
    rate = np.take_along_axis(rates, np.take_along_axis(order, critical[:, None], 1), 1)[:, 0]
    is_even = (end == cheap) | (room <= 0) | (rate == _NEVER)
    rate = np.where(is_even, -slope * _SCALE, rate)
    above = (values * _SCALE - rate[:, None] * weights) // _SCALE
    is_full = (cheap > facts.largest) & (room == 0)
    taken = np.where(free & ~is_full[:, None], np.minimum(above, 0), 0).sum(axis=1)
    worth = np.where(held, values, 0).sum(axis=1) + taken + _paid(facts, inside, rate)
    worth[(inside > facts.largest) | (everyone < facts.smallest) | (inside == 0)] = _NEVER
    beyond = np.where(free, np.where(is_full[:, None], _NEVER, above), 0)
    return _Worths(worth, np.where(held | free, beyond, _NEVER), rate, end, is_even)


def _piece(facts: _Facts, inside: Int, free: Bool, values: Int) -> tuple[Int, Int, Int, Int]:
    """Return the piece of the penalty that the best set of each hub has its size on.

    As its ends and its slope, with the patients whose practices are worth it at that slope. It is
    the first that they do not go beyond, or the last.
    """
    slopes = facts.slopes
    cheaper = [(free & (values < -slope * facts.weights)) * facts.weights for slope in slopes]
    cheap = inside + np.array([patients.sum(axis=1) for patients in cheaper])
    piece = (cheap[:-1] > facts.ends[1:-1, None]).cumprod(axis=0).sum(axis=0)
    return (
        facts.ends[piece],
        facts.ends[piece + 1],
        slopes[piece],
        np.take_along_axis(cheap, piece[None], axis=0)[0],
    )


def _paid(facts: _Facts, inside: Int, rate: Int) -> Int:
    """Return the least that patients beyond those inside pay at a rate, and for the size."""
    least = np.full(len(inside), _NEVER)
    for end in facts.ends:
        sizes = np.maximum(inside, end)
        paid = rate * (sizes - inside) // _SCALE + facts.penalties(sizes)
        np.minimum(least, np.where(sizes <= facts.largest, paid, _NEVER), out=least)
    return least
