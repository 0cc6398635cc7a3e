"""A second exact solver on dozens of regions: every candidate, and HiGHS to choose among them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from scipy import optimize

from pcn_group.config.model import Configuration
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.solver.bound.cuts import cut_dual_table
from pcn_group.solver.bound.pricing import Pricer, Request
from pcn_group.solver.columns import Columns
from pcn_group.solver.instance import build_instance
from pcn_group.verify.bound import verify_certificate
from tests import oracle
from tests.depth import DEEP, many
from tests.solver.regions import problem_of, sample, solved

# Left out are regions that HiGHS takes many seconds over.
SIZES = {14: (2, 3, 4, 6, 7), 16: range(1, 8), 18: range(1, 8), 20: (0, 4, 6)}
KINDS = ("asymmetric", "prices", "hinges", "forbidden", "limited", "oversize")


@dataclass(frozen=True)
class Case:
    """A synthetic region of some size, or without a size a random one under random rules."""

    practices: int | None
    seed: int

    def __str__(self) -> str:
        return f"{self.practices or 'random'}-{self.seed}"


SAMPLES = [Case(size, seed) for size, seeds in SIZES.items() for seed in seeds][:: 1 if DEEP else 3]
RANDOM = [Case(None, seed) for seed in range(many(24))]


@cache
def region(case: Case) -> Problem:
    if case.practices is not None:
        return problem_of(sample(case.practices, case.seed), Configuration())
    rng = np.random.default_rng(case.seed)
    rules = {kind: rng.random() < 0.4 for kind in KINDS}
    return oracle.random_problem(rng, int(rng.integers(14, 21)), **rules)


def every_candidate(problem: Problem) -> Columns:
    instance = build_instance(problem)
    nothing = np.zeros(0, dtype=np.int64)
    pricer = Pricer(instance, 1, time.monotonic() + 60)
    try:
        priced = pricer.price(
            Request(
                np.zeros(instance.size, dtype=np.int64),
                cut_dual_table(instance.size, (), nothing),
                FORBIDDEN // 2,
            )
        )
    finally:
        pricer.close()
    assert priced.complete
    return priced.columns


@cache
def cheapest_by_highs(case: Case) -> int | None:
    """The least cost of a plan; None where HiGHS says that there is none."""
    problem = region(case)
    columns, practices = every_candidate(problem), len(problem.codes) - len(problem.oversize)
    if not len(columns):
        return None if practices else 0
    # The tolerances of a floating-point solver are absolute: costs in units near one.
    unit = float(np.median(columns.costs)) or 1.0
    found = optimize.milp(
        columns.costs / unit,
        constraints=optimize.LinearConstraint(columns.matrix(practices), 1, 1),
        integrality=np.ones(len(columns)),
        bounds=optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    if found.status == 2:
        return None
    assert found.status == 0, found.message
    return int(columns.costs[found.x > 0.5].sum())


@pytest.mark.parametrize("case", SAMPLES + RANDOM, ids=str)
def test_both_find_the_same_cost(case: Case) -> None:
    cost, found = cheapest_by_highs(case), solved(region(case))
    if found.status == "infeasible" or found.relaxed:
        assert cost is None
    else:
        assert found.status == "optimal"
        assert found.cost == found.bound == cost


@pytest.mark.parametrize("case", SAMPLES + RANDOM, ids=str)
def test_the_plain_checker_proves_the_bound(case: Case) -> None:
    found = solved(region(case))
    for problem, certificate in (
        (found.problem, found.certificate),
        (region(case), found.impossible),
    ):
        if certificate is not None:
            assert verify_certificate(problem, certificate).verified
    if found.certificate is not None:
        offset = found.penalty_offset
        assert 0 < found.certificate.bound <= found.bound + offset <= found.cost + offset


def test_most_of_these_regions_have_a_plan() -> None:
    found = [cheapest_by_highs(case) is not None for case in SAMPLES]
    assert sum(found) > len(SAMPLES) / 2
