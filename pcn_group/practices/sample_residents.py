"""Invented residents of real practices: where the patients on real lists might live.

Areas and practices are where they are, and every list is kept. All else is invented: areas have
about equally many people, who choose a practice as those of a synthetic region do, the larger and
the nearer the likelier. Who lives on which side of a road, a border or a river is not in it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from pcn_group.practices.sample_areas import RESIDENTS, registrations
from pcn_group.practices.sample_region import Labels, Points

__all__ = ["make_residents"]

_STREAM = 2021
"""Of random numbers, apart from those of synthetic regions."""

_SPREAD = 2
"""How many times as many people as a practice has on its list live in the areas nearest to it."""


def make_residents(practices: pd.DataFrame, places: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Invent where the patients of practices live.

    Parameters
    ----------
    practices
        `practice_code`, `practice_name`, `list_size`, `easting`, `northing`.
    places
        Index: codes of areas. `easting` and `northing` of their centroids.
    seed
        Another gives another choice; the same gives the same.

    Returns
    -------
    In the layout of the official `gp-reg-pat-prac-lsoa-all.csv`: each practice's add up to its
    list.
    """
    lists = practices["list_size"].to_numpy(dtype=np.int64)
    sites = practices[["easting", "northing"]].to_numpy(dtype=np.float64)
    near = places.iloc[_nearest(sites, lists, places)]
    areas = near[["easting", "northing"]].to_numpy(dtype=np.float64)
    rng = np.random.default_rng([seed, _STREAM])
    practice, area, patients = registrations(rng, sites, lists, areas)
    rows = pd.DataFrame(
        {
            "PUBLICATION": "GP_PRAC_PAT_LIST",
            "EXTRACT_DATE": "",
            "PRACTICE_CODE": practices["practice_code"].to_numpy()[practice],
            "PRACTICE_NAME": practices["practice_name"].to_numpy()[practice],
            "LSOA_CODE": near.index.to_numpy()[area],
            "SEX": "ALL",
            "NUMBER_OF_PATIENTS": patients,
        }
    )
    return rows.sort_values(["PRACTICE_CODE", "LSOA_CODE"], ignore_index=True)


def _nearest(sites: Points, lists: Labels, places: pd.DataFrame) -> Labels:
    """Return the areas that are among the nearest of a practice, ascending."""
    tree = KDTree(places[["easting", "northing"]].to_numpy(dtype=np.float64))
    counts = np.ceil(_SPREAD * lists / (sum(RESIDENTS) / 2)).astype(int)
    found = [
        tree.query(site, k=range(1, min(int(count), len(places)) + 1))[1]
        for site, count in zip(sites, counts, strict=True)
    ]
    nearest: Labels = np.unique(np.concatenate(found))
    return nearest
