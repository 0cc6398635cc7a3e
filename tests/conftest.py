"""What all tests share. It also lets them be run from any folder: the root goes on the path.

The program is loaded where a fixture needs it: the process that hands out tests does not.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from shutil import which
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.depth import DEEP, many

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The shell has no windows and no extensions: it draws alike, and takes a quarter less time.
BROWSERS = ("chromium-headless-shell", "chromium")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Compiled code is loaded on first use, so the first example takes longer than the others; and a
# machine that is busy with something else takes longer for all of them. Runs at the same time
# share no database of examples.
settings.register_profile(
    "tests",
    max_examples=many(100),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tests")


def pytest_collection_finish() -> None:
    """Keep modules and tests out of what is looked through for garbage: they stay to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def unsynced() -> Iterator[None]:
    """Nobody waits for the disk: what tests write need not outlive a power cut."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _: None)
        yield


@pytest.fixture(scope="module", autouse=True)
def reading_once() -> Iterator[None]:
    """Commands and plans read what they are about once; tests of reading call it themselves."""
    from tests.read_once import ONCE  # noqa: PLC0415 - as above

    with pytest.MonkeyPatch.context() as patch:
        for name, once in () if DEEP else ONCE.items():
            patch.setattr(name, once)
        yield


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches start no processes: what these do is tried in tests/batch."""
    from tests.batch.several import crew_here  # noqa: PLC0415 - as above

    monkeypatch.setattr("pcn_group.batch.crews.local_crew", crew_here)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser to open pages in: one, since two in a process disturb each other."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - few tests need it

    found = next(filter(None, map(which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"there is no {' or '.join(BROWSERS)}: tests/programs.sh installs one")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=[*QUIET])
        yield started
        started.close()
