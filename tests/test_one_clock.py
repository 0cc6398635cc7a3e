"""The time limit is one clock for all that a command does, reasons for a failure included."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from pcn_group import pipeline
from pcn_group.base.errors import InfeasibleError
from pcn_group.config.model import Band, Configuration
from pcn_group.infeasibility import remedies
from pcn_group.infeasibility.words import reasons_for, why_infeasible
from pcn_group.region.problem import Problem
from pcn_group.solver import band_exceptions as exceptions
from pcn_group.solver import moves_balance as moves
from pcn_group.solver import restricted, solve, turns
from pcn_group.solver.search.search import Outcome
from pcn_group.solver.search.state import Effort
from pcn_group.solver.solve import check_solution
from pcn_group.solver.solve import solve as solved
from pcn_group.studies.alternatives import find_alternatives
from pcn_group.studies.explain import explain
from pcn_group.studies.levels.divide import divide_networks
from pcn_group.studies.levels.footprints import plan_footprints
from pcn_group.studies.questions import Questions
from pcn_group.studies.tradeoff import band_curve, moves_curve
from tests.infeasibility.regions import effort, road_region
from tests.solver.regions import region, sample, silent
from tests.studies.levels.plans import sample_case

LIMIT = 500.0

ONE = {"search": {"workers": 1, "time_limit": LIMIT}}
BAND = {**ONE, "band": {"min": 14_000, "max": 30_000}}
STRICT = {**ONE, "band": {"min": 30_000, "max": 30_500, "below": "forbid", "above": "forbid"}}


@pytest.fixture
def deadlines(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When each search had to be over."""
    seen: list[float] = []
    for module in (restricted, exceptions, moves, solve, turns):
        search: Callable[..., Outcome] = module.search

        def watched(
            instance: object,
            effort: Effort,
            *args: object,
            search: Callable[..., Outcome] = search,
            **more: object,
        ) -> Outcome:
            seen.append(effort.deadline)
            return search(instance, effort, *args, **more)

        monkeypatch.setattr(module, "search", watched)
    return seen


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> list[Effort]:
    """The clocks that were started."""
    started: list[Effort] = []
    start = Effort.starting_now.__func__  # type: ignore[attr-defined]

    def watched(cls: type[Effort], *args: object) -> Effort:
        started.append(start(cls, *args))
        return started[-1]

    monkeypatch.setattr(Effort, "starting_now", classmethod(watched))
    return started


def configured(rules: dict[str, object]) -> Configuration:
    return Configuration.model_validate(rules)


def explained(folder: Path) -> None:
    case = sample_case(folder, 8, 0, 3, "band.min=14000", "band.max=30000")
    practice = case.region.problem.codes[0]
    explain(case, practice, next(iter(case.networks)), case.region.configuration.search, silent)


def infeasible(folder: Path, *, repair: bool) -> None:  # noqa: ARG001 - as the others
    places = {code: (float(k), 0.0, 20_000) for k, code in enumerate("ABC")}
    today = region(places, current_network=["N1", "N1", "N2"])
    with pytest.raises(InfeasibleError, match="What clashes"):
        pipeline.solve(today, configured(STRICT), silent, repair=repair)


RUNS: dict[str, Callable[[Path], object]] = {
    "solve": lambda _: pipeline.solve(sample(12, 1), configured(BAND), silent),
    "solve, the band gives way": lambda _: pipeline.solve(
        sample(8, 1), configured({**ONE, "band": {"min": 39_900, "max": 40_000}}), silent
    ),
    "solve, no plan": lambda folder: infeasible(folder, repair=False),
    "repair": lambda _: pipeline.solve(sample(12, 1), configured(BAND), silent, repair=True),
    "repair, no plan": lambda folder: infeasible(folder, repair=True),
    "alternatives": lambda _: find_alternatives(
        sample(8, 1), configured(BAND), Fraction(1, 20), 5, silent
    ),
    "tradeoff against the band": lambda _: band_curve(
        sample(8, 1), configured(BAND), (7_000, 45_000), 6, silent
    ),
    "tradeoff against moves": lambda _: moves_curve(sample(12, 1), configured(BAND), 6, silent),
    "footprints": lambda folder: plan_footprints(
        sample_case(folder, 12, 1, 6), configured(ONE).search, Band(min=20_000, max=90_000), silent
    ),
    "divide": lambda folder: divide_networks(
        sample_case(folder, 12, 1, 2), configured(ONE).search, 10_000, 40_000, (), silent
    ),
    "explain": explained,
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_one_clock_is_started_and_no_search_may_go_on_after_it(
    run: Callable[[Path], object],
    tmp_path: Path,
    clocks: list[Effort],
    deadlines: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What was compiled does not count: here nothing is.
    monkeypatch.setattr(Effort, "without", lambda self, _: self)
    run(tmp_path)
    (clock,) = clocks
    assert deadlines
    assert max(deadlines) <= clock.deadline


def test_the_clock_starts_before_distances_and_neighbours(clocks: list[Effort]) -> None:
    began: list[int] = []
    pipeline.start_run(sample(8, 1), configured(BAND), lambda _: began.append(len(clocks)))
    assert began == [1]


def test_what_laying_out_a_plan_took_is_gone() -> None:
    whole, rest = (Effort.starting_now(configured(ONE).search, spent) for spent in (0.0, 100.0))
    assert whole.seconds_left - rest.seconds_left == pytest.approx(100.0, abs=10.0)


def test_compiling_does_not_count() -> None:
    before = Effort(start=0.0, deadline=10.0, gap=0.0, seed=1, workers=1)
    after = before.without(lambda: time.sleep(0.01))
    assert after.deadline - after.start == pytest.approx(10.0)
    assert after.deadline > 10.0


def test_a_part_has_no_more_than_the_whole_has_left() -> None:
    whole = effort(50.0)
    assert Effort.begun(whole).deadline == pytest.approx(whole.deadline)
    assert Effort.begun(whole.at_most(7.0)).seconds_left <= 7.0


@pytest.fixture
def no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where anything is solved."""

    def fails(*_: object, **__: object) -> None:
        raise AssertionError("there is no time to search")

    for module, name in ((remedies, "solve"), (restricted, "search")):
        monkeypatch.setattr(module, name, fails)


@pytest.mark.usefixtures("no_search")
def test_when_time_is_over_reasons_are_what_is_known_without_a_search() -> None:
    text = why_infeasible(road_region(26_000, 10_000, 20_000), effort(0.0), silent)
    first, *lines = text.splitlines()
    assert first.startswith("Proven: no plan of these 3 practices")
    assert "These practices have 56,000 patients in all" in lines[0]
    assert lines[-1].startswith("The time limit ended the search for reasons")


def test_with_time_left_nothing_is_said_of_it() -> None:
    terms = road_region(26_000, 10_000, 20_000)
    assert reasons_for(terms, effort()).is_complete
    assert "time limit" not in why_infeasible(terms, effort(), silent)


def test_when_time_is_over_nothing_more_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    terms = road_region(20_000, 20_000, 20_000, 20_000)
    questions = Questions(terms, {"N1": (0, 1), "N2": (2, 3)}, effort(), asked.append)
    monkeypatch.setattr(questions, "effort", effort(0.0))
    price = questions.together(1, 2)
    assert (price.solution.status, price.cost, price.is_proven) == ("no_plan_in_time", None, False)
    assert asked == ["the best plan"]


def test_a_certificate_is_left_unproven_when_time_is_over() -> None:
    problem: Problem = road_region(20_000, 20_000, 20_000, 20_000).problem
    found = solved(problem, configured(ONE).search, silent)
    assert check_solution(problem, found)
    assert not check_solution(problem, found, until=time.monotonic() - 1)
