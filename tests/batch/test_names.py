"""Which region codes can name a folder."""

from __future__ import annotations

import pytest

from pcn_group.batch.run import unusable_codes


@pytest.mark.parametrize(
    "code", ["06P", "QE1", "E06000032", "Bath & N.E. Somerset", "King's Lynn (west)", "Ynys Môn"]
)
def test_codes_and_names_in_use_can(code: str) -> None:
    assert unusable_codes([code]) == []


@pytest.mark.parametrize(
    "code",
    ["../x", "a/b", "a\\b", "C:", ".batch", "..", "a.", "a ", "-x", "a*", "a\nb", "x" * 101, "é?"],
)
def test_codes_that_lead_elsewhere_cannot(code: str) -> None:
    (fault,) = unusable_codes([code])
    assert fault.value == code


@pytest.mark.parametrize(
    "code", ["CON", "nul", "Lpt1", "aux.txt", "summary.csv", "ALL", "Index.html"]
)
def test_names_that_are_taken_cannot(code: str) -> None:
    (fault,) = unusable_codes([code])
    assert "is taken" in fault.problem


def test_codes_that_differ_only_in_case_cannot() -> None:
    (fault,) = unusable_codes(["06P", "06p", "07P"])
    assert fault.problem.startswith("differs from 06P only in case")
