"""Names that a spreadsheet would take for formulas, in every CSV file that any command writes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from pcn_group.cli import group

PRACTICES = (
    "practice_code,practice_name,list_size,easting,northing,region_code,region_name,"
    "current_network,current_network_name\n"
    'A1,"=HYPERLINK(""x"")",16000,400000,300000,06P,+LUTON,U1,@FIRST\n'
    "A2,-Birch,15500,401000,300500,06P,+LUTON,U1,@FIRST\n"
    "A3,@Cedar,17000,402500,300200,06P,+LUTON,U2,=SECOND\n"
    "A4,Dogwood,16500,400500,302000,06P,+LUTON,U2,=SECOND\n"
)
KNN = "--set=adjacency.method=knn"
SAFE = "--set=output.excel_safe=true"


def run(*arguments: str | Path) -> int | None:
    each = [str(argument) for argument in arguments]
    result = CliRunner().invoke(group, each, standalone_mode=False)
    assert result.exception is None, result.exception
    code: int | None = result.return_value
    return code


def cells(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                yield from ((path.name, cell) for cell in row)


@pytest.fixture
def practices(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "practices.csv"
    path.parent.mkdir()
    path.write_text(PRACTICES, encoding="utf-8")
    return path


@pytest.mark.usefixtures("in_this_process")
def test_every_command_writes_safe_files(practices: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    plan, quick = out / "plan", (KNN, "--set=search.workers=1", "--quiet")
    run("prepare", practices, SAFE, "--out", out / "practices.csv", "--quiet")
    run("solve", practices, SAFE, *quick, "--out", plan)
    run("repair", practices, SAFE, *quick, "--out", out / "repaired")
    run("alternatives", plan, "--count=2", "--out", out / "alternatives", "--quiet")
    run("tradeoff", practices, SAFE, *quick, "--against=moves", "--out", out / "curve")
    run("batch", practices, SAFE, *quick, "--out", out / "batch")
    run("compare", plan, "current", "--practices", practices, "--out", out / "compared", "--quiet")
    run("budget", plan, "--year=2019/20", "--lines=registered", "--out", out / "budget", "--quiet")

    every = list(cells(out))
    assert len({name for name, _ in every}) > 15
    assert [(name, cell) for name, cell in every if cell.startswith(("=", "+", "@"))] == []
    assert [cell for _, cell in every if cell.startswith("-") and not cell[1:2].isdecimal()] == []
    for marked in ('\'=HYPERLINK("x")', "'-Birch", "'@Cedar", "'+LUTON", "'@FIRST", "'=SECOND"):
        assert marked in {cell for _, cell in every}


def test_what_was_written_is_read_back_as_it_was(practices: Path, tmp_path: Path) -> None:
    safe, again = tmp_path / "safe.csv", tmp_path / "again.csv"
    run("prepare", practices, SAFE, "--out", safe, "--quiet")
    run("prepare", safe, "--out", again, "--overwrite", "--quiet")
    run("prepare", practices, "--out", tmp_path / "plain.csv", "--overwrite", "--quiet")
    assert again.read_bytes() == (tmp_path / "plain.csv").read_bytes()
    assert b"'" not in again.read_bytes()

    run("solve", safe, SAFE, KNN, "--set=search.workers=1", "--out", tmp_path / "plan", "--quiet")
    assert run("check", tmp_path / "plan", "--json") in (None, 0)


def test_names_stay_as_they_are_unless_asked(practices: Path, tmp_path: Path) -> None:
    run("prepare", practices, "--out", tmp_path / "plain.csv", "--quiet")
    assert "-Birch" in {cell for _, cell in cells(tmp_path)}
