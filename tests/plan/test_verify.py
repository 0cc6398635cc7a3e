"""The certificate checker against every network of small regions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_group.plan.certificate import Certificate, Toll
from pcn_group.plan.verify import verify_certificate
from pcn_group.problem import Problem
from tests import oracle
from tests.plan.test_check import road

# Only all three together are large enough, and cost 14,000 km + 12,000 km from B.
THREE = road(14_000, 10_000, 12_000)


def certificate(
    problem: Problem, duals: list[int], tolls: tuple[Toll, ...] = (), delta: int = 0
) -> Certificate:
    """The certificate of these figures, with the K and the bound that go with them."""
    alone = oracle.standing_alone(problem)
    small = [int(w) for i, w in enumerate(problem.weights) if i not in alone]
    most = min(len(small), sum(small) // max(1, problem.size.smallest))
    paid = sum(toll.amount for toll in tolls) + most * delta
    values = np.array(duals, dtype=np.int64)
    return Certificate(values, tolls, delta, most, sum(duals) - paid)


def least_reduced_cost(problem: Problem, claim: Certificate) -> int:
    """By looking at every network."""
    reduced = []
    for mask, cost in oracle.networks(problem).items():
        members = set(oracle.members(mask))
        dues = sum(int(claim.duals[i]) for i in members)
        tolls = sum(t.amount for t in claim.tolls if len(members & set(t.triple)) >= 2)
        reduced.append(cost - dues + tolls)
    return min(reduced, default=0)


def test_duals_that_no_network_undercuts_prove_their_sum() -> None:
    result = verify_certificate(THREE, certificate(THREE, [14_000_000, 0, 12_000_000]))
    assert result.verified
    assert result.reason == "no network has a reduced cost under 0"


def test_duals_that_are_too_high_are_refuted_by_a_network() -> None:
    result = verify_certificate(THREE, certificate(THREE, [14_000_000, 0, 12_000_001]))
    assert result.is_refuted
    assert result.reason == "the network A, B, C has a reduced cost under 0"


def test_delta_makes_up_for_it() -> None:
    claim = certificate(THREE, [14_000_000, 0, 12_000_001], delta=1)
    assert claim.bound == 26_000_000
    assert verify_certificate(THREE, claim).verified


def test_a_toll_makes_up_for_it_once() -> None:
    claim = certificate(THREE, [14_000_000, 0, 12_000_007], (Toll((0, 1, 2), 7),))
    assert claim.bound == 26_000_000
    assert verify_certificate(THREE, claim).verified


def test_without_the_effort_there_is_no_verdict() -> None:
    claim = certificate(THREE, [14_000_000, 0, 12_000_000])
    result = verify_certificate(THREE, claim, node_limit=1)
    assert not result.verified
    assert not result.is_refuted
    assert result.reason == "not verified in the effort allowed"


GOOD = certificate(THREE, [0, 0, 0])


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (replace(GOOD, duals=np.zeros(2, dtype=np.int64)), "one dual for each practice"),
        (replace(GOOD, bound=1), "add up to a bound of 0, not 1"),
        (replace(GOOD, max_networks=0), "a plan may have 1 networks, more than 0"),
        (replace(GOOD, delta=-1, bound=1), "delta or a toll is negative"),
        (replace(GOOD, tolls=(Toll((0, 1, 2), -1),), bound=1), "delta or a toll is negative"),
        (replace(GOOD, tolls=(Toll((0, 1, 1), 0),)), "not on three different practices"),
        (replace(GOOD, tolls=(Toll((0, 1, 3), 0),)), "not on three different practices"),
    ],
)
def test_a_certificate_whose_figures_are_wrong_is_refuted(claim: Certificate, reason: str) -> None:
    result = verify_certificate(THREE, claim)
    assert result.is_refuted
    assert reason in result.reason
    assert result.nodes == 0


def test_figures_too_large_for_the_search_give_no_verdict() -> None:
    result = verify_certificate(THREE, certificate(THREE, [2**55, 0, -(2**55)]))
    assert not result.verified
    assert not result.is_refuted


def test_an_oversize_practice_has_no_dual() -> None:
    problem = road(60_000, 40_000)
    assert verify_certificate(problem, certificate(problem, [0, 0])).verified
    assert verify_certificate(problem, certificate(problem, [1, 0])).is_refuted


def test_a_larger_k_only_weakens_the_bound() -> None:
    claim = certificate(THREE, [14_000_000, 0, 12_000_001], delta=1)
    assert verify_certificate(THREE, replace(claim, max_networks=2, bound=claim.bound - 1)).verified


@settings(deadline=None, max_examples=300)
@given(problem=oracle.problems(), data=st.data())
def test_a_certificate_is_verified_when_no_network_undercuts_it(
    problem: Problem, data: st.DataObject
) -> None:
    n = len(problem.codes)
    duals = data.draw(st.lists(st.integers(-(10**7), 10**8), min_size=n, max_size=n))
    for i in problem.oversize:
        duals[i] = 0
    triples = st.permutations(range(n)).map(lambda order: (order[0], order[1], order[2]))
    tolls = st.lists(st.builds(Toll, triples, st.integers(0, 10**7)), max_size=6)
    claim = certificate(problem, duals, tuple(data.draw(tolls)) if n >= 3 else ())
    least = least_reduced_cost(problem, claim)
    enough = certificate(problem, duals, claim.tolls, delta=max(0, -least))
    assert verify_certificate(problem, enough).verified
    best = oracle.best_cost(problem)
    assert best is None or enough.bound <= best
    if least < 0:
        short = certificate(problem, duals, claim.tolls, delta=-least - 1)
        assert verify_certificate(problem, short).is_refuted
