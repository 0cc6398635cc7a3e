"""Places for practices that say none, to draw them: near means little travel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

__all__ = ["scheme_places"]

_SIDE = 20_000.0
"""The longer side of a scheme in metres: as of a town, so that nobody has land of their own, apart
from all others"""

_CORNER = -1_000_000.0
"""Where a scheme is: far from all land and towns, so that none are drawn."""

_NEVER = 1.5
"""How far out of reach is, of the farthest within"""


def scheme_places(travel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places whose distances are about as travel is: float64 (n, 2), in whole metres.

    By classical multidimensional scaling, after Torgerson, "Multidimensional scaling: I. Theory and
    method", Psychometrika 17 (1952). They are good for a picture, and for nothing else.

    Parameters
    ----------
    travel
        float64 (n, n), in any unit; of two directions the mean counts. Infinite out of reach.
    """
    count = len(travel)
    if count == 1:
        return np.full((1, 2), _CORNER)
    largest = travel[np.isfinite(travel)].max(initial=0.0) or 1.0
    both = np.where(np.isfinite(travel), travel / largest, _NEVER)
    squared = ((both + both.T) / 2) ** 2
    middle = squared.mean(axis=0)
    products = (middle[:, None] + middle[None, :] - squared - middle.mean()) / 2
    amounts, axes = eigh(products, subset_by_index=[count - 2, count - 1])
    # Either sign would do: that of the first practice well off the middle does not hang on a digit.
    first = (np.abs(axes) > np.abs(axes).max(axis=0) / 2).argmax(axis=0)
    axes *= np.sign(axes[first, [0, 1]])
    places = (axes * np.sqrt(amounts.clip(0.0)))[:, ::-1]
    places -= places.min(axis=0)
    metres: NDArray[np.float64] = np.rint(_CORNER + _SIDE / (places.max() or 1.0) * places)
    return metres
