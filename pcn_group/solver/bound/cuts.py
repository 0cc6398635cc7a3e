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

from pcn_group.solver.bound.cuts_kernel import (
    CANDIDATES,
    STARTS,
    CutDualTable,
    CutRoom,
    charge,
    search_around,
)
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

_CUTS_PER_PRACTICE = 5
"""In one round."""


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


def reduced_costs(
    starts: Int, members: NDArray[np.int32], costs: Int, duals: Int, cut_duals: CutDualTable
) -> Int:
    """Return the reduced costs of columns, cut duals included: int64, one per column."""
    result = costs.copy()
    paid = np.zeros(len(cut_duals.amounts), np.int64)
    charge(starts, members, duals, cut_duals, paid, result)
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
        rows, excess = _around(split, values, together, around, pattern, whole)
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


def _around(
    split: Columns,
    values: NDArray[np.float64],
    together: sparse.csr_matrix,
    around: Int,
    pattern: Int,
    whole: int,
) -> tuple[Int, NDArray[np.float64]]:
    """Search around each practice for a placing of the pattern's shares that is violated.

    Returns
    -------
    The practices in the order of the pattern, and by how much each placing is violated.
    """
    practices, most = together.shape[0], int(np.diff(together.indptr).max())
    room = CutRoom(
        weight=np.zeros(practices),
        touched=np.empty(practices, np.int64),
        near=np.empty(CANDIDATES, np.int64),
        local=np.full(practices, -1),
        inside=np.empty((CANDIDATES * most, CANDIDATES), np.bool_),
        shares=np.empty(CANDIDATES * most),
        sums=np.empty(CANDIDATES * most, np.int64),
        placed=np.empty(len(pattern), np.int64),
        wholes=np.arange(pattern.sum() + 1) // whole,
    )
    rows = np.empty((len(around) * STARTS, len(pattern)), np.int64)
    excess = np.empty(len(rows))
    found = search_around(
        split.starts, split.members, values,
        together.indptr.astype(np.int64), together.indices.astype(np.int64),
        around, pattern, whole, room, rows, excess,
    )  # fmt: skip
    return rows[:found], excess[:found]
