"""`pcn-group report` of several plans, of a curve and of alternatives: what is written where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pcn_group.cli.compare import command as compare
from pcn_group.output.data.alternatives import (
    ALTERNATIVES_FILES,
    ALTERNATIVES_PAGE,
    refuse_foreign_alternatives,
)
from pcn_group.output.data.comparison import COMPARISON_FILES, COMPARISON_PAGE, refuse_foreign_files
from pcn_group.output.data.curves import CURVE_PAGE, refuse_foreign_curve, write_curve
from tests.cli.test_report_command import names, refusal, report
from tests.output.report.conftest import run
from tests.plan.folders import GROUPINGS, write_plan

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
    assert "2 plans, from 0.438 km per patient with 15,000 patients who move to 1.188" in page
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


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (",status", ",stand", "row 1, column status: has no such column"),
        ("mean_km", "mean", "row 1, column mean_km: has no such column"),
        (",95000.0", ",much", "row 3, column cost_patient_km: is damaged ('much')"),
        ("95000.0,1.1875,3.0,2,feasible,0.25", "95000.0", "row 3, column mean_km: is damaged"),
    ],
)
def test_a_damaged_curve_is_a_fault(curve: Path, old: str, new: str, told: str) -> None:
    (curve / "curve.csv").write_text(CURVE.replace(old, new), "utf-8")
    assert any(
        fault.startswith(f"{curve / 'curve.csv'}, {told}") for fault in refusal(curve).splitlines()
    )
    assert "Have tradeoff write the curve again." in refusal(curve)


def test_damaged_exceptions_of_a_curve_are_a_fault(curve: Path) -> None:
    (curve / "exceptions.csv").write_text("plan,network_id\nplan-1.csv,N1\n", "utf-8")
    assert "exceptions.csv, row 1, column patients: has no such column" in refusal(curve)


FOUND = """\
plan,cost_patient_km,over_best,mean_km,max_km,networks,share_in_band,patients_moved,practices_moved
plan-01,35000.0,0.0,0.4375,1.0,2,1.0,0,0
"""
TOGETHER = """\
practice_code,other_practice_code,in_best,verdict,cost_together_patient_km,cost_apart_patient_km,\
price_patient_km,settled
A,B,together,open,35000.0,95000.0,60000.0,true
"""
ABOUT = {
    "within": 0.1,
    "plans_known": 1,
    "plans_are_all": True,
    "plans": [{"plan": "plan-01"}],
    "always_together": [["A", "B"]],
    "pairs_not_settled": 0,
}


@pytest.fixture
def alternatives(tmp_path: Path) -> Path:
    """A folder with one alternative, made by hand."""
    folder = tmp_path / "alternatives"
    folder.mkdir()
    write_plan(folder).rename(folder / "plan-01")
    (folder / "alternatives.csv").write_text(FOUND, "utf-8")
    (folder / "togetherness.csv").write_text(TOGETHER, "utf-8")
    (folder / "summary.json").write_text(json.dumps(ABOUT), "utf-8")
    return folder


def test_alternatives_are_drawn_in_their_folder(alternatives: Path) -> None:
    assert report(alternatives).exit_code == 0
    assert ALTERNATIVES_PAGE in names(alternatives)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("summary.json", {"within": None}, "is damaged: within"),
        ("summary.json", {"always_together": 3}, "is damaged: always_together"),
        ("alternatives.csv", FOUND.replace("plan-01", "../.."), "no alternatives have ('../..')"),
        ("alternatives.csv", FOUND.splitlines()[0], "names no plan"),
        (
            "alternatives.csv",
            FOUND.replace("mean_km", "mean"),
            "column mean_km: has no such column",
        ),
        ("togetherness.csv", TOGETHER.replace("verdict", "v"), "verdict: has no such column"),
        ("togetherness.csv", TOGETHER.replace("60000.0", "?"), "is damaged ('?')"),
    ],
)
def test_damaged_alternatives_are_a_fault(
    alternatives: Path, name: str, text: str | dict[str, object], told: str
) -> None:
    content = text if isinstance(text, str) else json.dumps(ABOUT | text)
    (alternatives / name).write_text(content, "utf-8")
    refused = refusal(alternatives)
    assert str(alternatives / name) in refused
    assert told in refused
    assert "Have alternatives write them again." in refused
    assert ALTERNATIVES_PAGE not in names(alternatives)
