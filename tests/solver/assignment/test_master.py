"""The best duals by linear programmes: against Hess's relaxation, written down anew for HiGHS."""

from __future__ import annotations

import numpy as np
import pytest
from ortools.glop.parameters_pb2 import GlopParameters
from scipy import optimize, sparse

from pcn_group.config.model import Band, Configuration
from pcn_group.region.problem import Hinge, Problem
from pcn_group.solver import linear_program
from pcn_group.solver.assignment import master as master_module
from pcn_group.solver.assignment.kernel import price
from pcn_group.solver.assignment.master import Master
from pcn_group.solver.assignment.search import hess_of
from pcn_group.solver.assignment.tables import NEVER, Hess, Pairs
from pcn_group.solver.instance import build_instance
from tests.solver.regions import problem_of, sample

HOPELESS = GlopParameters(max_number_of_iterations=0, use_preprocessing=False)


def region(seed: int, practices: int = 20) -> Problem:
    """A region whose networks have 7 practices or so."""
    band = Band(min=45_000, max=75_000, below="forbid", above="forbid")
    return problem_of(sample(practices, seed), Configuration(band=band))


def whole(hess: Hess) -> Pairs:
    """All pairs of a region, with the mean cost of a practice as its dual."""
    n = len(hess.weights)
    duals = hess.cost.mean(axis=1).astype(np.int64)
    return Pairs(np.ones((n, n), dtype=np.bool_), np.full(n, -1), duals)


def by_highs(hess: Hess, allowed: np.ndarray) -> float:
    """Hess's relaxation: shares of practices with hubs, and in how far each is a hub."""
    n, smallest, largest = len(hess.weights), hess.ends[0], hess.ends[-1]
    of_practice, of_hub = np.indices((n, n)).reshape(2, -1)
    pairs = np.arange(n * n)
    shares = sparse.csr_matrix((np.ones(n * n), (of_practice, pairs)))
    patients = sparse.csr_matrix((hess.weights[of_practice].astype(float), (of_hub, pairs)))
    hub = sparse.csr_matrix((np.ones(n * n), (pairs, of_hub * n + of_hub)))
    is_hub = sparse.csr_matrix((np.ones(n), (np.arange(n), np.arange(n) * n + np.arange(n))))
    count = np.zeros((1, n * n))
    count[0, np.arange(n) * n + np.arange(n)] = 1.0
    found = optimize.linprog(
        hess.cost.reshape(-1).astype(float),
        A_ub=sparse.vstack(
            [
                sparse.identity(n * n) - hub,
                patients - largest * is_hub,
                smallest * is_hub - patients,
                sparse.csr_matrix(count),
                sparse.csr_matrix(-count),
            ]
        ),
        b_ub=np.concatenate((np.zeros(n * n + 2 * n), [hess.most, -hess.fewest])),
        A_eq=shares,
        b_eq=np.ones(n),
        bounds=np.column_stack((np.zeros(n * n), allowed.T.reshape(-1).astype(float))),
    )
    assert found.status == 0
    return float(found.fun)


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_is_that_of_the_relaxation(seed: int) -> None:
    hess = hess_of(build_instance(region(seed)))
    part, master = whole(hess), Master(hess)
    best = by_highs(hess, part.allowed)
    assert master.improve(part, int(1.001 * best), 1, rounds=200)
    assert 0.999 * best <= price(hess, part, master.work) <= best + 1.0
    assert master.work.answer.sum(axis=0) == pytest.approx(np.ones(len(hess.weights)), abs=1e-6)


def test_so_it_is_of_a_part_after_another_and_when_sets_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(master_module, "_MOST_SETS", 30)
    hess = hess_of(build_instance(region(1)))
    part, master = whole(hess), Master(hess)
    master.improve(part, int(1.001 * by_highs(hess, part.allowed)), 1, rounds=200)
    farthest = hess.cost.argmax(axis=1)
    part.allowed[farthest, np.arange(len(farthest))] = False
    part.allowed[:, 0] = np.arange(len(farthest)) == 0
    part.hub_of[0] = 0
    best = by_highs(hess, part.allowed)
    master.improve(part, int(1.001 * best), 1, rounds=200)
    assert 0.999 * best <= price(hess, part, master.work) <= best + 1.0


def test_a_price_of_sizes_counts() -> None:
    problem = region(2)
    free = hess_of(build_instance(problem))
    size = problem.size
    priced = hess_of(
        build_instance(
            problem.with_size(type(size)(**{**vars(size), "hinges": (Hinge(70_000, 900, 900),)}))
        )
    )
    bounds = []
    for hess in (free, priced):
        part, master = whole(hess), Master(hess)
        master.improve(part, 10**9, 1, rounds=200)
        bounds.append(price(hess, part, master.work))
    assert bounds[0] < bounds[1] < NEVER


def test_at_the_target_it_ends() -> None:
    hess = hess_of(build_instance(region(3)))
    part, master = whole(hess), Master(hess)
    before = price(hess, part, master.work)
    assert master.improve(part, before + 1, 1, rounds=200)
    assert price(hess, part, master.work) > before
    duals = part.duals.copy()
    assert master.improve(part, before + 1, 1, rounds=200)
    assert part.duals.tolist() == duals.tolist()


def test_what_a_half_comes_to_is_estimated_from_where_the_part_ended() -> None:
    hess = hess_of(build_instance(region(4)))
    part, master = whole(hess), Master(hess)
    best = by_highs(hess, part.allowed)
    master.improve(part, int(1.001 * best), 1, rounds=200)
    half = part.copy()
    half.allowed[hess.cost[0] < np.median(hess.cost[0]), 0] = False
    best_of_half = by_highs(hess, half.allowed)
    assert best_of_half > 1.002 * best
    target = int(1.001 * best_of_half)
    assert master.estimate(part.copy(), target, 1, rounds=1) == pytest.approx(best, rel=1e-3)
    assert master.estimate(half.copy(), target, 1, 200) == pytest.approx(best_of_half, rel=1e-3)


def test_where_no_programme_can_be_solved_the_duals_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear_program, "_ATTEMPTS", (HOPELESS,))
    hess = hess_of(build_instance(region(5)))
    part, master = whole(hess), Master(hess)
    duals = part.duals.copy()
    assert not master.improve(part, 10**9, 1, rounds=200)
    assert part.duals.tolist() == duals.tolist()
    assert master.estimate(part, 10**9, 1, rounds=200) == price(hess, part, master.work)
