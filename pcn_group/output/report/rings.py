"""Shapes and names as plotly wants them."""

from __future__ import annotations

import html
from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.polygon import orient

__all__ = ["escaped", "rings"]


def rings(areas: Iterable[shapely.Geometry]) -> tuple[list[int | None], list[int | None]]:
    """Return the rings of polygons one after the other, to the metre, with a gap between any two.

    Outer rings turn one way and holes the other, so that holes stay empty.
    """
    x: list[int | None] = []
    y: list[int | None] = []
    for polygon in shapely.get_parts(np.array(list(areas), dtype=object)):
        turned = orient(polygon)
        for ring in (turned.exterior, *turned.interiors):
            metres = np.rint(shapely.get_coordinates(ring)).astype(int)
            x += [*metres[:, 0].tolist(), None]
            y += [*metres[:, 1].tolist(), None]
    return x[:-1], y[:-1]


_LONGEST_NAME = 60
"""Letters of a name"""


def escaped(name: str, longest: int = _LONGEST_NAME) -> str:
    """Return a name for a text of plotly, which reads some HTML, but no entities of quotes."""
    short = name if len(name) <= longest else f"{name[: longest - 1]}…"
    return html.escape(short, quote=False)
