"""What a person is told on standard error when a command ends without its result."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import platform
import shlex
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, TextIO, cast

import click

from pcn_group.base.errors import (
    IncompleteError,
    InputError,
    PcnGroupError,
    PipeClosedError,
    UnwrittenError,
)
from pcn_group.base.versions import __version__

__all__ = [
    "CODES",
    "DEBUG",
    "Stop",
    "guarded_streams",
    "show_error",
    "show_fault_of_program",
    "stopped_by_signals",
    "with_common_codes",
]

DEBUG = "PCN_GROUP_DEBUG"
"""The environment variable that has a fault of the program shown with all its calls."""

_MOST_ALIKE = 50
"""Faults shown that differ in nothing but row and value: a wrong column has thousands."""

_LONGEST = 300
"""Characters shown of what an error says: some of libraries go on for pages."""


def show_error(error: PcnGroupError) -> None:
    """Print an error that is meant for the user, and what to do about it."""
    if isinstance(error, PipeClosedError):
        return
    if not isinstance(error, InputError):
        remedy = " Run again with --overwrite." if isinstance(error, IncompleteError) else ""
        click.echo(f"{error}{remedy}", err=True)
        return
    count = len(error.faults)
    click.echo(f"{count:,} fault{'s' if count != 1 else ''} in the input:", err=True)
    alike: Counter[tuple[str, ...]] = Counter()
    for fault in error.faults:
        kind = (fault.source, fault.column or "", fault.problem)
        alike[kind] += 1
        if alike[kind] <= _MOST_ALIKE:
            click.echo(f"  {fault}", err=True)
    for (source, _, problem), number in alike.items():
        if number > _MOST_ALIKE:
            click.echo(f"  {source}: {number - _MOST_ALIKE:,} more: {problem}", err=True)
    click.echo("Nothing was written.", err=True)


def show_fault_of_program(error: BaseException) -> None:
    """Print what whoever mends the program needs to know, in few lines."""
    if isinstance(error, MemoryError):
        click.echo("There is not enough memory for this. Try fewer practices at once.", err=True)
    else:
        said = str(error).partition("\n")[0][:_LONGEST]
        click.echo(
            f"A fault of the program: {type(error).__name__}: {said} ({_place(error)})", err=True
        )
        click.echo("Please report it, with the input if you may, and with this:", err=True)
        click.echo(
            f"  pcn-group {__version__}, Python {platform.python_version()}, {sys.platform}: "
            f"{shlex.join(['pcn-group', *sys.argv[1:]])}",
            err=True,
        )
    if os.environ.get(DEBUG):
        click.echo("".join(traceback.format_exception(error)), err=True)
    else:
        click.echo(f"With {DEBUG}=1 in the environment it says more.", err=True)


def _place(error: BaseException) -> str:
    """Return the last line of ours that the error came through, such as `batch/run.py:44`."""
    package = Path(__file__).parents[1]
    *_, last = (
        f"{Path(frame.filename).relative_to(package).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(package)
    )
    return last


_PLAIN = """\b
Exit codes:
  0  done
  2  unusable input, configuration or arguments; nothing was written
"""

_COMMON = """\
  1  a fault of the program, or files were written only in part; the message says which
  6  the result could not be written; the message says where it is kept
  130, 141, 143  interrupted, nobody reads the output, terminated; what was written is kept
"""


def with_common_codes(epilog: str | None) -> str:
    """Return the end of a command's help with the codes that all commands have, if not yet there.

    Parameters
    ----------
    epilog
        What the command itself has to say: its own codes are the last of it, if it has any.
    """
    own = epilog or _PLAIN
    if "Exit codes" not in own:
        own = f"{own.rstrip()}\n\n{_PLAIN}"
    return own if own.endswith(_COMMON) else own + _COMMON


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
    The next one ends the process at once, whatever it is tidying up. One that comes while the
    compiler calls Python waits for a moment: an exception would be lost there.
    """
    before: dict[int, Any] = {}

    def interrupt(number: int, frame: FrameType | None) -> None:
        if _is_called_by_the_compiler(frame):
            threading.Timer(0.02, signal.raise_signal, (number,)).start()
            return
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


def _is_called_by_the_compiler(frame: FrameType | None) -> bool:
    while frame is not None:
        if "llvmlite" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


_CLOSED = {errno.EPIPE, errno.EINVAL} if sys.platform == "win32" else {errno.EPIPE}
"""What is said of a pipe that nobody reads; click and rich end the program at the usual error."""


class _Guarded(io.RawIOBase):
    """A stream that takes everything and does nothing from its first failure on.

    Parameters
    ----------
    raw
        Where to write.
    on_failure
        What is to be raised when that fails, if anything.
    """

    def __init__(
        self, raw: io.RawIOBase, on_failure: Callable[[OSError], Exception | None]
    ) -> None:
        self._raw = raw
        self._on_failure = on_failure
        self._is_lost = False

    def writable(self) -> bool:
        """Whether it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the number that the system knows it by."""
        return self._raw.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._raw.isatty()

    def write(self, data: memoryview) -> int | None:  # type: ignore[override]  # all it is given
        """Write some of the data and return how much; all of it once the stream is lost."""
        if not self._is_lost:
            try:
                return self._raw.write(data)
            except OSError as error:
                self._is_lost = True
                if (told := self._on_failure(error)) is not None:
                    raise told from error
        return len(data)


@contextlib.contextmanager
def guarded_streams() -> Iterator[None]:
    """Have the standard streams guarded while the block runs.

    Writing to standard output then raises PipeClosedError when nobody reads it any more, and
    UnwrittenError when it cannot be written for another reason. Standard error is let go of without
    a word, as there is no place for one. A letter that the encoding lacks is escaped: it must not
    end a run.
    """
    _fill_closed()
    before = sys.stdout, sys.stderr
    sys.stdout = _guarded(sys.stdout, _about_output)
    sys.stderr = _guarded(sys.stderr, lambda _: None)
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def _about_output(error: OSError) -> Exception:
    if error.errno in _CLOSED:
        return PipeClosedError()
    return UnwrittenError(
        f"Standard output cannot be written: {error.strerror}. Files that were written are kept."
    )


def _guarded(stream: TextIO, on_failure: Callable[[OSError], Exception | None]) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if not isinstance(raw, io.RawIOBase):
        stream.reconfigure(errors="backslashreplace")
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(cast("io.RawIOBase", _Guarded(raw, on_failure))),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _fill_closed() -> None:
    """Put nothing where a standard stream is closed: else the first file opened takes its place."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, io.StringIO())
            with contextlib.suppress(OSError):  # such as a root without devices
                taken = os.open(os.devnull, os.O_RDWR)
                os.set_inheritable(taken, taken == number)
