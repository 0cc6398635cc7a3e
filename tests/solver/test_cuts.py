"""Subset-row cuts: what is violated, what is chosen, and how tolls are laid out."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.solver.cuts import Triple, lay_out_tolls, violated_triples


def chosen(
    networks: list[set[int]], shares: list[float], known: set[Triple] | None = None, most: int = 100
) -> list[Triple]:
    """The cuts found for fractional networks of practices 0 to 6."""
    inside = np.array([[i in network for i in range(7)] for network in networks], dtype=np.bool_)
    return violated_triples(inside, np.array(shares), known or set(), most)


def load(networks: list[set[int]], shares: list[float], triple: Triple) -> float:
    """The shares, in all, of the networks with two or three of a triple."""
    pairs = zip(networks, shares, strict=True)
    return sum(share for network, share in pairs if len(network & set(triple)) >= 2)


RING = [{0, 1}, {1, 2}, {0, 2}]
"""Each practice half in either of its networks: no plan is so, but a linear program allows it."""


def test_three_halves_on_a_triple_are_cut() -> None:
    assert chosen(RING, [0.5, 0.5, 0.5]) == [(0, 1, 2)]


def test_a_cut_is_found_once() -> None:
    assert chosen(RING, [0.5, 0.5, 0.5], known={(0, 1, 2)}) == []


def test_a_plan_violates_no_cut() -> None:
    assert chosen([{0, 1, 2}, {3, 4}, {5, 6}], [1.0, 1.0, 1.0]) == []


def test_a_network_with_all_three_counts_once() -> None:
    assert chosen([{0, 1, 2}, {0, 1}, {2, 3}], [0.6, 0.4, 0.4]) == []


def test_an_excess_not_worth_a_cut_is_left() -> None:
    assert chosen(RING, [0.34, 0.34, 0.33]) == []


def test_the_most_violated_come_first() -> None:
    networks, shares = [*RING, {3, 4}, {4, 5}, {3, 5}], [0.4, 0.4, 0.4, 0.5, 0.5, 0.5]
    assert chosen(networks, shares) == [(3, 4, 5), (0, 1, 2)]
    assert chosen(networks, shares, most=1) == [(3, 4, 5)]


networks_and_shares = st.lists(
    st.tuples(st.sets(st.integers(0, 6), min_size=1), st.floats(0.05, 1.0)), min_size=1, max_size=12
)


@given(networks_and_shares, st.integers(1, 40))
def test_cuts_are_violated_in_order_and_none_is_left_out_for_nothing(
    fractional: list[tuple[set[int], float]], most: int
) -> None:
    networks, shares = [network for network, _ in fractional], [share for _, share in fractional]
    found = chosen(networks, shares, most=most)
    loads = [load(networks, shares, triple) for triple in found]
    assert all(value > 1.019 for value in loads)
    assert all(first >= second - 1e-5 for first, second in pairwise(loads))
    assert len(found) == len(set(found)) <= most
    used = Counter(i for triple in found for i in triple)
    assert max(used.values(), default=0) <= 5
    if len(found) < most:
        for triple in combinations(range(7), 3):
            if triple not in found and load(networks, shares, triple) > 1.021:
                assert max(used[i] for i in triple) == 5


def test_tolls_are_laid_out_by_practice_and_those_of_nothing_left_out() -> None:
    table = lay_out_tolls(5, [(0, 1, 2), (1, 2, 3), (1, 3, 4)], np.array([7, 0, 9]))
    owed = [table.of[table.start[i] : table.start[i + 1]].tolist() for i in range(5)]
    assert table.amounts.tolist() == [7, 9]
    assert owed == [[0], [0, 1], [0], [1], [1]]


def test_without_triples_nobody_owes_anything() -> None:
    table = lay_out_tolls(3, (), np.zeros(0, dtype=np.int64))
    assert table.start.tolist() == [0, 0, 0, 0]
    assert len(table.of) == len(table.amounts) == 0
