"""Threads that search parts of a region, and end at once when the program is interrupted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar
from weakref import WeakSet

from pcn_group.solver.bound.pricing import Pricer

__all__ = ["StopSignal", "Threads"]

Found = TypeVar("Found")

_STEP = 0.2
"""Seconds between two looks for Ctrl-C: Windows does not interrupt an endless wait."""


class StopSignal:
    """Ends the searches of other threads: Ctrl-C is told to the main thread alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_given = False
        self._pricers = WeakSet[Pricer]()

    def watch(self, pricer: Pricer) -> None:
        """Stop a pricer, and so the search that it is of, once the signal is given."""
        with self._lock:
            self._pricers.add(pricer)
            if self._is_given:
                pricer.stop()

    def give(self) -> None:
        """Stop all searches, those that are still to begin among them."""
        with self._lock:
            self._is_given = True
            for pricer in self._pricers:
                pricer.stop()


class Threads:
    """Threads that search side by side; `close` them when done.

    Attributes
    ----------
    stop
        Given when they are closed: for the effort of what they search.
    """

    def __init__(self, workers: int) -> None:
        self._executor = ThreadPoolExecutor(workers)
        self.stop = StopSignal()

    def begin(self, search: Callable[[], Found]) -> Callable[[], Found]:
        """Begin a search once a thread is free; return what waits for its result."""
        return partial(_waited_for, self._executor.submit(search))

    def close(self) -> None:
        """End what is being searched, and let the threads go."""
        self.stop.give()
        self._executor.shutdown(cancel_futures=True)


def _waited_for(search: Future[Found]) -> Found:
    while True:
        try:
            return search.result(timeout=_STEP)
        except TimeoutError:
            if search.done():
                raise
