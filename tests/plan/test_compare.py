"""The figures of plans, worked out by hand, and what is noted of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.plan.compare import Comparison, Enclave, compare_plans
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.placed import PlacedPlan, open_plans
from pcn_group.region.region import Region
from tests.plan.compared import HALVES, RING, write_by_hand, write_region
from tests.plan.folders import write_plan


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    folder = tmp_path_factory.mktemp("region")
    plan = write_by_hand(folder / "ring.csv", RING)
    return open_plans([plan], write_region(folder))[0]


def compared(folder: Path, *plans: dict[str, str] | str) -> Comparison:
    """Compare plans made by hand, as networks with their practices, and `current`."""
    names = [
        plan if isinstance(plan, str) else write_by_hand(folder / f"plan{number}.csv", plan)
        for number, plan in enumerate(plans)
    ]
    return compare_plans(*open_plans(names, write_region(folder)))


# --- figures -----------------------------------------------------------------------------------


def test_the_figures_of_a_plan_with_an_enclave(tmp_path: Path) -> None:
    (ring,) = compared(tmp_path, RING).figures
    assert (ring.practices, ring.patients) == (6, 75_000)
    assert (ring.left_out, ring.patients_left_out) == (0, 0)
    assert (ring.networks, ring.in_band, ring.under, ring.over) == (3, 2, 1, 0)
    assert ring.in_pieces == ()
    # T has no other neighbours than the ring either, but it is beside it.
    assert ring.enclaves == (Enclave("eye", "ring", (5,)),)
    assert ring.authorities == {"East": 1, "West": 2}
    assert ring.across_authorities == 1
    assert ring.cost == 10_000 * (4_000 + 5_000 + 3_000)
    assert ring.mean_travel == pytest.approx(120 / 75)
    assert ring.max_travel == pytest.approx(5)
    assert ring.broken == 1  # the eye is under the band
    # £1.50 and £0.5143 a head, £37,810 and £34,110 a network.
    assert ring.money.in_all.amount == Decimal("366832.50")
    assert (ring.money.least.code, ring.money.least.amount) == ("ring", Decimal("152492.00"))
    assert (ring.money.most.code, ring.money.most.amount) == ("eye", Decimal("81991.50"))


def test_the_figures_of_another_plan_and_the_moves_to_it(tmp_path: Path) -> None:
    comparison = compared(tmp_path, RING, HALVES)
    halves, (stay, moves) = comparison.figures[1], comparison.moves
    assert (halves.networks, halves.in_band, halves.under) == (3, 1, 2)
    assert halves.enclaves == ()
    assert halves.authorities == {"East": 1, "West": 1}
    assert halves.across_authorities == 0
    assert halves.cost == 10_000 * 3_000 + 5_000 * 2_500 + 10_000 * 3_000
    assert halves.mean_travel == pytest.approx(72.5 / 75)
    assert halves.max_travel == pytest.approx(3)
    assert (stay.patients, stay.unchanged) == (0, 3)
    # The half of Q and R continues the ring, and so that of Z can continue the eye.
    assert [(match.first, match.second) for match in moves.matches] == [
        ("east", "far"),
        ("eye", "west"),
        ("ring", "right"),
    ]
    (flow,) = moves.flows
    assert (flow.origin, flow.destination, flow.members) == ("ring", "west", (0, 3))
    assert (moves.patients, moves.unchanged) == (20_000, 1)


def test_the_networks_of_today_may_leave_practices_out(tmp_path: Path) -> None:
    comparison = compared(tmp_path, RING, "current")
    today, moves = comparison.figures[1], comparison.moves[1]
    assert (today.practices, today.patients) == (4, 40_000)
    assert (today.left_out, today.patients_left_out) == (2, 35_000)
    assert today.cost == 2 * 10_000 * 4_000
    assert today.mean_travel == pytest.approx(2)
    assert today.max_travel == pytest.approx(4)
    assert today.money.in_all.amount == Decimal("224412.00")
    assert comparison.notes(1) == ("2 practices of 35,000 patients are in no network: T, Z",)
    # Practices that are in no network of today do not move, they join.
    assert moves.patients == 20_000
    assert moves.destinations[4] is None


def test_a_part_cut_off_from_its_network_can_be_an_enclave(tmp_path: Path) -> None:
    (figures,) = compared(tmp_path, {"ring": "PQRS", "east": "TZ"}).figures
    assert figures.in_pieces == ("east",)
    assert figures.enclaves == (Enclave("east", "ring", (5,)),)


def test_beside_a_practice_in_no_network_nothing_is_surrounded(tmp_path: Path) -> None:
    (figures,) = compared(tmp_path, {"ring": "PQR", "eye": "Z"}).figures
    assert figures.enclaves == ()


def test_a_network_without_a_permitted_hub_has_travel_but_no_cost(tmp_path: Path) -> None:
    about = write_region(tmp_path)
    about = replace(about, overrides=(*about.overrides, "travel.max_to_hub=4"))
    plan = write_by_hand(tmp_path / "ring.csv", RING)
    comparison = compare_plans(*open_plans([plan], about))
    assert comparison.figures[0].cost is None
    assert comparison.figures[0].mean_travel == pytest.approx(120 / 75)
    assert comparison.notes(0) == ("a network has no permitted hub, and so the plan has no cost",)


def test_without_authorities_none_is_crossed(tmp_path: Path) -> None:
    comparison = compare_plans(*open_plans([str(write_plan(tmp_path))], PlanInputs()))
    assert comparison.figures[0].authorities == {}
    assert comparison.figures[0].across_authorities is None


def test_attached_practices_count_where_their_hosts_are(tmp_path: Path) -> None:
    about = write_region(tmp_path)
    attach = ("data.atypical=attach", "data.atypical_below=6000")
    about = replace(about, overrides=(*about.overrides, *attach))
    # All corners are equally near to Z: P is the first by code.
    plan = write_by_hand(tmp_path / "ring.csv", RING)
    comparison = compare_plans(*open_plans([plan], about))
    (figures,) = comparison.figures
    assert (figures.networks, figures.practices, figures.patients) == (2, 6, 75_000)
    assert comparison.notes(0) == ("Z is attached to P and counts with it, in ring, but is in eye",)
    assert figures.broken == 1


@given(
    numbers=st.lists(st.integers(-1, 3), min_size=6, max_size=6).filter(lambda x: max(x) >= 0),
    names=st.permutations("abcd"),
)
def test_what_networks_are_called_changes_no_figure(
    region: Region, numbers: list[int], names: list[str]
) -> None:
    def plan(labels: str | list[str]) -> PlacedPlan:
        networks = {
            labels[k]: tuple(i for i, number in enumerate(numbers) if number == k)
            for k in sorted({*numbers} - {-1}, key=lambda k: labels[k])
        }
        return PlacedPlan("plan", networks, (), ())

    comparison = compare_plans(region, [plan("wxyz"), plan(names)])
    first, second = comparison.figures
    assert len(first.in_pieces) == len(second.in_pieces)
    assert {part.members for part in first.enclaves} == {part.members for part in second.enclaves}
    assert first.money.in_all == second.money.in_all
    assert first.money.most.per_head == second.money.most.per_head
    # Means may differ in the last digit, with the order they are added up in.
    assert first.mean_travel == pytest.approx(second.mean_travel)
    first, second = (
        replace(figures, in_pieces=(), enclaves=(), mean_travel=0.0, money=first.money)
        for figures in comparison.figures
    )
    assert first == second
    assert not comparison.moves[1].flows


# --- region and rules --------------------------------------------------------------------------


def test_a_plan_made_under_other_rules_says_in_which_they_differ(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    made = {"band": {"min": 10_000, "max": 50_000}, "search": {"seed": 2}}
    other = str(write_plan(tmp_path / "other", summary={"configuration": made}))
    plan = str(write_plan(tmp_path))
    comparison = compare_plans(*open_plans([plan, other], PlanInputs()))
    assert comparison.notes(0) == ()
    assert comparison.notes(1) == (
        "was made under other rules than it is judged by here: band.min",
    )
    given = PlanInputs(overrides=("band.max=60000",))
    comparison = compare_plans(*open_plans([plan, other], given))
    assert [plan.other_rules for plan in comparison.plans] == [
        ("band.max",),
        ("band.min", "band.max"),
    ]


def test_practices_of_other_regions_are_set_aside(tmp_path: Path) -> None:
    comparison = compared(tmp_path, RING, RING | {"more": "VWX", "far": "Y"})
    assert comparison.plans[1].elsewhere == ("V", "W", "X", "Y")
    assert comparison.figures[0] == comparison.figures[1]
    assert comparison.notes(1) == ("4 practices are not of the region and set aside: V, W, X, Y",)
