"""What the page of a plan says of the figures of its networks: tables, colours and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pcn_group.output.data.profile_rows import ProfileRow, SpreadRow
from pcn_group.output.data.profile_tables import profile_rows, spread_rows
from pcn_group.output.maps.colours import SHADES, UNKNOWN
from pcn_group.plan.network import Network
from pcn_group.plan.profile import figure_words
from pcn_group.region.region import Region

__all__ = ["Dot", "FigureFacts", "Mark", "Shade", "profile_facts"]

_WIDTH, _MARGIN, _STEP = 360, 26, 9
"""Of a chart: its width, the room at its ends, and how far apart dots are that lie over another"""

_ROOM = 120
"""How far apart two numbers are that stand beside each other"""

_ENGLAND = 50_000_000
"""An input of so many patients is all of England."""


@dataclass(frozen=True)
class Shade:
    """The networks with a colour of a figure's map.

    Attributes
    ----------
    words
        From which value to which.
    networks
        How many there are.
    """

    colour: str
    words: str
    networks: int


@dataclass(frozen=True)
class Dot:
    """A network on a chart: where it is, and in words what it is."""

    x: float
    row: int
    words: str


@dataclass(frozen=True)
class Mark:
    """Words on a chart: where they are, and on which line of several."""

    x: float
    words: str
    line: int

    @property
    def side(self) -> str:
        """Which side of the words is there, so that all of them are on the chart."""
        if self.x < _WIDTH / 3:
            return "start"
        return "end" if self.x > _WIDTH * 2 / 3 else "middle"


@dataclass(frozen=True)
class FigureFacts:
    """A figure of all networks.

    Attributes
    ----------
    networks
        The rows of `profile.csv`, in the order of the networks.
    others
        Those of the region, and of all of the input where that has more.
    spread
        The row of `profile_spread.csv`.
    """

    networks: tuple[ProfileRow, ...]
    others: tuple[ProfileRow, ...]
    spread: SpreadRow

    @property
    def title(self) -> str:
        """What the page calls it."""
        return self.spread.label

    @property
    def better(self) -> str:
        """Which way is better off, in words; empty for neither."""
        way = self.networks[0].better
        return {"low": "Less is better off.", "high": "More is better off."}.get(way, "")

    def told(self, value: Decimal | None) -> str:
        """Return a value of the figure in words."""
        return figure_words(self.spread.adds, value)

    def whose(self, row: ProfileRow) -> str:
        """Return what a row is about."""
        if row.level == "network":
            return f"{row.network_id} {row.network_name}"
        is_england = row.patients >= _ENGLAND
        return {"region": "Region"}.get(row.level, "England" if is_england else "All the input")

    @cached_property
    def values(self) -> list[Decimal]:
        """The values of the networks that have one, the lowest first."""
        return sorted(row.value for row in self.networks if row.value is not None)

    def _class_of(self, value: Decimal) -> int:
        """Return the fifth of the networks that a value is in; equal ones are in one."""
        below = sum(other < value for other in self.values)
        return len(SHADES) * below // len(self.values)

    @property
    def colours(self) -> list[str]:
        """The colour of each network on the map: the more, the darker."""
        return [
            UNKNOWN if row.value is None else SHADES[self._class_of(row.value)]
            for row in self.networks
        ]

    @property
    def shades(self) -> list[Shade]:
        """The legend of the map."""
        found = []
        for number, colour in enumerate(SHADES):
            own = [value for value in self.values if self._class_of(value) == number]
            if own:
                ends = dict.fromkeys((self.told(own[0]), self.told(own[-1])))
                found.append(Shade(colour, " to ".join(ends), len(own)))
        unknown = len(self.networks) - len(self.values)
        return [*found, *([Shade(UNKNOWN, "not known", unknown)] if unknown else [])]

    @cached_property
    def _lines(self) -> list[tuple[str, Decimal]]:
        """What the networks are seen against, and its value: of a sum the mean of the networks."""
        if self.spread.adds == "sum":
            count = len(self.values)
            return [("Mean", sum(self.values, Decimal(0)) / count)] if count else []
        return [(self.whose(row), row.value) for row in self.others if row.value is not None]

    def place(self, value: Decimal) -> float:
        """Return where a value is on the chart, from left to right."""
        every = [*self.values, *(line for _, line in self._lines)]
        low, high = min(every), max(every)
        share = float((value - low) / (high - low)) if high > low else 0.5
        return round(_MARGIN + share * (_WIDTH - 2 * _MARGIN), 1)

    @cached_property
    def dots(self) -> list[Dot]:
        """The networks on the chart, those that would hide another above it."""
        placed: list[Dot] = []
        rows = [row for row in self.networks if row.value is not None]
        for row in sorted(rows, key=lambda row: row.value or 0):
            x = self.place(row.value or Decimal(0))
            near = {dot.row for dot in placed if x - dot.x < _STEP}
            free = next(number for number in range(len(placed) + 1) if number not in near)
            placed.append(Dot(x, free, f"{self.whose(row)}: {self.told(row.value)}"))
        return placed

    @property
    def floor(self) -> int:
        """How high the axis of the chart is below its top."""
        return 38 + _STEP * max((dot.row for dot in self.dots), default=0)

    @property
    def height(self) -> int:
        """Of the chart."""
        return self.floor + 22 + 14 * max((tick.line for tick in self.ticks), default=0)

    @property
    def marks(self) -> list[Mark]:
        """The lines on the chart."""
        return [
            Mark(self.place(line), f"{words} {self.told(line)}", k)
            for k, (words, line) in enumerate(self._lines)
        ]

    @property
    def ticks(self) -> list[Mark]:
        """The ends of the networks, one under the other where there is no room."""
        if not self.values:
            return []
        low, high = (self.place(value) for value in (self.values[0], self.values[-1]))
        lowest, highest = (self.told(value) for value in (self.values[0], self.values[-1]))
        if lowest == highest:
            return [Mark(low, lowest, 0)]
        return [Mark(low, lowest, 0), Mark(high, highest, 0 if high - low > _ROOM else 1)]


def profile_facts(region: Region, networks: Sequence[Network]) -> tuple[FigureFacts, ...]:
    """Collect what the page says of each figure."""
    rows = profile_rows(region, networks)
    return tuple(
        FigureFacts(
            tuple(row for row in own if row.level == "network"),
            tuple(row for row in own if row.level != "network"),
            spread,
        )
        for spread in spread_rows(region, networks)
        for own in [[row for row in rows if row.figure == spread.figure]]
    )
