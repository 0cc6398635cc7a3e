"""What the page of a plan says of its fit to neighbourhoods: the rows of the tables about that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pcn_group.output.data.fit_rows import NeighbourhoodRow, NetworkFitRow, PracticeFitRow
from pcn_group.output.data.fit_tables import (
    FittedPlan,
    neighbourhood_rows,
    network_fit_rows,
    practice_fit_rows,
)

__all__ = ["FitFacts", "worth_talking"]


@dataclass(frozen=True)
class FitFacts:
    """How a plan fits.

    Attributes
    ----------
    figures
        As in `summary.json`.
    neighbourhoods
        The name of each by its code, those that no network serves included.
    networks
        The rows of `networks_fit.csv`.
    matrix
        The rows of `neighbourhoods.csv` by network and neighbourhood.
    to_talk
        The rows of `practices_fit.csv` that straddle or live elsewhere, those with most patients
        misaligned first.
    """

    figures: Mapping[str, Any]
    neighbourhoods: Mapping[str, str]
    networks: tuple[NetworkFitRow, ...]
    matrix: Mapping[tuple[str, str], NeighbourhoodRow]
    to_talk: tuple[PracticeFitRow, ...]

    @classmethod
    def of(cls, fitted: FittedPlan | None) -> FitFacts | None:
        """Collect what the page says; None without a map of neighbourhoods."""
        if fitted is None:
            return None
        return cls(
            figures=fitted.fit.plain,
            neighbourhoods=dict(zip(fitted.every.codes, fitted.every.names, strict=True)),
            networks=network_fit_rows(fitted),
            matrix={(row.network_id, row.neighbourhood): row for row in neighbourhood_rows(fitted)},
            to_talk=worth_talking(practice_fit_rows(fitted)),
        )

    @property
    def flows(self) -> tuple[NeighbourhoodRow, ...]:
        """The rows about patients who live in another neighbourhood than their network serves."""
        rows = self.matrix.values()
        return tuple(row for row in rows if row.neighbourhood and row.resident and not row.serves)

    def living_in(self, code: str) -> int:
        """Return how many patients of the plan live in a neighbourhood; in none for no code."""
        return sum(row.resident for (_, own), row in self.matrix.items() if own == code)


def worth_talking(practices: Iterable[PracticeFitRow]) -> tuple[PracticeFitRow, ...]:
    """Return those that straddle or live elsewhere, with most patients misaligned first."""
    found = [row for row in practices if row.straddles or row.lives_elsewhere]
    return tuple(sorted(found, key=lambda row: (-row.misaligned, row.practice_code)))
