"""From a practice table to integers: every figure here can be checked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration
from pcn_group.config.rules import Rules
from pcn_group.geography.travel import TravelTable, straight_line
from pcn_group.practices.units import attach_atypical
from pcn_group.region.building import build_problem
from pcn_group.region.conflicts import refuse_conflicts
from pcn_group.region.problem import FORBIDDEN, Hinge, Problem, SizeRule
from tests.solver.regions import practices_of, region, solved

# B is 3 km east and 4 km north of A: 5 km. C is 6 km east and 8 km north: 5 km farther.
PLACES = {"A": (0.0, 0.0, 1000), "B": (3.0, 4.0, 200), "C": (6.0, 8.0, 30)}
CHAIN = ((1,), (0, 2), (1,))
NONE_ATTACHED = practices_of(attach_atypical(region(PLACES).table, Configuration().data))


def problem(columns: dict[str, list[str]] | None = None, **rules: Any) -> Problem:  # noqa: ANN401 - any section of the rules
    table = region(PLACES, **(columns or {})).table
    configuration = Configuration.model_validate(rules)
    return build_problem(table, straight_line(table), CHAIN, configuration)


def test_a_cost_is_patients_times_metres() -> None:
    built = problem()
    assert built.codes == ("A", "B", "C")
    assert built.weights.tolist() == [1000, 200, 30]
    assert built.cost.tolist() == [
        [0, 1000 * 5000, 1000 * 10_000],
        [200 * 5000, 0, 200 * 5000],
        [30 * 10_000, 30 * 5000, 0],
    ]
    assert built.cost.dtype == built.weights.dtype == np.int64
    assert built.neighbours == CHAIN


def test_a_cost_is_rounded_once_for_all_patients_together() -> None:
    table = region({"A": (0.0, 0.0, 999), "B": (1.0, 1.0, 3)}).table
    built = build_problem(table, straight_line(table), ((1,), (0,)), Configuration())
    assert built.cost[0, 1] == round(999 * 1414.2135623730951) == 1_412_799
    assert built.cost[1, 0] == 4243


def test_minutes_count_as_seconds() -> None:
    table = region(PLACES).table
    seconds = TravelTable(np.array([[0.0, 90, 1], [90, 0, 1], [1, 1, 0]]), "minutes")
    rules = {"prices": {"balance": {"price": 2, "target": 40_000}}}
    built = build_problem(table, seconds, CHAIN, Configuration.model_validate(rules))
    assert built.cost[0, 1] == 1000 * 90
    assert built.size.hinges == (Hinge(at=40_000, below=120, above=120),)


def out_of_reach(*pairs: tuple[int, int], **rules: Any) -> Problem:  # noqa: ANN401 - any section of the rules
    """The same places a kilometre apart, but for pairs of which the second is out of reach."""
    table = region(PLACES, current_network=["U1", "U2", "U2"]).table
    metres = 1000.0 * (1 - np.eye(3))
    metres[tuple(zip(*pairs, strict=True))] = np.inf
    return build_problem(
        table, TravelTable(metres, "km"), CHAIN, Configuration.model_validate(rules)
    )


def test_out_of_reach_is_forbidden_whatever_the_prices() -> None:
    built = out_of_reach((0, 1), (2, 0), prices={"change": 1000})
    assert (built.cost == FORBIDDEN).tolist() == [
        [False, True, False], [False, False, False], [True, False, False],
    ]  # fmt: skip
    assert built.cost[0, 2] == 1000 * (1000 + 1_000_000)


def test_out_of_reach_means_never_even_where_the_band_gives_way() -> None:
    band = {"min": 1100, "max": 1200}
    assert solved(out_of_reach((0, 1), band=band)).networks == ((0, 1, 2),)  # 30 patients too many
    to_and_from_a = [(0, 1), (1, 0), (0, 2), (2, 0)]
    found = solved(out_of_reach(*to_and_from_a, band=band))
    assert found.networks == ((0,), (1, 2))
    assert (found.status, found.short, found.above) == ("optimal", 100 + 870, 0)


def test_a_network_that_is_fixed_needs_a_hub_within_reach() -> None:
    fixed = {"fixed": [["A", "B"]]}
    built = out_of_reach((0, 1), rules=fixed)
    assert built.hub((0, 1)) == 0
    refuse_conflicts(built, Rules.model_validate(fixed), NONE_ATTACHED)
    with pytest.raises(InputError, match="none of them is within reach of all"):
        refuse_conflicts(
            out_of_reach((0, 1), (1, 0), rules=fixed), Rules.model_validate(fixed), NONE_ATTACHED
        )


def test_costs_that_cannot_be_told_apart_are_refused() -> None:
    table = region({"A": (0.0, 0.0, 100_000_000), "B": (0.0, 500.0, 100_000_000)}).table
    band = {"above": {"price": 900, "ceiling": 100_000_000}}
    rules = Configuration.model_validate({"band": band})
    largest = build_problem(table, straight_line(table), ((1,), (0,)), rules)
    assert 2**47 < largest.cost_ceiling() < 2**48
    band["above"]["price"] = 1000
    rules = Configuration.model_validate({"band": band})
    with pytest.raises(InputError, match="costs could come to 299,900,000,000 patient-km"):
        build_problem(table, straight_line(table), ((1,), (0,)), rules)


def test_leaving_a_network_of_today_is_paid_by_the_patient() -> None:
    built = problem({"current_network": ["N", "N", "S"]}, prices={"change": 2})
    assert built.cost[0, 1] == 1000 * 5000
    assert built.cost[2, 1] == 30 * (5000 + 2000)
    assert built.cost[1, 2] == 200 * (5000 + 2000)
    assert built.cost.diagonal().tolist() == [0, 0, 0]


def test_crossing_an_authority_is_paid_by_the_patient() -> None:
    built = problem({"local_authority": ["East", "West", "West"]}, prices={"authority": 0.5})
    assert built.cost[0, 1] == 1000 * (5000 + 500)
    assert built.cost[2, 1] == 30 * 5000


def test_what_is_unknown_differs_from_nothing() -> None:
    built = problem({"current_network": ["N", "", "S"]}, prices={"change": 1})
    assert built.cost[0, 1] == 1000 * 5000
    assert built.cost[1, 2] == 200 * 5000
    assert built.cost[0, 2] == 1000 * (10_000 + 1000)


def test_both_prices_add_up() -> None:
    columns = {"current_network": ["N", "S", "S"], "local_authority": ["East", "West", "West"]}
    built = problem(columns, prices={"change": 1, "authority": 2})
    assert built.cost[0, 1] == 1000 * (5000 + 1000 + 2000)


def test_a_hub_too_far_away_is_forbidden() -> None:
    built = problem(travel={"max_to_hub": 5})
    assert (built.cost == FORBIDDEN).tolist() == [
        [False, False, True],
        [False, False, False],
        [True, False, False],
    ]
    # By the distance alone, whatever else is to pay.
    dear = problem({"local_authority": ["E", "W", "W"]}, travel={"max_to_hub": 5},
                   prices={"authority": 9})  # fmt: skip
    assert dear.cost[0, 1] == 1000 * 14_000


def test_patients_who_live_farther_than_the_limit_may_have_their_practice_as_hub() -> None:
    table = region(PLACES).table
    metres = TravelTable(np.array([[7000.0, 4000, 9000], [1, 2, 3], [1, 2, 3]]), "km")
    rules = Configuration.model_validate({"travel": {"max_to_hub": 5}})
    built = build_problem(table, metres, CHAIN, rules)
    assert built.cost[0].tolist() == [1000 * 7000, 1000 * 4000, FORBIDDEN]


def test_the_most_practices_of_a_network() -> None:
    assert problem().max_practices == 3
    assert problem(limits={"max_practices": 2}).max_practices == 2


@pytest.mark.parametrize(
    ("band", "rule"),
    [
        ({}, SizeRule(30_000, 50_000, 30_000, 50_000, (), avoid_below=True, avoid_above=True)),
        (
            {"below": "forbid", "above": "forbid"},
            SizeRule(30_000, 50_000, 30_000, 50_000),
        ),
        (
            {"below": {"price": 2, "floor": 20_000}, "above": "forbid"},
            SizeRule(30_000, 50_000, 20_000, 50_000, (Hinge(30_000, below=2000, above=0),)),
        ),
        (
            {"above": {"price": 0.5, "ceiling": 70_000}},
            SizeRule(
                30_000, 50_000, 30_000, 70_000, (Hinge(50_000, below=0, above=500),),
                avoid_below=True,
            ),
        ),
    ],
)  # fmt: skip
def test_each_side_of_the_band_becomes_a_limit_or_a_price(
    band: dict[str, Any], rule: SizeRule
) -> None:
    assert problem(band=band).size == rule


def test_a_size_pays_for_every_patient_on_the_wrong_side() -> None:
    rule = SizeRule(30, 50, 20, 70, (Hinge(30, below=7, above=0), Hinge(50, 0, 5), Hinge(40, 2, 3)))
    assert {size: rule.penalty(size) for size in (20, 30, 40, 50, 70)} == {
        20: 10 * 7 + 20 * 2,
        30: 10 * 2,
        40: 0,
        50: 10 * 3,
        70: 20 * 5 + 30 * 3,
    }
    assert [size for size in (19, 20, 70, 71) if rule.allows(size)] == [20, 70]


def test_a_network_costs_what_its_best_hub_makes_of_it() -> None:
    built = problem(prices={"balance": {"price": 1, "target": 1230}})
    assert built.hub([0, 1, 2]) == 0
    assert built.network_cost([2, 1, 0]) == 200 * 5000 + 30 * 10_000
    assert built.network_cost([1, 2]) == 30 * 5000 + 1000 * 1000  # a thousand from the target


def test_of_equal_hubs_the_first_is_taken() -> None:
    table = region({"A": (0.0, 0.0, 100), "B": (1.0, 0.0, 100)}).table
    built = build_problem(table, straight_line(table), ((1,), (0,)), Configuration())
    assert built.hub([1, 0]) == 0


def test_the_oversize_pay_the_travel_of_their_own_patients_and_nothing_for_size() -> None:
    hinge = Hinge(at=100, below=0, above=7)
    built = problem().with_size(SizeRule(30, 300, 30, 300, (hinge,)))
    cost = built.cost + np.diag([3, 50, 80])
    travelled = replace(built, cost=cost)
    assert [travelled.network_cost([i]) for i in range(3)] == [3, 50 + 7 * 100, 80]
    assert travelled.cost_ceiling() == built.cost_ceiling() + 3


def test_the_oversize_stand_alone_and_cost_nothing() -> None:
    built = problem(band={"min": 30, "max": 199})
    assert built.oversize == (0, 1)
    assert built.network_cost([0]) == 0
    assert built.with_size(SizeRule(30, 199, 30, 2000)).oversize == ()
    assert built.with_size(SizeRule(30, 199, 30, 2000, alone_above=199)).oversize == (0, 1)
