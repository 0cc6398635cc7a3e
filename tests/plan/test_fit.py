"""How well networks fit neighbourhoods, from counts a person can add up."""

from __future__ import annotations

import numpy as np

from pcn_group.plan.fit import fit_of
from pcn_group.region.neighbourhoods import Neighbourhoods

LISTS = np.array([1000, 2000, 3000, 500])
LIVING = Neighbourhoods(
    codes=("E", "N", "W"),
    names=("East", "North", "West"),
    patients=np.array([[0, 0, 1000], [900, 100, 900], [3000, 0, 0], [0, 0, 0]]),
    by="residents",
)
"""Of the second practice 100 patients live in none, and of the last nobody lives in any."""


def test_a_network_serves_where_most_of_its_patients_live() -> None:
    fit = fit_of(LIVING, [(0, 1), (2,), (3,)], LISTS)

    assert [network.serves for network in fit.networks] == [2, 0, None]
    assert [network.aligned for network in fit.networks] == [1900, 3000, 0]
    assert [network.misaligned for network in fit.networks] == [1000, 0, 0]
    assert [network.in_none for network in fit.networks] == [100, 0, 500]
    assert [network.share for network in fit.networks] == [1900 / 2900, 1.0, None]


def test_of_equals_the_first_by_code_is_served() -> None:
    (network,) = fit_of(LIVING, [(1,)], LISTS).networks

    assert network.serves == 0
    assert (network.aligned, network.misaligned, network.in_none) == (900, 1000, 100)


def test_a_plan_adds_its_networks_up() -> None:
    fit = fit_of(LIVING, [(0, 1), (2,), (3,)], LISTS)

    assert (fit.aligned, fit.misaligned, fit.in_none) == (4900, 1000, 600)
    assert fit.share == 4900 / 5900
    assert fit.unserved == (1,)
    assert fit.plain == {
        "by": "residents",
        "neighbourhoods": 3,
        "aligned": 4900,
        "misaligned": 1000,
        "in_none": 600,
        "share_aligned": round(4900 / 5900, 6),
        "unserved": ["N"],
    }


def test_a_practice_straddles_if_no_neighbourhood_has_most_of_its_patients() -> None:
    practices = fit_of(LIVING, [(0, 1), (2,), (3,)], LISTS).practices

    assert [practices[i].straddles for i in range(4)] == [False, True, False, False]
    assert practices[1].share == 900 / 1900


def test_sixty_per_cent_in_one_neighbourhood_do_not_straddle() -> None:
    living = Neighbourhoods(("A", "B"), ("", ""), np.array([[600, 400], [599, 401]]), "residents")
    practices = fit_of(living, [(0, 1)], np.array([1000, 1000])).practices

    assert [practices[i].straddles for i in range(2)] == [False, True]


def test_a_practice_lives_elsewhere_if_more_of_it_does_than_where_its_network_serves() -> None:
    practices = fit_of(LIVING, [(0, 2), (1,), (3,)], LISTS).practices

    assert [practices[i].lives_elsewhere for i in range(4)] == [True, False, False, False]
    assert (practices[0].main, practices[0].serves) == (2, 0)
    assert (practices[0].aligned, practices[0].misaligned) == (0, 1000)


def test_nobody_fits_where_nobody_lives_in_any_neighbourhood() -> None:
    fit = fit_of(LIVING, [(3,)], LISTS)

    assert fit.share is None
    assert fit.unserved == (0, 1, 2)
