"""The regions of a batch by the share of networks in the band: a chart, and two maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from pcn_group.output.data.rows import RegionRow
from pcn_group.output.report.document import figure, page_of, percent

__all__ = ["CLASSES", "UNKNOWN", "Column", "Line", "class_of", "regions_data", "share_chart"]

_IN_COLUMN = 45
"""Regions in a column, at most"""

_WIDTH, _ROW, _HEAD, _FOOT = 420, 15, 24, 6
_RIGHT = 22
"""Room for the half of `100%` that is to the right of its line"""
_TICKS = (0, 25, 50, 75, 100)

_CAPITAL, _DIGIT, _OTHER = 8.0, 6.8, 6.0
"""Room for a letter, as much as the widest usual font needs"""
_GAP = 8
_MOST = 220
"""Room for code and name together"""


@dataclass(frozen=True)
class _Labels:
    """Where the names of regions and the shares begin: they make room for the longest before them.

    Attributes
    ----------
    name, share
        From the left.
    """

    name: int
    share: int

    @classmethod
    def of(cls, rows: Sequence[RegionRow]) -> _Labels:
        """Make room for the regions of all columns, so that these are alike."""
        code = min(max(_room(row.region_code) for row in rows), _MOST)
        name = min(max(_room(row.region_name) for row in rows), max(_MOST - code - _GAP, 0))
        begins = code + _GAP
        return cls(begins, begins + (name and name + _GAP))

    def across(self, share: float) -> float:
        """Return the place of a share."""
        return round(self.share + share * (_WIDTH - self.share - _RIGHT), 1)


@dataclass(frozen=True)
class Line:
    """A region: a line from its share of today to that of its plan.

    Attributes
    ----------
    told
        What is said of it.
    address
        Of its page; empty where it has no plan.
    names
        Where to write its code and its name, as far as they fit.
    today, plan
        Where the two shares are; None for one that is not known.
    y
        How far down it is.
    """

    told: str
    address: str
    names: tuple[tuple[int, str], ...]
    today: float | None
    plan: float | None
    y: float

    @property
    def ends(self) -> list[float]:
        """The shares that are known."""
        return [share for share in (self.today, self.plan) if share is not None]


@dataclass(frozen=True)
class Column:
    """Regions one below the other.

    Attributes
    ----------
    width, height
        Of the drawing.
    top, bottom
        Where the lines of the shares in `ticks` begin and end.
    ticks
        Shares in per cent, and where they are.
    lines
        The regions.
    """

    width: int
    height: int
    top: int
    bottom: int
    ticks: tuple[tuple[int, float], ...]
    lines: tuple[Line, ...]


def share_chart(rows: Sequence[RegionRow]) -> list[Column]:
    """Draw a line for each region from the share of today to that of the plan, the least first.

    Parameters
    ----------
    rows
        Of `summary.csv`.
    """
    known = [row for row in rows if any(share is not None for share in _shares(row))]
    if not known:
        return []
    known.sort(key=lambda row: [share or 0 for share in _shares(row)])
    labels = _Labels.of(known)
    each = -(-len(known) // -(-len(known) // _IN_COLUMN))
    return [_column(known[start : start + each], labels) for start in range(0, len(known), each)]


def _column(rows: Sequence[RegionRow], labels: _Labels) -> Column:
    height = _HEAD + _ROW * len(rows) + _FOOT
    return Column(
        width=_WIDTH,
        height=height,
        top=_HEAD - 4,
        bottom=height - _FOOT,
        ticks=tuple((tick, labels.across(tick / 100)) for tick in _TICKS),
        lines=tuple(_line(row, _HEAD + _ROW * (k + 0.5), labels) for k, row in enumerate(rows)),
    )


def _line(row: RegionRow, y: float, labels: _Labels) -> Line:
    today, plan = (None if share is None else labels.across(share) for share in _shares(row))
    code, name = row.region_code, row.region_name
    who = f"{code} {name}".rstrip()
    before, after = (percent(share) for share in _shares(row))
    return Line(
        told=f"{who}: today {before or 'unknown'}, in the plan {after or 'none'}",
        address="" if plan is None else page_of(code),
        names=(
            (0, _shortened(code, labels.name)),
            (labels.name, _shortened(name, labels.share - labels.name)),
        ),
        today=today,
        plan=plan,
        y=y,
    )


def _shares(row: RegionRow) -> tuple[float | None, float | None]:
    """Return the share of networks in the band: of today, and of the plan."""
    return row.current_share_in_band, row.share_in_band


def _shortened(words: str, room: int) -> str:
    """Return as much of words as fits, with a gap behind it."""
    short = words
    while short and _room(short) > room - _GAP:
        short = f"{short.rstrip('…')[:-1].rstrip()}…" if len(short) > 1 else ""
    return short


def _room(words: str) -> int:
    """Return the width of words, or a little more: which font a browser has is not known here."""
    return ceil(sum(_CAPITAL if c.isupper() else _DIGIT if c.isdigit() else _OTHER for c in words))


CLASSES = (
    (0.25, "#f1eef6", "under 25 %"),
    (0.5, "#bdc9e1", "25 % to 50 %"),
    (0.75, "#74a9cf", "50 % to 75 %"),
    (1.0, "#2b8cbe", "75 % and more"),
    (float("inf"), "#045a8d", "all"),
)
"""Of shares: where a class ends, its colour, and its words"""

UNKNOWN = ("#b8b8b8", "no networks")
"""Of regions without a plan, or where the networks of today are not known"""


def class_of(share: float | None) -> str:
    """Return the colour of a share."""
    if share is None:
        return UNKNOWN[0]
    return next(colour for end, colour, _ in CLASSES if share < end)


def regions_data(rows: Sequence[RegionRow], unit: str) -> dict[str, Any]:
    """Return what the scripts read of regions: colours by today and by the plans, words, pages.

    Parameters
    ----------
    rows
        Of `summary.csv`.
    unit
        Of travel.
    """
    return {
        "colours": {
            "today": [class_of(row.current_share_in_band) for row in rows],
            "plans": [class_of(row.share_in_band) for row in rows],
        },
        "about": [_about(row, unit) for row in rows],
        "pages": [page_of(row.region_code) if row.networks else None for row in rows],
    }


def _about(row: RegionRow, unit: str) -> list[str]:
    lines = [f"{row.region_code} {row.region_name}".rstrip()]
    if row.current_share_in_band is not None:
        share = percent(row.current_share_in_band)
        lines.append(f"today {share} of {row.current_networks} networks in the band")
    if row.share_in_band is None:
        return [*lines, "no plan"]
    planned = f"in the plan {percent(row.share_in_band)} of {row.networks}"
    return [*lines, planned, f"mean travel {figure(row.mean)} {unit}"]
