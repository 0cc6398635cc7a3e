"""The figures of a region: by unit, in integers, of the practices that are there."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration
from pcn_group.practices import read_practices
from pcn_group.region.region import Region, prepare_region

PRACTICES = """\
practice_code,practice_name,list_size,easting,northing,region_code,weighted_list_size,n
E81001,Westgate,1000,501000,221000,06P,1100.25,1.5
E81002,Market Place,2000,503900,222000,06P,,0.125
E81003,Hostel,50,503900,222100,06P,60,4
"""


def region(folder: Path, *figures: dict[str, str], read_with: bool = True, **data: str) -> Region:
    (folder / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    rules = Configuration.model_validate({"profile": {"figures": list(figures)}, "data": data})
    read = read_practices([folder / "practices.csv"], rules=rules if read_with else None)
    return prepare_region(read, rules)


def test_amounts_are_whole_and_as_small_as_their_decimals_allow(tmp_path: Path) -> None:
    (figure,) = region(tmp_path, {"name": "n"}).figures

    assert figure.scale == 1  # 0.125 times 2,000 patients is a whole number, and so are the others
    assert figure.amounts.tolist() == [1500, 250, 200]
    assert figure.base.tolist() == figure.known.tolist() == [1000, 2000, 50]
    assert figure.value([0, 1]) == Fraction(1750, 3000)


def test_a_sum_has_no_base(tmp_path: Path) -> None:
    (figure,) = region(tmp_path, {"name": "n", "adds": "sum"}).figures

    assert (figure.scale, figure.amounts.tolist()) == (1000, [1500, 125, 4000])
    assert figure.base.tolist() == [0, 0, 0]
    assert figure.known.tolist() == [1000, 2000, 50]
    assert figure.value([0, 1, 2]) == Fraction("5.625")


def test_attached_practices_count_with_their_host(tmp_path: Path) -> None:
    (figure,) = region(tmp_path, {"name": "n"}, atypical="attach").figures

    assert figure.amounts.tolist() == [1500, 450]
    assert figure.base.tolist() == [1000, 2050]


@pytest.mark.parametrize("read_with", [True, False])
def test_columns_of_every_table_need_not_be_asked_for_in_reading(
    tmp_path: Path, *, read_with: bool
) -> None:
    asked = {"name": "weighted", "column": "weighted_list_size", "adds": "sum"}
    found = region(tmp_path, asked, read_with=read_with)
    (figure,) = found.figures

    assert (figure.scale, figure.amounts.tolist()) == (100, [110_025, 0, 6_000])
    assert figure.known.tolist() == [1000, 0, 50]
    assert figure.everyone == Fraction("1160.25")
    assert "weighted is known for 1,050 of 3,050 patients." in found.practices.notes


def test_other_columns_have_to_be(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="was not read with the practices"):
        region(tmp_path, {"name": "n"}, read_with=False)
