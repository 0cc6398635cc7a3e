"""Regions with fewer networks: those of some practices, or those that serve one neighbourhood."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from pcn_group.solver.instance import Region

__all__ = ["narrowed", "serving"]

Int = NDArray[np.int64]


def narrowed(region: Region, inside: NDArray[np.bool_]) -> Region:
    """Return a region in which networks hold only some of the practices."""
    owner = np.repeat(np.arange(len(inside)), np.diff(region.must_link_start))
    kept = inside.copy()
    kept[owner[~inside[region.must_link]]] = False
    hub = _hubs_of(region)
    return _with_near(region, hub, kept[region.anchors[hub]] & kept[region.near])


def serving(region: Region, neighbourhood: int) -> Region:
    """Return a region in which networks serve one neighbourhood.

    Near a hub are only those practices left that a network around it can hold. That is none where
    all of them have more patients in another neighbourhood: at least as many each, and the hub's
    anchor more, or as many if the other comes first. A practice with more patients in another one
    needs others near it that make up for them, and have room beside it.
    """
    more = region.elsewhere[:, [neighbourhood]] - region.elsewhere
    hub = _hubs_of(region)
    anchors = region.anchors
    nowhere_fewer = np.ones((len(anchors), more.shape[1]), dtype=np.bool_)
    np.logical_and.at(nowhere_fewer, hub, more[region.near] >= 0)
    comes_first = np.arange(more.shape[1]) < neighbourhood
    may_serve = np.logical_not((nowhere_fewer & ((more[anchors] > 0) | comes_first)).any(axis=1))
    region = _with_near(region._replace(serves=neighbourhood), hub, np.asarray(may_serve)[hub])
    while not (kept := _can_be_made_up_for(region, more)).all():
        hub = _hubs_of(region)
        region = _connected(_with_near(region, hub, kept), np.unique(hub[~kept]))
    return region


def _can_be_made_up_for(region: Region, more: Int) -> NDArray[np.bool_]:
    """Tell which practices near each hub do not have too many patients in another neighbourhood.

    `more` says for each how many more live in each other one than in that which is served.
    """
    hub = _hubs_of(region)
    spare = np.zeros((len(region.anchors), more.shape[1]), dtype=np.int64)
    np.add.at(spare, hub, np.maximum(-more[region.near], 0))
    room = np.minimum(spare[hub], (region.largest - region.weights[region.near])[:, None])
    return np.asarray((more[region.near] <= room).all(axis=1))


def _connected(region: Region, hubs: Int) -> Region:
    """Leave near some hubs only what is connected with them, and nothing where that is too few."""
    kept, n = np.ones(len(region.near), dtype=np.bool_), len(region.weights)
    rows = np.repeat(np.arange(n), np.diff(region.link_start))
    graph = csr_matrix((np.ones(len(rows)), (rows, region.links)), (n, n))
    owner = np.repeat(np.arange(n), np.diff(region.must_link_start))
    for h in hubs.tolist():
        row = slice(region.near_start[h], region.near_start[h + 1])
        inside, anchor = region.near[row], region.anchors[h]
        _, part = connected_components(graph[inside][:, inside], directed=False)
        is_near = np.zeros(n, dtype=np.bool_)
        is_near[inside[np.isin(part, part[inside == anchor])]] = True
        is_near[owner[~is_near[region.must_link]]] = False
        if not is_near[anchor] or region.weights[is_near].sum() < region.smallest:
            is_near[:] = False
        kept[row] = is_near[inside]
    return region if kept.all() else _with_near(region, _hubs_of(region), kept)


def _hubs_of(region: Region) -> Int:
    """Return the hub that each practice of `near` is near to."""
    return np.repeat(np.arange(len(region.anchors)), np.diff(region.near_start))


def _with_near(region: Region, hub: Int, kept: NDArray[np.bool_]) -> Region:
    """Return a region in which of the practices near each hub only some are left."""
    counts = np.bincount(hub[kept], minlength=len(region.anchors))
    return region._replace(
        near_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        near=region.near[kept],
    )
