"""Any mix of files: every row is accounted for, every patient counts once, regions are as if alone.

What is expected is worked out from the files by plain loops, in another way than the program's.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pcn_group.config.model import Configuration, Data
from pcn_group.practices import Practices, read_practices, read_regions
from tests.practices.practice_inputs import invented, sizes, written
from tests.practices.test_regions import assert_same
from tests.tables.workbook_inputs import workbook

LISTS = ("list-2021-ccg.csv", "list-2022-sub-icb.csv", "list-2026-sub-icb.csv")
AGES = ("ages-2021.csv", "ages-2021-parts-only.csv")
MAPS = ("map-2020-ccg.csv", "map-2022-icb.csv", "map-2026-without-networks.csv")
REGISTERS = ("epraccur.csv", "epraccur-with-headings.csv", "epraccur-from-excel.csv")
PARTNERS = ("epcncorepartnerdetails.csv", "epcncorepartnerdetails-with-headings.csv", "ePCN.xlsx")
AREAS = ("areas-2021.csv", "areas-2021-female.csv", "areas-2021-male.csv", "areas-2026.csv")
CENTROIDS = ("centroids-2021-x-y.csv", "centroids-grid.csv", "centroids-2011-degrees.csv")
WITHOUT_HEADINGS = ("epraccur.csv", "epraccur-from-excel.csv", "epcncorepartnerdetails.csv")
WEIGHTED = "Average number of weighted patients"


def some(names: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), unique=True)


def at_most_one(names: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=1)


MIXES = st.tuples(
    some(LISTS),
    at_most_one(AGES),
    at_most_one(["practices.csv"]),
    some(MAPS),
    at_most_one(REGISTERS),
    at_most_one(PARTNERS),
    some(AREAS),
    at_most_one(CENTROIDS),
    at_most_one(["weighted.csv"]),
).map(lambda groups: [name for group in groups for name in group])


@pytest.fixture(scope="module")
def epcn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sheets = {
        "PCNDetails": [["PCN Code", "PCN Name"], ["U00001", "ABBEY PCN"], ["U00002", "DOWNS PCN"]],
        "PCN Core Partner Details": cells(invented("epcncorepartnerdetails-with-headings.csv")),
        "Notes": [["Invented"], ["by hand"]],
    }
    return written(tmp_path_factory.mktemp("workbook"), workbook(sheets), "ePCN.xlsx")


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def rows_of(names: Sequence[str]) -> dict[str, int]:
    """The rows of each table; the notes of a workbook have no headings."""
    rows = {
        name: len(cells(invented(name))) - (name not in WITHOUT_HEADINGS)
        for name in (*names, "postcodes.csv")
        if name != "ePCN.xlsx"
    }
    if "ePCN.xlsx" in names:
        sheets = {"PCNDetails": 2, "PCN Core Partner Details": 9, "Notes": 2}
        rows |= {f"ePCN.xlsx, sheet {sheet}": count for sheet, count in sheets.items()}
    return rows


def lists_of(names: Sequence[str]) -> dict[str, int]:
    """The list that counts for each practice: its own file's, else that of the latest extract."""
    lists: dict[str, int] = {}
    dated = [name for name in LISTS if name in names]
    for name in AGES:
        if name in names and dated in ([], [LISTS[0]]):
            for *_, kind, code, _, _, sex, age, size in cells(invented(name))[1:]:
                if kind == "GP" and (sex == age == "ALL" or name == AGES[1]):
                    lists[code] = lists.get(code, 0) + int(size)
    if dated:
        lists |= {row[5]: int(row[9]) for row in cells(invented(dated[-1]))[1:]}
    if "practices.csv" in names:
        lists |= {row[0]: int(row[2]) for row in cells(invented("practices.csv"))[1:]}
    return lists


def rules_for(names: Sequence[str], atypical: str) -> Configuration:
    weighted = WEIGHTED if "weighted.csv" in names else None
    return Configuration(
        data=Data.model_validate({"atypical": atypical, "weighted_list_size": weighted})
    )


def check(practices: Practices, names: Sequence[str], lists: dict[str, int]) -> None:
    report = practices.data_report[practices.data_report["rows"] != ""]
    assert report["rows"].astype(int).groupby(report["file"]).sum().to_dict() == rows_of(names)
    assert sizes(practices) == lists
    if practices.catchments is not None:
        assert set(practices.catchments["practice_code"]) <= set(lists)
        assert practices.catchments["patients"].ge(1).all()


@settings(max_examples=8, derandomize=True)
@given(
    names=MIXES,
    atypical=st.sampled_from(["keep", "attach", "exclude"]),
    by=st.sampled_from(["region_code", "icb_code"]),
)
def test_any_mix_of_files(names: list[str], atypical: str, by: str, epcn: Path) -> None:
    lists = lists_of(names)
    assume(lists)
    rules = rules_for(names, atypical)
    if atypical == "exclude":
        lists = {code: size for code, size in lists.items() if size >= rules.data.atypical_below}
    paths = [epcn if name == "ePCN.xlsx" else invented(name) for name in (*names, "postcodes.csv")]

    check(read_practices(paths, several_regions=True, by=by, rules=rules), names, lists)
    with_regions = MAPS if by == "icb_code" else (*MAPS, *LISTS, *REGISTERS, "practices.csv")
    if set(with_regions).isdisjoint(names):
        return
    for code, region in read_regions(paths, by=by, rules=rules).items():
        own = {practice: lists[practice] for practice in region.table["practice_code"]}
        check(region, names, own)
        assert_same(region, read_practices(paths[::-1], code, by=by, rules=rules))
