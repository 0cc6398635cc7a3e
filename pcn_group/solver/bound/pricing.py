"""Pricing: all the candidates whose reduced cost is small, from every hub, in parallel threads."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pcn_group.solver.bound.kernel import (
    DONE,
    FULL,
    empty_marks,
    enumerate_hub,
    enumerate_linked,
)
from pcn_group.solver.bound.kernel_columns import Enumerated, enumerated, with_more_room
from pcn_group.solver.bound.kernel_state import (
    TOLD,
    UNLIMITED,
    KernelState,
    Request,
    empty_state,
)
from pcn_group.solver.bound.narrowing import narrowed, serving
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance, Region
from pcn_group.solver.plan_limits import Kind

__all__ = ["UNLIMITED", "Enumerated", "Priced", "Pricer", "Request"]

Int = NDArray[np.int64]
Task = TypeVar("Task")
Result = TypeVar("Result")

_PARTS = 8
"""Parts of the work for each thread: handing out single hubs takes longer than most of them do."""

_FIRST_NODES = 8_000
"""An enumeration that takes more nodes begins again with separators, if it may take more at all.
Most take fewer, and are done before separators are found."""


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
        int64 (n,), none above zero: no candidate whatever with a hub in the area of this practice
        has a smaller reduced cost. Where an enumeration was cut short, that is what its knapsack
        relaxation says.
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
        self._narrowed: dict[tuple[int, int | None, int | None], Region] = {}
        self._workers, self._threads = workers, ThreadPoolExecutor(workers)
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
        self._watch[1] = 0
        kinds = [*self._instance.limits.kinds(request.limit_duals)]
        parts = [self._priced_kind(kind, request) for kind in kinds]
        self.nodes += sum(part.nodes for part in parts)
        return parts[0] if len(parts) == 1 else joined(parts)

    def _priced_kind(self, kind: Kind, request: Request) -> Priced:
        """Enumerate the candidates of one kind, whose members pay alike for the plan's limits."""
        region = self.narrowed(self._instance.region, kind)
        own = request._replace(
            duals=kind.left_of(request.duals), threshold=request.threshold - kind.pays
        )
        one = partial(self.enumerated, region, own)
        results = self.in_parallel(one, range(len(region.anchors)))
        members, lengths, costs, reduced, nodes, bounds, complete = zip(*results, strict=True)
        floors = [
            int(found.min(initial=-kind.pays)) + kind.pays
            if whole
            else min(0, math.floor(bound) + kind.pays)
            for found, bound, whole in zip(reduced, bounds, complete, strict=True)
        ]
        columns = Columns.packed(
            np.concatenate(members), np.concatenate(lengths), np.concatenate(costs)
        )
        least = np.zeros(len(region.weights), dtype=np.int64)
        np.minimum.at(least, region.anchors, np.array(floors, dtype=np.int64))
        own_kind = self._instance.limits.are_of(columns, kind)
        columns = columns if own_kind.all() else columns.take(own_kind)
        return Priced(
            columns=replace(columns, costs=columns.costs + self._instance.limits.prices(columns)),
            reduced=np.concatenate(reduced)[own_kind] + kind.pays,
            least=least,
            complete=all(complete),
            nodes=sum(nodes),
        )

    def in_parallel(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> list[Result]:
        """Return what work makes of each of the tasks, in their order."""
        tasks = [*tasks]
        size = math.ceil(len(tasks) / (_PARTS * self._workers))
        parts = [tasks[start : start + size] for start in range(0, len(tasks), size or 1)]
        done = self._threads.map(lambda part: [work(task) for task in part], parts)
        return [*chain.from_iterable(done)]

    def enumerated(self, region: Region, request: Request, hub: int) -> Enumerated:
        """Enumerate the candidates around one hub."""
        region = region._replace(largest=min(region.largest, int(region.room[hub])))
        few = request._replace(node_limit=min(request.node_limit, _FIRST_NODES))
        state = empty_state(region, request.cut_duals)
        first = self.resumed(region, few, hub, state)
        if first.complete or request.node_limit <= _FIRST_NODES or self.is_stopped():
            return first
        self._watch[1] -= state.now[TOLD]  # they will be found again
        state = empty_state(region, request.cut_duals, with_separators=True)
        found = self.resumed(region, request, hub, state)
        return found._replace(nodes=first.nodes + found.nodes)

    def resumed(self, region: Region, request: Request, hub: int, state: KernelState) -> Enumerated:
        """Enumerate the candidates around one hub from a state on."""
        marks = empty_marks(len(region.weights)) if region.has_pair_rules else None
        while True:
            if marks is None:
                end = enumerate_hub(region, hub, request, state, self._watch)
            else:
                end = enumerate_linked(region, hub, request, state, marks, self._watch)
            if end != FULL:
                return enumerated(state, complete=end == DONE)
            state = with_more_room(state)

    def narrowed(self, region: Region, kind: Kind) -> Region:
        """Return a region in which there are only the practices and hubs that a kind can have."""
        if kind.practices is None and kind.serves is None:
            return region
        key = id(region), kind.area, kind.serves
        if key not in self._narrowed:
            if kind.practices is not None:
                region = narrowed(region, kind.practices)
            if kind.serves is not None:
                region = serving(region, kind.serves)
            self._narrowed[key] = region
        return self._narrowed[key]


def joined(parts: Sequence[Priced]) -> Priced:
    """Return what several kinds of candidates came to, together."""
    columns = parts[0].columns
    for part in parts[1:]:
        columns = columns.joined(part.columns)
    return Priced(
        columns=columns,
        reduced=np.concatenate([part.reduced for part in parts]),
        least=np.min([part.least for part in parts], axis=0),
        complete=all(part.complete for part in parts),
        nodes=sum(part.nodes for part in parts),
    )
