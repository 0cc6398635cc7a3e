"""Neighbours by land: pairs with a long way round are none, and pieces are joined again.

Cells that touch across water do not say whether one can get from one to the other. Nor does the
length of the water: round a bay there is often a road that is hardly longer. The way does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from pcn_group.config.model import Adjacency
from pcn_group.geography.land import Metres
from pcn_group.geography.ways import Way, Ways

__all__ = ["Pair", "far_pairs", "joining_pairs"]

Pair = tuple[int, int]
Near = Sequence[Collection[int]]


def far_pairs(
    near: Near, places: Metres, ways: Ways, detour: tuple[float, float] | None
) -> set[Pair]:
    """Return the neighbours between whom there is no way by land or road, or a far too long one.

    Parameters
    ----------
    near
        For each practice its neighbours, both ways round.
    places
        float64 (n, 2): where practices are, in metres.
    detour
        What is too long: so many times the straight line, and so many km longer as well.
    """
    if detour is None:
        return set()
    times, longer = detour
    far: set[Pair] = set()
    for i, row in enumerate(near):
        after = np.array([j for j in row if j > i], dtype=np.int64)
        straight, metres = np.hypot(*(places[after] - places[i]).T), ways.metres[i, after]
        is_far = (metres > times * straight) & (metres - straight > 1000 * longer)
        is_far |= ways.kinds[i, after] == Way.WATER
        far.update((i, j) for j in after[is_far].tolist())
    return far


def joining_pairs(
    near: Near, left: Near, site_of: NDArray[np.int64], ways: Ways, rules: Adjacency
) -> set[Pair]:
    """Return the pairs that join pieces again which hung together before.

    Of two pieces those are joined between whom the way is shortest, with all practices at their two
    addresses; over water only where there is no other way, and `islands` does not leave them apart.

    Parameters
    ----------
    near, left
        For each practice its neighbours, before and after pairs were taken away.
    site_of
        The address of each practice.
    """
    whole, piece = _parts(near), _parts(left)
    sizes = np.bincount(piece)
    largest = {whole[i]: piece[i] for i in np.argsort(sizes[piece], kind="stable").tolist()}
    # Of two pieces of one part one at least is not its largest, and these have few practices.
    rows = np.flatnonzero([piece[i] != largest[whole[i]] for i in range(len(piece))])
    over_water = ways.kinds[rows] == Way.WATER
    metres = ways.metres[rows].round(3)
    metres += np.where(over_water, metres.max(initial=0.0) + 1, 0.0)
    metres[whole[rows][:, None] != whole] = np.inf
    if rules.islands == "leave":
        metres[over_water] = np.inf
    pairs: set[Pair] = set()
    while metres.size:
        metres[piece[rows][:, None] == piece] = np.inf
        row, j = divmod(int(metres.argmin()), len(piece))
        if np.isinf(metres[row, j]):
            break
        here, there = (np.flatnonzero(site_of == site_of[k]).tolist() for k in (rows[row], j))
        pairs.update((min(a, b), max(a, b)) for a in here for b in there)
        piece[piece == piece[j]] = piece[rows[row]]
    return pairs


def _parts(near: Near) -> NDArray[np.int32]:
    """Return the number of the connected part that each practice is in."""
    starts = np.repeat(np.arange(len(near)), [*map(len, near)])
    ends = np.array([j for row in near for j in row], dtype=np.int64)
    graph = csr_matrix((np.ones(len(ends)), (starts, ends)), (len(near), len(near)))
    parts: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return parts
