"""The data report: every kind of finding with its row, and what becomes of odd practices."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from pcn_group.base.errors import InputError
from pcn_group.cli.screens.data_report import show_findings
from pcn_group.config.model import Configuration, Data
from pcn_group.practices import read_practices, read_regions
from pcn_group.tables.findings import KINDS, REPORT_COLUMNS, joined_report
from tests.paths import ROOT
from tests.practices.practice_inputs import (
    SIZES_2021,
    account,
    faults_in,
    findings,
    invented,
    read_files,
    sizes,
    written,
)

DOCUMENT = ROOT / "docs" / "data.md"
LIST, LATER, MAP, AGES = (
    "list-2021-ccg.csv",
    "list-2026-sub-icb.csv",
    "map-2020-ccg.csv",
    "ages-2021.csv",
)
REGISTER, PARTNERS = "epraccur.csv", "epcncorepartnerdetails.csv"
MEN, WOMEN = "men-2021.csv", "women-2021.csv"
AREAS, CENTROIDS = "areas-2021.csv", "centroids-grid.csv"

BRIDGE = "BRIDGE STREET, THE PRACTICE"

CASES = {
    "over_maximum": (
        (LIST, MAP),
        "Z00006|FEN ROAD PARTNERSHIP|00X|52190|||the maximum is 50,000|stands alone",
    ),
    "atypical_list": (
        (LIST, MAP),
        "Z00005|EASTGATE NIGHT SHELTER|00X|412|||under 1,000 patients|kept",
    ),
    "register_closed": (
        (LIST, REGISTER),
        "Z00002|BRIDGE STREET PRACTICE|00X|12305|epraccur.csv||status C|kept",
    ),
    "register_dormant": (
        (LIST, REGISTER),
        "Z00003|CHALK HILL PRACTICE|00X|6977|epraccur.csv||status D|kept",
    ),
    "register_proposed": (
        (LIST, REGISTER),
        "Z00004|DOWNS HEALTH CENTRE|00X|15038|epraccur.csv||status P|kept",
    ),
    "register_not_gp": (
        (LIST, REGISTER),
        "Z00005|EASTGATE NIGHT SHELTER|00X|412|epraccur.csv||prescribing setting 8|kept",
    ),
    "not_in_register": ((LIST, REGISTER), "Z00008||00Y|2950|epraccur.csv|||kept"),
    "not_in_map": ((LIST, MAP), "Z00008||00Y|2950|map-2020-ccg.csv|||kept"),
    "no_list": (
        (LIST, MAP),
        "Z00009|IVY LANE SURGERY|00X||||in the practice map|left out",
    ),
    "no_name": ((LIST, MAP), "Z00008||00Y|2950||||the code stands for it"),
    "no_network": (("map-2022-icb.csv", LIST), "Z00005|EASTGATE NIGHT SHELTER|00X|412||||kept"),
    "network_differs": (
        ((PARTNERS, "Z00005", "Z00099"), LIST, MAP),
        (
            "Z00003|CHALK HILL PRACTICE|00X|6977|epcncorepartnerdetails.csv||"
            "U00002 counts, U00003 here|the first file counts"
        ),
    ),
    "network_across_regions": (
        (LIST, MAP),
        "Z00007|GRANARY SURGERY|00Y|4001|||U00001 is mostly in 00X|kept",
    ),
    "list_moved": (
        (LIST, LATER, MAP),
        f"Z00002|{BRIDGE}|00X|15900|||from 12,305 to 15,900|kept",
    ),
    "list_new": (
        (LIST, LATER, "map-2026-without-networks.csv"),
        "Z00010|JUBILEE SURGERY|00X|7100||||kept",
    ),
    "list_gone": (
        (LIST, LATER, MAP),
        "Z00003|CHALK HILL PRACTICE|00X||||6,977 patients then|left out",
    ),
    "one_sex": (
        (MEN, (WOMEN, "01JAN2021,00X,E38000998,Z00005,LU1 3SN,FEMALE,ALL,101\n", ""), MAP),
        "Z00005|EASTGATE NIGHT SHELTER|00X|311|men-2021.csv|||counted as it is there",
    ),
    "list_differs": (
        (LIST, MAP, (AGES, "ALL,ALL,15038", "ALL,ALL,15040")),
        (
            "Z00004|DOWNS HEALTH CENTRE|00X|15038|ages-2021.csv||"
            "15040 here, 15038 in list-2021-ccg.csv|the first file counts"
        ),
    ),
    "postcode_replaced": (
        ((LIST, "LU2 7AA", "SW1A 9ZZ"), MAP, REGISTER),
        (
            "Z00004|DOWNS HEALTH CENTRE|00X|15038|epraccur.csv||"
            "SW1A 9ZZ: LU2 7AA instead|located by another file's"
        ),
    ),
    "postcode_terminated": (
        (LIST, MAP),
        "Z00005|EASTGATE NIGHT SHELTER|00X|412|||LU1 3SN, ended 2018-12|located by it all the same",
    ),
    "shared_address": ((LIST, MAP), f"Z00002|{BRIDGE}|00X|12305|||with Z00003|kept"),
    "far_from_region": (
        ((LIST, "LU1 1AA", "SW1A 1AA"), MAP),
        "Z00001|ABBEY SURGERY|00X|8412|||45 km from the next one|kept",
    ),
    "no_areas": (
        (LIST, MAP, AREAS, CENTROIDS),
        "Z00005|EASTGATE NIGHT SHELTER|00X|412||||patients live there",
    ),
    "areas_differ": (
        (LIST, MAP, AREAS, CENTROIDS),
        (
            "Z00006|FEN ROAD PARTNERSHIP|00X|52190|||"
            "40,000 by area, 52,190 on the list|shares are used"
        ),
    ),
    "code_respelt": (
        (LIST, (MAP, "Z00002", "z00002")),
        (
            f"Z00002|{BRIDGE}|00X|12305|map-2020-ccg.csv||practice_code 'z00002' for Z00002|"
            "taken for the same code"
        ),
    ),
    "spreadsheet_error": (
        (LIST, (MAP, "U00002,DOWNS PCN", "#N/A,")),
        (
            "Z00004|DOWNS HEALTH CENTRE|00X|15038|map-2020-ccg.csv||"
            "current_network is #N/A: the look-up had found nothing|taken for empty"
        ),
    ),
    "total_differs": (
        ((LIST, "ALL,2950\n", "ALL,2950\nGP_PRAC_PAT_LIST,01JAN2021,GP,,,Total,,,,102000\n"), MAP),
        "||||list-2021-ccg.csv||102,000 in row 10, and the rows add up to 102,285|the rows count",
    ),
}
"""For each kind the files that show it, some with a change, and the first row of that kind."""


def test_every_kind_of_finding_is_tried() -> None:
    apart = ["excluded_by_rule", "postcode_far", "number_ambiguous"]  # in tests of their own
    apart += ["still_open", "off_land", "off_road", "near_rim", "neighbours_dropped"]
    apart += ["neighbours_barred", "piece_joined"]
    apart += ["no_neighbourhood", "areas_in_none", "neighbourhoods_unused"]
    apart += ["areas_without_outline", "figure_unknown"]
    apart += [f"neighbourhood_{odd}" for odd in ("overlap", "joined", "mended", "empty")]
    apart += ["link_over_water", "network_over_water", "place_split"]  # those are about plans
    assert list(CASES) == [kind for kind in KINDS if kind not in apart]


@pytest.mark.parametrize("kind", CASES)
def test_the_row_of_each_kind_of_finding(tmp_path: Path, kind: str) -> None:
    files, row = CASES[kind]
    report = report_of(
        *(file if isinstance(file, str) else changed(tmp_path, *file) for file in files)
    )

    assert list(report.columns) == list(REPORT_COLUMNS)
    first = report[report["finding"] == kind].iloc[0]
    assert "|".join(first.iloc[1:]) == row
    assert report.map(lambda cell: isinstance(cell, str)).all(axis=None)


@cache
def report_of(*files: str | Path) -> pd.DataFrame:
    return read_files(*files).data_report


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    text = invented(name).read_text(encoding="utf-8")
    assert old in text
    return written(folder, text.replace(old, new), name)


def test_the_page_on_data_lists_the_findings_in_the_order_of_the_report() -> None:
    _, table = DOCUMENT.read_text(encoding="utf-8").split("| finding | rule | what is done |")

    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [
        "rows_used",
        "rows_set_aside",
        *KINDS,
    ]


def test_findings_come_after_the_accounts_by_kind_and_practice() -> None:
    report = read_files(LIST, MAP, REGISTER, PARTNERS, LATER).data_report
    kinds = ["rows_used", "rows_set_aside", *KINDS]
    ranks = report["finding"].map(kinds.index)
    is_account = ranks < 2

    assert is_account.is_monotonic_decreasing
    assert ranks[~is_account].is_monotonic_increasing
    for _, rows in report[~is_account].groupby("finding"):
        assert rows["practice_code"].is_monotonic_increasing


# --- practices with small lists ---


def test_a_small_list_is_kept_by_default() -> None:
    practices = read_files(LIST, MAP)

    assert sizes(practices) == SIZES_2021
    assert findings(practices, "atypical_list") == [("Z00005", "", "under 1,000 patients", "kept")]


def test_a_small_list_is_excluded_and_accounted_for() -> None:
    # Z00005 is in the map, unallocated, and in the extract before: no more is said of it.
    practices = read_files(LIST, LATER, MAP, AREAS, atypical="exclude")

    assert "Z00005" not in sizes(practices)
    assert "Z00005" in practices.elsewhere
    about = practices.data_report[practices.data_report["practice_code"] == "Z00005"]
    assert about[["finding", "patients", "treatment"]].to_numpy().tolist() == [
        ["atypical_list", "405", "excluded"]
    ]
    for file in (LATER, MAP):
        assert account(practices, file)["excluded for its small list"] == 1


def test_a_practice_that_a_rule_names_is_excluded() -> None:
    practices = read_files(LIST, MAP, exclude=["Z00004"], atypical="exclude")
    about = practices.data_report[practices.data_report["practice_code"] == "Z00004"]

    assert set(sizes(practices)) == set(SIZES_2021) - {"Z00004", "Z00005"}
    assert ["|".join(row) for row in about.to_numpy()] == [
        "excluded_by_rule|Z00004|DOWNS HEALTH CENTRE|00X|15038||||left out"
    ]
    assert account(practices, LIST) == {
        "used": 6,
        "excluded by a rule": 1,
        "excluded for its small list": 1,
    }
    with pytest.raises(InputError, match=r"rules\.exclude: leaves no practice in 00Y"):
        read_files(LIST, MAP, region="00Y", exclude=["Z00007", "Z00008"])


def test_a_small_list_is_attached_to_the_nearest_other_one() -> None:
    practices = read_files(LIST, MAP, atypical="attach", atypical_below=5_000)

    assert sizes(practices) == SIZES_2021
    assert findings(practices, "atypical_list") == [
        ("Z00005", "", "under 5,000 patients", "attached to Z00002"),
        ("Z00007", "", "under 5,000 patients", "kept"),  # no larger one is in their region
        ("Z00008", "", "under 5,000 patients", "kept"),
    ]


def test_all_regions_as_one_are_one_region_in_the_report_too() -> None:
    practices = read_files(LIST, MAP, region="all", atypical="attach", atypical_below=5_000)

    assert findings(practices, "atypical_list")[1:] == [
        ("Z00007", "", "under 5,000 patients", "attached to Z00006"),
        ("Z00008", "", "under 5,000 patients", "attached to Z00006"),
    ]


@pytest.mark.parametrize(
    ("region", "where"), [(None, "the input"), ("all", "the input"), ("00Y", "00Y")]
)
def test_excluding_every_practice_is_a_fault(region: str | None, where: str) -> None:
    limit = 60_000 if where == "the input" else 5_000
    paths = [invented(LIST), invented(MAP)]
    rules = {"atypical": "exclude", "atypical_below": limit}

    (fault,) = faults_in(*paths, region=region, **rules)
    assert fault.startswith(f"data.atypical: leaves no practice in {where}. Exclude fewer,")
    with pytest.raises(InputError, match=r"data\.atypical: leaves no practice in 00Y"):
        read_regions(paths, rules=Configuration(data=Data.model_validate(rules)))


# --- of all regions together ---


def test_the_report_of_all_regions_accounts_for_every_row_once() -> None:
    paths = [invented(name) for name in (LIST, LATER, MAP, REGISTER, AREAS, CENTROIDS)]
    regions = read_regions([*paths, invented("postcodes.csv")])
    joined = joined_report([region.data_report for region in regions.values()])
    rows = joined[joined["rows"] != ""].assign(rows=lambda report: report["rows"].astype(int))

    assert rows.groupby("file")["rows"].sum().to_dict() == {
        **dict.fromkeys((LIST, LATER, MAP), 8),
        REGISTER: 10,
        AREAS: 12,
        CENTROIDS: 4,
        "postcodes.csv": 9,
    }
    used = rows[rows["finding"] == "rows_used"].set_index("file")["rows"]
    assert used[LATER] == 8
    assert used[MAP] == 6
    assert len(joined[joined["finding"] == "list_gone"]) == 1


def test_patients_are_plain_digits_however_a_file_writes_them(tmp_path: Path) -> None:
    table = """practice_code,practice_name,list_size,easting,northing,region_code
A1,Abbey,"5,000",500000,200000,R1
A2,Abbey,5000.0,500000,200000,R1
A3,Abbey,5000.,500000,200000,R1
A4,Abbey, 5000 ,500000,200000,R1
A5,Abbey,+5000,500000,200000,R1
B,Bridge,"60,000",560000,200000,R2
C,Church,many,500000,200000,R1
D,Dale,7000,500000,200000,R1
"""
    rules = Configuration.model_validate({"rules": {"exclude": ["C"]}})
    path = tmp_path / "practices.csv"
    path.write_text(table, encoding="utf-8")
    together = read_practices([path], "all", rules=rules).data_report
    joined = joined_report(
        [each.data_report for each in read_regions([path], rules=rules).values()]
    )
    for report in (together, joined):
        told = report[report["practice_code"] != ""]
        patients = dict(zip(told["practice_code"], told["patients"], strict=True))
        several = dict.fromkeys(("A1", "A2", "A3", "A4", "A5"), "5000")
        assert patients == {**several, "B": "60000", "C": "", "D": "7000"}
        show_findings(report, Console(quiet=True))
