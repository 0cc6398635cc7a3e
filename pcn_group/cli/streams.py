"""Standard output and error: where nothing can be written any more, that is told once, or never."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from typing import TextIO, cast

from pcn_group.base.errors import PipeClosedError, UnwrittenError

__all__ = ["guarded_streams"]

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
