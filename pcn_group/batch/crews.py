"""The workers: processes on this machine, or those of a Dask cluster.

Both give futures of the standard library, so that one schedule serves both.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

import psutil
from joblib.externals.loky import ProcessPoolExecutor
from joblib.externals.loky.backend import resource_tracker

from pcn_group.base.errors import Fault, InputError, PcnGroupError
from pcn_group.base.extras import refuse_missing
from pcn_group.base.versions import versions
from pcn_group.batch.task import Done, Task, failure, group_region

if TYPE_CHECKING:
    from distributed import Client
    from distributed.cfexecutor import ClientExecutor

__all__ = ["LOST", "ClusterCrew", "Crew", "LocalCrew", "cluster_crew", "do", "local_crew"]

_FOLLOW_SECONDS = 1.0
_CONNECT_SECONDS = 10
_PATIENCE_SECONDS = 30
"""How long a cluster may be without workers: one that has died is soon replaced by its nanny."""

LOST = "The connection to the cluster was lost."


def do(task: Task) -> Done:
    """Group a region into networks; whatever happens, say what came of it."""
    try:
        _refuse_other_versions(task.versions)
        return group_region(task)
    except Exception as error:  # noqa: BLE001 - one region's failure stops no other
        return failure(error)


def _refuse_other_versions(wanted: dict[str, str]) -> None:
    """Stop where another version would make another plan, as a cluster's worker may have."""
    here = versions()
    differing = [
        f"{name} {here[name]} instead of {number}"
        for name, number in wanted.items()
        if here[name] != number
    ]
    if differing:
        raise PcnGroupError(f"The worker has {', '.join(differing)}. Install the same versions.")


class Crew(Protocol):
    """Workers that take tasks."""

    def places(self) -> int:
        """How many tasks can run at a time now; raises PcnGroupError if the scheduler is lost."""

    def start(self, task: Task) -> Future[Done]:
        """Start a task. If that raises `BrokenProcessPool`, all tasks under way are lost."""

    def renew(self) -> None:
        """Make the crew whole again after tasks were lost."""


class LocalCrew:
    """Processes of this machine, by joblib's loky.

    Attributes
    ----------
    processes
        How many.
    work
        What each does with a task.
    """

    def __init__(self, processes: int, work: Callable[[Task], Done] = do) -> None:
        self._processes = processes
        self._work = work
        self._executor = self._new_executor()

    def places(self) -> int:
        """As many as there are processes."""
        return self._processes

    def start(self, task: Task) -> Future[Done]:
        """Submit a task to whichever process is free."""
        with _deaf_to_ctrl_c():
            future: Future[Done] = self._executor.submit(self._work, task)
        return future

    def renew(self) -> None:
        """Start other processes."""
        self.stop()
        self._executor = self._new_executor()

    def stop(self) -> None:
        """End all processes, whatever they are doing."""
        with _untold_by_manager():
            self._executor.shutdown(wait=True, kill_workers=True)

    def _new_executor(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._processes, initializer=_settle_in, initargs=(os.getpid(),))


@contextlib.contextmanager
def local_crew(processes: int, work: Callable[[Task], Done] = do) -> Iterator[LocalCrew]:
    """Keep worker processes on this machine while the block runs, and no longer."""
    _start_tracker()
    crew = LocalCrew(processes, work)
    with warnings.catch_warnings():
        # loky replaces a process that has grown by 300 MB, which is as well, and says so.
        warnings.filterwarnings("ignore", message="A worker stopped while some jobs were given")
        try:
            yield crew
        finally:
            crew.stop()


def _start_tracker() -> None:
    """Start the process in which loky keeps count of semaphores, so that it says nothing.

    At the end it would warn of one it believes to be left over, about every twentieth time: it was
    removed, and word of that got lost. Any that is left over it removes.
    """
    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, [before, "ignore:resource_tracker"]))
    try:
        resource_tracker.ensure_running()
    finally:
        del os.environ["PYTHONWARNINGS"]
        if before is not None:
            os.environ["PYTHONWARNINGS"] = before


@contextlib.contextmanager
def _untold_by_manager() -> Iterator[None]:
    """Silence what loky's manager prints as it ends.

    Tasks that are taken back just when it looks for them make it stumble (a KeyError), which
    harms nobody: it is being stopped, and the shutdown waits for it.
    """
    before = threading.excepthook

    def told(args: threading.ExceptHookArgs) -> None:
        of_manager = args.thread is not None and args.thread.name == "ExecutorManagerThread"
        if not (of_manager and args.exc_type is KeyError):
            before(args)

    threading.excepthook = told
    try:
        yield
    finally:
        threading.excepthook = before


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Have processes that start meanwhile ignore Ctrl-C.

    It is held back, not ignored: pressed meanwhile, it counts afterwards. Windows cannot do this,
    and there a process that is just starting may say that it was interrupted.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _settle_in(boss: int) -> None:
    """Prepare a process for work: it ignores Ctrl-C, and ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(psutil.Process(boss),), daemon=True).start()


def _leave_with(boss: psutil.Process) -> None:
    """End this process once its parent has been killed: nobody would write what it found."""
    with contextlib.suppress(psutil.NoSuchProcess):
        while boss.is_running() and boss.status() != psutil.STATUS_ZOMBIE:
            time.sleep(_FOLLOW_SECONDS)
    os._exit(1)


class ClusterCrew:
    """The workers of a Dask cluster.

    The scheduler has a task whose worker died done by another one, and gives it up with
    `KilledWorker` once several died of it.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._executor: ClientExecutor = client.get_executor(pure=False)
        self._last_manned = time.monotonic()

    def places(self) -> int:
        """As many as the workers have threads now; they may come and go.

        Raises
        ------
        PcnGroupError
            If the scheduler does not answer, or its workers have been gone for long.
        """
        with _told_if_lost():
            places: int = sum(self._client.nthreads().values())
        now = time.monotonic()
        if places:
            self._last_manned = now
        elif now - self._last_manned > _PATIENCE_SECONDS:
            told = f"The cluster has had no worker for {_PATIENCE_SECONDS:.0f} seconds."
            raise PcnGroupError(told)
        return places

    def start(self, task: Task) -> Future[Done]:
        """Submit a task to the scheduler."""
        with _told_if_lost():
            future: Future[Done] = self._executor.submit(do, task)
        return future

    def renew(self) -> None:
        """Nothing: the scheduler sees to its workers."""

    def stop(self) -> None:
        """Cancel the tasks that are not done."""
        with contextlib.suppress(Exception):  # a scheduler that is gone has nothing to give back
            self._executor.shutdown(wait=False)


@contextlib.contextmanager
def _told_if_lost() -> Iterator[None]:
    """Turn the many errors that Dask raises without its scheduler into one sentence."""
    try:
        yield
    except Exception as error:
        raise PcnGroupError(LOST) from error


@contextlib.contextmanager
def _unlogged() -> Iterator[None]:
    """Keep Dask from logging tracebacks of what is told as an error here."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def cluster_crew(address: str) -> Iterator[ClusterCrew]:
    """Use the workers of a running Dask scheduler while the block runs.

    Raises
    ------
    InputError
        If there is no scheduler at the address, or the extra is not installed.
    PcnGroupError
        If no worker turns up.
    """
    refuse_missing("cluster", "--cluster")
    from distributed import Client  # noqa: PLC0415 - an extra may be absent
    from distributed.comm.addressing import parse_address  # noqa: PLC0415 - as above
    from distributed.comm.registry import get_backend  # noqa: PLC0415 - as above

    with _unlogged():
        try:
            # A client that meets an address it cannot make out waits for itself for 20 seconds.
            get_backend(parse_address(address, strict=True)[0])
            client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            remedy = "Give the address that dask scheduler prints, such as tcp://10.0.0.1:8786."
            fault = Fault("--cluster", "reaches no Dask scheduler", remedy, value=address)
            raise InputError([fault]) from error
        with client:
            try:
                client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
            except TimeoutError as error:
                raise PcnGroupError(f"The cluster at {address} has no workers.") from error
            crew = ClusterCrew(client)
            try:
                yield crew
            finally:
                crew.stop()
