"""Figures by practice as whole numbers of millionths, so that sums of them are exact."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

__all__ = ["MILLION", "Everyone", "Figures", "as_rows"]

MILLION = 1_000_000
_KINDS = {"practice_code": "str", "figure": "str", "millionths": "object", "patients": "int64"}


def as_rows(
    figure: str, codes: Sequence[str], millionths: Sequence[int], patients: Sequence[int]
) -> pd.DataFrame:
    """Return rows of one figure, as `Figures.rows` has them."""
    columns = ([figure] * len(codes), millionths, patients)
    cells = dict(zip(_KINDS, (list(codes), *map(list, columns)), strict=True))
    return pd.DataFrame(cells).astype(_KINDS)


@dataclass(frozen=True)
class Everyone:
    """A figure of all practices of the input together; fields as the columns of `Figures.rows`."""

    millionths: int
    patients: int


@dataclass(frozen=True)
class Figures:
    """The figures of practices.

    Attributes
    ----------
    rows
        `practice_code`, `figure` (its name), `millionths` (int objects) and `patients` (int64), by
        the first two: what each practice adds to the figure, and how many patients it is known for.
        Of a mean, that is their number times their figure; of a share, those who are counted. A
        practice of which nothing is known has no row.
    everyone
        Those of all practices of the input, by name of the figure.
    registered
        Patients of all practices of the input.
    """

    rows: pd.DataFrame = field(default_factory=lambda: as_rows("", [], [], []))
    everyone: Mapping[str, Everyone] = field(default_factory=dict)
    registered: int = 0

    def among(self, codes: Collection[str]) -> Figures:
        """Return those of some practices; everyone stays."""
        own = self.rows["practice_code"].isin([*codes])
        return replace(self, rows=self.rows[own].reset_index(drop=True))
