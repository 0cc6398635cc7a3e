"""The page of a trade-off curve in a real browser, without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pcn_group.base.files import write_atomically
from pcn_group.cli.report import command as report
from pcn_group.cli.tradeoff import command as tradeoff
from pcn_group.output.data.curves import CURVE_PAGE
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv
from tests.output.report.barriers import barriers
from tests.output.report.conftest import run
from tests.output.report.opened import Opened, opened, rows
from tests.output.report.plans import SCRIPT, UNBROKEN

AGAINST = ("band", "moves", "need")
"""Each kind of curve; the last against a figure of the profile."""


@pytest.fixture(scope="module")
def curves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the curve of a small region against each, and their pages."""
    folder = tmp_path_factory.mktemp("curves")
    table = make_sample(16, 3)
    table.loc[:1, "practice_name"] = [SCRIPT, UNBROKEN]
    write_atomically(folder / "practices.csv", practices_csv(table))
    for against in AGAINST:
        arguments = ("--against", against, "--points", 4, "--out", folder / against, "--quiet")
        if against == "need":
            arguments += ("--set", "profile.figures=[{name: need, column: list_size}]")
        run(tradeoff, folder / "practices.csv", *arguments)
        run(report, folder / against)
    return folder


@pytest.fixture(scope="module", params=AGAINST)
def page(request: pytest.FixtureRequest, browser: Browser, curves: Path) -> Iterator[Opened]:
    with opened(browser, curves / request.param, CURVE_PAGE) as it:
        yield it


def curve(it: Opened) -> list[dict[str, str]]:
    return rows(Path(it.address.removeprefix("file://")).with_name("curve.csv"))


def amount(row: dict[str, str]) -> float:
    if "spread" in row:
        return float(row["spread"])
    if "patients_moved" in row:
        return int(row["patients_moved"])
    return int(row["patients_short"]) + int(row["patients_above"])


def labels(rows: list[dict[str, str]]) -> list[str]:
    """What stands beside each point: its price, or what it costs more than the first."""
    if "price_km" in rows[0]:
        return [f"{row['price_km']} km" for row in rows]
    costs = [float(row["cost_patient_km"]) for row in rows]
    return ["least travel", *(f"+{100 * (cost / costs[0] - 1):.1f}%" for cost in costs[1:])]


def points(it: Opened) -> list[tuple[float, float, str]]:
    """Where the points are drawn, and what stands beside each."""
    found: list[tuple[float, float, str]] = it.page.evaluate(
        """() => [...document.querySelectorAll("#curve .point")].map((point) => {
            const { cx, cy } = point.querySelector("circle");
            return [cx.baseVal.value, cy.baseVal.value, point.querySelector("text").textContent];
        })"""
    )
    return found


def test_points_are_those_of_the_csv_file(page: Opened) -> None:
    told = curve(page)
    assert len(told) >= 3
    assert [label for *_, label in points(page)][:-1] == labels(told)[:-1]
    for k, key in ((0, amount), (1, lambda row: -float(row["mean_km"]))):
        values, places = [key(row) for row in told], [point[k] for point in points(page)]
        scale = (places[0] - places[-1]) / (values[0] - values[-1])
        assert scale > 0
        assert places == pytest.approx(
            [places[0] + scale * (value - values[0]) for value in values], abs=0.2
        )
    assert page.troubles == []
    assert page.fetched == []


def test_the_table_is_that_of_the_csv_file(page: Opened) -> None:
    for heading, key in (("Patient-km", "cost_patient_km"), ("Networks", "networks")):
        shown = [cell.replace(",", "") for cell in page.column("plans", heading)]
        assert shown == [row[key] for row in curve(page)]


def test_a_point_shows_its_plan(page: Opened) -> None:
    expect(page.page.locator("#shown")).to_have_text("Plan 1")
    number = len(curve(page)) - 1
    page.page.locator(f"#curve [data-point='{number}'] circle").last.click()
    expect(page.page.locator("#shown")).to_have_text(f"Plan {number + 1}")
    expect(page.page.locator(f"tr[data-plan='{number}'] .pick")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert len(page.alone()) == int(curve(page)[number]["networks"])
    chosen = page.page.locator("#curve .point.on")
    expect(chosen).to_have_attribute("data-point", str(number))


def test_a_row_shows_its_plan_and_a_network_can_be_picked(page: Opened) -> None:
    page.page.locator("tr[data-plan='0'] .pick").click()
    expect(page.page.locator("#shown")).to_have_text("Plan 1")
    assert len(page.alone()) == int(curve(page)[0]["networks"])
    page.page.mouse.click(*page.number(0))
    expect(page.page.locator("#picked h3")).to_have_count(1)
    page.page.keyboard.press("Escape")
    assert len(page.alone()) == int(curve(page)[0]["networks"])


def test_a_network_is_told_of_as_on_the_page_of_the_plan(page: Opened) -> None:
    page.page.locator("tr[data-plan='0'] .pick").click()
    plan = page.page.evaluate("JSON.parse(document.getElementById('drawn').textContent)[0]")
    for number, network in enumerate(plan["networks"]):
        page.page.get_by_role("combobox", name="Network").select_option(str(number))
        told = page.page.locator("#picked")
        expect(told.locator("h3")).to_have_text(
            f"{number + 1}: {network['name']} ({network['id']})"
        )
        expect(told).to_contain_text(f"{int(network['patients']):,} patients in ")
        expect(told).to_contain_text(f"{network['mean']} km on average and {network['longest']} km")
        expect(told.locator("tbody tr")).to_have_count(int(network["practices"]))
        expect(told.get_by_text("Exception: ")).to_have_count(int(network["exception"] != ""))
        expect(told).to_contain_text(network["exception"])
    if "/band/" in page.address:
        assert any(network["exception"] for network in plan["networks"])
    page.page.keyboard.press("Escape")


def test_hostile_names_harm_nothing(page: Opened) -> None:
    box = page.page.get_by_role("combobox", name="Find a practice")
    box.fill(SCRIPT)
    box.press("Enter")
    expect(page.page.locator("#found")).to_contain_text(SCRIPT)
    assert page.troubles == []


def test_it_fits_windows_and_paper(browser: Browser, curves: Path) -> None:
    with opened(browser, curves / "band", CURVE_PAGE, viewport={"width": 360, "height": 768}) as it:
        assert it.page.evaluate("document.documentElement.scrollWidth") <= 360
        it.page.emulate_media(media="print")
        it.resize({"width": 695, "height": 982})
        assert it.page.evaluate("document.documentElement.scrollWidth") <= 695


def test_nobody_is_kept_out(browser: Browser, curves: Path) -> None:
    assert barriers(browser, curves / "band", CURVE_PAGE) == []
