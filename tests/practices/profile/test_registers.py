"""Prevalence by practice, from the registers of the Quality and Outcomes Framework."""

from __future__ import annotations

from pathlib import Path

from tests.practices.practice_inputs import account
from tests.practices.profile.figured import faults, figured, told

PREVALENCE = """PRACTICE_CODE,GROUP_CODE,PATIENT_LIST_TYPE,REGISTER,PRACTICE_LIST_SIZE
E81001,DM,17OV,80,800
E81001,AF,TOTAL,25,1000
E81003,DM,17OV,150,2400
E99999,DM,17OV,1,2
"""
DIABETES = {"name": "diabetes", "column": "qof_dm", "adds": "share"}


def test_a_register_is_a_share_of_those_it_is_of(tmp_path: Path) -> None:
    practices = figured(tmp_path, {"PREVALENCE_2223.csv": PREVALENCE}, DIABETES)

    assert told(practices) == {"E81001": (80, 800), "E81003": (150, 2400)}
    assert account(practices, "PREVALENCE_2223.csv") == {
        "used": 3,
        "of a practice without a list size": 1,
    }


def test_more_on_a_register_than_on_the_list_is_a_fault(tmp_path: Path) -> None:
    more = PREVALENCE.replace("80,800", "801,800") + "E81003,DM,17OV,150,2400\n"

    assert faults(tmp_path, {"q.csv": more}, DIABETES) == [
        "q.csv, row 2, column REGISTER: is more than the patients it is of ('801'). Correct it.",
        (
            "q.csv, row 6, column PRACTICE_CODE: has a second row of this register ('E81003'). "
            "Keep one of them."
        ),
    ]


def test_a_register_that_is_not_there_is_told(tmp_path: Path) -> None:
    asked = {"name": "x", "column": "qof_xyz", "adds": "sum"}

    assert faults(tmp_path, {"q.csv": PREVALENCE}, asked) == [
        (
            "profile.figures: is in no table of the input ('qof_xyz'). Give the file of prevalence "
            "by practice, or a column of it."
        )
    ]
