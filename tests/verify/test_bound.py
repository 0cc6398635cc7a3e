"""The certificate checker against every network of small regions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_group.region.problem import Problem
from pcn_group.verify import bound
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.certificate import Certificate, CutDual
from tests import oracle
from tests.depth import many
from tests.shares import some_cuts, times_counted
from tests.solver.banded import with_random_bands
from tests.verify.test_rules import BAND, road

# Only all three together are large enough, and cost 14,000 km + 12,000 km from B.
THREE = road(14_000, 10_000, 12_000)


def certificate(duals: list[int], cut_duals: tuple[CutDual, ...] = ()) -> Certificate:
    """The certificate of these figures, with the bound that goes with them."""
    paid = sum(cut_dual.amount * cut_dual.most for cut_dual in cut_duals)
    return Certificate(np.array(duals, dtype=np.int64), cut_duals, sum(duals) - paid)


def least_reduced_cost(problem: Problem, claim: Certificate) -> int:
    """By looking at every network."""
    reduced = []
    for mask, cost in oracle.networks(problem).items():
        members = set(oracle.members(mask))
        dues = sum(int(claim.duals[i]) for i in members)
        cut_duals = sum(
            cut_dual.amount * times_counted(cut_dual, members) for cut_dual in claim.cut_duals
        )
        reduced.append(cost - dues + cut_duals)
    return min(reduced, default=0)


def test_duals_that_no_network_undercuts_prove_their_sum() -> None:
    result = verify_certificate(THREE, certificate([14_000_000, 0, 12_000_000]))
    assert result.verified
    assert result.reason == "no network has a negative reduced cost"


def test_duals_that_are_too_high_are_refuted_by_a_network() -> None:
    result = verify_certificate(THREE, certificate([14_000_000, 0, 12_000_001]))
    assert result.is_refuted
    assert result.reason == "the network A, B, C has a negative reduced cost"


HALVES = CutDual((0, 1, 2), (1, 1, 1), 2, 7)


def test_a_toll_makes_up_for_it_once() -> None:
    claim = certificate([14_000_000, 0, 12_000_007], (HALVES,))
    assert claim.bound == 26_000_000
    assert verify_certificate(THREE, claim).verified
    dearer = certificate([14_000_000, 0, 12_000_008], (HALVES,))
    assert verify_certificate(THREE, dearer).is_refuted


def test_a_toll_is_paid_for_every_whole_and_the_bound_falls_by_as_much() -> None:
    # Only all five together are large enough: they hold five halves, two wholes, and pay twice.
    five = road(*[6_000] * 5)
    cost = five.network_cost(range(5))
    cut_dual = CutDual((0, 1, 2, 3, 4), (1, 1, 1, 1, 1), 2, 100)
    claim = certificate([cost + 200, 0, 0, 0, 0], (cut_dual,))
    assert claim.bound == cost
    assert verify_certificate(five, claim).verified
    dearer = certificate([cost + 201, 0, 0, 0, 0], (cut_dual,))
    assert verify_certificate(five, dearer).is_refuted


def test_thirds_prove_what_dues_alone_cannot() -> None:
    # W at the hub of a wheel, X Y Z around it, every two a kilometre apart: all must go together.
    wheel = Problem(
        codes=("W", "X", "Y", "Z"),
        weights=np.array([20_000, 10_000, 10_000, 10_000]),
        cost=np.array([[20_000], [10_000], [10_000], [10_000]]) * (1 - np.eye(4, dtype=np.int64)),
        neighbours=((1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2)),
        size=BAND,
        max_practices=4,
    )
    cut_dual = CutDual((0, 1, 2, 3), (2, 1, 1, 1), 3, 10_000)
    claim = certificate([10_000] * 4, (cut_dual,))
    assert claim.bound == oracle.best_cost(wheel) == 30_000
    assert verify_certificate(wheel, claim).verified
    assert verify_certificate(wheel, certificate([10_000] * 4)).is_refuted


def test_without_the_effort_there_is_no_verdict() -> None:
    claim = certificate([14_000_000, 0, 12_000_000])
    result = verify_certificate(THREE, claim, node_limit=1)
    assert not result.verified
    assert not result.is_refuted
    assert result.reason == "not verified in the effort allowed"


GOOD = certificate([0, 0, 0])


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (replace(GOOD, duals=np.zeros(2, dtype=np.int64)), "one dual for each practice"),
        (replace(GOOD, bound=1), "add up to a bound of 0, not 1"),
        (replace(GOOD, cut_duals=(replace(HALVES, amount=-1),), bound=1), "a toll is negative"),
    ],
)
def test_a_certificate_whose_figures_are_wrong_is_refuted(claim: Certificate, reason: str) -> None:
    result = verify_certificate(THREE, claim)
    assert result.is_refuted
    assert reason in result.reason


@pytest.mark.parametrize(
    ("practices", "shares", "whole"),
    [
        pytest.param((0, 1, 1), (1, 1, 1), 2, id="a practice twice"),
        pytest.param((0, 1, 3), (1, 1, 1), 2, id="no such practice"),
        pytest.param((0, 1, -1), (1, 1, 1), 2, id="nor this"),
        pytest.param((0, 1, 2), (1, 1), 2, id="a share too few"),
        pytest.param((0, 1), (1, 1, 1), 2, id="a share too many"),
        pytest.param((0, 1, 2), (2, 1, 1), 2, id="a share that is a whole"),
        pytest.param((0, 1, 2), (5, 1, 1), 2, id="a share of more than a whole"),
        pytest.param((0, 1, 2), (1, 1, 0), 2, id="a share of nothing"),
        pytest.param((0, 1, 2), (1, 1, -1), 2, id="a negative share"),
        pytest.param((0, 1, 2), (1, 1, 1), 1, id="a whole of one part"),
        pytest.param((0, 1, 2), (1, 1, 1), 0, id="a whole of no parts"),
        pytest.param((0, 1, 2), (-2, -2, -2), -1, id="a negative whole"),
        pytest.param((), (), 2, id="nobody"),
    ],
)
@pytest.mark.parametrize("amount", [0, 7])
def test_a_toll_that_is_none_refutes_a_certificate(
    practices: tuple[int, ...], shares: tuple[int, ...], whole: int, amount: int
) -> None:
    # The bound is what the figures would add up to, so that nothing else is wrong.
    cut_dual = CutDual(practices, shares, whole, amount)
    paid = amount * (sum(shares) // whole) if whole else 0
    result = verify_certificate(THREE, replace(GOOD, cut_duals=(cut_dual,), bound=-paid))
    assert result.is_refuted
    assert "a toll is not on different practices with a share" in result.reason


def test_a_toll_may_be_on_one_or_two_practices() -> None:
    cut_duals = (CutDual((1,), (1,), 2, 7), CutDual((2, 0), (2, 1), 3, 5))
    claim = certificate([14_000_000, 0, 12_000_005], cut_duals)
    assert claim.bound == 26_000_000
    assert verify_certificate(THREE, claim).verified


@pytest.mark.parametrize("part", [2**61, 2**62 - 2, 2**70])
def test_shares_too_large_for_the_search_prove_nothing(part: int) -> None:
    # In 64 bits the sum of five such shares is negative, and the toll would be paid too often.
    five = road(*[6_000] * 5)
    cost = five.network_cost(range(5))
    cut_dual = CutDual((0, 1, 2, 3, 4), (part,) * 5, part + 1, 1000)
    result = verify_certificate(five, certificate([cost + 8000, 0, 0, 0, 0], (cut_dual,)))
    assert result.reason == "its figures are too large to compute with"
    assert not result.verified
    assert not result.is_refuted


def test_figures_too_large_for_the_search_give_no_verdict() -> None:
    result = verify_certificate(THREE, certificate([2**55, 0, -(2**55)]))
    assert not result.verified
    assert not result.is_refuted


def test_the_dual_of_an_oversize_practice_is_at_most_what_it_costs_alone() -> None:
    problem = road(60_000, 40_000)
    assert verify_certificate(problem, certificate([0, 0])).verified
    assert verify_certificate(problem, certificate([1, 0])).is_refuted
    travelled = replace(problem, cost=problem.cost + np.diag([700, 0]))
    assert verify_certificate(travelled, certificate([700, 0])).verified
    assert verify_certificate(travelled, certificate([701, 0])).is_refuted


@pytest.fixture(scope="module", params=[5_000, 0], ids=["plain bounds", "higher bounds"])
def bounds(request: pytest.FixtureRequest) -> Iterator[None]:
    """How many partial networks around a hub are looked at before bounds on them are higher."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bound, "_FIRST_NODES", request.param)
        yield


@pytest.mark.usefixtures("bounds")
@settings(deadline=None, max_examples=many(300))
@given(problem=oracle.problems(), data=st.data())
def test_a_certificate_is_verified_when_no_network_undercuts_it(
    problem: Problem, data: st.DataObject
) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    problem = with_random_bands(rng, problem, data.draw(st.integers(0, 2)))
    n = len(problem.codes)
    duals = data.draw(st.lists(st.integers(-(10**7), 10**8), min_size=n, max_size=n))
    aside = oracle.standing_aside(problem)
    for mask, cost in aside.items():
        first, *others = oracle.members(mask)
        duals[first] = cost
        for i in others:
            duals[i] = 0
    cut_duals = tuple(
        CutDual(*cut, amount=data.draw(st.integers(0, 10**7))) for cut in data.draw(some_cuts(n))
    )
    claim = certificate(duals, cut_duals)
    least = least_reduced_cost(problem, claim)
    verdict = verify_certificate(problem, claim)
    assert verdict.verified == (least >= 0)
    assert verdict.is_refuted == (least < 0)
    # What is missing, taken from everybody's dual, is enough in any case.
    fewer = [u if sum(aside) >> i & 1 else u + min(least, 0) for i, u in enumerate(duals)]
    enough = certificate(fewer, cut_duals)
    assert verify_certificate(problem, enough).verified
    best = oracle.best_cost(problem)
    assert best is None or enough.bound <= best
