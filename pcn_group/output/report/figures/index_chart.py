"""The share of networks in the band of each region, today and in its plan, as one chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from pcn_group.output.report.facts.facts import Row
from pcn_group.output.report.html.markup import page_of, percent, text

__all__ = ["PLAN", "TODAY", "share_chart"]

TODAY, PLAN = "current_share_in_band", "share_in_band"
"""The columns of `summary.csv` with the two shares"""

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
    def of(cls, rows: Sequence[Row]) -> _Labels:
        """Make room for the regions of all columns, so that these are alike."""
        code = min(max(_room(row["region_code"]) for row in rows), _MOST)
        name = min(max(_room(row["region_name"]) for row in rows), max(_MOST - code - _GAP, 0))
        begins = code + _GAP
        return cls(begins, begins + (name and name + _GAP))

    def across(self, share: float) -> float:
        """Return the place of a share."""
        return round(self.share + share * (_WIDTH - self.share - _RIGHT), 1)


def share_chart(rows: Sequence[Row]) -> str:
    """Draw a line for each region from the share of today to that of the plan, the least first.

    Parameters
    ----------
    rows
        Of `summary.csv`.
    """
    known = [row for row in rows if row[PLAN] or row[TODAY]]
    if not known:
        return ""
    known.sort(key=lambda row: [float(row[key] or 0) for key in (TODAY, PLAN)])
    labels = _Labels.of(known)
    each = -(-len(known) // -(-len(known) // _IN_COLUMN))
    columns = [known[start : start + each] for start in range(0, len(known), each)]
    return (
        '<p class="legend"><span class="key now"></span>today '
        '<span class="key then"></span>in the plan</p>'
        f'<div class="shares">{"".join(_column(part, labels) for part in columns)}</div>'
    )


def _column(rows: Sequence[Row], labels: _Labels) -> str:
    height = _HEAD + _ROW * len(rows) + _FOOT
    ticks = "".join(
        f'<line class="grid" x1="{x}" x2="{x}" y1="{_HEAD - 4}" y2="{height - _FOOT}"/>'
        f'<text class="tick" x="{x}" y="12">{tick}%</text>'
        for tick, x in ((tick, labels.across(tick / 100)) for tick in _TICKS)
    )
    lines = "".join(_line(row, _HEAD + _ROW * (k + 0.5), labels) for k, row in enumerate(rows))
    return f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}">{ticks}{lines}</svg>'


def _line(row: Row, y: float, labels: _Labels) -> str:
    today, plan = row[TODAY], row[PLAN]
    ends = [labels.across(float(share)) for share in (today, plan) if share]
    code, name = row["region_code"], row["region_name"]
    who = f"{code} {name}".rstrip()
    told = f"{who}: today {percent(today) or 'unknown'}, in the plan {percent(plan) or 'none'}"
    parts = [
        f"<title>{text(told)}</title>",
        _written(code, 0, labels.name, y),
        _written(name, labels.name, labels.share, y),
        f'<line class="way" x1="{min(ends)}" x2="{max(ends)}" y1="{y}" y2="{y}"/>',
    ]
    if today:
        parts.append(f'<circle class="now" cx="{ends[0]}" cy="{y}" r="4"/>')
    if not plan:
        return f"<g>{''.join(parts)}</g>"
    parts.append(f'<circle class="then" cx="{ends[-1]}" cy="{y}" r="4"/>')
    return f'<a href="{page_of(code)}">{"".join(parts)}</a>'


def _written(words: str, left: int, right: int, y: float) -> str:
    """Write what fits between two places."""
    short = words
    while short and _room(short) > right - left - _GAP:
        short = f"{short.rstrip('…')[:-1].rstrip()}…" if len(short) > 1 else ""
    return f'<text class="name" x="{left}" y="{y + 4}">{text(short)}</text>' if short else ""


def _room(words: str) -> int:
    """Return the width of words, or a little more: which font a browser has is not known here."""
    return ceil(sum(_CAPITAL if c.isupper() else _DIGIT if c.isdigit() else _OTHER for c in words))
