"""Who lives in which area, for a map of neighbourhoods and for the figures of areas."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

__all__ = ["Residents", "on_lists", "patients_by_area"]


@dataclass(frozen=True)
class Residents:
    """What the input says of areas and who lives there, whether or not they have a centroid.

    Attributes
    ----------
    map
        The map of neighbourhoods, polygons or a table; None where only the rules have one.
    patients
        `practice_code`, `area_code`, `patients` (int64), sorted by the two codes.
    places
        Index: codes of areas. `easting` and `northing` of the centroids given, in metres.
    outlines
        Polygons beside a map that is a table: of the areas that it is about; None without.
    parents
        `area_code` and `parent_code`: in which MSOAs and wards areas are, by the files.
    is_told
        Whether that is all there is to know: not where a plan is read without the files that said
        who lives where.
    """

    map: Path | None
    patients: pd.DataFrame
    places: pd.DataFrame
    parents: pd.DataFrame
    outlines: Path | None = None
    is_told: bool = True

    @classmethod
    def of_nobody(cls) -> Residents:
        """Return what is known where the input says nothing of areas."""
        nobody = pd.DataFrame({"practice_code": [], "area_code": [], "patients": []}).astype(
            {"practice_code": "str", "area_code": "str", "patients": "int64"}
        )
        places = pd.DataFrame({"easting": [], "northing": []}, index=pd.Index([], dtype="str"))
        parents = pd.DataFrame({"area_code": [], "parent_code": []}, dtype="str")
        return cls(None, nobody, places.astype(float), parents)

    def among(self, codes: Collection[str]) -> Residents:
        """Return the same of some practices only."""
        own = self.patients["practice_code"].isin([*codes])
        return replace(self, patients=self.patients[own].reset_index(drop=True))

    @property
    def concerned(self) -> set[str]:
        """The areas where patients live, and the larger areas that these are in.

        Where nobody's patients are told, all areas are concerned: practices stand in them.
        """
        if self.patients.empty:
            return {*self.places.index, *self.parents["parent_code"]}
        living = {*self.patients["area_code"]}
        around = self.parents[self.parents["area_code"].isin([*living])]
        return living | {*around["parent_code"]}


def patients_by_area(rows: pd.DataFrame, codes: pd.Series[str]) -> csr_matrix:
    """Lay patients out by practice and area, as the files count them: int64 (n, k).

    Parameters
    ----------
    rows
        `practice_code`, `area_code` and `patients`, of practices that are among `codes`.
    codes
        The practices in order; the areas are in that of their codes.
    """
    column, areas = pd.factorize(rows["area_code"], sort=True)
    row = pd.Index(codes).get_indexer(pd.Index(rows["practice_code"]))
    counts = rows["patients"].to_numpy(dtype=np.int64)
    laid_out = csr_matrix((counts, (row, column)), (len(codes), len(areas)))
    laid_out.sum_duplicates()
    return laid_out


def on_lists(counts: csr_matrix, lists: NDArray[np.int64]) -> csr_matrix:
    """Scale counts so that each practice's add up to its list, in whole patients.

    Those with the largest remainders go up, of equals the first by code of the area.
    """
    owner = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    totals = np.bincount(owner, weights=counts.data, minlength=counts.shape[0]).astype(np.int64)
    scaled, remainder = np.divmod(counts.data * lists[owner], totals[owner])
    missing = lists - np.bincount(owner, weights=scaled, minlength=len(lists)).astype(np.int64)
    order = np.lexsort((counts.indices, -remainder, owner))
    rank = np.arange(len(order)) - counts.indptr[owner]
    scaled[order] += rank < missing[owner]
    fitting = csr_matrix((scaled, counts.indices, counts.indptr), counts.shape)
    fitting.eliminate_zeros()
    return fitting
