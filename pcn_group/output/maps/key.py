"""The key beside the map of a plan: each network, its number, and its patients as a bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle

from pcn_group.output.maps.colours import GREY, INK, OUTSIDE
from pcn_group.output.maps.sheet import Sheet, shortened

__all__ = ["Key"]

_LISTED = 60
"""Networks listed; the page that is drawn beside the picture has them all, with their numbers"""

_ROW, _LETTERS = 0.235, 8.5
"""The height of a row in inches where there is room, and its letters in points"""

_NUMBER, _PATIENTS, _BAR, _GAP, _LIMIT = 0.27, 0.5, 0.85, 0.08, 0.28
"""Widths in inches; that of the limits above the bars is the most that one of them needs"""


@dataclass(frozen=True)
class Key:
    """Where the key is, and what it lists.

    Attributes
    ----------
    sheet, left, right, bottom, top
        The sheet, and the room there is on it in inches.
    networks
        As `MapLayers.networks`.
    band
        Fewest and most patients of a network.
    """

    sheet: Sheet
    left: float
    right: float
    bottom: float
    top: float
    networks: gpd.GeoDataFrame
    band: tuple[int, int]

    def draw(self) -> None:
        """Draw all of it."""
        listed = self.networks.head(_LISTED)
        for row, network in enumerate(listed.to_dict("records"), start=1):
            self._draw_row(row, network)
        self._draw_head(len(listed))
        left_out = len(self.networks) - len(listed)
        if left_out:
            more = f"and {left_out:,} more, in report.html"
            self._write(self.left, len(listed) + 1, more, color=GREY)

    def _draw_head(self, rows: int) -> None:
        self._write(self.left, 0, "network", color=GREY)
        self._write(self._bars - _GAP, 0, "patients", color=GREY, ha="right")
        ends = [self._middle(row) + side * self._high / 2 for row, side in ((1, 1), (rows, -1))]
        least, most = (self._bars + limit / self._longest * _BAR for limit in self.band)
        sides = ("center", "center") if most - least > _LIMIT else ("right", "left")
        for limit, x, side in zip(self.band, (least, most), sides, strict=True):
            self.sheet.add(Line2D([x, x], ends, color=GREY, linewidth=0.7, ls=(0, (3, 2))))
            self._write(x, 0, f"{limit / 1000:g}k", color=GREY, ha=side)

    def _draw_row(self, row: int, network: dict[str, Any]) -> None:
        """Draw a network: a box with its number, name, patients, bar."""
        middle, high = self._middle(row), 0.72 * self._high
        ink, line = (INK, 0.3) if network["in_band"] else (OUTSIDE, 1.3)
        look = {"facecolor": network["colour"], "edgecolor": ink, "linewidth": line}
        corner, rounded = (
            (self.left, middle - high / 2),
            f"round,pad=0,rounding_size={high / 4:.3f}",
        )
        self.sheet.add(FancyBboxPatch(corner, _NUMBER, high, boxstyle=rounded, **look))
        self._write(self.left + _NUMBER / 2, row, f"{row}", ha="center", weight="bold")
        start = self.left + _NUMBER + _GAP
        room = self._bars - _PATIENTS - 2 * _GAP - start
        self._write(start, row, shortened(network["network_name"], room, self._size), color=ink)
        patients = f"{network['patients']:,}"
        self._write(self._bars - _GAP, row, patients, ha="right", color=ink)
        self._draw_bar(middle, high, network["patients"], look)

    def _draw_bar(self, middle: float, high: float, patients: int, look: dict[str, Any]) -> None:
        """Draw patients as a bar; a break shows that it is cut short."""
        long = min(patients, self._longest) / self._longest * _BAR
        self.sheet.add(Rectangle((self._bars, middle - 0.3 * high), long, 0.6 * high, **look))
        if patients > self._longest:
            x, slant, wide = self._bars + 0.82 * _BAR, 0.25 * high, 0.05
            low, top = middle - 0.5 * high, middle + 0.5 * high
            gap = [(x - slant, low), (x + slant, top), (x + slant + wide, top)]
            gap += [(x - slant + wide, low)]
            self.sheet.add(Polygon(gap, facecolor="white", edgecolor="none", gid=f"cut-{patients}"))
            for left in (0, wide):
                line = [x - slant + left, x + slant + left], [low, top]
                self.sheet.add(Line2D(*line, color=look["edgecolor"], linewidth=0.6))

    def _write(self, x: float, row: int, text: str, **look: Any) -> None:  # noqa: ANN401 - matplotlib's
        self.sheet.write(x, self._middle(row), text, self._size, va="center_baseline", **look)

    def _middle(self, row: int) -> float:
        """Return the height of a row's middle; row 0 is the head."""
        return self.top - (row + 0.5) * self._high

    @property
    def _high(self) -> float:
        rows = min(len(self.networks), _LISTED + 1) + 1
        return min(_ROW, (self.top - self.bottom) / rows)

    @property
    def _size(self) -> float:
        return min(_LETTERS, 56 * self._high)

    @property
    def _bars(self) -> float:
        return self.right - _BAR

    @property
    def _longest(self) -> float:
        """How many patients the longest bar stands for: the largest networks are cut short."""
        most = self.band[1]
        return float(max(1.15 * most, min(self.networks["patients"].max(), 1.6 * most)))
