"""A table of a plan beside what it should be, however damaged it is."""

from __future__ import annotations

import pytest

from pcn_group.output.data.judgement import table_differences

RIGHT = "practice_code,network_id\nA,N1\nB,N2\n"


def told(there: str) -> list[tuple[str, str]]:
    return list(table_differences("groupings.csv", there, RIGHT))


def test_the_order_of_rows_is_no_difference() -> None:
    assert told("practice_code,network_id\nB,N2\nA,N1\n") == []


@pytest.mark.parametrize(
    ("there", "found"),
    [
        ("practice_code,network_id\nA,N1\nB,N3\n", "says N3, and N2 is right"),
        ("practice_code,network_id\nA,N1\n", "has no row about B"),
        ("practice_code,network_id\nA,N1\nB,N2\nC,N2\n", "is one too many"),
        ("practice_code,network_id\nA,N\r1\nB,N2\n", "says N, and N1 is right"),
        (f'practice_code,network_id\nA,N1\nB,"{"N" * 200_000}\n', "has no row about B"),
        ("", "has no row about A"),
    ],
)
def test_what_differs_is_told_whatever_the_damage(there: str, found: str) -> None:
    assert any(found in what for _, what in told(there))
