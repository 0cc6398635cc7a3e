"""`prepare` and `sample` on the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.practices.practice_inputs import LUTON, OFFICIAL, needs_official_data, written

TWO_REGIONS = LUTON + "X1,Elsewhere,4000,400000,300000,05X\n"


def pcn_group(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pcn_group", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_prepare_writes_the_table_and_reports(tmp_path: Path) -> None:
    out = tmp_path / "out" / "practices.csv"
    run = pcn_group("prepare", written(tmp_path, TWO_REGIONS, "input.csv"), "--out", out)

    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
    assert [line.rstrip() for line in run.stderr.splitlines()] == [
        "input.csv: 4 rows, 4 used.",
        "",
        "data report            practices  patients  treatment",
        "─" * 54,
        "atypically small list          1        88  kept",
        "4 practices, 20,788 patients, 2 regions, 0 networks of today.",
        f"Written: {out}, {out.with_name('practices_data_report.csv')}",
    ]
    assert out.read_bytes().splitlines(keepends=True)[:2] == [
        b"practice_code,practice_name,list_size,easting,northing,region_code\n",
        b"00L,NULL,88,508000,222000,06P\n",
    ]
    assert sorted(path.name for path in out.parent.iterdir()) == [
        "practices.csv",
        "practices_data_report.csv",
    ]
    assert out.with_name("practices_data_report.csv").read_text(encoding="utf-8").splitlines() == [
        "finding,practice_code,practice_name,region_code,patients,file,rows,detail,treatment",
        "rows_used,,,,,input.csv,4,,used",
        'atypical_list,00L,NULL,06P,88,,,"under 1,000 patients",kept',
    ]


def test_prepare_one_region_quietly(tmp_path: Path) -> None:
    out = tmp_path / "practices.csv"
    path = written(tmp_path, TWO_REGIONS, "input.csv")
    run = pcn_group("prepare", path, "--region", "05X", "--out", out, "--quiet")

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2


def test_prepare_lists_every_fault_and_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    path = written(tmp_path, LUTON.replace(",9500,", ",-1,").replace(",7200,", ",0,"))
    run = pcn_group("prepare", path, "--out", out)

    assert run.returncode == 2
    assert run.stderr.startswith("2 faults in the input:\n  practices.csv, row 2, column list_size")
    assert "Traceback" not in run.stderr
    assert not out.exists()


@pytest.mark.parametrize("command", [("prepare", "input.csv"), ("sample",)])
def test_an_existing_file_stays_unless_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, LUTON, "input.csv")
    out = written(tmp_path, "mine", "out.csv")

    refused = pcn_group(*command, "--out", "out.csv")
    assert refused.returncode == 2
    assert "out.csv: is already there" in refused.stderr
    assert out.read_text(encoding="utf-8") == "mine"

    replaced = pcn_group(*command, "--out", "out.csv", "--overwrite")
    assert replaced.returncode == 0
    assert out.read_text(encoding="utf-8").startswith("practice_code")


def test_sample_writes_a_region(tmp_path: Path) -> None:
    out = tmp_path / "region.csv"
    run = pcn_group("sample", "--practices", "12", "--seed", "5", "--out", out)

    assert run.returncode == 0, run.stderr
    assert run.stderr == f"Written: {out} (12 invented practices)\n"
    assert len(out.read_text(encoding="utf-8").splitlines()) == 13


@needs_official_data
@pytest.mark.deep
def test_prepare_england(tmp_path: Path) -> None:
    out = tmp_path / "england.csv"
    run = pcn_group("prepare", *sorted(OFFICIAL.glob("gp-reg-*.csv")), "--out", out)

    assert run.returncode == 0, run.stderr
    assert "60,606,345 patients, 135 regions" in run.stderr
    assert len(out.read_text(encoding="utf-8").splitlines()) == 6_659


def test_two_tables_in_one_folder_have_a_report_each(tmp_path: Path) -> None:
    path = written(tmp_path, TWO_REGIONS, "input.csv")
    for region in ("05X", "06P"):
        run = pcn_group(
            "prepare", path, "--region", region, "--out", tmp_path / f"{region}.csv", "--quiet"
        )
        assert (run.returncode, run.stderr) == (0, "")
    assert {path.name for path in tmp_path.glob("*_data_report.csv")} == {
        "05X_data_report.csv",
        "06P_data_report.csv",
    }
