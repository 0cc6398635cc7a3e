"""The land of practices and of networks, as drawn: every place belongs to the nearest practice.

These areas are for pictures. They are not boundaries of responsibility: patients of a place may be
registered with any practice. They differ from the cells that make neighbours in where they end:
some way beyond the outermost practices, so that these stand inside their areas.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from pcn_group.config.model import Adjacency
from pcn_group.geography.outline import read_outline
from pcn_group.geography.shapes import alpha_shape, in_a_line, land_within, sites_of, voronoi_cells
from pcn_group.geography.territory import territory
from pcn_group.practices.grid import GRID
from pcn_group.practices.table import has_places

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["cell_areas", "network_areas"]


def cell_areas(table: pd.DataFrame, outline: Path | None) -> NDArray[np.float64]:
    """Return the land of each practice in square kilometres: float64 (n,).

    Practices at one address share its cell by their patients. There is no land, and so only zeros,
    where all sites lie in a line, or practices do not say where they are.

    Parameters
    ----------
    table
        With `easting` and `northing` in metres (EPSG:27700), and `list_size`.
    outline
        A file with the region's land, to clip cells to beside the alpha shape.

    Raises
    ------
    InputError
        As `read_outline`.
    """
    if not has_places(table):
        return np.zeros(len(table))
    sites, site_of = sites_of(table[["easting", "northing"]].to_numpy(dtype=np.float64))
    land = read_outline(outline, table) if outline is not None else None
    if in_a_line(sites):
        return np.zeros(len(table))
    parts, owner = voronoi_cells(sites, land_within(alpha_shape(sites), land))
    metres = np.bincount(owner, weights=shapely.area(parts), minlength=len(sites))
    patients = table["list_size"].to_numpy(dtype=np.float64)
    shares = patients / np.bincount(site_of, weights=patients)[site_of]
    areas: NDArray[np.float64] = metres[site_of] * shares / 1e6
    return areas


_GRID = 0.001
"""Borders meet on a grid of millimetres"""

_AT_IT = 1.0
"""How near the land of a practice is to it, in metres, unless water cuts it off"""


def network_areas(
    table: pd.DataFrame,
    networks: Sequence[Sequence[int]],
    rules: Adjacency,
    regions: Sequence[Sequence[int]] | None = None,
    kin: Sequence[Sequence[int]] = (),
) -> gpd.GeoSeries:
    """Return the land of each network: that of its practices, in one.

    The land of an address with practices of several networks is cut into sectors that meet there,
    equally wide, each as far as possible on the side where the rest of its network is nearest.
    The areas have no land in common. Each covers its practices' places, to the metre.

    Parameters
    ----------
    table
        With `practice_code`, and `easting` and `northing` in metres (EPSG:27700).
    networks
        The positions in the table of the members of each. The land of rows in no network is in no
        area.
    rules
        Name the outline and the land, if the user gave any.
    regions
        The positions in the table of the members of each; by default all are one region.
    kin
        Which networks belong together: at an address of several, each has its land on the side
        where those that it belongs with are nearest. By default each belongs with none.

    Returns
    -------
    geopandas.GeoSeries
        A polygon or multipolygon for each network; EPSG:27700.

    Raises
    ------
    InputError
        As `read_outline`.
    """
    sites, site_of = sites_of(table[["easting", "northing"]].to_numpy(dtype=np.float64))
    left_out = sorted(set(range(len(table))).difference(*networks))
    residents = _residents(site_of, [*networks, left_out])
    group_of = {number: group for group, own in enumerate(kin) for number in own}
    sectors = {
        site: _sectors(site, there, sites, residents, group_of)
        for site, there in enumerate(residents)
        if len(there) > 1
    }
    groups = [range(len(sites))]
    if regions is not None:
        groups = [np.unique(site_of[list(members)]).tolist() for members in regions]
    land = territory(sites, table, groups, rules)
    reach = 2 * shapely.MultiPoint(shapely.get_coordinates(land)).envelope.length
    cuts = [
        shapely.LineString([sites[site], sites[site] + reach * _unit(angle)])
        for site, (starts, _) in sectors.items()
        for angle in starts
    ]
    faces, owner = _faces(sites, land, cuts)
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    network_of = np.array([min(there) for there in residents])[owner]
    for face in np.flatnonzero(np.isin(owner, list(sectors))):
        starts, order = sectors[int(owner[face])]
        angle = _angle(inside[face] - sites[owner[face]])
        network_of[face] = order[int(np.searchsorted(starts, angle, side="right")) - 1]
    areas = _dissolved(faces, network_of, len(networks))
    from geopandas import GeoSeries  # noqa: PLC0415 - slow to import, for pictures alone

    return GeoSeries(areas, crs=GRID)


def _faces(
    sites: NDArray[np.float64], land: shapely.Geometry, cuts: Sequence[shapely.Geometry]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cut the land along the lines between sites, and along others; give faces and their sites.

    One network of lines, meeting in points of a grid, bounds all faces. So they share their borders
    exactly, and what is dissolved from them neither overlaps nor leaves gaps.
    """
    between = shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=land, only_edges=True)
    lines = shapely.union_all([between, land.boundary, *cuts], grid_size=_GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = shapely.point_on_surface(faces)
    shapely.prepare(land)
    on_land = shapely.contains(land, inside)
    owner = KDTree(sites).query(shapely.get_coordinates(inside[on_land]))[1]
    return faces[on_land], _by_land(faces[on_land], owner, sites)


def _by_land(
    faces: NDArray[np.object_], owner: NDArray[np.int64], sites: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the site of each face, which is never across water from it but for islands.

    What water cuts off from its site goes to the site that it has the longest border with by land.
    """
    owner = owner.copy()
    cut_off = set(_cut_off(faces, owner, sites))
    first, other = shapely.STRtree(faces).query(faces[[*cut_off]], "intersects")
    around: dict[int, list[tuple[int, float]]] = {}
    for face, beside in zip(np.array([*cut_off])[first], other, strict=True) if cut_off else ():
        border = shapely.length(shapely.intersection(faces[face], faces[beside]))
        if face != beside and border > 0:
            around.setdefault(int(face), []).append((int(beside), float(border)))
    while cut_off:
        taken: dict[int, int] = {}
        for face in sorted(cut_off):
            borders: defaultdict[int, float] = defaultdict(float)
            for beside, border in around.get(face, ()):
                if beside not in cut_off:
                    borders[int(owner[beside])] += border
            if borders:
                taken[face] = max(borders, key=lambda site: (borders[site], -site))
        if not taken:
            break
        owner[[*taken]] = [*taken.values()]
        cut_off -= set(taken)
    return owner


def _cut_off(
    faces: NDArray[np.object_], owner: NDArray[np.int64], sites: NDArray[np.float64]
) -> Iterator[int]:
    """Return the faces that are in another part of their site's land than the site itself."""
    for site, point in enumerate(shapely.points(sites)):
        own = np.flatnonzero(owner == site)
        parts = shapely.get_parts(shapely.coverage_union_all(faces[own]))
        if len(parts) > 1:
            there = parts[shapely.dwithin(parts, point, _AT_IT)]
            inside = shapely.point_on_surface(faces[own])
            yield from own[~shapely.intersects(inside[:, None], there).any(axis=1)].tolist()


def _dissolved(
    faces: NDArray[np.object_], owner: NDArray[np.int64], count: int
) -> NDArray[np.object_]:
    """Join the faces of each owner."""
    areas = [shapely.coverage_union_all(faces[owner == k]) for k in range(count)]
    ordered: NDArray[np.object_] = shapely.normalize(np.array(areas, dtype=object))
    return ordered


def _residents(
    site_of: NDArray[np.int64], networks: Sequence[Sequence[int]]
) -> tuple[frozenset[int], ...]:
    """Return the numbers of the networks that have practices at each site."""
    residents: list[set[int]] = [set() for _ in range(site_of.max() + 1)]
    for number, members in enumerate(networks):
        for member in members:
            residents[site_of[member]].add(number)
    return tuple(frozenset(there) for there in residents)


def _sectors(
    site: int,
    there: frozenset[int],
    sites: NDArray[np.float64],
    residents: Sequence[frozenset[int]],
    group_of: Mapping[int, int],
) -> tuple[NDArray[np.float64], list[int]]:
    """Return where each sector around a site starts, ascending angles, and the network it is for.

    Networks follow one another as the directions of their nearest other sites do, and the sectors
    are turned so that these are, on average, in their middles.
    """
    towards: dict[int, float] = {}
    kin = {number: group_of.get(number, -1 - number) for number in there}
    for number in sorted(there):
        own = {number, *(other for other, group in group_of.items() if group == kin[number])}
        others = [k for k, also in enumerate(residents) if own & also and k != site]
        if others:
            steps = sites[others] - sites[site]
            towards[number] = _angle(steps[np.linalg.norm(steps, axis=1).argmin()])
    for number in sorted(there - set(towards)):
        also = [towards[other] for other in towards if kin[other] == kin[number]]
        towards[number] = also[0] if also else _widest_gap(sorted(towards.values()))
    order = sorted(there, key=lambda number: (towards[number], kin[number], number))
    width = 2 * np.pi / len(order)
    steps = [_unit(towards[number] - k * width) for k, number in enumerate(order)]
    turn = _angle(np.sum(steps, axis=0)) - width / 2
    starts = (turn + width * np.arange(len(order))) % (2 * np.pi)
    first = int(starts.argmin())
    return np.roll(starts, -first), order[first:] + order[:first]


def _widest_gap(angles: Sequence[float]) -> float:
    """Return the middle of the widest gap between ascending angles."""
    if not angles:
        return 0.0
    gaps = [b - a for a, b in itertools.pairwise([*angles, angles[0] + 2 * np.pi])]
    widest = int(np.argmax(gaps))
    return float((angles[widest] + gaps[widest] / 2) % (2 * np.pi))


def _angle(step: NDArray[np.float64]) -> float:
    return float(np.arctan2(step[1], step[0]) % (2 * np.pi))


def _unit(angle: float) -> NDArray[np.float64]:
    return np.array([np.cos(angle), np.sin(angle)])
