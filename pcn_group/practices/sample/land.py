"""The land of a synthetic region: where there can be practices and people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Labels", "Land", "Points", "make_land"]

Points = NDArray[np.float64]
Labels = NDArray[np.int64]

_CENTRE = np.array([595_000.0, 715_000.0])
"""In the middle of the North Sea, so that nobody takes the region for a real one."""

_KM2_PER_PRACTICE = 20
_WIDEST = 190_000.0


@dataclass(frozen=True)
class Land:
    """A square of land with a wavy coast in the east and an inlet.

    Points on it are in metres from its south-west corner.

    Attributes
    ----------
    side
        Of the square, in metres.
    waves
        Amplitude (as a share of the side), wave number and phase of each wave of the coast.
    inlet
        Northing of the inlet's axis and easting of its head, as shares of the side.
    """

    side: float
    waves: Points
    inlet: tuple[float, float]

    def holds(self, points: Points) -> NDArray[np.bool_]:
        """Tell which points are on land."""
        x, y = points.T / self.side
        amplitude, number, phase = self.waves.T
        coast = 0.82 + (amplitude * np.sin(number * y[:, None] + phase)).sum(axis=1)
        axis, head = self.inlet
        afloat = np.abs(y - axis) < 0.16 * (x - head)
        inside = ((points > 0) & (points < self.side)).all(axis=1)
        on_land: NDArray[np.bool_] = inside & (x < coast) & ~afloat
        return on_land

    def draw(self, rng: np.random.Generator, count: int) -> Points:
        """Draw points evenly over the land."""
        points = np.full((count, 2), -1.0)
        while not (dry := self.holds(points)).all():
            points[~dry] = rng.uniform(0, self.side, size=(int((~dry).sum()), 2))
        return points

    def to_grid(self, points: Points) -> Points:
        """Return eastings and northings, in whole metres."""
        metres: Points = np.rint(points + _CENTRE - self.side / 2)
        return metres

    def from_grid(self, metres: Points) -> Points:
        """Return the points of eastings and northings."""
        return metres - (_CENTRE - self.side / 2)


def make_land(rng: np.random.Generator, practices: int) -> Land:
    """Make the land of a region with so many practices.

    Parameters
    ----------
    rng
        A region's land is the first that it draws.
    practices
        The land grows with them.
    """
    side = min(1000.0 * float(np.sqrt(_KM2_PER_PRACTICE * practices)), _WIDEST)
    waves = np.column_stack(
        [
            rng.uniform([0.03, 0.02, 0.01], [0.06, 0.04, 0.02]),
            rng.uniform([4, 11, 23], [8, 17, 31]),
            rng.uniform(0, 6.28, size=3),
        ]
    )
    return Land(side, waves, (float(rng.uniform(0.35, 0.65)), float(rng.uniform(0.25, 0.4))))
