"""What comes of moving one practice to where most of its patients live."""

from __future__ import annotations

import numpy as np

from pcn_group.plan.fit import fit_of
from pcn_group.plan.moving_home import MoveHome, move_home
from pcn_group.region.neighbourhoods import Neighbourhoods
from tests.solver.regions import road

NETWORKS, LABELS = [(0, 1, 2), (3, 4, 5)], ["U1", "U2"]


def moved(practice: int, homes: list[list[int]], smallest: int = 20_000) -> MoveHome | None:
    """Move a practice of six of 10,000 along a road; the networks are the first and last three."""
    problem = road(*(10_000,) * 6, band=(smallest, 40_000))
    towns = Neighbourhoods(("N", "O"), ("", ""), np.array(homes), "residents")
    fit = fit_of(towns, NETWORKS, problem.weights)
    return move_home(problem, NETWORKS, LABELS, fit, practice)


HOMES = [[10_000, 0], [10_000, 0], [2_000, 8_000], [0, 10_000], [0, 10_000], [0, 10_000]]
"""Most patients of the third practice live where the other network serves."""


def test_its_patients_are_aligned_then_and_what_it_costs_is_told() -> None:
    # Two networks of three cost 2 km for each 10,000 patients; then it is 1 km and 4 km.
    found = moved(2, HOMES)
    assert found is not None
    assert (found.network, found.aligned, found.breaks) == (1, 6_000, ())
    assert found.cost == 10_000 * 1_000


def test_what_is_broken_then_is_told() -> None:
    found = moved(2, HOMES, smallest=30_000)
    assert found is not None
    assert found.breaks == ("U1 has 20,000 patients, 10,000 short of 30,000",)


def test_one_that_is_there_already_moves_nowhere() -> None:
    assert moved(0, HOMES) is None


def test_where_no_network_serves_there_is_nowhere_to_move() -> None:
    assert moved(2, [[10_000, 0], [10_000, 0], [2_000, 8_000], *[[10_000, 0]] * 3]) is None


def test_one_from_the_middle_leaves_its_network_in_pieces() -> None:
    found = moved(1, [HOMES[0], HOMES[2], HOMES[1], *HOMES[3:]])
    assert found is not None
    assert [line.split(" ")[0] for line in found.breaks] == ["U1", "U2"]
