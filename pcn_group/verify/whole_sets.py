"""The best set around a hub in the band, where it takes practices whole and not the last in part.

At the rate `r` that patients pay, practice `i` is off by `|c[i] - u[i] - r w[i]|` where a set
differs from those that are worth their rate, and patients beyond the end of the band, or short of
it, pay the rate once more. What all sets differ in is gone through, cheapest practices first: a set
that costs as much as the best one known is not carried on, nor one that cannot reach the band.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["least_change"]

Int = NDArray[np.int64]

_NEVER = 2**61
_SCALE = 1024
_MOST_SETS = 1_000_000
"""With more sets at once no more is claimed than with practices in part."""


def least_change(
    patients: int, off: Int, more: Int, rate: int, end: int, band: tuple[int, int]
) -> int:
    """Return the least by which sets in the band cost more than with a practice in part.

    Parameters
    ----------
    patients
        Of the practices that are worth their rate.
    off, more
        int64 (k,): what each practice that may be in the set or not is off, and the patients more
        that the set has with the change.
    rate, end
        In parts of 1,024, and the size at which a patient more or less begins to pay it.
    band
        The fewest and the most patients.
    """
    low, high = band

    def best_of(costs: Int, sizes: Int) -> int:
        fits = (sizes >= low) & (sizes <= high)
        paid = costs[fits] + rate * (sizes[fits] - end) // _SCALE
        return int(paid.min(initial=_NEVER))

    none = np.zeros(1, dtype=np.int64)
    best = min(best_of(none, none + patients), best_of(off, patients + more))
    order = np.argsort(off, kind="stable")
    order = order[off[order] < best]
    off, more = off[order], more[order]
    added = np.cumsum(np.maximum(more, 0)[::-1])[::-1]
    removed = np.cumsum(np.minimum(more, 0)[::-1])[::-1]
    costs, sizes = none, none + patients
    for k in range(len(order)):
        hopeful = (costs + off[k] < best) & (sizes + added[k] >= low) & (sizes + removed[k] <= high)
        costs, sizes = costs[hopeful], sizes[hopeful]
        if len(costs) > _MOST_SETS:
            return 0
        changed = costs + off[k], sizes + more[k]
        best = min(best, best_of(*changed))
        costs, sizes = np.concatenate((costs, changed[0])), np.concatenate((sizes, changed[1]))
    return best
