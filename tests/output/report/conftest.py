"""Plans drawn once for all tests of the report, and a browser to open their pages in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner
from playwright.sync_api import Browser

from pcn_group.base.files import write_atomically
from pcn_group.cli.report import command as report
from pcn_group.cli.solve import command as solve
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv
from tests.output.report.opened import Opened, opened
from tests.output.report.plans import write_hostile
from tests.paths import ROOT

SAMPLE = ROOT / "data" / "sample" / "practices.csv"


def run(command: Command, *arguments: object) -> None:
    done = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample's best plan, as `solve --report` leaves it."""
    plan = tmp_path_factory.mktemp("report") / "plan"
    run(solve, SAMPLE, "--out", plan, "--report", "--quiet")
    return plan


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pictures of a region of 209 practices."""
    folder = tmp_path_factory.mktemp("report")
    write_atomically(folder / "practices.csv", practices_csv(make_sample(209, 1)))
    run(report, "current", "--practices", folder / "practices.csv", "--out", folder / "large")
    return folder / "large"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pictures of a plan made by hand, with names that are none."""
    folder = tmp_path_factory.mktemp("report")
    plan = write_hostile(folder)
    run(report, plan, "--out", folder / "hostile")
    return folder / "hostile"


@pytest.fixture(autouse=True)
def as_it_was(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test the pages it shares with others are as they were before it."""
    yield
    for page in {it for it in request.node.funcargs.values() if isinstance(it, Opened)}:
        if not page.page.is_closed():
            page.restore()


@pytest.fixture(scope="module")
def sample(browser: Browser, drawn: Path) -> Iterator[Opened]:
    """The page of the sample's best plan."""
    with opened(browser, drawn) as page:
        yield page


@pytest.fixture(scope="module")
def large_page(browser: Browser, large: Path) -> Iterator[Opened]:
    """The page of 209 practices, on a small laptop."""
    with opened(browser, large, viewport={"width": 1366, "height": 768}) as page:
        yield page


@pytest.fixture(scope="module")
def hostile_page(browser: Browser, hostile: Path) -> Iterator[Opened]:
    """The page of the plan made by hand."""
    with opened(browser, hostile) as page:
        yield page
