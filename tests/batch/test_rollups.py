"""What regions add up to, by hand and with the official data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pcn_group.batch.rollups import Outcomes, rollup_rows, summary_rows
from pcn_group.batch.task import Done
from pcn_group.config.model import Configuration
from pcn_group.practices import read_regions
from tests.batch.several import batch_here, summary, written
from tests.paths import ROOT

OFFICIAL = ROOT.parent / "shared" / "data" / "england-2021"

ROADS = """\
practice_code,practice_name,list_size,easting,northing,region_code,icb_code,nhs_region_code,\
current_network,list_date
A,Abbey,20000,500000,220000,R1,Q1,Y1,North,2019-01-01
B,Bridge,15000,501000,220000,R1,Q1,Y1,North,2019-01-01
C,Church,25000,502000,220000,R1,Q1,Y1,Over,2019-01-01
D,Dale,20000,503000,220000,R1,Q1,Y1,,2019-01-01
E,Eton,26000,520000,220000,R2,Q2,Y1,Over,2019-01-01
F,Ford,21000,521000,220000,R2,Q2,Y1,South,2019-01-01
"""


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    return written(tmp_path, ROADS)


def picked(row: Mapping[str, object], *names: str) -> tuple[object, ...]:
    return tuple(row[name] for name in names)


def test_every_level_adds_up(roads: Path, tmp_path: Path) -> None:
    _, outcomes = batch_here(roads, tmp_path / "out")
    rows = rollup_rows(outcomes)
    assert [
        picked(vars(row), "level", "code", "regions", "networks", "patients") for row in rows
    ] == [
        ("all", "all", 2, 3, 127_000),
        ("nhs_region", "Y1", 2, 3, 127_000),
        ("icb", "Q1", 1, 2, 80_000),
        ("icb", "Q2", 1, 1, 47_000),
    ]
    # A and B, C and D, E and F: the smaller of each travels a kilometre.
    assert [row.mean for row in rows] == [0.441, 0.441, 0.438, 0.447]
    assert [str(row.budget_gbp) for row in rows] == [
        "471576.10",  # £1.50 and £0.5143 for each patient, £71,920 for each network
        "471576.10",
        "304984.00",
        "166592.10",
    ]
    partial = "partial: without participation (1.761 a weighted patient)"
    assert {row.budget_remark for row in (*rows, *summary_rows(outcomes))} == {partial}
    assert {row.share_in_band for row in rows} == {1.0}


def test_a_network_of_today_over_a_border_counts_where_most_of_it_is(
    roads: Path, tmp_path: Path
) -> None:
    _, outcomes = batch_here(roads, tmp_path / "out")
    today = ("current_networks", "current_share_in_band")
    # North has 35,000 patients; Over 51,000, of which 26,000 in R2; South 21,000.
    assert [picked(vars(row), *today) for row in rollup_rows(outcomes)] == [
        (3, 0.333333),
        (3, 0.333333),
        (1, 1.0),
        (2, 0.0),
    ]
    assert [picked(vars(row), *today) for row in summary_rows(outcomes)] == [(1, 1.0), (2, 0.0)]


def test_regions_without_a_plan_leave_their_cells_empty(roads: Path, tmp_path: Path) -> None:
    lone = ("band.min=45000", "band.below=forbid", "band.above=forbid")
    _, outcomes = batch_here(roads, tmp_path / "out", *lone)
    first, second = summary(tmp_path / "out").to_dict("records")
    assert picked(first, "status", "networks", "gap", "practices") == ("infeasible", "", "", "4")
    assert first["reason"].startswith("Proven: no plan of these 4 practices")
    assert picked(second, "status", "networks", "reason") == ("optimal", "1", "")
    england, _, board, _ = rollup_rows(outcomes)
    assert picked(vars(england), "regions", "regions_without_plan", "networks") == (2, 1, 1)
    assert picked(vars(board), "regions_without_plan", "share_in_band", "mean") == (1, None, None)
    assert not (tmp_path / "out" / "R1").exists()


def test_where_no_region_has_a_plan_there_are_only_reports(roads: Path, tmp_path: Path) -> None:
    none = ("band.below=forbid", "band.above=forbid", "limits.max_practices=1")
    batch_here(roads, tmp_path / "out", *none)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {".batch", "summary.csv", "rollups.csv", "data_report.csv"}


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official extract is not at ../shared/data")
@pytest.mark.deep
def test_the_networks_of_today_are_as_published() -> None:
    regions = read_regions(sorted(OFFICIAL.glob("gp-reg-*.csv")))
    undone = {code: Done("failed", 1) for code in regions}
    outcomes = Outcomes(regions, undone, Configuration())
    england, *others = rollup_rows(outcomes)
    assert picked(vars(england), "level", "regions", "practices") == ("all", 135, 6_658)
    # Published as 57.9 %, which counts the unallocated practices as one more network.
    assert england.current_networks == 1_251
    assert england.current_share_in_band == round(725 / 1_251, 6)
    for level, count in (("nhs_region", 7), ("icb", 42)):
        rows = [row for row in others if row.level == level]
        assert len(rows) == count
        for column in ("practices", "patients", "regions", "current_networks"):
            assert sum(getattr(row, column) for row in rows) == getattr(england, column)
    rows = summary_rows(outcomes)
    assert sum(row.current_networks for row in rows) == england.current_networks
    assert {row.region_name[:4] for row in rows} == {"NHS "}
