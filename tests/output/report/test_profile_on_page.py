"""Figures on the page of a plan: as in their files, and networks shaded by them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pcn_group.cli.solve import command as solve
from pcn_group.output.maps.colours import SHADES, UNKNOWN
from tests.output.report.barriers import barriers
from tests.output.report.conftest import run
from tests.output.report.opened import Opened, opened, rows
from tests.region.mapped import FILES, PRACTICES, written

NEED = "practice_code,old,need\nE81001,100,2.5\nE81002,450,1\nE81003,,4\n"
FIGURES = "profile.figures=[{name: old, adds: share}, {name: need, label: Need, better: low}]"
RULES = ("--set", "band.min=500", "--set", "band.max=3000", "--set", "travel.way=straight")


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("profile")
    paths = written(folder, {PRACTICES: FILES[PRACTICES]})
    (folder / "need.csv").write_text(NEED, encoding="utf-8")
    words = (*paths, folder / "need.csv", *RULES, "--set", FIGURES)
    run(solve, *words, "--out", folder / "plan", "--report", "--quiet")
    return folder / "plan"


@pytest.fixture(scope="module")
def page(browser: Browser, planned: Path) -> Iterator[Opened]:
    with opened(browser, planned) as it:
        yield it


def values(planned: Path, figure: str) -> list[float | None]:
    return [
        float(row["value"]) if row["value"] else None
        for row in rows(planned / "profile.csv")
        if row["level"] == "network" and row["figure"] == figure
    ]


def test_figures_are_as_in_their_file(page: Opened, planned: Path) -> None:
    old = ["not known" if n is None else f"{n:.1%}" for n in values(planned, "old")]

    assert "not known" in old
    assert page.column("figures", "Old") == old
    assert page.column("figures", "Need") == [f"{n:.2f}" for n in values(planned, "need")]


def test_each_figure_has_a_chart_with_a_dot_for_each_network(page: Opened, planned: Path) -> None:
    charts = page.page.locator("#figures .strip").all()

    assert [chart.locator("circle").count() for chart in charts] == [
        sum(value is not None for value in values(planned, figure)) for figure in ("old", "need")
    ]
    assert "Less is better off." in charts[1].inner_text()


def test_the_map_is_shaded_by_the_figure_that_is_chosen(page: Opened, planned: Path) -> None:
    def fills() -> list[str]:
        of = {int(cell["network"]): cell["fill"] for cell in page.marks(".cell")}
        return [of[network] for network in sorted(of)]

    own = fills()
    need, old = values(planned, "need"), values(planned, "old")
    page.page.select_option("#shading", label="Need")
    by_need = sorted(zip(need, fills(), strict=True), key=lambda pair: pair[0] or 0)
    assert [SHADES.index(fill) for _, fill in by_need] == sorted(
        {SHADES.index(fill) for fill in fills()}
    )
    legend = page.page.locator("[data-shading='2']")
    assert legend.is_visible()
    assert legend.locator("li").count() == len(need)
    page.page.select_option("#shading", label="Old")
    assert [fill == UNKNOWN for fill in fills()] == [value is None for value in old]
    page.page.select_option("#shading", label="Network")
    assert fills() == own
    assert not legend.is_visible()
    assert page.troubles == page.fetched == []


def test_a_page_without_figures_has_no_place_for_them(tmp_path: Path) -> None:
    (path,) = written(tmp_path, {PRACTICES: FILES[PRACTICES]})
    run(solve, path, *RULES, "--out", tmp_path / "plan", "--report", "--quiet")

    text = (tmp_path / "plan" / "report.html").read_text("utf-8")
    assert 'id="figures"' not in text
    assert 'id="shading"' not in text


def test_nobody_is_kept_out(browser: Browser, planned: Path) -> None:
    assert barriers(browser, planned) == []
