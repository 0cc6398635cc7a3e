"""What every peer is given and gives back: the side of the benchmark that runs with the peer.

A peer is a script called with an instance, a file for its answer, a limit in seconds and a number
of threads. It defines one function that offers plans until it has none better, and hands it to
`serve`. Only the standard library is needed here, so that it runs in any environment.
"""

from __future__ import annotations

import contextlib
import heapq
import json
import signal
import sys
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import FrameType

Plan = Collection[Collection[int]]

_FIELDS = ("weights", "cost", "neighbours", "band", "places")


class TimeUp(BaseException):
    """Raised wherever the peer is when its time is up; no error, so that no library catches it."""


@dataclass(frozen=True)
class Region:
    """An instance: practices are numbers from 0.

    Attributes
    ----------
    weights
        Patients of each practice.
    cost
        `cost[i][h]` of practice `i` in a network whose hub is `h`.
    neighbours
        The neighbours of each practice.
    band
        Fewest and most patients of a network.
    places
        Easting and northing of each practice, in metres.
    limit
        Seconds the peer has.
    threads
        Threads it may use.
    """

    weights: list[int]
    cost: list[list[int]]
    neighbours: list[list[int]]
    band: tuple[int, int]
    places: list[tuple[float, float]]
    limit: float
    threads: int

    @property
    def edges(self) -> list[tuple[int, int]]:
        """Each pair of neighbours once."""
        return [(i, j) for i, near in enumerate(self.neighbours) for j in near if i < j]

    @property
    def network_counts(self) -> range:
        """How many networks a plan inside the band can have."""
        smallest, largest = self.band
        patients = sum(self.weights)
        return range(-(-patients // largest), patients // smallest + 1)

    def network_cost(self, members: Collection[int]) -> int:
        """Return the cost of a network at its best hub."""
        return min(sum(self.cost[i][hub] for i in members) for hub in members)

    def outside(self, members: Collection[int]) -> int:
        """Return the patients by which a network misses the band."""
        smallest, largest = self.band
        patients = sum(self.weights[i] for i in members)
        return max(0, smallest - patients, patients - largest)

    def companions(self, hub: int) -> set[int]:
        """Find who can be in a network with a hub: joined to it by a path within the maximum."""
        largest = self.band[1]
        least = {hub: self.weights[hub]}
        queue = [(least[hub], hub)]
        while queue:
            patients, i = heapq.heappop(queue)
            for j in self.neighbours[i]:
                through = patients + self.weights[j]
                if through <= largest and through < least.get(j, through + 1):
                    least[j] = through
                    heapq.heappush(queue, (through, j))
        return set(least)


class Answer:
    """The best plan a peer offered, and what it claims to have proven."""

    def __init__(self, region: Region) -> None:
        self.networks: Plan | None = None
        self.bound: int | None = None
        self.note = ""
        self._region = region
        self._value: tuple[int, int] | None = None
        self._start = time.perf_counter()
        self._found = 0.0

    def offer(self, networks: Plan) -> None:
        """Keep a plan if it has fewer patients outside the band, or as few and costs less."""
        outside = sum(self._region.outside(members) for members in networks)
        value = outside, sum(self._region.network_cost(members) for members in networks)
        if self._value is None or value < self._value:
            self.networks, self._value = [list(map(int, members)) for members in networks], value
            self._found = self.seconds

    @property
    def seconds(self) -> float:
        """Since the peer was given the instance."""
        return time.perf_counter() - self._start

    def to_json(self) -> dict[str, object]:
        """Return the answer as plain values."""
        return {
            "networks": self.networks,
            "bound": self.bound,
            "note": self.note,
            "seconds": self.seconds,
            "found": self._found,
        }


def serve(
    group: Callable[[Region, Answer], None], *packages: str, keeps_time: bool = False
) -> None:
    """Read the instance, let the peer work on it until its time is up, and write its answer.

    Parameters
    ----------
    group
        The peer: it offers plans to the answer, and returns when it has no better one.
    packages
        What it is made of, for the versions.
    keeps_time
        Whether it ends in time by itself; else it is interrupted.
    """
    instance, answer_file, limit, threads = sys.argv[1:]
    values = json.loads(Path(instance).read_text(encoding="utf-8"))
    given = {name: values[name] for name in _FIELDS}
    region = Region(**given, limit=float(limit), threads=int(threads))
    answer = Answer(region)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeUp

    signal.signal(signal.SIGALRM, stop)
    if not keeps_time:
        signal.setitimer(signal.ITIMER_REAL, region.limit)
    with contextlib.suppress(TimeUp):
        group(region, answer)
    signal.setitimer(signal.ITIMER_REAL, 0)
    versions = {package: version(package) for package in packages}
    text = json.dumps({**answer.to_json(), "versions": versions})
    Path(answer_file).write_text(text, encoding="utf-8")


def by_label(labels: Sequence[int]) -> list[list[int]]:
    """Turn a label for each practice into networks."""
    networks: dict[int, list[int]] = {}
    for i, label in enumerate(labels):
        networks.setdefault(int(label), []).append(i)
    return list(networks.values())
