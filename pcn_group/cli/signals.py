"""Signals that ask a run to end: each does what Ctrl-C does."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

__all__ = ["CODES", "Stop", "stopped_by_signals"]

_INTERRUPTED = 130

CODES = {"SIGINT": _INTERRUPTED, "SIGBREAK": _INTERRUPTED, "SIGHUP": 129, "SIGTERM": 143}
"""The exit code of each; no system has them all. SIGHUP is what a terminal sends as it closes."""


@dataclass
class Stop:
    """What ends a run, once something does.

    Attributes
    ----------
    code
        The exit code that goes with it; that of Ctrl-C unless another signal came.
    """

    code: int = _INTERRUPTED


@contextlib.contextmanager
def stopped_by_signals(stop: Stop) -> Iterator[None]:
    """Have signals raise `KeyboardInterrupt` while the block runs, and note which one it was.

    A signal that the parent process ignores stays ignored, as `nohup` and background jobs want it.
    The next one ends the process at once, whatever it is tidying up.
    """
    before: dict[int, Any] = {}

    def interrupt(number: int, _frame: FrameType | None) -> None:
        stop.code = codes[number]
        for each in before:
            signal.signal(each, signal.SIG_DFL)
        raise KeyboardInterrupt

    codes = {getattr(signal, name): code for name, code in CODES.items() if hasattr(signal, name)}
    if threading.current_thread() is threading.main_thread():  # no other may have handlers
        for number in codes:
            if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
                before[number] = signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
