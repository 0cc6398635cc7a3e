"""spopt's max-p regions heuristic: as many contiguous networks of the minimum size as it can make.

It knows a floor but no ceiling, and measures a network by the pairwise city-block distances of its
members' coordinates, whoever is registered there. Runs with other seeds follow until time is up,
and the best by the common measure counts. Fewer iterations than spopt's own did no better.
"""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
from libpysal.weights import W
from protocol import Answer, Region, by_label, serve
from spopt.region import MaxPHeuristic


def group(region: Region, answer: Answer) -> None:
    x, y = zip(*region.places, strict=True)
    columns = {"x": x, "y": y, "patients": region.weights}
    table = gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(x, y))
    neighbours = W(dict(enumerate(region.neighbours)), silence_warnings=True)
    for seed in itertools.count():
        np.random.seed(seed)  # noqa: NPY002 - spopt draws from the global generator
        model = MaxPHeuristic(table, neighbours, ["x", "y"], "patients", region.band[0])
        model.solve()
        answer.offer(by_label(model.labels_))


if __name__ == "__main__":
    serve(group, "spopt", "libpysal")
