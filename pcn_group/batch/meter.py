"""The memory of a process while it works."""

from __future__ import annotations

import gc
import threading
from types import TracebackType
from typing import Self

import psutil

__all__ = ["Meter"]

_EVERY_SECONDS = 0.02


class Meter:
    """Samples the resident memory of this process while a block runs.

    That counts everything the process holds: Python, the libraries, what earlier work in the same
    process has left behind. It is what the machine must have, which is the question.

    Attributes
    ----------
    peak
        The most seen, in bytes.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._process = psutil.Process()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Start to watch."""
        gc.collect()
        self._sample()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join()
        self._sample()

    def _watch(self) -> None:
        while not self._stop.wait(_EVERY_SECONDS):
            self._sample()

    def _sample(self) -> None:
        self.peak = max(self.peak, self._process.memory_info().rss)
