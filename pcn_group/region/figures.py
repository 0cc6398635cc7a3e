"""The figures of a profile, by practice, so that those of a network are sums of integers.

    figure(S) = sum of amounts[i] over i in S  /  scale                       (sums)
    figure(S) = sum of amounts[i] over i in S  /  (scale * sum of base[i])    (means, shares)

So a limit on a mean is one on a sum: `figure(S) <= b` is `sum of amounts[i] - b * scale * base[i]`
no more than 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import plural
from pcn_group.config.profile import Profile, ProfileFigure
from pcn_group.practices.profile.figures import MILLION, Everyone, Figures
from pcn_group.practices.profile.of_practices import OWN, of_own_columns
from pcn_group.practices.table import Practices
from pcn_group.practices.units import unit_numbers
from pcn_group.tables.sheets import key

__all__ = ["Figure", "figures_of", "notes_on", "with_own_figures"]

Int = NDArray[np.int64]

_LARGEST = 2**62
"""What amounts of all practices together must not exceed"""


@dataclass(frozen=True, eq=False)
class Figure:
    """One figure of the units of a region, in the order of its problem.

    Attributes
    ----------
    name, title
        What files and pages call it.
    adds
        How a network's figure comes from these.
    better
        Which way is better off; None for neither.
    amounts
        int64 (n,): what each practice adds, in units of 1/scale. Of a mean, its patients times
        their figure; of a share, the patients that are counted.
    base
        int64 (n,): of a mean and of a share, the patients that it is known for; zeros of a sum.
    scale
        A power of ten.
    known
        int64 (n,): the patients that it is known for, of a sum as well.
    everyone
        That of all practices of the input; None where nothing is known of it.
    """

    name: str
    title: str
    adds: Literal["sum", "mean", "share"]
    better: Literal["low", "high"] | None
    amounts: Int
    base: Int
    scale: int = 1
    known: Int = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    everyone: Fraction | None = None

    def value(self, members: Iterable[int]) -> Fraction | None:
        """Return the figure of a network; None of a mean or share where nobody's is known."""
        inside = np.fromiter(members, dtype=np.int64)
        amount = Fraction(int(self.amounts[inside].sum()), self.scale)
        if self.adds == "sum":
            return amount
        patients = int(self.base[inside].sum())
        return amount / patients if patients else None


def figures_of(profile: Profile, practices: Practices) -> tuple[Figure, ...]:
    """Return the figures of a profile by unit.

    Parameters
    ----------
    practices
        Read with the same profile. Their table says which are attached to which.

    Raises
    ------
    InputError
        Where they were read without a figure, or where its numbers are too large to be exact.
    """
    told = practices.figures.everyone
    faults = [
        Fault(
            "profile.figures",
            "was not read with the practices",
            "Give the rules to read_practices as well.",
            value=figure.name,
        )
        for figure in profile.figures
        if figure.name not in told
    ]
    if not faults:
        faults = [fault for figure in profile.figures for fault in _too_large(figure, practices)]
    if faults:
        raise InputError(faults)
    return tuple(_figure(figure, practices) for figure in profile.figures)


def with_own_figures(practices: Practices, profile: Profile) -> Practices:
    """Return practices of one region with their figures.

    Those that are columns which every table of practices may have, such as `weighted_list_size`,
    are there even if the practices were read without the profile.
    """
    if not profile.figures:
        return practices
    table, told = practices.table, practices.figures.among(practices.table["practice_code"])
    cells = table[["practice_code", *OWN]].astype(str).fillna("")
    sources = {
        figure.name: of_own_columns(figure, key(figure.heading), cells)
        for figure in profile.figures
        if figure.name not in told.everyone and key(figure.heading) in OWN
    }
    own = {name: source.rows for name, source in sources.items() if source is not None}
    everyone = {
        name: Everyone(sum(rows["millionths"]), int(rows["patients"].sum()))
        for name, rows in own.items()
    }
    figures = Figures(
        pd.concat([told.rows, *own.values()], ignore_index=True),
        {**told.everyone, **everyone},
        told.registered or int(table["list_size"].sum()),
    )
    return replace(practices, figures=figures)


def notes_on(figures: Iterable[Figure], units: pd.DataFrame) -> Iterator[str]:
    """Say which figures are not known for all patients.

    Parameters
    ----------
    units
        As `units` returns them, in the same order.
    """
    patients = int(units["list_size"].sum())
    for figure in figures:
        known = int(figure.known.sum())
        if known < patients:
            yield f"{figure.name} is known for {known:,} of {plural(patients, 'patient')}."


def _own(figure: ProfileFigure, practices: Practices) -> pd.DataFrame:
    rows = practices.figures.rows
    return rows[rows["figure"] == figure.name]


def _too_large(figure: ProfileFigure, practices: Practices) -> Iterator[Fault]:
    millionths = _own(figure, practices)["millionths"]
    if sum(map(abs, millionths)) // _unused([*millionths]) > _LARGEST:
        problem = "has numbers that are too large to be added up exactly"
        yield Fault("profile.figures", problem, "Give it in a larger unit.", value=figure.name)


def _unused(millionths: list[int]) -> int:
    """Return the largest power of ten, to a million, that all of these are multiples of."""
    unit = MILLION
    while any(number % unit for number in millionths):
        unit //= 10
    return unit


def _figure(rules: ProfileFigure, practices: Practices) -> Figure:
    """Add up the practices of each unit, in whole units of the last decimal."""
    own = _own(rules, practices)
    table = practices.table
    unit_of = dict(zip(table["practice_code"], unit_numbers(table).tolist(), strict=True))
    count = 1 + max(unit_of.values())
    unused = _unused([*own["millionths"]])
    amounts, known = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for code, millionths, patients in zip(
        own["practice_code"], own["millionths"], own["patients"], strict=True
    ):
        amounts[unit_of[code]] += millionths // unused
        known[unit_of[code]] += patients
    return Figure(
        rules.name,
        rules.title,
        rules.adds,
        rules.better,
        amounts,
        np.zeros_like(known) if rules.adds == "sum" else known,
        MILLION // unused,
        known,
        _of_everyone(rules, practices.figures.everyone[rules.name]),
    )


def _of_everyone(rules: ProfileFigure, everyone: Everyone) -> Fraction | None:
    if not everyone.patients:
        return None
    amount = Fraction(everyone.millionths, MILLION)
    return amount if rules.adds == "sum" else amount / everyone.patients
