"""What good plans agree on, as a figure of plotly: groups in colour, what is open in grey.

Also what moves between two plans: a ring around it, and the way to its hub.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import geopandas as gpd
import pandas as pd

from pcn_group.output.data.rows_of_several import MoveRow
from pcn_group.output.maps.colours import INK, TODAY, network_colours
from pcn_group.output.report.plan_map import diameters, map_layout, shared
from pcn_group.output.report.rings import escaped, rings

__all__ = ["Agreed", "agreed_figure", "map_moves", "words_of_move"]

_PAPER, _OPEN = "#ffffff", "#c8c8c8"


@dataclass(frozen=True)
class OpenPair:
    """Two practices that good plans decide about otherwise.

    Attributes
    ----------
    first, second
        Their codes.
    in_best
        Whether they are `together` or `apart` in the best plan.
    price
        What it costs to decide otherwise.
    is_settled
        Whether that is known to be the least.
    first_name, second_name
        Of the practices; empty in files of before there were any.
    """

    first: str
    second: str
    in_best: str
    price: Decimal
    is_settled: bool
    first_name: str = ""
    second_name: str = ""


@dataclass(frozen=True)
class Agreed:
    """What all good plans agree on.

    Attributes
    ----------
    practices
        `practice_code`, `practice_name`, `list_size`, `easting` and `northing` of each.
    groups
        The positions of the practices that are always together.
    areas
        The land of each group, then that of each practice in none; EPSG:27700.
    pairs
        Those that are open.
    unit
        Of travel.
    """

    practices: pd.DataFrame
    groups: tuple[tuple[int, ...], ...]
    areas: gpd.GeoSeries
    pairs: tuple[OpenPair, ...]
    unit: str


def agreed_figure(agreed: Agreed) -> dict[str, Any]:
    """Draw the groups, the open pairs as lines, and the practices."""
    lines, prices = _pairs(agreed)
    traces = [*_areas(agreed), lines, _practices(agreed), prices]
    return {"data": traces, "layout": map_layout(agreed.areas)}


def _areas(agreed: Agreed) -> list[dict[str, Any]]:
    count = len(agreed.groups)
    colours = network_colours(agreed.areas.iloc[:count]) if count else ()
    traces = []
    for number, area in enumerate(agreed.areas):
        x, y = rings([area])
        words = _always(agreed, agreed.groups[number]) if number < count else "open"
        traces.append(
            {
                "meta": {"layer": "areas"},
                "x": x,
                "y": y,
                "mode": "lines",
                "line": {"color": _PAPER, "width": 1.5 if number < count else 0.8},
                "fill": "toself",
                "fillcolor": colours[number] if number < count else _OPEN,
                "hoveron": "fills",
                "hoverinfo": "text",
                "text": words,
            }
        )
    return traces


def _always(agreed: Agreed, group: Sequence[int]) -> str:
    codes = agreed.practices["practice_code"]
    return "always together: " + ", ".join(escaped(codes.iloc[i]) for i in group)


def _pairs(agreed: Agreed) -> list[dict[str, Any]]:
    """Draw a line for each open pair, and in its middle what the other decision costs.

    The script of the page shows those of one practice at a time.
    """
    table = agreed.practices
    places = dict(zip(table["practice_code"], zip(*_metres(table), strict=True), strict=True))
    codes = [(pair.first, pair.second) for pair in agreed.pairs]
    ends = [(places[a], places[b]) for a, b in codes]
    words = [_about_pair(agreed, pair) for pair in agreed.pairs]
    lines = {
        "meta": {"layer": "lines"},
        "x": [value for a, b in ends for value in (a[0], b[0], None)],
        "y": [value for a, b in ends for value in (a[1], b[1], None)],
        "mode": "lines",
        "line": {"color": INK, "width": 1.5, "dash": "3px,2px"},
        "hoverinfo": "skip",
    }
    middles = {
        "meta": {"layer": "prices", "words": [": ".join(parts) for parts in words]},
        "x": [round((a[0] + b[0]) / 2) for a, b in ends],
        "y": [round((a[1] + b[1]) / 2) for a, b in ends],
        "customdata": codes,
        "mode": "markers",
        "marker": {"symbol": "diamond", "size": 10, "color": INK, "opacity": 1},
        "hoverinfo": "text",
        "hovertext": [f"<b>{escaped(pair)}</b><br>{price}" for pair, price in words],
    }
    return [lines, middles]


def _about_pair(agreed: Agreed, pair: OpenPair) -> tuple[str, str]:
    """Name two practices, and say what it costs to decide about them otherwise."""
    other = "apart" if pair.in_best == "together" else "together"
    price = f"{pair.price:,.3f} patient-{agreed.unit}"
    return (
        f"{pair.first} and {pair.second}",
        f"{pair.in_best} in the best plan; {other} costs {price} more",
    )


def _practices(agreed: Agreed) -> dict[str, Any]:
    table = agreed.practices
    order = sorted(range(len(table)), key=lambda i: (-int(table["list_size"].iloc[i]), i))
    words = _about_practices(agreed)
    rows = table.iloc[order]
    x, y = _metres(rows)
    return {
        "meta": {"layer": "practices"},
        "x": x,
        "y": y,
        "customdata": rows["practice_code"].tolist(),
        "mode": "markers",
        "marker": {
            "size": diameters(rows["list_size"]).tolist(),
            "color": _PAPER,
            "opacity": 1,
            "line": {"color": INK, "width": 1.2},
        },
        "hoverinfo": "text",
        "hovertext": [words[i] for i in order],
    }


def _about_practices(agreed: Agreed) -> list[str]:
    table = agreed.practices
    group_of = {i: group for group in agreed.groups for i in group}
    alone, brief = [], []
    for i, (code, name, size) in enumerate(
        table[["practice_code", "practice_name", "list_size"]].itertuples(index=False)
    ):
        told = _always(agreed, group_of[i]) if i in group_of else "open: with nobody always"
        alone.append(f"<b>{escaped(code)}</b> {escaped(name)}<br>{size:,} patients<br>{told}")
        brief.append(f"<b>{escaped(code)}</b> {escaped(name)}<br>{size:,} patients; {told}")
    return shared(list(zip(*_metres(table), strict=True)), alone, brief)


def _metres(table: pd.DataFrame) -> tuple[list[int], list[int]]:
    """Return places, to the metre."""
    x, y = (table[name].round().astype(int).tolist() for name in ("easting", "northing"))
    return x, y


_RING, _HEAD = 8, 12
"""How much wider a ring is than its circle, and how long the head of an arrow, in pixels"""


def map_moves(plan: Mapping[str, Any], moves: Sequence[MoveRow], side: int) -> list[dict[str, Any]]:
    """Draw the practices that move, on the map of the first plan or of the other.

    On the first the way to the hub they leave is dashed, on the other an arrow leads to the new
    one.

    Parameters
    ----------
    plan
        As `page_data` gives it.
    moves
        The rows of `moves.csv` with what moves.
    side
        0 for the first plan, 1 for the other.
    """
    practices = plan["practices"]
    place = {practice["code"]: k for k, practice in enumerate(practices)}
    hubs = {practice["network"]: practice for practice in practices if practice["hub"]}
    rows = [place[row.practice_code] for row in moves]
    widths = diameters([int(practice["list"]) for practice in practices])
    ends = _ways([(practices[k], hubs[practices[k]["network"]]) for k in rows])
    ways = {
        "meta": {"layer": "moves"},
        **ends,
        "mode": "lines+markers" if side else "lines",
        "line": {"color": TODAY, "width": 2.5, "dash": "solid" if side else "4px,3px"},
        "marker": {
            "symbol": "arrow",
            "angleref": "previous",
            "size": [0, _HEAD, 0] * (len(ends["x"]) // 3),
            "color": TODAY,
            "opacity": 1,
            "standoff": 4,
        },
        "hoverinfo": "skip",
    }
    rings = {
        "meta": {"layer": "moves"},
        "x": [practices[k]["x"] for k in rows],
        "y": [practices[k]["y"] for k in rows],
        "mode": "markers",
        "marker": {
            "symbol": "circle-open",
            "size": (_RING + widths[rows]).tolist(),
            "color": TODAY,
            "opacity": 1,
            "line": {"width": 2.5},
        },
        "hoverinfo": "skip",
    }
    return [ways, rings]


def _ways(ends: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, list[Any]]:
    """Return the lines from practices to hubs; none for a practice that is the hub."""
    apart = [(a, b) for a, b in ends if (a["x"], a["y"]) != (b["x"], b["y"])]
    return {axis: [value for a, b in apart for value in (a[axis], b[axis], None)] for axis in "xy"}


def words_of_move(row: MoveRow, numbers: tuple[Mapping[str, int], Mapping[str, int]]) -> str:
    """Say where a practice moves, in the HTML that plotly understands."""
    origin, destination = row.from_network, row.to_network
    return (
        f"moves from <b>{numbers[0][origin] + 1}</b> {escaped(origin)} "
        f"to <b>{numbers[1][destination] + 1}</b> {escaped(destination)}"
    )
