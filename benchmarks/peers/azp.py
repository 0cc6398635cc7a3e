"""spopt's automatic zoning procedure, for each number of networks the band allows in turn.

The procedure moves practices between a given number of contiguous networks while that improves an
objective. Through spopt's extension point for objectives it is given the cost of this benchmark,
with a price on each patient outside the band. The objective it comes with, pairwise distances of
attributes, knows nothing of sizes, and left most networks outside the band.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
from libpysal.weights import W
from numpy.typing import NDArray
from protocol import Answer, Region, by_label, serve
from spopt.region import AZP
from spopt.region.objective_function import ObjectiveFunction

Labels = NDArray[np.int32]


class TravelAndBand(ObjectiveFunction):  # type: ignore[misc]  # spopt has no types
    """The cost of each network at its best hub, and a price on each patient outside the band."""

    def __init__(self, region: Region) -> None:
        super().__init__()
        self._cost = np.array(region.cost)
        self._weights = np.array(region.weights)
        self._band = region.band
        # Dear enough that a patient outside the band is never worth less travel.
        self._price = int(self._cost.max())

    def __call__(self, labels: Labels, attr: object) -> int:  # noqa: ARG002 - spopt's signature
        return sum(self._of(np.flatnonzero(labels == label)) for label in np.unique(labels))

    def update(self, moving_area: int, recipient_region: int, labels: Labels, attr: object) -> int:  # noqa: ARG002 - spopt's signature
        donor = np.flatnonzero(labels == labels[moving_area])
        recipient = np.flatnonzero(labels == recipient_region)
        after = (donor[donor != moving_area], np.append(recipient, moving_area))
        return self._total(after) - self._total((donor, recipient))

    def _total(self, networks: Iterable[NDArray[np.int64]]) -> int:
        return sum(self._of(members) for members in networks)

    def _of(self, members: NDArray[np.int64]) -> int:
        smallest, largest = self._band
        patients = int(self._weights[members].sum())
        outside = max(0, smallest - patients, patients - largest)
        travel = int(self._cost[np.ix_(members, members)].sum(axis=0).min())
        return travel + self._price * outside


def group(region: Region, answer: Answer) -> None:
    x, y = zip(*region.places, strict=True)
    table = gpd.GeoDataFrame({"x": x, "y": y}, geometry=gpd.points_from_xy(x, y))
    neighbours = W(dict(enumerate(region.neighbours)), silence_warnings=True)
    objective = TravelAndBand(region)
    for seed, count in enumerate(itertools.cycle(region.network_counts)):
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002 - spopt draws from the global generators
        model = AZP(
            table, neighbours, ["x", "y"], count, random_state=seed, objective_func=objective
        )
        model.solve()
        answer.offer(by_label(model.labels_))


if __name__ == "__main__":
    serve(group, "spopt", "libpysal")
