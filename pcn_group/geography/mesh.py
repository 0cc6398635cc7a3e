"""Land cut into triangles, and the shortest ways over it: exact, whatever the shape of the coast.

Land without holes has one way from any of its triangles to any other, for they hang together as a
tree. Through their common sides runs the shortest line between two places, which a funnel finds in
one pass: Lee and Preparata, "Euclidean shortest paths in the presence of rectilinear barriers",
Networks 14 (1984).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order

from pcn_group.geography.funnel import measure_ways

__all__ = ["Mesh", "build_mesh", "read_mesh", "write_mesh"]

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Mesh:
    """Polygons without holes in triangles, those of each polygon as a tree.

    Attributes
    ----------
    triangles
        For finding the triangle of a place.
    part_of
        int64 (t,): the polygon that each triangle is in.
    parent, depth
        int64 (t,): the next triangle on the way to the root of its tree, and how many there are.
    gates
        float64 (t, 4): the ends of the side that a triangle shares with its parent, on the way
        there the left one first; of a root without meaning.
    """

    triangles: shapely.STRtree
    part_of: Whole
    parent: Whole
    depth: Whole
    gates: Real

    def nearest(self, places: Real) -> tuple[Real, Whole]:
        """Return the nearest place on land to each place, and the triangle it is in."""
        points = shapely.points(places)
        rows, found = self.triangles.query_nearest(points)
        triangle: Whole = found[np.searchsorted(rows, np.arange(len(points)))]
        lines = shapely.shortest_line(self.triangles.geometries[triangle], points)
        return shapely.get_coordinates(lines)[::2], triangle

    def metres(self, starts: tuple[Real, Whole], ends: tuple[Real, Whole]) -> Real:
        """Return the shortest way from each start to each end, infinite to another polygon.

        Parameters
        ----------
        starts, ends
            Places on land and their triangles, as `nearest` gives them.
        """
        places, triangles = (np.concatenate(both) for both in zip(starts, ends, strict=True))
        metres = np.full((len(starts[1]), len(ends[1])), np.inf)
        most = 2 * self.depth.max() + 1
        sleeve, chain = np.empty((most, 4)), np.empty((2 * most + 3, 2))
        measure_ways(
            self.part_of, self.parent, self.depth, self.gates, places, triangles,
            sleeve, chain, metres,
        )  # fmt: skip
        return metres


def build_mesh(parts: NDArray[np.object_]) -> Mesh:
    """Cut polygons into triangles.

    Parameters
    ----------
    parts
        Valid polygons without holes, which have no area in common and no side.
    """
    cut = shapely.constrained_delaunay_triangles(parts)
    triangles, part_of = shapely.get_parts(cut, return_index=True)
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3]
    turned = _cross(corners[:, 0], corners[:, 1], corners[:, 2]) < 0
    corners[turned] = corners[turned, ::-1]
    near, far, side = _common_sides(corners)
    count = len(triangles)
    # One more node joins the trees, so that one walk reaches them all.
    roots = np.unique(part_of, return_index=True)[1]
    joined = csr_matrix(
        (
            np.ones(len(near) + len(roots)),
            (np.append(near, np.full(len(roots), count)), np.append(far, roots)),
        ),
        (count + 1, count + 1),
    )
    order, parent = breadth_first_order(joined, count, directed=False)
    parent = parent.astype(np.int64)[:count]
    depth = np.zeros(count + 1, dtype=np.int64)
    for triangle in order[1:].tolist():
        depth[triangle] = depth[parent[triangle]] + 1
    gates = np.zeros((count, 2, 2))
    for inner, outer in ((near, far), (far, near)):
        is_up = parent[inner] == outer
        gates[inner[is_up]] = side[is_up]
    centre = corners.mean(axis=1)
    swapped = _cross(centre, gates[:, 0], gates[:, 1]) > 0
    gates[swapped] = gates[swapped, ::-1]
    tree = shapely.STRtree(triangles)
    return Mesh(tree, part_of, parent, depth[:count], gates.reshape(-1, 4))


def write_mesh(mesh: Mesh, path: Path) -> None:
    """Keep a mesh whose corners are in whole metres, for `read_mesh`."""
    corners = shapely.get_coordinates(mesh.triangles.geometries).reshape(-1, 4, 2)[:, :3]
    ends = mesh.gates.reshape(-1, 2, 1, 2)
    np.savez_compressed(
        path,
        corners=corners.astype(np.int32),
        part_of=mesh.part_of.astype(np.int16),
        parent=mesh.parent.astype(np.int32),
        depth=mesh.depth.astype(np.int16),
        gates=(corners[:, None] == ends).all(axis=-1).argmax(axis=-1).astype(np.int8),
    )


def read_mesh(path: Path) -> Mesh:
    """Return a mesh that `write_mesh` kept, in a fifth of the time that building it takes."""
    with np.load(path) as kept:
        part_of, parent, depth = (
            kept[name].astype(np.int64) for name in ("part_of", "parent", "depth")
        )
        corners = kept["corners"].astype(np.float64)
        gates = np.take_along_axis(corners, kept["gates"].astype(np.int64)[:, :, None], axis=1)
        triangles = shapely.STRtree(shapely.polygons(corners))
        return Mesh(triangles, part_of, parent, depth, gates.reshape(-1, 4))


def _common_sides(
    corners: Real,
) -> tuple[Whole, Whole, Real]:
    """Return which triangles have a side in common, and the ends of each such side."""
    points = corners.copy().view(np.complex128)[..., 0]
    sides = np.stack([points, np.roll(points, -1, axis=1)], axis=-1).reshape(-1, 2)
    sides.sort(axis=1)
    order = np.lexsort((sides[:, 1], sides[:, 0]))
    again = np.flatnonzero((sides[order[:-1]] == sides[order[1:]]).all(axis=1))
    first, second = order[again], order[again + 1]
    ends = sides[first].view(np.float64).reshape(-1, 2, 2)
    return first // 3, second // 3, ends


def _cross(a: Real, b: Real, c: Real) -> Real:
    (ux, uy), (vx, vy) = (b - a).T, (c - b).T
    turn: Real = ux * vy - uy * vx
    return turn
