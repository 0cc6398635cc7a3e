"""The official files themselves, of England in January 2021, where they are at hand."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from pcn_group.practices import Practices, read_practices, read_regions
from pcn_group.practices.grid import looks_swapped
from tests.practices.practice_inputs import (
    OFFICIAL,
    REGISTERS,
    account,
    findings,
    needs_official_data,
)
from tests.practices.test_regions import assert_same

pytestmark = needs_official_data

LIST, MAP = OFFICIAL / "gp-reg-pat-prac-all.csv", OFFICIAL / "gp-reg-pat-prac-map.csv"
ALL = [LIST, MAP, REGISTERS / "epraccur.csv", REGISTERS / "ePCN.xlsx"]


@pytest.fixture(scope="module")
def england() -> Practices:
    return read_practices(ALL, several_regions=True)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_england_is_complete(england: Practices) -> None:
    table = england.table
    large = table[table["list_size"] > 50_000]

    assert len(table) == 6_658
    assert table["list_size"].sum() == 60_606_345
    assert table["region_code"].nunique() == 135
    assert table["local_authority"].str.fullmatch("E0[6-9][0-9]{6}").all()
    assert table["practice_code"].tolist() == sorted(row["CODE"] for row in rows_of(LIST))
    assert (len(large), large["region_code"].nunique()) == (11, 8)
    assert (table["list_size"] < 100).sum() == 37
    assert table["list_size"].agg(["min", "max"]).tolist() == [1, 89_786]


def test_every_row_of_every_file_is_accounted_for(england: Practices) -> None:
    unlisted = "of a practice without a list size"

    assert account(england, "gp-reg-pat-prac-all.csv") == {"used": 6_658}
    assert account(england, "gp-reg-pat-prac-map.csv") == {"used": 6_655, unlisted: 53}
    assert account(england, "epraccur.csv") == {"used": 6_654, unlisted: 14_357 - 6_654}
    assert account(england, "ePCN.xlsx, sheet PCN Details") == {
        "about a network: its members say the same": 1_250
    }
    assert account(england, "ePCN.xlsx, sheet PCN Core Partner Details") == {
        "used": 6_563,
        unlisted: 6_757 - 6_563,
    }


def test_what_is_odd_about_england_is_told(england: Practices) -> None:
    unallocated = [row for row in findings(england, "no_network") if row[2] == "unallocated"]

    assert sum(row["PCN_CODE"] == "U" for row in rows_of(MAP)) == 131
    assert len(unallocated) == 123  # the other 8 have no list
    assert len(findings(england, "not_in_map")) == 3
    assert len(findings(england, "over_maximum")) == 11
    assert len(findings(england, "not_in_register")) == 6_658 - 6_654
    assert not england.notes


def test_practices_at_one_postcode_share_an_address(england: Practices) -> None:
    postcodes = Counter(row["POSTCODE"] for row in rows_of(LIST))
    shared = [row["CODE"] for row in rows_of(LIST) if postcodes[row["POSTCODE"]] > 1]

    assert (len(shared), len({code for code, n in postcodes.items() if n > 1})) == (1_050, 455)
    assert len({code for code, *_ in findings(england, "shared_address")} & set(shared)) > 1_000


def test_the_real_networks_are_as_published(england: Practices) -> None:
    in_a_network = england.table[england.table["current_network"] != ""]
    patients = in_a_network.groupby("current_network")["list_size"].sum()

    assert patients.between(30_000, 50_000).mean() == pytest.approx(0.579, abs=0.001)
    assert (patients > 50_000).mean() == pytest.approx(0.346, abs=0.001)


def test_no_real_practice_looks_swapped(england: Practices) -> None:
    for _, region in england.table.groupby("region_code"):
        assert not looks_swapped(region[["easting", "northing"]].to_numpy()).any()
    assert not looks_swapped(england.table[["easting", "northing"]].to_numpy()).any()


def test_the_register_and_the_memberships_complete_what_the_map_lacks(england: Practices) -> None:
    practices = read_practices([LIST, *ALL[2:]], "06P")
    luton = england.table[england.table["region_code"] == "06P"].reset_index(drop=True)

    assert practices.table["list_size"].equals(luton["list_size"])
    assert (practices.table["practice_name"] != practices.table["practice_code"]).all()
    assert (practices.table["current_network"] != "").sum() > 20


@pytest.mark.deep
def test_regions_of_england_are_as_if_read_alone(england: Practices) -> None:
    regions = read_regions(ALL)

    assert len(regions) == 135
    assert sum(region.table["list_size"].sum() for region in regions.values()) == 60_606_345
    assert len(regions["06P"].table) == 26
    assert_same(regions["06P"], read_practices(ALL[::-1], "06P"))
    part = england.table[england.table["region_code"] == "06P"].reset_index(drop=True)
    assert regions["06P"].table.equals(part)


@pytest.mark.deep
def test_boards_of_england() -> None:
    boards = read_regions([LIST, MAP], by="icb_code")

    assert len(boards) == 42
    assert sum(len(board.table) for board in boards.values()) == 6_658
