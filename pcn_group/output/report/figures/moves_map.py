"""What moves between two plans, as traces of plotly: a ring around it, and the way to its hub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pcn_group.output.data.rows_of_several import MoveRow
from pcn_group.output.maps.colours import TODAY
from pcn_group.output.report.figures.practices import diameters, escaped

__all__ = ["map_moves", "words_of_move"]

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
