"""One region to do, how it is done, timed and weighed, and what came of it.

Tasks and what came of them travel between processes. Only the worker loads the search.
"""

from __future__ import annotations

import threading
import time
import traceback
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from pcn_group.base.errors import InfeasibleError, NoPlanInTimeError, PcnGroupError
from pcn_group.config.model import Configuration
from pcn_group.practices import Practices

__all__ = ["FAILED", "Done", "Task", "failure", "group_region"]

FAILED = "failed"
"""The status of a region that has no outcome: a fault, or a process that died."""


@dataclass(frozen=True)
class Task:
    """A region to group into networks.

    Attributes
    ----------
    code
        The region.
    folder
        What relative paths in the configuration are relative to.
    versions
        With which it must be done.
    """

    code: str
    practices: Practices
    configuration: Configuration
    folder: Path
    versions: dict[str, str]


@dataclass(frozen=True)
class Done:
    """What came of a region.

    Attributes
    ----------
    status
        As in `Solution.status`, or `FAILED`.
    exit_code
        What `solve` would have ended with.
    reason
        Why there is no plan, or why networks are outside the band; else empty.
    seconds, peak_memory_mb
        Measured: of the run, compiling apart, and of the process meanwhile.
    files
        The text of each file of the plan; empty without one.
    trace
        Where a fault of the program arose.
    """

    status: str
    exit_code: int
    reason: str = ""
    seconds: float = 0.0
    peak_memory_mb: float = 0.0
    files: dict[str, str] = field(default_factory=dict)
    trace: str = ""


def failure(error: BaseException) -> Done:
    """Describe a region that came to nothing because of an error."""
    told = "; ".join(str(error).splitlines())
    reason = told if isinstance(error, PcnGroupError) else f"{type(error).__name__}: {told}"
    return Done(FAILED, 1, reason, trace="".join(traceback.format_exception(error)))


_EVERY_SECONDS = 0.02


class _Meter:
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
    from pcn_group.geography.ways import compile_ways  # noqa: PLC0415 - only workers need it
    from pcn_group.solver.compiled import compile_kernels  # noqa: PLC0415 - as above

    compile_kernels()
    compile_ways()
    started = time.perf_counter()
    with _Meter() as meter:
        done = _outcome(task)
    seconds = time.perf_counter() - started
    return replace(done, seconds=round(seconds, 3), peak_memory_mb=round(meter.peak / 1e6, 1))


def _outcome(task: Task) -> Done:
    from pcn_group.output.data.plan_files import plan_files  # noqa: PLC0415 - likewise
    from pcn_group.pipeline import solve  # noqa: PLC0415 - likewise

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
