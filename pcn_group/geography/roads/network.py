"""The network of roads: junctions, and between each two a chain of the places on its way.

A search looks at junctions alone, about a fifth of the places; where a way begins or ends on a
chain, the chain says how far it is to both ends.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from pcn_group.geography.roads.extract import Segments

__all__ = ["Roads", "network_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_ONWARD, _BACK = 0, 1


@dataclass(frozen=True)
class Roads:
    """Roads of which each place can be reached from each other one.

    The places of a chain follow each other; those of chain `c` are from `first[c]` to before
    `first[c + 1]`.

    Attributes
    ----------
    places
        float32 (p, 2): easting and northing in metres.
    metres
        float32 (p,): from the start of the chain.
    seconds
        float32 (p, 2): from the start of the chain, and back to it.
    first
        int64 (c + 1,): the first place of each chain, and last how many places there are.
    junctions
        int32 (c, 2): at which a chain starts and ends, numbered from 0.
    is_open
        bool (c, 2): whether a car may go from start to end, and back.
    is_entry
        bool (c,): whether ways begin and end on the chain.
    rim
        float32 (r, 2): where main roads end in nothing, as at the border of an extract.
    """

    places: NDArray[np.float32]
    metres: NDArray[np.float32]
    seconds: NDArray[np.float32]
    first: Ints
    junctions: NDArray[np.int32]
    is_open: NDArray[np.bool_]
    is_entry: NDArray[np.bool_]
    rim: NDArray[np.float32]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return all of them by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def kilometres(self) -> float:
        """Of all roads together."""
        return float(self.metres[self.first[1:] - 1].sum(dtype=np.float64)) / 1000

    @property
    def number_of_junctions(self) -> int:
        """Of places where chains begin and end."""
        return int(self.junctions.max()) + 1


def network_of(segments: Segments) -> Roads:
    """Return the network of segments: of those that hang together, both ways, the largest part.

    Where extracts overlap, what is there twice counts once.
    """
    segments = _once(segments)
    rim = segments.places[_loose_ends(segments)]
    segments = _largest_part(segments)
    steps, starts = _chains(segments)
    segment, way = steps // 2, steps % 2
    length = np.diff(np.append(starts, len(steps)))
    first = np.append(0, np.cumsum(length + 1))
    seconds = np.take_along_axis(segments.seconds[segment], np.stack([way, 1 - way], 1), 1)
    is_open = np.isfinite(seconds[starts])
    tails, heads = segments.ends[segment, way], segments.ends[segment, 1 - way]
    corners = np.insert(heads, starts, tails[starts])
    lasts = first[1:] - 1
    names, junctions = np.unique(corners[[first[:-1], lasts]].T, return_inverse=True)
    del names
    return Roads(
        places=segments.places[corners].astype(np.float32),
        metres=_along(segments.metres[segment], starts).astype(np.float32),
        seconds=np.stack(
            [
                _along(np.where(np.isfinite(each), each, 0.0), starts).astype(np.float32)
                for each in seconds.T
            ],
            axis=1,
        ),
        first=first,
        junctions=junctions.reshape(-1, 2).astype(np.int32),
        is_open=is_open,
        is_entry=segments.is_entry[segment[starts]],
        rim=rim.astype(np.float32),
    )


def _along(amounts: Floats, starts: Ints) -> Floats:
    """Return the sum up to each place of a chain: one more of them than amounts."""
    sums = np.insert(np.cumsum(amounts), 0, 0.0)
    # The end of each chain is the start of the next one as well, and stands there twice.
    before = sums[starts]
    length = np.diff(np.append(starts, len(amounts)))
    place = np.arange(len(amounts) + len(starts)) - np.repeat(np.arange(len(starts)), length + 1)
    along: Floats = sums[place] - np.repeat(before, length + 1)
    return along


def _once(segments: Segments) -> Segments:
    """Return each pair of neighbouring places once, with the least of its times; no loops."""
    ends = segments.ends
    swapped = ends[:, 0] > ends[:, 1]
    ends = np.sort(ends, axis=1)
    seconds = np.where(swapped[:, None], segments.seconds[:, ::-1], segments.seconds)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    order = order[ends[order, 0] != ends[order, 1]]
    is_new = np.ones(len(order), dtype=np.bool_)
    is_new[1:] = (ends[order[1:]] != ends[order[:-1]]).any(axis=1)
    groups = np.flatnonzero(is_new)
    return replace(
        segments,
        ends=ends[order[groups]],
        metres=segments.metres[order[groups]],
        seconds=np.minimum.reduceat(seconds[order], groups, axis=0),
        is_entry=np.logical_or.reduceat(segments.is_entry[order], groups),
        goes_on=np.logical_or.reduceat(segments.goes_on[order], groups),
    )


def _loose_ends(segments: Segments) -> Ints:
    """Return the places where a main road ends, and no other road or path begins."""
    degree = np.bincount(segments.ends.ravel(), minlength=len(segments.places))
    ends: Ints = segments.ends[segments.goes_on].ravel()
    is_loose = (degree[ends] == 1) & ~segments.at_path[ends]
    loose: Ints = ends[is_loose]
    return loose


def _largest_part(segments: Segments) -> Segments:
    """Return the segments of the largest part in which all places can be reached from all."""
    n, ends = len(segments.places), segments.ends
    is_open = np.isfinite(segments.seconds)
    tails = np.concatenate([ends[is_open[:, _ONWARD], 0], ends[is_open[:, _BACK], 1]])
    heads = np.concatenate([ends[is_open[:, _ONWARD], 1], ends[is_open[:, _BACK], 0]])
    graph = csr_matrix((np.ones(len(tails), dtype=np.int8), (tails, heads)), (n, n))
    part = connected_components(graph, connection="strong")[1]
    inside = (part == np.bincount(part).argmax())[ends].all(axis=1)
    return replace(
        segments,
        ends=ends[inside],
        metres=segments.metres[inside],
        seconds=segments.seconds[inside],
        is_entry=segments.is_entry[inside],
        goes_on=segments.goes_on[inside],
    )


def _chains(segments: Segments) -> tuple[Ints, Ints]:
    """Return the steps along all chains, one chain after the other, and where each begins.

    Step `2 s` goes along segment `s` as it is, and `2 s + 1` against it.
    """
    heads = segments.ends[:, ::-1].ravel()
    before = _steps_before(segments, heads)
    start, rank = _ranked(before)
    # Each chain is there in both directions; the one that starts with the lower step is kept.
    steps = np.flatnonzero(start < start[np.arange(len(start)) ^ 1])
    steps = steps[np.lexsort((rank[steps], start[steps]))]
    return steps, np.flatnonzero(rank[steps] == 0)


def _steps_before(segments: Segments, heads: Ints) -> Ints:
    """Return for each step the one that must be before it; for the first of a chain itself."""
    order = np.argsort(heads, kind="stable")
    degree = np.bincount(heads, minlength=len(segments.places))
    here = np.cumsum(degree)[degree == 2] - 2
    arriving, other = order[here], order[here + 1]
    # A place is passed where the road goes on as it came: open, closed or entered alike.
    is_open = np.isfinite(segments.seconds)
    going, coming = is_open.ravel(), is_open[:, ::-1].ravel()
    alike = (going[arriving] == coming[other]) & (coming[arriving] == going[other])
    alike &= segments.is_entry[arriving // 2] == segments.is_entry[other // 2]
    if len(alike) and alike.sum() == len(segments.ends):  # all of it is one ring
        alike[0] = False
    arriving, other = arriving[alike], other[alike]
    before = np.arange(len(heads))
    before[other ^ 1], before[arriving ^ 1] = arriving, other
    return before


def _ranked(before: Ints) -> tuple[Ints, Ints]:
    """Return the first step of the chain of each, and how many steps are between.

    Each step looks twice as far back in every round.
    """
    rank = (before != np.arange(len(before))).astype(np.int64)
    while True:
        further = before[before]
        if (further == before).all():
            return before, rank
        rank, before = rank + rank[before], further
