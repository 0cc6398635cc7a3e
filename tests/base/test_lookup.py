"""Finding what is meant by a code, a name or the start of one."""

from __future__ import annotations

import pytest

from pcn_group.base.lookup import matching, several, unknown

NAMES = {
    "L82048": "Roseland Surgeries",
    "L82006": "Penryn Surgery",
    "U76032": "Penwith PCN",
    "U1": "Penwith",
    "11N": "NHS Kernow CCG",
    "N2": "",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("l82048", ["L82048"]),
        ("roseland", ["L82048"]),
        ("'Penryn surgery'", ["L82006"]),
        ("penwith", ["U1"]),  # a whole name comes before the start of another
        ("penwith p", ["U76032"]),
        ("pen", ["L82006", "U1", "U76032"]),
        ("kernow", ["11N"]),  # the start of a word in it
        ("ernow", []),
        ("", []),
    ],
)
def test_a_code_a_name_or_the_start_of_one_will_do(text: str, found: list[str]) -> None:
    assert matching(text, NAMES) == found


def test_a_whole_name_may_be_asked_for() -> None:
    assert matching("roseland", NAMES, whole=True) == []
    assert matching("penwith pcn", NAMES, whole=True) == ["U76032"]


def test_candidates_are_named() -> None:
    assert str(several("--network", "pen", ["U1", "U76032"], NAMES)) == (
        "--network: may mean 2 ('pen'). Say which: U1 (Penwith), U76032 (Penwith PCN)."
    )
    assert str(unknown("--practice", "Rosland Surgeries", "is none", NAMES)) == (
        "--practice: is none ('Rosland Surgeries'). Did you mean L82048 (Roseland Surgeries)?"
    )
