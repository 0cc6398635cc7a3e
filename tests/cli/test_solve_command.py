"""`pcn-group solve` as a user meets it: exit codes, what is printed where, what is written."""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pcn_group import pipeline
from pcn_group.cli import main
from pcn_group.output.data.folder import FILES
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv
from pcn_group.solver.solution import Solution
from tests.cli.conftest import Command, Run

ROAD = """\
practice_code,practice_name,list_size,easting,northing
A,Abbey,20000,500000,220000
B,Bridge,15000,501000,220000
C,Church,25000,502000,220000
D,Dale,20000,503000,220000
"""
NO_LEAVE = ("--set", "band.below=forbid", "--set", "band.above=forbid")


@pytest.fixture
def road(tmp_path: Path) -> Path:
    path = tmp_path / "road.csv"
    path.write_text(ROAD, encoding="utf-8")
    return path


def test_lists_without_a_date_are_planned_without_a_budget(run: Command, road: Path) -> None:
    result = run("solve", road)
    assert result.code == 0
    told = (
        "No budget: the lists have no date. Say which year it is for, such as "
        "--set funding.year=2021/22."
    )
    assert told in " ".join(result.out.split())


def test_done_with_every_network_in_the_band(run: Command, road: Path) -> None:
    result = run("solve", road, "--set", "funding.year=2019/20")
    assert result.code == 0
    for line in (
        "4 practices, 80,000 patients, 2 networks, 2 in the band; mean 0.44 km to the hub.",
        "Proven best: no plan that keeps the rules ",
        "Budget 2019/20: £304,984.00 (core £120,000.00, ",
        "Written to plan",
    ):
        assert line in result.out
    assert sorted(path.name for path in Path("plan").iterdir()) == sorted(FILES)


def test_progress_is_told_apart_from_the_result(run: Command, road: Path) -> None:
    result = run("solve", road)
    assert "distances and neighbours" in result.err
    assert "independent check" in result.err
    assert "distances and neighbours" not in result.out
    assert "\x1b" not in result.out + result.err


def test_letters_that_an_encoding_lacks_end_no_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, road: Path
) -> None:
    road.write_text(
        ROAD.replace("Bridge", "Ŵyth Bridge").replace("Abbey", "Ŵyth Abbey"), encoding="utf-8"
    )
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="ascii"))
    monkeypatch.setattr(
        sys,
        "argv",
        [
            "pcn-group",
            "solve",
            str(road),
            "--out",
            str(tmp_path / "p"),
            "--set=funding.year=2019/20",
        ],
    )
    with pytest.raises(SystemExit) as stop:
        main()
    sys.stdout.flush()
    assert stop.value.code == 0
    assert b"\\u0174yth Abbey" in printed.getvalue()
    assert b"Budget 2019/20: \\xa3" in printed.getvalue()


def test_done_with_exceptions(run: Command, road: Path) -> None:
    result = run("solve", road, "--set", "band.min=45000", "--set", "band.max=45000")
    assert result.code == 3
    assert "Proven: no plan has every network between 45,000 and 45,000 patients." in result.out
    assert "Exception: " in result.out
    assert "the maximum: no plan keeps the band" in result.out
    summary = json.loads(Path("plan/summary.json").read_text(encoding="utf-8"))
    assert summary["status"] == "optimal"
    assert len(summary["exceptions"]) >= 1


def test_a_practice_too_large_for_any_network_is_no_failure(run: Command, road: Path) -> None:
    road.write_text(ROAD + "E,Eton,60000,504000,220000\n", encoding="utf-8")
    result = run("solve", road)
    assert result.code == 0
    assert "Exception: E (Eton), one practice " in result.out


def test_proven_to_have_no_plan(run: Command, road: Path) -> None:
    result = run("solve", road, "--set", "band.min=45000", "--set", "band.max=45000", *NO_LEAVE)
    assert result.code == 4
    assert result.out == ""
    assert "Proven: no plan of these 4 practices has every network between" in result.err
    assert "What clashes: band.max (45,000), band.min (45,000)." in result.err
    assert not Path("plan").exists()


def test_following_the_advice_gives_a_plan(run: Command, road: Path) -> None:
    narrow = ("--set", "band.min=45000", "--set", "band.max=45000", *NO_LEAVE)
    refused = run("solve", road, *narrow)
    advice = re.findall(r"^- (band\.m\S+=\d+), the nearest", refused.err, re.MULTILINE)
    assert advice == ["band.max=80000", "band.min=35000"]
    for setting in advice:
        assert run("solve", road, *narrow, "--set", setting).code == 0


def test_no_plan_within_the_time_limit(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(practices_csv(make_sample(80, 1)), encoding="utf-8")
    band = ("--set", "band.min=39500", "--set", "band.max=40500")
    result = run("solve", path, *band, *NO_LEAVE, "--time-limit", "0.001")
    assert result.code == 5
    assert result.out == ""
    assert "--time-limit" in result.err
    assert not Path("plan").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.csv",), "nowhere.csv"),
        ((".",), "  .: is a folder"),
        (("road.csv", "--region", "06P"), "--region"),
        (("road.csv", "--set", "band.maximum=60000"), "Did you mean band.max?"),
        (("road.csv", "--set", "60000"), "section.key=value"),
        (("road.csv", "--set", "band.min=60000"), "min (60000) is more than max (50000)"),
        (("road.csv", "--config", "rules.yaml"), "rules.yaml: cannot be read"),
        (
            ("road.csv", "--time-limit", "0"),
            "'--time-limit': 0 is not above 0. Give more than 0.",
        ),
        (("road.csv", "--time-limit", "soon"), "--time-limit"),
        (("road.csv", "--gap", "2"), "'--gap': 2 is not under 1. Give less than 1."),
        (("road.csv", "--workers", "0"), "'--workers': 0 is under 1. Give 1 or more."),
        (("road.csv", "--seed", "-1"), "'--seed': -1 is under 0. Give 0 or more."),
        (("road.csv", "--out", "road.csv"), "is a file, not a folder"),
        (("road.csv", "--fast"), "--fast"),
        ((), "INPUT"),
    ],
)
def test_unusable_arguments_leave_nothing_behind(
    run: Command, road: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = run("solve", *arguments)
    assert result.code == 2
    assert message in result.err
    assert result.out == ""
    assert "Traceback" not in result.err
    assert list(road.parent.iterdir()) == [road]


def test_every_fault_of_the_input_is_listed(run: Command, road: Path) -> None:
    road.write_text(ROAD.replace("20000,", "many,").replace("B,", "A,"), encoding="utf-8")
    result = run("solve", road)
    assert result.code == 2
    assert result.err.startswith("3 faults in the input:\n")
    assert result.err.count("road.csv, row ") >= 3
    assert result.err.endswith("Nothing was written.\n")


@pytest.mark.parametrize("rules", [(), ("--set", "band.min=45000", "--set", "band.max=45000")])
def test_json_is_one_object_and_nothing_else(
    run: Command, road: Path, rules: tuple[str, ...]
) -> None:
    result = run("solve", road, "--json", *rules)
    summary: dict[str, Any] = json.loads(result.out)
    assert result.code == (3 if rules else 0)
    assert result.err == ""
    written = json.loads(Path("plan/summary.json").read_text(encoding="utf-8"))
    seconds = summary.pop("seconds")
    assert set(seconds) == {"geography", "search", "check"}
    assert summary.pop("out") == "plan"
    assert set(written.pop("sha256")) == set(FILES)  # of what is written
    assert summary == written


def test_json_keeps_standard_output_free_of_faults(run: Command, road: Path) -> None:
    result = run("solve", road, "--json", "--region", "06P")
    assert (result.code, result.out) == (2, "")
    assert "06P" in result.err


def test_quiet_is_silent(run: Command, road: Path) -> None:
    assert run("solve", road, "--quiet") == Run(0, "", "")
    assert Path("plan/summary.json").exists()


def test_quiet_still_tells_what_is_wrong(run: Command, road: Path) -> None:
    assert "band.max" in run("solve", road, "--quiet", "--set", "band.mx=1").err


def test_a_plan_may_be_written_over_its_predecessor(run: Command, road: Path) -> None:
    assert run("solve", road, "--set", "band.min=10000", "--quiet").code == 0
    before = Path("plan/networks.csv").read_text(encoding="utf-8")
    assert run("solve", road, "--quiet").code == 0
    assert Path("plan/networks.csv").read_text(encoding="utf-8") != before


@pytest.mark.parametrize("name", ["thesis.docx", "networks.csv"])
def test_a_folder_with_other_things_is_left_alone(run: Command, road: Path, name: str) -> None:
    Path("mine").mkdir()
    theirs = Path("mine") / name
    theirs.write_text("ten years of work", encoding="utf-8")
    refused = run("solve", road, "--out", "mine")
    assert refused.code == 2
    assert f"mine: holds something that is not a plan ('{name}')" in refused.err
    assert "--overwrite" in refused.err
    assert [path.read_text(encoding="utf-8") for path in Path("mine").iterdir()] == [
        "ten years of work"
    ]
    assert run("solve", road, "--out", "mine", "--overwrite", "--quiet").code == 0
    assert set(FILES) <= {path.name for path in Path("mine").iterdir()}


def test_a_deep_folder_is_made(run: Command, road: Path) -> None:
    assert run("solve", road, "--out", "plans/2021/luton", "--quiet").code == 0
    assert Path("plans/2021/luton/groupings.csv").exists()


def test_rules_come_from_a_file_and_are_changed_by_options(run: Command, road: Path) -> None:
    Path("rules.yaml").write_text("band: {min: 10000}\nsearch: {seed: 7}\n", encoding="utf-8")
    run("solve", road, "--config", "rules.yaml", "--set", "band.max=60000", "--gap", "0.01")
    used = json.loads(Path("plan/summary.json").read_text(encoding="utf-8"))["configuration"]
    assert (used["band"]["min"], used["band"]["max"]) == (10_000, 60_000)
    assert (used["search"]["seed"], used["search"]["gap"]) == (7, 0.01)


def test_a_plan_that_fails_its_check_is_never_written(
    run: Command, road: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_solve = pipeline.solver.solve

    def forgetful(*arguments: Any) -> Solution:  # noqa: ANN401 - whatever solve takes
        solution = true_solve(*arguments)
        return replace(solution, networks=solution.networks[1:])

    monkeypatch.setattr(pipeline.solver, "solve", forgetful)
    result = run("solve", road)
    assert result.code == 1
    assert "failed its independent check" in result.err
    assert "Please report this." in result.err
    assert not Path("plan").exists()


def test_a_bound_that_fails_its_check_is_never_written(
    run: Command, road: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_solve = pipeline.solver.solve

    def boastful(*arguments: Any) -> Solution:  # noqa: ANN401 - whatever solve takes
        solution = true_solve(*arguments)
        assert solution.certificate is not None
        certificate = replace(solution.certificate, bound=solution.certificate.bound + 1)
        return replace(solution, certificate=certificate)

    monkeypatch.setattr(pipeline.solver, "solve", boastful)
    result = run("solve", road)
    assert result.code == 1
    assert "The certificate failed its independent check" in result.err
    assert not Path("plan").exists()


def test_interrupted_it_says_so(run: Command, road: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> Solution:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline.solver, "solve", interrupted)
    result = run("solve", road)
    assert result.code == 130
    assert result.err.endswith("\nInterrupted.\n")
    assert not Path("plan").exists()


def test_interrupted_while_it_draws_it_says_that_the_plan_is_kept(
    run: Command, road: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> dict[str, str]:
        raise KeyboardInterrupt

    monkeypatch.setattr("pcn_group.output.report.files.pictures", interrupted)
    result = run("solve", road, "--report", "--quiet")
    assert result.code == 130
    assert result.err == "Interrupted. The plan is kept; draw it with: pcn-group report plan\n"
    assert Path("plan/summary.json").exists()


def test_a_plan_that_came_half_way_is_told_as_such(
    run: Command, road: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held_open(path: Path, target: Path) -> Path:
        if target.name == "summary.json":
            raise PermissionError(13, "Permission denied")
        return replace_file(path, target)

    replace_file = Path.replace
    Path("spare").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(Path("spare").absolute()))
    monkeypatch.setattr(Path, "replace", held_open)
    result = run("solve", road, "--quiet")
    assert result.code == 1
    (kept,) = Path("spare").iterdir()
    assert result.err == (
        f"{Path('plan/summary.json')}: cannot be written: Permission denied. The files with it "
        f"are incomplete. The folder {kept.absolute()} holds what was to be written. "
        "Run again with --overwrite.\n"
    )


def test_a_name_with_spaces_without_quotes_is_told(run: Command, tmp_path: Path) -> None:
    (tmp_path / "my files").mkdir()
    (tmp_path / "my files" / "list of 2024.csv").write_text(ROAD, encoding="utf-8")
    result = run("solve", "my", "files/list", "of", "2024.csv")
    assert result.code == 2
    assert "given as 4: there are spaces in its name" in result.err
    assert 'Put it in quotes: "my files/list of 2024.csv".' in result.err.replace("\\", "/")


def test_a_list_of_practices_where_a_plan_is_wanted_is_told(run: Command, road: Path) -> None:
    for command in (("check", road), ("explain", road), ("compare", road, "current")):
        result = run(*command)
        assert result.code == 2
        assert "road.csv: is a list of practices, and a plan is wanted" in result.err
        assert "pcn-group solve road.csv" in result.err
