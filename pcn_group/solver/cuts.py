"""Subset-row cuts: at most one network of a plan holds two or more practices of a triple.

Source: Jepsen, Petersen, Spoorendonk and Pisinger, Operations Research 56 (2008).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["TollTable", "Triple", "lay_out_tolls", "violated_triples"]

Int = NDArray[np.int64]
Triple = tuple[int, int, int]

_VIOLATION = 0.02
"""How far above one the fractional networks on a triple must add up to make a cut worth having."""


class TollTable(NamedTuple):
    """Tolls by practice, for the kernels.

    The triples that practice `i` belongs to are `of[start[i]:start[i + 1]]`, indices of `amounts`.
    """

    start: Int
    of: Int
    amounts: Int


def lay_out_tolls(practices: int, triples: Sequence[Triple], amounts: Int) -> TollTable:
    """Lay triples and their tolls out by practice; triples without a toll are left out."""
    charged = np.flatnonzero(amounts > 0)
    members = np.array([triples[int(k)] for k in charged], dtype=np.int64).reshape(-1, 3)
    owner = np.repeat(np.arange(len(charged), dtype=np.int64), 3)
    order = np.argsort(members.ravel(), kind="stable")
    counts = np.bincount(members.ravel(), minlength=practices)
    start = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return TollTable(start, owner[order], amounts[charged])


def violated_triples(
    inside: NDArray[np.bool_], values: NDArray[np.float64], known: Collection[Triple], most: int
) -> list[Triple]:
    """Find triples whose cut the fractional plan violates, the most violated first.

    Parameters
    ----------
    inside
        bool (m, n): which practices each fractional network holds.
    values
        float64 (m,): the share of each network in the fractional plan.
    known
        Triples that are cuts already.
    most
        How many to give; no practice is in more than five of them.
    """
    weighted = inside * values[:, None]
    together = weighted.T @ inside
    triples, excess = _scan(inside, values, together, 1.0 + _VIOLATION)
    # Rounding makes the order independent of how the processor sums.
    order = np.lexsort((triples[:, 2], triples[:, 1], triples[:, 0], -np.round(excess, 6)))
    used = np.zeros(inside.shape[1], dtype=np.int64)
    chosen: list[Triple] = []
    for k in order:
        triple = (int(triples[k, 0]), int(triples[k, 1]), int(triples[k, 2]))
        if triple in known or max(used[i] for i in triple) >= 5:
            continue
        used[list(triple)] += 1
        chosen.append(triple)
        if len(chosen) == most:
            break
    return chosen


@njit(cache=True, nogil=True)
def _scan(
    inside: NDArray[np.bool_],
    values: NDArray[np.float64],
    together: NDArray[np.float64],
    least: float,
) -> tuple[Int, NDArray[np.float64]]:
    """List triples i < j < k whose fractional networks with two of them add up to `least`."""
    n = inside.shape[1]
    triples = np.empty((64, 3), np.int64)
    excess = np.empty(64, np.float64)
    found = 0
    for i in range(n):
        for j in range(i + 1, n):
            for k in range(j + 1, n):
                total = together[i, j] + together[i, k] + together[j, k]
                if total >= least:
                    total -= 2.0 * values[inside[:, i] & inside[:, j] & inside[:, k]].sum()
                if total < least:
                    continue
                if found == len(excess):
                    triples = np.concatenate((triples, np.empty_like(triples)))
                    excess = np.concatenate((excess, np.empty_like(excess)))
                triples[found, 0], triples[found, 1], triples[found, 2] = i, j, k
                excess[found] = total
                found += 1
    return triples[:found], excess[:found]
