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

    On sums, means and shares, whole and with decimals, hard and at a price, or to be avoided.
    """
    limits = [limit for k in range(count) for limit in _random_band(rng, problem, k, avoid=avoid)]
    return replace(problem, figure_limits=tuple(limits))


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
