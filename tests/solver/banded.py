"""Small regions with further bands, and what their best plans come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Literal

import numpy as np

from pcn_group.region.figure_limits import UNLIMITED, FigureLimit
from pcn_group.region.figures import Figure
from pcn_group.region.problem import Problem
from tests import oracle


def with_random_bands(
    rng: np.random.Generator, problem: Problem, count: int, *, avoid: bool = False
) -> Problem:
    """The same region with so many further bands that some plans keep and some do not.

    On sums, means and shares, whole and with decimals, hard and at a price, or to be avoided. In
    one region of four the first of them is the band on patients, on the lists of a later year.
    """
    in_a_later_year = count and rng.random() < 0.25
    limits = [*_later_band(rng, problem, avoid=avoid)] if in_a_later_year else []
    for number in range(1 if in_a_later_year else 0, count):
        limits += _random_band(rng, problem, number, avoid=avoid)
    return replace(problem, figure_limits=tuple(limits))


LATER = "later"
"""What the lists of a later year are called."""


def _later_band(
    rng: np.random.Generator, problem: Problem, *, avoid: bool
) -> Iterator[FigureLimit]:
    """The band on patients once more, for lists that have grown or shrunk."""
    growth = rng.uniform(0.8, 1.3, len(problem.weights))
    later = np.rint(problem.weights * growth).astype(np.int64)
    figure = Figure(LATER, "Patients in 2030", "sum", None, later, np.zeros_like(later))
    size = problem.size
    sides: list[tuple[Literal["min", "max"], int]] = [
        ("min", size.band_min),
        ("max", size.band_max),
    ]
    for side, value in sides:
        gives_way = avoid and rng.random() < 0.7
        key = f"profile.bands.{LATER}.{side}"
        yield FigureLimit(key, figure, side, Fraction(value), avoid=gives_way)


def _random_band(
    rng: np.random.Generator, problem: Problem, number: int, *, avoid: bool
) -> Iterator[FigureLimit]:
    figure = _random_figure(rng, problem, number)
    values = [
        value
        for mask in oracle.connected_sets(problem)
        if problem.size.smallest <= oracle.patients(problem, mask) <= problem.size.largest
        if (value := figure.value(oracle.members(mask))) is not None
    ]
    low, high = np.quantile([float(v) for v in values] or [0.0, 1.0], [0.2, 0.8])
    sides: list[tuple[Literal["min", "max"], float]] = [("min", low), ("max", high)]
    if rng.random() < 0.6:
        sides = [sides[int(rng.integers(2))]]
    for side, value in sides:
        at = Fraction(str(round(value, int(rng.integers(0, 3)))))
        limit = FigureLimit(f"profile.bands.{figure.name}.{side}", figure, side, at)
        if avoid and rng.random() < 0.9:
            yield replace(limit, avoid=True)
        elif rng.random() < 0.4:
            price = (
                int(rng.integers(1, 9_000))
                if figure.adds != "sum"
                else int(rng.integers(1, 99_000))
            )
            yield replace(limit, price=price, allowed=UNLIMITED)
            beyond_it = at + (at / 4 if side == "max" else -at / 4)
            yield replace(limit, key=f"{limit.key}.hard", at=beyond_it)
        else:
            yield limit


def _random_figure(rng: np.random.Generator, problem: Problem, number: int) -> Figure:
    """A figure of the practices, of which a mean or a share may not be known everywhere."""
    adds = _ADDS[int(rng.integers(3))]
    weights = problem.weights
    known = (rng.random(len(weights)) < 0.9) if adds != "sum" else np.ones(len(weights), bool)
    scale = int(10 ** rng.integers(0, 3))
    if adds == "mean":
        amounts = weights * known * rng.integers(-5 * scale, 60 * scale, len(weights))
    elif adds == "share":
        amounts = (weights * known * rng.uniform(0, 1, len(weights))).astype(np.int64)
        scale = 1
    else:
        amounts = (weights * scale * rng.uniform(0, 0.2, len(weights))).astype(np.int64)
    base = np.zeros_like(weights) if adds == "sum" else weights * known
    return Figure(f"figure_{number}", f"Figure {number}", adds, None, amounts, base, scale)


_ADDS: tuple[Literal["sum", "mean", "share"], ...] = ("sum", "mean", "share")
