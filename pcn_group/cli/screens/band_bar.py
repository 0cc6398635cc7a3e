"""A bar of characters for a network's patients, with the limits of the band marked on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["BandBar"]

_BLOCKS, _MARK = "▏▎▍▌▋▊▉█", "│"
_PLAIN_BLOCKS, _PLAIN_MARK = "#", ":"

_SHOWN_ABOVE = 0.2
"""How far above the band a bar still grows, as a share of the most"""


@dataclass(frozen=True)
class BandBar:
    """How bars are drawn.

    A bar goes past the first mark exactly where there are patients enough, and past the second
    where there are too many, however coarse it is.

    Attributes
    ----------
    least, most
        The limits of the band.
    width
        Characters, the two marks among them.
    plain
        Whether only ASCII will do.
    """

    least: int
    most: int
    width: int
    plain: bool

    def draw(self, patients: int) -> str:
        """Return the bar of a network."""
        below, inside, above = self._cells
        steps = len(_PLAIN_BLOCKS if self.plain else _BLOCKS)
        over = (patients - self.most) / (_SHOWN_ABOVE * self.most)
        parts = (
            self._filled(math.floor(min(patients / self.least, 1) * below * steps), below),
            self._filled(math.ceil(self._inside(patients) * inside * steps), inside),
            self._filled(math.ceil(min(max(over, 0), 1) * above * steps), above),
        )
        return (_PLAIN_MARK if self.plain else _MARK).join(parts)

    @property
    def heading(self) -> str:
        """The limits, each ending at its mark where there is room, in thousands."""
        least, most = (f"{limit / 1000:g}k" for limit in (self.least, self.most))
        below, inside, _ = self._cells
        if len(least) > below + 1 or len(most) > inside:
            return f"{least} to {most}"
        return f"{least:>{below + 1}}{most:>{inside + 1}}"

    @property
    def _cells(self) -> tuple[int, int, int]:
        """How many characters are below the band, inside and above."""
        cells = self.width - 2
        whole = (1 + _SHOWN_ABOVE) * self.most
        above = max(1, round(cells * _SHOWN_ABOVE * self.most / whole))
        inside = max(1, round(cells * (self.most - self.least) / whole))
        inside = min(inside, cells - above - 1)
        return cells - above - inside, inside, above

    def _inside(self, patients: int) -> float:
        """Return how much of the band is used: 0 to 1."""
        if patients <= self.least:
            return 0.0
        return 1.0 if patients >= self.most else (patients - self.least) / (self.most - self.least)

    def _filled(self, steps: int, cells: int) -> str:
        blocks = _PLAIN_BLOCKS if self.plain else _BLOCKS
        full, part = divmod(steps, len(blocks))
        return (blocks[-1] * full + (blocks[part - 1] if part else "")).ljust(cells)
