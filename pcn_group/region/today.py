"""The networks of today, and which practices move from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from pcn_group.region.building import RegionRules

__all__ = ["NOWHERE", "Today", "continued", "patients_today", "practices_today"]


Int = NDArray[np.int64]


NOWHERE = -1
"""The network of a practice that has none today, and of a network that continues none."""


@dataclass(frozen=True)
class Today:
    """The networks of today, and what counts when a practice leaves one.

    Attributes
    ----------
    labels
        int64 (n,): the network of each practice, from 0, or `NOWHERE`.
    amounts
        int64 (n,): the patients of each practice, or how many practices it stands for.
    count
        How many networks there are today.
    """

    labels: Int
    amounts: Int
    count: int

    def totals(self) -> Int:
        """Return what each network of today has: int64 (count,)."""
        return self.shares(range(len(self.labels)))

    def shares(self, members: Iterable[int]) -> Int:
        """Return what a set of practices has of each network of today: int64 (count,)."""
        inside = np.fromiter(members, dtype=np.int64)
        inside = inside[self.labels[inside] != NOWHERE]
        shares = np.zeros(self.count, dtype=np.int64)
        np.add.at(shares, self.labels[inside], self.amounts[inside])
        return shares

    def moved(self, members: Iterable[int], label: int) -> int:
        """Return what of a network moves if it continues a network of today, or none."""
        shares = self.shares(members)
        return int(shares.sum()) - (0 if label == NOWHERE else int(shares[label]))

    def moved_in_all(self, networks: Sequence[Sequence[int]]) -> int:
        """Return what of a plan moves."""
        shares = np.array([self.shares(members) for members in networks], dtype=np.int64)
        shares = shares.reshape(len(networks), self.count)
        stays = sum(shares[k, label] for k, label in enumerate(continued(shares)) if label >= 0)
        return int(shares.sum() - stays)

    def of(self, practices: Int) -> Today:
        """Return the same for some practices only, renumbered in this order."""
        return Today(self.labels[practices], self.amounts[practices], self.count)


def continued(shares: Int) -> list[int]:
    """Return which network of today each network continues, or `NOWHERE`, so that the fewest move.

    Parameters
    ----------
    shares
        int64 (networks, networks of today): what each has of each.
    """
    labels = [NOWHERE] * len(shares)
    if not shares.any():
        return labels
    # What is 0 is no edge to it, and each is to have a partner: one more for all changes nothing.
    matched = min_weight_full_bipartite_matching(csr_matrix(shares + 1), maximize=True)
    for network, label in zip(*matched, strict=True):
        if shares[network, label] > 0:
            labels[network] = int(label)
    return labels


def patients_today(units: pd.DataFrame, rules: RegionRules) -> Today:
    """Count moves in patients; `units` is the table of the problem's practices, in its order."""
    return _today(units, rules, units["list_size"].to_numpy(dtype=np.int64))


def practices_today(units: pd.DataFrame, rules: RegionRules) -> Today:
    """Count moves in practices, those that are attached to others included."""
    return _today(units, rules, units["practices"].to_numpy(dtype=np.int64))


def _today(units: pd.DataFrame, rules: RegionRules, amounts: Int) -> Today:
    current = units["current_network"].to_numpy(dtype=object).copy()
    current[list(rules.free)] = ""
    number = {name: k for k, name in enumerate(sorted(set(current) - {""}))}
    labels = np.array([number.get(name, NOWHERE) for name in current], dtype=np.int64)
    return Today(labels, amounts, len(number))
