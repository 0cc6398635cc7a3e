"""What practices pay to be connected: higher bounds on networks for the plain checker.

A network with a practice of a cluster that its hub is not in has one of the practices beside the
cluster as well, since it is connected. So no network becomes dearer by what is added to the value
of a practice of the cluster, if as much is taken off that of every practice beside it. Any amounts
would do. Here a cluster pays until it is worth no more than it costs, or until a practice beside it
is worth what that one costs, and is then part of the cluster.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.problem import Problem

__all__ = ["connected"]

Ints = NDArray[np.int64]
Links = Mapping[int, frozenset[int]]

_LARGEST_SUM = 2.0**60
"""What shifts may add to a sum in the search, which 64 bits then hold."""


def connected(problem: Problem, anchor: int, near: Sequence[int], values: Ints) -> Ints:
    """Return what practices near a hub with this anchor add when they pay to be connected.

    Parameters
    ----------
    near
        The practices of which all networks around the hub are made, the anchor among them.
    values
        int64 (n,): what they add otherwise.
    """
    rate = _rate(problem, anchor, near, values)
    lacking = {i: math.ceil(values[i] - rate * int(problem.weights[i])) for i in near}
    lacking[anchor] = 0
    patients = min(int(problem.weights.sum()), problem.size.largest)
    if sum(map(abs, lacking.values())) * (len(near) + patients) >= _LARGEST_SUM:
        return values
    links = {i: frozenset(problem.neighbours[i]) & lacking.keys() for i in near}
    shifted = values.copy()
    while True:
        wanted = {i for i in near if lacking[i] <= 0}
        apart = wanted - _joined(links, anchor, wanted)
        first = min((i for i in apart if lacking[i] < 0), default=None)
        if first is None:
            return shifted
        cluster = _joined(links, first, wanted)
        beside = frozenset[int]().union(*(links[i] for i in cluster)) - cluster
        _pay(cluster, beside, lacking, shifted)


def _rate(problem: Problem, anchor: int, near: Sequence[int], values: Ints) -> float:
    """Return about what a patient costs at the end of the best set, connected or not."""
    others = np.array([i for i in near if i != anchor], dtype=np.int64)
    rates = values[others] / problem.weights[others]
    size, order = int(problem.weights[anchor]), np.argsort(rates, kind="stable")
    for rate, weight in zip(rates[order].tolist(), problem.weights[others[order]], strict=True):
        if rate >= 0 and size >= problem.size.smallest:
            return 0.0
        size += int(weight)
        if size >= (problem.size.largest if rate < 0 else problem.size.smallest):
            return float(rate)
    return 0.0


def _joined(links: Links, start: int, inside: Iterable[int]) -> set[int]:
    """Return what of a set is connected with one of its practices."""
    left, found, waiting = set(inside) - {start}, {start}, [start]
    while waiting:
        further = links[waiting.pop()] & left
        left -= further
        found |= further
        waiting += further
    return found


def _pay(
    cluster: Iterable[int], beside: Iterable[int], lacking: dict[int, int], shifted: Ints
) -> None:
    """Let a cluster pay what it is worth, or what those beside it lack, if that is less."""
    left = -sum(lacking[i] for i in cluster)
    left = amount = min([left, *(lacking[i] for i in beside)])
    for i in sorted(cluster):
        part = min(left, -lacking[i])
        lacking[i] += part
        shifted[i] += part
        left -= part
    for i in beside:
        lacking[i] -= amount
        shifted[i] -= amount
