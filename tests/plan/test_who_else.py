"""Who else moves where a practice goes to the network that serves where its patients live."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pcn_group.config.model import Search
from pcn_group.plan.fit import fit_of
from pcn_group.plan.moving_home import move_home
from pcn_group.plan.repairs import who_else_moves
from pcn_group.plan.who_else import WhoElse
from pcn_group.region.neighbourhoods import Neighbourhoods
from pcn_group.region.problem import Problem
from pcn_group.region.today import Today
from pcn_group.solver.search.state import Effort
from tests import oracle
from tests.depth import many
from tests.solver.limited import unlimited
from tests.solver.regions import road

NETWORKS = [(0, 1, 2), (3, 4, 5)]
SMALL_TOWN = [[10_000, 0], [10_000, 0], [2_000, 8_000], [0, 10_000], [0, 10_000], [0, 10_000]]
"""Most patients of the third practice live where the other network serves."""


def moving(
    problem: Problem,
    networks: list[tuple[int, ...]],
    homes: list[list[int]],
    seconds: float = 60.0,
) -> dict[int, WhoElse]:
    codes = tuple("NOPQ"[: len(homes[0])])
    towns = Neighbourhoods(codes, codes, np.array(homes), "residents")
    effort = Effort.starting_now(Search(time_limit=60.0)).at_most(seconds)
    return dict(who_else_moves(problem, towns, networks, effort))


def test_nobody_else_moves_where_the_rules_hold_all_the_same() -> None:
    problem = road(*(10_000,) * 6, band=(20_000, 40_000))

    # Networks of three cost 20,000 patient-km each; those of two and four 10,000 and 40,000.
    assert moving(problem, NETWORKS, SMALL_TOWN) == {
        2: WhoElse("nobody", (), 0, aligned=6_000, cost=10_000 * 1_000)
    }


def test_who_has_to_move_is_named() -> None:
    # One network may have three of ten thousand at the most, and so the last in the row goes on.
    problem = road(*(10_000,) * 8, band=(20_000, 30_000))
    homes = [*SMALL_TOWN, [0, 10_000], [0, 10_000]]
    found = moving(problem, [(0, 1, 2), (3, 4, 5), (6, 7)], homes)

    assert found[2].answer == "proven"
    assert found[2].others == (5,)
    assert found[2].patients == 10_000
    assert found[2].aligned == 6_000


def test_it_is_said_where_no_plan_has_it_there() -> None:
    problem = road(*(10_000,) * 6, band=(30_000, 30_000))

    assert moving(problem, NETWORKS, SMALL_TOWN) == {2: WhoElse("no plan")}


def test_it_is_said_where_there_was_no_time() -> None:
    problem = road(*(10_000,) * 6, band=(20_000, 40_000))

    assert moving(problem, NETWORKS, SMALL_TOWN, seconds=0.0) == {2: WhoElse("not worked out")}


def test_of_those_that_are_at_home_nothing_is_said() -> None:
    problem = road(*(10_000,) * 6, band=(20_000, 40_000))
    at_home = [*SMALL_TOWN[:2], [10_000, 0], *SMALL_TOWN[3:]]

    assert moving(problem, NETWORKS, at_home) == {}


def plans_of(problem: Problem) -> list[tuple[int, list[tuple[int, ...]]]]:
    strict = problem.with_size(replace(problem.size, avoid_below=False, avoid_above=False))
    return [
        (cost, [tuple(oracle.members(mask)) for mask in plan])
        for cost, plan in oracle.all_plans(strict)
    ]


@pytest.mark.parametrize("seed", range(many(120)))
def test_they_are_the_fewest_of_all_plans_and_the_cheapest_of_those(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = unlimited(rng, seed)
    plans = plans_of(problem)
    if not plans:
        return
    cost, networks = plans[rng.integers(len(plans))]
    shares = rng.dirichlet(np.full(3, 0.4), len(problem.codes))
    homes = (shares * problem.weights[:, None]).astype(np.int64)
    towns = Neighbourhoods(tuple("NOP"), tuple("NOP"), homes, "residents")
    fit = fit_of(towns, networks, problem.weights)
    for practice, found in moving(problem, networks, homes.tolist()).items():
        home = move_home(problem, networks, [*map(str, range(len(networks)))], fit, practice)
        assert home is not None
        expected = fewest(problem, plans, networks, practice, home.network)
        if expected is None:
            assert found == WhoElse("no plan")
        else:
            assert found.answer in {"nobody", "proven"}
            assert (found.patients, cost + (found.cost or 0)) == expected


def fewest(
    problem: Problem,
    plans: list[tuple[int, list[tuple[int, ...]]]],
    networks: list[tuple[int, ...]],
    practice: int,
    home: int,
) -> tuple[int, int] | None:
    """The fewest patients who move beside a practice that joins a hub, and the least cost then."""
    hub = problem.hub(networks[home])
    labels = np.array([next(k for k, n in enumerate(networks) if i in n) for i in owners(networks)])
    labels[practice] = home
    marked = problem.weights.copy()
    marked[[practice, hub]] = marked.sum() + 1
    today = Today(labels, marked, len(networks))
    found = [(today.moved_in_all(plan), cost) for cost, plan in plans]
    found = [each for each in found if each[0] <= problem.weights.sum()]
    return min(found, default=None)


def owners(networks: list[tuple[int, ...]]) -> list[int]:
    return sorted(i for members in networks for i in members)
