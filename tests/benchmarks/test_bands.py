"""What a second band costs is measured at a small size: every path of the full run, to its page."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import bands
from benchmarks.bands import PLAIN, second_bands, with_figures
from benchmarks.instances import OFFICIAL_FILES
from benchmarks.runs import Process
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv


@pytest.mark.usefixtures("here")
def test_all_regions_are_solved_with_each_band_and_the_page_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("<!-- bands -->\n<!-- end of bands -->\n", encoding="utf-8")
    (tmp_path / OFFICIAL_FILES[0]).write_text(practices_csv(make_sample(14, 1)), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["benchmarks.bands"])
    monkeypatch.setattr(bands, "OUT", tmp_path / "out")
    monkeypatch.setattr(bands, "DOCUMENT", page)
    monkeypatch.setattr(bands, "OFFICIAL", tmp_path)
    monkeypatch.setattr(bands, "OFFICIAL_FILES", OFFICIAL_FILES[:1])
    bands.main()
    shown = capsys.readouterr().out
    assert page.read_text("utf-8").strip() == f"<!-- bands -->\n\n{shown}\n<!-- end of bands -->"
    rules = list(second_bands(with_figures(make_sample(14, 1))))
    rows = [line.split(" | ") for line in shown.splitlines() if line.startswith("| ")]
    assert [row[:3] for row in rows[2:6]] == [[f"| {rule}", "1", "1"] for rule in rules]
    assert rows[2][4:] == ["1.00", "1.00", "1.00 |"]
    (by_rule,) = json.loads((tmp_path / "out" / "results.json").read_text("utf-8")).values()
    assert {rule: solved["status"] for rule, solved in by_rule.items()} == dict.fromkeys(
        rules, "optimal"
    )


def test_a_region_asked_for_is_printed_and_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lists.csv").write_text(practices_csv(make_sample(14, 1)), encoding="utf-8")
    solved = {
        rule: bands.Solved("optimal", Process(1, seconds, 1, 0), {"pcn-group": "1"})
        for rule, seconds in ((PLAIN, 2.0), ("a band", 5.0))
    }
    monkeypatch.setattr(sys, "argv", ["benchmarks.bands", "XXA"])
    monkeypatch.setattr(bands, "OUT", tmp_path / "out")
    monkeypatch.setattr(bands, "OFFICIAL", tmp_path)
    monkeypatch.setattr(bands, "OFFICIAL_FILES", ["lists.csv"])
    monkeypatch.setattr(bands, "DOCUMENT", tmp_path / "nowhere.md")
    monkeypatch.setattr(bands, "solve_all", lambda _practices, _folder: solved.items())
    bands.main()
    shown = capsys.readouterr().out
    assert "| a band | 1 | 1 | 5 | 2.50 | 2.50 | 2.50 |" in shown
    assert "| XXA | 2.0 s | 2.50 |" in shown


def test_figures_are_those_of_the_rule() -> None:
    practices = make_sample(40, 1)
    made = with_figures(practices)
    share = made["over_75"] / made["list_size"]
    assert share.between(0.03, 0.14).all()
    assert made["need"].between(0, 50).all()
    assert abs(made["weighted_list_size"].sum() - made["list_size"].sum()) <= len(made)
    first = with_figures(practices.iloc[:1])
    assert first["over_75"].tolist() == made["over_75"].tolist()[:1]  # whoever else there is
