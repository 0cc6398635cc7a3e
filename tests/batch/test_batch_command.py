"""`pcn-group batch` as a user meets it: what is written, what is printed, how it ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from pcn_group.batch.store import NATIONAL_FILES
from pcn_group.batch.task import Done, Task, failure
from pcn_group.cli import group, main
from pcn_group.output.data.budget_files import BUDGET_FILES, PRACTICES_FILE
from pcn_group.output.data.folder import FILES
from pcn_group.output.data.profile_rows import PROFILE_FILES
from tests.batch.several import (
    Here,
    batch_here,
    contents,
    country,
    pcn_group,
    results,
    summary,
    written,
)

REGIONS = 4

Refused = Callable[..., str]


@pytest.fixture
def refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Refused:
    """Runs a batch that must be refused, in an empty folder; gives what is said."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str | Path) -> str:
        monkeypatch.setattr(sys, "argv", ["pcn-group", "batch", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsys.readouterr()
        assert (stop.value.code, printed.out) == (2, "")
        return printed.err

    return command


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the input, and what a batch with two processes made of it."""
    folder = tmp_path_factory.mktemp("batch")
    path = written(folder, country(REGIONS))
    done = pcn_group("batch", path, "--out", folder / "two", "--workers", "2")
    assert done.returncode == 3, done.stderr
    (folder / "printed").write_text(done.stdout, encoding="utf-8")
    (folder / "progress").write_text(done.stderr, encoding="utf-8")
    return folder


def test_there_is_a_folder_for_each_region_and_the_files_of_all(place: Path) -> None:
    names = {path.name for path in (place / "two").iterdir()}
    # No line is paid to practices, and the rules name no figures.
    national = {*NATIONAL_FILES} - {PRACTICES_FILE, *PROFILE_FILES}
    assert names == {"R0", "R1", "R2", "R3", ".batch", *national}
    assert {path.name for path in (place / "two" / "R1").iterdir()} == set(FILES)


@pytest.mark.parametrize(("region", "code"), [("R0", 3), ("R3", 0)])
def test_a_region_has_the_files_that_solve_writes(place: Path, region: str, code: int) -> None:
    out = place / "solved" / region
    arguments = [str(place / "practices.csv"), "--region", region, "--out", str(out), "--quiet"]
    done = CliRunner().invoke(group, ["solve", *arguments], standalone_mode=False)
    assert done.return_value == code, done.stderr
    assert contents(out) == contents(place / "two" / region)


@pytest.mark.usefixtures("in_this_process")
def test_the_number_of_processes_makes_no_difference(place: Path) -> None:
    out = place / "one"
    asked = ["batch", str(place / "practices.csv"), "--out", str(out), "--workers", "1", "--json"]
    done = CliRunner().invoke(group, asked, standalone_mode=False)
    assert (done.return_value, done.stderr) == (3, "")
    assert results(out) == results(place / "two")

    told = json.loads(done.stdout)
    assert set(told) == {"regions", "rollups", "seconds", "out"}
    assert [row["region_code"] for row in told["regions"]] == ["R0", "R1", "R2", "R3"]
    assert told["rollups"][0]["regions"] == REGIONS


@pytest.mark.parametrize(
    ("cores", "asked", "threads"),
    [
        (4, (), 4),
        (4, ("--workers", "4"), 4),
        (4, ("--workers", "3"), 1),
        (1, (), 1),
        (64, (), 8),
    ],
)
def test_regions_use_the_cores_that_others_leave_idle(
    place: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cores: int,
    asked: tuple[str, ...],
    threads: int,
) -> None:
    used = set[int]()

    def noted(task: Task) -> Done:
        used.add(task.configuration.search.workers)
        return failure(ValueError("not searched"))

    monkeypatch.setattr("joblib.cpu_count", lambda: cores)
    monkeypatch.setattr("pcn_group.batch.crews.local_crew", lambda _: nullcontext(Here(noted)))
    arguments = [str(place / "practices.csv"), "--out", str(tmp_path / "out"), "--quiet", *asked]
    CliRunner().invoke(group, ["batch", *arguments], standalone_mode=False)
    assert used == {threads}


def test_the_summary_has_a_row_for_each_region(place: Path) -> None:
    table = summary(place / "two")
    assert list(table["region_code"]) == ["R0", "R1", "R2", "R3"]
    assert set(table["status"]) == {"optimal"}
    for row in table.to_dict("records"):
        told = json.loads((place / "two" / row["region_code"] / "summary.json").read_bytes())
        assert float(row["cost_patient_km"]) == told["cost_patient_km"]
        assert int(row["networks"]) == told["networks"]
        assert float(row["seconds"]) > 0
        assert int(row["exceptions"]) == len(told["exceptions"])
        assert bool(row["reason"]) == bool(told["exceptions"])
        assert 50 < float(row["peak_memory_mb"]) < 5_000


def test_tables_of_all_regions_are_those_of_each_in_order(place: Path) -> None:
    for name in ("groupings.csv", "networks.csv", "budgets.csv", "cash_flow.csv"):
        regions = [(place / "two" / f"R{k}" / name).read_text("utf-8") for k in range(REGIONS)]
        heading, rows = regions[0].split("\n", 1)
        rest = "".join(region.split("\n", 1)[1] for region in regions[1:])
        assert (place / "two" / name).read_text("utf-8") == f"{heading}\n{rows}{rest}"


def test_the_budget_of_all_regions_adds_up(place: Path) -> None:
    def totals(folder: Path) -> pd.DataFrame:
        table = pd.read_csv(folder / "budget_totals.csv", dtype=str, keep_default_na=False)
        return table[table["funding_line"] == "total"].set_index("level")

    every = totals(place / "two")
    own = [totals(place / "two" / f"R{k}").loc["region"] for k in range(REGIONS)]
    assert list(every.loc["region", "code"]) == [row["code"] for row in own]
    amounts = [Decimal(row["amount_gbp"]) for row in own]
    assert Decimal(every.loc["all", "amount_gbp"]) == sum(amounts) > 0
    assert set(every["difference_gbp"]) == {"0.00"}


def test_a_budget_can_be_made_of_all_regions_again(place: Path, tmp_path: Path) -> None:
    asked = ("--year", "2019/20", "--lines", "registered", "--out", str(tmp_path / "again"))
    done = CliRunner().invoke(group, ["budget", str(place / "two"), *asked])
    assert done.exit_code == 0, done.output
    for name in {*BUDGET_FILES} - {PRACTICES_FILE}:
        again = (tmp_path / "again" / name).read_bytes()
        assert again == (place / "two" / name).read_bytes()


def test_what_is_printed(place: Path) -> None:
    printed = (place / "printed").read_text("utf-8")
    assert "4 regions in " in printed
    assert ": 4 proven best." in printed
    assert f"Written to {place / 'two'}" in printed
    progress = (place / "progress").read_text("utf-8").splitlines()
    assert [line.split()[0] for line in progress] == ["1/4", "2/4", "3/4", "4/4"]


def test_a_finished_batch_resumed_has_nothing_to_do(place: Path) -> None:
    out = place / "two"
    before = contents(out)
    asked = ["batch", str(place / "practices.csv"), "--out", str(out), "--resume"]
    done = CliRunner().invoke(group, asked, standalone_mode=False)
    assert done.return_value == 3
    assert done.stderr == "4 of 4 regions stand from before.\n"
    assert contents(out) == before


def test_an_icb_is_a_region_by_its_column(place: Path) -> None:
    out, solved = place / "boards", place / "board"
    path = place / "practices.csv"
    batch_here(path, out, "search.gap=0.05", by="icb_code")
    assert list(summary(out)["region_name"]) == ["Board 0", "Board 1"]
    rules = ["--set", "search.gap=0.05", "--set", "search.workers=1", "--quiet"]
    asked = ["--by", "icb_code", "--region", "Q1", "--out", str(solved)]
    assert CliRunner().invoke(group, ["solve", str(path), *rules, *asked]).stderr == ""
    assert contents(solved) == contents(out / "Q1")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.csv",), "nowhere.csv: does not exist"),
        (("practices.csv", "--by", "county"), "--by: is no column that regions can be told by"),
        (("practices.csv", "--by", "icb_cod"), "Choose one of region_code, icb_code"),
        (("practices.csv", "--set", "band.mx=1"), "Did you mean band.max?"),
        (("practices.csv", "--set", "adjacency.add=[[P0XX00001, P9]]"), "names P9, not in the in"),
        (("practices.csv", "--set", "travel.matrix=none.csv"), "travel.matrix: cannot be read"),
        (("practices.csv", "--workers", "0"), "--workers"),
        (("practices.csv", "--cluster", "nonsense", "--workers", "2"), "leave it out"),
        (("practices.csv", "--cluster", "nonsense://"), "reaches no Dask scheduler"),
        (("practices.csv", "--cluster", "nonsense"), "reaches no Dask scheduler"),
        (("odd.csv",), "cannot name a folder"),
        (
            ("practices.csv", "--set", "funding.networks=current"),
            "it is about a plan of one region",
        ),
    ],
)
def test_unusable_arguments_leave_nothing_behind(
    refused: Refused, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    written(tmp_path, country(2))
    written(tmp_path, country(2).replace(",R1,", ",../R1,"), "odd.csv")
    assert message in refused(*arguments, "--out", "out")
    assert not Path("out").exists()


def test_every_fault_of_every_region_is_listed_at_once(refused: Refused, tmp_path: Path) -> None:
    lines = country(3).splitlines()
    for row in (1, 9, 20):
        cells = lines[row].split(",")
        lines[row] = ",".join([*cells[:2], "many", *cells[3:]])
    told = refused(written(tmp_path, "\n".join(lines)), "--out", "out")
    assert told.startswith("3 faults in the input:\n")
    assert not Path("out").exists()


@pytest.mark.parametrize("name", ["thesis.docx", "summary.csv", "R0/mine.txt"])
def test_a_folder_with_other_things_is_left_alone(
    refused: Refused, tmp_path: Path, name: str
) -> None:
    path = written(tmp_path, country(1))
    theirs = tmp_path / "out" / name
    theirs.parent.mkdir(parents=True)
    theirs.write_text("ten years of work")
    for resume in ((), ("--resume",)):
        told = refused(path, "--out", "out", *resume)
        assert "holds something that is not a batch's" in told
    assert contents(tmp_path / "out") == {name: b"ten years of work"}


def test_what_is_in_the_way_of_a_region_is_told_before_anything_is_removed(
    refused: Refused, tmp_path: Path
) -> None:
    path, out = written(tmp_path, country(REGIONS)), tmp_path / "out"
    for folder in ("R1/report.html", "R2/summary.json", "summary.csv"):
        (out / folder).mkdir(parents=True)
    (out / "index.html").write_text("mine", encoding="utf-8")
    (out / "R3").write_text("", encoding="utf-8")
    assert "summary.csv: is a folder" in refused(path, "--out", out, "--overwrite")
    (out / "summary.csv").rmdir()
    told = refused(path, "--out", out, "--overwrite")
    for name in ("R1/report.html: is a folder", "R2/summary.json: is a folder", "R3: is a file"):
        assert f"{out / name}" in told
    assert (out / "index.html").read_text(encoding="utf-8") == "mine"
    assert not (out / ".batch").exists()


def test_records_that_are_a_file_are_a_fault(refused: Refused, tmp_path: Path) -> None:
    path, out = written(tmp_path, country(REGIONS)), tmp_path / "out"
    out.mkdir()
    (out / ".batch").write_text("", encoding="utf-8")
    assert ".batch: is a file, not a folder" in refused(path, "--out", out, "--overwrite")


def test_a_pair_counts_for_its_region_and_is_left_aside_elsewhere(tmp_path: Path) -> None:
    path = written(tmp_path, country(2))
    batch_here(path, tmp_path / "plain")
    pairs = (tmp_path / "plain" / "R1" / "adjacency.csv").read_text("utf-8").splitlines()
    first = ",".join(pairs[1].split(",")[:2])
    batch_here(path, tmp_path / "out", f"adjacency.remove=[[{first}]]")
    assert (tmp_path / "out" / "R1" / "adjacency.csv").read_text("utf-8").splitlines() == [
        pair for pair in pairs if not pair.startswith(f"{first},")
    ]
    assert (tmp_path / "out" / "R0" / "adjacency.csv").read_bytes() == (
        tmp_path / "plain" / "R0" / "adjacency.csv"
    ).read_bytes()


def test_a_file_the_rules_name_is_found_and_named_as_it_was_given(tmp_path: Path) -> None:
    path = written(tmp_path, country(2))
    codes = [line.split(",")[0] for line in country(2).splitlines()[1:]]
    pairs = [f"{a},{b},{1000 + k}" for k, a in enumerate(codes) for b in codes if a < b]
    written(tmp_path, "\n".join(["from,to,value", *pairs]), "matrix.csv")
    _, outcomes = batch_here(path, tmp_path / "out", "travel.matrix=matrix.csv")
    assert {done.status for done in outcomes.done.values()} == {"optimal"}
    told = json.loads((tmp_path / "out" / "R0" / "summary.json").read_bytes())
    assert told["configuration"]["travel"]["matrix"] == "matrix.csv"
