"""Other good plans, and what all of them agree on, in regions small enough to see through."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from pcn_group.base.errors import InfeasibleError, NoPlanInTimeError
from pcn_group.config.model import Configuration
from pcn_group.plan.solved import SolvedPlan
from pcn_group.practices.table import Practices
from pcn_group.solver.near_optimal.pair_costs import PairCosts, pair_costs
from pcn_group.solver.near_optimal.pool import Listed, Pool
from pcn_group.studies import alternatives
from pcn_group.studies.alternatives import Alternatives, Pair, find_alternatives
from tests.solver.regions import region, sample, silent

# The road of docs/method/model.md: A B and C D E cost 94,000 patient-km, A B C and D E 110,000.
ROAD = region(
    {
        "A": (0, 0, 12_000),
        "B": (3, 0, 20_000),
        "C": (7, 0, 8_000),
        "D": (9, 0, 18_000),
        "E": (12, 0, 14_000),
    }
)


# Four practices in one building, two to a network.
HOUSE = dict.fromkeys("ABCD", (0, 0, 20_000))
TWO_EACH = {"min": 40_000, "max": 40_000}


def found(
    practices: Practices,
    within: str = "1/5",
    count: int = 10,
    **rules: Any,  # noqa: ANN401 - any section of the rules
) -> Alternatives:
    configuration = Configuration.model_validate(rules)
    return find_alternatives(practices, configuration, Fraction(within), count, silent)


def networks(plan: SolvedPlan) -> list[str]:
    """The networks of a plan of practices with codes of one letter."""
    codes = plan.region.problem.codes
    return sorted("".join(codes[i] for i in sorted(each)) for each in plan.solution.networks)


def told(pairs: tuple[Pair, ...]) -> dict[str, tuple[str, int | None, int | None]]:
    """What is said of each pair: the verdict, and the costs together and apart."""
    return {pair.first + pair.second: (pair.verdict, pair.together, pair.apart) for pair in pairs}


def test_all_plans_of_a_road() -> None:
    road = found(ROAD)
    assert [networks(plan) for plan in road.plans] == [["AB", "CDE"], ["ABC", "DE"]]
    assert [plan.solution.cost for plan in road.plans] == [94_000_000, 110_000_000]
    assert [plan.solution.status for plan in road.plans] == ["optimal", "within_gap"]
    assert [moves.patients for moves in road.moves] == [0, 8_000]
    assert (road.known, road.are_all, road.within) == (2, True, Fraction(1, 5))
    best, other = 94_000_000, 110_000_000
    assert told(road.pairs) == {
        "AB": ("always together", best, None),
        "AC": ("open", other, best),
        "BC": ("open", other, best),
        "CD": ("open", best, other),
        "CE": ("open", best, other),
        "DE": ("always together", best, None),
    }
    assert road.cores == (("A", "B"), ("D", "E"))


def test_a_pair_that_is_not_there_is_always_apart_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def late(pool: Pool, listed: Listed, _: float) -> PairCosts:
        known = pair_costs(pool, listed, math.inf)
        return replace(known, unsettled=frozenset({(1, 4)}))  # they are no neighbours

    assert ("B", "E") not in {(pair.first, pair.second) for pair in found(ROAD).pairs}
    monkeypatch.setattr(alternatives, "pair_costs", late)
    told_now = {pair.first + pair.second: pair.verdict for pair in found(ROAD).pairs}
    assert told_now["BE"] == "not settled"


def test_within_a_smaller_tolerance_the_best_is_the_only_one() -> None:
    road = found(ROAD, "16/100")  # the other one is 17 % above
    assert [networks(plan) for plan in road.plans] == [["AB", "CDE"]]
    assert told(road.pairs)["BC"] == ("always apart", None, 94_000_000)
    assert road.cores == (("A", "B"), ("C", "D", "E"))


def test_ties_are_alternatives_at_no_cost() -> None:
    ties = found(region(HOUSE), "0", band=TWO_EACH)
    assert [networks(plan) for plan in ties.plans] == [["AB", "CD"], ["AC", "BD"], ["AD", "BC"]]
    assert {plan.solution.status for plan in ties.plans} == {"optimal"}
    assert set(told(ties.pairs).values()) == {("open", 0, 0)}
    assert len(ties.pairs) == 6
    assert ties.cores == ()


def test_rules_hold_in_every_plan() -> None:
    ruled = found(region(HOUSE), "0", band=TWO_EACH, rules={"apart": [["A", "B"]]})
    assert [networks(plan) for plan in ruled.plans] == [["AC", "BD"], ["AD", "BC"]]
    assert told(ruled.pairs)["AB"] == ("always apart", None, 0)
    fixed = found(ROAD, rules={"fixed": [["A", "B", "C"]]})
    assert [networks(plan) for plan in fixed.plans] == [["ABC", "DE"]]
    assert told(fixed.pairs)["AC"] == ("always together", 110_000_000, None)
    assert told(fixed.pairs)["CD"] == ("always apart", None, 110_000_000)


def test_where_no_plan_keeps_the_band_others_have_as_few_patients_outside_it() -> None:
    row = region({code: (place, 0, 20_000) for place, code in enumerate("ABCDE")})
    outside = found(row, "1/2", band={"min": 35_000, "max": 45_000})
    assert [networks(plan) for plan in outside.plans] == [["AB", "CDE"], ["ABC", "DE"]]
    assert [plan.solution.above for plan in outside.plans] == [15_000, 15_000]
    assert [len(plan.exceptions) for plan in outside.plans] == [1, 1]
    for plan in outside.plans:
        assert plan.exceptions[0].exception == (
            "15,000 over the maximum: no plan keeps the band, and every plan as little short of it "
            "has 15,000 above it"
        )
    assert not outside.keeps_the_band
    assert outside.cores == (("A", "B"), ("D", "E"))


def test_a_practice_too_large_for_a_network_is_apart_from_all() -> None:
    large = found(region({**HOUSE, "L": (1, 0, 60_000)}), "0", band=TWO_EACH)
    assert len(large.plans) == 3
    assert all("L" in networks(plan) for plan in large.plans)
    assert {verdict for pair, (verdict, *_) in told(large.pairs).items() if "L" in pair} == {
        "always apart"
    }
    assert large.keeps_the_band


def test_attached_practices_go_with_their_hosts() -> None:
    places = {code: (k, 0, 20_000 + k) for k, code in enumerate("ABCDE")}
    rules = {"band": {"min": 35_000, "max": 65_000}, "data": {"atypical": "attach"}}
    attached = found(region({**places, "X": (1, 0, 500)}), "1", **rules)
    pairs = told(attached.pairs)
    assert pairs["BX"] == ("always together", attached.best.solution.cost, None)
    assert pairs["CX"] == pairs["BC"]
    assert any({"B", "X"} <= set(core) for core in attached.cores)
    (_, moves) = attached.moves
    assert moves.patients == 20_002


def test_few_plans_are_those_that_differ_most_and_more_only_add_to_them() -> None:
    practices = sample(30, 3)
    ten = found(practices, "1/20")
    few = found(practices, "1/20", count=3)
    assert ten.known == few.known > 10
    assert few.are_all
    assert [networks(plan) for plan in few.plans] == [networks(plan) for plan in ten.plans[:3]]
    assert few.pairs == ten.pairs
    (best, *others) = ten.plans
    limit = best.solution.cost + best.solution.cost // 20
    assert all(best.solution.cost <= plan.solution.cost <= limit for plan in others)


def test_the_best_plan_is_wanted_whatever_gap_is_allowed() -> None:
    practices = sample(30, 3)
    exact = found(practices)
    loose = found(practices, search={"gap": 0.5})
    assert loose.best.solution.status == "optimal"
    assert [networks(plan) for plan in loose.plans] == [networks(plan) for plan in exact.plans]


@pytest.mark.parametrize("search", [{"workers": 1}, {"workers": 3}, {"seed": 7}])
def test_workers_and_seed_do_not_matter(search: dict[str, int]) -> None:
    practices = sample(30, 3)
    plain, other = found(practices, "1/20"), found(practices, "1/20", search=search)
    assert [networks(plan) for plan in other.plans] == [networks(plan) for plan in plain.plans]
    assert (other.known, other.pairs) == (plain.known, plain.pairs)


def test_without_any_plan_there_is_none_to_differ_from() -> None:
    with pytest.raises(InfeasibleError):
        found(ROAD, band={"min": 33_000, "max": 34_000, "below": "forbid", "above": "forbid"})


def test_a_best_plan_that_is_not_proven_is_not_enough() -> None:
    with pytest.raises(NoPlanInTimeError):
        found(sample(80, 1), search={"time_limit": 0.01})
