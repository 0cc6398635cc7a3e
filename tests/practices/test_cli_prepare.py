"""`prepare` and `sample` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.ends import Command, ended
from tests.practices.practice_inputs import LUTON, OFFICIAL, needs_official_data, written

TWO_REGIONS = LUTON + "X1,Elsewhere,4000,400000,300000,05X\n"


@pytest.fixture
def pcn_group(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Command:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: ended(monkeypatch, capsys, *arguments)


def test_prepare_writes_the_table_and_reports(pcn_group: Command, tmp_path: Path) -> None:
    out = tmp_path / "out" / "practices.csv"
    run = pcn_group("prepare", written(tmp_path, TWO_REGIONS, "input.csv"), "--out", out)

    assert run.code == 0, run.err
    assert run.out == ""
    assert [line.rstrip() for line in run.err.splitlines()] == [
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


def test_prepare_one_region_quietly(pcn_group: Command, tmp_path: Path) -> None:
    out = tmp_path / "practices.csv"
    path = written(tmp_path, TWO_REGIONS, "input.csv")
    run = pcn_group("prepare", path, "--region", "05X", "--out", out, "--quiet")

    assert (run.code, run.out, run.err) == (0, "", "")
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2


def test_prepare_lists_every_fault_and_writes_nothing(pcn_group: Command, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    path = written(tmp_path, LUTON.replace(",9500,", ",-1,").replace(",7200,", ",0,"))
    run = pcn_group("prepare", path, "--out", out)

    assert run.code == 2
    assert run.err.startswith("2 faults in the input:\n  practices.csv, row 2, column list_size")
    assert "Traceback" not in run.err
    assert not out.exists()


@pytest.mark.parametrize("command", [("prepare", "input.csv"), ("sample",)])
def test_an_existing_file_stays_unless_overwritten(
    pcn_group: Command, tmp_path: Path, command: tuple[str, ...]
) -> None:
    written(tmp_path, LUTON, "input.csv")
    out = written(tmp_path, "mine", "out.csv")

    refused = pcn_group(*command, "--out", "out.csv")
    assert refused.code == 2
    assert "out.csv: is already there" in refused.err
    assert out.read_text(encoding="utf-8") == "mine"

    replaced = pcn_group(*command, "--out", "out.csv", "--overwrite")
    assert replaced.code == 0
    assert out.read_text(encoding="utf-8").startswith("practice_code")


def test_sample_writes_a_region(pcn_group: Command, tmp_path: Path) -> None:
    out = tmp_path / "region.csv"
    run = pcn_group("sample", "--practices", "12", "--seed", "5", "--out", out)

    assert run.code == 0, run.err
    assert run.err == f"Written: {out} (12 invented practices)\n"
    assert len(out.read_text(encoding="utf-8").splitlines()) == 13


@needs_official_data
@pytest.mark.deep
def test_no_csv_is_written_into_a_file_called_a_workbook(
    pcn_group: Command, tmp_path: Path
) -> None:
    for arguments in (("prepare", written(tmp_path, LUTON)), ("sample",)):
        run = pcn_group(*arguments, "--out", "lists.XLSX")
        assert (run.code, run.out) == (2, "")
        assert "'lists.XLSX' is not called .csv, as a CSV file is." in run.err
        assert not (tmp_path / "lists.XLSX").exists()


def test_prepare_england(pcn_group: Command, tmp_path: Path) -> None:
    out = tmp_path / "england.csv"
    run = pcn_group("prepare", *sorted(OFFICIAL.glob("gp-reg-*.csv")), "--out", out)

    assert run.code == 0, run.err
    assert "60,606,345 patients, 135 regions" in run.err
    assert len(out.read_text(encoding="utf-8").splitlines()) == 6_659


def test_two_tables_in_one_folder_have_a_report_each(pcn_group: Command, tmp_path: Path) -> None:
    path = written(tmp_path, TWO_REGIONS, "input.csv")
    for region in ("05X", "06P"):
        run = pcn_group(
            "prepare", path, "--region", region, "--out", tmp_path / f"{region}.csv", "--quiet"
        )
        assert (run.code, run.err) == (0, "")
    assert {path.name for path in tmp_path.glob("*_data_report.csv")} == {
        "05X_data_report.csv",
        "06P_data_report.csv",
    }
