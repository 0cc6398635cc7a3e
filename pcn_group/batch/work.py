"""Grouping one region, timed and weighed: the part that needs the whole program."""

from __future__ import annotations

import gc
import threading
import time
from dataclasses import replace
from types import TracebackType
from typing import Self

import psutil

from pcn_group.base.errors import InfeasibleError, NoPlanInTimeError
from pcn_group.batch.task import Done, Task, failure
from pcn_group.geography.mesh import compile_ways
from pcn_group.output.data.plan_files import plan_files
from pcn_group.pipeline import solve
from pcn_group.solver.compiled import compile_kernels

__all__ = ["Meter", "group_region"]

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


def group_region(task: Task) -> Done:
    """Group a region into networks, and measure what that takes, compiling apart."""
    compile_kernels()
    compile_ways()
    started = time.perf_counter()
    with Meter() as meter:
        done = _outcome(task)
    seconds = time.perf_counter() - started
    return replace(done, seconds=round(seconds, 3), peak_memory_mb=round(meter.peak / 1e6, 1))


def _outcome(task: Task) -> Done:
    try:
        anchored = task.configuration.anchored(task.folder)
        result = solve(task.practices, anchored)
    except InfeasibleError as error:
        return Done("infeasible", error.exit_code, str(error))
    except NoPlanInTimeError as error:
        return Done("no_plan_in_time", error.exit_code, str(error))
    except Exception as error:  # noqa: BLE001 - a fault is measured too
        return failure(error)
    files = plan_files(result, home=task.folder)
    reason = "; ".join(f"{n.network_id}: {n.exception}" for n in result.exceptions)
    return Done(result.solution.status, 0 if result.keeps_the_band else 3, reason, files=files)
