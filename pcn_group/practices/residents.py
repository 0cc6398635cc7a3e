"""Who lives in which area, for a map of neighbourhoods."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

__all__ = ["Residents"]


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
