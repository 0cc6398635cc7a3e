"""Fuzzing one reader in one process: every input must end well, in bounded time and memory.

Each input follows from the seed, the reader and its number alone, so that any can be had again:

    python -m tests.deep.fuzz --reader 3 --seed 1 --only 4711
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import resource
import shlex
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import FrameType

from pcn_group.cli import main
from tests.deep.mutations import mutated
from tests.deep.readers import Reader, folder_with_plan, readers

GOOD_ENDS = {0, 2, 3, 4, 5, 6}
MEMORY = 6 << 30
"""Bytes of addresses: the libraries alone take two thirds of it."""

MOST_SECONDS = 30
"""Of the processor's time, for one input."""

_MOST_FOUND = 20


class TooSlowError(BaseException):
    """An input takes too long."""


def stop(_number: int, _frame: FrameType | None) -> None:
    raise TooSlowError


def ended(reader: Reader, data: bytes, folder: Path) -> str:
    """Run the command on a file; say what went wrong, or nothing."""
    path = folder / reader.file
    path.write_bytes(data)
    sys.argv = ["pcn-group", *shlex.split(reader.command.format(reader.file))]
    out, err = io.StringIO(), io.StringIO()
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as end:
        code = int(end.code or 0)
        is_good = code in GOOD_ENDS and "Traceback" not in err.getvalue()
        return "" if is_good else f"exit {code}\n{err.getvalue()}"
    except TooSlowError:
        return f"takes more than {MOST_SECONDS} seconds\n{traceback.format_exc()}"
    except BaseException:  # noqa: BLE001 - whatever it is, it is found
        return traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ""


def data_of(reader: Reader, start: bytes, seed: int, number: int) -> bytes:
    chance = random.Random(f"{seed} {reader.file} {reader.command} {number}")  # noqa: S311
    return mutated(start, chance)


def place_of(failure: str) -> str:
    """What tells one fault of the program from another: its last lines, without values."""
    lines = [line.strip() for line in failure.splitlines() if 'File "' in line]
    return lines[-1] if lines else failure[:60]


def fuzz(
    reader: Reader, start: bytes, seed: int, seconds: float, last: Path
) -> dict[str, tuple[int, str]]:
    """Try inputs for a time; return the first of each kind of failure, with its number."""
    found: dict[str, tuple[int, str]] = {}
    number, until = 0, time.process_time() + seconds
    while time.process_time() < until and len(found) < _MOST_FOUND:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            os.chdir(folder)
            folder_with_plan(folder)
            last.write_text(str(number))
            if failure := ended(reader, data_of(reader, start, seed, number), folder):
                found.setdefault(place_of(failure), (number, failure))
            os.chdir("/")
        number += 1
    print(f"{number} inputs, {len(found)} faults", flush=True)  # noqa: T201
    return found


def run() -> int:
    """Fuzz the reader that is asked for, or try one of its inputs again."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reader", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument("--last", type=Path, default=Path(os.devnull))
    asked = parser.parse_args()
    reader = readers()[asked.reader]
    start = reader.start if isinstance(reader.start, bytes) else reader.start()
    sys.stderr.reconfigure(errors="backslashreplace")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, stop)
    if asked.only is not None:
        with tempfile.TemporaryDirectory() as name:
            os.chdir(name)
            folder_with_plan(Path(name))
            data = data_of(reader, start, asked.seed, asked.only)
            print(f"{reader.file}, {len(data)} bytes: {data[:2000]!r}")  # noqa: T201
            print(ended(reader, data, Path(name)) or "ends well")  # noqa: T201
            os.chdir("/")
        return 0
    found = fuzz(reader, start, asked.seed, asked.seconds, asked.last)
    for number, failure in found.values():
        print(f"--- input {number}\n{failure}", file=sys.stderr)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(run())
