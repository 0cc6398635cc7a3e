"""Synthetic areas (LSOAs) to go with a synthetic region: where its people live and register.

Most people live around the practices, others all over the land. They choose a practice as in a
gravity model, the larger and the nearer the likelier, and every practice fills its list.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from pcn_group.practices.sample_region import Labels, Land, Points, make_land, make_sample

__all__ = ["RESIDENTS", "make_sample_areas", "registrations"]


_STREAM = 2011
"""Of random numbers, apart from the region's own: the region stays as it is without areas."""

RESIDENTS = (1_500, 2_000)
_HOMES_PER_AREA = 16
_SHARE_NEAR_PRACTICES = 0.85
_AROUND_A_PRACTICE = 800.0
_ROUNDS_OF_AREAS = 6

_AREAS_IN_REACH, _PRACTICES_IN_REACH = 30, 6
_NEARBY, _FADING = 500.0, 3.0
_ROUNDS_OF_CHOICE = 60

_NO_AREA = "NO2011"
"""What the official files call patients whose address is in none of the areas of 2011."""
_SHARE_WITH_NO_AREA, _MOST_WITH_NO_AREA, _LIST_WITH_NO_AREA = 0.2, 12, 1_000


def make_sample_areas(
    practices: int, seed: int, group: Labels | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make the areas that go with `make_sample(practices, seed)`.

    Parameters
    ----------
    practices, seed
        As for the region; the same give the same.
    group
        Groups of practices, int64 (n,), counted from 0: all patients of a practice live in areas
        whose nearest practice is in its group. By default people choose any practice.

    Returns
    -------
    pandas.DataFrame
        Patients by practice and area, in the layout of the official `gp-reg-pat-prac-lsoa-all.csv`.
        Each practice's add up to its list size. Areas have codes `X01000001`, which no real one
        has; a few patients have none (`NO2011`).
    pandas.DataFrame
        `lsoa_code` with the centroid's `easting` and `northing`, in whole metres.
    """
    table = make_sample(practices, seed)
    land = make_land(np.random.default_rng([seed, practices]), practices)
    rng = np.random.default_rng([seed, practices, _STREAM])
    lists = table["list_size"].to_numpy(dtype=np.int64)
    places = land.from_grid(table[["easting", "northing"]].to_numpy(dtype=np.float64))
    areas = _areas(rng, land, places, lists)
    without = _without_area(rng, lists)
    if group is None:
        practice, area, patients = registrations(rng, places, lists - without, areas)
    else:
        practice, area, patients = _by_group(rng, places, lists - without, areas, group)
    codes = np.array([f"X01{number:06}" for number in range(1, len(areas) + 1)])
    stray = np.flatnonzero(without)
    rows = pd.DataFrame(
        {
            "PUBLICATION": "GP_PRAC_PAT_LIST",
            "EXTRACT_DATE": "01JAN2021",
            "practice": np.concatenate([practice, stray]),
            "LSOA_CODE": np.concatenate([codes[area], np.full(len(stray), _NO_AREA)]),
            "SEX": "ALL",
            "NUMBER_OF_PATIENTS": np.concatenate([patients, without[stray]]),
        }
    ).sort_values(["practice", "LSOA_CODE"], ignore_index=True)
    at = rows.pop("practice")
    rows.insert(2, "PRACTICE_CODE", table["practice_code"].to_numpy()[at])
    rows.insert(3, "PRACTICE_NAME", table["practice_name"].str.upper().to_numpy()[at])
    metres = land.to_grid(areas).astype(np.int64)
    centroids = {"lsoa_code": codes, "easting": metres[:, 0], "northing": metres[:, 1]}
    return rows, pd.DataFrame(centroids)


def _areas(rng: np.random.Generator, land: Land, places: Points, lists: Labels) -> Points:
    """Return the centroids of areas of about equally many people, from south to north.

    Homes are drawn and divided among areas, each home to the nearest of their middles, a few times
    over. The centroid is the home nearest to the middle, so that it is on land.
    """
    count = max(1, round(lists.sum() / (sum(RESIDENTS) / 2)))
    homes = land.draw(rng, _HOMES_PER_AREA * count)
    near = rng.random(len(homes)) < _SHARE_NEAR_PRACTICES
    practice = rng.choice(len(places), size=len(homes), p=lists / lists.sum())
    homes[near] = -1.0
    while not (dry := land.holds(homes)).all():
        scattered = places[practice] + _AROUND_A_PRACTICE * rng.normal(size=homes.shape)
        homes[~dry] = scattered[~dry]
    middles = homes[rng.permutation(len(homes))[:count]]
    for _ in range(_ROUNDS_OF_AREAS):
        away, area = KDTree(middles).query(homes)
        inside = np.maximum(np.bincount(area, minlength=count), 1)
        sums = [np.bincount(area, weights=axis, minlength=count) for axis in homes.T]
        middles = np.column_stack(sums) / inside[:, None]
    away, area = KDTree(middles).query(homes)
    order = np.lexsort((away, area))
    centroids = homes[order[np.unique(area[order], return_index=True)[1]]]
    south_to_north: Points = centroids[np.lexsort(centroids.T)]
    return south_to_north


def _without_area(rng: np.random.Generator, lists: Labels) -> Labels:
    """Draw how many patients of each practice are in no area: of most none, of some a few."""
    some = (rng.random(len(lists)) < _SHARE_WITH_NO_AREA) & (lists > _LIST_WITH_NO_AREA)
    few: Labels = np.where(some, rng.integers(1, _MOST_WITH_NO_AREA, size=len(lists)), 0)
    return few


def _by_group(
    rng: np.random.Generator, places: Points, lists: Labels, areas: Points, group: Labels
) -> tuple[Labels, Labels, Labels]:
    """Return registrations where everybody chooses a practice of the group that is nearest."""
    of_area = group[KDTree(places).query(areas)[1]]
    parts = []
    for number in range(group.max() + 1):
        own, there = np.flatnonzero(group == number), np.flatnonzero(of_area == number)
        practice, area, patients = registrations(rng, places[own], lists[own], areas[there])
        parts.append(np.array([own[practice], there[area], patients]))
    practice, area, patients = np.hstack(parts)
    return practice, area, patients


def registrations(
    rng: np.random.Generator, places: Points, lists: Labels, areas: Points
) -> tuple[Labels, Labels, Labels]:
    """Return practice, area and patients of each pair that has patients.

    Gravity's numbers are scaled to the residents of areas and to lists in turn, to lists last, and
    rounded so that lists are kept to the patient: those with the largest remainders go up.
    """
    residents = rng.uniform(*RESIDENTS, size=len(areas))
    residents *= lists.sum() / residents.sum()
    practice, area = _in_reach(places, areas)
    away = np.hypot(*(places[practice] - areas[area]).T)
    flow = lists[practice] * residents[area] / (_NEARBY + away) ** _FADING
    for _ in range(_ROUNDS_OF_CHOICE):
        flow *= (residents / np.bincount(area, weights=flow))[area]
        flow *= (lists / np.bincount(practice, weights=flow))[practice]
    patients = _rounded(flow, practice, lists)
    some = patients > 0
    return practice[some], area[some], patients[some]


def _rounded(flow: NDArray[np.float64], practice: Labels, lists: Labels) -> Labels:
    """Round to whole patients that add up to each list; `practice` is in ascending order."""
    patients: Labels = np.floor(flow).astype(np.int64)
    missing = lists - np.bincount(practice, weights=patients).astype(np.int64)
    order = np.lexsort((patients - flow, practice))
    rank = np.arange(len(order)) - np.searchsorted(practice, practice)
    patients[order] += rank < missing[practice]
    return patients


def _in_reach(places: Points, areas: Points) -> tuple[Labels, Labels]:
    """Pair practices with the areas nearest to them, and areas with the practices nearest."""
    reach = np.zeros((2, 0), dtype=np.int64)
    for here, there, most, way in (
        (places, areas, _AREAS_IN_REACH, 1),
        (areas, places, _PRACTICES_IN_REACH, -1),
    ):
        nearest = KDTree(there).query(here, k=range(1, min(most, len(there)) + 1))[1]
        own = np.repeat(np.arange(len(here)), nearest.shape[1])
        reach = np.hstack([reach, np.array([own, nearest.ravel()])[::way]])
    practice, area = np.unique(reach, axis=1)
    return practice, area
