"""The benchmarks' commands, run without a process for each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import bands, rules, runs, sizes
from benchmarks.runs import Process, measured
from pcn_group.cli import group

PCN_GROUP = [sys.executable, "-m", "pcn_group"]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, in_this_process: None) -> None:  # noqa: ARG001 - batches too
    """Run pcn-group in this process, and other programs as they are: all are measured alike."""

    def run(command: Sequence[str], folder: Path, limit: float) -> tuple[Process, str, str]:
        if command[:3] != PCN_GROUP:
            return measured(command, folder, limit)
        done = CliRunner().invoke(group, command[3:])
        return Process(1.0, 1.0, 1.0, done.exit_code), done.stdout, done.stderr

    for module in (bands, rules, runs, sizes):
        monkeypatch.setattr(module, "measured", run)
