"""Who does what when, and what happens when a process dies."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from pcn_group.batch.crews import local_crew
from pcn_group.batch.run import done_by, longest_first
from pcn_group.batch.task import Done, Task
from tests.batch.several import Diary, country, the_batch, written


@pytest.fixture
def tasks(tmp_path: Path) -> list[Task]:
    batch = the_batch(written(tmp_path, country(6)))
    return [batch.task(code) for code in batch.regions]


def quick(task: Task) -> Done:
    return Done("optimal", 0, reason=task.code)


def deadly(task: Task) -> Done:
    """Work that R3 dies of, while others are under way."""
    if task.code == "R3":
        os._exit(9)
    time.sleep(0.2)
    return quick(task)


def deadly_once(task: Task) -> Done:
    """Work that R3 dies of, but not a second time."""
    been_here = task.folder / "been_here"
    if task.code == "R3" and not been_here.exists():
        been_here.touch()
        os._exit(9)
    return quick(task)


def faulty(task: Task) -> Done:
    if task.code == "R3":
        raise ZeroDivisionError("of patients by networks")
    return quick(task)


def test_long_regions_go_first(tasks: list[Task]) -> None:
    sizes = [len(task.practices.table) for task in longest_first(tasks)]
    assert sizes == sorted(sizes, reverse=True)
    assert [task.code for task in longest_first(tasks)] == ["R4", "R3", "R2", "R1", "R0", "R5"]


class Finished(NamedTuple):
    """What a batch of six regions came to, one of which met a fault of the program."""

    began: list[str]
    ended: dict[str, Done]
    workers: list[psutil.Process]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    batch = the_batch(written(tmp_path_factory.mktemp("schedule"), country(6)))
    diary = Diary()
    with local_crew(2, faulty) as crew:
        ended = done_by(crew, [batch.task(code) for code in batch.regions], diary)
        by_code = {task.code: done for task, done in ended}
        workers = [child for child in psutil.Process().children() if _is_worker(child)]
    return Finished(diary.began, by_code, workers)


def _is_worker(process: psutil.Process) -> bool:
    return any("LokyProcess" in part for part in process.cmdline())


def test_everything_is_done_once(finished: Finished) -> None:
    regions = ["R0", "R1", "R2", "R3", "R4", "R5"]
    assert finished.began == sorted(finished.ended) == regions
    assert {code: done.reason for code, done in finished.ended.items() if code != "R3"} == {
        code: code for code in regions if code != "R3"
    }


def test_a_fault_of_the_program_is_a_failure_with_its_reason(finished: Finished) -> None:
    failed = finished.ended["R3"]
    assert (failed.status, failed.reason) == (
        "failed",
        "ZeroDivisionError: of patients by networks",
    )
    assert "in faulty" in failed.trace
    assert {done.status for code, done in finished.ended.items() if code != "R3"} == {"optimal"}


def test_no_process_is_left_behind(finished: Finished) -> None:
    assert finished.workers
    assert not [worker for worker in finished.workers if worker.is_running()]


def test_a_region_that_kills_its_process_fails_and_no_other_does(tasks: list[Task]) -> None:
    diary = Diary()
    with local_crew(2, deadly) as crew:
        ended = {task.code: done for task, done in done_by(crew, tasks, diary)}
    assert sorted(ended) == ["R0", "R1", "R2", "R3", "R4", "R5"]
    assert [code for code, done in ended.items() if done.status == "failed"] == ["R3"]
    assert ended["R3"].exit_code == 1
    assert "The process working on it died, and once more" in ended["R3"].reason
    assert diary.began.count("R3") == 2


@pytest.mark.deep
def test_a_region_whose_process_died_once_gets_the_machine_for_itself(tasks: list[Task]) -> None:
    with local_crew(2, deadly_once) as crew:
        ended = {task.code: done.status for task, done in done_by(crew, tasks, Diary())}
    assert set(ended.values()) == {"optimal"}


def test_of_semaphores_that_seem_to_be_left_over_nothing_is_said() -> None:
    program = """
from joblib.externals.loky.backend import resource_tracker
from pcn_group.batch.crews import local_crew
if __name__ == "__main__":
    with local_crew(1, abs) as crew:
        resource_tracker.register("/removed-already", "semlock")
        assert crew.start(-1).result() == 1
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")
