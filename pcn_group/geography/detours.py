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
from pcn_group.geography.ways import Ways

__all__ = ["Pair", "far_pairs", "joining_pairs"]

Pair = tuple[int, int]
Near = Sequence[Collection[int]]


def far_pairs(near: Near, straight: Metres, ways: Ways, rules: Adjacency) -> set[Pair]:
    """Return the neighbours between whom there is no way by land, or one that is far too long.

    Parameters
    ----------
    near
        For each practice its neighbours, both ways round.
    straight
        The straight lines between practices, in metres.
    rules
        Its `detour` and `detour_km` say what is too long: more than both.
    """
    if rules.detour is None:
        return set()
    more = ways.metres - straight
    far = (ways.metres > rules.detour * straight) & (more > 1000 * rules.detour_km)
    far |= ways.kinds == "water"
    return {(i, j) for i, row in enumerate(near) for j in row if i < j and far[i, j]}


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
    over_water = ways.kinds == "water"
    farthest = float(ways.metres.max(initial=0.0))
    metres = ways.metres.round(3) + np.where(over_water, farthest + 1, 0.0)
    metres[np.tri(len(metres), dtype=np.bool_)] = np.inf
    metres[whole[:, None] != whole] = np.inf
    if rules.islands == "leave":
        metres[over_water] = np.inf
    pairs: set[Pair] = set()
    while len(metres):
        metres[piece[:, None] == piece] = np.inf
        i, j = divmod(int(metres.argmin()), len(metres))
        if np.isinf(metres[i, j]):
            break
        here, there = (np.flatnonzero(site_of == site_of[k]).tolist() for k in (i, j))
        pairs.update((min(a, b), max(a, b)) for a in here for b in there)
        piece[piece == piece[j]] = piece[i]
    return pairs


def _parts(near: Near) -> NDArray[np.int32]:
    """Return the number of the connected part that each practice is in."""
    starts = np.repeat(np.arange(len(near)), [*map(len, near)])
    ends = np.array([j for row in near for j in row], dtype=np.int64)
    graph = csr_matrix((np.ones(len(ends)), (starts, ends)), (len(near), len(near)))
    parts: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return parts
