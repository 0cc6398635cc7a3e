"""The plain checker of a tree refuses what proves nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pcn_group.base.errors import InputError
from pcn_group.region.problem import FORBIDDEN
from pcn_group.verify.bound import verify_certificate
from pcn_group.verify.certificate import Certificate, from_json, to_json
from pcn_group.verify.division import Division
from tests.solver.regions import road

# A and B, C and D: two of the four go a kilometre. There is no other plan.
ROAD = road(15_000, 15_000, 15_000, 15_000, band=(30_000, 30_000))
BEST = 2 * 15_000 * 1000


def claim(bound: int, tree: Division) -> Certificate:
    return Certificate(np.zeros(4, dtype=np.int64), (), bound, tree=tree)


def duals(*values: int) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return [np.array(values, dtype=np.int64)]


# With each hub one other makes the band, and the two are worth nothing, or more.
RIGHT = Division(duals=duals(0, 15_000_000, 0, 15_000_000))


def test_the_best_plan_is_proven_by_duals_alone() -> None:
    assert verify_certificate(ROAD, claim(BEST, RIGHT)).verified


def test_a_bound_above_the_best_plan_is_not() -> None:
    result = verify_certificate(ROAD, claim(BEST + 1, RIGHT))
    assert not result.verified
    assert "not closed" in result.reason


def test_figures_that_would_leave_64_bits_prove_nothing() -> None:
    # A patient of the smallest practice would pay 2 ** 48, and thousands of others as much.
    region = road(1, 15_000, 15_000, 15_000, band=(15_000, 31_000))
    huge = Division(duals=duals(-(2**48), 15_000_000, 0, 15_000_000))
    result = verify_certificate(region, claim(BEST, huge))
    assert not result.verified
    assert result.reason == "its figures are too large to compute with"


def test_both_halves_must_be_closed() -> None:
    closed = Division(duals=RIGHT.duals)
    whole = Division(practice=0, hubs=(0,), halves=(closed, replace(closed)))
    half = replace(whole, halves=(closed, Division()))
    assert verify_certificate(ROAD, claim(BEST, whole)).verified
    assert not verify_certificate(ROAD, claim(BEST, half)).verified


def test_where_a_band_has_given_way_a_plan_with_more_outside_does_not_count() -> None:
    # Two pairs of 30,000; a band of up to 25,000 has given way by 10,000 in all, or by less.
    given_way = {"band_max": 25_000, "avoid_above": True, "alone_above": 40_000}
    size = replace(ROAD.size, smallest=15_000, band_min=15_000, largest=35_000, **given_way)
    pairs = Division(duals=[], practice=1, hubs=(0,), halves=(Division(), Division()))
    hubs = np.full((4, 4), FORBIDDEN)
    hubs[:2, 0], hubs[2:, 2] = 0, 0
    problem = replace(ROAD, cost=hubs, size=size)
    assert not verify_certificate(problem, claim(1, pairs)).verified
    less = replace(problem, size=replace(size, largest=34_999))
    assert verify_certificate(less, claim(1, pairs)).verified


def test_a_maximum_inside_the_band_closes_nothing() -> None:
    # A and B share a hub, which one of them cannot be: one plan is left, and it is in the band.
    region = road(15_000, 15_000, band=(30_000, 30_000))
    cost = region.cost.copy()
    cost[0, 1] = cost[1, 1] = FORBIDDEN
    wide = replace(region.size, band_max=50_000, avoid_above=True)
    region = replace(region, cost=cost, size=wide)
    best = Certificate(np.zeros(2, np.int64), (), int(cost[1, 0]), tree=Division(duals=duals(0, 0)))
    assert verify_certificate(region, best).verified
    assert not verify_certificate(region, replace(best, bound=best.bound + 1)).verified


def test_rules_that_trees_know_nothing_of_are_named() -> None:
    result = verify_certificate(replace(ROAD, apart=((0, 2),)), claim(BEST, RIGHT))
    assert not result.verified
    assert result.reason == "its tree knows nothing of rules.apart"


def test_a_tree_survives_json() -> None:
    halves = (Division(duals=RIGHT.duals), Division())
    values = to_json(claim(7, Division(RIGHT.duals, 1, (0, 3), halves)), ROAD.codes)
    assert values == {
        "tree": [
            {"duals": ["0 15000000 0 15000000"], "practice": "B", "hubs": ["A", "D"]},
            {"duals": ["0 15000000 0 15000000"]},
            {"duals": []},
        ],
        "bound": 7,
    }
    assert to_json(from_json(values, ROAD.codes, "certificate.json"), ROAD.codes) == values
    values["tree"][0]["whole"] = True
    whole = from_json(values, ROAD.codes, "certificate.json")
    assert whole.tree is not None
    assert whole.tree.is_whole
    assert to_json(whole, ROAD.codes) == values


@pytest.mark.parametrize(
    "tree",
    [
        [],
        [{"duals": []}, {"duals": []}],
        [{"duals": [], "practice": "A", "hubs": ["A"]}, {"duals": []}],
        [{"duals": ["1 2 3"]}],
        [{"duals": ["1 2 3 x"]}],
        [{"duals": ["1 2 3 999999999999999"]}],
        [{"duals": [], "practice": "X", "hubs": []}, {"duals": []}, {"duals": []}],
    ],
)
def test_what_is_no_tree_is_refused(tree: list[dict[str, object]]) -> None:
    with pytest.raises(InputError, match="not a certificate of these practices"):
        from_json({"tree": tree, "bound": 7}, ROAD.codes, "certificate.json")
