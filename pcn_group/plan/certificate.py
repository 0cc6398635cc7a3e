"""The certificate of a bound: integers from which anybody can re-verify it.

Give every practice a due `u[i]` (its dual value) and some triples of practices a toll. A network
that holds at least two practices of a triple pays that triple's toll. Define for a network

    reduced(S) = cost(S) - sum of u[i] over i in S + tolls paid by S

In any plan every practice is in exactly one network, at most one network holds two of a triple,
and there are at most K networks. So if no network has a reduced cost under -delta, every plan costs
at least

    bound = sum of u  -  sum of tolls  -  K * delta

The tolls are the subset-row cuts of Jepsen, Petersen, Spoorendonk and Pisinger, "Subset-row
inequalities applied to the vehicle-routing problem with time windows", Operations Research 56
(2008), for rows of three.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Certificate", "Toll"]


@dataclass(frozen=True)
class Toll:
    """What a network pays that holds at least two practices of a triple."""

    triple: tuple[int, int, int]
    amount: int


@dataclass(frozen=True)
class Certificate:
    """A bound and what proves it.

    Attributes
    ----------
    duals
        int64 (n,): one due per practice (zero for oversize ones, which stand alone).
    tolls
        Non-negative tolls on triples of practices.
    delta
        Non-negative: no allowed network has a reduced cost under `-delta`.
    max_networks
        K: the most networks a plan can have, oversize practices aside.
    bound
        `sum(duals) - sum(tolls) - max_networks * delta`.
    """

    duals: NDArray[np.int64]
    tolls: tuple[Toll, ...]
    delta: int
    max_networks: int
    bound: int
