"""However a command ends, it says so in a sentence, with the exit code that the documents have."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from pcn_group import pipeline
from pcn_group.cli import group
from pcn_group.cli.ends import Stop, stopped_by_signals
from pcn_group.output.data.folder import FILES
from pcn_group.plan import case as opened
from tests.cli.ends import (
    BAND,
    GROWTH,
    JUDGING,
    MAP,
    NAMES_A_FILE,
    NO_JSON,
    ROAD,
    SEARCHING,
    WRITING,
    Command,
    ended,
    out_of,
)
from tests.listening import LISTENING

EVERY = {**WRITING, **JUDGING}
FULL = OSError(28, "No space left on device")

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="descriptors and signals of POSIX")


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a region in `road.csv`, a map of it, and its plan in `plan`."""
    folder = tmp_path_factory.mktemp("solved")
    (folder / "road.csv").write_text(ROAD, encoding="utf-8")
    (folder / "map.geojson").write_text(MAP, encoding="utf-8")
    (folder / "growth.csv").write_text(GROWTH, encoding="utf-8")
    plan = ("--out", str(folder / "plan"), "--quiet", *BAND)
    with pytest.raises(SystemExit) as stop:
        group.main(["solve", str(folder / "road.csv"), *plan], standalone_mode=True)
    assert stop.value.code in {None, 0, 3}
    return folder


@pytest.fixture
def place(solved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder to be in, with a copy of all that; what is kept goes into `spare`."""
    shutil.copytree(solved, tmp_path, dirs_exist_ok=True)
    (tmp_path / "spare").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spare"))
    return tmp_path


@pytest.fixture
def run(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    assert place.is_dir()
    return lambda *arguments: ended(monkeypatch, capsys, *arguments)


def to(name: str, folder: Path) -> list[str]:
    """The option that says where to, for commands that write."""
    return ["--out", str(out_of(name, folder))] if name in WRITING else []


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_command_is_tried() -> None:
    # What completion writes is in no folder of the user's choice; roads reads what no other does.
    others = {"batch", "completion", "roads"}
    assert {*EVERY, *others} == set(group.list_commands(click.Context(group)))


# --- nowhere to write ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITING)
def test_what_can_be_known_before_is_refused_before(
    run: Command, place: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "file").write_text("theirs", encoding="utf-8")
    where = [place / "file" / "inside"]
    if sys.platform != "win32":
        (place / "link").symlink_to(place / "gone")
        where += [place / "link", Path(os.devnull) / "inside"]
    before = everything(place)
    for folder in where:
        result = run(name, *WRITING[name], "--out", out_of(name, folder))
        assert (result.code, result.out) == (2, "")
        assert re.search(r"(a file, not a folder|leads nowhere)\. .*--out\.", result.err)
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK and access(path, mode))
    result = run(name, *WRITING[name], "--out", out_of(name, place / "new"))
    assert result.code == 2
    assert "a folder that you may not write to. Choose another place with --out." in result.err
    assert everything(place) == before


@pytest.mark.parametrize("name", WRITING)
def test_what_fits_on_no_disk_is_kept_elsewhere(
    run: Command, place: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise FULL

    out = out_of(name, place / "new")
    monkeypatch.setattr("pcn_group.base.files.os.fsync", full)
    loud = () if name in NO_JSON else ("--json",)
    result = run(name, *WRITING[name], "--out", out, *loud)
    assert (result.code, result.out) == (6, "")
    assert not (place / "new").exists()
    told = re.search(
        r"cannot be written: No space left on device\. The folder (\S+) holds what was to be ",
        result.err,
    )
    assert told is not None
    monkeypatch.undo()
    monkeypatch.chdir(place)
    assert run(name, *WRITING[name], "--out", out).code in {0, 3}
    written, kept = everything(place / "new"), everything(Path(told[1]))
    assert written.keys() == kept.keys()
    if name in {"solve", "repair", "footprints", "divide"}:
        assert set(kept) == set(FILES)
        assert run("check", told[1]).code in {0, 3}


def test_a_folder_removed_during_the_search_is_made_again(
    run: Command, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = pipeline.solver.solve

    def removed(*arguments: object) -> object:
        (place / "new").rmdir()
        return solve(*arguments)  # type: ignore[arg-type]  # whatever solve takes

    (place / "new").mkdir()
    monkeypatch.setattr(pipeline.solver, "solve", removed)
    assert run("solve", "road.csv", "--out", "new", *BAND).code == 0
    assert set(everything(place / "new")) == set(FILES)


def test_a_folder_in_whose_place_a_file_comes_is_told(
    run: Command, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = pipeline.solver.solve

    def replaced(*arguments: object) -> object:
        (place / "new").write_text("theirs", encoding="utf-8")
        return solve(*arguments)  # type: ignore[arg-type]  # whatever solve takes

    monkeypatch.setattr(pipeline.solver, "solve", replaced)
    result = run("solve", "road.csv", "--out", "new", *BAND, "--json")
    assert (result.code, result.out) == (6, "")
    (folder,) = (place / "spare").iterdir()
    assert f"The folder {folder} holds what was to be written." in result.err
    assert run("report", folder).code == 0


@posix_only
def test_a_folder_that_is_gone_around_the_command_is_told(run: Command, place: Path) -> None:
    os.mkdir("gone")  # noqa: PTH102 - removed while one is in it
    os.chdir("gone")
    os.rmdir(place / "gone")  # noqa: PTH106 - as above
    result = run("check", place / "plan")
    assert result.code == 2
    assert "the folder you are in is not there any more" in result.err


# --- nobody to tell ------------------------------------------------------------------------------


Output = Callable[..., None]


@pytest.fixture
def output_to(monkeypatch: pytest.MonkeyPatch) -> Iterator[Output]:
    """Has standard output go to a descriptor, as a shell would have it."""
    opened: list[int] = []

    def to(descriptor: int, encoding: str = "utf-8") -> None:
        raw = io.FileIO(descriptor, "w", closefd=False)
        opened.append(descriptor)
        monkeypatch.setattr(
            sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, write_through=True)
        )

    yield to
    monkeypatch.undo()
    for descriptor in opened:
        os.close(descriptor)


TELLING = {
    "help": ("--help",),
    "version": ("--version",),
    "solve-help": ("solve", "--help"),
    **{name: (name, *arguments) for name, arguments in EVERY.items() if name not in NAMES_A_FILE},
    **{f"{name}-json": (name, *EVERY[name], "--json") for name in ("check", "solve")},
}
del TELLING["report"]  # all that it has to say goes to standard error
TOLD = [
    pytest.param(
        case,
        marks=[]
        if case in {"help", "version", "solve", "check-json", "init"}
        else [pytest.mark.deep],
    )
    for case in TELLING
]
"""All in the deep run: how standard output ends is the same code for whatever is written to it."""


@posix_only
@pytest.mark.parametrize("case", TOLD)
def test_a_closed_pipe_ends_without_a_word(
    run: Command, place: Path, output_to: Output, case: str
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    output_to(writing)
    name, *rest = TELLING[case]
    out = to(name, place / "new") if "--help" not in rest else []
    result = run(name, *rest, *out)
    assert result.code == 141
    assert "Traceback" not in result.err
    assert "rror" not in result.err
    assert bool(out) == (place / "new").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("case", TOLD)
def test_output_that_does_not_fit_is_told(
    run: Command, place: Path, output_to: Output, case: str
) -> None:
    output_to(os.open("/dev/full", os.O_WRONLY))
    name, *rest = TELLING[case]
    out = to(name, place / "new") if "--help" not in rest else []
    result = run(name, *rest, *out)
    assert result.code == 6
    assert result.err.endswith(
        "Standard output cannot be written: No space left on device. "
        "Files that were written are kept.\n"
    )
    assert bool(out) == (place / "new").exists()


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        *((name, "ascii") for name in EVERY if name not in NO_JSON),
        *(("check", encoding) for encoding in ("cp1252", "cp437", "utf-16")),
    ],
)
def test_json_is_one_object_whatever_the_encoding(
    run: Command, place: Path, output_to: Output, name: str, encoding: str
) -> None:
    printed = place / "printed"
    output_to(os.open(printed, os.O_WRONLY | os.O_CREAT), encoding)
    out = ["--out", str(place / "new")] if name in SEARCHING else []
    assert run(name, *EVERY[name], *out, "--json").code in {0, 3}
    assert isinstance(json.loads(printed.read_bytes().decode(encoding)), dict)


@pytest.mark.parametrize(
    ("name", "encoding"), [*((name, "ascii") for name in EVERY), ("check", "cp1252")]
)
def test_letters_that_an_encoding_lacks_end_no_command(
    run: Command,
    place: Path,
    output_to: Output,
    name: str,
    encoding: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable, value in (("COLUMNS", "1"), ("TERM", "dumb")):
        monkeypatch.setenv(variable, value)
    monkeypatch.delenv("HOME", raising=False)
    output_to(os.open(place / "printed", os.O_WRONLY | os.O_CREAT), encoding)
    out = to(name, place / "new")
    result = run(name, *EVERY[name], *out)
    assert result.code in {0, 3}, result.err
    assert "Traceback" not in result.err


@posix_only
def test_files_whose_names_are_no_text_are_read_and_named(run: Command, place: Path) -> None:
    odd = os.fsdecode(b"ro\xe9d.csv")
    try:
        shutil.copy("road.csv", odd)
    except OSError:
        pytest.skip("the file system takes only UTF-8")
    assert run("solve", odd, "--out", os.fsdecode(b"pl\xe9n"), *BAND).code == 0
    assert run("check", os.fsdecode(b"pl\xe9n"), "--json").code == 0
    assert run("prepare", odd, "--out", "new/practices.csv").code == 0
    summary = json.loads((place / os.fsdecode(b"pl\xe9n") / "summary.json").read_bytes())
    assert summary["inputs"][0]["name"] == odd


# --- signals -------------------------------------------------------------------------------------


@posix_only
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (getattr(signal, "SIGHUP", 1), 129)],
)
@pytest.mark.parametrize("name", EVERY)
def test_signals_do_what_ctrl_c_does(
    run: Command, name: str, number: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        signal.raise_signal(number)

    command = group.get_command(click.Context(group), name)
    monkeypatch.setattr(command, "callback", stopped)
    before = signal.signal(number, signal.SIG_DFL)  # nohup and background jobs ignore some
    result = run(name, *EVERY[name], *to(name, Path()))
    signal.signal(number, before)
    assert (result.code, result.out) == (code, "")
    assert result.err == "\nInterrupted.\n"


def sleep_lightly() -> None:
    for _ in range(30_000):
        time.sleep(0.01)


@posix_only
def test_a_signal_while_the_compiler_calls_python_comes_a_moment_later() -> None:
    called = (
        "import signal\ndef notify():\n    signal.raise_signal(signal.SIGTERM)\n    return 'whole'"
    )
    names: dict[str, Callable[[], str]] = {}
    exec(compile(called, "site-packages/llvmlite/binding/executionengine.py", "exec"), names)  # noqa: S102 - a frame of that file
    stop = Stop()
    with stopped_by_signals(stop):
        assert names["notify"]() == "whole"
        with pytest.raises(KeyboardInterrupt):
            sleep_lightly()
    assert stop.code == 143


@posix_only
def test_a_signal_while_it_draws_tells_that_the_plan_is_kept(
    run: Command, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("pcn_group.output.report.files.pictures", stopped)
    result = run("solve", "road.csv", "--out", "new", "--report", "--quiet", *BAND)
    assert result.code == 143
    assert result.err == "Interrupted. The plan is kept; draw it with: pcn-group report new\n"
    assert set(everything(place / "new")) == set(FILES)


@posix_only
def test_a_signal_that_is_ignored_stays_ignored(
    run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_case = opened.open_case

    def stopped(*arguments: object) -> object:
        signal.raise_signal(signal.SIGHUP)
        return open_case(*arguments)  # type: ignore[arg-type]  # whatever it takes

    monkeypatch.setattr(opened, "open_case", stopped)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert run("check", "plan").code in {0, 3}
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


# --- faults of the program -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (
            ValueError("odd\nin many lines"),
            1,
            "A fault of the program: ValueError: odd (cli/__init__",
        ),
        (EOFError("Compressed file ended"), 1, "A fault of the program: EOFError: Compressed"),
        (BrokenPipeError(32, "Broken pipe"), 1, "A fault of the program: BrokenPipeError"),
        (SystemExit(7), 1, "A fault of the program: SystemExit: 7"),
        (BaseException("panic"), 1, "A fault of the program: BaseException: panic"),
        (MemoryError(), 1, "There is not enough memory for this."),
    ],
)
@pytest.mark.parametrize("name", EVERY)
def test_a_fault_of_the_program_is_told_so_that_it_can_be_reported(
    run: Command,
    name: str,
    error: BaseException,
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failed(*_: object, **__: object) -> None:
        raise error

    monkeypatch.delenv("PCN_GROUP_DEBUG", raising=False)
    command = group.get_command(click.Context(group), name)
    monkeypatch.setattr(command, "callback", failed)
    out = to(name, Path())
    result = run(name, *EVERY[name], *out)
    assert (result.code, result.out) == (code, "")
    assert told in result.err
    assert "Traceback" not in result.err
    if not isinstance(error, MemoryError):
        assert f": pcn-group {name} " in result.err
    monkeypatch.setenv("PCN_GROUP_DEBUG", "1")
    assert "Traceback" in run(name, *EVERY[name], *out).err


def test_the_place_of_a_fault_is_named(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pcn_group.output.data.judgement.check", None)
    assert re.search(r"TypeError: .* \(cli/check.py:\d+\)", run("check", "plan").err)


# --- as a process of its own ---------------------------------------------------------------------

ALONE = [sys.executable, "-m", "pcn_group"]


@posix_only
@pytest.mark.parametrize(
    "closed",
    [
        pytest.param((0,), marks=pytest.mark.deep),
        pytest.param((1, 2), marks=pytest.mark.deep),
        (0, 1, 2),
    ],
)
def test_streams_closed_from_the_start_do_no_harm(place: Path, closed: tuple[int, ...]) -> None:
    redirected = " ".join(f"{number}>&-" for number in closed)
    prepared, checked = (
        subprocess.run(
            ["/bin/sh", "-c", f'"$@" {redirected}', "sh", *ALONE, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        for arguments in (
            ("prepare", "road.csv", "--out", "new/new.csv"),
            ("check", "plan", "--json"),
        )
    )
    assert (prepared.returncode, prepared.stdout) == (0, "")
    assert ("Written: " in prepared.stderr) == (2 not in closed)
    assert (place / "new" / "new.csv").read_text("utf-8").startswith("practice_code,")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("{") == (1 not in closed)


@posix_only
@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("unbuffered", [pytest.param("", marks=pytest.mark.deep), "1"])
def test_nothing_is_said_at_the_very_end_of_a_closed_pipe(unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*ALONE, "config", "band"],
        stdout=writing,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@posix_only
def test_a_search_that_is_terminated_ends_at_once(run: Command, place: Path) -> None:
    assert run("sample", "--practices", "300", "--out", "many.csv", "--quiet").code == 0
    search = subprocess.Popen(
        [*LISTENING, "solve", "many.csv", "--out", "new"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert search.stderr is not None
    while "first plans" not in search.stderr.readline():
        assert search.poll() is None
    search.terminate()
    _, told = search.communicate(timeout=60)
    assert search.returncode == 143
    assert told.endswith("\nInterrupted.\n")
    assert not (place / "new").exists()
