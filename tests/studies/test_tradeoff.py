"""The curve of travel against patients outside the band, against all plans of small regions."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from pcn_group.base.errors import InfeasibleError, InputError
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Band, Configuration
from pcn_group.pipeline import Run
from pcn_group.solver.convex_hull import Evaluation
from pcn_group.solver.search.state import Networks
from pcn_group.studies.priced_band import PricedBand
from pcn_group.studies.tradeoff import BandCurve, band_curve, limits_on_size, up_to
from pcn_group.verify.rules import check_plan
from tests import oracle
from tests.infeasibility.regions import effort
from tests.solver.regions import problem_of, region, sample

SEEDS = range(4)
LIMITS = (7_000, 45_000)

Plan = tuple[int, int, oracle.Plan]
"""Cost and patients outside, and the networks."""


def rules(*more: str) -> Configuration:
    settings = ("band.min=14000", "band.max=30000", "search.workers=1", *more)
    return load_configuration(None, settings)


@cache
def curve(seed: int, most: int = 50) -> BandCurve:
    """Of a region of eight practices; every second one has a rule as well."""
    practices = sample(8, seed)
    first, second = practices.table["practice_code"][:2]
    kept = (f"rules.apart=[[{first}, {second}]]",) if seed % 2 else ()
    return band_curve(practices, rules(*kept), LIMITS, most, lambda _: None)


def priced_of(shown: BandCurve) -> PricedBand:
    return PricedBand(Run(shown.region, effort(), lambda _: None))


@cache
def plans(seed: int) -> tuple[Plan, ...]:
    """All of them, by looking at every partition."""
    priced = priced_of(curve(seed))
    return tuple(
        (cost, sum(outside(priced, mask) for mask in plan), plan)
        for cost, plan in oracle.all_plans(priced.problem)
    )


def outside(priced: PricedBand, mask: int) -> int:
    patients, rule = oracle.patients(priced.problem, mask), priced.problem.size
    if mask in oracle.standing_aside(priced.problem):
        return 0
    return max(0, rule.band_min - patients) + max(0, patients - rule.band_max)


def metres(kilometres: float) -> int:
    return round(1000 * kilometres)


@pytest.mark.parametrize("seed", SEEDS)
def test_at_every_price_one_of_the_points_is_the_best_of_all_plans(seed: int) -> None:
    found = [(metres(p.cost), p.short + p.above) for p in curve(seed).points]
    # Slopes between plans are where one gives way to the next: try all, and what lies about them.
    every = sorted({(cost, amount) for cost, amount, _ in plans(seed)})
    slopes = {
        (d - c) // (a - b) + step
        for (c, a), (d, b) in itertools.combinations(every, 2)
        if a > b
        for step in (0, 1)
    }
    for price in sorted({1, 10**6} | {slope for slope in slopes if slope > 0}):
        best = min(cost + price * amount for cost, amount in every)
        assert min(cost + price * amount for cost, amount in found) == best
    assert found[-1] == min((amount, cost) for cost, amount in every)[::-1]
    assert set(found) <= set(every)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("most", [2, 4])
def test_no_plan_with_as_few_outside_costs_less(seed: int, most: int) -> None:
    shown = curve(seed, most)
    assert 1 <= len(shown.points) <= most
    assert shown.fewest_proven
    for point in shown.points:
        amount = point.short + point.above
        assert (point.status, point.gap) == ("optimal", 0)
        assert metres(point.cost) == min(cost for cost, other, _ in plans(seed) if other <= amount)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_exception_is_worth_what_the_best_plan_without_it_costs_more(seed: int) -> None:
    priced = priced_of(curve(seed))
    for point in curve(seed).points:
        for found in point.exceptions:
            if not found.status or point.price is None:
                continue
            price, refused = metres(point.price), oracle.mask_of(found.network.members)
            values = {False: [], True: []}
            for cost, amount, plan in plans(seed):
                has = any(mask & refused and outside(priced, mask) for mask in plan)
                values[has].append(cost + price * amount)
            if found.status == "infeasible":
                assert not values[False]
                continue
            assert found.status == "optimal"
            assert found.worth is not None
            assert metres(found.worth) == min(values[False]) - min(values[True])


def test_the_regions_above_have_what_they_are_to_show() -> None:
    points = [point for seed in SEEDS for point in curve(seed).points]
    judged = [found for point in points for found in point.exceptions if found.status]
    assert sum(found.status == "optimal" for found in judged) > 5
    assert any(point.short for point in points)
    assert any(point.above for point in points)
    assert len({len(curve(seed).points) for seed in SEEDS}) > 1


@pytest.mark.parametrize("seed", SEEDS)
def test_plans_are_valid_and_the_first_by_worth_come_first(seed: int) -> None:
    shown = curve(seed)
    problem = priced_of(shown).problem
    for point in shown.points:
        report = check_plan(problem, [network.members for network in point.networks])
        assert report.holds
        assert report.cost == metres(point.cost)
        worth = [found.worth for found in point.exceptions if found.worth is not None]
        assert worth == sorted(worth, reverse=True)


def test_density_is_patients_on_the_land_of_a_network() -> None:
    # Cells of 2 km by 2 km, cut in half or to a quarter by the outline through the outermost.
    places = {
        f"{row}{column}": (2.0 * column, 2.0 * row, 4_000 + 1_000 * row)
        for row in range(3)
        for column in range(3)
    }
    shown = band_curve(region(places), rules(), LIMITS, 50, lambda _: None)
    assert shown.density == pytest.approx(45_000 / 16)
    land = {(0, 0): 1.0, (0, 1): 2.0, (1, 1): 4.0}
    codes = shown.region.problem.codes
    for point in shown.points:
        for found in point.exceptions:
            spots = [(int(codes[i][0]) % 2, int(codes[i][1]) % 2) for i in found.network.members]
            area = sum(land[min(spot), max(spot)] for spot in spots)
            assert found.density == pytest.approx(found.network.patients / area)


def test_along_a_road_there_is_no_land_to_be_dense_on() -> None:
    road = region({code: (float(k), 0.0, 9_000) for k, code in enumerate("ABCDE")})
    shown = band_curve(road, rules(), LIMITS, 50, lambda _: None)
    assert shown.density is None
    assert {found.density for point in shown.points for found in point.exceptions} == {None}


TOWN = {"A": (0.0, 0.0, 40_000), "B": (1.0, 0.0, 9_000), "C": (2.0, 0.0, 9_000)}
"""A practice over the maximum, and two that are enough for a network together."""

CEILING = "band.above={price: 1, ceiling: 45000}"


def outside_and_exceptions(*more: str) -> list[tuple[int, int, int]]:
    shown = band_curve(region(TOWN), rules(*more), LIMITS, 50, lambda _: None)
    return [(point.short, point.above, len(point.exceptions)) for point in shown.points]


def test_an_oversize_practice_alone_is_no_exception() -> None:
    assert outside_and_exceptions() == [(10_000, 0, 2), (0, 0, 0)]


def test_up_to_a_ceiling_a_practice_over_the_band_is_one() -> None:
    assert outside_and_exceptions(CEILING) == [(10_000, 10_000, 3), (0, 10_000, 1)]


def test_a_ceiling_that_is_asked_for_is_as_one_with_a_price() -> None:
    asked = up_to(rules(), 45_000)
    assert limits_on_size(asked.band, None, None)[1] == 45_000
    found, priced = (
        band_curve(region(TOWN), given, LIMITS, 50, lambda _: None).points
        for given in (asked, rules(CEILING))
    )
    assert found == priced


OVER = {"A": (0.0, 0.0, 32_000), "B": (1.0, 0.0, 5_000), "C": (9.0, 0.0, 20_000)}
"""A town whose large practice is over the maximum, with a small one beside it; another far off."""


def test_a_practice_over_the_band_may_have_company_up_to_the_ceiling() -> None:
    given = rules(CEILING, "adjacency.remove=[[B, C]]")
    shown = band_curve(region(OVER), given, (14_000, 45_000), 50, lambda _: None)
    sizes = [sorted(n.patients for n in point.networks) for point in shown.points]
    assert sizes == [[20_000, 37_000]]
    assert [(point.short, point.above) for point in shown.points] == [(0, 7_000)]


def test_a_rule_that_gives_a_practice_over_the_band_company_is_kept() -> None:
    given = rules(CEILING, "rules.together=[[A, B]]")
    shown = band_curve(region(OVER), given, LIMITS, 50, lambda _: None)
    assert {max(n.patients for n in point.networks) for point in shown.points} == {37_000}


SIDES = [
    ("avoid", "avoid"),
    ("forbid", "avoid"),
    ("avoid", "forbid"),
    ("{price: 3, floor: 9000}", "avoid"),
    ("avoid", "{price: 2, ceiling: 41000}"),
    ("forbid", "{price: 0, ceiling: 50000}"),
    ("{price: 0, floor: 1}", "{price: 1, ceiling: 60000}"),
]
"""What a configuration says of networks under the minimum, and over the maximum."""


@pytest.mark.parametrize(("below", "above"), SIDES)
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.deep)])
def test_at_a_price_no_plan_that_solve_could_give_is_better(
    below: str, above: str, seed: int
) -> None:
    practices = sample(8, seed + 10)
    table = practices.table
    table.loc[2, "list_size"], table.loc[5, "list_size"] = 33_000 + 9_000 * seed, 47_000
    given = rules(f"band.below={below}", f"band.above={above}", "band.max=32000")
    floor, ceiling = limits_on_size(given.band, None, None)
    try:
        points = band_curve(practices, given, (floor, ceiling), 50, lambda _: None).points
    except InfeasibleError:
        points = ()
    for price in (0.001, 0.5, 2, 20, 1000):
        asked = rules(
            f"band.below={{price: {price}, floor: {floor}}}",
            f"band.above={{price: {price}, ceiling: {ceiling}}}",
            "band.max=32000",
        )
        problem = problem_of(practices, asked)
        if "price" not in above:  # as where the band is avoided: over the maximum one stands alone
            problem = problem.with_size(replace(problem.size, alone_above=32_000))
        found = [metres(p.cost) + metres(price) * (p.short + p.above) for p in points]
        assert min(found, default=None) == oracle.best_cost(problem)


def test_where_no_plan_keeps_the_limits_it_says_so() -> None:
    places = {"A": (0.0, 0.0, 5_000), "B": (1.0, 0.0, 1_000)}
    with pytest.raises(InfeasibleError, match="--floor"):
        band_curve(region(places), rules(), LIMITS, 50, lambda _: None)


def test_an_exception_that_no_plan_can_do_without_is_needed() -> None:
    # B is larger than a network and stands alone, so A, which is cut off by it, is short as well.
    sizes = {"A": 9_000, "B": 40_000, "C": 9_000, "D": 9_000}
    road = {code: (float(k), 0.0, sizes[code]) for k, code in enumerate(sizes)}
    last = band_curve(region(road), rules(), LIMITS, 50, lambda _: None).points[-1]
    (needed,) = last.exceptions
    assert (last.short, needed.network.patients) == (5_000, 9_000)
    assert (needed.status, needed.worth) == ("infeasible", None)


def cut_short(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[Evaluation[Networks]], object]
) -> None:
    """Let every search at a price end with something else than what it found."""
    at = PricedBand.at
    monkeypatch.setattr(PricedBand, "at", lambda self, price: change(at(self, price)))


def test_what_is_not_proven_says_how_far_it_may_be_from_the_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut_short(monkeypatch, lambda evaluation: replace(evaluation, bound=evaluation.bound // 2))
    shown = band_curve(sample(8, 0), rules(), LIMITS, 4, lambda _: None)
    *unproven, last = shown.points
    assert last.status == "optimal"
    assert [point.status for point in unproven] == ["feasible"] * (len(shown.points) - 1)
    assert all(0 < point.gap <= 1 for point in unproven)
    # None of them is proven the best at its price, so none of their exceptions can be valued.
    assert {found.status for point in unproven for found in point.exceptions} == {""}


def test_without_time_for_a_curve_there_is_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_short(monkeypatch, lambda evaluation: Evaluation(evaluation.price, None, 0))
    shown = band_curve(sample(8, 0), rules(), LIMITS, 4, lambda _: None)
    (last,) = shown.points
    assert (last.price, last.status) == (None, "optimal")
    assert last.short + last.above == curve(0).points[-1].short + curve(0).points[-1].above


@pytest.mark.parametrize(
    ("band", "floor", "ceiling", "expected"),
    [
        ({}, None, None, (15_000, 75_000)),
        ({"min": 25_001, "max": 25_001}, None, None, (12_501, 37_501)),
        ({}, 18_000, 50_000, (18_000, 50_000)),
        ({"below": "forbid", "above": "forbid"}, None, None, (30_000, 50_000)),
        ({"below": "forbid"}, 20_000, None, (20_000, 75_000)),
        ({"below": {"price": 5, "floor": 18_000}}, None, None, (18_000, 75_000)),
        ({"above": {"price": 1, "ceiling": 60_000}}, None, None, (15_000, 60_000)),
    ],
)
def test_how_far_networks_may_be_outside(
    band: dict[str, object],
    floor: int | None,
    ceiling: int | None,
    expected: tuple[int, int],
) -> None:
    assert limits_on_size(Band.model_validate(band), floor, ceiling) == expected


def test_limits_inside_the_band_are_faults() -> None:
    with pytest.raises(InputError) as caught:
        limits_on_size(Band(), 31_000, 49_000)
    assert [fault.source for fault in caught.value.faults] == ["--floor", "--ceiling"]
