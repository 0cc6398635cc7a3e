"""The order of tasks, and what becomes of those whose process died."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol

from pcn_group.base.errors import PcnGroupError
from pcn_group.batch.crews import LOST, Crew
from pcn_group.batch.task import Done, Task, failure

__all__ = ["Watcher", "done_by", "longest_first"]

_LOOK_UP_SECONDS = 0.5
"""How long to wait at most: a cluster may have got new workers, and Ctrl-C wants an answer."""

_DIED = (
    "The process working on it died, and once more when no other was at work: too little memory?"
)


class Watcher(Protocol):
    """What follows the progress of a batch."""

    def resumed(self, regions: int) -> None:
        """Note how many regions are kept from an earlier run."""

    def started(self, task: Task) -> None:
        """Work on a region has begun."""

    def finished(self, task: Task, done: Done) -> None:
        """Work on a region has ended, and what came of it is kept."""


def longest_first(tasks: Iterable[Task]) -> list[Task]:
    """Put large regions first, so that none of them is left to the end while others idle.

    The number of practices is not all that makes a search long, but it is all that is known.
    """
    return sorted(tasks, key=lambda task: (-len(task.practices.table), task.code))


def done_by(crew: Crew, tasks: Iterable[Task], watcher: Watcher) -> Iterator[tuple[Task, Done]]:
    """Run tasks, and yield each with its outcome in whatever order they end.

    No more tasks are handed out than can be worked on, so all that are out are under way. When a
    process dies they are all lost, and which of them killed it is unknown. So they are done again,
    each alone; one that kills its process again has failed.

    Raises
    ------
    PcnGroupError
        If the cluster is lost.
    """
    waiting = deque(tasks)
    running: dict[Future[Done], Task] = {}
    while waiting or running:
        lost: list[Task] = []
        places = crew.places()
        while waiting and not lost and len(running) < places:
            task = waiting.popleft()
            watcher.started(task)
            try:
                running[crew.start(task)] = task
            except BrokenProcessPool:
                lost.append(task)
        for future in _ended(running):
            task, done = running.pop(future), _result(future)
            if done is None:
                lost.append(task)
            else:
                yield task, done
        if lost:
            wait(running)
            for future, task in running.items():
                done = _result(future)
                if done is None:
                    lost.append(task)
                else:
                    yield task, done
            running.clear()
            crew.renew()
            for task in lost:
                yield task, _alone(crew, task, watcher)


def _ended(running: Iterable[Future[Done]]) -> set[Future[Done]]:
    """Wait for some to end, and return those that have."""
    futures = set(running)
    if not futures:  # a cluster without workers, for the moment
        time.sleep(_LOOK_UP_SECONDS)
    return wait(futures, timeout=_LOOK_UP_SECONDS, return_when=FIRST_COMPLETED).done


def _result(future: Future[Done]) -> Done | None:
    """Return what came of a task; None if it was lost with the processes."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None
    except CancelledError as error:
        raise PcnGroupError(LOST) from error
    except Exception as error:  # noqa: BLE001 - one region's failure stops no other
        return failure(error)


def _alone(crew: Crew, task: Task, watcher: Watcher) -> Done:
    watcher.started(task)
    future = crew.start(task)
    while not _ended([future]):
        pass
    done = _result(future)
    if done is None:
        crew.renew()
        return failure(PcnGroupError(_DIED))
    return done
