"""Barriers, places kept together and doubts, from the command to its files, and checked again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pcn_group.cli.check import command as check
from pcn_group.cli.report import command as report
from pcn_group.cli.solve import command as solve

PRACTICES = """\
practice_code,practice_name,list_size,easting,northing
A1,Abbey,21000,500000,220000
A2,Annexe,9000,500000,220000
B1,Bridge,9000,501000,220000
B2,Brook,21000,501000,220400
C1,Church,15000,500000,222000
C2,Chapel,15000,501000,222000
"""
"""Three pairs of 30,000 patients, one of them at one place. A railway parts north from south."""

RAILWAY = {
    "type": "FeatureCollection",
    "crs": {"type": "name", "properties": {"name": "EPSG:27700"}},
    "features": [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {
                "type": "LineString",
                "coordinates": [[490000, 221000], [510000, 221000]],
            },
        }
    ],
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    (tmp_path / "railway.geojson").write_text(json.dumps(RAILWAY), encoding="utf-8")
    return tmp_path


def solved(*settings: str) -> str:
    """What solve prints with settings, when networks of 30,000 are the rule."""
    rules = [part for setting in settings for part in ("--set", setting)]
    band = ["--set", "band.min=30000", "--set", "band.max=30000"]
    result = CliRunner().invoke(
        solve, ["practices.csv", *band, *rules, "--out", "plan", "--time-limit", "60"]
    )
    assert result.exit_code == 0, result.output
    return result.output


def checked(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(check, ["plan", *arguments], terminal_width=200)
    return result.exit_code, result.output.replace("\n", " ")


def summary() -> dict[str, object]:
    read: dict[str, object] = json.loads(Path("plan/summary.json").read_text("utf-8"))
    return read


def test_a_barrier_is_a_file_of_the_rules_like_any_other() -> None:
    solved("adjacency.barriers=railway.geojson")
    pairs = Path("plan/adjacency.csv").read_text("utf-8")
    assert "A1,C1" not in pairs
    assert "A1,B1" in pairs
    assert "neighbours_barred" in Path("plan/data_report.csv").read_text("utf-8")
    (named,) = summary()["rule_files"]  # type: ignore[misc]
    assert named["key"] == "adjacency.barriers"  # type: ignore[index]
    assert checked()[0] == 0


def test_another_barrier_than_the_plan_was_made_under_is_told() -> None:
    solved("adjacency.barriers=railway.geojson")
    moved = json.dumps(RAILWAY).replace("221000", "229000")
    Path("railway.geojson").write_text(moved, encoding="utf-8")
    assert checked()[0] != 0


def test_a_barrier_that_bars_nobody_is_a_note_on_the_terminal_and_in_the_summary() -> None:
    aside = json.dumps(RAILWAY).replace("221000", "229000")
    Path("railway.geojson").write_text(aside, encoding="utf-8")
    words = "railway.geojson: barrier 1 takes no neighbours apart"
    assert words in solved("adjacency.barriers=railway.geojson")
    assert any(words in note for note in summary()["notes"])  # type: ignore[attr-defined]


def test_a_plan_says_which_places_it_splits() -> None:
    solved("rules.apart=[[A1, A2]]")
    report_rows = Path("plan/data_report.csv").read_text("utf-8")
    assert report_rows.count("place_split") == 2
    assert checked()[0] == 0
    CliRunner().invoke(report, ["plan", "--quiet"])
    page = Path("plan/report.html").read_text("utf-8")
    assert "A1 (Abbey): at one place, in another network than A2" in page
    Path("plan/data_report.csv").write_text(
        report_rows.replace("than A2", "than B1"), encoding="utf-8"
    )
    assert checked("--practices", "practices.csv")[0] == 3


def test_places_kept_together_are_rules_of_the_plan_and_are_checked() -> None:
    solved("data.shared=together")
    configuration = summary()["configuration"]
    assert configuration["rules"]["together"] == [["A1", "A2"]]  # type: ignore[index]
    assert "place_split" not in Path("plan/data_report.csv").read_text("utf-8")
    assert checked()[0] == 0
