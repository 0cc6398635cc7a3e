"""What peers are given, how plans are scored, and where the tables go."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.instances import Spec, build_instance, generated, write_region
from benchmarks.runs import Process, Run
from benchmarks.score import score
from benchmarks.tables import Comparison, compared, grown, put_into
from pcn_group.config.model import Configuration
from pcn_group.practices.sample_region import make_sample
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.solver.regions import problem_of, road, sample


def test_peers_are_given_the_numbers_of_the_problem(tmp_path: Path) -> None:
    instance = build_instance(generated(20, seed=1, limit=1), tmp_path)
    problem = problem_of(sample(20, 1), Configuration())
    region = json.loads((tmp_path / "region.json").read_text("utf-8"))
    assert instance.problem.codes == problem.codes
    assert region["weights"] == problem.weights.tolist()
    assert region["cost"] == problem.cost.tolist()
    assert tuple(map(tuple, region["neighbours"])) == problem.neighbours
    assert region["band"] == [30_000, 50_000]
    assert instance.current is None  # those of a generated region are invented


def test_peers_are_given_ways_around_water_as_the_command_takes_them(tmp_path: Path) -> None:
    sample = make_sample(2, 1)
    hartlepool, redcar = (452_800, 533_700), (460_000, 525_300)
    table = sample.assign(
        easting=[hartlepool[0], redcar[0]], northing=[hartlepool[1], redcar[1]], local_authority=""
    )
    instance = build_instance(Spec("both sides of the Tees", lambda: table, limit=1), tmp_path)
    from_redcar = instance.problem.cost[1, 0] / instance.problem.weights[1]
    assert from_redcar > 2 * math.dist(hartlepool, redcar)


def test_a_practice_that_must_stand_alone_is_kept_from_peers(tmp_path: Path) -> None:
    problem = road(20_000, 20_000, 60_000, 30_000)
    shared = write_region(problem, np.zeros((4, 2)), tmp_path)
    region = json.loads((tmp_path / "region.json").read_text("utf-8"))
    assert shared == (0, 1, 3)
    assert region["weights"] == [20_000, 20_000, 30_000]
    assert region["neighbours"] == [[1], [0], []]


def test_the_score_is_that_of_the_independent_check() -> None:
    problem = oracle.random_problem(np.random.default_rng(4), 8)
    best = oracle.best_plan(problem)
    assert best is not None
    cost, plan = best
    networks = [oracle.members(mask) for mask in plan]
    judged = score(problem, networks)
    assert judged.holds
    assert check_plan(problem, networks).holds
    assert (judged.cost, judged.networks, judged.in_band) == (cost, len(plan), len(plan))
    assert (judged.outside, judged.in_pieces, judged.nowhere) == (0, 0, 0)


def test_a_bad_plan_is_scored_for_what_is_wrong_with_it() -> None:
    problem = road(20_000, 20_000, 20_000, 20_000, 60_000)
    judged = score(problem, [(0, 2), (1,), (4,)])
    assert not judged.holds
    assert (judged.networks, judged.in_band) == (2, 1)  # the one of 60,000 is in neither
    assert (judged.outside, judged.in_pieces, judged.nowhere) == (10_000, 1, 1)


@pytest.fixture
def comparison(tmp_path: Path) -> Comparison:
    instance = build_instance(generated(20, seed=1, limit=1), tmp_path)
    everyone = score(instance.problem, [range(20)])
    good = replace(everyone, cost=1_000, holds=True)
    ours = Run("pcn-group", good, bound=1_000, seconds=2)
    other = Run("peer", replace(everyone, cost=900), seconds=5)
    return Comparison(instance, (ours, other, Run("silent", None, note="gave up")))


def test_a_plan_that_breaks_a_rule_does_not_set_the_measure(comparison: Comparison) -> None:
    ours, other, silent = compared(comparison).splitlines()[-3:]
    assert "| 1.0000 |" in ours
    assert "| optimal | 2.0 |  |" in ours
    assert "| (0.9000) | 0 of 1 | 124,419 | 0 | none | 5.0 | 2.5 |" in other
    assert "| none: gave up |" in silent
    assert comparison.is_proven


def test_claims_that_cannot_both_be_true_are_found(comparison: Comparison) -> None:
    assert comparison.contradictions() == []
    ours = comparison.runs[0]
    assert ours.score is not None
    cheaper = replace(ours, program="peer", score=replace(ours.score, cost=999), bound=None)
    runs = (ours, cheaper)
    assert replace(comparison, runs=runs).contradictions() == [
        "pcn-group claims that no plan costs less than 1,000, but one costs 999"
    ]


def test_growth_shows_the_middle_and_the_worst(comparison: Comparison) -> None:
    ours = replace(comparison.runs[0], note="optimal")
    runs = [
        replace(ours, seconds=seconds, process=Process(seconds + 2, 1, 300 + seconds, 0))
        for seconds in (5, 1, 3)
    ]
    runs[0] = replace(runs[0], note="feasible", bound=900)
    assert grown({20: runs}).splitlines()[-1] == "| 20 | 2 of 3 | 10.0% | 3.0 | 5.0 | 5.0 | 305 |"


def test_results_replace_what_stood_between_the_markers(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text("a\n<!-- results -->\nold\n<!-- end of results -->\nz\n", encoding="utf-8")
    put_into(document, "new")
    put_into(document, "newer")
    expected = "a\n<!-- results -->\n\nnewer\n\n<!-- end of results -->\nz\n"
    assert document.read_text("utf-8") == expected
