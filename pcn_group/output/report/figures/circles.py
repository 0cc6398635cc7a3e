"""The circles of practices on the maps of a page."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["diameters"]

_LARGEST, _SMALLEST = 26, 6
"""Of the largest list, and the least there is, in pixels"""


def diameters(lists: ArrayLike) -> NDArray[np.float64]:
    """Return diameters in pixels, to the tenth: areas are as the lists are, but for the least."""
    sizes = np.asarray(lists, dtype=np.float64)
    fitting: NDArray[np.float64] = _LARGEST * np.sqrt(sizes / sizes.max())
    return fitting.clip(_SMALLEST).round(1)
