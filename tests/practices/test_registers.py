"""The practice register, memberships of networks, and tables with weighted lists."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.practices.practice_inputs import (
    SIZES_2021,
    account,
    column,
    faults_in,
    findings,
    invented,
    read_files,
    rows_in,
    sizes,
    written,
)
from tests.tables.workbook_inputs import Cell, Formula, workbook

LIST = "list-2021-ccg.csv"
LATER = "list-2026-sub-icb.csv"
MAP = "map-2020-ccg.csv"
PARTNERS = "epcncorepartnerdetails.csv"

# --- the register ---


@pytest.mark.parametrize(
    "name", ["epraccur.csv", "epraccur-with-headings.csv", "epraccur-from-excel.csv"]
)
def test_the_register_gives_names_and_status(name: str) -> None:
    practices = read_files(LIST, name)

    assert sizes(practices) == SIZES_2021
    assert column(practices, "practice_name")["Z00006"] == "FEN ROAD PARTNERSHIP"
    assert findings(practices, "register_closed") == [("Z00002", name, "status C", "kept")]
    assert findings(practices, "register_dormant") == [("Z00003", name, "status D", "kept")]
    assert findings(practices, "register_proposed") == [("Z00004", name, "status P", "kept")]
    # And nothing of W00001, a Welsh one.
    assert findings(practices, "no_list") == [
        ("Z00009", "", "an active GP practice in the register", "left out")
    ]
    assert account(practices, name) == {"used": 7, "of a practice without a list size": 3}


def test_the_register_gives_the_region_and_the_postcode_where_the_list_does_not() -> None:
    ages = read_files("ages-2021.csv", "epraccur.csv", region="00X")

    assert list(sizes(ages)) == ["Z00001", "Z00002", "Z00003", "Z00004", "Z00005", "Z00006"]


def test_a_row_of_the_register_that_is_broken(tmp_path: Path) -> None:
    text = invented("epraccur.csv").read_text(encoding="utf-8")
    broken = text.replace('"","D","B"', '"","X","B"').replace('"Z00004","DOWNS', '"Z00003","DOWNS')
    faults = faults_in(invented(LIST), written(tmp_path, broken, "epraccur.csv"), region="00X")

    assert [fault.split(". ")[0] for fault in faults] == [
        "epraccur.csv, row 3, column status: is no status of the register ('X')",
        (
            "epraccur.csv, row 4, column practice_code: has a row already "
            "(epraccur.csv, row 3) ('Z00003')"
        ),
    ]


# --- memberships ---

NETWORKS_2021 = {
    "Z00001": "U00001",
    "Z00002": "U00001",  # once U00002, which has ended
    "Z00003": "U00003",  # begins in April, and there is no other
    "Z00004": "U00002",
    "Z00005": "U00002",
    "Z00006": "",
    "Z00007": "U00001",  # until March
    "Z00008": "",
}


@pytest.mark.parametrize("name", [PARTNERS, "epcncorepartnerdetails-with-headings.csv"])
def test_the_membership_in_force_on_the_day_of_the_list_counts(name: str) -> None:
    practices = read_files(LIST, name)

    assert column(practices, "current_network") == NETWORKS_2021
    assert column(practices, "current_network_name")["Z00003"] == "GRANARY PCN"
    assert findings(practices, "no_network") == [
        ("Z00006", "", "", "kept"),
        ("Z00008", "", "", "kept"),
    ]
    assert account(practices, name) == {
        "used": 6,
        "a membership that has ended": 1,
        "a membership that has not begun": 1,
        "of a practice without a list size": 1,
    }


@pytest.mark.parametrize(
    ("end", "network"),
    [("20201231", ""), ("20210101", "U00002"), ("20210102", "U00002"), ("", "U00002")],
)
def test_the_end_of_a_membership_is_its_last_day(tmp_path: Path, end: str, network: str) -> None:
    text = invented(PARTNERS).read_text(encoding="utf-8")
    text = text.replace('"00X","VALE CCG","20190701",""', f'"00X","VALE CCG","20190701","{end}"')
    practices = read_files(LIST, written(tmp_path, text, PARTNERS))  # the list of 1 January 2021

    assert column(practices, "current_network")["Z00004"] == network
    ended = account(practices, PARTNERS)["a membership that has ended"]
    assert ended == (1 if network else 5)


def test_a_membership_that_has_ended_still_tells_the_name_of_its_network(tmp_path: Path) -> None:
    text = invented(PARTNERS).read_text(encoding="utf-8")
    text = text.replace('"VALE CCG","20190701",""', '"VALE CCG","20190701","20200930"')
    practices = read_files("practices.csv", written(tmp_path, text, PARTNERS))

    assert column(practices, "current_network_name")["Z00003"] == "DOWNS PCN"
    assert column(practices, "current_network_name")["Z00001"] == "ABBEY PCN"


@pytest.mark.parametrize(
    ("closed", "detail"),
    [
        ("20201231", "status C"),
        ("20210101", "status C, open until 2021-01-01"),
        ("20230331", "status C, open until 2023-03-31"),
        ("", "status C"),
        ("long ago", "status C"),
    ],
)
def test_a_practice_that_closed_after_the_day_of_the_list(
    tmp_path: Path, closed: str, detail: str
) -> None:
    text = invented("epraccur-with-headings.csv").read_text(encoding="utf-8")
    assert text.count("20200930") == 1
    path = written(tmp_path, text.replace("20200930", closed), "register.csv")

    ((code, _, told, _),) = findings(read_files(LIST, path), "register_closed")
    assert (code, told) == ("Z00002", detail)


def test_a_membership_counts_from_its_first_day_on() -> None:
    networks = column(read_files(LATER, PARTNERS), "current_network")

    assert networks["Z00002"] == "U00001"
    assert networks["Z00007"] == "U00003"


def test_without_a_dated_list_a_membership_without_an_end_counts() -> None:
    practices = read_files("practices.csv", PARTNERS)

    assert column(practices, "current_network")["Z00005"] == "U00002"
    assert account(practices, PARTNERS)["a membership that has ended"] == 2


def test_the_last_of_several_memberships_counts(tmp_path: Path) -> None:
    text = invented(PARTNERS).read_text(encoding="utf-8").replace("20200331", "")
    practices = read_files(LIST, written(tmp_path, text, PARTNERS))

    assert column(practices, "current_network") == NETWORKS_2021
    assert account(practices, PARTNERS)["another membership of the practice counts"] == 1


def test_the_map_counts_before_the_memberships_and_unallocated_stays() -> None:
    practices = read_files(LIST, MAP, PARTNERS)

    assert column(practices, "current_network")["Z00003"] == "U00002"
    assert column(practices, "current_network")["Z00005"] == ""
    assert findings(practices, "network_differs") == [
        ("Z00003", PARTNERS, "U00002 counts, U00003 here", "the first file counts"),
        ("Z00005", PARTNERS, "none counts, U00002 here", "the first file counts"),
    ]
    assert findings(practices, "no_list") == [
        ("Z00009", "", "in the practice map", "left out"),
        ("Z00012", "", "a member of a network", "left out"),
    ]


OLD_NETWORKS = (
    "PCN Code",
    "PCN Name",
    "Current Clinical Commissioning Group Code",
    "Clinical Commissioning Group Name",
    "Open Date (YYYYMMDD)",
    "Close Date",
)
NEW_NETWORKS = (
    "PCN Code",
    "PCN Name",
    "Current\nsub ICB Loc Code",
    "Sub ICB Location",
    "Open\nDate",
    "Close\nDate",
)
NETWORKS = (
    ("U00001", "ABBEY PCN", "00X", "VALE CCG", 20190701, None),
    ("U00002", "DOWNS PCN", "00X", "VALE CCG", 20190701, None),
    ("U00003", "GRANARY PCN", "00Y", "FEN CCG", 20210401, None),
)
OLD_PARTNERS = (
    "Partner Organisation Code",
    "Partner Name",
    "Practice Parent CCG Code",
    "Practice Parent CCG Name",
    "PCN Code",
    "PCN Name",
    "PCN Parent CCG Code",
    "PCN Parent CCG Name",
    "Practice to PCN Relationship Start Date",
    "Practice to PCN Relationship End Date",
    "Practice CCG and PCN CCG match?",
)
NEW_PARTNERS = (
    "Partner\nOrganisation\nCode",
    "Partner\nName",
    "Practice\nParent\nSub ICB Loc Code",
    "Practice Parent\nSub ICB Loc Name",
    "PCN Code",
    "PCN Name",
    "PCN Parent\nSub ICB Loc Code",
    "PCN Parent\nSub ICB Loc Name",
    "Practice to PCN\nRelationship\nStart Date",
    "Practice to PCN\nRelationship\nEnd Date",
    "Practice Parent\nSub ICB Loc = PCN Parent\nSub ICB Loc",
)


def day(text: str) -> dt.date | None:
    return dt.datetime.strptime(text, "%Y%m%d").date() if text else None  # noqa: DTZ007 - a day has no time zone


def partners(*, dates: bool) -> list[list[Cell]]:
    """The memberships as a workbook has them: the network's name and the last column by formula."""
    rows = []
    for n, (*cells, start, end) in enumerate(rows_in(PARTNERS), 2):
        name = Formula(f"VLOOKUP(E{n},'PCN Details'!A:B,2,FALSE)", cells[5])
        begun, ended = (day(start), day(end)) if dates else (int(start), int(end or 0) or None)
        match = Formula(f"G{n}=C{n}", str(cells[2] == cells[6]).upper())
        rows.append([*cells[:5], name, *cells[6:], begun, ended, match])
    return rows


@pytest.mark.parametrize(
    ("sheet", "headings", "networks", "dates"),
    [
        ("PCN Details", OLD_PARTNERS, OLD_NETWORKS, False),
        ("PCNDetails", NEW_PARTNERS, NEW_NETWORKS, True),
    ],
    ids=["2020", "since 2022"],
)
def test_a_workbook_of_networks_with_formulas(
    tmp_path: Path,
    sheet: str,
    headings: tuple[str, ...],
    networks: tuple[str, ...],
    *,
    dates: bool,
) -> None:
    sheets = {sheet: [networks, *NETWORKS], "Core Partners": [headings, *partners(dates=dates)]}
    practices = read_files(LIST, written(tmp_path, workbook(sheets), "ePCN.xlsx"))

    assert practices.table.equals(read_files(LIST, PARTNERS).table)
    assert account(practices, f"ePCN.xlsx, sheet {sheet}") == {
        "about a network: its members say the same": 3
    }
    assert account(practices, "ePCN.xlsx, sheet Core Partners") == {
        "used": 6,
        "a membership that has ended": 1,
        "a membership that has not begun": 1,
        "of a practice without a list size": 1,
    }


# --- weighted lists ---

WEIGHTED = {
    "weighted_list_size": "Average Number of Weighted Patients",
    "adjusted_list_size": "pcn adjusted population",
}


@pytest.mark.parametrize("others", [(), (MAP,), (MAP, "epraccur.csv", PARTNERS)])
def test_weighted_lists_in_a_file_of_their_own(others: tuple[str, ...]) -> None:
    practices = read_files(LIST, "weighted.csv", *others, **WEIGHTED)
    table = practices.table.set_index("practice_code").fillna(-1)

    assert table["weighted_list_size"].head(4).tolist() == [9_011.25, 11_950.5, 7_500, -1]
    assert table["adjusted_list_size"].head(4).tolist() == [8_800, 12_000, 7_250, -1]
    assert account(practices, "weighted.csv") == {
        "used": 3,
        "of a practice without a list size": 1,
    }


def test_a_weighted_list_with_three_decimals_may_be_thousands(tmp_path: Path) -> None:
    text = invented("weighted.csv").read_text(encoding="utf-8")
    text = text.replace(",9011.25,8800", ",9011.250,8.800")
    practices = read_files(LIST, written(tmp_path, text, "weighted.csv"), **WEIGHTED)

    assert practices.table.loc[0, "adjusted_list_size"] == 8.8
    assert findings(practices, "number_ambiguous") == [
        ("Z00001", "", "adjusted_list_size 8.800", "read as decimals")
    ]


def test_weighted_lists_as_a_column_of_a_practices_csv() -> None:
    practices = read_files("practices.csv", weighted_list_size="Carr-Hill")
    table = practices.table.fillna(-1)

    assert table["weighted_list_size"].tolist() == [
        9_011.25,
        -1,
        7_500,
        16_000,
        300,
        50_000,
        4_200.5,
        3_000,
    ]
    assert not practices.notes


def test_a_column_asked_for_counts_before_one_that_is_called_so(tmp_path: Path) -> None:
    text = invented("practices.csv").read_text(encoding="utf-8")
    text = text.replace("region_name", "weighted_list_size").replace(",Vale,", ",1,")
    path = written(tmp_path, text.replace(",Fen,", ",1,"))
    practices = read_files(path, weighted_list_size="Carr-Hill")

    assert column(practices, "weighted_list_size")["Z00001"] == 9_011.25
    assert practices.notes == ("practices.csv: 1 column not used: weighted_list_size.",)


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (
            {"weighted_list_size": "Weighted"},
            "data.weighted_list_size: is the heading of no column in the input ('Weighted').",
        ),
        (
            {"adjusted_list_size": "list_size"},
            "data.adjusted_list_size: is the heading of another thing in practices.csv",
        ),
        (
            {"weighted_list_size": "Carr-Hill", "adjusted_list_size": "carr hill"},
            "data.weighted_list_size: is the heading that data.adjusted_list_size has too",
        ),
    ],
)
def test_headings_of_weighted_lists_that_cannot_be_meant(asked: dict[str, str], fault: str) -> None:
    (found,) = faults_in(invented("practices.csv"), region="00X", **asked)

    assert found.startswith(fault)


def test_a_weighted_list_that_is_no_number(tmp_path: Path) -> None:
    text = invented("weighted.csv").read_text(encoding="utf-8").replace("9011.25", '"9,011.25"')
    path = written(tmp_path, text, "weighted.csv")
    (fault,) = faults_in(invented(LIST), path, region="00X", **WEIGHTED)

    assert "is not a number of patients ('9,011.25')" in fault
