"""Large regions: plans from parts and windows, and who can share a network with whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain, islice

import numpy as np
import pytest
from numpy.typing import NDArray

from pcn_group.base.progress import OnProgress
from pcn_group.config.model import Configuration, Search
from pcn_group.region.plan_limits import PlanLimit
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import Instance, build_instance
from pcn_group.solver.search import decomposition as parts
from pcn_group.solver.search import search, state
from pcn_group.solver.search.anneal import Each, InitialPlans, initial_plans
from pcn_group.solver.search.decomposition import Neighbourhoods, plan_by_decomposition
from pcn_group.solver.search.state import Effort, Networks
from pcn_group.solver.solve import solve
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.depth import DEEP
from tests.solver.regions import problem_of, road, sample, silent


def exact(part: Instance, start: Networks | None) -> Networks | None:
    """Search a part as the program does."""
    effort = Effort.starting_now(Search(time_limit=60, workers=1))
    return search.search(part, effort, silent, start=start).networks


def used(*networks: tuple[int, ...]) -> Columns:
    return Columns.of(networks, [0] * len(networks))


def never() -> bool:
    return False


def planned(
    instance: Instance, columns: Columns, solve: parts.Solve, stopped: Callable[[], bool]
) -> Networks | None:
    """Make a plan from networks that the fractional plan has in equal shares."""
    shares = np.full(len(columns), 0.5)
    return plan_by_decomposition(instance, columns, shares, solve, stopped)


# Along a road A to H: only A B, C D, E F, G H or A B C and so on can be networks.
EIGHT = build_instance(road(*[20_000] * 8))


def test_whole_networks_stay_as_they_are() -> None:
    plan = planned(EIGHT, used((0, 1), (2, 3), (4, 5), (6, 7)), exact, never)
    assert plan == ((0, 1), (2, 3), (4, 5), (6, 7))


def test_networks_that_share_a_practice_are_planned_together() -> None:
    searched: list[int] = []

    def watched(part: Instance, start: Networks | None) -> Networks | None:
        searched.append(part.size)
        return exact(part, start)

    mixture = used((0, 1), (1, 2), (2, 3), (0,), (3,), (4, 5), (6, 7))
    assert planned(EIGHT, mixture, watched, never) == ((0, 1), (2, 3), (4, 5), (6, 7))
    assert searched == [4]  # the others are whole networks already


def test_a_part_without_a_plan_is_joined_with_those_around_it() -> None:
    # C alone and D E F are too small and too large: with what is around them there is a plan.
    plan = planned(EIGHT, used((0, 1), (2,), (3, 4, 5), (6, 7)), exact, never)
    assert plan == ((0, 1), (2, 3), (4, 5), (6, 7))


def test_without_any_plan_there_is_none_of_parts() -> None:
    seven = build_instance(road(*[20_000] * 7))
    assert planned(seven, used((0, 1), (2, 3), (4, 5, 6)), exact, never) is None


def test_out_of_time_there_is_none() -> None:
    mixture = used((0, 1), (1, 2), (2, 3), (0,), (3,), (4, 5), (6, 7))
    assert planned(EIGHT, mixture, exact, lambda: True) is None


def test_windows_lead_to_the_best_plan_where_one_window_holds_all() -> None:
    problem = problem_of(sample(40, 3), Configuration())
    instance = build_instance(problem)
    best = exact(instance, None)
    assert best is not None
    worse = planned(instance, used(tuple(range(40))), exact_enough, never)
    assert worse is not None
    improving = Neighbourhoods(instance, worse, exact)
    assert next(improving.improve(np.zeros(40, dtype=np.int64)))
    assert improving.plan == tuple(sorted(best))


@pytest.mark.parametrize("seed", [2, 3, 5])
def test_no_window_makes_a_plan_worse(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_NEIGHBOURHOOD", 12)
    problem = problem_of(sample(60, seed), Configuration())
    instance = build_instance(problem)
    first = planned(instance, used(tuple(range(60))), exact_enough, never)
    assert first is not None
    costs = [sum(map(problem.network_cost, first))]
    improving = Neighbourhoods(instance, first, exact)
    for is_better in islice(improving.improve(problem.weights), 30):
        plan = improving.plan
        assert is_better == (sum(map(problem.network_cost, plan)) < costs[-1])
        assert sorted(chain.from_iterable(plan)) == list(range(60))
        assert not any(finding.is_broken for finding in check_plan(problem, plan).findings)
        costs.append(sum(map(problem.network_cost, plan)))
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0]


def test_neighbourhoods_that_are_searched_at_once_have_no_practice_in_common(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "_NEIGHBOURHOOD", 10)
    problem = problem_of(sample(80, 1), Configuration())
    instance = build_instance(problem)
    first = planned(instance, used(tuple(range(80))), exact_enough, never)
    assert first is not None
    open_now: list[set[str]] = []
    most = 0

    def begin(search: parts.Found) -> parts.Found:
        nonlocal most
        open_now.append(codes := set[str]())
        found = search_and_note(search, codes)
        assert all(codes.isdisjoint(other) for other in open_now if other is not codes)
        most = max(most, len(open_now))

        def ended() -> Networks | None:
            open_now.remove(codes)
            return found

        return ended

    def search_and_note(search: parts.Found, codes: set[str]) -> Networks | None:
        noted.clear()
        found = search()
        codes.update(noted)
        return found

    noted = set[str]()

    def solve_part(part: Instance, start: Networks | None) -> Networks | None:
        noted.update(part.problem.codes)
        return exact(part, start)

    improving = Neighbourhoods(instance, first, solve_part, begin, at_once=3)
    for _ in islice(improving.improve(problem.weights), 20):
        assert sorted(chain.from_iterable(improving.plan)) == list(range(80))
    assert most == 3


@pytest.mark.parametrize("at_once", [1, 4])
def test_neighbourhoods_at_once_do_not_go_beyond_a_limit_together(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "_NEIGHBOURHOOD", 10)
    problem = problem_of(sample(80, 2), Configuration())
    first = planned(build_instance(problem), used(tuple(range(80))), exact_enough, never)
    assert first is not None
    # One network more is allowed, and each neighbourhood would be better off with one more.
    most = PlanLimit("most_networks", 1, len(first) + 1)
    instance = build_instance(replace(problem, plan_limits=(most,)))
    granted: list[int] = []

    def greedy(part: Instance, start: Networks | None) -> Networks | None:
        (limit,) = part.limits.limits
        granted.append(limit.total - len(start or ()))
        return exact(part, start)

    improving = Neighbourhoods(instance, first, greedy, at_once=at_once)
    for _ in islice(improving.improve(problem.weights), 20):
        assert len(improving.plan) <= len(first) + 1
    assert set(granted) == {0, 1}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_plan_hangs_on_no_number_of_threads(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "LARGE", 50)
    monkeypatch.setattr(parts, "_NEIGHBOURHOOD", 15)
    monkeypatch.setattr(search, "expand", lambda *_: None)
    problem = problem_of(sample(100, seed), Configuration())
    one, two, many = (
        solve(problem, Search(time_limit=300, workers=workers), silent) for workers in (1, 2, 5)
    )
    assert one.networks == two.networks == many.networks
    assert one.certificate is not None
    assert one.bound == two.bound == many.bound


def test_in_haste_nothing_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    expanded: list[bool] = []
    effort = Effort.starting_now(Search(time_limit=60, workers=1))
    monkeypatch.setattr(state.SearchState, "offer", lambda *_: None)
    for is_hasty in (False, True):
        monkeypatch.setattr(search, "expand", lambda *_, now=is_hasty: expanded.append(now))
        assert search.search(EIGHT, effort, silent, is_hasty=is_hasty).networks is None
    assert expanded == [False]


def test_where_haste_leaves_no_plan_of_parts_patience_has_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def found_with_patience(
        part: Instance, effort: Effort, on_progress: OnProgress, *, is_hasty: bool, **_: object
    ) -> search.Outcome:
        found = patient(part, effort, on_progress, is_part=True)
        return replace(found, networks=None) if is_hasty else found

    patient = search.search
    monkeypatch.setattr(search, "search", found_with_patience)
    monkeypatch.setattr(search, "_MOST_PATIENT", 0)
    monkeypatch.setattr(search, "initial_plans", no_plans)
    monkeypatch.setattr(search, "expand", lambda *_: None)
    monkeypatch.setattr(state, "LARGE", 50)
    problem = problem_of(sample(100, 1), Configuration())
    found = solve(problem, Search(time_limit=300, gap=0.05, workers=2), silent)
    assert found.status == "within_gap"


def no_plans(instance: Instance, seed: int, stop: NDArray[np.int64], _: Each) -> InitialPlans:
    """What annealing gives, but for the plans."""
    return replace(initial_plans(instance, seed, stop), plans=())


def exact_enough(part: Instance, start: Networks | None) -> Networks | None:
    """A plan with something left to be improved."""
    effort = Effort.starting_now(Search(time_limit=60, gap=0.5, workers=1))
    return search.search(part, effort, silent, start=start).networks


@pytest.mark.parametrize("seed", range(60 if DEEP else 20))
def test_as_a_large_region_a_small_one_is_planned_and_bounded_too(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "LARGE", 4)
    monkeypatch.setattr(parts, "_NEIGHBOURHOOD", 3)
    monkeypatch.setattr(search, "expand", lambda *_: None)
    problem = oracle.random_problem(np.random.default_rng(seed), 5 + seed % 6)
    best = oracle.best_cost(problem)
    found = solve(problem, Search(time_limit=20, workers=1), silent)
    if best is None:
        assert found.status in {"infeasible", "no_plan_in_time"}
        return
    if found.networks:
        report = check_plan(problem, found.networks)
        assert not any(finding.is_broken for finding in report.findings)
        assert found.bound <= best <= found.cost == report.cost
    assert found.certificate is None or verify_certificate(problem, found.certificate).verified


@pytest.mark.parametrize("seed", range(40))
def test_who_can_share_a_network_with_a_hub_is_near_it(seed: int) -> None:
    problem = oracle.random_problem(
        np.random.default_rng(seed), 8, forbidden=seed % 2 == 0, hinges=False
    )
    instance = build_instance(problem)
    region = instance.region
    for hub in range(instance.size):
        near = region.near[region.near_start[hub] : region.near_start[hub + 1]].tolist()
        assert near == sorted({hub, *sharing(problem, instance, hub)})


def sharing(problem: Problem, instance: Instance, hub: int) -> set[int]:
    """By looking at every connected set: who is in one with the hub that is not too large."""
    where = {int(practice): k for k, practice in enumerate(instance.practices)}
    centre, found = int(instance.practices[hub]), set[int]()
    for mask in oracle.connected_sets(problem):
        inside = oracle.members(mask)
        if (
            centre in inside
            and set(inside) <= set(where)
            and oracle.patients(problem, mask) <= problem.size.largest
            and all(problem.cost[i, centre] < FORBIDDEN for i in inside)
        ):
            found |= {where[i] for i in inside}
    return found
