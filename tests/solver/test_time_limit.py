"""At the time limit what was found is valid and honest; `test_one_clock` has who keeps it."""

from __future__ import annotations

import pytest

from pcn_group import pipeline
from pcn_group.base.errors import NoPlanInTimeError
from pcn_group.config.model import Configuration
from pcn_group.solver.bound.relaxation import Relaxation
from pcn_group.solver.linear_program import LinearProgramError
from pcn_group.solver.solve import solve
from pcn_group.verify.rules import check_plan
from tests.solver.regions import chessboard, problem_of, road, sample, silent, solved


@pytest.mark.parametrize(
    ("practices", "band", "limit"),
    [
        (200, (30_000, 200_000), 2.0),
        pytest.param(300, (120_000, 200_000), 10.0, marks=pytest.mark.deep),
    ],
)
def test_at_the_limit_there_is_a_valid_plan_with_an_honest_bound(
    practices: int, band: tuple[int, int], limit: float
) -> None:
    solved(road(20_000, 20_000))  # compiles what is not compiled yet
    low, high = band
    configuration = Configuration.model_validate(
        {"band": {"min": low, "max": high}, "search": {"time_limit": limit, "workers": 2}}
    )
    problem = problem_of(sample(practices, 1), configuration)
    found = solve(problem, configuration.search, silent)
    assert found.status in ("feasible", "optimal")
    assert 0 <= found.bound <= found.cost
    report = check_plan(problem, found.networks)
    assert report.holds
    assert report.cost == found.cost


def test_where_the_band_gives_way_there_is_always_an_answer() -> None:
    # No network comes to within a hundred patients of 40,000, so most are outside the band.
    solved(road(20_000, 20_000))
    configuration = Configuration.model_validate(
        {"band": {"min": 39_900, "max": 40_000}, "search": {"time_limit": 1.0, "workers": 2}}
    )
    problem = problem_of(sample(100, 2), configuration)
    found = solve(problem, configuration.search, silent)
    assert found.status in ("feasible", "optimal")
    assert found.short + found.above > 0
    broken = [f for f in check_plan(problem, found.networks).findings if f.is_broken]
    assert {finding.rule for finding in broken} == {"band"}


def test_a_gap_asked_for_ends_the_search_early() -> None:
    configuration = Configuration.model_validate({"search": {"gap": 0.2, "workers": 1}})
    problem = problem_of(sample(60, 2), configuration)
    found = solve(problem, configuration.search, silent)
    assert found.status in ("within_gap", "optimal")
    assert found.cost - found.bound <= 0.2 * found.cost
    assert check_plan(problem, found.networks).cost == found.cost


def test_no_time_at_all_is_no_proof_of_anything() -> None:
    # 144 equal practices can be put in fours, but that takes longer to find out.
    found = solved(chessboard(12, 12, 10_000, (40_000, 40_000)), time_limit=0.001)
    assert found.status == "no_plan_in_time"
    assert found.networks == ()


def test_no_plan_in_time_is_said_and_what_to_do() -> None:
    configuration = Configuration.model_validate(
        {
            "band": {"min": 39_500, "max": 40_500, "below": "forbid", "above": "forbid"},
            "search": {"time_limit": 0.001},
        }
    )
    with pytest.raises(NoPlanInTimeError, match=r"limit of 0\.001 seconds.*--time-limit"):
        pipeline.solve(sample(80, 1), configuration, silent)


def test_when_linear_programming_fails_the_best_plan_so_far_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise LinearProgramError("GLOP ended ABNORMAL")

    monkeypatch.setattr(Relaxation, "converge", fails)
    problem = problem_of(sample(60, 2), Configuration())
    found = solve(problem, Configuration().search, silent)
    assert found.status == "feasible"
    assert found.certificate is None
    assert check_plan(problem, found.networks).holds
