"""Every kind of page, light and dark, as axe-core judges it: nothing is found."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pcn_group.base.files import write_atomically
from pcn_group.cli.alternatives import command as alternatives
from pcn_group.cli.batch import command as batch
from pcn_group.cli.report import command as report
from pcn_group.cli.tradeoff import command as tradeoff
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv
from tests.batch.several import country, written
from tests.output.report.conftest import SAMPLE, run
from tests.output.report.opened import Opened, opened
from tests.output.report.test_fit_on_page import RULES
from tests.region.mapped import CENTROIDS, FILES, PRACTICES, RESIDENTS, SHAPES
from tests.region.mapped import written as region_written

if find_spec("axe_playwright_python") is None:
    pytest.skip("axe-playwright-python is not installed", allow_module_level=True)

PAGES = {
    "a plan": "report.html",
    "a plan with neighbourhoods and figures": "fit/report.html",
    "a draft": "report.html",
    "plans compared": "compared/comparison.html",
    "a curve": "curve/curve.html",
    "alternatives": "found/alternatives.html",
    "all regions": "batch/index.html",
}


@pytest.fixture(scope="module")
def pages(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a page of each kind."""
    folder = tmp_path_factory.mktemp("accessible")
    run(report, drawn, "--out", folder / "plan")
    (folder / "report.html").write_bytes((folder / "plan" / "report.html").read_bytes())
    run(report, drawn, "current", "--practices", SAMPLE, "--out", folder / "compared")
    write_atomically(folder / "practices.csv", practices_csv(make_sample(16, 3)))
    points = ("--against", "band", "--points", 3)
    run(tradeoff, folder / "practices.csv", *points, "--out", folder / "curve", "--quiet")
    run(report, folder / "curve")
    run(alternatives, drawn, "--within", "0.5%", "--count", 3, "--out", folder / "found", "--quiet")
    run(report, folder / "found")
    (folder / "regions").mkdir()
    written(folder / "regions", country(2))
    regions = (folder / "regions" / "practices.csv", "--out", folder / "batch", "--report")
    run(batch, *regions, "--workers", 1, "--quiet")
    (folder / "mapped").mkdir()
    names = (PRACTICES, RESIDENTS, CENTROIDS, SHAPES)
    paths = region_written(folder / "mapped", {name: FILES[name] for name in names})
    figures = ("--set", "profile.figures=[{name: lists, column: list_size, adds: sum}]")
    from pcn_group.cli.solve import command as solve  # noqa: PLC0415

    run(solve, *paths, *RULES, *figures, "--out", folder / "fit", "--report", "--quiet")
    return folder


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, browser: Browser, pages: Path) -> Iterator[Opened]:
    with opened(browser, pages, PAGES[request.param]) as it:
        if request.param == "a draft":
            it.page.get_by_role("button", name="Try changes").click()
        yield it


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_found(page: Opened, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - may be missing

    page.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # its schemes are literals
    for details in page.page.locator("details").all():
        details.evaluate("(it) => { it.open = true; }")
    found = Axe().run(page.page).response["violations"]
    told = [
        (each["id"], node["target"], node.get("failureSummary", ""))
        for each in found
        for node in each["nodes"]
    ]
    assert told == []
