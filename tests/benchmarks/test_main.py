"""The whole benchmark at a small size: every path that the full one takes, to its written page."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import __main__ as benchmark
from benchmarks.instances import OFFICIAL, Spec, build_instance, generated, official
from benchmarks.programs import PEERS
from benchmarks.runs import judged_today
from pcn_group.practices.sample_region import make_sample

OURS = tuple(peer for peer in PEERS if not peer.apart)[:1]
"""One that needs no environment of its own: all are called alike."""


def with_its_own_networks() -> Spec:
    """Return an invented region whose networks of today count as real ones do."""
    return Spec("a real region", partial(make_sample, 14, 1), limit=20, real=True)


@pytest.mark.usefixtures("here")
def test_the_full_benchmark_runs_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("<!-- results -->\n<!-- end of results -->\n", encoding="utf-8")
    small = generated(12, seed=1, limit=20)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--full"])
    monkeypatch.setattr(benchmark, "OUT", tmp_path / "out")
    monkeypatch.setattr(benchmark, "DOCUMENT", page)
    monkeypatch.setattr(benchmark, "OFFICIAL", tmp_path)
    monkeypatch.setattr(benchmark, "FULL", ())  # which go the way of a real one
    monkeypatch.setattr(benchmark, "REAL", (with_its_own_networks(),))
    monkeypatch.setattr(benchmark, "GROWTH", {12: [small]})
    monkeypatch.setattr(benchmark, "ready_peers", lambda: OURS)
    benchmark.main()
    written = page.read_text("utf-8")
    assert (
        written.strip() in f"<!-- results -->\n\n{capsys.readouterr().out}\n<!-- end of results -->"
    )
    regions = [line for line in written.splitlines() if line.startswith("### ")]
    assert regions == [
        "### a real region",
        "### Growth of pcn-group's cost with the size of the region",
    ]
    assert written.count("| pcn-group | 1.0000 |") == 1
    assert written.count("| networks of 2020 |") == 1
    kept = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert {run["program"] for run in kept["compared"]["a real region"]} == {
        "pcn-group", "one model, CP-SAT", "networks of 2020",
    }  # fmt: skip


def test_the_networks_of_today_are_judged_as_they_are(tmp_path: Path) -> None:
    instance = build_instance(with_its_own_networks(), tmp_path)
    table = pd.read_csv(tmp_path / "practices.csv", keep_default_na=False)
    networks = table.loc[table["current_network"] != "", "current_network"]
    today = judged_today(instance)
    assert today is not None
    assert today.score is not None
    assert today.score.networks == networks.nunique()
    assert today.score.nowhere == len(table) - len(networks)


def test_official_regions_have_their_networks(tmp_path: Path) -> None:
    if not OFFICIAL.is_dir():
        pytest.skip(f"there is no {OFFICIAL}")
    instance = build_instance(official("06P", "Luton", limit=1), tmp_path)
    assert instance.current is not None
    assert instance.problem.weights.sum() == 242_104
