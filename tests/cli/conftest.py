"""The command line as from a shell: what its tests share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from pcn_group.cli import main

__all__ = ["Command", "Run"]


class Run(NamedTuple):
    """How a run ended: its exit code, and what it wrote to each stream."""

    code: int
    out: str
    err: str


Command = Callable[..., Run]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Command:
    """Runs the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str | Path) -> Run:
        monkeypatch.setattr(sys, "argv", ["pcn-group", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsys.readouterr()
        return Run(int(stop.value.code or 0), printed.out, printed.err)

    return command
