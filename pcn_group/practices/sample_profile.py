"""Synthetic figures to go with a synthetic region: age and need that go together as real ones do.

Deprivation clusters in space. People are older towards the coast, and where there is less of it.
Several long-term conditions come with both. Means are about those of England.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.practices.sample_region import Land, Points, make_land

__all__ = ["FIGURES", "make_area_figures", "make_practice_figures"]

FIGURES = (
    "aged_under_5",
    "aged_65_plus",
    "aged_75_plus",
    "aged_85_plus",
    "long_term_conditions",
    "local_deprivation",
)
"""The columns of practices: all but the last count patients."""

_STREAM = 2025
"""Of random numbers, apart from the region's own: the region stays as it is without figures."""

_CLUSTERS_PER_PRACTICE = 0.12
_CLUSTER = 0.09
"""How far a cluster of deprivation reaches, as a share of the side of the land"""

_MEDIAN_SCORE, _SPREAD, _SCORES = 17.0, 0.7, (1.0, 90.0)
_COAST = 6_000.0
"""How far inland the coast is felt, in metres"""

Shares = NDArray[np.float64]


def make_practice_figures(table: pd.DataFrame, practices: int, seed: int) -> pd.DataFrame:
    """Make the figures of the practices of a region.

    Parameters
    ----------
    table
        As `make_sample(practices, seed)` gives it, or of a year later.

    Returns
    -------
    pandas.DataFrame
        The columns `FIGURES`, indexed as the table: whole patients, and a score of what their
        surroundings are like, to three decimals.
    """
    told = _Surroundings(practices, seed)
    points = told.land.from_grid(table[["easting", "northing"]].to_numpy(dtype=np.float64))
    lists = table["list_size"].to_numpy()
    rng = np.random.default_rng([seed, practices, _STREAM, 1])
    shares = _shares(told.score(points), told.coast(points), rng)
    counts = {name: np.rint(lists * share).astype(int) for name, share in shares.items()}
    return pd.DataFrame({**counts, FIGURES[-1]: told.score(points).round(3)}, index=table.index)[
        list(FIGURES)
    ]


def make_area_figures(centroids: pd.DataFrame, practices: int, seed: int) -> pd.DataFrame:
    """Make the figures of the areas of a region.

    Parameters
    ----------
    centroids
        As `make_sample_areas(practices, seed)` gives them.

    Returns
    -------
    pandas.DataFrame
        `lsoa_code` with `deprivation_score`, to three decimals, its `deprivation_decile` (1 for the
        most deprived tenth of the areas), and `coastal` (1 within 6 km of the coast, else 0).
    """
    told = _Surroundings(practices, seed)
    points = told.land.from_grid(centroids[["easting", "northing"]].to_numpy(dtype=np.float64))
    score = pd.Series(told.score(points).round(3))
    rank = score.rank(method="first", ascending=False)
    return pd.DataFrame(
        {
            "lsoa_code": centroids["lsoa_code"].to_numpy(),
            "deprivation_score": score,
            "deprivation_decile": np.ceil(10 * rank / len(score)).astype(int),
            "coastal": (told.coast(points) > np.exp(-1)).astype(int),
        }
    )


class _Surroundings:
    """What it is like at each point of the land."""

    def __init__(self, practices: int, seed: int) -> None:
        self.land: Land = make_land(np.random.default_rng([seed, practices]), practices)
        rng = np.random.default_rng([seed, practices, _STREAM])
        count = max(2, round(_CLUSTERS_PER_PRACTICE * practices))
        self._middles = self.land.draw(rng, count)
        depths = rng.normal(size=count)
        self._depths = (depths - depths.mean()) / depths.std()

    def score(self, points: Points) -> Shares:
        """Return how deprived it is, as the Index of Multiple Deprivation scores it."""
        away = np.hypot(*(points[:, None] - self._middles).transpose(2, 0, 1))
        near = np.exp(-away / (_CLUSTER * self.land.side))
        depth = (near * self._depths).sum(1) / np.sqrt((near**2).sum(1))
        scores: Shares = (_MEDIAN_SCORE * np.exp(_SPREAD * depth)).clip(*_SCORES)
        return scores

    def coast(self, points: Points) -> Shares:
        """Return how near the coast is: 1 at it, and less inland."""
        x, y = points.T
        inland = self.land.side * self.land.coast(y / self.land.side) - x
        nearness: Shares = np.exp(-inland.clip(0) / _COAST)
        return nearness


def _shares(score: Shares, coast: Shares, rng: np.random.Generator) -> Mapping[str, Shares]:
    """Return the share of patients that each figure counts."""
    older = (0.19 + 0.14 * coast - 0.0022 * (score - 20)).clip(0.05, 0.45)
    aged_65 = (older * np.exp(0.08 * rng.normal(size=len(score)))).clip(0.03, 0.5)
    aged_75 = aged_65 * (0.44 + 0.08 * coast)
    burden = 0.06 + 0.45 * aged_65 + 0.0025 * score
    return {
        "aged_under_5": (0.065 - 0.07 * (aged_65 - 0.18)).clip(0.02, 0.1),
        "aged_65_plus": aged_65,
        "aged_75_plus": aged_75,
        "aged_85_plus": 0.27 * aged_75,
        "long_term_conditions": burden * np.exp(0.05 * rng.normal(size=len(score))),
    }
