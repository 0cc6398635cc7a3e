"""Other rules are measured at a small size: every path of the full run, to its page."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import rules
from benchmarks.instances import OFFICIAL_FILES
from benchmarks.rules import RULES, Batch
from benchmarks.runs import Process
from pcn_group.config.loading import load_configuration
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv


@pytest.mark.usefixtures("here")
def test_each_batch_is_run_and_the_page_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("<!-- rules -->\n<!-- end of rules -->\n", encoding="utf-8")
    (tmp_path / OFFICIAL_FILES[0]).write_text(practices_csv(make_sample(14, 1)), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["benchmarks.rules"])
    monkeypatch.setattr(rules, "OUT", tmp_path / "out")
    monkeypatch.setattr(rules, "DOCUMENT", page)
    monkeypatch.setattr(rules, "OFFICIAL", tmp_path)
    monkeypatch.setattr(rules, "OFFICIAL_FILES", OFFICIAL_FILES[:1])
    monkeypatch.setattr(rules, "RULES", {"the usual": (), "one": ("--set", "band.max=60000")})
    rules.main()
    shown = capsys.readouterr().out
    assert page.read_text("utf-8").strip() == f"<!-- rules -->\n\n{shown}\n<!-- end of rules -->"
    rows = [line.split(" | ") for line in shown.splitlines() if line.startswith("| ")]
    assert [row[:3] for row in rows[2:]] == [["| the usual", "1 of 1", ""], ["| one", "1 of 1", ""]]


@pytest.mark.parametrize("settings", RULES.values(), ids=RULES)
def test_every_set_of_rules_is_one(settings: tuple[str, ...]) -> None:
    pairs = list(zip(settings[::2], settings[1::2], strict=True))
    changed = tuple(value for key, value in pairs if key == "--set")
    files = [Path(value) for key, value in pairs if key == "--config"]
    assert len(changed) + len(files) == len(pairs)
    load_configuration(files[0] if files else None, changed)


def test_what_is_not_settled_is_named_the_widest_gap_first() -> None:
    def row(code: str, status: str, gap: float | None) -> dict[str, object]:
        return {"region_code": code, "status": status, "gap": gap, "seconds": 1.0}

    regions = [
        row("A", "optimal", 0.0), row("B", "feasible", 0.01), row("C", "no_plan_in_time", None),
        row("D", "infeasible", None), row("E", "feasible", 0.02), row("F", "feasible", 0.001),
    ]  # fmt: skip
    batch = Batch(regions, Process(1, 1, 1, 0), {})
    assert batch.is_settled == 2
    assert list(batch.open()) == ["C 100.00%", "E 2.00%", "B 1.00%", "and 1 more"]
