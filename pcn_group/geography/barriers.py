"""Barriers: lines such as rivers, railways and motorways that neighbours are not to be across.

Where a crossing leads over a barrier without much of a detour, who is on its two sides stays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from pcn_group.geography.detours import Pair
from pcn_group.geography.land import Crossing, Metres
from pcn_group.geography.outline import read_shapes

__all__ = ["Futile", "barred_pairs", "futile_removals"]

_NEARBY = 3
"""Pairs named of those nearby"""

Near = Sequence[Collection[int]]


@dataclass(frozen=True)
class Futile:
    """A barrier or a pair to remove that removes nothing.

    Attributes
    ----------
    what
        The barrier by its number in the file, from 1, or the pair.
    pairs
        Neighbours nearby: those across it, or the nearest to a barrier that is between none.
    is_bridged
        Whether they are across a barrier, and stay because of a crossing.
    """

    what: int | Pair
    pairs: tuple[Pair, ...]
    is_bridged: bool = False


def barred_pairs(
    near: Near,
    places: Metres,
    crossings: Sequence[Crossing],
    lines_of: Path,
    detour: tuple[float, float] | None,
) -> tuple[set[Pair], tuple[Futile, ...]]:
    """Return the neighbours that a barrier lies between, and the barriers that bar nobody.

    Parameters
    ----------
    near
        For each practice its neighbours, both ways round.
    places
        float64 (n, 2): where practices are, in metres.
    crossings
        Those that may lead over barriers.
    lines_of
        The file with the barriers.
    detour
        What is too long: so many times the straight line, and so many km longer as well.

    Raises
    ------
    InputError
        As `read_shapes`.
    """
    barriers = read_shapes(lines_of, "lines").to_numpy()
    pairs = np.array([(i, j) for i, row in enumerate(near) for j in row if i < j]).reshape(-1, 2)
    lines = shapely.linestrings(places[pairs])
    bridges = [shapely.LineString(crossing.ends) for crossing in crossings]
    barred, futile = set[Pair](), []
    for number, barrier in enumerate(barriers, start=1):
        shapely.prepare(barrier)
        across = pairs[shapely.intersects(barrier, lines)]
        over = [
            crossing
            for crossing, bridge in zip(crossings, bridges, strict=True)
            if shapely.intersects(barrier, bridge)
        ]
        is_bridged = _are_led_over(places[across], over, detour)
        barred.update((int(i), int(j)) for i, j in across[~is_bridged])
        if is_bridged.all():
            nearest = across
            if not len(across):
                nearest = pairs[shapely.distance(barrier, lines).argsort(kind="stable")]
            told = sorted((int(i), int(j)) for i, j in nearest[:_NEARBY])
            futile.append(Futile(number, tuple(told), is_bridged=bool(len(across))))
    return barred, tuple(futile)


def _are_led_over(
    ends: Metres, crossings: Sequence[Crossing], detour: tuple[float, float] | None
) -> NDArray[np.bool_]:
    """Whether any of the crossings leads from place to place without a long detour.

    Parameters
    ----------
    ends
        float64 (n, 2, 2).
    """
    start, end = ends[:, 0], ends[:, 1]
    straight = np.hypot(*(start - end).T)
    least = np.full(len(ends), np.inf)
    for crossing in crossings:
        for here, there in (crossing.ends, crossing.ends[::-1]):
            way = np.hypot(*(start - here).T) + crossing.length + np.hypot(*(end - there).T)
            least = np.minimum(least, way)
    longest = np.full(len(ends), np.finfo(np.float64).max)
    if detour is not None:
        times, longer = detour
        longest = np.maximum(times * straight, straight + 1000 * longer)
    is_led: NDArray[np.bool_] = least <= longest
    return is_led


def futile_removals(near: Near, places: Metres, removed: Collection[Pair]) -> tuple[Futile, ...]:
    """Return the pairs to remove that are no neighbours anyway.

    Parameters
    ----------
    near, places
        As for `barred_pairs`; with places that are not known nothing is nearby.
    removed
        The pairs that the rules have removed.
    """
    absent = sorted((i, j) for i, j in removed if j not in near[i])
    if not np.isfinite(places).all():
        return tuple(Futile(pair, ()) for pair in absent)
    if not absent:
        return ()
    pairs = np.array([(i, j) for i, row in enumerate(near) for j in row if i < j]).reshape(-1, 2)
    lines = shapely.linestrings(places[pairs])
    found = []
    for pair in absent:
        own = shapely.LineString(places[[*pair]])
        across = pairs[shapely.crosses(own, lines)]
        found.append(Futile(pair, tuple((int(i), int(j)) for i, j in across[:_NEARBY])))
    return tuple(found)
