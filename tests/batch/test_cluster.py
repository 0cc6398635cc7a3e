"""The same tasks on a Dask cluster: a scheduler and two worker processes on this machine."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from pcn_group.base.errors import InputError, PcnGroupError
from pcn_group.batch import crews
from pcn_group.batch.crews import cluster_crew
from pcn_group.batch.run import run_batch
from pcn_group.batch.store import Store
from pcn_group.batch.task import Done, Task
from pcn_group.cli import group
from tests.batch.several import (
    Diary,
    batch_here,
    contents,
    country,
    results,
    the_batch,
    written,
)

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")

REGIONS = 4


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the input, and what a batch without a cluster made of it."""
    folder = tmp_path_factory.mktemp("cluster")
    batch_here(written(folder, country(REGIONS)), folder / "here")
    return folder


@pytest.fixture(scope="module")
def cluster() -> Iterator[distributed.LocalCluster]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as cluster:
        yield cluster


class Killer(Diary):
    """Kills a worker that is at work as soon as the first region has ended."""

    def __init__(self, cluster: distributed.LocalCluster) -> None:
        super().__init__()
        self.processes = {
            worker.worker_address: psutil.Process(worker.pid) for worker in cluster.workers.values()
        }
        self.cluster = cluster
        self.killed: list[str] = []

    def finished(self, task: Task, done: Done) -> None:
        super().finished(task, done)
        if self.killed:
            return
        with distributed.Client(self.cluster, set_as_default=False) as client:
            busy = [address for address, keys in client.processing().items() if keys]
        self.killed = busy[:1] or list(self.processes)[:1]
        self.processes[self.killed[0]].kill()


def test_the_command_gives_the_same_files(
    cluster: distributed.LocalCluster, place: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    address = cluster.scheduler_address
    asked = ["batch", str(place / "practices.csv"), "--out", str(out), "--cluster", address]
    done = CliRunner().invoke(group, asked, standalone_mode=False)
    assert done.return_value == 3, done.stderr
    assert results(out) == results(place / "here")


def test_an_address_without_a_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "_CONNECT_SECONDS", 0.2)
    nobody = "tcp://127.0.0.1:1"
    with pytest.raises(InputError, match="reaches no Dask scheduler"), cluster_crew(nobody):
        pass


def test_a_cluster_without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "_CONNECT_SECONDS", 1)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0", processes=False) as empty,
        pytest.raises(PcnGroupError, match="has no workers"),
        cluster_crew(empty.scheduler_address),
    ):
        pass


def test_a_worker_killed_at_work_makes_no_difference(
    cluster: distributed.LocalCluster, place: Path, tmp_path: Path
) -> None:
    out, killer = tmp_path / "out", Killer(cluster)
    with cluster_crew(cluster.scheduler_address) as crew:
        run_batch(the_batch(place / "practices.csv"), Store(out), crew, killer)
    assert len(killer.killed) == 1
    assert not killer.processes[killer.killed[0]].is_running()
    assert sorted(killer.ended) == [f"R{number}" for number in range(REGIONS)]
    assert results(out) == results(place / "here")
    assert contents(out / "R0") == contents(place / "here" / "R0")


class Ender(Diary):
    """Ends processes as soon as the first region has ended."""

    def __init__(self, *processes: subprocess.Popen[str]) -> None:
        super().__init__()
        self.processes = processes

    def finished(self, task: Task, done: Done) -> None:
        super().finished(task, done)
        for process in self.processes:
            process.kill()


@pytest.mark.deep
@pytest.mark.parametrize("ended", ["scheduler", "worker"])
def test_a_cluster_that_dies_leaves_what_is_done_and_says_how_to_go_on(
    place: Path,
    tmp_path: Path,
    ended: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(crews, "_PATIENCE_SECONDS", 1)
    out, path = tmp_path / "out", place / "practices.csv"
    with ExitStack() as running:

        def dask(what: str, *arguments: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments]
            process = subprocess.Popen(
                [*command, "--no-dashboard"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE if what == "scheduler" else subprocess.DEVNULL,
                text=True,
            )
            running.callback(process.communicate)
            running.callback(process.kill)
            return process

        scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", "0")
        assert scheduler.stderr is not None
        told = (re.search(r"tcp://127\.0\.0\.1:\d+", line) for line in scheduler.stderr)
        address = next(found[0] for found in told if found)
        worker = dask("worker", address, "--nthreads", "1", "--no-nanny")
        ender = Ender(scheduler if ended == "scheduler" else worker)
        with (
            pytest.raises(PcnGroupError, match=r"go on with --resume\.$") as error,
            cluster_crew(address) as crew,
        ):
            run_batch(the_batch(path), Store(out), crew, ender)
    why = {"scheduler": "connection to the cluster was lost", "worker": "no worker for 1 seconds"}
    assert why[ended] in str(error.value)
    assert error.value.exit_code == 1
    assert "Traceback" not in capfd.readouterr().err
    assert not (out / "summary.csv").exists()
    diary, _ = batch_here(path, out, resume=True)
    assert diary.stood == len(ender.ended) > 0
    assert results(out) == results(place / "here")


def test_workers_may_be_gone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        threads: tuple[int, ...] = ()

        def get_executor(self, **_: object) -> None:
            pass

        def nthreads(self) -> dict[int, int]:
            return dict(enumerate(self.threads))

    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    client = Client()
    crew = crews.ClusterCrew(client)  # type: ignore[arg-type]  # all that it asks of one
    for threads, passed, places in (((2, 1), 100, 3), ((), 29, 0), ((1,), 29, 1), ((), 29, 0)):
        client.threads = threads
        now += passed
        assert crew.places() == places
    now += 2
    with pytest.raises(PcnGroupError, match=r"has had no worker for 30 seconds\."):
        crew.places()
