"""Run a command and write down what it took: `measure.py FILE KILL_AFTER COMMAND...`.

A process of its own, because a child's peak memory counts from the size of the process that started
it: this one imports next to nothing, so that it never hides how little a program needs.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    file, kill_after, *command = sys.argv[1:]
    start = time.perf_counter()
    child = subprocess.Popen(command)
    signal.signal(signal.SIGALRM, lambda _signal, _frame: child.kill())
    signal.setitimer(signal.ITIMER_REAL, float(kill_after))
    _, status, usage = os.wait4(child.pid, 0)
    measured = {
        "seconds": time.perf_counter() - start,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        # Linux counts in KiB, macOS in bytes.
        "peak_mib": usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10),
        "exit_code": os.waitstatus_to_exitcode(status),
    }
    Path(file).write_text(json.dumps(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
