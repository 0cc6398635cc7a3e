"""Where the patients of practices live, and what practices have in common there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.spatial import KDTree

from pcn_group.base.errors import Fault, InputError

__all__ = ["Homes", "homes_of", "main_areas", "need_catchments", "overlapping_pairs"]

_ROUNDING = 1e-9
"""Shares are fractions, and so a sum of them that just reaches a threshold may miss it by this."""


@dataclass(frozen=True)
class Homes:
    """Where the patients of each practice live.

    Attributes
    ----------
    areas
        float64 (k, 2): easting and northing of each area's centroid in metres, in order of code.
    patients
        Sparse float64 (n, k): patients of each practice in each area.
    """

    areas: NDArray[np.float64]
    patients: csr_matrix

    @property
    def located(self) -> NDArray[np.bool_]:
        """Tell which practices have patients anywhere: (n,)."""
        somewhere: NDArray[np.bool_] = np.diff(self.patients.indptr) > 0
        return somewhere

    def shares(self) -> csr_matrix:
        """Return the share of each practice's patients in each area: sparse (n, k)."""
        shares = self.patients.copy()
        totals = np.asarray(shares.sum(axis=1)).ravel()
        shares.data /= np.repeat(totals, np.diff(shares.indptr))
        return shares

    def among(self, some: NDArray[np.bool_]) -> Homes:
        """Return the same in some of the areas only."""
        return Homes(self.areas[some], self.patients[:, some])

    def mean(self, away: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each practice with patients anywhere their mean of what is so for each area.

        Parameters
        ----------
        away
            float64 (k, m).
        """
        patients = self.patients[self.located]
        means: NDArray[np.float64] = (patients @ away) / np.asarray(patients.sum(axis=1))
        return means

    def all_located(self, table: pd.DataFrame) -> Homes:
        """Return the same, with one patient in the nearest area for each practice that has none."""
        lost = np.flatnonzero(~self.located)
        spots = table[["easting", "northing"]].to_numpy(dtype=np.float64)[lost]
        nearest = KDTree(self.areas).query(spots)[1]
        added = csr_matrix((np.ones(len(lost)), (lost, nearest)), self.patients.shape)
        return replace(self, patients=self.patients + added)


def need_catchments(catchments: pd.DataFrame | None, key: str) -> pd.DataFrame:
    """Return the catchments, which a key of the configuration asks for.

    Raises
    ------
    InputError
        If there are none.
    """
    if catchments is None or catchments.empty:
        problem = "needs to know where patients live, and the input does not say"
        remedy = (
            "Give gp-reg-pat-prac-lsoa-all.csv and LSOA centroids among the inputs; "
            "check takes them with --practices."
        )
        raise InputError([Fault(key, problem, remedy)])
    return catchments


def homes_of(table: pd.DataFrame, catchments: pd.DataFrame) -> Homes:
    """Lay catchments out by practice and area.

    Parameters
    ----------
    table
        The `Practices.table`, sorted by code.
    catchments
        The `Practices.catchments`.
    """
    column, codes = pd.factorize(catchments["area_code"], sort=True)
    areas = catchments.drop_duplicates("area_code").set_index("area_code").loc[codes]
    row = pd.Index(table["practice_code"]).get_indexer(pd.Index(catchments["practice_code"]))
    patients = catchments["patients"].to_numpy(dtype=np.float64)
    return Homes(
        areas=areas[["easting", "northing"]].to_numpy(dtype=np.float64),
        patients=csr_matrix((patients, (row, column)), (len(table), len(codes))),
    )


def overlapping_pairs(homes: Homes, least: float) -> set[tuple[int, int]]:
    """Return the pairs of practices whose patients live in the same areas to this extent at least.

    The overlap of two practices is the sum over all areas of the smaller of the shares of their
    patients that live there: 1 where the two are spread alike, 0 where they have no area in common.

    Returns
    -------
    set of tuple
        Each pair once, the smaller index first.
    """
    shares = homes.shares()
    by_area, n = shares.tocsc(), shares.shape[0]
    pairs: set[tuple[int, int]] = set()
    for i in range(n):
        mine = slice(shares.indptr[i], shares.indptr[i + 1])
        there = by_area[:, shares.indices[mine]]
        common = np.minimum(there.data, np.repeat(shares.data[mine], np.diff(there.indptr)))
        overlap = np.bincount(there.indices, weights=common, minlength=n)
        overlap[: i + 1] = 0.0
        pairs.update((i, j) for j in np.flatnonzero(overlap >= least - _ROUNDING).tolist())
    return pairs


def main_areas(homes: Homes, least: float) -> csr_matrix:
    """Return each practice's main areas: the fewest that hold this share of its patients.

    The areas with the most of its patients come first, of equals the first by code.

    Returns
    -------
    csr_matrix
        int64 (n, k): 1 where an area is a main one of a practice.
    """
    shares = homes.shares()
    rows, columns = [], []
    for i in range(shares.shape[0]):
        mine = slice(shares.indptr[i], shares.indptr[i + 1])
        areas, share = shares.indices[mine], shares.data[mine]
        order = np.lexsort((areas, -share))
        before = np.cumsum(share[order]) - share[order]
        main = areas[order][before < least * (1 - _ROUNDING)]
        rows += [i] * len(main)
        columns += main.tolist()
    return csr_matrix((np.ones(len(rows), dtype=np.int64), (rows, columns)), shares.shape)
