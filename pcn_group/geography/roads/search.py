"""The fastest and the shortest ways along roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from pcn_group.geography.roads.network import Floats, Ints, Roads

__all__ = ["Spots", "nearest_spots", "to_rim", "ways_between"]

Least = Literal["seconds", "metres"]

_Pieces = tuple[NDArray[np.bool_], Ints, Floats]
"""Pieces of chains: whether they are open onward and back, both ends as nodes of the graph, and how
far it is between, as `Spots.before` has it."""

_AT_STOP = 1.0
"""Metres between a spot and a junction, or another spot, that are one."""

_AT_ONCE = 8_000_000
"""Numbers that a search holds for the hubs of one round: all of England has 5 million junctions."""


@dataclass(frozen=True)
class Spots:
    """The nearest spots on roads to some places.

    Attributes
    ----------
    chain
        int64 (k,): of the road; -1 where none is near.
    before
        float64 (k, 3): metres from the start of the chain, seconds from there and back to there.
    off
        float64 (k,): metres from the place to the spot.
    """

    chain: Ints
    before: Floats
    off: Floats

    @property
    def is_found(self) -> NDArray[np.bool_]:
        """Whether there is a spot: bool (k,)."""
        found: NDArray[np.bool_] = self.chain >= 0
        return found

    def __getitem__(self, some: NDArray[np.bool_]) -> Spots:
        """Return some of them."""
        return Spots(self.chain[some], self.before[some], self.off[some])


def nearest_spots(roads: Roads, places: Floats, farthest: float) -> Spots:
    """Return the nearest spots on roads that ways begin and end on.

    Parameters
    ----------
    places
        float64 (k, 2): easting and northing in metres.
    farthest
        How many metres a spot may be from its place.
    """
    start = _segments_about(roads, places, farthest)
    lines = shapely.linestrings(np.stack([roads.places[start], roads.places[start + 1]], axis=1))
    (found, nearest), metres = shapely.STRtree(lines).query_nearest(
        shapely.points(places), max_distance=farthest, return_distance=True, all_matches=False
    )
    segment, points = start[nearest], shapely.points(places[found])
    share = shapely.line_locate_point(lines[nearest], points, normalized=True)[:, None]
    chain, before = np.full(len(places), -1), np.zeros((len(places), 3))
    chain[found] = np.searchsorted(roads.first, segment, side="right") - 1
    before[found] = _before(roads, segment) * (1 - share) + _before(roads, segment + 1) * share
    off = np.full(len(places), np.inf)
    off[found] = metres
    return Spots(chain, before, off)


def _segments_about(roads: Roads, places: Floats, farthest: float) -> Ints:
    """Return the segments that a spot may be on, each by the place that it begins at."""
    low, high = places.min(axis=0) - farthest, places.max(axis=0) + farthest
    is_about = np.repeat(roads.is_entry, np.diff(roads.first))
    is_about[roads.first[1:] - 1] = False
    one, other = roads.places[:-1], roads.places[1:]
    is_about[:-1] &= (np.minimum(one, other) <= high).all(axis=1)
    is_about[:-1] &= (np.maximum(one, other) >= low).all(axis=1)
    return np.flatnonzero(is_about)


def _before(roads: Roads, place: Ints) -> Floats:
    return np.column_stack([roads.metres[place], roads.seconds[place]]).astype(np.float64)


def ways_between(roads: Roads, starts: Spots, ends: Spots, least: Least) -> Floats:
    """Return the least that a way from each start to each end takes: float64 (k, n).

    Parameters
    ----------
    starts, ends
        Each of them on a chain.
    least
        Seconds of the fastest way, or metres of the shortest one.
    """
    graph = _reversed_graph(roads, starts, ends, least)
    junctions, nodes = roads.number_of_junctions, graph.shape[0]
    start = slice(junctions, junctions + len(starts.chain))
    end = np.arange(start.stop, nodes)
    found = np.empty((len(starts.chain), len(end)))
    step = max(1, _AT_ONCE // nodes)
    for first in range(0, len(end), step):
        block = slice(first, first + step)
        found[:, block] = dijkstra(graph, indices=end[block])[:, start].T
    return found


def _reversed_graph(roads: Roads, starts: Spots, ends: Spots, least: Least) -> csr_matrix:
    """Return a graph of junctions, then starts, then ends, in which all roads lead the other way.

    A search from an end so finds all ways to it: hubs are few, and places where patients live many.
    """
    pieces = [_whole_chains(roads), _split_chains(roads, starts, ends)]
    is_open, stops, before = (np.concatenate(each) for each in zip(*pieces, strict=True))
    onward, back = is_open.T
    costs = before[:, [0, 0] if least == "metres" else [1, 2]]
    tails = np.concatenate([stops[onward, 0], stops[back, 1]])
    heads = np.concatenate([stops[onward, 1], stops[back, 0]])
    nodes = roads.number_of_junctions + len(starts.chain) + len(ends.chain)
    # Roads may be parallel. Made of its parts, a matrix keeps them apart, and does not add them up.
    order = np.argsort(heads, kind="stable")
    rows = np.append(0, np.cumsum(np.bincount(heads, minlength=nodes)))
    cost = np.concatenate([costs[onward, 0], costs[back, 1]])[order]
    return csr_matrix((cost, tails[order], rows), (nodes, nodes))


def _whole_chains(roads: Roads) -> _Pieces:
    """Return each chain as one piece."""
    return roads.is_open, roads.junctions.astype(np.int64), _before(roads, roads.first[1:] - 1)


def _split_chains(roads: Roads, starts: Spots, ends: Spots) -> _Pieces:
    """Return the pieces that spots split their chains into: from each stop to the next."""
    spots = np.concatenate([starts.chain, ends.chain])
    used = np.unique(spots)
    chain = np.concatenate([used, spots, used])
    rank = np.repeat([0, 1, 2], [len(used), len(spots), len(used)])
    before = np.concatenate(
        [
            np.zeros((len(used), 3)),
            starts.before,
            ends.before,
            _before(roads, roads.first[used + 1] - 1),
        ]
    )
    nodes = np.arange(len(spots)) + roads.number_of_junctions
    stop = np.concatenate([roads.junctions[used, 0], nodes, roads.junctions[used, 1]])
    order = np.lexsort((before[:, 0], rank, chain))
    one, other = order[:-1], order[1:]
    inside = chain[one] == chain[other]
    one, other = one[inside], other[inside]
    stops, between = np.column_stack([stop[one], stop[other]]), before[other] - before[one]
    # Who is at a junction may take any road from there, not only the one that the spot is on.
    is_at_stop = (between[:, 0] < _AT_STOP) & (stops >= roads.number_of_junctions).any(axis=1)
    return roads.is_open[chain[one]] | is_at_stop[:, None], stops, between.clip(0)


def to_rim(roads: Roads, places: Floats) -> Floats:
    """Return how many metres it is from each place to where the roads end; infinite if nowhere."""
    if not len(roads.rim):
        return np.full(len(places), np.inf)
    metres: Floats = KDTree(roads.rim).query(places)[0]
    return metres
