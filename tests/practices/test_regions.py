"""Several regions in one input: each as if it were alone, by whichever column."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.practices import Practices, read_practices, read_regions
from tests.practices.practice_inputs import LUTON, findings, written

POSTCODES = (
    "practice_code,practice_name,list_size,postcode,region_code,icb_code,local_authority\n"
    "A1,,9000,SW1A 1AA,R1,Q1,Here\n"
    "A2,Mall,8000,SW1A 2AA,R1,Q1,There\n"
    "A3,Luton,7000,LU1 2BQ,R2,Q1,There\n"
    "A4,Nowhere,6000,LU1 2BQ,,,\n"
)
MAP = (
    "PUBLICATION,PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME,CCG_CODE,CCG_NAME,STP_CODE,STP_NAME,"
    "COMM_REGION_CODE,COMM_REGION_NAME\n"
    "MAP,A1,Abbey,U1,First,00X,X CCG,QX,X STP,Y1,North\n"
    "MAP,A2,Bridge,U1,First,00X,X CCG,QX,X STP,Y1,North\n"
)
LIST = (
    "PUBLICATION,TYPE,CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n"
    "LIST,GP,00X,A1,SW1A 1AA,ALL,ALL,9000\n"
    "LIST,GP,00X,A3,SW1A 2AA,ALL,ALL,4000\n"
)


def assert_same(one: Practices, other: Practices) -> None:
    assert one.table.equals(other.table)
    assert one.sources == other.sources
    assert one.notes == other.notes
    assert one.elsewhere == other.elsewhere
    assert one.data_report.equals(other.data_report)
    if one.catchments is None or other.catchments is None:
        assert one.catchments is other.catchments
    else:
        assert one.catchments.equals(other.catchments)


@pytest.mark.parametrize("by", ["region_code", "icb_code", "local_authority"])
def test_each_region_is_as_if_it_were_read_alone(tmp_path: Path, by: str) -> None:
    path = written(tmp_path, POSTCODES)
    regions = read_regions([path], by=by)
    assert list(regions) == sorted(regions)
    for code, region in regions.items():
        assert_same(region, read_practices([path], code, by=by))
        assert set(region.table["region_code"]) == {code}
        assert len(region.elsewhere) + len(region.table) == 4


def test_practices_in_no_region_are_left_out_and_noted(tmp_path: Path) -> None:
    regions = read_regions([written(tmp_path, POSTCODES)], by="icb_code")
    assert len(regions["Q1"].table) == 3
    assert "1 practice without a region code (icb_code) left out." in regions["Q1"].notes


def test_faults_of_all_regions_come_together(tmp_path: Path) -> None:
    text = POSTCODES.replace("9000", "0").replace("A3,Luton,7000,LU1 2BQ", "A2,Luton,7000,LU99")
    with pytest.raises(InputError) as caught:
        read_regions([written(tmp_path, text)])
    problems = [(fault.row, fault.problem) for fault in caught.value.faults]
    assert problems == [
        (2, "is zero"),
        (4, "is the code of another row too (practices.csv, row 3)"),
        (4, "is not a postcode"),
    ]


def test_an_input_without_the_column_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="column icb_code: does not say which practices"):
        read_regions([written(tmp_path, LUTON)], by="icb_code")


def test_all_is_the_whole_input_as_one_region(tmp_path: Path) -> None:
    practices = read_practices([written(tmp_path, POSTCODES)], "all")
    assert list(practices.table["practice_code"]) == ["A1", "A2", "A3", "A4"]
    assert set(practices.table["region_code"]) == {"all"}
    assert practices.elsewhere == frozenset()


def test_the_map_says_what_regions_belong_to(tmp_path: Path) -> None:
    paths = [written(tmp_path, MAP, "map.csv"), written(tmp_path, LIST, "list.csv")]
    columns = ["region_name", "icb_code", "icb_name", "nhs_region_code", "nhs_region_name"]
    table = read_practices(paths).table
    # A3 is not in the map, but its region is.
    assert table["practice_code"].tolist() == ["A1", "A3"]
    assert table[columns].to_numpy().tolist() == [["X CCG", "QX", "X STP", "Y1", "North"]] * 2

    board = read_practices(paths, "QX", by="icb_code")
    assert board.table["region_name"].tolist() == ["X STP", "X STP"]
    assert findings(board, "no_list") == [("A2", "", "in the practice map", "left out")]


def test_releases_since_2022_say_icb(tmp_path: Path) -> None:
    since = MAP.replace("STP_", "ICB_").replace("CCG_", "SUB_ICB_LOCATION_")
    paths = [written(tmp_path, since, "map.csv"), written(tmp_path, LIST, "list.csv")]
    assert set(read_practices(paths).table["icb_name"]) == {"X STP"}
    assert set(read_practices(paths).table["region_name"]) == {"X CCG"}


ELSEWHERE = "MAP,Z{},Elsewhere {},U9,Ninth,00Y,Y CCG,QX,X STP,Y1,North\n"


@pytest.mark.parametrize("asked", [["R1", "R2"], "R1,R2", "r2, r1", ["R2,R1"]])
def test_several_regions_are_taken_as_one(tmp_path: Path, asked: str | list[str]) -> None:
    practices = read_practices([written(tmp_path, POSTCODES)], asked)
    assert list(practices.table["practice_code"]) == ["A1", "A2", "A3"]
    assert set(practices.table["region_code"]) == {"R1,R2"}
    assert set(practices.table["icb_code"]) == {"Q1"}


def test_several_regions_stay_several_where_that_is_wanted(tmp_path: Path) -> None:
    practices = read_practices([written(tmp_path, POSTCODES)], "R1,R2", several_regions=True)
    assert list(practices.table["region_code"]) == ["R1", "R1", "R2"]


def test_a_region_with_a_comma_in_its_name_is_one(tmp_path: Path) -> None:
    text = POSTCODES.replace("Here", '"Bristol, City of"')
    path = written(tmp_path, text)
    one = read_practices([path], "bristol, city of", by="local_authority")
    assert list(one.table["practice_code"]) == ["A1"]
    both = read_practices([path], ["There", "Bristol, City of"], by="local_authority")
    assert list(both.table["practice_code"]) == ["A1", "A2", "A3"]


def test_each_region_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_practices([written(tmp_path, POSTCODES)], "R1,R7,R8")
    assert [fault.value for fault in caught.value.faults] == ["R7", "R8"]


def test_a_batch_of_some_regions_has_each_by_itself(tmp_path: Path) -> None:
    path = written(tmp_path, POSTCODES)
    every, some = read_regions([path]), read_regions([path], region=["R2"])
    assert list(every) == ["R1", "R2"]
    assert list(some) == ["R2"]
    assert_same(some["R2"], every["R2"])
    with pytest.raises(InputError, match="R9"):
        read_regions([path], region=["R9"])


@pytest.mark.parametrize("region", [None, "00X"])
def test_what_a_national_file_has_of_other_regions_is_no_finding(
    tmp_path: Path, region: str | None
) -> None:
    national = MAP + "".join(ELSEWHERE.format(k, k) for k in range(50))
    paths = [written(tmp_path, national, "map.csv"), written(tmp_path, LIST, "list.csv")]
    report = read_practices(paths, region).data_report
    assert findings(read_practices(paths, region), "no_list") == [
        ("A2", "", "in the practice map", "left out")
    ]
    assert len(report) < 10


def test_a_reporting_entity_is_a_region_like_others(tmp_path: Path) -> None:
    since = MAP.replace("CCG_", "SUB_ICB_LOCATION_").replace("00X,X CCG", "RE11,Frimley East")
    entity = LIST.replace("CCG_CODE", "SUB_ICB_LOCATION_CODE").replace("00X", "RE11")
    paths = [written(tmp_path, since, "map.csv"), written(tmp_path, entity, "list.csv")]
    table = read_practices(paths, "re11").table
    assert list(table["practice_code"]) == ["A1", "A3"]
    assert set(table["region_code"]) == {"RE11"}
    assert set(table["region_name"]) == {"Frimley East"}
    assert set(table["icb_code"]) == {"QX"}
    assert list(read_regions(paths)) == ["RE11"]


def test_boards_stay_known_where_practices_are_grouped_by_them(tmp_path: Path) -> None:
    paths = [written(tmp_path, MAP, "map.csv"), written(tmp_path, LIST, "list.csv")]
    for by in ("icb_code", "region_code", "nhs_region_code"):
        for practices in read_regions(paths, by=by).values():
            assert set(practices.table["icb_code"]) == {"QX"}
            assert set(practices.table["icb_name"]) == {"X STP"}
