"""`pcn-group report` of several plans, of a curve and of alternatives: what is written where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pcn_group.cli.compare import command as compare
from pcn_group.output.alternatives import (
    ALTERNATIVES_FILES,
    ALTERNATIVES_PAGE,
    refuse_foreign_alternatives,
)
from pcn_group.output.comparison import COMPARISON_FILES, COMPARISON_PAGE, refuse_foreign_files
from pcn_group.output.curves import CURVE_PAGE, refuse_foreign_curve, write_curve
from tests.cli.test_report_command import names, refusal, report
from tests.plan.folders import GROUPINGS, write_plan
from tests.report.conftest import run

CURVE = """\
plan,price_km,patients_moved,practices_moved,cost_patient_km,mean_km,max_km,networks,status,gap
plan-1.csv,0.0,15000,1,35000.0,0.4375,1.0,2,optimal,0.0
plan-2.csv,,0,0,95000.0,1.1875,3.0,2,feasible,0.25
"""
SWAPPED = GROUPINGS.replace("B,Bridge,15000,R,N1", "B,Bridge,15000,R,N2")


@pytest.fixture
def curve(tmp_path: Path) -> Path:
    """A folder with a curve of two plans, made by hand."""
    folder = tmp_path / "curve"
    texts = {"plan-1.csv": GROUPINGS, "plan-2.csv": SWAPPED, "curve.csv": CURVE}
    write_curve(folder, texts)
    return folder


def by_hand(folder: Path) -> Path:
    path = folder / "by-hand.csv"
    path.write_text(SWAPPED, "utf-8")
    return path


def test_several_plans_make_one_page_where_they_are_told_to(tmp_path: Path) -> None:
    plan, other, out = write_plan(tmp_path), by_hand(tmp_path), tmp_path / "out"
    before = names(plan)
    done = report(plan, other)
    assert done.exit_code == 2
    assert "Plans share no folder: say where to write with --out." in done.output
    done = report(plan, other, "--out", out)
    assert done.stderr == f"Written: {out / COMPARISON_PAGE}\n"
    page = (out / COMPARISON_PAGE).read_bytes()
    assert report(plan, other, "--out", out).exit_code == 0
    assert (out / COMPARISON_PAGE).read_bytes() == page
    assert names(out) == {COMPARISON_PAGE}
    assert names(plan) == before


def test_the_page_stands_beside_the_files_of_compare_and_goes_with_them(tmp_path: Path) -> None:
    plan, other, out = write_plan(tmp_path), by_hand(tmp_path), tmp_path / "out"
    run(compare, plan, other, "--out", out, "--quiet")
    assert report(plan, other, "--out", out).exit_code == 0
    assert names(out) == {*COMPARISON_FILES, COMPARISON_PAGE}
    refuse_foreign_files(out, overwrite=False)
    run(compare, plan, other, "--out", out, "--quiet")
    assert names(out) == set(COMPARISON_FILES)
    assert "holds more than pictures" in refusal(plan, other, "--out", plan)


def test_a_curve_is_drawn_in_its_folder_and_its_page_goes_with_it(curve: Path) -> None:
    done = report(curve)
    assert done.stderr == f"Written: {curve / CURVE_PAGE}\n"
    page = (curve / CURVE_PAGE).read_text("utf-8")
    assert "2 plans, from 0.4375 km per patient with 15,000 patients who move to 1.1875" in page
    assert "1 of them proven" in page
    assert "gap 25.00%" in page
    refuse_foreign_curve(curve, overwrite=False)
    write_curve(curve, {"plan-1.csv": GROUPINGS, "curve.csv": CURVE})
    assert names(curve) == {"plan-1.csv", "curve.csv"}


def test_a_curve_that_names_other_files_is_refused(curve: Path) -> None:
    (curve / "curve.csv").write_text(CURVE.replace("plan-2.csv", "../../secret.csv"), "utf-8")
    assert "names a plan that no curve has ('../../secret.csv')" in refusal(curve)
    (curve / "curve.csv").write_text(CURVE.splitlines()[0] + "\n", "utf-8")
    assert "names no plan" in refusal(curve)
    (curve / "curve.csv").write_text(CURVE, "utf-8")
    (curve / "plan-2.csv").unlink()
    assert "plan-2.csv" in refusal(curve)
    assert CURVE_PAGE not in names(curve)


def test_the_page_of_alternatives_belongs_to_them(tmp_path: Path) -> None:
    for name in ALTERNATIVES_FILES:
        (tmp_path / name).write_text("", "utf-8")
    (tmp_path / ALTERNATIVES_PAGE).write_text("<html>", "utf-8")
    plans = {"plans": [{"plan": "plan-01"}]}
    (tmp_path / "summary.json").write_text(json.dumps(plans), "utf-8")
    refuse_foreign_alternatives(tmp_path, overwrite=False)
