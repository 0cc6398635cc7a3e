"""The same tasks on a Dask cluster: a scheduler and two worker processes on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pcn_group.batch import crews
from pcn_group.batch.crews import cluster_crew
from pcn_group.batch.run import run_batch
from pcn_group.batch.store import Store
from pcn_group.batch.task import Done, Task
from pcn_group.errors import InputError, PcnGroupError
from tests.batch.several import (
    Diary,
    batch_here,
    contents,
    country,
    pcn_group,
    results,
    the_batch,
    written,
)

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")

REGIONS = 6


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
    done = pcn_group("batch", place / "practices.csv", "--out", out, "--cluster", address)
    assert done.returncode == 3, done.stderr
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
