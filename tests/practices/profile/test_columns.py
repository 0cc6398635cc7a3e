"""Figures that are columns of tables of practices."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.config.model import Configuration
from pcn_group.practices import read_practices
from tests.practices.practice_inputs import account, findings
from tests.practices.profile.figured import LISTED, LISTS, Told, faults, figured, told

NEED = """Practice Code,Over 75,Need
E81001,120,1.5
E81002,,2.25
E81003,600,-
"""


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (
            {"name": "over_75", "adds": "share"},
            {"E81001": (120, 1000), "E81003": (600, 3000)},
        ),
        ({"name": "over_75", "adds": "sum"}, {"E81001": (120, 1000), "E81003": (600, 3000)}),
        (
            {"name": "health", "column": "NEED"},
            {"E81001": (1.5 * 1000, 1000), "E81002": (2.25 * 2000, 2000)},
        ),
        (
            {"name": "over_75", "adds": "mean"},
            {"E81001": (120 * 1000, 1000), "E81003": (600 * 3000, 3000)},
        ),
    ],
)
def test_any_column_of_practices_is_a_figure(
    tmp_path: Path, figure: dict[str, object], expected: Told
) -> None:
    assert told(figured(tmp_path, {"need.csv": NEED}, figure)) == expected


def test_columns_that_every_table_may_have_are_figures_too(tmp_path: Path) -> None:
    practices = figured(tmp_path, {}, {"name": "lists", "column": "List size", "adds": "sum"})

    assert told(practices) == {
        "E81001": (1000, 1000),
        "E81002": (2000, 2000),
        "E81003": (3000, 3000),
    }


def test_the_table_of_practices_may_have_the_column_itself(tmp_path: Path) -> None:
    first, *others = LISTS.splitlines()
    own = "\n".join([f"{first},need", *(f"{row},{k}" for k, row in enumerate(others))])

    practices = figured(tmp_path, {LISTED: own + "\n"}, {"name": "need"})

    assert told(practices) == {"E81001": (0, 1000), "E81002": (2000, 2000), "E81003": (6000, 3000)}
    assert not any("not used" in note for note in practices.notes)


def test_what_is_unknown_is_told(tmp_path: Path) -> None:
    practices = figured(tmp_path, {"need.csv": NEED}, {"name": "need"})

    assert findings(practices, "figure_unknown") == [
        ("E81003", "need.csv", "need: of nobody", "not counted")
    ]
    assert account(practices, "need.csv") == {"used": 3}


def test_all_numbers_are_told_that_are_none(tmp_path: Path) -> None:
    broken = NEED.replace("1.5", "much").replace("600", "3001").replace("120", "12O")

    assert faults(
        tmp_path, {"n.csv": broken}, {"name": "over_75", "adds": "share"}, {"name": "need"}
    ) == [
        (
            "n.csv, row 2, column Over 75: is not a number of up to 1,000,000,000 ('12O'). Give it "
            "as digits, or leave it empty where it is not known."
        ),
        (
            "n.csv, row 2, column Need: is not a number of up to 1,000,000,000 ('much'). Give it "
            "as digits, or leave it empty where it is not known."
        ),
        (
            "n.csv, row 4, column Over 75: is no count of the practice's patients, of which "
            "over_75 is the share ('3001'). Give a count, or say adds: mean where it is a rate or "
            "a percentage."
        ),
    ]


def test_a_practice_has_one_number(tmp_path: Path) -> None:
    other = "practice_code,need\nE81001,1.5\nE81002,2.3\n"

    assert faults(tmp_path, {"need.csv": NEED, "other.csv": other}, {"name": "need"}) == [
        (
            "other.csv, row 3, column need: is another number than in need.csv, row 3 ('2.3'). "
            "Keep one of the two."
        )
    ]


def test_a_heading_that_no_table_has_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path, {"need.csv": NEED}, {"name": "wealth"}, {"name": "need"}) == [
        (
            "profile.figures: is in no table of the input ('wealth'). Correct the heading, give "
            "the file that has it, or leave it out."
        )
    ]


def test_files_that_agree_are_one(tmp_path: Path) -> None:
    weights = "practice_code,weighted_list_size,need\nE81001,1100.25,1.5\nE81003,3100,4\n"

    practices = figured(
        tmp_path,
        {"need.csv": NEED, "weights.csv": weights},
        {"name": "need"},
        {"name": "weighted", "column": "weighted_list_size", "adds": "sum"},
    )

    rows = practices.figures.rows
    weighted = rows[rows["figure"] == "weighted"]
    assert weighted["millionths"].tolist() == [1_100_250_000, 3_100_000_000]
    assert told(practices)["E81003"] == (3100, 3000)
    assert rows.loc[rows["figure"] == "need", "millionths"].tolist() == [
        1_500_000_000,
        4_500_000_000,
        12_000_000_000,
    ]


def test_practices_that_are_left_out_count_for_nobody(tmp_path: Path) -> None:
    for name, text in {LISTED: LISTS.replace(",1000,", ",90,"), "need.csv": NEED}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    rules = Configuration.model_validate(
        {"profile": {"figures": [{"name": "need"}]}, "data": {"atypical": "exclude"}}
    )

    practices = read_practices([tmp_path / LISTED, tmp_path / "need.csv"], rules=rules)

    assert told(practices) == {"E81002": (4500, 2000)}
    assert practices.figures.registered == 5000
    assert account(practices, "need.csv") == {"used": 2, "excluded for its small list": 1}
