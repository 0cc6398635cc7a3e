"""Small regions to try the search on, and a search with the usual settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pcn_group.base.progress import Progress
from pcn_group.config.model import Configuration, Search
from pcn_group.geography.adjacency import build_adjacency
from pcn_group.geography.travel import build_travel
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, Practices, Source
from pcn_group.region.building import build_problem
from pcn_group.region.problem import Problem, SizeRule
from pcn_group.solver.solution import Solution
from pcn_group.solver.solve import solve
from pcn_group.verify.rules import check_plan
from tests import oracle

Place = tuple[float, float, int]
"""Kilometres east and north of a corner, and patients."""

EAST, NORTH = 500_000, 220_000


def silent(_: Progress) -> None:
    """Report to nobody."""


def solved(problem: Problem, *, time_limit: float = 60.0, seed: int = 1) -> Solution:
    return solve(problem, Search(time_limit=time_limit, seed=seed, workers=1), silent)


def check_best(problem: Problem, expected: oracle.Lexicographic | None, found: Solution) -> None:
    """The solution is the best of all plans, as brute force has it, or there is none."""
    if expected is None:
        assert found.status == "infeasible"
        return
    assert found.status == "optimal"
    assert oracle.Lexicographic(found.short, found.above, found.cost) == expected
    report = check_plan(problem, found.networks)
    assert report.cost == found.cost == found.bound
    broken = {finding.rule for finding in report.findings if finding.is_broken}
    assert broken == ({"band"} if found.short or found.above else set())


def sample(practices: int, seed: int) -> Practices:
    """A synthetic region as if it had been read from a file."""
    return practices_of(make_sample(practices, seed))


def practices_of(table: pd.DataFrame) -> Practices:
    return Practices(table, (Source("practices.csv", "0" * 64, len(table)),))


def region(places: Mapping[str, Place], **columns: Sequence[str]) -> Practices:
    """A practice table of these places, with lists of 2019; further columns in order of code."""
    codes = sorted(places)
    table = pd.DataFrame(
        {
            "practice_code": codes,
            "practice_name": [f"Practice {code}" for code in codes],
            "list_size": np.array([places[code][2] for code in codes], dtype=np.int64),
            "easting": [EAST + 1000.0 * places[code][0] for code in codes],
            "northing": [NORTH + 1000.0 * places[code][1] for code in codes],
        }
    )
    for name in OPTIONAL_COLUMNS:
        table[name] = np.nan if name.endswith(("list_size", "beds")) else ""
    table["list_date"] = "2019-01-01"
    return practices_of(table.assign(**columns)[[*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS]])


def road(*weights: int, band: tuple[int, int] = (30_000, 50_000), **rules: bool) -> Problem:
    """Practices a kilometre apart along a road, each the neighbour of the next."""
    n = len(weights)
    places = np.arange(n)
    metres = 1000 * np.abs(places[:, None] - places[None, :])
    return Problem(
        codes=tuple("ABCDEFGHIJKL"[:n]),
        weights=np.array(weights, dtype=np.int64),
        cost=np.array(weights, dtype=np.int64)[:, None] * metres,
        neighbours=tuple(tuple(j for j in (i - 1, i + 1) if 0 <= j < n) for i in range(n)),
        size=SizeRule(*band, *band, **rules),
        max_practices=n,
    )


def chessboard(rows: int, columns: int, weight: int, band: tuple[int, int]) -> Problem:
    """Equal practices on a square grid, each the neighbour of those beside it."""
    spots = [(row, column) for row in range(rows) for column in range(columns)]
    metres = [[1000 * round(np.hypot(a - c, b - d), 3) for c, d in spots] for a, b in spots]
    return Problem(
        codes=tuple(f"P{row}{column}" for row, column in spots),
        weights=np.full(len(spots), weight, dtype=np.int64),
        cost=np.rint(weight * np.array(metres)).astype(np.int64),
        neighbours=tuple(
            tuple(k for k, (c, d) in enumerate(spots) if abs(a - c) + abs(b - d) == 1)
            for a, b in spots
        ),
        size=SizeRule(*band, *band),
        max_practices=len(spots),
    )


def problem_of(practices: Practices, configuration: Configuration) -> Problem:
    """A region as the search sees it."""
    table = practices.table
    travel = build_travel(table, configuration)
    return build_problem(table, travel, build_adjacency(table, configuration).of, configuration)
