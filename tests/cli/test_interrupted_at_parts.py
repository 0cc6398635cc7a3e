"""Ctrl-C while threads search the parts of a large region."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.cli.conftest import Command
from tests.listening import LISTENING

PATIENCE = 300
"""Seconds after which a process is taken for one that never ends: the machine may be busy."""

LARGE = "from pcn_group.solver.search import state\nstate.LARGE = 100\n"
"""So that a region that is soon searched is one of parts."""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.deep)],
)
def test_it_ends_with_all_its_threads_and_leaves_no_plan(
    run: Command, tmp_path: Path, number: int, code: int
) -> None:
    run("sample", "--practices", "300", "--out", "region.csv")
    python, option, script = LISTENING
    solve = subprocess.Popen(
        [python, option, LARGE + script, "solve", "region.csv", "--out", "plan"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        start_new_session=True,
    )
    assert solve.stderr is not None
    while "part by part" not in (line := solve.stderr.readline()):
        assert line, "ended before the signal came"
    processes = [psutil.Process(solve.pid), *psutil.Process(solve.pid).children(recursive=True)]
    os.killpg(solve.pid, number)
    _, told = solve.communicate(timeout=PATIENCE)
    assert (solve.returncode, told.splitlines()[-1]) == (code, "Interrupted.")
    assert not psutil.wait_procs(processes, timeout=PATIENCE)[1]
    assert not (tmp_path / "plan").exists()
