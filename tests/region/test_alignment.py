"""Rules about neighbourhoods, as a problem has them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration, Limits
from pcn_group.region.alignment import Alignment
from pcn_group.region.neighbourhoods import Neighbourhoods
from pcn_group.region.plan_limits import most_misaligned, plan_limits, share_that_leaves
from tests.solver.regions import problem_of, region


def mapped(*patients: list[int]) -> Neighbourhoods:
    codes = tuple("NOPQ"[: len(patients[0])])
    return Neighbourhoods(codes, codes, np.array(patients, dtype=np.int64), "residents")


def test_a_network_serves_where_most_of_its_patients_live_and_of_equals_the_first() -> None:
    alignment = Alignment.of(mapped([60, 30, 10], [0, 30, 20]))
    assert alignment.served([0]) == 0
    assert alignment.misaligned([0]) == 40
    assert alignment.served([0, 1]) == 0  # as many live in the second
    assert alignment.misaligned([0, 1]) == 90
    assert alignment.misaligned_in_all([[0], [1]]) == 60


def test_who_lives_in_none_is_not_misaligned() -> None:
    assert Alignment.of(mapped([60, 0])).misaligned([0]) == 0


def test_a_share_is_taken_as_it_is_written() -> None:
    assert most_misaligned(mapped([100]), 0.9) == 10
    assert most_misaligned(mapped([100]), 0.29) == 71
    assert most_misaligned(mapped([99]), 0.9) == 9


@given(st.integers(1, 10_000_000), st.data())
def test_a_share_for_so_many_misaligned_lets_as_many_be_and_no_more(
    patients: int, data: st.DataObject
) -> None:
    misaligned = data.draw(st.integers(0, patients))
    neighbourhoods = mapped([patients])
    share = share_that_leaves(neighbourhoods, misaligned)
    assert 0 <= share <= 1
    assert most_misaligned(neighbourhoods, share) == misaligned


def test_a_neighbourhood_in_which_no_practice_is_at_home_need_not_be_served() -> None:
    limits = plan_limits(Limits(), pd.DataFrame(), mapped([70, 10, 0], [10, 0, 60]), is_one=True)
    assert [limit.name for limit in limits] == [
        "most_serving N", "fewest_serving N", "most_serving O", "most_serving P",
        "fewest_serving P",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "key"),
    [
        ({"prices": {"neighbourhood": 1.0}}, "prices.neighbourhood"),
        ({"limits": {"min_aligned": 0.9}}, "limits.min_aligned"),
        ({"neighbourhoods": {"networks": "one"}}, "neighbourhoods.networks"),
    ],
)
def test_rules_about_neighbourhoods_need_a_map(rules: dict[str, object], key: str) -> None:
    practices = region({"A": (0.0, 0.0, 20_000), "B": (1.0, 0.0, 20_000)})
    with pytest.raises(InputError, match="there is no map of them") as caught:
        problem_of(practices, Configuration.model_validate(rules))
    assert [fault.source for fault in caught.value.faults] == [key]
