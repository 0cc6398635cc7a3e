"""The fit of a plan on its page: every figure is one of a file, and the map has the borders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pcn_group.cli.report import command as report
from pcn_group.cli.solve import command as solve
from tests.output.report.barriers import barriers
from tests.output.report.conftest import run
from tests.output.report.opened import Opened, opened, rows
from tests.region.mapped import CENTROIDS, FILES, PRACTICES, RESIDENTS, SHAPES, written

RULES = ("--set", "band.min=2500", "--set", "band.max=3500", "--set", "travel.way=straight")


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fit")
    names = (PRACTICES, RESIDENTS, CENTROIDS, SHAPES)
    paths = written(folder, {name: FILES[name] for name in names})
    run(solve, *paths, *RULES, "--out", folder / "plan", "--report", "--quiet")
    return folder / "plan"


@pytest.fixture(scope="module")
def page(browser: Browser, planned: Path) -> Iterator[Opened]:
    with opened(browser, planned) as it:
        yield it


def number(figure: str) -> int:
    return int(figure.replace(",", "") or 0)


def test_networks_are_as_in_their_file(page: Opened, planned: Path) -> None:
    told = rows(planned / "networks_fit.csv")

    assert [number(cell) for cell in page.column("fit", "Misaligned")] == [
        int(row["misaligned"]) for row in told
    ]
    shares = [f"{float(row['share_aligned']):.1%}" for row in told]
    assert page.column("fit", "Aligned") == shares


@pytest.mark.parametrize(("heading", "code"), [("West", "N1"), ("East", "N2"), ("None", "")])
def test_the_matrix_is_as_in_its_file(page: Opened, planned: Path, heading: str, code: str) -> None:
    told = {
        row["network_id"]: int(row["resident"])
        for row in rows(planned / "neighbourhoods.csv")
        if row["neighbourhood"] == code
    }
    networks = [row["network_id"] for row in rows(planned / "networks_fit.csv")]

    assert [number(cell) for cell in page.column("fit", heading)] == [
        told.get(network, 0) for network in networks
    ]


def test_practices_that_have_to_talk_are_listed(page: Opened, planned: Path) -> None:
    told = [
        row["practice_code"]
        for row in rows(planned / "practices_fit.csv")
        if "true" in {row["straddles"], row["lives_elsewhere"]}
    ]
    listed = page.page.locator("#fit tr[data-practice]").all()

    assert told == ["E81002"]
    assert [row.get_attribute("data-practice") for row in listed] == told


def test_who_else_moves_is_as_in_its_file(page: Opened, planned: Path) -> None:
    (told,) = (row for row in rows(planned / "practices_fit.csv") if row["straddles"] == "true")
    cell = page.page.locator("#fit .to-talk tbody td").last.text_content()

    assert (told["could_join"], told["others_known"]) == ("E81003", "no plan")
    assert cell == "proven: no plan that keeps the rules has it with the hub there"


def test_who_lives_across_borders_is_as_in_its_file(page: Opened, planned: Path) -> None:
    told = [
        (row["neighbourhood"], row["network_id"], int(row["resident"]))
        for row in rows(planned / "neighbourhoods.csv")
        if row["neighbourhood"] and row["serves"] == "false" and row["resident"] != "0"
    ]
    page.page.locator("#fit details summary").click()
    listed = [
        [cell.inner_text().split()[0] for cell in row.locator("th, td").all()]
        for row in page.page.locator("#fit details tbody tr").all()
    ]

    assert [(home, network, number(figure)) for home, network, figure in listed] == told
    assert page.page.locator("#fit .flows path").count() == len(told) == 1


def test_the_map_has_borders_and_names_that_can_be_switched(page: Opened) -> None:
    assert [name["text"] for name in page.marks("text.neighbourhood")] == ["West", "East"]
    assert page.lines("neighbourhoods") > 0
    page.page.locator("input[data-layer=neighbourhoods]").click()
    assert page.marks("text.neighbourhood") == page.marks(".neighbourhoods") == []
    page.page.locator("input[data-layer=neighbourhoods]").click()
    assert page.lines("neighbourhoods") > 0
    assert page.troubles == page.fetched == []


def test_the_page_says_where_patients_count_if_it_is_not_where_they_live(tmp_path: Path) -> None:
    paths = written(tmp_path, {name: FILES[name] for name in (PRACTICES, SHAPES)})
    plan = tmp_path / "plan"
    run(solve, *paths, *RULES, "--out", plan, "--quiet")
    given = [word for path in paths for word in ("--practices", path)]
    run(report, plan, *given, "--out", tmp_path / "drawn")

    assert "Patients count where their practice stands" in (
        tmp_path / "drawn" / "report.html"
    ).read_text("utf-8")


def test_without_a_map_the_page_says_nothing_of_it(tmp_path: Path) -> None:
    (path,) = written(tmp_path, {PRACTICES: FILES[PRACTICES]})
    run(solve, path, *RULES, "--out", tmp_path / "plan", "--report", "--quiet")

    assert 'id="fit"' not in (tmp_path / "plan" / "report.html").read_text("utf-8")


def test_nobody_is_kept_out(browser: Browser, planned: Path) -> None:
    assert barriers(browser, planned) == []
