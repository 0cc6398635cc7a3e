"""Age groups from the lists by five years and by single years of age, nobody counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.config.model import Configuration
from pcn_group.practices import read_practices
from tests.practices.practice_inputs import invented
from tests.practices.profile.figured import Told, faults, figured, told

OVER_65 = {"name": "over_65", "column": "aged_65_plus", "adds": "share"}

BY_FIVE = """EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,POSTCODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS
01JAN2021,CCG,06P,E38000102,,MALE,95+,9999
01JAN2021,GP,E81001,E38000102,LU1 1AA,ALL,ALL,1000
01JAN2021,GP,E81001,E38000102,LU1 1AA,MALE,ALL,480
01JAN2021,GP,E81001,E38000102,LU1 1AA,MALE,0_4,30
01JAN2021,GP,E81001,E38000102,LU1 1AA,MALE,60_64,350
01JAN2021,GP,E81001,E38000102,LU1 1AA,MALE,65_69,60
01JAN2021,GP,E81001,E38000102,LU1 1AA,MALE,95+,40
01JAN2021,GP,E81001,E38000102,LU1 1AA,FEMALE,ALL,520
01JAN2021,GP,E81001,E38000102,LU1 1AA,FEMALE,0_4,20
01JAN2021,GP,E81001,E38000102,LU1 1AA,FEMALE,60_64,400
01JAN2021,GP,E81001,E38000102,LU1 1AA,FEMALE,85_89,100
"""


def single_years(sex: str, counts: dict[str, int]) -> str:
    rows = ["EXTRACT_DATE,CCG_CODE,ONS_CCG_CODE,ORG_CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"]
    every = {"ALL": sum(counts.values()), **counts}
    rows += [f"01JAN2021,06P,E38,E81001,LU1 1AA,{sex},{age},{n}" for age, n in every.items()]
    return "\n".join(rows) + "\n"


MEN = single_years("MALE", {"4": 30, "5": 10, "64": 350, "65": 50, "95+": 40})
WOMEN = single_years("FEMALE", {"0": 20, "64": 400, "75": 100})


@pytest.mark.parametrize(
    ("column", "expected"),
    [("aged_under_5", 50), ("aged_65_plus", 200), ("aged_75_plus", 140), ("aged_85_plus", 140)],
)
def test_men_and_women_are_added_up_by_five_years(
    tmp_path: Path, column: str, expected: int
) -> None:
    practices = figured(tmp_path, {"quin.csv": BY_FIVE}, {"name": column, "adds": "share"})

    assert told(practices) == {"E81001": (expected, 1000)}


@pytest.mark.parametrize("with_fives", [False, True])
def test_two_files_by_single_years_are_one(tmp_path: Path, *, with_fives: bool) -> None:
    files = {"a-male.csv": MEN, "b-female.csv": WOMEN}
    files |= {"quin.csv": BY_FIVE} if with_fives else {}

    expected: Told = {"E81001": (190, 1000)}
    assert told(figured(tmp_path, files, OVER_65)) == expected


def test_one_sex_is_not_everybody(tmp_path: Path) -> None:
    assert faults(tmp_path, {"male.csv": MEN}, OVER_65) == [
        (
            "male.csv, row 3, column SEX: is the only sex that patients are counted of ('MALE'). "
            "Give the file of the other sex as well."
        )
    ]


def test_a_mean_of_counts_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, {"quin.csv": BY_FIVE}, {"name": "aged_65_plus"}) == [
        (
            "profile.figures: counts patients, and a mean of counts by patients says nothing "
            "('aged_65_plus'). Say adds: share, or adds: sum."
        )
    ]


def test_ages_need_lists_by_age(tmp_path: Path) -> None:
    assert faults(tmp_path, {}, OVER_65) == [
        (
            "profile.figures: is in no table of the input ('aged_65_plus'). Give lists by age, "
            "such as gp-reg-pat-prac-quin-age.csv, or a column of it."
        )
    ]


def test_the_list_by_age_may_be_the_list() -> None:
    rules = Configuration.model_validate({"profile": {"figures": [OVER_65]}})
    files = [invented(name) for name in ("ages-2021.csv", "map-2022-icb.csv", "postcodes.csv")]

    practices = read_practices(files, "00Y", rules=rules)

    assert {*practices.figures.rows["practice_code"]} <= {*practices.table["practice_code"]}
    assert practices.figures.registered > practices.table["list_size"].sum()
