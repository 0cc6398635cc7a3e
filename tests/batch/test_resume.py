"""A batch that was cut off goes on where it stood, and ends as if nothing had happened."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from pcn_group.batch import run
from pcn_group.batch.store import Store
from tests.batch.several import (
    batch_here,
    contents,
    country,
    results,
    summary,
    written,
)
from tests.depth import many
from tests.listening import LISTENING

EVERY = ["R0", "R1", "R2"]

posix_only = pytest.mark.skipif(
    sys.platform == "win32", reason="kills a group of processes by a POSIX signal"
)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch done in one go."""
    folder = tmp_path_factory.mktemp("clean")
    batch_here(written(folder, country(3)), folder / "out")
    return folder


@pytest.fixture
def path(clean: Path) -> Path:
    return clean / "practices.csv"


@pytest.fixture
def out(clean: Path, tmp_path: Path) -> Path:
    """A copy of the finished batch to do harm to."""
    for name, content in contents(clean / "out").items():
        copy = tmp_path / "out" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
    return tmp_path / "out"


def records(out: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in (out / ".batch").glob("*.json")}


# --- what stands is not done again ---------------------------------------------------------------


def test_nothing_is_done_again_and_nothing_changes(path: Path, out: Path) -> None:
    before = contents(out)
    diary, _ = batch_here(path, out, resume=True)
    assert (diary.stood, diary.began) == (3, [])
    assert contents(out) == before


def test_threads_are_neither_in_the_plans_nor_a_reason_to_make_them_again(
    clean: Path, path: Path, out: Path
) -> None:
    diary, _ = batch_here(path, out, "search.workers=3", resume=True)
    assert diary.began == []
    batch_here(path, out, "search.workers=3")
    assert results(out) == results(clean / "out")


def test_without_resume_all_is_done_again(clean: Path, path: Path, out: Path) -> None:
    diary, _ = batch_here(path, out)
    assert (diary.stood, sorted(diary.began)) == (0, EVERY)
    assert results(out) == results(clean / "out")


def remove(path: Path) -> None:
    path.unlink()


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def tamper(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("R1", "R9"), encoding="utf-8")


@pytest.mark.parametrize("harm", [remove, halve, tamper])
@pytest.mark.parametrize("name", ["groupings.csv", "budgets.csv"])
def test_a_damaged_folder_is_put_right_from_the_record(
    clean: Path, path: Path, out: Path, harm: Callable[[Path], None], name: str
) -> None:
    harm(out / "R1" / name)
    diary, _ = batch_here(path, out, resume=True)
    assert diary.began == []
    assert contents(out) == contents(clean / "out")


@pytest.mark.parametrize("harm", [remove, halve, tamper])
def test_a_region_without_a_sound_record_is_done_again(
    clean: Path, path: Path, out: Path, harm: Callable[[Path], None]
) -> None:
    harm(out / ".batch" / "R1.json")
    diary, _ = batch_here(path, out, resume=True)
    assert (diary.stood, diary.began) == (2, ["R1"])
    assert results(out) == results(clean / "out")


def test_what_a_killed_run_was_writing_is_swept_up(clean: Path, path: Path, out: Path) -> None:
    for folder in (out, out / ".batch", out / "R1"):
        (folder / ".summary.csv.4711.tmp").write_text("half a")
    batch_here(path, out, resume=True)
    assert contents(out) == contents(clean / "out")


# --- what would differ now is done again ---------------------------------------------------------


def test_other_rules_mean_other_plans(path: Path, out: Path) -> None:
    diary, _ = batch_here(path, out, "band.max=60000", resume=True)
    assert sorted(diary.began) == EVERY
    assert json.loads((out / "R1" / "summary.json").read_bytes())["configuration"]["band"]["max"]


def test_other_input_means_other_plans(path: Path, out: Path, tmp_path: Path) -> None:
    other = written(tmp_path, path.read_text("utf-8").replace("Surgery", "Practice"))
    diary, _ = batch_here(other, out, resume=True)
    assert sorted(diary.began) == EVERY


def test_other_content_of_a_file_that_the_rules_name_means_other_plans(
    path: Path, tmp_path: Path
) -> None:
    codes = [line.split(",")[0] for line in path.read_text("utf-8").splitlines()[1:]]
    edges = tmp_path / "edges.csv"
    rules = ("adjacency.method=edges", f"adjacency.edges={edges}")
    for missing in (0, 1):
        pairs = [f"{a},{b}" for a in codes for b in codes if a[:2] == b[:2] and a < b][missing:]
        edges.write_text("\n".join(["practice_code,neighbour_code", *pairs]), encoding="utf-8")
        diary, _ = batch_here(path, tmp_path / "out", *rules, resume=True)
        assert sorted(diary.began) == EVERY
        diary, _ = batch_here(path, tmp_path / "out", *rules, resume=True)
        assert diary.began == []


def test_another_version_means_other_plans(
    path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = run.versions()
    monkeypatch.setattr(run, "versions", lambda: versions | {"ortools": "9.99"})
    _, outcomes = batch_here(path, out, resume=True)
    assert {done.status for done in outcomes.done.values()} == {"failed"}
    assert "The worker has ortools" in outcomes.done["R1"].reason


def test_regions_no_longer_asked_for_go(path: Path, out: Path, tmp_path: Path) -> None:
    fewer = [line for line in path.read_text("utf-8").splitlines() if ",R2," not in line]
    batch_here(written(tmp_path, "\n".join(fewer)), out, resume=True)
    assert set(records(out)) == {"R0", "R1"}
    assert not (out / "R2").exists()
    assert list(summary(out)["region_code"]) == ["R0", "R1"]


def test_a_region_that_failed_is_done_again_and_one_without_a_plan_is_not(
    path: Path, tmp_path: Path
) -> None:
    nobody = ("band.below=forbid", "band.above=forbid", "limits.max_practices=1")
    diary, outcomes = batch_here(path, tmp_path / "out", *nobody)
    assert {done.status for done in outcomes.done.values()} == {"infeasible"}
    assert all(done.reason for done in outcomes.done.values())
    diary, _ = batch_here(path, tmp_path / "out", *nobody, resume=True)
    assert diary.began == []

    matrix = tmp_path / "matrix.csv"
    matrix.write_text("from,to,value\n")
    lacking = (f"travel.matrix={matrix}",)
    _, outcomes = batch_here(path, tmp_path / "out", *lacking, resume=True)
    assert "matrix.csv: lacks" in outcomes.done["R0"].reason
    diary, _ = batch_here(path, tmp_path / "out", *lacking, resume=True)
    assert sorted(diary.began) == EVERY


def test_a_summary_is_always_of_a_whole_run(path: Path, out: Path) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch_here(path, out, "band.max=60000", resume=True, work=interrupted)  # type: ignore[arg-type]  # never returns
    assert not (out / "summary.csv").exists()
    assert Store(out).kept("R0", "other") is None


# --- killed --------------------------------------------------------------------------------------

MANY = 6


def go_on(path: Path, out: Path) -> None:
    batch_here(path, out, resume=True)


@posix_only
def test_killed_at_random_moments_it_ends_as_if_nothing_had_happened(
    tmp_path: Path,
) -> None:
    path, out = written(tmp_path, country(MANY)), tmp_path / "out"
    # Each run is a fork of a process that has loaded everything, so that it is killed at work.
    warm = multiprocessing.get_context("forkserver")
    warm.set_forkserver_preload(["tests.warm"])

    whole = warm.Process(target=go_on, args=(path, tmp_path / "clean"))
    whole.start()
    began = time.monotonic()
    whole.join()
    longest = time.monotonic() - began

    seed = time.time_ns()
    print("seed", seed)  # noqa: T201 - shown if the test fails
    moments = random.Random(seed)  # noqa: S311 - no secret
    seen: dict[str, bytes] = {}
    killed = 0
    kills = many(20)
    while killed < kills or len(seen) < 2:
        run_of_it = warm.Process(target=go_on, args=(path, out))
        run_of_it.start()
        # Longer and longer, should the machine be busier now than it was before.
        run_of_it.join(moments.uniform(0, longest / 3 * max(1, killed / kills)))
        run_of_it.kill()
        run_of_it.join()
        killed += 1
        now = records(out) if out.exists() else {}
        assert seen.items() <= now.items(), "a region was solved again, or its record lost"
        seen = now
    diary, _ = batch_here(path, out, resume=True)
    assert (diary.stood, len(diary.began)) == (len(seen), MANY - len(seen))
    assert seen.items() <= records(out).items()
    assert results(out) == results(tmp_path / "clean")
    assert not [name for name in contents(out) if name.endswith(".tmp")]


PATIENCE = 300
"""Seconds after which a process is taken for one that never ends: the machine may be busy."""


def start(path: Path, out: Path) -> subprocess.Popen[str]:
    """A batch of two processes, in a group of its own, once it has a region done."""
    batch = subprocess.Popen(
        [*LISTENING, "batch", str(path), "--out", str(out), "--workers", "2", "--resume"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert batch.stderr is not None
    assert "1/" in batch.stderr.readline()
    return batch


@posix_only
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.deep)],
)
def test_a_signal_ends_it_at_once_and_it_tells_how_to_go_on(
    tmp_path: Path, number: int, code: int
) -> None:
    path, out = written(tmp_path, country(MANY, in_last=300)), tmp_path / "out"
    batch = start(path, out)
    processes = psutil.Process(batch.pid).children(recursive=True)
    os.killpg(batch.pid, number)
    _, told = batch.communicate(timeout=PATIENCE)
    assert batch.returncode == code, told
    done = f"{len(records(out))} of {MANY} regions are done"
    goodbye = f"Interrupted: {done}. Go on with the same command and --resume."
    assert told.splitlines()[-1] == goodbye
    assert "Traceback" not in told
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    assert not alive
    assert not (out / "summary.csv").exists()


@posix_only
def test_when_the_boss_is_killed_the_others_leave_and_the_rest_can_be_done(
    clean: Path, path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    batch = start(path, out)
    processes = psutil.Process(batch.pid).children(recursive=True)
    os.kill(batch.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    batch.communicate()
    assert processes
    assert not alive

    before = records(out)
    diary, _ = batch_here(path, out, resume=True)
    assert len(diary.began) == len(EVERY) - len(before)
    assert before.items() <= records(out).items()
    assert results(out) == results(clean / "out")
