"""One region to do and what came of it, as they travel between processes."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from pathlib import Path

from pcn_group.base.errors import PcnGroupError
from pcn_group.config.model import Configuration
from pcn_group.practices import Practices

__all__ = ["FAILED", "Done", "Task", "failure"]

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
