"""Larger networks are measured at a small size: every path of the full run, to its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import sizes
from benchmarks.instances import generated
from benchmarks.runs import Process
from benchmarks.sizes import Size


@pytest.mark.usefixtures("here")
def test_a_region_is_solved_with_each_band_and_the_page_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("<!-- sizes -->\n<!-- end of sizes -->\n", encoding="utf-8")
    monkeypatch.setattr(sizes, "OUT", tmp_path / "out")
    monkeypatch.setattr(sizes, "DOCUMENT", page)
    monkeypatch.setattr(sizes, "GENERATED", (generated(30, seed=1, limit=60),))
    monkeypatch.setattr(sizes, "REAL", ())
    monkeypatch.setattr(sizes, "PRACTICES", (3, 15, 16))
    sizes.main()
    shown = capsys.readouterr().out
    assert page.read_text("utf-8").strip() == f"<!-- sizes -->\n\n{shown}\n<!-- end of sizes -->"
    rows = [line.strip("| ").split(" | ") for line in shown.splitlines() if line.startswith("| ")]
    assert [(row[0], row[3]) for row in rows[2:]] == [("3", "optimal"), ("15", "optimal")]
    assert rows[2][4].endswith(" cuts")
    assert rows[3][2] == "2"
    assert rows[3][4].startswith("tree of ")


def test_what_is_not_settled_shows_how_far_it_is() -> None:
    process = Process(1, 1, 1, 0)
    summary = {"status": "feasible", "gap": 0.0123}
    assert Size(3, (1, 2), process, summary, {"tolls": []}).outcome == "gap 1.23%"
    nothing = Size(3, (1, 2), process, {}, {})
    assert (nothing.outcome, nothing.proof, nothing.versions) == ("no plan", "none", {})
