"""Synthetic neighbourhoods to go with a synthetic region, planted so that the best fit is known.

The practices are divided into groups that keep the band and hang together over land, and around
each of them there is a neighbourhood. All patients of a practice live in that of its group. So a
plan of these groups has nobody misaligned, and if one area goes to another neighbourhood, all who
live there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree
from scipy.spatial import Delaunay, KDTree

from pcn_group.config.model import Band
from pcn_group.practices.grid import GRID
from pcn_group.practices.sample_areas import make_sample_areas
from pcn_group.practices.sample_land import sample_land
from pcn_group.practices.sample_region import Labels, Land, Points, make_land, make_sample

__all__ = ["PlantedMap", "make_sample_neighbourhoods"]

_STREAM = 2026
"""Of random numbers, apart from those of the region and of its areas."""

_TREES = 5_000
"""How many trees of practices are tried until one can be cut into groups in the band."""

_FAR = 50.0
"""How many times as long, or short, the lines of a branch that is to blame may count: so some may
be over water."""

_WHOLE_TREES = 50
"""How many of them, and one in so many after that, are drawn anew as a whole."""

_STEPS = 20
"""Points of a line between practices that are looked at for water."""

_OVER_WATER = 10
"""How many times as long a line over water counts."""

_COAST = 500.0
"""Metres that neighbourhoods go beyond the land: the coast is drawn with corners cut."""


@dataclass(frozen=True)
class PlantedMap:
    """A map of neighbourhoods with the plan that fits it.

    Attributes
    ----------
    patients, centroids
        As `make_sample_areas` gives them: every patient lives in the neighbourhood of the practice.
    areas
        `lsoa_code`, `neighbourhood_code`, `neighbourhood_name`.
    shapes
        The same map as GeoJSON in whole metres: each polygon holds the centroids of its areas.
    plan
        `practice_code`, `network_id`: the plan that nobody is misaligned in. A network is called by
        the code of its neighbourhood.
    """

    patients: pd.DataFrame
    centroids: pd.DataFrame
    areas: pd.DataFrame
    shapes: str
    plan: pd.DataFrame


def make_sample_neighbourhoods(practices: int, seed: int) -> PlantedMap | None:
    """Make neighbourhoods for the region that `make_sample(practices, seed)` makes.

    None where no division of the practices into groups in the band was found: they may be too few,
    or too many at one place.
    """
    table = make_sample(practices, seed)
    land = make_land(np.random.default_rng([seed, practices]), practices)
    places = land.from_grid(table[["easting", "northing"]].to_numpy(dtype=np.float64))
    rng = np.random.default_rng([seed, practices, _STREAM])
    group = _groups(rng, land, places, table["list_size"].to_numpy())
    if group is None:
        return None
    patients, centroids = make_sample_areas(practices, seed, group)
    points = centroids[["easting", "northing"]].to_numpy(dtype=np.float64)
    of_area = group[KDTree(places).query(land.from_grid(points))[1]]
    codes = np.array([f"XH{number:04}" for number in range(1, group.max() + 2)])
    names = np.array([*_names(table, group)])
    return PlantedMap(
        patients,
        centroids,
        pd.DataFrame(
            {
                "lsoa_code": centroids["lsoa_code"],
                "neighbourhood_code": codes[of_area],
                "neighbourhood_name": names[of_area],
            }
        ),
        _shapes(points, of_area, codes, names, sample_land(practices, seed)),
        pd.DataFrame({"practice_code": table["practice_code"], "network_id": codes[group]}),
    )


def _groups(rng: np.random.Generator, land: Land, places: Points, lists: Labels) -> Labels | None:
    """Divide practices into groups in the band, each a part of a tree of short lines over land.

    Practices at one place are in one group. Groups are numbered as their first practices are. Where
    many trees cannot be cut, only the lines of the branch that is to blame count longer or shorter
    in the next one.
    """
    sites, site_of = np.unique(places, axis=0, return_inverse=True)
    weights = np.bincount(site_of, weights=lists).astype(np.int64)
    starts, ends, metres = _lines(land, sites)
    stretched = metres.copy()
    for attempt in range(1, _TREES + 1):
        graph = csr_matrix((stretched, (starts, ends)), (len(sites), len(sites)))
        cut, is_to_blame = _cut(minimum_spanning_tree(graph), weights)
        if cut is not None:
            return pd.factorize(cut[site_of])[0].astype(np.int64)
        if attempt < _WHOLE_TREES or attempt % _WHOLE_TREES == 0:
            stretched = metres * rng.uniform(0.5, 2, size=len(metres))
        else:
            again = is_to_blame[starts] | is_to_blame[ends]
            stretched[again] = metres[again] * _FAR ** rng.uniform(-1, 1, size=int(again.sum()))
    return None


def _lines(land: Land, sites: Points) -> tuple[Labels, Labels, Points]:
    """Return the lines between sites that have no other site near, and how long they count.

    No other site is in the circle on such a line (Gabriel): so the two are neighbours.
    """
    every = np.column_stack(np.triu_indices(len(sites), 1))
    if len(sites) > 3:
        corners = Delaunay(sites).simplices
        sides = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
        every = np.unique(np.sort(sides, axis=1), axis=0)
    ends = sites[every]
    metres = np.hypot(*(ends[:, 0] - ends[:, 1]).T)
    inside = KDTree(sites).query_ball_point(
        ends.mean(axis=1), metres / 2 * (1 - 1e-9), return_length=True
    )
    every, ends, metres = every[inside == 0], ends[inside == 0], metres[inside == 0]
    steps = np.linspace(0, 1, _STEPS + 1)[:, None, None]
    between = ends[:, 0] + steps * (ends[:, 1] - ends[:, 0])
    is_dry = land.holds(between.reshape(-1, 2)).reshape(len(steps), -1).all(axis=0)
    return every[:, 0], every[:, 1], np.where(is_dry, metres, _OVER_WATER * metres)


_Weights = dict[int, tuple[int, int | None]]
"""What a part of a tree may weigh, with how: the weight without the last branch, and that of the
branch, None if the branch is cut off"""


def _cut(tree: csr_matrix, weights: Labels) -> tuple[Labels | None, NDArray[np.bool_]]:
    """Cut a tree into parts in the band.

    Returns
    -------
    The number of each site's part, or None where it cannot be cut; and the sites of the smallest
    branch that no cuts leave in the band, which is the whole tree where only that is to blame.

    From the leaves on, it is kept what the part around a site may weigh, with each of the branches
    below it either in the part or cut off, which has to be in the band.
    """
    order, parent = breadth_first_order(tree, 0, directed=False)
    branches: dict[int, list[int]] = {int(site): [] for site in order}
    for site in order[1:].tolist():
        branches[int(parent[site])].append(site)
    steps: dict[int, list[_Weights]] = {}
    for site in order[::-1].tolist():
        steps[site] = [{int(weights[site]): (0, None)}]
        for branch in branches[site]:
            steps[site].append(_with_branch(steps[site][-1], steps[branch][-1]))
        if not steps[site][-1]:
            return None, _of_branch(branches, site)
    whole = _best(steps[0][-1])
    if whole is None:
        return None, _of_branch(branches, 0)
    part = np.zeros(len(weights), dtype=np.int64)
    todo = [(0, whole)]
    for site, outside in todo:
        weight = outside
        for branch, step in zip(reversed(branches[site]), reversed(steps[site]), strict=False):
            weight, joined = step[weight]
            part[branch] = part[site] if joined is not None else branch
            todo.append((branch, _chosen(steps[branch][-1], joined)))
    return part, np.zeros(len(weights), dtype=np.bool_)


def _of_branch(branches: Mapping[int, Sequence[int]], site: int) -> NDArray[np.bool_]:
    """Tell which sites are in the branch that begins at one."""
    inside = np.zeros(len(branches), dtype=np.bool_)
    todo = [site]
    for each in todo:
        inside[each] = True
        todo += branches[each]
    return inside


def _with_branch(weights: _Weights, branch: _Weights) -> _Weights:
    most = Band().max
    found: _Weights = {}
    if _best(branch) is not None:
        found |= {weight: (weight, None) for weight in weights}
    for weight in weights:
        for more in branch:
            if weight + more <= most:
                found.setdefault(weight + more, (weight, more))
    return found


def _best(weights: _Weights) -> int | None:
    """Return the weight nearest to the middle of the band; None if none is in it."""
    band = Band()
    inside = [weight for weight in weights if band.min <= weight <= band.max]
    middle = (band.min + band.max) / 2
    return min(inside, key=lambda weight: (abs(weight - middle), weight), default=None)


def _chosen(weights: _Weights, joined: int | None) -> int:
    best = _best(weights) if joined is None else joined
    if best is None:
        raise AssertionError("a branch is cut off only if it is in the band")
    return best


def _names(table: pd.DataFrame, group: Labels) -> Iterator[str]:
    """Name each neighbourhood after the place of its largest practice, numbered where that is so.

    The name of a practice begins with its place.
    """
    used: dict[str, int] = {}
    for number in range(group.max() + 1):
        own = table[group == number]
        largest = own.sort_values("list_size", ascending=False)["practice_name"].iloc[0]
        place = str(largest).split()[0]
        used[place] = used.get(place, 0) + 1
        yield place if used[place] == 1 else f"{place} {used[place]}"


def _shapes(
    points: Points, of_area: Labels, codes: NDArray[np.str_], names: NDArray[np.str_], land: str
) -> str:
    """Return the land around the centroids of each neighbourhood, as GeoJSON in whole metres."""
    collection = json.loads(land)
    whole = shapely.geometry.shape(collection["features"][0]["geometry"]).buffer(_COAST)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=whole)
    )
    cells = cells[shapely.STRtree(cells).query(shapely.points(points), "intersects")[1]]
    features = []
    for number, (code, name) in enumerate(zip(codes, names, strict=True)):
        shape = shapely.union_all(cells[of_area == number], grid_size=1.0)
        shape = shapely.intersection(shape, whole, grid_size=1.0)
        features.append(
            {
                "type": "Feature",
                "properties": {"neighbourhood_code": str(code), "neighbourhood_name": str(name)},
                "geometry": _in_whole_metres(shapely.geometry.mapping(shape)),
            }
        )
    crs = {"type": "name", "properties": {"name": GRID}}
    drawn = {"type": "FeatureCollection", "crs": crs, "features": features}
    return json.dumps(drawn, separators=(",", ":")) + "\n"


def _in_whole_metres(values: object) -> object:
    if isinstance(values, dict):
        return {key: _in_whole_metres(value) for key, value in values.items()}
    if isinstance(values, float):
        return round(values)
    return values if isinstance(values, str) else [_in_whole_metres(v) for v in values]  # type: ignore[attr-defined]
