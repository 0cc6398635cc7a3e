"""Columns: candidate networks in compressed rows, with their costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["Columns", "Limit"]

Int = NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """Candidate networks.

    Attributes
    ----------
    starts
        int64 (m + 1,): the members of column `s` are `members[starts[s]:starts[s + 1]]`.
    members
        int32: practices, ascending within a column.
    costs
        int64 (m,): cost of each candidate.
    """

    starts: Int
    members: NDArray[np.int32]
    costs: Int

    @classmethod
    def of(cls, sets: Sequence[Sequence[int]], costs: Iterable[int]) -> Columns:
        """Make columns from lists of practices and their costs."""
        return cls.packed(
            np.array([i for members in sets for i in members], dtype=np.int32),
            np.array([len(members) for members in sets], dtype=np.int64),
            np.fromiter(costs, dtype=np.int64),
        )

    @classmethod
    def packed(cls, members: NDArray[np.int32], lengths: Int, costs: Int) -> Columns:
        """Make columns from concatenated members and their lengths."""
        column = np.repeat(np.arange(len(lengths)), lengths)
        ordered = members[np.lexsort((members, column))]
        return cls(np.concatenate(([0], np.cumsum(lengths))), ordered, costs)

    def __len__(self) -> int:
        """Count the columns."""
        return len(self.costs)

    @property
    def lengths(self) -> Int:
        """Practices in each column."""
        return np.diff(self.starts)

    def members_of(self, column: int) -> NDArray[np.int32]:
        """Return the practices of one column."""
        return self.members[self.starts[column] : self.starts[column + 1]]

    def keys(self) -> list[bytes]:
        """Return one hashable key per column, equal for equal sets."""
        return [self.members_of(column).tobytes() for column in range(len(self))]

    def take(self, which: Int | NDArray[np.bool_]) -> Columns:
        """Return the columns at these positions, or where the mask is true."""
        chosen = np.flatnonzero(which) if which.dtype == np.bool_ else which
        lengths = self.lengths[chosen]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        offsets = np.arange(starts[-1]) - np.repeat(starts[:-1] - self.starts[chosen], lengths)
        return Columns(starts, self.members[offsets], self.costs[chosen])

    def joined(self, other: Columns) -> Columns:
        """Return these columns followed by the others."""
        return Columns(
            np.concatenate((self.starts, other.starts[1:] + self.starts[-1])),
            np.concatenate((self.members, other.members)),
            np.concatenate((self.costs, other.costs)),
        )

    def below(self, item: int) -> Columns:
        """Return these columns with their members below an item only: some may be left empty."""
        kept = self.members < item
        starts = np.concatenate(([0], np.cumsum(kept)))[self.starts]
        return Columns(starts, self.members[kept], self.costs)

    def sums(self, values: Int) -> Int:
        """Return the sum over each column of what its practices have."""
        added = np.concatenate(([0], np.cumsum(values[self.members])))
        sums: Int = np.diff(added[self.starts])
        return sums

    def holding(self, practice: int) -> NDArray[np.bool_]:
        """Tell for each column whether it holds a practice."""
        held = np.zeros(len(self), dtype=np.bool_)
        owner = np.repeat(np.arange(len(self)), self.lengths)
        held[owner[self.members == practice]] = True
        return held

    def matrix(self, practices: int) -> sparse.csc_matrix:
        """Return the incidence matrix: one row per practice, one column per candidate."""
        shape = (practices, len(self))
        return sparse.csc_matrix((np.ones(len(self.members)), self.members, self.starts), shape)


@dataclass(frozen=True)
class Limit:
    """The columns of a plan may have at most so much of something in all."""

    amounts: Int
    total: int
