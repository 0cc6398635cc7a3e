"""Pricing: all the candidates whose reduced cost is small, from every hub, in parallel threads."""

from __future__ import annotations

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pcn_group.solver.bound.kernel import enumerate_hub, enumerate_linked
from pcn_group.solver.bound.kernel_columns import Enumerated
from pcn_group.solver.bound.kernel_state import UNLIMITED, Request
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance

__all__ = ["UNLIMITED", "Enumerated", "Priced", "Pricer", "Request"]

Int = NDArray[np.int64]


@dataclass(frozen=True)
class Priced:
    """What one pricing found.

    Attributes
    ----------
    columns
        Candidates with a reduced cost at most the threshold, each once.
    reduced
        int64: their reduced costs, cut duals included.
    least
        int64 (n,), none above zero: no candidate whatever with this hub has a smaller reduced cost.
        Where the hub's enumeration was cut short, that is what its knapsack relaxation says.
    complete
        Whether no hub's enumeration was cut short.
    nodes
        Sets and exclusions visited.
    """

    columns: Columns
    reduced: Int
    least: Int
    complete: bool
    nodes: int


class Pricer:
    """Enumerates candidates of an instance; `close` it when done."""

    def __init__(self, instance: Instance, workers: int, deadline: float) -> None:
        self._instance = instance
        self._watch = np.zeros(2, dtype=np.int64)
        self.nodes = 0
        """Visited in all pricings so far."""
        self._threads = ThreadPoolExecutor(workers)
        self._timer = threading.Timer(max(0.0, deadline - time.monotonic()), self.stop)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Cut short whatever is being enumerated, and everything after it."""
        self._watch[0] = 1

    @property
    def flag(self) -> Int:
        """What the kernels look at: not zero at first once the deadline has passed."""
        return self._watch

    def is_stopped(self) -> bool:
        """Whether the deadline has passed."""
        return bool(self._watch[0])

    def close(self) -> None:
        """Let the threads go."""
        self._timer.cancel()
        self.stop()
        self._threads.shutdown()

    def price(self, request: Request) -> Priced:
        """Enumerate the candidates whose reduced cost is at most the request's threshold."""
        region = self._instance.region
        enumerate_one = enumerate_linked if region.has_pair_rules else enumerate_hub

        def one(hub: int) -> Enumerated:
            return enumerate_one(region, hub, request, self._watch)

        self._watch[1] = 0
        results = list(self._threads.map(one, range(self._instance.size)))
        members, lengths, costs, reduced, nodes, bounds, complete = zip(*results, strict=True)
        floors = [
            int(found.min(initial=0)) if whole else min(0, math.floor(bound))
            for found, bound, whole in zip(reduced, bounds, complete, strict=True)
        ]
        self.nodes += sum(nodes)
        return Priced(
            columns=Columns.packed(
                np.concatenate(members), np.concatenate(lengths), np.concatenate(costs)
            ),
            reduced=np.concatenate(reduced),
            least=np.array(floors, dtype=np.int64),
            complete=all(complete),
            nodes=sum(nodes),
        )
