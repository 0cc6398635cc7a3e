"""Patients across borders: bands from the neighbourhoods they live in to the networks they are of.

Only those are drawn who live in another neighbourhood than their network serves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pcn_group.output.data.fit_rows import NeighbourhoodRow
from pcn_group.output.report.fit_facts import FitFacts

__all__ = ["Band", "End", "FlowChart", "flow_chart"]

_WIDTH, _LEFT, _RIGHT, _NODE = 920, 200, 600, 9
"""Of the drawing; where bands begin and end; how wide the bars at both ends are"""

_TOP, _ROW, _GAP = 30, 15, 8
"""Room for the headings; the least height that the words about a bar need; between two bars"""

_EACH, _LOWEST, _HIGHEST = 24, 160, 620
"""Height of all bands together for each bar on the fuller side, and the limits of that"""

_LETTERS, _OF_A_CODE = 22, 10
"""Of a name, and of the code of a neighbourhood; the tables have all of it"""

_READABLE = 12
"""Height of a band that has room for its number"""


@dataclass(frozen=True)
class End:
    """A neighbourhood where patients live, or a network that they are with.

    Attributes
    ----------
    words
        What it is called.
    patients
        How many leave it, or come to it.
    y, height
        Where its bar is.
    """

    words: str
    patients: int
    y: float
    height: float


@dataclass(frozen=True)
class Band:
    """The patients who live in a neighbourhood and are with a network that serves another one.

    Attributes
    ----------
    row
        Of `neighbourhoods.csv`.
    path
        The outline, as SVG has it.
    y
        The middle of where it begins.
    has_room
        Whether the number of patients fits into it.
    """

    row: NeighbourhoodRow
    path: str
    y: float
    has_room: bool


@dataclass(frozen=True)
class FlowChart:
    """Bands from neighbourhoods to networks, drawn.

    Attributes
    ----------
    width, height
        Of the drawing.
    left, right, node
        Where bands begin and end, and how wide the bars there are.
    homes, networks
        The bars on both sides, from the top.
    bands
        The widest first.
    """

    width: int
    height: float
    left: int
    right: int
    node: int
    homes: tuple[End, ...]
    networks: tuple[End, ...]
    bands: tuple[Band, ...]


def flow_chart(fit: FitFacts) -> FlowChart | None:
    """Draw who lives elsewhere than their network serves; None where nobody does."""
    if not fit.flows:
        return None
    homes = {code: _short(name or code) for code, name in fit.neighbourhoods.items()}
    serving = sorted(fit.networks, key=lambda row: (row.serves, row.network_id))
    networks = {
        row.network_id: (
            f"{_short(row.network_name or row.network_id)}, serves {_short(row.serves, _OF_A_CODE)}"
        )
        for row in serving
    }
    leaving = _totals([row.neighbourhood for row in fit.flows], fit.flows, homes)
    coming = _totals([row.network_id for row in fit.flows], fit.flows, networks)
    everybody = sum(leaving.values())
    high = min(max(_EACH * max(len(leaving), len(coming)), _LOWEST), _HIGHEST)
    scale = high / everybody
    sides = [[*_ends(words, sums, scale)] for words, sums in ((homes, leaving), (networks, coming))]
    bottom = max(_bottom(side) for side in sides)
    left, right = ([_lower(end, (bottom - _bottom(side)) / 2) for end in side] for side in sides)
    return FlowChart(
        width=_WIDTH,
        height=round(bottom + _GAP, 1),
        left=_LEFT,
        right=_RIGHT,
        node=_NODE,
        homes=tuple(left),
        networks=tuple(right),
        bands=tuple(
            sorted(
                _bands(fit, dict(zip(leaving, left, strict=True)), coming, right, scale),
                key=lambda band: -band.row.resident,
            )
        ),
    )


def _totals(
    keys: Sequence[str], rows: Sequence[NeighbourhoodRow], order: Mapping[str, str]
) -> dict[str, int]:
    """Add up patients by key, in an order, without those of whom there are none."""
    sums = dict.fromkeys(order, 0)
    for key, row in zip(keys, rows, strict=True):
        sums[key] += row.resident
    return {key: patients for key, patients in sums.items() if patients}


def _ends(words: Mapping[str, str], sums: Mapping[str, int], scale: float) -> Iterator[End]:
    """Put bars under each other, with room for the words about each."""
    y = float(_TOP)
    for key, patients in sums.items():
        height = scale * patients
        room = max(height, _ROW)
        yield End(words[key], patients, y + (room - height) / 2, height)
        y += room + _GAP


def _bottom(side: Sequence[End]) -> float:
    return side[-1].y + side[-1].height


def _lower(end: End, more: float) -> End:
    return End(end.words, end.patients, end.y + more, end.height)


def _bands(
    fit: FitFacts,
    homes: Mapping[str, End],
    coming: Mapping[str, int],
    networks: Sequence[End],
    scale: float,
) -> Iterator[Band]:
    """Lay bands side by side at both ends, in the order of the bars at the other."""
    ends = dict(zip(coming, networks, strict=True))
    starts = {code: end.y for code, end in homes.items()}
    targets = {network: end.y for network, end in ends.items()}
    rows = {(row.neighbourhood, row.network_id): row for row in fit.flows}
    for code in homes:
        for network in ends:
            if row := rows.get((code, network)):
                height = scale * row.resident
                yield Band(
                    row=row,
                    path=_path(starts[code], targets[network], height),
                    y=starts[code] + height / 2,
                    has_room=height >= _READABLE,
                )
                starts[code] += height
                targets[network] += height


def _path(start: float, end: float, height: float) -> str:
    """Return the outline of a band that leaves and arrives level."""
    left, right, middle = _LEFT + _NODE, _RIGHT - _NODE, (_LEFT + _RIGHT) / 2
    return (
        f"M{left} {start:.1f}C{middle:g} {start:.1f} {middle:g} {end:.1f} {right} {end:.1f}"
        f"V{end + height:.1f}C{middle:g} {end + height:.1f} {middle:g} {start + height:.1f} "
        f"{left} {start + height:.1f}Z"
    )


def _short(name: str, letters: int = _LETTERS) -> str:
    return name if len(name) <= letters else f"{name[: letters - 1].rstrip()}…"
