"""A sheet of paper to draw on, in inches from its lower left corner, and its picture files."""

from __future__ import annotations

import io
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

__all__ = ["Sheet", "length", "settled", "shortened", "traced", "wrapped"]

_FONT = "DejaVu Sans"
"""Comes with matplotlib, so that all machines have it"""

_POINTS = 72
"""An inch"""

_PATHS, _FINER = re.compile(r' d="[^"]*"'), re.compile(r"(?<=\.\d\d)\d+")


class Sheet:
    """An empty sheet. What is drawn later lies over what was drawn before.

    Attributes
    ----------
    wide, high
        In inches.
    """

    def __init__(self, wide: float, high: float) -> None:
        self.wide, self.high = wide, high
        self._figure = Figure(figsize=(wide, high), facecolor="white")
        self._axes = self._figure.add_axes((0, 0, 1, 1), xlim=(0, wide), ylim=(0, high))
        self._axes.set_axis_off()
        self._drawn = 0

    def add(self, artist: Artist) -> None:
        """Draw something."""
        self._drawn += 1
        artist.set_zorder(self._drawn)
        self._axes.add_artist(artist)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        **look: Any,  # noqa: ANN401 - matplotlib's
    ) -> None:
        """Write a line of text from a point of its base line; `size` is in points."""
        self._drawn += 1
        self._axes.text(x, y, text, size=size, zorder=self._drawn, **look)

    def png(self, pixels: int) -> bytes:
        """Return the sheet as PNG, so many pixels wide."""
        file = io.BytesIO()
        # Without the version of matplotlib, which would be all that differs.
        named = {"Software": None}
        self._figure.savefig(file, format="png", dpi=pixels / self.wide, metadata=named)
        return file.getvalue()

    def svg(self) -> str:
        """Return the sheet as SVG, letters as outlines, shapes to a hundredth of a point."""
        file = io.StringIO()
        named = {"Date": None, "Creator": None}
        self._figure.savefig(file, format="svg", metadata=named)
        return _PATHS.sub(lambda path: _FINER.sub("", path[0]), file.getvalue())


@contextmanager
def settled() -> Iterator[None]:
    """Draw as this program does, whatever the user's settings of matplotlib are.

    The same drawing gives the same bytes, and `$` is an ordinary letter.
    """
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {"font.family": _FONT, "svg.hashsalt": "pcn-group", "text.parse_math": False}
        )
        # A letter that the font does not have is drawn as a box; there is nothing to be done.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield


def shortened(text: str, wide: float, size: float, *, weight: str = "normal") -> str:
    """Return as much of a text as fits into so many inches; with an ellipsis where cut."""

    def shown(letters: int) -> float:
        tried = f"{text[:letters].rstrip()}…" if letters < len(text) else text
        return length(tried, size, weight)

    if shown(len(text)) <= wide:
        return text
    kept = bisect_right(range(len(text)), wide, key=shown) - 1
    return f"{text[: max(kept, 0)].rstrip()}…"


def wrapped(text: str, wide: float, size: float, most: int) -> list[str]:
    """Break a text into lines that fit into so many inches; the last one is shortened."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and len(lines) < most and length(longer, size) > wide:
            lines.append(word)
        else:
            lines[-1] = longer
    return [shortened(line, wide, size) for line in lines]


def length(text: str, size: float, weight: str = "normal") -> float:
    """Return the length of a line of text in inches."""
    look, as_maths = FontProperties(family=_FONT, weight=weight, size=size), False
    return float(text_to_path.get_text_width_height_descent(text, look, as_maths)[0]) / _POINTS


def traced(shape: shapely.Geometry) -> Path:
    """Return a polygon or multipolygon as a path."""
    rings = [
        np.asarray(ring.coords)
        for part in shapely.get_parts(shapely.normalize(shape))
        for ring in (part.exterior, *part.interiors)
    ]
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
