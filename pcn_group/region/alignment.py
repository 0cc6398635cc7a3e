"""Alignment of networks with neighbourhoods: which one a network serves, and who lives elsewhere.

A network serves the neighbourhood that most of its patients live in, the first of equals. Those of
its patients who live in another one are misaligned. So they are, like travel, the least over
centres of a sum over members:

    misaligned(S) = min over neighbourhoods a of  sum of elsewhere[i, a] over i in S
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.neighbourhoods import Neighbourhoods

__all__ = ["Alignment"]

Int = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Alignment:
    """Who lives where, as far as it counts in a problem.

    Attributes
    ----------
    elsewhere
        int64 (n, A): how many patients of each practice live in another neighbourhood than each.
    codes
        Of the neighbourhoods.
    price
        Of each misaligned patient, in units of cost.
    """

    elsewhere: Int
    codes: tuple[str, ...]
    price: int = 0

    @classmethod
    def of(cls, neighbourhoods: Neighbourhoods, price: int = 0) -> Alignment:
        """Count from where the patients of each practice live."""
        patients = neighbourhoods.patients
        elsewhere = patients.sum(axis=1, keepdims=True) - patients
        return cls(elsewhere, neighbourhoods.codes, price)

    @property
    def worst(self) -> int:
        """How many patients would be misaligned if each practice were in its worst network."""
        return int(self.elsewhere.max(axis=1).sum())

    def misaligned(self, members: Iterable[int]) -> int:
        """Return how many patients of a network live in another neighbourhood than it serves."""
        return int(self._sums(members).min())

    def served(self, members: Iterable[int]) -> int:
        """Return which neighbourhood a network serves."""
        return int(self._sums(members).argmin())

    def misaligned_in_all(self, networks: Iterable[Iterable[int]]) -> int:
        """Return how many patients of a plan are misaligned."""
        return sum(map(self.misaligned, networks))

    def within(self, practices: Int) -> Alignment:
        """Return the same for some practices only, renumbered in this order."""
        return replace(self, elsewhere=self.elsewhere[practices])

    def _sums(self, members: Iterable[int]) -> Int:
        sums: Int = self.elsewhere[np.fromiter(members, dtype=np.int64)].sum(axis=0)
        return sums
