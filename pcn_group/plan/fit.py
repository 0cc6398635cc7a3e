"""How well networks fit neighbourhoods: who lives where their network serves, and who does not.

A network serves the neighbourhood most of its patients live in, of equals the first by code. Its
patients who live in another one are misaligned. Who lives in no neighbourhood is neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pcn_group.region.neighbourhoods import Neighbourhoods

__all__ = ["STRADDLES", "Fit", "NetworkFit", "PracticeFit", "fit_of"]

STRADDLES = 0.6
"""A practice straddles neighbourhoods if less than this share of its patients lives in any one"""


@dataclass(frozen=True)
class NetworkFit:
    """How well a network fits.

    Attributes
    ----------
    serves
        The number of the neighbourhood it serves; None where its patients live in none.
    patients
        Registered in all.
    aligned, misaligned
        How many live in the neighbourhood it serves, and in another one.
    """

    serves: int | None
    patients: int
    aligned: int
    misaligned: int

    @property
    def in_none(self) -> int:
        """Patients who live in no neighbourhood."""
        return self.patients - self.aligned - self.misaligned

    @property
    def share(self) -> float | None:
        """The share aligned of those who live in any neighbourhood; None where nobody does."""
        return _share(self.aligned, self.aligned + self.misaligned)


@dataclass(frozen=True)
class PracticeFit:
    """How well a practice fits its network.

    Attributes
    ----------
    main
        The number of the neighbourhood most of its patients live in; None where they live in none.
    serves
        The number of the one that its network serves.
    in_main, aligned, misaligned
        How many of its patients live in each of these two, and in others than the latter.
    """

    main: int | None
    serves: int | None
    in_main: int
    aligned: int
    misaligned: int

    @property
    def share(self) -> float | None:
        """The share in its main one of those who live in any; None where nobody does."""
        return _share(self.in_main, self.aligned + self.misaligned)

    @property
    def straddles(self) -> bool:
        """Whether no neighbourhood has most of its patients by far."""
        return self.share is not None and self.share < STRADDLES

    @property
    def lives_elsewhere(self) -> bool:
        """Whether more of its patients live in another neighbourhood than its network serves."""
        return self.in_main > self.aligned


@dataclass(frozen=True)
class Fit:
    """How well the networks of a plan fit.

    Attributes
    ----------
    neighbourhoods
        Of the region.
    networks
        In the order of the plan.
    practices
        By position, for those that are in a network.
    """

    neighbourhoods: Neighbourhoods
    networks: tuple[NetworkFit, ...]
    practices: dict[int, PracticeFit]

    @property
    def aligned(self) -> int:
        """Patients who live in the neighbourhood that their network serves."""
        return sum(network.aligned for network in self.networks)

    @property
    def misaligned(self) -> int:
        """Patients who live in another neighbourhood than their network serves."""
        return sum(network.misaligned for network in self.networks)

    @property
    def in_none(self) -> int:
        """Patients who live in no neighbourhood."""
        return sum(network.in_none for network in self.networks)

    @property
    def share(self) -> float | None:
        """The share aligned of those who live in any neighbourhood; None where nobody does."""
        return _share(self.aligned, self.aligned + self.misaligned)

    @property
    def plain(self) -> dict[str, Any]:
        """The figures, as JSON has them."""
        return {
            "by": self.neighbourhoods.by,
            "neighbourhoods": len(self.neighbourhoods.codes),
            "aligned": self.aligned,
            "misaligned": self.misaligned,
            "in_none": self.in_none,
            "share_aligned": None if self.share is None else round(self.share, 6),
            "unserved": [self.neighbourhoods.codes[k] for k in self.unserved],
        }

    @cached_property
    def unserved(self) -> tuple[int, ...]:
        """The numbers of the neighbourhoods that no network serves."""
        served = {network.serves for network in self.networks}
        return tuple(k for k in range(len(self.neighbourhoods.codes)) if k not in served)


def fit_of(
    neighbourhoods: Neighbourhoods,
    networks: Sequence[Sequence[int]],
    patients: NDArray[np.int64],
) -> Fit:
    """Return how well networks fit neighbourhoods.

    Parameters
    ----------
    neighbourhoods
        With where the patients of each practice live.
    networks
        The positions of the members of each.
    patients
        int64 (n,): registered patients of each practice.
    """
    living = neighbourhoods.patients
    fits, practices = [], dict[int, PracticeFit]()
    for members in networks:
        inside = list(members)
        by_neighbourhood = living[inside].sum(axis=0)
        serves, aligned = _most(by_neighbourhood)
        total = int(by_neighbourhood.sum())
        fits.append(NetworkFit(serves, int(patients[inside].sum()), aligned, total - aligned))
        practices |= {i: _practice(living[i], serves) for i in inside}
    return Fit(neighbourhoods, tuple(fits), practices)


def _practice(living: NDArray[np.int64], serves: int | None) -> PracticeFit:
    main, in_main = _most(living)
    aligned = 0 if serves is None else int(living[serves])
    return PracticeFit(main, serves, in_main, aligned, int(living.sum()) - aligned)


def _most(living: NDArray[np.int64]) -> tuple[int | None, int]:
    """Return where most patients live, of equals the first, and how many do."""
    if not living.any():
        return None, 0
    most = int(living.argmax())
    return most, int(living[most])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
