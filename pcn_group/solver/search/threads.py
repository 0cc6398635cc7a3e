"""Threads that search parts of a region, and end at once when the program is interrupted."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
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
    """Threads that search side by side, the one that waits for them among them.

    `close` them when done.

    Attributes
    ----------
    stop
        Given when they are closed: for the effort of what they search.
    """

    def __init__(self, workers: int) -> None:
        self._others = ThreadPoolExecutor(workers - 1) if workers > 1 else None
        self._queue: deque[_Begun] = deque()
        self.stop = StopSignal()

    def begin(self, search: Callable[[], Found]) -> Callable[[], Found]:
        """Begin a search once a thread is free; return what waits for its result.

        Without other threads it begins when that is called.
        """
        if self._others is None:
            return search
        begun = _Begun(search, self._others.submit(search))
        self._queue.append(begun)
        return partial(self._result, begun)

    def _result(self, asked: _Begun) -> Any:  # noqa: ANN401 - whatever the search returns
        """Return a result; until it is there, search what no other thread has begun."""
        while not asked.future.done():
            if self._queue:
                begun = self._queue.popleft()
                if begun.future.cancel():
                    begun.search_here()
            else:
                wait([asked.future], timeout=_STEP)
        return asked.future.result()

    def close(self) -> None:
        """End what is being searched, and let the threads go."""
        self.stop.give()
        if self._others is not None:
            self._others.shutdown(cancel_futures=True)


@dataclass
class _Begun:
    """A search, and its result once that is there."""

    search: Callable[[], Any]
    future: Future[Any]

    def search_here(self) -> None:
        """Search in this thread."""
        self.future = Future()
        try:
            self.future.set_result(self.search())
        except Exception as error:  # noqa: BLE001 - raised where the result is asked for
            self.future.set_exception(error)
