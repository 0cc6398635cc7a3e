"""Two plans to show beside each other: what continues what, under one number and in one colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pcn_group.output.data.comparison import match_rows, move_rows
from pcn_group.output.data.rows_of_several import MATCHES, MatchRow, MoveRow
from pcn_group.output.maps.colours import matched_colours
from pcn_group.output.report.figures.hover import practice_words
from pcn_group.output.report.figures.moves_map import map_moves, words_of_move
from pcn_group.output.report.pages.several import Drawn, drawn
from pcn_group.plan.compare import Comparison

__all__ = ["Pair", "pairs_of"]


@dataclass(frozen=True)
class Pair:
    """The first plan and another.

    Attributes
    ----------
    sides
        The two plans.
    matches, moves
        The rows of `matches.csv` and `moves.csv` about them. The place of a match is the number of
        its networks, on both maps.
    unchanged
        How many networks have the same practices in both.
    """

    sides: tuple[Drawn, Drawn]
    matches: tuple[MatchRow, ...]
    moves: tuple[MoveRow, ...]
    unchanged: int

    @property
    def moving(self) -> tuple[MoveRow, ...]:
        """The practices that move."""
        return tuple(row for row in self.moves if row.moved)

    @property
    def patients_moving(self) -> int:
        """How many patients these have."""
        return sum(row.list_size for row in self.moving)

    def number(self, side: int) -> dict[str, int]:
        """Return the number of each network of a plan."""
        names = [(row.from_network, row.to_network)[side] for row in self.matches]
        return {name: k for k, name in enumerate(names) if name}

    def numbers(self, side: int) -> list[int]:
        """Return the numbers of the networks of a plan, in the order of its facts."""
        number = self.number(side)
        return [number[row.network_id] for row in self.sides[side].facts.networks]

    @cached_property
    def colours(self) -> tuple[str, ...]:
        """The colour of each match: neighbours differ on both maps."""
        return matched_colours(
            [(side.layers.networks.geometry, self.numbers(k)) for k, side in enumerate(self.sides)]
        )

    def data(self) -> dict[str, Any]:
        """Return what the script reads: the two maps, and the matches."""
        sides = [self._side(side) for side in range(2)]
        # Both maps begin with the same view.
        sides[1]["figure"]["layout"] = sides[0]["figure"]["layout"]
        return {"sides": sides, "matches": [*map(MATCHES.cells, self.matches)]}

    def _side(self, side: int) -> dict[str, Any]:
        numbers = self.numbers(side)
        values = self.sides[side].data(numbers, [self.colours[number] for number in numbers])
        for network, number in zip(values["plan"]["networks"], numbers, strict=True):
            network["number"] = number
        traces = values["figure"]["data"]
        labels = next(k for k, trace in enumerate(traces) if trace["meta"]["layer"] == "labels")
        traces[labels:labels] = map_moves(values["plan"], self.moving, side)
        self._tell_moves(values, side)
        return values

    def _tell_moves(self, values: dict[str, Any], side: int) -> None:
        """Say of the practices that move from where to where, when one points at them."""
        numbers = (self.number(0), self.number(1))
        notes = {row.practice_code: words_of_move(row, numbers) for row in self.moving}
        (circles,) = (
            trace for trace in values["figure"]["data"] if trace["meta"]["layer"] == "practices"
        )
        about = practice_words(self.sides[side].facts, notes)
        circles["hovertext"] = [about[k] for k in circles["customdata"]]


def pairs_of(comparison: Comparison) -> Iterator[Pair]:
    """Return the first plan with each other one.

    Raises
    ------
    InputError
        As `network_areas`.
    """
    first, *others = (drawn(comparison.region, plan) for plan in comparison.plans)
    for number, other in enumerate(others, start=1):
        yield Pair(
            sides=(first, other),
            matches=tuple(match_rows(comparison, number)),
            moves=tuple(move_rows(comparison, number)),
            unchanged=comparison.moves[number].unchanged,
        )
