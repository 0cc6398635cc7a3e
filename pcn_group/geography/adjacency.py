"""Which practices are neighbours.

All geometry is done on sites, the distinct addresses, to the metre. Practices at one address are
neighbours of one another and share all neighbours of their site, and no algorithm ever sees two
points in one place. Where neighbours are those that share catchments, the same is done with areas.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.spatial import Delaunay, KDTree

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.model import Adjacency, Configuration
from pcn_group.geography.barriers import Futile, barred_pairs, futile_removals
from pcn_group.geography.catchments import (
    homes_of,
    main_areas,
    need_catchments,
    overlapping_pairs,
)
from pcn_group.geography.detours import Pair, far_pairs, joining_pairs
from pcn_group.geography.land import crossings_of
from pcn_group.geography.outline import read_outline
from pcn_group.geography.shapes import (
    alpha_shape,
    in_a_line,
    land_within,
    sites_of,
    voronoi_cells,
)
from pcn_group.geography.travel import faulty_rows, read_pairs
from pcn_group.geography.ways import Ways

__all__ = ["Neighbours", "build_adjacency", "connected_parts"]

Pairs = set[Pair]  # each pair once, the smaller index first


@dataclass(frozen=True)
class Neighbours:
    """Who is whose neighbour, and what was done about it.

    Attributes
    ----------
    of
        For each practice the sorted indices of its neighbours.
    dropped, barred, joined, added
        The pairs that are none since the way is too long, those that a barrier lies between, those
        that join a piece again, and those that the user added, ascending.
    futile
        Barriers, and pairs that the user removed, that took nothing away.
    """

    of: tuple[tuple[int, ...], ...]
    dropped: tuple[Pair, ...] = ()
    barred: tuple[Pair, ...] = ()
    joined: tuple[Pair, ...] = ()
    added: tuple[Pair, ...] = ()
    futile: tuple[Futile, ...] = ()


def build_adjacency(
    table: pd.DataFrame,
    configuration: Configuration,
    catchments: pd.DataFrame | None = None,
    ways: Ways | None = None,
) -> Neighbours:
    """Return each practice's neighbours.

    By default the practices' Voronoi cells are clipped to the alpha shape of the region, and to an
    outline if there is one, and cells that share an edge are neighbours. `gabriel` keeps a pair of
    practices when no other lies within the circle on the line between them, and `knn` joins each
    practice to its nearest addresses, in both directions. With `ways`, pairs of these kinds go when
    the way is far too long, and pieces that fall apart by that are joined again.

    With `catchments` two practices are neighbours when enough of their patients live in the same
    areas, or their main areas are the same or touch; where the practices are themselves then plays
    no part, not even at one address. A user's own `edges` are taken as they are. Of all others
    those go that a barrier lies between. Pairs to `add` and to `remove` come last; those with a
    practice outside the region are of no concern.

    An outline may cut a practice off from all others, as on an island: it then has no neighbours,
    until the user adds one.

    Parameters
    ----------
    table
        The `Practices.table`, sorted by code.
    configuration
        Its `adjacency` section says how.
    catchments
        The `Practices.catchments`, for the method of that name.
    ways
        Between the practices, over land or along roads.

    Raises
    ------
    InputError
        With every fault: unusable files, practices outside the outline, catchments that are needed
        and not there.
    """
    rules = configuration.adjacency
    codes = tuple(table["practice_code"])
    places = _points(table)
    dropped, barred, joined = set[Pair](), set[Pair](), set[Pair]()
    futile: tuple[Futile, ...] = ()
    if rules.edges:
        neighbours = _neighbours(len(codes), _user_pairs(rules.edges, codes))
    elif rules.method == "catchments":
        homes = need_catchments(catchments, "adjacency.method")
        neighbours = _neighbours(len(codes), _catchment_pairs(table, homes, rules))
    else:
        outline = read_outline(rules.outline, table) if rules.outline else None
        neighbours = _near(places, rules, outline)
        if ways is not None:
            dropped = far_pairs(neighbours, places, ways, configuration.detour)
            left = _without(neighbours, dropped)
            if dropped:
                joined = joining_pairs(neighbours, left, sites_of(places)[1], ways, rules)
            neighbours = _with(left, joined)
    if rules.barriers is not None:
        crossings = (
            crossings_of(rules) if ways is None or ways.land is None else ways.land.crossings
        )
        barred, futile = barred_pairs(
            neighbours, places, crossings, rules.barriers, configuration.detour
        )
        neighbours = _without(neighbours, barred)
    number = {code: i for i, code in enumerate(codes)}
    added, removed = _inside(rules.add, number), _inside(rules.remove, number)
    neighbours = _with(neighbours, added)
    futile = (*futile, *futile_removals(neighbours, places, removed))
    neighbours = _without(neighbours, removed)
    return Neighbours(
        tuple(tuple(sorted(row)) for row in neighbours),
        dropped=tuple(sorted(dropped - added)),
        barred=tuple(sorted(barred - added)),
        joined=tuple(sorted(joined - removed - barred)),
        added=tuple(sorted(added - removed)),
        futile=futile,
    )


def connected_parts(neighbours: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Split a region into its connected parts, each sorted, in order of their first practice.

    Parameters
    ----------
    neighbours
        For each practice the indices of its neighbours, both ways round.
    """
    parts: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for start in range(len(neighbours)):
        if start not in seen:
            part, frontier = {start}, [start]
            while frontier:
                new = set(neighbours[frontier.pop()]) - part
                part |= new
                frontier += new
            seen |= part
            parts.append(tuple(sorted(part)))
    return tuple(parts)


def _neighbours(n: int, pairs: Pairs) -> list[Collection[int]]:
    sides: list[set[int]] = [set() for _ in range(n)]
    for i, j in pairs:
        sides[i].add(j)
        sides[j].add(i)
    return [*sides]


def _with(near: Sequence[Collection[int]], pairs: Pairs) -> list[Collection[int]]:
    more = dict(enumerate(near))
    for i, j in pairs:
        more[i], more[j] = {*more[i], j}, {*more[j], i}
    return [*more.values()]


def _without(near: Sequence[Collection[int]], pairs: Pairs) -> list[Collection[int]]:
    less = dict(enumerate(near))
    for i, j in pairs:
        less[i], less[j] = {*less[i]} - {j}, {*less[j]} - {i}
    return [*less.values()]


def _pair(i: int, j: int) -> tuple[int, int]:
    return (i, j) if i < j else (j, i)


def _inside(edges: Sequence[tuple[str, str]], places: Mapping[str, int]) -> Pairs:
    return {_pair(places[a], places[b]) for a, b in edges if a in places and b in places}


def _user_pairs(path: Path, codes: Sequence[str]) -> Pairs:
    columns = ("practice_code", "neighbour_code")
    rows, faults = read_pairs(path, columns, codes)
    alike = rows[rows["practice_code"] == rows["neighbour_code"]]
    faults += faulty_rows(
        alike,
        lambda line, row: Fault(
            path.name,
            "makes a practice its own neighbour",
            "Name two different practices.",
            line,
            "neighbour_code",
            row["neighbour_code"],
        ),
    )
    if rows.empty and len(codes) > 1:
        remedy = "Check that it uses the practice codes of the input."
        faults.append(Fault(path.name, "names no two practices of the region", remedy))
    if faults:
        raise InputError(faults)
    places = {code: i for i, code in enumerate(codes)}
    return {
        _pair(places[a], places[b])
        for a, b in zip(rows["practice_code"], rows["neighbour_code"], strict=True)
    }


def _catchment_pairs(table: pd.DataFrame, catchments: pd.DataFrame, rules: Adjacency) -> Pairs:
    """Join practices whose catchments overlap, or whose main areas are the same or touch.

    Only the main areas have cells. So they cover the whole outline, and no practice is cut off by
    an area that is nobody's main one; and the odd patient far away does not stretch the outline.
    """
    homes = homes_of(table, catchments).all_located(table)
    main = main_areas(homes, rules.main)
    used = np.unique(main.indices)
    main = main[:, used]
    touching = _near(homes.areas[used], rules, None)
    beside = np.array([(a, b) for a, near in enumerate(touching) for b in (a, *near)])
    links = csr_matrix((np.ones(len(beside), dtype=np.int64), beside.T), (len(used), len(used)))
    i, j = (main @ links @ main.T).nonzero()
    joined = {pair for pair in zip(i.tolist(), j.tolist(), strict=True) if pair[0] < pair[1]}
    return joined | overlapping_pairs(homes, rules.shared)


def _points(table: pd.DataFrame) -> NDArray[np.float64]:
    return table[["easting", "northing"]].to_numpy(dtype=np.float64)


def _near(
    points: NDArray[np.float64], rules: Adjacency, outline: shapely.Geometry | None
) -> list[Collection[int]]:
    """Return the neighbours of each point: all at its own site, and at those that are neighbours.

    Never as pairs: of a thousand practices at one address there are half a million.
    """
    sites, site_of = sites_of(points)
    order = np.argsort(site_of, kind="stable")
    starts = np.searchsorted(site_of[order], np.arange(1, len(sites)))
    residents = [there.tolist() for there in np.split(order, starts)]
    near: list[Collection[int]] = [()] * len(points)
    for site, beside in enumerate(_neighbours(len(sites), _site_pairs(sites, rules, outline))):
        around = sorted(i for other in (site, *beside) for i in residents[other])
        for i in residents[site]:
            k = bisect_left(around, i)
            near[i] = (*around[:k], *around[k + 1 :])
    return near


def _site_pairs(
    sites: NDArray[np.float64], rules: Adjacency, outline: shapely.Geometry | None
) -> Pairs:
    if len(sites) == 1:
        return set()
    if rules.method == "knn":
        return _nearest_pairs(sites, rules.nearest)
    if in_a_line(sites):
        chain = _chain(sites)
        return chain if outline is None else chain & _voronoi_pairs(sites, _beside(sites, outline))
    if rules.method == "gabriel":
        return _gabriel_pairs(sites)
    return _voronoi_pairs(sites, land_within(alpha_shape(sites), outline))


def _beside(sites: NDArray[np.float64], outline: shapely.Geometry) -> shapely.Geometry:
    """Return the land on both sides of a line of sites, as far as it is to the middle of a step."""
    widest = max(np.linalg.norm(sites[i] - sites[j]) for i, j in _chain(sites))
    return land_within(shapely.multipoints(sites).convex_hull.buffer(widest / 2), outline)


def _chain(sites: NDArray[np.float64]) -> Pairs:
    """Join sites that lie in a line, within some metres, each to the next.

    Two sites, or a row of sites, have no triangles, and so neither alpha shape nor triangulation.
    """
    centred = sites - sites.mean(axis=0)
    along = centred @ np.linalg.svd(centred, full_matrices=False)[2][0]
    order = along.argsort(kind="stable").tolist()
    return {_pair(i, j) for i, j in itertools.pairwise(order)}


def _nearest_pairs(sites: NDArray[np.float64], nearest: int) -> Pairs:
    count = min(nearest, len(sites) - 1)
    found = KDTree(sites).query(sites, k=count + 1)[1].tolist()
    return {_pair(i, j) for i, row in enumerate(found) for j in row if i != j}


def _gabriel_pairs(sites: NDArray[np.float64]) -> Pairs:
    """Join sites when no other is within the circle on the line between them.

    After Gabriel and Sokal, "A new statistical approach to geographic variation analysis",
    Systematic Zoology 18 (1969). Such a line is a side of Delaunay triangles, and if any site is in
    its circle, then a third corner of one of them, where the angle is obtuse.
    """
    triangles = Delaunay(sites).simplices.astype(np.int64)
    sides = np.concatenate([np.roll(triangles, turn, axis=1) for turn in range(3)])
    a, b, third = (sites[corner] for corner in sides.T)
    is_obtuse = ((a - third) * (b - third)).sum(axis=1) < 0
    return _pairs(sides[:, :2]) - _pairs(sides[is_obtuse, :2])


def _voronoi_pairs(sites: NDArray[np.float64], clip: shapely.Geometry) -> Pairs:
    """Join sites whose cells have an edge in common, with whichever of their parts."""
    if clip.is_empty:
        return set()
    parts, site_of = voronoi_cells(sites, clip)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    corners, ring_of = shapely.get_coordinates(rings, return_index=True)
    steps = corners.view(np.complex128).ravel()
    edges = np.sort(np.column_stack([steps[:-1], steps[1:]]), axis=1)
    within = ring_of[:-1] == ring_of[1:]
    _, edge_of = np.unique(edges[within], axis=0, return_inverse=True)
    owner = site_of[part_of[ring_of[:-1][within]]]
    bounds = csr_matrix((np.ones(len(owner)), (edge_of, owner)))
    return _pairs(np.argwhere(bounds.T @ bounds))


def _pairs(rows: NDArray[np.int64]) -> Pairs:
    return {_pair(i, j) for i, j in rows.tolist() if i != j}
