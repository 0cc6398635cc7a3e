"""The regions on two maps, coloured by the share of networks in the band: today, in the plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd

from pcn_group.output.data.rows import RegionRow
from pcn_group.output.report.figures.hover import escaped
from pcn_group.output.report.figures.plan_map import map_layout, rings
from pcn_group.output.report.shown import percent

__all__ = ["CLASSES", "UNKNOWN", "class_of", "region_figures"]

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

_PAPER = "#ffffff"


def class_of(share: float | None) -> str:
    """Return the colour of a share."""
    if share is None:
        return UNKNOWN[0]
    return next(colour for end, colour, _ in CLASSES if share < end)


def region_figures(
    rows: Sequence[RegionRow], land: gpd.GeoSeries, unit: str
) -> list[dict[str, Any]]:
    """Draw the regions twice: coloured by the networks of today, and by those of the plans.

    Parameters
    ----------
    rows
        Of `summary.csv`.
    land
        The land of each, in the same order; EPSG:27700.
    unit
        Of travel.
    """
    shapes = [rings([area]) for area in land]
    return [
        {
            "data": [
                {
                    "meta": {"layer": "regions", "region": number},
                    "x": x,
                    "y": y,
                    "mode": "lines",
                    "line": {"color": _PAPER, "width": 1},
                    "fill": "toself",
                    "fillcolor": class_of(getattr(row, share)),
                    "hoveron": "fills",
                    "hoverinfo": "text",
                    "text": _about(row, unit),
                }
                for number, (row, (x, y)) in enumerate(zip(rows, shapes, strict=True))
            ],
            "layout": map_layout(land),
        }
        for share in ("current_share_in_band", "share_in_band")
    ]


def _about(row: RegionRow, unit: str) -> str:
    lines = [f"<b>{escaped(row.region_code)}</b> {escaped(row.region_name)}"]
    if row.current_share_in_band is not None:
        share = percent(row.current_share_in_band)
        lines.append(f"today {share} of {row.current_networks} networks in the band")
    if row.share_in_band is not None:
        lines.append(f"in the plan {percent(row.share_in_band)} of {row.networks}")
        lines.append(f"mean travel {row.mean} {unit}")
    else:
        lines.append("no plan")
    return "<br>".join(lines)
