"""A small invented country of several regions, and ways to have a batch of it done."""

from __future__ import annotations

import functools
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pcn_group.batch.crews import do
from pcn_group.batch.rollups import Outcomes
from pcn_group.batch.run import Batch, run_batch
from pcn_group.batch.store import Store
from pcn_group.batch.task import Done, Task
from pcn_group.config.loading import load_configuration
from pcn_group.practices import read_regions
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv

MEASURED = ["seconds", "peak_memory_mb"]


@functools.cache
def country(regions: int, *, in_last: int = 0) -> str:
    """A `practices.csv` of regions R0, R1, ... of 8 to 12 practices, two of them to an ICB.

    With `in_last`, the last one has so many, to keep a process busy for a while.
    """
    sizes = [8 + number % 5 for number in range(regions)]
    sizes[-1] = in_last or sizes[-1]
    tables = [_region(number, practices) for number, practices in enumerate(sizes)]
    return practices_csv(pd.concat(tables))


def _region(number: int, practices: int) -> pd.DataFrame:
    table = make_sample(practices, number)
    return table.assign(
        practice_code=f"P{number}" + table["practice_code"],
        region_code=f"R{number}",
        region_name=f"Region {number}",
        icb_code=f"Q{number // 2}",
        icb_name=f"Board {number // 2}",
        nhs_region_code="Y1",
        nhs_region_name="North",
        current_network=f"N{number}" + table["current_network"],
    )


def written(folder: Path, text: str, name: str = "practices.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


_DONE: dict[bytes, Done] = {}


def do_once(task: Task) -> Done:
    """Do a task, or say what came of the very same one before: it is the batch that is tried."""
    rules = task.configuration
    if rules.travel.matrix or rules.adjacency.edges:  # files, which may have changed
        return do(task)
    key = pickle.dumps(replace(task, folder=Path()))
    if key not in _DONE:
        _DONE[key] = do(task)
    return _DONE[key]


class Here:
    """A crew that does every task at once, in this process."""

    def __init__(self, work: Callable[[Task], Done] = do_once) -> None:
        self.work = work

    def places(self) -> int:
        return 1

    def start(self, task: Task) -> Future[Done]:
        future: Future[Done] = Future()
        try:
            future.set_result(self.work(task))
        except Exception as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)
        return future

    def renew(self) -> None:
        pass


@contextmanager
def crew_here(processes: int) -> Iterator[Here]:  # noqa: ARG001 - there is this one
    """Have `pcn-group batch` do every task in this process, in place of `local_crew`."""
    yield Here()


class Diary:
    """Keeps what a batch tells."""

    def __init__(self) -> None:
        self.stood = 0
        self.began: list[str] = []
        self.ended: list[str] = []

    def resumed(self, regions: int) -> None:
        self.stood = regions

    def started(self, task: Task) -> None:
        self.began.append(task.code)

    def finished(self, task: Task, done: Done) -> None:  # noqa: ARG002 - a watcher's signature
        self.ended.append(task.code)


def the_batch(path: Path, *overrides: str, by: str = "region_code") -> Batch:
    configuration = load_configuration(None, ("search.workers=1", *overrides))
    regions = read_regions([path], by=by, rules=configuration)
    return Batch(regions, by, configuration, path.parent)


def batch_here(
    path: Path,
    out: Path,
    *overrides: str,
    by: str = "region_code",
    resume: bool = False,
    work: Callable[[Task], Done] = do_once,
) -> tuple[Diary, Outcomes]:
    """Have a batch done in this process."""
    diary = Diary()
    done = run_batch(
        the_batch(path, *overrides, by=by), Store(out), Here(work), diary, resume=resume
    )
    return diary, done


def pcn_group(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command_line(*arguments), capture_output=True, text=True, encoding="utf-8", check=False
    )


def command_line(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "pcn_group", *map(str, arguments)]


def contents(folder: Path, *, but: Sequence[str] = ()) -> dict[str, bytes]:
    """Every file of a folder, by its path inside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in but
    }


def results(out: Path) -> dict[str, bytes]:
    """All that a batch wrote for the user, less what it measured."""
    files = contents(out, but=[".batch"])
    files["summary.csv"] = summary(out).drop(columns=MEASURED).to_csv(index=False).encode()
    return files


def summary(out: Path) -> pd.DataFrame:
    return pd.read_csv(out / "summary.csv", dtype=str, keep_default_na=False)
