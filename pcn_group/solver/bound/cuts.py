"""Cuts: shares of practices that no plan's networks can add up beyond a whole number.

Give some practices shares, say a half each of three. A network counts once for every whole that the
shares of its members add up to: here once if it holds two or three of them. In a plan every
practice is in one network, so all its networks together count at most the whole part of all shares:
here once. A fractional plan can break that.

These are Chvátal-Gomory cuts of rank one. With three halves they are those of Jepsen, Petersen,
Spoorendonk and Pisinger, Operations Research 56 (2008); which shares are of use for four and five
practices was found by Pecin, Pessoa, Poggi and Uchoa, Operations Research Letters 45 (2017).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pcn_group.base.jit import njit
from pcn_group.solver.columns import Columns

__all__ = ["Cut", "CutDualTable", "counts", "cut_dual_table", "reduced_costs", "violated_cuts"]

Int = NDArray[np.int64]


class Cut(NamedTuple):
    """At most `most` networks of a plan, counted as the module says, on these practices.

    Attributes
    ----------
    practices
        In order of falling share, then ascending.
    shares
        The share of each, in parts of a whole; less than a whole.
    whole
        How many parts make a whole.
    """

    practices: tuple[int, ...]
    shares: tuple[int, ...]
    whole: int

    @property
    def most(self) -> int:
        """How often the networks of a plan can count, in all."""
        return sum(self.shares) // self.whole


class CutDualTable(NamedTuple):
    """Cut duals by practice, for the kernels.

    The cuts that practice `i` has a share in are `of[start[i]:start[i + 1]]`, indices of `amounts`
    and `wholes`, with `shares` beside them.
    """

    start: Int
    of: Int
    shares: Int
    wholes: Int
    amounts: Int


_PATTERNS = (
    ((1, 1, 1), 2),
    ((2, 1, 1, 1), 3),
    ((1, 1, 1, 1, 1), 2),
    ((1, 1, 1, 1, 1), 3),
    ((2, 2, 2, 1, 1), 3),
    ((2, 2, 1, 1, 1), 4),
    ((3, 1, 1, 1, 1), 4),
    ((3, 3, 2, 2, 1), 4),
    ((3, 2, 2, 1, 1), 5),
)
"""The shares tried: of three, four and five practices, all that others do not make superfluous."""

_VIOLATION = 0.02
"""How far above its limit a fractional plan must be for a cut to be worth having."""
_CANDIDATES = 24
"""How many practices a cut around one practice is chosen from."""
_STARTS = 3
"""How often the shares of each pattern are placed anew around each practice."""
_CUTS_PER_PRACTICE = 5
"""In one round."""
_ROUNDING = 1e-9


def cut_dual_table(practices: int, cuts: Sequence[Cut], amounts: Int) -> CutDualTable:
    """Return cuts and their duals by practice, those with a dual of zero left out."""
    charged = [cuts[int(k)] for k in np.flatnonzero(amounts > 0)]
    members = np.array([i for cut in charged for i in cut.practices], dtype=np.int64)
    shares = np.array([share for cut in charged for share in cut.shares], dtype=np.int64)
    owner = np.repeat(np.arange(len(charged)), [len(cut.practices) for cut in charged])
    order = np.argsort(members, kind="stable")
    counts = np.bincount(members, minlength=practices)
    return CutDualTable(
        start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        of=owner[order].astype(np.int64),
        shares=shares[order],
        wholes=np.array([cut.whole for cut in charged], dtype=np.int64),
        amounts=amounts[amounts > 0],
    )


@njit(cache=True, nogil=True)
def reduced_costs(
    starts: Int, members: NDArray[np.int32], costs: Int, duals: Int, cut_duals: CutDualTable
) -> Int:
    """Return the reduced costs of columns, cut duals included: int64, one per column."""
    result = costs.copy()
    paid = np.zeros(len(cut_duals.amounts), np.int64)
    for s in range(len(costs)):
        for i in members[starts[s] : starts[s + 1]]:
            result[s] -= duals[i]
            for t in range(cut_duals.start[i], cut_duals.start[i + 1]):
                k = cut_duals.of[t]
                paid[k] += cut_duals.shares[t]
                if paid[k] >= cut_duals.wholes[k]:
                    paid[k] -= cut_duals.wholes[k]
                    result[s] += cut_duals.amounts[k]
        for i in members[starts[s] : starts[s + 1]]:
            for k in cut_duals.of[cut_duals.start[i] : cut_duals.start[i + 1]]:
                paid[k] = 0
    return result


def counts(cuts: Sequence[Cut], incidence: sparse.csc_matrix) -> sparse.csr_matrix:
    """Return how often each column of an incidence matrix counts in each cut: a row per cut."""
    owner = np.repeat(np.arange(len(cuts)), [len(cut.practices) for cut in cuts])
    practices = [i for cut in cuts for i in cut.practices]
    shares = [float(share) for cut in cuts for share in cut.shares]
    wholes = np.array([cut.whole for cut in cuts])
    picks = sparse.csr_matrix((shares, (owner, practices)), (len(cuts), incidence.shape[0]))
    result = (picks @ incidence).tocsr()
    result.data = result.data // np.repeat(wholes, np.diff(result.indptr))
    result.eliminate_zeros()
    return result


def violated_cuts(
    fractional: Columns,
    values: NDArray[np.float64],
    practices: int,
    known: Collection[Cut],
    most: int,
) -> list[Cut]:
    """Find cuts that the fractional plan violates, the most violated first.

    A search around each practice that is in fractional networks, so not all there are.

    Parameters
    ----------
    fractional, values
        Networks with their shares in the fractional plan.
    known
        What is a cut already.
    most
        How many to give; no practice is in more than five of them.
    """
    split = fractional.take((values > 0.0) & (values < 1.0))
    values = values[(values > 0.0) & (values < 1.0)]
    around = np.unique(split.members).astype(np.int64)
    if len(around) == 0:
        return []
    together = split.matrix(practices).tocsr()
    found: dict[Cut, float] = {}
    for shares, whole in _PATTERNS:
        pattern = np.array(shares, dtype=np.int64)
        rows, excess = _around(
            split.starts, split.members, values,
            together.indptr.astype(np.int64), together.indices.astype(np.int64),
            around, pattern, whole,
        )  # fmt: skip
        for row, over in zip(rows.tolist(), excess.tolist(), strict=True):
            pairs = sorted(zip((-share for share in shares), row, strict=True))
            cut = Cut(tuple(i for _, i in pairs), shares, whole)
            # Rounded, so that the order does not depend on how the processor sums.
            found[cut] = round(over / float(np.linalg.norm(pattern / whole)), 6)
    return _choice(found, known, most)


def _choice(found: dict[Cut, float], known: Collection[Cut], most: int) -> list[Cut]:
    """Take the most violated, no practice in too many of them."""
    used: dict[int, int] = {}
    chosen: list[Cut] = []
    for cut in sorted(found, key=lambda cut: (-found[cut], cut)):
        if cut in known or any(used.get(i, 0) >= _CUTS_PER_PRACTICE for i in cut.practices):
            continue
        used |= {i: used.get(i, 0) + 1 for i in cut.practices}
        chosen.append(cut)
        if len(chosen) == most:
            break
    return chosen


@njit(cache=True, nogil=True)
def _around(  # noqa: PLR0913, PLR0917 - compiled code takes no keywords
    starts: Int,
    members: NDArray[np.int32],
    values: NDArray[np.float64],
    row_start: Int,
    row_columns: Int,
    around: Int,
    pattern: Int,
    whole: int,
) -> tuple[Int, NDArray[np.float64]]:
    """Search around each practice for a placing of the pattern's shares that is violated.

    Returns
    -------
    The practices in the order of the pattern, and by how much each placing is violated.
    """
    size, limit = len(pattern), pattern.sum() // whole
    practices = len(row_start) - 1
    best_rows = np.empty((len(around) * _STARTS, size), np.int64)
    best_excess = np.empty(len(around) * _STARTS, np.float64)
    found = 0
    weight = np.zeros(practices)
    local = np.full(practices, -1)
    random = 12345
    for centre in around:
        near = _near(starts, members, values, row_start, row_columns, centre, weight)
        if len(near) < size:
            continue
        local[near] = np.arange(len(near))
        inside, shares = _beside(starts, members, values, row_start, row_columns, near, local)
        local[near] = -1
        for _ in range(_STARTS):
            placed = np.zeros(size, np.int64)
            for a in range(1, size):
                taken = True
                while taken:
                    random = (random * 1103515245 + 12345) % 2147483648
                    placed[a] = random // 65536 % len(near)
                    taken = (placed[:a] == placed[a]).any()
            random = (random * 1103515245 + 12345) % 2147483648
            a = random // 65536 % size
            placed[0], placed[a] = placed[a], placed[0]
            count = _improve(inside, shares, pattern, whole, placed)
            if count > limit + _VIOLATION:
                best_rows[found] = near[placed]
                best_excess[found] = count - limit
                found += 1
    return best_rows[:found], best_excess[:found]


@njit(cache=True, nogil=True)
def _near(
    starts: Int,
    members: NDArray[np.int32],
    values: NDArray[np.float64],
    row_start: Int,
    row_columns: Int,
    centre: int,
    weight: NDArray[np.float64],
) -> Int:
    """Return a practice, those most often in its fractional networks, and then those in theirs."""
    near = np.empty(_CANDIDATES, np.int64)
    near[0] = centre
    weight[centre] = -1.0
    filled = 1
    for ring in range(2):
        inner = filled
        touched = [centre]
        for a in range(1 if ring == 0 else inner):
            for e in range(row_start[near[a]], row_start[near[a] + 1]):
                s = row_columns[e]
                for j in members[starts[s] : starts[s + 1]]:
                    if weight[j] >= 0.0:
                        if weight[j] == 0.0:
                            touched.append(j)
                        weight[j] += values[s]
        others = np.array(touched[1:])
        for a in np.argsort(-weight[others], kind="mergesort"):
            j = others[a]
            if filled < _CANDIDATES:
                near[filled] = j
                filled += 1
                weight[j] = -1.0
            else:
                weight[j] = 0.0
    weight[near[:filled]] = 0.0
    return near[:filled].copy()


@njit(cache=True, nogil=True)
def _beside(
    starts: Int,
    members: NDArray[np.int32],
    values: NDArray[np.float64],
    row_start: Int,
    row_columns: Int,
    near: Int,
    local: Int,
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which of these practices each network holds that holds two or more of them."""
    most = 0
    for j in near:
        most += row_start[j + 1] - row_start[j]
    inside = np.zeros((most, len(near)), np.bool_)
    shares = np.empty(most, np.float64)
    found = 0
    for a in range(len(near)):
        for e in range(row_start[near[a]], row_start[near[a] + 1]):
            s = row_columns[e]
            first, held = len(near), 0
            for i in members[starts[s] : starts[s + 1]]:
                if local[i] >= 0:
                    held += 1
                    first = min(first, local[i])
            if first != a or held < 2:  # it comes once, with the first practice it holds
                continue
            for i in members[starts[s] : starts[s + 1]]:
                if local[i] >= 0:
                    inside[found, local[i]] = True
            shares[found] = values[s]
            found += 1
    return inside[:found], shares[:found]


@njit(cache=True, nogil=True)
def _improve(
    inside: NDArray[np.bool_],
    values: NDArray[np.float64],
    pattern: Int,
    whole: int,
    placed: Int,
) -> float:
    """Put other practices in place of those chosen while the networks count more; return the count.

    `placed` is changed: the position in `inside` of the practice that has each share.
    """
    networks, near = inside.shape
    sums = np.zeros(networks, np.int64)
    wholes = np.arange(pattern.sum() + 1) // whole
    for a in range(len(pattern)):
        sums += inside[:, placed[a]] * pattern[a]
    count, before = (values * wholes[sums]).sum(), -1.0
    while count > before + _ROUNDING:
        before = count
        for a in range(len(pattern)):
            sums -= inside[:, placed[a]] * pattern[a]
            best = placed[a]
            for j in range(near):
                total = 0.0
                for s in range(networks):
                    total += values[s] * wholes[sums[s] + (pattern[a] if inside[s, j] else 0)]
                if total > count + _ROUNDING and not (placed == j).any():
                    count, best = total, j
            placed[a] = best
            sums += inside[:, best] * pattern[a]
    return float(count)
