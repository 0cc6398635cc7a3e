"""The share of networks in the band of each region, today and in its plan, as one chart."""

from __future__ import annotations

from collections.abc import Sequence

from pcn_group.output.report.facts import Row
from pcn_group.output.report.markup import page_of, percent, text

__all__ = ["share_chart"]

_IN_COLUMN = 45
"""Regions in a column, at most"""

_WIDTH, _LABEL, _ROW, _HEAD, _RIGHT = 420, 206, 15, 24, 14
_CODE, _LONGEST = 34, 26
"""Room for the code, and letters of a name"""
_TICKS = (0, 25, 50, 75, 100)


def share_chart(rows: Sequence[Row]) -> str:
    """Draw a line for each region from the share of today to that of the plan, the least first.

    Parameters
    ----------
    rows
        Of `summary.csv`.
    """
    known = [row for row in rows if row["share_in_band"] or row["current_share_in_band"]]
    known.sort(key=lambda row: [float(row[key] or 0) for key in _SHARES])
    count = -(-len(known) // _IN_COLUMN)
    each = -(-len(known) // max(count, 1))
    columns = [known[start : start + each] for start in range(0, len(known), each or 1)]
    return (
        '<p class="legend"><span class="key now"></span>today '
        '<span class="key then"></span>in the plan</p>'
        f'<div class="shares">{"".join(map(_column, columns))}</div>'
    )


_SHARES = ("current_share_in_band", "share_in_band")


def _column(rows: Sequence[Row]) -> str:
    height = _HEAD + _ROW * len(rows) + 6
    ticks = "".join(
        f'<line class="grid" x1="{_across(tick / 100)}" x2="{_across(tick / 100)}" '
        f'y1="{_HEAD - 4}" y2="{height - 6}"/>'
        f'<text class="tick" x="{_across(tick / 100)}" y="12">{tick}%</text>'
        for tick in _TICKS
    )
    lines = "".join(_line(row, _HEAD + _ROW * (k + 0.5)) for k, row in enumerate(rows))
    return f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}">{ticks}{lines}</svg>'


def _line(row: Row, y: float) -> str:
    today, plan = (row[key] for key in _SHARES)
    ends = [_across(float(share)) for share in (today, plan) if share]
    code, name = row["region_code"], row["region_name"]
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
    told = (
        f"{code} {name}: today {percent(today) or 'unknown'}, in the plan {percent(plan) or 'none'}"
    )
    parts = [
        f"<title>{text(told)}</title>",
        f'<text class="name" x="0" y="{y + 4}">{text(code)}</text>',
        f'<text class="name" x="{_CODE}" y="{y + 4}">{text(short)}</text>',
        f'<line class="way" x1="{min(ends)}" x2="{max(ends)}" y1="{y}" y2="{y}"/>',
    ]
    if today:
        parts.append(f'<circle class="now" cx="{_across(float(today))}" cy="{y}" r="4"/>')
    if not plan:
        return f"<g>{''.join(parts)}</g>"
    parts.append(f'<circle class="then" cx="{_across(float(plan))}" cy="{y}" r="4"/>')
    return f'<a href="{page_of(code)}">{"".join(parts)}</a>'


def _across(share: float) -> float:
    return round(_LABEL + share * (_WIDTH - _LABEL - _RIGHT), 1)
