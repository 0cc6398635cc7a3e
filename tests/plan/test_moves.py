"""Matching the networks of two plans, by hand and against every permutation."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.plan.moves import Amounts, Flow, Match, Moves, match_networks

Networks = dict[str, tuple[int, ...]]


def matched(weights: list[int], first: Networks, second: Networks) -> Moves:
    patients = np.array(weights, dtype=np.int64)
    return match_networks(Amounts(patients, np.ones_like(patients)), first, second)


@st.composite
def two_plans(draw: st.DrawFn) -> tuple[list[int], Networks, Networks]:
    """Patients, and two plans of up to five networks that may leave practices out."""
    weights = draw(st.lists(st.integers(1, 6), min_size=2, max_size=9))
    plans = []
    for _ in range(2):
        labels = st.lists(st.integers(-1, 4), min_size=len(weights), max_size=len(weights))
        numbers = draw(labels.filter(lambda numbers: max(numbers) >= 0))
        plans.append(
            {
                f"N{k}": tuple(i for i, number in enumerate(numbers) if number == k)
                for k in sorted({*numbers} - {-1})
            }
        )
    return weights, plans[0], plans[1]


def shared(weights: list[int], a: tuple[int, ...], b: tuple[int, ...]) -> int:
    return sum(weights[i] for i in {*a} & {*b})


def placed(plan: Networks) -> set[int]:
    return {i for members in plan.values() for i in members}


def test_a_network_split_in_two_is_continued_by_the_larger_part() -> None:
    moves = matched([3, 2, 4], {"A": (0, 1), "B": (2,)}, {"X": (0,), "Y": (1,), "B": (2,)})
    assert moves.matches == (
        Match("A", "X", 5, 3, shared=3, leaving=2, joining=0),
        Match("B", "B", 4, 4, shared=4, leaving=0, joining=0),
        Match(None, "Y", 0, 2, shared=0, leaving=0, joining=2),
    )
    assert moves.flows == (Flow("A", "Y", (1,), patients=2, practices=1),)
    assert moves.patients == 2
    assert moves.unchanged == 1


def test_the_whole_counts_and_not_each_network_for_itself() -> None:
    """A shares most with X, but then B, which shares nothing with Y, would be left over."""
    first, second = {"A": (0, 1), "B": (2,)}, {"X": (0, 2), "Y": (1,)}
    moves = matched([5, 4, 3], first, second)
    assert [(match.first, match.second) for match in moves.matches] == [("A", "Y"), ("B", "X")]
    assert moves.flows == (Flow("A", "X", (0,), patients=5, practices=1),)


def test_among_equals_the_fewest_practices_move() -> None:
    moves = matched([2, 1, 1], {"A": (0, 1, 2)}, {"X": (0,), "Y": (1, 2)})
    assert moves.members == {0}


def test_where_practices_are_limited_the_fewest_of_them_move() -> None:
    amounts = Amounts(np.array([3, 1, 1]), np.array([1, 1, 1]), practices_first=True)
    moves = match_networks(amounts, {"A": (0, 1, 2)}, {"X": (0,), "Y": (1, 2)})
    assert (moves.members, moves.practices, moves.patients) == ({0}, 1, 3)


def test_who_may_change_freely_neither_moves_nor_counts() -> None:
    amounts = Amounts(np.array([5, 1, 1]), np.array([1, 1, 1]))
    plans = {"A": (0, 1), "B": (2,)}, {"X": (0, 2), "Y": (1,)}
    moves = match_networks(amounts, *plans, free=[0])
    assert moves.continues == {"X": "B", "Y": "A"}
    assert not moves.flows


def test_networks_that_share_nobody_are_not_matched() -> None:
    moves = matched([1, 1], {"A": (0,)}, {"A": (1,)})
    assert [(match.first, match.second) for match in moves.matches] == [("A", None), (None, "A")]
    assert not moves.flows
    assert moves.origins == ("A", None)
    assert moves.destinations == (None, "A")


@given(two_plans())
def test_nothing_moves_from_a_plan_to_itself(plans: tuple[list[int], Networks, Networks]) -> None:
    weights, plan, _ = plans
    moves = matched(weights, plan, plan)
    assert not moves.flows
    assert moves.unchanged == len(plan)


@given(two_plans())
def test_no_matching_shares_more(plans: tuple[list[int], Networks, Networks]) -> None:
    weights, first, second = plans
    fewer, more = sorted((first, second), key=len)
    most = max(
        sum(shared(weights, fewer[a], more[b]) for a, b in zip(fewer, order, strict=True))
        for order in itertools.permutations(more, len(fewer))
    )
    moves = matched(weights, first, second)
    assert sum(match.shared for match in moves.matches) == most
    both = placed(first) & placed(second)
    assert moves.patients == sum(weights[i] for i in both) - most


@given(two_plans())
def test_as_many_move_back(plans: tuple[list[int], Networks, Networks]) -> None:
    weights, first, second = plans
    there, back = matched(weights, first, second), matched(weights, second, first)
    assert there.patients == back.patients
    assert there.unchanged == back.unchanged
    assert len(there.members) == len(back.members)


@given(two_plans())
def test_the_books_balance(plans: tuple[list[int], Networks, Networks]) -> None:
    weights, first, second = plans
    moves = matched(weights, first, second)
    assert sorted(m.first for m in moves.matches if m.first) == sorted(first)
    assert sorted(m.second for m in moves.matches if m.second) == sorted(second)
    for total in (
        sum(match.leaving for match in moves.matches),
        sum(match.joining for match in moves.matches),
        sum(weights[i] for i in moves.members),
    ):
        assert total == moves.patients
    for match in moves.matches:
        only_first = {*first.get(match.first or "", ())} - placed(second)
        lost = sum(weights[i] for i in only_first)
        assert match.first_patients == match.shared + match.leaving + lost


@given(plans=two_plans(), names=st.permutations(range(5)))
def test_what_networks_are_called_changes_nothing(
    plans: tuple[list[int], Networks, Networks], names: list[int]
) -> None:
    weights, first, second = plans
    called = {f"N{k}": f"M{names[k]}" for k in range(5)}
    renamed = {called[label]: members for label, members in second.items()}
    renamed = dict(sorted(renamed.items()))
    before, after = matched(weights, first, second), matched(weights, first, renamed)
    assert before.members == after.members
    assert {(flow.origin, called[flow.destination]) for flow in before.flows} == {
        (flow.origin, flow.destination) for flow in after.flows
    }
