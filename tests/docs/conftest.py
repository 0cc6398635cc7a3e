"""What the pages are compared with: a folder to run their commands in, and the site built once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, README, ROOT, SAMPLE, transcripts


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample where the README has it."""
    place = tmp_path_factory.mktemp("docs")
    (place / "data" / "sample").mkdir(parents=True)
    for path in (SAMPLE, SAMPLE.with_name("land.geojson")):
        shutil.copy(path, place / "data" / "sample")
    return place


@pytest.fixture(scope="session")
def first_screen(folder: Path) -> list[str]:
    """What the README's command prints, piped, where there is no terminal; it leaves `plan`."""
    arguments, _ = transcripts(README)[0]
    odd = {"COLUMNS", "LINES", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}
    kept = {name: value for name, value in os.environ.items() if name not in odd}
    done = subprocess.run(
        [sys.executable, "-m", "pcn_group", *arguments],
        cwd=folder,
        env={**kept, "COLUMNS": "80", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return [line.rstrip() for line in done.stdout.decode("utf-8").splitlines()]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make docs` builds."""
    place = tmp_path_factory.mktemp("site")
    shutil.copy(ROOT / "zensical.toml", place)
    shutil.copytree(DOCS, place / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    done = subprocess.run(
        command, cwd=place, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return place / "site"
