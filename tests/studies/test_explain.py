r"""What is said of a plan, its practices and networks, on a region worked out by hand.

    S ------- R          P, Q, R, S: 10,000 patients each, at the corners of 4 km by 3 km
    |  \   /  | \        Z: 5,000 patients in the middle, 2.5 km from each corner
    |    Z    |   \      T: 30,000 patients, 4 km east of Q and 5 km from R
    |  /   \  |     \
    P ------- Q ----- T  The lines are the neighbours.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.plan.case import Case, open_case
from pcn_group.studies.explain import Explained, exception, explain, pulls, room
from pcn_group.studies.explain_practice import Move, lone_move
from tests.plan.compared import HALVES, RING, write_by_hand, write_region

BAND = ("band.min=15000", "band.max=30000")
BEST = {"west": "PSZ", "right": "QR", "far": "T"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def plan_of(folder: Path, networks: dict[str, str], *overrides: str) -> Case:
    """A plan of the region, in a band of 15,000 to 30,000 unless something else is said."""
    given = write_region(folder)
    given = replace(given, overrides=(*given.overrides, *BAND, *overrides))
    return open_case(write_by_hand(folder / "plan.csv", networks), given)


def explained(plan: Case, practice: str | None = None, network: str | None = None) -> Explained:
    return explain(plan, practice, network, plan.region.configuration.search, lambda _: None)


def moved(plan: Case, code: str, network: str) -> Move:
    return lone_move(plan, plan.region.problem.codes.index(code), network)


def kinds(move: Move) -> list[tuple[str, str]]:
    return [(finding.rule, finding.where) for finding in move.broken]


def test_the_best_plan_is_known_as_such(folder: Path) -> None:
    standing = explained(plan_of(folder, HALVES)).standing
    assert standing.is_best
    assert (standing.cost, standing.extra, standing.left_out) == (72_500_000, 0, 0)


def test_another_plan_is_held_against_the_best(folder: Path) -> None:
    standing = explained(plan_of(folder, RING)).standing
    assert not standing.is_best
    assert standing.extra == 120_000_000 - 72_500_000
    assert (standing.short, standing.above) == (10_000, 10_000)


def test_a_plan_that_leaves_somebody_out_has_no_cost(folder: Path) -> None:
    standing = explained(plan_of(folder, {"west": "PSZ", "right": "QR"})).standing
    assert (standing.cost, standing.extra, standing.left_out) == (None, None, 1)
    assert not standing.is_best


def test_one_practice_moves_and_nothing_else(folder: Path) -> None:
    move = moved(plan_of(folder, HALVES), "Z", "right")
    assert move.left is not None
    assert (move.left.patients, move.joined.patients) == (20_000, 25_000)
    assert move.broken == move.mended == ()
    assert move.cost == 0  # Z is 2.5 km from either hub


def test_what_a_move_breaks_is_named(folder: Path) -> None:
    plan = plan_of(folder, HALVES)
    assert kinds(moved(plan, "Q", "far")) == [("band", "far"), ("band", "right")]
    assert kinds(moved(plan, "P", "far")) == [("contiguity", "far"), ("band", "far")]


def test_a_move_that_mends_breaks_nothing(folder: Path) -> None:
    plan = plan_of(folder, {"all": "PQRSZ", "far": "T"})
    move = moved(plan, "Q", "far")
    assert kinds(move) == [("band", "far")]
    assert [(finding.rule, finding.where) for finding in move.mended] == []
    assert move.left is not None
    assert move.left.patients == 35_000  # still 5,000 above, but nearer to the band


def test_to_be_farther_outside_the_band_counts_as_breaking_it(folder: Path) -> None:
    plan = plan_of(folder, {"ring": "PQRS", "eye": "Z", "far": "T"})
    move = moved(plan, "Z", "ring")
    assert kinds(move) == [("band", "ring")]
    assert [(finding.rule, finding.where) for finding in move.mended] == [("band", "eye")]
    assert move.left is None


def test_who_was_in_no_network_can_join_one(folder: Path) -> None:
    plan = plan_of(folder, {"west": "PS", "right": "QR", "far": "T"})
    move = moved(plan, "Z", "west")
    assert (move.origin, move.left, move.joined.patients, kinds(move)) == (None, None, 25_000, [])
    found = explained(plan, practice="Z").practice
    assert found is not None
    assert (found.network, found.stay, found.leave) == (None, None, None)
    assert {option.network for option in found.options} == {"west", "right"}


def test_a_practice_and_where_else_it_could_be(folder: Path) -> None:
    found = explained(plan_of(folder, HALVES), practice="R").practice
    assert found is not None
    assert (found.network, found.travel, found.aside) == ("right", 3.0, "")
    assert [(option.network, option.travel) for option in found.options] == [
        ("far", 5.0),
        ("west", 5.0),
    ]
    far, west = found.options
    assert (far.price.short, far.price.above) == (0, 10_000)
    assert (west.price.cost, west.price.short, west.price.above) == (10_000_000, 0, 0)
    assert found.stay is not None
    assert found.leave is not None
    # Apart from Q it is with Z, say, and P, Q and S are together: 12,500 and 70,000 patient-km.
    assert (found.stay.cost, found.leave.cost) == (0, 82_500_000 - 72_500_000)


def test_a_hub_neither_stays_nor_leaves(folder: Path) -> None:
    found = explained(plan_of(folder, HALVES), practice="T").practice
    assert found is not None
    assert (found.hub, found.stay, found.leave) == (found.practice, None, None)


@pytest.mark.parametrize(
    ("override", "why"),
    [
        ("rules.fixed=[[T]]", "rules.fixed has it in a network that stays as it is"),
        ("band.max=29000", "it has more patients than a network may have, and stands alone"),
    ],
)
def test_who_stands_aside_has_no_choice(folder: Path, override: str, why: str) -> None:
    found = explained(plan_of(folder, HALVES, override), practice="T").practice
    assert found is not None
    assert (found.aside, found.options) == (why, ())


def test_a_network_its_members_and_neighbours(folder: Path) -> None:
    found = explained(plan_of(folder, HALVES), network="west").network
    assert found is not None
    codes = "PQRSTZ"
    assert [codes[member.practice] for member in found.members] == ["P", "Z", "S"]
    assert [member.as_hub for member in found.members] == [42_500_000, 50_000_000, 42_500_000]
    assert [codes[outsider.practice] for outsider in found.outsiders] == ["Q", "R"]
    assert found.reasons is None


def test_a_fixed_network_has_no_neighbours_to_take(folder: Path) -> None:
    plan = plan_of(folder, HALVES, "rules.fixed=[[P, S, Z]]")
    found = explained(plan, network="west").network
    assert found is not None
    assert found.aside
    assert found.outsiders == ()


def test_why_a_network_is_outside_the_band(folder: Path) -> None:
    plan = plan_of(folder, HALVES, "band.min=25000")
    found = explained(plan, network="right").network
    assert found is not None
    assert found.reasons is not None
    assert found.reasons.clash.is_least
    assert {rule.key for rule in found.reasons.clash.rules} == {"band.min", "band.max"}
    judged = found.judged
    assert exception(plan, judged, explained(plan).standing.best) == "no plan keeps the band"


@pytest.mark.parametrize(
    ("overrides", "why"),
    [
        ((), "without need, since the best plan keeps the band"),
        (("rules.fixed=[[Z]]",), "it is fixed as it is"),
        (("band.below={price: 1, floor: 1000}",), "that is allowed at a price"),
    ],
)
def test_other_exceptions_have_other_reasons(
    folder: Path, overrides: tuple[str, ...], why: str
) -> None:
    plan = plan_of(folder, RING, *overrides)
    eye = next(network for network in plan.report.networks if network.label == "eye")
    assert exception(plan, eye, explained(plan).standing.best) == why


def test_a_practice_alone_that_is_too_large_is_an_exception(folder: Path) -> None:
    plan = plan_of(folder, HALVES, "band.max=29000")
    far = next(network for network in plan.report.networks if network.label == "far")
    best = explained(plan).standing.best
    assert exception(plan, far, best) == "it is one practice larger than a network may be"


def test_room_and_pulls(folder: Path) -> None:
    plan = plan_of(folder, {"west": "PSZ", "right": "QRT"})
    rooms = {network.label: room(plan, network) for network in plan.report.networks}
    assert rooms == {"west": 5_000, "right": -20_000}
    # Q is the hub of the right: T is 4 km from it, and R 3 km. Z is as near to Q as to P.
    assert pulls(plan) == ()
    plan = plan_of(folder, {"corners": "PR", "others": "QSTZ"})
    codes = plan.region.problem.codes
    # T is the hub of the others. Q is 4 km from it, as from P.
    assert [(codes[pull.practice], pull.other, pull.other_travel) for pull in pulls(plan)] == [
        ("S", "corners", 3.0),
        ("Z", "corners", 2.5),
    ]


def test_who_is_unknown_is_refused_all_at_once(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        explained(plan_of(folder, HALVES), practice="X", network="wets")
    assert [str(fault) for fault in caught.value.faults] == [
        (
            "--practice: is no practice of the region ('X'). There are P (Park), "
            "Q (Quay), R (Rise), S (Spring), T (Tower), Z (Zenith)."
        ),
        "--network: is no network of the plan ('wets'). Did you mean west?",
    ]


def test_who_is_attached_is_explained_with_its_host(folder: Path) -> None:
    plan = plan_of(folder, HALVES, "data.atypical=attach", "data.atypical_below=6000")
    with pytest.raises(InputError, match=r"Z counts as part of P .*Name P instead"):
        explained(plan, practice="Z")


def test_a_practice_twice_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match=r"has practice Z 2 times, in right, west"):
        explained(plan_of(folder, {"west": "PSZ", "right": "QRZ", "far": "T"}))
