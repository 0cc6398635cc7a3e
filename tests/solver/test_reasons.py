"""Why there is no plan: reasons that name practices, and advice that works."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from pcn_group.config import Search
from pcn_group.problem import Problem
from pcn_group.solver.reasons import why_infeasible
from tests import oracle
from tests.solver.regions import road, silent, solved


def reasons(problem: Problem) -> str:
    return why_infeasible(problem, Search(time_limit=30, workers=1), silent)


def advised(problem: Problem, text: str) -> Problem:
    """The same region in the band a message advises."""
    found = re.search(r"band\.min=(\d+) and band\.max=(\d+)", text)
    assert found is not None
    low, high = int(found[1]), int(found[2])
    size = replace(problem.size, band_min=low, smallest=low, band_max=high, largest=high)
    return problem.with_size(size)


def test_the_nearest_band_is_named() -> None:
    text = reasons(road(20_000, 20_000, 20_000, band=(30_000, 50_000)))
    assert text.startswith(
        "Proven: no plan of these 3 practices has every network between 30,000 and 50,000 patients"
    )
    # All three together are 10,000 too many; in two networks one is 10,000 short.
    assert "10,000 patients above the maximum" in text
    assert "short of the minimum" not in text
    assert "band.min=30000 and band.max=60000" in text


def test_practices_cut_off_are_named() -> None:
    linked = road(20_000, 20_000, 5_000, 4_000)
    apart = replace(linked, neighbours=((1,), (0,), (3,), (2,)))
    text = reasons(apart)
    assert (
        "Cut off from the rest: C, D, with 9,000 patients in all, fewer than one network needs."
        in text
    )
    assert "adjacency.add" in text


def test_the_oversize_are_named() -> None:
    text = reasons(road(60_000, 10_000))
    assert "and so alone: A." in text


def test_of_many_only_the_first_are_named() -> None:
    linked = road(*([1_000] * 12))
    text = reasons(replace(linked, neighbours=((), (2,), *linked.neighbours[2:])))
    assert "Cut off from the rest: A, with 1,000 patients in all" in text
    assert "B, C, D, E, F, G, H, I and 3 more, with 11,000 patients in all" in text


@settings(max_examples=40)
@given(oracle.problems(max_practices=8).filter(lambda p: oracle.best_cost(p) is None))
def test_in_the_band_advised_there_is_a_plan(problem: Problem) -> None:
    text = reasons(problem)
    if "No band that would work was found" in text:
        freed = replace(problem.size, avoid_below=True, avoid_above=True)
        assert oracle.lexicographic_best(problem.with_size(freed)) is None
    else:
        assert oracle.best_cost(advised(problem, text)) is not None


@pytest.mark.parametrize("weights", [(10_000, 10_000), (26_000, 10_000, 20_000)])
def test_giving_way_as_advised_gives_a_plan(weights: tuple[int, ...]) -> None:
    text = reasons(road(*weights))
    assert "band.below=avoid" in text
    assert "band.above=avoid" in text
    assert solved(road(*weights, avoid_below=True, avoid_above=True)).status == "optimal"
